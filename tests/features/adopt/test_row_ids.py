"""Rows of a document without names: known in the files by what they say and where they stand."""

from __future__ import annotations

import pytest

from reportgen.features.adopt.row_ids import NamelessRow, RowIds

GOALS = {
    "growth": {"level": "产出", "kind": "质量"},
    "chains": {"level": "产出", "kind": "数量"},
    "safety": {"level": "产出", "kind": "质量", "target": "无事故"},
    "people": {"level": "效益"},
}


def ids_of(*rows):
    """Return the ids of rows of a document, of which each says its level, kind and target."""
    ids = RowIds(taken={"goals": {*GOALS}}, nameless={"goals": GOALS})
    found = []
    for number, said in enumerate(rows, 1):
        texts = {"goals": dict(zip(("level", "kind", "target"), said.split(), strict=False))}
        found.append(ids.id_of(["goals"], "", number, NamelessRow(number, len(rows), texts)))
    return found


@pytest.mark.parametrize(
    ("rows", "ids"),
    [
        (("产出 质量", "产出 数量", "产出 质量 无事故", "效益"), [*GOALS]),
        (("效益", "产出 数量"), ["people", "chains"]),
        (("产出 质量 无事故", "产出 质量"), ["safety", "growth"]),
        (("产出 质量", "产出 数量", "产出 质量 无伤亡", "效益"), [*GOALS]),
        (("产出 时效", "产出 数量"), ["row_1", "chains"]),
        (
            ("产出 质量 无事故", "产出 质量", "产出 数量", "效益"),
            ["safety", "growth", "chains", "people"],
        ),
    ],
    ids=["all", "some", "most-alike", "edited", "new", "in-groups"],
)
def test_they_are_the_rows_that_say_the_same(rows, ids):
    assert ids_of(*rows) == ids


def test_two_rows_are_never_one():
    assert len(set(ids_of(*["产出 质量"] * 6))) == 6
