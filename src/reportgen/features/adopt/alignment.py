"""Aligns the rows of a pack's tables with those of a document, by their fixed texts.

More rows or fewer, another order of tables, tables joined or apart change nothing in that; a label
that says something else is not aligned.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import product
from operator import attrgetter

from reportgen.features.adopt.expected import (
    ExpectedCell,
    ExpectedRow,
    ExpectedTable,
    distinct,
    label_of,
)
from reportgen.features.adopt.patterns import matches
from reportgen.model.frozen import frozen
from reportgen.model.reading import ReadCell, ReadTable

_TELLING = re.compile(
    r"\d+|[一二三四五六七八九十上下本全年月初末前后预决执计实到应已未收支增减新旧]"
)
"""What makes two labels different, however alike they are: 预算数, 决算数; 年初, 年末."""
_LONG, _ALIKE = 10, 0.88
"""From so many characters on a label may have slips, and be so like the one prescribed."""
_LABEL, _ABOVE, _PLACE, _EMPTY = 3.0, 1.0, 0.3, 0.1
"""What a label of a row counts, one that spans it from above, a place for a value, a blank."""
_LOOP = 1.0
_NO_LABEL, _NO_LIST, _EXTRA = 1.0, 0.1, 0.3
"""What it costs to leave out a row that is prescribed, one that repeats, one of the document."""
_LEAST_LABELS, _LEAST_LENGTH = 2, 6
"""The fewest labels, and characters in them, by which a table is known."""


@dataclass(frozen=True, slots=True, eq=False)
class DocumentTable:
    """A table of a document as a grid: the cell at each place, None where there is none.

    `above` is what stands above it. In a PDF a line of a cell may be `wrapped`.
    """

    table: ReadTable
    number: int
    rows: tuple[tuple[ReadCell | None, ...], ...]
    above: str = ""
    wrapped: bool = False

    def cells(self, row: int) -> list[ReadCell]:
        """Return the cells of a row from left to right, those that span it too."""
        found: list[ReadCell] = []
        for cell in self.rows[row]:
            if cell is not None and (not found or cell is not found[-1]):
                found.append(cell)
        return found


def document_table(table: ReadTable, number: int, above: str) -> DocumentTable | None:
    """Return a table as a grid; None where its cells contradict each other."""
    places: dict[tuple[int, int], ReadCell] = {}
    for cell in table.cells:
        covered = list(product(_rows_of(cell), _columns_of(cell)))
        is_inside = covered[-1][0] < table.height and covered[-1][1] < table.width
        if not is_inside or not places.keys().isdisjoint(covered):
            return None
        places.update(dict.fromkeys(covered, cell))
    rows: list[tuple[ReadCell | None, ...]] = []
    for row in range(table.height):
        in_row = product([row], range(table.width))
        rows.append(tuple(map(places.get, in_row)))
    return DocumentTable(table, number, tuple(rows), above)


def _rows_of(cell: ReadCell) -> range:
    return range(cell.row, cell.row + cell.rowspan)


def _columns_of(cell: ReadCell) -> range:
    return range(cell.column, cell.column + cell.colspan)


@frozen
class AlignedRow:
    """A prescribed row and the row of the document, from 0, that it is."""

    expected: ExpectedRow
    row: int


@frozen
class AlignedTable:
    """A prescribed table and rows of a table of the document that are its."""

    expected: ExpectedTable
    found: DocumentTable
    rows: tuple[AlignedRow, ...]
    score: float


@lru_cache(maxsize=50_000)
def similarity(one: str, other: str) -> float:
    """Return how alike two labels are, 0 where they may say different things."""
    if one == other:
        return 1.0
    if min(len(one), len(other)) < _LONG or _TELLING.findall(one) != _TELLING.findall(other):
        return 0.0
    ratio = SequenceMatcher(None, one, other, autojunk=False).ratio()
    return ratio if ratio >= _ALIKE else 0.0


def cell_score(expected: ExpectedCell, text: str) -> float:
    """Return how well a text is that of a cell: from 0 to 1, 0 for a place for a value alone."""
    if not expected.slots:
        return similarity(expected.label, label_of(text)) if expected.label else 0.0
    return 1.0 if expected.is_telling and matches(expected.pieces, text) else 0.0


def align(expected: Sequence[ExpectedTable], found: Sequence[DocumentTable]) -> list[AlignedTable]:
    """Return each stretch of rows of the document's tables that is of a prescribed table."""
    aligned: list[AlignedTable] = []
    for table in found:
        aligned += _aligned_stretches(expected, table, 0, len(table.rows))
    return aligned


def _aligned_stretches(
    expected: Sequence[ExpectedTable], found: DocumentTable, first: int, end: int
) -> list[AlignedTable]:
    """Return the stretches in some rows of a table: the best, and those before and behind it."""
    best = _best_table(expected, found, first, end)
    if best is None:
        return []
    start, stop = best.rows[0].row, best.rows[-1].row + 1
    before = _aligned_stretches(expected, found, first, start)
    return [*before, best, *_aligned_stretches(expected, found, stop, end)]


def _best_table(
    expected: Sequence[ExpectedTable], found: DocumentTable, first: int, end: int
) -> AlignedTable | None:
    """Return the stretch of some rows of a table that is surest to be of a prescribed one."""
    labels: set[str] = set()
    for row in range(first, end):
        labels.update(map(label_of, map(attrgetter("text"), found.cells(row))))
    candidates: list[AlignedTable] = []
    for table in expected:
        shared = len(table.labels & labels)
        if shared >= min(_LEAST_LABELS, len(table.labels)):
            candidates += _best_stretch(table, found, first, end)
    return max(candidates, key=_rank, default=None)


def _rank(aligned: AlignedTable) -> float:
    return aligned.score


def _best_stretch(
    expected: ExpectedTable, found: DocumentTable, first: int, end: int
) -> Iterator[AlignedTable]:
    """Yield the stretch of rows that a prescribed table fits best, if it is known by enough."""
    scores: dict[tuple[int, int], float] = {}
    for row in expected.rows:
        for at in range(first, end):
            is_other = row.repeats and _is_of_other_row(row, found.cells(at), at, expected.labels)
            scores[row.number, at] = -1.0 if is_other else row_score(row, found.cells(at), at)
    rows, score = _local(expected.rows, range(first, end), scores)
    aligned = AlignedTable(expected, found, tuple(_settled(expected, rows, scores)), score)
    if aligned.rows and _is_known(aligned):
        yield aligned


def _is_of_other_row(
    expected: ExpectedRow, cells: Sequence[ReadCell], row: int, labels: frozenset[str]
) -> bool:
    """Return whether a row holds a label of the table where a list has values."""
    own = expected.labels
    said = {label_of(cell.text) for cell in cells if cell.row == row}
    return not labels.isdisjoint(said - own)


def _is_known(aligned: AlignedTable) -> bool:
    """Return whether enough fixed texts say that it is this table."""
    labels: set[str] = set()
    for pair in aligned.rows:
        for expected, cell in row_pairs(pair.expected, aligned.found.cells(pair.row), pair.row):
            if cell_score(expected, cell.text):
                labels.add(expected.label)
    least = min(_LEAST_LABELS, len(aligned.expected.labels))
    return len(labels) >= max(1, least) and sum(map(len, labels)) >= _LEAST_LENGTH


def row_score(expected: ExpectedRow, cells: Sequence[ReadCell], row: int) -> float:
    """Return how well cells of a row are those of a prescribed row; at most 0 for not."""
    score = 0.0
    found = 0
    for cell, other in row_pairs(expected, cells, row):
        begins = _begins(expected, cell, other, row)
        worth = _worth(cell, begins=begins) * cell_score(cell, other.text)
        found += worth > 0 and begins
        score += worth or _unlabelled(cell, other)
    missing = len(expected.labels) - found
    if found:
        return score - 0.5 * max(0, missing)
    if missing > 0:
        return -1.0
    return _list_score(expected, cells, score) if expected.repeats else _unnamed(score)


def _unnamed(score: float) -> float:
    """Return what a row is worth that has no label of its own, but those that span it."""
    return score if score >= _ABOVE else -1.0


def _list_score(expected: ExpectedRow, cells: Sequence[ReadCell], score: float) -> float:
    """Return what a row of a list is worth, which no label names: by how many cells it has."""
    if any(map(_is_total, cells)) or _is_labelled_otherwise(expected, cells):
        return -1.0
    return score + _LOOP - 0.5 * abs(len(cells) - len(list(distinct(expected.cells))))


def _is_labelled_otherwise(expected: ExpectedRow, cells: Sequence[ReadCell]) -> bool:
    """Return whether another text stands where the rows of a list have a label in common."""
    wanted = list(distinct(expected.cells))
    if len(wanted) != len(cells):
        return False
    for cell, other in zip(wanted, cells, strict=True):
        if cell in expected.own and cell.is_telling and other.text.strip():
            return True
    return False


_TOTAL = re.compile("(?:合计|总计|小计|总分|共计)$")


def _is_total(cell: ReadCell) -> bool:
    return _TOTAL.search(label_of(cell.text)) is not None


def _begins(expected: ExpectedRow, cell: ExpectedCell, other: ReadCell, row: int) -> bool:
    """Return whether two cells begin in their rows; in a loop all rows may have them in common."""
    return cell in expected.own and (other.row == row or expected.repeats)


def _worth(cell: ExpectedCell, *, begins: bool) -> float:
    return (_LABEL + min(len(cell.label), 10) / 10) if begins else _ABOVE


def _unlabelled(cell: ExpectedCell, other: ReadCell) -> float:
    if cell.slots:
        return _PLACE
    return _EMPTY if not cell.label and not other.text.strip() else 0.0


def row_pairs(
    expected: ExpectedRow, cells: Sequence[ReadCell], row: int
) -> list[tuple[ExpectedCell, ReadCell]]:
    """Return the cells of a prescribed row with those of the document, in order, as fits best."""
    wanted = list(distinct(expected.cells))
    best: list[list[tuple[float, tuple[tuple[int, int], ...]]]] = [
        [(0.0, ())] * (len(cells) + 1) for _ in range(len(wanted) + 1)
    ]
    for i, cell in enumerate(wanted, 1):
        for j, other in enumerate(cells, 1):
            begins = _begins(expected, cell, other, row)
            alike = cell_score(cell, other.text)
            worth = _worth(cell, begins=begins) * alike if alike else _unlabelled(cell, other)
            score, pairs = best[i - 1][j - 1]
            matched = (score + worth, (*pairs, (i - 1, j - 1))) if worth > 0 else (0.0, ())
            best[i][j] = max(matched, best[i - 1][j], best[i][j - 1], key=_first)
    return [(wanted[i], cells[j]) for i, j in best[-1][-1][1]]


def _first(pair: tuple[float, object]) -> float:
    return pair[0]


def _local(
    rows: Sequence[ExpectedRow], places: range, scores: dict[tuple[int, int], float]
) -> tuple[list[AlignedRow], float]:
    """Return the best alignment of a stretch of prescribed rows with rows of the document."""
    size = len(places)
    worth = [[0.0] * (size + 1) for _ in range(len(rows) + 1)]
    moves = [[""] * (size + 1) for _ in range(len(rows) + 1)]
    for i, row in enumerate(rows, 1):
        skipped = _NO_LIST if row.repeats or not any(c.label for c in row.own) else _NO_LABEL
        for j, place in enumerate(places, 1):
            score = scores[row.number, place]
            options = [
                (0.0, ""),
                (worth[i - 1][j] - skipped, "row"),
                (worth[i][j - 1] - _EXTRA, "extra"),
            ]
            if score > 0:
                options.append((worth[i - 1][j - 1] + score, "match"))
                if row.repeats:
                    options.append((worth[i][j - 1] + score, "again"))
            worth[i][j], moves[i][j] = max(options, key=_first)
    return _traced(rows, places, worth, moves)


def _traced(
    rows: Sequence[ExpectedRow],
    places: range,
    worth: Sequence[Sequence[float]],
    moves: Sequence[Sequence[str]],
) -> tuple[list[AlignedRow], float]:
    """Return the rows matched on the way back from the best end, and what they are worth."""
    best, i, j = max(_ends(worth), default=(0.0, 0, 0))
    found: list[AlignedRow] = []
    while moves[i][j]:
        move = moves[i][j]
        if move in {"match", "again"}:
            found.append(AlignedRow(rows[i - 1], places[j - 1]))
        i -= move in {"match", "row"}
        j -= move != "row"
    return found[::-1], best


def _settled(
    expected: ExpectedTable, rows: Sequence[AlignedRow], scores: dict[tuple[int, int], float]
) -> Iterator[AlignedRow]:
    """Yield aligned rows, those of lists only where it is sure of which list they are.

    Where a prescribed row between two that are there is missing, it is the list before the gap or
    that behind it: one of them has to be the only one.
    """
    for at, pair in enumerate(rows):
        if not pair.expected.repeats or _is_labelled(pair, scores):
            if pair.expected.labels or _is_only_row(rows, at, scores):
                yield pair
            continue
        last = _nearest(rows[:at][::-1], scores)
        following = _nearest(rows[at + 1 :], scores)
        possible = _possible(expected, last, following)
        if len(possible) == 1:
            yield AlignedRow(possible[0], pair.row)


def _is_only_row(rows: Sequence[AlignedRow], at: int, scores: dict[tuple[int, int], float]) -> bool:
    """Return whether no row beside one without labels could as well be it."""
    pair = rows[at]
    first = rows[at - 1].row + 1 if at else pair.row
    end = rows[at + 1].row if at + 1 < len(rows) else pair.row + 2
    others = set(range(first, end)) - {pair.row}
    own = scores[pair.expected.number, pair.row]
    return all(scores.get((pair.expected.number, other), 0.0) < own for other in others)


def _is_labelled(pair: AlignedRow, scores: dict[tuple[int, int], float]) -> bool:
    """Return whether labels say which row it is."""
    return scores[pair.expected.number, pair.row] >= _LABEL


def _nearest(
    rows: Iterable[AlignedRow], scores: dict[tuple[int, int], float]
) -> ExpectedRow | None:
    return next((pair.expected for pair in rows if _is_labelled(pair, scores)), None)


def _possible(
    expected: ExpectedTable, last: ExpectedRow | None, following: ExpectedRow | None
) -> list[ExpectedRow]:
    """Return the lists that a row between two others may be of, without a gap on one side."""
    inside = [row for row in expected.rows if _is_between(row, last, following)]
    before = _lists(inside) if last is not None else []
    behind = _lists(inside[::-1]) if following is not None else []
    return [*before, *(row for row in behind if row not in before)]


def _is_between(row: ExpectedRow, last: ExpectedRow | None, following: ExpectedRow | None) -> bool:
    if row in (last, following):
        return row.repeats
    after = last is None or row.number > last.number
    return after and (following is None or row.number < following.number)


def _lists(rows: Iterable[ExpectedRow]) -> list[ExpectedRow]:
    """Return the rows that repeat before the first one that has a label of its own."""
    found: list[ExpectedRow] = []
    for row in rows:
        if row.labels:
            break
        if row.repeats:
            found.append(row)
    return found


def _ends(worth: Sequence[Sequence[float]]) -> Iterator[tuple[float, int, int]]:
    for i, row in enumerate(worth):
        for j, value in enumerate(row):
            yield value, i, j
