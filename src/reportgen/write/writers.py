"""The table of writers, and the writing of a document in the formats asked for."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from importlib.metadata import version
from typing import Any

import jinja2

from reportgen.findings import Diagnostics, Finding, blocks, finding
from reportgen.model.document import Document
from reportgen.model.edition import Edition
from reportgen.model.grid import GridError
from reportgen.write.charts import draw
from reportgen.write.docx import write_docx
from reportgen.write.fonts import FontBook, find_fonts, font_files, missing_glyphs, substitutions
from reportgen.write.html import PAGE_NAME, write_html
from reportgen.write.html.fragment import write_fragment
from reportgen.write.pdf.writer import write_pdf
from reportgen.write.typesetting import TypesettingError

Writer = Callable[[Document, Edition, FontBook], bytes]

WRITERS: tuple[tuple[str, Writer, str], ...] = (
    ("docx", lambda document, edition, _book: write_docx(document, edition), "W104"),
    ("html", lambda document, edition, _book: write_html(document, edition), "W105"),
    ("pdf", write_pdf, "W103"),
    ("fragment.html", lambda document, _edition, _book: write_fragment(document), "W105"),
)
"""Each format with its writer, a document to the bytes of a file, and the code for its failure."""

BESIDE: Mapping[str, str] = {"fragment.html": "html"}
"""What is written for the public beside a format that is asked for."""

ENGINES = ("docxtpl", "python-docx", "lxml", "jinja2", "markdown-it-py", "typst")
"""The packages whose versions can change the bytes of an output."""

_FAULTS = (
    *(TypesettingError, jinja2.TemplateError, ValueError, TypeError),
    *(LookupError, AttributeError, ArithmeticError),
)
"""What a faulty frame, page or PDF template raises; `FrameError` is a ValueError."""


def write(
    document: Document, edition: Edition, formats: Sequence[str], log: Diagnostics
) -> dict[str, bytes]:
    """Return `document` in each of `formats`; the log gets W1xx: font notes, lost glyphs.

    Where a writer fails there are no files, but a finding for each that did.
    """
    book = find_fonts(edition.font_paths)
    findings = [*substitutions(book)] if "pdf" in formats else []

    def attempt(each: tuple[str, Writer, str]) -> bytes | Finding:
        _, writer, code = each
        try:
            return writer(document, edition, book)
        except _FAULTS as error:
            return finding(code, detail=_detail(error))

    public = document.audience == "public"
    beside = [name for name, other in BESIDE.items() if public and other in formats]
    try:
        edition = replace(edition, drawings=draw(document, edition, book))
    except TypesettingError as error:
        log.extend((*findings, finding("W107", detail=_detail(error))))
        return {}
    chosen = [each for each in WRITERS if each[0] in (*formats, *beside)]
    with ThreadPoolExecutor() as pool:
        made = list(pool.map(attempt, chosen))
    for each in made:
        if isinstance(each, Finding):
            # The exporter refuses a file with an empty box but not by name: ask which it is.
            lost = _lost(document, book) if each.code == "W103" else ()
            findings += lost or (each,)
    files = {c[0]: m for c, m in zip(chosen, made, strict=True) if isinstance(m, bytes)}
    log.extend(findings)
    return {} if blocks(findings) else files


def _lost(document: Document, book: FontBook) -> tuple[Finding, ...]:
    """Return the characters that the PDF cannot show, or that no table of it can be set."""
    try:
        return missing_glyphs(document, book)
    except GridError as error:
        return (finding("W103", detail=_detail(error)),)


def _detail(error: Exception) -> str:
    """Return what `error` says, with the line of the page template where it arose."""
    if isinstance(error, GridError):
        return f"{error.reason} r{error.row + 1}c{error.column + 1}"
    line = error.lineno if isinstance(error, jinja2.TemplateSyntaxError) else 0
    at = error.__traceback__
    while at is not None:
        line = at.tb_lineno if at.tb_frame.f_code.co_filename == PAGE_NAME else line
        at = at.tb_next
    detail = getattr(error, "detail", None) or getattr(error, "message", None) or str(error)
    return f"{PAGE_NAME}:{line}: {detail}" if line else str(detail)


def engines(formats: Sequence[str]) -> dict[str, Any]:
    """Return the versions of whatever shapes outputs in `formats`, for the manifest."""
    book = find_fonts()
    fonts = [asdict(font) for font in font_files(book)] if "pdf" in formats else []
    packages = {name: version(name) for name in ENGINES}
    return {"packages": {**packages, "zlib": zlib.ZLIB_RUNTIME_VERSION}, "fonts": fonts}
