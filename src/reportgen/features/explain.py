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
from reportgen.findings.codes import Language
from reportgen.flow.staged import Derived, Draft
from reportgen.formula.evaluate import EvaluatedClaim, compare, tolerance
from reportgen.formula.indicators import COLUMNS
from reportgen.formula.lookup import LedgerLookup
from reportgen.formula.names import MEASURES, PRIOR, Context
from reportgen.formula.operand import Operand, holds
from reportgen.formula.parse import parse
from reportgen.formula.reading import SIGNS, Titles, reading
from reportgen.formula.syntax import FormulaError
from reportgen.load.form_labels import fact_of, key_of
from reportgen.model.document import Document
from reportgen.model.figures import Confirmation, Fact, Figure, Ledger
from reportgen.model.locations import located_texts
from reportgen.model.quantity import Shape, narrow, shown
from reportgen.model.rules import Published, Relation, Rules
from reportgen.model.scoring import Scoring, ScoringRule, scored_rows
from reportgen.provenance import explanation
from reportgen.provenance.explanation import (
    FIRST_INPUTS,
    MOST_INPUTS,
    equation,
    said,
    text_of,
)

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
    lang: Language = "zh",
) -> tuple[str, ...]:
    """Return what is to be said of each figure, text and rule that `target` means.

    A text is meant by its key, its title or all of its words; a relation or scoring rule by key
    or title. With `used_by`: where it is printed, and for a figure what is worked out from it.
    """
    ledger, rules = report.ledger, _rules(report)
    document = report.document if isinstance(report, Draft) else None
    derived = report.derived if isinstance(report, Draft) else report
    keys = explanation.search(ledger, document, target)
    return (
        *_figures_explained(ledger, document, target, used_by=used_by, deep=deep, lang=lang),
        *_published_otherwise(ledger, derived.inputs.published, target, deep=deep, lang=lang),
        *_stated(derived.inputs, () if used_by else keys, lang),
        *_rules_described(rules, target, ledger, findings, lang),
    )


def _stated(inputs: ReportInputs, keys: Iterable[str], lang: Language) -> Iterator[str]:
    """Yield who confirmed a fact on what evidence, or how it was worked out backwards."""
    meant = set(keys)
    for confirmation in inputs.confirmations:
        yield from _confirmed(confirmation, meant, lang)
    for fact in inputs.inferred:
        if fact.key in meant:
            yield said("inferred", lang, key=fact.key, reason=fact.reason)


def _confirmed(confirmation: Confirmation, meant: Collection[str], lang: Language) -> Iterator[str]:
    for key, value, _ in confirmation.values:
        if key in meant:
            evidence, office = confirmation.evidence, confirmation.office
            yield said("confirmed", lang, key=key, office=office, value=value, evidence=evidence)


def _rules(report: Draft | Derived) -> Rules:
    derived = report.derived if isinstance(report, Draft) else report
    return derived.inputs.rules


def _figures_explained(
    ledger: Ledger,
    document: Document | None,
    target: str,
    *,
    used_by: bool,
    deep: bool,
    lang: Language,
) -> Iterator[str]:
    """Yield what is to be said of each figure and text that `target` means."""
    keys = explanation.search(ledger, document, target)
    texts = _texts_meant(ledger, target)
    if used_by:
        yield from map(partial(explanation.used_by, ledger, document, lang=lang), keys)
        yield from (_text_uses(text, ledger, document, lang) for text in texts)
        return
    for key in keys:
        lines = [explanation.tree(ledger, key, deep=deep, lang=lang)]
        if len(keys) > 1:  # which of them is meant is told by where each stands
            lines += explanation.printed_lines(document, key, lang)
        yield "\n".join(lines)
    for text in texts:
        yield explanation.tree(ledger, text.key, deep=deep, lang=lang)


def _published_otherwise(
    ledger: Ledger, published: Iterable[Published], target: str, *, deep: bool, lang: Language
) -> Iterator[str]:
    """Yield the figures of which a published text printed `target`, and ours is another."""
    for entry in published:
        figure = ledger.figures.get(entry.key)
        if figure is None or is_print_of(entry.printed, figure):
            continue
        if narrow(target) in {narrow(entry.printed), _NOT_DIGITS.sub("", narrow(entry.printed))}:
            lines = [_published_line(entry, figure, lang)]
            lines.append(f"  {entry.span}  {entry.remark}".rstrip())
            tree = explanation.tree(ledger, entry.key, deep=deep, lang=lang)
            yield "\n".join([*lines, tree])


def _published_line(entry: Published, figure: Figure, lang: Language) -> str:
    """Return what a published text printed of a figure, and what it is."""
    return said(
        "published",
        lang,
        title=figure.title,
        printed=entry.printed,
        where=said("in_brackets", lang, text=entry.where) if entry.where else "",
        ours=text_of(figure),
        key=entry.key,
    )


_NOT_DIGITS = re.compile(r"[^0-9.]+$")
"""What follows the digits of a number: its unit."""


def near(report: Draft | Derived, target: str, lang: Language = "zh") -> tuple[str, ...]:
    """Return up to five keys, with titles and values, that look like `target` or are titled so."""
    titles = _titles(report.ledger, _rules(report))
    by_name: dict[str, list[str]] = {}
    for key, title in titles.items():
        for name in _names_of(key, title):
            by_name.setdefault(name, []).append(key)
    wanted = _bare(target)
    names = [name for name in _labelled(target) if name in by_name]
    names += difflib.get_close_matches(wanted, by_name, SUGGESTIONS, SIMILARITY)
    names += [name for name in by_name if wanted in name]
    keys: list[str] = []
    for name in names:  # of those that share a name the shortest title is the most general
        keys += sorted(by_name[name], key=partial(_generality, report.ledger, titles))
    offered = list(dict.fromkeys(keys))[:SUGGESTIONS]
    return tuple(_offered(report.ledger, key, titles[key], lang) for key in offered)


def _names_of(key: str, title: str) -> Iterable[str]:
    """Return what a key is called: itself, its last part, its title and the parts of that."""
    return dict.fromkeys((key, key.rpartition(".")[2], *map(_bare, (title, *title.split("·")))))


def _labelled(label: str) -> tuple[str, str]:
    """Return the keys, whole or last part, that forms print with a label: 执行数 is outturn."""
    return fact_of(label).partition(" ")[0], key_of(label)


_MARKS = re.compile(r"[\s“”‘’\"'《》（）()]")


def _bare(text: str) -> str:
    """Return a name as people type it from memory: without quotation marks and brackets."""
    return _MARKS.sub("", text)


def _generality(ledger: Ledger, titles: Mapping[str, str], key: str) -> tuple[bool, bool, int]:
    """Return what sorts blanks last, totals first, and short titles before long ones."""
    is_blank = key in ledger.figures and ledger.figures[key].value is None
    return is_blank, ".total." not in key, len(titles[key])


def _offered(ledger: Ledger, key: str, title: str, lang: Language) -> str:
    value = f" {text_of(ledger.figures[key])}" if key in ledger.figures else ""
    return said("offered", lang, key=key, title=title, value=value)


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


def _text_uses(text: Fact, ledger: Ledger, document: Document | None, lang: Language) -> str:
    """Return a text with its source, where its words are printed, and what counts it."""
    own, source, *counting = explanation.used_by(ledger, document, text.key, lang).split("\n")
    return "\n".join([own, source, *_text_printed(text, document, lang), *counting])


def _text_printed(text: Fact, document: Document | None, lang: Language) -> Iterator[str]:
    words = str(text.value or "")
    if document is None or not words:
        return
    for located in located_texts(document):
        if words in located.text:
            yield f"  {said('printed', lang, text=words, where=located.where)}"


# Relations


def _rules_described(
    rules: Rules, target: str, ledger: Ledger, findings: Iterable[Finding], lang: Language
) -> Iterator[str]:
    """Yield the relations and scoring rules that `target` means, in words."""
    for relation in rules.relations:
        if target in (relation.key, relation.title):
            yield describe_relation(relation, ledger, findings, lang)
    for rule in rules.standards:
        if target in (rule.name, rule.title):
            yield describe_scoring_rule(rule, ledger, rules.scorings, lang)


_ENOUGH = Shape(decimals=4)


def describe_relation(
    relation: Relation, ledger: Ledger, findings: Iterable[Finding], lang: Language = "zh"
) -> str:
    """Return a relation in words: both sides, their difference, tolerance, basis and waiver."""
    lines = [f"{relation.title}  [{relation.key}]  {said('relation', lang)}"]
    lines.append(f"  {relation.claim.span}  {relation.claim.text}")
    for measure in relation.each or ("",):
        try:
            lines += _claim_lines(relation, ledger, measure, lang)
        except FormulaError:
            lines.append(f"  {said('not_worked_out', lang)}")
    if relation.basis:
        lines.append(f"  {said('basis', lang, text=relation.basis)}")
    return "\n".join([*lines, *_waiver_lines(relation, findings, lang)])


def _waiver_lines(relation: Relation, findings: Iterable[Finding], lang: Language) -> Iterable[str]:
    """Return for what reasons findings about a relation are waived, a line for each."""
    lines: dict[str, None] = {}
    for finding in findings:
        if finding.waived and finding.subject == relation.key:
            lines[f"  {said('waived', lang, reason=finding.waived)}"] = None
    return lines


def _claim_lines(relation: Relation, ledger: Ledger, measure: str, lang: Language) -> Iterator[str]:
    """Yield the lines that say what is claimed for a measure, and whether it holds."""
    context = Context(LedgerLookup(ledger), measure)
    expression = parse(relation.claim)
    claim = compare(expression, context)
    if lang == "zh":
        in_words, head = (
            reading(expression, context, _all_titles(ledger)),
            MEASURES.get(measure, measure),
        )
    else:
        in_words, head = relation.claim.text, measure
    of = said("in_brackets", lang, text=head) if head else ""
    yield f"  {said('claimed', lang, measure=of, claim=in_words)}"
    left, right, difference = numbers(claim)
    yield from _side_lines("left", claim.left, left, ledger, lang)
    yield from _side_lines("right", claim.right, right, ledger, lang)
    yield f"  {_verdict(relation, claim, difference, lang)}"


def _all_titles(ledger: Ledger) -> Titles:
    titles = {key: text.title for key, text in ledger.texts.items()}
    titles |= {key: figure.title for key, figure in ledger.figures.items()}
    return Titles(titles, ledger.tables, ledger.year)


def _verdict(relation: Relation, claim: EvaluatedClaim, difference: str, lang: Language) -> str:
    if claim.gap is None:
        return said("unchecked", lang)
    allowed = tolerance(relation, claim)
    return said(
        "verdict",
        lang,
        difference=difference,
        tolerance=shown(allowed, claim.left.unit, _ENOUGH) if allowed else "0",
        sign=SIGNS[claim.sign],
        holds=said("holds" if holds(claim.sign, claim.gap, allowed) else "fails", lang),
    )


def _side_lines(
    name: str, side: Operand, number: str, ledger: Ledger, lang: Language
) -> Iterator[str]:
    """Yield a side of a claim with the first inputs it is made of, and a count of the rest."""
    yield f"  {said(name, lang)} {number if side.value is not None else '—'}"
    most = len(side.inputs) if len(side.inputs) <= MOST_INPUTS else FIRST_INPUTS
    for key in side.inputs[:most]:
        yield from _input_line(key, ledger, lang)
    if len(side.inputs) > most:
        yield f"    {said('rest', lang, count=len(side.inputs) - most)}"


def _input_line(key: str, ledger: Ledger, lang: Language) -> Iterator[str]:
    """Yield a figure or text with its source; nothing where there is none at `key`."""
    if key in ledger.figures:
        figure = ledger.figures[key]
        yield f"    {equation(figure, lang)}  [{key}]  {figure.span}"
        return
    text = explanation.text_at(ledger, key)
    if text is not None:
        yield f"    {explanation.text_line(text, key, lang)}  {text.span}"


# Scoring rules


def describe_scoring_rule(
    rule: ScoringRule, ledger: Ledger, scorings: Iterable[Scoring], lang: Language = "zh"
) -> str:
    """Return a scoring rule: its kind, text and basis, and the scores it gives."""
    return "\n".join([*_rule_lines(rule, lang), *_score_lines(rule, ledger, scorings, lang)])


def _rule_lines(rule: ScoringRule, lang: Language) -> Iterator[str]:
    kind = said("rule", lang, kind=said(rule.kind, lang))
    yield f"{rule.title}  [{rule.name}]  {kind}"
    yield f"  {rule.span}"
    for name, text in (("standard", rule.text), ("reason", rule.reason), ("basis", rule.basis)):
        if text:
            yield f"  {said(name, lang, text=text)}"
    for band in rule.bands:
        score = f"{float(band.score):g}"
        yield f"  {said('band', lang, band=band.text, score=score)}"


def _score_lines(
    rule: ScoringRule, ledger: Ledger, scorings: Iterable[Scoring], lang: Language
) -> Iterator[str]:
    """Yield each score that a rule gives, and of how many points it is."""
    for row, scoring in scored_rows(scorings, ledger.tables).items():
        score = _cell(row, "score", ledger)
        if scoring.rule == rule.name and score is not None:
            points = _cell(row, "points", ledger)
            yield f"  {_score_line(score, points, lang)}"


def _score_line(score: Figure, points: Figure | None, lang: Language) -> str:
    of = said("points", lang, text=points.text) if points else ""
    brackets = said("in_brackets", lang, text=of) if of else ""
    text = text_of(score)
    return said("used", lang, title=score.title, text=text, points=brackets, key=score.key)


def _cell(row: str, field: str, ledger: Ledger) -> Figure | None:
    """Return the figure of a field in a row of a score sheet, as its table calls the column."""
    keys = (f"{row}.{name}" for name in COLUMNS[field])
    return next(filter(None, map(ledger.figures.get, keys)), None)
