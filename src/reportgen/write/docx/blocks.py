"""Blocks of the document as paragraphs and tables of Word."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reportgen.model.document import (
    AttachmentList,
    Block,
    Chart,
    Cover,
    Heading,
    Items,
    PageBreak,
    Paragraph,
    SignOff,
    Title,
)
from reportgen.write.docx.picture import chart_picture
from reportgen.write.docx.placed import PlacedForms
from reportgen.write.docx.table import write_table
from reportgen.write.docx.text import HEADINGS, DocxBuilder, Look, Style, run
from reportgen.write.form_layout import FormLayout, parted
from reportgen.write.turned_pages import LaidOutBlock, introduces, is_note

_ROLES = {
    "body": Style.BODY,
    "plain": Style.PLAIN,
    "center": Style.CENTER,
    "right": Style.RIGHT,
    "note": Style.NOTE,
}

_KEEP_WITH_NEXT = "<w:keepNext/>"
_NEW_PAGE = "<w:pageBreakBefore/>"
_BLANK_LINE_BEFORE = '<w:spacing w:beforeLines="100" w:before="579"/>'
_IN_NAVIGATION = '<w:outlineLvl w:val="1"/>'
"""The caption of a chart stands below its annex there. Its style is not `caption`, which is that
of texts above tables."""
_CAPTION = Look(size=28)
_APART = '<w:snapToGrid w:val="0"/><w:spacing w:before="145" w:line="240" w:lineRule="auto"/>'
"""A line as high as its picture, not as so many lines, a quarter of one below what stands above."""

_LINE = 579
"""Twips from one line of text to the next."""


def write_blocks(
    pieces: Sequence[LaidOutBlock], builder: DocxBuilder, width: int, placed: PlacedForms
) -> str:
    """Return `pieces` as the content of a body whose text is `width` twips wide.

    Those of Word forms are `placed` in it.
    """
    parts: list[str] = []
    for index, piece in enumerate(pieces):
        following = pieces[index + 1] if index + 1 < len(pieces) else None
        in_form = placed.written(piece)
        if in_form is not None:
            parts.append(in_form)
            continue
        if not isinstance(piece, FormLayout):
            keep = _KEEP_WITH_NEXT if _stays_with(piece, following, builder) else ""
            if isinstance(piece, Paragraph):
                keep += _tabs(len(parted(piece.inlines)) - 1, width)
            parts.append(_WRITERS[type(piece)](piece, builder, keep))
            continue
        if index and isinstance(pieces[index - 1], FormLayout):
            parts.append(builder.paragraph(Style.CELL))  # keeps the two tables apart
        parts.append(write_table(piece, builder, width, noted=_is_note(following)))
    return "".join(parts)


def _tabs(count: int, width: int) -> str:
    """Return so many tab stops over a line of `width` twips, the last at its right end."""
    stops: list[str] = []
    for number in range(1, count + 1):
        kind = "right" if number == count else "center"
        stops.append(f'<w:tab w:val="{kind}" w:pos="{width * number // count}"/>')
    return f"<w:tabs>{''.join(stops)}</w:tabs>" if stops else ""


def _is_note(piece: LaidOutBlock | None) -> bool:
    return piece is not None and is_note(piece)


def _stays_with(block: Block, following: LaidOutBlock | None, builder: DocxBuilder) -> bool:
    """Return whether a block stays on the page of the `following` one.

    What introduces a form does, and what stands above a chart or the sign-off: the date never
    stands on a page without text (GB/T 9704-2012, 7.3.5). A low chart has another one above it.
    """
    if isinstance(following, FormLayout):
        return introduces(block)
    if isinstance(block, Chart):
        return isinstance(following, Chart) and builder.drawings[following.name].is_low
    return isinstance(following, AttachmentList | SignOff | Chart)


def _heading(heading: Heading, builder: DocxBuilder, _keep: str) -> str:
    runs = run(heading.number) + builder.runs(heading.inlines)
    return builder.paragraph(HEADINGS[heading.level - 1], runs)


def _paragraph(paragraph: Paragraph, builder: DocxBuilder, keep: str) -> str:
    return builder.paragraph(_ROLES[paragraph.role], builder.runs(paragraph.inlines), keep)


def _items(items: Items, builder: DocxBuilder, keep: str) -> str:
    paragraphs: list[str] = []
    for item in items.items:
        runs = run(item.label) + builder.runs(item.inlines)
        paragraphs.append(builder.paragraph(Style.BODY, runs, keep))
    return "".join(paragraphs)


def _chart(chart: Chart, builder: DocxBuilder, keep: str) -> str:
    """Return the picture of a chart on a line as high as it is, with its caption below it."""
    image = chart_picture(chart, builder)
    if not chart.caption:
        return builder.paragraph(Style.CENTER, image, keep + _APART)
    picture = builder.paragraph(Style.CENTER, image, _KEEP_WITH_NEXT + _APART)
    return picture + builder.paragraph(Style.CENTER, _numbered(chart), keep + _IN_NAVIGATION)


def _numbered(chart: Chart) -> str:
    """Return the caption of a chart, with a number that Word counts for its lists of figures."""
    number = "".join(
        [
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
            '<w:r><w:instrText xml:space="preserve"> SEQ 图 \\* ARABIC </w:instrText></w:r>',
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
            run(str(chart.number), _CAPTION),
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
        ]
    )
    before, _, after = chart.caption.partition(str(chart.number))
    return run(before, _CAPTION) + number + run(after, _CAPTION)


def _page_break(_: PageBreak, builder: DocxBuilder, _keep: str) -> str:
    """Return a paragraph of its own, 1 pt high: what follows may be a table."""
    return builder.paragraph(Style.GAP, properties=_NEW_PAGE)


def _attachments(attachments: AttachmentList, builder: DocxBuilder, keep: str) -> str:
    """Return 附件说明: one name without a number, several with; no punctuation after them."""
    titles = attachments.titles
    if len(titles) == 1:
        runs = run("附件：") + builder.runs(titles[0])
        return builder.paragraph(Style.ATTACHMENTS, runs, keep + _BLANK_LINE_BEFORE)
    label, number_width = 300, 100 if len(titles) < 10 else 150
    left = 200 + label + number_width
    paragraphs: list[str] = []
    for number, title in enumerate(titles, 1):
        if number == 1:
            lead = "附件："
            hanging = label + number_width
            properties = keep + _BLANK_LINE_BEFORE + _indent(left, hanging=hanging)
        else:
            lead = ""
            properties = keep + _indent(left, hanging=number_width)
        runs = run(f"{lead}{number}.\t") + builder.runs(title)
        paragraphs.append(builder.paragraph(Style.ATTACHMENTS, runs, properties))
    return "".join(paragraphs)


def _indent(left: int, *, hanging: int) -> str:
    """Return an indentation in hundredths of a character of 16 pt."""
    return (
        f'<w:ind w:leftChars="{left}" w:left="{left * 16 // 5}"'
        f' w:hangingChars="{hanging}" w:hanging="{hanging * 16 // 5}"/>'
    )


def _sign_off(sign_off: SignOff, builder: DocxBuilder, _keep: str) -> str:
    """Return 署名 and 成文日期, kept on one page, a blank line below the text."""
    paragraphs: list[str] = []
    last = len(sign_off.lines) - 1
    for number, line in enumerate(sign_off.lines):
        keep = _KEEP_WITH_NEXT if number < last else ""
        space = _BLANK_LINE_BEFORE if number == 0 else ""
        paragraphs.append(builder.paragraph(Style.SIGN_OFF, builder.runs(line), keep + space))
    return "".join(paragraphs)


def _cover(cover: Cover, builder: DocxBuilder, _keep: str) -> str:
    """Return the fields of a cover, its foot line, and the page that follows."""
    indent = _indent(900, hanging=600)
    paragraphs: list[str] = []
    for number, (label, value) in enumerate(cover.fields):
        space = _space_before(116 if number else 3 * _LINE)
        runs = run(label) + builder.runs(value)
        paragraphs.append(builder.paragraph(Style.PLAIN, runs, space + indent))
    if cover.foot:
        # What is left of the 22 lines of a page below a title of two lines and the fields.
        space = _space_before(max(_LINE, 11 * _LINE - 695 * len(cover.fields)))
        paragraphs.append(builder.paragraph(Style.CENTER, builder.runs(cover.foot), space))
    paragraphs.append(builder.paragraph(Style.GAP, properties=_NEW_PAGE))
    return "".join(paragraphs)


def _space_before(twips: int) -> str:
    return f'<w:spacing w:before="{twips}"/>'


def _title(title: Title, builder: DocxBuilder, _keep: str) -> str:
    lines = [builder.paragraph(Style.ANNEX_TITLE, run(line)) for line in title.lines]
    return "".join(lines)


_WRITERS: Mapping[type[Block], Callable[[Any, DocxBuilder, str], str]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Items: _items,
    Chart: _chart,
    PageBreak: _page_break,
    AttachmentList: _attachments,
    SignOff: _sign_off,
    Cover: _cover,
    Title: _title,
}
"""What writes each kind of block but tables.

It is given the properties that keep the block on the page of the next one, if it stays there.
"""
