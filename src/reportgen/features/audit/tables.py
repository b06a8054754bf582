"""Holds the tables of a document to themselves: totals down and across, rates, points and scores.

Which rows a total is of, and which columns a rate comes from, is found by trying: what holds in
most places of a table is meant, and told where it does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import chain, permutations, product
from operator import attrgetter
from typing import NamedTuple

from reportgen.features.audit.comparisons import Recomputation, quotient, total
from reportgen.features.audit.mistyped import is_meant, is_mistyped_apart
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
_SPENT, _BUDGET = re.compile("(?:^|/)全年执行数$"), re.compile("(?:^|/)(?:全年|年初)预算数$")
_THREE = 3
_GAP = attrgetter("gap")
_MOST = Fraction(1, 2)
"""The part of the places in which a relation has to hold to be meant."""


class _Group(NamedTuple):
    """A total and the places of its parts, all rows or all columns."""

    total: int
    parts: Sequence[int]


def check_tables(reading: Reading) -> Iterator[Recomputation]:
    """Yield a comparison for each number of a table that others of the table give."""
    for numbers in tables_of(reading):
        for check in (_totals_down, _outline_sums, _totals_across, _rates, _scores):
            yield from check(numbers)


def _totals_down(numbers: TableNumbers) -> Iterator[Recomputation]:
    """Yield each total row against the rows that make it up, where most columns of it agree."""
    for row in numbers.labelled(_TOTAL):
        sums = map(partial(_down, numbers, numbers.columns), _groups_of_rows(numbers, row))
        yield from _told(_best(sums))


def _best(found: Iterable[Iterable[Recomputation]]) -> tuple[Recomputation, ...]:
    """Return those comparisons of several that agree most, then those that nearly do."""
    return max(map(tuple, found), key=_fit, default=())


def _groups_of_rows(numbers: TableNumbers, row: int) -> Iterator[_Group]:
    """Yield the rows that a total may be of: above or below it, all, of one level, subtotals."""
    above, below = range(row - 1, numbers.head_rows - 1, -1), range(row + 1, numbers.table.height)
    totals = numbers.labelled(_TOTAL)
    for side in (_until(totals, above), above, _until(totals, below), below):
        rows = sorted(side)
        yield _Group(row, _labelled(numbers, rows, _SUBTOTAL))
        for group in _of_one_level(numbers, [other for other in rows if other not in totals]):
            yield _Group(row, group)


def _of_one_level(numbers: TableNumbers, rows: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield all of some rows but those named 其中, and those of each level that numbers them."""
    among = _labelled(numbers, rows, _AMONG)
    yield [row for row in rows if row not in among]
    for level in _LEVELS:
        yield _labelled(numbers, rows, level)
    if numbers.code_columns:
        yield [row for row in rows if numbers.code_level(row) == 1]


def _labelled(numbers: TableNumbers, rows: Iterable[int], pattern: re.Pattern[str]) -> list[int]:
    """Return those of some rows whose label begins so."""
    return [row for row in rows if pattern.match(numbers.label(row))]


def _until(totals: Collection[int], rows: Iterable[int]) -> list[int]:
    """Return the rows from a total on, up to the next total."""
    found: list[int] = []
    for row in rows:
        if row in totals:
            break
        found.append(row)
    return found


def _down(numbers: TableNumbers, columns: Iterable[int], group: _Group) -> Iterator[Recomputation]:
    """Yield the sums of a group of rows, one a column in which two of them have numbers."""
    rates = numbers.headed(_RATE_HEAD)
    for column in columns:
        if column not in rates:
            parts = numbers.among(group.parts, [column])
            yield from _sum(DOWN, numbers.at(group.total, column), parts)


def _sum(
    code: str, stated: DocumentNumber | None, parts: Sequence[DocumentNumber]
) -> Iterator[Recomputation]:
    """Yield a total of two parts or more, if there is one."""
    if stated is not None and len(parts) > 1:
        yield total(code, stated, parts)


def _fit(found: Sequence[Recomputation]) -> tuple[int, int, int]:
    """Return how many of some comparisons agree, how many nearly do, and how few do not."""
    agreeing = _agreeing(found)
    near = [one for one in found if not one.fits and is_mistyped_apart(one)]
    return agreeing, len(near), agreeing - len(found)


def _agreeing(found: Iterable[Recomputation]) -> int:
    """Return how many of some comparisons agree; that nothing is 0 says nothing."""
    return sum(1 for one in found if one.fits and one.stated.value)


def _told(found: Sequence[Recomputation]) -> Iterator[Recomputation]:
    """Yield comparisons of one kind: all where most agree, else those that agree or nearly do."""
    agreeing = _agreeing(found)
    holds = agreeing > 0 and agreeing >= _MOST * len(found)
    return filter(_is_no_part_of_parts if holds else is_meant, found)


def _is_no_part_of_parts(one: Recomputation) -> bool:
    """Return whether no part alone makes up the total, of which the others are parts then."""
    return is_meant(one) or all(part.value != one.stated.value for part in one.terms)


def _outline_sums(numbers: TableNumbers) -> Iterator[Recomputation]:
    """Yield each row against those that its numbering puts below it: 1、2、3、, or 其中 and on."""
    for label, columns in numbers.sides.items():
        levels = [_level(numbers, row, label) for row in range(numbers.table.height)]
        for row in numbers.rows:
            group = _Group(row, _below([*levels, None], row))
            yield from _told(list(_down(numbers, columns, group)))


def _level(numbers: TableNumbers, row: int, column: int) -> int | None:
    """Return how deep the number of its label, or its code, puts a row; None for a total."""
    label = numbers.text(row, column)
    if not label or _TOTAL.search(label):
        return None
    if numbers.code_columns:
        return numbers.code_level(row)
    return next((level for level, each in enumerate(_NUMBERED) if each.match(label)), _UNNUMBERED)


def _below(levels: Sequence[int | None], row: int) -> list[int]:
    """Return the rows directly below a row: those of the next deeper level that follow it.

    A row without number has those with 1、 and on below it; one with a number those without.
    """
    own, first = levels[row], levels[row + 1]
    if own is None or first is None or own == first:
        return []
    ends = {None, own, *range(own + 1, first)}
    end = next(other for other in range(row + 1, len(levels)) if levels[other] in ends)
    return [other for other in range(row + 1, end) if levels[other] == first]


def _totals_across(numbers: TableNumbers) -> Iterator[Recomputation]:
    """Yield each total column against the columns that make it up, where it holds in most rows."""
    for column in numbers.headed(_TOTAL):
        best = _best(map(partial(_across, numbers), _groups_of_columns(numbers, column)))
        if _agreeing(best) > 1 or any(map(is_mistyped_apart, best)):
            yield from _told(best)


def _groups_of_columns(numbers: TableNumbers, column: int) -> Iterator[_Group]:
    """Yield the columns that a total may be of: those behind it, up to each, or before it."""
    for end in range(column + 3, numbers.table.width + 1):
        yield _Group(column, range(column + 1, end))
    for first in range(column - 1):
        yield _Group(column, range(first, column))


def _across(numbers: TableNumbers, group: _Group) -> Iterator[Recomputation]:
    """Yield the sums of a group of columns, one a row in which two of them have numbers."""
    for row in numbers.rows:
        yield from _sum(ACROSS, numbers.at(row, group.total), numbers.among([row], group.parts))


def _rates(numbers: TableNumbers) -> Iterator[Recomputation]:
    """Yield each number of a column of rates against the two columns that give most of them."""
    for column in numbers.headed(_RATE_HEAD):
        named = [_quotients(numbers, column, *pair) for pair in _executed(numbers, column)]
        yield from _nearest(named) if named else _by_any_columns(numbers, column)


def _by_any_columns(numbers: TableNumbers, column: int) -> Iterator[Recomputation]:
    """Yield rates against two columns before theirs, where these give several of them."""
    pairs = permutations(range(column), 2)
    best = _best(_quotients(numbers, column, *pair) for pair in pairs)
    if _agreeing(best) > 1:
        yield from _told(best)


def _executed(numbers: TableNumbers, column: int) -> Iterator[tuple[int, int]]:
    """Yield the columns that 执行率 is of by their names: 全年执行数, by one of 预算数."""
    if not numbers.head(column).endswith("执行率"):
        return
    yield from product(numbers.headed(_SPENT), numbers.headed(_BUDGET))


def _nearest(found: Iterable[Iterable[Recomputation]]) -> Iterator[Recomputation]:
    """Yield, of comparisons with one base and with another, the nearest for each number."""
    nearest: dict[SourceSpan, Recomputation] = {}
    for one in chain.from_iterable(found):
        before = nearest.setdefault(one.stated.span, one)
        nearest[one.stated.span] = min(before, one, key=_GAP)
    yield from nearest.values()


def _quotients(
    numbers: TableNumbers, column: int, part: int, whole: int
) -> Iterator[Recomputation]:
    """Yield each rate of a column against one column by another, where all three have numbers."""
    for row in numbers.rows:
        present = numbers.among([row], (column, part, whole))
        if len(present) == _THREE and present[-1].value > 0:
            stated, above, below = present
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
    last = numbers.headed(_POINTS_HEAD)[-1:], numbers.headed(_SCORE_HEAD)[-1:]
    for row, (points, score) in product(numbers.rows, zip(*last, strict=False)):
        scored = numbers.points_and_score(row, points, score)
        if scored is not None and scored[1].value > scored[0].value:
            yield _above_points(*scored)


def _above_points(most: DocumentNumber, score: DocumentNumber) -> Recomputation:
    return Recomputation(ABOVE_POINTS, score, (most,), f"≤ {most.text}", most.value, "differs")
