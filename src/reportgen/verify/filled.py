"""What a Word form that was filled says: every part of it that has text, read by itself.

pandoc leaves out headers, footers and text boxes and rebuilds what it reads; a form is held to
every text that a person sees in it. This shares no code with what fills and writes forms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import product
from operator import attrgetter
from typing import TYPE_CHECKING

from reportgen.model import limits
from reportgen.project.foreign_files import DAMAGED_ARCHIVE, ForeignFileError
from reportgen.verify.opened import OpenedFile, attributes
from reportgen.verify.readback import Grid, GridCell, Readback, squeeze

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PARTS = (
    ("header+xml", True),
    ("main+xml", False),
    ("footnotes+xml", False),
    ("endnotes+xml", False),
    ("footer+xml", True),
)
"""How the content types of parts with text end, in the order in which they are read; what headers
and footers of several kinds of pages repeat counts once."""
_SHEET = re.compile(r"-(\d+)\.xml\Z")
_PAGE = re.compile(r"\b(?:PAGE|NUMPAGES|SECTIONPAGES)\b")
_BOXES = {
    "F06F": "□", "F0A8": "□", "F071": "□", "F0A3": "□", "F052": "☑", "F0FE": "☑", "F054": "☒",
    "F0FD": "☒", "F0FC": "√", "F050": "√", "F0FB": "×", "F04F": "×",
}  # fmt: skip
"""Boxes and ticks of Wingdings by their codes."""


def read_filled(file: OpenedFile) -> Readback:
    """Return the texts and the tables of a filled form. Raises `ValueError` for no Word file."""
    try:
        return Readback("docx", *parted(_all_items(file)))
    except (*DAMAGED_ARCHIVE, KeyError) as error:
        raise ValueError(f"no docx: {error}") from error


def read_body(file: OpenedFile) -> Readback:
    """Return the texts and the tables in the body of a file in which Word forms are placed.

    Raises `ValueError` for no Word file.
    """
    try:
        main = file.member(file.package.getinfo("word/document.xml")).xml
    except (*DAMAGED_ARCHIVE, KeyError) as error:
        raise ValueError(f"no docx: {error}") from error
    texts, tables = parted(_items(main))
    pictures = tuple(each.get("descr", "") for each in main.iter("{*}docPr"))
    return Readback("docx", texts, tables, pictures=pictures)


def parted(items: Iterable[str | Grid]) -> tuple[tuple[str, ...], tuple[Grid, ...]]:
    """Return the texts among `items`, and the tables."""
    texts: list[str] = []
    tables: list[Grid] = []
    for item in items:
        if isinstance(item, str):
            texts.append(item)
        else:
            tables.append(item)
    return tuple(texts), tuple(tables)


def _all_items(file: OpenedFile) -> Iterator[str | Grid]:
    """Yield what the parts of a file say, one kind behind the other."""
    types = file.member(file.package.getinfo("[Content_Types].xml")).xml
    for ending, repeats in _PARTS:
        within: list[str | Grid] = []
        for name in sorted(_parts(types, ending), key=_by_sheet):
            within += _items(file.member(file.package.getinfo(name)).xml)
        yield from in_any_order(within) if repeats else within


def _parts(types: Element, ending: str) -> Iterator[str]:
    """Yield the names of the parts of a content type."""
    for part in types.iter("{*}Override"):
        if part.get("ContentType", "").endswith(ending):
            yield part.get("PartName", "").lstrip("/")


def in_any_order(items: Iterable[str | Grid]) -> list[str | Grid]:
    """Return what headers or footers say, each once: texts in the order of texts, then tables.

    Which of them stands on which page is a matter of the pages.
    """
    texts, tables = parted(dict.fromkeys(items))
    return [*sorted(texts), *tables]


def _by_sheet(name: str) -> tuple[int, str]:
    """Return how parts are sorted: those that a further sheet has for itself by its number."""
    number = _SHEET.search(name)
    return int(number[1]) if number else 1, name


def _name(element: Element) -> str:
    return _name_of_tag(element.tag)


@lru_cache(maxsize=1024)
def _name_of_tag(tag: object) -> str:
    """Return a name of Word without its namespace, others as they are, nothing for a comment."""
    return tag.removeprefix(_WORD).removeprefix(_STRICT) if type(tag) is str else ""


def _items(container: Element) -> Iterator[str | Grid]:
    """Yield the texts of paragraphs, white space removed, and the tables below a container."""
    for child in container:
        name = _name(child)
        if name == "p":
            yield from _paragraph(child)
        elif name == "tbl":
            yield from filter(None, [_grid(child)])
        elif name in _CONTAINERS and not _is_separator(child):
            yield from _items(child)


def _is_separator(element: Element) -> bool:
    """Return whether a note is only the line above all notes."""
    return bool(element.get(f"{_WORD}type") or element.get(f"{_STRICT}type"))


def _paragraph(paragraph: Element) -> Iterator[str | Grid]:
    """Yield the text of a paragraph unless it numbers pages, then what its text boxes hold."""
    text = squeeze("".join(_pieces(paragraph)))
    if text and not _numbers_pages(paragraph):
        yield text
    for box in paragraph.iter("{*}txbxContent"):
        around = list(map(_name, box.iterancestors()))
        if _ALTERNATIVE not in around and "txbxContent" not in around:
            yield from _items(box)


def _numbers_pages(paragraph: Element) -> bool:
    for field in paragraph.iter("{*}instrText", "{*}fldSimple"):
        if _PAGE.search(f"{field.text} {attributes(field)}"):
            return True
    return False


def _pieces(element: Element) -> list[str]:
    said: list[str] = []
    _add_pieces(element, said)
    return said


def _add_pieces(element: Element, said: list[str]) -> None:
    """Add what an element says to what is `said` before it."""
    for child in element:
        name = _name(child)
        if name in _SHOWN:
            said.append(_SHOWN[name](child))
        elif name not in _NO_TEXT:
            _add_pieces(child, said)


def _text(element: Element) -> str:
    text = element.text or ""
    return text if text.isprintable() else text.translate(_PRIVATE)


def _symbol(element: Element) -> str:
    code = element.get(f"{_WORD}char") or element.get(f"{_STRICT}char") or ""
    return _BOXES.get(code.upper(), "")


def _is_ticked(box: Element) -> bool:
    states = [*box.iterfind("{*}checked"), *box.iterfind("{*}default")]
    if not states:
        return False
    values = {value for _, value in attributes(states[0])}
    return values.isdisjoint({"0", "false", "off"})


def _field(mark: Element) -> str:
    """Return what a field to fill in shows that holds no text: a box, or the entry chosen."""
    for box in mark.iterfind("{*}ffData/{*}checkBox"):
        return "☑" if _is_ticked(box) else "☐"
    chosen = [_number(each, 0) for each in mark.iterfind("{*}ffData/{*}ddList/{*}result")]
    entries = list(mark.iterfind("{*}ffData/{*}ddList/{*}listEntry"))
    for entry in entries[sum(chosen) :]:
        return attributes(entry)[0][1]
    return ""


_PRIVATE = {int(code, 16): box for code, box in _BOXES.items()}
_SHOWN: Mapping[str, Callable[[Element], str]] = {
    "t": _text,
    f"{_MATH}t": _text,
    "sym": _symbol,
    "fldChar": _field,
    "noBreakHyphen": lambda _: "-",
}
"""What prints something, and what it prints; white space is not compared."""
_NO_TEXT = frozenset(["pPr", "rPr", "sdtPr", "instrText", "txbxContent", "rt", _ALTERNATIVE])
_CONTAINERS = frozenset(["body", "sdt", "sdtContent", "footnote", "endnote"])


@dataclass(slots=True)
class _Area:
    """What a cell covers of the grid: a corner, and how far it goes down and to the right."""

    row: int
    column: int
    width: int
    text: str
    height: int = 1


def _grid(table: Element) -> Grid:
    """Return the cells of a table row by row; where a row has none, a blank one stands."""
    rows = [row for row in table.iter("{*}tr") if next(row.iterancestors("{*}tbl")) is table]
    areas: list[_Area] = []
    above: dict[int, _Area] = {}
    for number, row in enumerate(rows):
        above = _with_row(row, number, above)
        areas += filter(partial(_begins_in, number), above.values())
    areas += _blanks(areas, len(rows))
    areas.sort(key=attrgetter("row", "column"))
    return tuple(GridCell(a.row, a.column, a.height, a.width, a.text) for a in areas)


def _begins_in(row: int, area: _Area) -> bool:
    return area.row == row


def _with_row(row: Element, number: int, above: Mapping[int, _Area]) -> dict[int, _Area]:
    """Return the cells of a row by columns, those from above that go on in it among them."""
    column = _number(_properties(row).get("gridBefore"), 0)
    found: dict[int, _Area] = {}
    last: _Area | None = None
    for cell in _cells(row):
        properties = _properties(cell)
        width = _number(properties.get("gridSpan"), 1)
        if last is not None and _goes_on(properties.get("hMerge")):
            last.width += width
        else:
            goes_on = _goes_on(properties.get("vMerge"))
            last = _continued(above.get(column), width) if goes_on else None
            last = last or _Area(number, column, width, _text_of_cell(cell))
            found[column] = last
        column += width
    return found


def _cells(row: Element) -> Iterator[Element]:
    for cell in row.iter("{*}tc"):
        if cell.getparent() is row or next(cell.iterancestors("{*}tr")) is row:
            yield cell


def _continued(above: _Area | None, width: int) -> _Area | None:
    """Return the cell from `above`, one row higher, None where none is as wide."""
    if above is None or above.width != width:
        return None
    above.height += 1
    return above


def _text_of_cell(cell: Element) -> str:
    said: list[str] = []
    for paragraph in cell.iter(f"{_WORD}p", f"{_STRICT}p"):
        if next(paragraph.iterancestors(_ALTERNATIVE), None) is None:
            _add_pieces(paragraph, said)
    return squeeze("".join(said))


def _blanks(areas: Sequence[_Area], rows: int) -> Iterator[_Area]:
    """Yield the places of a table that no cell covers."""
    columns = max((area.column + area.width for area in areas), default=0)
    if rows * columns > limits.TABLE_PLACES:
        raise ForeignFileError("@too_many_places", limit=limits.TABLE_PLACES)
    if sum([area.width * area.height for area in areas]) == rows * columns:
        return
    for row, column in _free_places(areas, rows, columns):
        yield _Area(row, column, 1, "")


def _free_places(areas: Iterable[_Area], rows: int, columns: int) -> set[tuple[int, int]]:
    free = set(product(range(rows), range(columns)))
    for area in areas:
        down = range(area.row, area.row + area.height)
        free -= set(product(down, range(area.column, area.column + area.width)))
    return free


def _properties(element: Element) -> dict[str, Element]:
    """Return the properties of a row or a cell by name."""
    for child in element:
        if _name(child) in {"tcPr", "trPr"}:
            return {_name(each): each for each in child}
    return {}


def _number(found: Element | None, least: int) -> int:
    text = attributes(found)[0][1] if found is not None and found.attrib else ""
    return max(least, int(text)) if text.isdecimal() else least


def _goes_on(mark: Element | None) -> bool:
    return mark is not None and "restart" not in dict(attributes(mark)).values()
