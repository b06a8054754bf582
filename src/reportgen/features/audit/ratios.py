"""Holds the ratios of a text (shares, growth, completion, rates) to the numbers they come from.

Of the numbers that a ratio may come from it agrees where any two give it. It is told where its
own words say which two it comes from and these give another, or where two beside it nearly do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import permutations

from reportgen.features.audit.comparisons import Comparison, difference, growth, quotient
from reportgen.features.audit.statements import Statement, Statements, quantities

SHARE, GROWTH, RATE, CHANGE = "A101", "A102", "A103", "A104"
_EARLIER = re.compile("[比较].{0,6}(?:上年|去年|上一年|同期)|^(?:从|由)|上年|去年|上一年")
_GROWN_TO = re.compile("(?:增|提高|上升|增长|减少|下降|降低|降)[长加]?[到至为]$")
_PLANNED = re.compile("目标|计划|任务|预算|总投资|批复|年初|应|受理|收集|收到|编制")
_REACHED = re.compile("完成|实现|支出|决算|到位|使用|实缴|办结|解决|处置|实有|在职|达")
_NEAR = Fraction(6, 1000)
"""How far from what two numbers give a printed ratio may be, as a part of it, to be meant so."""
_MOST_OPERANDS = 8
"""Of so many numbers before a ratio the nearest are tried."""


def check_ratios(statements: Statements) -> Iterator[Comparison]:
    """Yield a comparison for each ratio and change that can be worked out in the document."""
    for sentence in statements.sentences:
        for statement in sentence:
            found = _compared(statement, sentence, statements)
            if found is not None:
                yield found


def _compared(
    statement: Statement, sentence: Sequence[Statement], statements: Statements
) -> Comparison | None:
    """Return how a ratio fits the numbers it comes from, None where nothing says which."""
    if statement.number.rough:
        return None
    match statement.claim.role:
        case "growth":
            return _growth(statement, sentence)
        case "change":
            return _change(statement, sentence)
        case "share":
            return _share(statement, sentence, statements)
        case "completion" | "rate":
            return _completion(statement, sentence)
    return None


def _pair(sentence: Sequence[Statement], before: Statement) -> tuple[Statement, Statement] | None:
    """Return the number of now and the earlier one that the words before a growth name."""
    nearby = [found for found in quantities(sentence, before) if found.claim.role != "change"]
    for later, earlier in zip(nearby, nearby[1:], strict=False):
        if later.dimension != earlier.dimension or later.number.value <= 0:
            continue
        if _EARLIER.search(later.claim.lead):
            return earlier, later
        if _GROWN_TO.search(later.claim.lead) and _EARLIER.search(earlier.claim.lead):
            return later, earlier
    return None


def _growth(statement: Statement, sentence: Sequence[Statement]) -> Comparison | None:
    pair = _pair(sentence, statement)
    if pair is None or pair[1].number.value <= 0:
        return None
    now, earlier = pair
    return growth(GROWTH, statement.number, now.number, earlier.number, statement.claim.sign)


def _change(statement: Statement, sentence: Sequence[Statement]) -> Comparison | None:
    pair = _pair(sentence, statement)
    if pair is None or pair[0].dimension != statement.dimension:
        return None
    now, earlier = (found.number for found in pair)
    if statement.claim.sign < 0:
        now, earlier = earlier, now
    return difference(CHANGE, statement.number, now, earlier)


def _share(
    statement: Statement, sentence: Sequence[Statement], statements: Statements
) -> Comparison | None:
    part = next(quantities(sentence, statement), None)
    if part is None:
        return None
    wholes = statements.named(statement.claim.base, part.dimension)
    wholes += [found for found in sentence if found.order < part.order and found.is_quantity]
    return _best(SHARE, statement, _with_part(part, wholes), sure=bool(statement.claim.base))


def _with_part(
    part: Statement, wholes: Sequence[Statement]
) -> Iterator[tuple[Statement, Statement]]:
    """Yield `part` with each of the `wholes` that it may be a part of."""
    for whole in wholes:
        if whole.order != part.order and whole.dimension == part.dimension:
            yield part, whole


def _completion(statement: Statement, sentence: Sequence[Statement]) -> Comparison | None:
    nearby = list(quantities(sentence, statement))[:_MOST_OPERANDS]
    pairs = [pair for pair in permutations(nearby, 2) if pair[0].dimension == pair[1].dimension]
    planned = [pair for pair in pairs if _is_plan(pair[1]) and not _is_plan(pair[0])]
    chosen = planned[:1] if len(nearby) == len(planned) + 1 else []
    return _best(RATE, statement, pairs, sure=False) or _best(
        RATE, statement, chosen, sure=bool(chosen)
    )


def _is_plan(statement: Statement) -> bool:
    return _PLANNED.search(statement.claim.lead) is not None and not _REACHED.search(
        statement.claim.lead
    )


def _best(
    code: str,
    statement: Statement,
    pairs: Iterator[tuple[Statement, Statement]] | Sequence[tuple[Statement, Statement]],
    *,
    sure: bool,
) -> Comparison | None:
    """Return the comparison with the pair that fits best; one that differs only if it is meant.

    It is where the words say so (`sure`), or where the pair nearly gives the printed ratio.
    """
    found: list[Comparison] = []
    for part, whole in pairs:
        if whole.number.value > 0:
            found.append(quotient(code, statement.number, part.number, whole.number))
    if not found:
        return None
    best = min(found, key=_misfit)
    return best if best.verdict != "differs" or sure or _is_near(best) else None


def _misfit(comparison: Comparison) -> tuple[int, Fraction]:
    order = ("agrees", "rounded", "differs")
    return order.index(comparison.verdict), abs(comparison.difference)


def _is_near(comparison: Comparison) -> bool:
    return abs(comparison.difference) <= _NEAR * abs(comparison.stated.value)
