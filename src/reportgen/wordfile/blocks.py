"""The statements of a Word form that belong together: what is opened and closed, and where.

A statement with a scope takes the place of its row, cell or paragraph, so that its pair must stand
in another one of the same table, row or page; without a scope, in the same cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from reportgen.findings import Diagnostics, RelatedLocation, finding
from reportgen.model.source import SourceSpan
from reportgen.wordfile.tags import OF_CELLS, Tag

_OUTER_TABLE = re.compile(r"(?:\S+ )?t\d+")
OPENERS = {"for": "endfor", "if": "endif"}
_CLOSERS = {"endfor": "for", "endif": "if"}
_TARGETS = re.compile(r"for\s+([\w\s,()]+?)\s+in\s+", re.DOTALL)
_NAME = re.compile(r"(?<![\w.\"'])[^\W\d]\w*")
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'")


class TagLocation(NamedTuple):
    """Where a tag stands: its paragraph, what holds that (a cell, a text box, a page), its row.

    Outside of tables `table` is empty.
    """

    span: SourceSpan
    holder: str
    table: str
    row: int
    column: int

    @property
    def story(self) -> str:
        """Return the part that it stands in: the body, a header, the footnotes."""
        first = self.holder.partition(" ")[0]
        if first[:1] in {"h", "f"}:
            return first
        return first[:1] if first[:1] in {"n", "e"} else ""

    @property
    def unit(self) -> tuple[str, int]:
        """Return what a statement with a scope here would take: a row of a table, or a line."""
        return (self.table, self.row) if self.table else (self.holder, self.span.line)

    @property
    def outermost(self) -> str:
        """Return the table, or the page, that holds everything a statement here can take."""
        table = _OUTER_TABLE.match(self.holder)
        return table[0] if table else self.holder

    def taken_with(self, other: TagLocation, scope: str) -> bool:
        """Return whether a statement with that scope at `other` takes the place of this too."""
        if scope == "tr":
            return self.holder.startswith(f"{other.table}r{other.row}c")
        if scope == "tc":
            return f"{self.holder} ".startswith(f"{other.holder} ")
        return self.span == other.span


@dataclass(slots=True)
class _Block:
    """A `for` or an `if` that is open: where it began, and the names that it gives to rows."""

    tag: Tag
    location: TagLocation
    targets: frozenset[str]

    def is_loop(self) -> bool:
        """Return whether it repeats what stands in it."""
        return self.tag.word == "for"


class Blocks:
    """Follows `for` and `if` through one part, and logs what does not fit together.

    `together` are the rows and paragraphs that hold a pair of which each takes the place of them.
    """

    def __init__(self, log: Diagnostics) -> None:
        self.log = log
        self.open: list[_Block] = []
        self.targets = {"loop"}
        self.together: set[tuple[str, int]] = set()

    def run(self, tags: Iterable[tuple[Tag, TagLocation]]) -> None:
        """Follow the tags of a part, in order."""
        placed = list(tags)
        for tag, _ in placed:
            self.targets |= _targets(tag)
        for tag, location in placed:
            self._tell_outside(tag, location)
            self._take(tag, location)
        for block in self.open:
            self._add("T101", block.location, detail="@t_open", found=block.tag.word)

    def _add(self, code: str, location: TagLocation, *others: TagLocation, **params: Any) -> None:  # noqa: ANN401
        places = [RelatedLocation(other.span, "first") for other in others]
        self.log.add(finding(code, location.span, *places, **params))

    def _take(self, tag: Tag, location: TagLocation) -> None:
        why = self._misplaced(tag, location)
        if why:
            self._add("T154", location, found=tag.written, why=why)
        if tag.word in OPENERS:
            self.open.append(_Block(tag, location, frozenset(_targets(tag))))
        elif tag.word in {"elif", "else"}:
            self._take_branch(tag, location)
        elif tag.word in _CLOSERS:
            self._close(tag, location)

    def _misplaced(self, tag: Tag, location: TagLocation) -> str:
        """Return why a tag about rows or cells cannot stand where it does, empty where it can."""
        of_cell = tag.word in OF_CELLS or tag.scope in {"tr", "tc"}
        if of_cell and not location.table:
            return "@w_no_table"
        return "@w_no_loop" if tag.word in {"vm", "hm"} and not self._is_repeated else ""

    @property
    def _is_repeated(self) -> bool:
        """Return whether a loop is open."""
        return any(map(_Block.is_loop, self.open))

    def _take_branch(self, tag: Tag, location: TagLocation) -> None:
        if not self.open or (tag.word == "elif" and self.open[-1].tag.word == "for"):
            self._add("T101", location, detail="@t_unopened", found=tag.word)
        else:
            self._compare(self.open[-1], tag, location)

    def _close(self, tag: Tag, location: TagLocation) -> None:
        """Close the block that is open; one of the other kind that was forgotten is told."""
        wanted = _CLOSERS[tag.word]
        opened = [block.tag.word for block in self.open]
        if wanted not in opened:
            self._add("T101", location, detail="@t_unopened", found=tag.word)
            return
        while self.open[-1].tag.word != wanted:
            block = self.open.pop()
            self._add("T101", block.location, detail="@t_open", found=block.tag.word)
        self._compare(self.open.pop(), tag, location)

    def _compare(self, block: _Block, tag: Tag, location: TagLocation) -> None:
        """Log a pair of tags that do not stand beside each other as their scope asks."""
        pair: dict[str, Any] = {"found": block.tag.written, "other": tag.written}
        if block.tag.scope != tag.scope:
            instead = f"{{%{block.tag.scope} {tag.inside} %}}"
            self._add("T155", location, block.location, **pair, instead=instead)
            return
        self._compare_places(block, tag, location, pair)

    def _compare_places(
        self, block: _Block, tag: Tag, location: TagLocation, pair: dict[str, Any]
    ) -> None:
        why = _WHY_NOT[tag.scope](block.location, location)
        if why in {"@w_same_row", "@w_same_cell", "@w_same_paragraph"}:
            self.together.add(location.unit)
        if why:
            self._add("T156", location, block.location, **pair, why=why)

    def _tell_outside(self, tag: Tag, location: TagLocation) -> None:
        """Log the names of rows that are used where no loop gives them."""
        given = _targets(tag).union(*(block.targets for block in self.open))
        names = set(_NAME.findall(_STRING.sub("", tag.inside)))
        for name in sorted(names & self.targets - given):
            self._add("T159", location, found=tag.written, name=name)


def _targets(tag: Tag) -> set[str]:
    """Return the names that a loop gives to what it goes over."""
    loop = _TARGETS.match(tag.inside) if tag.word == "for" else None
    return {"loop", *_NAME.findall(loop[1])} if loop else set()


def _of_rows(first: TagLocation, last: TagLocation) -> str:
    if first.table != last.table:
        return "@w_other_table"
    if first.row == last.row:
        return "@w_same_row"
    return "@w_no_row" if last.row == first.row + 1 else ""


def _of_cells(first: TagLocation, last: TagLocation) -> str:
    if (first.table, first.row) != (last.table, last.row):
        return "@w_other_row"
    return "@w_same_cell" if first.holder == last.holder else ""


def _of_paragraphs(first: TagLocation, last: TagLocation) -> str:
    if first.holder != last.holder:
        return "@w_other_cell" if first.table or last.table else "@w_other_holder"
    return "@w_same_paragraph" if first.span == last.span else ""


def _of_texts(first: TagLocation, last: TagLocation) -> str:
    if first.holder != last.holder:
        return "@w_other_cell" if first.table or last.table else "@w_other_holder"
    return ""


_WHY_NOT: Mapping[str, Callable[[TagLocation, TagLocation], str]] = {
    "tr": _of_rows,
    "tc": _of_cells,
    "p": _of_paragraphs,
    "r": _of_texts,
    "": _of_texts,
}
"""What is wrong with the places of two tags that belong together, by their scope."""
