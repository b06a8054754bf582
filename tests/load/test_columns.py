"""The units of columns of an author's own tables."""

from __future__ import annotations

import pytest

from loading import value
from logged import flatten
from reportgen.load.schema import ReportFile, Year
from reportgen.model.quantity import Quantity
from reportgen.model.source import SourceSpan

HERE = SourceSpan("data/u/2023")
ROWS = (
    "tables: {{链: [{{id: a, name: 甲, 项目: {}, 产值: {}}}, {{id: b, name: '2号', 项目: {}}}]}}\n"
)


def flat(rows, units, model=Year, head=""):
    return flatten(value(f"{head}{ROWS.format(*rows)}units: {units}", model), "", HERE)


def texts(facts):
    found = {}
    for key, fact in facts.items():
        if key.startswith("链."):
            found[key] = fact.value.text if isinstance(fact.value, Quantity) else fact.value
    return found


@pytest.mark.parametrize("model", [Year, ReportFile])
def test_a_number_without_unit_counts_in_that_of_its_column(model):
    head = "pack: a/b\ndate: 2024-01-01\n" if model is ReportFile else ""
    rows = ("80余", "1.5", "")
    facts, _, findings = flat(rows, "{链: {项目: 个, 产值: 亿元}}", model, head)
    assert findings == ()
    cells = texts(facts)
    assert (cells["链.a.项目"], cells["链.a.产值"], cells["链.b.项目"]) == (
        "80余个",
        "1.5亿元",
        None,
    )
    assert facts["链.a.产值"].value.value == 150_000_000
    assert (cells["链.b.name"], cells["链.b.id"]) == ("2号", "b")


def test_a_cell_that_names_its_unit_keeps_it_and_a_text_stays_one():
    facts, _, findings = flat(("3个", "9000万元", "'7'"), "{链: {项目: 个, 产值: 亿元}}")
    assert findings == ()
    cells = texts(facts)
    assert (cells["链.a.项目"], cells["链.a.产值"], cells["链.b.项目"]) == ("3个", "9000万元", "7")


def test_a_rate_without_unit_is_one_of_the_column():
    facts, _, _ = flat(("5.2", "1", "0"), "{链: {项目: '%'}}")
    assert (texts(facts)["链.a.项目"], facts["链.a.项目"].value.value * 1000) == ("5.2%", 52)


def test_a_number_of_another_kind_is_told_at_its_place():
    _, _, findings = flat(("3家", "1", "4"), "{链: {项目: 个}}")
    assert [(f.code, str(f.span)) for f in findings] == [("S211", "a.yaml:1:35")]


@pytest.mark.parametrize(
    ("units", "key"),
    [
        ("{连: {项目: 个}}", "连"),
        ("{链: {项木: 个}}", "链.项木"),
        ("{链: {name: 个}}", "链.name"),
        ("{funds: {outturn: 万元}}", "funds"),
    ],
    ids=["table", "column", "a name counts nothing", "a table of the schema"],
)
def test_a_unit_for_what_is_not_there_is_told(units, key):
    _, _, findings = flat(("3", "1", "4"), units)
    assert [(f.code, f.params["key"], f.span.line) for f in findings] == [("S230", key, 2)]
    assert "链" in findings[0].params["near"]


def test_a_table_without_rows_may_state_units_for_the_rows_to_come():
    _, _, findings = flatten(value("tables: {链: []}\nunits: {链: {项目: 个}}", Year), "", HERE)
    assert findings == ()
