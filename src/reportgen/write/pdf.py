"""The PDF: the document as data, set by a Typst template into PDF/A-2a and PDF/UA-1."""

from __future__ import annotations

import json

from reportgen.model.document import Document
from reportgen.model.edition import Edition
from reportgen.write.data import as_data
from reportgen.write.fonts import FontBook
from reportgen.write.forms import SIDEWAYS, UPRIGHT, prepare_forms
from reportgen.write.typesetting import typeset


def write_pdf(document: Document, edition: Edition, book: FontBook) -> bytes:
    """Return `document` as PDF, set by the template of `edition` with the fonts of `book`.

    No text of the document is ever Typst source. Raises `GridError` for a table whose spans
    do not fill its grid and `TypesettingError` for what Typst refuses.
    """
    data = as_data(document)
    prepare_forms(data["blocks"], UPRIGHT)
    for annex in data["annexes"]:
        prepare_forms(annex["blocks"], SIDEWAYS if annex["landscape"] else UPRIGHT)
    sources = {
        "main": edition.typst.encode(),
        "document.json": json.dumps(data, ensure_ascii=False).encode(),
        "fonts.json": json.dumps(book.stacks).encode(),
    }
    return typeset(sources, book.directories)
