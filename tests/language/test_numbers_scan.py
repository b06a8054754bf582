"""Numbers are found where they stand, with their value, in any text."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.check.numbers.expressions import wording
from reportgen.check.numbers.direction import figures_shown, misdirections
from reportgen.check.numbers.classify import RULES, Classifier
from reportgen.check.numbers.passages import FIGURE, passage
from reportgen.language.numbers import find_numbers
from reportgen.model.figures import Figure, Ledger
from reportgen.model.quantity import Quantity, parse_quantity
from reportgen.model.source import SourceSpan

PIECES = st.sampled_from(
    (
        "增长 下降 持平 超额完成 4.8% 143家 12,345.6万元 百分之五 三分之一 翻两番 过半 近八成 "
        "一百二十余家 2023年 5G 12345热线 “12+1” 《2022年》 {{ 甲 }} {{ 甲|size }} {%if%} {#9家#} "
        '{{ 坏 " <td>3</td> &nbsp; 第3季度 。 ， \n ｛ ３４家 -5元 〔2024〕46号 {{ prior.year }}年 '
        "上年 零 亿 万万 点五 千 成 与上年持平。"
    ).split(" ")
)
TEXTS = st.one_of(st.lists(PIECES, max_size=12).map("".join), st.text(max_size=40))


def figure(key: str, written: str) -> Figure:
    read: Quantity = parse_quantity(written)
    return Figure(key, key, "fact", read.value, read.unit, read.shape, SourceSpan("facts.yaml"))


LEDGER = Ledger(
    2023,
    {
        key: figure(key, written)
        for key, written in {
            "甲": "4.8%",
            "乙": "-143家",
            "丙": "12345.6万元",
            "prior.甲": "5.1%",
            "变动": "0元",
        }.items()
    },
)


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
        ("３４家", Fraction(34), "家"),
        ("1007余亩", Fraction(1007 * 2000, 3), "亩"),
        ("-4.5万元", Fraction(-45000), "万元"),
        ("150万吨/年", Fraction(1_500_000), "万吨/年"),
    ],
)
def test_number_is_read_with_its_unit(text, value, unit):
    (found,) = find_numbers(passage("a.md", f"共{text}。").plain)
    assert (found.value, str(found.unit)) == (value, unit)
    assert (found.start, found.end) == (1, 1 + len(text))


@pytest.mark.parametrize("text", ["统一", "一般", "千方百计", "万众", "百分点", "一一", "三家成立"])
def test_word_is_no_number_or_no_share(text):
    assert not [n for n in find_numbers(text) if not n.word and n.unit and n.unit.symbol == "成"]


def test_what_is_not_text_is_blanked_out_with_its_length():
    text = '{# 5家 #}{% if x == "%}7家" %}{{ a | join("}}8家") }}<b>9</b>&#8220;10家'
    read = passage("form.html", text)
    assert len(read.plain) == len(text)
    assert [n.text for n in find_numbers(read.plain)] == ["9", "10家"]
    assert read.plain.count(FIGURE) == len('{{ a | join("}}8家") }}')


def test_rules_have_ids_of_their_own_and_reasons():
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.title and rule.reason for rule in RULES)


@given(TEXTS, st.sampled_from(["a.md", "b.html"]))
def test_any_text_is_classified_and_marks_hold_what_they_mark(text, path):
    read = passage(path, text)
    numbers = tuple(Classifier(LEDGER).numbers(read))
    lines = text.split("\n")
    for number in numbers:
        assert text[number.start : number.end] or not number.text
        if number.span.line == number.span.end_line:
            marked = lines[number.span.line - 1][
                number.span.column - 1 : number.span.end_column - 1
            ]
            assert marked == text[number.start : number.end]
            assert passage(path, marked).plain == number.text or "&" in marked or "{" in marked
    shown = figures_shown(read, numbers, LEDGER)
    for wrong in misdirections(read, shown, LEDGER):
        line = lines[wrong.span.line - 1]
        assert line[wrong.span.column - 1 : wrong.span.end_column - 1] == wrong.word


@given(TEXTS)
def test_classifying_twice_says_the_same(text):
    read = passage("a.md", text)
    assert tuple(Classifier(LEDGER).numbers(read)) == tuple(Classifier(LEDGER).numbers(read))


@pytest.mark.parametrize(
    ("typed", "written", "expression"),
    [
        ("12345.6万元", "12345.6万元", "{{ x }}"),
        ("12,345.6万元", "12345.6万元", "{{ x | thousands }}"),
        ("1.23亿元", "12345.6万元", '{{ x | in_unit("亿元") | places(2) }}'),
        ("6.15万元", "-6.15万元", "{{ x | size }}"),
        ("31.8个百分点", "31.8%", '{{ x | in_unit("个百分点") }}'),
        ("95%以上", "95%以上", "{{ x }}"),
        ("36", "36", "{{ x }}"),
    ],
)
def test_expression_prints_what_was_typed(typed, written, expression):
    (literal,) = find_numbers(typed)
    words = wording(literal, figure("x", written))
    assert words is not None
    assert (words.expression, words.same) == (expression, True)


def test_figure_that_no_template_can_name_has_no_expression():
    (literal,) = find_numbers("5家")
    assert wording(literal, figure("goals.1", "5家")) is None
