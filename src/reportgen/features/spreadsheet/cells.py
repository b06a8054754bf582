"""Reads the cells of a row for the fields of a table, and says what each becomes in its file.

Amounts are exact and keep the unit that stands in the file; texts are written as YAML reads them
back. What the schema would refuse is told at the cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from reportgen.features.spreadsheet.amounts import (
    MONEY,
    CellError,
    cell_problem,
    converted,
    free_text,
    has_no_unit,
    is_same,
    is_slip,
    read_amount,
    read_text,
    schema_problem,
    starts_number,
    states_amount,
    yaml_amount,
)
from reportgen.features.spreadsheet.grid import SheetCell, normalized
from reportgen.features.spreadsheet.orientation import TableMatch
from reportgen.features.spreadsheet.structure import SheetRow
from reportgen.features.spreadsheet.tables import FREE, ImportTerms, YearRow, same_words
from reportgen.findings import Finding, finding
from reportgen.load.groups import LeafType
from reportgen.model.frozen import frozen
from reportgen.model.quantity import Quantity, QuantityError, parse_quantity
from reportgen.model.source import SourceSpan
from reportgen.model.units import ONE, Unit, find_unit
from reportgen.project.yaml_editor import yaml_text
from reportgen.project.yaml_nodes import Scalar

CellResult = Literal["same", "changed", "added", "kept", "bound", "derived"]
"""What becomes of a value; `bound` is a text that cites figures, `derived` what is worked out."""

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


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
    """A cell for a field: of `row`, or of a new row where that is None, counted in `unit`."""

    cell: SheetCell
    field: str
    key: str
    row: YearRow | None
    unit: Unit | None = None

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
        return self.imported(new, result, yaml)

    def derived(self) -> ImportedCell | None:
        """Return a cell of what is worked out, which is not taken; None for an empty one."""
        return None if self.cell.is_empty else self.imported(self.cell.text, "derived")

    def kept(self) -> ImportedCell | None:
        """Return an empty cell, which leaves the value as it is; None where there is none."""
        if not self.old_text:
            return None
        return ImportedCell(self.cell.span, self.key, self.old_text, "", "kept")

    def imported(self, new: str, result: CellResult, yaml: str = "") -> ImportedCell:
        """Return the cell with what became of it."""
        span = self.cell.span
        return ImportedCell(span, self.key, self.old_text, new, result, self.row, self.field, yaml)


class CellReader:
    """Reads the cells of a sheet as fields of `table`; `findings` is what is wrong with them."""

    def __init__(self, match: TableMatch, terms: ImportTerms) -> None:
        self.sheet = match.sheet
        self.header = match.header
        self.table = match.table
        self.terms = terms
        self._notes: list[Finding] = []
        self._problems: dict[SourceSpan, Finding] = {}
        self._units_by_field: dict[str, set[Unit]] = {}

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
        read = (self._read_cell(line, cell) for cell in self._field_cells(line, row, row_key))
        yield from filter(self._is_read_back, filter(None, read))
        if row is None and line.group and "category" not in self.header.columns:
            yield self._category(line, f"{row_key}.category")

    def read_field(
        self, line: SheetRow, name: str, row: YearRow, unit: Unit | None
    ) -> ImportedCell | None:
        """Return what a cell gives to a field of a row, None for what is refused.

        A bare number counts in `unit`; an empty cell empties the value.
        """
        cell = self.sheet.rows[line.index][self.header.columns[name].index]
        field_cell = _FieldCell(cell, name, f"{row.key}.{name}", row, unit)
        is_blank = cell.is_empty and not (cell.label and self._may_hold_words(name, row))
        if is_blank and not _TAG.search(field_cell.old_text):
            read: ImportedCell | None = field_cell.imported("", "changed")
        else:
            read = self._read_cell(line, field_cell)
        return read if read is not None and self._is_read_back(read) else None

    def text(self, line: SheetRow, name: str) -> str:
        """Return the text of a field in a line, empty where there is none."""
        cell = self.header.cell(self.sheet.rows[line.index], name)
        return "" if cell is None or cell.is_empty else read_text(cell).strip()

    def amount_in_sum(self, line: SheetRow, name: str) -> Quantity | None:
        """Return the amount of a line for the sums, None for what is none."""
        cell = self.header.cell(self.sheet.rows[line.index], name)
        if cell is None or not self.table.is_summed(name) or cell.is_below(line.index):
            return None  # what stands over several rows counts once
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
        return name != "id" and (name != "unit" or name in self.table.types)

    def _category(self, line: SheetRow, key: str) -> ImportedCell:
        """Return the category of a new row, which the label of its group gives."""
        categories = (row.text("category") for row in self.table.rows)
        usual = (text for text in categories if normalized(text) == line.group)
        text = next(usual, line.group)
        span = self.sheet.span_at(line.index)
        return ImportedCell(span, key, "", text, "added", None, "category", yaml_text(text))

    def _is_read_back(self, imported: ImportedCell) -> bool:
        """Return whether the schema takes what a cell becomes; what it says is told if not."""
        name, leaf = imported.field, self.table.type_of(imported.field, imported.row)
        if leaf is None or imported.result not in {"changed", "added"}:
            return True
        problem = schema_problem(leaf, imported.span, imported.yaml, self.table.title_of(name))
        if problem is not None:
            self.refuse(problem)
        return problem is None

    def _read_cell(self, line: SheetRow, field_cell: _FieldCell) -> ImportedCell | None:
        if _TAG.search(field_cell.old_text):
            return self._read_bound(field_cell)
        if not field_cell.old_text and self.terms.is_derived(field_cell.key):
            return field_cell.derived()
        if self.table.is_amount(field_cell.field) and not self._is_of_words(field_cell):
            return self._read_value(line, field_cell)
        return self._read_words(field_cell)

    def _read_bound(self, field_cell: _FieldCell) -> ImportedCell:
        """Return what becomes of a text that cites figures: it stays as it is."""
        text = normalized(field_cell.cell.text)
        pattern = ".*".join(map(re.escape, map(normalized, _TAG.split(field_cell.old_text))))
        is_same = not text or re.fullmatch(pattern, text) is not None
        if not is_same:
            self._notes.append(finding("X143", field_cell.cell.span, key=field_cell.key))
        return field_cell.imported(field_cell.cell.text, "same" if is_same else "bound")

    def _read_words(self, field_cell: _FieldCell) -> ImportedCell | None:
        cell = field_cell.cell
        if cell.kind in {"error", "unknown"}:
            self.refuse(cell_problem(cell))
            return None
        if cell.is_empty and not self._is_word(cell):
            return field_cell.kept()
        text = read_text(cell)
        is_free = self.table.is_free(field_cell.field) and not self._is_of_words(field_cell)
        yaml = free_text(text) if is_free else yaml_text(text)
        if text == field_cell.old_text or (
            not self.terms.exact and same_words(text, field_cell.old_text)
        ):
            return field_cell.imported(text, "same", yaml)
        return field_cell.becomes(text, yaml)

    def _read_value(self, line: SheetRow, field_cell: _FieldCell) -> ImportedCell | None:
        """Return what a cell of a number gives; of free values too, which may be words."""
        cell = field_cell.cell
        old = self._old_quantity(field_cell)
        may_be_words = self._may_be_words(field_cell, old)
        if may_be_words and (field_cell.old_text or self._is_word(cell)):
            return self._read_words(field_cell)
        if self.sheet.exported and cell.formula and not self.terms.exact:
            return None  # it is worked out, or repeats a cell that is imported where it stands
        try:
            unit = field_cell.unit or self._unit(line, field_cell.field, old)
            quantity = read_amount(cell, unit)
        except CellError as error:
            return self._unreadable(field_cell, error, may_be_words=may_be_words)
        return field_cell.kept() if quantity is None else self._amount(field_cell, quantity, old)

    def _may_hold_words(self, name: str, row: YearRow) -> bool:
        """Return whether a dash in a field is a text, and not the lack of a number."""
        return not self.table.units.get(name) and not (row.type is not None and row.type.unit)

    def _is_word(self, cell: SheetCell) -> bool:
        """Return whether a text is meant as one: a dash, 无, but no amount that states its unit."""
        is_text = self.terms.exact and cell.kind == "text" and bool(cell.label)
        return is_text and not states_amount(cell)

    def _is_of_words(self, field_cell: _FieldCell) -> bool:
        """Return whether a single value is by its own type words or a day, and no number."""
        own = field_cell.row.type if field_cell.row is not None else None
        return own is not None and not own.unit and own is not FREE

    def _may_be_words(self, field_cell: _FieldCell, old: Quantity | None) -> bool:
        """Return whether a cell may hold words: of a free value, in no column of numbers."""
        if old is not None or field_cell.cell.kind not in {"text", "date"}:
            return False
        name = field_cell.field
        if field_cell.old_text and not starts_number(field_cell.cell.label):
            return self.table.is_free(name)
        is_of_numbers = self.header.columns[name].unit or self._units_of_column(name)
        return self.table.is_free(name) and not is_of_numbers

    def _unreadable(
        self, field_cell: _FieldCell, error: CellError, *, may_be_words: bool
    ) -> ImportedCell | None:
        """Return the words of a cell without amount; where none may stand it is refused.

        That a unit is missing is told once a column.
        """
        problem = error.finding
        if problem.code == "X133":
            column = self.header.columns[field_cell.field]
            head = self.sheet.span_at(self.header.bottom - 1, column.index)
            problem = finding("X133", head, column=column.label)
        elif may_be_words:
            return self._read_words(field_cell)
        self.refuse(problem)
        return None

    def _amount(
        self, field_cell: _FieldCell, quantity: Quantity, old: Quantity | None
    ) -> ImportedCell:
        """Return what an amount becomes in the place of `old`; 0 is 0 in any unit."""
        if quantity.unit is ONE and not quantity.value:
            quantity = replace(quantity, unit=self._usual_unit(field_cell.field, old))
        if field_cell.cell.hides_digits and not self.terms.exact:
            self._notes.append(finding("X115", field_cell.cell.span, value=quantity.text))
        if old is not None and is_same(quantity, old):
            return field_cell.imported(quantity.text, "same")
        self._compare(field_cell, quantity, old)
        new = self._in_usual_unit(quantity, old, field_cell.field)
        text = yaml_amount(new, with_unit=self._has_unit(new, field_cell))
        return field_cell.becomes(text, text)

    def _compare(self, field_cell: _FieldCell, new: Quantity, old: Quantity | None) -> None:
        """Tell an amount that is ten thousand times the old one (X134), or last year's (X135)."""
        span, title = field_cell.cell.span, field_cell.key
        if old is not None and is_slip(new, old):
            self.refuse(finding("X134", span, value=new.text, old=old.text))
            return
        earlier = self._quantity(self.terms.earlier.get(title, ""), field_cell.field)
        if earlier is not None and is_slip(new, earlier):
            self._notes.append(finding("X135", span, value=new.text, old=earlier.text))

    def _old_quantity(self, field_cell: _FieldCell) -> Quantity | None:
        old = field_cell.old
        if old is None or not old.plain:
            return None
        own = field_cell.row.type if field_cell.row is not None else None
        return self._quantity(old.text, field_cell.field, own)

    def _quantity(self, text: str, name: str, own: LeafType | None = None) -> Quantity | None:
        """Return the quantity that stands as `text` in a field, None where it is none."""
        unit = find_unit(own.unit) if own is not None and own.unit else None
        try:
            return parse_quantity(text, unit or self.table.default_unit(name) or ONE)
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

    def _unit(self, line: SheetRow, name: str, old: Quantity | None) -> Unit | None:
        """Return the unit in which a bare number of a field counts, None where nobody says it."""
        return (
            self._unit_of_line(line)
            or self.header.columns[name].unit
            or self._unit_of_field(name, old)
        )

    def _unit_of_line(self, line: SheetRow) -> Unit | None:
        if "unit" in self.table.types:
            return None
        symbol = normalized(self.text(line, "unit"))
        return find_unit(symbol) if symbol else None

    def _unit_of_field(self, name: str, old: Quantity | None) -> Unit | None:
        """Return the unit of the data, but of money the one that the sheet or the author states."""
        usual = self._usual_unit(name, old)
        if usual.dimension != MONEY:
            return usual
        stated = self.header.unit or self.terms.amount_unit
        return usual if stated is None and self.sheet.exported else stated

    def _usual_unit(self, name: str, old: Quantity | None) -> Unit:
        """Return the unit in which the data count: of the field, the old value, or the column."""
        default = self.table.default_unit(name)
        if default is None and old is not None:
            return old.unit
        return default or self._unit_of_column(name) or ONE

    def _unit_of_column(self, name: str) -> Unit | None:
        """Return the unit of all values that a field has in the files, None where they differ."""
        units = self._units_of_column(name)
        return next(iter(units)) if len(units) == 1 else None

    def _units_of_column(self, name: str) -> set[Unit]:
        """Return the units of the numbers in a column, which facts have nothing in common of."""
        if self.table.key == "facts":
            return set()
        if name not in self._units_by_field:
            own = (self._quantity(row.text(name), name, row.type) for row in self.table.rows)
            self._units_by_field[name] = {quantity.unit for quantity in own if quantity is not None}
        return self._units_by_field[name]
