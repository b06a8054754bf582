"""Which scores of a sheet can be worked out, and their figures."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from reportgen.derive.scoring import gaps, score
from reportgen.findings import Finding, Place, finding
from reportgen.formula.evaluate import evaluate
from reportgen.formula.faults import fault
from reportgen.formula.names import Context, Lookup
from reportgen.formula.operand import Operand
from reportgen.formula.parse import parse
from reportgen.formula.syntax import FormulaError
from reportgen.model.facts import Fact, Facts
from reportgen.model.figures import Figure
from reportgen.model.formula import Formula
from reportgen.model.quantity import Quantity, Shape, shown
from reportgen.model.rules import Rules
from reportgen.model.scoring import Scoring, ScoringRule
from reportgen.model.units import UNITS

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


ScoreJobs = tuple[dict[str, ScoreJob], tuple[Finding, ...]]


def score_jobs(facts: Facts, rules: Rules) -> ScoreJobs:
    """Return the scores to work out by key, with findings for rules that do not fit (F120–F123)."""
    standards = {rule.name: rule for rule in rules.standards}
    rows = facts.tables.get("ratings", ())
    jobs: dict[str, ScoreJob] = {}
    findings = [
        finding("F120", rule.mark, subject=rule.name, title=rule.title, detail=problem)
        for rule in rules.standards
        if rule.bands
        for problem in gaps(rule.bands)
    ]
    for scoring in rules.scorings:
        rule = standards.get(scoring.rule)
        if rule is None:
            known = "、".join(standards) or "—"
            findings.append(
                finding("F122", scoring.mark, subject=scoring.rule, rule=scoring.rule, known=known)
            )
        elif scoring.rating not in rows:
            findings.append(
                finding("F123", scoring.mark, subject=scoring.rating, rating=scoring.rating)
            )
        else:
            row = f"ratings.{scoring.rating}"
            jobs[f"{row}.score"] = ScoreJob(f"{row}.score", row, rule, scoring)
    used = {scoring.rule for scoring in rules.scorings}
    findings += [
        finding("F121", rule.mark, subject=name, title=rule.title)
        for name, rule in standards.items()
        if name not in used
    ]
    return jobs, tuple(findings)


def scored_figure(
    job: ScoreJob, lookup: Lookup, typed: Fact | None, facts: Facts
) -> tuple[Figure, tuple[Finding, ...]]:
    """Return the score's figure: worked out, else as typed; R201 where the two differ."""
    values: dict[str, Fraction | None] = {}
    inputs: list[str] = []
    findings: list[Finding] = []
    for name, formula in _formulas(job.scoring):
        operand, found = _value(formula, lookup, job)
        findings.extend(found)
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
        mark = typed.mark if typed else job.scoring.mark
        value, shape = (quantity.value, quantity.shape) if quantity else (None, SHAPE)
        figure = Figure(job.key, title, "score", value, POINT, shape, mark, basis=job.rule.basis)
        return figure, tuple(findings)
    figure = Figure(
        key=job.key,
        title=title,
        kind="score",
        value=earned,
        unit=POINT,
        shape=SHAPE,
        mark=job.scoring.mark,
        formula=_said(job.scoring),
        reading=f"按评分标准“{job.rule.title}”",
        inputs=(*dict.fromkeys(inputs), *checks, f"{job.row}.points"),
        basis=job.rule.basis or job.rule.text,
    )
    if quantity is not None and abs(quantity.value - earned) > quantity.tolerance and typed:
        findings.append(
            finding(
                "R201",
                typed.mark,
                Place(job.rule.mark, job.rule.title),
                subject=job.row,
                title=title,
                typed=quantity.text,
                computed=shown(earned, POINT, SHAPE),
            )
        )
    return figure, tuple(findings)


def _formulas(scoring: Scoring) -> list[tuple[str, Formula]]:
    named = (("value", scoring.value), ("target", scoring.target), ("last", scoring.last))
    return [(name, formula) for name, formula in named if formula is not None]


def _said(scoring: Scoring) -> str:
    return "; ".join(f"{name} = {formula.text}" for name, formula in _formulas(scoring))


def _value(formula: Formula, lookup: Lookup, job: ScoreJob) -> tuple[Operand, tuple[Finding, ...]]:
    try:
        return evaluate(parse(formula), Context(lookup, row=job.row)), ()
    except FormulaError as error:
        return Operand(None), (fault(formula, error, job.row, lookup),)


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
            found[key] = Fact(key, f"{name.value}·评分标准", None, name.mark)
    for scoring in rules.scorings:
        rule = standards.get(scoring.rule)
        if rule is not None:
            key = f"ratings.{scoring.rating}.standard"
            found[key] = Fact(key, f"{rule.title}·评分标准", rule.text or None, rule.mark)
    return found
