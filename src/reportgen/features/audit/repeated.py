"""Finds one thing that a document states twice with two numbers: in its text, and in a table.

What is one thing is told by its name. Where a name is all that says so, two numbers are told only
if they are as near as a slip; where the words around are the same too, whenever they differ.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from reportgen.features.audit.comparisons import Recomputation, same
from reportgen.features.audit.slips import is_slip
from reportgen.features.audit.statements import DocumentClaim, DocumentClaims, even_name
from reportgen.features.audit.table_numbers import headed_unit, noted_unit, tables_of
from reportgen.model.reading import DocumentNumber, Reading
from reportgen.model.units import Dimension

TWICE, TABLE_AND_TEXT = "A111", "A112"
_LEAST_NAME = 4
_POINTING = re.compile("^[该其此另这那]|^(?:每|平均|人均|个|家|项)")
_DIGITS = re.compile(r"[0-9.,，]+")
_TOTAL_ROW = re.compile("合计|总计|汇总|总分")
_AMOUNT_HEAD = re.compile("合计|总计|金额|决算数?|预算数?|数$|小计")
_NEAR = Fraction(1, 100)
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
        if words in said:
            yield from _same_sentence(said[words], sentence)
            continue
        if len(words) >= _LEAST_WORDS:
            said[words] = sentence
        for statement in sentence:
            yield from _same_name(first, statement)


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
    if len(earlier) != len(later):
        return
    found = [
        same(TWICE, after.number, before.number)
        for before, after in zip(earlier, later, strict=True)
    ]
    agreeing = sum(1 for one in found if one.verdict == "agrees")
    if agreeing * 2 > len(found):
        yield from found


def _same_name(
    first: dict[_Name, list[DocumentClaim]], statement: DocumentClaim
) -> Iterator[Recomputation]:
    """Yield a number against an earlier one of its name that equals it, or nearly does."""
    name = _name(statement)
    if name is None:
        return
    earlier = first[name]
    equal = [found for found in earlier if found.number.value == statement.number.value]
    if equal:
        yield same(TWICE, statement.number, equal[0].number)
    elif earlier and _is_slip_of(earlier[0], statement):
        yield same(TWICE, statement.number, earlier[0].number)
    earlier.append(statement)


def _name(statement: DocumentClaim) -> _Name | None:
    """Return what a number is said of, None where its words do not tell it from others."""
    claim = statement.claim
    name = even_name(claim.subject)
    if statement.number.rough or len(name) < _LEAST_NAME or _POINTING.search(name):
        return None
    if claim.role in {"amount", "count", "score"}:
        return _Name(name, claim.thing[:_LEAST_NAME], statement.dimension, claim.period)
    return None


def _is_slip_of(earlier: DocumentClaim, later: DocumentClaim) -> bool:
    """Return whether a number is another one mistyped: of a long name, and as near as a slip."""
    if earlier.sentence == later.sentence or len(even_name(later.claim.subject)) < _LONG_NAME:
        return False
    if later.claim.number.weight < _MANY_DIGITS:
        return False
    return is_slip(later.number, later.number.value - earlier.number.value)


def _in_tables(reading: Reading, statements: DocumentClaims) -> Iterator[Recomputation]:
    """Yield each amount of the text against the cells of that name."""
    cells = _named_cells(reading)
    for statement in statements.every:
        if statement.claim.role != "amount" or statement.number.rough:
            continue
        found = cells.get((even_name(statement.claim.subject), statement.dimension))
        if found:
            yield from _against_cells(statement, found)


def _against_cells(
    statement: DocumentClaim, cells: Sequence[DocumentNumber]
) -> Iterator[Recomputation]:
    """Yield a number against the nearest of the cells of its name, if it is near to one."""
    compared = [same(TABLE_AND_TEXT, statement.number, cell) for cell in cells]
    best = min(compared, key=lambda one: abs(one.difference))
    is_near = abs(best.difference) <= _NEAR * abs(best.computed)
    if best.verdict != "differs" or is_near or is_slip(statement.number, best.difference):
        yield best


def _named_cells(reading: Reading) -> dict[tuple[str, Dimension], list[DocumentNumber]]:
    """Return the numbers of all tables that a name leads to: a total's column, or a row's total."""
    named: dict[tuple[str, Dimension], list[DocumentNumber]] = defaultdict(list)
    for numbers in tables_of(reading):
        noted = noted_unit(numbers.table)
        for place in numbers.numbers.values():
            head, label = numbers.head(place.column), numbers.label(place.row)
            unit = place.number.unit or headed_unit(head) or headed_unit(label) or noted
            if unit is None:
                continue
            number = place.number
            if number.unit is None:
                factor = unit.factor
                number = replace(
                    number, value=number.value * factor, step=number.step * factor, unit=unit
                )
            for name in _names(head, label):
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
