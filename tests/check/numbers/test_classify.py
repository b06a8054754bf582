"""Any text is classified, and what is found stands where it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.check.numbers.classify import Classifier
from reportgen.check.numbers.direction import figures_shown, misdirections
from reportgen.check.numbers.passages import passage
from reportgen.language.plain_numbers import RULES
from reportgen.model.figures import Figure, Ledger
from reportgen.model.quantity import Quantity, parse_quantity
from reportgen.model.rules import Allowed
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


def test_rules_have_ids_of_their_own_and_reasons():
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.title and rule.reason for rule in RULES)


@given(TEXTS, st.sampled_from(["a.md", "b.html"]))
def test_any_text_is_classified_and_spans_hold_what_was_found(text, path):
    read = passage(path, text)
    numbers = tuple(Classifier(LEDGER).numbers(read))
    lines = text.split("\n")
    for number in numbers:
        assert text[number.start : number.end] or not number.text
        if number.span.line == number.span.end_line:
            held = lines[number.span.line - 1][number.span.column - 1 : number.span.end_column - 1]
            assert held == text[number.start : number.end]
            assert passage(path, held).plain == number.text or "&" in held or "{" in held
    shown = figures_shown(read, numbers, LEDGER)
    for wrong in misdirections(read, shown, LEDGER):
        line = lines[wrong.span.line - 1]
        assert line[wrong.span.column - 1 : wrong.span.end_column - 1] == wrong.word


@given(TEXTS)
def test_classifying_twice_says_the_same(text):
    read = passage("a.md", text)
    assert tuple(Classifier(LEDGER).numbers(read)) == tuple(Classifier(LEDGER).numbers(read))


NAMED = Ledger(
    2023,
    {
        key: figure(key, written)
        for key, written in {
            "旅游收入增速": "4.8%",
            "prior.旅游收入增速": "5.1%",
            "支出总额": "12345.6万元",
        }.items()
    },
)


def kinds(text: str, *allowed: Allowed) -> list[tuple[str, str]]:
    """Return the numbers of `text` with their kinds."""
    numbers = Classifier(NAMED, allowed).numbers(passage("a.md", text))
    return [(number.text, number.kind) for number in numbers]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("旅游收入增速为4.8%。", "bind"),
        ("上年旅游收入增速为5.1%。", "bind"),
        ("旅游收入增速为5.1%。", "stale"),
        ("支出总额为12345.7万元。", "near"),
        ("另有7431份。", "unsourced"),
        ("2023年，平稳。", "year"),
        ("2023年3月5日，平稳。", "plain"),
        ("印发《2023年方案》。", "plain"),
        ("分三个方面。", "plain"),
    ],
)
def test_number_is_of_its_kind(text, kind):
    assert kinds(text)[0][1] == kind


def test_entry_of_the_allow_list_covers_what_it_names_in_its_file_only():
    here = Allowed("7431份", "印数", SourceSpan("report.yaml"), "a.md")
    elsewhere = Allowed("7431份", "印数", SourceSpan("report.yaml"), "b.md")
    assert kinds("另有7431份。", here) == [("7431份", "allowed")]
    assert kinds("另有7431份。", elsewhere) == [("7431份", "unsourced")]


def test_expression_before_a_number_says_what_it_prints():
    assert kinds("{{ 旅游收入增速 }}4.8%。")[0][1] == "bind"
