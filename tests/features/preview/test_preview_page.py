from __future__ import annotations

import pytest
from asking import PAGE, Preview

from reportgen.features.preview.page import describe
from reportgen.features.preview.words import WORDS
from small_project import DATA, NARRATIVE, PACK


@pytest.fixture
def preview(tmp_path):
    return Preview.of(tmp_path / "p 甲")


def note(page, key):
    return page.xpath("//*[@data-key=$key]/*[@role='tooltip']", key=key)[0]


def test_a_figure_tells_its_formula_its_inputs_and_where_each_of_them_stands(preview):
    page = preview.get().page
    tip = note(page, "execution_rate")
    lines = tip.text_content().split("\n")
    assert lines[0].startswith("预算执行率 = ")
    assert lines[1].startswith("· 支出合计·决算数")
    metrics = f"{PACK}/metrics.yaml"
    rules = ("expenditure.basic +", "expenditure.basic +", "expenditure.total.outturn /")
    spots = [preview.project.spot("", metrics, rule) for rule in rules]
    places = [f"{metrics}:{line}:{column}" for _, _, line, column in spots]
    assert [each.text for each in tip.iter("a")] == places
    assert lines[-1] == f"出处：{places[-1]}"
    assert set(tip.xpath(".//a/@tabindex")) == {"-1"}


def test_links_open_the_editor_at_the_line(preview):
    tip = note(preview.get().page, "staffing.quota")
    root = preview.project.root.as_posix().replace(" ", "%20").replace("甲", "%E7%94%B2")
    assert tip.xpath(".//a/@href") == [f"vscode://file{root}/{DATA}/staffing.yaml:2:10"]


def test_without_an_editor_places_are_text_to_copy(tmp_path):
    preview = Preview.of(tmp_path / "p", editor="none")
    tip = note(preview.get().page, "staffing.quota")
    assert not tip.xpath(".//a")
    assert tip.xpath(".//*[@class='pv-place']/text()") == [f"{DATA}/staffing.yaml:2:10"]


def test_a_finding_is_told_with_its_help_and_places(preview):
    preview.saved(f"{DATA}/staffing.yaml", "27人", "31人")
    page = preview.get().page
    (details,) = page.xpath("//section//details[@open]")
    assert details.get("data-severity") == "error"
    item = details.find(".//li").text_content()
    assert "错误 R101" in item and "31" in item and f"{DATA}/staffing.yaml:3:11" in item
    assert page.xpath("//a[@class='pv-count']/text()") == ["1 个错误，1 个已豁免"]


def test_findings_without_errors_are_folded(preview):
    preview.saved(f"{DATA}/department/report.yaml", "code: R101", "code: R102")
    page = preview.get().page
    folded = page.xpath("//section//details[@data-severity]")
    assert [each.get("data-severity") for each in folded] == ["warning"]
    assert not any("open" in each.attrib for each in folded)
    assert [each.findtext(".//summary/span") for each in folded] == ["警告"]


def test_the_preview_speaks_english_where_it_is_asked_to(tmp_path):
    preview = Preview.of(tmp_path / "p", language="en")
    preview.saved(f"{NARRATIVE}/staffing.md", "staffing.quota", "staffing.quta")
    text = preview.get().text
    assert "no page to show yet" in text and "error T102" in text


def test_both_languages_say_the_same_things():
    assert WORDS["zh"].keys() == WORDS["en"].keys()


def test_errors_come_before_warnings_and_notes(preview):
    preview.saved(f"{DATA}/staffing.yaml", "27人", "31人")
    preview.get()
    (state,) = preview.session.states.values()
    described = describe(reversed(state.findings), preview.settings)
    assert [each.severity for each in described] == ["error", "note"]


CONFIRMED = """confirmations:
  - by: 人事科
    evidence: 表
    values: {staffing.quota: 30人, staffing.actual: 26人}
"""


def test_facts_that_are_not_confirmed_are_listed_folded_for_the_house_alone(preview):
    assert not preview.get().page.xpath("//details[@class='pv-confirmed']")
    preview.project.write(f"{DATA}/confirmations.yaml", CONFIRMED)
    preview.session.changed([f"{DATA}/confirmations.yaml"])
    (details,) = preview.get().page.xpath("//details[@class='pv-confirmed'][not(@open)]")
    listed = [item.text_content() for item in details.iter("li")]
    count, total = details.findtext("summary").removeprefix("已确认 ").split("/")
    assert (int(count), int(total)) == (1, 1 + len(listed))
    assert any("27人" in item and f"{DATA}/staffing.yaml:3:" in item for item in listed)
    assert not any("30人" in item for item in listed)
    outside = preview.get(f"{PAGE}?audience=submit").page
    assert not outside.xpath("//details[@class='pv-confirmed']")


def test_a_blank_is_shown_marked_and_what_is_left_is_listed_for_the_house_alone(preview):
    assert not preview.get().page.xpath("//details[@class='pv-todo']")
    preview.project.replace(f"{DATA}/staffing.yaml", "quota: 30人", "quota:   # 待填")
    preview.session.changed([f"{DATA}/staffing.yaml"])
    page = preview.get().page
    (details,) = page.xpath("//details[@class='pv-todo']")
    assert "人员编制·编制数" in details.text_content()
    assert page.xpath("//data[@class='unfilled'][text()='〔待填〕']")
    outside = preview.get(f"{PAGE}?audience=public").page
    assert not outside.xpath("//details[@class='pv-todo']")
