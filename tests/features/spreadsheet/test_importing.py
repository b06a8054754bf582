from __future__ import annotations

import datetime as dt
import hashlib
import io
import zipfile

import pytest
from openpyxl.styles import Alignment
from workbooks import (
    ACCOUNTS,
    FACTS,
    FUNDS,
    HEAD,
    book,
    changes,
    data,
    imported,
    sheet,
    told,
    with_values,
)

from reportgen.features.spreadsheet.importing import save
from reportgen.model import limits
from reportgen.model.units import find_unit
from reportgen.project import saving
from small_project import SmallProject, reportgen

TRAINING = (1, "业务培训经费", 20, 18.4)
SURVEY = (2, "行业普查经费", 12.5, 12.5)
CHAINS = (3, "产业链专项资金", 100, 96.3)


@pytest.fixture
def project(tmp_path):
    return SmallProject.copied(tmp_path / "project")


# What is taken


def test_equal_values_touch_nothing(project):
    result = imported(project, book(HEAD, TRAINING, SURVEY, CHAINS))
    assert (told(result), result.after) == ([], {})


def test_title_rows_unit_line_two_head_rows_numbering_notes_and_totals(project):
    made = book(
        ["2023年资金使用情况表"],
        ["", "", "", "", "单位：万元"],
        ["序号", "项目名称", "预算数", "", "2023年\n决算数"],
        ["", "", "年初", "全年", ""],
        [1, "业务培训经费", 20, 21, 18.4],
        [],
        [2, " 行业普查 经费", 12.5, None, 13],
        ["合计", None, 32.5, 21, 31.4],
        ["注：全年预算数为调整后数"],
        ["填表人：某某"],
    )
    for cells in ("A1:E1", "A3:A4", "B3:B4", "C3:D3", "E3:E4", "A9:E9"):
        sheet(made).merge_cells(cells)
    result = imported(project, made)
    assert told(result) == [("X122", "Sheet1!9:9"), ("X122", "Sheet1!10:10")]
    assert changes(result) == {
        "funds.training.budget": ("", "21"),
        "funds.survey.outturn": ("12.5", "13"),
    }


def test_only_the_changed_characters_of_the_yaml_change(project):
    before = project.text(FUNDS)
    result = imported(project, book(HEAD, (1, "业务培训经费", 20, 19), CHAINS))
    after = before.replace("initial: 20, outturn: 18.4}", "initial: 20, outturn: 19}")
    assert result.after == {FUNDS: after}
    assert before != after


def test_missing_field_is_added_where_the_schema_has_it(project):
    made = book(["项目名称", "全年预算数"], ["业务培训经费", 21], ["产业链专项资金", 100])
    text = imported(project, made).after[FUNDS]
    assert "initial: 20, budget: 21, outturn: 18.4}" in text
    assert "    initial: 100\n    budget: 100\n    outturn: 96.3\n" in text


def test_new_row_stands_below_its_category_with_an_id_proposed(project):
    made = book(
        ["项目名称", "类别", "资金来源", "年初预算数"], ["新设经费", "业务工作经费", "市级", 3]
    )
    result = imported(project, made)
    assert told(result) == [("X123", "Sheet1!A2")]
    row = "  - {id: fund_1, name: 新设经费, category: 业务工作经费, source: 市级, initial: 3}\n"
    assert f"outturn: 12.5}}\n{row}  - id: chains" in result.after[FUNDS]


def test_new_row_of_a_block_list_is_a_block_and_takes_its_id_from_the_sheet(project):
    head = ["标识", "项目名称", "类别", "资金来源", "决算数"]
    made = book(head, ["parks", "园区资金", "专项资金", "上级", 5])
    result = imported(project, made)
    assert told(result) == []
    assert result.after[FUNDS].endswith(
        "    group: 产业链\n  - id: parks\n    name: 园区资金\n    category: 专项资金\n"
        "    source: 上级\n    outturn: 5\n"
    )


def test_category_rows_are_checked_and_give_new_rows_their_category(project):
    made = book(
        ["项目名称", "资金来源", "决算数"],
        ["一、业务工作经费", None, 33.9],
        ["业务培训经费", "市级", 18.4],
        ["行业普查经费", "上级", 12.5],
        ["新设经费", "市级", 3],
        ["二、专项资金", None, 96.3],
        ["产业链专项资金", "上级", 96.3],
        ["总计", None, 130.2],
    )
    result = imported(project, made)
    assert told(result) == [("X123", "Sheet1!A5")]
    assert "name: 新设经费, category: 业务工作经费" in result.after[FUNDS]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("18.40", ""),
        ("\uff11\uff19\uff0e\uff15", "19.5"),
        ("1,018.40", "1018.40"),
        ("1，018.4", "1018.4"),
        ("190000元", "19"),
        ("0.0019亿元", "19"),
        (19, "19"),
        (0.1 + 0.2, "0.3"),
        (18.4 + 1e-14, ""),
        (1234567.89, "1234567.89"),
        (0, "0"),
    ],
)
def test_numbers_are_exact_however_they_are_written(project, cell, text):
    result = imported(project, book(HEAD, (1, "业务培训经费", 20, cell)))
    assert told(result) == []
    assert changes(result) == ({"funds.training.outturn": ("18.4", text)} if text else {})


def test_digits_are_those_that_the_format_shows(project):
    made = book(HEAD, (1, "业务培训经费", 20, 12.5))
    sheet(made)["D2"].number_format = "#,##0.00_ "
    assert changes(imported(project, made))["funds.training.outturn"] == ("18.4", "12.50")


def test_more_digits_than_shown_are_taken_and_told(project):
    made = book(HEAD, (1, "业务培训经费", 20, 12.3456))
    sheet(made)["D2"].number_format = "0.00"
    result = imported(project, made)
    assert told(result) == [("X115", "Sheet1!D2")]
    assert changes(result)["funds.training.outturn"] == ("18.4", "12.3456")


@pytest.mark.parametrize("where", ["line", "head", "group", "format"])
def test_yuan_are_turned_into_the_unit_of_the_data(project, where):
    head = ["项目名称", "决算数（元）" if where == "head" else "决算数", "年初预算数（万元）"]
    made = book(head, ["业务培训经费", 190000, 20])
    if where == "line":
        made = book(["单位：元"], head, ["业务培训经费", 190000, 20])
    if where == "group":
        made = book(["", "支出（元）", ""], head, ["业务培训经费", 190000, 20])
    if where == "format":
        sheet(made)["B2"].number_format = '#,##0"元"'
    assert changes(imported(project, made)) == {"funds.training.outturn": ("18.4", "19")}


def test_blank_is_neither_zero_nor_a_deletion(project):
    result = imported(project, book(HEAD, (1, "业务培训经费", "—", None)))
    results = [cell.result for cell in result.cells]
    assert (results, result.after) == (["kept", "kept"], {})


def test_formula_is_taken_by_its_result(project):
    made = book(HEAD, (1, "业务培训经费", 20, "=9+10"), ("合计", None, 20, "=SUM(D2:D2)"))
    result = imported(project, with_values(made, D2="19", D3="19"))
    assert told(result) == []
    assert changes(result) == {"funds.training.outturn": ("18.4", "19")}


def test_formula_without_result_is_told_and_not_taken(project):
    made = book(HEAD, (1, "业务培训经费", 21, "=9+10"), ("合计", None, 21, "=D2"))
    result = imported(project, made)
    assert told(result) == [("X113", "Sheet1!D2"), ("X113", "Sheet1!D3")]
    assert changes(result) == {"funds.training.initial": ("20", "21")}


def test_hidden_parts_are_told_and_taken_only_on_request(project):
    made = book(HEAD, (1, "业务培训经费", 20, 19), (2, "行业普查经费", 12.5, 13))
    sheet(made).row_dimensions[3].hidden = True
    sheet(made).column_dimensions["C"].hidden = True
    made.create_sheet("旧表").sheet_state = "hidden"
    result = imported(project, made)
    places = ["Sheet1!3:3", "Sheet1!C1", "旧表"]
    assert sorted(told(result)) == [("X120", place) for place in places]
    assert changes(result) == {"funds.training.outturn": ("18.4", "19")}
    assert len(changes(imported(project, made, hidden=True))) == 2


def test_last_years_and_unknown_columns_are_told(project):
    made = book(
        ["项目名称", "2022年决算数", "2023年决算数", "上年决算数", "预算数"],
        ["业务培训经费", 1, 18.4, 1, 20],
    )
    result = imported(project, made)
    assert told(result) == [("X127", "Sheet1!B1"), ("X127", "Sheet1!D1"), ("X138", "Sheet1!E1")]
    assert result.after == {}
    result = imported(project, made, named={"预算数": "全年预算数"})
    assert changes(result) == {"funds.training.budget": ("", "20")}


def test_column_of_words_may_be_merged_downwards(project):
    made = book(
        ["类别", "项目名称", "决算数"],
        ["业务工作经费", "业务培训经费", 18.4],
        [None, "行业普查经费", 12.5],
    )
    sheet(made).merge_cells("A2:A3")
    assert told(imported(project, made)) == []


def test_budget_lines_are_known_by_their_labels(project):
    made = book(
        ["项目", "年初预算数", "决算数"],
        ["1.公务接待", 3, 2.5],
        ["（二）因公出国（境）", 0, 0],
        ["基本支出", 300, 281],
        ["从来没有的一行", 1, 1],
    )
    result = imported(project, made)
    assert told(result) == [("X125", "Sheet1!A5")]
    assert changes(result) == {
        "three_public.reception.outturn": ("2.25", "2.5"),
        "expenditure.basic.outturn": ("280.75", "281"),
    }
    assert "reception: {initial: 3, outturn: 2.5}" in result.after[ACCOUNTS]


def test_section_that_is_not_there_gets_all_its_lines(project):
    made = book(["项目", "决算数"], ["一般公共预算", 300], ["其他资金", 1.5])
    result = imported(project, made, into="budget")
    assert told(result) == []
    path = FUNDS.replace("funds", "income")
    head = "# yaml-language-server: $schema=../../../templates/shared/schemas/year.schema.json\n"
    assert result.after == {
        path: f"{head}income:\n  general: {{outturn: 300}}\n  government_fund: {{outturn: }}\n"
        "  special_account: {outturn: }\n  other: {outturn: 1.5}\n"
    }


def test_free_table_keeps_units_and_takes_words(project):
    made = book(["名称", "次数"], ["春季走访", 5], ["秋季走访", "6次"])
    result = imported(project, made)
    assert told(result) == []
    assert changes(result) == {
        "visits.spring.次数".replace("visits", "tables.visits"): ("4次", "5次")
    }


def test_budget_lines_are_known_with_and_without_the_word_for_expense(project):
    made = book(
        ["项目", "年初预算数", "决算数"],
        ["公务接待费", 3, 2.5],
        ["因公出国（境）费用", 0, 0],
        ["公务用车运行维护费", 1, 1],
        ["基本支出费", 300, 281],
        ["费", 1, 1],
    )
    result = imported(project, made)
    assert told(result) == [("X125", "Sheet1!A6")]


def test_facts_by_key_value_and_unit(project):
    made = book(
        ["键", "数值", "单位"],
        ["工业投资", 45000, "万元"],
        ["规模企业", 13, "家"],
        ["增速排名", "第二", ""],
        ["staffing.actual", 28, "人"],
        ["没有的事实", 1, "家"],
    )
    result = imported(project, made, into="facts")
    assert told(result) == [("X125", "Sheet1!A6")]
    assert changes(result) == {
        "规模企业.value": ("12家", "13家"),
        "增速排名.value": ("第一", "第二"),
        "staffing.actual.value": ("27人", "28人"),
    }
    assert "规模企业: 13家\n" in result.after[FACTS]


def test_percent_cell_is_a_percentage(project):
    project.replace(FACTS, "  规模企业: 12家", "  规模企业: 12家\n  占比: 35.40%")
    made = book(["键", "数值"], ["占比", 0.355])
    sheet(made)["B2"].number_format = "0.00%"
    assert changes(imported(project, made, into="facts")) == {"占比.value": ("35.40%", "35.50%")}


def test_csv_of_excel_is_read(project):
    text = "项目名称,决算数\n业务培训经费,19\n"
    for raw in (text.encode("gb18030"), text.encode("utf-8-sig")):
        result = imported(project, raw, name="表.csv")
        assert changes(result) == {"funds.training.outturn": ("18.4", "19")}


def test_names_that_yaml_would_misread_are_quoted(project):
    names = ["甲: 乙", "#1", "- x", "{{ 1 }}", "it's", "yes", "a, b]", "[x"]
    rows = [[n, "业务工作经费", "市级", 1] for n in names]
    result = imported(project, book(["项目名称", "类别", "资金来源", "决算数"], *rows))
    assert not result.failed, told(result)
    save(project.files, result)
    again = imported(project, book(["项目名称", "类别", "资金来源", "决算数"], *rows))
    assert (again.after, told(again)) == ({}, [])


# What is refused


def one(project, made, **options):
    result = imported(project, made, **options)
    assert result.failed
    assert result.after == {}
    return told(result)


def test_wrong_total_is_told_at_its_cell(project):
    made = book(HEAD, TRAINING, SURVEY, ("小计", None, 32.5, 31), ("合计", None, 32.5, 30.9))
    assert one(project, made) == [("X116", "Sheet1!D4")]


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([HEAD, (1, "业务培训经费", 20, "#REF!")], ("X112", "Sheet1!D2")),
        ([HEAD, (1, "业务培训经费", 20, "待定")], ("X114", "Sheet1!D2")),
        ([HEAD, (1, "业务培训经费", 20, True)], ("X114", "Sheet1!D2")),
        ([HEAD, (1, "业务培训经费", 20, dt.date(2023, 6, 1))], ("X114", "Sheet1!D2")),
        ([HEAD, (1, "业务培训经费", 20, "3美圆")], ("X110", "Sheet1!D2")),
        ([HEAD, (1, None, 20, 1)], ("X126", "Sheet1!2:2")),
        ([HEAD, TRAINING, TRAINING], ("X117", "Sheet1!B3")),
        ([HEAD, (1, "新设经费", 20, 1)], ("X119", "Sheet1!2:2")),
        ([[*HEAD, "执行数"], (*TRAINING, 1)], ("X109", "Sheet1!E1")),
        ([["单位：百元元"], HEAD, TRAINING], ("X110", "Sheet1!A1")),
        ([["项目名称", "决算数（千万万元）"], ["业务培训经费", 1]], ("X110", "Sheet1!B1")),
        ([["甲", "乙"], [1, 2]], ("X106", "")),
        ([], ("X105", "")),
    ],
)
def test_what_cannot_be_taken_is_told_at_its_cell(project, rows, wanted):
    into = "funds" if wanted[0] in {"X119", "X126"} else ""
    assert wanted in one(project, book(*rows), into=into)


def test_error_cell_of_a_formula(project):
    made = book(HEAD, (1, "业务培训经费", 20, "=1/0"))
    raw = with_values(made, D2="#DIV/0!")
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'<c r="D2">', b'<c r="D2" t="e">'))
    assert one(project, packed.getvalue()) == [("X112", "Sheet1!D2")]


def test_merged_amount_is_nobodys(project):
    made = book(HEAD, TRAINING, (2, "行业普查经费", 12.5, None))
    sheet(made).merge_cells("D2:D3")
    sheet(made)["D2"].alignment = Alignment(vertical="center")
    assert one(project, made) == [("X111", "Sheet1!D2")]


def test_two_rows_of_the_data_with_one_name_ask_for_an_id(project):
    project.replace(FUNDS, "name: 行业普查经费", "name: 业务培训经费")
    assert one(project, book(HEAD, TRAINING)) == [("X118", "Sheet1!B2")]
    made = book(["标识", "名称", "决算数"], ["survey", "业务培训经费", 13])
    assert changes(imported(project, made)) == {"funds.survey.outturn": ("12.5", "13")}


def test_sheet_and_table_have_to_be_clear(project):
    made = book(HEAD, TRAINING)
    made.copy_worksheet(made.active)
    assert one(project, made) == [("X107", "")]
    assert one(project, made, sheet="没有") == [("X107", "")]
    assert one(project, made, sheet="Sheet1", into="没有") == [("X108", "")]
    assert told(imported(project, made, sheet="Sheet1", into="funds")) == []


def test_sheet_about_something_else_is_left_alone(project):
    made = book(HEAD, TRAINING)
    made.create_sheet("说明").append(["使用说明"])
    assert told(imported(project, made)) == [("X128", "说明")]


def test_what_the_schema_refuses_is_told_at_its_cell(project):
    made = book(HEAD, (1, "业务培训经费", 20, -1))
    assert one(project, made) == [("S212", "Sheet1!D2")]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "X131"),
        (b"PK\x03\x04 cut off", "X101"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "X102"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage\0".encode("utf-16-le"),
            "X103",
        ),
        (data(book(["a"]))[:-200], "X101"),
    ],
)
def test_what_is_no_workbook_is_told(project, raw, code):
    assert one(project, raw) == [(code, "")]


@pytest.mark.parametrize("packer", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_archive_damaged_in_any_packing_is_told(project, packer):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", packer) as archive:
        archive.writestr("xl/workbook.xml", str(list(range(9999))))
    raw = packed.getvalue()
    for at in range(60, len(raw) - 100, len(raw) // 12):
        damaged = raw[:at] + bytes(byte ^ 0x5A for byte in raw[at : at + 9]) + raw[at + 9 :]
        assert one(project, damaged) == [("X101", "")]


def test_small_file_that_unpacks_to_much_is_refused(project, monkeypatch):
    monkeypatch.setattr(limits, "WORKBOOK_UNPACKED", 1000)
    assert one(project, book(HEAD, TRAINING)) == [("X104", "")]


def test_damaged_member_is_told(project):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x")
    assert one(project, packed.getvalue()) == [("X101", "")]


# The command


def test_dry_run_shows_the_diff_and_writes_nothing(project, tmp_path):
    path = tmp_path / "funds.xlsx"
    path.write_bytes(data(book(["单位：万元"], HEAD, (1, "业务培训经费", 20, 19))))
    before = project.text(FUNDS)
    options = ("--root", project.root, "--unit", "bureau", "--year", 2023, "--lang", "zh")
    done = reportgen("import", path, *options, "--dry-run")
    assert done.code == 0
    assert "+  - {id: training, name: 业务培训经费" in done.out
    assert "Sheet1!D3  funds.training.outturn  18.4  19" in done.out
    assert project.text(FUNDS) == before
    done = reportgen("import", path, *options)
    assert (done.code, done.out.splitlines()[-1]) == (0, FUNDS)
    assert project.text(FUNDS) != before


def test_refused_import_exits_with_1_and_writes_nothing(project, tmp_path):
    path = tmp_path / "funds.xlsx"
    path.write_bytes(data(book(HEAD, (1, "业务培训经费", 20, "待定"))))
    before = project.text(FUNDS)
    done = reportgen("import", path, "--root", project.root, "--unit", "bureau", "--year", 2023)
    assert done.code == 1
    assert "funds.xlsx[Sheet1!D2]: error[X114]" in done.out
    assert project.text(FUNDS) == before


def test_failed_write_leaves_every_file_as_it_was(project, monkeypatch):
    made = book(["项目", "决算数"], ["公务接待", 2.5], ["一般公共预算", 300])
    result = imported(project, made, into="budget")
    assert len(result.after) == 2
    before = {path: project.text(path) for path in result.before}

    def broken(*_args, **_kwargs):
        raise OSError(28, "full")

    monkeypatch.setattr(saving.os, "fsync", broken)
    with pytest.raises(OSError, match="full"):
        save(project.files, result)
    assert {path: project.text(path) for path in before} == before
    assert not list((project.root / FUNDS).parent.glob(".*"))


def test_line_ends_stay_as_they_were(project):
    project.write(FUNDS, project.text(FUNDS).replace("\n", "\r\n"))
    save(project.files, imported(project, book(HEAD, (1, "业务培训经费", 20, 19))))
    raw = (project.root / FUNDS).read_bytes()
    assert raw.count(b"\r\n") == raw.count(b"\n")
    assert b"outturn: 19}" in raw


# Tables of the author's own with units by column

OF_CHAINS = """tables:
  链:
    - {id: a, name: 甲, 项目: 3, 产值: 1.5}
    - {id: b, name: 乙, 项目: 4}
"""


@pytest.mark.parametrize(
    ("head", "row", "expected"),
    [
        (["名称", "项目", "产值"], ["甲", 5, 2], {"项目": ("3", "5"), "产值": ("1.5", "2")}),
        (["名称", "产值（万元）"], ["甲", 25000], {"产值": ("1.5", "2.5")}),
        (["名称", "项目", "产值"], ["甲", "3个", "1.50亿元"], {}),
    ],
    ids=["bare", "another unit", "the same with units"],
)
def test_own_table_takes_numbers_in_the_units_of_its_columns(project, head, row, expected):
    path = "data/bureau/2023/chains.yaml"
    project.write(path, f"{OF_CHAINS}units: {{链: {{项目: 个, 产值: 亿元}}}}\n")
    result = imported(project, book(head, row), into="链", amount_unit=find_unit("亿元"))
    assert told(result) == []
    assert changes(result) == {f"tables.链.a.{name}": cell for name, cell in expected.items()}


# The sheet as evidence

EVIDENCE = "data/bureau/2023/evidence/表.xlsx"
CONFIRMATIONS = "data/bureau/2023/confirmations.yaml"


def test_a_sheet_is_kept_as_evidence_of_the_values_that_it_gives(project):
    raw = data(book(HEAD, (1, "业务培训经费", 20, 19), (2, "行业普查经费", None, 12.5)))
    result = imported(project, raw, office="财务科")
    assert told(result) == []
    written = save(project.files, result)
    assert written == (CONFIRMATIONS, EVIDENCE, FUNDS)
    assert (project.root / EVIDENCE).read_bytes() == raw
    digest = hashlib.sha256(raw).hexdigest()
    assert project.text(CONFIRMATIONS) == (
        "confirmations:\n"
        "  - by: 财务科\n    evidence: 表.xlsx（Sheet1）\n"
        f"    file: evidence/表.xlsx\n    sha256: {digest}\n    values:\n"
        "      funds.training.initial: 20万元\n      funds.training.outturn: 19万元\n"
        "      funds.survey.outturn: 12.5万元\n"
    )
    assert not {"L139", "R501", "R502"} & {each.code for each in project.draft().findings}


def test_what_a_sheet_confirmed_is_told_when_the_value_or_the_sheet_changes(project):
    raw = data(book(HEAD, (1, "业务培训经费", 20, 19)))
    save(project.files, imported(project, raw, office="财务科"))
    project.replace(FUNDS, "outturn: 19}", "outturn: 91}")
    assert "R501" in {each.code for each in project.draft().findings}
    project.write(EVIDENCE, raw + b" ")
    assert "L139" in {each.code for each in project.draft().findings}


def test_another_sheet_of_one_name_takes_the_place_of_none(project):
    save(project.files, imported(project, book(HEAD, SURVEY, TRAINING), office="财务科"))
    before = project.text(CONFIRMATIONS)
    other = imported(project, book(HEAD, (1, "业务培训经费", 20, 30)), office="财务科")
    assert (told(other), other.failed, other.after) == ([("X129", "")], True, {})
    assert project.text(CONFIRMATIONS) == before


def test_without_an_office_nothing_is_kept(project):
    result = imported(project, book(HEAD, (1, "业务培训经费", 20, 19)))
    assert (list(result.after), result.evidence) == ([FUNDS], {})


def test_own_tables_and_facts_are_confirmed_by_the_keys_that_formulas_know(project):
    made = book(["键", "数值", "单位"], ["visits.spring.次数", 5, "次"], ["新增企业", 4, "家"])
    result = imported(project, made, into="facts", office="办公室")
    text = result.after[CONFIRMATIONS]
    assert "      visits.spring.次数: 5次\n      新增企业: 4家\n" in text


def test_own_tables_and_facts_of_a_report_take_values_too(project):
    path = "data/bureau/2023/department/roads.yaml"
    project.write(path, "tables:\n  roads:\n    - {id: a, name: 甲路, 长度: 3公里}\n")
    made = book(["名称", "长度"], ["甲路", 4], ["乙路", 5])
    result = imported(project, made, into="roads", report="department", office="建设科")
    assert told(result) == [("X123", "Sheet1!A3")]
    own = "data/bureau/2023/department/confirmations.yaml"
    assert save(project.files, result) == (own, path, EVIDENCE)
    for number in (4, 5):
        assert f"长度: {number}公里}}" in project.text(path)
    assert not {"L139", "R501", "R502"} & {each.code for each in project.draft().findings}


def test_a_report_that_is_not_there_is_told(project, tmp_path):
    sheet = tmp_path / "a.csv"
    sheet.write_text("名称,长度\n甲路,3\n", "utf-8")
    chosen = "--unit bureau --year 2023 --report none --root".split()
    run = reportgen("import", sheet, *chosen, project.root)
    assert (run.code, "J103" in run.out) == (1, True)


# Tables of the schema, whichever there are


def test_section_is_named_by_its_key_or_by_its_title(project):
    made = book(["项目", "决算数"], ["公务接待费", 3])
    for into in ("three_public", "三公经费", "budget", "收支与经费"):
        result = imported(project, made, into=into)
        assert changes(result) == {"three_public.reception.outturn": ("2.25", "3")}
    assert told(imported(project, made, into="income")) == [("X125", "Sheet1!A2")]


def test_single_values_of_a_section_are_known_by_their_labels_and_held_to_their_type(project):
    made = book(["名称", "数值"], ["编制数", 31], ["在职人数", "28人"])
    result = imported(project, made, into="人员编制")
    assert changes(result) == {
        "staffing.quota.value": ("30人", "31人"),
        "staffing.actual.value": ("27人", "28人"),
    }
    bad = book(["名称", "数值"], ["编制数", "31家"])
    assert one(project, bad, into="staffing") == [("S211", "Sheet1!B2")]


def test_lines_of_a_list_are_known_by_their_numbers_and_keep_what_they_cite(project):
    made = book(["序号", "绩效目标"], [1, "新增规模企业3家。"], [2, "走访企业三万家。"])
    result = imported(project, made)
    assert told(result) == [("X143", "Sheet1!B3")]
    assert [cell.result for cell in result.cells] == ["same", "bound"]


def test_indicators_of_a_report_take_points_and_leave_what_is_worked_out(project):
    made = book(
        ["三级指标", "分值", "得分", "一级指标"], ["新增企业", 50, 49.5, "产出指标（50分）"]
    )
    result = imported(project, made, report="department", into="绩效指标")
    assert changes(result) == {"ratings.firms.score": ("50", "49.5")}


def test_rows_of_one_name_are_told_apart_by_their_other_words(project):
    project.replace(FUNDS, "name: 行业普查经费", "name: 业务培训经费")
    made = book(["项目名称", "资金来源", "决算数"], ["业务培训经费", "上级", 13])
    assert changes(imported(project, made)) == {"funds.survey.outturn": ("12.5", "13")}


def test_form_with_lines_of_several_tables_goes_into_each(project):
    made = book(
        ["经费控制情况", "2022年决算数", "2023年决算数"],
        ["三公经费", 7, 7.75],
        ["其中：公务接待", 2, 2.5],
        ["公车运行维护", 5, 5.5],
        ["1、业务工作经费", 30, 31],
        ["业务培训经费", 18, 18.5],
        ["行业普查经费", 12, 12.5],
    )
    result = imported(project, made)
    assert changes(result) == {
        "three_public.reception.outturn": ("2.25", "2.5"),
        "funds.training.outturn": ("18.4", "18.5"),
    }
    assert told(result) == [("X127", "Sheet1!B1"), ("X125", "Sheet1!A2")]


def test_value_over_several_rows_counts_once_in_a_total(project):
    made = book(
        ["项目名称", "类别", "决算数"],
        ["业务培训经费", "业务工作经费", 18.4],
        ["行业普查经费", "业务工作经费", None],
        ["合计", None, 18.4],
    )
    sheet(made).merge_cells("C2:C3")
    assert one(project, made) == [("X111", "Sheet1!C2")]


def test_words_are_no_value_of_a_column_of_numbers(project):
    made = book(["名称", "次数"], ["春季走访", "待定"])
    assert one(project, made) == [("X114", "Sheet1!B2")]


def test_column_of_amounts_nobody_knows_is_told_with_what_holds_its_numbers(project):
    made = book(["项目名称", "预算"], ["业务培训经费", 20], ["产业链专项资金", 100])
    made.active["C1"] = "决算数"
    (told_,) = [each for each in imported(project, made).findings if each.code == "X138"]
    assert told_.params["likely"] == "年初预算数"


def test_hidden_row_is_told_once_and_counts_in_its_total(project):
    made = book(HEAD, TRAINING, SURVEY, ("", "合计", 32.5, 30.9))
    sheet(made).row_dimensions[3].hidden = True
    assert told(imported(project, made)) == [("X120", "Sheet1!3:3")]


def test_two_tables_that_state_one_value_differently_are_told(project):
    rows = [["项目名称", "决算数（万元）"], ["业务培训经费", 18.5]]
    lines = [["产业链专项资金", 97], ["业务培训经费", 18.6]]
    cells = ["".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in rows)]
    cells.append("".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in [rows[0], *lines]))
    page = "".join(f"<table>{table}</table><p>下表</p>" for table in cells)
    result = imported(project, f"<html>{page}</html>".encode(), name="表.html")
    assert [each.code for each in result.findings if each.severity == "error"] == ["X107"]
    assert result.after == {}
