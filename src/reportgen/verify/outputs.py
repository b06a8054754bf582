"""Reads the printed captions of tables, which the readers of texts and cells leave aside."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from lxml import etree, html

from reportgen.findings import Finding, finding
from reportgen.model.document import Document
from reportgen.verify.docx import read_docx
from reportgen.verify.expected import (
    agree,
    agree_tables,
    captions,
    cut,
    expected,
    sequence,
    squeeze,
)
from reportgen.verify.html import read_fragment, read_html
from reportgen.verify.part import IGNORABLE
from reportgen.verify.pdf import nonconformities, read_pdf
from reportgen.verify.proof import Proof, prove_file
from reportgen.verify.readback import Readback

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _above_tables(data: bytes) -> tuple[str, ...]:
    """Return the text of what stands directly above each table of a Word file."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        body = etree.fromstring(package.read("word/document.xml"))[0]
    above = (table.getprevious() for table in body.findall(f"{_WORD}tbl"))
    return tuple(_solid(each.itertext(f"{_WORD}t")) for each in above if each is not None)


def _seen(data: bytes) -> tuple[str, ...]:
    """Return the captions of a page that are not there for screen readers alone."""
    page = html.document_fromstring(data, html.HTMLParser(encoding="utf-8"))
    spans = (span for caption in page.iter("caption") for span in caption)
    return tuple(_solid(span.itertext()) for span in spans if span.get("class") != "unseen")


def _all(data: bytes) -> tuple[str, ...]:
    """Return the captions of a page without a frame, which holds none that are not printed."""
    page = html.document_fromstring(data, html.HTMLParser(encoding="utf-8"))
    return tuple(_solid(caption.itertext()) for caption in page.iter("caption"))


def _solid(pieces: Iterable[str | bytes]) -> str:
    return "".join("".join(map(str, pieces)).split())


CAPTIONS: Mapping[str, Callable[[bytes], tuple[str, ...]]] = {
    "docx": _above_tables,
    "html": _seen,
    "fragment.html": _all,
}
"""What may be a printed caption, in order; in PDF captions are among the texts."""


_UNSEEN = re.compile(f"[{IGNORABLE}]")

# PDFium spells out the Latin ligatures that Unicode has for old character sets.
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)


@dataclass(frozen=True, slots=True)
class Differences:
    """The texts that a stream lacks, and the pieces of it that no text accounts for."""

    missing: tuple[str, ...]
    unexpected: tuple[str, ...]


def readable(text: str) -> str:
    """Return `text` as a reader of PDF can give it back: no white space, nothing invisible."""
    return _UNSEEN.sub("", squeeze(text)).translate(_LIGATURES)


def differences(stream: str, texts: Iterable[str]) -> Differences:
    """Return what sets `stream` apart from `texts` one after the other.

    Where a text does not follow at once, it is missing if the next one does; else what stands
    before it is unexpected.
    """
    stream = readable(stream)
    wanted = [(text, readable(text)) for text in texts]
    missing: list[str] = []
    unexpected: list[str] = []
    at = 0
    for number, (text, words) in enumerate(wanted):
        found = at if stream.startswith(words, at) else stream.find(words, at)
        after = wanted[number + 1][1] if number + 1 < len(wanted) else ""
        if found < 0 or (found > at and after and stream.startswith(after, at)):
            missing.append(text)
            continue
        if found > at:
            unexpected.append(stream[at:found])
        at = found + len(words)
    if at < len(stream):
        unexpected.append(stream[at:])
    return Differences(tuple(missing), tuple(unexpected))


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
