"""Answers what `explain` is asked: finds the figures, texts and rules that a word may mean."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from reportgen.check.published import is_print_of
from reportgen.check.relations import numbers
from reportgen.findings import Finding
from reportgen.flow.staged import Derived, Draft
from reportgen.formula.evaluate import EvaluatedClaim, compare, tolerance
from reportgen.formula.indicators import COLUMNS
from reportgen.formula.lookup import LedgerLookup
from reportgen.formula.names import MEASURES, PRIOR, Context
from reportgen.formula.operand import Operand, holds
from reportgen.formula.parse import parse
from reportgen.formula.reading import SIGNS, Titles, reading
from reportgen.formula.syntax import FormulaError
from reportgen.model.document import Document
from reportgen.model.figures import Confirmation, Fact, Figure, Ledger
from reportgen.model.locations import located_texts
from reportgen.model.quantity import Shape, narrow, shown
from reportgen.model.rules import Published, Relation, Rules
from reportgen.model.scoring import Scoring, ScoringRule, scored_rows
from reportgen.provenance import explanation
from reportgen.provenance.explanation import FIRST_INPUTS, MOST_INPUTS, equation, text_of

if TYPE_CHECKING:
    from reportgen.load.inputs import ReportInputs

SUGGESTIONS = 5
"""So many names are offered for one that does not exist."""
SIMILARITY = 0.6
"""From this share of common text on, a name is like the one that was asked for."""


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
    derived = report.derived if isinstance(report, Draft) else report
    return (
        *_figures_explained(ledger, document, target, used_by=used_by, deep=deep),
        *_published_otherwise(ledger, derived.inputs.published, target, deep=deep),
        *_stated(derived.inputs, () if used_by else explanation.search(ledger, document, target)),
        *_rules_described(rules, target, ledger, findings),
    )


def _stated(inputs: ReportInputs, keys: Iterable[str]) -> Iterator[str]:
    """Yield who confirmed a fact on what evidence, or how it was worked out backwards."""
    meant = set(keys)
    for confirmation in inputs.confirmations:
        yield from _confirmed(confirmation, meant)
    for fact in inputs.inferred:
        if fact.key in meant:
            yield f"{fact.key}：反推，{fact.reason}"


def _confirmed(confirmation: Confirmation, meant: Collection[str]) -> Iterator[str]:
    for key, value, _ in confirmation.values:
        if key in meant:
            yield f"{key}：{confirmation.office}确认 {value}，依据：{confirmation.evidence}"


def _rules(report: Draft | Derived) -> Rules:
    derived = report.derived if isinstance(report, Draft) else report
    return derived.inputs.rules


def _figures_explained(
    ledger: Ledger, document: Document | None, target: str, *, used_by: bool, deep: bool
) -> Iterator[str]:
    """Yield what is to be said of each figure and text that `target` means."""
    keys = explanation.search(ledger, document, target)
    texts = _texts_meant(ledger, target)
    if used_by:
        yield from map(partial(explanation.used_by, ledger, document), keys)
        yield from (_text_uses(text, ledger, document) for text in texts)
        return
    for key in keys:
        lines = [explanation.tree(ledger, key, deep=deep)]
        if len(keys) > 1:  # which of them is meant is told by where each stands
            lines += explanation.printed_lines(document, key)
        yield "\n".join(lines)
    for text in texts:
        yield explanation.tree(ledger, text.key, deep=deep)


def _published_otherwise(
    ledger: Ledger, published: Iterable[Published], target: str, *, deep: bool
) -> Iterator[str]:
    """Yield the figures of which a published text printed `target`, and ours is another."""
    for entry in published:
        figure = ledger.figures.get(entry.key)
        if figure is None or is_print_of(entry.printed, figure):
            continue
        if narrow(target) in {narrow(entry.printed), _NOT_DIGITS.sub("", narrow(entry.printed))}:
            where = f"（{entry.where}）" if entry.where else ""
            ours = f"系统算出 {text_of(figure)}"
            lines = [f"{figure.title}：公开稿印 {entry.printed}{where}，{ours}  [{entry.key}]"]
            lines.append(f"  {entry.span}  {entry.remark}".rstrip())
            yield "\n".join([*lines, explanation.tree(ledger, entry.key, deep=deep)])


_NOT_DIGITS = re.compile(r"[^0-9.]+$")
"""What follows the digits of a number: its unit."""


def near(report: Draft | Derived, target: str) -> tuple[str, ...]:
    """Return up to five keys, with titles and values, that look like `target` or are titled so."""
    titles = _titles(report.ledger, _rules(report))
    by_name: dict[str, list[str]] = {}
    for key, title in titles.items():
        for name in dict.fromkeys((key, *map(_bare, (title, *title.split("·"))))):
            by_name.setdefault(name, []).append(key)
    wanted = _bare(target)
    names = difflib.get_close_matches(wanted, by_name, SUGGESTIONS, SIMILARITY)
    names += [name for name in by_name if wanted in name]
    keys: list[str] = []
    for name in names:  # of those that share a name the shortest title is the most general
        keys += sorted(by_name[name], key=partial(_generality, report.ledger, titles))
    offered = list(dict.fromkeys(keys))[:SUGGESTIONS]
    return tuple(_offered(report.ledger, key, titles[key]) for key in offered)


_MARKS = re.compile(r"[\s“”‘’\"'《》（）()]")


def _bare(text: str) -> str:
    """Return a name as people type it from memory: without quotation marks and brackets."""
    return _MARKS.sub("", text)


def _generality(ledger: Ledger, titles: Mapping[str, str], key: str) -> tuple[bool, int]:
    """Return what sorts blanks last, and short titles before long ones."""
    is_blank = key in ledger.figures and ledger.figures[key].value is None
    return is_blank, len(titles[key])


def _offered(ledger: Ledger, key: str, title: str) -> str:
    value = f" {text_of(ledger.figures[key])}" if key in ledger.figures else ""
    return f"{key}（{title}{value}）"


def _titles(ledger: Ledger, rules: Rules) -> Mapping[str, str]:
    """Return the title of everything of this year that can be explained, by key."""
    named: dict[str, Figure | Fact] = {**ledger.figures, **ledger.texts}
    titles = {key: value.title for key, value in named.items()}
    for relation in rules.relations:
        titles[relation.key] = relation.title
    for rule in rules.standards:
        titles[rule.name] = rule.title
    return {key: title for key, title in titles.items() if not key.startswith(PRIOR)}


# Texts


def _texts_meant(ledger: Ledger, target: str) -> tuple[Fact, ...]:
    """Return the texts that `target` means, each once: those of the unit stand in every year."""
    by_span = {}
    for text in reversed(list(ledger.texts.values())):
        if target in (text.key, text.title, text.value):
            by_span[text.span] = text
    return tuple(by_span.values())


def _text_uses(text: Fact, ledger: Ledger, document: Document | None) -> str:
    """Return a text with its source, where its words are printed, and what counts it."""
    own, source, *counting = explanation.used_by(ledger, document, text.key).split("\n")
    return "\n".join([own, source, *_text_printed(text, document), *counting])


def _text_printed(text: Fact, document: Document | None) -> Iterator[str]:
    words = str(text.value or "")
    if document is None or not words:
        return
    for located in located_texts(document):
        if words in located.text:
            yield f"  印作 {words}：{located.where}"


# Relations


def _rules_described(
    rules: Rules, target: str, ledger: Ledger, findings: Iterable[Finding]
) -> Iterator[str]:
    """Yield the relations and scoring rules that `target` means, in words."""
    for relation in rules.relations:
        if target in (relation.key, relation.title):
            yield describe_relation(relation, ledger, findings)
    for rule in rules.standards:
        if target in (rule.name, rule.title):
            yield describe_scoring_rule(rule, ledger, rules.scorings)


_ENOUGH = Shape(decimals=4)


def describe_relation(relation: Relation, ledger: Ledger, findings: Iterable[Finding]) -> str:
    """Return a relation in words: both sides, their difference, tolerance, basis and waiver."""
    lines = [f"{relation.title}  [{relation.key}]  勾稽关系"]
    lines.append(f"  {relation.claim.span}  {relation.claim.text}")
    for measure in relation.each or ("",):
        try:
            lines += _claim_lines(relation, ledger, measure)
        except FormulaError:
            lines.append("  算不出来：运行 reportgen check 看原因")
    if relation.basis:
        lines.append(f"  依据：{relation.basis}")
    return "\n".join([*lines, *_waiver_lines(relation, findings)])


def _waiver_lines(relation: Relation, findings: Iterable[Finding]) -> Iterable[str]:
    """Return for what reasons findings about a relation are waived, a line for each."""
    lines: dict[str, None] = {}
    for finding in findings:
        if finding.waived and finding.subject == relation.key:
            lines[f"  已豁免：{finding.waived}"] = None
    return lines


def _claim_lines(relation: Relation, ledger: Ledger, measure: str) -> Iterator[str]:
    """Yield the lines that say what is claimed for a measure, and whether it holds."""
    context = Context(LedgerLookup(ledger), measure)
    expression = parse(relation.claim)
    claim = compare(expression, context)
    in_words = reading(expression, context, _all_titles(ledger))
    head = f"（{MEASURES.get(measure, measure)}）" if measure else ""
    yield f"  应{head}：{in_words}"
    left, right, difference = numbers(claim)
    yield from _side_lines("左边", claim.left, left, ledger)
    yield from _side_lines("右边", claim.right, right, ledger)
    yield f"  {_verdict(relation, claim, difference)}"


def _all_titles(ledger: Ledger) -> Titles:
    titles = {key: text.title for key, text in ledger.texts.items()}
    titles |= {key: figure.title for key, figure in ledger.figures.items()}
    return Titles(titles, ledger.tables, ledger.year)


def _verdict(relation: Relation, claim: EvaluatedClaim, difference: str) -> str:
    if claim.gap is None:
        return "没有核对：有空的数"
    allowed = tolerance(relation, claim)
    verdict = "成立" if holds(claim.sign, claim.gap, allowed) else "不成立"
    margin = shown(allowed, claim.left.unit, _ENOUGH) if allowed else "0"
    return f"相差 {difference}，容差 {margin}：{SIGNS[claim.sign]} {verdict}"


def _side_lines(name: str, side: Operand, number: str, ledger: Ledger) -> Iterator[str]:
    """Yield a side of a claim with the first inputs it is made of, and a count of the rest."""
    yield f"  {name} {number if side.value is not None else '—'}"
    most = len(side.inputs) if len(side.inputs) <= MOST_INPUTS else FIRST_INPUTS
    for key in side.inputs[:most]:
        yield from _input_line(key, ledger)
    if len(side.inputs) > most:
        yield f"    … 其余 {len(side.inputs) - most} 项"


def _input_line(key: str, ledger: Ledger) -> Iterator[str]:
    """Yield a figure or text with its source; nothing where there is none at `key`."""
    if key in ledger.figures:
        figure = ledger.figures[key]
        yield f"    {equation(figure)}  [{key}]  {figure.span}"
        return
    text = explanation.text_at(ledger, key)
    if text is not None:
        yield f"    {explanation.text_line(text, key)}  {text.span}"


# Scoring rules


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
    "by_nature": "按指标性质：达到得满分，未达到按比例",
    "manual": "人工评分",
}
"""What the kinds of scoring rules are called."""


def describe_scoring_rule(rule: ScoringRule, ledger: Ledger, scorings: Iterable[Scoring]) -> str:
    """Return a scoring rule: its kind, text and basis, and the scores it gives."""
    return "\n".join([*_rule_lines(rule), *_score_lines(rule, ledger, scorings)])


def _rule_lines(rule: ScoringRule) -> Iterator[str]:
    yield f"{rule.title}  [{rule.name}]  评分标准：{KINDS[rule.kind]}"
    yield f"  {rule.span}"
    for name, text in (("标准", rule.text), ("评分理由", rule.reason), ("依据", rule.basis)):
        if text:
            yield f"  {name}：{text}"
    for band in rule.bands:
        yield f"  [{band.text}] 得 {float(band.score):g}"


def _score_lines(rule: ScoringRule, ledger: Ledger, scorings: Iterable[Scoring]) -> Iterator[str]:
    """Yield each score that a rule gives, and of how many points it is."""
    for row, scoring in scored_rows(scorings, ledger.tables).items():
        score = _cell(row, "score", ledger)
        if scoring.rule == rule.name and score is not None:
            points = _cell(row, "points", ledger)
            of = f"（分值 {points.text}）" if points else ""
            yield f"  用于 {score.title}：{text_of(score)}{of}  [{score.key}]"


def _cell(row: str, field: str, ledger: Ledger) -> Figure | None:
    """Return the figure of a field in a row of a score sheet, as its table calls the column."""
    keys = (f"{row}.{name}" for name in COLUMNS[field])
    return next(filter(None, map(ledger.figures.get, keys)), None)
