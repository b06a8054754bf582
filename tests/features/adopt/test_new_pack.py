"""A pack made of a document: outline, cover, sign-off, annexes, tables as forms."""

from __future__ import annotations

import shutil

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from audited_documents import reading
from outcome import draft
from published_originals import FOLDER, NUMBERS, path_of
from real_report import ROOT
from reportgen.features.adopt.adopting import save
from reportgen.features.adopt.new_pack import adopt_into_new_pack, pack_of
from reportgen.features.packs.inspection import check_pack
from reportgen.findings import Diagnostics
from reportgen.flow.job import Job
from reportgen.project.layout import ReportId
from reportgen.project.source_files import EditedFiles, SourceFiles
from reportgen.reading.opening import open_document
from small_project import reportgen


def made(*lines, tables=()):
    """Return the files of the pack of a document."""
    pack = pack_of(reading(*lines, tables=tables), 2023)
    return pack and pack.files


def outline(*lines):
    """Return the outline of a pack, a line a section with its indentation."""
    pack = yaml.load(made(*lines)["pack.yaml"], yaml.BaseLoader)
    return list(_lines(pack["outline"], ""))


def _lines(sections, indent):
    for section in sections:
        yield f"{indent}{section['title']} {section.get('text', 'narrative')}"
        yield from _lines(section.get("sections", []), f"{indent}  ")


def checked(files):
    """Return the errors that check-pack tells of a pack."""
    edits = {f"templates/city/made/{path}": text for path, text in files.items()}
    log = Diagnostics()
    check_pack(EditedFiles(ROOT, edits=edits), "city/made", log)
    return [(each.code, str(each.span)) for each in log if each.severity == "error"]


def test_headings_become_the_outline():
    lines = ("一、基本情况", "（一）机构", "三科。", "（二）人员", "九人。", "二、绩效", "好。")
    assert outline(*lines) == [
        "基本情况 none",
        "  机构 narrative",
        "  人员 narrative",
        "绩效 narrative",
    ]


def test_headings_too_deep_to_be_prescribed_stay_in_the_text():
    lines = ("一、甲", "（一）乙", "1.丙", "好。", "（1）丁", "好。")
    assert outline(*lines) == ["甲 none", "  乙 none", "    丙 narrative"]


def test_items_of_a_list_are_no_headings():
    assert outline("一、甲", "1.一件", "2.两件", "3.三件", "二、乙", "好。") == [
        "甲 narrative",
        "乙 narrative",
    ]


def test_a_table_of_contents_is_left_out():
    lines = ("目录", "一、甲", "二、乙", "一、甲", "好。", "二、乙", "也好。")
    assert outline(*lines) == ["甲 narrative", "乙 narrative"]


@pytest.mark.parametrize(
    ("lines", "numbering"),
    [
        (("一、甲", "好。", "二、乙", "好。"), ["一、", "（一）", "1.", "（1）"]),
        (("1、甲", "好。", "(1)乙", "好。"), ["1、", "(1)", "一、", "（一）"]),
        (("第一部分 甲", "好。", "一、乙", "好。"), ["第一部分", "一、", "（一）", "1."]),
    ],
)
def test_numbers_are_those_of_the_document(lines, numbering):
    pack = yaml.load(made(*lines)["pack.yaml"], yaml.BaseLoader)
    assert pack["numbering"] == numbering


def test_the_year_and_the_unit_are_left_open():
    files = made("某市某局2023年度", "绩效自评报告", "一、甲", "好。", "某市某局", "2024年5月1日")
    pack = yaml.load(files["pack.yaml"], yaml.BaseLoader)
    assert pack["title"] == ["{{ unit.name }}{{ year }}年度", "绩效自评报告"]
    assert pack["signature"] == ["{{ unit.name }}", "{{ report.date | day }}"]


def test_a_cover_keeps_its_labels():
    files = made("自评报告", "单位名称：某局", "预算编码：801", "一、甲", "好。")
    fields = yaml.load(files["pack.yaml"], yaml.BaseLoader)["cover"]["fields"]
    assert fields == [
        {"label": "单位名称：", "value": "{{ unit.name }}"},
        {"label": "预算编码：", "value": "{{ 预算编码 }}"},
    ]


def test_numbers_of_a_table_become_facts_named_by_their_heads():
    table = [["项目", "2022年决算数（万元）", "2023年决算数（万元）"], ["办公费", "3.5", "4"]]
    html = made("一、甲", "好。", tables=[table])["forms/table1.html"]
    assert '<th scope="col" class="center">{{ prior.year }}年决算数（万元）</th>' in html
    assert '<th scope="row">办公费</th><td>{{ 办公费_上年决算数 | number }}</td>' in html
    assert "<td>{{ 办公费_决算数 | number }}</td>" in html


def test_two_facts_have_no_name_in_common():
    table = [["项目", "数"], ["甲", "1"], ["甲", "2"], ["①", "3"]]
    html = made("一、甲", "好。", tables=[table])["forms/table1.html"]
    assert ["{{ 甲_数 }}" in html, "{{ 甲_数_2 }}" in html, "{{ 数 }}" in html] == [True] * 3


def test_sentences_and_answers_are_facts_and_labels_stay():
    table = [["指标", "指标值", "完成值"], ["就业", "成效明显", "很明显"], ["增速", "≥8%", "9%"]]
    html = made("一、甲", "好。", tables=[table])["forms/table1.html"]
    assert "成效明显" not in html
    assert "≥8%" not in html
    assert "就业" in html


def test_what_belongs_to_a_person_is_not_in_the_pack():
    table = [
        ["联系人", "张三", "联系电话", "0000002"],
        ["姓名", "职务", "签字", "备注"],
        ["李四", "科长", "", ""],
    ]
    files = made(
        "一、甲",
        "好。",
        "附件1",
        "基础表",
        "填表人：王五　　填报日期：2024年5月1日　　联系电话：0000001",
        tables=[table],
    )
    everything = "".join(files.values())
    for name in ("张三", "李四", "王五", "0000001", "0000002"):
        assert name not in everything
    assert "{{ report.preparer.name }}" in files["annex1.md"]
    assert checked(files) == []


def test_annexes_have_their_titles_and_forms():
    files = made(
        "一、甲",
        "好。",
        "附件：1.基础表",
        "附件1",
        "基础表",
        tables=[[["项目", "数"], ["甲", "1"]]],
    )
    pack = yaml.load(files["pack.yaml"], yaml.BaseLoader)
    assert [annex["title"] for annex in pack["annexes"]] == ["基础表"]
    assert files["annex1.md"] == '{{ form("table1") }}\n'


def test_a_section_of_tables_alone_is_written_by_the_pack():
    files = made("一、甲", tables=[[["项目", "数"], ["甲", "1"]]])
    assert files["sections/s1.md"] == '{{ form("table1") }}\n'
    assert checked(files) == []


def test_a_document_of_tables_alone_is_a_form():
    files = made("自评表", tables=[[["项目", "数"], ["甲", "1"]]])
    assert set(files) == {"pack.yaml", "forms/sheet.html"}
    assert "kind: form" in files["pack.yaml"]
    assert checked(files) == []


def test_a_document_without_headings_and_tables_makes_no_pack():
    assert made("很好。", "也很好。") is None
    assert made() is None


def test_rows_of_unequal_length_are_filled_up():
    table = [["项目", "数", "备注"], ["甲", "1", "^"], ["乙", "2", "丙"]]
    assert checked(made("一、甲", "好。", tables=[table])) == []


CELLS = st.lists(st.text("甲乙项目1.5%（万元）{}<&年2023", max_size=8), min_size=3, max_size=3)


@given(st.lists(CELLS, min_size=1, max_size=5))
@settings(max_examples=25, deadline=None)
def test_any_table_makes_a_form_that_can_be_built(rows):
    assert checked(made("一、甲", "好。", "附件1", "表", tables=[rows])) == []


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the originals are not in this clone")
@pytest.mark.parametrize("number", NUMBERS)
def test_published_reports_make_packs_that_can_be_built(number):
    document = open_document(path_of(number), Diagnostics())
    assert checked(pack_of(document, 2023).files) == []


TEXT = """某市某局
2023年度绩效自评报告
一、基本情况
本局设三科。
二、绩效情况
2023年支出3.5万元，其中办公费3.5万元。
附件：自评表
某市某局
2024年5月1日
附件
自评表
\t项目\t预算数（万元）\t决算数（万元）

\t办公费\t4\t3.5

\t差旅费\t2\t1.25
"""


@pytest.fixture
def project(tmp_path):
    shutil.copytree(ROOT / "templates" / "shared", tmp_path / "templates" / "shared")
    (tmp_path / "报告.txt").write_text(TEXT, "utf-8")
    return tmp_path


def into(project, name="city/made-2023", file="报告.txt"):
    """Return what adopting the file by a pack of its own gives."""
    files = SourceFiles(project)
    return adopt_into_new_pack(files, project / file, ReportId("bureau", 2023, "department"), name)


def test_a_report_is_adopted_by_a_pack_of_its_own_and_composed(project):
    adoption = into(project)
    assert not adoption.failed
    save(SourceFiles(project), adoption)
    outcome = draft(
        Job(project, project / "out", "bureau", 2023, "department"), SourceFiles(project)
    )
    assert [each for each in outcome.findings if each.severity == "error"] == []
    text = str(outcome.internal)
    for said in ("本局设三科。", "2023年支出3.5万元", "办公费", "1.25"):
        assert said in text
    facts = (project / "data/bureau/2023/outcomes.yaml").read_text("utf-8")
    assert "办公费_决算数: 3.5万元   # 待确认 报告.txt 表1 第2行第3列" in facts


def test_a_number_of_the_text_is_bound_to_the_fact_of_a_form(project):
    text = next(each.text for each in into(project).texts if each.path.endswith("s2.md"))
    assert "其中办公费{{ 办公费_决算数 }}" in text


def test_nothing_is_written_before_it_is_saved(project):
    into(project)
    assert not (project / "templates" / "city").exists()
    assert not (project / "data").exists()


@pytest.mark.parametrize(
    ("name", "file", "code"),
    [
        ("Made", "报告.txt", "P306"),
        ("city/made-2023", "无.txt", "A501"),
        ("city/made-2023", "一行.txt", "A612"),
    ],
)
def test_what_no_pack_can_be_made_of_is_told_and_nothing_written(project, name, file, code):
    (project / "一行.txt").write_text("很好", "utf-8")
    adoption = into(project, name, file)
    assert [each.code for each in adoption.findings] == [code]
    assert (adoption.failed, adoption.after) == (True, {})


def test_a_pack_that_is_there_is_not_touched(project):
    save(SourceFiles(project), into(project))
    again = into(project)
    assert [each.code for each in again.findings] == ["P305"]
    assert again.after == {}


def test_the_command_wants_one_pack_or_the_name_of_a_new_one(project):
    report = project / "报告.txt"
    given = ("adopt", report, "--unit", "bureau", "--year", "2023", "--root", project)
    assert reportgen(*given).code == 2
    assert reportgen(*given, "--pack", "a/b", "--new-pack", "c/d").code == 2
    assert reportgen(*given, "--new-pack", "city/made", "--dry-run").code == 0
    assert not (project / "templates" / "city").exists()
    done = reportgen(*given, "--new-pack", "city/made")
    assert done.code == 0
    assert "templates/city/made/pack.yaml" in done.out
