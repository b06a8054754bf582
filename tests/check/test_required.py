from __future__ import annotations

import pytest

from builders import facts, formula, is_complete, ledger, metric, pack, where
from reportgen.check.facts import check_required

LEDGER = ledger(
    facts(
        {"a": "1万元", "空": None, "name": "某局", "blank": ""},
        funds={"x": {"owner": "某人", "v": "1万元"}},
        none=[],
    ),
    metric("total", "a + 空", 7),
    prior=(facts({"a": "2万元"}, year=2022),),
)


def required(*keys: str):
    wanted = tuple(formula(key, n, "pack.yaml") for n, key in enumerate(keys, 1))
    return check_required(LEDGER, pack(requires=wanted))


@pytest.mark.parametrize("key", ["a", "name", "funds", "funds.x.v", "prior.a"])
def test_what_is_there_is_enough(key):
    assert required(key) == ()


@pytest.mark.parametrize("key", ["没有", "none", "funds.y.v", "prior.没有"])
def test_what_does_not_exist_is_told_where_it_is_required(key):
    (finding,) = required(key)
    assert (finding.code, finding.subject, finding.params) == ("P101", key, {"key": key})
    assert where(finding) == ["pack.yaml:1:10"]


@pytest.mark.parametrize(
    ("key", "place"),
    [("空", "data-2023.yaml:2:5"), ("blank", "data-2023.yaml:4:5"), ("total", "rules.yaml:7:10")],
)
def test_what_is_blank_is_told_where_it_is_blank(key, place):
    (finding,) = required(key)
    assert (finding.code, finding.subject) == ("P102", key)
    assert where(finding) == [place, "pack.yaml:1:10"]
    assert finding.places[1].note == "rule"
    assert is_complete(finding)
