"""The blocks of a document as HTML, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby, zip_longest
from typing import Any

from reportgen.model.document import (
    Annex,
    AttachmentList,
    Block,
    Chart,
    Cover,
    Heading,
    Items,
    PageBreak,
    Paragraph,
    SignOff,
    Table,
    Title,
    is_turned,
)
from reportgen.write.form_layout import parted
from reportgen.write.html.table import add_tables
from reportgen.write.html.text import HtmlBuilder
from reportgen.write.turned_pages import is_note


def add_blocks(
    builder: HtmlBuilder, blocks: Sequence[Block], *, top: int, annexes: Sequence[Annex] = ()
) -> None:
    """Add blocks; headings of level 1 become <h`top`>, attachments link to `annexes`."""
    for lies, within in groupby(blocks, is_turned):
        if lies:
            builder.add('<div class="landscape">\n')
        _add_group(builder, list(within), top, annexes)
        if lies:
            builder.add("</div>\n")


def _add_group(
    builder: HtmlBuilder, blocks: Sequence[Block], top: int, annexes: Sequence[Annex]
) -> None:
    """Add blocks whose printed pages lie the same way."""
    for group in _forms(blocks):
        block = group[0]
        if isinstance(block, Table):
            _add_form(builder, group)
        elif isinstance(block, Heading):
            _add_heading(builder, block, f"h{min(top + block.level - 1, 6)}")
        elif isinstance(block, AttachmentList):
            _add_attachments(builder, block, annexes)
        else:
            _WRITERS[type(block)](builder, block)


def _forms(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Yield each block in order, a table together with those joined to it and the notes below."""
    group: list[Block] = []
    for block in blocks:
        if group and not (isinstance(group[0], Table) and _goes_on(group[-1], block)):
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _goes_on(last: Block, block: Block) -> bool:
    """Return whether a block belongs to the form whose `last` block stands before it."""
    return is_note(block) or (isinstance(block, Table) and block.joined and not is_note(last))


def _add_form(builder: HtmlBuilder, form: Sequence[Block]) -> None:
    """Add tables that are joined to each other, in one box with the notes on them."""
    tables = [block for block in form if isinstance(block, Table)]
    if len(tables) == len(form):
        add_tables(builder, tables)
        return
    builder.add('<div class="noted">\n')
    add_tables(builder, tables)
    for note in form[len(tables) :]:
        if isinstance(note, Paragraph):
            _add_paragraph(builder, note)
    builder.add("</div>\n")


def _add_heading(builder: HtmlBuilder, heading: Heading, tag: str) -> None:
    builder.add_start_tag(f'<{tag} id="%s"', heading.span, heading.anchor)
    builder.add("%s", heading.number)
    builder.add_inlines(heading.inlines)
    builder.add(f"</{tag}>\n")


def _add_paragraph(builder: HtmlBuilder, paragraph: Paragraph) -> None:
    role = "" if paragraph.role == "body" else f' class="{paragraph.role}"'
    first, *others = parted(paragraph.inlines)
    if not others:
        builder.add_start_tag(f"<p{role}", paragraph.span)
        builder.add_inlines(first)
    else:
        builder.add_start_tag(f'<p class="{paragraph.role} spread"', paragraph.span)
        for part in (first, *others[:-1]):
            builder.add("<span>")
            builder.add_inlines(part)
            builder.add("\u3000\u3000</span>")
        builder.add("<span>")
        builder.add_inlines(others[-1])
        builder.add("</span>")
    builder.add("</p>\n")


def _add_items(builder: HtmlBuilder, items: Items) -> None:
    """Add a list; its labels are text, for they are prescribed."""
    builder.add('<ol class="items">\n')
    for item in items.items:
        builder.add_start_tag("<li", item.span)
        builder.add("%s", item.label)
        builder.add_inlines(item.inlines)
        builder.add("</li>\n")
    builder.add("</ol>\n")


def _add_chart(builder: HtmlBuilder, chart: Chart) -> None:
    """Add a chart and its caption; a phone shows it narrow, its letters as large as the text."""
    wide, narrow = builder.pictures[chart.name]
    builder.add(f'<figure class="chart" id="%s"><img src="{wide}" alt="%s">', chart.name, chart.alt)
    if narrow:
        builder.add(f'<img class="narrow" src="{narrow}" alt="%s">', chart.alt)
    if chart.caption:
        builder.add("<figcaption>%s</figcaption>", chart.caption)
    builder.add("</figure>\n")


def _add_page_break(builder: HtmlBuilder, _: PageBreak) -> None:
    builder.add('<div class="page-break"></div>\n')


def _add_attachments(
    builder: HtmlBuilder, attachments: AttachmentList, annexes: Sequence[Annex]
) -> None:
    """Add the titles of the annexes, numbered if there are several, each a link to its annex.

    Their figures carry no notes: inside a link nothing else can take the focus.
    """
    titles = attachments.titles
    anchors = [annex.anchor for annex in annexes[: len(titles)]]
    builder.add('<ol class="attachments">\n')
    for number, (title, anchor) in enumerate(zip_longest(titles, anchors), start=1):
        builder.add("<li>")
        if number == 1:
            builder.add('<span class="lead">附件：</span>')
        if len(titles) > 1:
            builder.add("%s.", str(number))
        if anchor:
            builder.add('<a href="#%s">', anchor)
        builder.add_inlines(title, explain=False)
        builder.add("</a></li>\n" if anchor else "</li>\n")
    builder.add("</ol>\n")


def _add_sign_off(builder: HtmlBuilder, sign_off: SignOff) -> None:
    builder.add('<div class="signoff">\n')
    for line in sign_off.lines:
        builder.add("<p>")
        builder.add_inlines(line)
        builder.add("</p>\n")
    builder.add("</div>\n")


def _add_cover(builder: HtmlBuilder, cover: Cover) -> None:
    builder.add('<div class="cover">\n')
    for label, value in cover.fields:
        builder.add('<p><span class="lead">%s</span>', label)
        builder.add_inlines(value)
        builder.add("</p>\n")
    if cover.foot:
        builder.add('<p class="center">')
        builder.add_inlines(cover.foot)
        builder.add("</p>\n")
    builder.add("</div>\n")


def _add_title(builder: HtmlBuilder, title: Title) -> None:
    builder.add('<div class="title">\n')
    for line in title.lines:
        builder.add("<p>%s</p>\n", line)
    builder.add("</div>\n")


_WRITERS: Mapping[type[Block], Callable[[HtmlBuilder, Any], None]] = {
    Paragraph: _add_paragraph,
    Items: _add_items,
    Chart: _add_chart,
    PageBreak: _add_page_break,
    SignOff: _add_sign_off,
    Cover: _add_cover,
    Title: _add_title,
}
"""What writes the kinds of block that need to know nothing of those around them."""
