"""The Word file: a frame made in Word, filled by docxtpl, and the body written into it.

In comes a `Document` and the frame of its edition, out come the bytes of a .docx, the same
for the same input. Pages, styles and footers are the frame's, every word is the Document's.

`frame` is filled, `section` reads its pages; the body and its annexes are made of `blocks`, these
of `text` in its styles, `table` and `picture`; `package` zips it all.

A report that is a Word form is that file, `filled`, with `form_changes` where a policy changed what
was filled in. One that stands in a text is `placed` there, with what it needs `imported`,
its text in tables by `styles_in_tables`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from reportgen.model.document import Annex, Document
from reportgen.model.edition import Edition
from reportgen.write.docx.blocks import write_blocks
from reportgen.write.docx.frame import BODY, SECTION, TITLE, fill
from reportgen.write.docx.package import assemble
from reportgen.write.docx.placed import PlacedForms, form_of
from reportgen.write.docx.section import POINT, Page
from reportgen.write.docx.text import DocxBuilder, Style, run
from reportgen.write.form_layout import PageRoom
from reportgen.write.turned_pages import Stretch, lay_out_annex, lay_out_body

__all__ = ["write_docx"]

_NO_NEW_PAGE = '<w:pageBreakBefore w:val="0"/>'


def write_docx(document: Document, edition: Edition) -> bytes:
    """Return `document` as a Word file.

    Raises `FrameError` when the frame is unfit, `GridError` when a table's spans do not fit,
    `UnwritableCharacterError` for a character that XML cannot hold.
    """
    commented = edition.comments if document.audience != "public" else frozenset()
    notes = {key: note for key, note in document.notes.items() if key in commented}
    if document.form is not None:
        from reportgen.write.docx.filled import write_filled  # noqa: PLC0415 - few reports are one

        return write_filled(document, document.form, notes)
    frame = fill(edition.frame, document, edition.common)
    builder = DocxBuilder(frame.styles, notes, edition.drawings)
    placed = PlacedForms(document, frame, notes, builder.comments)
    body, section = _body(document, builder, placed)
    main = frame.main.replace(TITLE, _title(document, builder))
    main = main.replace(SECTION, section).replace(BODY, body)
    return assemble(placed.frame_with_looks, main, document, builder)


def _title(document: Document, builder: DocxBuilder) -> str:
    """Return the title: one paragraph, for it is one title, with its lines broken by meaning."""
    lower = '<w:spacing w:before="1158"/>' if document.covered else ""
    return builder.paragraph(Style.TITLE, run("\n".join(document.title)), lower)


def _body(document: Document, builder: DocxBuilder, placed: PlacedForms) -> tuple[str, str]:
    """Return the content of the body, and the properties of the section that ends it.

    Neighbours whose pages lie the same way share a section; an annex that is a Word form, and a
    form that lies on its side, have pages as in its file.
    """
    content: list[str] = []
    section = ""
    frame = placed.frame
    parts = _parts(document, frame.portrait, frame.landscape)
    for (is_landscape, form), neighbours in groupby(parts, _lies):
        page = frame.landscape if is_landscape else frame.portrait
        if form >= 0:
            page = placed.page(form, page)
        first = not content
        if not first:
            content.append(builder.paragraph(Style.GAP, properties=section))
        for number, part in enumerate(neighbours):
            content.append(_part(part, builder, page, placed, new_page=first or number > 0))
        section = page.section(first=first, covered=first and document.covered)
    return "".join(content), section


def _parts(document: Document, portrait: Page, landscape: Page) -> Iterator[_Part]:
    """Yield the stretches of the text, then each annex with what stands in it."""
    upright, turned = _room(portrait), _room(landscape)
    for stretch in lay_out_body(document.blocks, upright, turned) or [_NOTHING]:
        yield None, stretch
    for annex in document.annexes:
        yield annex, lay_out_annex(annex, upright, turned)


def _part(
    part: _Part, builder: DocxBuilder, page: Page, placed: PlacedForms, *, new_page: bool
) -> str:
    annex, stretch = part
    head = _annex_head(annex, builder, new_page=new_page) if annex else ""
    return head + write_blocks(stretch.pieces, builder, page.text_width, placed)


_NOTHING = Stretch((), landscape=False)
_Part = tuple[Annex | None, Stretch]
"""A stretch of the text, or an annex with what stands in it."""


def _room(page: Page) -> PageRoom:
    return PageRoom(page.text_width / POINT, page.text_height / POINT)


def _lies(part: _Part) -> tuple[bool, int]:
    """Return whether the pages of a part lie on their sides, and whose form it is alone, if any.

    Upright, a form that follows a text stands on the pages of that.
    """
    annex, stretch = part
    own_page = stretch.landscape or annex is not None
    return stretch.landscape, form_of(stretch.pieces) if own_page else -1


def _annex_head(annex: Annex, builder: DocxBuilder, *, new_page: bool) -> str:
    """Return label and title of an annex; its label starts a page unless a section did."""
    page_break = "" if new_page else _NO_NEW_PAGE
    label = builder.paragraph(Style.ANNEX_LABEL, run(annex.label), page_break)
    return label + builder.paragraph(Style.ANNEX_TITLE, builder.runs(annex.title))
