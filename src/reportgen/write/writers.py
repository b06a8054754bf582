"""The table of writers, and the writing of a document in the formats asked for."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from reportgen.findings import Finding, finding
from reportgen.model.document import Document
from reportgen.model.edition import Edition
from reportgen.write.docx import write_docx
from reportgen.write.fonts import FontBook, find_fonts, font_files, missing_glyphs, substitutions
from reportgen.write.html import write_html
from reportgen.write.pdf import write_pdf
from reportgen.write.typesetting import TypesettingError

Writer = Callable[[Document, Edition, FontBook], bytes]

WRITERS: tuple[tuple[str, Writer], ...] = (
    ("docx", lambda document, edition, _book: write_docx(document, edition)),
    ("html", lambda document, edition, _book: write_html(document, edition)),
    ("pdf", write_pdf),
)
"""Each format with its writer: a document to the bytes of a file."""

FORMATS = tuple(name for name, _ in WRITERS)
"""Every format, in the order in which they are listed."""

ENGINES = ("docxtpl", "python-docx", "lxml", "jinja2", "markdown-it-py", "typst")
"""The packages whose versions can change the bytes of an output."""


def write(
    document: Document, edition: Edition, formats: Sequence[str]
) -> tuple[dict[str, bytes], tuple[Finding, ...]]:
    """Return `document` in each of `formats`, with findings (W1xx): font notes, lost glyphs."""
    book = find_fonts(edition.font_paths)
    findings = (*substitutions(book), *missing_glyphs(document, book)) if "pdf" in formats else ()
    if any(each.severity == "error" for each in findings):
        return {}, findings
    writers = [(name, writer) for name, writer in WRITERS if name in formats]
    try:
        with ThreadPoolExecutor() as pool:
            made = pool.map(lambda pair: pair[1](document, edition, book), writers)
            files = {name: data for (name, _), data in zip(writers, made, strict=True)}
    except TypesettingError as error:
        return {}, (*findings, finding("W103", detail=error.detail))
    return files, findings


def engines(edition: Edition) -> dict[str, Any]:
    """Return the versions of whatever shaped the outputs, for the manifest."""
    fonts = [asdict(font) for font in font_files(find_fonts(edition.font_paths))]
    packages = {name: version(name) for name in ENGINES}
    return {"packages": {**packages, "zlib": zlib.ZLIB_RUNTIME_VERSION}, "fonts": fonts}
