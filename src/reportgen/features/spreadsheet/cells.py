"""Reads the cells of a row for the fields of a table, and says what each becomes in its file.

Amounts are exact and keep the unit that stands in the file; texts are written as YAML reads them
back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from reportgen.features.spreadsheet.grid import Sheet, SheetCell, decimals_needed, normalized
from reportgen.features.spreadsheet.structure import Header, SheetRow
from reportgen.features.spreadsheet.tables import YearRow, YearTable
from reportgen.findings import Finding, finding
from reportgen.language.number_forms import even_numbers
from reportgen.language.numbers import WrittenNumber, first_number
from reportgen.model.frozen import frozen
from reportgen.model.quantity import Quantity, QuantityError, Shape, number_text, parse_quantity
from reportgen.model.source import SourceSpan
from reportgen.model.units import ONE, UNITS, Unit, find_unit
from reportgen.project.yaml_editor import yaml_text
from reportgen.project.yaml_nodes import Scalar

CellResult = Literal["same", "changed", "added", "kept"]

_NUMBER_START = re.compile(r"[-+约近超逾≥≤<>=]*\d")


class CellError(Exception):
    """A cell holds no amount; `finding` says why."""

    def __init__(self, problem: Finding) -> None:
        super().__init__(problem)
        self.finding = problem


def read_amount(cell: SheetCell, default: Unit) -> Quantity | None:
    """Return the amount in `cell`, None where it is empty; raises `CellError` for what is none.

    A unit in the cell, or in its number format, goes before `default`.
    """
    if cell.is_empty:
        return None
    if cell.number is not None:
        unit = _format_unit(cell) or default
        return Quantity(cell.number * unit.factor, unit, _fixed_shape(cell))
    if cell.kind != "text":
        raise CellError(_problem(cell))
    return _parsed_amount(cell, default)


def _format_unit(cell: SheetCell) -> Unit | None:
    """Return the unit of a number format, None where it has none."""
    unit = find_unit(cell.unit)
    return None if unit is ONE else unit


def _parsed_amount(cell: SheetCell, default: Unit) -> Quantity:
    try:
        return parse_quantity(cell.label.replace("，", ","), default)
    except QuantityError as error:
        written = _written_amount(cell.label, default)
        if written is not None and error.reason != "long":
            return written
        problem = _problem(cell)
        if error.reason == "unit":
            problem = finding("X110", cell.span, unit=error.part)
        raise CellError(problem) from None


def _written_amount(text: str, default: Unit) -> Quantity | None:
    """Return the amount that a text is in another form: 1亿2658万元, 4519.6m2, 叁万元整."""
    even = even_numbers(text).strip()
    number = first_number(even)
    if number is None or not _is_amount(number, even):
        return None
    shape = Shape(number.decimals, strip=False, before=number.before, after=number.after)
    unit = number.unit or default
    return Quantity(number.value * (1 if number.unit else default.factor), unit, shape)


def _is_amount(number: WrittenNumber, text: str) -> bool:
    """Return whether `number` is all of a text; with a zero before it is a code, or mistyped."""
    is_code = re.match("0[0-9]", number.digits) is not None
    return number.end == len(text) and not (number.spoken or number.about or is_code)


def _problem(cell: SheetCell) -> Finding:
    """Return the finding about a cell that cannot be read (X112–X114)."""
    if cell.kind == "unknown":
        return finding("X113", cell.span, formula=cell.formula)
    code = "X112" if cell.kind == "error" else "X114"
    return finding(code, cell.span, text=cell.text)


def read_text(cell: SheetCell) -> str:
    """Return the text of a cell on one line."""
    if cell.number is not None:
        return number_text(cell.number, _fixed_shape(cell)) + cell.unit
    return " ".join(cell.text.split())


def _fixed_shape(cell: SheetCell) -> Shape:
    return Shape(decimals=cell.decimals, strip=False)


# What is written as YAML


def converted(quantity: Quantity, unit: Unit) -> Quantity:
    """Return `quantity` as it is written in `unit` of its dimension, to the last digit.

    A change of unit moves the point: trailing zeros that it brings along are dropped.
    """
    if unit.symbol == quantity.unit.symbol:
        return quantity
    decimals = decimals_needed(quantity.value / unit.factor)
    return Quantity(quantity.value, unit, replace(quantity.shape, decimals=decimals, strip=False))


def yaml_amount(quantity: Quantity, *, with_unit: bool) -> str:
    """Return `quantity` as a plain YAML scalar."""
    if with_unit:
        return quantity.text
    return number_text(quantity.value / quantity.unit.factor, quantity.shape)


def free_text(text: str) -> str:
    """Return `text` as the YAML scalar of a free value, where digits would be read as an amount."""
    return yaml_text(text, quoted=_NUMBER_START.match(text) is not None)


def has_no_unit(scalar: Scalar) -> bool:
    """Return whether a number stands in `scalar` without a unit."""
    default = UNITS["名"]
    try:
        return parse_quantity(scalar.text, default).unit is default
    except QuantityError:
        return False


# Cells of a row


@frozen
class ImportedCell:
    """What became of a cell: its place, the key it is for, the old and the new text.

    `field` of `row`, or of a new row where that is None, gets the YAML text `yaml`.
    """

    span: SourceSpan
    key: str
    old: str
    new: str
    result: CellResult
    row: YearRow | None = None
    field: str = ""
    yaml: str = ""


@frozen
class _FieldCell:
    """A cell for a field: of `row`, or of a new row where that is None."""

    cell: SheetCell
    field: str
    key: str
    row: YearRow | None

    @property
    def old_text(self) -> str:
        """Return the text that stands in the file, empty where it is blank or not there."""
        return self.row.text(self.field) if self.row else ""

    @property
    def old(self) -> Scalar | None:
        """Return the value that stands in the file, None where it is blank or not there."""
        return self.row.cells[self.field] if self.row and self.old_text else None

    def becomes(self, new: str, yaml: str) -> ImportedCell:
        """Return the cell as one that changes the value, or fills it in."""
        result: CellResult = "changed" if self.old_text else "added"
        return self._imported(new, result, yaml)

    def same(self, new: str, yaml: str = "") -> ImportedCell:
        """Return the cell as one that says what stands there."""
        return self._imported(new, "same", yaml)

    def kept(self) -> ImportedCell | None:
        """Return an empty cell, which leaves the value as it is; None where there is none."""
        if not self.old_text:
            return None
        return ImportedCell(self.cell.span, self.key, self.old_text, "", "kept")

    def _imported(self, new: str, result: CellResult, yaml: str) -> ImportedCell:
        span = self.cell.span
        return ImportedCell(span, self.key, self.old_text, new, result, self.row, self.field, yaml)


class CellReader:
    """Reads the cells of a sheet as fields of `table`; `findings` is what is wrong with them."""

    def __init__(self, sheet: Sheet, header: Header, table: YearTable) -> None:
        self.sheet = sheet
        self.header = header
        self.table = table
        self._notes: list[Finding] = []
        self._problems: dict[SourceSpan, Finding] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return the findings, one problem a cell."""
        return (*self._notes, *self._problems.values())

    def refuse(self, problem: Finding) -> None:
        """Note why the cell where `problem` is cannot be imported."""
        self._problems[problem.span] = problem

    def read(self, line: SheetRow, row: YearRow | None, new_id: str) -> Iterator[ImportedCell]:
        """Yield what each cell of a line gives to `row`, or to the new row `new_id`."""
        row_key = row.key if row else f"{self.table.key}.{new_id}"
        for field_cell in self._field_cells(line, row, row_key):
            imported = self._read_cell(line, field_cell)
            if imported is not None:
                yield imported
        if row is None and line.group and "category" not in self.header.columns:
            yield self._category(line, f"{row_key}.category")

    def text(self, line: SheetRow, name: str) -> str:
        """Return the text of a field in a line, empty where there is none."""
        cell = self.header.cell(self.sheet.rows[line.index], name)
        return "" if cell is None or cell.is_empty else read_text(cell).strip()

    def amount_in_sum(self, line: SheetRow, name: str) -> Quantity | None:
        """Return the amount of a line for the sums, None for what is none."""
        cell = self.header.cell(self.sheet.rows[line.index], name)
        if cell is None or name == "unit" or self.table.key == "facts":
            return None
        if not self.table.is_amount(name):
            return None
        try:
            return read_amount(cell, self._unit(line, name, None))
        except CellError as error:
            if error.finding.code in {"X112", "X113"}:
                self.refuse(error.finding)  # a total that cannot be checked has not passed
            return None

    def _field_cells(
        self, line: SheetRow, row: YearRow | None, row_key: str
    ) -> Iterator[_FieldCell]:
        """Yield the cells of a line for the fields that it gives."""
        for name, column in self.header.columns.items():
            cell = self.sheet.rows[line.index][column.index]
            if self._is_given(name, cell, is_new=row is None):
                yield _FieldCell(cell, name, f"{row_key}.{name}", row)

    def _is_given(self, name: str, cell: SheetCell, *, is_new: bool) -> bool:
        """Return whether a cell gives a value: a row that is there keeps its name."""
        if name == "name":
            return is_new and bool(cell.text)
        return name not in {"id", "unit"}

    def _category(self, line: SheetRow, key: str) -> ImportedCell:
        """Return the category of a new row, which the label of its group gives."""
        categories = (row.text("category") for row in self.table.rows)
        usual = (text for text in categories if normalized(text) == line.group)
        text = next(usual, line.group)
        span = self.sheet.span_at(line.index)
        return ImportedCell(span, key, "", text, "added", None, "category", yaml_text(text))

    def _read_cell(self, line: SheetRow, field_cell: _FieldCell) -> ImportedCell | None:
        if self.table.free or self.table.is_amount(field_cell.field):
            return self._read_value(line, field_cell)
        return self._read_words(field_cell)

    def _read_words(self, field_cell: _FieldCell) -> ImportedCell | None:
        cell = field_cell.cell
        if cell.kind in {"error", "unknown"}:
            self.refuse(_problem(cell))
            return None
        if cell.is_empty:
            return field_cell.kept()
        text = read_text(cell)
        yaml = free_text(text) if self.table.free else yaml_text(text)
        if normalized(text) == normalized(field_cell.old_text):
            return field_cell.same(text, yaml)
        return field_cell.becomes(text, yaml)

    def _read_value(self, line: SheetRow, field_cell: _FieldCell) -> ImportedCell | None:
        """Return what a cell of a number gives; of free values too, which may be words."""
        cell = field_cell.cell
        old = self._old_quantity(field_cell)
        may_be_words = self.table.free and cell.kind in {"text", "date"} and old is None
        if may_be_words and field_cell.old_text:
            return self._read_words(field_cell)
        if self.sheet.exported and cell.formula:
            return None  # it is worked out, or repeats a cell that is imported where it stands
        try:
            quantity = read_amount(cell, self._unit(line, field_cell.field, old))
        except CellError as error:
            return self._unreadable(field_cell, error, may_be_words=may_be_words)
        return field_cell.kept() if quantity is None else self._amount(field_cell, quantity, old)

    def _unreadable(
        self, field_cell: _FieldCell, error: CellError, *, may_be_words: bool
    ) -> ImportedCell | None:
        """Return the words of a cell without amount; where none may stand it is refused."""
        if may_be_words:
            return self._read_words(field_cell)
        self.refuse(error.finding)
        return None

    def _amount(
        self, field_cell: _FieldCell, quantity: Quantity, old: Quantity | None
    ) -> ImportedCell:
        """Return what an amount becomes in the place of `old`."""
        if field_cell.cell.hides_digits:
            self._notes.append(finding("X115", field_cell.cell.span, value=quantity.text))
        if old is not None and _is_same(quantity, old):
            return field_cell.same(quantity.text)
        new = self._in_usual_unit(quantity, old, field_cell.field)
        text = yaml_amount(new, with_unit=self._has_unit(new, field_cell))
        return field_cell.becomes(text, text)

    def _old_quantity(self, field_cell: _FieldCell) -> Quantity | None:
        old = field_cell.old
        return self._quantity(old.text, field_cell.field) if old is not None and old.plain else None

    def _quantity(self, text: str, name: str) -> Quantity | None:
        """Return the quantity that stands as `text` in a field, None where it is none."""
        try:
            return parse_quantity(text, self.table.default_unit(name) or ONE)
        except QuantityError:
            return None

    def _in_usual_unit(self, quantity: Quantity, old: Quantity | None, name: str) -> Quantity:
        """Return `quantity` in the unit of the old value, or in the unit of the forms."""
        if old is not None and old.unit.dimension == quantity.unit.dimension:
            return converted(quantity, old.unit)
        default = self.table.default_unit(name)
        if default is not None and quantity.unit.dimension == default.dimension:
            return converted(quantity, default)
        return quantity

    def _has_unit(self, quantity: Quantity, field_cell: _FieldCell) -> bool:
        """Return whether an amount is written with its unit, as the old one and its neighbours."""
        default = self.table.default_unit(field_cell.field)
        if default is None or quantity.unit.symbol != default.symbol:
            return True
        if field_cell.old is not None:
            return not has_no_unit(field_cell.old)
        neighbours = list(self._given_amounts())
        return not neighbours or not all(map(has_no_unit, neighbours))

    def _given_amounts(self) -> Iterator[Scalar]:
        """Yield the numbers of fields that have a unit of their own."""
        for row in self.table.rows:
            for name, scalar in row.cells.items():
                if not scalar.blank and self.table.default_unit(name):
                    yield scalar

    def _unit(self, line: SheetRow, name: str, old: Quantity | None) -> Unit:
        """Return the unit in which a bare number of a field counts."""
        return (
            self._unit_of_line(line)
            or self.header.columns[name].unit
            or self._unit_of_field(name, old)
            or ONE
        )

    def _unit_of_line(self, line: SheetRow) -> Unit | None:
        symbol = normalized(self.text(line, "unit"))
        return find_unit(symbol) if symbol else None

    def _unit_of_field(self, name: str, old: Quantity | None) -> Unit | None:
        default = self.table.default_unit(name)
        if default is None:
            return self._unit_of_column(name) if old is None else old.unit
        of_sheet = self.header.unit
        return of_sheet if of_sheet and of_sheet.dimension == default.dimension else default

    def _unit_of_column(self, name: str) -> Unit | None:
        """Return the unit of all values that a field has in the files, None where they differ."""
        units: set[Unit] = set()
        for row in self.table.rows:
            quantity = self._quantity(row.text(name), name)
            if quantity is not None:
                units.add(quantity.unit)
        return units.pop() if len(units) == 1 else None


def _is_same(new: Quantity, old: Quantity) -> bool:
    """Return whether both are the same amount; an old one without unit counts in the new one's."""
    if old.unit is ONE and new.unit is not ONE:
        return new.value == old.value * new.unit.factor
    return (new.value, new.unit.dimension) == (old.value, old.unit.dimension)
