"""The sheets of a ledger: data tables to fill in, facts, and figures with live formulas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from openpyxl.worksheet.worksheet import Worksheet

from reportgen.derive.tasks import Derivation, derivations
from reportgen.features.spreadsheet.book import CellStyle, number_format, printed, widths
from reportgen.features.spreadsheet.excel import Translator
from reportgen.features.spreadsheet.homes import BUDGET, FIRST_ROW, DataSheet, factor, head
from reportgen.features.spreadsheet.parts import Untranslatable, quoted
from reportgen.features.spreadsheet.placing import FIGURES, Sheets
from reportgen.features.spreadsheet.printing import grade, rounded_value, text_of
from reportgen.findings import Diagnostics
from reportgen.formula.lookup import LedgerLookup, is_typed
from reportgen.formula.names import PRIOR, Lookup
from reportgen.formula.operand import Operand
from reportgen.model.figures import Figure
from reportgen.model.units import ONE

_HEAD = CellStyle(align="center", bold=True, fill="E8EEF4")
_WORDS, _NUMBER = CellStyle(), CellStyle(align="right")
_DERIVED = CellStyle(align="right", grey=True, fill="F6F6F6")
_TITLE = CellStyle(align="center", bold=True, border=False, size=14)


def fill(sheets: Sheets) -> None:
    """Write everything into the sheets."""
    formulas = dict(_formulas(sheets))
    for table, sheet in sheets.tables:
        _fill_table(sheets, table, sheet, formulas)
    for name, sheet, figures in sheets.listed:
        if name == FIGURES:
            _fill_figures(sheets, sheet, figures, formulas)
        else:
            _fill_facts(sheets, sheet, figures)


def _formulas(sheets: Sheets) -> Iterator[tuple[str, tuple[str, Derivation]]]:
    """Yield the formula of each derived figure by key; none for what has no counterpart."""
    prefix = ""
    while any(key.startswith(prefix) for key in sheets.ledger.tables) or not prefix:
        lookup: Lookup = LedgerLookup(sheets.ledger)
        if prefix:
            lookup = _Past(lookup, prefix)
        own = {
            key.removeprefix(prefix): rows
            for key, rows in sheets.ledger.tables.items()
            if key.startswith(prefix)
        }
        made = derivations(sheets.rules.metrics, own, Diagnostics())
        homes = {k.removeprefix(prefix): h for k, h in sheets.homes.items() if k.startswith(prefix)}
        tables = {} if prefix else _by_key(sheets)
        translator = Translator(homes, tables)
        for key, job in made.items():
            figure = sheets.ledger.figures.get(prefix + key)
            if figure is None or figure.kind != "derived" or job.expression is None:
                continue
            try:
                text = translator.formula(job.expression, job.context(lookup), factor(figure.unit))
            except Untranslatable:
                continue
            yield prefix + key, (text, job)
        prefix += PRIOR


def _by_key(sheets: Sheets) -> Mapping[str, DataSheet]:
    return {row.rpartition(".")[0]: table for table, _ in sheets.tables for row, _ in table.rows}


@dataclass(frozen=True, slots=True)
class _Past:
    """What formulas read when they are worked out for an earlier year."""

    lookup: Lookup
    prefix: str

    def number(self, key: str) -> Operand | None:
        return self.lookup.number(self.prefix + key)

    def text(self, key: str) -> str | None:
        return self.lookup.text(self.prefix + key)

    def rows(self, key: str) -> tuple[str, ...] | None:
        return self.lookup.rows(self.prefix + key)

    def near(self, key: str) -> str:
        return self.lookup.near(self.prefix + key)


def _cell(figure: Figure) -> Fraction | None:
    """Return the value of a figure as its cell holds it."""
    return None if figure.value is None else figure.value / factor(figure.unit)


def _title(sheets: Sheets, sheet: Worksheet, title: str, columns: int) -> None:
    sheets.book.put(sheet, 1, 1, title, _TITLE)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=columns)
    sheet.row_dimensions[1].height = 28


def _heads(sheets: Sheets, sheet: Worksheet, heads: Iterable[str]) -> None:
    for column, text in enumerate(heads, 1):
        sheets.book.put(sheet, FIRST_ROW - 1, column, text, _HEAD)
    sheet.freeze_panes = f"C{FIRST_ROW}"


def _fill_table(
    sheets: Sheets,
    table: DataSheet,
    sheet: Worksheet,
    formulas: Mapping[str, tuple[str, Derivation]],
) -> None:
    _title(sheets, sheet, table.name, len(table.columns))
    _heads(sheets, sheet, (head(table, name, title) for name, title in table.columns))
    numeric = set()
    for row, (key, label) in enumerate(table.rows, FIRST_ROW):
        own = key if table.name == BUDGET else key.rpartition(".")[2]
        sheets.book.put(sheet, row, 1, own, CellStyle(grey=True))
        sheets.book.put(sheet, row, 2, label, _WORDS)
        for column, (name, _) in list(enumerate(table.columns, 1))[2:]:
            figure = sheets.ledger.figures.get(f"{key}.{name}")
            text = sheets.ledger.texts.get(f"{key}.{name}")
            if figure is not None:
                numeric.add(column)
                named = table.units.get(name, ONE).symbol == figure.unit.symbol
                _put(sheets, sheet, (row, column), figure, formulas, named=named)
            else:
                words = str(text.value) if text and text.value is not None else None
                sheets.book.put(sheet, row, column, words, _WORDS)
    sizes = {n: 20.0 if n in numeric else 24.0 for n in range(1, len(table.columns) + 1)}
    widths(sheet, sizes | {1: 34.0 if table.name == BUDGET else 20.0, 2: 44.0})
    printed(sheet, landscape=True, repeat=f"1:{FIRST_ROW - 1}")


def _put(
    sheets: Sheets,
    sheet: Worksheet,
    at: tuple[int, int],
    figure: Figure,
    formulas: Mapping[str, tuple[str, Derivation]],
    *,
    named: bool,
) -> None:
    """Write a figure where it lives: a number, or the formula of what is worked out."""
    fmt = number_format(figure.unit, figure.shape, figure.value, named=named)
    if figure.key in formulas:
        text = formulas[figure.key][0]
        sheets.book.calculate(sheet, at, text, _cell(figure), _DERIVED, fmt)
    else:
        look = _NUMBER if is_typed(figure) else _DERIVED
        sheets.book.put(sheet, *at, _cell(figure), look, fmt)


def _fill_facts(sheets: Sheets, sheet: Worksheet, figures: tuple[Figure, ...]) -> None:
    _title(sheets, sheet, sheet.title, 5)
    _heads(sheets, sheet, ("键", "名称", "数值", "单位", "来源"))
    for row, figure in enumerate(figures, FIRST_ROW):
        home = sheets.homes[figure.key]
        sheets.book.put(sheet, row, 1, figure.key, CellStyle(grey=True))
        sheets.book.put(sheet, row, 2, figure.title, _WORDS)
        if home.sheet == sheet.title:
            _put(sheets, sheet, (row, 3), figure, {}, named=True)
        else:
            fmt = number_format(figure.unit, figure.shape, figure.value, named=True)
            text = f'=IF({home.ref}="","",{home.ref})'
            sheets.book.calculate(sheet, (row, 3), text, _cell(figure), _DERIVED, fmt)
        sheets.book.put(sheet, row, 4, figure.unit.symbol, CellStyle(align="center"))
        place = f"{figure.span.path}:{figure.span.line}"
        sheets.book.put(sheet, row, 5, place, CellStyle(grey=True, wrap=False))
    widths(sheet, {1: 38, 2: 44, 3: 14, 4: 10, 5: 46})
    printed(sheet, landscape=True, repeat=f"1:{FIRST_ROW - 1}")


def _fill_figures(
    sheets: Sheets,
    sheet: Worksheet,
    figures: tuple[Figure, ...],
    formulas: Mapping[str, tuple[str, Derivation]],
) -> None:
    _title(sheets, sheet, "指标：公式、数值与印出的数", 8)
    _heads(sheets, sheet, ("键", "名称", "口径", "数值", "单位", "印出的数", "印出", "依据"))
    for row, figure in enumerate(figures, FIRST_ROW):
        home = sheets.homes[figure.key]
        sheets.book.put(sheet, row, 1, figure.key, CellStyle(grey=True))
        sheets.book.put(sheet, row, 2, figure.title, _WORDS)
        sheets.book.put(sheet, row, 3, figure.reading or figure.formula, _WORDS)
        fmt = "General" if figure.unit.symbol != "%" else "0.0000%"
        if home.sheet == sheet.title:
            _put(sheets, sheet, (row, 4), figure, formulas, named=True)
        else:
            text = f'=IF({home.ref}="","",{home.ref})'
            sheets.book.calculate(sheet, (row, 4), text, _cell(figure), _DERIVED)
        sheet.cell(row, 4).number_format = fmt
        sheets.book.put(sheet, row, 5, figure.unit.symbol, CellStyle(align="center"))
        _printed(sheets, sheet, row, figure, formulas)
        sheets.book.put(sheet, row, 8, figure.basis, CellStyle(grey=True))
    widths(sheet, {1: 36, 2: 40, 3: 52, 4: 16, 5: 10, 6: 14, 7: 16, 8: 40})
    printed(sheet, landscape=True, repeat=f"1:{FIRST_ROW - 1}")


def _printed(
    sheets: Sheets,
    sheet: Worksheet,
    row: int,
    figure: Figure,
    formulas: Mapping[str, tuple[str, Derivation]],
) -> None:
    """Write the number as it is printed, rounded, and its text."""
    places = figure.shape.decimals + (2 if figure.unit.symbol == "%" else 0)
    rounded = f'=IF(D{row}="","",ROUND(D{row},{places}))'
    fmt = number_format(figure.unit, figure.shape, figure.value, named=True)
    shown = None
    if figure.value is not None:
        shown = rounded_value(figure)
    sheets.book.calculate(sheet, (row, 6), rounded, shown, _DERIVED, fmt)
    text = "=" + text_of(figure, f"F{row}")
    job = formulas[figure.key][1] if figure.key in formulas else None
    if job is not None and job.metric.grades:
        text = "=" + grade(job, figure, f"D{row}")
    elif figure.words:
        text = "=" + quoted(figure.words)
    sheets.book.calculate(sheet, (row, 7), text, figure.text, CellStyle(align="right"))
