from __future__ import annotations

import pytest

from loading import value
from logged import flatten
from reportgen.load.schema import ReportFile, ReportingUnit, Year
from reportgen.model.quantity import Quantity
from reportgen.model.source import SourceSpan

HERE = SourceSpan("data/u/2023")
LINE = "{initial: 1, outturn: 2}"
FUND = "{{id: {}, name: {}, category: 乙, source: 丙, outturn: {}}}"


def flat(text, model=Year, prefix=""):
    return flatten(value(text, model), prefix, HERE)


def shown(fact):
    return fact.value.text if isinstance(fact.value, Quantity) else fact.value


def test_group_gives_facts_under_its_key_with_joined_titles():
    facts, _, _ = flat("staffing: {quota: 30人, actual: 27人}")
    assert shown(facts["staffing.quota"]) == "30人"
    assert facts["staffing.quota"].title == "人员编制·编制数"
    assert str(facts["staffing.quota"].span) == "a.yaml:1:19"


def test_group_of_lines_is_a_table_of_the_lines_that_are_there():
    facts, tables, _ = flat(f"expenditure: {{basic: {LINE}}}")
    assert tables["expenditure"] == ("basic",)
    assert facts["expenditure.basic.outturn"].title == "支出·基本支出·决算数"


def test_cell_left_out_is_a_blank_fact_at_its_row():
    facts, _, _ = flat(f"expenditure:\n  basic: {LINE}")
    fact = facts["expenditure.basic.budget"]
    assert (fact.value, str(fact.span)) == (None, "a.yaml:2:20")


def test_group_left_out_has_no_facts():
    facts, tables, _ = flat("staffing: {quota: 30人, actual: 27人}")
    assert not [key for key in facts if key.startswith("three_public")]
    assert "three_public" not in tables


def test_rows_are_named_by_id_and_titled_by_name():
    rows = ", ".join((FUND.format("a", "甲", 1), FUND.format("b", "乙", 2)))
    facts, tables, _ = flat(f"funds: [{rows}]")
    assert tables["funds"] == ("a", "b")
    assert shown(facts["funds.b.outturn"]) == "2万元"
    assert facts["funds.b.outturn"].title == "乙·决算数"
    assert "funds.b.id" not in facts


def test_plain_list_is_numbered_from_one():
    facts, tables, _ = flat("goals: [甲, 乙]")
    assert tables["goals"] == ("1", "2")
    assert (facts["goals.2"].value, facts["goals.2"].prose) == ("乙", True)


def test_free_facts_stand_under_their_own_names():
    facts, tables, _ = flat("facts: {工业投资: 4.5亿元, 排名: 第一, 产业链: [甲, 乙], 空: }")
    assert shown(facts["工业投资"]) == "4.5亿元"
    assert facts["工业投资"].title == "工业投资"
    assert facts["排名"].value == "第一"
    assert facts["空"].value is None
    assert tables["产业链"] == ("1", "2")
    assert facts["产业链.1"].value == "甲"


def test_free_tables_have_ids_or_numbers():
    facts, tables, _ = flat(
        "tables: {走访: [{id: a, name: 春季, 次数: 4次}, {次数: 6次}, {id: , 次数: 1次}]}"
    )
    assert tables["走访"] == ("a", "2", "3")
    assert facts["走访.a.次数"].title == "春季·次数"
    assert facts["走访.a.name"].title == "春季·名称"
    assert shown(facts["走访.2.次数"]) == "6次"


def test_unit_stands_under_its_prefix():
    facts, tables, _ = flat("name: 甲局\noffices: [乙科]", ReportingUnit, "unit")
    assert facts["unit.name"].title == "单位名称"
    assert tables["unit.offices"] == ("1",)
    assert facts["unit.short_name"].value is None


def test_report_hoists_its_ratings_and_hides_its_rules():
    text = (
        "pack: a\ndate: 2024-06-28\n"
        "preparer: {name: 某人}\n"
        "ratings: [{id: x, name: 甲, level1: 乙, points: 5, score: 4}]\n"
        "metrics: {m: {title: 甲, formula: a + b}}\n"
    )
    facts, tables, _ = flat(text, ReportFile, "report")
    assert tables["ratings"] == ("x",)
    assert shown(facts["ratings.x.score"]) == "4分"
    assert facts["report.date"].value == "2024-06-28"
    assert facts["report.preparer.name"].personal
    assert not [key for key in facts if "pack" in key or ".m" in key]


@pytest.mark.parametrize(
    "text",
    [
        "facts: {走访: 3次}\ntables: {走访: [{id: a, 次数: 1次}]}",
        "facts: {走访: [甲]}\ntables: {走访: [{id: a, 次数: 1次}]}",
    ],
)
def test_fact_and_table_of_one_name_are_told_with_both_places(text):
    _, _, (found,) = flat(text)
    assert (found.code, found.params) == ("S216", {"key": "走访"})
    assert [place.span.line for place in found.places] == [2, 1]
