"""Reads the cells of a row for the fields of a table: amounts, free values, words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from reportgen.features.spreadsheet.grid import Sheet, SheetCell, squeezed
from reportgen.features.spreadsheet.heads import Head
from reportgen.features.spreadsheet.rows import SheetLine
from reportgen.features.spreadsheet.targets import Target, TargetRow
from reportgen.features.spreadsheet.values import (
    MONEY,
    WAN,
    in_unit,
    is_bare,
    quoted,
    read_amount,
    read_text,
)
from reportgen.features.spreadsheet.values import written as yaml_number
from reportgen.findings import Finding, finding
from reportgen.model.quantity import Quantity, QuantityError, parse_quantity
from reportgen.model.source import SourceSpan
from reportgen.model.units import ONE, Unit, find_unit
from reportgen.project.yaml_nodes import Scalar

CellResult = Literal["same", "changed", "added", "kept"]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a cell: its place, the key it is for, the old and the new text."""

    span: SourceSpan
    key: str
    old: str
    new: str
    result: CellResult
    entry: TargetRow | None = None
    field: str = ""
    text: str = ""


class Cells:
    """The cells of a sheet as fields of `target`; `findings` tells what is wrong with them."""

    def __init__(self, sheet: Sheet, head: Head, target: Target) -> None:
        self.sheet = sheet
        self.head = head
        self.target = target
        self.notes: list[Finding] = []
        self.bad: dict[SourceSpan, Finding] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return what was found, once a cell."""
        return (*self.notes, *self.bad.values())

    def of(self, line: SheetLine, entry: TargetRow | None, new: str) -> Iterator[Taken]:
        """Yield what each cell of a row gives to `entry`, or to the new row `new`."""
        row = self.sheet.rows[line.at]
        for name, column in self.head.columns.items():
            if name in {"id", "unit"} or (name == "name" and (entry or not row[column.at].text)):
                continue
            cell = row[column.at]
            old = entry.cells.get(name) if entry else None
            key = f"{entry.id if entry else f'{self.target.key}.{new}'}.{name}"
            if self.is_amount(name) or self.target.free:
                taken = self._value(line, cell, name, old, entry, key)
            else:
                taken = self._words(cell, name, old, entry, key)
            if taken is not None:
                yield taken
        if entry is None and "category" not in self.head.columns and line.group:
            groups = (e.text("category") for e in self.target.entries)
            text = next((g for g in groups if squeezed(g) == line.group), line.group)
            span = self.sheet.place(line.at)
            key = f"{self.target.key}.{new}.category"
            yield Taken(span, key, "", text, "added", None, "category", quoted(text))

    def _words(
        self, cell: SheetCell, name: str, old: Scalar | None, entry: TargetRow | None, key: str
    ) -> Taken | None:
        if cell.kind == "error":
            self.bad[cell.span] = finding("X112", cell.span, text=cell.text)
            return None
        if cell.kind == "unknown":
            self.bad[cell.span] = finding("X113", cell.span, formula=cell.formula)
            return None
        text, before = read_text(cell), "" if old is None or old.blank else old.text
        if cell.empty:
            return self._blank(cell, key, before)
        same = squeezed(text) == squeezed(before)
        result: CellResult = "same" if same else "changed" if before else "added"
        return Taken(
            cell.span, key, before, text, result, entry, name, quoted(text, free=self.target.free)
        )

    def _blank(self, cell: SheetCell, key: str, before: str) -> Taken | None:
        return Taken(cell.span, key, before, "", "kept") if before else None

    def _value(
        self,
        line: SheetLine,
        cell: SheetCell,
        name: str,
        old: Scalar | None,
        entry: TargetRow | None,
        key: str,
    ) -> Taken | None:
        """Return what a cell of a number gives; of free values too, which may be words."""
        before = "" if old is None or old.blank else old.text
        was = self._quantity(before) if old is not None and old.plain else None
        if self.target.free and cell.kind in {"text", "date"} and was is None and before:
            return self._words(cell, name, old, entry, key)
        if self.sheet.ours and cell.formula:
            return None  # it is worked out, or repeats a cell that is taken where it stands
        quantity, problem = read_amount(cell, self._unit(line, name, was))
        if problem is not None and problem.code != "X112" and self._is_words(cell, before):
            return self._words(cell, name, old, entry, key)
        if problem is not None:
            self.bad[cell.span] = problem
            return None
        if quantity is None:
            return self._blank(cell, key, before)
        if cell.noise:
            self.notes.append(finding("X115", cell.span, value=quantity.text))
        if was is not None and _same(quantity, was):
            return Taken(cell.span, key, before, quantity.text, "same", entry, name)
        new = self._styled(quantity, was, name)
        bare = self._bare(name, old if before else None) and new.unit.symbol == WAN.symbol
        text = yaml_number(new, bare=bare)
        result: CellResult = "changed" if before else "added"
        return Taken(cell.span, key, before, text, result, entry, name, text)

    def _is_words(self, cell: SheetCell, before: str) -> bool:
        """Return whether a free cell that is no number is a text of its own right."""
        return self.target.free and not before and cell.kind in {"text", "date"}

    def _styled(self, quantity: Quantity, was: Quantity | None, name: str) -> Quantity:
        """Return `quantity` in the unit of the old value, or in the unit of the forms."""
        if was is not None and was.unit.dimension == quantity.unit.dimension:
            return in_unit(quantity, was.unit)
        if name in self.target.amounts and quantity.unit.dimension == MONEY:
            return in_unit(quantity, WAN)
        return quantity

    def _bare(self, name: str, old: Scalar | None) -> bool:
        """Return whether the amount is written without unit, as the old one and its neighbours."""
        if name not in self.target.amounts:
            return False
        if old is not None:
            return is_bare(old)
        cells = [c for e in self.target.entries for n, c in e.cells.items() if self.is_amount(n)]
        given = [cell for cell in cells if not cell.blank]
        return bool(given) and all(map(is_bare, given))

    def _unit(self, line: SheetLine, name: str, was: Quantity | None) -> Unit:
        """Return the unit in which a bare number of a field counts."""
        column = self.head.columns[name]
        if "unit" in self.head.columns:
            own = self.text(self.sheet.rows[line.at], "unit")
            if own and (unit := find_unit(squeezed(own))):
                return unit
        if column.unit is not None:
            return column.unit
        if name in self.target.amounts:
            return self.head.unit or WAN
        if was is not None:
            return was.unit
        units = {q.unit for e in self.target.entries if (q := self._quantity(e.text(name)))}
        if len(units) == 1:
            return units.pop()
        return ONE

    def _quantity(self, text: str) -> Quantity | None:
        try:
            return parse_quantity(text, ONE if self.target.free else WAN) if text else None
        except QuantityError:
            return None

    def is_amount(self, name: str) -> bool:
        """Return whether the field holds numbers."""
        return name in self.target.amounts or (self.target.free and name not in {"id", "name"})

    def total(self, at: int, name: str) -> Quantity | None:
        """Return the amount of a row for the sums, None for what is none."""
        if not self.is_amount(name) or name == "unit" or self.target.key == "facts":
            return None
        cell = self.sheet.rows[at][self.head.columns[name].at]
        quantity, problem = read_amount(cell, self._unit(SheetLine(at, "item", ""), name, None))
        if problem is not None and problem.code in {"X112", "X113"}:
            self.bad[cell.span] = problem  # a total that cannot be checked has not passed
        return quantity

    def text(self, row: tuple[SheetCell, ...], name: str) -> str:
        """Return the text of a field in a row, empty where there is none."""
        column = self.head.columns.get(name)
        return read_text(row[column.at]).strip() if column and not row[column.at].empty else ""


def _same(new: Quantity, old: Quantity) -> bool:
    """Return whether both are the same amount; an old one without unit counts in the new one's."""
    if old.unit is ONE and new.unit is not ONE:
        return new.value == old.value * new.unit.factor
    return (new.value, new.unit.dimension) == (old.value, old.unit.dimension)
