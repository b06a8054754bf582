"""Whatever way an amount is written in, it is found; another amount is not."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.model.disclosed import Disclosed
from reportgen.model.figures import Ledger
from reportgen.verify.leaks import find_leaks
from reportgen.verify.part import Part
from reportgen.verify.spellings import search_targets
from spelled_numbers import AREA, COUNT, KINDS, MONEY, RATE, secret
from spellings import leaks_in, spellings

ROOT = Path(__file__).resolve().parents[2]


def telling(value):
    """Return whether a value has the four significant digits that are no chance."""
    digits = str(value.numerator * 10**8 // value.denominator).strip("0")
    return 4 <= len(digits) <= 12


YUAN = st.integers(10**5, 10**11).map(lambda cents: Fraction(cents, 100)).filter(telling)
METRES = st.integers(10**4, 10**7).map(lambda tenths: Fraction(tenths, 10)).filter(telling)
PEOPLE = st.integers(1000, 10**6).map(Fraction).filter(telling)
PARTS = st.integers(1001, 99999).map(lambda parts: Fraction(parts, 10**5)).filter(telling)
SUBJECTS = {
    "money": (MONEY, YUAN, "万元"),
    "area": (AREA, METRES, "平方米"),
    "count": (COUNT, PEOPLE, "人"),
    "rate": (RATE, PARTS, "%"),
}


@pytest.mark.parametrize("subject", SUBJECTS)
@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_value_is_found_in_any_spelling_and_no_other_is(subject, data):
    ways, values, symbol = SUBJECTS[subject]
    value, (label, text) = data.draw(spellings(ways, values))
    said = f"全年为{text}，其余从略。"
    assert leaks_in(said, secret(value, symbol)) == {"k"}, (label, text)
    if not any(parted in label for parted in ("spaces", "parted", "separators")):
        # Of digits in pieces the last ones may well be a number of their own.
        assert leaks_in(said, secret(3 * value, symbol)) == set(), (label, text)


ROUNDED = [
    ("318.7万元", "约320万元", True),
    ("318.7万元", "310余万元", True),
    ("318.7万元", "300多万元", False),
    ("318.7万元", "330万元", False),
    ("318.7万元", "300-320万元", True),
    ("318.7万元", "200-400万元", False),
    ("6470万元", "六千三百四十至六千六百万元", True),
    ("5150万元", "五千至五千二百万元", True),
    ("401万元", "三至五百万元", False),
    ("499.5万元", "四百九十八万九千至五百万元", True),
    ("499.5万元", "498万9000至500万元", True),
    ("4.995亿元", "四亿九千八百九十九万至五亿元", True),
    ("3.55亿元", "3亿5千万至3亿6千万元", True),
    ("4.995亿元", "4亿9899万至5亿元", True),
    ("71.42万元", "70-73万元", True),
    ("1.2658亿元", "1.3亿元", True),
    ("1.2658亿元", "1亿多元", False),
    ("123人", "120余人", True),
    ("123人", "110余人", False),
    ("95.31%", "95.3%", True),
]


@pytest.mark.parametrize(("kept", "written", "is_told"), ROUNDED)
def test_rounding_tells_a_value_down_to_what_counts_as_known(kept, written, is_told):
    assert (True in in_part(kept, written)) is is_told


def in_part(kept, written, printed=()):
    """Return whether what is told is sure, both if some is."""
    from planted import secret as planted

    given_ = Disclosed(Ledger(2023), "public", secrets=(planted(kept),))
    targets = search_targets(given_, printed)
    return {leak.sure for leak in find_leaks(Part("x", (written,)), targets)}


TYPED = [
    ("318.7万元", "320万"),
    ("318.7万元", "三百二十来万"),
    ("318.7万元", "318.7万元/年"),
    ("318.7万元", "3l8.7万元"),
    ("318.7万元", "3.187个百万"),
    ("1.2658亿元", "1个亿2658万"),
    ("1.2658亿元", "一亿两千六百五十八万元"),
    ("4517人", "4517个人"),
    ("4519.6㎡", "4519.6平米办公用房"),
    ("4519.6㎡", "四五一九点六平方米"),
    ("66.93万元", "¥669k"),
    ("66.93万元", "RMB 669.3 thousand"),
]


@pytest.mark.parametrize(("kept", "written"), TYPED)
def test_what_people_typed_is_found(kept, written):
    assert True in in_part(kept, written)


MAYBE = [
    ("318.7万元", "318.7元"),
    ("4519.6平方米", "4519.6立方米"),
    ("1234万元", "1234个"),
    ("95.31%", "95%"),
    ("50.2万元", "50万元"),
    ("815家", "全年服务对象约800家"),
    ("815家", "也就是八百来家"),
    ("815家", "800家左右"),
    ("815家", "超过800家"),
    ("815家", "大致800家"),
    ("985.2万元", "近千万元"),
    ("10240人", "万余人"),
    ("103家", "百余家"),
    ("815家", "800+家"),
    ("815家", "800家有余"),
    ("66.93万元", "约70万元"),
    ("66.93万元", "近70万"),
    ("66.93万元", "不到70万元"),
    ("66.93万元", "70万元以下"),
    ("66.93万元", "不超过70万元"),
    ("81.4%", "约八成"),
]


@pytest.mark.parametrize(("kept", "written"), MAYBE)
def test_what_may_be_chance_is_told_and_not_sure(kept, written):
    assert in_part(kept, written) == {False}


ROUGH = [
    "约{}",
    "近{}",
    "将近{}",
    "接近{}",
    "大约{}",
    "大概{}",
    "差不多{}",
    "估计{}",
    "≈{}",
    "{}出头",
    "{}开外",
    "不到{}",
    "不足{}",
    "{}左右",
    "{}上下",
    "{}以下",
]


@settings(deadline=None, max_examples=200)
@given(st.integers(101, 99999), st.sampled_from(ROUGH), st.sampled_from(["家", "元", "万元"]))
def test_a_rough_number_of_one_digit_is_told_down_to_5_percent(value, words, unit):
    """In 约800家 only words tell that it is rounded; whether it is may be chance."""
    size = 10 ** (len(str(value)) - 1)
    rough = (2 * value + size) // (2 * size) * size
    told = in_part(f"{value}{unit}", words.format(f"{rough}{unit}"))
    if value % size and len(str(rough).strip("0")) == 1:
        assert (False in told) is (20 * abs(rough - value) <= value)
        assert True not in told or 10 * abs(rough - value) < size


NOTHING = [
    ("2023万元", "2023年"),
    ("95人", "95家"),
    ("318.7万元", "319.7万元"),
    ("20.17亿元", "2017—2020"),
    ("815家", "800家"),  # nothing says that it is rough
    ("815家", "约800人"),
    ("815家", "约900家"),
    ("865家", "约800家"),  # more than 5% off
    ("92.37%", "不低于90%"),  # what is demanded
    ("92.37%", "90%以上"),
]


@pytest.mark.parametrize(("kept", "written"), NOTHING)
def test_another_number_tells_nothing(kept, written):
    assert in_part(kept, written) == set()


def test_printed_figure_is_open_in_its_digits_only():
    assert in_part("318.7万元", "320万元", printed=["320万元"]) == set()
    assert in_part("318.7万元", "319万元", printed=["320万元"]) == {True}


def test_narratives_tell_none_of_the_values_of_other_reports():
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "data").rglob("*.md"))]
    kept = [secret(Fraction(value), symbol) for _, symbol, values in KINDS for value in values]
    assert texts
    for text in texts:
        assert leaks_in(text, *kept) == set()
