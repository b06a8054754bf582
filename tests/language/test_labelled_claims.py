"""What the numbers of made-up sentences claim, as a person labelled them: tuned on, and held out.

`python -m bench --only claims` shows precision and recall by kind.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2]))

from bench.claims import KINDS, PARTS, labelled, scored


@pytest.mark.parametrize(("half", "least"), [("tuned", 0.995), ("held_out", 0.98)])
def test_most_numbers_are_read_as_labelled(half: str, least: float) -> None:
    score = scored(half)
    precision, recall = score.overall
    assert precision >= least, score.wrong
    assert recall >= least, score.wrong


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_read_in_the_tuned_half(kind: str) -> None:
    score = scored("tuned")
    assert score.precision(kind) >= 0.95
    assert score.recall(kind) >= 0.95


@pytest.mark.parametrize(("half", "least"), [("tuned", 0.98), ("held_out", 0.98)])
def test_what_else_was_labelled_of_a_number_is_read(half: str, least: float) -> None:
    score = scored(half)
    for part in PARTS:
        assert score.right_parts[part] >= least * score.parts[part], score.wrong


def test_there_are_sentences_enough_of_every_kind_in_both_halves() -> None:
    both = [scored(half) for half in ("tuned", "held_out")]
    assert all(score.labelled.total() > 140 for score in both)
    for kind in KINDS:
        assert all(score.labelled[kind] for score in both), kind


def test_no_number_has_two_labels() -> None:
    for half in ("tuned", "held_out"):
        for sentence, labels in labelled(half):
            places = [(label.start, label.end) for label in labels]
            assert places == sorted(set(places)), sentence
