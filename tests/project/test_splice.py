from __future__ import annotations

from reportgen.model.source import SourceSpan
from reportgen.project.splice import put


def test_what_stands_at_a_mark_is_replaced_and_nothing_else():
    lines = ["a: 1  # 甲", "b: {c: 2}"]
    put(lines, SourceSpan("f", 2, 8, 2, 9), "345")
    assert lines == ["a: 1  # 甲", "b: {c: 345}"]


def test_what_spans_lines_or_has_no_known_end_stays():
    lines = ["a: |", "  1", "b: 2"]
    put(lines, SourceSpan("f", 1, 4, 3, 1), "x")
    put(lines, SourceSpan("f", 3, 4), "x")
    assert lines == ["a: |", "  1", "b: 2"]
