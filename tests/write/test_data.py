from __future__ import annotations

import json

import pytest

from reportgen.model.document import (
    Annex,
    AttachmentList,
    Break,
    Cell,
    Document,
    Heading,
    Items,
    ListItem,
    PageBreak,
    Paragraph,
    Row,
    SignOff,
    Strong,
    Table,
    Text,
    Value,
)
from reportgen.model.grid import GridError
from reportgen.write.pdf.data import as_data, strings


def data(*blocks, **properties):
    given = {
        "title": ("2023年度某局", "自评报告"),
        "language": "zh-CN",
        "subject": "自评",
        "organization": "某局",
        "date": "2024-06-28",
        "audience": "internal",
    }
    return as_data(Document(**(given | properties), blocks=blocks))


def text(words):
    return (Text(words),)


def heading(level, anchor="a"):
    return Heading(level, "一、", text("概况"), anchor)


def test_every_kind_of_block_is_tagged():
    cell = Cell((text("甲"),))
    found = data(
        heading(1),
        Paragraph(text("甲"), "note"),
        Items((ListItem("1.", text("乙")),)),
        Table("form", "表", (1,), (Row((cell,)),)),
        PageBreak(),
        AttachmentList((text("丙"),)),
        SignOff((text("丁"),)),
    )
    kinds = [block["kind"] for block in found["blocks"]]
    assert kinds == "heading paragraph items table page_break attachments sign_off".split()


def test_is_nothing_but_plain_data():
    inlines = (Text("甲"), Value("12.5", "12.5", "k"), Break(), Strong((Value("1", "1"),)))
    found = data(Paragraph(inlines), annexes=(Annex("附件1", inlines, (), "b"),), notes={"k": "注"})
    assert json.loads(json.dumps(found)) == found
    assert found["blocks"][0]["inlines"] == [
        "甲",
        {"kind": "value", "text": "12.5", "number": "12.5", "key": "k"},
        {"kind": "break"},
        {"kind": "strong", "inlines": [{"kind": "value", "text": "1", "number": "1", "key": ""}]},
    ]


def test_depth_of_a_heading_leaves_out_no_level():
    levels = [2, 3, 1, 3, 4, 2, 1]
    depths = [block["depth"] for block in data(*map(heading, levels))["blocks"]]
    assert depths == [1, 2, 1, 2, 3, 2, 1]


def test_headings_of_an_annex_are_below_it():
    annex = Annex("附件1", text("表"), (heading(2), heading(3)), "b")
    found = data(annexes=(annex,))["annexes"][0]
    assert [block["depth"] for block in found["blocks"]] == [2, 3]


def test_cells_say_where_they_stand_and_what_is_not_the_default():
    label = Cell((text("甲"),), rowspan=2, header="row", vertical=True)
    amount = Cell((text("1"), text("2")), align="right", indent=1)
    rows = (Row((label, amount), head=True), Row((Cell(()),)))
    table = data(Table("form", "表", (1, 3), rows))["blocks"][0]
    assert table["rows"][0] == {
        "head": True,
        "cells": [
            {"x": 0, "y": 0, "lines": [["甲"]], "rowspan": 2, "header": "row", "vertical": True},
            {"x": 1, "y": 0, "lines": [["1"], ["2"]], "align": "right", "indent": 1},
        ],
    }
    assert table["rows"][1]["cells"] == [{"x": 1, "y": 1, "lines": []}]


def test_spans_that_do_not_fill_the_grid_are_refused():
    with pytest.raises(GridError):
        data(Table("form", "表", (1, 1), (Row((Cell(()),)),)))


def test_texts_lose_only_what_cannot_be_shown_as_it_is():
    found = data(Paragraph(text("a\tb\nc\u00add\ufeffe\u200ff  g")), title=("x\ty",))
    assert found["blocks"][0]["inlines"] == ["a", {"kind": "tab"}, "b\ncde\u200ff  g"]
    assert found["title"] == ["x y"]


def test_strings_are_what_is_printed():
    value = Paragraph((Value("12.5", "12.5", "key"),))
    found = list(strings(data(value, heading(1, "anchor"), notes={"key": "note"})))
    assert {"12.5", "一、", "概况", "某局", "自评报告"} <= set(found)
    assert not {"key", "anchor", "note"} & set(found)
