"""Finds the head of a table in a sheet: title rows above it, one to three rows, merged or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reportgen.features.spreadsheet.grid import Sheet, squeezed
from reportgen.features.spreadsheet.targets import Target
from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.model.units import Unit, find_unit

DEEPEST = 40
"""Rows below which no head is looked for."""
TALLEST = 3

_MONEY = (("money", 1),)
_UNIT_LINE = re.compile(r"(?:^|[^\w])(?:金额|计量|货币)?单位:?([^\s)(,;。:]{1,12})")
_UNIT_WORD = re.compile(r"单位:")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_YEAR = re.compile(r"^(\d{4})年度?|^(上年度?|去年|上一年度?)")
_NUMBERING = frozenset("序号 编号 行次 No. NO. no. 序 顺序号".split())
_WHOLE = frozenset("合计 小计 金额 总计".split())
"""Words of a head that say no more than the words above them."""


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of the sheet that holds `field`; `unit` as its head says."""

    at: int
    field: str
    label: str
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class HeadSearch:
    """What a head is looked for with: the table, the year, and the author's names for columns.

    `named` are fields by label; `hidden` columns are passed over unless it is set.
    """

    target: Target
    year: int
    named: Mapping[str, str]
    hidden: bool = False

    def field(self, label: str) -> str:
        """Return the field that `label` names, empty where it is none."""
        name = self.named.get(label) or self.target.labels.get(label, "")
        return self.target.labels.get(squeezed(name), name)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a table: its rows, its columns by field, and those not taken, each with why.

    `unit` is that of the whole sheet (单位：万元).
    """

    top: int
    bottom: int
    columns: Mapping[str, SheetColumn]
    others: tuple[tuple[int, str, str], ...] = ()
    unit: Unit | None = None


def find_head(sheet: Sheet, look: HeadSearch) -> tuple[Head | None, tuple[Finding, ...]]:
    """Return the head that has most columns of a table, with findings X109 and X110.

    A head has rows by name or by id, and one column more.
    """
    best: tuple[int, int, int] | None = None
    for top in range(min(DEEPEST, len(sheet.rows))):
        for height in range(1, min(TALLEST, len(sheet.rows) - top) + 1):
            found = {c.field for c in _columns(sheet, top, height, look)}
            if len(found) > 1 and found & {"name", "id"}:
                score = (len(found), -height, -top)
                best = max(best, score) if best else score
    if best is None:
        return None, ()
    top, height = -best[2], -best[1]
    columns: dict[str, SheetColumn] = {}
    findings: list[Finding] = []
    for column in _columns(sheet, top, height, look):
        first = columns.setdefault(column.field, column)
        if first is not column:
            other = RelatedLocation(sheet.place(top, first.at), "first")
            span = sheet.place(top, column.at)
            findings.append(finding("X109", span, other, label=column.label, first=first.label))
    unit, found_units = _unit_line(sheet, top + height)
    findings += found_units
    findings += _odd_units(sheet, top, height)
    taken = {column.at for column in columns.values()}
    others = tuple(_others(sheet, top, height, taken, look.year))
    return Head(top, top + height, columns, others, unit), tuple(findings)


def _columns(sheet: Sheet, top: int, height: int, look: HeadSearch) -> Iterator[SheetColumn]:
    for at in range(len(sheet.rows[0])):
        if at in sheet.hidden_columns and not look.hidden:
            continue
        texts = _texts(sheet, top, height, at)
        labels = [_read(label, look.year) for label in _candidates(texts)]
        if any(other_year for _, other_year in labels):
            continue
        for plain, _ in labels:
            if field := look.field(plain):
                yield SheetColumn(at, field, "".join(texts), _unit_above(sheet, top, height, at))
                break


def _texts(sheet: Sheet, top: int, height: int, at: int) -> list[str]:
    """Return the different texts of a column's head, from top to bottom."""
    cells = (sheet.rows[row][at] for row in range(top, top + height))
    texts = list(dict.fromkeys(cell.label for cell in cells if cell.kind == "text" and cell.label))
    return [text for text in texts if text not in _WHOLE] or texts


def _candidates(texts: list[str]) -> Iterator[str]:
    """Yield what the head of a column may say, most of it first."""
    for first in range(len(texts)):
        yield "".join(texts[first:])
        yield "".join(reversed(texts[first:]))


def _read(label: str, year: int) -> tuple[str, bool]:
    """Return a label without year and brackets, and whether it is another year's."""
    plain = _BRACKETS.sub("", label).strip(":*")
    match = _YEAR.match(plain)
    if match is None:
        return plain, False
    return plain[match.end() :], match[2] is not None or int(match[1]) != year


def _unit_above(sheet: Sheet, top: int, height: int, at: int) -> Unit | None:
    """Return the unit in brackets that stands nearest above the rows of a column."""
    for row in range(top + height - 1, max(-1, top - TALLEST), -1):
        for text in _BRACKETS.findall(sheet.rows[row][at].label):
            if unit := _unit(text):
                return unit
    return None


def _unit(text: str) -> Unit | None:
    word = _UNIT_WORD.sub("", text)
    return find_unit(word) if word else None


def _unit_line(sheet: Sheet, bottom: int) -> tuple[Unit | None, list[Finding]]:
    """Return the unit that a line above the rows gives (单位：万元), X110 for one nobody knows."""
    for row in sheet.rows[:bottom]:
        for cell in row:
            if cell.kind != "text" or "单位:" not in cell.label:
                continue
            match = _UNIT_LINE.search(cell.label)
            if match is None:
                continue
            unit = find_unit(match[1])
            if unit is not None and unit.dimension == _MONEY:
                return unit, []
            if "元" in match[1] or match[1] in {"万", "亿", "千"}:
                return None, [finding("X110", cell.span, unit=match[1])]
    return None, []


def _odd_units(sheet: Sheet, top: int, height: int) -> Iterator[Finding]:
    """Yield X110 for a head whose brackets hold a unit of money that nobody knows."""
    for row in sheet.rows[top : top + height]:
        for cell in row:
            first = cell.merged is None or cell.span == sheet.place(*cell.merged[:2])
            for text in _BRACKETS.findall(cell.label) if first else ():
                if text.endswith("元") and _unit(text) is None:
                    yield finding("X110", cell.span, unit=text)


def _others(
    sheet: Sheet, top: int, height: int, taken: set[int], year: int
) -> Iterator[tuple[int, str, str]]:
    """Yield the columns that are not taken: place, label, and the reason as a word."""
    for at in range(len(sheet.rows[0])):
        texts = _texts(sheet, top, height, at)
        if at in taken or not texts or set(texts) & _NUMBERING:
            continue
        label = "".join(texts)
        if at in sheet.hidden_columns:
            yield at, label, "hidden"
        elif any(_read(each, year)[1] for each in _candidates(texts)):
            yield at, label, "year"
        else:
            yield at, label, "unknown"
