"""Tells numbers and sentences that are malformed, from another year, or written in two styles."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain, pairwise
from operator import attrgetter
from typing import NamedTuple

from reportgen.features.audit.statements import DocumentClaim, DocumentClaims
from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.model.reading import Reading, ReadParagraph, ReadTable
from reportgen.model.source import SourceSpan
from reportgen.model.units import ONE


class _Pattern(NamedTuple):
    """A slip of the pen: its code, what it looks like, and what to write, a label."""

    code: str
    pattern: re.Pattern[str]
    advice: str


_MALFORMED: tuple[_Pattern, ...] = (
    _Pattern("A301", re.compile(r"[0-9.]{1,20}[%％]{2,}"), "@sign_twice"),
    _Pattern(
        "A301", re.compile(r"(?<![0-9.])[0-9]{1,12}\.(?:[%％元]|[万亿]元)(?![0-9])"), "@no_decimals"
    ),
    _Pattern(
        "A301",
        re.compile(r"(?<![0-9.])[0-9]{1,12}\.[0-9]{1,8}\.[0-9]{1,8}[%％万亿元]"),
        "@two_points",
    ),
    _Pattern(
        "A301", re.compile(r"[0-9]{1,12}(?:万元){2}|[0-9]{1,12}(?:亿元){2}|元元"), "@unit_twice"
    ),
    _Pattern(
        "A301",
        re.compile(r"(?<![0-9.,，])0[0-9]{1,6}(?:\.[0-9]{1,4})?(?:万元|亿元|%)"),
        "@leading_zero",
    ),
    _Pattern(
        "A308",
        re.compile(
            r"约[0-9.]{1,12}[余多]|[0-9]余[万亿]余|[0-9]{1,12}[余多]{2}|约[0-9.]{1,12}[万亿]?[元个家人次]?左右"
        ),
        "@rough_twice",
    ),
    _Pattern("A309", re.compile(r"[，。；、：！？]{2,}|，。|。，|、。|、，"), "@stop_twice"),
)
_PAIRS: Mapping[str, str] = {"（": "）", "《": "》", "“": "”", "【": "】", "〔": "〕"}
_CLOSERS = {close: opening for opening, close in _PAIRS.items()}
_ALIKE = str.maketrans({"(": "（", ")": "）"})
_LIST_LABEL = re.compile(
    r"^\s*(?:[0-9]{1,3}|[a-zA-Z]|[一二三四五六七八九十]{1,3})[)）]|[：:；;。，]\s*[0-9]{1,2}[)）]"
)
_MONEY_WORDS = re.compile("额|资金|投资|收入|支出|产值|税|经费|金|款|利润|营收")
_FORECAST = re.compile(
    r"预计(?!总?投资)[^，。；]{0,30}|数据未出|尚未公布|尚未统计|待公布|拟于[^，。；]{0,20}|将于[^，。；]{0,20}"
)
_YEAR = re.compile(r"(?<![0-9〔\[（(])((?:19|20)[0-9]{2})\s*年")
_TITLE_YEAR = re.compile(r"((?:19|20)[0-9]{2})\s*年?度?")
_REPORT = re.compile("自评|评价|决算|总结|绩效")
_DATED = re.compile(r"^\s*((?:19|20)[0-9]{2})\s*年\s*[0-9]{1,2}\s*月\s*[0-9]{1,2}\s*日\s*$")
_THOUSANDS = re.compile(r"[0-9],[0-9]{3}")
_LONG_NUMBER = 4
_NEAR_YEAR = 60
_ORDER = attrgetter("order")
_MEASURE = frozenset(["area", "length", "mass", "volume", "energy", "power"])
_FAR_APART = 1_000
_LEAST_WHOLE = 16
_TITLE_LINES = 12


def check_wording(reading: Reading, statements: DocumentClaims) -> Iterator[Finding]:
    """Yield what is wrong with the wording of the paragraphs and cells of a document."""
    for text, span in _texts(reading):
        yield from _malformed(text, span)
    yield from filter(None, map(_unpaired, reading.passages))
    yield from map(_without_unit, filter(_lacks_unit, statements.every))
    yield from chain.from_iterable(map(_mixed_units, statements.sentences))
    yield from _two_styles(statements)
    yield from _forecasts(reading)


def _texts(reading: Reading) -> Iterator[tuple[str, SourceSpan]]:
    """Yield the text of each paragraph and cell with its place."""
    for block in reading.blocks:
        for part in block.cells if isinstance(block, ReadTable) else (block,):
            yield part.text, part.span


def _malformed(text: str, span: SourceSpan) -> Iterator[Finding]:
    """Yield what is written as nobody means it."""
    for kind in _MALFORMED:
        for match in kind.pattern.finditer(text):
            around = text[max(0, match.start() - 10) : match.end() + 6]
            yield finding(kind.code, span, text=match[0], around=around, advice=kind.advice)


def _unpaired(paragraph: ReadParagraph) -> Finding | None:
    """Return A302 for the first bracket or quotation mark of a paragraph without other half."""
    labels = {match.end() - 1 for match in _LIST_LABEL.finditer(paragraph.text)}
    opened: list[tuple[str, int]] = []
    for at, char in _marks(paragraph.text, labels):
        if char in _PAIRS:
            opened.append((char, at))
        elif not opened or opened.pop()[0] != _CLOSERS[char]:
            return _half(paragraph, at) if len(paragraph.text) > _LEAST_WHOLE else None
    return _half(paragraph, opened[0][1]) if opened else None


def _marks(text: str, labels: Container[int]) -> Iterator[tuple[int, str]]:
    """Yield the brackets and quotation marks of a text with their places, but those of labels."""
    for at, char in enumerate(text.translate(_ALIKE)):
        if char in _PAIRS or (char in _CLOSERS and at not in labels):
            yield at, char


def _half(paragraph: ReadParagraph, at: int) -> Finding:
    around = paragraph.text[max(0, at - 10) : at + 12]
    return finding("A302", paragraph.span, text=paragraph.text[at], around=around)


def _lacks_unit(statement: DocumentClaim) -> bool:
    """Return whether an amount of money ends with 万 or 亿: 131.75亿."""
    claim = statement.claim
    is_cut = claim.number.is_scaled and bool(claim.number.decimals)
    return is_cut and _MONEY_WORDS.search(claim.lead) is not None


def _without_unit(statement: DocumentClaim) -> Finding:
    claim = statement.claim
    return finding("A303", statement.paragraph.span, text=claim.number.text, of=claim.lead[-20:])


def _mixed_units(sentence: Sequence[DocumentClaim]) -> Iterator[Finding]:
    """Yield A310 for a number of much larger units than the one before of the same things.

    新增厂房128.93万平方米，预计全年建成厂房150万平方千米 means the same unit twice.
    """
    for earlier, later in pairwise(filter(_is_measure, sentence)):
        if _is_another_unit(earlier, later) and _names_the_same(earlier, later):
            first, second = earlier.number, later.number
            place = RelatedLocation(first.span, first.text)
            yield finding("A310", second.span, place, text=second.text, other=first.text)


def _is_measure(claim: DocumentClaim) -> bool:
    """Return whether a number has a unit of area, length, mass or the like."""
    return any(name in _MEASURE for name, _ in claim.dimension)


def _is_another_unit(earlier: DocumentClaim, later: DocumentClaim) -> bool:
    """Return whether two numbers have digits alike, and units a thousand times apart."""
    if earlier.dimension != later.dimension:
        return False
    (low, fewer), (high, more) = sorted(map(_in_own_unit, (earlier, later)))
    return high >= _FAR_APART * low and fewer <= 10 * more and more <= 10 * fewer


def _in_own_unit(claim: DocumentClaim) -> tuple[Fraction, Fraction]:
    """Return how large the unit of a number is, and how many of it there are."""
    unit = claim.claim.number.unit or ONE
    return unit.factor, claim.number.value / unit.factor


def _names_the_same(earlier: DocumentClaim, later: DocumentClaim) -> bool:
    """Return whether what two numbers are said of shares a word."""
    words = later.claim.subject
    return any(words[at : at + 2] in earlier.claim.subject for at in range(len(words) - 1))


def _two_styles(statements: DocumentClaims) -> Iterator[Finding]:
    """Yield A304 for each number that stands with separators in one place, without in another."""
    first: dict[object, dict[bool, DocumentClaim]] = defaultdict(dict)
    for statement in filter(_is_long, statements.every):
        styles = first[statement.number.value, statement.claim.number.unit]
        styles.setdefault(bool(_THOUSANDS.search(statement.number.text)), statement)
    for styles in first.values():
        if len(styles) > 1:
            yield _styles(*sorted(styles.values(), key=_ORDER))


def _is_long(statement: DocumentClaim) -> bool:
    """Return whether a number has a unit, and digits enough to be written with separators."""
    number = statement.claim.number
    return number.unit is not None and len(number.digits.partition(".")[0]) >= _LONG_NUMBER


def _styles(earlier: DocumentClaim, later: DocumentClaim) -> Finding:
    return finding(
        "A304",
        later.paragraph.span,
        RelatedLocation(earlier.paragraph.span),
        text=later.number.text,
        other=earlier.number.text,
    )


def _forecasts(reading: Reading) -> Iterator[Finding]:
    """Yield A305 for what a report on a year still expects of it, once that is over."""
    year, signed = report_year(reading), signed_year(reading)
    if year is None or signed is None or signed <= year:
        return
    for paragraph in reading.passages:
        for text in _expected(paragraph.text, year):
            yield finding("A305", paragraph.span, text=text, year=year, signed=signed)


def _expected(text: str, year: int) -> Iterator[str]:
    """Yield what a text expects, but of a later year."""
    for match in _FORECAST.finditer(text):
        years = _YEAR.findall(text[max(0, match.end() - _NEAR_YEAR) : match.end()])
        if not years or int(years[-1]) <= year:
            yield match[0][:30]


def report_year(reading: Reading) -> int | None:
    """Return the year that a report is about, by its title; None where that is not said."""
    for paragraph in list(reading.paragraphs)[:_TITLE_LINES]:
        match = _TITLE_YEAR.search(paragraph.text)
        if match is not None and _DATED.match(paragraph.text) is None:
            return int(match[1])
    return None


def signed_year(reading: Reading) -> int | None:
    """Return the year of the date that stands in a line of its own, the first or the last."""
    for paragraph in reading.paragraphs:
        match = _DATED.match(paragraph.text)
        if match is not None:
            return int(match[1])
    return None
