"""The running text of a document: narrative, what the pack prints, what nobody takes."""

from __future__ import annotations

from adopted_documents import HERE, OUTLINE, pack
from audited_documents import reading
from reportgen.compose.blank import compose_blank
from reportgen.features.adopt.adoption import AdoptRequest
from reportgen.features.adopt.texts import running_text
from reportgen.model.pack import AnnexRule
from reportgen.model.source import Formula
from reportgen.project.layout import ReportId

REPORT = ReportId("bureau", 2023, "department")
BODY = ("一、绩效情况", "很好。")


def read(*lines, tables=(), by=None, texts=None, forms=None):
    """Return what the running text of a document is by a pack with some texts of its own."""
    by = by or pack()
    held = texts or {}
    blanks = [compose_blank(by, 2023, lambda path, _: held.get(path), (), blank=b) for b in (0, 1)]
    request = AdoptRequest(reading(*lines, tables=tables), b"", by, REPORT)
    return running_text(request, blanks, forms or {})


def left(found):
    return [(each.text, each.why) for each in found.not_taken]


def stated(found):
    return [(each.key, each.text) for each in found.stated]


def narratives(found):
    return {each.path.rpartition("/")[2]: each.text.split("\n", 1)[1] for each in found.sections}


def test_each_section_becomes_its_narrative():
    found = read("2023年度报告", "一、基本情况", "（一）机构设置情况", "设三科。", *BODY)
    assert narratives(found) == {"organization.md": "设三科。\n", "results.md": "很好。\n"}
    assert left(found) == []
    assert found.sections[0].path == "data/bureau/2023/department/narrative/organization.md"


def test_the_place_of_a_narrative_stands_in_its_first_line():
    text = read(*BODY).sections[0].text
    assert text.startswith("{# 待确认：取自 报告.txt 第2段 #}\n")


def test_a_title_and_contents_are_dropped_and_what_else_stands_before_is_told():
    found = read("2023年度报告", "目录", "一、绩效情况", "某市某局编印", *BODY)
    assert left(found) == [("某市某局编印", "@before_outline")]


def test_a_title_of_another_year_is_told():
    assert left(read("2022年度报告", *BODY)) == [("2022年度报告", "@before_outline")]


def test_an_opening_is_a_narrative_where_the_pack_has_one():
    lines = ("2023年度报告", "按照通知，现报告如下：", *BODY)
    assert narratives(read(*lines, by=pack(opening="narrative")))["opening.md"] == (
        "按照通知，现报告如下：\n"
    )
    assert left(read(*lines)) == [("按照通知，现报告如下：", "@before_outline")]


def test_what_the_pack_prints_is_no_narrative_and_states_what_is_filled_in():
    by = pack(*OUTLINE, "一 职责 duties pack", "一 结论 conclusion pack")
    duties = "{% for duty in unit.duties %}\n1. {{ duty }}\n{% endfor %}\n"
    conclusion = "{{ unit.name }}自评得分{{ score.total }}，等级{{ score.grade }}。\n"
    folder = "templates/city/sections"
    texts = {f"{folder}/duties.md": duties, f"{folder}/conclusion.md": conclusion}
    lines = (
        "四、职责",
        "1.管煤。",
        "2.管电。",
        "五、结论",
        "某局自评得分98分，等级优。",
        "多写一句。",
    )
    found = read(*BODY, *lines, by=by, texts=texts)
    keys = [key.partition(".#")[0] for key, _ in stated(found)]
    assert keys == ["unit.duties", "unit.duties", "unit.name", "score.total", "score.grade"]
    assert [text for _, text in stated(found)] == ["管煤。", "管电。", "某局", "98分", "优"]
    assert left(found) == [("多写一句。", "@not_of_pack")]


def test_values_that_nothing_parts_are_not_guessed():
    by = pack(title=(Formula("{{ year }}年度{{ unit.city }}{{ 专项名称 }}报告", HERE),))
    found = read("2023年度某市工业专项报告", *BODY, by=by)
    assert (stated(found), left(found)) == ([], [])


def test_the_sign_off_and_the_annexes_end_the_last_section():
    by = pack(
        annexes=(AnnexRule("自评表", "templates/city/annex.md", HERE),),
        signature=(Formula("{{ unit.name }}", HERE), Formula("{{ report.date | day }}", HERE)),
    )
    texts = {"templates/city/annex.md": "> 填报单位：{{ unit.name }}\n"}
    end = (
        "附件：自评表",
        "某局",
        "2024年6月28日",
        "附件",
        "自评表",
        "填报单位：某局",
        "另加说明很长。",
    )
    found = read(*BODY, *end, by=by, texts=texts)
    assert narratives(found) == {"results.md": "很好。\n"}
    assert ("report.date", "2024年6月28日") in stated(found)
    assert ("unit.name", "某局") in stated(found)
    assert left(found) == [("另加说明很长。", "@behind_outline")]


def test_lines_that_a_pdf_runs_together_are_known():
    by = pack(
        annexes=(AnnexRule("自评表", "templates/city/annex.md", HERE),),
        signature=(Formula("{{ unit.name }}", HERE), Formula("{{ report.date | day }}", HERE)),
    )
    texts = {"templates/city/annex.md": "> 填报单位：{{ unit.name }}\n"}
    found = read(
        *BODY, "附件：自评表", "某局", "2024年6月28日附件自评表填报单位：某局", by=by, texts=texts
    )
    assert stated(found) == [("report.date", "2024年6月28日"), ("unit.name", "某局")]
    assert left(found) == []


def test_a_table_in_the_text_is_told_unless_it_is_a_form_of_the_pack():
    table = [["项目", "金额"], ["甲", "3"]]
    found = read(*BODY, tables=[table])
    assert left(found) == [("项目 | 金额 | 甲 | 3", "@table_in_text")]
    place = found.not_taken[0].span
    found = read(*BODY, tables=[table], forms={place: "usage"})
    assert narratives(found) == {"results.md": '很好。\n\n{{ form("usage") }}\n'}
    assert left(found) == []


def test_a_form_that_pages_cut_in_two_stands_once():
    table = [["项目", "金额"], ["甲", "3"]]
    places = [each.span for each in read(*BODY, tables=[table, table]).not_taken]
    found = read(*BODY, tables=[table, table], forms=dict.fromkeys(places, "usage"))
    assert narratives(found) == {"results.md": '很好。\n\n{{ form("usage") }}\n'}
    assert left(found) == []


def test_a_section_without_text_of_its_own_takes_none():
    assert left(read("一、基本情况", "总的说来很好。", *BODY)) == [
        ("总的说来很好。", "@heading_only")
    ]


def test_a_heading_that_the_outline_lacks_is_kept_as_a_paragraph_and_told():
    found = read(*BODY, "三、党建情况", "党建很好。")
    assert narratives(found)["results.md"] == "很好。\n\n三、党建情况\n\n党建很好。\n"
    assert left(found) == [("三、党建情况", "@heading_of_none")]


def test_a_section_that_says_nothing_has_no_narrative():
    assert narratives(read("一、绩效情况", "二、存在的问题及原因分析", "无。")) == {
        "problems.md": "无。\n"
    }


def test_a_document_without_any_heading_has_no_opening_either():
    found = read("没有标题的一段。", by=pack(opening="narrative"))
    assert (found.sections, left(found)) == ([], [("没有标题的一段。", "@before_outline")])


def test_a_document_with_few_of_the_headings_is_by_another_pack():
    assert read("一、绩效情况", "很好。").is_other
    assert not read("一、绩效情况", "很好。", "二、存在的问题及原因分析", "无。").is_other
