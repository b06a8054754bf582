"""Holds the ratios of a text (shares, growth, completion, rates) to the numbers they come from.

Of the numbers that a ratio may come from it agrees where any two give it. It is told where its
own words say which two it comes from and these give another, or where two beside it nearly do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, permutations

from reportgen.features.audit.comparisons import Recomputation, difference, growth, quotient
from reportgen.features.audit.statements import DocumentClaim, DocumentClaims, quantities
from reportgen.findings import Finding, finding

SHARE, GROWTH, RATE, CHANGE = "A101", "A102", "A103", "A104"
_EARLIER = re.compile("[比较].{0,6}(?:上年|去年|上一年|同期)|(?:从|由)$|上年|去年|上一年")
_GROWN_TO = re.compile("(?:增|提高|上升|增长|减少|下降|降低|降)[长加]?[到至为]$")
_PLANNED = re.compile("目标|计划|任务|预算|总投资|批复|年初|应|受理|收集|收到|编制")
_REACHED = re.compile("完成|实现|支出|决算|到位|使用|实缴|办结|解决|处置|实有|在职|达")
_AT_MOST_ALL = re.compile("满意|合格|达标|覆盖|公开率|及时率|准确率|通过率|优良|占比")
_MOVED = {1: "@rose", 0: "@level", -1: "@fell"}
_NEAR = Fraction(6, 1000)
"""How far from what two numbers give a printed ratio may be, as a part of it, to be meant so."""
_MANY_DIGITS, _FEW_UNITS = 4, 5
"""Digits of a change that two amounts give by chance hardly ever, within so many of its last."""
_MOST_OPERANDS = 8
"""Of so many numbers before a ratio the nearest are tried."""


def check_ratios(statements: DocumentClaims) -> Iterator[Recomputation]:
    """Yield a comparison for each ratio and change that can be worked out in the document."""
    for sentence in statements.sentences:
        for statement in sentence:
            found = _compared(statement, sentence, statements)
            if found is not None:
                yield found


def _compared(
    statement: DocumentClaim, sentence: Sequence[DocumentClaim], statements: DocumentClaims
) -> Recomputation | None:
    """Return how a ratio fits the numbers it comes from, None where nothing says which."""
    if statement.number.rough:
        return None
    match statement.claim.role:
        case "growth":
            return _growth(statement, sentence)
        case "change":
            return _change(statement, sentence) or _last_digits(statement, statements)
        case "share":
            return _share(statement, sentence, statements)
        case "completion" | "rate":
            return _completion(statement, sentence)
    return None


def now_and_earlier(
    sentence: Sequence[DocumentClaim], before: DocumentClaim
) -> tuple[DocumentClaim, DocumentClaim] | None:
    """Return the number of now and the earlier one that the words before a growth name."""
    nearby = [found for found in quantities(sentence, before) if found.claim.role != "change"]
    for later, earlier in pairwise(nearby):
        if later.dimension != earlier.dimension or later.number.value <= 0:
            continue
        if _EARLIER.search(later.claim.lead):
            return earlier, later
        if _GROWN_TO.search(later.claim.lead) and _EARLIER.search(earlier.claim.lead):
            return later, earlier
    return None


def _growth(statement: DocumentClaim, sentence: Sequence[DocumentClaim]) -> Recomputation | None:
    pair = now_and_earlier(sentence, statement)
    if pair is None or pair[1].number.value <= 0:
        return None
    now, earlier = pair
    if (now.number.value - earlier.number.value) * statement.claim.sign < 0:
        return None
    return growth(GROWTH, statement.number, now.number, earlier.number, statement.claim.sign)


def _change(statement: DocumentClaim, sentence: Sequence[DocumentClaim]) -> Recomputation | None:
    pair = now_and_earlier(sentence, statement)
    if pair is None or pair[0].dimension != statement.dimension:
        return None
    now, earlier = (found.number for found in pair)
    if (now.value - earlier.value) * statement.claim.sign < 0:
        return None  # the word of direction is told
    if statement.claim.sign < 0:
        now, earlier = earlier, now
    return difference(CHANGE, statement.number, now, earlier)


def _last_digits(statement: DocumentClaim, statements: DocumentClaims) -> Recomputation | None:
    """Return a change against two amounts before it whose difference it is but for last digits.

    It may name no numbers (较年初预算多848.86万元): so few digits apart they are meant.
    """
    if statement.claim.number.weight < _MANY_DIGITS:
        return None
    before = statements.every[max(0, statement.order - _MOST_OPERANDS) : statement.order]
    amounts = [found for found in before if found.is_quantity and found.claim.role != "change"]
    found: list[Recomputation] = []
    for left, right in permutations(amounts, 2):
        if left.dimension == right.dimension == statement.dimension:
            found.append(difference(CHANGE, statement.number, left.number, right.number))
    best = min(found, key=_misfit, default=None)
    within = _FEW_UNITS * statement.number.step
    return best if best is not None and abs(best.difference) <= within else None


def check_directions(statements: DocumentClaims) -> Iterator[Finding]:
    """Yield A113 for a word of direction that two numbers contradict, A114 for rates over 100 %."""
    for sentence in statements.sentences:
        for statement in sentence:
            if statement.claim.role in {"growth", "change"}:
                yield from _misdirected(statement, sentence)
            elif _is_impossible(statement):
                of = (statement.claim.base or statement.claim.subject)[-20:]
                stated = statement.number.text
                yield finding("A114", statement.number.span, of=of, stated=stated)


def _misdirected(statement: DocumentClaim, sentence: Sequence[DocumentClaim]) -> Iterator[Finding]:
    pair = now_and_earlier(sentence, statement)
    if pair is None or pair[0].number.rough or pair[1].number.rough:
        return
    now, earlier = (found.number for found in pair)
    moved = (now.value > earlier.value) - (now.value < earlier.value)
    if moved == statement.claim.sign or statement.number.value == 0:
        return
    yield finding(
        "A113",
        statement.number.span,
        word=statement.claim.lead[-8:],
        now=now.text,
        earlier=earlier.text,
        really=_MOVED[moved],
    )


def _is_impossible(statement: DocumentClaim) -> bool:
    """Return whether a share or a rate of satisfaction, passes and the like is over 100 %."""
    claim = statement.claim
    if statement.number.value <= 1 or claim.number.unit is None:
        return False
    return claim.role == "share" or (
        claim.role == "rate" and _AT_MOST_ALL.search(claim.base or claim.subject) is not None
    )


def _share(
    statement: DocumentClaim, sentence: Sequence[DocumentClaim], statements: DocumentClaims
) -> Recomputation | None:
    part = next(quantities(sentence, statement), None)
    if part is None:
        return None
    wholes = statements.named(statement.claim.base, part.dimension)
    wholes += [found for found in sentence if found.order < part.order and found.is_quantity]
    return _best(SHARE, statement, _with_part(part, wholes), sure=bool(statement.claim.base))


def _with_part(
    part: DocumentClaim, wholes: Sequence[DocumentClaim]
) -> Iterator[tuple[DocumentClaim, DocumentClaim]]:
    """Yield `part` with each of the `wholes` that it may be a part of."""
    for whole in wholes:
        if whole.order != part.order and whole.dimension == part.dimension:
            yield part, whole


def _completion(
    statement: DocumentClaim, sentence: Sequence[DocumentClaim]
) -> Recomputation | None:
    nearby = [found for found in quantities(sentence, statement) if found.claim.number.unit]
    nearby = nearby[:_MOST_OPERANDS]
    pairs = [pair for pair in permutations(nearby, 2) if pair[0].dimension == pair[1].dimension]
    planned = [pair for pair in pairs if _is_plan(pair[1]) and not _is_plan(pair[0])]
    chosen = planned[:1] if len(nearby) == len(planned) + 1 else []
    return _best(RATE, statement, pairs, sure=False) or _best(
        RATE, statement, chosen, sure=bool(chosen)
    )


def _is_plan(statement: DocumentClaim) -> bool:
    return _PLANNED.search(statement.claim.lead) is not None and not _REACHED.search(
        statement.claim.lead
    )


def _best(
    code: str,
    statement: DocumentClaim,
    pairs: Iterator[tuple[DocumentClaim, DocumentClaim]]
    | Sequence[tuple[DocumentClaim, DocumentClaim]],
    *,
    sure: bool,
) -> Recomputation | None:
    """Return the comparison with the pair that fits best; one that differs only if it is meant.

    It is where the words say so (`sure`), or where the pair nearly gives the printed ratio.
    """
    found: list[Recomputation] = []
    for part, whole in pairs:
        if whole.number.value > 0:
            found.append(quotient(code, statement.number, part.number, whole.number))
    if not found:
        return None
    best = min(found, key=_misfit)
    return best if best.verdict != "differs" or sure or _is_near(best) else None


def _misfit(comparison: Recomputation) -> tuple[int, Fraction]:
    order = ("agrees", "rounded", "differs")
    return order.index(comparison.verdict), abs(comparison.difference)


def _is_near(comparison: Recomputation) -> bool:
    return abs(comparison.difference) <= _NEAR * abs(comparison.stated.value)
