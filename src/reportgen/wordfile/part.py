"""A part of a Word file: its source, the tree of it, and where each element stands in the source.

What is to be published is cut from the source, never written anew from the tree, so that all that
nobody asked to change stays byte for byte what it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from lxml import etree

TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
"""The namespace of WordprocessingML in the two conformance classes of ISO/IEC 29500."""

_MARKUP = re.compile(
    r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>"
    r"|<(?P<end>/?)(?P<name>[^\s/>!?]+)(?>(?:[^/>\"']|\"[^\"]*\"|'[^']*'|/(?!>))*)(?P<empty>/?)>",
    re.DOTALL,
)
_DECLARED = re.compile(r"\A<\?xml[^>]*?\?>")


class ElementSpan(NamedTuple):
    """Where an element stands in a source: from `start` to `end`, its content between."""

    start: int
    content: int
    content_end: int
    end: int


@dataclass(frozen=True)
class WordPart:
    """A part that is XML: `source` is its text, `root` the tree of it."""

    name: str
    source: str
    encoding: str
    root: etree._Element

    @classmethod
    def read(cls, name: str, data: bytes) -> WordPart:
        """Return the part of these bytes. Raises `lxml.etree.XMLSyntaxError`, or `UnicodeError`."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(data, parser)
        encoding = root.getroottree().docinfo.encoding or "UTF-8"
        return cls(name, data.decode(encoding).removeprefix("\ufeff"), encoding, root)

    @classmethod
    def of(cls, name: str, source: str) -> WordPart:
        """Return the part of a text, whatever encoding that declares."""
        declared = len(declaration(source))
        text = " " * declared + source[declared:]
        root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False))
        return cls(name, source, "UTF-8", root)

    @cached_property
    def namespace(self) -> str:
        """Return what comes before the names of Word's own elements, `{…}`."""
        namespaces = {self.root.nsmap.get("w"), etree.QName(self.root).namespace}
        return f"{{{STRICT if STRICT in namespaces else TRANSITIONAL}}}"

    @property
    def body(self) -> etree._Element | None:
        """Return the body of a main part."""
        return self.root.find(f"{self.namespace}body")

    def span(self, element: etree._Element) -> ElementSpan:
        """Return where `element` stands in the source."""
        return self._spans[element]

    @cached_property
    def _spans(self) -> dict[etree._Element, ElementSpan]:
        """Return where every element stands: the tree lists them as their tags begin."""
        return dict(zip(self.root.iter(etree.Element), spans(self.source), strict=True))

    def bytes(self, source: str) -> bytes:
        """Return `source`, made from that of this part, as bytes in its encoding."""
        return source.encode(self.encoding)


def spans(source: str) -> list[ElementSpan]:
    """Return where each element of a well-formed source stands, in the order they begin."""
    found: list[ElementSpan] = []
    opened: list[int] = []
    for match in _MARKUP.finditer(source):
        if match["name"] is None:
            continue
        if match["end"]:
            at = opened.pop()
            found[at] = found[at]._replace(content_end=match.start(), end=match.end())
            continue
        if not match["empty"]:
            opened.append(len(found))
        found.append(ElementSpan(match.start(), match.end(), match.end(), match.end()))
    return found


def declaration(source: str) -> str:
    """Return the XML declaration of a source, empty without one."""
    match = _DECLARED.match(source)
    return match[0] if match else ""
