"""The texts of markup: XML parts of a Word file, and web pages, down to comments and attributes."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, unquote_to_bytes

from lxml import etree

from reportgen.verify.html import INLINE
from reportgen.verify.opened import OpenedFile
from reportgen.verify.part import Part, UnreadableError

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_DRAWN = ("wordprocessingml", "drawingml", "/math", "word/2010", "markup-compatibility")
"""Vocabularies in which an element inside a paragraph is a piece of a line."""
_BLOCKS = frozenset("p tc tr tbl sectPr comment footnote endnote style docPart".split())
_SPACES = frozenset("tab br cr ptab noBreakHyphen".split())
_TYPED = frozenset("docVar tag alias listItem placeholder statusText helpText default".split())
"""Elements of Word whose attributes hold what somebody typed."""
_MEASURE = re.compile(r"-?\d+(?:\.\d+)?(?:pt|px|in|cm|mm|%)?")
_LAYOUT = frozenset("class colspan height href id rowspan span style tabindex width".split())
_BETWEEN = "\0"
"""Between two pieces of a text; markup cannot hold it."""
_EVENTS = ("start", "end", "comment", "pi")
_TAG = re.compile(r"<[^<>]*>")
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_ESCAPE = re.compile(r"\\u\{?([0-9a-fA-F]{4,6})\}?|\\x([0-9a-fA-F]{2})|\\([0-9a-fA-F]{2,6}) ?")
_DATA_URL = re.compile(r"data:[\w.+/-]*(?:;[\w=-]+)*,[^\s\"'()<>]+")

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
    try:
        root = file.xml
    except etree.XMLSyntaxError as error:
        raise UnreadableError(where, str(error)) from error
    if b"<!DOCTYPE" in file.data:
        raise UnreadableError(where, "<!DOCTYPE>")
    texts: list[str] = []
    hidden: list[str] = []
    measures: set[str] = set()
    attributes: _Attributes = {}
    for event, node in etree.iterwalk(root.getroottree(), _EVENTS):
        if event == "start":
            texts.append(node.text or "")
            _add_attributes(node, attributes, measures)
        elif event == "end":
            texts.append(_nature(node.tag).border)
            texts.append(node.tail or "")
        else:
            hidden.append(f"{getattr(node, 'target', '')} {node.text or ''}")
            texts.append(node.tail or "")
    yield Part.of(where, "".join(texts).split(_BETWEEN))
    yield Part.of(f"{where} <!-- -->", hidden)
    yield Part.of(f"{where} @", sorted(measures), technical=True)
    yield from _attribute_parts(where, attributes)


def _add_attributes(node: Element, attributes: _Attributes, measures: set[str]) -> None:
    """Add the values of the attributes of `node`, those of layout to `measures`."""
    nature = _nature(node.tag)
    layout = nature.drawn and not nature.typed
    for name, value in node.items():
        if layout and (value in measures or _MEASURE.fullmatch(value)):
            measures.add(value)
        else:
            attributes.setdefault(name.rpartition("}")[2], {})[value] = None


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
        yield from _page_parts(where, file)
    for text in (plain, html.unescape(_TAG.sub("", source))):
        yield Part(f"{where} <…>", (text,), technical=True, whole=True)


def _page_parts(where: str, file: OpenedFile) -> Iterator[Part]:
    texts: list[str] = []
    comments: list[str] = []
    code: dict[str, list[str]] = {}
    attributes: _Attributes = {}
    for event, node in etree.iterwalk(file.page.getroottree(), _EVENTS):
        if event == "start":
            if node.tag in ("style", "script"):
                code.setdefault(node.tag, []).append(_unescaped(node.text or ""))
            else:
                texts.append(_border_before(node.tag) + (node.text or ""))
            for name, value in node.items():
                attributes.setdefault(name, {})[value] = None
        elif event == "end":
            texts.append(_border_after(node.tag) + (node.tail or ""))
        else:
            comments.append(node.text or "")
            texts.append(node.tail or "")
    yield Part.of(where, "".join(texts).split(_BETWEEN))
    yield Part.of(f"{where} <!-- -->", comments)
    yield from _code_parts(where, code)
    yield from _attribute_parts(where, attributes)


def _border_before(tag: str) -> str:
    return "" if tag in INLINE else _BETWEEN


def _border_after(tag: str) -> str:
    if tag in ("br", "wbr"):
        return " "
    return "" if tag in INLINE else _BETWEEN


def _code_parts(where: str, code: dict[str, list[str]]) -> Iterator[Part]:
    """Yield the styles and the scripts of a page, and the comments in them."""
    for name, pieces in code.items():
        comments: list[str] = []
        for piece in pieces:
            comments += _CSS_COMMENT.findall(piece)
        yield Part.of(f"{where} <{name}>", pieces, technical=name == "style")
        yield Part.of(f"{where} <{name}>", comments)


def _attribute_parts(where: str, attributes: _Attributes) -> Iterator[Part]:
    """Yield a part for each name of an attribute, escapes of addresses resolved."""
    for name, values in sorted(attributes.items()):
        escaped = [unquote(value) for value in values if "%" in value]
        yield Part.of(f"{where} @{name}", [*values, *escaped], technical=name in _LAYOUT)


def _unescaped(code: str) -> str:
    """Return a style or a script with the escapes of its language resolved."""
    return _ESCAPE.sub(_escaped_char, code)


def _escaped_char(match: re.Match[str]) -> str:
    number = int(match[1] or match[2] or match[3], 16)
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
