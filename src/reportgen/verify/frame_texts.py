"""What the author of a Word frame wrote into it, as an independent reader finds it in a report.

The frame is read like any Word file and its tags are filled by Jinja alone; what stands before and
behind the body is expected around the document's own texts and tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from reportgen.model.document import Document
from reportgen.model.frozen import frozen
from reportgen.project.bounded_templates import FrameEnvironment
from reportgen.verify.docx import read_in_order
from reportgen.verify.opened import OpenedFile
from reportgen.verify.readback import Grid, GridCell, Readback, squeeze

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACES = re.compile(r"\s*\{\{\s*(?:p\s+)?(?:title|body|turned)\s*\}\}\s*")
_SCOPE = re.compile(r"\{([{%#])(?:p|tr|tc|r)\s")
_TAG = re.compile(r"\{[{%][^{}]*[%}]\}")
_QUOTES = str.maketrans("“”‘’", "\"\"''")
_PIECE = re.compile("\ue010(\\d+)\ue011([^\ue010]*)")
_TITLE, _BODY, _TURNED = "\ue012", "\ue013", "\ue014"
"""What stands for the parts of the document in a frame whose tags are filled."""


@frozen
class FrameTexts:
    """The texts and tables of a frame in their order, with their white space and their tags."""

    items: tuple[str | Grid, ...]

    def around(self, expected: Readback, document: Document) -> Readback:
        """Return what is `expected` of a document with what its frame puts before and behind it.

        A title is one paragraph, whatever its lines.
        """
        count = sum(1 for line in document.title if line.strip())
        title = "".join(expected.texts[:count])
        texts: list[str] = []
        tables: list[Grid] = []
        for item in self._filled(document):
            if not isinstance(item, str):
                tables.append(item)
            elif item == _BODY:
                texts += expected.texts[count:]
                tables += expected.tables
            else:
                texts.append(item.replace(_TITLE, title))
        return replace(expected, texts=tuple(texts), tables=tuple(tables))

    def _filled(self, document: Document) -> Iterator[str | Grid]:
        """Yield the texts and the tables with the names of a document in the place of tags."""
        pieces = list(_pieces(self.items))
        source = "".join(f"\ue010{number}\ue011{text}" for number, text in enumerate(pieces))
        source = _TAG.sub(_typed, _SCOPE.sub(r"{\1 ", source))
        template = FrameEnvironment().from_string(source)
        filled = {
            int(number): squeeze(text)
            for number, text in _PIECE.findall(template.render(_context(document)))
        }
        at = 0
        for item in self.items:
            size = 1 if isinstance(item, str) else len(item)
            yield from _with_texts(item, [filled.get(n, "") for n in range(at, at + size)])
            at += size


def _typed(tag: re.Match[str]) -> str:
    """Return a tag with the quotation marks that were typed: Word makes others of them."""
    return tag[0].translate(_QUOTES)


def _pieces(items: Iterable[str | Grid]) -> Iterator[str]:
    for item in items:
        if isinstance(item, str):
            yield item
        else:
            yield from (cell.text for cell in item)


def _with_texts(item: str | Grid, texts: Sequence[str]) -> Iterator[str | Grid]:
    """Yield an item with other texts; a text that holds nothing is none."""
    if not isinstance(item, str):
        yield tuple(map(_with_text, item, texts))
    elif texts[0].replace(_TURNED, ""):
        yield texts[0]


def _with_text(cell: GridCell, text: str) -> GridCell:
    return cell._replace(text=text, heads=cell.heads)


def _context(document: Document) -> dict[str, Markup]:
    """Return what the tags of a frame may name, as they are to be printed."""
    values = {
        "title": _TITLE,
        "body": _BODY,
        "turned": _TURNED,
        "name": document.name,
        "subject": document.subject,
        "organization": document.organization,
        "date": document.date,
    }
    return {name: Markup(value) for name, value in values.items()}  # noqa: S704 - it is compared


@lru_cache(maxsize=8)
def texts_of_frame(frame: bytes) -> FrameTexts | None:
    """Return what the author of a frame wrote into its body, None where it is the tags alone.

    Raises what reading a Word file raises.
    """
    file = OpenedFile(frame)
    main = file.member(file.package.getinfo("word/document.xml")).xml
    if main.find(f".//{_WORD}tbl") is None and all(map(_is_place, main.iter(f"{_WORD}p"))):
        return None
    return FrameTexts(read_in_order(file, str))


def read_around(file: OpenedFile) -> Readback:
    """Return the texts and the tables of a report in a frame that has some of its own."""
    texts: list[str] = []
    tables: list[Grid] = []
    for item in read_in_order(file, squeeze):
        if isinstance(item, str):
            texts += filter(None, (item,))
        else:
            tables.append(item)
    return Readback("docx", tuple(texts), tuple(tables))


def _is_place(paragraph: Element) -> bool:
    """Return whether a paragraph is blank, or only says where a part of the document comes."""
    text = "".join(map(str, paragraph.itertext(f"{_WORD}t")))
    if paragraph.find(".//{*}drawing") is not None or paragraph.find(".//{*}pict") is not None:
        return False
    return not text.strip() or _PLACES.fullmatch(text) is not None
