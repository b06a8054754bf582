"""What is set: tables of any length, another text in every round.

Typst remembers what it has laid out, so that the same text a second time costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench.flatten import flatten
from bench.plain import Plain
from reportgen.model.document import Cell, Document, Paragraph, Row, Table, Text, Value
from reportgen.model.edition import Edition
from reportgen.write.fonts import FontBook, find_fonts

ROOT = Path(__file__).resolve().parent.parent

HEAD = ("序号", "项目", "类别", "年初预算", "全年预算", "全年执行", "结转", "备注")
WIDTHS = (3, 12, 6, 6, 6, 6, 6, 5)
PREFIXES = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"


@dataclass(frozen=True, slots=True)
class Sample:
    """A document with all that makers of either side need."""

    document: Document
    edition: Edition
    fonts: FontBook

    @property
    def plain(self) -> Plain:
        """Return the document for the engines."""
        return flatten(self.document)


def table_sample(rows: int, number: int = 0) -> Sample:
    """Return a table of 8 columns and `rows` rows under a paragraph.

    Its texts differ from those of any other number of rows and any other `number`.
    """
    prefix = PREFIXES[rows % 17] + PREFIXES[number % len(PREFIXES)]
    head = Row(tuple(Cell(((Text(text),),), header="col") for text in HEAD), head=True)
    body = (_row(at, prefix, 101 * number + 13 * rows) for at in range(1, rows + 1))
    table = Table("bench", f"{prefix}项目支出明细表", WIDTHS, (head, *body))
    document = Document(
        title=(f"{prefix}市项目支出明细",),
        language="zh-CN",
        subject="项目支出",
        organization=f"{prefix}市财政局",
        date="2024-06-28",
        audience="public",
        blocks=(Paragraph((Text(f"{prefix}市{rows}个项目的预算和执行情况见下表。"),)), table),
    )
    edition = shared_edition()
    return Sample(document, edition, find_fonts(edition.font_paths))


def _row(at: int, prefix: str, more: int) -> Row:
    names = (str(at), f"{prefix}类第{at}个中小企业发展专项", "市级财政")
    amounts = [(at * factor + more) % 1_000_000 for factor in (7919, 6151, 5087, 1063)]
    texts = [f"{cents // 100}.{cents % 100:02}" for cents in amounts]
    return Row(
        (
            *(Cell(((Text(name),),)) for name in names),
            *(Cell(((Value(text, text),),), align="right") for text in texts),
            Cell(((Text("据实列支"),),)),
        )
    )


@cache
def shared_edition() -> Edition:
    """Return the edition of the frame files that packs share."""
    shared = ROOT / "templates" / "shared"
    page, css, typst = (
        (shared / name).read_text("utf-8") for name in ("page.html.j2", "report.css", "report.typ")
    )
    return Edition((shared / "frame.docx").read_bytes(), page, css, typst)
