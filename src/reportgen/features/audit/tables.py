"""Holds the tables of a document to themselves: totals down and across, rates, points and scores.

Which rows a total is of, and which columns a rate comes from, is found by trying: what holds in
most places of a table is meant, and told where it does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import chain, permutations
from typing import NamedTuple

from reportgen.features.audit.comparisons import Recomputation, exact, quotient, total
from reportgen.features.audit.slips import is_slip
from reportgen.features.audit.table_numbers import TableNumbers, tables_of
from reportgen.model.reading import DocumentNumber, Reading
from reportgen.model.source import SourceSpan
from reportgen.model.units import UNITS

DOWN, ACROSS, TABLE_RATE, ABOVE_POINTS = "A107", "A108", "A109", "A110"
_TOTAL = re.compile(r"合计|总计|小计|总分|总得分|^共计|汇总|^合\s*计|收入总计|支出总计")
_SUBTOTAL = re.compile(".*小计")
_AMONG = re.compile("^其中|^#")
_LEVELS = (
    re.compile("^[一二三四五六七八九十]+[、.]"),
    re.compile(r"^[（(][一二三四五六七八九十]+[)）]"),
)
_NUMBERED = (
    re.compile("[一二三四五六七八九十]+[、.]"),
    re.compile("[（(][一二三四五六七八九十]+[)）]"),
    re.compile("[0-9]+[、.．](?![0-9])"),
    re.compile("[（(][0-9]+[)）]"),
)
_UNNUMBERED = len(_NUMBERED)
_RATE_HEAD = re.compile("率|占比|比例|比重|进度|%")
_POINTS_HEAD = re.compile("分值|权重|满分|标准分|权数")
_SCORE_HEAD = re.compile("得分|评分|自评分")
_COUNTS_POINTS = re.compile(f"(?:{_POINTS_HEAD.pattern}|{_SCORE_HEAD.pattern})$")
"""Columns of points, which are never rounded."""
_LEAST_PARTS = 2
_MOST = Fraction(1, 2)
"""The part of the places in which a relation has to hold to be meant."""


class _Group(NamedTuple):
    """A total and the places of its parts, all rows or all columns."""

    total: int
    parts: tuple[int, ...]


def check_tables(reading: Reading) -> Iterator[Recomputation]:
    """Yield a comparison for each number of a table that others of the table give."""
    for numbers in tables_of(reading):
        yield from _totals_down(numbers)
        yield from _outline_sums(numbers)
        yield from _totals_across(numbers)
        yield from _rates(numbers)
        yield from _scores(numbers)


def _totals_down(numbers: TableNumbers) -> Iterator[Recomputation]:
    """Yield each total row against the rows that make it up, where most columns of it agree."""
    for row in range(numbers.head_rows, numbers.table.height):
        if _TOTAL.search(numbers.label(row)) is None:
            continue
        columns = range(numbers.table.width)
        yield from _told(
            _best(_down(numbers, each, columns) for each in _groups_of_rows(numbers, row))
        )


def _best(found: Iterable[Iterable[Recomputation]]) -> tuple[Recomputation, ...]:
    """Return those comparisons of several that agree most, then those that nearly do."""
    return max(map(tuple, found), key=_fit, default=())


def _groups_of_rows(numbers: TableNumbers, row: int) -> Iterator[_Group]:
    """Yield the rows that a total may be of: above or below it, all, of one level, subtotals."""
    above = range(row - 1, numbers.head_rows - 1, -1)
    below = range(row + 1, numbers.table.height)
    for side in (_until_total(numbers, above), above, _until_total(numbers, below), below):
        plain = [other for other in side if not _TOTAL.search(numbers.label(other))]
        yield _Group(row, _labelled(numbers, side, _SUBTOTAL))
        yield _Group(row, tuple(set(plain) - set(_labelled(numbers, plain, _AMONG))))
        for level in _LEVELS:
            yield _Group(row, _labelled(numbers, plain, level))
        if numbers.code_columns:
            yield _Group(row, tuple(other for other in plain if numbers.code_level(other) == 1))


def _labelled(
    numbers: TableNumbers, rows: Iterable[int], pattern: re.Pattern[str]
) -> tuple[int, ...]:
    """Return those of some rows whose label begins so."""
    return tuple(row for row in rows if pattern.match(numbers.label(row)))


def _until_total(numbers: TableNumbers, rows: Sequence[int]) -> list[int]:
    """Return the rows from a total on, up to the next total."""
    found: list[int] = []
    for row in rows:
        if _TOTAL.search(numbers.label(row)):
            return found
        found.append(row)
    return found


def _down(numbers: TableNumbers, group: _Group, columns: Iterable[int]) -> Iterator[Recomputation]:
    """Yield the sums of a group of rows, one a column in which two of them have numbers."""
    for column in columns:
        stated = numbers.at(group.total, column)
        if stated is None or _RATE_HEAD.search(numbers.head(column)):
            continue
        parts = [numbers.at(row, column) for row in group.parts]
        present = [part for part in parts if part is not None]
        if len(present) < _LEAST_PARTS:
            continue
        if _COUNTS_POINTS.search(numbers.head(column)):
            stated, present = exact(stated), list(map(exact, present))
        yield total(DOWN, stated, present)


def _fit(found: Sequence[Recomputation]) -> tuple[int, int, int]:
    """Return how many of some comparisons agree, how many nearly do, and how few do not."""
    agreeing = _agreeing(found)
    near = sum(1 for one in found if one.verdict == "differs" and _is_near(one))
    return agreeing, near, agreeing - len(found)


def _agreeing(found: Iterable[Recomputation]) -> int:
    """Return how many of some comparisons agree; that nothing is 0 says nothing."""
    return sum(1 for one in found if one.verdict != "differs" and one.stated.value)


def _told(found: Sequence[Recomputation]) -> Iterator[Recomputation]:
    """Yield comparisons of one kind: all where most agree, else those that agree or nearly do."""
    agreeing = _agreeing(found)
    meant = agreeing and agreeing >= _MOST * len(found)
    for one in found:
        if one.verdict != "differs" or _is_near(one) or (meant and not _is_nested(one)):
            yield one


def _is_nested(comparison: Recomputation) -> bool:
    """Return whether one part alone makes up the total: the others are parts of that one."""
    return any(part.value == comparison.stated.value for part in comparison.terms)


def _is_near(comparison: Recomputation) -> bool:
    """Return whether a difference is that of a slip in the total or in one of its parts."""
    gap = comparison.difference
    if is_slip(comparison.stated, gap):
        return True
    return any(is_slip(part, -gap) for part in comparison.terms)


def _outline_sums(numbers: TableNumbers) -> Iterator[Recomputation]:
    """Yield each row against those that its numbering puts below it: 1、2、3、, or 其中 and on."""
    for label, columns in numbers.sides.items():
        levels = [_level(numbers, row, label) for row in range(numbers.table.height)]
        for row in range(numbers.head_rows, numbers.table.height):
            parts = _below(levels, row)
            if len(parts) > 1 and levels[row] is not None:
                yield from _told(list(_down(numbers, _Group(row, parts), columns)))


def _level(numbers: TableNumbers, row: int, column: int) -> int | None:
    """Return how deep the number of its label, or its code, puts a row; None for a total."""
    label = numbers.text(row, column)
    if not label or _TOTAL.search(label):
        return None
    if numbers.code_columns:
        return numbers.code_level(row)
    for level, pattern in enumerate(_NUMBERED):
        if pattern.match(label):
            return level
    return _UNNUMBERED


def _below(levels: Sequence[int | None], row: int) -> tuple[int, ...]:
    """Return the rows directly below a row: those of the next deeper level that follow it.

    A row without number has those with 1、 and on below it; one with a number those without.
    """
    own = levels[row]
    found: list[int] = []
    first: int | None = None
    for other in range(row + 1, len(levels)):
        level = levels[other]
        if level is None or own is None or level == own or (own < level < (first or level)):
            break
        if first is None:
            first = level
        if level == first:
            found.append(other)
    return tuple(found)


def _totals_across(numbers: TableNumbers) -> Iterator[Recomputation]:
    """Yield each total column against the columns that make it up, where it holds in most rows."""
    for column in range(numbers.table.width):
        if _TOTAL.search(numbers.head(column)) is None:
            continue
        best = _best(_across(numbers, each) for each in _groups_of_columns(numbers, column))
        if _agreeing(best) > 1 or any(map(_is_near, best)):
            yield from _told(best)


def _groups_of_columns(numbers: TableNumbers, column: int) -> Iterator[_Group]:
    """Yield the columns that a total may be of: those behind it, up to each, or before it."""
    width = numbers.table.width
    for last in range(column + 2, width):
        yield _Group(column, tuple(range(column + 1, last + 1)))
    for first in range(column - 1):
        yield _Group(column, tuple(range(first, column)))


def _across(numbers: TableNumbers, group: _Group) -> Iterator[Recomputation]:
    """Yield the sums of a group of columns, one a row in which two of them have numbers."""
    for row in range(numbers.head_rows, numbers.table.height):
        stated = numbers.at(row, group.total)
        parts = [numbers.at(row, column) for column in group.parts]
        present = [part for part in parts if part is not None]
        if stated is not None and len(present) > 1:
            yield total(ACROSS, stated, present)


def _rates(numbers: TableNumbers) -> Iterator[Recomputation]:
    """Yield each number of a column of rates against the two columns that give most of them."""
    for column in range(numbers.table.width):
        if _RATE_HEAD.search(numbers.head(column)) is None:
            continue
        named = list(_executed(numbers, column))
        if named:
            yield from _nearest(_quotients(numbers, column, *pair) for pair in named)
            continue
        pairs = permutations(range(column), 2)
        best = _best(_quotients(numbers, column, part, whole) for part, whole in pairs)
        if _agreeing(best) > 1:
            yield from _told(best)


def _executed(numbers: TableNumbers, column: int) -> Iterator[tuple[int, int]]:
    """Yield the columns that 执行率 is of by their names: 全年执行数, by one of 预算数."""
    if not numbers.head(column).endswith("执行率"):
        return
    named: dict[str, int] = {}
    for other in range(column):
        named.setdefault(numbers.head(other).rpartition("/")[2], other)
    for budget in ("全年预算数", "年初预算数"):
        if budget in named and "全年执行数" in named:
            yield named["全年执行数"], named[budget]


def _nearest(found: Iterable[Iterable[Recomputation]]) -> Iterator[Recomputation]:
    """Yield, of comparisons with one base and with another, the nearest for each number."""
    nearest: dict[SourceSpan, Recomputation] = {}
    for one in chain.from_iterable(found):
        before = nearest.setdefault(one.stated.span, one)
        if abs(one.difference) < abs(before.difference):
            nearest[one.stated.span] = one
    yield from nearest.values()


def _quotients(
    numbers: TableNumbers, column: int, part: int, whole: int
) -> Iterator[Recomputation]:
    """Yield each rate of a column against one column by another, where all three have numbers."""
    for row in range(numbers.head_rows, numbers.table.height):
        stated, above, below = (numbers.at(row, place) for place in (column, part, whole))
        if stated is not None and above is not None and below is not None and below.value > 0:
            yield quotient(TABLE_RATE, _in_per_cent(stated), above, below)


def _in_per_cent(number: DocumentNumber) -> DocumentNumber:
    """Return a number of a column of rates: one without sign counts per cent."""
    if number.unit is not None:
        return number
    hundredth = Fraction(1, 100)
    return replace(
        number, value=number.value * hundredth, step=number.step * hundredth, unit=UNITS["%"]
    )


def _scores(numbers: TableNumbers) -> Iterator[Recomputation]:
    """Yield each score that is above the points of its row."""
    columns = range(numbers.table.width)
    points = [column for column in columns if _POINTS_HEAD.search(numbers.head(column))]
    scores = [column for column in columns if _SCORE_HEAD.search(numbers.head(column))]
    if not points or not scores:
        return
    for row in range(numbers.head_rows, numbers.table.height):
        scored = numbers.points_and_score(row, points[-1], scores[-1])
        if scored is not None and scored[1].value > scored[0].value:
            most, score = scored
            formula = f"≤ {most.text}"
            yield Recomputation(ABOVE_POINTS, score, (most,), formula, most.value, "differs")
