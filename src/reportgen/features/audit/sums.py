"""Holds the totals of a text to the parts that follow them, and what is left to what it is left of.

Parts stand behind 其中, 包括 or a colon, up to the end of the sentence or bracket. They need not be
all there are: less than the total is told only where the gap is that of a slip.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial
from itertools import combinations, pairwise
from operator import attrgetter

from reportgen.features.audit.comparisons import Recomputation, difference, total
from reportgen.features.audit.mistyped import has_one_digit_wrong, is_meant
from reportgen.features.audit.statements import DocumentClaim, DocumentClaims
from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.model.reading import DocumentNumber

SUM, LEFT = "A105", "A106"
_SHARED = r"[^，,；;。]{0,12}(?:[，,]占[^，,；;。]{1,16}[%％])?[，,；;。（(]?\s*"
"""What may stand between a total and the word that its parts follow: （占总支出的30.1%），其中."""
_PARTS = re.compile(rf"{_SHARED}(?:其中|包括|分别|含|即|构成如下|[:：])|\s*[（(]")
_KINDS = frozenset("类级型档")
"""What names of kinds end with that make up a whole."""
_SEMICOLON = re.compile("[；;]")
_AMONG = re.compile(r"。\s*其中")
_AMONG_PARTS = re.compile(rf"{_SHARED}其中")
_IS_LEVEL, _AGREES, _NUMBER = map(attrgetter, ("is_level", "agrees", "number"))
_NEAR = Fraction(1, 100)
_LEFT_OVER = re.compile("结余|结转|剩余|余额|节余|尚欠|未支付|减免|节约|差额|缺口")
_WHOLE = re.compile("收入|投入|预算|批复|应|总|计费|到位|指标")
_USED = re.compile("支出|使用|实缴|已|决算|拨付|付")
_MOST_PARTS, _LEAST_PARALLEL, _SAME, _NEAR_CLAIMS = 40, 3, 4, 6
_NEAR_PARALLEL = 4
"""A total of parallel parts is meant to be their sum if it is off by less than a quarter."""
_LEAST_PARTS = 2


def check_sums(statements: DocumentClaims) -> Iterator[Recomputation]:
    """Yield a comparison for each total with its parts, and for each amount that is left over."""
    every = statements.every
    for statement in filter(_IS_LEVEL, every):
        yield from filter(None, [_of_parts(statement, every) or _left_over(statement, every)])
    for before, sentence in pairwise(statements.sentences):
        if _follows(before, sentence):
            yield from _in_parallel(before, sentence)


def _follows(before: Sequence[DocumentClaim], sentence: Sequence[DocumentClaim]) -> bool:
    """Return whether a sentence stands behind another one and begins with 其中."""
    first = sentence[0]
    return first.paragraph is before[0].paragraph and first.sentence_text.strip().startswith("其中")


def _in_parallel(
    before: Sequence[DocumentClaim], sentence: Sequence[DocumentClaim]
) -> Iterator[Recomputation]:
    """Yield each total of a sentence against the parts that the next one, 其中, gives in order.

    Each part says the same of another thing: 甲链40家企业完成产值63.56亿元；乙链36家企业完成产值….
    """
    found = list(_parallel_sums(before, sentence))
    does_one = any(map(_AGREES, found))
    yield from filter(_is_nearly if does_one else is_meant, found)


def _is_nearly(one: Recomputation) -> bool:
    return is_meant(one) or one.gap * _NEAR_PARALLEL <= abs(one.computed)


def _parallel_sums(
    before: Sequence[DocumentClaim], sentence: Sequence[DocumentClaim]
) -> Iterator[Recomputation]:
    """Yield each quantity of a sentence against those of the next one that say the same."""
    for whole in before:
        parts = list(filter(partial(_says_the_same, whole), sentence))
        if len(parts) >= _LEAST_PARALLEL:
            yield total(SUM, whole.number, list(map(_NUMBER, parts)))


def _says_the_same(whole: DocumentClaim, part: DocumentClaim) -> bool:
    """Return whether a part counts the things of a total, or measures them by the same words."""
    said = _said(whole)
    return bool(said) and whole.is_quantity and whole.adds_to(part) and said == _said(part)


def _said(statement: DocumentClaim) -> str:
    """Return the words that say what a quantity is of: those behind a count, else before it."""
    claim = statement.claim
    return claim.thing[:_SAME] if claim.role == "count" else claim.lead[-_SAME:]


def _of_parts(whole: DocumentClaim, every: Sequence[DocumentClaim]) -> Recomputation | None:
    """Return a total against the parts behind it, None where none stand there."""
    if _PARTS.match(whole.paragraph.text, whole.claim.number.end) is None:
        return None
    parts = list(_parts(whole, every))
    clause = _of_clause(whole, parts)
    found = _best_prefix(whole.number, list(map(_NUMBER, parts)))
    if not found.agrees and len(clause) >= _LEAST_PARTS:
        found = total(SUM, whole.number, list(map(_NUMBER, clause)))
    if len(parts) < _LEAST_PARTS or not (is_meant(found) or _is_of_kinds(found, clause)):
        return None
    return found


def _is_of_kinds(found: Recomputation, parts: Sequence[DocumentClaim]) -> bool:
    """Return whether parts are all the kinds of a total (甲类10个、乙类20个), one digit apart."""
    ends = {part.claim.lead[-1:] for part in parts}
    is_whole = len(ends) == 1 and len(parts) == len(found.terms) >= _LEAST_PARTS
    return is_whole and ends < _KINDS and has_one_digit_wrong(found.stated, found.difference)


def _of_clause(whole: DocumentClaim, parts: Sequence[DocumentClaim]) -> Sequence[DocumentClaim]:
    """Return the parts up to the first semicolon, behind which something else may begin."""
    text, start = whole.paragraph.text, whole.claim.number.end
    for count, part in enumerate(parts):
        if _SEMICOLON.search(text, start, part.claim.number.start):
            return parts[:count]
    return parts


def _parts(whole: DocumentClaim, every: Sequence[DocumentClaim]) -> Iterator[DocumentClaim]:
    """Yield the quantities behind a total that may be its parts, at one depth of brackets."""
    depth: int | None = None
    for part in _behind(whole, every):
        if part.claim.depth < (depth or 0):
            return
        if whole.adds_to(part) and depth in {None, part.claim.depth}:
            depth = part.claim.depth
            yield part


def _behind(whole: DocumentClaim, every: Sequence[DocumentClaim]) -> Iterator[DocumentClaim]:
    """Yield the claims behind a total as far as its parts may stand."""
    for part in every[whole.order + 1 : whole.order + 1 + _MOST_PARTS]:
        if part.sentence != whole.sentence and not _is_among(whole, part):
            return
        yield part


def _is_among(whole: DocumentClaim, part: DocumentClaim) -> bool:
    """Return whether 其中 begins a sentence between a total and a part."""
    between = whole.paragraph.text[whole.claim.number.end : part.claim.number.start]
    return part.paragraph is whole.paragraph and _AMONG.search(between) is not None


def _best_prefix(whole: DocumentNumber, parts: Sequence[DocumentNumber]) -> Recomputation:
    """Return the total against all parts, or the first of them where just these make it up."""
    sums = (total(SUM, whole, parts[:count]) for count in range(_LEAST_PARTS, len(parts)))
    return next(filter(_AGREES, sums), None) or total(SUM, whole, parts)


def check_parts(statements: DocumentClaims) -> Iterator[Finding]:
    """Yield A119 for the part behind 其中 that alone is more than its total, and all between."""
    for whole in filter(_IS_LEVEL, statements.every):
        above = _parts_above(whole, statements.every)
        if len(above) == 1:
            yield _above_whole(whole, above[0])


def _parts_above(whole: DocumentClaim, every: Sequence[DocumentClaim]) -> list[DocumentClaim]:
    """Return the amounts behind 其中 that are more than their total."""
    if _AMONG_PARTS.match(whole.paragraph.text, whole.claim.number.end) is None:
        return []
    return [part for part in _parts(whole, every) if part.number.value > whole.number.value]


def _above_whole(whole: DocumentClaim, part: DocumentClaim) -> Finding:
    return finding(
        "A119",
        part.number.span,
        RelatedLocation(whole.number.span, whole.number.text),
        part=part.number.text,
        whole=whole.number.text,
        of=part.claim.lead[-20:],
    )


def _left_over(statement: DocumentClaim, every: Sequence[DocumentClaim]) -> Recomputation | None:
    """Return what is left against the two numbers before it, None where they do not say of what."""
    if not _LEFT_OVER.search(statement.claim.subject):
        return None
    near = every[max(statement.order - _NEAR_CLAIMS, 0) : statement.order]
    before = list(filter(partial(_is_beside, statement), near))
    pairs = combinations(map(_NUMBER, before), 2)
    found = (difference(LEFT, statement.number, *pair) for pair in pairs)
    agreeing = next(filter(_AGREES, found), None)
    if agreeing is not None or len(before) != _LEAST_PARTS:
        return agreeing
    return _named_difference(statement, *before)


def _is_beside(statement: DocumentClaim, found: DocumentClaim) -> bool:
    """Return whether another quantity is of the kind of one, and stands in its sentence."""
    is_near = found.sentence == statement.sentence and found.claim.depth == statement.claim.depth
    return is_near and statement.adds_to(found)


def _named_difference(
    statement: DocumentClaim, whole: DocumentClaim, used: DocumentClaim
) -> Recomputation | None:
    """Return the difference of two numbers, where their names say that it is what is left."""
    if not (_WHOLE.search(whole.claim.subject) and _USED.search(used.claim.subject)):
        return None
    found = difference(LEFT, statement.number, whole.number, used.number)
    nearly = _NEAR * max(abs(statement.number.value), Fraction(1))
    return found if is_meant(found) or found.gap <= nearly else None
