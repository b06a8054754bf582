"""The styles of paragraphs in tables of a Word form that is placed in another file.

In its own file the style of a table stands above the defaults of the file and below the styles of
paragraphs. Placed, the defaults are a style that all are based on: those in a table are based on
one with what the table says in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from reportgen.wordfile.tables import local
from reportgen.write.docx.imported import DEFAULTS, ordered
from reportgen.write.docx.section import W


class StylesInTables:
    """The styles of a file, to which those of paragraphs in tables are added as they are needed."""

    def __init__(self, styles: bytes) -> None:
        self._styles = styles
        self._root = etree.fromstring(styles)
        self._known = {each.get(f"{W}styleId", ""): each for each in self._root.iter(f"{W}style")}
        self._changed = False

    def within(self, style: str, table: str) -> str:
        """Return the id of a style of paragraphs as it is in tables of the style `table`."""
        chain = list(self._chain(style))
        is_imported = bool(chain) and chain[-1].get(f"{W}styleId", "").endswith(DEFAULTS)
        if is_imported and any(map(_says_of_text, self._chain(table))):
            return self._added(style, table)
        return style

    def written(self) -> bytes:
        """Return the part with all styles."""
        if not self._changed:
            return self._styles
        return etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True)

    def _chain(self, identity: str) -> Iterator[etree._Element]:
        """Yield a style and those that it is based on, to the last of them."""
        seen: set[str] = set()
        while identity in self._known and identity not in seen:
            seen.add(identity)
            yield self._known[identity]
            identity = self._based_on(identity)

    def _based_on(self, identity: str) -> str:
        based = self._known[identity].find(f"{W}basedOn")
        return "" if based is None else based.get(f"{W}val", "")

    def _added(self, style: str, table: str) -> str:
        """Return the id of a style in tables; it is added with all that it is based on."""
        own = f"{style}-{table}"
        if own not in self._known:
            copy = deepcopy(self._known[style])
            copy.set(f"{W}styleId", own)
            for name in copy.iterchildren(f"{W}name"):
                name.set(f"{W}val", f"{name.get(f'{W}val', '')} {table}")
            self._root.append(copy)
            self._known[own] = copy
            self._changed = True
            for based in copy.iterchildren(f"{W}basedOn"):
                based.set(f"{W}val", self._added(based.get(f"{W}val", ""), table))
            if style.endswith(DEFAULTS):
                self._overlay(copy, table)
        return own

    def _overlay(self, defaults: etree._Element, table: str) -> None:
        """Put what a style of tables says of the text in them above the defaults."""
        for style in reversed(list(self._chain(table))):
            for name in ("pPr", "rPr"):
                below, above = defaults.find(f"{W}{name}"), style.find(f"{W}{name}")
                if below is not None and above is not None:
                    known = {local(each): each for each in below}
                    for each in above:
                        known[local(each)] = _merged(known.get(local(each)), each)
                    below[:] = ordered(name, known)


def _says_of_text(style: etree._Element) -> bool:
    """Return whether a style of tables says anything of the text in them."""
    said = style.findall(f"{W}pPr/*") + style.findall(f"{W}rPr/*")
    return bool(said)


def _merged(below: etree._Element | None, above: etree._Element) -> etree._Element:
    """Return a property with the attributes of one above it."""
    merged = deepcopy(above)
    for key, value in () if below is None else below.attrib.items():
        if key not in merged.attrib:
            merged.set(key, value)
    return merged
