from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.model.units import (
    ALIASES,
    ONE,
    PREFIXES,
    UNITS,
    Unit,
    also_meant,
    base_unit,
    combine,
    find_unit,
    is_kindred,
    spelled_unit,
)

DIMENSIONS = st.dictionaries(
    st.sampled_from(["money", "人", "家", "area", "day"]),
    st.integers(-3, 3).filter(bool),
    max_size=3,
).map(lambda powers: tuple(sorted(powers.items())))


@pytest.mark.parametrize(
    ("symbol", "base", "factor"),
    [
        ("元", "元", 1),
        ("万元", "元", 10**4),
        ("百万元", "元", 10**6),
        ("千万元", "元", 10**7),
        ("亿元", "元", 10**8),
        ("千亿元", "元", 10**11),
        ("万亿元", "元", 10**12),
        ("万家", "家", 10**4),
        ("千米", "米", 1000),
        ("万千瓦", "千瓦", 10**4),
        ("亿千瓦时", "千瓦时", 10**8),
        ("万㎡", "平方米", 10**4),
        ("万平方千米", "平方米", 10**10),
        ("万亩", "平方米", Fraction(20_000_000, 3)),
        ("公斤", "吨", Fraction(1, 1000)),
        ("万", "", 10**4),
        ("%", "", Fraction(1, 100)),
        ("个百分点", "", Fraction(1, 100)),
        ("‰", "", Fraction(1, 1000)),
    ],
)
def test_unit_holds_so_many_base_units(symbol, base, factor):
    unit = find_unit(symbol)
    assert unit is not None
    assert (unit.symbol, unit.dimension, unit.factor) == (symbol, UNITS[base].dimension, factor)


@pytest.mark.parametrize(
    "symbol", ["斤斤", "万%", "亿倍", "%%", "元元", "万万元", "吨/", "/年", "元/%", "/", "元/斗"]
)
def test_what_is_no_unit_is_not_found(symbol):
    assert find_unit(symbol) is None


def test_no_symbol_is_the_pure_number():
    assert find_unit("") is ONE


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("symbol", ["元", "家", "人次", "吨"])
def test_every_prefix_stands_before_any_unit(prefix, symbol):
    unit = find_unit(prefix + symbol)
    assert unit is not None
    assert unit.factor == PREFIXES[prefix] * UNITS[symbol].factor
    assert unit.dimension == UNITS[symbol].dimension


def test_longer_prefixes_come_before_their_beginnings():
    names = list(PREFIXES)
    assert not [(a, b) for i, a in enumerate(names) for b in names[i + 1 :] if b.startswith(a)]


@pytest.mark.parametrize(("one", "other"), [("名", "人"), ("位", "人"), ("个月", "月")])
def test_words_that_count_the_same_thing_share_a_dimension(one, other):
    assert UNITS[one].dimension == UNITS[other].dimension


@pytest.mark.parametrize(
    ("one", "other"), [("家", "个"), ("人", "人次"), ("名", "名次"), ("年", "月")]
)
def test_words_that_count_different_things_do_not(one, other):
    assert UNITS[one].dimension != UNITS[other].dimension


@pytest.mark.parametrize(
    ("symbol", "dimension", "factor"),
    [
        ("万元/人", (("money", 1), ("人", -1)), 10**4),
        ("万吨/年", (("mass", 1), ("年", -1)), 10**4),
        ("元/公里", (("length", -1), ("money", 1)), Fraction(1, 1000)),
        ("元/人/天", (("day", -1), ("money", 1), ("人", -1)), 1),
        ("人/名", (), 1),
    ],
)
def test_unit_divided_by_a_unit(symbol, dimension, factor):
    assert find_unit(symbol) == Unit(symbol, dimension, Fraction(factor))


def test_thousands_of_divisors_are_read_without_recursion():
    assert find_unit("元" + "/人" * 5000) is not None


@given(st.text())
def test_any_symbol_gives_a_unit_of_that_symbol_or_none(symbol):
    unit = find_unit(symbol)
    assert unit is None or (unit.symbol == symbol and unit.factor > 0)


@given(DIMENSIONS, DIMENSIONS)
def test_product_undone_by_quotient(left, right):
    assert combine(combine(left, right, 1), right, -1) == left


@given(DIMENSIONS)
def test_dimension_divided_by_itself_is_none(dimension):
    assert combine(dimension, dimension, -1) == ()


@given(DIMENSIONS)
def test_base_unit_is_of_its_dimension(dimension):
    unit = base_unit(dimension)
    assert (unit.dimension, unit.factor) == (dimension, 1)


@pytest.mark.parametrize("unit", UNITS.values(), ids=str)
def test_base_unit_of_every_dimension_is_a_unit_people_write(unit):
    base = base_unit(unit.dimension)
    assert find_unit(base.symbol) == base


def test_base_unit_of_a_quotient_reads_as_people_write_it():
    assert base_unit((("money", 1), ("人", -1))).symbol == "元/人"
    assert find_unit("元/人") == base_unit((("money", 1), ("人", -1)))
    assert base_unit((("day", -1),)).symbol == "1/天"
    assert base_unit((("money", 2), ("家", 1))).symbol == "元^2·家"


@pytest.mark.parametrize(
    ("spelling", "symbol"),
    [("M2", "㎡"), ("万平米", "万㎡"), ("KM", "km"), ("万RMB", "万元"), ("元/M2", "元/㎡")],
)
def test_unit_is_known_by_other_spellings(spelling, symbol):
    assert spelled_unit(spelling) == find_unit(symbol)


def test_alias_is_no_symbol_and_means_one():
    assert not set(ALIASES) & set(UNITS)
    assert set(ALIASES.values()) <= set(UNITS)


def test_block_is_said_for_yuan():
    block = find_unit("万块")
    assert also_meant(block).dimension == UNITS["元"].dimension
    assert also_meant(block).factor == 10**4
    assert also_meant(UNITS["人"]) == UNITS["人"]


def test_counters_of_the_same_things_are_kindred():
    assert is_kindred(UNITS["家"].dimension, UNITS["户"].dimension)
    assert not is_kindred(UNITS["家"].dimension, UNITS["人"].dimension)
    assert not is_kindred((), UNITS["人"].dimension)
