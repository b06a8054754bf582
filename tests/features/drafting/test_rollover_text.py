"""The text of one file as the next year begins with it."""

from __future__ import annotations

import pytest

from reportgen.features.drafting.rollover_text import rolled_over
from reportgen.model.figures import Fact
from reportgen.model.quantity import parse_quantity
from reportgen.model.source import SourceSpan


def fact(key, value, line, column):
    return {(line, column): Fact(key, key, value, SourceSpan("f", line, column))}


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("a: 3家", fact("a", parse_quantity("3家"), 1, 4), "a:   # 待填（家）"),
        ("a: '第一'", fact("a", "第一", 1, 5), "a:   # 待填"),
        ("a: 甲  # 乙", fact("a", "甲", 1, 4), "a: 甲  # 乙 待确认"),
        ("a: '甲 # 乙'", fact("a", "甲 # 乙", 1, 5), "a: '甲 # 乙'   # 待确认"),
        ("date: 2024-02-29", fact("report.date", "2024-02-29", 1, 7), None),
        ("a: [3家, 4家]", fact("a.0", parse_quantity("3家"), 1, 5), "a: [3家, 4家]   # 待填"),
    ],
)
def test_value_is_kept_cleared_or_moved_by_what_it_is(text, facts, expected):
    expected = expected or "date: 2025-02-28   # 待确认"
    assert rolled_over("f", text, facts, 1) == expected


def test_sections_of_the_year_go_with_their_comments_and_rules_are_noted_once():
    text = "# 一\nwaivers:\n  - {code: R101}\n# 二\nmetrics:\n  x: {formula: a}\npack: p\n"
    assert rolled_over("f", text, {}, 1) == (
        "# 二\n# 待确认\nmetrics:\n  x: {formula: a}\npack: p   # 待确认\n"
    )


def test_comments_alone_that_name_a_year_are_to_confirm():
    assert rolled_over("f", "# 2023年\n# 说明\n", {}, 1) == "# 2023年 待确认\n# 说明\n"
