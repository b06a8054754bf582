"""Words of direction are held to the signs of the figures beside them."""

from __future__ import annotations

import pytest

from reportgen.check.numbers.classify import Classifier
from reportgen.check.numbers.direction import figures_shown, misdirections
from reportgen.check.numbers.passages import passage
from reportgen.model.figures import Figure, Ledger
from reportgen.model.quantity import parse_quantity
from reportgen.model.source import SourceSpan

WRITTEN = {
    "增速": "4.8%",
    "负增速": "-4.8%",
    "减少额": "3万元",
    "持平额增长": "0%",
    "支出": "12万元",
    "prior.支出": "10万元",
    "执行率": "98%",
    "完成率": "102%",
}


def ledger() -> Ledger:
    figures = {}
    for key, written in WRITTEN.items():
        read = parse_quantity(written)
        span = SourceSpan("facts.yaml")
        figures[key] = Figure(key, key, "fact", read.value, read.unit, read.shape, span)
    return Ledger(2023, figures)


def wrong(text: str) -> list[str]:
    """Return the words of `text` that do not fit."""
    of, read = ledger(), passage("a.md", text)
    numbers = tuple(Classifier(of).numbers(read))
    return [each.word for each in misdirections(read, figures_shown(read, numbers, of), of)]


@pytest.mark.parametrize(
    "text",
    [
        "增长{{ 增速 }}",
        "下降{{ 负增速 | size }}",
        "{{ 增速 | trend }}",
        "减少{{ 减少额 }}",
        "持平{{ 持平额增长 }}",
        "增加{{ 支出 }}",
        "支出{{ 支出 }}，比上年增加。",
        "执行率{{ 执行率 }}，未完成预算。",
        "完成率{{ 完成率 }}，超额完成。",
        "超额完成任务。执行率{{ 执行率 }}。",
        "增长了不少，{{ 支出 }}",
    ],
)
def test_word_that_fits_is_not_reported(text):
    assert wrong(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("下降{{ 增速 }}", ["下降"]),
        ("增长{{ 负增速 }}", ["增长"]),
        ("下降{{ 负增速 }}", ["下降"]),
        ("增长{{ 负增速 | size }}", ["增长"]),
        ("增加{{ 减少额 }}", ["增加"]),
        ("持平{{ 增速 }}", ["持平"]),
        ("支出{{ 支出 }}，比上年减少。", ["减少"]),
        ("支出{{ 支出 }}，与上年持平。", ["持平"]),
        ("执行率{{ 执行率 }}，超额完成。", ["超额完成"]),
        ("完成率{{ 完成率 }}，未完成。", ["未完成"]),
        ("下降4.8%（增速）", ["下降"]),
    ],
)
def test_word_that_says_another_direction_is_reported(text, words):
    assert wrong(text) == words


def test_change_since_last_year_names_both_figures():
    of, read = ledger(), passage("a.md", "支出{{ 支出 }}，比上年减少。")
    (found,) = misdirections(read, figures_shown(read, (), of), of)
    assert found.figure.key == "支出"
    assert found.other is not None and found.other.key == "prior.支出"
