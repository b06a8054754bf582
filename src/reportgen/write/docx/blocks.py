"""Blocks of the document as paragraphs and tables of Word."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import assert_never

from reportgen.model.document import (
    AttachmentList,
    Block,
    Chart,
    Cover,
    Heading,
    Inlines,
    Items,
    PageBreak,
    Paragraph,
    SignOff,
    Table,
    Title,
)
from reportgen.write.docx.picture import picture
from reportgen.write.docx.table import crowded, write_table
from reportgen.write.docx.text import HEADINGS, Pen, Style, run

ROLES = {
    "body": Style.BODY,
    "plain": Style.PLAIN,
    "center": Style.CENTER,
    "right": Style.RIGHT,
    "note": Style.NOTE,
}
BLANK_LINE_BEFORE = '<w:spacing w:beforeLines="100" w:before="579"/>'

_AS_HIGH = '<w:spacing w:line="240" w:lineRule="auto"/>'

KEEP = "<w:keepNext/>"
"""Keeps a paragraph on the page of the one that follows."""


def write_blocks(blocks: Sequence[Block], pen: Pen, width: int) -> str:
    """Return `blocks` as the content of a body whose text is `width` twips wide."""
    return "".join([_block(blocks, n, pen, width) for n in range(len(blocks))])


def _block(blocks: Sequence[Block], n: int, pen: Pen, width: int) -> str:
    """Return the `n`th of `blocks`."""
    block = blocks[n]
    keep = KEEP if _kept(blocks, n) else ""
    match block:
        case Heading(level, number, inlines):
            xml = pen.paragraph(HEADINGS[level - 1], run(number) + pen.runs(inlines))
        case Paragraph(inlines, role):
            xml = pen.paragraph(ROLES[role], pen.runs(inlines), keep)
        case Items(items):
            xml = "".join(
                [pen.paragraph(Style.BODY, run(i.label) + pen.runs(i.inlines), keep) for i in items]
            )
        case Table():
            small = crowded(_form(blocks, n))
            xml = _apart(blocks, n, pen) + write_table(block, pen, width, small=small)
        case Chart(name=name, alt=alt):
            xml = _chart(name, alt, pen)
        case PageBreak():
            # A paragraph of its own, 1 pt high: what follows may be a table.
            xml = pen.paragraph(Style.GAP, properties="<w:pageBreakBefore/>")
        case AttachmentList(titles):
            xml = _attachments(titles, pen, keep)
        case SignOff(lines):
            xml = _sign_off(lines, pen)
        case Cover(fields, foot):
            xml = _cover(fields, foot, pen)
        case Title(lines):
            xml = "".join([pen.paragraph(Style.ANNEX_TITLE, run(line)) for line in lines])
        case _:
            assert_never(block)
    return xml


def _chart(name: str, alt: str, pen: Pen) -> str:
    """Return the picture of a chart on a line as high as it is."""
    pen.pictured.append(name)
    shown = picture(len(pen.pictured), name, alt, pen.drawings[name])
    return pen.paragraph(Style.CENTER, shown, f"{KEEP}{_AS_HIGH}")


def _kept(blocks: Sequence[Block], n: int) -> bool:
    """Return whether the `n`th block stays on the page of the next: a chart, or the sign-off.

    The date never stands on a page without text (GB/T 9704-2012, 7.3.5).
    """
    following = blocks[n + 1 : n + 2]
    return bool(following) and isinstance(following[0], AttachmentList | SignOff | Chart)


def _form(blocks: Sequence[Block], n: int) -> list[Table]:
    """Return the tables of the form to which the `n`th block belongs."""
    first = n
    while first and _joined(blocks[first]):
        first -= 1
    form = [blocks[first], *takewhile(_joined, blocks[first + 1 :])]
    return [table for table in form if isinstance(table, Table)]


def _joined(block: Block) -> bool:
    """Return whether `block` is a table set directly below the one before."""
    return isinstance(block, Table) and block.joined


def _apart(blocks: Sequence[Block], n: int, pen: Pen) -> str:
    """Return the line that keeps the `n`th block, a table, off a table above it."""
    follows = n > 0 and isinstance(blocks[n - 1], Table)
    return pen.paragraph(Style.CELL) if follows and not _joined(blocks[n]) else ""


def _attachments(titles: Sequence[Inlines], pen: Pen, keep: str) -> str:
    """Return 附件说明: one name without a number, several with; no punctuation after them."""
    if len(titles) == 1:
        return pen.paragraph(
            Style.ATTACHMENTS, run("附件：") + pen.runs(titles[0]), keep + BLANK_LINE_BEFORE
        )
    number = 100 if len(titles) < 10 else 150
    paragraphs: list[str] = []
    for n, title in enumerate(titles, 1):
        before, word = (BLANK_LINE_BEFORE, "附件：") if n == 1 else ("", "")
        indent = _hanging(500 + number, number + 100 * len(word))
        runs = run(f"{word}{n}.\t") + pen.runs(title)
        paragraphs.append(pen.paragraph(Style.ATTACHMENTS, runs, keep + before + indent))
    return "".join(paragraphs)


def _hanging(left: int, hanging: int) -> str:
    """Return an indentation in hundredths of a character of 16 pt."""
    return (
        f'<w:ind w:leftChars="{left}" w:left="{left * 16 // 5}"'
        f' w:hangingChars="{hanging}" w:hanging="{hanging * 16 // 5}"/>'
    )


def _sign_off(lines: Sequence[Inlines], pen: Pen) -> str:
    """Return 署名 and 成文日期, kept on one page, a blank line below the text."""
    paragraphs: list[str] = []
    for n, line in enumerate(lines):
        keep = KEEP if n < len(lines) - 1 else ""
        before = "" if n else BLANK_LINE_BEFORE
        paragraphs.append(pen.paragraph(Style.SIGN_OFF, pen.runs(line), keep + before))
    return "".join(paragraphs)


def _cover(fields: Sequence[tuple[str, Inlines]], foot: Inlines, pen: Pen) -> str:
    """Return the fields of a cover, its foot line, and the page that follows."""
    indent = '<w:ind w:leftChars="900" w:left="2880" w:hangingChars="600" w:hanging="1920"/>'
    paragraphs: list[str] = []
    for n, (label, value) in enumerate(fields):
        spacing = f'<w:spacing w:before="{116 if n else 1737}"/>'
        paragraphs.append(
            pen.paragraph(Style.PLAIN, run(label) + pen.runs(value), spacing + indent)
        )
    if foot:
        # What is left of the 22 lines of a page below a title of two lines and the fields.
        before = max(579, 11 * 579 - 695 * len(fields))
        spacing = f'<w:spacing w:before="{before}"/>'
        paragraphs.append(pen.paragraph(Style.CENTER, pen.runs(foot), spacing))
    paragraphs.append(pen.paragraph(Style.GAP, properties="<w:pageBreakBefore/>"))
    return "".join(paragraphs)
