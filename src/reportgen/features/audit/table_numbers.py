"""The numbers of a table: what each cell states, in the unit of its column, and what heads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from reportgen.language.numbers import WrittenNumber, find_numbers
from reportgen.model.frozen import frozen
from reportgen.model.reading import DocumentNumber, ReadCell, Reading, ReadTable
from reportgen.model.units import ONE, Unit, find_unit

_UNIT_NOTE = re.compile(r"(?:单位|金额单位)\s*[:：]?\s*(?P<unit>[^\s，,；;。)）0-9]{1,6})")
_CODES = re.compile("编码|代码|序号|行次|编号")
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


@frozen
class TableNumber:
    """A number in a cell, with the row and column of the grid where it stands, from 0."""

    row: int
    column: int
    number: DocumentNumber


class TableNumbers:
    """A table as its numbers see it: the grid, its head rows, labels of rows, heads of columns."""

    def __init__(self, table: ReadTable) -> None:
        self.table = table
        self._grid: dict[tuple[int, int], ReadCell] = {}
        for cell in table.cells:
            for row in range(cell.row, min(cell.row + cell.rowspan, table.height)):
                for column in range(cell.column, min(cell.column + cell.colspan, table.width)):
                    self._grid.setdefault((row, column), cell)

    def text(self, row: int, column: int) -> str:
        """Return the text at a place of the grid, on one line; "" where there is no cell."""
        cell = self._grid.get((row, column))
        return re.sub(r"\s+", "", cell.text) if cell is not None else ""

    @cached_property
    def head_rows(self) -> int:
        """Return how many rows at the top are heads: those before the first with a number."""
        for row in range(min(self.table.height, _MOST_HEAD_ROWS + 1)):
            if any(number.row == row for number in self._cells_of_numbers.values()):
                return row
        return 0

    @cached_property
    def numbers(self) -> dict[tuple[int, int], TableNumber]:
        """Return the number of each cell that is one, but no codes, numbers of rows, and years."""
        codes = {column for column in range(self.table.width) if _CODES.search(self.head(column))}
        return {
            place: number
            for place, number in self._cells_of_numbers.items()
            if number.column not in codes
        }

    @cached_property
    def code_columns(self) -> list[int]:
        """Return the columns of the codes of a classification (类, 款, 项), two or more."""
        columns = range(self.table.width)
        found = [column for column in columns if _CLASSIFIED.search(self.head(column))]
        return found if len(found) > 1 else []

    def code_level(self, row: int) -> int:
        """Return how deep in a classification the code of a row is: 1 for 类, 2 for 款."""
        return sum(1 for column in self.code_columns if self.text(row, column))

    @cached_property
    def _cells_of_numbers(self) -> dict[tuple[int, int], TableNumber]:
        found: dict[tuple[int, int], TableNumber] = {}
        for cell in self.table.cells:
            number = self._number(cell)
            if number is not None:
                found[cell.row, cell.column] = TableNumber(cell.row, cell.column, number)
        return found

    def head(self, column: int) -> str:
        """Return what heads a column, the texts of its head rows in order."""
        texts: list[str] = []
        for row in range(self.head_rows):
            text = self.text(row, column)
            if text and text not in texts[-1:]:
                texts.append(text)
        return "/".join(texts)

    def label(self, row: int) -> str:
        """Return what labels a row: the texts before its first number."""
        texts: list[str] = []
        for column in range(self.table.width):
            if (row, column) in self.numbers:
                break
            text = self.text(row, column)
            if text and text not in texts[-1:]:
                texts.append(text)
        return "/".join(texts)

    @cached_property
    def sides(self) -> dict[int, list[int]]:
        """Return the columns of numbers by the column that labels them, the one to their left."""
        filled = {column for _, column in self.numbers}
        sides: dict[int, list[int]] = {}
        label = 0
        for column in range(self.table.width):
            if column not in filled and self._labels(column):
                label = column
            elif column in filled:
                sides.setdefault(label, []).append(column)
        return sides

    def _labels(self, column: int) -> bool:
        """Return whether a column says something in most rows."""
        rows = range(self.head_rows, self.table.height)
        said = sum(1 for row in rows if self.text(row, column))
        return said > 1

    def rows_of(self, row: int, column: int) -> int:
        """Return how many rows the cell at a place of the grid covers."""
        cell = self._grid.get((row, column))
        return cell.rowspan if cell is not None else 1

    def at(self, row: int, column: int) -> DocumentNumber | None:
        """Return the number that stands at a place of the grid."""
        found = self.numbers.get((row, column))
        return found.number if found is not None else None

    def points_and_score(
        self, row: int, points: int, score: int
    ) -> tuple[DocumentNumber, DocumentNumber] | None:
        """Return the points and the score of a row, None where they are not of that row alone."""
        if self.rows_of(row, points) != self.rows_of(row, score):
            return None  # the points are those of several rows together
        most, scored = self.at(row, points), self.at(row, score)
        if most is None or scored is None or not (is_points(most) and is_points(scored)):
            return None
        return most, scored

    def column(self, column: int) -> Iterator[TableNumber]:
        """Yield the numbers of a column from the top."""
        for row in range(self.table.height):
            found = self.numbers.get((row, column))
            if found is not None:
                yield found

    def _number(self, cell: ReadCell) -> DocumentNumber | None:
        """Return the number that is all of a cell's text, with its unit or none."""
        text = cell.text.strip()
        if _PLAIN.fullmatch(text) is None:
            return None
        written = next(find_numbers(text.replace("，", ",")), None)
        if written is None or written.body != 0 or written.end != len(text):
            return None
        return _stated(written, cell)


def _stated(written: WrittenNumber, cell: ReadCell) -> DocumentNumber:
    unit = written.unit or ONE
    step = unit.factor * Fraction(1, 10**written.decimals)
    rough = bool(written.about or written.after)
    text = cell.text.strip()
    return DocumentNumber(text, written.value, step, written.unit, cell.span, rough)


def tables_of(reading: Reading) -> Iterator[TableNumbers]:
    """Yield the tables of a document; where heads stand within one, each part by itself."""
    for table in reading.tables:
        if table.width > _MOST_COLUMNS or table.height > _MOST_ROWS:
            continue
        numbers = TableNumbers(table)
        starts = [0, *_head_rows_within(numbers), table.height]
        if len(starts) == _ONE_PART:
            yield numbers
            continue
        for start, end in pairwise(starts):
            yield TableNumbers(_part(table, start, end))


def _head_rows_within(numbers: TableNumbers) -> Iterator[int]:
    """Yield the rows, behind the first with numbers, at which other heads begin.

    They stand below a row of numbers, or name columns as forms do: a text of goals may precede.
    """
    with_numbers = {row for row, _ in numbers.numbers}
    for row in range(min(with_numbers, default=numbers.table.height) + 1, numbers.table.height):
        if row in with_numbers or not _is_head(numbers, row):
            continue
        if row - 1 in with_numbers or _begins_columns(numbers, row):
            yield row


def _is_head(numbers: TableNumbers, row: int) -> bool:
    """Return whether a row says what stands below: in most columns, in few words each.

    What a page cut off a row stands in few of its columns.
    """
    texts = [numbers.text(row, column) for column in range(numbers.table.width)]
    said = list(filter(None, texts))
    if len(set(said)) < _LEAST_HEADS or len(said) * 2 <= len(texts):
        return False
    return max(map(len, said)) <= _LONGEST_HEAD


def _begins_columns(numbers: TableNumbers, row: int) -> bool:
    """Return whether a row names columns of a form, and the one above does not."""
    return _names_columns(numbers, row) and not _names_columns(numbers, row - 1)


def _names_columns(numbers: TableNumbers, row: int) -> bool:
    texts = {numbers.text(row, column) for column in range(numbers.table.width)}
    return sum(1 for text in texts if _COLUMN.fullmatch(text)) > 1


def _part(table: ReadTable, start: int, end: int) -> ReadTable:
    """Return the rows of a table from `start` to before `end`."""
    cells: list[ReadCell] = []
    for cell in table.cells:
        first, last = max(cell.row, start), min(cell.row + cell.rowspan, end)
        if first < last:
            cells.append(replace(cell, row=first - start, rowspan=last - first))
    return replace(table, cells=tuple(cells), height=end - start)


def is_points(number: DocumentNumber) -> bool:
    """Return whether a number may count points: it has no unit, or 分."""
    return number.unit is None or number.unit.symbol == "分"


def noted_unit(table: ReadTable) -> Unit | None:
    """Return the unit that is stated above a table (单位：万元), None where none is."""
    match = _UNIT_NOTE.search(table.unit_note)
    return find_unit(match["unit"]) if match is not None else None


def headed_unit(head: str) -> Unit | None:
    """Return the unit at the end of a column's head: 决算数（万元）."""
    match = _IN_HEAD.search(head)
    return find_unit(match["unit"]) if match is not None else None
