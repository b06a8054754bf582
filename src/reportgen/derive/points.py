"""Points by rule: what an indicator's value earns of its weight, and whether bands fit together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from reportgen.model.scoring import Band, ScoringKind, ScoringRule, ValueRange

Values = Mapping[str, Fraction | None]
"""What a rule looks at, in base units: `value`, `target`, `last`; None where undefined."""


def score(
    rule: ScoringRule, points: Fraction, values: Values, checks: Sequence[Fraction] = ()
) -> Fraction | None:
    """Return the points earned of `points`, never below 0 nor above; None if not computable.

    A manual or qualitative rule is never computed; the others are not while an input is blank.
    """
    earned = earned_by(rule, points, values, checks)
    return None if earned is None else max(Fraction(0), min(points, earned))


def earned_by(
    rule: ScoringRule, points: Fraction, values: Values, checks: Sequence[Fraction]
) -> Fraction | None:
    """Return what a rule gives, be it more than the points; None if not computable."""
    if rule.kind == "checklist":
        return sum(checks, Fraction(0)) if checks else None
    return _computed(rule, points, values) if rule.kind in _SCORERS else None


def _computed(rule: ScoringRule, points: Fraction, values: Values) -> Fraction | None:
    scorer, needed = _SCORERS[rule.kind]
    if rule.kind == "proportional":
        values = {"target": Fraction(1), **values}
    known = {name: value for name, value in values.items() if value is not None}
    if not known.keys() >= needed:
        return None
    return scorer(rule, points, known)


Known = Mapping[str, Fraction]
"""The values that are not blank, all that a rule needs among them."""


def _steps(rule: ScoringRule, distance: Fraction) -> Fraction:
    steps = max(Fraction(0), distance) / rule.per
    return Fraction(steps.numerator // steps.denominator) if rule.whole else steps


def _at_most(rule: ScoringRule, points: Fraction, known: Known) -> Fraction:
    return points - rule.off * _steps(rule, known["value"] - rule.limit)


def _at_least(rule: ScoringRule, points: Fraction, known: Known) -> Fraction:
    return points - rule.off * _steps(rule, rule.limit - known["value"])


def _bands(rule: ScoringRule, _points: Fraction, known: Known) -> Fraction | None:
    for band in rule.bands:
        if known["value"] in band.range:
            return band.score
    return None


def _per_case(rule: ScoringRule, points: Fraction, known: Known) -> Fraction:
    return points - rule.off * known["value"]


def _proportional(_rule: ScoringRule, points: Fraction, known: Known) -> Fraction:
    value, target = known["value"], known["target"]
    if target == 0:
        # 财预〔2020〕10号's forms: with a target of zero anything above it earns nothing.
        return points if value == 0 else Fraction(0)
    return points * max(Fraction(0), value) / target


def _inverse(rule: ScoringRule, points: Fraction, known: Known) -> Fraction:
    value, target = known["value"], known["target"]
    if value <= target:
        return points
    if rule.variant == "ratio":
        return points * target / value
    return points * (1 - (value - target) / target) if target else Fraction(0)


def _by_nature(rule: ScoringRule, points: Fraction, known: Known) -> Fraction | None:
    """Return all points where the target is reached, else in proportion (财预〔2020〕10号)."""
    if "at_most" in known:
        return _inverse(rule, points, {**known, "target": known["at_most"]})
    if "at_least" in known:
        earned = _proportional(rule, points, {**known, "target": known["at_least"]})
        return min(points, earned)
    return None


def _carry_over(rule: ScoringRule, points: Fraction, known: Known) -> Fraction | None:
    value, last = known["value"], known.get("last")
    if value == 0:
        return points
    if last is None:
        return None
    return rule.kept if value <= last else Fraction(0)


_SCORERS: Mapping[
    ScoringKind,
    tuple[Callable[[ScoringRule, Fraction, Known], Fraction | None], frozenset[str]],
] = {
    "at_most": (_at_most, frozenset({"value"})),
    "at_least": (_at_least, frozenset({"value"})),
    "bands": (_bands, frozenset({"value"})),
    "per_case": (_per_case, frozenset({"value"})),
    "proportional": (_proportional, frozenset({"value", "target"})),
    "inverse": (_inverse, frozenset({"value", "target"})),
    "carry_over": (_carry_over, frozenset({"value"})),
    "by_nature": (_by_nature, frozenset({"value"})),
}
"""How each kind of rule that is computed gives points, and the values that it needs."""


def gaps(bands: Sequence[Band]) -> tuple[str, ...]:
    """Return what is wrong with a table of bands: @hole or @overlap with the ranges around it."""
    ordered = sorted(bands, key=_lower_end)
    problems: list[str] = []
    for lower, upper in pairwise(ordered):
        problem = _problem_between(lower.range, upper.range)
        if problem:
            problems.append(f"@{problem} {lower.text} {upper.text}")
    if ordered and _is_bounded(ordered[0].range, ordered[-1].range):
        problems.append(f"@hole {ordered[0].text} {ordered[-1].text}")
    return tuple(problems)


def _is_bounded(first: ValueRange, last: ValueRange) -> bool:
    """Return whether some values lie below the first range or above the last."""
    return first.low is not None or last.high is not None


def _lower_end(band: Band) -> tuple[bool, Fraction]:
    """Return what bands are ordered by: one without a lower end comes first."""
    low = band.range.low
    return low is not None, low or Fraction(0)


def _problem_between(lower: ValueRange, upper: ValueRange) -> str:
    """Return what is wrong between two ranges that follow each other, empty if nothing is."""
    end, start = lower.high, upper.low
    if end is None or start is None or end > start:
        return "overlap"
    if end < start:
        return "hole"
    ranges_with_border = int(lower.high_closed) + int(upper.low_closed)
    return ("hole", "", "overlap")[ranges_with_border]
