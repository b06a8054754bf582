"""Scores by rule: from an indicator's value and weight to the points it earns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from reportgen.model.scoring import Band, Interval, ScoringKind, ScoringRule

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


def _between(lower: Interval, upper: Interval) -> str:
    if lower.high is None or upper.low is None or lower.high > upper.low:
        return "overlap"
    if lower.high < upper.low or not (lower.high_closed or upper.low_closed):
        return "hole"
    return "overlap" if lower.high_closed and upper.low_closed else ""
