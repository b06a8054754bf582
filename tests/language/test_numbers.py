"""Numbers are found where they stand, with their value and unit."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.language import numbers
from reportgen.language.numbers import find_numbers
from reportgen.language.numerals import CHARACTERS


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1.2亿元", Fraction(120_000_000), "亿元"),
        ("12000万元", Fraction(120_000_000), "万元"),
        ("12,345家", Fraction(12345), "家"),
        ("一百二十余家", Fraction(120), "家"),
        ("两万余家", Fraction(20000), "家"),
        ("近八成", Fraction(8, 10), "成"),
        ("3个百分点", Fraction(3, 100), "个百分点"),
        ("百分之七十一点三二", Fraction(7132, 10000), "%"),
        ("百分之百", Fraction(1), "%"),
        ("四分之三", Fraction(3, 4), "倍"),
        ("翻两番", Fraction(3), "倍"),
        ("翻番", Fraction(1), "倍"),
        ("过半", Fraction(1, 2), "成"),
        ("1007余亩", Fraction(1007 * 2000, 3), "亩"),
        ("-4.5万元", Fraction(-45000), "万元"),
        ("150万吨/年", Fraction(1_500_000), "万吨/年"),
    ],
)
def test_number_is_read_with_its_unit(text, value, unit):
    (found,) = find_numbers(f"共{text}。")
    assert (found.value, str(found.unit)) == (value, unit)
    assert (found.start, found.end) == (1, 1 + len(text))


@pytest.mark.parametrize("text", ["统一", "一般", "千方百计", "万众", "百分点", "一一", "三家成立"])
def test_word_is_no_number_or_no_share(text):
    assert not [n for n in find_numbers(text) if not n.word and n.unit and n.unit.symbol == "成"]


@pytest.mark.parametrize(
    ("text", "before", "about", "after"),
    [
        ("不足100家", "不足", "", ""),
        ("不到90%", "不到", "", ""),
        ("低于3.5万元", "低于", "", ""),
        ("不低于95%", "不低于", "", ""),
        ("95%以上", "", "", "以上"),
        ("约80余家", "约", "余", ""),
        ("2万余家", "", "余", ""),
        ("近八成", "近", "", ""),
        ("过半", "", "多", ""),
    ],
)
def test_words_around_a_number_are_kept_apart(text, before, about, after):
    (found,) = find_numbers(text)
    assert (found.before, found.about, found.after) == (before, about, after)
    assert (found.start, found.end) == (0, len(text))
    assert text[found.body : found.body_end] == text.removeprefix(before).removesuffix(after)


@pytest.mark.parametrize(
    ("text", "step", "weight"),
    [
        ("1232.93", Fraction(1, 100), 6),
        ("2500", 100, 2),
        ("2000", 1000, 1),
        ("3.50%", Fraction(1, 10000), 2),
    ],
)
def test_last_digit_that_says_something(text, step, weight):
    (found,) = find_numbers(text)
    assert (found.step, found.weight) == (step, weight)


@pytest.mark.parametrize(
    ("text", "is_word"),
    [
        ("三个", True),
        ("十一个", False),
        ("三家", False),
        ("一家", True),
        ("一元", False),
        ("五万元", False),
        ("3个", False),
    ],
)
def test_small_numeral_before_a_common_counter_may_be_a_word(text, is_word):
    (found,) = find_numbers(text)
    assert found.word is is_word


@given(st.text("零一两十百千万亿点负0123456789.,%家元成余多约近以上分之番过半", max_size=16))
def test_numbers_stand_in_order_and_hold_their_text(text):
    end = 0
    for found in find_numbers(text):
        assert end <= found.start <= found.body < found.end
        assert found.text == text[found.start : found.end]
        end = found.end


@pytest.mark.parametrize(
    ("text", "value"),
    [("百余家", 100), ("近千万元", 10**7), ("万余人", 10**4), ("逾亿元", 10**8)],
)
def test_a_place_alone_may_be_a_number_where_words_say_that_it_is_rough(text, value):
    (number,) = find_numbers(f"投入{text}。")
    assert (number.value, number.word) == (value, True)


def test_a_decimal_in_characters_is_no_word():
    (number,) = find_numbers("投资四点七亿。")
    assert (number.value, number.word) == (47 * 10**7, False)


@pytest.mark.parametrize(
    "text", ["千家万户", "万元户", "千方百计", "成千上万个", "百姓", "万千气象"]
)
def test_a_place_alone_is_a_word_elsewhere(text):
    assert not list(find_numbers(text))


@pytest.mark.parametrize("text", ["节约1.6万元", "签约65个项目", "最近3年", "履约12份合同"])
def test_a_word_that_ends_like_about_does_not_make_a_number_rough(text):
    (number,) = find_numbers(text)
    assert number.before == ""


_WORDS = (
    "不低于 不少于 不小于 不超过 不高于 不多于 不大于 低于 少于 小于 高于 多于 大于 不足 不满 不及 "
    "未满 不到 将近 接近 超过 大约 大概 大致 差不多 估计 突破 至少 近 约 超 逾 ≥ ≤ > < ≈ "
    "百分之 分之 翻 番 过半 半数 大半 一半 点 个 - ) 元 余 %"
).split()


@given(
    st.lists(st.sampled_from([*_WORDS, *CHARACTERS, *"0123456789,. "]), max_size=12).map("".join)
)
def test_what_a_number_begins_with_leaves_none_out(text):
    anywhere = re.compile(numbers._NUMBER.pattern.replace(f"(?={numbers._BEGINNING})", ""))
    assert anywhere.pattern != numbers._NUMBER.pattern
    found = [match.span() for match in numbers._NUMBER.finditer(text)]
    assert found == [match.span() for match in anywhere.finditer(text)]
