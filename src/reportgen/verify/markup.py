"""The texts of markup: XML parts of a Word file, and web pages, down to comments and attributes."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import unquote, unquote_to_bytes

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from reportgen.verify.part import Part, UnreadableError

_DRAWN = ("wordprocessingml", "drawingml", "/math", "word/2010", "markup-compatibility")
"""Vocabularies in which an element inside a paragraph is a piece of a line."""
_BLOCKS = frozenset("p tc tr tbl sectPr comment footnote endnote style docPart".split())
_SPACES = frozenset("tab br cr ptab noBreakHyphen".split())
_SAID = frozenset("docVar tag alias listItem placeholder statusText helpText default".split())
"""Elements of Word whose attributes hold what somebody typed."""
_MEASURE = re.compile(r"-?\d+(?:\.\d+)?(?:pt|px|in|cm|mm|%)?")
_INLINE = frozenset(
    "a abbr b bdi br cite code data em i mark q s small span strong sub sup time u wbr".split()
)
_LAYOUT = frozenset("class colspan height href id rowspan span style tabindex width".split())
_NEXT = "\0"
"""Between two pieces of a text; markup cannot hold it."""
_TAG = re.compile(r"<[^<>]*>")
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_ESCAPE = re.compile(r"\\u\{?([0-9a-fA-F]{4,6})\}?|\\x([0-9a-fA-F]{2})|\\([0-9a-fA-F]{2,6}) ?")
_DATA_URL = re.compile(r"data:[\w.+/-]*(?:;[\w=-]+)*,[^\s\"'()<>]+")

TextsOrParts = Iterator[Part | tuple[str, bytes]]
"""Parts, and files inside as (where, bytes)."""
_Named = dict[str, dict[str, None]]
"""The values of attributes by the name of the attribute, each once, in order."""


def read_xml(where: str, data: bytes) -> TextsOrParts:
    """Yield the parts of an XML file. Raises `UnreadableError` if it is not well-formed."""
    parser = etree.XMLParser(resolve_entities=False, huge_tree=True, no_network=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableError(where, str(error)) from error
    if b"<!DOCTYPE" in data:
        raise UnreadableError(where, "<!DOCTYPE>")
    texts: list[str] = []
    hidden: list[str] = []
    measures: set[str] = set()
    named: _Named = {}
    for event, node in etree.iterwalk(root.getroottree(), ("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            hidden.append(f"{getattr(node, 'target', '')} {node.text or ''}")
            texts.append(node.tail or "")
            continue
        drawn, said, border = _nature(node.tag)
        if event == "end":
            texts.append(border + (node.tail or ""))
            continue
        texts.append(node.text or "")
        for attribute, value in node.attrib.items():
            if drawn and not said and _MEASURE.fullmatch(value):
                measures.add(value)
            else:
                named.setdefault(attribute.rpartition("}")[2], {})[value] = None
    yield Part.of(where, "".join(texts).split(_NEXT))
    yield Part.of(f"{where} <!-- -->", hidden)
    yield Part.of(f"{where} @", sorted(measures), technical=True)
    yield from _attributes(where, named)


@cache
def _nature(tag: str) -> tuple[bool, bool, str]:
    """Return whether an element draws, whether its attributes speak, and what ends it in a text."""
    space, _, name = tag.rpartition("}")
    drawn = any(word in space for word in _DRAWN)
    border = _NEXT if not drawn or name in _BLOCKS else " " if name in _SPACES else ""
    return drawn, name in _SAID, border


def read_html(where: str, data: bytes) -> TextsOrParts:
    """Yield the parts of a web page: text, attributes, comments, styles, scripts, files inside.

    What a parser of pages drops is still in the source, which is searched as it stands too.
    """
    source = data.decode("utf-8", "replace")
    for number, match in enumerate(_DATA_URL.finditer(html.unescape(source)), 1):
        yield f"{where} data:{number}", _inside(where, match[0])
    if source.strip():
        yield from _elements(where, data)
    for text in (html.unescape(source), html.unescape(_TAG.sub("", source))):
        yield Part(f"{where} <…>", (text,), technical=True, whole=True)


def _elements(where: str, data: bytes) -> Iterator[Part]:
    texts: list[str] = []
    comments: list[str] = []
    code: dict[str, list[str]] = {}
    named: _Named = {}
    root = document_fromstring(data, HTMLParser(encoding="utf-8", huge_tree=True))
    for event, node in etree.iterwalk(root.getroottree(), ("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            comments.append(node.text or "")
            texts.append(node.tail or "")
        elif event == "start":
            if node.tag in ("style", "script"):
                code.setdefault(node.tag, []).append(_unescaped(node.text or ""))
            else:
                texts.append(("" if node.tag in _INLINE else _NEXT) + (node.text or ""))
            for attribute, value in node.attrib.items():
                named.setdefault(str(attribute), {})[str(value)] = None
        else:
            border = " " if node.tag in ("br", "wbr") else "" if node.tag in _INLINE else _NEXT
            texts.append(border + (node.tail or ""))
    yield Part.of(where, "".join(texts).split(_NEXT))
    yield Part.of(f"{where} <!-- -->", comments)
    for name, pieces in code.items():
        yield Part.of(f"{where} <{name}>", pieces, technical=name == "style")
        yield Part.of(f"{where} <{name}>", (c for each in pieces for c in _remarks(each)))
    yield from _attributes(where, named)


def _attributes(where: str, named: _Named) -> Iterator[Part]:
    """Yield a part for each name of an attribute, escapes of addresses resolved."""
    for name, values in sorted(named.items()):
        every = [*values, *(unquote(value) for value in values if "%" in value)]
        yield Part.of(f"{where} @{name}", every, technical=name in _LAYOUT)


def _remarks(code: str) -> list[str]:
    return _CSS_COMMENT.findall(code)


def _unescaped(code: str) -> str:
    """Return a style or a script with the escapes of its language resolved."""

    def char(match: re.Match[str]) -> str:
        number = int(match[1] or match[2] or match[3], 16)
        return chr(number) if number < 0x110000 else match[0]

    return _ESCAPE.sub(char, code)


def _inside(where: str, address: str) -> bytes:
    """Return the bytes of a `data:` address."""
    head, _, body = address.partition(",")
    if not head.endswith(";base64"):
        return unquote_to_bytes(body)
    try:
        return base64.b64decode(unquote(body), validate=True)
    except binascii.Error as error:
        raise UnreadableError(f"{where} data:", str(error)) from error
