"""What a worker builds with is compared part by part: another font or program gives other bytes."""

from __future__ import annotations

import pytest

from reportgen.features.batch.cluster import called
from reportgen.features.batch.environment import differences, environment
from reportgen.write.fonts import find_fonts


def test_the_same_environment_is_no_difference():
    assert list(differences("w1", dict(environment()))) == []


@pytest.mark.parametrize("part", sorted(environment()))
def test_each_part_that_differs_is_named(part):
    (problem,) = differences("w1", {**environment(), part: "another"})
    assert (problem.code, problem.params["worker"]) == ("J110", "w1")
    assert problem.params["parts"] == f"{part} another ≠ {environment()[part]}"


def test_a_worker_without_a_name_is_called_by_its_address_once():
    address = "tcp://10.0.0.1:4000"
    assert called(address, address) == address
    assert called("odd", address) == f"odd {address}"


def test_a_part_that_is_missing_is_named():
    others = dict(environment())
    del others["typst"]
    (problem,) = differences("w1", others)
    assert problem.params["parts"] == f"typst — ≠ {environment()['typst']}"


def test_the_fonts_of_rare_characters_are_compared():
    rare = {face.family for face in find_fonts(rare=True).faces}
    assert rare - {face.family for face in find_fonts().faces}
    assert rare <= environment().keys()
