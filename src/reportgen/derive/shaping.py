"""Gives a value its printed shape: unit, decimals and words, as metric and pack say.

So it does to a blank, and to a figure that the year after sees.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from reportgen.derive.tasks import Derivation
from reportgen.formula.names import PRIOR, Lookup
from reportgen.formula.operand import POINTS, RATES, Operand, counts
from reportgen.formula.reading import Titles, reading
from reportgen.formula.syntax import FormulaError, part_span
from reportgen.model.figures import UNFILLED, Fact, Figure
from reportgen.model.pack import Formats
from reportgen.model.quantity import Quantity, QuantityError, Shape, parse_quantity
from reportgen.model.rules import Metric
from reportgen.model.source import SourceSpan
from reportgen.model.units import ONE, Unit

_MONEY = (("money", 1),)
_RATIO = {"%", "‰", "百分点", "个百分点"}


def fact_figure(fact: Fact, title: str, formats: Formats) -> Figure:
    """Return the figure of a typed number, printed with the digits and unit as written."""
    if not isinstance(fact.value, Quantity):
        return blank_figure(fact.key, title, fact.span, formats.blank)
    value, unit, shape = fact.value.value, fact.value.unit, fact.value.shape
    if formats.thousands and unit.dimension == _MONEY:
        shape = replace(shape, thousands=True)
    return Figure(fact.key, title, "fact", value, unit, shape, fact.span)


def blank_figure(key: str, title: str, span: SourceSpan, blank: str) -> Figure:
    """Return the figure of what was left blank, which prints as `blank`."""
    return Figure(key, title, "fact", None, ONE, Shape(), span, blank=blank)


def waiting(figure: Figure, needed: Iterable[str] = ()) -> Figure:
    """Return `figure` as one that is to be filled in, or that `needed` what is, be it a part."""
    inputs = tuple(dict.fromkeys((*figure.inputs, *needed)))
    return replace(figure, value=None, words="", blank=UNFILLED, inputs=inputs)


def derived_figure(
    derivation: Derivation, result: Operand, formats: Formats, undefined: Figure
) -> Figure:
    """Return the figure of `derivation`, `undefined` so far, shaped as metric or else pack says.

    Raises `FormulaError` F113 where the metric's unit does not fit what came out, F104 or F107
    where the floor of a grade does not.
    """
    unit = _unit(derivation, result, formats)
    return replace(
        undefined,
        value=result.value,
        unit=unit,
        shape=_shape(derivation.metric, _default_shape(unit, result, formats)),
        inputs=result.inputs,
        words=_grade(derivation, result.value, unit),
        ratio=bool(result.rates),
        base=result.base,
    )


def _shape(metric: Metric, default: Shape) -> Shape:
    """Return the shape that a metric says, and what it does not say as `default` has it."""
    return Shape(
        decimals=default.decimals if metric.decimals is None else metric.decimals,
        strip=default.strip if metric.strip is None else metric.strip,
        thousands=default.thousands if metric.thousands is None else metric.thousands,
    )


def undefined_figure(
    derivation: Derivation, formats: Formats, titles: Titles, lookup: Lookup
) -> Figure:
    """Return the figure of `derivation` without a value, as where its formula fails."""
    words = ""
    if derivation.expression is not None:
        words = reading(derivation.expression, derivation.context(lookup), titles)
    return Figure(
        key=derivation.key,
        title=titles.of(derivation.key),
        kind="derived",
        value=None,
        unit=derivation.metric.unit or ONE,
        shape=Shape(),
        span=part_span(derivation.metric.formula),
        formula=derivation.metric.formula.text,
        reading=words,
        basis=derivation.metric.basis,
        blank=formats.blank,
    )


def _unit(derivation: Derivation, result: Operand, formats: Formats) -> Unit:
    unit = derivation.metric.unit
    if unit is not None:
        _check_unit(unit, result)
        return unit
    if result.unit.dimension == _MONEY:
        return formats.money_unit
    return result.unit


def _check_unit(unit: Unit, result: Operand) -> None:
    """Raise `FormulaError` F113 where a result cannot be printed in `unit`."""
    if not _fits(unit, result):
        found = str(result.unit) or ("%" if unit.symbol in POINTS else "1")
        raise FormulaError("F113", None, {"unit": str(unit), "found": found})


def _fits(unit: Unit, result: Operand) -> bool:
    """Return whether `result` can be printed in `unit`."""
    if result.value is None:
        return True
    if _mistakes_rates(unit, result):
        return False
    if unit.dimension == result.unit.dimension:
        return True
    return result.bare and counts(unit)


def _mistakes_rates(unit: Unit, result: Operand) -> bool:
    """Return whether `unit` is % for a difference of rates, or points for a rate or a growth."""
    if result.rates is None:
        return False
    return unit.symbol in (POINTS if result.rates else RATES)


def _default_shape(unit: Unit, result: Operand, formats: Formats) -> Shape:
    if unit.dimension == _MONEY:
        return formats.money
    if unit.symbol in _RATIO:
        return formats.percent
    return Shape(decimals=result.decimals, strip=True)


def _grade(derivation: Derivation, value: Fraction | None, unit: Unit) -> str:
    """Return the word of the highest band that `value` reaches; nothing below all of them."""
    if value is None or not derivation.metric.grades:
        return ""
    bands = [(_floor(floor, unit), word) for floor, word in derivation.metric.grades]
    for floor, word in sorted(bands, reverse=True):
        if value >= floor:
            return word
    return ""


def _floor(text: str, unit: Unit) -> Fraction:
    """Return the lower end of a band in base units; without a unit it counts in `unit`."""
    try:
        quantity = parse_quantity(text, unit)
    except QuantityError:
        raise FormulaError("F107", None, {"part": text}) from None
    if quantity.unit.dimension != unit.dimension:
        raise FormulaError(
            "F104", None, {"left": str(unit) or "@unitless", "right": str(quantity.unit)}
        )
    return quantity.value


def figure_as_prior(figure: Figure, year: int) -> Figure:
    """Return a figure of `year` as the year after it sees it."""
    return replace(
        figure,
        key=PRIOR + figure.key,
        title=_prior_title(figure.key, figure.title, year),
        inputs=tuple(PRIOR + key for key in figure.inputs),
    )


def text_as_prior(text: Fact, year: int) -> Fact:
    """Return a text of `year` as the year after it sees it."""
    title = _prior_title(text.key, text.title, year)
    return replace(text, key=PRIOR + text.key, title=title)


def _prior_title(key: str, title: str, year: int) -> str:
    """Return a title with its year, which that of a year before has already."""
    return title if key.startswith(PRIOR) else f"{year}年{title}"
