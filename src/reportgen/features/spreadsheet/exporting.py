"""Export: a report as a workbook, its forms as printed and everything behind them live.

Behind the forms stand data sheets to fill in, lists of facts, and the list of what is worked out:
its formulas, its numbers as printed, its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from reportgen.derive.tasks import Derivation, derivations
from reportgen.features.spreadsheet.forms import FormWriter
from reportgen.features.spreadsheet.formulas import (
    FormulaTranslation,
    Untranslatable,
    text_literal,
)
from reportgen.features.spreadsheet.layout import (
    BUDGET,
    FIRST_ROW,
    METRICS,
    DataSheet,
    FigureList,
    Layout,
    SheetNames,
    cell_decimals,
    cell_factor,
    lay_out,
)
from reportgen.features.spreadsheet.printed import (
    PrintedFigures,
    grade_formula,
    printed_text,
    printed_value,
)
from reportgen.features.spreadsheet.workbook import (
    CellStyle,
    WorkbookWriter,
    number_format,
    set_page,
    set_widths,
)
from reportgen.findings import Diagnostics
from reportgen.flow.job import Job
from reportgen.flow.staged import Draft, GuardedDraft
from reportgen.flow.steps import draft
from reportgen.formula.lookup import LedgerLookup, is_typed
from reportgen.formula.names import PRIOR, Lookup
from reportgen.formula.operand import Operand
from reportgen.model.document import Document
from reportgen.model.figures import Figure, Ledger
from reportgen.model.frozen import frozen
from reportgen.model.rules import Rules
from reportgen.model.units import ONE
from reportgen.project.source_files import SourceFiles
from reportgen.verify.opened import OpenedFile
from reportgen.verify.search import prove_file

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Kept = TypeVar("Kept")

_TITLE = CellStyle(align="center", bold=True, border=False, size=14)
_LABEL = CellStyle(align="center", bold=True, fill="E8EEF4")
_KEY = CellStyle(grey=True)
_PLACE = CellStyle(grey=True, wrap=False)
_WORDS = CellStyle()
_UNIT = CellStyle(align="center")
_NUMBER = CellStyle(align="right")
_DERIVED = CellStyle(align="right", grey=True, fill="F6F6F6")

_FACT_LABELS = ("键", "名称", "数值", "单位", "来源")
_FACT_WIDTHS: dict[int, float] = {1: 38, 2: 44, 3: 14, 4: 10, 5: 46}
_METRIC_TITLE = "指标：公式、数值与印出的数"
_METRIC_LABELS = ("键", "名称", "口径", "数值", "单位", "印出的数", "印出", "依据")
_METRIC_WIDTHS: dict[int, float] = {1: 36, 2: 40, 3: 52, 4: 16, 5: 10, 6: 14, 7: 16, 8: 40}
_NUMBER_WIDTH, _TEXT_WIDTH, _NAME_WIDTH = 20.0, 24.0, 44.0
_KEY_WIDTH, _BUDGET_KEY_WIDTH = 20.0, 34.0


def export(job: Job, files: SourceFiles, log: Diagnostics) -> bytes | None:
    """Return the workbook of a report, or None; the log gets what its draft and proof found.

    For the public it holds the disclosed document's tables and nothing else: no facts, no keys,
    no formulas. Where anything is kept back the file is proven as those of a build are.
    """
    report = draft(job, files, log)
    if not isinstance(report, Draft) or job.stopped(log):
        return None
    data = _public(report.document) if job.audience == "public" else _live(report)
    if isinstance(report, GuardedDraft):
        name = f"{job.report}.{job.audience}.xlsx"
        log.extend(prove_file(name, OpenedFile(data), report.proof))
    return None if job.stopped(log) else data


def _public(document: Document) -> bytes:
    """Return the tables of `document`, its author that of the other public files."""
    writer, names = WorkbookWriter(), SheetNames()
    FormWriter(writer, names, PrintedFigures({}, {})).write(document)
    if not writer.workbook.worksheets:
        writer.add_sheet(names.add(document.name))
    properties = document.properties
    return writer.packed(properties.title, document.date, properties.creator, "")


def _live(report: Draft) -> bytes:
    """Return the tables of a report, their figures formulas over sheets of facts behind them."""
    job, document, ledger = report.derived.job, report.document, report.disclosed.ledger
    writer, names = WorkbookWriter(), SheetNames()
    layout = lay_out(ledger, f"data/{job.unit}/{job.year}", names)
    FormWriter(writer, names, PrintedFigures(ledger.figures, layout.cells)).write(document)
    formulas = live_formulas(ledger, report.derived.inputs.rules, layout)
    _LedgerWriter(writer, ledger, layout, formulas).write()
    return writer.packed(document.name, document.date)


# Formulas


@frozen
class LiveFormula:
    """The formula of a figure in the workbook, and the derivation that it was translated from."""

    text: str
    derivation: Derivation


def live_formulas(ledger: Ledger, rules: Rules, layout: Layout) -> dict[str, LiveFormula]:
    """Return the formula of each derived figure by key; none for what has no counterpart."""
    prefix = ""
    formulas = _formulas_of_year(ledger, rules, layout, prefix)
    while any(key.startswith(prefix + PRIOR) for key in ledger.tables):
        prefix += PRIOR
        formulas |= _formulas_of_year(ledger, rules, layout, prefix)
    return formulas


def _formulas_of_year(
    ledger: Ledger, rules: Rules, layout: Layout, prefix: str
) -> dict[str, LiveFormula]:
    """Return the formulas of this year, or of the earlier one whose keys begin with `prefix`."""
    rows = _without_prefix(ledger.tables, prefix)
    cells = _without_prefix(layout.cells, prefix)
    sheets = {} if prefix else layout.sheets_by_table()
    lookup = _lookup(ledger, prefix)
    formulas: dict[str, LiveFormula] = {}
    for key, derivation in derivations(rules.metrics, rows, Diagnostics()).items():
        figure = ledger.figures.get(prefix + key)
        expression = derivation.expression
        if figure is None or figure.kind != "derived" or expression is None:
            continue
        translation = FormulaTranslation(cells, sheets, expression, derivation.context(lookup))
        with suppress(Untranslatable):
            text = translation.formula(cell_factor(figure.unit))
            formulas[figure.key] = LiveFormula(text, derivation)
    return formulas


def _lookup(ledger: Ledger, prefix: str) -> Lookup:
    lookup = LedgerLookup(ledger)
    return _EarlierYear(lookup, prefix) if prefix else lookup


def _without_prefix(values: Mapping[str, Kept], prefix: str) -> dict[str, Kept]:
    """Return the values whose keys begin with `prefix`, by the rest of the key."""
    kept: dict[str, Kept] = {}
    for key, value in values.items():
        if key.startswith(prefix):
            kept[key.removeprefix(prefix)] = value
    return kept


@frozen
class _EarlierYear:
    """What formulas read when they are worked out for an earlier year."""

    lookup: Lookup
    prefix: str

    def number(self, key: str) -> Operand | None:
        return self.lookup.number(self.prefix + key)

    def text(self, key: str) -> str | None:
        return self.lookup.text(self.prefix + key)

    def rows(self, key: str) -> tuple[str, ...] | None:
        return self.lookup.rows(self.prefix + key)

    def values(self, key: str) -> tuple[str, ...]:
        return self.lookup.values(self.prefix + key)

    def near(self, key: str) -> str:
        return self.lookup.near(self.prefix + key)


# Sheets


class _LedgerWriter:
    """Writes the sheets of a ledger: data sheets, then the lists of figures."""

    def __init__(
        self,
        writer: WorkbookWriter,
        ledger: Ledger,
        layout: Layout,
        formulas: dict[str, LiveFormula],
    ) -> None:
        self.writer = writer
        self.ledger = ledger
        self.layout = layout
        self.formulas = formulas

    def write(self) -> None:
        for data_sheet in self.layout.sheets:
            self._write_data(data_sheet)
        for figure_list in self.layout.lists:
            if figure_list.kind == METRICS:
                self._write_metrics(figure_list)
            else:
                self._write_facts(figure_list)

    def _add_sheet(self, name: str, title: str, labels: Iterable[str]) -> Worksheet:
        """Return a new sheet with its title and header."""
        sheet = self.writer.add_sheet(name)
        texts = tuple(labels)
        self.writer.put(sheet, (1, 1), title, _TITLE)
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(texts))
        sheet.row_dimensions[1].height = 28
        for column, text in enumerate(texts, 1):
            self.writer.put(sheet, (FIRST_ROW - 1, column), text, _LABEL)
        sheet.freeze_panes = f"C{FIRST_ROW}"
        set_page(sheet, landscape=True, repeat=f"1:{FIRST_ROW - 1}")
        return sheet

    def _write_data(self, data: DataSheet) -> None:
        labels = map(data.column_label, data.columns)
        sheet = self._add_sheet(data.name, data.name, labels)
        is_budget = data.name == BUDGET
        widths = dict.fromkeys(range(1, len(data.columns) + 1), _TEXT_WIDTH)
        for row, (key, name) in enumerate(data.rows.items(), FIRST_ROW):
            own_key = key if is_budget else key.rpartition(".")[2]
            self.writer.put(sheet, (row, 1), own_key, _KEY)
            self.writer.put(sheet, (row, 2), name, _WORDS)
            for column in self._write_values(sheet, row, key, data):
                widths[column] = _NUMBER_WIDTH
        widths |= {1: _BUDGET_KEY_WIDTH if is_budget else _KEY_WIDTH, 2: _NAME_WIDTH}
        set_widths(sheet, widths)

    def _write_values(self, sheet: Worksheet, row: int, key: str, data: DataSheet) -> Iterator[int]:
        """Write what a row holds behind its key and name; yield the columns with numbers."""
        for column, field in list(enumerate(data.columns, 1))[2:]:
            figure = self.ledger.figures.get(f"{key}.{field}")
            if figure is None:
                self.writer.put(sheet, (row, column), self._text(f"{key}.{field}"), _WORDS)
                continue
            is_named = data.units.get(field, ONE).symbol == figure.unit.symbol
            self._put_figure(sheet, (row, column), figure, is_named=is_named)
            yield column

    def _text(self, key: str) -> str | None:
        text = self.ledger.texts.get(key)
        return None if text is None or text.value is None else str(text.value)

    def _write_facts(self, facts: FigureList) -> None:
        sheet = self._add_sheet(facts.name, facts.name, _FACT_LABELS)
        for row, figure in enumerate(facts.figures, FIRST_ROW):
            self._put_name(sheet, row, figure)
            if not self._put_reference(sheet, (row, 3), figure):
                self._put_figure(sheet, (row, 3), figure, is_named=True)
            self.writer.put(sheet, (row, 4), figure.unit.symbol, _UNIT)
            place = f"{figure.span.path}:{figure.span.line}"
            self.writer.put(sheet, (row, 5), place, _PLACE)
        set_widths(sheet, _FACT_WIDTHS)

    def _write_metrics(self, metrics: FigureList) -> None:
        sheet = self._add_sheet(metrics.name, _METRIC_TITLE, _METRIC_LABELS)
        for row, figure in enumerate(metrics.figures, FIRST_ROW):
            self._put_name(sheet, row, figure)
            self.writer.put(sheet, (row, 3), figure.reading or figure.formula, _WORDS)
            if not self._put_reference(sheet, (row, 4), figure):
                self._put_figure(sheet, (row, 4), figure, is_named=True)
            code = "0.0000%" if figure.unit.symbol == "%" else "General"
            sheet.cell(row, 4).number_format = code
            self.writer.put(sheet, (row, 5), figure.unit.symbol, _UNIT)
            self._put_printed(sheet, row, figure)
            self.writer.put(sheet, (row, 8), figure.basis, _KEY)
        set_widths(sheet, _METRIC_WIDTHS)

    def _put_name(self, sheet: Worksheet, row: int, figure: Figure) -> None:
        self.writer.put(sheet, (row, 1), figure.key, _KEY)
        self.writer.put(sheet, (row, 2), figure.title, _WORDS)

    def _put_figure(
        self, sheet: Worksheet, at: tuple[int, int], figure: Figure, *, is_named: bool
    ) -> None:
        """Write a figure where it lives: a number, or the formula of what is worked out."""
        code = number_format(figure.unit, figure.shape, figure.value, named=is_named)
        formula = self.formulas.get(figure.key)
        if formula is None:
            style = _NUMBER if is_typed(figure) else _DERIVED
            self.writer.put(sheet, at, cell_value(figure), style, code)
        else:
            self.writer.put_formula(sheet, at, formula.text, cell_value(figure), _DERIVED, code)

    def _put_reference(self, sheet: Worksheet, at: tuple[int, int], figure: Figure) -> bool:
        """Refer to the cell of a figure that lives on another sheet; return whether it does."""
        cell = self.layout.cells[figure.key]
        if cell.sheet == sheet.title:
            return False
        code = number_format(figure.unit, figure.shape, figure.value, named=True)
        text = f'=IF({cell.reference}="","",{cell.reference})'
        self.writer.put_formula(sheet, at, text, cell_value(figure), _DERIVED, code)
        return True

    def _put_printed(self, sheet: Worksheet, row: int, figure: Figure) -> None:
        """Write the number as it is printed, rounded, and its text."""
        places = cell_decimals(figure.unit, figure.shape.decimals)
        rounded = f'=IF(D{row}="","",ROUND(D{row},{places}))'
        code = number_format(figure.unit, figure.shape, figure.value, named=True)
        self.writer.put_formula(sheet, (row, 6), rounded, printed_value(figure), _DERIVED, code)
        text = f"={self._printed_formula(row, figure)}"
        self.writer.put_formula(sheet, (row, 7), text, figure.text, _NUMBER)

    def _printed_formula(self, row: int, figure: Figure) -> str:
        formula = self.formulas.get(figure.key)
        if formula is not None and formula.derivation.metric.grades:
            return grade_formula(formula.derivation, figure, f"D{row}")
        return text_literal(figure.words) if figure.words else printed_text(figure, f"F{row}")


def cell_value(figure: Figure) -> Fraction | None:
    """Return the value of a figure as its cell holds it."""
    return None if figure.value is None else figure.value / cell_factor(figure.unit)
