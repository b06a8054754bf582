"""Tables of Word as grids: which cell covers which rows and columns.

Word merges downwards by marks in the cells below (`w:vMerge`), across by a width in columns
(`w:gridSpan`), and, in files of old programs, by marks in the cells to the right (`w:hMerge`);
rows may begin and end beside the grid (`w:gridBefore`, `w:gridAfter`). ISO/IEC 29500-1, 17.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from reportgen.model import limits

_OFF = frozenset(["0", "false", "off"])
_WRAPPERS = ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")
"""What may stand around a row or a cell without being one."""
_PROPERTIES = frozenset(["trPr", "tcPr"])
_GRID = "{*}tblGrid/{*}gridCol"


@dataclass(slots=True)
class WordCell:
    """A cell: its place in the grid from 0, what it covers, and the `w:tc` that holds its text.

    `more` are the elements that Word keeps of it in further rows, or to the right; `properties`
    those of the first, by their names.
    """

    row: int
    column: int
    colspan: int
    element: etree._Element
    properties: Mapping[str, etree._Element]
    rowspan: int = 1
    more: list[etree._Element] = field(default_factory=list)


@dataclass(slots=True)
class WordTable:
    """A table: the widths of its columns in twips (0 where it gives none), its rows, its cells."""

    element: etree._Element
    widths: list[int]
    rows: list[etree._Element]
    cells: list[WordCell]


@lru_cache(maxsize=4096)
def _name(tag: object) -> str:
    return tag.rpartition("}")[2] if type(tag) is str else ""


def local(element: etree._Element) -> str:
    """Return the name of an element without its namespace, nothing for a comment."""
    return _name(element.tag)


def attribute(element: etree._Element | None, name: str) -> str:
    """Return Word's attribute `name` of an element, empty where it or the element is missing."""
    if element is None:
        return ""
    namespace = element.tag.rpartition("}")[0] + "}"
    return element.get(f"{namespace}{name}", "")


def number(text: str) -> int:
    """Return a whole number as Word writes it, 0 for anything else."""
    try:
        return round(float(text))
    except (ValueError, OverflowError):
        return 0


def is_on(parent: etree._Element | None, name: str) -> bool:
    """Return whether a property that is on or off stands in `parent` and is on."""
    element = _child(parent, name)
    return element is not None and attribute(element, "val") not in _OFF


def within(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the children of that name, those in content controls and the like among them."""
    for child in parent:
        kind = local(child)
        if kind == name:
            yield child
        elif kind in _WRAPPERS:
            yield from within(child, name)


def read_table(element: etree._Element) -> WordTable:
    """Return a `w:tbl` as a grid; cells that no place is left for are put at the end of their row.

    Rows shorter than the grid leave places empty that no cell covers.
    """
    rows = list(within(element, "tr"))
    cells: list[WordCell] = []
    above: dict[int, WordCell] = {}
    width = 0
    for row_number, row in enumerate(rows):
        placed = list(_placed(row, row_number, above))
        cells.extend(cell for cell in placed if cell.row == row_number)
        above = {cell.column: cell for cell in placed}
        if placed:
            width = max(width, placed[-1].column + placed[-1].colspan)
    return WordTable(element, _widths(element, width), rows, cells)


def _is_below(origin: WordCell, properties: Mapping[str, etree._Element], colspan: int) -> bool:
    """Return whether a cell goes on with the one above it, which is as wide."""
    return _continues(properties.get("vMerge")) and origin.colspan == colspan


def _placed(row: etree._Element, row_number: int, above: dict[int, WordCell]) -> Iterator[WordCell]:
    """Yield the cells of a row, those from above that go on in it among them."""
    column = _span(_properties(row).get("gridBefore"), 0)
    last: WordCell | None = None
    for element in within(row, "tc"):
        properties = _properties(element)
        colspan = _span(properties.get("gridSpan"), 1)
        origin = above.get(column)
        if last is not None and _continues(properties.get("hMerge")):
            last.colspan += colspan
            last.more.append(element)
        elif origin is not None and _is_below(origin, properties, colspan):
            origin.rowspan = row_number - origin.row + 1
            origin.more.append(element)
            last = origin
            yield origin
        else:
            last = WordCell(row_number, column, colspan, element, properties)
            yield last
        column += colspan


def _properties(element: etree._Element) -> dict[str, etree._Element]:
    """Return the properties of a row or a cell by their names."""
    for child in element:
        if local(child) in _PROPERTIES:
            return {local(each): each for each in child}
    return {}


def _span(mark: etree._Element | None, least: int) -> int:
    """Return how many columns a property says, within what any table has."""
    return least if mark is None else min(max(least, number(attribute(mark, "val"))), limits.SPAN)


def _continues(mark: etree._Element | None) -> bool:
    """Return whether a cell is merged with the one before it by this mark."""
    return mark is not None and attribute(mark, "val") in {"", "continue"}


def _child(element: etree._Element | None, name: str) -> etree._Element | None:
    return None if element is None else element.find(f"{{*}}{name}")


def _widths(table: etree._Element, columns: int) -> list[int]:
    """Return the widths of the columns; a grid that is too short goes on with the last of them."""
    widths = [max(0, number(attribute(each, "w"))) for each in table.iterfind(_GRID)]
    missing = columns - len(widths)
    return (widths + [widths[-1] if widths else 0] * missing)[:columns]
