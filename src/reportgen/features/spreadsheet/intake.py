"""Takes the rows of a sheet into the facts of a year: what is taken, what is not, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reportgen.features.spreadsheet.cells import CellResult, Cells, Taken
from reportgen.features.spreadsheet.grid import Sheet, squeezed
from reportgen.features.spreadsheet.heads import Head
from reportgen.features.spreadsheet.rows import (
    SheetLine,
    check_totals,
    read_rows,
    same_expense,
    same_name,
)
from reportgen.features.spreadsheet.targets import Target, TargetRow
from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.model.source import SourceSpan


@dataclass(frozen=True, slots=True)
class TakenRow:
    """A row that is taken: the entry it is for, or None for a new one with `id`."""

    line: SheetLine
    entry: TargetRow | None
    id: str
    cells: tuple[Taken, ...]


@dataclass(slots=True)
class Intake:
    """What a sheet gives to a target."""

    target: Target
    rows: list[TakenRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def take(sheet: Sheet, head: Head, target: Target, *, hidden: bool) -> Intake:
    """Return what the rows of `sheet` below `head` give to `target`, with findings X1xx."""
    return _Taking(sheet, head, target, hidden=hidden).run()


class _Taking:
    def __init__(self, sheet: Sheet, head: Head, target: Target, *, hidden: bool) -> None:
        self.sheet = sheet
        self.head = head
        self.target = target
        self.hidden = hidden
        self.intake = Intake(target)
        self.cells = Cells(sheet, head, target)
        self.seen: dict[str, SourceSpan] = {}
        self.ids = {entry.id.rpartition(".")[2] for entry in target.entries}

    def run(self) -> Intake:
        lines = read_rows(self.sheet, self.head, self.target, hidden=self.hidden)
        for at, label, why in self.head.others:
            place = self.sheet.place(self.head.bottom - 1, at)
            code = {"hidden": "X120", "year": "X127"}.get(why, "X121")
            self.tell(finding(code, place, label=label))
        for line in lines:
            self.row(line)
        totals = check_totals(self.sheet, self.head, lines, self.cells.total)
        for found in totals:
            self.tell(found)
        self.intake.findings.extend(self.cells.findings)
        return self.intake

    def tell(self, found: Finding) -> None:
        self.intake.findings.append(found)

    def row(self, line: SheetLine) -> None:
        place = self.sheet.place(line.at)
        match line.kind:
            case "item":
                self.item(line)
            case "hidden":
                self.tell(finding("X120", place, label=line.label or "—"))
            case "note" | "head" | "bare":
                self.tell(finding("X122", place, label=line.label or "—"))

    def item(self, line: SheetLine) -> None:
        row = self.sheet.rows[line.at]
        name = self.cells.text(row, "name")
        key = self.cells.text(row, "id")
        if not (name or key):
            self.tell(finding("X126", self.sheet.place(line.at)))
            return
        found = self.entries(key, name)
        if len(found) > 1:
            known = "、".join(entry.id for entry in found)
            self.tell(finding("X118", self.at(line, "name"), name=name, known=known))
            return
        entry = found[0] if found else None
        if entry is None and not self.target.stem:
            values = [c.at for f, c in self.head.columns.items() if f not in {"id", "name", "unit"}]
            if all(row[at].empty or (self.sheet.ours and row[at].formula) for at in values):
                return
            self.tell(finding("X125", self.at(line, "name"), name=name or key))
            return
        label = entry.id if entry else squeezed(name) or key
        if label in self.seen:
            other = RelatedLocation(self.seen[label], "first")
            self.tell(finding("X117", self.at(line, "name"), other, name=name or key))
            return
        self.seen[label] = self.at(line, "name")
        if self.merged(line):
            return
        new = "" if entry else self.new_id(line, key)
        cells = tuple(self.cells.of(line, entry, new))
        if entry is None:
            self.needs(line, cells)
        self.intake.rows.append(TakenRow(line, entry, new, cells))

    def entries(self, key: str, name: str) -> tuple[TargetRow, ...]:
        if key:
            full = {key, f"{self.target.key}.{key}"}
            by_id = tuple(entry for entry in self.target.entries if entry.id in full)
            if by_id or not name:
                return by_id
            if self.target.stem:
                return ()
        named = same_name(self.target.entries, name)
        return named if named or self.target.stem else same_expense(self.target.entries, name)

    def new_id(self, line: SheetLine, key: str) -> str:
        """Return the id of a new row: as the sheet has it, or the next free number."""
        if key:
            return key
        if "id" not in self.target.required:
            return ""
        number = 1
        while f"{self.target.stem}_{number}" in self.ids:
            number += 1
        new = f"{self.target.stem}_{number}"
        self.ids.add(new)
        self.tell(finding("X123", self.at(line, "name"), name=line.label, id=new))
        return new

    def needs(self, line: SheetLine, cells: tuple[Taken, ...]) -> None:
        given = {cell.field for cell in cells if cell.new} | {"id"}
        for name in self.target.required:
            if name not in given:
                title = next(t for t, f in self.target.labels.items() if f == name and t != name)
                self.tell(finding("X119", self.sheet.place(line.at), name=line.label, title=title))

    def merged(self, line: SheetLine) -> bool:
        """Tell whether merged cells hide which amount is whose (X111)."""
        for name, column in self.head.columns.items():
            cell = self.sheet.rows[line.at][column.at]
            merged = cell.merged
            if merged is None or cell.empty:
                continue
            wide = merged[1] != merged[3] and name != "name"
            tall = merged[0] != merged[2] and self.cells.is_amount(name)
            if wide or tall:
                self.cells.bad[self.sheet.place(*merged[:2])] = finding(
                    "X111", self.sheet.place(*merged[:2]), column=column.label
                )
                return True
        return False

    def at(self, line: SheetLine, name: str) -> SourceSpan:
        column = self.head.columns.get(name) or self.head.columns.get("id")
        return self.sheet.place(line.at, column.at if column else -1)


def counted(intake: Mapping[str, Intake]) -> dict[CellResult, int]:
    """Return how many cells came to each result."""
    cells = [cell.result for each in intake.values() for row in each.rows for cell in row.cells]
    results: tuple[CellResult, ...] = ("same", "changed", "added", "kept")
    return {result: cells.count(result) for result in results}
