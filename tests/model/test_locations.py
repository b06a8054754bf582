"""Places of a document, as those say them who have it on paper."""

from __future__ import annotations

import pytest

from reportgen.model.document import Annex, Cell, Document, Heading, Paragraph, Row, Table, Text
from reportgen.model.locations import SpokenPlaces, located_texts


def table(name, rows, *, joined=False):
    lines = tuple(Row((Cell(((Text(f"{name}{number}"),),)),)) for number in range(rows))
    return Table(name, f"{name}的表名", (1,), lines, joined=joined)


DOCUMENT = Document(
    title=("报告",),
    language="zh-CN",
    subject="",
    organization="",
    date="",
    audience="internal",
    blocks=(
        Heading(1, "一、", (Text("概况"),), "s1"),
        Paragraph((Text("甲"),)),
        table("staff", 2),
        Paragraph((Text("乙"),)),
        table("money", 3),
        Heading(1, "二、", (Text("绩效"),), "s2"),
        table("goals", 1),
    ),
    annexes=(
        Annex("附件1", (Text("基础数据"),), (table("one", 2), table("two", 4, joined=True)), "a1"),
    ),
)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("一、概况 ¶2", "一、概况 第2段"),
        ("一、概况 staff r2c1", "一、概况 表1 第2行第1列"),
        ("一、概况 money r3c1", "一、概况 表2 第3行第1列"),
        ("二、绩效 goals r1c1", "二、绩效 表1 第1行第1列"),
        ("附件1 one r2c1", "附件1 表1 第2行第1列"),
        ("附件1 two r3c12", "附件1 表1 第5行第12列"),
        ("附件1 表《two的表名》 r3c1", "附件1 表1 第5行第1列"),
        ("附件1 表《two的表名》", "附件1 表1"),
        ("附件1 ¶3 落款", "附件1 第3段 落款"),
        ("附件9 other r1c2", "附件9 other 第1行第2列"),
        ("标题", "标题"),
    ],
)
def test_places_are_said_by_table_row_column_and_paragraph(where, said):
    assert SpokenPlaces(DOCUMENT).said(where) == said


def test_every_place_of_a_document_can_be_said():
    places = SpokenPlaces(DOCUMENT)
    said = [places.said(located.where) for located in located_texts(DOCUMENT)]
    assert not any("¶" in each or " r" in each for each in said)
    assert len(set(said)) == len(said)
