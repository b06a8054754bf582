"""The pages of a frame: the one that the body stands on, and the one for landscape annexes."""

from __future__ import annotations

import re
from copy import deepcopy

from lxml import etree

from reportgen.model.frozen import frozen
from reportgen.write.errors import FrameError

POINT = 20
"""Twips in a point."""
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_NAMESPACES = re.compile(r' xmlns:\w+="[^"]*"')
# A portrait page turned to the left comes to lie with its right edge at the top.
_TURNED = {"top": "left", "right": "top", "bottom": "right", "left": "bottom"}


@frozen
class Page:
    """A page: its `w:sectPr` in the frame, its size and its margins in twips."""

    properties: etree._Element
    width: int
    height: int
    margins: dict[str, int]

    @classmethod
    def read(cls, properties: etree._Element) -> Page:
        """Return the page of a `w:sectPr`; raise `FrameError` when it gives no measures."""
        size, margins = properties.find(f"{W}pgSz"), properties.find(f"{W}pgMar")
        if size is None or margins is None:
            raise FrameError("@f_no_measures")
        return cls(
            properties,
            _twips(size, "w"),
            _twips(size, "h"),
            {name: _twips(margins, name) for name in (*_TURNED, "header", "footer")},
        )

    @property
    def text_width(self) -> int:
        """Return the width of the text in twips."""
        return self.width - self.margins["left"] - self.margins["right"]

    @property
    def text_height(self) -> int:
        """Return the height of the text in twips."""
        return self.height - self.margins["top"] - self.margins["bottom"]

    def section(self, *, first: bool, covered: bool = False) -> str:
        """Return the properties of a section; those after the first go on counting pages.

        A `covered` section begins with a page that carries no number.
        """
        properties = deepcopy(self.properties)
        if covered:
            _leave_first_page_unnumbered(properties)
        if not first:
            _go_on_counting(properties)
        # The namespaces are declared at the root of the part already.
        return _NAMESPACES.sub("", etree.tostring(properties, encoding="unicode", with_tail=False))

    def like(self, section: etree._Element) -> Page:
        """Return this page with the size and the margins of another section that gives them."""
        try:
            theirs = Page.read(section)
        except FrameError:
            return self
        properties = deepcopy(self.properties)
        for size in properties.findall(f"{W}pgSz"):
            size.set(f"{W}w", str(theirs.width))
            size.set(f"{W}h", str(theirs.height))
        for element in properties.findall(f"{W}pgMar"):
            for edge in _TURNED:
                element.set(f"{W}{edge}", str(theirs.margins[edge]))
        return Page.read(properties)

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


def _twips(element: etree._Element, name: str) -> int:
    value = element.get(f"{W}{name}", "")
    try:
        return int(value)
    except ValueError as error:
        raise FrameError("@f_no_measures") from error


def _leave_first_page_unnumbered(section: etree._Element) -> None:
    if section.find(f"{W}titlePg") is not None:
        return
    grid = section.find(f"{W}docGrid")
    position = len(section) if grid is None else section.index(grid)
    section.insert(position, etree.Element(f"{W}titlePg"))


def _go_on_counting(section: etree._Element) -> None:
    for name in ("type", "titlePg"):
        for element in section.findall(f"{W}{name}"):
            section.remove(element)
    for numbering in section.findall(f"{W}pgNumType"):
        numbering.attrib.pop(f"{W}start", "")
