"""docxtpl with a table whose one row repeats: the quickest that it can do for a plain table."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

import docx
from docxtpl import DocxTemplate

from bench.plain import Line, Sheet

if TYPE_CHECKING:
    from bench.samples import Sample


class Given(NamedTuple):
    """A template, and the values for it."""

    template: bytes
    values: dict[str, object]


def prepare(sample: Sample) -> Given:
    """Return a template for the table of `sample`, and its rows."""
    plain = sample.plain
    title, line, sheet = plain.parts
    assert isinstance(title, Line)
    assert isinstance(line, Line)
    assert isinstance(sheet, Sheet)
    document = docx.Document(io.BytesIO(sample.edition.frame))
    body = document.element.body
    for element in list(body)[:-1]:
        body.remove(element)
    document.add_paragraph("{{ name }}", "Title")
    document.add_paragraph("{{ line }}")
    table = document.add_table(4, len(sheet.widths))
    head, begin, row, end = (row.cells for row in table.rows)
    for column, box in enumerate(sheet.rows[0]):
        head[column].text = box.text
        row[column].text = f"{{{{ row[{column}] }}}}"
    begin[0].text, end[0].text = "{%tr for row in rows %}", "{%tr endfor %}"
    file = io.BytesIO()
    document.save(file)
    values: dict[str, object] = {
        "name": plain.name,
        "subject": plain.subject,
        "organization": plain.organization,
        "date": plain.date,
        "line": line.text,
        "rows": [[box.text for box in row] for row in sheet.rows[1:]],
    }
    return Given(file.getvalue(), values)


def make(given: Given) -> bytes:
    """Return the file."""
    template = DocxTemplate(io.BytesIO(given.template))
    template.render(given.values, autoescape=True)
    file = io.BytesIO()
    template.save(file)
    return file.getvalue()
