"""Nothing that a policy keeps back is in a dataset, in any spelling, by digits, ids or order."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from public_datasets import dataset, drafted, rows
from reportgen.model.document import values
from reportgen.model.locations import located_texts
from reportgen.verify.leaks import find_leaks
from reportgen.verify.part import Part
from small_project import DATA, REPORT, UNIT, YEAR
from test_any_policy import PRINTED, TERMS, line, policies, project, spelled

FACTS = f"{DATA}/facts.yaml"


def told(policy):
    """Return the outcome of a policy and its dataset, None where it cannot be published."""
    small = project()
    small.write(f"{DATA}/disclosure.yaml", policy)
    outcome = drafted(small.root, UNIT, YEAR, REPORT)
    return (outcome, None) if outcome.failed else (outcome, dataset(outcome))


@settings(max_examples=6, deadline=None)
@given(policies())
def test_dataset_of_any_policy_tells_what_is_printed_and_nothing_else(policy):
    outcome, files = told(policy)
    assume(files is not None)
    texts = {name: data.decode() for name, data in files.items()}
    for secret in outcome.disclosed.secrets:
        word = "".join(spelled(secret).split())
        if len(word) >= 4 and secret.key.partition(".")[0] in {*PRINTED, *TERMS, "items"}:
            assert [name for name, text in texts.items() if word in text] == [], secret
    table = rows(files)
    pieces = [cell for row in table for cell in row.values()]
    leaks = find_leaks(Part.of("figures.csv", pieces), outcome.draft.proof.targets)
    assert list(leaks) == []
    for key, figure in outcome.ledger.figures.items():
        if len(figure.exact) > 12:  # more digits than any print
            assert all(figure.exact not in text for text in texts.values()), key
    for row in outcome.ledger.tables["items"]:
        assert all(f"items.{row}" not in text for text in texts.values())

    # Ids and order are those of the numbers that readers see: no gap says that one is hidden.
    seen = numbers_seen(outcome.keyed)
    assert [row["编号"] for row in table] == [f"F{n:03}" for n in range(1, len(seen) + 1)]
    for row, prints in zip(table, seen.values(), strict=True):
        assert row["印出的文字"] in prints


def numbers_seen(document):
    """Return the prints of each figure that prints a number, in the order of reading."""
    seen = {}
    for piece in located_texts(document):
        for value in values(piece.inlines):
            if value.key and any(map(str.isdigit, value.text)):
                seen.setdefault(value.key, set()).add(value.text)
    return seen


AMOUNTS = {
    "甲额": "48271.93万元",
    "乙额": "61538.47万元",
    "丙额": "29746.18万元",
    "户数": "738264户",
}


@settings(max_examples=6, deadline=None)
@given(
    st.sampled_from(["withhold", "mask"]),
    st.lists(st.sampled_from([*AMOUNTS]), unique=True, min_size=1, max_size=3),
    st.integers(10_000, 99_999),
)
def test_dataset_is_the_same_whatever_a_withheld_fact_is(kind, keys, other):
    lines = [line(kind, key) for key in keys]
    policy = "\n".join(["disclosure:", f"  {kind}:", *lines]) + "\n"
    _, before = told(policy)
    small = project()
    facts = small.text(FACTS)
    changed = facts
    for number, key in enumerate(keys):
        unit = AMOUNTS[key].lstrip("0123456789.")
        changed = changed.replace(f"{key}: {AMOUNTS[key]}", f"{key}: {other + number}.07{unit}")
    try:
        small.write(FACTS, changed)
        _, after = told(policy)
    finally:
        small.write(FACTS, facts)
    assume(before is not None and after is not None)
    assert before == after


@pytest.mark.parametrize("kind", ["withhold", "mask"])
def test_withheld_figure_leaves_no_gap_and_no_formula_with_it(kind):
    outcome, files = told(f"disclosure:\n  {kind}:\n{line(kind, '甲额')}\n")
    assert not outcome.failed
    table = rows(files)
    names = [row["名称"] for row in table]
    assert not {"甲额", "甲乙合计", "三项合计", "甲额占比"} & set(names)
    assert "乙额" in names
    record = json.loads(files["figures.json"])
    assert "甲" not in json.dumps(record["figures"], ensure_ascii=False)
