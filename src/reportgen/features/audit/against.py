"""Holds a document to that of the year before: what it says of last year, and what it copied.

What by its title is of another year or another unit is told, and not compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import islice, takewhile
from operator import attrgetter
from typing import NamedTuple

from reportgen.features.audit.comparisons import Recomputation, same
from reportgen.features.audit.ratios import now_and_earlier
from reportgen.features.audit.statements import DocumentClaim, DocumentClaims, even_name
from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.language.folding import is_short_for
from reportgen.model.reading import Reading, ReadParagraph
from reportgen.model.source import SourceSpan

LAST_YEAR = "A118"
_GAP, _NUMBER = attrgetter("gap"), attrgetter("number")
_LEAST_NAME, _LEAST_SENTENCE, _LEAST_NUMBERS = 4, 24, 2
_MOST = 600
"""Characters of a sentence that are compared."""
_TITLE_LINES = 12
_IS_TEXT = re.compile(r"\s*一、|.*[，。；]|.{61}")
"""What begins the text below a title and a cover."""
_YEAR = re.compile(r"((?:19|20)[0-9]{2})年度?(?![0-9])")
_NAME = "[\u4e00-\u9fff]{2,24}?(?:局|委员会|委|厅|办公室|中心|学院|医院|学校|研究院|所|站|支队)"
_COVER_UNIT = re.compile(
    rf"(?:预算|项目|填报|部门)?[（(]?(?:单位|部门)[)）]?(?:名称)?[：:](?P<name>{_NAME})"
)
_TITLE_UNIT = re.compile(rf"(?:(?:19|20)[0-9]{{2}}年度?)?(?P<name>{_NAME})(?![（(]?制)")
_PROVINCE = re.compile("^[\u4e00-\u9fff]{2,3}省")
_PLACE = re.compile(
    "(?:(?:19|20)[0-9]{2}年度?)?(?P<name>(?![全我本各])[\u4e00-\u9fff]{2,3}?[市县区州])"
)
_NOT_OF_TITLES = re.compile(
    "(?:跳到正文|首页|当前位置|发布(?:机构|日期|时间)|信息来源|来源|索引号|文号|名称|主题分类|公开方式)"
)
"""What begins the lines by which a site says what a page is."""
_NOWHERE = SourceSpan("", 0)


class TitledText(NamedTuple):
    """What a title or a cover says, and where; "" where it does not."""

    text: str
    span: SourceSpan


def check_against(reading: Reading, last: Reading) -> Iterator[Finding]:
    """Yield A311, A312 where what is given for last year's is of another year, another unit."""
    yield from _check_year(titled_year(reading), titled_year(last))
    yield from _check_unit(titled_unit(reading), titled_unit(last))


def _check_year(year: TitledText, before: TitledText) -> Iterator[Finding]:
    if year.text and before.text and int(before.text) != int(year.text) - 1:
        place = RelatedLocation(before.span, before.text)
        wanted = int(year.text) - 1
        yield finding("A311", year.span, place, found=before.text, year=year.text, wanted=wanted)


def _check_unit(unit: TitledText, other: TitledText) -> Iterator[Finding]:
    if unit.text and other.text and _is_other(unit.text, other.text):
        place = RelatedLocation(other.span, other.text)
        yield finding("A312", unit.span, place, found=other.text, unit=unit.text)


def title_lines(reading: Reading) -> Iterator[tuple[str, ReadParagraph]]:
    """Yield the lines of the title and the cover of a document without blanks."""
    for paragraph in takewhile(_is_title, islice(reading.paragraphs, _TITLE_LINES)):
        text = "".join(paragraph.text.split())
        if _NOT_OF_TITLES.match(text) is None:
            yield text, paragraph


def _is_title(paragraph: ReadParagraph) -> bool:
    return _IS_TEXT.match("".join(paragraph.text.split())) is None


def titled_year(reading: Reading) -> TitledText:
    """Return the year that a title names, which is no date."""
    for text, paragraph in title_lines(reading):
        match = _YEAR.search(text)
        if match is not None:
            return TitledText(match[1], paragraph.span)
    return TitledText("", _NOWHERE)


def titled_unit(reading: Reading) -> TitledText:
    """Return the unit that a cover or a title names, else the place that the title begins with."""
    lines = list(title_lines(reading))
    for pattern in (_COVER_UNIT, _TITLE_UNIT, _PLACE):
        for text, paragraph in lines:
            match = pattern.match(_PROVINCE.sub("", text))
            if match is not None:
                return TitledText(_PROVINCE.sub("", match["name"]), paragraph.span)
    return TitledText("", _NOWHERE)


def _is_other(unit: str, other: str) -> bool:
    """Return whether two names are of two units: neither is short for the other.

    Where one is of a place only, as titles of funds are, only the places are compared.
    """
    places = _place(unit), _place(other)
    if all(places) and places[0] not in other and places[1] not in unit:
        return True
    if unit in places or other in places:
        return False
    return not (is_short_for(unit, other) or is_short_for(other, unit))


def _place(name: str) -> str:
    match = _PLACE.match(name)
    return match["name"] if match is not None else ""


def check_last_year(claims: DocumentClaims, last: DocumentClaims) -> Iterator[Recomputation]:
    """Yield each number that a document gives for last year against that year's own document."""
    for sentence in claims.sentences:
        for change in filter(_is_change, sentence):
            pair = now_and_earlier(sentence, change)
            if pair is not None:
                yield from _compared(*pair, last)


def _is_change(claim: DocumentClaim) -> bool:
    return claim.claim.role == "change"


def _compared(
    now: DocumentClaim, earlier: DocumentClaim, last: DocumentClaims
) -> Iterator[Recomputation]:
    """Yield last year's number as this document gives it against what last year's says."""
    name = even_name(now.claim.subject)
    if len(name) < _LEAST_NAME:
        return
    own = filter(partial(_is_own, name), last.named(name, now.dimension))
    found = map(partial(same, LAST_YEAR, earlier.number), map(_NUMBER, own))
    yield from sorted(found, key=_GAP)[:1]


def _is_own(name: str, claim: DocumentClaim) -> bool:
    """Return whether a claim of last year's document is of that very name."""
    return even_name(claim.claim.subject) == name


def check_copied(claims: DocumentClaims, last: DocumentClaims) -> Iterator[Finding]:
    """Yield A306 for each sentence that stands in last year's document with the same numbers."""
    said = dict(_sentences(last))
    for text, claim in _sentences(claims):
        if text in said:
            before = RelatedLocation(said[text].paragraph.span)
            yield finding("A306", claim.paragraph.span, before, text=text[:40])


def _sentences(claims: DocumentClaims) -> Iterator[tuple[str, DocumentClaim]]:
    """Yield each sentence that tells itself from others by its length and its numbers."""
    for sentence in claims.sentences:
        text = sentence[0].sentence_text[:_MOST].strip()
        if len(sentence) >= _LEAST_NUMBERS and len(text) >= _LEAST_SENTENCE:
            yield text, sentence[0]
