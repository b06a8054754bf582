"""Whatever a manifest of others says for overviews, it is read as a build writes it or refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overviews import overview_part, told
from reportgen.features.overview.entries import DamagedEntryError, rows_of
from reportgen.features.overview.values import OverviewRow

ROW = OverviewRow("a", 2023, "department", "draft")
WHOLE = overview_part(
    told(score="97分", grade="优", three_public="3万元", three_public_last="2万元")
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


def places(value: object, path: tuple = ()) -> list[tuple]:
    """Every place in a JSON value."""
    children: list[tuple] = []
    if isinstance(value, dict):
        children = list(value.items())
    elif isinstance(value, list):
        children = list(enumerate(value))
    found = [path]
    for key, child in children:
        found += places(child, (*path, key))
    return found


def put(value: object, path: tuple, new: object) -> object:
    """The same value with something else at one place."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)  # type: ignore[call-overload]
    copy[path[0]] = put(copy[path[0]], path[1:], new)
    return copy


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(places(WHOLE)), json_values)
def test_any_other_value_at_any_place_is_read_or_refused(path: tuple, value: object) -> None:
    try:
        rows = rows_of(put(WHOLE, path, value), "internal", ROW)  # type: ignore[arg-type]
    except DamagedEntryError:
        return
    assert all(isinstance(row, OverviewRow) for row in rows)


@pytest.mark.parametrize(
    "value", ["1e999999999", "9" * 100_000, "1/" + "9" * 9999, "１", " 1", "nan"]
)
def test_what_is_no_number_of_a_build_is_refused_before_it_is_worked_out(value: str) -> None:
    part = {"score": {"text": "1分", "value": value, "unit": "分"}}
    with pytest.raises(DamagedEntryError):
        rows_of(overview_part({**told(), "parts": [part]}), "internal", ROW)
