"""The numbers of a table: what each cell states, in the unit of its column, and what heads it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from itertools import groupby, pairwise, product
from operator import attrgetter
from typing import NamedTuple

from reportgen.features.audit.comparisons import exact
from reportgen.language.numbers import WrittenNumber, first_number
from reportgen.model.reading import DocumentNumber, ReadCell, Reading, ReadParagraph, ReadTable
from reportgen.model.units import ONE, Unit, find_unit

_UNIT_NOTE = re.compile(r"(?:单位|金额单位)\s*[:：]?\s*(?P<unit>[^\s，,；;。)）/0-9]{1,6})")
_CODES = re.compile("编码|代码|序号|行次|编号")
_POINTS = re.compile("(?:分值|权重|满分|标准分|权数|得分|评分|自评分)$")
_CLASSIFIED = re.compile("科目编码|科目代码|分类编码")
_IN_HEAD = re.compile(r"[（(](?P<unit>[^（()）]{1,6})[)）]?\s*$")
_COLUMN = re.compile(
    "分值|得分|自评得分|.{0,6}指标值|.{0,6}完成值|[一二三]级指标|年初预算数|全年预算数|全年执行数|执行率"
)
"""The names of columns of the forms of 财预〔2020〕10号, 附件."""
_PLAIN = re.compile(r"\s*-?[0-9][0-9,，]*(?:\.[0-9]+)?\s*(?:[^\s0-9.,，]{0,6})\s*")
_MOST_HEAD_ROWS, _LONGEST_HEAD, _LEAST_HEADS = 4, 20, 2
_MOST_COLUMNS, _MOST_ROWS = 40, 2_000
_ONE_PART = 2
_NUMBER = attrgetter("number")


_Place = tuple[int, int]


class TableNumber(NamedTuple):
    """A number in a cell, with the row and column of the grid where it stands, from 0."""

    row: int
    column: int
    number: DocumentNumber


class TableNumbers:
    """A table as its numbers see it: the grid, its head rows, labels of rows, heads of columns."""

    def __init__(self, table: ReadTable) -> None:
        self.table = table
        self.columns = range(table.width)
        self._grid = _grid(table)

    def text(self, row: int, column: int) -> str:
        """Return the text at a place of the grid, on one line; "" where there is no cell."""
        return self._texts.get((row, column), "")

    @cached_property
    def _texts(self) -> dict[_Place, str]:
        texts: dict[_Place, str] = {}
        for place, cell in self._grid.items():
            texts[place] = "".join(cell.text.split())
        return texts

    def texts(self, row: int) -> list[str]:
        """Return the texts of a row, one a column of the grid."""
        return [self.text(row, column) for column in self.columns]

    @cached_property
    def head_rows(self) -> int:
        """Return how many rows at the top are heads: those before the first with a number."""
        first = min((row for row, _ in self._cells_of_numbers), default=0)
        return first if first <= _MOST_HEAD_ROWS else 0

    @cached_property
    def rows(self) -> range:
        """Return the rows below the heads."""
        return range(self.head_rows, self.table.height)

    @cached_property
    def numbers(self) -> dict[_Place, TableNumber]:
        """Return the number of each cell that is one, but no codes and numbers of rows.

        Points are exact: nobody rounds them.
        """
        codes, points = self.headed(_CODES), self.headed(_POINTS)
        found: dict[_Place, TableNumber] = {}
        for place, each in self._cells_of_numbers.items():
            if each.column not in codes:
                number = exact(each.number) if each.column in points else each.number
                found[place] = each._replace(number=number)
        return found

    @cached_property
    def _cells_of_numbers(self) -> dict[_Place, TableNumber]:
        found: dict[_Place, TableNumber] = {}
        for cell in self.table.cells:
            number = _number(cell)
            if number is not None:
                found[cell.row, cell.column] = TableNumber(cell.row, cell.column, number)
        return found

    @cached_property
    def code_columns(self) -> list[int]:
        """Return the columns of the codes of a classification (类, 款, 项), two or more."""
        found = self.headed(_CLASSIFIED)
        return found if len(found) > 1 else []

    def code_level(self, row: int) -> int:
        """Return how deep in a classification the code of a row is: 1 for 类, 2 for 款."""
        return len(list(filter(None, map(self.texts(row).__getitem__, self.code_columns))))

    def head(self, column: int) -> str:
        """Return what heads a column, the texts of its head rows in order."""
        return self._heads[column]

    @cached_property
    def _heads(self) -> list[str]:
        return list(map(self._head, self.columns))

    def _head(self, column: int) -> str:
        return _joined(self.text(row, column) for row in range(self.head_rows))

    def headed(self, pattern: re.Pattern[str]) -> list[int]:
        """Return the columns in whose head a pattern is found."""
        return [column for column in self.columns if pattern.search(self.head(column))]

    def label(self, row: int) -> str:
        """Return what labels a row: the texts before its first number."""
        return self._labels.get(row, "")

    @cached_property
    def _labels(self) -> dict[int, str]:
        first: dict[int, int] = {}
        for row, column in self.numbers:
            first[row] = min(column, first.get(row, column))
        labels: dict[int, str] = {}
        for row in range(self.table.height):
            labels[row] = _joined(self.texts(row)[: first.get(row, self.table.width)])
        return labels

    def labelled(self, pattern: re.Pattern[str]) -> list[int]:
        """Return the rows below the heads in whose label a pattern is found."""
        return [row for row in self.rows if pattern.search(self.label(row))]

    @cached_property
    def sides(self) -> dict[int, list[int]]:
        """Return the columns of numbers by the column that labels them, the one to their left."""
        filled = {column for _, column in self.numbers}
        sides: dict[int, list[int]] = {}
        label = 0
        for column in self.columns:
            if column in filled:
                sides.setdefault(label, []).append(column)
            elif self._is_label(column):
                label = column
        return sides

    def _is_label(self, column: int) -> bool:
        """Return whether a column says something in two rows or more."""
        said = filter(None, (self.text(row, column) for row in self.rows))
        return len(list(said)) > 1

    def rows_of(self, row: int, column: int) -> int:
        """Return how many rows the cell at a place of the grid covers."""
        cell = self._grid.get((row, column))
        return cell.rowspan if cell is not None else 1

    def at(self, row: int, column: int) -> DocumentNumber | None:
        """Return the number that stands at a place of the grid."""
        found = self.numbers.get((row, column))
        return found.number if found is not None else None

    def measured_at(self, row: int, column: int) -> DocumentNumber | None:
        """Return the number at a place of the grid, in the unit of column, row or table if any."""
        place = self.numbers.get((row, column))
        unit = self._unit_of(place) if place is not None else None
        if place is None or unit is None:
            return place.number if place is not None else None
        return _in_unit(place.number, unit)

    def measured(self) -> Iterator[tuple[TableNumber, DocumentNumber, Unit]]:
        """Yield the numbers that have a unit: their own, or that of column, row or table."""
        for place in self.numbers.values():
            unit = place.number.unit or self._unit_of(place)
            if unit is not None:
                yield place, _in_unit(place.number, unit), unit

    def _unit_of(self, place: TableNumber) -> Unit | None:
        head = self.head(place.column)
        headed = _headed_unit(head) or _headed_unit(self.label(place.row))
        return headed or _noted_unit(head) or _noted_unit(self.table.unit_note)

    def among(self, rows: Iterable[int], columns: Iterable[int]) -> list[DocumentNumber]:
        """Return the numbers that stand where some rows and columns meet."""
        found = filter(None, map(self.numbers.get, product(rows, columns)))
        return list(map(_NUMBER, found))

    def points_and_score(
        self, row: int, points: int, score: int
    ) -> tuple[DocumentNumber, DocumentNumber] | None:
        """Return the points and the score of a row, None where they are not of that row alone."""
        most, scored = self._points(row, points), self._points(row, score)
        if most is None or scored is None or self.rows_of(row, points) != self.rows_of(row, score):
            return None
        return most, scored

    def _points(self, row: int, column: int) -> DocumentNumber | None:
        """Return the number at a place if it may count points: it has no unit, or 分."""
        found = self.at(row, column)
        is_points = found is not None and (found.unit is None or found.unit.symbol == "分")
        return found if is_points else None


def _grid(table: ReadTable) -> dict[_Place, ReadCell]:
    """Return the cell at each place that one covers."""
    grid: dict[_Place, ReadCell] = {}
    for cell in table.cells:
        rows = range(cell.row, min(cell.row + cell.rowspan, table.height))
        columns = range(cell.column, min(cell.column + cell.colspan, table.width))
        for place in product(rows, columns):
            grid.setdefault(place, cell)
    return grid


def _joined(texts: Iterable[str]) -> str:
    """Return texts that follow each other as one, without blank ones and repetitions."""
    said = [text for text, _ in groupby(filter(None, texts))]
    return "/".join(said)


def _number(cell: ReadCell) -> DocumentNumber | None:
    """Return the number that is all of a cell's text, with its unit or none."""
    text = cell.text.strip()
    if _PLAIN.fullmatch(text) is None:
        return None
    written = first_number(text.replace("，", ","))
    return _stated(written, cell) if written is not None and written.end == len(text) else None


def _stated(written: WrittenNumber, cell: ReadCell) -> DocumentNumber:
    unit = written.unit or ONE
    step = unit.factor * Fraction(1, 10**written.decimals)
    rough = bool(written.about or written.after)
    text = cell.text.strip()
    return DocumentNumber(text, written.value, step, written.unit, cell.span, rough)


def tables_of(reading: Reading) -> Iterator[TableNumbers]:
    """Yield the tables of a document; where heads stand within one, each part by itself."""
    for table in reading.tables:
        if table.width <= _MOST_COLUMNS and table.height <= _MOST_ROWS:
            yield from _parts_of(TableNumbers(table))


def tables_with_notes(reading: Reading) -> Iterator[TableNumbers]:
    """Yield the tables of a document, each with what the paragraph above it says of its unit."""
    above = ""
    for block in reading.blocks:
        if isinstance(block, ReadParagraph):
            above = block.text
            continue
        noted = replace(block, unit_note=above)
        yield from tables_of(replace(reading, blocks=(noted,)))
        above = ""


def _parts_of(numbers: TableNumbers) -> Iterator[TableNumbers]:
    """Yield a table as the parts that its heads begin; one without others is itself."""
    starts = [0, *_head_rows_within(numbers), numbers.table.height]
    if len(starts) == _ONE_PART:
        yield numbers
        return
    for start, end in pairwise(starts):
        yield TableNumbers(_part(numbers.table, start, end))


def _head_rows_within(numbers: TableNumbers) -> Iterator[int]:
    """Yield the rows, behind the first with numbers, at which other heads begin.

    They stand below a row of numbers, or name columns as forms do: a text of goals may precede.
    """
    with_numbers = {row for row, _ in numbers.numbers}
    first = min(with_numbers, default=numbers.table.height)
    for row in set(range(first + 1, numbers.table.height)) - with_numbers:
        is_below = row - 1 in with_numbers or _begins_columns(numbers, row)
        if is_below and _is_head(numbers.texts(row)):
            yield row


def _is_head(texts: Sequence[str]) -> bool:
    """Return whether a row says what stands below: in most columns, in few words each.

    What a page cut off a row stands in few of its columns.
    """
    said = list(filter(None, texts))
    if len(set(said)) < _LEAST_HEADS or len(said) * 2 <= len(texts):
        return False
    return max(map(len, said)) <= _LONGEST_HEAD


def _begins_columns(numbers: TableNumbers, row: int) -> bool:
    """Return whether a row names columns of a form, and the one above does not."""
    return _names_columns(numbers, row) and not _names_columns(numbers, row - 1)


def _names_columns(numbers: TableNumbers, row: int) -> bool:
    return len(list(filter(_COLUMN.fullmatch, set(numbers.texts(row))))) > 1


def _part(table: ReadTable, start: int, end: int) -> ReadTable:
    """Return the rows of a table from `start` to before `end`."""
    cells: list[ReadCell] = []
    for cell in table.cells:
        first, last = max(cell.row, start), min(cell.row + cell.rowspan, end)
        if first < last:
            cells.append(replace(cell, row=first - start, rowspan=last - first))
    return replace(table, cells=tuple(cells), height=end - start)


def _in_unit(number: DocumentNumber, unit: Unit) -> DocumentNumber:
    """Return a number as one of a unit; one that has its own is that already."""
    if number.unit is not None:
        return number
    value, step = number.value * unit.factor, number.step * unit.factor
    return replace(number, value=value, step=step, unit=unit)


def _noted_unit(said: str) -> Unit | None:
    """Return the unit that is stated above a table, or in its head: 单位：万元; None for none."""
    match = _UNIT_NOTE.search(said)
    return find_unit(match["unit"]) if match is not None else None


def _headed_unit(head: str) -> Unit | None:
    """Return the unit at the end of a column's head: 决算数（万元）."""
    match = _IN_HEAD.search(head)
    return find_unit(match["unit"]) if match is not None else None
