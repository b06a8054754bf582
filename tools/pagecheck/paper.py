"""A PDF as it lies on the table: characters, rules and pictures of its pages, and its tags.

Lengths are points; a place is measured from the top left corner of its page.
"""

from __future__ import annotations

import ctypes
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pikepdf
import pypdfium2
from pypdfium2 import raw

THIN = 2.5
"""A path no thicker than this is a rule, not an area."""
SAME = 0.4
"""Rules no further apart than this lie on each other."""
BLOCKS = ("P", "H1", "H2", "H3", "H4", "H5", "H6", "Caption", "LI", "LBody", "TD", "TH", "Figure")
"""What holds text of its own."""
_PATH, _IMAGE, _SHADING = 2, 3, 4


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Return how wide it is."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Return how high it is."""
        return self.bottom - self.top

    @staticmethod
    def around(boxes: Iterable[Box]) -> Box:
        """Return the smallest box that holds all `boxes`."""
        every = list(boxes)
        return Box(
            min(each.left for each in every),
            min(each.top for each in every),
            max(each.right for each in every),
            max(each.bottom for each in every),
        )


@dataclass(eq=False, slots=True)
class Node:
    """A structure element: its kind, the style it is named after, what it spans.

    `glyphs` and `pictures` are those that it holds itself, not those of its children; a picture is
    a page and a place on it.
    """

    kind: str
    style: str
    parent: Node | None
    columns: int = 1
    rows: int = 1
    children: list[Node] = field(default_factory=list)
    glyphs: list[Glyph] = field(default_factory=list)
    pictures: list[tuple[int, Box]] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """Yield the node and all below it, in the order of reading."""
        yield self
        for child in self.children:
            yield from child.walk()

    def ancestor(self, *kinds: str) -> Node | None:
        """Return the nearest node of one of these kinds, the node itself included."""
        node: Node | None = self
        while node is not None and node.kind not in kinds:
            node = node.parent
        return node

    def all_glyphs(self) -> list[Glyph]:
        """Return the characters of the node and of all below it, as they are set."""
        found: list[Glyph] = []
        for node in self.walk():
            found += node.glyphs
        return sorted(found, key=lambda each: (each.page, each.order))

    @property
    def pages(self) -> set[int]:
        """Return the pages on which anything of the node or of those below it shows."""
        found = {glyph.page for glyph in self.all_glyphs()}
        for node in self.walk():
            found |= {page for page, _ in node.pictures}
        return found

    @property
    def text(self) -> str:
        """Return the text of the node and of all below it, without spaces."""
        return "".join(glyph.text for glyph in self.all_glyphs())


@dataclass(eq=False, slots=True)
class Glyph:
    """A character: its ink, the room it takes, its base line, its page from 1, its turn on it.

    `node` is None of what is not part of the text, such as a page number.
    """

    text: str
    page: int
    order: int
    ink: Box
    room: Box
    base: float
    node: Node | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line: where it lies across (`at`), from where to where it goes."""

    at: float
    start: float
    end: float

    def covers(self, place: float, slack: float = 1.5) -> bool:
        """Return whether the line passes `place` along its way."""
        return self.start - slack <= place <= self.end + slack


@dataclass
class Sheet:
    """A page. `areas` are its pictures and filled areas."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph]
    across: list[Rule]
    down: list[Rule]
    areas: list[Box]

    @cached_property
    def borders(self) -> tuple[list[Rule], list[Rule]]:
        """Return the rules of tables, across and down: those that meet others on their way."""
        across = [each for each in self.across if _meets(each, self.down) >= 2]
        down = [each for each in self.down if _meets(each, self.across) >= 2]
        return across, down


def _meets(rule: Rule, others: Iterable[Rule]) -> int:
    """Return how many of the `others`, which go the other way, touch `rule`."""
    return sum(rule.covers(other.at) and other.covers(rule.at) for other in others)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text of a block."""

    page: int
    glyphs: tuple[Glyph, ...]
    box: Box

    @property
    def text(self) -> str:
        """Return the text of the line without spaces."""
        return "".join(glyph.text for glyph in self.glyphs)


@dataclass
class Paper:
    """A PDF: its sheets, and the root of its structure."""

    sheets: list[Sheet]
    root: Node

    @cached_property
    def lines(self) -> dict[Node, list[Line]]:
        """Return the lines of each block that has text of its own, in the order of reading."""
        found: dict[Node, list[Glyph]] = defaultdict(list)
        for node in self.root.walk():
            block = node.ancestor(*BLOCKS)
            if block is not None and node.glyphs:
                found[block] += node.glyphs
        return {block: list(_lines(glyphs)) for block, glyphs in found.items()}

    def nodes(self, *kinds: str) -> Iterator[Node]:
        """Yield the nodes of one of these kinds, in the order of reading."""
        for node in self.root.walk():
            if node.kind in kinds:
                yield node


def _lines(glyphs: Iterable[Glyph]) -> Iterator[Line]:
    """Yield `glyphs` by lines: what stands on one base line of one page."""
    line: list[Glyph] = []
    for glyph in sorted(glyphs, key=lambda each: (each.page, each.base)):
        if line and (glyph.page != line[0].page or glyph.base - line[-1].base > 2.5):
            yield _line(line)
            line = []
        line.append(glyph)
    if line:
        yield _line(line)


def _line(glyphs: list[Glyph]) -> Line:
    ordered = tuple(sorted(glyphs, key=lambda each: each.room.left))
    return Line(ordered[0].page, ordered, Box.around(each.room for each in ordered))


def read(data: bytes) -> Paper:
    """Return the PDF that `data` is; it must be tagged."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        root, places = _structure(pdf)
    document = pypdfium2.PdfDocument(data)
    loose: list[tuple[int, Box]] = []
    sheets = [_sheet(page, number, places, loose) for number, page in enumerate(document, 1)]
    document.close()
    # LibreOffice tags a picture by an element without content.
    empty = [node for node in root.walk() if node.kind == "Figure" and not node.pages]
    if len(empty) == len(loose):
        for node, picture in zip(empty, loose, strict=True):
            node.pictures.append(picture)
    return Paper(sheets, root)


Places = dict[tuple[int, int], Node]
"""The node of each piece of marked content, by page and id."""


def _structure(pdf: pikepdf.Pdf) -> tuple[Node, Places]:
    """Return the root of the structure of `pdf`, and which node each marked content belongs to."""
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
    tree = pdf.Root.StructTreeRoot
    roles = {str(key): str(value) for key, value in tree.get("/RoleMap", {}).items()}
    root = Node("Root", "Root", None)
    places: Places = {}
    pending: list[tuple[Any, Node, int]] = [(tree, root, 0)]
    while pending:
        element, node, page = pending.pop()
        for kid in _kids(element):
            if isinstance(kid, int):
                places[page, kid] = node
            elif kid.get("/Type") == "/MCR":
                places[pages[kid.Pg.objgen] if "/Pg" in kid else page, int(kid.MCID)] = node
            elif "/S" in kid:
                child = _node(kid, node, roles)
                node.children.append(child)
                pending.append((kid, child, pages[kid.Pg.objgen] if "/Pg" in kid else page))
    return root, places


def _kids(element: Any) -> Iterator[Any]:  # noqa: ANN401 (what pikepdf gives has no other type)
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int | pikepdf.Dictionary):
            yield kid


def _node(element: Any, parent: Node, roles: dict[str, str]) -> Node:  # noqa: ANN401
    style = str(element.S)
    kind = roles.get(style, style)
    made = Node(kind[1:], style[1:], parent)
    if made.kind in {"TD", "TH"}:
        given = element.get("/A", [])
        for attributes in given if isinstance(given, pikepdf.Array) else [given]:
            if isinstance(attributes, pikepdf.Dictionary):
                made.columns = max(made.columns, int(attributes.get("/ColSpan", 1)))
                made.rows = max(made.rows, int(attributes.get("/RowSpan", 1)))
    return made


def _sheet(
    page: Any,  # noqa: ANN401
    number: int,
    places: Places,
    loose: list[tuple[int, Box]],
) -> Sheet:
    """Return a page; its pictures that belong to no node are added to `loose`."""
    width, height = page.get_size()
    glyphs = list(_glyphs(page, number, height, places))
    across: list[Rule] = []
    down: list[Rule] = []
    areas: list[Box] = []
    for item in page.get_objects(max_depth=8):
        if item.type in (_PATH, _IMAGE, _SHADING):
            left, bottom, right, top = item.get_bounds()
            box = Box(left, height - top, right, height - bottom)
            _sort_path(item, box, across, down, areas)
            node = places.get((number, raw.FPDFPageObj_GetMarkedContentID(item)))
            if node is not None:
                node.pictures.append((number, box))
            elif item.type == _IMAGE:
                loose.append((number, box))
    return Sheet(number, width, height, glyphs, _merged(across), _merged(down), areas)


def _sort_path(
    item: Any,  # noqa: ANN401
    box: Box,
    across: list[Rule],
    down: list[Rule],
    areas: list[Box],
) -> None:
    """Put a path where it belongs: rules across, rules down, or areas; a frame is four rules."""
    if item.type == _PATH and not _painted(item):
        return
    if item.type == _PATH and box.height <= THIN < box.width:
        across.append(Rule((box.top + box.bottom) / 2, box.left, box.right))
    elif item.type == _PATH and box.width <= THIN < box.height:
        down.append(Rule((box.left + box.right) / 2, box.top, box.bottom))
    elif box.width > THIN or box.height > THIN:
        areas.append(box)


def _painted(item: Any) -> bool:  # noqa: ANN401
    """Return whether a path shows: it is filled or drawn, and not in white."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, fill, stroke)
    if stroke.value:
        return True
    red, green, blue, opacity = (ctypes.c_uint() for _ in range(4))
    raw.FPDFPageObj_GetFillColor(item, red, green, blue, opacity)
    white = min(red.value, green.value, blue.value) >= 250
    return bool(fill.value) and opacity.value > 0 and not white


def _merged(rules: Iterable[Rule]) -> list[Rule]:
    """Return `rules` with those that lie on each other made one."""
    rows: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda each: each.at):
        if rows and rule.at - rows[-1][0].at <= SAME:
            rows[-1].append(rule)
        else:
            rows.append([rule])
    made: list[Rule] = []
    for row in rows:
        row.sort(key=lambda each: each.start)
        at, start, end = row[0].at, row[0].start, row[0].end
        for rule in row[1:]:
            if rule.start > end + 1:
                made.append(Rule(at, start, end))
                start, end = rule.start, rule.end
            end = max(end, rule.end)
        made.append(Rule(at, start, end))
    return made


def _glyphs(page: Any, number: int, height: float, places: Places) -> Iterator[Glyph]:  # noqa: ANN401
    """Yield the characters of a page that one can see, each with the node it belongs to."""
    text = page.get_textpage()
    ids: dict[int, int] = {}
    x, y = ctypes.c_double(), ctypes.c_double()
    loose = raw.FS_RECTF()
    for index in range(text.count_chars()):
        character = chr(raw.FPDFText_GetUnicode(text, index))
        item = raw.FPDFText_GetTextObject(text, index)
        if not item or character.isspace() or not character.isprintable():
            continue
        address = ctypes.cast(item, ctypes.c_void_p).value or 0
        if address not in ids:
            ids[address] = raw.FPDFPageObj_GetMarkedContentID(item)
        left, bottom, right, top = text.get_charbox(index)
        raw.FPDFText_GetLooseCharBox(text, index, loose)
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        node = places.get((number, ids[address]))
        made = Glyph(
            character,
            number,
            index,
            Box(left, height - top, right, height - bottom),
            Box(loose.left, height - loose.top, loose.right, height - loose.bottom),
            height - y.value,
            node,
        )
        if node is not None:
            node.glyphs.append(made)
        yield made
