from __future__ import annotations

import pytest

from logged import load
from reportgen.model.quantity import Quantity
from reportgen.project.layout import packs, reports, units, years
from small_project import DATA, HOME, NARRATIVE, PACK, REPORT, UNIT, YEAR, spots


def loaded(small):
    value, findings = load(small.files, UNIT, YEAR, REPORT)
    assert findings == ()
    return value


def fails(small):
    value, findings = load(small.files, UNIT, YEAR, REPORT)
    assert value is None
    return spots(findings)


def shown(fact):
    return fact.value.text if isinstance(fact.value, Quantity) else fact.value


def test_report_stands_on_its_unit_its_years_and_its_pack(small):
    value = loaded(small)
    assert (value.unit, value.year, value.report) == (UNIT, YEAR, REPORT)
    assert (value.date, value.folder, value.pack.folder) == ("2024-06-28", HOME, "small")
    assert shown(value.facts.facts["staffing.quota"]) == "30人"
    assert shown(value.facts.facts["unit.name"]) == "示例市示例局"
    assert shown(value.facts.facts["report.preparer.phone"]) == "0000000"
    assert value.facts.tables["funds"] == ("training", "survey", "chains")
    assert [facts.year for facts in value.prior] == [2022]
    assert [waiver.subject for waiver in value.waivers] == ["few_visits"]


def test_lists_that_a_report_wrote_itself_last_year_are_its_own_there_too(small):
    past = f"data/{UNIT}/2022"
    assert shown(loaded(small).prior[0].facts["funds.training.outturn"]) == "16万元"
    (small.root / past / REPORT).mkdir()
    small.write(f"{past}/{REPORT}/report.yaml", "pack: small\ndate: 2023-06-28\n")
    row = "{id: training, name: 培训, category: 业务, source: 市级, outturn: 16.5}"
    small.write(f"{past}/{REPORT}/funds.yaml", f"funds:\n  - {row}\n")
    prior = loaded(small).prior[0]
    assert shown(prior.facts["funds.training.outturn"]) == "16.5万元"
    assert "report.date" not in prior.facts


def test_rules_of_the_pack_come_before_those_of_the_report(small):
    metrics = [metric.key for metric in loaded(small).rules.metrics]
    assert metrics[0] == "staffing.control_rate"
    assert metrics[-1] == "规模企业增长"


def test_what_there_is_is_listed(small):
    (small.root / "data/bureau/notes").mkdir()
    (small.root / "data/bureau/２０２１").mkdir()
    (small.root / "data/bureau/²²²²").mkdir()
    (small.root / "data/.hidden").mkdir()
    assert units(small.files) == ("bureau",)
    assert years(small.files, UNIT) == (2022, 2023)
    assert reports(small.files, UNIT, YEAR) == ("department",)
    assert reports(small.files, UNIT, 2022) == ()


def test_packs_are_folders_with_a_pack_one_or_two_deep(small):
    for folder in ("city/kind", "city/empty", "a/b/c"):
        (small.root / "templates" / folder).mkdir(parents=True)
    for folder in ("city/kind", "a/b/c"):
        small.write(f"templates/{folder}/pack.yaml", "")
    assert packs(small.files) == ("city/kind", "small")


def test_only_the_three_nearest_earlier_years_are_read(small):
    for year in (2017, 2019, 2020, 2021, 2024):
        (small.root / f"data/bureau/{year}").mkdir()
        small.write(f"data/bureau/{year}/facts.yaml", f"facts: {{甲: {year}家}}\n")
    assert [facts.year for facts in loaded(small).prior] == [2022, 2021, 2020]


def test_slip_in_an_earlier_year_is_a_finding_there(small):
    path = "data/bureau/2022/accounts.yaml"
    small.replace(path, "outturn: 16", "outturn: 1.6.1")
    assert fails(small) == [small.spot("S207", path, "1.6.1")]


def test_fact_of_the_year_and_of_the_report_is_told_with_both_places(small):
    small.write(f"{HOME}/facts.yaml", "facts:\n  工业投资: 5亿元\n")
    assert fails(small) == [("L110", f"{HOME}/facts.yaml", 2, 9)]


def test_text_like_a_number_is_told_unless_it_is_quoted(small):
    small.write(
        f"{DATA}/own.yaml", "facts:\n  甲: 1 234.56万元\n  乙: '(6.15)万元'\n  丙: [1e3, 1]\n"
    )
    value, findings = load(small.files, UNIT, YEAR, REPORT)
    assert value is not None
    path = f"{DATA}/own.yaml"
    assert spots(findings, "warning") == [("S240", path, 2, 6), ("S240", path, 4, 7)]
    assert [found.params["meant"] for found in findings] == ["1234.56万元", "1000"]


def test_table_of_the_year_and_of_the_report_is_told(small):
    small.write(f"{HOME}/facts.yaml", "tables:\n  visits:\n    - {id: a, 次数: 1次}\n")
    assert fails(small) == [("L110", f"{HOME}/facts.yaml", 3, 12)]


def test_fact_of_the_report_named_as_a_table_of_the_year_is_told(small):
    small.write(f"{HOME}/facts.yaml", "facts:\n  visits: 3次\n")
    assert fails(small) == [("L110", f"{HOME}/facts.yaml", 2, 11)]


OWN = """\
funds:
  - {id: road, name: 道路, category: 专项资金, source: 市级, outturn: 5}
goals: [修路一条。]
"""


def test_lists_of_the_report_stand_in_place_of_those_of_the_year(small):
    before = loaded(small).facts
    small.write(f"{HOME}/own.yaml", OWN)
    facts = loaded(small).facts
    assert facts.tables["funds"] == ("road",)
    assert "funds.training.outturn" not in facts.facts
    assert facts.facts["goals.1"].value == "修路一条。"
    assert "goals.2" not in facts.facts
    assert facts.tables["achievements"] == before.tables["achievements"] == ()


def test_metric_named_as_a_table_is_told(small):
    small.replace(f"{PACK}/metrics.yaml", "  visits.total:", "  visits:")
    assert fails(small) == [small.spot("S216", f"{PACK}/metrics.yaml", "sum(visits.次数)")]


@pytest.mark.parametrize("name", ["smal", "Small", "/etc", ".", "shared", "small/forms", "../data"])
def test_pack_that_does_not_exist_is_told_at_its_name(small, name):
    small.replace(f"{HOME}/report.yaml", "pack: small", f"pack: '{name}'")
    assert fails(small) == [("L127", f"{HOME}/report.yaml", 1, 8)]


def test_pack_outside_the_project_is_told_at_its_name(small):
    small.replace(f"{HOME}/report.yaml", "pack: small", "pack: ../../other")
    assert fails(small) == [("L102", f"{HOME}/report.yaml", 1, 7)]


@pytest.mark.parametrize(
    "path", ["more.yml", "more.YAML", "more.yaml.txt", "more.yaml~", "more.yaml.bak", "MORE.YML"]
)
@pytest.mark.parametrize("folder", ["data/bureau", DATA, HOME])
def test_file_almost_named_as_data_is_a_warning(small, folder, path):
    small.write(f"{folder}/{path}", "facts: {甲: 1家}\n")
    value, findings = load(small.files, UNIT, YEAR, REPORT)
    assert value is not None
    assert spots(findings, "warning") == [("L126", f"{folder}/{path}", 1, 1)]


@pytest.mark.parametrize("path", ["notes.md", "budget.docx", ".more.yml", "yaml", "yml.txt"])
def test_other_files_may_stand_beside_the_data(small, path):
    before = loaded(small)
    small.write(f"{DATA}/{path}", "甲")
    assert loaded(small).facts == before.facts


def test_narrative_without_a_section_is_a_warning(small):
    small.write(f"{NARRATIVE}/三公.md", "甲")
    _, findings = load(small.files, UNIT, YEAR, REPORT)
    assert spots(findings, "warning") == [("L128", f"{NARRATIVE}/三公.md", 1, 1)]


@pytest.mark.parametrize("path", ["_shared.md", "notes.txt", ".draft.md"])
def test_what_narratives_include_may_stand_beside_them(small, path):
    before = loaded(small)
    small.write(f"{NARRATIVE}/{path}", "甲")
    assert loaded(small).facts == before.facts


def test_opening_is_unused_where_the_pack_has_none(small):
    small.replace(f"{PACK}/pack.yaml", "opening: narrative", "opening: none")
    _, findings = load(small.files, UNIT, YEAR, REPORT)
    assert spots(findings, "warning") == [("L128", f"{NARRATIVE}/opening.md", 1, 1)]


def test_findings_of_all_files_come_together(small):
    small.replace(f"{DATA}/staffing.yaml", "30人", "30佳")
    small.replace(f"{DATA}/facts.yaml", "12家", "12佳")
    small.replace(f"{HOME}/report.yaml", "2024-06-28", "2024-06-31")
    small.replace(f"{PACK}/pack.yaml", "columns: 5", "columns: 五")
    small.replace("data/bureau/unit.yaml", "city:", "town:")
    assert {code for code, *_ in fails(small)} == {"S208", "S206", "S202"}
    small.replace(f"{HOME}/report.yaml", "2024-06-31", "2024-06-30")
    assert {code for code, *_ in fails(small)} == {"S208", "S217", "S202"}
