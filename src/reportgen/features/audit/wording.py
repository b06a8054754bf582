"""Tells numbers and sentences that are malformed, from another year, or written in two styles."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from reportgen.features.audit.statements import DocumentClaim, DocumentClaims
from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.model.reading import Reading, ReadParagraph, ReadTable
from reportgen.model.source import SourceSpan
from reportgen.model.units import Dimension


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
_MEASURE = frozenset(["area", "length", "mass", "volume", "energy", "power"])
_FAR_APART = 1_000
_LEAST_WHOLE = 16
_TITLE_LINES = 12


def check_wording(reading: Reading, statements: DocumentClaims) -> Iterator[Finding]:
    """Yield what is wrong with the wording of the paragraphs and cells of a document."""
    for text, span in _texts(reading):
        yield from _malformed(text, span)
    for paragraph in reading.passages:
        yield from _unpaired(paragraph)
    for statement in statements.every:
        yield from _without_unit(statement)
    for sentence in statements.sentences:
        yield from _mixed_units(sentence)
    yield from _two_styles(statements)
    yield from _forecasts(reading)


def _texts(reading: Reading) -> Iterator[tuple[str, SourceSpan]]:
    """Yield the text of each paragraph and cell with its place."""
    for block in reading.blocks:
        if isinstance(block, ReadTable):
            for cell in block.cells:
                yield cell.text, cell.span
        else:
            yield block.text, block.span


def _malformed(text: str, span: SourceSpan) -> Iterator[Finding]:
    """Yield what is written as nobody means it."""
    for kind in _MALFORMED:
        for match in kind.pattern.finditer(text):
            around = text[max(0, match.start() - 10) : match.end() + 6]
            yield finding(kind.code, span, text=match[0], around=around, advice=kind.advice)


def _unpaired(paragraph: ReadParagraph) -> Iterator[Finding]:
    """Yield A302 for the first bracket or quotation mark of a paragraph that has no other half."""
    text = paragraph.text.translate(_ALIKE)
    labels = {match.end() - 1 for match in _LIST_LABEL.finditer(paragraph.text)}
    opened: list[tuple[str, int]] = []
    for at, char in enumerate(text):
        if char in _PAIRS:
            opened.append((char, at))
        elif char in _CLOSERS and at not in labels:
            if opened and opened[-1][0] == _CLOSERS[char]:
                opened.pop()
            else:
                if len(text) > _LEAST_WHOLE:  # less may be the rest of a cell that was cut in lines
                    yield _half(paragraph, at)
                return
    if opened:
        yield _half(paragraph, opened[0][1])


def _half(paragraph: ReadParagraph, at: int) -> Finding:
    around = paragraph.text[max(0, at - 10) : at + 12]
    return finding("A302", paragraph.span, text=paragraph.text[at], around=around)


def _without_unit(statement: DocumentClaim) -> Iterator[Finding]:
    """Yield A303 for an amount of money that ends with 万 or 亿: 131.75亿."""
    claim = statement.claim
    if claim.number.is_scaled and claim.number.decimals and _MONEY_WORDS.search(claim.lead):
        yield finding("A303", statement.paragraph.span, text=claim.number.text, of=claim.lead[-20:])


def _mixed_units(sentence: Sequence[DocumentClaim]) -> Iterator[Finding]:
    """Yield A310 for a number of much larger units than the one before of the same things.

    新增厂房128.93万平方米，预计全年建成厂房150万平方千米 means the same unit twice.
    """
    measured = [claim for claim in sentence if _is_measure(claim.dimension)]
    for earlier, later in pairwise(measured):
        if _is_another_unit(earlier, later) and _names_the_same(earlier, later):
            yield finding(
                "A310",
                later.number.span,
                RelatedLocation(earlier.number.span, earlier.number.text),
                text=later.number.text,
                other=earlier.number.text,
            )


def _is_measure(dimension: Dimension) -> bool:
    return any(name in _MEASURE for name, _ in dimension)


def _is_another_unit(earlier: DocumentClaim, later: DocumentClaim) -> bool:
    """Return whether two numbers have digits alike, and units a thousand times apart."""
    first, second = earlier.claim.number.unit, later.claim.number.unit
    if first is None or second is None or earlier.dimension != later.dimension:
        return False
    factors = max(first.factor, second.factor) / min(first.factor, second.factor)
    counts = sorted((earlier.number.value / first.factor, later.number.value / second.factor))
    return factors >= _FAR_APART and counts[1] <= 10 * counts[0]


def _names_the_same(earlier: DocumentClaim, later: DocumentClaim) -> bool:
    """Return whether what two numbers are said of shares a word."""
    words = later.claim.subject
    return any(words[at : at + 2] in earlier.claim.subject for at in range(len(words) - 1))


def _two_styles(statements: DocumentClaims) -> Iterator[Finding]:
    """Yield A304 for each number that stands with separators in one place, without in another."""
    first: dict[tuple[object, object], dict[bool, DocumentClaim]] = defaultdict(dict)
    told: set[tuple[object, object]] = set()
    for statement in statements.every:
        digits = statement.claim.number.digits.partition(".")[0]
        if len(digits) < _LONG_NUMBER or statement.claim.number.unit is None:
            continue
        key = (statement.number.value, statement.claim.number.unit)
        styles = first[key]
        styles.setdefault(bool(_THOUSANDS.search(statement.number.text)), statement)
        if len(styles) > 1 and key not in told:
            told.add(key)
            yield _styles(*sorted(styles.values(), key=lambda found: found.order))


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
        for match in _FORECAST.finditer(paragraph.text):
            if not _is_of_later(paragraph.text[max(0, match.end() - 90) : match.end()], year):
                yield finding("A305", paragraph.span, text=match[0][:30], year=year, signed=signed)


def _is_of_later(words: str, year: int) -> bool:
    """Return whether the last year named before is later than that of the report."""
    years = _YEAR.findall(words[-60:])
    return bool(years) and int(years[-1]) > year


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
