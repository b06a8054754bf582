"""The scores to work out: for each row that a rule scores, what the rule looks at there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from reportgen.derive.points import earned_by, gaps, score
from reportgen.findings import Diagnostics, RelatedLocation, finding
from reportgen.formula.evaluate import evaluate
from reportgen.formula.indicators import (
    COLUMNS,
    QUALITATIVE,
    Indicator,
    IndicatorAmount,
    IndicatorRow,
    indicator_row,
)
from reportgen.formula.lookup import fault
from reportgen.formula.names import Context, Lookup
from reportgen.formula.operand import Operand
from reportgen.formula.parse import parse
from reportgen.formula.syntax import FormulaError
from reportgen.model.figures import Fact, Facts, Figure
from reportgen.model.frozen import frozen
from reportgen.model.quantity import Quantity, Shape, shown
from reportgen.model.rules import Rules
from reportgen.model.scoring import Scoring, ScoringRule, scored_rows
from reportgen.model.source import Formula
from reportgen.model.units import UNITS

POINT = UNITS["分"]
SHAPE = Shape(decimals=2)
"""Scores are rounded to two decimals, as the forms of 财预〔2020〕10号 have them."""


@frozen
class ScoreJob:
    """A score to work out: the indicator's row, its rule, and what the rule looks at.

    `key` and `points` are those of the score and of the points that can be got.
    """

    key: str
    row: str
    points: str
    rule: ScoringRule
    scoring: Scoring


def score_jobs(facts: Facts, rules: Rules, log: Diagnostics) -> dict[str, ScoreJob]:
    """Return the scores to work out by key; the log gets rules that do not fit (F120–F123)."""
    standards = {rule.name: rule for rule in rules.standards}
    _check_bands(rules.standards, log)
    for scoring in rules.scorings:
        _check_scoring(scoring, standards, facts.tables, log)
    jobs: dict[str, ScoreJob] = {}
    for row, scoring in scored_rows(rules.scorings, facts.tables).items():
        if scoring.rule in standards:
            key, points = _cell(row, "score", facts), _cell(row, "points", facts)
            jobs[key] = ScoreJob(key, row, points, standards[scoring.rule], scoring)
    _check_used(standards, rules.scorings, log)
    return jobs


def _check_scoring(
    scoring: Scoring,
    standards: Mapping[str, ScoringRule],
    tables: Mapping[str, tuple[str, ...]],
    log: Diagnostics,
) -> None:
    """Log F122 for a rule that there is not, F123 for a row or table that there is not."""
    name, rating = scoring.rule, scoring.rating
    row = scoring.row.rpartition(".")[2]
    if name not in standards:
        known = "、".join(standards) or "—"
        log.add(finding("F122", scoring.span, subject=name, rule=name, known=known))
    elif scoring.table not in tables or row not in {"*", *tables[scoring.table]}:
        log.add(finding("F123", scoring.span, subject=rating, rating=rating))


def _cell(row: str, field: str, facts: Facts) -> str:
    """Return the key of a field of a row, as its table calls the column."""
    keys = [f"{row}.{name}" for name in COLUMNS[field]]
    return next((key for key in keys if key in facts.facts), keys[0])


def _check_used(
    standards: Mapping[str, ScoringRule], scorings: Iterable[Scoring], log: Diagnostics
) -> None:
    """Log F121 for each rule that scores nothing."""
    used = {scoring.rule for scoring in scorings}
    for name, rule in standards.items():
        if name not in used:
            log.add(finding("F121", rule.span, subject=name, title=rule.title))


def _check_bands(rules: Iterable[ScoringRule], log: Diagnostics) -> None:
    """Log F120 for bands that overlap or leave a hole."""
    for rule in rules:
        for problem in gaps(rule.bands):
            log.add(finding("F120", rule.span, subject=rule.name, title=rule.title, detail=problem))


def scored_figure(
    job: ScoreJob, lookup: Lookup, typed: Fact | None, facts: Facts, log: Diagnostics
) -> Figure:
    """Return the score's figure: worked out, else as typed; R201 where the two differ."""
    values, inputs = _looked_at(job, lookup, log)
    if job.rule.kind == "by_nature":
        values, inputs = _compared(job, lookup, facts)
    checks = _checks(job.row, facts)
    given = list(checks.values())
    points, earned = _weight(job, lookup), None
    title = _score_title(job, facts)
    if points is not None:
        earned = score(job.rule, points, values, given)
        _check_most(job, points, earned_by(job.rule, points, values, given), title, log)
    if earned is None:
        return _typed_figure(job, typed, title)
    if typed is not None:
        _check_typed(job, typed, title, earned, log)
    return Figure(
        key=job.key,
        title=title,
        kind="score",
        value=earned,
        unit=POINT,
        shape=SHAPE,
        span=job.scoring.span,
        formula=_formula_text(job.scoring),
        reading=f"按评分标准“{job.rule.title}”",
        inputs=(*inputs, *checks, job.points),
        basis=job.rule.basis or job.rule.text,
    )


def _check_most(
    job: ScoreJob, points: Fraction, earned: Fraction | None, title: str, log: Diagnostics
) -> None:
    """Log R202 where a rule gives more than all points: it is not cut down without a word.

    More than the target in proportion earns all points, as 财预〔2020〕10号 has it.
    """
    if earned is None or earned <= points or job.rule.kind == "proportional":
        return
    place = RelatedLocation(job.rule.span, "rule")
    log.add(
        finding(
            "R202",
            job.scoring.span,
            place,
            subject=job.row,
            title=title,
            score=shown(earned, POINT, SHAPE),
            points=shown(points, POINT, SHAPE),
        )
    )


def _looked_at(
    job: ScoreJob, lookup: Lookup, log: Diagnostics
) -> tuple[dict[str, Fraction | None], tuple[str, ...]]:
    """Return what a rule looks at by name, and the keys of the figures in it."""
    values: dict[str, Fraction | None] = {}
    inputs: dict[str, None] = {}
    for name, formula in _formulas(job.scoring):
        operand = _value(formula, lookup, job, log)
        values[name] = operand.value
        inputs.update(dict.fromkeys(operand.inputs))
    return values, tuple(inputs)


def _compared(
    job: ScoreJob, lookup: Lookup, facts: Facts
) -> tuple[dict[str, Fraction | None], tuple[str, ...]]:
    """Return target and result of a row by the names that fit its nature, and what they print.

    Nothing is known of a qualitative indicator, or of values in unlike units.
    """
    figures: dict[str, Indicator] = {}

    def figure(key: str) -> Indicator | None:
        found = lookup.number(key)
        if found is not None:
            figures[key] = Indicator(key, "", found.value, found.unit)
        return figures.get(key)

    value = lookup.number(_cell(job.row, "value", facts))
    inputs = value.inputs if value else ()
    row = indicator_row(job.row, lambda key: _typed_text(key, facts), figure)
    return _values_of(row), (*inputs, *figures)


def _values_of(row: IndicatorRow) -> dict[str, Fraction | None]:
    if row.target is None or row.actual is None or row.nature == QUALITATIVE:
        return {}
    return _reached(row.target.amount, row.actual.amount, row.target.sign)


def _reached(
    target: IndicatorAmount | None, actual: IndicatorAmount | None, sign: str
) -> dict[str, Fraction | None]:
    """Return what was reached beside its target, nothing where the two do not compare."""
    if target is None or actual is None or not target.compares_with(actual):
        return {}
    name = "at_most" if sign in {"<=", "<"} else "at_least"
    return {name: target.value, "value": actual.value}


def _typed_text(key: str, facts: Facts) -> str | None:
    """Return a cell as it was typed."""
    fact = facts.facts.get(key)
    if fact is None or fact.value is None:
        return None
    return fact.value.text if isinstance(fact.value, Quantity) else fact.value


def _weight(job: ScoreJob, lookup: Lookup) -> Fraction | None:
    """Return the points that an indicator can earn, None where they are blank: that is not 0."""
    points = lookup.number(job.points)
    return points.value if points is not None else Fraction(0)


def _score_title(job: ScoreJob, facts: Facts) -> str:
    name = facts.facts.get(f"{job.row}.name")
    return f"{name.value}·得分" if name and name.value else job.rule.title


def _typed_figure(job: ScoreJob, typed: Fact | None, title: str) -> Figure:
    """Return the score that somebody typed, undefined without one."""
    span = typed.span if typed else job.scoring.span
    value, shape = None, SHAPE
    if typed is not None and isinstance(typed.value, Quantity):
        value, shape = typed.value.value, typed.value.shape
    return Figure(job.key, title, "score", value, POINT, shape, span, basis=job.rule.basis)


def _check_typed(
    job: ScoreJob, typed: Fact, title: str, earned: Fraction, log: Diagnostics
) -> None:
    """Log R201 where the typed score differs from the one that the rule gives."""
    quantity = typed.value
    if not isinstance(quantity, Quantity) or abs(quantity.value - earned) <= quantity.tolerance:
        return
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


def _formulas(scoring: Scoring) -> list[tuple[str, Formula]]:
    """Return the formulas of what a rule looks at, each with its name."""
    named = (("value", scoring.value), ("target", scoring.target), ("last", scoring.last))
    return [(name, formula) for name, formula in named if formula is not None]


def _formula_text(scoring: Scoring) -> str:
    return "; ".join(f"{name} = {formula.text}" for name, formula in _formulas(scoring))


def _value(formula: Formula, lookup: Lookup, job: ScoreJob, log: Diagnostics) -> Operand:
    try:
        return evaluate(parse(formula), Context(lookup, row=job.row))
    except FormulaError as error:
        log.add(fault(formula, error, job.row, lookup))
        return Operand(None)


def _checks(row: str, facts: Facts) -> dict[str, Fraction]:
    """Return the points got for each sub-point of a check list, by key."""
    points: dict[str, Fraction] = {}
    for number in facts.tables.get(f"{row}.checks", ()):
        key = f"{row}.checks.{number}"
        value = facts.facts[key].value
        if isinstance(value, Quantity):
            points[key] = value.value
    return points


def _blank_standards(facts: Facts) -> dict[str, Fact]:
    texts: dict[str, Fact] = {}
    for row in facts.tables.get("ratings", ()):
        name = facts.facts.get(f"ratings.{row}.name")
        if name is not None:
            key = f"ratings.{row}.standard"
            texts[key] = Fact(key, f"{name.value or row}·评分标准", None, name.span)
    return texts


def standard_texts(rules: Rules, facts: Facts) -> dict[str, Fact]:
    """Return the printed text of each indicator's scoring rule, at `ratings.<id>.standard`.

    It is blank for an indicator of `ratings` that no rule scores.
    """
    texts = _blank_standards(facts)
    standards = {rule.name: rule for rule in rules.standards}
    for row, scoring in scored_rows(rules.scorings, facts.tables).items():
        if scoring.rule in standards:
            key = f"{row}.standard"
            texts[key] = _standard_text(key, standards[scoring.rule])
    return texts


def _standard_text(key: str, rule: ScoringRule) -> Fact:
    return Fact(key, f"{rule.title}·评分标准", rule.text or None, rule.span)
