"""Gives a value its printed shape: unit, decimals and words, as metric and pack say."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from reportgen.derive.tasks import Derivation
from reportgen.formula.names import Lookup
from reportgen.formula.operand import Operand, counts
from reportgen.formula.reading import Titles, reading
from reportgen.formula.syntax import FormulaError, part_span
from reportgen.model.figures import Fact, Figure
from reportgen.model.pack import Formats
from reportgen.model.quantity import Quantity, QuantityError, Shape, parse_quantity
from reportgen.model.units import ONE, Unit

_MONEY = (("money", 1),)
_RATIO = {"%", "‰", "百分点", "个百分点"}


def fact_figure(fact: Fact, title: str, formats: Formats) -> Figure:
    """Return the figure of a typed number, printed with the digits and unit as written."""
    if not isinstance(fact.value, Quantity):
        return Figure(fact.key, title, "fact", None, ONE, Shape(), fact.span, blank=formats.blank)
    value, unit, shape = fact.value.value, fact.value.unit, fact.value.shape
    if formats.thousands and unit.dimension == _MONEY:
        shape = replace(shape, thousands=True)
    return Figure(fact.key, title, "fact", value, unit, shape, fact.span)


def derived_figure(job: Derivation, result: Operand, formats: Formats, undefined: Figure) -> Figure:
    """Return the figure of `job`, `undefined` so far, shaped as metric or else pack says.

    Raises `FormulaError` F113 where the metric's unit does not fit what came out, F104 or F107
    where the floor of a grade does not.
    """
    metric = job.metric
    unit = _unit(job, result, formats)
    default = _default_shape(unit, result, formats)
    shape = Shape(
        decimals=default.decimals if metric.decimals is None else metric.decimals,
        strip=default.strip if metric.strip is None else metric.strip,
        thousands=default.thousands if metric.thousands is None else metric.thousands,
    )
    return replace(
        undefined,
        value=result.value,
        unit=unit,
        shape=shape,
        inputs=result.inputs,
        words=_grade(job, result.value, unit),
    )


def undefined_figure(job: Derivation, formats: Formats, titles: Titles, lookup: Lookup) -> Figure:
    """Return the figure of `job` without a value, as where its formula cannot be worked out."""
    words = reading(job.expression, job.context(lookup), titles) if job.expression else ""
    return Figure(
        key=job.key,
        title=titles.of(job.key),
        kind="derived",
        value=None,
        unit=job.metric.unit or ONE,
        shape=Shape(),
        span=part_span(job.metric.formula),
        formula=job.metric.formula.text,
        reading=words,
        basis=job.metric.basis,
        blank=formats.blank,
    )


def _unit(job: Derivation, result: Operand, formats: Formats) -> Unit:
    wanted = job.metric.unit
    if wanted is None:
        return formats.money_unit if result.unit.dimension == _MONEY else result.unit
    counted = result.bare and counts(wanted)
    if result.value is not None and wanted.dimension != result.unit.dimension and not counted:
        params = {"unit": str(wanted), "found": str(result.unit) or "1"}
        raise FormulaError("F113", None, params)
    return wanted


def _default_shape(unit: Unit, result: Operand, formats: Formats) -> Shape:
    if unit.dimension == _MONEY:
        return formats.money
    if unit.symbol in _RATIO:
        return formats.percent
    return Shape(decimals=result.decimals, strip=True)


def _grade(job: Derivation, value: Fraction | None, unit: Unit) -> str:
    """Return the word of the highest band that `value` reaches; nothing below all of them."""
    if value is None or not job.metric.grades:
        return ""
    bands = sorted(((_floor(floor, unit), word) for floor, word in job.metric.grades), reverse=True)
    return next((word for floor, word in bands if value >= floor), "")


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
