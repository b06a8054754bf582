from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbooks import TERMS, grid_of, match_of, table_of

from node_values import plain
from reportgen.features.spreadsheet.amounts import (
    CellError,
    converted,
    free_text,
    has_no_unit,
    read_amount,
    read_text,
    yaml_amount,
)
from reportgen.features.spreadsheet.cells import CellReader
from reportgen.features.spreadsheet.grid import SheetCell
from reportgen.features.spreadsheet.structure import SheetRow
from reportgen.findings import Diagnostics, blocks
from reportgen.model.quantity import parse_quantity
from reportgen.model.source import SourceSpan
from reportgen.model.units import ONE, find_unit
from reportgen.project.yaml_editor import yaml_text
from reportgen.project.yaml_nodes import Scalar
from reportgen.project.yaml_reader import read_yaml

TEN_THOUSAND_YUAN = find_unit("万元")
HERE = SourceSpan("表.xlsx[Sheet1!A1]", 0, 0)


def text_cell(text):
    return SheetCell(HERE, "text", text)


def number_cell(number, decimals=0, unit=""):
    return SheetCell(HERE, "number", number, Fraction(number), decimals, unit)


# Amounts and texts of cells


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (number_cell("12.5", 2), "12.50万元"),
        (number_cell("12.5", 1, "元"), "12.5元"),
        (number_cell("35.4", 1, "%"), "35.4%"),
        (text_cell("1，018.4"), "1018.4万元"),
        (text_cell(" 3 亿元 "), "3亿元"),
        (text_cell("约30家"), "约30家"),
        (text_cell("1亿2,658万元"), "12658万元"),
        (text_cell("叁佰壹拾捌万柒仟元整"), "3187000元"),
        (text_cell("4519.6平米"), "4519.6㎡"),
        (text_cell("①②③"), "123万元"),
    ],
)
def test_amount_has_the_unit_that_is_nearest(cell, text):
    assert read_amount(cell, TEN_THOUSAND_YUAN).text == text


@pytest.mark.parametrize("cell", [SheetCell(HERE), text_cell("—"), text_cell("  ")])
def test_empty_cell_has_no_amount(cell):
    assert read_amount(cell, ONE) is None


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (SheetCell(HERE, "error", "#REF!"), "X112"),
        (SheetCell(HERE, "unknown", formula="=A2"), "X113"),
        (SheetCell(HERE, "truth", "TRUE"), "X114"),
        (SheetCell(HERE, "date", "2023-06-01"), "X114"),
        (text_cell("待定"), "X114"),
        (text_cell("3美圆"), "X110"),
        (text_cell("0012元"), "X114"),
        (text_cell("9" * 50 + "亿元"), "X114"),
        (text_cell("1亿元、2亿元"), "X114"),
    ],
)
def test_cell_without_amount_says_why(cell, code):
    with pytest.raises(CellError) as caught:
        read_amount(cell, ONE)
    assert (caught.value.finding.code, caught.value.finding.span) == (code, HERE)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (text_cell(" 甲 \n 乙 "), "甲 乙"),
        (number_cell("2", 2), "2.00"),
        (number_cell("3", 0, "%"), "3%"),
    ],
)
def test_text_of_a_cell_is_one_line(cell, text):
    assert read_text(cell) == text


# YAML


@pytest.mark.parametrize(
    ("text", "unit", "new"),
    [
        ("190000元", "万元", "19万元"),
        ("0.0019亿元", "万元", "19万元"),
        ("18.40万元", "万元", "18.40万元"),
        ("1元", "亿元", "0.00000001亿元"),
    ],
)
def test_change_of_unit_keeps_the_last_digit(text, unit, new):
    quantity = converted(parse_quantity(text), find_unit(unit))
    assert (quantity.text, quantity.value) == (new, parse_quantity(text).value)


def test_amount_is_written_with_or_without_its_unit():
    quantity = parse_quantity("18.40万元")
    assert yaml_amount(quantity, with_unit=True) == "18.40万元"
    assert yaml_amount(quantity, with_unit=False) == "18.40"


@pytest.mark.parametrize(
    ("text", "bare"),
    [("18.4", True), ("18.4万元", False), ("约3", True), ("甲", False), ("", False)],
)
def test_number_without_unit_is_known(text, bare):
    assert has_no_unit(Scalar(text, HERE)) == bare


@given(st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" ")).map(str.strip))
def test_any_text_is_written_so_that_it_is_read_back(text):
    root, findings = read_yaml("a.yaml", f"r: {{a: {yaml_text(text)}, b: 1}}\n")
    assert not blocks(findings)
    assert plain(root)["r"]["a"].text == text


@pytest.mark.parametrize("text", ["3家", "约30", "-1"])
def test_free_text_that_begins_like_a_number_is_quoted(text):
    assert free_text(text) == f"'{text}'"


# Cells of a row


def read(text, key, header, cells, **options):
    """Return what the cells of a row give to the first row of a table."""
    table = table_of(text, key)
    sheet = grid_of(header, cells, **options)
    reader = CellReader(match_of(sheet, table, Diagnostics()), TERMS)
    imported = list(reader.read(SheetRow(1, "item", ""), table.rows[0], ""))
    return [(cell.field, cell.result, cell.yaml) for cell in imported], [
        problem.code for problem in reader.findings
    ]


FUND = "funds:\n  - {{id: a, name: 甲, source: 市级, initial: {}}}\n"


@pytest.mark.parametrize(
    ("old", "new", "imported"),
    [
        ("20", 20, ("same", "")),
        ("20", "20.00", ("same", "")),
        ("20", "200000元", ("same", "")),
        ("20", 21, ("changed", "21")),
        ("20万元", 21, ("changed", "21万元")),
        ("200000元", 21, ("changed", "210000元")),
        ("0.2亿元", "3000万元", ("changed", "0.3亿元")),
        ("", 21, ("added", "21万元")),
        ("''", 21, ("added", "21万元")),
        ("20", None, ("kept", "")),
    ],
)
def test_amount_keeps_the_unit_that_stands_in_the_file(old, new, imported):
    header = ["名称", "年初预算数"]
    cells, findings = read(FUND.format(old), "funds", header, ["甲", new])
    assert findings == []
    assert [cell[1:] for cell in cells] == [imported]


def test_new_amounts_are_written_as_their_neighbours():
    for neighbour, new in (("1", "21"), ("1万元", "21万元")):
        text = FUND.format(f", outturn: {neighbour}")
        cells, _ = read(text, "funds", ["名称", "年初预算数"], ["甲", 21])
        assert cells == [("initial", "added", new)]


def test_words_are_compared_without_spaces_and_quoted_where_yaml_needs_it():
    header = ["名称", "资金来源", "使用单位"]
    cells, _ = read(FUND.format(1), "funds", header, ["甲", "市 级", "甲: 乙"])
    assert cells == [("source", "same", "市 级"), ("owner", "added", "'甲: 乙'")]


def test_new_row_takes_its_name_and_the_category_of_its_group():
    table = table_of("funds:\n  - {id: a, name: 甲, category: 业务 经费}\n", "funds")
    sheet = grid_of(["名称", "决算数"], ["新", 1])
    line = SheetRow(1, "item", "新", "业务经费")
    reader = CellReader(match_of(sheet, table, Diagnostics()), TERMS)
    cells = list(reader.read(line, None, "fund_1"))
    assert [(cell.key, cell.new) for cell in cells] == [
        ("funds.fund_1.name", "新"),
        ("funds.fund_1.outturn", "1万元"),
        ("funds.fund_1.category", "业务 经费"),
    ]


@pytest.mark.parametrize(
    ("old", "cells", "imported"),
    [
        ("12家", [13], [("value", "changed", "13家")]),
        ("12家", ["13"], [("value", "changed", "13家")]),
        ("12", ["第二"], []),
        ("第一", ["第二"], [("value", "changed", "第二")]),
        ("第一", ["3家"], [("value", "changed", "'3家'")]),
        ("", ["第二"], [("value", "added", "第二")]),
        ("", ["3家"], [("value", "added", "3家")]),
    ],
)
def test_free_value_is_a_number_or_words_as_the_old_one(old, cells, imported):
    text = f"facts:\n  规模: {old}\n"
    found, findings = read(text, "facts", ["键", "数值"], ["规模", *cells])
    assert found == imported
    assert findings == ([] if imported else ["X114"])


def test_unit_of_a_row_goes_before_that_of_its_column():
    header = ["键", "数值（万元）", "单位"]
    cells, _ = read("facts:\n  投资: 1亿元\n", "facts", header, ["投资", 200000000, "元"])
    assert cells == [("value", "changed", "2亿元")]


def test_number_that_hides_digits_is_taken_whole_with_a_note():
    table = table_of(FUND.format(20), "funds")
    sheet = grid_of(["名称", "年初预算数"], ["甲", 20])
    cell = SheetCell(HERE, "number", "20.04", Fraction("20.04"), 2, hides_digits=True)
    rows = (sheet.rows[0], (sheet.rows[1][0], cell))
    sheet = type(sheet)(sheet.path, sheet.name, rows)
    reader = CellReader(match_of(sheet, table, Diagnostics()), TERMS)
    assert [c.yaml for c in reader.read(SheetRow(1, "item", ""), table.rows[0], "")] == ["20.04"]
    assert [problem.code for problem in reader.findings] == ["X115"]


def test_formula_of_an_export_is_not_taken():
    cells, findings = read(
        FUND.format(1), "funds", ["名称", "年初预算数"], ["甲", "=1+1"], exported=True
    )
    assert (cells, findings) == ([], [])
    cells, findings = read(FUND.format(1), "funds", ["名称", "年初预算数"], ["甲", "=1+1"])
    assert (cells, findings) == ([], ["X113"])
