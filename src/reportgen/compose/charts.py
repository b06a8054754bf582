"""Composes the charts that a pack declares: each with its caption above and its data below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Category:
    """A category of a chart: its label, and a figure a series."""

    label: str
    figures: tuple[Figure, ...]

    @property
    def has_value(self) -> bool:
        """Return whether any of its figures has a value."""
        return any(figure.value is not None for figure in self.figures)

    @property
    def first_value(self) -> Fraction:
        """Return the value of the first series, by which categories are ordered."""
        return self.figures[0].value or Fraction(0)


def chart_annex(ledger: Ledger, pack: Pack, audience: Audience, log: Diagnostics) -> Annex | None:
    """Return the appendix with the charts of `pack` for `audience`, None if there are none.

    The log gets T123 for a key that is no figure, T124 for figures of unlike units in one chart.
    """
    blocks: list[Block] = []
    for rule in pack.charts:
        if audience in rule.audiences:
            blocks.extend(_chart_blocks(rule, ledger, log))
    return Annex(LABEL, (Text(TITLE),), tuple(blocks), "charts") if blocks else None


def _chart_blocks(rule: ChartRule, ledger: Ledger, log: Diagnostics) -> list[Block]:
    """Return caption, chart and table of `rule`; nothing where no category has a value."""
    problems = Diagnostics()
    categories = [
        category for category in _categories(rule, ledger, problems) if category.has_value
    ]
    log.extend(problems)
    if problems or not categories:
        return []
    unit = _common_unit(rule, categories, log)
    if unit is None:
        return []
    categories = _largest(categories, rule.limit)
    caption = Paragraph((Text(rule.title),), "center")
    return [caption, _chart(rule, categories, unit), _table(rule, categories, unit)]


def _common_unit(rule: ChartRule, categories: Iterable[_Category], log: Diagnostics) -> Unit | None:
    """Return the unit of the first figure with a value, None with T124 if one does not fit it."""
    units: list[Unit] = []
    for category in categories:
        units.extend(figure.unit for figure in category.figures if figure.value is not None)
    if len({unit.dimension for unit in units}) > 1:
        symbols = "、".join(sorted({unit.symbol or "—" for unit in units}))
        log.add(finding("T124", rule.span, subject=rule.id, title=rule.title, units=symbols))
        return None
    return units[0]


def _categories(rule: ChartRule, ledger: Ledger, log: Diagnostics) -> list[_Category]:
    """Return the categories of `rule` in order; the log gets T123 for a figure that is not there.

    A category without a figure of last year is left out in silence: there may be none.
    """
    items = rule.items or _rows(rule, ledger)
    if not items:
        log.add(finding("T123", rule.span, subject=rule.id, key=rule.table or "items"))
    categories: list[_Category] = []
    for item, title in items:
        figures = _figures(rule, item, ledger, log)
        if figures is not None:
            categories.append(_Category(title, figures))
    return categories


def _figures(
    rule: ChartRule, item: str, ledger: Ledger, log: Diagnostics
) -> tuple[Figure, ...] | None:
    """Return the figures of a category, None if one is not there."""
    keys = [key.replace("*", item) for key, _ in rule.series]
    missing = [key for key in keys if key not in ledger.figures]
    for key in missing:
        if not key.startswith("prior."):
            log.add(finding("T123", rule.span, subject=rule.id, key=key))
    return None if missing else tuple(ledger.figures[key] for key in keys)


def _rows(rule: ChartRule, ledger: Ledger) -> tuple[tuple[str, str], ...]:
    """Return the rows of the table of `rule`, each with its name."""
    rows = ledger.tables.get(rule.table, ())
    return tuple((row, _row_name(rule.table, row, ledger)) for row in rows)


def _row_name(table: str, row: str, ledger: Ledger) -> str:
    fact = ledger.texts.get(f"{table}.{row}.name")
    return str(fact.value) if fact is not None and fact.value else row


def _largest(categories: list[_Category], limit: int) -> list[_Category]:
    """Return the `limit` largest categories; all as they stand without a limit."""
    if not limit:
        return categories
    by_size = sorted(categories, key=lambda category: category.first_value, reverse=True)
    return by_size[:limit]


def _chart_name(rule: ChartRule) -> str:
    return f"chart_{rule.id}"


def _chart(rule: ChartRule, categories: list[_Category], unit: Unit) -> Chart:
    """Return the drawing itself: the numbers as they are printed, so that no bar tells more."""
    values: list[tuple[Fraction | None, ...]] = []
    texts: list[tuple[str, ...]] = []
    for category in categories:
        printed = [_printed_in(figure, unit) for figure in category.figures]
        values.append(tuple(map(_drawn, printed)))
        texts.append(tuple(view.text for view in printed))
    return Chart(
        name=_chart_name(rule),
        kind=rule.kind,
        categories=tuple(category.label for category in categories),
        series=tuple(title for _, title in rule.series),
        values=tuple(values),
        texts=tuple(texts),
        unit=unit.symbol,
        alt=f"{rule.title}，共{len(categories)}项，数据见下表",
    )


def _drawn(printed: FigureView) -> Fraction | None:
    return Fraction(printed.machine) if printed.machine else None


def _printed_in(figure: Figure, unit: Unit) -> FigureView:
    return FigureView(figure.in_unit(unit), bare=True)


def _table(rule: ChartRule, categories: list[_Category], unit: Unit) -> Table:
    """Return the data behind a chart."""
    unit_text = f"（{unit.symbol}）" if unit.symbol else ""
    head = [_head("项目")]
    head.extend(_head(f"{title}{unit_text}") for _, title in rule.series)
    rows = [_row(category, unit) for category in categories]
    widths = (6,) + (2,) * len(rule.series)
    caption = f"{rule.title}的数据"
    return Table(_chart_name(rule), caption, widths, (Row(tuple(head), head=True), *rows))


def _head(text: str) -> Cell:
    return Cell(((Text(text),),), header="col", align="center")


def _row(category: _Category, unit: Unit) -> Row:
    cells = [Cell(((Text(category.label),),), header="row")]
    for figure in category.figures:
        printed = _printed_in(figure, unit)
        value: Inlines = (Value(printed.text, printed.machine, figure.key),)
        cells.append(Cell((value if printed.text else (),), align="right"))
    return Row(tuple(cells))
