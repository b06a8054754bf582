"""Scores by rule: from an indicator's value and weight to the points it earns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from reportgen.findings import Diagnostics, RelatedLocation, finding
from reportgen.formula.evaluate import evaluate
from reportgen.formula.faults import fault
from reportgen.formula.names import Context, Lookup
from reportgen.formula.operand import Operand
from reportgen.formula.parse import parse
from reportgen.formula.syntax import FormulaError
from reportgen.model.figures import Fact, Facts, Figure
from reportgen.model.quantity import Quantity, Shape, shown
from reportgen.model.rules import Rules
from reportgen.model.scoring import Band, Scoring, ScoringKind, ScoringRule, ValueRange
from reportgen.model.source import Formula
from reportgen.model.units import UNITS

Values = Mapping[str, Fraction | None]
"""What a rule looks at, in base units: `value`, `target`, `last`; None where undefined."""


def score(
    rule: ScoringRule, points: Fraction, values: Values, checks: Sequence[Fraction] = ()
) -> Fraction | None:
    """Return the points earned of `points`, never below 0 nor above; None if not computable.

    A manual or qualitative rule is never computed; the others are not while an input is blank.
    """
    earned = _SCORERS[rule.kind](rule, points, values, checks)
    return None if earned is None else max(Fraction(0), min(points, earned))


def _steps(rule: ScoringRule, distance: Fraction) -> Fraction:
    steps = distance / rule.per
    return Fraction(steps.numerator // steps.denominator) if rule.whole else steps


def _at_most(
    rule: ScoringRule, points: Fraction, values: Values, _checks: Sequence[Fraction]
) -> Fraction | None:
    value = values.get("value")
    if value is None:
        return None
    return points - rule.off * _steps(rule, max(Fraction(0), value - rule.limit))


def _at_least(
    rule: ScoringRule, points: Fraction, values: Values, _checks: Sequence[Fraction]
) -> Fraction | None:
    value = values.get("value")
    if value is None:
        return None
    return points - rule.off * _steps(rule, max(Fraction(0), rule.limit - value))


def _bands(
    rule: ScoringRule, _points: Fraction, values: Values, _checks: Sequence[Fraction]
) -> Fraction | None:
    value = values.get("value")
    if value is None:
        return None
    return next((band.score for band in rule.bands if value in band.range), None)


def _per_case(
    rule: ScoringRule, points: Fraction, values: Values, _checks: Sequence[Fraction]
) -> Fraction | None:
    value = values.get("value")
    return None if value is None else points - rule.off * value


def _checklist(
    _rule: ScoringRule, _points: Fraction, _values: Values, checks: Sequence[Fraction]
) -> Fraction | None:
    return sum(checks, Fraction(0)) if checks else None


def _proportional(
    _rule: ScoringRule, points: Fraction, values: Values, _checks: Sequence[Fraction]
) -> Fraction | None:
    value, target = values.get("value"), values.get("target", Fraction(1))
    if value is None or target is None:
        return None
    if target == 0:
        # 财预〔2020〕10号's forms: with a target of zero anything above it earns nothing.
        return points if value == 0 else Fraction(0)
    return points * max(Fraction(0), value) / target


def _inverse(
    rule: ScoringRule, points: Fraction, values: Values, _checks: Sequence[Fraction]
) -> Fraction | None:
    value, target = values.get("value"), values.get("target")
    if value is None or target is None:
        return None
    if value <= target:
        return points
    if rule.variant == "ratio":
        return points * target / value
    return points * (1 - (value - target) / target) if target else Fraction(0)


def _carry_over(
    rule: ScoringRule, points: Fraction, values: Values, _checks: Sequence[Fraction]
) -> Fraction | None:
    value, last = values.get("value"), values.get("last")
    if value is None:
        return None
    if value == 0:
        return points
    if last is None:
        return None
    return rule.kept if value <= last else Fraction(0)


def _judged(
    _rule: ScoringRule, _points: Fraction, _values: Values, _checks: Sequence[Fraction]
) -> Fraction | None:
    return None


_SCORERS: Mapping[
    ScoringKind,
    Callable[[ScoringRule, Fraction, Values, Sequence[Fraction]], Fraction | None],
] = {
    "at_most": _at_most,
    "at_least": _at_least,
    "bands": _bands,
    "per_case": _per_case,
    "checklist": _checklist,
    "proportional": _proportional,
    "inverse": _inverse,
    "carry_over": _carry_over,
    "qualitative": _judged,
    "manual": _judged,
}


def gaps(bands: Sequence[Band]) -> tuple[str, ...]:
    """Return what is wrong with a table of bands: `hole` or `overlap` with the ranges around it."""
    ordered = sorted(bands, key=lambda b: (b.range.low is not None, b.range.low or 0))
    problems: list[str] = []
    for lower, upper in pairwise(ordered):
        fault = _between(lower.range, upper.range)
        if fault:
            problems.append(f"{fault}: {lower.text} {upper.text}")
    if ordered and (ordered[0].range.low is not None or ordered[-1].range.high is not None):
        problems.append(f"hole: {ordered[0].text} {ordered[-1].text}")
    return tuple(problems)


def _between(lower: ValueRange, upper: ValueRange) -> str:
    if lower.high is None or upper.low is None or lower.high > upper.low:
        return "overlap"
    if lower.high < upper.low or not (lower.high_closed or upper.low_closed):
        return "hole"
    return "overlap" if lower.high_closed and upper.low_closed else ""


POINT = UNITS["分"]
SHAPE = Shape(decimals=2)
"""Scores are rounded to two decimals, as the forms of 财预〔2020〕10号 have them."""


@dataclass(frozen=True, slots=True)
class ScoreJob:
    """A score to work out: the indicator's row, its rule, and what the rule looks at."""

    key: str
    row: str
    rule: ScoringRule
    scoring: Scoring


def score_jobs(facts: Facts, rules: Rules, log: Diagnostics) -> dict[str, ScoreJob]:
    """Return the scores to work out by key; the log gets rules that do not fit (F120–F123)."""
    standards = {rule.name: rule for rule in rules.standards}
    _check_bands(rules.standards, log)
    rows = facts.tables.get("ratings", ())
    jobs: dict[str, ScoreJob] = {}
    used: set[str] = set()
    for scoring in rules.scorings:
        used.add(scoring.rule)
        rule = standards.get(scoring.rule)
        if rule is None:
            known = "、".join(standards) or "—"
            log.add(
                finding("F122", scoring.span, subject=scoring.rule, rule=scoring.rule, known=known)
            )
        elif scoring.rating not in rows:
            log.add(finding("F123", scoring.span, subject=scoring.rating, rating=scoring.rating))
        else:
            row = f"ratings.{scoring.rating}"
            jobs[f"{row}.score"] = ScoreJob(f"{row}.score", row, rule, scoring)
    for name, rule in standards.items():
        if name not in used:
            log.add(finding("F121", rule.span, subject=name, title=rule.title))
    return jobs


def _check_bands(rules: Iterable[ScoringRule], log: Diagnostics) -> None:
    """Tell of bands that overlap or leave a hole (F120)."""
    for rule in rules:
        for problem in gaps(rule.bands) if rule.bands else ():
            log.add(finding("F120", rule.span, subject=rule.name, title=rule.title, detail=problem))


def scored_figure(
    job: ScoreJob, lookup: Lookup, typed: Fact | None, facts: Facts, log: Diagnostics
) -> Figure:
    """Return the score's figure: worked out, else as typed; R201 where the two differ."""
    values: dict[str, Fraction | None] = {}
    inputs: list[str] = []
    for name, formula in _formulas(job.scoring):
        operand = _value(formula, lookup, job, log)
        values[name] = operand.value
        inputs.extend(operand.inputs)
    points = lookup.number(f"{job.row}.points")
    weight = points.value if points and points.value is not None else Fraction(0)
    checks = _checks(job.row, facts)
    earned = score(job.rule, weight, values, list(checks.values()))
    quantity = typed.value if typed and isinstance(typed.value, Quantity) else None
    named = facts.facts.get(f"{job.row}.name")
    title = f"{named.value}·得分" if named else job.rule.title
    if earned is None:
        span = typed.span if typed else job.scoring.span
        value, shape = (quantity.value, quantity.shape) if quantity else (None, SHAPE)
        return Figure(job.key, title, "score", value, POINT, shape, span, basis=job.rule.basis)
    figure = Figure(
        key=job.key,
        title=title,
        kind="score",
        value=earned,
        unit=POINT,
        shape=SHAPE,
        span=job.scoring.span,
        formula=_said(job.scoring),
        reading=f"按评分标准“{job.rule.title}”",
        inputs=(*dict.fromkeys(inputs), *checks, f"{job.row}.points"),
        basis=job.rule.basis or job.rule.text,
    )
    if quantity is not None and abs(quantity.value - earned) > quantity.tolerance and typed:
        log.add(
            finding(
                "R201",
                typed.span,
                RelatedLocation(job.rule.span, job.rule.title),
                subject=job.row,
                title=title,
                typed=quantity.text,
                computed=shown(earned, POINT, SHAPE),
            )
        )
    return figure


def _formulas(scoring: Scoring) -> list[tuple[str, Formula]]:
    named = (("value", scoring.value), ("target", scoring.target), ("last", scoring.last))
    return [(name, formula) for name, formula in named if formula is not None]


def _said(scoring: Scoring) -> str:
    return "; ".join(f"{name} = {formula.text}" for name, formula in _formulas(scoring))


def _value(formula: Formula, lookup: Lookup, job: ScoreJob, log: Diagnostics) -> Operand:
    try:
        return evaluate(parse(formula), Context(lookup, row=job.row))
    except FormulaError as error:
        log.add(fault(formula, error, job.row, lookup))
        return Operand(None)


def _checks(row: str, facts: Facts) -> dict[str, Fraction]:
    """Return the points got for each sub-point of a check list, by key."""
    keys = [f"{row}.checks.{n}" for n in facts.tables.get(f"{row}.checks", ())]
    values = {key: facts.facts[key].value for key in keys}
    return {key: v.value for key, v in values.items() if isinstance(v, Quantity)}


def standard_texts(rules: Rules, facts: Facts) -> dict[str, Fact]:
    """Return the printed text of each indicator's scoring rule, at `ratings.<id>.standard`.

    It is blank for an indicator that no rule scores.
    """
    standards = {rule.name: rule for rule in rules.standards}
    found: dict[str, Fact] = {}
    for row in facts.tables.get("ratings", ()):
        key, name = f"ratings.{row}.standard", facts.facts.get(f"ratings.{row}.name")
        if name is not None:
            found[key] = Fact(key, f"{name.value}·评分标准", None, name.span)
    for scoring in rules.scorings:
        rule = standards.get(scoring.rule)
        if rule is not None:
            key = f"ratings.{scoring.rating}.standard"
            found[key] = Fact(key, f"{rule.title}·评分标准", rule.text or None, rule.span)
    return found
