"""docxtpl with the body as a subdocument of python-docx, the usual way to such a Word file.

It sets texts, styles of paragraphs and merged cells; widths, alignments and repeated heads,
which ours has too, are left out.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, NamedTuple

import docx
from docx.document import Document
from docx.enum.text import WD_BREAK
from docxtpl import DocxTemplate
from lxml import etree
from markupsafe import Markup

from bench.plain import Plain, Sheet, Turn

if TYPE_CHECKING:
    from bench.samples import Sample

STYLES = ("Title", "Heading 1", "Heading 2", "Heading 3", "Heading 4")


class Given(NamedTuple):
    """A document and a frame."""

    plain: Plain
    frame: bytes


def prepare(sample: Sample) -> Given:
    """Return the document and the frame of `sample`."""
    return Given(sample.plain, sample.edition.frame)


def make(given: Given) -> bytes:
    """Return the file."""
    template = DocxTemplate(io.BytesIO(given.frame))
    plain = given.plain
    values = {
        "title": "",
        "body": Markup(_subdocument(given)),
        "turned": "",
        "name": plain.name,
        "subject": plain.subject,
        "organization": plain.organization,
        "date": plain.date,
    }
    template.render(values, autoescape=True)
    file = io.BytesIO()
    template.save(file)
    return file.getvalue()


def _subdocument(given: Given) -> str:
    """Return the body as docxtpl's `new_subdoc` does, which needs one more package."""
    document = docx.Document(io.BytesIO(given.frame))
    body = document.element.body
    for element in list(body):
        body.remove(element)
    body.get_or_add_sectPr()
    styles = {n: document.styles[name] for n, name in enumerate(STYLES)}
    for part in given.plain.parts:
        if isinstance(part, Sheet):
            _add_table(document, part)
        elif isinstance(part, Turn):
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        else:
            document.add_paragraph(part.text, None if part.level is None else styles[part.level])
    body.remove(body.sectPr)
    return re.sub(r"</?w:body[^>]*>", "", etree.tostring(body, encoding="unicode"))


def _add_table(document: Document, sheet: Sheet) -> None:
    table = document.add_table(len(sheet.rows), len(sheet.widths))
    grid = [row.cells for row in table.rows]
    for row in sheet.rows:
        for box in row:
            cell = grid[box.row][box.column]
            if box.rowspan > 1 or box.colspan > 1:
                cell = cell.merge(
                    grid[box.row + box.rowspan - 1][box.column + box.colspan - 1],
                )
            cell.text = box.text
