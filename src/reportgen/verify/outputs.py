"""Verifies the finished files of a report before anything is published."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from reportgen.findings import Finding, finding
from reportgen.model.document import Document
from reportgen.model.readback import Readback
from reportgen.verify.agree import agree, agree_tables
from reportgen.verify.captions import CAPTIONS
from reportgen.verify.docx import read_docx
from reportgen.verify.expected import captions, cut, expected, sequence
from reportgen.verify.html import read_fragment, read_html
from reportgen.verify.pdf import nonconformities, read_pdf
from reportgen.verify.proof import Proof, prove_file
from reportgen.verify.stream import differences, readable

READERS: Mapping[str, Callable[[bytes], Readback]] = {
    "docx": read_docx,
    "html": read_html,
    "pdf": read_pdf,
    "fragment.html": read_fragment,
}
"""Each format with a reader that shares no code with its writer."""
_MOST = 5
"""How many differences of one file are told; they are seldom alone."""


def verify(
    document: Document, files: Mapping[str, bytes], to_prove: Proof | None, report: str = ""
) -> tuple[Finding, ...]:
    """Return findings on outputs (by format) of `report`.

    V1xx where one does not say what it should, D10x where it says what it should not, of
    which `to_prove` tells; without it nothing is kept back from anybody.
    """
    tasks = [partial(_verified, name, data, document) for name, data in files.items()]
    if to_prove is not None:
        named = {f"{report}.{name}" if report else name: data for name, data in files.items()}
        tasks += [partial(prove_file, name, data, to_prove) for name, data in named.items()]
    with ThreadPoolExecutor() as pool:
        return tuple(each for done in pool.map(lambda task: task(), tasks) for each in done)


def _verified(name: str, data: bytes, document: Document) -> tuple[Finding, ...]:
    """Return what is wrong with one file; one that cannot be read has not been checked."""
    try:
        found = READERS[name](data)
        if name == "pdf":
            return (*_pdf(found, document), *_conforming(data))
        wanted = expected(document)
        return (*agree(found, wanted, marked=name == "html"), *_captions(name, data, document))
    except Exception as error:  # noqa: BLE001 - whatever a reader trips over in a damaged file
        return (_unreadable(name, error),)


def _unreadable(name: str, error: Exception) -> Finding:
    return finding("V104", subject=name, format=name, detail=str(error) or type(error).__name__)


def _pdf(found: Readback, document: Document) -> Iterator[Finding]:
    """Yield what sets the text of a PDF apart from the Document's, and its tables."""
    differing = differences(found.stream, tuple(text for text in sequence(document) if text))
    texts = [*differing.missing, *(f"+ {text}" for text in differing.unexpected)]
    for text in texts[:_MOST]:
        yield finding("V101", subject="pdf", format="pdf", text=text[:80])
    if len(texts) > _MOST:
        yield finding("V101", subject="pdf", format="pdf", text=f"… {len(texts) - _MOST}")
    tables, wanted = (
        tuple(tuple(replace(cell, text=readable(cell.text)) for cell in table) for table in each)
        for each in (found.tables, cut(document))
    )
    yield from agree_tables("pdf", tables, wanted)


def _conforming(data: bytes) -> Iterator[Finding]:
    for detail in nonconformities(data):
        yield finding("V105", subject="pdf", detail=detail)


def _captions(name: str, data: bytes, document: Document) -> Iterator[Finding]:
    """Yield V101 for each caption that should be printed and is not, in its turn."""
    printed = iter(CAPTIONS[name](data))
    for caption in captions(document):
        if caption not in printed:
            yield finding("V101", subject=name, format=name, text=caption)
