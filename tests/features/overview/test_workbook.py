"""The workbook of an overview has typed numbers, words where there are none, and no formula."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from overviews import made_up, row
from reportgen.features.overview.peers import compared
from reportgen.features.overview.values import FindingCount, Overview, OverviewRow
from reportgen.features.overview.workbook import as_workbook
from reportgen.findings.codes import Language


def book_of(*rows: OverviewRow, audience: Any = "internal", language: Language = "zh") -> Any:
    return opened(compared(audience, rows), language)


def opened(overview: Overview, language: Language = "zh") -> Any:
    return load_workbook(io.BytesIO(as_workbook(overview, language)))


def column(sheet: Any, head: str) -> list[Any]:
    """The cells below a head."""
    heads = [cell.value.replace("\n", "") for cell in sheet[1]]
    return [cells[heads.index(head)] for cells in sheet.iter_rows(min_row=2)]


def values(sheet: Any, head: str) -> list[object]:
    return [cell.value for cell in column(sheet, head)]


def test_there_are_five_sheets_whose_heads_stay_and_filter() -> None:
    book = opened(made_up(30))
    assert book.sheetnames == ["报告", "分布", "趋势", "问题", "说明"]
    for name in book.sheetnames[:4]:
        sheet = book[name]
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.print_title_rows == "$1:$1"


def test_columns_in_which_nothing_stands_are_hidden_and_names_stand_whole() -> None:
    def hidden(sheet: Any) -> set[str]:
        letters = (k for k, each in sheet.column_dimensions.items() if each.hidden)
        return {sheet[f"{letter}1"].value for letter in letters}

    (sheet, *_) = book_of(row("u" * 15))
    assert hidden(sheet) == {"项目", "来源文件", "原因"}
    letter = column(sheet, "单位标识")[0].column_letter
    assert sheet.column_dimensions[letter].width > 15
    (sheet, *_) = book_of(row(about={"part": "甲项目"}))
    assert hidden(sheet) == {"来源文件", "原因"}


def test_figures_are_numbers_as_printed_with_their_units() -> None:
    items = {"score": "98.55分", "execution_rate": "135.47%", "three_public": "123456元"}
    (sheet, *_) = book_of(row(three_public_change="-0.5万元", **items))
    assert values(sheet, "得分（分）") == [98.55]
    assert values(sheet, "预算执行率（%）") == [1.3547]
    (rate,) = column(sheet, "预算执行率（%）")
    assert rate.number_format.endswith("%")
    assert values(sheet, "“三公”经费（万元）") == [12.3456]
    assert values(sheet, "“三公”经费增减（万元）") == [-0.5]
    assert values(sheet, "年度") == [2023]


@pytest.mark.parametrize("word", ["不公开", "未印出", "未填"])
def test_where_there_is_no_number_a_word_says_why(word: str) -> None:
    sheet = book_of(row("a", score="90分"), row("b", score=word)).worksheets[0]
    assert values(sheet, "得分（分）") == [90, word]
    unbuilt = book_of(row(stage="not built")).worksheets[0]
    assert values(unbuilt, "得分（分）") == ["未生成"]
    assert values(unbuilt, "错误") == ["未生成"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=HYPERLINK(1)"])
def test_no_text_is_a_formula(text: str) -> None:
    about = {"unit_name": text, "title": text, "peers": text, "part": text, "source": text}
    rows = [row(f"{text}{n}", 2022 + n % 2, score="90分", about=about) for n in range(6)]
    found = [
        cell
        for sheet in book_of(*rows)
        for cells in sheet.iter_rows()
        for cell in cells
        if isinstance(cell.value, str)
    ]
    assert {cell.data_type for cell in found} == {"s"}
    injected = [cell for cell in found if cell.value.startswith(text[:2])]
    assert len(injected) > 20
    assert all(cell.quotePrefix for cell in injected)


def test_a_character_that_a_workbook_cannot_hold_is_left_out() -> None:
    sheet = book_of(row(about={"title": "甲\x0b乙\ufffe"})).worksheets[0]
    assert values(sheet, "标题") == ["甲乙"]


def test_a_number_of_another_unit_than_its_column_stays_as_it_is_printed() -> None:
    sheet = book_of(row(three_public="12.5")).worksheets[0]
    assert values(sheet, "“三公”经费（万元）") == ["12.5"]


def test_findings_are_counted_by_code_and_once_for_a_report_of_several_projects() -> None:
    found = (FindingCount("R302", "warning", 3), FindingCount("A101", "error", 1))
    book = book_of(row(about={"part": "甲"}, findings=found), row(about={"part": "乙"}))
    sheet = book["报告"]
    assert values(sheet, "警告") == [3, "计入首个项目"]
    assert values(sheet, "R302") == [3, None]
    assert values(book["问题"], "代码") == ["R302", "A101"]
    assert values(book["问题"], "个数") == [3, 1]
    assert values(book["问题"], "涉及报告") == [1, 1]


@pytest.mark.parametrize("audience", ["submit", "public"])
def test_others_than_those_inside_get_no_findings(audience: str) -> None:
    book = book_of(row(), audience=audience)
    assert "问题" not in book.sheetnames
    heads = {cell.value for cell in book["报告"][1]}
    assert not heads & {"错误", "警告", "提示", "数据有改动"}


def test_statistics_are_those_of_the_overview_in_the_units_of_their_formats() -> None:
    rates = ("60%", "72%", "80%", "88%", "100%")
    sheet = book_of(*(row(f"u{n}", execution_rate=rate) for n, rate in enumerate(rates)))["分布"]
    heads = ("最低", "下四分位数", "中位数", "上四分位数", "最高", "平均")
    told = [values(sheet, head) for head in heads]
    assert told == [[0.6], [0.72], [0.8], [0.88], [1], [0.8]]
    assert values(sheet, "份数") == [5]
    pieces = [values(sheet, head)[0] for head in ("图：到下四分位数", "图：再到中位数")]
    assert pieces == [0.72, 0.08]


def test_trends_have_a_column_a_year_and_tell_rates_in_percentage_points() -> None:
    rates = {2020: "90%", 2022: "90%", 2023: "93.5%"}
    sheet = book_of(*(row(year=year, execution_rate=rate) for year, rate in rates.items()))["趋势"]
    assert [values(sheet, head) for head in ("2020", "2022", "2023")] == [[0.9], [0.9], [0.935]]
    (change,) = column(sheet, "较上年")
    assert (change.value, change.number_format.count("个百分点")) == (3.5, 3)


def test_medians_of_peers_stand_before_single_reports() -> None:
    rows = [row(f"u{n}", year, score=f"{90 + n}分") for n in range(3) for year in (2022, 2023)]
    sheet = book_of(*rows)["趋势"]
    assert values(sheet, "范围") == ["同类中位数", "一份报告", "一份报告", "一份报告"]


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def test_charts_draw_cells_that_hold_numbers() -> None:
    overview = made_up(60)
    data = as_workbook(overview, "zh")
    book = load_workbook(io.BytesIO(data))
    charts = [text for name, text in parts(data).items() if name.startswith("xl/charts/")]
    assert len(charts) == 5
    for chart in charts:
        drawn = re.findall(r"<(?:\w+:)?val><(?:\w+:)?numRef><(?:\w+:)?f>'(.+?)'!(.+?)<", chart)
        assert drawn
        for sheet, place in drawn:
            left, top, right, bottom = range_boundaries(place)
            area = {"min_col": left, "min_row": top, "max_col": right, "max_row": bottom}
            lines = book[sheet].iter_rows(**area, values_only=True)
            assert all(isinstance(value, (int, float)) for line in lines for value in line)


def test_the_workbook_is_the_same_bytes_again_and_tells_no_time_nor_author(monkeypatch) -> None:
    first = as_workbook(made_up(30), "zh")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)
    assert as_workbook(made_up(30), "zh") == first
    core = parts(first)["docProps/core.xml"]
    assert "dcterms" not in re.sub("xmlns:dcterms", "", core)
    assert "openpyxl" not in core


def test_numbers_are_exact_to_their_last_digit() -> None:
    amount = "98765432109.87元"
    (sheet, *_) = book_of(row(three_public=amount))
    (value,) = values(sheet, "“三公”经费（万元）")
    assert Decimal(str(value)) == Decimal("9876543.210987")


def test_an_overview_of_nothing_is_a_workbook_all_the_same() -> None:
    book = book_of()
    assert book.sheetnames == ["报告", "分布", "趋势", "问题", "说明"]
    assert book["报告"].max_row == 1


def test_sheets_in_english_have_chinese_in_names_and_units_alone() -> None:
    book = opened(made_up(30), "en")
    heads = [cell.value for sheet in book for cell in sheet[1] if cell.value]
    assert book.sheetnames == ["Reports", "Distributions", "Trends", "Findings", "Notes"]
    assert [
        head for head in heads if re.search("[\u4e00-\u9fff]", re.sub(r"\(.*\)", "", head))
    ] == []


def test_a_long_reason_is_wrapped_in_a_line_that_has_room_for_it() -> None:
    many = {"execution_rate": "135.47%", "score": "100分", "full_score": "100分"}
    sheet = book_of(row("a", **many, three_public_change="3万元"), row("b")).worksheets[0]
    (reason, nothing) = column(sheet, "原因")
    assert reason.alignment.wrap_text and nothing.value is None
    assert sheet.row_dimensions[2].height >= 30
    (_, score) = column(sheet, "得分（分）")
    assert score.alignment.horizontal == "right"
