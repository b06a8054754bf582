"""The pages of a frame: the one that the body stands on, and the one for annexes on their side."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_NAMESPACES = re.compile(r' xmlns:\w+="[^"]*"')
# An upright page turned to the left comes to lie with its right edge at the top.
_TURNED = {"top": "left", "right": "top", "bottom": "right", "left": "bottom"}


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its `w:sectPr` in the frame, its size and its margins in twips."""

    properties: etree._Element
    width: int
    height: int
    margins: dict[str, int]

    @classmethod
    def read(cls, properties: etree._Element) -> Page:
        """Return the page of a `w:sectPr`; raise `ValueError` when it gives no measures."""
        size, margins = properties.find(f"{W}pgSz"), properties.find(f"{W}pgMar")
        if size is None or margins is None:
            raise ValueError("a section of the frame has no page size or no margins")
        return cls(
            properties,
            int(size.get(f"{W}w", "")),
            int(size.get(f"{W}h", "")),
            {name: int(margins.get(f"{W}{name}", "")) for name in (*_TURNED, "header", "footer")},
        )

    @property
    def text_width(self) -> int:
        """Return the width of the text in twips."""
        return self.width - self.margins["left"] - self.margins["right"]

    def section(self, *, first: bool, covered: bool = False) -> str:
        """Return the properties of a section; those after the first go on counting pages.

        A `covered` section begins with a page that carries no number.
        """
        properties = deepcopy(self.properties)
        if covered and properties.find(f"{W}titlePg") is None:
            grid = properties.find(f"{W}docGrid")
            at = len(properties) if grid is None else properties.index(grid)
            properties.insert(at, etree.Element(f"{W}titlePg"))
        if not first:
            for name in ("type", "titlePg"):
                for element in properties.findall(f"{W}{name}"):
                    properties.remove(element)
            for numbering in properties.findall(f"{W}pgNumType"):
                numbering.attrib.pop(f"{W}start", "")
        # The namespaces are declared at the root of the part already.
        return _NAMESPACES.sub("", etree.tostring(properties, encoding="unicode", with_tail=False))

    def turned(self) -> Page:
        """Return this page laid on its side, with the same text block on the sheet."""
        margins = {name: self.margins[source] for name, source in _TURNED.items()}
        for distance, edge in (("header", "top"), ("footer", "bottom")):
            gap = self.margins[edge] - self.margins[distance]
            margins[distance] = max(0, margins[edge] - gap)
        properties = deepcopy(self.properties)
        for size in properties.findall(f"{W}pgSz"):
            size.set(f"{W}w", str(self.height))
            size.set(f"{W}h", str(self.width))
            size.set(f"{W}orient", "landscape")
        for element in properties.findall(f"{W}pgMar"):
            for name, twips in margins.items():
                element.set(f"{W}{name}", str(twips))
        return Page.read(properties)
