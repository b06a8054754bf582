"""Takes columns and rows out of a table by the label at their head, with all spans right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import TypeGuard

from reportgen.disclose.terms import fold
from reportgen.findings import Finding, finding
from reportgen.model.disclosed import DisclosureEntry
from reportgen.model.document import (
    AttachmentList,
    Block,
    Cell,
    Cover,
    Document,
    Heading,
    Paragraph,
    Row,
    SignOff,
    Table,
    Text,
    Title,
    plain,
)
from reportgen.model.grid import GridError, PlacedCell, place_cells
from reportgen.model.policy import Withhold
from reportgen.model.rules import Severity


class LineError(ValueError):
    """A column or row cannot be taken out cleanly: `text` would go with it and is not of it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def without_column(table: Table, label: str) -> Table | None:
    """Return `table` without the columns that `label` heads, or None if it heads none.

    A cell that spans further shrinks. Raises `LineError` where the columns also hold what
    stands above the label or under another head further down, or are all that there is.
    """
    placed = place_cells(table)
    heads = _heads(table)
    labels = [at for at in placed if at.row in heads and _is(at, label)]
    columns = {c for at in labels for c in range(at.column, at.column + at.cell.colspan)}
    if not columns:
        return None
    if len(columns) == len(table.widths):
        raise LineError(label)
    first, last = _block(heads, min(at.row for at in labels))
    others = (
        at.row
        for at in placed
        if at.row > last
        and _heads_columns(table, at)
        and not _is(at, label)
        and _left(at, columns) < at.cell.colspan
    )
    end = min(others, default=len(table.rows))
    for at in placed:
        text = _text(at.cell)
        if text and not _left(at, columns) and not first <= at.row < end:
            raise LineError(text)
    rest = _remove(table, placed, columns)
    try:
        place_cells(rest)
    except GridError as error:
        raise LineError(label) from error
    return rest


def without_row(table: Table, label: str) -> Table | None:
    """Return `table` without the rows that `label` heads, or None if it heads none.

    A cell that begins above shrinks. Raises `LineError` where a cell that begins in the rows
    goes on below them, or where they are all that there is.
    """
    placed = place_cells(table)
    labels = [at for at in placed if at.cell.header and _is(at, label)]
    gone = {r for at in labels for r in range(at.row, at.row + at.cell.rowspan)}
    if not gone:
        return None
    if len(gone) == len(table.rows):
        raise LineError(label)
    cells: list[list[Cell]] = [[] for _ in table.rows]
    for at in placed:
        span = [r for r in range(at.row, at.row + at.cell.rowspan) if r not in gone]
        if span and at.row in gone:
            raise LineError(_text(at.cell))
        cells[at.row].append(replace(at.cell, rowspan=len(span)))
    rows = enumerate(zip(cells, table.rows, strict=True))
    return replace(
        table, rows=tuple(Row(tuple(c), row.head) for r, (c, row) in rows if r not in gone)
    )


def _heads(table: Table) -> AbstractSet[int]:
    """Return the rows in which heads of columns begin."""
    return {at.row for at in place_cells(table) if _heads_columns(table, at)}


def _heads_columns(table: Table, at: PlacedCell) -> bool:
    return table.rows[at.row].head or at.cell.header == "col"


def _block(heads: AbstractSet[int], row: int) -> tuple[int, int]:
    """Return the first and the last of the rows of heads around `row`."""
    first = last = row
    while first - 1 in heads:
        first -= 1
    while last + 1 in heads:
        last += 1
    return first, last


def _is(at: PlacedCell, label: str) -> bool:
    return fold(_text(at.cell)) == fold(label)


def _text(cell: Cell) -> str:
    return "".join(plain(line) for line in cell.lines).strip()


def _left(at: PlacedCell, columns: AbstractSet[int]) -> int:
    """Return how many columns of a cell are left."""
    return sum(c not in columns for c in range(at.column, at.column + at.cell.colspan))


def _remove(table: Table, placed: tuple[PlacedCell, ...], columns: AbstractSet[int]) -> Table:
    cells: list[list[Cell]] = [[] for _ in table.rows]
    for at in placed:
        if span := _left(at, columns):
            cells[at.row].append(replace(at.cell, colspan=span))
    rows = tuple(Row(tuple(c), row.head) for c, row in zip(cells, table.rows, strict=True))
    widths = tuple(width for c, width in enumerate(table.widths) if c not in columns)
    return replace(table, widths=widths, rows=rows)


SECTION, FORM = "本部分依法不予公开。", "本表依法不予公开。"
"""What stands in the place of a section's content and of a form."""
_BLOCKS: Mapping[str, tuple[Callable[[Block], bool], str]] = {
    "sign-off": (lambda block: isinstance(block, SignOff), "落款"),
    "signatures": (lambda block: isinstance(block, Table) and block.signatures, "签字栏"),
    "cover": (lambda block: isinstance(block, Cover | Title), "封面"),
}
"""What each block is. The title behind a cover goes with it: the report's own is printed then."""


def withhold_parts(
    document: Document, wishes: tuple[Withhold, ...]
) -> tuple[Document, tuple[DisclosureEntry, ...], tuple[Finding, ...]]:
    """Return `document` without the parts that `wishes` name, the log of it, and findings.

    A wish for a line or block that the document does not have is D138, one for a line
    that cannot be taken out cleanly D139. Parts of what is withheld already are had; sections,
    forms and blocks that the pack does not know are D112.
    """
    work = _Work(document)
    for wish in wishes:
        if wish.section:
            work.section(wish)
        elif wish.column or wish.row:
            work.line(wish)
        elif wish.form:
            work.form(wish)
        elif wish.block in _BLOCKS:
            work.block(wish)
    blocks, *annexes = work.parts
    kept = zip(document.annexes, annexes, strict=True)
    result = replace(
        document,
        blocks=tuple(blocks),
        annexes=tuple(replace(annex, blocks=tuple(part)) for annex, part in kept),
    )
    return result, tuple(work.entries), tuple(work.findings)


@dataclass(slots=True)
class _Work:
    document: Document
    parts: list[list[Block]] = field(init=False)
    entries: list[DisclosureEntry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        parts = (self.document.blocks, *(annex.blocks for annex in self.document.annexes))
        self.parts = [list(part) for part in parts]

    def section(self, wish: Withhold) -> None:
        """Put one sentence in the place of all that stands below the heading."""
        found = [b for b in self._all() if isinstance(b, Heading) and b.section == wish.section]
        for heading in found:
            title = heading.number + plain(heading.inlines)
            self._log(wish, wish.section, title, SECTION, (title,))
            body = self.parts[0]
            if heading in body:
                at = body.index(heading) + 1
                body[at : _end(body, at, heading.level)] = [Paragraph((Text(SECTION),))]

    def form(self, wish: Withhold) -> None:
        """Put one sentence in the place of the form."""
        tables = self._tables(wish.form)
        if not tables:
            return
        self._log(wish, wish.form, tables[0].caption, FORM, self._places({t.name for t in tables}))
        for part in self.parts:
            part[:] = _without_form(part, wish.form)

    def line(self, wish: Withhold) -> None:
        """Take the columns, or rows, that the label heads out of every table of the form."""
        label = wish.column or wish.row
        subject = f"{wish.form}·{label}"
        found: set[str] = set()
        try:
            for part in self.parts:
                for at, block in enumerate(part):
                    if _is_of(block, wish.form):
                        rest = _cut(block, wish)
                        if rest is not None:
                            part[at] = rest
                            found.add(block.name)
        except LineError as error:
            self.findings.append(
                finding(
                    "D139",
                    wish.ground.span,
                    subject=subject,
                    form=wish.form,
                    column=label,
                    text=error.text,
                )
            )
            return
        if found:
            self._log(wish, subject, label, "", self._places(found))
        elif not any(_has_line(table, wish) for table in self._tables(wish.form)):
            # The line is there under another label: what should be hidden would be told.
            self._missing(wish, subject, "error")

    def block(self, wish: Withhold) -> None:
        """Take the sign-off, the boxes for signatures or the cover out."""
        is_meant, title = _BLOCKS[wish.block]
        if not any(map(is_meant, self._all())):
            self._missing(wish, title)
            return
        self._log(wish, wish.block, title, "", (title,))
        for part in self.parts:
            part[:] = _without(part, is_meant)

    def _all(self) -> Iterator[Block]:
        """Yield every block as it stood before anything was withheld."""
        yield from self.document.blocks
        for annex in self.document.annexes:
            yield from annex.blocks

    def _tables(self, form: str) -> list[Table]:
        return [block for block in self._all() if _is_of(block, form)]

    def _places(self, names: set[str]) -> tuple[str, ...]:
        """Return where tables stand: the annex or section that holds each, and its caption."""
        starts = (self.document.name, *(annex.label for annex in self.document.annexes))
        parts = (self.document.blocks, *(annex.blocks for annex in self.document.annexes))
        places: dict[str, None] = {}
        for start, part in zip(starts, parts, strict=True):
            section = start
            for block in part:
                if isinstance(block, Heading):
                    section = block.number + plain(block.inlines)
                elif isinstance(block, Table) and block.name in names:
                    places[f"{section} 表《{block.caption or block.name}》"] = None
        return tuple(places)

    def _log(
        self, wish: Withhold, subject: str, title: str, after: str, places: tuple[str, ...]
    ) -> None:
        ground = wish.ground
        entry = DisclosureEntry(
            "withheld", subject, title, ground.reason, ground.basis, after=after
        )
        self.entries.append(replace(entry, span=ground.span, places=places))

    def _missing(self, wish: Withhold, part: str, severity: Severity | None = None) -> None:
        span = wish.ground.span
        self.findings.append(finding("D138", span, severity=severity, subject=part, part=part))


def _end(blocks: list[Block], start: int, level: int) -> int:
    """Return where what stands below a heading of `level` ends: the foot is no part of it."""
    for at in range(start, len(blocks)):
        block = blocks[at]
        if isinstance(block, AttachmentList | SignOff):
            return at
        if isinstance(block, Heading) and block.level <= level:
            return at
    return len(blocks)


def _is_of(block: Block, form: str) -> TypeGuard[Table]:
    """Return whether `block` is a table of `form`: the second one is named `form`-2."""
    if not isinstance(block, Table):
        return False
    return block.name == form or block.name.removeprefix(f"{form}-").isdigit()


def _without_form(blocks: list[Block], form: str) -> Iterator[Block]:
    """Yield `blocks` with a sentence for neighbouring tables of `form`.

    A table that was joined to one of them is so no more.
    """
    gone = False
    for block in blocks:
        if _is_of(block, form):
            if not gone:
                yield Paragraph((Text(FORM),), "plain")
            gone = True
            continue
        yield replace(block, joined=False) if gone and isinstance(block, Table) else block
        gone = False


def _without(blocks: list[Block], is_meant: Callable[[Block], bool]) -> Iterator[Block]:
    """Yield `blocks` but those that are meant; what was joined to one of them is so no more."""
    gone = False
    for block in blocks:
        if not is_meant(block):
            yield replace(block, joined=False) if gone and isinstance(block, Table) else block
        gone = is_meant(block)


def _cut(table: Table, wish: Withhold) -> Table | None:
    if wish.column:
        return without_column(table, wish.column)
    return without_row(table, wish.row)


def _has_line(table: Table, wish: Withhold) -> bool:
    """Return whether a table had the column or row before another wish took it."""
    try:
        return _cut(table, wish) is not None
    except LineError:
        return True
