"""Gives every figure of a ledger its cell before anything is written."""

from __future__ import annotations

from dataclasses import dataclass

from openpyxl.worksheet.worksheet import Worksheet

from reportgen.features.spreadsheet.book import Book
from reportgen.features.spreadsheet.homes import (
    FIRST_ROW,
    DataSheet,
    FigureCell,
    data_tables,
    factor,
)
from reportgen.formula.lookup import is_typed
from reportgen.formula.names import PRIOR
from reportgen.model.figures import Figure, Ledger
from reportgen.model.rules import Rules

FACTS, OTHERS, FIGURES = "事实", "上年和报告", "指标"


@dataclass(slots=True)
class Sheets:
    """The sheets of a ledger and where its figures live in them."""

    book: Book
    ledger: Ledger
    rules: Rules
    homes: dict[str, FigureCell]
    tables: tuple[tuple[DataSheet, Worksheet], ...]
    listed: tuple[tuple[str, Worksheet, tuple[Figure, ...]], ...]


def place_figures(book: Book, ledger: Ledger, rules: Rules, base: str) -> Sheets:
    """Return the sheets, empty so far, with a cell for every figure; `base` is the year's folder.

    Last year's figures are there as far as this year's are worked out from them.
    """
    wanted = _wanted(ledger)
    homes: dict[str, FigureCell] = {}
    tables = []
    for table in data_tables(ledger):
        sheet = book.sheet(table.name)
        named = DataSheet(sheet.title, table.rows, table.columns, table.derived, table.units)
        for row, (key, _) in enumerate(table.rows, FIRST_ROW):
            for column, (name, _) in enumerate(table.columns, 1):
                figure = ledger.figures.get(f"{key}.{name}")
                if figure is not None and name not in {"id", "name"}:
                    homes[figure.key] = FigureCell(sheet.title, row, column, factor(figure.unit))
        tables.append((named, sheet))
    facts = [f for f in wanted if _is_fact(f)]
    rows = {f"{key}.{row}" for key, ids in ledger.tables.items() for row in ids}
    facts = [f for f in facts if f.value is not None or f.key.rpartition(".")[0] not in rows]
    own = tuple(f for f in facts if _is_of_year(f, base))
    groups = (
        (FIGURES, tuple(f for f in wanted if not _is_fact(f))),
        (FACTS, own),
        (OTHERS, tuple(f for f in facts if f not in own)),
    )
    listed = []
    for name, figures in groups:
        sheet = book.sheet(name)
        column = 4 if name == FIGURES else 3
        for row, figure in enumerate(figures, FIRST_ROW):
            homes.setdefault(figure.key, FigureCell(sheet.title, row, column, factor(figure.unit)))
        listed.append((name, sheet, figures))
    return Sheets(book, ledger, rules, homes, tuple(tables), tuple(listed))


def _is_fact(figure: Figure) -> bool:
    return is_typed(figure) and figure.kind != "derived"


def _is_of_year(figure: Figure, base: str) -> bool:
    """Return whether a fact stands in a file of the year itself, not of a report or another."""
    return figure.span.path.rpartition("/")[0] == base and not figure.key.startswith(PRIOR)


def _wanted(ledger: Ledger) -> tuple[Figure, ...]:
    keys = {key: None for key in ledger.figures if not key.startswith(PRIOR)}
    left = list(keys)
    while left:
        for key in ledger.figures[left.pop()].inputs:
            if key not in keys and key in ledger.figures:
                keys[key] = None
                left.append(key)
    return tuple(figure for key, figure in ledger.figures.items() if key in keys)
