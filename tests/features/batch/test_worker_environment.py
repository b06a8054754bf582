"""What a worker builds with is compared part by part: another font or program gives other bytes."""

from __future__ import annotations

import pytest

from reportgen.features.batch import environment as module
from reportgen.features.batch.environment import (
    differences,
    differing_environment,
    environment,
    environment_hash,
)


def test_the_same_environment_is_no_difference():
    assert list(differences("w1", dict(environment()))) == []
    assert list(differing_environment(environment_hash())) == []


@pytest.mark.parametrize("part", sorted(environment()))
def test_each_part_that_differs_is_named(part):
    (problem,) = differences("w1", {**environment(), part: "another"})
    assert (problem.code, problem.params["worker"]) == ("J110", "w1")
    assert problem.params["parts"] == f"{part} another ≠ {environment()[part]}"


def test_a_part_that_is_missing_is_named():
    others = dict(environment())
    del others["typst"]
    (problem,) = differences("w1", others)
    assert problem.params["parts"] == f"typst — ≠ {environment()['typst']}"


def test_a_worker_that_came_later_with_another_environment_does_nothing():
    (problem,) = differing_environment("0" * 64)
    assert problem.code == "J110"
    assert module.environment()["reportgen"] in problem.params["parts"]
