"""Composes the charts that a pack declares: each with its caption above and its data below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from reportgen.compose.view import FigureView
from reportgen.findings import Diagnostics, finding
from reportgen.model.document import (
    Annex,
    Audience,
    Block,
    Cell,
    Chart,
    Inlines,
    Paragraph,
    Row,
    Table,
    Text,
    Value,
)
from reportgen.model.figures import Figure, Ledger
from reportgen.model.pack import ChartRule, Pack
from reportgen.model.units import Unit

LABEL, TITLE = "附图", "图表"

_Line = tuple[str, tuple[Figure, ...]]
"""A category: its label and a figure a series."""


def chart_annex(ledger: Ledger, pack: Pack, audience: Audience, log: Diagnostics) -> Annex | None:
    """Return the appendix with the charts of `pack` for `audience`, None if there are none.

    The log gets T123 for a key that is no figure, T124 for figures of unlike units in one chart.
    """
    blocks: list[Block] = []
    for rule in pack.charts:
        if audience in rule.audiences:
            blocks.extend(_chart(rule, ledger, log))
    return Annex(LABEL, (Text(TITLE),), tuple(blocks), "charts") if blocks else None


def _chart(rule: ChartRule, ledger: Ledger, log: Diagnostics) -> list[Block]:
    """Return caption, chart and table of `rule`; nothing where no category has a value."""
    problems = Diagnostics()
    lines = [line for line in _lines(rule, ledger, problems) if _has_value(line)]
    if problems or not lines:
        log.extend(problems)
        return []
    units = _units(lines)
    if len({unit.dimension for unit in units}) > 1:
        symbols = "、".join(sorted({unit.symbol or "—" for unit in units}))
        log.add(finding("T124", rule.span, subject=rule.id, title=rule.title, units=symbols))
        return []
    unit = units[0]
    lines = _largest(lines, rule.limit)
    name = f"chart_{rule.id}"
    chart = Chart(
        name=name,
        kind=rule.kind,
        categories=tuple(label for label, _ in lines),
        series=tuple(title for _, title in rule.series),
        values=tuple(tuple(_in(figure, unit) for figure in figures) for _, figures in lines),
        texts=tuple(tuple(_shown(f, unit).text for f in figures) for _, figures in lines),
        unit=unit.symbol,
        alt=f"{rule.title}，共{len(lines)}项，数据见下表",
    )
    caption = Paragraph((Text(rule.title),), "center")
    return [caption, chart, _table(name, rule, lines, unit)]


def _has_value(line: _Line) -> bool:
    """Return whether a figure of a category has a value."""
    return any(figure.value is not None for figure in line[1])


def _units(lines: Iterable[_Line]) -> list[Unit]:
    """Return the units of the figures that have a value, in order."""
    units: list[Unit] = []
    for _, figures in lines:
        units.extend(figure.unit for figure in figures if figure.value is not None)
    return units


def _lines(rule: ChartRule, ledger: Ledger, log: Diagnostics) -> list[_Line]:
    """Return the categories of `rule` in order; the log gets T123 for a figure that is not there.

    A category without a figure of last year is left out in silence: there may be none.
    """
    items = rule.items or tuple((row, _name(rule, row, ledger)) for row in _rows(rule, ledger))
    if not items:
        log.add(finding("T123", rule.span, subject=rule.id, key=rule.table or "items"))
    lines: list[_Line] = []
    for item, title in items:
        keys = [key.replace("*", item) for key, _ in rule.series]
        missing = [key for key in keys if key not in ledger.figures]
        if not missing:
            lines.append((title, tuple(ledger.figures[key] for key in keys)))
        for key in missing:
            if not key.startswith("prior."):
                log.add(finding("T123", rule.span, subject=rule.id, key=key))
    return lines


def _rows(rule: ChartRule, ledger: Ledger) -> tuple[str, ...]:
    return ledger.tables.get(rule.table, ())


def _name(rule: ChartRule, row: str, ledger: Ledger) -> str:
    fact = ledger.texts.get(f"{rule.table}.{row}.name")
    return str(fact.value) if fact is not None and fact.value else row


def _largest(lines: list[_Line], limit: int) -> list[_Line]:
    """Return the `limit` lines with the largest first figures; all as they stand without one."""
    if not limit:
        return lines
    return sorted(lines, key=lambda line: line[1][0].value or Fraction(0), reverse=True)[:limit]


def _in(figure: Figure, unit: Unit) -> Fraction | None:
    return None if figure.value is None else figure.value / unit.factor


def _shown(figure: Figure, unit: Unit) -> FigureView:
    return FigureView(replace(figure, unit=unit), bare=True)


def _table(name: str, rule: ChartRule, lines: list[_Line], unit: Unit) -> Table:
    """Return the data behind a chart."""
    of = f"（{unit.symbol}）" if unit.symbol else ""
    heads = ("项目", *(f"{title}{of}" for _, title in rule.series))
    head = Row(tuple(Cell(((Text(text),),), header="col", align="center") for text in heads), True)
    rows = tuple(_row(label, figures, unit) for label, figures in lines)
    widths = (6, *(2 for _ in rule.series))
    return Table(name, f"{rule.title}的数据", widths, (head, *rows))


def _row(label: str, figures: tuple[Figure, ...], unit: Unit) -> Row:
    cells = [Cell(((Text(label),),), header="row")]
    for figure in figures:
        shown = _shown(figure, unit)
        value: Inlines = (Value(shown.text, shown.machine, figure.key),)
        cells.append(Cell((value if shown.text else (),), align="right"))
    return Row(tuple(cells))
