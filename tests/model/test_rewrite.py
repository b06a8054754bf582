"""The walk that rewrites texts reaches every text of every kind of block, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import get_args

import pytest

from reportgen.model.document import (
    Annex,
    AttachmentList,
    Block,
    Cell,
    Chart,
    Cover,
    Document,
    Heading,
    Inline,
    Inlines,
    Items,
    ListItem,
    PageBreak,
    Paragraph,
    Row,
    SignOff,
    Strong,
    Table,
    Text,
    Title,
    Value,
)
from reportgen.model.locations import DocumentLocation
from reportgen.model.publication import Publication
from reportgen.model.rewrite import Lines, rewrite_document
from reportgen.model.source import SourceSpan

HERE = SourceSpan("narrative.md", 3, 1)


def chart(*categories: str, series: str = "数", alt: str = "图") -> Chart:
    values = tuple((Fraction(1),) for _ in categories)
    texts = tuple(("1",) for _ in categories)
    return Chart("chart-1", "bars", categories, (series,), values, texts, "元", alt)


def blocks(word: str) -> dict[type, Block]:
    """Return a block of each kind in which every text is `word`."""
    line = (Text(word), Strong((Text(word),)))
    cell = Cell((line, (Text(word),)))
    return {
        Heading: Heading(1, word, line, "a1", HERE, "section"),
        Paragraph: Paragraph(line, "note", HERE),
        Items: Items((ListItem(word, line, HERE), ListItem(word, line))),
        Table: Table("form", word, (1, 1), (Row((replace(cell, colspan=2),), head=True),)),
        Chart: chart(word, word, series=word, alt=word),
        PageBreak: PageBreak(),
        AttachmentList: AttachmentList((line, line)),
        SignOff: SignOff((line, line)),
        Cover: Cover(((word, line),), line),
        Title: Title((word, word)),
    }


def document(*of: Block, word: str = "旧", annexes: tuple[Annex, ...] = ()) -> Document:
    return Document(
        title=(word, word),
        language="zh-CN",
        subject=word,
        organization=word,
        date="2024-06-28",
        audience="public",
        blocks=of,
        annexes=annexes,
        notes={"key": "旧"},
        publication=Publication(word, word, word),
        stated={"creator": word},
    )


def renewed(_location: DocumentLocation, lines: Lines) -> Lines:
    return tuple(renewed_line(line) for line in lines)


def renewed_line(line: Inlines) -> Inlines:
    return tuple(renewed_inline(inline) for inline in line)


def renewed_inline(inline: Inline) -> Inline:
    if isinstance(inline, Strong):
        return Strong(renewed_line(inline.inlines))
    assert isinstance(inline, Text)
    return Text(inline.text.replace("旧", "新"))


@pytest.mark.parametrize("kind", get_args(Block))
def test_every_text_of_every_kind_of_block_is_rewritten(kind):
    before, after = document(blocks("旧")[kind]), document(blocks("新")[kind], word="新")
    assert rewrite_document(before, renewed) == after


def test_annexes_are_rewritten_with_their_labels():
    annex = Annex("旧1", (Text("旧"),), tuple(blocks("旧").values()), "annex-1", landscape=True)
    after = replace(annex, label="新1", title=(Text("新"),), blocks=tuple(blocks("新").values()))
    result = rewrite_document(document(annexes=(annex,)), renewed)
    assert result == document(word="新", annexes=(after,))


def test_what_is_no_kind_of_block_is_refused():
    with pytest.raises(TypeError):
        rewrite_document(document("text"), renewed)


def test_locations_name_the_section_the_table_and_the_cell():
    table = Table("form", "表", (1,), (Row((Cell(((Text("格"),),)),)),), span=HERE)
    unnamed = replace(table, name="other", caption="")
    heading = Heading(1, "一、", (Text("章"),), "a1")
    annex = Annex("附件1", (Text("附"),), (Paragraph((Text("文"),)), chart("类")), "annex-1")
    passed: dict[str, list[str]] = {}

    def note(location: DocumentLocation, lines: Lines) -> Lines:
        text = "".join(part.text for line in lines for part in line)
        passed.setdefault(location.where, []).append(text)
        return lines

    of = document(Paragraph((Text("前"),)), heading, table, unnamed, annexes=(annex,))
    assert rewrite_document(of, note) == of
    assert passed == {
        "文件属性和网页信息": ["旧"] * 6,
        "标题": ["旧旧"],
        "旧旧": ["前"],
        "一、章": ["一、章"],
        "一、章 表《表》 r1c1": ["格"],
        "一、章 表《表》": ["表"],
        "一、章 other r1c1": ["格"],
        "附件1": ["附件1附", "文"],
        "附件1 chart-1": ["类", "数", "图"],
    }


def test_figures_stay_where_the_rewrite_leaves_them():
    of = document(Paragraph((Text("共"), Value("5万元", "5", "key"))))
    assert rewrite_document(of, lambda _location, lines: lines) == of
