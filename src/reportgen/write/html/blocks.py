"""The blocks of a document as HTML, in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import assert_never

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
)
from reportgen.write.html.table import put_tables
from reportgen.write.html.text import Weaver

_Joined = tuple[Table, ...]
_Part = (
    Heading
    | Paragraph
    | Items
    | _Joined
    | Chart
    | PageBreak
    | AttachmentList
    | SignOff
    | Cover
    | Title
)


def put_blocks(
    weaver: Weaver, blocks: Sequence[Block], *, top: int, annexes: Sequence[Annex] = ()
) -> None:
    """Add blocks; headings of level 1 become <h`top`>, attachments link to `annexes`."""
    for part in _parts(blocks):
        match part:
            case tuple():
                put_tables(weaver, part)
            case Heading():
                _put_heading(weaver, part, f"h{min(top + part.level - 1, 6)}")
            case Paragraph():
                role = "" if part.role == "body" else f' class="{part.role}"'
                weaver.put_start(f"<p{role}", part.span)
                weaver.put_inlines(part.inlines)
                weaver.put("</p>\n")
            case Items():
                _put_items(weaver, part)
            case AttachmentList():
                _put_attachments(weaver, part, annexes)
            case SignOff():
                _put_signoff(weaver, part)
            case Cover():
                _put_cover(weaver, part)
            case Title():
                weaver.put('<div class="title">\n')
                for line in part.lines:
                    weaver.put("<p>%s</p>\n", line)
                weaver.put("</div>\n")
            case Chart(name=name, alt=alt):
                weaver.put(
                    f'<p class="chart"><img src="{weaver.drawings[name]}" alt="%s"></p>\n', alt
                )
            case PageBreak():
                weaver.put('<div class="page-break"></div>\n')
            case _:
                assert_never(part)


def _parts(blocks: Sequence[Block]) -> Iterator[_Part]:
    """Yield blocks in order, a table together with those joined to it."""
    tables: _Joined = ()
    for block in blocks:
        if isinstance(block, Table) and (block.joined or not tables):
            tables += (block,)
            continue
        if tables:
            yield tables
        if isinstance(block, Table):
            tables = (block,)
        else:
            tables = ()
            yield block
    if tables:
        yield tables


def _put_heading(weaver: Weaver, heading: Heading, tag: str) -> None:
    weaver.put_start(f'<{tag} id="%s"', heading.span, heading.anchor)
    weaver.put("%s", heading.number)
    weaver.put_inlines(heading.inlines)
    weaver.put(f"</{tag}>\n")


def _put_items(weaver: Weaver, items: Items) -> None:
    """Add a list; its labels are text, for they are prescribed."""
    weaver.put('<ol class="items">\n')
    for item in items.items:
        weaver.put_start("<li", item.span)
        weaver.put("%s", item.label)
        weaver.put_inlines(item.inlines)
        weaver.put("</li>\n")
    weaver.put("</ol>\n")


def _put_attachments(weaver: Weaver, block: AttachmentList, annexes: Sequence[Annex]) -> None:
    """Add the titles of the annexes, numbered if there are several, each a link to its annex.

    Their figures carry no notes: inside a link nothing else can take the focus.
    """
    weaver.put('<ol class="attachments">\n')
    several = len(block.titles) > 1
    targets = [annex.anchor for annex in annexes[: len(block.titles)]]
    for number, (title, target) in enumerate(zip_longest(block.titles, targets), start=1):
        weaver.put("<li>")
        if number == 1:
            weaver.put('<span class="lead">附件：</span>')
        if several:
            weaver.put("%s.", str(number))
        if target:
            weaver.put('<a href="#%s">', target)
        weaver.put_inlines(title, explain=False)
        weaver.put("</a></li>\n" if target else "</li>\n")
    weaver.put("</ol>\n")


def _put_signoff(weaver: Weaver, signoff: SignOff) -> None:
    weaver.put('<div class="signoff">\n')
    for line in signoff.lines:
        weaver.put("<p>")
        weaver.put_inlines(line)
        weaver.put("</p>\n")
    weaver.put("</div>\n")


def _put_cover(weaver: Weaver, cover: Cover) -> None:
    weaver.put('<div class="cover">\n')
    for label, value in cover.fields:
        weaver.put('<p><span class="lead">%s</span>', label)
        weaver.put_inlines(value)
        weaver.put("</p>\n")
    if cover.foot:
        weaver.put('<p class="center">')
        weaver.put_inlines(cover.foot)
        weaver.put("</p>\n")
    weaver.put("</div>\n")
