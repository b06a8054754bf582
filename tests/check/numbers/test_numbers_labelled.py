"""The classifier against sentences labelled by hand (`python -m bench --only numbers`)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[3]))

from bench.numbers import CLASSES, HALVES, WANTED, scored


@pytest.mark.parametrize("half", HALVES)
def test_numbers_are_told_apart_as_well_as_wanted(half):
    score = scored(half)
    precision, recall = score.overall
    assert precision >= WANTED, score.wrong
    assert recall >= WANTED, score.wrong


def test_every_class_stands_in_both_halves_and_there_are_sentences_enough():
    both = [scored(half) for half in HALVES]
    for kind in CLASSES:
        assert all(score.true[kind] for score in both), kind
    assert sum(score.true.total() for score in both) >= 200
