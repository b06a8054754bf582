"""Explains rules: what a relation says and how it stands, what a scoring rule gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reportgen.check.relations import numbers
from reportgen.explain import FIRST_INPUTS, MOST_INPUTS, equation
from reportgen.findings import Finding
from reportgen.formula.evaluate import Comparison, compare
from reportgen.formula.lookup import LedgerLookup
from reportgen.formula.names import MEASURES, Context
from reportgen.formula.operand import Operand, holds
from reportgen.formula.parse import parse
from reportgen.formula.reading import SIGNS, reading
from reportgen.formula.syntax import FormulaError
from reportgen.formula.titles import Titles
from reportgen.formula.tolerance import tolerance
from reportgen.model.figures import Ledger
from reportgen.model.quantity import Shape, shown
from reportgen.model.rules import Relation
from reportgen.model.scoring import Scoring, ScoringRule

KINDS = {
    "at_most": "不超过限值得满分，超过扣分",
    "at_least": "不低于限值得满分，低于扣分",
    "bands": "按区间给分",
    "per_case": "每例扣分",
    "checklist": "按要点给分",
    "proportional": "按完成比例给分",
    "inverse": "越小越好",
    "carry_over": "按结转结余给分",
    "qualitative": "定性，分档给分",
    "manual": "人工评分",
}
"""What the kinds of scoring rules are called."""
_ENOUGH = Shape(decimals=4)


def relation_told(relation: Relation, ledger: Ledger, findings: Iterable[Finding]) -> str:
    """Return a relation in words: both sides, their difference, tolerance, basis and waiver."""
    lines = [f"{relation.title}  [{relation.key}]  勾稽关系"]
    lines.append(f"  {relation.claim.mark}  {relation.claim.text}")
    for measure in relation.each or ("",):
        try:
            lines += _standing(relation, ledger, measure)
        except FormulaError:
            lines.append("  算不出来：运行 reportgen check 看原因")
    if relation.basis:
        lines.append(f"  依据：{relation.basis}")
    reasons = [f.waived for f in findings if f.subject == relation.key and f.waived]
    lines += [f"  已豁免：{reason}" for reason in dict.fromkeys(reasons)]
    return "\n".join(lines)


def _standing(relation: Relation, ledger: Ledger, measure: str) -> Iterator[str]:
    """Yield the lines that say what is claimed for a measure, and whether it holds."""
    context = Context(LedgerLookup(ledger), measure)
    expression = parse(relation.claim)
    claim = compare(expression, context)
    titles = {key: text.title for key, text in ledger.texts.items()}
    titles |= {key: figure.title for key, figure in ledger.figures.items()}
    said = reading(expression, context, Titles(titles, ledger.tables, ledger.year))
    head = f"（{MEASURES.get(measure, measure)}）" if measure else ""
    yield f"  应{head}：{said}"
    left, right, difference = numbers(claim)
    for name, side, text in (("左边", claim.left, left), ("右边", claim.right, right)):
        yield f"  {name} {text if side.value is not None else '—'}"
        yield from (f"    {line}" for line in _inputs(side, ledger))
    yield f"  {_verdict(relation, claim, difference)}"


def _verdict(relation: Relation, claim: Comparison, difference: str) -> str:
    if claim.gap is None:
        return "没有核对：有空的数"
    allowed = tolerance(relation, claim)
    stands = "成立" if holds(claim.sign, claim.gap, allowed) else "不成立"
    margin = shown(allowed, claim.left.unit, _ENOUGH) if allowed else "0"
    return f"相差 {difference}，容差 {margin}：{SIGNS[claim.sign]} {stands}"


def _inputs(side: Operand, ledger: Ledger) -> Iterator[str]:
    """Yield the first figures that a side is made of, with their places; a count of the rest."""
    most = len(side.inputs) if len(side.inputs) <= MOST_INPUTS else FIRST_INPUTS
    for key in side.inputs[:most]:
        figure = ledger.figures.get(key)
        text = ledger.texts.get(key) or ledger.texts.get(f"{key}.name")
        if figure is not None:
            yield f"{equation(figure)}  [{key}]  {figure.mark}"
        elif text is not None:
            yield f"{text.title}：{text.value or '—'}  [{key}]  {text.mark}"
    if len(side.inputs) > most:
        yield f"… 其余 {len(side.inputs) - most} 项"


def standard_told(rule: ScoringRule, ledger: Ledger, scorings: Iterable[Scoring]) -> str:
    """Return a scoring rule: its kind, text and basis, and the scores it gives."""
    lines = [f"{rule.title}  [{rule.name}]  评分标准：{KINDS[rule.kind]}", f"  {rule.mark}"]
    for name, text in (("标准", rule.text), ("评分理由", rule.reason), ("依据", rule.basis)):
        lines += [f"  {name}：{text}"] if text else []
    lines += [f"  [{band.text}] 得 {float(band.score):g}" for band in rule.bands]
    for scoring in scorings:
        figure = ledger.figures.get(f"ratings.{scoring.rating}.score")
        if scoring.rule == rule.name and figure is not None:
            points = ledger.figures.get(f"ratings.{scoring.rating}.points")
            of = f"（分值 {points.text}）" if points else ""
            lines.append(f"  用于 {figure.title}：{figure.text or '—'}{of}  [{figure.key}]")
    return "\n".join(lines)
