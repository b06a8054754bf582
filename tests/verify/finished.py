"""A document in all formats, made once, for tests that damage the files."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from logged import write
from reportgen.model.disclosed import Disclosed
from reportgen.model.document import (
    Annex,
    AttachmentList,
    Cell,
    Document,
    Heading,
    Items,
    ListItem,
    Paragraph,
    Row,
    SignOff,
    Table,
    Text,
    Value,
)
from reportgen.model.edition import FORMATS, Edition
from reportgen.model.figures import Ledger

SHARED = Path(__file__).resolve().parents[2] / "templates" / "shared"
EDITION = Edition(
    frame=(SHARED / "frame.docx").read_bytes(),
    page=(SHARED / "page.html.j2").read_text("utf-8"),
    css=(SHARED / "report.css").read_text("utf-8"),
    typst=(SHARED / "report.typ").read_text("utf-8"),
)
OPEN = Disclosed(Ledger(2023), "internal")


def line(text):
    return (Text(text),)


def cell(text, **more):
    return Cell((line(text),), **more)


def money(text, **more):
    return Cell(((Value(text, text, "key"),),), **more)


FUNDS = Table(
    "funds",
    "专项资金使用情况表",
    (3, 2, 2, 2),
    (
        Row((cell("项目", header="col"), cell("金额", colspan=3, header="col")), head=True),
        Row((cell("合计", header="row", rowspan=2), money("34.5"), money("20"), money("14.5"))),
        Row((money("31"), money("18.25"), money("12.75"))),
        Row((cell("其中", header="row"), cell("说明文字", colspan=2), cell("无"))),
    ),
    show_caption=True,
)
DOCUMENT = Document(
    title=("2023年度某局", "绩效自评报告"),
    language="zh-CN",
    subject="绩效自评",
    organization="某局",
    date="2024-06-28",
    audience="internal",
    blocks=(
        Heading(1, "一、", line("基本情况"), "s1"),
        Paragraph(
            (Text("全年支出"), Value("1234.5万元", "1234.5", "total"), Text("，完成年初预算。"))
        ),
        Paragraph(line("另有结余，已按规定上缴。")),
        Items((ListItem("1.", line("厉行节约。")), ListItem("2.", line("公开透明。")))),
        AttachmentList((line("资金表"),)),
        SignOff((line("某局"), line("2024年6月28日"))),
    ),
    annexes=(
        Annex(
            "附件",
            line("资金表"),
            (FUNDS, Paragraph(line("表中金额单位为万元。"), "note")),
            "annex-1",
        ),
    ),
)


@cache
def finished() -> dict[str, bytes]:
    """Return the document in all formats."""
    return made(DOCUMENT, *FORMATS)


def made(document: Document, *formats: str) -> dict[str, bytes]:
    """Return `document` in `formats`."""
    files, findings = write(document, EDITION, formats)
    assert files, findings
    return files
