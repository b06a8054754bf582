"""The workbook to fill in: what may be typed, what stands beside it, what it looks like."""

from __future__ import annotations

import io

import pytest
from filled_books import FillIn, exported
from openpyxl import load_workbook

from reportgen.features.spreadsheet.filling import fill_book
from reportgen.findings import Diagnostics
from reportgen.project.source_files import SourceFiles
from small_project import DATA, HOME, SmallProject


@pytest.fixture
def project(tmp_path):
    return SmallProject.copied(tmp_path / "project")


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    root = SmallProject.copied(tmp_path_factory.mktemp("raw") / "project").root
    return exported(root, "bureau", 2023)


@pytest.fixture
def book(raw):
    return FillIn(raw)


def sheet_named(book, name):
    return book.book[name]


def heads(sheet):
    return [cell.value for cell in sheet[4][1:]]


def test_a_first_sheet_says_what_to_do_and_whom_to_send_it_to(book):
    first = book.book.worksheets[0]
    texts = [str(cell.value) for row in first.iter_rows() for cell in row if cell.value]
    assert first.title == "填写说明"
    assert texts[0].startswith("2023年度绩效自评填报表　")
    assert any("发回 填表人甲（0000000）" in text for text in texts)
    linked = [
        cell.hyperlink.location for row in first.iter_rows() for cell in row if cell.hyperlink
    ]
    assert "'资金与项目'!B1" in linked


def test_each_table_has_a_sheet_with_the_labels_and_units_of_the_forms(book):
    names = [sheet.title for sheet in book.sheets]
    assert names[:3] == ["资金与项目", "绩效目标", "收支与经费"]
    assert "绩效指标（department）" in names
    funds = heads(sheet_named(book, "资金与项目"))
    assert funds[:7] == [
        *("名称", "类别", "资金来源", "归组"),
        *("年初预算数（万元）", "决算数（万元）", "上年决算数"),
    ]


def test_last_years_value_stands_locked_beside_this_years(book):
    cell = book.cells()["/funds.training", "^outturn"]
    assert (cell.value, cell.protection.locked) == (16, True)


def test_what_is_worked_out_is_locked_and_a_live_formula(book):
    cells = book.cells()
    project = cells["/expenditure.project", "outturn"]
    assert project.protection.locked
    assert "SUM('资金与项目'!$G$5:$G$15)" in project.value
    lost = cells["department/ratings.growth", "=lost"]
    assert lost.value.startswith("=IF(COUNT(")


def test_a_sum_of_rows_takes_in_the_rows_to_be_added(book):
    sheet = sheet_named(book, "资金与项目")
    (total,) = [row for row in sheet.iter_rows() if str(row[1].value).startswith("合计")]
    assert total[5].value == "=SUM(F5:F15)"
    assert sheet["A15"].value == "/+funds"


def test_formulas_carry_the_values_they_come_to(project):
    raw = exported(project.root, "bureau", 2023)
    results = load_workbook(io.BytesIO(raw), data_only=True)
    cell = FillIn(raw).cells()["/expenditure.project", "outturn"]
    assert results[cell.parent.title][cell.coordinate].value == pytest.approx(127.2)


def test_figures_below_a_sheet_say_their_formula_and_basis(project):
    project.replace(
        f"{HOME}/report.yaml",
        'formula: 新增企业 / 规模企业, unit: "%"',
        'formula: 新增企业 / 规模企业, unit: "%", basis: 某财绩〔2023〕1号',
    )
    sheet = FillIn(exported(project.root, "bureau", 2023)).book["其他事实 facts"]
    rows = {row[1].value: row for row in sheet.iter_rows()}
    words = rows["规模企业增长"][3].value
    assert "新增企业 ÷ 规模企业" in words
    assert "某财绩〔2023〕1号" in words


def test_texts_that_cite_figures_are_locked(book):
    assert book.cells()["/goals.1", "value"].protection.locked


def test_every_sheet_is_protected_without_a_password(book):
    for sheet in book.book.worksheets:
        assert sheet.protection.sheet, sheet.title
        assert not sheet.protection.password


def test_number_formats_show_the_digits_that_are_typed(book):
    cells = book.cells()
    assert cells["/three_public.vehicle_operation", "outturn"].number_format == "0.00######"
    assert cells["/工业投资", "value"].number_format == '0.0######"亿元"'
    assert cells["/规模企业", "value"].number_format == 'General"家"'
    assert cells["department/preparer.phone", "value"].number_format == "@"


def test_a_number_said_roughly_stays_a_text(book):
    assert book.cells()["/服务企业", "value"].value == "2万余家"


def test_a_number_of_more_digits_than_a_cell_holds_is_a_text(project):
    project.replace(f"{DATA}/facts.yaml", "12家", "1234567890123456.5家")
    book = FillIn(exported(project.root, "bureau", 2023))
    assert book.cells()["/规模企业", "value"].value == "1234567890123456.5家"


def test_texts_that_begin_like_formulas_are_texts(project):
    project.replace(f"{DATA}/facts.yaml", "增速排名: 第一", "增速排名: '=HYPERLINK(1)'")
    cell = FillIn(exported(project.root, "bureau", 2023)).cells()["/增速排名", "value"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_blanks_are_coloured_and_words_offered(book):
    sheet = sheet_named(book, "资金与项目")
    rules = [rule.formula[0] for group in sheet.conditional_formatting for rule in group.rules]
    there = 'ISNUMBER(FIND("/",$A5)),ISERROR(FIND("/+",$A5))'
    assert f"AND(ISBLANK(F5),{there})" in rules
    lists = {str(each.sqref): each for each in sheet.data_validations.dataValidation}
    words = lists["C5:C15"].formula1.lstrip("=")
    name, _, cells = words.partition("!")
    offered = [row[0].value for row in book.book[name.strip("'")][cells.replace("$", "")]]
    assert offered == ["业务工作经费", "专项资金"]
    assert lists["I5:I15"].formula1 == '"删"'


def test_names_and_widths_fit_and_pages_are_as_wide_as_the_sheet(book):
    for sheet in book.sheets:
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.freeze_panes == "C5"
        assert sheet.print_title_rows == "$4:$4"
        assert sheet.column_dimensions["A"].hidden
        assert sheet.row_dimensions[3].hidden
        assert len(sheet.title) <= 31


def test_remarks_stand_beside_and_above_their_rows(project):
    text = "# 资金，单位万元。\nfunds:\n  # 一、业务\n"
    row = "  - {id: a, name: 甲, category: 业务, source: 市级, outturn: }   # 含春运 待填（万元）\n"
    project.write(f"{DATA}/funds.yaml", text + row)
    sheet = FillIn(exported(project.root, "bureau", 2023)).book["资金与项目"]
    assert sheet["B2"].value == "资金，单位万元。"
    assert sheet["B5"].value == "一、业务"
    assert "含春运" in [cell.value for cell in sheet[6]]


def test_rows_of_which_nothing_is_said_but_what_to_do_have_no_remark(project):
    funds = (
        "  - id: a   # 待确认\n    name: 甲   # 含春运 待确认\n    outturn:   # 待填（万元）\n"
        "  - id: b   # 待确认\n    name: 乙   # 待确认\n    outturn:   # 待填（万元）\n"
    )
    project.write(f"{DATA}/funds.yaml", f"funds:\n{funds}")
    sheet = FillIn(exported(project.root, "bureau", 2023)).book["资金与项目"]
    column = next(cell.column for cell in sheet[3] if cell.value == "?")
    assert [sheet.cell(row, column).value for row in (5, 6)] == ["含春运", None]


def test_indicators_have_room_for_why_points_are_lost_before_any_says_so(project):
    rows = "  - {id: a, name: 甲, level1: 产出指标, points: 50, score: }   # 待填\n"
    project.write(f"{HOME}/ratings.yaml", f"ratings:\n{rows}")
    cells = FillIn(exported(project.root, "bureau", 2023)).open_cells()
    assert ("department/ratings.a", "deviation") in cells


def test_a_blank_fact_has_the_unit_that_its_remark_asks_for(project):
    project.replace(f"{DATA}/facts.yaml", "新增企业: 3家", "新增企业:   # 待填（家）")
    cell = FillIn(exported(project.root, "bureau", 2023)).cells()["/新增企业", "value"]
    assert (cell.value, cell.number_format) == (None, 'General"家"')


def test_the_same_files_make_the_same_bytes(project):
    assert exported(project.root, "bureau", 2023) == exported(project.root, "bureau", 2023)


# Offices


def with_offices(project, text):
    project.write(f"{DATA}/offices.yaml", f"offices:\n{text}")


def test_an_office_gets_what_it_fills_in_and_nothing_else(project):
    with_offices(
        project, "  财务科: [funds, three_public]\n  人事科: [staffing.yaml, funds.training]\n"
    )
    keys = {key for key, _ in FillIn(exported(project.root, "bureau", 2023, "人事科")).cells()}
    assert keys == {"/staffing.quota", "/staffing.actual", "/funds.training"}
    keys = {key for key, _ in FillIn(exported(project.root, "bureau", 2023, "财务科")).cells()}
    assert "/funds.survey" in keys
    assert "/funds.training" not in keys
    assert "/staffing.quota" not in keys


def test_columns_of_others_are_locked_for_an_office(project):
    with_offices(project, "  财务科: [funds.*.outturn]\n")
    cells = FillIn(exported(project.root, "bureau", 2023, "财务科")).cells()
    assert not cells["/funds.survey", "outturn"].protection.locked
    assert cells["/funds.survey", "initial"].protection.locked
    assert cells["/funds.survey", "initial"].value == "12.5"
    assert ("/funds.survey", "-") not in cells


def test_an_office_that_fills_in_nothing_is_told_with_those_that_do(project):
    with_offices(project, "  财务科: [funds]\n")
    log = Diagnostics()
    assert (
        fill_book(SourceFiles(project.root), "bureau", 2023, ("department",), "档案科", log) is None
    )
    (told,) = log
    assert told.code == "X161"
    assert told.params["known"] == "财务科"
