"""Passages are the texts that people wrote, and every character of one is found in its file."""

from __future__ import annotations

import pytest

from reportgen.check.numbers.passages import FIGURE, passage, passages
from reportgen.language.numbers import find_numbers
from reportgen.model.figures import Fact
from reportgen.model.source import SourceSpan


def test_what_is_not_text_is_blanked_out_with_its_length():
    text = '{# 5家 #}{% if x == "%}7家" %}{{ a | join("}}8家") }}<b>9</b>&#8220;10家'
    read = passage("form.html", text)
    assert len(read.plain) == len(text)
    assert [n.text for n in find_numbers(read.plain)] == ["9", "10家"]
    assert read.plain.count(FIGURE) == len('{{ a | join("}}8家") }}')


def test_full_width_digits_are_read_as_usual_ones_where_they_stand():
    (found,) = find_numbers(passage("a.md", "共３４家。").plain)
    assert (found.text, found.start, found.end) == ("34家", 1, 4)


def prose(source: str, value: str, key: str = "说明", line: int = 1, column: int = 5):
    """Return the passages of one fact in prose whose `value` begins in `source`."""
    fact = Fact(key, "说明", value, SourceSpan("facts.yaml", line, column), prose=True)
    return list(passages({}, [fact], lambda _: source))


@pytest.mark.parametrize(
    ("source", "value", "place"),
    [
        ("甲乙: 共5家", "共5家", "facts.yaml:1:6"),
        ("甲乙: '它''共5家'", "它'共5家", "facts.yaml:1:10"),
        ('甲乙: "一\\t共5家"', "一\t共5家", "facts.yaml:1:10"),
        ("甲乙: |\n  第一行\n  共5家\n", "第一行\n共5家\n", "facts.yaml:3:4"),
        ("甲乙: >\n  第一行\n  共5家\n", "第一行 共5家\n", "facts.yaml:3:4"),
    ],
    ids=["plain", "single", "double", "literal", "folded"],
)
def test_number_in_prose_is_found_in_its_file(source, value, place):
    quoted = source[4] in "'\"|>"
    (read,) = prose(source, value, column=6 if quoted else 5)
    (number,) = find_numbers(read.plain)
    at = read.text.index("5家")
    assert str(read.span(at, at + 2)) == place
    assert number.text == "5家"


def test_value_that_does_not_stand_in_the_file_is_left_out():
    assert prose("甲乙: 共5家", "共6家") == []
    assert prose("甲乙: 共5家", "共5家", line=9) == []


def test_targets_and_results_of_a_score_sheet_are_stated_values():
    (target,) = prose("甲乙: 共5家", "共5家", key="ratings.a.target")
    (other,) = prose("甲乙: 共5家", "共5家", key="ratings.a.deviation")
    assert (target.stated, other.stated) == ("target", "")
