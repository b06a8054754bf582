"""The filters and tests of templates: over rows of tables, and over figures, texts and dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, TypeGuard

from reportgen.compose.errors import TemplateError
from reportgen.compose.tokens import unplaced
from reportgen.compose.view import FigureView, Gone, Printable, ProseFact, View, misused
from reportgen.model import limits
from reportgen.model.figures import UNFILLED, Figure
from reportgen.model.units import Unit, find_unit


class Rows(list[View]):
    """Rows of the table at the key `table`, which has `every` row, and how they were chosen.

    `chosen` are the columns that have a certain text in each of them, with this text. Rows are
    `unsure` while such a text is still to be filled in somewhere: there may be more or fewer.
    """

    def __init__(
        self,
        rows: Iterable[View],
        table: str,
        every: tuple[View, ...],
        chosen: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(rows)
        self.table = table
        self.every = every
        self.chosen = chosen
        self.unsure = False

    def narrowed(self, rows: Iterable[View], *chosen: tuple[str, str]) -> Rows:
        """Return some of these rows, in which columns have certain texts."""
        return Rows(rows, self.table, self.every, (*self.chosen, *chosen))


class Uncounted(int):
    """How many rows there are so far, which are still to be filled in."""


def chosen_rows(rows: object, name: str) -> Rows:
    """Return `rows`, of a table or chosen from one; raises T108 for anything else."""
    if isinstance(rows, Rows):
        return rows
    views = rows_of(rows, name)
    table = rows.key if isinstance(rows, View) else ""
    return Rows(views, table or _table_of(views), tuple(views))


def _table_of(rows: Iterable[View]) -> str:
    return next((row.key.rpartition(".")[0] for row in rows), "")


def where(rows: object, **wanted: object) -> Rows:
    """Return the rows whose texts equal what is wanted.

    Where none has it, those stand for it of which the text is still to be filled in. A column that
    no row has is misspelt, T102, and so is a text that stands in none of them, T119, unless the
    rules declare it a value of the column.
    """
    return _where(rows, wanted, empty=False)


def where_any(rows: object, **wanted: object) -> Rows:
    """Return the rows whose texts equal what is wanted, be there none: `{% else %}` sees to it."""
    return _where(rows, wanted, empty=True)


def _check_said(text: str, cells: Collection[str], declared: Iterable[str]) -> None:
    """Raise T119 for a text that no cell of a column says, nor can say once all are filled in."""
    if text not in {*cells, *declared} and UNFILLED not in cells:
        known = "、".join(filter(None, dict.fromkeys(cells))) or "—"
        raise TemplateError("T119", word=text, text=text, known=known)


def _where(rows: object, wanted: Mapping[str, object], *, empty: bool) -> Rows:
    chosen = every = chosen_rows(rows, "where")
    unsure = False
    for name, value in wanted.items():
        text = text_of(value)
        cells = {row.key: text_of(cell_of(row, name)) for row in every}
        if every and not empty:
            _check_said(text, cells.values(), _declared(every, name))
        said = text if text in cells.values() else UNFILLED
        kept = [row for row in chosen if cells[row.key] == said]
        chosen = chosen.narrowed(kept, (name, text))
        unsure = unsure or UNFILLED in cells.values()
    chosen.unsure = unsure
    return chosen


def _declared(rows: Rows, name: str) -> tuple[str, ...]:
    """Return the values that the rules declare for a column, `funds.*.source`."""
    return rows[0].ledger.values.get(f"{rows.table}.*.{name}", ())


def groups(rows: object, name: str) -> list[tuple[Printable, Rows]]:
    """Return consecutive rows with the same text under `name`, as (text, rows) pairs."""
    every = chosen_rows(rows, "groups")
    result: list[tuple[Printable, Rows]] = []
    for row in every:
        cell = cell_of(row, name)
        if result and text_of(result[-1][0]) == text_of(cell):
            result[-1][1].append(row)
        else:
            result.append((cell, every.narrowed([row], (name, text_of(cell)))))
    return result


def rows_of(rows: object, name: str) -> list[View]:
    """Return `rows` as a list; raises `TemplateError` T108 unless they are rows of a table."""
    views: list[View] = []
    listed = rows if isinstance(rows, View | list | tuple) else [rows]
    for row in listed:
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


def text_of(value: object) -> str:
    """Return what a value prints, as a text to compare."""
    return value.text if isinstance(value, FigureView | ProseFact) else unplaced(str(value))


def length(rows: object) -> int:
    """Return the number of rows, for spans of cells."""
    if not isinstance(rows, View | list | tuple):
        raise misused("length", rows)
    is_unsure = isinstance(rows, Rows) and rows.unsure
    if isinstance(rows, View) and rows.key in rows.ledger.unfilled:
        is_unsure = not rows.ledger.tables[rows.key]
    return Uncounted(len(rows)) if is_unsure else len(rows)


def ordered(rows: object, name: str) -> Rows:
    """Return the rows by the number under `name`, smallest first; blanks come last."""
    every = chosen_rows(rows, "ordered")
    return every.narrowed(sorted(every, key=lambda row: _rank(cell_of(row, name))))


def _rank(cell: Printable) -> tuple[bool, Fraction]:
    """Return what rows are ordered by: whether a cell is blank, then its number."""
    if isinstance(cell, FigureView):
        value = cell.figure.value
        return value is None, value or Fraction(0)
    if cell != "":
        raise misused("ordered", cell)
    return True, Fraction(0)


def halves(rows: object) -> list[tuple[View, View | str]]:
    """Return rows as (left, right) pairs that flow down the left half first, then the right.

    With an odd number the last right is blank, a place for the total.
    """
    every = rows_of(rows, "halves")
    half = (len(every) + 1) // 2
    right: list[View | str] = [*every[half:], *([""] * (2 * half - len(every)))]
    return list(zip(every[:half], right, strict=True))


_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def _figure(value: object, name: str) -> FigureView:
    if not isinstance(value, FigureView):
        raise misused(name, value)
    return value


def number(value: object, money: Unit | None = None) -> FigureView:
    """Return the figure without its unit, for cells under a head that names the unit.

    A typed amount takes the unit of the forms, `money`, unless the template chose another:
    72000元 stands as 7.2 under 万元.
    """
    view = _figure(value, "number")
    figure = view.figure
    is_typed = figure.kind == "fact" and not view.chosen
    if money is not None and is_typed and figure.unit.dimension == money.dimension:
        figure = figure.in_unit(money)
    return replace(view, figure=figure, bare=True)


def _is_of_any_unit(figure: Figure) -> bool:
    """Return whether a figure is blank, so that nobody knows what it is going to be in."""
    return figure.value is None and not figure.unit.dimension


def in_unit(value: object, symbol: object) -> FigureView:
    """Return the figure in another unit of its dimension, no digit lost: 35000万元 is 3.5亿元."""
    view = _figure(value, "in_unit")
    figure = view.figure
    unit = find_unit(symbol) if isinstance(symbol, str) else None
    if unit is not None and _is_of_any_unit(figure):
        return replace(view, chosen=True)
    if unit is None or unit.dimension != figure.unit.dimension:
        present = str(figure.unit) or "—"
        raise TemplateError("T109", word="in_unit", unit=str(symbol), found=present)
    return replace(view, figure=figure.in_unit(unit), chosen=True)


def places(value: object, decimals: object) -> FigureView:
    """Return the figure with exactly `decimals` decimals, trailing zeros kept."""
    view = _figure(value, "places")
    if not isinstance(decimals, int) or not 0 <= decimals <= limits.PLACES:
        raise TemplateError("T108", word="places", filter="places", found=str(decimals))
    shape = replace(view.figure.shape, decimals=decimals, strip=False)
    return replace(view, figure=replace(view.figure, shape=shape), rounded=True)


def size(value: object) -> FigureView:
    """Return the figure without its sign, for use after a word of direction."""
    view = _figure(value, "size")
    figure = view.figure
    if figure.value is None:
        return view
    return replace(view, figure=replace(figure, value=abs(figure.value)))


def thousands(value: object) -> FigureView:
    """Return the figure with separators between thousands: 5,296万元."""
    view = _figure(value, "thousands")
    shape = replace(view.figure.shape, thousands=True)
    return replace(view, figure=replace(view.figure, shape=shape))


def trend(value: object, up: str, down: str, level: str) -> str:
    """Return the word for the direction of the figure as printed: rising, falling or level.

    Of what is to be filled in it is neither: 增加（减少）.
    """
    view = _figure(value, "trend")
    view.decide()
    figure = view.figure
    if figure.unfilled and figure.value is None:
        return f"{up}（{down}）"
    if figure.value is None:
        raise TemplateError("T110", word="trend", key=figure.key)
    return {1: up, 0: level, -1: down}[figure.printed_sign]


def _is_blank_figure(value: object) -> TypeGuard[FigureView]:
    """Return whether `value` is what was left blank, be it a date or a number."""
    return isinstance(value, FigureView) and value.figure.value is None


def day(value: object) -> str | FigureView:
    """Return a date as official documents write it: 2024年6月28日 (GB/T 9704-2012, 7.3.5)."""
    if isinstance(value, Gone) or _is_blank_figure(value):
        return value
    match = _DATE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise misused("day", value)
    return f"{match[1]}年{int(match[2])}月{int(match[3])}日"


def is_blank(value: object) -> bool:
    """Return whether nothing would be printed: a blank fact, an undefined figure, no rows.

    What is to be filled in is not: it will be something.
    """
    match value:
        case FigureView(figure):
            return figure.value is None and not figure.words and not figure.unfilled
        case ProseFact(fact):
            return not fact.value
        case View():
            return len(value) == 0
        case _:
            return value is None or value == ""


def _sign(name: str, test: Callable[[int], bool]) -> Callable[[object], bool]:
    def check(value: object) -> bool:
        view = _figure(value, name)
        view.decide()
        figure = view.figure
        if figure.value is None:
            return False
        return test(figure.printed_sign)

    return check


WHERE_ANY = "-where"
"""The `where` of a loop that says what stands for no row; no template can write this name."""

FILTERS: dict[str, Callable[..., Any]] = {
    "number": number,
    "in_unit": in_unit,
    "places": places,
    "size": size,
    "trend": trend,
    "day": day,
    "thousands": thousands,
    "where": where,
    WHERE_ANY: where_any,
    "groups": groups,
    "ordered": ordered,
    "halves": halves,
    "length": length,
}
"""Every filter of templates except `join` and `sum`, which must know more of the run."""

TESTS: dict[str, Callable[..., bool]] = {
    "blank": is_blank,
    "zero": _sign("zero", lambda sign: sign == 0),
    "positive": _sign("positive", lambda sign: sign > 0),
    "negative": _sign("negative", lambda sign: sign < 0),
}
"""Every test of templates except `defined`, which is Jinja's."""
