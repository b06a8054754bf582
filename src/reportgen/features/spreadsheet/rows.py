"""What the rows below a head are: items, totals, groups, notes; and whether the totals hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from reportgen.features.spreadsheet.grid import Sheet, SheetCell, squeezed
from reportgen.features.spreadsheet.heads import Head
from reportgen.features.spreadsheet.targets import Target, TargetRow
from reportgen.findings import Finding, finding
from reportgen.model.quantity import Quantity, Shape, shown

RowKind = Literal["item", "total", "subtotal", "group", "note", "head", "hidden", "bare"]

_TOTAL = re.compile(r"(?:其中:)?(?:.*(?:合计|总计|总额|共计)|计|.*(?P<part>小计))(?:\([^()]*\))?:?")
_NOTE = re.compile(
    r"(?:备?注(?:意事项)?\d*[:.、]|(?:填表)?说明\d*[:.、]|※|\*|(?:单位)?负责人[:(]|"
    r"(?:填表|制表|填报|审核|经办|复核)(?:人|日期|时间|单位)?[:(]|联系(?:人|电话)[:(])"
)
_LABEL_NUMBER = re.compile(
    r"^(?:其中:)?"
    r"(?:\(?[一二三四五六七八九十]{1,3}[)、.,]|\(?\d{1,3}[)、]|\d{1,3}[.,](?!\d)|[①-⑳])*"
)


_EXPENSE = re.compile(r"(?<=.)(?:经费|费用|费)$")

NOISE = Fraction(1, 10**12)
"""What adding up in binary floating point may change of a sum, as a share of it."""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A row below the head: its number from 0, what it is, its label, its group of rows."""

    at: int
    kind: RowKind
    label: str
    group: str = ""


def plain_name(text: str) -> str:
    """Return a name as rows are matched by: without spaces, numbering and 其中：."""
    label = squeezed(text)
    return _LABEL_NUMBER.sub("", label) or label


def read_rows(sheet: Sheet, head: Head, target: Target, *, hidden: bool) -> tuple[SheetLine, ...]:
    """Return the rows below `head` that hold anything."""
    names = {plain_name(entry.name) for entry in target.entries}
    groups = {plain_name(entry.text("category")) for entry in target.entries} - {""}
    column = head.columns.get("category")
    if column is not None:
        cells = (row[column.at] for row in sheet.rows[head.bottom :])
        groups |= {plain_name(cell.text) for cell in cells if cell.kind == "text"}
    heads = [cell.label for cell in sheet.rows[head.bottom - 1]]
    lines: list[SheetLine] = []
    group = ""
    for at in range(head.bottom, len(sheet.rows)):
        row = sheet.rows[at]
        label = _label(row, head)
        if all(cell.kind == "blank" for cell in row):
            continue
        if at in sheet.hidden_rows and not hidden:
            lines.append(SheetLine(at, "hidden", label))
        elif [cell.label for cell in row] == heads:
            lines.append(SheetLine(at, "head", label))
        else:
            kind = _kind(row, head, label, names, groups)
            group = plain_name(label) if kind == "group" else "" if kind == "total" else group
            lines.append(SheetLine(at, kind, label, group))
    return tuple(lines)


def _kind(
    row: tuple[SheetCell, ...], head: Head, label: str, names: set[str], groups: set[str]
) -> RowKind:
    name = plain_name(label)
    has_id = "id" in head.columns and not row[head.columns["id"].at].empty
    if not has_id and name not in names:
        if _NOTE.match(label):
            return "note"
        if match := _TOTAL.fullmatch(name):
            return "subtotal" if match["part"] else "total"
        if name in groups:
            return "group"
    values = [f for f in head.columns if f not in {"id", "name"}]
    if name in names or has_id or any(not row[head.columns[f].at].empty for f in values):
        return "item" if not _across(row, head) else "note"
    return "bare"


def _across(row: tuple[SheetCell, ...], head: Head) -> bool:
    """Return whether one merged text fills the whole row, as notes do."""
    spans = {row[column.at].merged for column in head.columns.values()}
    return len(spans) == 1 and None not in spans and row[0].kind == "text"


def _label(row: tuple[SheetCell, ...], head: Head) -> str:
    """Return the name in a row, or its first text where the column of names is empty."""
    column = head.columns.get("name") or head.columns["id"]
    name = row[column.at].label
    texts = (cell.label for cell in row if cell.kind == "text" and not cell.empty)
    return name or next(texts, "")


AmountReader = Callable[[int, str], Quantity | None]
"""Gives the amount in a row and field, None where there is none."""


def check_totals(
    sheet: Sheet, head: Head, lines: tuple[SheetLine, ...], amount: AmountReader
) -> Iterator[Finding]:
    """Yield X116 for each total that is not the sum of its rows.

    合计 sums all rows, 小计 those since the last one, the head of a group those that follow it.
    A total holds what was added up, however few digits it shows; so nothing is allowed for.
    """
    for number, line in enumerate(lines):
        if line.kind in {"total", "subtotal", "group"}:
            parts = list(_parts(lines, number))
            for field in head.columns:
                total = amount(line.at, field)
                if total is None or not parts:
                    continue
                amounts = [found for at in parts if (found := amount(at, field))]
                if any(each.unit.dimension != total.unit.dimension for each in amounts):
                    continue
                total_of = sum((each.value for each in amounts), Fraction(0))
                if not _agrees(total, total_of):
                    yield _differs(sheet, head, line, field, total, total_of)


def _parts(lines: tuple[SheetLine, ...], number: int) -> Iterator[int]:
    line = lines[number]
    if line.kind == "total":
        yield from (each.at for each in lines if each.kind == "item")
    elif line.kind == "group":
        for each in lines[number + 1 :]:
            if each.kind in {"group", "total"}:
                break
            if each.kind == "item":
                yield each.at
    else:
        for each in reversed(lines[:number]):
            if each.kind in {"group", "total", "subtotal"}:
                break
            if each.kind == "item":
                yield each.at


def _agrees(total: Quantity, of: Fraction) -> bool:
    return abs(total.value - of) <= abs(of) * NOISE


def _differs(
    sheet: Sheet, head: Head, line: SheetLine, field: str, total: Quantity, of: Fraction
) -> Finding:
    shape = Shape(decimals=max(total.shape.decimals, 6), strip=True)
    return finding(
        "X116",
        sheet.place(line.at, head.columns[field].at),
        label=line.label,
        column=head.columns[field].label,
        total=total.text,
        sum=shown(of, total.unit, shape),
        gap=shown(total.value - of, total.unit, shape),
    )


def same_name(entries: tuple[TargetRow, ...], name: str) -> tuple[TargetRow, ...]:
    """Return the entries called `name`."""
    plain = plain_name(name)
    return tuple(entry for entry in entries if plain_name(entry.name) == plain)


def same_expense(entries: tuple[TargetRow, ...], name: str) -> tuple[TargetRow, ...]:
    """Return the entries called `name` with or without 费: budgets write 公务接待 or 公务接待费."""
    plain = _EXPENSE.sub("", plain_name(name))
    return tuple(entry for entry in entries if _EXPENSE.sub("", plain_name(entry.name)) == plain)
