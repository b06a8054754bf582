"""Reads the printed captions of tables, which the readers of texts and cells leave aside."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping

from lxml import etree, html

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
