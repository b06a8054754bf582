"""Numbers are read in whatever form people write them, each with its value and unit."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.language.folding import BORDER
from reportgen.language.number_forms import possible_numbers
from reportgen.model.units import PREFIXES, also_meant, find_unit
from spelled_numbers import KINDS
from spellings import spelled

INEXACT = ("rounded", "ranges", "area: units", "fractions")
"""Classes whose texts do not state the very value with its unit."""


def stated(text):
    """Return the values that a text may state, each with its dimension."""
    found = set()
    for number in possible_numbers(text):
        unit = number.unit
        if unit is not None:
            found.add((number.value, unit.dimension))
            meant = also_meant(unit)
            found.add((number.value / unit.factor * meant.factor, meant.dimension))
        if unit is None or unit.symbol in PREFIXES:
            found.add((number.value, None))
    return found


@pytest.mark.parametrize("kind", range(len(KINDS)))
def test_reader_finds_value_and_unit_in_every_spelling(kind):
    ways, symbol, values = KINDS[kind]
    dimension = find_unit(symbol).dimension
    tried = 0
    for value in map(Fraction, values):
        for label, text in spelled(ways, value):
            if any(each in label for each in INEXACT):
                continue
            tried += 1
            found = stated(f"全年为{text}，其余从略。")
            people = {(value, (("人次", 1),)), (value, None)}
            assert not found.isdisjoint({(value, dimension), *people}), (label, text, found)
    assert tried or all(any(each in label for each in INEXACT) for label in ways)


@pytest.mark.parametrize(
    ("text", "low", "reach"),
    [
        ("300-320万元", 3_000_000, 200_000),
        ("三百至三百二十万元", 3_000_000, 200_000),
        ("3~4成", Fraction(3, 10), Fraction(1, 10)),
        ("三四百万元", 3_000_000, 1_000_000),
        ("一千二三百万元", 12_000_000, 1_000_000),
    ],
)
def test_range_is_read_with_both_ends(text, low, reach):
    assert (low, reach) in {(number.value, number.reach) for number in possible_numbers(text)}


def test_numbers_of_neighbouring_cells_are_not_joined_without_a_unit():
    assert Fraction("1234.5") not in {n.value for n in possible_numbers(f"12{BORDER}34.5")}
    assert Fraction(12_345_000) in {n.value for n in possible_numbers(f"12{BORDER}34.5万元")}


@given(st.text("0123456789.,%·点 \x1f\n零一两十百千万亿负家元成余多几折至-/e×^①²½，", max_size=24))
def test_any_text_is_read(text):
    for number in possible_numbers(text):
        assert isinstance(number.value, Fraction) and number.step > 0 and number.reach >= 0


HOSTILE = ("1", "2022年", "一", "1,", "1 ", "123 ", "1-", "1.", "1/", "一 ", "1\x1f", "一点", "1万")


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_text_states_no_more_numbers_than_its_length_allows(piece):
    short, long = (sum(1 for _ in possible_numbers(piece * times)) for times in (300, 600))
    assert long <= 2 * short + 10
