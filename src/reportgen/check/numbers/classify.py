"""The rules of plain numbers: dates, document numbers, names, list numbers and the like."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import resources
from typing import Literal

import yaml

from reportgen.check.numbers.candidates import (
    Candidate,
    Surroundings,
    Wording,
    of_last_year,
    of_year,
    wording,
)
from reportgen.check.numbers.passages import FIGURE, Passage
from reportgen.language.numbers import WrittenNumber, find_numbers
from reportgen.language.numerals import CHARACTERS
from reportgen.model.figures import Figure, Ledger
from reportgen.model.rules import Allowed
from reportgen.model.source import SourceSpan

_PARTS = {"{n}": f"[{CHARACTERS}]+", "{d}": "[0-9]+", "{y}": "(?:19|20)[0-9]{2}"}


@dataclass(frozen=True, slots=True)
class PlainRule:
    """A kind of number that is no figure: what it looks like, what it is called and why."""

    id: str
    title: str
    reason: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class PlainStretch:
    """A stretch of text from `start` to `end` that `rule` is about."""

    start: int
    end: int
    rule: PlainRule


def _read() -> tuple[PlainRule, ...]:
    text = resources.files("reportgen.check.numbers").joinpath("rules.yaml").read_text("utf-8")
    entries = yaml.load(text, Loader=yaml.CSafeLoader)["rules"]
    return tuple(
        PlainRule(e["id"], e["title"], e["reason"], _compiled(e["pattern"])) for e in entries
    )


def _compiled(pattern: str) -> re.Pattern[str]:
    for name, meaning in _PARTS.items():
        pattern = pattern.replace(name, meaning)
    return re.compile(pattern, re.MULTILINE)


RULES = _read()
"""Every rule, in the order of the table."""


def plain_spans(text: str) -> tuple[PlainStretch, ...]:
    """Return every stretch of `text` in which numbers are plain, by rule."""
    return tuple(_spans(text))


def _spans(text: str) -> Iterator[PlainStretch]:
    for rule in RULES:
        for match in rule.pattern.finditer(text):
            yield PlainStretch(*match.span(), rule)


NumberKind = Literal["plain", "allowed", "year", "bind", "near", "stale", "unsourced"]
_NAMES = {"document-number", "book-title", "quoted-name", "years"}
"""Rules of what keeps its year whatever the year of the report."""
_OTHER_YEAR = re.compile("[0-9]{1,2}月|[—–~至起底末初前后以第-]")
"""What follows a year that is part of a date, a span of years or a number of an issue."""
_PARTS_CLASSIFY = "parts"
"""The rule of numbers that may be told by a fact too: 5个方面."""
_VALUE = "指标值"
_LEAD = 24
"""How much of its beginning tells what a paragraph is about: 1. **中药材加工产业链**。"""
_SURE = 0.25
"""How well the words must fit for a number of few digits to be bound without being asked."""
_END = re.compile("[。；！？\n]")
_BREAK = re.compile(r"[，。；：！？、,;\n\ufffc]")
_LAST = re.compile(r"(?<![较比同与])(?:上年|去年|上一年)(?!同期)|上年度?的?$")


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """A number of a passage and what it is.

    `why` is the title of the rule, or the reason on the allow list; `figure` and `wording`
    are those it should be bound to, at `place`; `current` is this year's figure of a stale one,
    `sure` says that no other figure fits as well.
    """

    kind: NumberKind
    text: str
    start: int
    end: int
    span: SourceSpan
    why: str = ""
    figure: Figure | None = None
    current: Figure | None = None
    wording: Wording | None = None
    place: SourceSpan | None = None
    sure: bool = False


class Classifier:
    """Classifies the numbers of passages by the figures of one ledger."""

    def __init__(self, ledger: Ledger, allowed: Iterable[Allowed] = ()) -> None:
        self.ledger = ledger
        self.allowed = tuple(allowed)
        self.used: set[Allowed] = set()
        self._now = of_year(ledger)
        self._then = of_last_year(ledger)

    def numbers(self, passage: Passage) -> Iterator[TypedNumber]:
        """Yield the numbers of `passage` in order, the plain ones too."""
        spans = plain_spans(passage.plain)
        listed = tuple(self._listed(passage))
        literals = tuple(find_numbers(passage.plain))
        figures = [each for each in literals if not each.word and not _covering(spans, each)]
        edges = [0, *(each.end for each in figures)]
        for literal in literals:
            allowed = next((a for a, s, e in listed if s <= literal.body < e), None)
            span = _covering(spans, literal)
            named = span is not None and span.rule.id in _NAMES
            number = None if named else _year(passage, literal, self.ledger.year)
            if allowed is not None:
                self.used.add(allowed)
                yield _number(passage, literal, "allowed", allowed.reason)
            elif number is not None:
                yield number
            elif span is not None and span.rule.id != _PARTS_CLASSIFY:
                yield _number(passage, literal, "plain", span.rule.title)
            else:
                said = literal if span is None else replace(literal, word=True)
                yield self._matched(passage, said, edges)

    def _listed(self, passage: Passage) -> Iterator[tuple[Allowed, int, int]]:
        """Yield where the entries of the allow list stand in `passage`."""
        for entry in self.allowed:
            if entry.where and not passage.path.endswith(entry.where):
                continue
            at = passage.text.find(entry.text)
            while at >= 0:
                yield entry, at, at + len(entry.text)
                at = passage.text.find(entry.text, at + 1)

    def _matched(self, passage: Passage, literal: WrittenNumber, edges: list[int]) -> TypedNumber:
        if passage.stated == "target":  # that it equals what was reached is chance, or success
            return _number(passage, literal, "plain", _VALUE)
        context = _context(passage, literal, edges, self.ledger)
        now = self._now.ranked(literal, context)
        then = self._then.ranked(literal, context)
        if then and _speaks_of_last_year(passage, literal, self.ledger.year):
            return _bound(passage, literal, "bind", then)
        best = now[0] if now else None
        copied = then and then[0].fit == "equal" and best and then[0].score > best.score + 0.3
        if best is not None and best.fit != "near" and not copied:
            return _bound(passage, literal, "bind", now)
        stale = self._stale(then)
        if stale is not None:
            current = self.ledger.figures[stale.key.removeprefix("prior.")]
            number = _referring(passage, literal, "stale", current)
            return replace(number, figure=stale, current=current)
        if best is not None:
            return _bound(passage, literal, "near", now)
        if passage.stated:
            return _number(passage, literal, "plain", _VALUE)
        return _number(passage, literal, "plain" if literal.word else "unsourced")

    def _stale(self, then: list[Candidate]) -> Figure | None:
        """Return last year's figure that was copied, if this year's differs."""
        for candidate in then:
            current = self.ledger.figures.get(candidate.figure.key.removeprefix("prior."))
            exact = candidate.fit in {"equal", "rounded"} and current is not None
            if (
                exact
                and current
                and current.value is not None
                and current.value != candidate.figure.value
            ):
                return candidate.figure
        return None


def _bound(
    passage: Passage, literal: WrittenNumber, kind: NumberKind, found: list[Candidate]
) -> TypedNumber:
    best = found[0]
    rival = next((c for c in found[1:] if c.fit == best.fit), None)
    number = _referring(passage, literal, kind, best.figure)
    alone = rival is None or best.score > rival.score
    return replace(number, sure=alone and (best.score >= _SURE or literal.weight > 3))


def _referring(
    passage: Passage, literal: WrittenNumber, kind: NumberKind, figure: Figure
) -> TypedNumber:
    """Return the number with `figure` and the expression to write for it."""
    words = wording(literal, figure)
    place = passage.span(words.start, words.end) if words else None
    number = _number(passage, literal, kind)
    return replace(number, figure=figure, wording=words, place=place)


def _number(
    passage: Passage, literal: WrittenNumber, kind: NumberKind, why: str = ""
) -> TypedNumber:
    span = passage.span(literal.start, literal.end)
    return TypedNumber(kind, literal.text, literal.start, literal.end, span, why)


def _covering(spans: tuple[PlainStretch, ...], literal: WrittenNumber) -> PlainStretch | None:
    """Return the plain stretch in which the number stands, without the words around it."""
    last = literal.body + 1
    return next((s for s in spans if s.start <= literal.body and last <= s.end), None)


def _year(passage: Passage, literal: WrittenNumber, year: int) -> TypedNumber | None:
    """Return the number as a year to be bound where a sentence says 2023年 of this year."""
    if literal.unit is None or literal.unit.symbol != "年" or literal.decimals:
        return None
    typed = {str(year): "{{ year }}", str(year - 1): "{{ prior.year }}"}
    digits = passage.plain[literal.body : literal.body + 4]
    if digits not in typed or literal.end != literal.body + 5:
        return None
    before = passage.plain[max(literal.start - 1, 0) : literal.start]
    after = passage.plain[literal.end : literal.end + 3]
    if before in set("自从到至截—–-~、（(") or _OTHER_YEAR.match(after):
        return None
    words = Wording(typed[digits], literal.body, literal.body + 4, same=True)
    place = passage.span(words.start, words.end)
    return replace(_number(passage, literal, "year"), wording=words, place=place, sure=True)


def _sentence(text: str, at: int) -> tuple[int, int]:
    start = max((m.end() for m in _END.finditer(text, max(at - 400, 0), at)), default=None)
    stop = _END.search(text, at)
    return (max(at - 400, 0) if start is None else start), stop.start() if stop else len(text)


def _context(
    passage: Passage, literal: WrittenNumber, edges: list[int], ledger: Ledger
) -> Surroundings:
    """Return the words from the number before to this one with those behind, and the sentence.

    An expression before the number says what it prints: {{ fund.name }}100万元.
    """
    text = passage.plain
    start, stop = _sentence(text, literal.start)
    before = edges[max(bisect_right(edges, literal.start) - 1, 0)]
    figure = text.rfind(FIGURE, start, literal.start) + 1
    near = text[max(start, before, figure, literal.start - 30) : literal.start]
    behind = text[literal.end : min(stop, literal.end + 10)]
    cut = _BREAK.search(behind)
    near += " " + (behind[: cut.start()] if cut else behind)
    named = next((e for e in passage.expressions if e.end == figure), None)
    if named is not None and figure > before:
        key = named.code.partition("|")[0].strip()
        name = ledger.texts.get(key)
        near += f" {key} " + (str(name.value) if name is not None else "")
    line = text.rfind("\n", 0, start) + 1
    return Surroundings(near, text[line : min(line + _LEAD, start)] + " " + text[start:stop])


def _speaks_of_last_year(passage: Passage, literal: WrittenNumber, year: int) -> bool:
    start, _ = _sentence(passage.plain, literal.start)
    said = passage.plain[start : literal.start]
    named = any(
        e.code == "prior.year" and start <= e.start < literal.start for e in passage.expressions
    )
    return named or f"{year - 1}年" in said or bool(_LAST.search(said.rstrip("的为是")))
