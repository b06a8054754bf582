"""Makes facts of the numbers that sentences state and no figure gives: named by their own words.

A sentence that calls a number as the pack calls one of its facts states that fact. Any other
number gets a name from the words around it, which its author may change, and a reference where it
stood; what would not print the same stays as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import NamedTuple

from reportgen.check.numbers.classify import Classifier, TypedNumber
from reportgen.check.numbers.expressions import wording
from reportgen.check.numbers.passages import FIGURE, Passage, passage
from reportgen.features.adopt.facts import KeyedValue
from reportgen.language.numbers import first_number
from reportgen.load.fields import is_name
from reportgen.model.figures import Figure, Ledger
from reportgen.model.quantity import Quantity, QuantityError, parse_quantity
from reportgen.model.rules import Allowed
from reportgen.model.source import SourceSpan

_PART = re.compile(rf"[，。；：！？、,;:!?()（）\[\]\s{FIGURE}]")
"""What ends the words that belong to a number."""
_QUOTES = re.compile("[“”‘’\"'《》〈〉「」*\\\\]")
_LEADING = re.compile(
    "^(?:其中|另外|另有|另|分别|并且|包括|预计|主要|具体|用于|并|且|还|含|等|共|以|较|比|由|从|在|向|为|约|的)+"
)
_OF_DATE = re.compile("^(?:年度?|月|日|度|底|初|末|以?前|以?来|间)+")
"""What belongs to a number just before."""
_LINKING = re.compile(
    "(?:分别|达到|达|共计|合计|共有|共|总计|为|是|约|近|超过|超|突破|了|到|至|有|的|第|等|计|各|以|由|及|在"
    "|于|和|与|或|其中|均)+$"
)
_JOINED = re.compile("(?:和|与|及|以及|或)$")
"""What parts two things that are counted, each by a number before it."""
_BEHIND = re.compile(r"[和与及的了]|\d")
_BEFORE_NAME = re.compile(
    "(?:其中|另有|本年度?|全年|年度|年末|年初|实有|现有|共有|我局|我单位|本局|本单位|度|年|，)*"
)
"""What may stand before the name that a pack has for a fact, in the words that belong to it."""
_PLAIN = re.compile(r"[-\w≥≤约近超逾不][^\s,:#\[\]{}]*")
"""A quantity that YAML reads as it stands."""
_LONGEST_BEFORE, _LONGEST_BEHIND = 14, 8
_SHORT = 4
"""Fewer characters before a number (增长, 总投资) say nothing without what the last one counts."""
_LEAST_ALIKE = 3
_NO_COUNT = re.compile("元|%|‰|百分点|倍|分$")
"""What a number is of that counts no things named behind it."""
_MOST_ALIKE = 1000
_NAMELESS = "数量"


class SentenceNumber(NamedTuple):
    """A number of a text with the words before it and behind it that say what it counts.

    `context` are the words before the last number of the same paragraph.
    """

    number: TypedNumber
    before: str
    behind: str
    context: str


class AdoptedPassage(NamedTuple):
    """A text of which numbers become facts: its file, and the place behind each of its lines."""

    path: str
    text: str
    places: tuple[SourceSpan, ...]

    def place(self, number: TypedNumber) -> SourceSpan:
        """Return where in the document a number stands."""
        return self.places[min(number.span.line, len(self.places)) - 1]


@dataclass(slots=True)
class FreeFacts:
    """The facts that sentences state by their names, and what is known already.

    `needed` are the names of facts that a pack has of its own and nobody filled in, `taken` all
    that other things are called, `waiting` the titles of figures and facts that have no value yet.
    """

    ledger: Ledger
    allowed: tuple[Allowed, ...]
    needed: frozenset[str]
    taken: set[str]
    waiting: tuple[str, ...]
    facts: dict[str, KeyedValue] = field(default_factory=dict)

    def referring(self, passages: Iterable[AdoptedPassage]) -> Iterator[AdoptedPassage]:
        """Yield texts with references in place of numbers, which become facts."""
        classifier = Classifier(self.ledger, self.allowed)
        texts = list(passages)
        read = list(map(partial(_numbers, classifier), texts))
        stated = self._of_pack(chain.from_iterable(read))
        for text, numbers in zip(texts, read, strict=True):
            yield text._replace(text=self._with_references(text, numbers, stated))

    def _of_pack(self, numbers: Iterable[SentenceNumber]) -> Mapping[str, str]:
        """Return what sentences state of facts that the pack names, where all say the same."""
        stated: dict[str, set[str]] = {}
        for each in numbers:
            name = self._needed_name(each.before)
            if name and _typed(each.number.text) is not None:
                stated.setdefault(name, set()).add(each.number.text)
        return {name: texts.pop() for name, texts in stated.items() if len(texts) == 1}

    def _needed_name(self, before: str) -> str:
        """Return the name of the pack's fact that the words before a number are."""
        words = _LINKING.sub("", before)
        for name in self.needed:
            if words.endswith(name) and _BEFORE_NAME.fullmatch(words.removesuffix(name)):
                return name
        return ""

    def _with_references(
        self, text: AdoptedPassage, numbers: Iterable[SentenceNumber], stated: Mapping[str, str]
    ) -> str:
        """Return a text in which the numbers that become facts are references."""
        parts: list[str] = []
        end = 0
        for each in numbers:
            number = each.number
            name = self._needed_name(each.before)
            known = name if stated.get(name) == number.text else ""
            if known or self._is_free(each):
                words = self._reference(each, known, text)
                parts += [text.text[end : number.start], words]
                end = number.end
        return "".join([*parts, text.text[end:]])

    def _is_free(self, stated: SentenceNumber) -> bool:
        """Return whether no figure gives a number, or will give it."""
        return stated.number.kind == "unsourced" and not self._is_of_rule(stated)

    def _is_of_rule(self, stated: SentenceNumber) -> bool:
        """Return whether a number is called as a figure is that nobody can work out yet."""
        before = _cleaned(stated.before)
        return any(_is_alike(before, title) for title in self.waiting)

    def _reference(self, stated: SentenceNumber, known: str, text: AdoptedPassage) -> str:
        """Return the reference to the fact that a number becomes, itself if it can be none."""
        number, place = stated.number, text.place(stated.number)
        typed = text.text[number.start : number.end]
        quantity = _typed(typed)
        if quantity is None:
            return typed
        name = known or self._free_name(stated, typed)
        words = _expression(name, quantity, typed, place)
        if not name or not words:
            return typed
        self.facts.setdefault(name, KeyedValue(name, typed, quantity.text, quantity, place))
        return words

    def _free_name(self, stated: SentenceNumber, printed: str) -> str:
        """Return a name that no other thing has, or the fact that says the same by that name."""
        short, *longer = list(_names(stated, printed)) or [_NAMELESS]
        numbered = (f"{short}{number}" for number in range(2, _MOST_ALIKE))
        names = (name for name in (short, *longer, *numbered) if self._may_be(name, printed))
        return next(names, "")

    def _may_be(self, name: str, printed: str) -> bool:
        """Return whether a number may have a name: nothing is called so, or the same number."""
        there = self.facts.get(name)
        return name not in self.taken if there is None else there.printed == printed


def _numbers(classifier: Classifier, text: AdoptedPassage) -> list[SentenceNumber]:
    """Return the numbers of a text that are not plain words, dates or parts of names."""
    found: list[SentenceNumber] = []
    read = passage(text.path, text.text)
    end, context, line = 0, "", 0
    for number in classifier.numbers(read):
        if number.kind not in {"plain", "allowed", "year"}:
            context = context if number.span.line == line else ""
            before = _before(read, end, number)
            found.append(SentenceNumber(number, before, _behind(read, number), context))
            context, line = _cleaned(before) or context, number.span.line
        end = number.end
    return found


def _typed(text: str) -> Quantity | None:
    """Return a number as a fact has it, None where it cannot be typed so."""
    try:
        quantity = parse_quantity(text)
    except QuantityError:
        return None
    return quantity if _PLAIN.fullmatch(quantity.text) else None


def _expression(key: str, quantity: Quantity, printed: str, place: SourceSpan) -> str:
    """Return the reference to a fact that prints what was typed, empty for none."""
    fact = Figure(key, key, "fact", quantity.value, quantity.unit, quantity.shape, place)
    number = first_number(printed)
    words = wording(number, fact) if number is not None else None
    if words is None or not words.same:
        return ""
    return f"{printed[: words.start]}{words.expression}{printed[words.end :]}"


def _before(read: Passage, end: int, number: TypedNumber) -> str:
    """Return the words before a number that belong to it, from the number that ends at `end`."""
    parts = _PART.split(read.plain[end : number.start])
    words = _QUOTES.sub("", parts[-1])
    return _OF_DATE.sub("", words) if len(parts) == 1 and end else words


def _behind(read: Passage, number: TypedNumber) -> str:
    """Return the words behind a number that say what it counts."""
    words = _PART.split(read.plain[number.end : number.end + 3 * _LONGEST_BEHIND], maxsplit=1)[0]
    return _BEHIND.split(_QUOTES.sub("", words).removeprefix("的"), maxsplit=1)[0]


def _cleaned(before: str) -> str:
    """Return the words before a number without what joins them to it, empty if they do not."""
    return "" if _JOINED.search(before) else _LEADING.sub("", _LINKING.sub("", before))


def _is_alike(before: str, title: str) -> bool:
    """Return whether words before a number are a title, or end as it does."""
    if len(before) < _LEAST_ALIKE or len(title) < _LEAST_ALIKE:
        return False
    return before.endswith(title) or title.endswith(before)


def _names(stated: SentenceNumber, printed: str) -> Iterator[str]:
    """Yield the names that a number may have, the shortest that says what it is first."""
    before = _cleaned(stated.before)[-_LONGEST_BEFORE:]
    behind = stated.behind[:_LONGEST_BEHIND] if not _NO_COUNT.search(printed) else ""
    context = stated.context[-_LONGEST_BEFORE:]
    if len(before) + len(behind) < _SHORT:
        before = f"{context}{before}"
    names = (f"{before}{behind}", f"{context}{before}{behind}")
    yield from filter(_can_be_name, (re.sub(r"\W", "", name) for name in names))


def _can_be_name(name: str) -> bool:
    """Return whether formulas and templates can write a name of two characters or more."""
    return len(name) > 1 and is_name(name) and name.isidentifier()
