from __future__ import annotations

import pytest

from builders import facts, ledger, metric, told
from logged import derivations
from reportgen.formula.lookup import LedgerLookup
from reportgen.formula.reading import Titles

TABLES = {"funds": ("a", "b"), "none": ()}


def keys(*metrics) -> list[str]:
    made, findings = derivations(metrics, TABLES)
    assert findings == ()
    return list(made)


def test_a_metric_is_worked_out_once_each_measure_and_each_row():
    assert keys(metric("x", "1")) == ["x"]
    assert keys(metric("x", "1", each=("年初", "决算"))) == ["x.年初", "x.决算"]
    assert keys(metric("funds.*.x", "1")) == ["funds.a.x", "funds.b.x"]
    assert keys(metric("funds.*.x", "1", each=("年初", "决算"))) == [
        "funds.a.x.年初",
        "funds.a.x.决算",
        "funds.b.x.年初",
        "funds.b.x.决算",
    ]
    assert keys(metric("none.*.x", "1")) == []


def test_a_job_knows_its_row_and_measure():
    made, _ = derivations([metric("funds.*.x", "1", each=("年初",))], TABLES)
    context = made["funds.b.x.年初"].context(LedgerLookup(ledger(facts())))
    assert (context.row, context.measure) == ("funds.b", "年初")


@pytest.mark.parametrize(
    ("general", "special"),
    [
        (metric("funds.*.x", "1"), metric("funds.a.x", "2", 2)),
        (metric("x", "1", each=("年初",)), metric("x.年初", "2", 2)),
        (metric("funds.*.x", "1", each=("年初",)), metric("funds.*.x.年初", "2", 2)),
        (metric("funds.*.x.年初", "1"), metric("funds.a.x", "2", 2, each=("年初",))),
    ],
)
def test_the_less_general_of_two_rules_applies_in_either_order(general, special):
    for both in ((general, special), (special, general)):
        made, findings = derivations(both, TABLES)
        assert findings == ()
        assert [job.metric for job in made.values()].count(special) >= 1
        for key in derivations([special], TABLES)[0]:
            assert made[key].metric is special


@pytest.mark.parametrize("key", ["x", "funds.*.x"])
def test_two_rules_for_one_key_are_told_once_with_both_places(key):
    _, findings = derivations([metric(key, "1", 1), metric(key, "2", 2)], TABLES)
    assert told(findings) == [("L110", "rules.yaml:2:10")]
    assert (str(findings[0].places[1].span), findings[0].places[1].note) == (
        "rules.yaml:1:10",
        "first",
    )
    assert (findings[0].params, findings[0].subject) == ({"key": key}, key)


def test_a_formula_that_cannot_be_read_keeps_its_keys():
    made, findings = derivations([metric("funds.*.x", "支出 +", 3)], TABLES)
    assert told(findings) == [("F101", "rules.yaml:3:13")]
    assert findings[0].subject == "funds.*.x"
    assert [job.expression for job in made.values()] == [None, None]


def test_a_table_that_does_not_exist_is_told_once():
    _, findings = derivations(
        [metric("founds.*.x", "row.a +", 3), metric("founds.*.y", "1", 4)], TABLES
    )
    assert told(findings) == [("F101", "rules.yaml:3:16"), ("F103", "rules.yaml:4:10")]
    assert findings[1].params == {"key": "founds", "near": "funds"}
    assert findings[1].subject == "founds.*.y"


@pytest.mark.parametrize(
    ("key", "each", "title"),
    [
        ("x", "", "名"),
        ("x", "outturn", "名·决算数"),
        ("x", "到账", "名·到账"),
        ("funds.*.x", "", "甲项·名"),
        ("funds.*.x", "last", "甲项·名·上年决算数"),
    ],
)
def test_a_title_has_the_row_before_it_and_the_measure_after_it(key, each, title):
    made, _ = derivations([metric(key, "1", title="名", each=(each,) if each else ())], TABLES)
    titles = Titles({"funds.a.v": "甲项·数"}, TABLES, 2023)
    assert next(iter(made.values())).title(titles) == title


def test_a_row_without_a_name_is_called_by_its_id():
    made, _ = derivations([metric("funds.*.x", "1", title="名")], TABLES)
    assert made["funds.b.x"].title(Titles({}, TABLES, 2023)) == "b·名"
