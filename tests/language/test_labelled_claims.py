"""What the numbers of made-up sentences claim, as a person labelled them: tuned on, and held out.

Each sentence of `claims/*.txt` stands above its claims: number, role, and base where it matters.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from reportgen.language.claims import NumberClaim, find_claims

LABELLED = Path(__file__).with_name("claims")


class Label(NamedTuple):
    """A claim as a person reads it; no base where it does not matter."""

    number: str
    role: str
    base: str


def labelled(name: str) -> dict[str, list[Label]]:
    """Return the sentences of a file with their labels."""
    sentences: dict[str, list[Label]] = {}
    last = ""
    for line in (LABELLED / f"{name}.txt").read_text("utf-8").splitlines():
        if line.startswith("  "):
            number, role, *base = line.split()
            sentences[last].append(Label(number, role, "".join(base)))
        elif line and not line.startswith("#"):
            last = line
            sentences[last] = []
    return sentences


def is_read(label: Label, claims: list[NumberClaim]) -> bool:
    return any(
        claim.number.text == label.number
        and claim.role == label.role
        and label.base in {"", claim.base}
        for claim in claims
    )


@pytest.mark.parametrize(("name", "least"), [("tuned", 0.98), ("held_out", 0.94)])
def test_most_labels_are_read(name: str, least: float) -> None:
    read = [
        is_read(label, list(find_claims(sentence)))
        for sentence, labels in labelled(name).items()
        for label in labels
    ]
    assert len(read) > 110
    assert sum(read) >= least * len(read)


@pytest.mark.parametrize("name", ["tuned", "held_out"])
def test_no_claim_is_read_where_there_is_none(name: str) -> None:
    for sentence, labels in labelled(name).items():
        numbers = [label.number for label in labels]
        assert [c.number.text for c in find_claims(sentence) if c.number.text not in numbers] == []
