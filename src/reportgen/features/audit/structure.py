"""Holds counts to the lists that follow them, numbers of sections to their order, attachments.

These are findings at once, for nothing is computed but how many there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from reportgen.features.audit.statements import DocumentClaim, DocumentClaims, even_name
from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.language.numerals import parse_numeral
from reportgen.model.reading import Reading, ReadParagraph

_LEADS = "(?:分别是|分别为|依次是|包括|有|是|为|即)"
_LIST = r"(?P<list>[^。；;：:！？\n]{4,800}?)[。；;！？\n]"
_LIST_BEHIND = re.compile(
    rf"^(?P<thing>[^，,；;。：:、0-9（(]{{0,14}})(?:[，,]?{_LEADS}[:：]?|[:：]){_LIST}"
)
_LIST_NAMED = re.compile(
    rf"[。；;，,](?P<of>[^，,。；;：:、0-9（）()]{{2,16}}?){_LEADS}[:：]?{_LIST}"
)
_BRACKETS = re.compile(r"[（(][^（()）]*[)）]")
_LIST_BEFORE = re.compile(
    r"(?P<list>(?:[^，,。；;：:！？\n、（()）]{2,30}、)+[^，,。；;：:！？\n、（()）]{2,40}?)等?$"
)
_SEPARATOR = re.compile("、|，|,")
_AND = re.compile("(?:以及|及其?|和|与)(?=[^、和及与]{2,}$)")
_THINGS = frozenset("个 家 项 名 位 条 所 户 单位 科室 部 类 种 处 站 场 批 支 件 起 份".split())
_UNLIKE_NAMES = re.compile(r"[0-9]|等$|[了着过]$|^(?:并|则|但|且)")
_LEAST_LISTED, _MOST_LISTED = 2, 60
_MOST_BEFORE, _MOST_BEHIND = 400, 1_200
"""Characters around a number in which the names of a list stand."""
_SECTION = (
    re.compile(r"(?P<n>[一二三四五六七八九十]{1,3})、\s*\S"),
    re.compile(r"[（(](?P<n>[一二三四五六七八九十]{1,3})[)）]\s*\S"),
    re.compile(r"(?P<n>[0-9]{1,2})[.、．]\s*(?![0-9])\S"),
    re.compile(r"[（(](?P<n>[0-9]{1,2})[)）]\s*\S"),
)
_COUNTED_THROUGH = 2
"""Levels of headings in characters, 一、 and （一）, which go through a document."""
_ATTACHED = re.compile(
    r"(?:见|详见|附)(?:本?报告)?(?P<label>附件|附表)\s*(?P<n>[0-9]{1,2}|[一二三四五六七八九十])(?![0-9-])"
)
_LABEL = re.compile(
    r"\s*(?P<label>附件|附表)\s*(?P<n>[0-9]{1,2}|[一二三四五六七八九十])(?![0-9])[^，。；]{0,60}$"
)
_LIST_STARTS = re.compile(r"\s*附件\s*[:：]\s*(?=1[.．、])")
_LISTED = re.compile(r"\s*(?P<n>[0-9]{1,2})[.．、]\s*\S.{0,60}$")


class _Section(NamedTuple):
    """A numbered heading or paragraph: its level, its number, and itself."""

    level: int
    number: int
    paragraph: ReadParagraph


def check_structure(reading: Reading, statements: DocumentClaims) -> Iterator[Finding]:
    """Yield what is wrong with counts of lists, numbers of sections, and attachments."""
    for statement in statements.every:
        yield from _counted(statement)
    yield from _numbering(tuple(reading.paragraphs))
    yield from _attachments(tuple(reading.paragraphs))
    yield from _listed_attachments(tuple(reading.paragraphs))


def _counted(statement: DocumentClaim) -> Iterator[Finding]:
    """Yield A201 where a number of things is not that of the names behind or before it."""
    if not _is_number_of_things(statement):
        return
    names, open_ended = _names_behind(statement)
    if not names:
        start = max(0, statement.claim.number.body - _MOST_BEFORE)
        names, open_ended = _names_before(
            statement.paragraph.text[start : statement.claim.number.body]
        )
    count = int(statement.number.value)
    if names and len(names) != count and not (open_ended and len(names) < count):
        listed = "、".join(names)
        stated = statement.number.text
        yield finding("A201", statement.number.span, stated=stated, count=len(names), names=listed)


def _is_number_of_things(statement: DocumentClaim) -> bool:
    """Return whether a claim counts so many things that a document may name them all."""
    unit = statement.claim.number.unit
    if statement.claim.role != "count" or statement.number.rough or unit is None:
        return False
    few = _LEAST_LISTED <= statement.number.value <= _MOST_LISTED
    return few and unit.symbol in _THINGS


def _names_behind(statement: DocumentClaim) -> tuple[list[str], bool]:
    """Return the names that a list behind a number gives, and whether it says 等.

    The list follows at once, or the same things are named again before it.
    """
    rest = _BRACKETS.sub("", _behind(statement)) + "。"
    match = _LIST_BEHIND.match(rest)
    if match is not None:
        return _names(match["list"])
    wanted = {even_name(statement.claim.subject), even_name(statement.claim.thing)} - {""}
    for match in _LIST_NAMED.finditer(rest):
        if even_name(match["of"]) in wanted:
            return _names(match["list"])
    return [], False


def _behind(statement: DocumentClaim) -> str:
    """Return the text behind a number, as far as a list of names may go."""
    end = statement.claim.number.end
    return statement.paragraph.text[end : end + _MOST_BEHIND]


def _names_before(text: str) -> tuple[list[str], bool]:
    """Return the names that stand before 等 and a number, and whether it says 等."""
    if not text.endswith("等"):
        return [], False
    match = _LIST_BEFORE.search(_BRACKETS.sub("", text))
    if match is None:
        return [], False
    names, _ = _names(match["list"].removesuffix("等"))
    return names, True


def _names(listed: str) -> tuple[list[str], bool]:
    """Return the names of a list; none where it is a sentence rather than a list."""
    open_ended = listed.endswith("等")
    parts = [part.strip() for part in listed.removesuffix("等").split("、")]
    last = _AND.split(parts[-1], maxsplit=1)
    names = [name for name in (*parts[:-1], *last) if name]
    if len(names) < _LEAST_LISTED or any(_UNLIKE_NAMES.search(name) for name in names):
        return [], False
    longest = max(len(name) for name in names)
    return (names, open_ended) if longest <= 30 and "，" not in listed else ([], False)


def _numbering(paragraphs: Sequence[ReadParagraph]) -> Iterator[Finding]:
    """Yield A202 for each heading whose number does not follow the one before it."""
    last: dict[int, _Section] = {}
    for paragraph in paragraphs:
        section = _section(paragraph)
        if section is None:
            continue
        for deeper in [level for level in last if level > section.level]:
            del last[deeper]
        before = last.get(section.level)
        if before is not None and _is_out_of_order(before, section):
            yield finding(
                "A202",
                paragraph.span,
                RelatedLocation(before.paragraph.span),
                text=paragraph.text[:30],
                before=before.paragraph.text[:30],
                expected=before.number + 1,
            )
        last[section.level] = section


def _is_out_of_order(before: _Section, section: _Section) -> bool:
    """Return whether a number is missing before a section, or stands twice.

    Numbers in digits count the items of many lists, so only a single one may be missing there.
    """
    if section.level <= _COUNTED_THROUGH:
        return section.number not in {before.number + 1, 1}
    return section.number in {before.number, before.number + 2} and section.number > 1


def _section(paragraph: ReadParagraph) -> _Section | None:
    """Return a paragraph that is a numbered heading; numbers within a text are none."""
    if not paragraph.level or paragraph.part:
        return None
    for level, pattern in enumerate(_SECTION, 1):
        match = pattern.match(paragraph.text)
        if match is not None:
            return _Section(level, _number(match["n"]), paragraph)
    return None


def _number(text: str) -> int:
    """Return a number in digits or characters, 0 for none."""
    value = int(text) if text.isdigit() else parse_numeral(text)
    return int(value) if value is not None else 0


def _attachments(paragraphs: Sequence[ReadParagraph]) -> Iterator[Finding]:
    """Yield A203 for each attachment that the text refers to and the document does not have."""
    present = _labels(paragraphs)
    for paragraph in paragraphs:
        for match in _ATTACHED.finditer(paragraph.text):
            number = _number(match["n"])
            if number not in present and _LABEL.match(paragraph.text) is None:
                yield finding("A203", paragraph.span, label=f"{match['label']}{match['n']}")


def _listed_attachments(paragraphs: Sequence[ReadParagraph]) -> Iterator[Finding]:
    """Yield A204 for each attachment that is there and not listed, or listed and not there.

    A document without any of its attachments says nothing of the list: they are other files.
    """
    place, listed = _list_of_attachments(paragraphs)
    present = _labels(paragraphs)
    if place is None or not present & listed:
        return
    for number in sorted(present ^ listed):
        problem = "@not_there" if number in listed else "@not_listed"
        yield finding("A204", place.span, label=f"附件{number}", problem=problem)


def _list_of_attachments(
    paragraphs: Sequence[ReadParagraph],
) -> tuple[ReadParagraph | None, set[int]]:
    """Return where a document begins to list its attachments (附件：1.…), and their numbers."""
    place: ReadParagraph | None = None
    listed: set[int] = set()
    for paragraph in paragraphs:
        start = _LIST_STARTS.match(paragraph.text)
        if start is not None:
            place, listed = paragraph, set()
        elif place is None:
            continue
        match = _LISTED.match(paragraph.text, start.end() if start is not None else 0)
        if match is None:
            return place, listed
        listed.add(int(match["n"]))
    return place, listed


def _labels(paragraphs: Sequence[ReadParagraph]) -> set[int]:
    """Return the numbers of the attachments that begin in a document, or that it lists."""
    numbers: set[int] = set()
    for paragraph in paragraphs:
        match = _LABEL.match(paragraph.text)
        if match is not None:
            numbers.add(_number(match["n"]))
    return numbers
