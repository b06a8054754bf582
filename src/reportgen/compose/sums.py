"""Sums of rows that templates ask for: `{{ rows | sum("outturn") }}`.

Templates do not calculate (docs/adr/005). A sum is a metric like any other, which the flow has
worked out before the report is composed for good: it has a key, a formula and inputs, and goes
with what is withheld of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from itertools import chain, starmap
from operator import attrgetter, itemgetter

from reportgen.compose.filters import Rows, cell_of, chosen_rows, text_of
from reportgen.compose.view import FigureView, View, misused
from reportgen.model.figures import Figure, Ledger
from reportgen.model.quantity import Shape
from reportgen.model.rules import Metric
from reportgen.model.source import Formula, SourceSpan
from reportgen.model.units import ONE

_UNSAID = re.compile(r'["\\\n]')
"""What no text in a formula can hold."""
SUM = "sum"
"""What the keys of sums begin with; no fact can be called so."""


class Sums:
    """The sums of a template run: known ones stand in the ledger, `wanted` are the others."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.wanted: dict[str, Metric] = {}

    def of(self, rows: object, column: object, span: SourceSpan) -> FigureView:
        """Return the sum of `column` over `rows`, undefined where it has to be worked out yet."""
        chosen = chosen_rows(rows, SUM)
        if not isinstance(column, str) or not column.isidentifier():
            raise misused(SUM, column)
        cells = [_number(row, column) for row in chosen]
        metric = _metric(chosen, column, cells, span)
        figure = self.ledger.figures.get(metric.key)
        if figure is None:
            self.wanted[metric.key] = metric
            unknown = Figure(metric.key, metric.title, "derived", None, ONE, Shape(), span)
            return FigureView(unknown, hidden=True)
        return FigureView(figure, hidden=any(cell.hidden for cell in cells))


def _number(row: View, column: str) -> FigureView:
    cell = cell_of(row, column)
    if not isinstance(cell, FigureView):
        raise misused(SUM, cell)
    return cell


def _metric(rows: Rows, column: str, cells: list[FigureView], span: SourceSpan) -> Metric:
    """Return the rule of a sum: of a whole table, of the rows with certain texts, or of cells."""
    table = rows.table
    key, formula = [SUM, table], f"{SUM}({table}.{column})"
    if not _is_whole(rows):
        key += chain.from_iterable(rows.chosen)
        formula = f"{SUM}({table}[{_condition(rows)}].{column})"
    if not _can_be_chosen(rows):
        key = [SUM, table, "+".join(map(_id, rows))]
        formula = f"{SUM}({', '.join(cell.figure.key for cell in cells)})"
    title = _title(rows, cells, column)
    return Metric(".".join([*key, column]), title, Formula(formula, span), span)


def _is_whole(rows: Rows) -> bool:
    """Return whether nothing was left out of the table."""
    return not rows.chosen and _keys(rows) == _keys(rows.every)


def _can_be_chosen(rows: Rows) -> bool:
    """Return whether a formula can say which rows are meant: all of those with certain texts."""
    meant = filter(partial(_fits, chosen=rows.chosen), rows.every)
    is_said = _UNSAID.search("".join(_texts(rows))) is None
    return is_said and _keys(meant) == _keys(rows)


def _keys(rows: Iterable[View]) -> list[str]:
    """Return the keys of rows, whatever their order."""
    return sorted(map(attrgetter("key"), rows))


def _fits(row: View, chosen: tuple[tuple[str, str], ...]) -> bool:
    return all(text_of(cell_of(row, name)) == text for name, text in chosen)


def _condition(rows: Rows) -> str:
    """Return what a formula says of the chosen rows."""
    return " and ".join(starmap('{} == "{}"'.format, rows.chosen))


def _title(rows: Rows, cells: list[FigureView], column: str) -> str:
    """Return what a sum is called: the texts of its rows, then the title of the column."""
    first = cells[0].figure.title.rpartition("·")[2] if cells else ""
    return "·".join([*_texts(rows), f"{first or column}合计"])


def _texts(rows: Rows) -> Iterable[str]:
    return map(itemgetter(1), rows.chosen)


def _id(row: View) -> str:
    return row.key.rpartition(".")[2]
