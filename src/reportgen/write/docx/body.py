"""The body of the document: its blocks and annexes, on upright pages and on turned ones."""

from __future__ import annotations

from itertools import groupby

from reportgen.model.document import Annex, Document
from reportgen.write.docx.blocks import write_blocks
from reportgen.write.docx.section import Page
from reportgen.write.docx.text import Pen, Style, run

_NO_NEW_PAGE = '<w:pageBreakBefore w:val="0"/>'


def write_title(document: Document, pen: Pen) -> str:
    """Return the title: one paragraph, for it is one title, with its lines broken by meaning."""
    lower = '<w:spacing w:before="1158"/>' if document.covered else ""
    return pen.paragraph(Style.TITLE, run("\n".join(document.title)), lower)


def write_body(document: Document, pen: Pen, upright: Page, turned: Page) -> tuple[str, str]:
    """Return the content of the body, and the properties of the section that ends it.

    Neighbouring annexes on turned pages share a section.
    """
    parts: list[tuple[str, str]] = []
    for landscape, annexes in groupby((None, *document.annexes), key=_is_turned):
        page, first = turned if landscape else upright, not parts
        content = "".join(
            write_blocks(document.blocks, pen, page.text_width)
            if annex is None
            else _annex(annex, pen, page.text_width, new_page=first or n > 0)
            for n, annex in enumerate(annexes)
        )
        parts.append((content, page.section(first=first, covered=first and document.covered)))
    *before, (content, last) = parts
    ended = [each + pen.paragraph(Style.GAP, properties=section) for each, section in before]
    return "".join(ended) + content, last


def _is_turned(annex: Annex | None) -> bool:
    """Return whether `annex`, or the text before all annexes, stands on its side."""
    return annex is not None and annex.landscape


def _annex(annex: Annex, pen: Pen, width: int, *, new_page: bool) -> str:
    """Return an annex; its label starts a page unless a section that begins there did."""
    label = pen.paragraph(Style.ANNEX_LABEL, run(annex.label), "" if new_page else _NO_NEW_PAGE)
    title = pen.paragraph(Style.ANNEX_TITLE, pen.runs(annex.title))
    return label + title + write_blocks(annex.blocks, pen, width)
