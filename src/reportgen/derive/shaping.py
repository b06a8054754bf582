"""Gives a value its printed shape: unit, decimals and words, as metric and pack say."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from reportgen.derive.jobs import Job
from reportgen.formula.operand import Operand
from reportgen.formula.parse import FormulaError
from reportgen.formula.reading import reading
from reportgen.model.facts import Fact
from reportgen.model.figures import Figure
from reportgen.model.pack import Formats
from reportgen.model.quantity import Quantity, Shape
from reportgen.model.units import ONE, Unit

_MONEY = (("money", 1),)
_RATIO = {"%", "‰", "百分点", "个百分点"}


def fact_figure(fact: Fact, formats: Formats) -> Figure:
    """Return the figure of a typed number, printed with the digits and unit as written."""
    if isinstance(fact.value, Quantity):
        value, unit, shape = fact.value.value, fact.value.unit, fact.value.shape
        if formats.thousands and unit.dimension == _MONEY:
            shape = Shape(
                shape.decimals,
                shape.strip,
                True,
                shape.before,
                shape.about,
                shape.about_at,
                shape.after,
            )
        return Figure(fact.key, fact.title, "fact", value, unit, shape, fact.mark)
    return Figure(fact.key, fact.title, "fact", None, ONE, Shape(), fact.mark, blank=formats.blank)


def derived_figure(
    job: Job, result: Operand, formats: Formats, title: Callable[[str], str]
) -> Figure:
    """Return the figure that `job` gives, shaped as its metric says and else as the pack does.

    Raises `FormulaError` F113 when the metric's unit does not fit what came out.
    """
    metric = job.metric
    unit = _unit(job, result, formats)
    default = _default_shape(unit, result, formats)
    shape = Shape(
        decimals=default.decimals if metric.decimals is None else metric.decimals,
        strip=default.strip if metric.strip is None else metric.strip,
        thousands=default.thousands if metric.thousands is None else metric.thousands,
    )
    return Figure(
        key=job.key,
        title=_title(job, title),
        kind="derived",
        value=result.value,
        unit=unit,
        shape=shape,
        mark=metric.mark,
        formula=metric.formula.text,
        reading=reading(job.expression, lambda key: _named(job, key, title)),
        inputs=result.inputs,
        basis=metric.basis,
        words=_grade(job, result.value, unit),
        blank=formats.blank,
    )


def _unit(job: Job, result: Operand, formats: Formats) -> Unit:
    wanted = job.metric.unit
    if wanted is None:
        return formats.money_unit if result.unit.dimension == _MONEY else result.unit
    counted = result.bare and wanted.factor == 1
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


def _title(job: Job, title: Callable[[str], str]) -> str:
    """Return the metric's title with the row's name before it and the measure's after it."""
    name = title(job.row) if job.row else ""
    parts = (name, job.metric.title, MEASURES.get(job.measure, ""))
    return "·".join(part for part in parts if part)


MEASURES = {
    "initial": "年初预算数",
    "budget": "全年预算数",
    "received": "到位数",
    "outturn": "决算数",
    "last": "上年决算数",
}
"""The usual words for the measures of a line."""


def _named(job: Job, key: str, title: Callable[[str], str]) -> str:
    """Return the title of what `key` names in this job: with its row or its measure."""
    for full in (key.replace("row.", f"{job.row}.", 1) if job.row else key, f"{key}.{job.measure}"):
        found = title(full)
        if found != full:
            return found
    return key


def _grade(job: Job, value: Fraction | None, unit: Unit) -> str:
    if value is None or not job.metric.grades:
        return ""
    bands = sorted(((Fraction(f), w) for f, w in job.metric.grades), reverse=True)
    number = value / unit.factor
    return next((word for floor, word in bands if number >= floor), "")
