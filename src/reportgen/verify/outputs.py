"""Verifies the outputs of a report: each is read back, compared, and searched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from itertools import zip_longest
from typing import TYPE_CHECKING

from reportgen.findings import Finding, finding
from reportgen.model.document import Document
from reportgen.model.word_form import without_labels
from reportgen.project.foreign_files import reason
from reportgen.verify.comparison import agree, agree_tables, differences, readable
from reportgen.verify.docx import read_word, texts_above_tables
from reportgen.verify.expected import ExpectedContent
from reportgen.verify.filled import read_body, read_filled
from reportgen.verify.frame_texts import read_around
from reportgen.verify.html import all_captions, printed_captions, read_fragment, read_page
from reportgen.verify.opened import OpenedFile
from reportgen.verify.readback import Grid, Readback
from reportgen.verify.self_contained import outside

if TYPE_CHECKING:
    from reportgen.verify.proof import Proof


def _read_pdf(file: OpenedFile) -> Readback:
    return file.pdf.readback()


READERS: Mapping[str, Callable[[OpenedFile], Readback]] = {
    "docx": read_word,
    "html": read_page,
    "pdf": _read_pdf,
    "fragment.html": read_fragment,
}
"""Each format with a reader that shares no code with its writer."""
_CAPTIONS: Mapping[str, Callable[[OpenedFile], Iterator[str]]] = {
    "docx": texts_above_tables,
    "html": printed_captions,
    "fragment.html": all_captions,
}
"""What may be a printed caption, in order; in PDF captions are among the texts."""
_MOST = 5
"""How many differences of one file are found each by itself; they are seldom alone."""
_QUOTED = 80
"""How many characters of a differing text a finding quotes."""


class FileReader:
    """Reads each file of a report back from when it is handed over, in the threads of `pool`.

    So one is read, or waits for another program that reads it, while the next is written. The
    Word file of a report that is a form, or holds some, is read as such.
    """

    def __init__(self, pool: Executor, document: Document) -> None:
        self._pool = pool
        self._readers = dict(READERS)
        if document.form is not None:
            self._readers["docx"] = read_filled
        elif document.placed:
            self._readers["docx"] = read_body
        self.opened: dict[str, OpenedFile] = {}
        self.readings: dict[str, Future[Readback]] = {}

    def begin(self, name: str, data: bytes) -> None:
        """Begin to read the file of the format `name`, unless that has begun."""
        if name not in self.opened:
            self.opened[name] = OpenedFile(data)
            self.readings[name] = self._pool.submit(self._readers[name], self.opened[name])


def verify(
    document: Document,
    files: Mapping[str, bytes],
    to_prove: Proof | None,
    report: str = "",
    reader: FileReader | None = None,
    frame: bytes = b"",
) -> tuple[Finding, ...]:
    """Return findings on outputs (by format) of `report`.

    V1xx where one does not say what it should, D10x where it says what it should not, of
    which `to_prove` tells; without it nothing is kept back from anybody. `reader` may have begun
    to read the files; `frame` is the Word frame, which may have texts of its own.
    """
    if reader is None:
        with ThreadPoolExecutor() as pool:
            return verify(document, files, to_prove, report, FileReader(pool, document), frame)
    for name, data in files.items():
        reader.begin(name, data)
    proven = _proven(reader.opened, to_prove, report)
    on_screen = ExpectedContent(document, frame)
    expected = {
        "pdf": ExpectedContent(document.on_paper, frame),
        "docx": ExpectedContent(without_labels(document.on_paper), frame),
    }
    findings: list[Finding] = []
    for name in files:
        wanted = expected.get(name, on_screen)
        findings += _compared(name, reader.opened[name], reader.readings[name], wanted)
    return (*findings, *proven)


def _proven(
    opened: Mapping[str, OpenedFile], to_prove: Proof | None, report: str
) -> tuple[Finding, ...]:
    """Return what is wrong with the files by what they may not hold, if anything is kept back."""
    if to_prove is None:
        return ()
    from reportgen.verify.search import prove_file  # noqa: PLC0415 - few builds prove anything

    findings: list[Finding] = []
    for name, file in opened.items():
        published_name = f"{report}.{name}" if report else name
        findings += prove_file(published_name, file, to_prove)
    return tuple(findings)


def _compared(
    name: str, file: OpenedFile, reading: Future[Readback], expected: ExpectedContent
) -> tuple[Finding, ...]:
    """Return where one file differs; one that cannot be read has not been checked."""
    try:
        actual = reading.result()
        besides = (
            *_differing_items(actual, expected.items_of(name)),
            *_missing_alternatives(actual, expected),
            *_from_elsewhere(name, file),
        )
        if name == "pdf":
            return (*_pdf_differences(actual, expected), *besides, *_nonconformities(file))
        wanted = expected.wanted(name)
        if name == "docx" and expected.frame and not expected.document.placed:
            actual = read_around(file)
        return (
            *agree(actual, wanted, marked=name == "html"),
            *_missing_captions(name, file, expected),
            *besides,
        )
    except Exception as error:  # noqa: BLE001 - whatever a reader trips over in a damaged file
        return (finding("V104", subject=name, format=name, **reason(error)),)


def _from_elsewhere(name: str, file: OpenedFile) -> Iterator[Finding]:
    for what in outside(file):
        yield finding("V110", subject=name, format=name, what=what)


def _pdf_differences(actual: Readback, expected: ExpectedContent) -> Iterator[Finding]:
    """Yield what sets the text of a PDF apart from the Document's, and its tables."""
    differing = differences(actual.stream, list(filter(None, expected.sequence)))
    texts = [*differing.missing, *(f"+ {text}" for text in differing.unexpected)]
    quoted = [text[:_QUOTED] for text in texts[:_MOST]]
    if len(texts) > _MOST:
        quoted.append(f"… {len(texts) - _MOST}")
    for text in quoted:
        yield finding("V101", subject="pdf", format="pdf", text=text)
    tables, wanted = _readable_grids(actual.tables), _readable_grids(expected.cut_grids)
    yield from agree_tables("pdf", tables, wanted)


def _readable_grids(grids: tuple[Grid, ...]) -> list[Grid]:
    """Return tables with the text of each cell as a reader of PDF can give it back."""
    readable_grids = []
    for grid in grids:
        cells = (cell._replace(text=readable(cell.text)) for cell in grid)
        readable_grids.append(tuple(cells))
    return readable_grids


def _nonconformities(file: OpenedFile) -> Iterator[Finding]:
    for detail in file.pdf.nonconformities():
        yield finding("V105", subject="pdf", detail=detail)


def _missing_captions(name: str, file: OpenedFile, expected: ExpectedContent) -> Iterator[Finding]:
    """Yield V101 for each caption that should be printed and is not, in its turn."""
    printed = _CAPTIONS[name](file)
    for caption in expected.captions:
        if caption not in printed:
            yield finding("V101", subject=name, format=name, text=caption)


def _differing_items(actual: Readback, wanted: tuple[str, ...]) -> Iterator[Finding]:
    """Yield a finding on the first entry of a list that is not marked as one, or wrongly.

    In PDF the template marks them.
    """
    for item, expected in zip_longest(map(readable, actual.items), map(readable, wanted)):
        if item != expected:
            quoted = f"li {(expected or '∅')[:_QUOTED]} → {(item or '∅')[:_QUOTED]}"
            if actual.format == "pdf":
                yield finding("V105", subject="pdf", detail=quoted)
            else:
                yield finding("V101", subject=actual.format, format=actual.format, text=quoted)
            return


def _missing_alternatives(actual: Readback, expected: ExpectedContent) -> Iterator[Finding]:
    """Yield V101 for each chart of which those who cannot see it are not told, in its turn."""
    said = map(readable, actual.pictures)
    for chart in expected.pictures:
        if readable(chart) not in said:
            yield finding("V101", subject=actual.format, format=actual.format, text=chart)
