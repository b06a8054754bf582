"""Holds the ratios of a text (shares, growth, completion, rates) to the numbers they come from.

Of the numbers that a ratio may come from it agrees where any two give it. It is told where its
own words say which two it comes from and these give another, or where two beside it nearly do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, pairwise, permutations, product
from operator import attrgetter
from typing import NamedTuple

from reportgen.features.audit.comparisons import Recomputation, difference, growth, quotient
from reportgen.features.audit.mistyped import mistyping
from reportgen.features.audit.statements import DocumentClaim, DocumentClaims, quantities
from reportgen.findings import Finding, finding

SHARE, GROWTH, RATE, CHANGE, PER_HEAD = "A101", "A102", "A103", "A104", "A121"
_EARLIER = re.compile("[比较].{0,6}(?:上年|去年|上一年|同期)|(?:从|由)$|上年|去年|上一年")
_GROWN_TO = re.compile("(?:增|提高|上升|增长|减少|下降|降低|降)[长加]?[到至为]$")
_PLANNED = re.compile("目标|计划|任务|预算|总投资|批复|年初|应|受理|收集|收到|编制")
_REACHED = re.compile("完成|实现|支出|决算|到位|使用|实缴|办结|解决|处置|实有|在职|达")
_AT_MOST_ALL = re.compile("满意|合格|达标|覆盖|公开率|及时率|准确率|通过率|优良|占比")
_BEYOND = re.compile("超额?(?:完成|过|出)?|(?P<below>不足|欠)")
"""Words before what was reached beyond a plan, or short of it: 超计划15.75%."""
_EACH = re.compile("(?P<of>[人户亩家])均")
_HEADS = {"人": "人 名 个人", "户": "户", "亩": "亩", "家": "家 户 个"}
"""Units of what an amount is divided by, by the word before 均."""
_MOVED = {1: "@rose", 0: "@level", -1: "@fell"}
_NEAR = Fraction(6, 1000)
"""How far from what two numbers give a printed ratio may be, as a part of it, to be meant so."""
_MANY_DIGITS, _FEW_UNITS, _FEW_AMOUNTS = 5, 5, 4
"""Digits of a change that two of a few amounts give by chance hardly ever, but for a slip."""
_MOST_OPERANDS = 8
"""Of so many numbers before a ratio the nearest are tried."""
_IS_LEVEL, _NUMBER = attrgetter("is_level"), attrgetter("number")
_HAS_UNIT = attrgetter("claim.number.unit")

DocumentSentence = Sequence[DocumentClaim]
"""The claims of a sentence, in order."""
PartAndWhole = tuple[DocumentClaim, DocumentClaim]
"""Two numbers of which a ratio may be."""


class NowAndEarlier(NamedTuple):
    """The number of now and that of a time before it."""

    now: DocumentClaim
    earlier: DocumentClaim

    @property
    def moved(self) -> int:
        """Return 1 where it grew, -1 where it fell, 0 where it stayed."""
        now, earlier = self.now.number.value, self.earlier.number.value
        return (now > earlier) - (now < earlier)

    def contradicts(self, statement: DocumentClaim) -> bool:
        """Return whether a word of direction says the contrary, which is told by itself."""
        return self.moved == -statement.claim.sign


def check_ratios(statements: DocumentClaims) -> Iterator[Recomputation]:
    """Yield a comparison for each ratio and change that can be worked out in the document."""
    for sentence in statements.sentences:
        for statement in sentence:
            yield from _compared(statement, sentence, statements)


def _compared(
    statement: DocumentClaim, sentence: DocumentSentence, statements: DocumentClaims
) -> Iterator[Recomputation]:
    """Yield how a ratio fits the numbers it comes from, nothing where nothing says which."""
    compare = _COMPARED.get(statement.claim.role)
    if compare is None or statement.number.rough:
        return
    found = compare(statement, sentence, statements)
    if found is not None:
        yield found


def now_and_earlier(sentence: DocumentSentence, before: DocumentClaim) -> NowAndEarlier | None:
    """Return the number of now and the earlier one that the words before a growth name."""
    for later, earlier in pairwise(filter(_IS_LEVEL, quantities(sentence, before))):
        if later.dimension == earlier.dimension and later.number.value > 0:
            named = _named_by_lead(earlier, later)
            if named is not None:
                return named
    return None


def _named_by_lead(first: DocumentClaim, second: DocumentClaim) -> NowAndEarlier | None:
    """Return two numbers that follow each other as now and earlier, if their words say which is.

    The earlier one stands behind (比上年1171万元), or before 增加到.
    """
    if _EARLIER.search(second.claim.lead):
        return NowAndEarlier(first, second)
    if _GROWN_TO.search(second.claim.lead) and _EARLIER.search(first.claim.lead):
        return NowAndEarlier(second, first)
    return None


def _growth(
    statement: DocumentClaim, sentence: DocumentSentence, _statements: DocumentClaims
) -> Recomputation | None:
    pair = now_and_earlier(sentence, statement)
    if pair is None or pair.earlier.number.value <= 0 or pair.contradicts(statement):
        return None
    now, earlier = pair
    return growth(GROWTH, statement.number, now.number, earlier.number, statement.claim.sign)


def _change(
    statement: DocumentClaim, sentence: DocumentSentence, statements: DocumentClaims
) -> Recomputation | None:
    pair = now_and_earlier(sentence, statement)
    if pair is None or pair.now.dimension != statement.dimension or pair.contradicts(statement):
        return _last_digits(statement, statements)  # a word of direction is told
    now, earlier = map(_NUMBER, pair)
    if statement.claim.sign < 0:
        now, earlier = earlier, now
    return difference(CHANGE, statement.number, now, earlier)


def _last_digits(statement: DocumentClaim, statements: DocumentClaims) -> Recomputation | None:
    """Return a change against two amounts before it whose difference it is but for a slip.

    It may name no numbers (较年初预算多848.86万元): so few digits apart they are meant.
    """
    if statement.claim.number.weight < _MANY_DIGITS:
        return None
    before = statements.every[max(0, statement.order - _MOST_OPERANDS) : statement.order]
    amounts = filter(statement.adds_to, filter(_IS_LEVEL, before))
    distinct = {each.number.value: each.number for each in amounts}
    pairs = permutations(list(distinct.values())[-_FEW_AMOUNTS:], 2)
    found = [difference(CHANGE, statement.number, *pair) for pair in pairs]
    return next(filter(_is_off_by_digits, sorted(found, key=_misfit)), None)


def _is_off_by_digits(one: Recomputation) -> bool:
    """Return whether a number is another one but for its last units, or one or two digits."""
    within = one.gap <= _FEW_UNITS * one.stated.step
    return within or mistyping(one.stated, one.difference) is not None


def check_directions(statements: DocumentClaims) -> Iterator[Finding]:
    """Yield A113 for a word of direction that two numbers contradict, A114 for rates over 100 %."""
    for sentence in statements.sentences:
        for statement in sentence:
            yield from _misdirected(statement, sentence)
    yield from map(_above_all, filter(_is_impossible, statements.every))


def _misdirected(statement: DocumentClaim, sentence: DocumentSentence) -> Iterator[Finding]:
    if statement.claim.role not in {"growth", "change"} or statement.number.value == 0:
        return
    pair = now_and_earlier(sentence, statement)
    if pair is None or pair.moved == statement.claim.sign:
        return
    yield finding(
        "A113",
        statement.number.span,
        word=statement.claim.lead[-8:],
        now=pair.now.number.text,
        earlier=pair.earlier.number.text,
        really=_MOVED[pair.moved],
    )


def _is_impossible(statement: DocumentClaim) -> bool:
    """Return whether a share or a rate of satisfaction, passes and the like is over 100 %."""
    claim = statement.claim
    if statement.number.value <= 1 or claim.number.unit is None:
        return False
    if claim.role != "rate":
        return claim.role == "share"
    return _AT_MOST_ALL.search(claim.base or claim.subject) is not None


def _above_all(statement: DocumentClaim) -> Finding:
    of = (statement.claim.base or statement.claim.subject)[-20:]
    return finding("A114", statement.number.span, of=of, stated=statement.number.text)


def _share(
    statement: DocumentClaim, sentence: DocumentSentence, statements: DocumentClaims
) -> Recomputation | None:
    part = next(quantities(sentence, statement), None)
    if part is None:
        return None
    wholes = statements.named(statement.claim.base, part.dimension)
    wholes += quantities(sentence, part)
    return _best(SHARE, statement, _with_part(part, wholes), sure=bool(statement.claim.base))


def _with_part(part: DocumentClaim, wholes: Iterable[DocumentClaim]) -> Iterator[PartAndWhole]:
    """Yield `part` with each of the `wholes` that it may be a part of."""
    for whole in wholes:
        if whole.order != part.order and whole.dimension == part.dimension:
            yield part, whole


def _completion(
    statement: DocumentClaim, sentence: DocumentSentence, _statements: DocumentClaims
) -> Recomputation | None:
    nearby = list(islice(filter(_HAS_UNIT, quantities(sentence, statement)), _MOST_OPERANDS))
    pairs = [pair for pair in permutations(nearby, 2) if pair[0].dimension == pair[1].dimension]
    planned = list(filter(_is_of_plan, pairs))
    chosen = planned[:1] if len(nearby) == len(planned) + 1 else []
    return _best(RATE, statement, pairs, sure=False) or _best(RATE, statement, chosen, sure=True)


def _per_head(
    statement: DocumentClaim, sentence: DocumentSentence, _statements: DocumentClaims
) -> Recomputation | None:
    """Return 人均, 户均 and the like against the amounts and the counts of its sentence."""
    match = _EACH.search(statement.claim.lead)
    if match is None:
        return None
    others = [each for each in sentence if each.is_level and not _EACH.search(each.claim.lead)]
    heads = [each for each in others if _is_counted_by(each, _HEADS[match["of"]])]
    amounts = list(filter(statement.adds_to, others))
    pairs = list(product(amounts, heads))
    return _best(PER_HEAD, statement, pairs, sure=len(pairs) == 1)


def _is_counted_by(statement: DocumentClaim, symbols: str) -> bool:
    unit = statement.claim.number.unit
    return unit is not None and unit.symbol in symbols.split()


def _is_of_plan(pair: PartAndWhole) -> bool:
    """Return whether the words before two numbers say that one was reached, the other planned."""
    part, whole = pair
    return _is_plan(whole) and not _is_plan(part)


def _is_plan(statement: DocumentClaim) -> bool:
    lead = statement.claim.lead
    return _PLANNED.search(lead) is not None and not _REACHED.search(lead)


def _best(
    code: str, statement: DocumentClaim, pairs: Iterable[PartAndWhole], *, sure: bool
) -> Recomputation | None:
    """Return the comparison with the pair that fits best; one that differs only if it is meant.

    It is where the words say so (`sure`), or where the pair nearly gives the printed ratio.
    """
    found = _quotients(code, statement, pairs)
    best = min(found, key=_misfit, default=None)
    return best if best is not None and (sure or _is_near(best)) else None


def _quotients(
    code: str, statement: DocumentClaim, pairs: Iterable[PartAndWhole]
) -> Iterator[Recomputation]:
    """Yield a ratio against each of some pairs of a part and its whole."""
    beyond = _BEYOND.search(statement.claim.lead)
    for part, whole in pairs:
        if whole.number.value > 0:
            yield quotient(code, statement.number, part.number, whole.number)
        if whole.number.value > 0 and beyond is not None:
            sign = -1 if beyond["below"] else 1
            yield growth(code, statement.number, part.number, whole.number, sign)


def _misfit(comparison: Recomputation) -> tuple[int, Fraction]:
    order = ("agrees", "rounded", "differs")
    return order.index(comparison.verdict), comparison.gap


def _is_near(comparison: Recomputation) -> bool:
    return comparison.fits or comparison.gap <= _NEAR * abs(comparison.stated.value)


_Compare = Callable[[DocumentClaim, DocumentSentence, DocumentClaims], Recomputation | None]
_COMPARED: Mapping[str, _Compare] = {
    "growth": _growth,
    "change": _change,
    "share": _share,
    "completion": _completion,
    "rate": _completion,
    "amount": _per_head,
}
"""What a ratio is compared by, by its role."""
