from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.model.source import NOWHERE, SourceSpan

MARKS = st.tuples(
    st.sampled_from(["a.yaml", "b/c.md"]), st.integers(1, 99), st.integers(1, 99)
).map(lambda place: SourceSpan(*place))


def test_mark_reads_as_editors_can_jump_to():
    assert str(SourceSpan("data/a.yaml", 12, 3, 12, 9)) == "data/a.yaml:12:3"


@given(MARKS, MARKS)
def test_marks_sort_by_path_then_line_then_column_as_numbers(one, other):
    keys = [(span.path, span.line, span.column) for span in (one, other)]
    assert (one < other) == (keys[0] < keys[1])


@given(MARKS, st.integers(0, 50), st.integers(1, 20))
def test_shifted_mark_covers_so_many_characters_of_the_same_line(span, columns, width):
    part = span.shifted(columns, width)
    assert (part.path, part.line, part.column) == (span.path, span.line, span.column + columns)
    assert (part.end_line, part.end_column - part.column) == (span.line, width)


@given(MARKS, st.integers(0, 50), st.integers(0, 50))
def test_shifting_twice_adds_up(span, first, second):
    assert span.shifted(first).shifted(second) == span.shifted(first + second)


def test_nowhere_comes_before_every_place_in_a_file():
    assert SourceSpan("README.md") > NOWHERE
    assert SourceSpan("data/a.yaml") > NOWHERE


def test_mark_cannot_be_changed():
    with pytest.raises(AttributeError):
        SourceSpan("a").line = 2  # type: ignore[misc]
