"""Filters over the rows of tables: which come, in which order, side by side."""

from __future__ import annotations

from fractions import Fraction

from reportgen.compose.errors import TemplateError
from reportgen.compose.lines import unplaced
from reportgen.compose.view import Printable, Prose, Shown, View, misused


def where(rows: object, **wanted: object) -> list[View]:
    """Return the rows whose texts equal what is wanted.

    A column that no row has, and a text that stands in none of them, are misspelt: T102, T119.
    """
    views = rows_of(rows, "where")
    found = views
    for name, value in wanted.items():
        text = _text(value)
        cells = [_text(cell_of(row, name)) for row in views]
        if views and text not in cells:
            known = "、".join(dict.fromkeys(filter(None, cells))) or "—"
            raise TemplateError("T119", word=text, text=text, known=known)
        found = [row for row in found if _text(cell_of(row, name)) == text]
    return found


def groups(rows: object, name: str) -> list[tuple[Printable, list[View]]]:
    """Return consecutive rows with the same text under `name`, as (text, rows) pairs."""
    result: list[tuple[Printable, list[View]]] = []
    for row in rows_of(rows, "groups"):
        cell = cell_of(row, name)
        if result and _text(result[-1][0]) == _text(cell):
            result[-1][1].append(row)
        else:
            result.append((cell, [row]))
    return result


def rows_of(rows: object, name: str) -> list[View]:
    """Return `rows` as a list; raises `TemplateError` T108 unless they are rows of a table."""
    views: list[View] = []
    for row in rows if isinstance(rows, View | list | tuple) else [rows]:
        if not isinstance(row, View):
            raise misused(name, row)
        views.append(row)
    return views


def cell_of(row: View, name: str) -> Printable:
    """Return what stands in the column `name` of `row`."""
    cell = row.child(name)
    if cell is None:
        key = f"{row.key}.{name}"
        raise TemplateError("T102", word=name, key=key, near=row.near(key))
    if isinstance(cell, View):
        raise TemplateError("T106", word=name, key=cell.key)
    return cell


def _text(value: object) -> str:
    return value.text if isinstance(value, Shown | Prose) else unplaced(str(value))


def length(rows: object) -> int:
    """Return the number of rows, for spans of cells."""
    if not isinstance(rows, View | list | tuple):
        raise misused("length", rows)
    return len(rows)


def ordered(rows: object, name: str) -> list[View]:
    """Return the rows by the number under `name`, smallest first; blanks come last."""

    def place(row: View) -> tuple[bool, Fraction]:
        cell = cell_of(row, name)
        if not isinstance(cell, Shown) and cell != "":
            raise misused("ordered", cell)
        value = cell.figure.value if isinstance(cell, Shown) else None
        return value is None, value or Fraction(0)

    return sorted(rows_of(rows, "ordered"), key=place)


def halves(rows: object) -> list[tuple[View, View | str]]:
    """Return rows as (left, right) pairs that flow down the left half first, then the right.

    With an odd number the last right is blank, a place for the total.
    """
    every = rows_of(rows, "halves")
    half = (len(every) + 1) // 2
    right: list[View | str] = [*every[half:], *([""] * (2 * half - len(every)))]
    return list(zip(every[:half], right, strict=True))
