"""Workbooks that were filled in, taken back: what was typed comes into the files, or is told."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import subprocess
import zipfile
from fractions import Fraction
from pathlib import Path

import pytest
from filled_books import FillIn, exported, taken, told, tree_of, values
from hypothesis import given, settings
from hypothesis import strategies as st

from real_report import ROOT
from reportgen.features.spreadsheet.fill_record import is_filled_in
from reportgen.findings import Diagnostics
from reportgen.load.formatting import formatted
from reportgen.project.layout import units, years
from reportgen.project.source_files import SourceFiles
from small_project import DATA, SmallProject

FUNDS = f"{DATA}/funds.yaml"
YEARS = [
    (unit, year)
    for unit in units(SourceFiles(ROOT))
    for year in years(SourceFiles(ROOT), unit)
    if (unit, year) != ("yongzhou", 2019)
]


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


def changed(project, *books):
    """Return what taking back workbooks changes, as YAML reads it before and after."""
    before = values(project.root, "data/bureau/2023")
    taken(project.root, *books, keep=True)
    after = values(project.root, "data/bureau/2023")
    keys = before.keys() | after.keys()
    return {key: after.get(key) for key in keys if before.get(key) != after.get(key)}


# Nothing typed


@pytest.mark.parametrize(("unit", "year"), YEARS)
def test_the_workbook_of_every_unit_comes_back_without_a_change(unit, year):
    raw = exported(ROOT, unit, year)
    result = taken(ROOT, raw, FillIn(raw))
    assert told(result) == []
    assert result.after == {}


def test_what_others_changed_meanwhile_stays_where_nothing_was_typed(project, book):
    project.replace(FUNDS, "outturn: 18.4", "outturn: 17.9")
    assert changed(project, book) == {}


# What is typed


def test_numbers_words_and_days_come_into_their_files(project, book):
    book.put("/funds.training", "initial", 21.5)
    book.put("/staffing.quota", "value", 31)
    book.put("/工业投资", "value", 4.75)
    book.put("/增速排名", "value", "全省第二")
    book.put("department/ratings.growth", "score", 39)
    book.put("department/date", "value", dt.date(2024, 7, 1))
    book.put("department/preparer.phone", "value", "0734-8888888")
    assert changed(project, book) == {
        "2023/funds.training.initial": "21.5",
        "2023/staffing.quota": "31人",
        "2023/工业投资": "4.75亿元",
        "2023/增速排名": "全省第二",
        "department/ratings.growth.score": "39",
        "department/date": "2024-07-01",
        "department/preparer.phone": "0734-8888888",
    }


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("21.5万元", "21.5"),
        ("215000元", "21.5"),
        ("\uff12\uff11\uff0e\uff15", "21.5"),
        (" 21.5 ", "21.5"),
        ("1,021.5", "1021.5"),
        ("2.15e1", None),
        ("约二十", None),
        ("21.5公里", None),
        (dt.date(2024, 5, 1), None),
        (True, None),
        ("#N/A", None),
        (-3, None),
        ("—", ""),
        ("无", ""),
    ],
)
def test_what_people_type_for_a_number_is_right_or_told_at_its_cell(project, book, typed, written):
    cell = book.put("/funds.training", "initial", typed)
    result = taken(project.root, book)
    if written is None:
        assert f"甲.xlsx[资金与项目!{cell.coordinate}]" in {place for _, place in told(result)}
        assert result.after == {}
    else:
        assert changed(project, book) == {"2023/funds.training.initial": written}


def test_a_text_may_be_a_dash_or_none(project, book):
    book.put("department/ratings.firms", "deviation", "无")
    assert changed(project, book) == {"department/ratings.firms.deviation": "无"}


def test_a_percentage_stays_one_whether_shown_with_decimals_or_not(project):
    project.replace(f"{DATA}/facts.yaml", "增速排名: 第一", "增速: 12%")
    book = FillIn(exported(project.root, "bureau", 2023))
    assert book.cells()["/增速", "value"].value == pytest.approx(0.12)
    book.put("/增速", "value", 0.125)
    assert changed(project, book) == {"2023/增速": "12.5%"}


def test_a_formula_gives_its_result_and_is_told_without_one(project, book):
    cell = book.put("/funds.training", "initial", "=20+1.5")
    place = f"甲.xlsx[资金与项目!{cell.coordinate}]"
    assert told(taken(project.root, book)) == [("X113", place)]
    assert changed(project, with_result(book, cell, "21.5")) == {
        "2023/funds.training.initial": "21.5"
    }


def with_result(book, cell, result):
    """Return the workbook with the result of a formula, as programs for tables store it."""
    packed = io.BytesIO()
    number = book.book.worksheets.index(cell.parent) + 1
    with zipfile.ZipFile(io.BytesIO(book.saved())) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name == f"xl/worksheets/sheet{number}.xml":
                pattern = rf'(<c r="{cell.coordinate}"[^>]*><f>[^<]*</f>)<v\s*/?>(?:</v>)?'
                text, count = re.subn(pattern, rf"\g<1><v>{result}</v>", text)
                assert count == 1
            new.writestr(name, text)
    return packed.getvalue()


def test_a_cell_that_is_emptied_is_blank_in_its_file(project, book):
    book.put("/funds.chains", "outturn", None)
    book.put("/规模企业", "value", None)
    assert changed(project, book) == {"2023/funds.chains.outturn": "", "2023/规模企业": ""}
    assert not re.search(r" +$", project.text(FUNDS), re.MULTILINE)


def test_a_name_that_is_emptied_is_told(project, book):
    cell = book.put("/funds.chains", "name", None)
    assert told(taken(project.root, book)) == [("S218", f"甲.xlsx[资金与项目!{cell.coordinate}]")]


def test_a_blank_in_a_section_that_lacks_the_key_is_filled_in(project, book):
    project.replace(FUNDS, ", initial: 12.5, outturn: 12.5", ", outturn: 12.5")
    book = FillIn(exported(project.root, "bureau", 2023))
    book.put("/funds.survey", "initial", 12)
    assert changed(project, book) == {"2023/funds.survey.initial": "12"}


def test_a_mark_to_fill_in_goes_when_it_is_and_stays_when_it_is_not(project):
    text = "facts:\n  甲:   # 待填（家）\n  乙:   # 待填（万元）\n"
    project.write(f"{DATA}/more.yaml", text)
    book = FillIn(exported(project.root, "bureau", 2023))
    book.put("/甲", "value", 12)
    taken(project.root, book, keep=True)
    assert project.text(f"{DATA}/more.yaml") == "facts:\n  甲: 12家\n  乙:   # 待填（万元）\n"


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("80余次", "80余次"),
        ("95%以上", "95%以上"),
        ("1.2亿元", "1.2亿元"),
        ("第一", "第一"),
        ("2024", "'2024'"),
        ("5G基站", "'5G基站'"),
    ],
)
def test_an_amount_typed_as_text_for_a_blank_is_one_if_it_states_its_unit(project, typed, written):
    project.write(f"{DATA}/more.yaml", "facts:\n  甲:   # 待填\n")
    book = FillIn(exported(project.root, "bureau", 2023))
    book.put("/甲", "value", typed)
    taken(project.root, book, keep=True)
    assert project.text(f"{DATA}/more.yaml") == f"facts:\n  甲: {written}\n"


def test_files_in_their_usual_form_stay_so_with_comments_and_order(project):
    path = f"{DATA}/more.yaml"
    project.write(path, "# 说明\nfacts:\n  甲: 1家    # 核过\n\n  # 一组\n  乙: 2万元\n")
    project.write(path, formatted(path, project.text(path), (), Diagnostics()))
    before = project.text(path)
    book = FillIn(exported(project.root, "bureau", 2023))
    book.put("/乙", "value", 3)
    taken(project.root, book, keep=True)
    assert project.text(path) == before.replace("2万元", "3万元")


def test_a_text_typed_over_one_that_cites_figures_is_told_and_not_taken(project, book):
    cell = book.put("/goals.1", "value", "新增规模企业5家。")
    result = taken(project.root, book)
    assert told(result) == [("X157", f"甲.xlsx[绩效目标!{cell.coordinate}]")]
    assert result.after == {}


# Rows


def test_rows_are_added_renamed_and_taken_out(project, book):
    book.new_row("/+funds", name="新经费", category="专项资金", source="市级", initial=5)
    book.new_row("/+重点产业链", value="低空经济")
    book.new_row("/+goals", value="做好：服务")
    book.put("/funds.survey", "name", "行业普查工作经费")
    book.put("/funds.training", "-", "删")
    assert changed(project, book) == {
        **dict.fromkeys(
            f"2023/funds.training.{name}"
            for name in ("id", "name", "category", "source", "initial", "outturn")
        ),
        "2023/funds.survey.name": "行业普查工作经费",
        "2023/funds.fund_1.id": "fund_1",
        "2023/funds.fund_1.name": "新经费",
        "2023/funds.fund_1.category": "专项资金",
        "2023/funds.fund_1.source": "市级",
        "2023/funds.fund_1.initial": "5",
        "2023/重点产业链.3": "低空经济",
        "2023/goals.3": "做好：服务",
    }


def test_a_new_row_without_what_it_needs_is_told(project, book):
    row = book.new_row("/+funds", name="新经费")
    assert ("X119", f"甲.xlsx[资金与项目!{row}:{row}]") in told(taken(project.root, book))


def test_a_new_row_of_a_name_that_is_there_is_told(project, book):
    row = book.new_row("/+funds", name="业务培训经费", category="专项资金", source="市级")
    assert ("X160", f"甲.xlsx[资金与项目!{row}:{row}]") in told(taken(project.root, book))


def test_a_row_that_somebody_put_in_is_a_new_one(project, book):
    sheet = book.book["资金与项目"]
    sheet.insert_rows(6)
    for column, value in enumerate(("插入的经费", "专项资金", "市级"), 2):
        sheet.cell(6, column).value = value
    assert changed(project, book)["2023/funds.fund_1.name"] == "插入的经费"


def test_a_row_put_in_where_none_can_be_added_is_told(project, book):
    sheet = book.book["收支与经费"]
    sheet.insert_rows(7)
    sheet["C7"] = 5
    assert told(taken(project.root, book)) == [("X159", "甲.xlsx[收支与经费!7:7]")]


def test_rows_that_are_gone_are_told_and_kept(project, book):
    book.book["资金与项目"].delete_rows(6)
    result = taken(project.root, book)
    assert told(result) == [("X154", "甲.xlsx")]
    assert result.findings[0].params["names"] == "行业普查经费"
    assert result.after == {}


def test_another_mark_than_the_one_for_rows_to_go_is_told(project, book):
    cell = book.put("/funds.training", "-", "也许")
    assert told(taken(project.root, book)) == [("X158", f"甲.xlsx[资金与项目!{cell.coordinate}]")]


def test_a_row_that_the_files_no_longer_have_is_told_if_it_was_changed(project, book):
    book.put("/tables.visits.spring", "次数", 5)
    project.replace(f"{DATA}/facts.yaml", "id: spring", "id: first")
    assert [code for code, _ in told(taken(project.root, book))] == ["X153"]


# What people do to sheets


def test_sorted_filtered_moved_and_renamed_sheets_come_back_right(project, book):
    sheet = book.book["资金与项目"]
    rows = [[cell.value for cell in row] for row in sheet["A5:I7"]]
    for number, row in enumerate(reversed(rows), 5):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column).value = value
    sheet.title = "我的资金"
    sheet.row_dimensions[6].hidden = True
    book.book.move_sheet(sheet, 3)
    book.put("/funds.survey", "outturn", 12.4)
    assert changed(project, book) == {"2023/funds.survey.outturn": "12.4"}


def test_columns_and_rows_put_in_before_a_table_do_not_matter(project, book):
    sheet = book.book["收支与经费"]
    book.put("/three_public.reception", "outturn", 2.5)
    sheet.insert_rows(1, 2)
    sheet.insert_cols(3)
    assert changed(project, book) == {"2023/three_public.reception.outturn": "2.5"}


def test_a_sheet_of_which_only_some_columns_were_sorted_is_told(project, book):
    cells = book.cells()
    one, other = cells["/funds.training", "name"], cells["/funds.survey", "name"]
    one.value, other.value = other.value, one.value
    assert told(taken(project.root, book)) == [
        ("X155", f"甲.xlsx[资金与项目!{one.row}:{one.row}]"),
        ("X155", f"甲.xlsx[资金与项目!{other.row}:{other.row}]"),
    ]
    assert taken(project.root, book).after == {}


def test_a_sheet_that_was_deleted_gives_nothing_and_is_told(project, book):
    del book.book["人员编制"]
    book.put("/规模企业", "value", 13)
    assert [code for code, _ in told(taken(project.root, book))] == ["X154"]
    assert changed(project, book) == {"2023/规模企业": "13家"}


def test_merged_cells_are_told(project, book):
    cell = book.put("/funds.training", "initial", 30)
    book.put("/funds.survey", "initial", None)
    book.book["资金与项目"].merge_cells(f"{cell.coordinate}:F6")
    codes = {code for code, _ in told(taken(project.root, book))}
    assert "X111" in codes
    assert taken(project.root, book).after == {}


def test_a_sheet_that_was_copied_gives_the_same_once_and_two_values_are_told(project, book):
    book.put("/规模企业", "value", 13)
    copied = book.book.copy_worksheet(book.book["其他事实 facts"])
    assert changed(SmallProject.copied(project.root.parent / "b"), book) == {
        "2023/规模企业": "13家"
    }
    (cell,) = [row[2] for row in copied.iter_rows() if row[1].value == "规模企业"]
    cell.value = 14
    assert [code for code, _ in told(taken(project.root, book))] == ["X142"]


def test_a_record_that_was_changed_or_removed_is_told(project, book):
    book.book["_reportgen_fill"]["C5"] = "1"
    assert told(taken(project.root, book)) == [("X150", "甲.xlsx")]
    del book.book["_reportgen_fill"]
    assert not is_filled_in(book.saved())


# Several at once


def test_what_two_offices_typed_comes_in_together(project, raw):
    first, second = FillIn(raw), FillIn(raw)
    first.put("/funds.training", "initial", 21)
    first.new_row("/+funds", name="甲经费", category="专项资金", source="市级")
    second.put("/funds.training", "outturn", 19)
    second.new_row("/+funds", name="乙经费", category="专项资金", source="市级")
    after = changed(project, first, second)
    assert after["2023/funds.training.initial"] == "21"
    assert after["2023/funds.training.outturn"] == "19"
    assert {after["2023/funds.fund_1.name"], after["2023/funds.fund_2.name"]} == {
        "甲经费",
        "乙经费",
    }


def test_two_values_for_one_cell_are_told_with_both_cells(project, raw):
    first, second = FillIn(raw), FillIn(raw)
    cell = first.put("/funds.training", "initial", 21)
    second.put("/funds.training", "initial", 22)
    result = taken(project.root, first, second)
    (found,) = result.findings
    assert found.code == "X142"
    place = f"[资金与项目!{cell.coordinate}]"
    assert [each.span.path for each in found.places] == [f"乙.xlsx{place}", f"甲.xlsx{place}"]
    assert result.after == {}


def test_the_same_value_from_two_offices_is_one(project, raw):
    first, second = FillIn(raw), FillIn(raw)
    first.put("/funds.training", "initial", 21)
    second.put("/funds.training", "initial", "21万元")
    assert changed(project, first, second) == {"2023/funds.training.initial": "21"}


@pytest.mark.parametrize("is_first", [True, False])
def test_a_row_that_one_takes_out_and_another_changes_is_told(project, raw, is_first):
    one, other = FillIn(raw), FillIn(raw)
    one.put("/funds.training", "-", "删")
    other.put("/funds.training", "initial", 21)
    books = (one, other) if is_first else (other, one)
    result = taken(project.root, *books)
    assert [code for code, _ in told(result)] == ["X142"]
    assert result.after == {}


def test_a_value_that_changed_in_the_files_too_is_told_with_all_three(project, book):
    cell = book.put("/funds.training", "initial", 21)
    project.replace(FUNDS, "initial: 20", "initial: 22")
    result = taken(project.root, book)
    (found,) = result.findings
    assert told(result) == [("X152", f"甲.xlsx[资金与项目!{cell.coordinate}]")]
    assert {found.params[name] for name in ("base", "value", "now")} == {"20", "21", "22"}
    assert found.places[1].span.path == FUNDS
    assert result.after == {}


def test_a_value_that_changed_to_the_same_in_the_files_is_none(project, book):
    book.put("/funds.training", "initial", 21)
    project.replace(FUNDS, "initial: 20", "initial: 21")
    assert changed(project, book) == {}


def test_a_row_to_be_taken_out_that_changed_in_the_files_is_told(project, book):
    book.put("/funds.training", "-", "删")
    project.replace(FUNDS, "initial: 20", "initial: 22")
    assert [code for code, _ in told(taken(project.root, book))] == ["X152"]


def test_workbooks_of_two_years_do_not_go_together(project, book):
    (project.root / "data/bureau/2024").mkdir()
    project.write("data/bureau/2024/staffing.yaml", "staffing:\n  quota: 3人\n  actual: 3人\n")
    other = exported(project.root, "bureau", 2024)
    assert told(taken(project.root, book, other)) == [("X151", "乙.xlsx")]


# Any edits


AMOUNTS = st.decimals("0.01", "99999", places=2).map(lambda number: number.normalize())
WORDS = st.text("甲乙丙丁经费=+-@，（）“”AB12 ", min_size=1, max_size=12).map(
    lambda text: "字" + " ".join(text.split())
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    project = SmallProject.copied(tmp_path_factory.mktemp("any") / "project")
    return project, tree_of(project.root)


@given(data=st.data())
@settings(max_examples=5, deadline=None)
def test_any_edits_come_back_exactly_and_nothing_else_changes(shared, raw, data):
    project, files = shared
    book = FillIn(raw)
    cells = {key: cell for key, cell in book.open_cells().items() if not is_day(cell)}
    expected: dict[str, object] = {}
    for key in data.draw(st.lists(st.sampled_from(sorted(cells)), unique=True, max_size=8)):
        cell = cells[key]
        place = yaml_key(*key)
        if cell.number_format == "@":
            cell.value = expected[place] = data.draw(WORDS)
            cell.data_type = "s"
        else:
            number = data.draw(AMOUNTS)
            cell.value, expected[place] = float(number), Fraction(number)
    before = values(project.root, "data/bureau/2023")
    result = taken(project.root, book)
    if result.failed:  # a slip of the unit, or words for a number: told at a cell that was typed
        assert {each.code for each in result.findings} <= {"X134", "X114"}
        assert result.after == {}
        return
    try:
        taken(project.root, book, keep=True)
        after = values(project.root, "data/bureau/2023")
    finally:
        for path, content in files.items():
            Path(path).write_bytes(content)
    for key in before.keys() | after.keys():
        if key in expected:
            assert same(after[key], expected[key], before.get(key, "")), key
        else:
            assert after.get(key) == before.get(key), key


def is_day(cell):
    return isinstance(cell.value, dt.datetime)


def yaml_key(key, name):
    """Return where a value stands in the YAML, of a cell by its hidden names."""
    report, _, row = key.partition("/")
    row = row.removeprefix("tables.")
    is_single = name == "value" and not row.startswith("ratings.")
    return f"{report or '2023'}/{row if is_single else f'{row}.{name}'}"


def same(written, typed, before):
    """Return whether a text of YAML says what was typed, in the unit that stood there before."""
    if isinstance(typed, str):
        return written == typed
    number, unit = re.fullmatch(r"([\d.]+)(.*)", written).groups()
    old_unit = re.fullmatch(r"[\d.]*(.*)", before)[1]
    return Fraction(number) == typed and unit == old_unit


# What other programs save


def saved_by_libreoffice(data, folder, kind):
    """Return a workbook as LibreOffice saves it; the test is skipped where it has no Calc."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no soffice")
    (folder / "book.xlsx").write_bytes(data)
    command = [
        *(office, f"-env:UserInstallation=file://{folder}/profile", "--headless"),
        *("--convert-to", kind, "--outdir", folder / "out", folder / "book.xlsx"),
    ]
    subprocess.run(command, check=False, capture_output=True, timeout=120)
    saved = folder / "out" / f"book.{kind}"
    if not saved.exists():
        pytest.skip("this soffice opens no workbooks (no Calc)")
    return saved.read_bytes()


@pytest.mark.engine
def test_a_copy_that_libreoffice_saved_comes_back_as_it_is_and_with_what_was_typed(
    project, raw, tmp_path
):
    book = FillIn(raw)
    book.put("/funds.training", "initial", 21.5)
    book.put("/增速排名", "value", "全省第二")
    saved = saved_by_libreoffice(book.saved(), tmp_path, "xlsx")
    assert is_filled_in(saved)
    assert changed(project, saved) == {
        "2023/funds.training.initial": "21.5",
        "2023/增速排名": "全省第二",
    }


@pytest.mark.engine
def test_a_copy_saved_as_an_old_workbook_is_told_as_such(project, raw, tmp_path):
    saved = saved_by_libreoffice(raw, tmp_path, "xls")
    assert told(taken(project.root, saved)) == [("X102", "甲.xlsx")]
