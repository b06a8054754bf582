"""Composes the charts that a pack declares: each answers a question, or it is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import chain

from reportgen.compose.view import FigureView
from reportgen.findings import Diagnostics, finding
from reportgen.model.disclosed import Disclosed
from reportgen.model.document import (
    Annex,
    Block,
    Cell,
    Chart,
    Document,
    Inlines,
    Row,
    Table,
    Text,
    Value,
)
from reportgen.model.figures import Figure, Ledger
from reportgen.model.frozen import frozen
from reportgen.model.pack import ChartRule, Pack
from reportgen.model.quantity import Shape, number_text
from reportgen.model.units import Unit

LABEL, TITLE = "附图", "图表"
_FEWEST = 2
"""A chart of one category compares nothing."""
_SERIES = {"share": 1, "deviation": 2, "loss": 2}
"""How many series a kind of chart has; the others have as many as they are given."""
_MORE_HEADS = {"share": ("占比",), "deviation": ("增减", "幅度"), "loss": ("扣分",)}
"""What the data of a chart say besides its figures."""
_RATES = frozenset(["占比", "幅度"])
_DIFFERENCES = ("deviation", "loss")
_PERCENT = Shape(decimals=1, strip=False)
_PRIOR = "prior."
_MOST_TOLD = 20
"""Categories that the text for those who cannot see a chart tells one by one."""


@frozen
class _Category:
    """A category of a chart: its label, and a figure a series as it is printed."""

    label: str
    figures: tuple[FigureView, ...]

    @property
    def values(self) -> tuple[Fraction | None, ...]:
        """Return the numbers as they are printed, so that no bar tells more."""
        return tuple(Fraction(view.machine) if view.machine else None for view in self.figures)

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the figures as they are printed, without their unit."""
        return tuple(view.text for view in self.figures)

    def difference(self, first: Fraction, second: Fraction) -> str:
        """Return first minus second with its sign, in as many decimals as its figures have."""
        decimals = max(len(view.machine.partition(".")[2]) for view in self.figures)
        return _signed(first - second, Shape(decimals=decimals))


@frozen
class _Drawn:
    """What is drawn of a category, and what its `data` say besides its figures."""

    category: _Category
    values: tuple[Fraction | None, ...]
    texts: tuple[str, ...]
    data: tuple[str, ...] = ()

    @property
    def size(self) -> Fraction:
        """Return the size of the first bar, by which categories are ordered."""
        return abs(self.values[0] or Fraction(0))


def chart_annex(
    disclosed: Disclosed, pack: Pack, document: Document, log: Diagnostics
) -> Annex | None:
    """Return the appendix with the charts of `pack` for the audience of `document`, if any.

    The data stand aside: a chart says at its bars what they are. The log gets T123 for a key that
    is no figure, T124 for figures of unlike units, T165 for a wrong number of series.
    """
    blocks: list[Block] = []
    number = 0
    for rule in pack.charts:
        if document.audience in rule.audiences:
            chart = _chart_blocks(rule, disclosed, number + 1, log)
            number += bool(chart)
            blocks.extend(chart)
    return Annex(LABEL, (Text(TITLE),), tuple(blocks), "charts") if blocks else None


def _chart_blocks(
    rule: ChartRule, disclosed: Disclosed, number: int, log: Diagnostics
) -> list[Block]:
    """Return chart and data of `rule`; nothing where there is nothing to compare."""
    problems = Diagnostics()
    _check_series(rule, problems)
    labelled = list(_figures_by_label(rule, disclosed.ledger, problems))
    figures = [each for _, each in labelled]
    unit = _common_unit(rule, figures, problems)
    log.extend(problems)
    if problems or unit is None or _is_partly_told(rule, figures, disclosed):
        return []
    drawn = _KINDS[rule.kind](_categories(labelled, unit), unit, rule.limit)
    if len(drawn) < _FEWEST or len({each.values for each in drawn}) == 1:
        return []  # bars that are all alike compare nothing
    return [_chart(rule, drawn, unit, number), _table(rule, drawn, unit, number)]


def _check_series(rule: ChartRule, log: Diagnostics) -> None:
    """Add T165 for more or fewer series than the kind of a chart has."""
    count = _SERIES.get(rule.kind)
    if count not in {None, len(rule.series)}:
        log.add(finding("T165", rule.span, subject=rule.id, kind=rule.kind, count=count))


def _is_partly_told(
    rule: ChartRule, figures: Iterable[tuple[Figure, ...]], disclosed: Disclosed
) -> bool:
    """Return whether these are shares of a whole of which a part is withheld or masked."""
    if rule.kind != "share":
        return False
    return any(figure.key in disclosed.hidden for figure in chain.from_iterable(figures))


def _categories(labelled: Iterable[tuple[str, tuple[Figure, ...]]], unit: Unit) -> list[_Category]:
    """Return categories with their figures in `unit`."""
    categories: list[_Category] = []
    for label, each in labelled:
        views = tuple(FigureView(figure.in_unit(unit), bare=True) for figure in each)
        categories.append(_Category(label, views))
    return categories


# What there is to draw


def _figures_by_label(
    rule: ChartRule, ledger: Ledger, log: Diagnostics
) -> Iterator[tuple[str, tuple[Figure, ...]]]:
    """Yield each category with its figures; the log gets T123 for a figure that is not there.

    A category without a figure of last year is left out in silence: there may be none.
    """
    items = _years(rule, ledger) if rule.kind == "trend" else rule.items or _rows(rule, ledger)
    if not items and rule.table not in ledger.unfilled:
        log.add(finding("T123", rule.span, subject=rule.id, key=rule.table or "items"))
    for item, title in items:
        figures = _figures_of(rule, item, ledger, log)
        if figures is not None:
            yield title, figures


def _figures_of(
    rule: ChartRule, item: str, ledger: Ledger, log: Diagnostics
) -> tuple[Figure, ...] | None:
    """Return the figures of a category, None if one is not there; that of a year may be blank."""
    figures: list[Figure] = []
    for key, _ in rule.series:
        of_item = _key(rule, key, item)
        own = ledger.figures.get(key) if rule.kind == "trend" else None
        if of_item in ledger.figures:
            figures.append(ledger.figures[of_item])
        elif own is not None:
            figures.append(replace(own, value=None, words="", blank=""))
        elif not of_item.startswith(_PRIOR):
            log.add(finding("T123", rule.span, subject=rule.id, key=of_item))
    return tuple(figures) if len(figures) == len(rule.series) else None


def _key(rule: ChartRule, key: str, item: str) -> str:
    """Return the key of a figure: of a year, `item` says by what it is preceded."""
    return item + key if rule.kind == "trend" else key.replace("*", item)


def _years(rule: ChartRule, ledger: Ledger) -> tuple[tuple[str, str], ...]:
    """Return the years that have data, the oldest first: what precedes their keys, their names."""
    years: list[tuple[str, str]] = []
    before = ""
    while not years or any(before + key in ledger.figures for key, _ in rule.series):
        years.append((before, f"{ledger.year - len(years)}年"))
        before += _PRIOR
    return tuple(reversed(years))


def _rows(rule: ChartRule, ledger: Ledger) -> tuple[tuple[str, str], ...]:
    """Return the rows of the table of `rule`, each with its name."""
    rows = ledger.tables.get(rule.table, ())
    return tuple((row, _row_name(rule.table, row, ledger)) for row in rows)


def _row_name(table: str, row: str, ledger: Ledger) -> str:
    fact = ledger.texts.get(f"{table}.{row}.name")
    return str(fact.value) if fact is not None and fact.value else row


def _common_unit(
    rule: ChartRule, figures: Iterable[tuple[Figure, ...]], log: Diagnostics
) -> Unit | None:
    """Return the unit of the first figure with a value, None with T124 if one does not fit it."""
    every = chain.from_iterable(figures)
    units = tuple(dict.fromkeys(figure.unit for figure in every if figure.value is not None))
    if len({unit.dimension for unit in units}) > 1:
        symbols = "、".join(sorted({unit.symbol or "—" for unit in units}))
        log.add(finding("T124", rule.span, subject=rule.id, title=rule.title, units=symbols))
        return None
    return next(iter(units), None)


# What each kind shows of it


def _bars(categories: Sequence[_Category], _: Unit, limit: int) -> list[_Drawn]:
    """Return series beside each other; nothing where they are the same in every category."""
    known = [category for category in categories if set(category.values) != {None}]
    drawn = [_Drawn(category, category.values, category.texts) for category in known]
    if _are_series_alike(drawn):
        return []
    return _largest(drawn, limit) if limit else drawn


def _are_series_alike(drawn: Sequence[_Drawn]) -> bool:
    """Return whether there are several series, the same in every category."""
    if not drawn or len(drawn[0].values) == 1:
        return False
    return all(len(set(each.values)) == 1 for each in drawn)


def _shares(categories: Sequence[_Category], unit: Unit, limit: int) -> list[_Drawn]:
    """Return parts of a whole, the largest first, beyond `limit` as one; none if any is unknown."""
    told = [category for category in categories if category.texts[0]]
    known = _known_amounts(told)
    whole = sum(known, Fraction(0))
    if not whole:
        return []
    pairs = zip(told, known, strict=True)
    drawn = _largest([_share(category, amount, whole, unit) for category, amount in pairs])
    return _with_rest(drawn, limit, whole) if 0 < limit < len(drawn) else drawn


def _known_amounts(categories: Iterable[_Category]) -> list[Fraction]:
    """Return an amount a category; none at all if any is unknown or negative."""
    known: list[Fraction] = []
    for category in categories:
        amount = category.values[0]
        if amount is None or amount < 0:
            return []
        known.append(amount)
    return known


def _share(category: _Category, amount: Fraction, whole: Fraction, unit: Unit) -> _Drawn:
    share = _percent(amount, whole)
    text = f"{share}（{category.texts[0]}{unit.symbol}）"
    return _Drawn(category, (amount,), (text,), (share,))


def _percent(amount: Fraction, whole: Fraction) -> str:
    return number_text(amount / whole * 100, _PERCENT) + "%"


def _with_rest(drawn: list[_Drawn], limit: int, whole: Fraction) -> list[_Drawn]:
    """Return the `limit` largest parts of a whole, and the others as one."""
    others = drawn[limit:]
    amount = sum((each.size for each in others), Fraction(0))
    share = _percent(amount, whole)
    rest = _Category(f"其他{len(others)}项", ())
    return [*drawn[:limit], _Drawn(rest, (amount,), (share,), ("", share))]


def _deviations(categories: Sequence[_Category], _: Unit, limit: int) -> list[_Drawn]:
    """Return by how much the first series differs from the second, the largest first."""
    drawn: list[_Drawn] = []
    for category in categories:
        value, reference = category.values
        if value is not None and reference is not None and value != reference:
            amount = category.difference(value, reference)
            rate = _rate(value, reference)
            text = f"{amount}（{rate}）" if rate else amount
            drawn.append(_Drawn(category, (value - reference,), (text,), (amount, rate)))
    return _largest(drawn, limit)


def _losses(categories: Sequence[_Category], _: Unit, limit: int) -> list[_Drawn]:
    """Return how many points of the second series the first does not have, the largest first."""
    drawn: list[_Drawn] = []
    for category in categories:
        score, points = category.values
        if score is not None and points is not None and score < points:
            lost = category.difference(points, score).removeprefix("+")
            text = f"{lost}（{category.texts[0]}/{category.texts[1]}）"
            drawn.append(_Drawn(category, (points - score,), (text,), (lost,)))
    return _largest(drawn, limit)


def _rate(value: Fraction, reference: Fraction) -> str:
    """Return by what part of it a value differs from a reference; of nothing there is none."""
    if not reference:
        return ""
    return _signed((value - reference) / abs(reference) * 100, _PERCENT) + "%"


def _signed(value: Fraction, shape: Shape) -> str:
    return ("+" if value > 0 else "") + number_text(value, shape)


def _largest(drawn: list[_Drawn], limit: int = 0) -> list[_Drawn]:
    """Return `drawn`, the largest first, as many as `limit` says."""
    ordered = sorted(drawn, key=lambda each: each.size, reverse=True)
    return ordered[:limit] if limit else ordered


_KINDS: Mapping[str, Callable[[Sequence[_Category], Unit, int], list[_Drawn]]] = {
    "bars": _bars,
    "trend": _bars,
    "share": _shares,
    "deviation": _deviations,
    "loss": _losses,
}


# Blocks


def _chart(rule: ChartRule, drawn: list[_Drawn], unit: Unit, number: int) -> Chart:
    """Return the drawing itself, with all that it shows in words."""
    series = tuple(title for _, title in rule.series)
    if rule.kind in _DIFFERENCES:
        series = _MORE_HEADS[rule.kind][:1]
    return Chart(
        name=f"chart_{rule.id}",
        kind="share" if rule.kind == "share" else "bars",
        categories=tuple(each.category.label for each in drawn),
        series=series,
        values=tuple(each.values for each in drawn),
        texts=tuple(each.texts for each in drawn),
        unit=unit.symbol,
        alt=_in_words(rule, drawn, series, unit),
        number=number,
        title=rule.title,
    )


def _in_words(rule: ChartRule, drawn: Sequence[_Drawn], series: tuple[str, ...], unit: Unit) -> str:
    """Return what a chart shows, for those who cannot see it."""
    symbol = f"（单位：{unit.symbol}）" if unit.symbol and rule.kind != "share" else ""
    told = [_told(each, series) for each in drawn[:_MOST_TOLD]]
    if len(drawn) > _MOST_TOLD:
        told.append(f"等{len(drawn)}项")
    return f"{rule.title}{symbol}：{'；'.join(told)}"


def _told(drawn: _Drawn, series: tuple[str, ...]) -> str:
    """Return a category in words: its label, and what stands at its bars."""
    if len(series) == 1:
        return f"{drawn.category.label} {drawn.texts[0]}"
    pairs = [f"{title}{text or '无'}" for title, text in zip(series, drawn.texts, strict=True)]
    return f"{drawn.category.label} {'、'.join(pairs)}"


def _table(rule: ChartRule, drawn: Iterable[_Drawn], unit: Unit, number: int) -> Table:
    """Return the data behind a chart."""
    heads = ["年度" if rule.kind == "trend" else "项目"]
    heads += _with_unit((title for _, title in rule.series), unit)
    heads += _with_unit(_MORE_HEADS.get(rule.kind, ()), unit)
    head = Row(tuple(map(_head, heads)), head=True)
    rows = [_row(each, len(heads)) for each in drawn]
    widths = (6,) + (2,) * (len(heads) - 1)
    return Table(f"chart_{rule.id}", f"图{number}的数据", widths, (head, *rows), aside=True)


def _with_unit(heads: Iterable[str], unit: Unit) -> list[str]:
    """Return heads of columns with the unit of their figures; per cent stand with these."""
    symbol = f"（{unit.symbol}）" if unit.symbol else ""
    return [head if head in _RATES else f"{head}{symbol}" for head in heads]


def _head(text: str) -> Cell:
    return Cell(((Text(text),),), header="col", align="center")


def _row(drawn: _Drawn, columns: int) -> Row:
    """Return a row of the data: the label, the figures, what follows from them."""
    cells = [Cell(((Text(drawn.category.label),),), header="row")]
    for view in drawn.category.figures:
        value: Inlines = (Value(view.text, view.machine, view.figure.key),)
        cells.append(Cell((value if view.text else (),), align="right"))
    more = drawn.data[: columns - len(cells)]
    cells += [Cell(((Text(text),) if text else (),), align="right") for text in more]
    return Row(tuple(cells))
