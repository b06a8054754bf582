from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbooks import book, data, sheet, with_values

from reportgen.features.spreadsheet.grid import (
    Sheet,
    SheetCell,
    column_letters,
    decimals_needed,
    exact_value,
    normalized,
    parse_number_format,
)
from reportgen.features.spreadsheet.sheet_files import read_sheets
from reportgen.findings import Diagnostics
from reportgen.model.source import SourceSpan

HERE = SourceSpan("表.xlsx[Sheet1!A1]", 0, 0)


def opened(made, name="表.xlsx"):
    """Return the first sheet of a workbook, or of the bytes of a file."""
    log = Diagnostics()
    first, *_ = read_sheets(name, made if isinstance(made, bytes) else data(made), log)
    assert not list(log)
    return first


def first_cell(value, number_format=""):
    made = book([value])
    if number_format:
        sheet(made)["A1"].number_format = number_format
    return opened(made).rows[0][0]


# Numbers


@given(st.decimals(-(10**10), 10**10, places=4))
def test_a_binary_number_is_read_as_the_decimal_it_was_typed(value):
    assert exact_value(float(value)) == Fraction(value)


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        (0, "0"),
        (-0.0, "0"),
        (0.1 + 0.2, "0.3"),
        (1.1 * 3, "3.3"),
        (1e-20, "1e-20"),
        (123456789012345678, "123456789012346000"),
        (-2.675, "-2.675"),
    ],
)
def test_fifteen_digits_of_a_number_are_meant(value, exact):
    assert exact_value(value) == Fraction(exact)


@pytest.mark.parametrize(("value", "decimals"), [("0", 0), ("12", 0), ("1.50", 1), ("0.001", 3)])
def test_decimals_that_a_value_needs(value, decimals):
    assert decimals_needed(Fraction(value)) == decimals


@pytest.mark.parametrize(
    ("number_format", "decimals_and_unit"),
    [
        ("General", (None, "")),
        ("0.00", (2, "")),
        ("#,##0.00_ ;[Red]-#,##0.00", (2, "")),
        ('0.0"万元"', (1, "万元")),
        ("0.00%", (2, "%")),
        ("0", (0, "")),
        ("0.##", (None, "")),
        ("@", (None, "")),
        ("0.00E+00", (None, "")),
        ('0";"0', (0, ";")),
        ("0\\元", (0, "元")),
    ],
)
def test_number_format_says_digits_and_unit(number_format, decimals_and_unit):
    assert parse_number_format(number_format) == decimals_and_unit


@pytest.mark.parametrize(
    ("value", "number_format", "number", "decimals", "unit", "hides_digits"),
    [
        (12.5, "General", "12.5", 1, "", False),
        (12.5, "0.00", "12.5", 2, "", False),
        (12.345, "0.0", "12.345", 3, "", True),
        (0.355, "0.00%", "35.5", 2, "%", False),
        (7, '0.0"万元"', "7", 1, "万元", False),
    ],
)
def test_number_of_a_cell(value, number_format, number, decimals, unit, hides_digits):
    cell = first_cell(value, number_format)
    assert (cell.kind, cell.number, cell.decimals) == ("number", Fraction(number), decimals)
    assert (cell.unit, cell.hides_digits) == (unit, hides_digits)


# Cells


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("甲", "text", "甲"),
        (True, "truth", "TRUE"),
        (dt.date(2023, 6, 1), "date", "2023-06-01"),
        (dt.datetime.fromisoformat("2023-06-01T08:30"), "date", "2023-06-01T08:30:00"),
        (dt.time(8, 30), "date", "08:30:00"),
        ("#REF!", "error", "#REF!"),
        ("=1+1", "unknown", ""),
        ("", "blank", ""),
    ],
)
def test_kind_and_text_of_a_cell(value, kind, text):
    cell = first_cell(value)
    assert (cell.kind, cell.text, cell.number) == (kind, text, None)


def test_formula_keeps_its_text_beside_the_result():
    made = book(["=1+1", 2])
    cell = opened(with_values(made, A1="2")).rows[0][0]
    assert (cell.kind, cell.number, cell.formula) == ("number", 2, "=1+1")


def test_cells_of_a_merged_range_hold_what_the_first_one_holds():
    made = book(["甲", None, "乙"], [None, None, "丙"])
    sheet(made).merge_cells("A1:B2")
    rows = opened(made).rows
    assert [[cell.text for cell in row] for row in rows] == [["甲", "甲", "乙"], ["甲", "甲", "丙"]]
    assert rows[1][1].merged == (0, 0, 1, 1)
    assert rows[1][1].span.path == "表.xlsx[Sheet1!B2]"
    assert rows[1][2].merged is None


def test_hidden_rows_columns_and_sheets_are_known():
    made = book(["a", "b", "c"], ["d", "e", "f"])
    sheet(made).row_dimensions[2].hidden = True
    sheet(made).column_dimensions["B"].hidden = True
    made.create_sheet("旧").sheet_state = "hidden"
    first, second = read_sheets("表.xlsx", data(made), Diagnostics())
    assert (first.hidden, first.hidden_rows, first.hidden_columns) == (False, {1}, {1})
    assert second.hidden


@pytest.mark.parametrize("text", ["", " ", "—", "－－", "无", "/"])
def test_dash_or_nothing_is_empty(text):
    assert SheetCell(HERE, "text", text).is_empty
    assert Sheet("表.xlsx", "a", ((SheetCell(HERE, "text", text), SheetCell(HERE)),)).is_empty


@pytest.mark.parametrize(("text", "kind"), [("0", "text"), ("0", "number"), ("X", "error")])
def test_zero_and_an_error_are_not_empty(text, kind):
    cell = SheetCell(HERE, kind, text)
    assert not cell.is_empty
    assert not Sheet("表.xlsx", "a", ((cell,),)).is_empty


def test_labels_are_compared_without_spaces_and_full_width_forms():
    assert normalized(" 决算数\n（万 元）") == normalized("决算数(万元)")


@pytest.mark.parametrize(("column", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ")])
def test_letters_of_a_column(column, letters):
    assert column_letters(column) == letters


# Files


def test_lines_of_a_csv_file_are_filled_up_to_one_length():
    read = opened("甲,乙,丙\n1\n".encode(), "表.csv")
    assert [[cell.kind for cell in row] for row in read.rows] == [
        ["text"] * 3,
        ["text", "blank", "blank"],
    ]
    assert read.span_at(1, 0).path == "表.csv[CSV!A2]"
    assert read.span_at(1).path == "表.csv[CSV!2:2]"


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("表.csv", b'"a', "X101"),
        ("表.csv", b"\xff\xff\xff", "X101"),
        ("表.csv", b"a," * 300, "X104"),
        ("表.csv", b"a,b\r\n<<<<<<< HEAD\r\n1,2\r\n=======\r\n1,3\r\n>>>>>>> x\r\n", "L132"),
    ],
)
def test_what_is_no_csv_file_is_a_finding(name, raw, code):
    log = Diagnostics()
    assert read_sheets(name, raw, log) == ()
    assert [problem.code for problem in log] == [code]
