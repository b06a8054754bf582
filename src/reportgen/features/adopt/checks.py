"""What forbids to adopt a document, and what is to be told of it.

It may be of another year or unit, state one value in two ways, have one form twice, and say more
than the pack has places for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter, itemgetter

from reportgen.compose.blank import BlankReport
from reportgen.features.adopt.adoption import AdoptRequest, NotTaken
from reportgen.features.adopt.alignment import AlignedTable, DocumentTable
from reportgen.features.adopt.cells import StatedValue, is_blank, said_pairs
from reportgen.features.adopt.expected import label_of
from reportgen.features.adopt.facts import KeyedValue
from reportgen.features.adopt.lists import any_year
from reportgen.features.adopt.texts import RunningText
from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.language.folding import usual_width
from reportgen.load.reading import read_model
from reportgen.load.schema import ReportingUnit
from reportgen.model.frozen import frozen
from reportgen.model.quantity import Quantity, QuantityError, parse_quantity
from reportgen.model.reading import ReadCell
from reportgen.model.source import SourceSpan
from reportgen.project.layout import units
from reportgen.project.source_files import SourceFiles

_CELL = re.compile(r"\bt(\d+)r(\d+)c\d+")
_EXAMPLES = 3
"""How many texts of cells are shown that one reason forbids to take."""
_TITLE_LENGTH = 8
"""In so many paragraphs at the beginning the title stands."""


def check_pack(
    request: AdoptRequest, text: RunningText, stated: Sequence[StatedValue], log: Diagnostics
) -> None:
    """Tell A601 of a document that is by another pack, A613 of one that may be."""
    if not stated and (text.is_other or not text.sections):
        log.add(finding("A601", request.span, pack=request.pack.folder))
    elif text.is_other and text.headings:
        total = text.headings + len(text.missing)
        log.add(finding("A613", request.span, found=text.headings, total=total))


def check_year(request: AdoptRequest, given: BlankReport, log: Diagnostics) -> None:
    """Tell A602 of a document whose title is that of another year."""
    year = str(request.report.year)
    lines = [line for line in given.document.title if year in line]
    for paragraph in list(request.reading.paragraphs)[:_TITLE_LENGTH]:
        for line in lines:
            pattern = any_year(line, year)
            match = pattern.search("".join(usual_width(paragraph.text).split()))
            if match is not None and match[1] != year:
                log.add(finding("A602", paragraph.span, found=match[1], year=year))
                return


def check_unit(
    files: SourceFiles, request: AdoptRequest, stated: Iterable[StatedValue], log: Diagnostics
) -> None:
    """Tell A603 of a document of another unit, A610 where nobody says what the unit is called."""
    named = next((value for value in stated if value.slot.key == "unit.name"), None)
    own = _unit_names(files, request.report.unit)
    if named is None:
        if not own:
            log.add(finding("A610", request.span, unit=request.report.unit))
        return
    name = label_of(named.text)
    if own and name not in own:
        wanted = next(iter(own.values()))
        log.add(finding("A603", named.span, found=named.text, unit=wanted))
    if not own:
        _check_other_units(files, request, named, log)


def _check_other_units(
    files: SourceFiles, request: AdoptRequest, named: StatedValue, log: Diagnostics
) -> None:
    """Tell A603 of a document of a unit that has another name here than is asked for."""
    name = label_of(named.text)
    for other in units(files):
        if name in _unit_names(files, other):
            log.add(
                finding(
                    "A603", named.span, found=f"{named.text}（{other}）", unit=request.report.unit
                )
            )


def _unit_names(files: SourceFiles, unit: str) -> dict[str, str]:
    """Return what a unit is called, by labels; nothing where it has no file."""
    path = f"data/{unit}/unit.yaml"
    if not files.exists(path):
        return {}
    value = read_model(files, [path], ReportingUnit, Diagnostics())
    leaves = (value.name, value.label, value.short_name) if value is not None else ()
    names = [str(leaf.value) for leaf in leaves if leaf is not None and leaf.value]
    return dict(zip(map(label_of, names), names, strict=True))


def tell_twice(aligned: Iterable[AlignedTable], log: Diagnostics) -> None:
    """Tell A609 of a prescribed table of which the document has two."""
    first: dict[tuple[str, int], AlignedTable] = {}
    told: set[str] = set()
    for table in aligned:
        name, caption = table.expected.name, table.expected.caption
        for number in _single_rows(table):
            known = first.setdefault((name, number), table)
            if known is not table and name not in told:
                told.add(name)
                other = RelatedLocation(known.found.table.span, "first")
                log.add(finding("A609", table.found.table.span, other, caption=caption))


def _single_rows(table: AlignedTable) -> Iterator[int]:
    """Yield the numbers of the aligned rows that stand once in a document, and have values."""
    for pair in table.rows:
        if pair.expected.has_values and not (pair.expected.repeats or table.expected.sheet):
            yield pair.expected.number


def conflicting(conflicts: Iterable[Conflict]) -> Iterator[Finding]:
    """Yield A604 for each value that the document states in two ways, with both places."""
    for conflict in conflicts:
        first = conflict.values[0]
        other = next(each for each in conflict.values if each.printed != first.printed)
        yield finding(
            "A604",
            first.span,
            RelatedLocation(other.span, "other"),
            subject=conflict.key,
            key=conflict.key,
            one=first.printed,
            another=other.printed,
        )


def left_cells(
    tables: Iterable[DocumentTable], aligned: Iterable[AlignedTable], stated: Iterable[StatedValue]
) -> Iterator[NotTaken]:
    """Yield the cells of the document's tables that no prescribed cell is, but for fixed texts."""
    known = _KnownCells(aligned, stated)
    for found in tables:
        for cell in found.table.cells:
            if not is_blank(cell.text) and not known.has(cell):
                yield NotTaken(cell.text, cell.span, known.why_not(found, cell))


def told_once(not_taken: Iterable[NotTaken]) -> tuple[NotTaken, ...]:
    """Return what was not taken, each cell once with its first reason."""
    told: dict[tuple[SourceSpan, str], NotTaken] = {}
    for each in not_taken:
        text = "" if _CELL.search(each.span.place) else each.text
        told.setdefault((each.span, text), each)
    return tuple(told.values())


def in_ranges(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings; of cells of one table that one reason forbids to take A614 tells at once."""
    cells: dict[tuple[str, ...], list[Finding]] = {}
    for each in findings:
        reason = _table_and_reason(each)
        if reason:
            cells.setdefault(reason, []).append(each)
        else:
            yield each
    yield from map(_together, cells.values())


def _table_and_reason(told: Finding) -> tuple[str, ...]:
    """Return which table a cell that was not taken is in, and why; nothing of other findings."""
    match = _CELL.search(told.span.place)
    if told.code != "A606" or match is None:
        return ()
    return told.span.path, told.span.place[: match.start(2)], told.params["why"]


def _together(cells: Sequence[Finding]) -> Finding:
    """Return what tells of several cells: their rows, how many there are, the first texts."""
    if len(cells) == 1:
        return cells[0]
    spans, params = list(map(attrgetter("span"), cells)), list(map(attrgetter("params"), cells))
    first, rows = min(spans), list(map(_row_in, spans))
    texts = list(dict.fromkeys(map(itemgetter("text"), params)))[:_EXAMPLES]
    place = _CELL.sub(_rows_place(min(rows), max(rows)), first.place)
    return finding(
        "A614",
        first._replace(place=place),
        count=len(cells),
        texts="".join(map("“{}”".format, texts)),
        why=params[0]["why"],
    )


def _row_in(span: SourceSpan) -> int:
    """Return the row of a cell."""
    return int(_CELL.findall(span.place)[0][1])


def _rows_place(first: int, last: int) -> str:
    """Return the place of one or several rows of the table in which a cell is."""
    return rf"k\1r{first}" if first == last else rf"l\1r{first}s{last}"


class _KnownCells:
    """The cells of a document that are prescribed ones, and the rows that are."""

    def __init__(self, aligned: Iterable[AlignedTable], stated: Iterable[StatedValue]) -> None:
        self.labels: set[str] = set()
        self.rows: set[tuple[int, int]] = set()
        self.taken = set(map(attrgetter("span"), stated))
        for table in aligned:
            self.labels |= table.expected.labels
            self._add_rows(table)

    def _add_rows(self, table: AlignedTable) -> None:
        for pair in table.rows:
            self.rows.add((table.found.number, pair.row))
            self.taken.update(cell.span for _, cell in said_pairs(table, pair))

    def has(self, cell: ReadCell) -> bool:
        return cell.span in self.taken or label_of(cell.text) in self.labels

    def why_not(self, table: DocumentTable, cell: ReadCell) -> str:
        return "@no_column" if (table.number, cell.row) in self.rows else "@no_row"


@frozen
class Conflict:
    """Two values that the document states for one key."""

    key: str
    values: tuple[KeyedValue, ...]


# Several statements of one value


def settled(values: Iterable[KeyedValue]) -> tuple[dict[str, list[KeyedValue]], list[Conflict]]:
    """Return the statements of each key that agree, the best first, and those that do not."""
    by_key: dict[str, list[KeyedValue]] = {}
    for value in values:
        by_key.setdefault(value.key, []).append(value)
    agreeing = filter(_is_agreed, by_key.items())
    conflicts = [Conflict(key, tuple(by_key[key])) for key in by_key.keys() - dict(agreeing).keys()]
    broken = _broken_lists(by_key, conflicts)
    for key in list(by_key):
        if not _is_agreed((key, by_key[key])) or _list_of(key) in broken:
            del by_key[key]
    return by_key, sorted(conflicts, key=attrgetter("key"))


def _is_agreed(stated: tuple[str, list[KeyedValue]]) -> bool:
    first, *others = stated[1]
    return all(_agree(first, other) for other in others)


def _list_of(key: str) -> str:
    """Return the list that a key is an item of, empty for none."""
    name, _, number = key.rpartition(".")
    return name if number.isdigit() else ""


def _broken_lists(by_key: Iterable[str], conflicts: Iterable[Conflict]) -> set[str]:
    """Return the lists of which an item is missing: those behind it would move up."""
    broken = set(map(_list_of, map(attrgetter("key"), conflicts)))
    numbers: dict[str, set[int]] = {}
    for key in by_key:
        if _list_of(key):
            numbers.setdefault(_list_of(key), set()).add(int(key.rpartition(".")[2]))
    for name, found in numbers.items():
        if max(found) != len(found):
            broken.add(name)
    return broken - {""}


def _agree(one: KeyedValue, other: KeyedValue) -> bool:
    """Return whether two statements say the same: 50 and 50分, 31.8% and 31.80%."""
    if one.derived:
        return _as_printed(one.printed, other.printed)
    if isinstance(one.value, Quantity) and isinstance(other.value, Quantity):
        same = one.value.unit.dimension == other.value.unit.dimension
        return same and one.value.value == other.value.value
    return label_of(str(one.value)) == label_of(str(other.value))


def _as_printed(one: str, other: str) -> bool:
    try:
        first, second = parse_quantity(one), parse_quantity(other)
    except QuantityError:
        return label_of(one) == label_of(other)
    if first.unit.symbol and second.unit.symbol:
        return first.value == second.value and first.unit.dimension == second.unit.dimension
    return first.value / first.unit.factor == second.value / second.unit.factor
