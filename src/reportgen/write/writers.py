"""Writes a document in the formats asked for, and names the engines that shaped the files."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from reportgen.findings import Diagnostics, Finding, finding
from reportgen.model.document import Audience, Document
from reportgen.model.edition import Edition
from reportgen.model.frozen import frozen
from reportgen.model.grid import GridError, address
from reportgen.project.extras import installed_version
from reportgen.write.charts import charts_of, draw
from reportgen.write.errors import TypesettingError, WriteError
from reportgen.write.fonts import FontBook, find_fonts, font_files, substitutions

ENGINES = (
    *("docxtpl", "python-docx", "lxml", "jinja2", "markdown-it-py", "typst", "pillow"),
    "noto-cjk-sans-otc",
)
"""The packages whose versions can change the bytes of an output."""


COMPANIONS: Mapping[str, str] = {"html": "fragment.html"}
"""What is written for the public beside a format that is asked for."""


def formats_to_write(formats: Collection[str], audience: Audience) -> tuple[str, ...]:
    """Return `formats` with what is written beside them for `audience`."""
    names = list(formats)
    if audience == "public":
        for name, companion in COMPANIONS.items():
            if name in formats:
                names.append(companion)
    return tuple(names)


@frozen
class Writer:
    """A format, what writes it, and the code of the finding for a document it cannot write.

    One that works `beside` the others leaves the interpreter to them for most of its time.
    """

    format: str
    write: Callable[[Document, Edition], bytes]
    code: str
    beside: bool = False


# Each writer is imported when it runs: its engine takes longer to load than a command may take.


def _write_docx(document: Document, edition: Edition) -> bytes:
    from reportgen.write.docx import write_docx  # noqa: PLC0415

    return write_docx(document.on_paper, edition)


def _write_html(document: Document, edition: Edition) -> bytes:
    from reportgen.write.html import write_html  # noqa: PLC0415

    return write_html(document, edition)


def _write_fragment(document: Document, edition: Edition) -> bytes:
    from reportgen.write.html.fragment import write_fragment  # noqa: PLC0415

    return write_fragment(document, edition)


def _write_pdf(document: Document, edition: Edition) -> bytes:
    from reportgen.write.pdf.writer import write_pdf  # noqa: PLC0415

    return write_pdf(document.on_paper, edition, _fonts(document, edition))


def _fonts(document: Document, edition: Edition) -> FontBook:
    from reportgen.write.glyphs import fonts_of  # noqa: PLC0415

    return fonts_of(document, edition.font_paths)


WRITERS: tuple[Writer, ...] = (
    Writer("docx", _write_docx, "W104"),
    Writer("html", _write_html, "W105"),
    Writer("pdf", _write_pdf, "W103", beside=True),
    Writer("fragment.html", _write_fragment, "W105"),
)


OnWritten = Callable[[str, bytes], None]
"""Takes a format and its bytes when they are there."""


def write(
    document: Document,
    edition: Edition,
    formats: Sequence[str],
    log: Diagnostics,
    on_written: OnWritten | None = None,
) -> dict[str, bytes]:
    """Return the bytes of `document` by format: `formats`, and what the public gets beside them.

    `on_written` gets each of them when it is written.

    Where its templates or texts cannot be written in one of them there are no files at all, but
    an error for each. Substituted fonts are notes.
    """
    if "pdf" in formats:
        log.extend(substitutions(find_fonts(edition.font_paths)))
    try:
        edition = _with_drawings(document, edition, formats)
    except TypesettingError as error:
        log.add(finding("W107", detail=error.detail))
        return {}
    asked = formats_to_write(formats, document.audience)
    writers = [writer for writer in WRITERS if writer.format in asked]
    results = _results(writers, partial(_attempt, document, edition, on_written))
    files: dict[str, bytes] = {}
    for writer in writers:
        result = results[writer.format]
        if isinstance(result, bytes):
            files[writer.format] = result
        else:
            log.extend(result)
    return files if len(files) == len(writers) else {}


_Result = bytes | tuple[Finding, ...]


def _results(
    writers: Sequence[Writer], attempt: Callable[[Writer], _Result]
) -> Mapping[str, _Result]:
    """Return what an attempt of each of `writers` gives, by format."""
    results: dict[str, _Result] = {}
    with ThreadPoolExecutor(max_workers=1) as pool:
        beside = {each.format: pool.submit(attempt, each) for each in writers if each.beside}
        for writer in writers:
            if not writer.beside:
                results[writer.format] = attempt(writer)
    for name, result in beside.items():
        results[name] = result.result()
    return results


def _with_drawings(document: Document, edition: Edition, formats: Sequence[str]) -> Edition:
    """Return `edition` with the charts of `document`, drawn once for all formats."""
    if not charts_of(document):
        return edition
    fonts = _fonts(document, edition)
    pixels, narrow = "docx" in formats, "html" in formats
    drawings = draw(document, edition, fonts, pixels=pixels, narrow=narrow)
    return replace(edition, drawings=drawings)


def _attempt(
    document: Document, edition: Edition, on_written: OnWritten | None, writer: Writer
) -> _Result:
    """Return the bytes of `document`, or errors that say what its authors must put right.

    A fault of the program is raised, never reported as one of theirs.
    """
    try:
        data = writer.write(document, edition)
    except GridError as error:
        cell = f"{error.reason} {address(error.row, error.column)}"
        return (finding(writer.code, detail=cell),)
    except TypesettingError as error:
        # The exporter refuses a file with an empty box but not by name: ask which it is.
        return _missing_glyphs(document, edition) or (finding(writer.code, detail=error.detail),)
    except WriteError as error:
        return (finding(writer.code, detail=error.detail, **error.params),)
    except Exception as error:
        error.add_note(f"while the report was written as {writer.format}")
        raise
    if on_written is not None:
        on_written(writer.format, data)
    return data


def _missing_glyphs(document: Document, edition: Edition) -> tuple[Finding, ...]:
    from reportgen.write.glyphs import missing_glyphs  # noqa: PLC0415

    return missing_glyphs(document, _fonts(document, edition))


def engines(*, font_versions: bool = True) -> dict[str, Any]:
    """Return the versions of whatever shapes outputs, for the manifest.

    Fonts are among them whatever the formats, since charts are drawn with them for each. Without
    `font_versions` they are told apart by their hashes alone, which is faster.
    """
    packages = {name: installed_version(name) for name in ENGINES}
    packages["zlib"] = zlib.ZLIB_RUNTIME_VERSION
    files = font_files(find_fonts(), versions=font_versions)
    return {"packages": packages, "fonts": [asdict(file) for file in files]}
