"""The claims of a document, each at its place, and those that one of them may be compared with."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import field
from fractions import Fraction

from reportgen.language.claims import NumberClaim, find_claims
from reportgen.language.numbers import WrittenNumber
from reportgen.model.frozen import frozen
from reportgen.model.reading import DocumentNumber, Reading, ReadParagraph
from reportgen.model.units import ONE, Dimension

MONEY = "money"
_NOISE = re.compile(
    "[“”\"'《》\\s]|全年|全市|全部|年度|本年|当年|我局|我单位|部门|单位|[的了]|[0-9]{4}年|共计?|合计|总计|资金"
)
_LEAST_NAME = 2
"""Characters of a name that tell it from others at least."""
_MOST_NAMED = 100
"""So many amounts whose names end alike are known; a document has a few."""
_MOST_OF_SENTENCE = 60
"""Numbers of a sentence that are read together; longer ones are no sentences."""


@frozen
class DocumentClaim:
    """A claim of a document; `order` counts them, `sentence` is the same within one sentence."""

    claim: NumberClaim
    paragraph: ReadParagraph
    order: int
    sentence: tuple[int, int]
    number: DocumentNumber

    @property
    def dimension(self) -> Dimension:
        """Return the dimension of its unit."""
        unit = self.claim.number.unit
        return (unit if unit is not None else ONE).dimension

    @property
    def is_quantity(self) -> bool:
        """Return whether it states how much or how many there are, exactly enough to compare."""
        return self.is_level or (self.claim.role == "change" and not self.number.rough)

    @property
    def is_level(self) -> bool:
        """Return whether it is a quantity, but not one by how much another one changed."""
        return self.claim.role in {"amount", "count", "score"} and not self.number.rough

    def adds_to(self, other: DocumentClaim) -> bool:
        """Return whether another one is a quantity of its dimension."""
        return other.is_quantity and self.dimension == other.dimension

    @property
    def sentence_text(self) -> str:
        """Return the sentence that it stands in."""
        start, end = self.claim.sentence
        return self.paragraph.text[start:end]


@frozen
class DocumentClaims:
    """All claims of a document in order, by sentence, and its amounts by name."""

    every: tuple[DocumentClaim, ...]
    sentences: tuple[tuple[DocumentClaim, ...], ...]
    _named: dict[str, list[DocumentClaim]] = field(repr=False)

    def named(self, name: str, dimension: Dimension) -> list[DocumentClaim]:
        """Return the amounts that are called `name`, in these words or with some before them."""
        wanted = even_name(name)
        if len(wanted) < _LEAST_NAME:
            return []
        return [
            statement
            for statement in self._named.get(wanted[-_LEAST_NAME:], ())
            if statement.dimension == dimension and _is_called(statement, wanted)
        ]


NO_CLAIMS = DocumentClaims((), (), {})
"""What a document states that there is none of."""


def statements(reading: Reading) -> DocumentClaims:
    """Return the claims of the sentences of `reading`, those in cells too."""
    every = tuple(_claims(reading))
    by_sentence: dict[tuple[int, int], list[DocumentClaim]] = defaultdict(list)
    named: dict[str, list[DocumentClaim]] = defaultdict(list)
    for statement in every:
        by_sentence[statement.sentence].append(statement)
        if statement.is_quantity:
            _remember(statement, named[even_name(statement.claim.subject)[-_LEAST_NAME:]])
    return DocumentClaims(every, tuple(map(tuple, by_sentence.values())), named)


def _claims(reading: Reading) -> Iterator[DocumentClaim]:
    """Yield the claims of a document; a sentence of too many is several."""
    order = 0
    for position, paragraph in enumerate(reading.passages):
        counted: Counter[int] = Counter()
        for claim in find_claims(paragraph.text):
            start = claim.sentence.start
            part = counted[start] // _MOST_OF_SENTENCE
            counted[start] += 1
            key = (position, start + part * len(paragraph.text))
            number = stated(claim.number, paragraph)
            yield DocumentClaim(claim, paragraph, order, key, number)
            order += 1


def _remember(claim: DocumentClaim, known: list[DocumentClaim]) -> None:
    """Add an amount to those whose names end alike, unless it is among them or they are many."""
    if len(known) < _MOST_NAMED and not any(_is_alike(claim, each) for each in known):
        known.append(claim)


def _is_alike(claim: DocumentClaim, other: DocumentClaim) -> bool:
    """Return whether two claims give one name the same amount."""
    same_name = claim.claim.subject == other.claim.subject
    return same_name and claim.number.value == other.number.value


def stated(number: WrittenNumber, paragraph: ReadParagraph) -> DocumentNumber:
    """Return a written number as a paragraph states it."""
    rough = number.before or number.about or number.after or number.reach
    text = paragraph.text[number.body : number.body_end]
    span = paragraph.span._replace(
        column=number.body + 1,
        end_line=paragraph.span.line,
        end_column=number.body_end + 1,
    )
    return DocumentNumber(text, number.value, _step(number), number.unit, span, bool(rough))


def _step(number: WrittenNumber) -> Fraction:
    """Return the worth of the last digit of a number, 0 for one that counts things exactly."""
    unit = number.unit or ONE
    if unit.factor == 1 and not number.decimals and _is_counted(unit.dimension):
        return Fraction(0)
    return unit.factor * Fraction(1, 10**number.decimals)


def _is_counted(dimension: Dimension) -> bool:
    return bool(dimension) and dimension[0][0] not in _MEASURED


_MEASURED = frozenset(["money", "length", "area", "mass", "volume", "energy", "power"])


def even_name(name: str) -> str:
    """Return a name without quotes, times and words that say nothing, for comparing."""
    return _NOISE.sub("", name)


def _is_called(statement: DocumentClaim, wanted: str) -> bool:
    name = even_name(statement.claim.subject)
    return name.endswith(wanted) or (len(name) > _LEAST_NAME and wanted.endswith(name))


def quantities(sentence: Sequence[DocumentClaim], before: DocumentClaim) -> Iterator[DocumentClaim]:
    """Yield the quantities of a sentence that stand before a statement, the nearest first."""
    for statement in reversed(sentence):
        if statement.order < before.order and statement.is_quantity:
            yield statement
