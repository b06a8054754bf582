from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pytest

from logged import logged
from outcome import build
from reportgen.compose.word_tags import diagnose_form
from reportgen.features.packs.form_pack import form_pack
from reportgen.features.packs.inspection import check_pack, new_pack
from reportgen.findings import Diagnostics
from reportgen.findings.renderers import help_text, message
from reportgen.flow.job import Job
from reportgen.project.source_files import SourceFiles
from reportgen.wordfile.package import WordFile
from reportgen.wordfile.paragraphs import paragraphs
from word_files import cell, paragraph, row, table, word_file

ROOT = Path(__file__).resolve().parents[3]


DOWN, ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def made(tmp_path, body, name="sheet.docx"):
    """Return the files of the pack that is made of a form, and the texts of the form there."""
    path = tmp_path / name
    path.write_bytes(word_file(body))
    files, findings = logged(form_pack, path)
    assert [each.code for each in findings if each.severity == "error"] == []
    form = files[f"forms/{name}"]
    assert logged(diagnose_form, name, form)[1] == ()
    return files, [each.text for each in paragraphs(WordFile.read(form))]


def filled(tmp_path, body):
    return made(tmp_path, body)[1]


def box(answer):
    return f'{{% if choice_p1 == "{answer}" %}}☑{{% else %}}□{{% endif %}}'


def wide(text, columns):
    return cell(text, properties=f'<w:gridSpan w:val="{columns}"/>')


def test_cells_are_named_by_the_heads_of_their_row_and_their_column(tmp_path):
    body = table(
        row("项目名称", wide("", 2)),
        row("", "年初预算数", "全年执行数（万元）"),
        row("其中：财政拨款", "", ""),
        row("公务接待", "", "—"),
        row("大事记", "", ""),
    )
    assert filled(tmp_path, body) == [
        *("项目名称", "{{ project_name }}"),
        *("", "年初预算数", "全年执行数（万元）"),
        *(
            "其中：财政拨款",
            "{{ fiscal_appropriation_initial }}",
            "{{ fiscal_appropriation_outturn | number }}",
        ),
        *("公务接待", "{{ three_public.reception.initial }}", "—"),
        *("大事记", "{{ cell_r5_c2 }}", "{{ cell_r5_c3 | number }}"),
    ]


@pytest.mark.parametrize(
    ("head", "above"),
    [("年初预算数（万元）", ""), ("年初预算数", "单位：万元"), ("年初预算数", "")],
)
def test_an_amount_whose_unit_is_named_is_printed_without_it(tmp_path, head, above):
    body = paragraph(above) + table(row("", head, "得分"), row("其他资金", "", ""))
    bare = " | number" if "万元" in f"{head}{above}" else ""
    assert filled(tmp_path, body)[-2:] == [
        f"{{{{ other_funds_initial{bare} }}}}",
        "{{ other_funds_score }}",
    ]


def test_two_cells_of_one_name_are_told_apart(tmp_path):
    body = table(row("单位名称", ""), row("项目名称", ""), row("项目名称：", ""))
    assert filled(tmp_path, body)[1::2] == [
        "{{ unit.name }}",
        "{{ project_name }}",
        "{{ project_name_2 }}",
    ]


def test_a_cell_merged_downwards_heads_all_its_rows(tmp_path):
    start = '<w:vMerge w:val="restart"/>'
    body = table(
        row("一级指标", "年度指标值", "得分"),
        row(cell("产出指标", properties=start), "", ""),
        row(cell("", properties="<w:vMerge/>"), "", ""),
    )
    assert filled(tmp_path, body)[4:] == [
        *("{{ output_target }}", "{{ output_score }}"),
        *("", "{{ output_target_2 }}", "{{ output_score_2 }}"),
    ]


def test_rows_that_say_nothing_are_repeated_for_a_table_of_facts(tmp_path):
    blank = [row(str(number), "", "") for number in (1, 2, 3)]
    body = table(row("序号", "用途", "金额"), *blank, row("……", "", ""), row("合计", "", ""))
    files, texts = made(tmp_path, body)
    assert texts[3:] == [
        *("{%tr for item in rows_r2 %}", "", ""),
        *("{{ loop.index }}", "{{ item.column_2 }}", "{{ item.amount }}"),
        *("{%tr endfor %}", "", ""),
        *("{#tr 不用的空行 #}", "", ""),
        *("合计", "{{ cell_r6_c2 }}", "{{ total_amount }}"),
    ]
    assert "  - rows_r2 " in files["pack.yaml"].decode()


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        (
            "负责人：____ 填表日期：  年  月  日",
            "负责人：{{ leader }} 填表日期：{{ report.preparer.date | day }}",
        ),
        ("20  年  月  日", "{{ report.date | day }}"),
        ("项目总投资____万元。", "项目总投资{{ blank_p1 }}万元。"),
        (
            "填表人：      联系电话：",
            "填表人：{{ report.preparer.name }}      联系电话：{{ report.preparer.phone }}",
        ),
        ("负责人（签字）：________", "负责人（签字）：________"),
        ("2024年5月1日", "2024年5月1日"),
        ("主要内容如下：", "主要内容如下："),
        (
            "是否公开：□是 □否",
            f"是否公开：{box('是')}是 {box('否')}否",
        ),
    ],
    ids=range(8),
)
def test_blanks_in_a_text_are_filled(tmp_path, text, becomes):
    assert filled(tmp_path, paragraph(text)) == [becomes]


def test_an_underlined_gap_is_a_line_to_write_on(tmp_path):
    line = '<w:r><w:rPr><w:u w:val="single"/></w:rPr><w:t xml:space="preserve">     </w:t></w:r>'
    body = paragraph("评价机构：").replace("</w:p>", f"{line}</w:p>")
    assert filled(tmp_path, body) == ["评价机构：{{ blank_p1 }}"]


def test_the_pack_names_the_form_and_the_facts_that_it_asks_for(tmp_path):
    body = paragraph("项目自评表") + table(row("项目名称", ""), row("执行率：", ""))
    files, _ = made(tmp_path, body, "自评表.docx")
    lines = files["pack.yaml"].decode().splitlines()
    assert {"kind: form", "form: 自评表", "name: '项目自评表'"} <= set(lines)
    wanted = [line.split()[1] for line in lines if line.startswith("  - ")]
    assert wanted == ["project_name", "execution_rate"]
    assert "| 表1 第1行第2列 | 项目名称 | `{{ project_name }}` |" in files["fields.md"].decode()


def test_a_form_without_blanks_is_told(tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(word_file(paragraph("甲") + table(row("甲", "乙"))))
    files, findings = logged(form_pack, path)
    assert [each.code for each in findings] == ["P321"]
    with zipfile.ZipFile(io.BytesIO(files["forms/a.docx"])) as form:
        assert form.testzip() is None


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "不是 Word 文件"),
        (b"PK\x03\x04", "不是 Word 文件"),
        (b"%PDF-1.7", "PDF"),
        (b"{\\rtf1 a}", "RTF"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (OLE + bytes(600), ".doc"),
        (b"PK" + bytes(4_000_000), "超过上限"),
    ],
    ids=range(7),
)
def test_what_is_no_word_file_is_told_with_what_to_do(tmp_path, monkeypatch, data, said):
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    path = tmp_path / "a.doc"
    path.write_bytes(data)
    files, (one,) = logged(form_pack, path)
    assert files is None
    assert one.code == "P320"
    assert said in message(one, "zh")
    assert ".docx" in help_text(one, "zh")


def test_a_bomb_and_a_folder_are_told(tmp_path):
    bomb = tmp_path / "a.docx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(14_000_000))
    for path in (bomb, tmp_path, tmp_path / "missing.docx"):
        files, findings = logged(form_pack, path)
        assert files is None
        assert [each.code for each in findings] == ["P320"]


def test_the_pack_builds_as_it_is_when_the_facts_are_there(tmp_path):
    blank = [row("", "") for _ in range(3)]
    body = paragraph("2024年度自评表") + table(
        row("单位名称", ""), row("项目名称", ""), row("自评等级", "□优 □良")
    )
    body += paragraph("资金（万元）") + table(row("用途", "金额（万元）"), *blank)
    source = tmp_path / "sheet.docx"
    source.write_bytes(word_file(body))
    root = tmp_path / "project"
    shutil.copytree(ROOT / "templates/shared", root / "templates/shared")
    assert new_pack(root, "a/sheet", Diagnostics(), source)
    needs, findings = logged(check_pack, SourceFiles(root), "a/sheet")
    assert [each.code for each in findings if each.severity == "error"] == []
    assert {"project_name", "grade", "rows_t2_r2"} <= set(needs.facts)
    report = root / "data/u/2024/r"
    report.mkdir(parents=True)
    (root / "data/u/unit.yaml").write_text("name: 某局\n", "utf-8")
    facts = "pack: a/sheet\ndate: 2025-05-01\nfacts: {project_name: 甲项目, grade: 良}\n"
    rows = "tables:\n  rows_t2_r2:\n    - {id: a, column_1: 设备, amount: 12.5}\n"
    (report / "report.yaml").write_text(facts + rows, "utf-8")
    outcome = build(Job(root, root / "build", "u", 2024, "r", formats=("docx",)))
    assert [each.code for each in outcome.findings if each.severity == "error"] == []
    texts = [each.text for each in paragraphs(WordFile.read(outcome.files["r.docx"]))]
    assert texts[1:] == [
        *("单位名称", "某局", "项目名称", "甲项目", "自评等级", "□优 ☑良", "资金（万元）"),
        *("用途", "金额（万元）", "设备", "12.5"),
    ]


def test_two_blank_rows_below_heads_are_repeated_and_get_a_row_for_the_last_tag(tmp_path):
    body = table(row("三级指标", "指标值"), row("", ""), row("", "")) + paragraph("注")
    files, texts = made(tmp_path, body)
    assert texts == [
        *("三级指标", "指标值"),
        *("{%tr for item in rows_r2 %}", ""),
        *("{{ item.name }}", "{{ item.target }}"),
        *("{%tr endfor %}", ""),
        "注",
    ]
    assert "rows_r2" in files["pack.yaml"].decode()


def test_one_blank_row_below_heads_is_filled_once(tmp_path):
    body = table(row("主管部门", "项目名称"), row("", ""))
    assert filled(tmp_path, body)[2:] == ["{{ competent_department }}", "{{ project_name }}"]


def test_a_blank_beside_a_label_is_filled_though_labels_stand_beside_and_below_it(tmp_path):
    body = table(
        row("项目负责人", "", "联系电话", ""),
        row(cell("项目资金", properties=DOWN), "", "年初预算数", "全年执行数"),
        row(cell("", properties=ON), "资金来源", "", ""),
        widths=(1, 1, 1, 1),
    )
    texts = filled(tmp_path, body)
    assert texts[:4] == [
        *("项目负责人", "{{ project_leader }}", "联系电话", "{{ report.preparer.phone }}"),
    ]
    assert texts[5] == ""  # between heads of rows and of columns


def test_what_is_signed_by_hand_stays_blank_and_is_listed(tmp_path):
    body = table(row("单位负责人（签字）", "", "填表日期", ""), widths=(1, 1, 1, 1))
    files, texts = made(tmp_path, body)
    assert texts == ["单位负责人（签字）", "", "填表日期", "{{ report.preparer.date | day }}"]
    assert "| 表1 第1行第2列 | 单位负责人（签字） | 手签" in files["fields.md"].decode()


def test_boxes_to_tick_head_nothing(tmp_path):
    body = table(row("自评等级", "□优 □良"), row("其他说明", ""))
    files, _ = made(tmp_path, body)
    assert "| 其他说明 | `{{ cell_r2_c2 }}` |" in files["fields.md"].decode()


def test_heads_of_several_rows_name_a_cell_together(tmp_path):
    body = table(
        row("科目", wide("年初预算", 2), wide("决算", 2)),
        row("", "金额", "备注", "金额", "备注"),
        row("合计", "", "", "", ""),
        widths=(1, 1, 1, 1, 1),
    )
    files, texts = made(tmp_path, body)
    assert texts[-5:] == [
        "合计",
        *("{{ total_initial_amount }}", "{{ total_initial_remark }}"),
        *("{{ total_outturn_amount }}", "{{ total_outturn_remark }}"),
    ]
    assert "| 合计·年初预算·金额 |" in files["fields.md"].decode()
