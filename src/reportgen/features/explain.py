"""Answers what `explain` is asked: finds the figures, texts and rules that a word may mean."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence

from reportgen.check.relations import numbers
from reportgen.findings import Finding
from reportgen.flow.staged import Derived, Draft
from reportgen.formula.evaluate import EvaluatedClaim, compare, tolerance
from reportgen.formula.lookup import LedgerLookup
from reportgen.formula.names import MEASURES, PRIOR, Context
from reportgen.formula.operand import Operand, holds
from reportgen.formula.parse import parse
from reportgen.formula.reading import SIGNS, Titles, reading
from reportgen.formula.syntax import FormulaError
from reportgen.model.document import Document
from reportgen.model.figures import Fact, Ledger
from reportgen.model.locations import located_texts
from reportgen.model.quantity import Shape, shown
from reportgen.model.rules import Relation, Rules
from reportgen.model.scoring import Scoring, ScoringRule
from reportgen.provenance import explanation as explain
from reportgen.provenance.explanation import FIRST_INPUTS, MOST_INPUTS, equation

SUGGESTIONS = 5
"""So many names are offered for one that does not exist."""


def answers(
    report: Draft | Derived,
    findings: Sequence[Finding],
    target: str,
    *,
    used_by: bool = False,
    deep: bool = False,
) -> tuple[str, ...]:
    """Return what is to be said of each figure, text and rule that `target` means.

    A text is meant by its key, its title or all of its words; a relation or scoring rule by key
    or title. With `used_by`: where it is printed, and for a figure what is worked out from it.
    """
    ledger, rules = report.ledger, _rules(report)
    document = report.document if isinstance(report, Draft) else None
    figures = _figures(ledger, document, target, used_by=used_by, deep=deep)
    relations = (each for each in rules.relations if target in (each.key, each.title))
    standards = (each for each in rules.standards if target in (each.name, each.title))
    return (
        *figures,
        *(relation_told(each, ledger, findings) for each in relations),
        *(standard_told(each, ledger, rules.scorings) for each in standards),
    )


def near(report: Draft | Derived, target: str) -> tuple[str, ...]:
    """Return up to five keys, with their titles, that look like `target` or are titled so."""
    names = dict(_names(report))
    keys = difflib.get_close_matches(target, names, SUGGESTIONS, 0.6)
    titles = set(difflib.get_close_matches(target, {*names.values()}, SUGGESTIONS, 0.6))
    holding = [key for key, title in names.items() if title in titles or target in title]
    every = dict.fromkeys([*keys, *holding])
    return tuple(f"{key}（{names[key]}）" for key in [*every][:SUGGESTIONS])


def _rules(report: Draft | Derived) -> Rules:
    derived = report.derived if isinstance(report, Draft) else report
    return derived.inputs.rules


def _names(report: Draft | Derived) -> Iterator[tuple[str, str]]:
    """Yield every key of this year that can be explained, with its title."""
    ledger, rules = report.ledger, _rules(report)
    yield from ((key, each.title) for key, each in ledger.figures.items() if key[:6] != PRIOR)
    yield from ((key, each.title) for key, each in ledger.texts.items() if key[:6] != PRIOR)
    yield from ((each.key, each.title) for each in rules.relations)
    yield from ((each.name, each.title) for each in rules.standards)


def _figures(
    ledger: Ledger, document: Document | None, target: str, *, used_by: bool, deep: bool
) -> tuple[str, ...]:
    keys = explain.search(ledger, document, target)
    meant = [t for t in ledger.texts.values() if target in (t.key, t.title, t.value)]
    texts = {text.span: text for text in reversed(meant)}.values()  # the unit's stand for each year
    if not used_by:
        every = (*keys, *(text.key for text in texts))
        return tuple(explain.tree(ledger, key, deep=deep) for key in every)
    figures = (explain.used_by(ledger, document, key) for key in keys)
    return (*figures, *(_used(text, ledger, document) for text in texts))


def _used(text: Fact, ledger: Ledger, document: Document | None) -> str:
    """Return a text with its place, where its words are printed, and what counts it."""
    own, place, *counting = explain.used_by(ledger, document, text.key).split("\n")
    value = str(text.value or "")
    found = (
        [spot.where for spot in located_texts(document) if value in spot.text] if document else []
    )
    printed = [f"  印作 {value}：{where}" for where in found] if value else []
    return "\n".join([own, place, *printed, *counting])


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
    lines.append(f"  {relation.claim.span}  {relation.claim.text}")
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


def _verdict(relation: Relation, claim: EvaluatedClaim, difference: str) -> str:
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
            yield f"{equation(figure)}  [{key}]  {figure.span}"
        elif text is not None:
            yield f"{text.title}：{text.value or '—'}  [{key}]  {text.span}"
    if len(side.inputs) > most:
        yield f"… 其余 {len(side.inputs) - most} 项"


def standard_told(rule: ScoringRule, ledger: Ledger, scorings: Iterable[Scoring]) -> str:
    """Return a scoring rule: its kind, text and basis, and the scores it gives."""
    lines = [f"{rule.title}  [{rule.name}]  评分标准：{KINDS[rule.kind]}", f"  {rule.span}"]
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
