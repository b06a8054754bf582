"""Says what a typed number is: plain by a rule, allowed, a figure, stale, or without a source."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from operator import attrgetter
from typing import Literal

from reportgen.check.numbers.candidates import Candidate, Candidates, Surroundings, by_year
from reportgen.check.numbers.expressions import Wording, wording
from reportgen.check.numbers.meaning import is_opposed, meant_figure
from reportgen.check.numbers.passages import FIGURE, Passage
from reportgen.formula.names import PRIOR
from reportgen.language.numbers import WrittenNumber, find_numbers
from reportgen.language.plain_numbers import PlainStretch, PlainStretches
from reportgen.model.figures import Figure, Ledger
from reportgen.model.frozen import frozen
from reportgen.model.rules import Allowed
from reportgen.model.source import SourceSpan

NumberKind = Literal["plain", "allowed", "year", "bind", "near", "stale", "unsourced"]
_NAMES = {"document-number", "book-title", "quoted-name", "years"}
"""Rules of what keeps its year whatever the year of the report."""
_BEFORE_OTHER_YEAR = set("自从到至截—–-~、（(")
_OTHER_YEAR = re.compile("[0-9]{1,2}月|[—–~至起底末初前后以第-]")
"""What follows a year that is part of a date, a span of years or a number of an issue."""
_EXPRESSION_START, _EXPRESSION_END = attrgetter("start"), attrgetter("end")
_PARTS = "parts"
"""The rule of numbers that a fact may give too: 5个方面."""
_VALUE = "指标值"
_LEAD = 24
"""How much of its beginning says what a paragraph is about: 1. **中药材加工产业链**。"""
_MOST_CHOICES = 6
"""How many figures are offered for one number."""
_END = re.compile("[。；！？\n]")
_MOST_BEFORE, _MOST_BEHIND, _MOST_OF_SENTENCE = 30, 10, 400
"""How many characters around a number are read."""
_GRID = 100
_BETTER_BY = 0.3
"""How much better the words must fit last year's figure for a number to be copied from it."""
_BREAK = re.compile(r"[，。；：！？、,;\n\ufffc]")
_LAST = re.compile(r"(?<![较比同与])(?:上年|去年|上一年)(?!同期)|上年度?的?$")


@frozen
class FigureChoice:
    """A figure that a typed number may mean, and the expression to write for it."""

    figure: Figure
    expression: str

    def __str__(self) -> str:
        """Return where it stands, how to refer to it, what it is called and its value."""
        figure = self.figure
        return f"{figure.span} {self.expression} {figure.title} {figure.text or '—'}"


@frozen
class TypedNumber:
    """A number of a passage and what it is.

    `why` is the title of the rule, or the reason on the allow list; `figure` and `wording`
    are those it should be bound to, at `place`; `current` is this year's figure of a stale one,
    `sure` says that it is the only figure that fits, exactly and in meaning; where none is,
    `choices` are those that may be meant, the first of them `figure`.
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
    choices: tuple[FigureChoice, ...] = ()


class Classifier:
    """Classifies the numbers of passages by the figures of one ledger."""

    def __init__(self, ledger: Ledger, allowed: Iterable[Allowed] = ()) -> None:
        self.ledger = ledger
        self.allowed = tuple(allowed)
        self.used: set[Allowed] = set()
        self._now, self._then = by_year(ledger)

    def numbers(self, passage: Passage) -> Iterator[TypedNumber]:
        """Yield the numbers of `passage` in order, the plain ones too."""
        written = tuple(find_numbers(passage.plain))
        if not written:
            return
        stretches = PlainStretches(passage.plain)
        allowed = tuple(self._allowed_places(passage))
        edges = _edges(written, stretches)
        for number in written:
            entry = _entry_at(allowed, number.body)
            if entry is not None:
                self.used.add(entry)
                yield _typed(passage, number, "allowed", entry.reason)
            else:
                stretch = stretches.covering(number)
                yield self._classified(passage, number, stretch, edges)

    def _allowed_places(self, passage: Passage) -> Iterator[tuple[Allowed, list[int]]]:
        """Yield the entries of the allow list with where each stands in `passage`."""
        for entry in self.allowed:
            if passage.path.endswith(entry.where):
                yield entry, list(_occurrences(entry.text, passage.text))

    def _classified(
        self,
        passage: Passage,
        number: WrittenNumber,
        stretch: PlainStretch | None,
        edges: list[int],
    ) -> TypedNumber:
        """Return what a number is that stands in a plain `stretch`, or in none."""
        if stretch is None or stretch.rule.id not in _NAMES:
            year = _year(passage, number, self.ledger.year)
            if year is not None:
                return year
        if stretch is None:
            return self._matched(passage, number, edges)
        if stretch.rule.id == _PARTS:
            return self._matched(passage, replace(number, word=True), edges)
        return _typed(passage, number, "plain", stretch.rule.title)

    def _matched(self, passage: Passage, number: WrittenNumber, edges: list[int]) -> TypedNumber:
        """Return the number with the figure that it stands for, as far as one can be found."""
        if passage.stated == "target":  # that it equals what was reached is chance, or success
            return _typed(passage, number, "plain", _VALUE)
        context = _context(passage, number, edges, self.ledger)
        return self._best_match(passage, number, context)

    def _best_match(
        self, passage: Passage, number: WrittenNumber, context: Surroundings
    ) -> TypedNumber:
        """Return the number with the best of this year's candidates, or of last year's."""
        now = self._now.ranked(number, context)
        then = self._then.ranked(number, context)
        last_year = _speaks_of_last_year(passage, number, self.ledger.year)
        if then and last_year:
            return _bound(passage, number, then, self._then, context, last_year=True)
        if now and now[0].fit != "near" and not _fits_better(then, now[0]):
            return _bound(passage, number, now, self._now, context, last_year=last_year)
        copied = self._copied(then)
        if copied is not None:
            past, current = copied
            typed = _referring(passage, number, "stale", current)
            return replace(typed, figure=past, current=current)
        if now:
            return _referring(passage, number, "near", now[0].figure)
        return _unmatched(passage, number)

    def _copied(self, then: Iterable[Candidate]) -> tuple[Figure, Figure] | None:
        """Return last year's figure that was copied, and this year's, if they differ."""
        for candidate in then:
            past = candidate.figure
            current = self.ledger.figures.get(past.key.removeprefix(PRIOR))
            if candidate.fit not in {"equal", "rounded"} or current is None:
                continue
            if current.value is not None and current.value != past.value:
                return past, current
        return None


def _edges(numbers: Iterable[WrittenNumber], stretches: PlainStretches) -> list[int]:
    """Return where the numbers end that are not plain: the words behind belong to the next."""
    figures = [number for number in numbers if not number.word]
    return [0, *(number.end for number in figures if stretches.covering(number) is None)]


def _occurrences(part: str, text: str) -> Iterator[int]:
    """Yield where `part` begins in `text`."""
    start = text.find(part)
    while start >= 0:
        yield start
        start = text.find(part, start + 1)


def _entry_at(allowed: Iterable[tuple[Allowed, list[int]]], at: int) -> Allowed | None:
    """Return the entry of the allow list that stands at `at`."""
    for entry, starts in allowed:
        before = bisect_right(starts, at)
        if before and at < starts[before - 1] + len(entry.text):
            return entry
    return None


def _fits_better(then: Sequence[Candidate], best: Candidate) -> bool:
    """Return whether the number was rather copied from last year's figure than is `best`."""
    return bool(then) and then[0].fit == "equal" and then[0].score > best.score + _BETTER_BY


def _bound(
    passage: Passage,
    number: WrittenNumber,
    ranked: Sequence[Candidate],
    figures: Candidates,
    context: Surroundings,
    *,
    last_year: bool,
) -> TypedNumber:
    """Return the number with the one figure that it means, or with those that it may mean."""
    equal = figures.equal(number)
    meant = meant_figure(number, equal, context, last_year=last_year)
    if meant is not None:
        return replace(_referring(passage, number, "bind", meant), sure=True)
    choices = _choices(ranked, equal, context)
    offered = tuple(FigureChoice(figure, _expression(number, figure)) for figure in choices)
    return replace(_referring(passage, number, "bind", choices[0]), choices=offered)


def _expression(number: WrittenNumber, figure: Figure) -> str:
    words = wording(number, figure)
    return words.expression if words else figure.key


def _choices(
    ranked: Iterable[Candidate], equal: Iterable[Figure], context: Surroundings
) -> tuple[Figure, ...]:
    """Return the figures that a number may mean: those of its value and meaning first."""
    figures = {candidate.figure.key: candidate.figure for candidate in ranked}
    exact = {figure.key: figure for figure in equal}

    def order(figure: Figure) -> tuple[bool, bool]:
        return is_opposed(figure, context.near), figure.key not in exact

    return tuple(sorted((figures | exact).values(), key=order)[:_MOST_CHOICES])


def _referring(
    passage: Passage, number: WrittenNumber, kind: NumberKind, figure: Figure
) -> TypedNumber:
    """Return the number with `figure` and the expression to write for it."""
    typed = replace(_typed(passage, number, kind), figure=figure)
    return _worded(passage, typed, wording(number, figure))


def _worded(passage: Passage, typed: TypedNumber, words: Wording | None) -> TypedNumber:
    if words is None:
        return typed
    return replace(typed, wording=words, place=passage.span(words.start, words.end))


def _unmatched(passage: Passage, number: WrittenNumber) -> TypedNumber:
    """Return a number that no figure gives."""
    if passage.stated:
        return _typed(passage, number, "plain", _VALUE)
    return _typed(passage, number, "plain" if number.word else "unsourced")


def _typed(passage: Passage, number: WrittenNumber, kind: NumberKind, why: str = "") -> TypedNumber:
    span = passage.span(number.start, number.end)
    return TypedNumber(kind, number.text, number.start, number.end, span, why)


def _year(passage: Passage, number: WrittenNumber, year: int) -> TypedNumber | None:
    """Return the number as a year to be bound where a sentence says 2023年 of this year."""
    if number.unit is None or number.unit.symbol != "年" or number.end != number.body + 5:
        return None
    expressions = {str(year): "{{ year }}", str(year - 1): "{{ prior.year }}"}
    digits = passage.plain[number.body : number.body + 4]
    if digits not in expressions or _is_part_of_date(passage.plain, number):
        return None
    words = Wording(expressions[digits], number.body, number.body + 4, same=True)
    typed = replace(_typed(passage, number, "year"), sure=True)
    return _worded(passage, typed, words)


def _is_part_of_date(text: str, number: WrittenNumber) -> bool:
    """Return whether a year is part of a date, or of a span of years."""
    before = text[max(number.start - 1, 0) : number.start]
    after = text[number.end : number.end + 3]
    return before in _BEFORE_OTHER_YEAR or _OTHER_YEAR.match(after) is not None


def _context(
    passage: Passage, number: WrittenNumber, edges: list[int], ledger: Ledger
) -> Surroundings:
    """Return the words from the number before to this one with those behind, and the sentence.

    An expression before the number says what it prints: {{ fund.name }}100万元.
    """
    text = passage.plain
    start, stop = _sentence(text, number.start)
    edge = edges[max(bisect_right(edges, number.start) - 1, 0)]
    expression_end = text.rfind(FIGURE, start, number.start) + 1
    first = max(start, edge, expression_end, number.start - _MOST_BEFORE)
    behind = text[number.end : min(stop, number.end + _MOST_BEHIND)]
    near = f"{text[first : number.start]} {_BREAK.split(behind, maxsplit=1)[0]}"
    if expression_end > edge:
        near += _printed_before(passage, expression_end, ledger)
    line = text.rfind("\n", 0, start) + 1
    lead = text[line : min(line + _LEAD, start)]
    return Surroundings(near, f"{lead} {text[start:stop]}")


def _printed_before(passage: Passage, end: int, ledger: Ledger) -> str:
    """Return the key, and the words, that the expression which ends at `end` prints."""
    at = bisect_left(passage.expressions, end, key=_EXPRESSION_END)
    if at == len(passage.expressions) or passage.expressions[at].end != end:
        return ""
    key = passage.expressions[at].code.partition("|")[0].strip()
    fact = ledger.texts.get(key)
    words = str(fact.value) if fact is not None else ""
    return f" {key} {words}"


def _sentence(text: str, at: int) -> tuple[int, int]:
    """Return where the sentence around `at` begins and ends; what is far off is left out."""
    at_mark = at - at % _GRID  # a long sentence is the same for the numbers near each other
    start = earliest = max(at_mark - _MOST_OF_SENTENCE, 0)
    for mark in _END.finditer(text, earliest, at):
        start = mark.end()
    latest = min(at_mark + _MOST_OF_SENTENCE, len(text))
    closing = _END.search(text, at, latest)
    return start, closing.start() if closing else latest


def _speaks_of_last_year(passage: Passage, number: WrittenNumber, year: int) -> bool:
    """Return whether the sentence names last year before the number."""
    start, _ = _sentence(passage.plain, number.start)
    before = passage.plain[start : number.start]
    if f"{year - 1}年" in before or _LAST.search(before.rstrip("的为是")):
        return True
    return _prints_last_year(passage, start, number.start)


def _prints_last_year(passage: Passage, start: int, end: int) -> bool:
    """Return whether an expression from `start` up to `end` prints the year before."""
    at = bisect_left(passage.expressions, start, key=_EXPRESSION_START)
    for expression in islice(passage.expressions, at, None):
        if expression.start >= end:
            return False
        if expression.code == "prior.year":
            return True
    return False
