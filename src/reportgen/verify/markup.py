"""The texts of markup: XML parts of a Word file, and web pages, down to comments and attributes."""

from __future__ import annotations

import base64
import binascii
import html
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, unquote_to_bytes

from lxml import etree

from reportgen.verify.html import INLINE
from reportgen.verify.opened import OpenedFile, attributes
from reportgen.verify.part import Part, UnreadableError, without_escapes

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_DRAWN = ("wordprocessingml", "drawingml", "/math", "word/2010", "markup-compatibility")
"""Vocabularies in which an element inside a paragraph is a piece of a line."""
_BLOCKS = frozenset("p tc tr tbl sectPr comment footnote endnote style docPart".split())
_SPACES = frozenset("tab br cr ptab noBreakHyphen".split())
_TYPED = frozenset("docVar tag alias listItem placeholder statusText helpText default".split())
"""Elements of Word whose attributes hold what somebody typed."""
_MEASURE = re.compile(r"-?\d+(?:\.\d+)?(?:pt|px|in|cm|mm|%)?")
_LAYOUT = frozenset(
    "class colspan height href id rowspan span style tabindex width "
    "d points transform viewBox viewbox x y x1 y1 x2 y2 dx dy cx cy r rx ry stroke-width".split()
)
"""Attributes that say where something stands and how large it is, the latter ones of a drawing."""
_BETWEEN = "\0"
"""Between two pieces of a text; markup cannot hold it."""
_EVENTS = ("start", "end", "comment", "pi")
_TAG = re.compile(r"<[^<>]*>")
_BORDER_TAG = re.compile(
    r"</?(?:t[dhr]|table|tbody|thead|tfoot|caption|br|p|li|[ou]l|d[dlt]|div|h[1-6r]|section"
    r"|article|main|header|footer|nav|aside|figure|figcaption|option|text|svg|title|desc)"
    r"(?![\w-])[^<>]*>",
    re.IGNORECASE,
)
"""A tag at which every browser ends a text; between others a number or a word goes on."""
_SPLIT = range(10, 20)
"""How many digits a number of a person has that somebody may spread over cells."""
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_ESCAPE = re.compile(
    r"\\u(?:\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{4}))|\\x([0-9a-fA-F]{2})|\\([0-9a-fA-F]{2,6}) ?"
)
_DATA_URL = re.compile(r"data:[\w.+/-]*(?:;[\w=-]+)*,[^\s\"'()<>]+")

_PIXELS = re.compile(r"(data:image/(?:png|jpeg);base64,)(?:iVBORw0KGgo|/9j/)[A-Za-z0-9+/]+=*")
"""An address that holds a picture: a file of its own, whose letters by chance say something."""

TextsOrParts = Iterator[Part | tuple[str, OpenedFile]]
"""Parts, and files inside as (where, file)."""
_Attributes = dict[str, dict[str, None]]
"""The values of attributes by the name of the attribute, each once, in order."""


class _Nature(NamedTuple):
    """What an element of XML is for a text: whether it draws, whether its attributes are text.

    `border` is what ends it in a text.
    """

    drawn: bool
    typed: bool
    border: str


def read_xml(where: str, file: OpenedFile) -> Iterator[Part]:
    """Yield the parts of an XML file. Raises `UnreadableError` if it is not well-formed."""
    if b"<!doctype" in file.data.replace(b"\0", b"").lower():
        raise UnreadableError(where, "<!DOCTYPE>")
    try:
        root = file.xml
    except etree.XMLSyntaxError as error:
        raise UnreadableError(where, str(error)) from error
    return _XmlTexts(root).parts(where)


class _Texts(ABC):
    """The texts of markup, collected element by element: `hidden` are those of comments."""

    def __init__(self, root: Element) -> None:
        self.hidden: list[str] = []
        self.attributes: _Attributes = {}
        self._texts: list[str] = []
        for event, node in etree.iterwalk(root.getroottree(), _EVENTS):
            if event == "start":
                self.start(node)
            elif event == "end":
                self.add(self.border(node.tag), node.tail)
            else:
                self.hidden.append(self.comment(node))
                self.add("", node.tail)

    @property
    def pieces(self) -> list[str]:
        """Return the text between one border and the next."""
        return "".join(self._texts).split(_BETWEEN)

    def add(self, border: str, text: str | None) -> None:
        """Add text, after a border if it has any."""
        if border:
            self._texts.append(border)
        if text:
            self._texts.append(text)

    @abstractmethod
    def start(self, node: Element) -> None:
        """Add what stands at the beginning of an element."""

    @abstractmethod
    def border(self, tag: str) -> str:
        """Return what ends an element in a text."""

    def comment(self, node: Element) -> str:
        """Return the text of a comment or an instruction."""
        return node.text or ""


class _XmlTexts(_Texts):
    """The texts of an XML part of a Word file; `measures` are the values of layout."""

    def __init__(self, root: Element) -> None:
        self.measures: set[str] = set()
        super().__init__(root)

    def start(self, node: Element) -> None:
        self.add("", node.text)
        nature = _nature(node.tag)
        layout = nature.drawn and not nature.typed
        for name, value in attributes(node):
            if layout and (value in self.measures or _MEASURE.fullmatch(value)):
                self.measures.add(value)
            else:
                self.attributes.setdefault(name.rpartition("}")[2], {})[value] = None

    def border(self, tag: str) -> str:
        return _nature(tag).border

    def comment(self, node: Element) -> str:
        return f"{getattr(node, 'target', '')} {node.text or ''}"

    def parts(self, where: str) -> Iterator[Part]:
        """Yield the text, the comments, the measures and the attributes."""
        yield Part.of(where, self.pieces)
        yield Part.of(f"{where} <!-- -->", self.hidden)
        yield Part.of(f"{where} @", sorted(self.measures), technical=True)
        yield from _attribute_parts(where, self.attributes)


@cache
def _nature(tag: str) -> _Nature:
    space, _, name = tag.rpartition("}")
    drawn = any(word in space for word in _DRAWN)
    border = ""
    if not drawn or name in _BLOCKS:
        border = _BETWEEN
    elif name in _SPACES:
        border = " "
    return _Nature(drawn, name in _TYPED, border)


def read_html(where: str, file: OpenedFile) -> TextsOrParts:
    """Yield the parts of a web page: text, attributes, comments, styles, scripts, files inside.

    What a parser of pages drops is still in the source, which is searched as it stands too.
    """
    source = file.data.decode("utf-8", "replace")
    plain = html.unescape(source)
    for number, match in enumerate(_DATA_URL.finditer(plain), 1):
        yield f"{where} data:{number}", OpenedFile(_data_of(where, match[0]))
    if source.strip():
        yield from _PageTexts(file.page).parts(where)
    for pieces in ([_PIXELS.sub(r"\1", plain)], _without_tags(source)):
        yield Part(f"{where} <…>", tuple(pieces), technical=True, whole=True)


def _without_tags(source: str) -> Iterator[str]:
    """Yield what a page says without its tags, piece by piece.

    Pieces of digits alone are one, as if dashes stood between them, where so many may be a number
    of a person that is spread over cells. Amounts in cells side by side never are.
    """
    between = _TAG.sub("", _BORDER_TAG.sub(_BETWEEN, source))
    pieces = filter(str.strip, html.unescape(between).split(_BETWEEN))
    for is_digits, run in groupby(pieces, key=_is_digits):
        together = tuple(run)
        if is_digits and sum(len(piece.strip()) for piece in together) in _SPLIT:
            yield _joined(together)
        else:
            yield from together


def _is_digits(piece: str) -> bool:
    return piece.strip().isdigit()


def _joined(pieces: Iterable[str]) -> str:
    """Return digits in one row; what no amount is, such as 0013, goes on without a dash."""
    stripped = map(str.strip, pieces)
    return "".join(p if len(p) == 1 or p[0] == "0" else f"-{p}" for p in stripped).lstrip("-")


class _PageTexts(_Texts):
    """The texts of a web page; `code` are its styles and scripts by their tags."""

    def __init__(self, root: Element) -> None:
        self.code: dict[str, list[str]] = {}
        super().__init__(root)

    def start(self, node: Element) -> None:
        if node.tag in ("style", "script"):
            self.code.setdefault(node.tag, []).append(_unescaped(node.text or ""))
        else:
            self.add("" if node.tag in INLINE else _BETWEEN, node.text)
        for name, value in attributes(node):
            self.attributes.setdefault(name, {})[_PIXELS.sub(r"\1", value)] = None

    def border(self, tag: str) -> str:
        if tag in ("br", "wbr"):
            return " "
        return "" if tag in INLINE else _BETWEEN

    def parts(self, where: str) -> Iterator[Part]:
        """Yield the text, the comments, styles and scripts with theirs, and the attributes."""
        yield Part.of(where, self.pieces)
        yield Part.of(f"{where} <!-- -->", self.hidden)
        for name, pieces in self.code.items():
            yield Part.of(f"{where} <{name}>", pieces, technical=name == "style")
            yield Part.of(f"{where} <{name}>", _code_comments(pieces))
        yield from _attribute_parts(where, self.attributes)


def _code_comments(pieces: list[str]) -> Iterator[str]:
    for piece in pieces:
        yield from _CSS_COMMENT.findall(piece)


def _attribute_parts(where: str, named: _Attributes) -> Iterator[Part]:
    """Yield a part for each name of an attribute, escapes of addresses resolved."""
    for name, values in sorted(named.items()):
        escaped = [without_escapes(value) for value in values if "%" in value]
        yield Part.of(f"{where} @{name}", [*values, *escaped], technical=name in _LAYOUT)


def _unescaped(code: str) -> str:
    """Return a style or a script with the escapes of its language resolved."""
    text = _ESCAPE.sub(_escaped_char, code)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _escaped_char(match: re.Match[str]) -> str:
    number = int(next(filter(None, match.groups())), 16)
    return chr(number) if number < 0x110000 else match[0]


def _data_of(where: str, address: str) -> bytes:
    """Return the bytes of a `data:` address."""
    head, _, body = address.partition(",")
    if not head.endswith(";base64"):
        return unquote_to_bytes(body)
    try:
        return base64.b64decode(unquote(body), validate=True)
    except binascii.Error as error:
        raise UnreadableError(f"{where} data:", str(error)) from error
