"""The files of a dataset: figures.csv, figures.json, and what CSVW says of the first."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from public_datasets import VERSION
from reportgen.features.site.datasets import COLUMNS, as_text, csv_file, csvw_file, json_file
from reportgen.features.site.public_figures import DatasetFigure
from strategies import literal_texts

FIGURE = DatasetFigure(
    id="F001",
    title="执行率",
    text="95.50%",
    value="95.50",
    unit="%",
    factor="0.01",
    decimals=2,
    qualifier="",
    kind="derived",
    kind_zh="计算",
    formula="F002 / F003",
    reading="决算数 ÷ 预算数",
    places=(("95.50%", "一 第1段"), ("95.5", "附件1 表1 第2行第3列"), ("95.50%", "一 第1段")),
)
NAMES = [column.name for column in COLUMNS]


def read(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def test_csv_is_what_excel_and_rfc_4180_want():
    data = csv_file([FIGURE])
    assert data.startswith(b"\xef\xbb\xbf")  # without it Excel takes the file for GBK
    assert data.endswith(b"\r\n")
    assert data.count(b"\n") == data.count(b"\r\n") == 2
    head, row = read(data)
    assert head == [column.head for column in COLUMNS]
    cells = dict(zip(NAMES, row, strict=True))
    assert cells["places"] == "一 第1段；附件1 表1 第2行第3列（95.5）"
    assert (cells["value"], cells["formula"]) == ("95.50", "F002 / F003")


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("＝1+1", "'＝1+1"),
        ("\t=1", "'\t=1"),
        ("\n=1", "'\n=1"),
        ("-3.5万元", "'-3.5万元"),
        ("-3.5", "-3.5"),
        ("-3.5%", "-3.5%"),
        ("-1,234.5", "-1,234.5"),
        ("3.5万元", "3.5万元"),
        ("", ""),
        (" ", " "),
    ],
)
def test_no_spreadsheet_takes_a_text_for_a_formula_and_no_number_is_changed(cell, written):
    assert as_text(cell) == written


@settings(max_examples=200, deadline=None)
@given(literal_texts(), literal_texts())
def test_any_title_and_place_is_read_back(title, place):
    figure = DatasetFigure(
        **{name: getattr(FIGURE, name) for name in NAMES}
        | {"title": title, "places": (("95.50%", place),)}
    )
    _, row = read(csv_file([figure]))
    cells = dict(zip(NAMES, row, strict=True))
    for said, cell in ((title, cells["title"]), (place, cells["places"])):
        assert cell.removeprefix("'") == said.removeprefix("'")
    assert json.loads(json_file(VERSION, [figure]))["figures"][0]["title"] == title


def test_json_says_whose_figures_they_are_and_each_place_with_its_text():
    content = json.loads(json_file(VERSION, [FIGURE], "https://example.org/licence"))
    assert (content["title"], content["publisher"], content["date"], content["version"]) == (
        VERSION.title,
        VERSION.organization,
        VERSION.date,
        1,
    )
    assert content["license"] == "https://example.org/licence"
    (row,) = content["figures"]
    assert set(row) == set(NAMES)
    assert row["places"][1] == {"text": "95.5", "place": "附件1 表1 第2行第3列"}
    assert "license" not in json.loads(json_file(VERSION, []))


# What CSVW wants (W3C, Metadata Vocabulary for Tabular Data, 5.3 to 5.6)

SCHEMA = {
    "type": "object",
    "required": ["@context", "url", "tableSchema"],
    "properties": {
        "@context": {
            "type": "array",
            "prefixItems": [
                {"const": "http://www.w3.org/ns/csvw"},
                {"type": "object", "required": ["@language"], "maxProperties": 1},
            ],
        },
        "dialect": {
            "type": "object",
            "properties": {
                "encoding": {"type": "string"},
                "header": {"type": "boolean"},
                "delimiter": {"type": "string"},
                "lineTerminators": {"type": ["string", "array"]},
            },
            "additionalProperties": False,
        },
        "tableSchema": {
            "type": "object",
            "required": ["columns"],
            "properties": {
                "primaryKey": {"type": "string"},
                "columns": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["name", "titles", "datatype"],
                        "properties": {
                            "name": {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_]*$"},
                            "titles": {"type": "string"},
                            "datatype": {"enum": ["string", "decimal", "integer", "NMTOKEN"]},
                            "required": {"type": "boolean"},
                            "dc:description": {"type": "array"},
                        },
                        "additionalProperties": False,
                    },
                },
            },
            "additionalProperties": False,
        },
    },
    "patternProperties": {"^dc:": {}},
    "additionalProperties": False,
}
SCHEMA["properties"]["url"] = {"const": "figures.csv"}


def test_csvw_describes_the_file_beside_it():
    metadata = json.loads(csvw_file(VERSION, "CC0"))
    Draft202012Validator(SCHEMA).validate(metadata)
    assert (metadata["dc:publisher"], metadata["dc:license"]) == (VERSION.organization, "CC0")
    assert "dc:license" not in json.loads(csvw_file(VERSION))
    columns = metadata["tableSchema"]["columns"]
    head, row = read(csv_file([FIGURE]))
    assert [column["titles"] for column in columns] == head
    for column, cell in zip(columns, row, strict=True):
        assert cell or not column["required"]
        if column["datatype"] == "NMTOKEN":
            assert re.fullmatch(r"[\w.:-]+", cell)
        elif column["datatype"] != "string":
            Decimal(cell)
