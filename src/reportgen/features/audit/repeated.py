"""Finds one thing that a document states twice with two numbers: in its text, and in a table.

What is one thing is told by its name. Where a name is all that says so, two numbers are told only
if they are as near as a slip; where the words around are the same too, whenever they differ.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from itertools import starmap
from operator import attrgetter
from typing import NamedTuple

from reportgen.features.audit.comparisons import Recomputation, same
from reportgen.features.audit.mistyped import is_mistyped
from reportgen.features.audit.statements import DocumentClaim, DocumentClaims, even_name
from reportgen.features.audit.table_numbers import tables_of
from reportgen.model.reading import DocumentNumber, Reading
from reportgen.model.units import Dimension

TWICE, TABLE_AND_TEXT = "A111", "A112"
_LEAST_NAME = 4
_POINTING = re.compile("^[该其此另这那]|^(?:每|平均|人均|个|家|项)")
_DIGITS = re.compile(r"[0-9.,，]+")
_TOTAL_ROW = re.compile("合计|总计|汇总|总分")
_AMOUNT_HEAD = re.compile("合计|总计|金额|决算数?|预算数?|数$|小计")
_NEAR = Fraction(1, 100)
_GAP, _NUMBER, _AGREES = map(attrgetter, ("gap", "number", "agrees"))
_LEAST_WORDS = 20
"""Characters of a sentence, without digits, that no other sentence has by chance."""
_CONTEXT = 16
"""So many characters of the sentence before say whether two sentences are about one thing."""
_MOST = 600
"""Characters of a sentence that are compared."""
_LONG_NAME, _MANY_DIGITS = 6, 4


class _Name(NamedTuple):
    """What one number is said of: its name, what it counts, its dimension, and when."""

    name: str
    thing: str
    dimension: Dimension
    period: str


def check_repeated(reading: Reading, statements: DocumentClaims) -> Iterator[Recomputation]:
    """Yield a comparison for each number that stands for what another one stands for."""
    yield from _in_text(statements)
    yield from _in_tables(reading, statements)


def _in_text(statements: DocumentClaims) -> Iterator[Recomputation]:
    """Yield each number of the text against the first one that stands for the same."""
    first: dict[_Name, list[DocumentClaim]] = defaultdict(list)
    said: dict[str, tuple[DocumentClaim, ...]] = {}
    for sentence in statements.sentences:
        words = _words(sentence[0])
        before = said.get(words)
        if before is not None:
            yield from _same_sentence(before, sentence)
            continue
        if len(words) >= _LEAST_WORDS:
            said[words] = sentence
        yield from _same_names(first, sentence)


def _words(statement: DocumentClaim) -> str:
    """Return the sentence of a statement without digits, with the end of the one before it."""
    start, end = statement.claim.sentence
    return _DIGITS.sub(
        "", statement.paragraph.text[max(0, start - _CONTEXT) : min(end, start + _MOST)]
    ).strip()


def _same_sentence(
    earlier: Sequence[DocumentClaim], later: Sequence[DocumentClaim]
) -> Iterator[Recomputation]:
    """Yield the numbers of a sentence that stands twice, where most of them are the same."""
    pairs = zip(map(_NUMBER, later), map(_NUMBER, earlier), strict=False)
    found = list(starmap(partial(same, TWICE), pairs))
    agreeing = list(filter(_AGREES, found))
    if len(earlier) == len(later) and len(agreeing) * 2 > len(found):
        yield from found


def _same_names(
    first: dict[_Name, list[DocumentClaim]], sentence: Iterable[DocumentClaim]
) -> Iterator[Recomputation]:
    """Yield the numbers of a sentence against earlier ones of their names, and remember them."""
    for statement in sentence:
        name = _name(statement)
        if name is not None:
            yield from _same_name(first[name], statement)
            first[name].append(statement)


def _same_name(
    earlier: Sequence[DocumentClaim], statement: DocumentClaim
) -> Iterator[Recomputation]:
    """Yield a number against an earlier one of its name that equals it, or nearly does."""
    equal = [found for found in earlier if found.number.value == statement.number.value]
    near = [found for found in earlier[:1] if _is_mistyped_for(found, statement)]
    for other in (equal or near)[:1]:
        yield same(TWICE, statement.number, other.number)


def _name(statement: DocumentClaim) -> _Name | None:
    """Return what a number is said of, None where its words do not tell it from others."""
    claim = statement.claim
    name = even_name(claim.subject)
    if not statement.is_level or len(name) < _LEAST_NAME or _POINTING.search(name):
        return None
    return _Name(name, claim.thing[:_LEAST_NAME], statement.dimension, claim.period)


def _is_mistyped_for(earlier: DocumentClaim, later: DocumentClaim) -> bool:
    """Return whether a number is another one mistyped: of a long name, and as near as a slip."""
    is_long = len(even_name(later.claim.subject)) >= _LONG_NAME
    if earlier.sentence == later.sentence or not is_long:
        return False
    gap = later.number.value - earlier.number.value
    return later.claim.number.weight >= _MANY_DIGITS and is_mistyped(later.number, gap)


def _in_tables(reading: Reading, statements: DocumentClaims) -> Iterator[Recomputation]:
    """Yield each amount of the text against the cells of that name."""
    cells = _named_cells(reading)
    for statement in statements.every:
        if statement.claim.role == "amount" and statement.is_level:
            name = even_name(statement.claim.subject), statement.dimension
            yield from _against_cells(statement, cells.get(name, ()))


def _against_cells(
    statement: DocumentClaim, cells: Iterable[DocumentNumber]
) -> Iterator[Recomputation]:
    """Yield a number against the nearest of the cells of its name, if it is near to one."""
    compared = map(partial(same, TABLE_AND_TEXT, statement.number), cells)
    best = min(compared, key=_GAP, default=None)
    if best is not None and _is_of_one_thing(best):
        yield best


def _is_of_one_thing(one: Recomputation) -> bool:
    """Return whether two numbers are as near as those of one thing are, if one is mistyped."""
    is_near = one.gap <= _NEAR * abs(one.computed)
    return one.fits or is_near or is_mistyped(one.stated, one.difference)


_CellName = tuple[str, Dimension]
"""What a cell may be called, and what it measures."""


def _named_cells(reading: Reading) -> dict[_CellName, list[DocumentNumber]]:
    """Return the numbers of all tables that a name leads to: a total's column, or a row's total."""
    named: dict[_CellName, list[DocumentNumber]] = defaultdict(list)
    for numbers in tables_of(reading):
        for place, number, unit in numbers.measured():
            for name in _names(numbers.head(place.column), numbers.label(place.row)):
                named[name, unit.dimension].append(number)
    return named


def _names(head: str, label: str) -> Iterator[str]:
    """Yield what a cell may be called by the head of its column and the label of its row."""
    column, row = _last(head), _last(label)
    if _TOTAL_ROW.search(label) and len(column) >= _LEAST_NAME:
        yield column
    if _AMOUNT_HEAD.search(head) and len(row) >= _LEAST_NAME:
        yield row


def _last(words: str) -> str:
    """Return the last of some heads without its unit, even."""
    return even_name(re.sub(r"[（(].*$", "", words.rpartition("/")[2]))
