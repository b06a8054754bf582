"""Holds counts to the lists that follow them, numbers of sections to their order, attachments.

These are findings at once, for nothing is computed but how many there are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import repeat
from typing import NamedTuple

from reportgen.features.audit.statements import DocumentClaim, DocumentClaims, even_name
from reportgen.features.audit.table_numbers import TableNumbers
from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.language.numerals import parse_numeral
from reportgen.model.reading import ReadBlock, Reading, ReadParagraph, ReadTable

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
_LONGEST_NAME = 30
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

_ALL = re.compile("共(?:计|有|安排|设置?|列入?|实施|支持|下达|包括|涉及)?了?$")
"""Words before the number of all that a table lists."""
_SOME = re.compile("其中|完成|[未已新优达]")
_MAIN = re.compile("主要|部分|重点|典型|代表|为例|前[0-9一二三四五六七八九十]")
"""Words that say that a table lists only some."""
_OF_TABLE = re.compile("(?:(?:具体|明细|情况|如下|详?见|分别).*)?")
_NAME_OF = re.compile("(?P<noun>[\u4e00-\u9fff]{2,10}?)(?:名称)?")
_TOTAL = re.compile("合计|总计|总分")
_NO_ROW = re.compile(
    "$|合计|小计|总计|总分|其中|其他|其它|注|[…等]|[一二三四五六七八九十]+、|[（(]"
)
"""The beginning of what is not the name of one thing in a table."""


class _Names(NamedTuple):
    """The names of a list; one that ends with 等 leaves some out."""

    names: tuple[str, ...]
    open_ended: bool

    def may_be(self, count: int) -> bool:
        """Return whether a list may name so many things."""
        return len(self.names) == count or (self.open_ended and len(self.names) < count)


class _Section(NamedTuple):
    """A numbered heading or paragraph: its level, its number, and itself."""

    level: int
    number: int
    paragraph: ReadParagraph


def check_structure(reading: Reading, statements: DocumentClaims) -> Iterator[Finding]:
    """Yield what is wrong with counts of lists, numbers of sections, and attachments."""
    for statement in filter(_is_number_of_things, statements.every):
        yield from _counted(statement)
    yield from _counted_in_tables(reading, statements)
    paragraphs = tuple(reading.paragraphs)
    yield from _numbering(paragraphs)
    yield from _attachments(paragraphs)
    yield from _listed_attachments(paragraphs)


def _counted(statement: DocumentClaim) -> Iterator[Finding]:
    """Yield A201 where a number of things is not that of the names behind or before it."""
    listed = _names_behind(statement) or _names_before(statement)
    if listed is not None and not listed.may_be(int(statement.number.value)):
        stated, names = statement.number.text, "、".join(listed.names)
        count = len(listed.names)
        yield finding("A201", statement.number.span, stated=stated, count=count, names=names)


def _counted_in_tables(reading: Reading, statements: DocumentClaims) -> Iterator[Finding]:
    """Yield A205 for each number of all things that a table beside its sentence names others of."""
    counts: dict[int, list[DocumentClaim]] = defaultdict(list)
    for statement in filter(_is_number_of_things, statements.every):
        counts[id(statement.paragraph)].append(statement)
    for table, beside in _whole_tables(reading.blocks):
        if not _MAIN.search(table.caption + getattr(beside, "text", "")):
            yield from _miscounted(TableNumbers(table), counts[id(beside)])


def _whole_tables(blocks: Sequence[ReadBlock]) -> Iterator[tuple[ReadTable, ReadBlock]]:
    """Yield the tables with what stands before and behind; not one that another may continue."""
    for at, table in enumerate(blocks):
        beside = (*blocks[max(0, at - 1) : at], *blocks[at + 1 : at + 2])
        if isinstance(table, ReadTable) and not any(map(_is_table, beside)):
            yield from zip(repeat(table), beside)


def _is_table(block: ReadBlock) -> bool:
    return isinstance(block, ReadTable)


def _miscounted(table: TableNumbers, counts: Sequence[DocumentClaim]) -> Iterator[Finding]:
    """Yield A205 for the number of what a column names; not where another one fits its rows."""
    fitting = {each.number.value for each in counts}
    for noun, count in _listed_in(table) if counts else ():
        own = list(filter(partial(_is_all_of, noun), counts))
        if own and count not in fitting:
            stated, place = own[0].number, RelatedLocation(table.table.span)
            yield finding("A205", stated.span, place, stated=stated.text, count=count)


def _listed_in(table: TableNumbers) -> Iterator[tuple[str, int]]:
    """Yield what the columns of a table name, and how many of it."""
    for column in table.columns if table.head_rows else ():
        noun = _NAME_OF.fullmatch(table.text(table.head_rows - 1, column))
        listed = _without_total([table.text(row, column) for row in table.rows])
        if noun is not None and _are_names(listed):
            yield noun["noun"], len(listed)


def _without_total(names: Sequence[str]) -> Sequence[str]:
    """Return what a column names, without the row of a total at its end."""
    return names[:-1] if names and _TOTAL.match(names[-1]) else names


def _are_names(texts: Sequence[str]) -> bool:
    """Return whether texts are the names of different things, without groups and totals."""
    return 1 < len(set(texts)) == len(texts) and not any(map(_NO_ROW.match, texts))


def _is_all_of(noun: str, statement: DocumentClaim) -> bool:
    """Return whether a claim counts all things of a name: 共安排5个项目, 项目共5个."""
    thing = statement.claim.thing
    if thing.startswith(noun):
        is_own = _OF_TABLE.fullmatch(thing.removeprefix(noun))
        return is_own is not None and _is_all(statement.claim.lead)
    is_named = not thing and statement.claim.subject.endswith(noun)
    return is_named and _is_all(statement.claim.lead)


def _is_all(lead: str) -> bool:
    """Return whether the words before a number say that nothing is left out."""
    return _ALL.search(lead) is not None and _SOME.search(lead) is None


def _is_number_of_things(statement: DocumentClaim) -> bool:
    """Return whether a claim counts so many things that a document may name them all."""
    unit = statement.claim.number.unit
    if statement.claim.role != "count" or not statement.is_level:
        return False
    few = _LEAST_LISTED <= statement.number.value <= _MOST_LISTED
    return few and unit is not None and unit.symbol in _THINGS


def _names_behind(statement: DocumentClaim) -> _Names | None:
    """Return the names that a list behind a number gives, None where there is no list.

    The list follows at once, or the same things are named again before it.
    """
    rest = _BRACKETS.sub("", _behind(statement)) + "。"
    match = _LIST_BEHIND.match(rest) or _named_again(statement, rest)
    return _names(match["list"]) if match is not None else None


def _named_again(statement: DocumentClaim, rest: str) -> re.Match[str] | None:
    """Return the list behind the words that name again what a number counts."""
    wanted = {even_name(statement.claim.subject), even_name(statement.claim.thing)} - {""}
    matches = _LIST_NAMED.finditer(rest)
    return next((match for match in matches if even_name(match["of"]) in wanted), None)


def _behind(statement: DocumentClaim) -> str:
    """Return the text behind a number, as far as a list of names may go."""
    end = statement.claim.number.end
    return statement.paragraph.text[end : end + _MOST_BEHIND]


def _names_before(statement: DocumentClaim) -> _Names | None:
    """Return the names that stand before 等 and a number, None where there are none."""
    body = statement.claim.number.body
    text = statement.paragraph.text[max(0, body - _MOST_BEFORE) : body]
    match = _LIST_BEFORE.search(_BRACKETS.sub("", text)) if text.endswith("等") else None
    names = _names(match["list"].removesuffix("等")) if match is not None else None
    return names._replace(open_ended=True) if names is not None else None


def _names(listed: str) -> _Names | None:
    """Return the names of a list; None where it is a sentence rather than a list."""
    *parts, last = (part.strip() for part in listed.removesuffix("等").split("、"))
    names = tuple(filter(None, (*parts, *_AND.split(last, maxsplit=1))))
    if len(names) < _LEAST_LISTED or "，" in listed or not all(map(_is_name, names)):
        return None
    return _Names(names, listed.endswith("等"))


def _is_name(text: str) -> bool:
    return len(text) <= _LONGEST_NAME and not _UNLIKE_NAMES.search(text)


def _numbering(paragraphs: Iterable[ReadParagraph]) -> Iterator[Finding]:
    """Yield A202 for each heading whose number does not follow the one before it."""
    last: dict[int, _Section] = {}
    for section in filter(None, map(_section, paragraphs)):
        last = {level: each for level, each in last.items() if level <= section.level}
        before = last.get(section.level)
        if before is not None and _is_out_of_order(before, section):
            yield _misnumbered(before, section)
        last[section.level] = section


def _misnumbered(before: _Section, section: _Section) -> Finding:
    return finding(
        "A202",
        section.paragraph.span,
        RelatedLocation(before.paragraph.span),
        text=section.paragraph.text[:30],
        before=before.paragraph.text[:30],
        expected=before.number + 1,
    )


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
    matches = [pattern.match(paragraph.text) for pattern in _SECTION]
    return next(
        (
            _Section(level, _number(match["n"]), paragraph)
            for level, match in enumerate(matches, 1)
            if match is not None
        ),
        None,
    )


def _number(text: str) -> int:
    """Return a number in digits or characters, 0 for none."""
    value = int(text) if text.isdigit() else parse_numeral(text)
    return int(value) if value is not None else 0


def _attachments(paragraphs: Sequence[ReadParagraph]) -> Iterator[Finding]:
    """Yield A203 for each attachment that the text refers to and the document does not have."""
    present = _labels(paragraphs)
    for paragraph in paragraphs:
        for label, number in _references(paragraph.text):
            if number not in present:
                yield finding("A203", paragraph.span, label=label)


def _references(text: str) -> Iterator[tuple[str, int]]:
    """Yield the attachments that a text refers to; a line that begins one does not."""
    if _LABEL.match(text) is None:
        for match in _ATTACHED.finditer(text):
            yield f"{match['label']}{match['n']}", _number(match["n"])


def _listed_attachments(paragraphs: Sequence[ReadParagraph]) -> Iterator[Finding]:
    """Yield A204 for each attachment that is there and not listed, or listed and not there.

    A document without any of its attachments says nothing of the list: they are other files.
    """
    present, listed = _labels(paragraphs), _list_of_attachments(paragraphs)
    numbers = present ^ set(listed) if present & set(listed) else set[int]()
    for number in sorted(numbers):
        problem = "@not_there" if number in listed else "@not_listed"
        span = next(iter(listed.values())).span
        yield finding("A204", span, label=f"附件{number}", problem=problem)


def _list_of_attachments(paragraphs: Sequence[ReadParagraph]) -> dict[int, ReadParagraph]:
    """Return the numbers in the last list of attachments (附件：1.…), each with its line."""
    starts = [place for place, each in enumerate(paragraphs) if _LIST_STARTS.match(each.text)]
    listed: dict[int, ReadParagraph] = {}
    for paragraph in paragraphs[starts[-1] :] if starts else ():
        match = _LISTED.match(_LIST_STARTS.sub("", paragraph.text))
        if match is None:
            break
        listed[int(match["n"])] = paragraph
    return listed


def _labels(paragraphs: Iterable[ReadParagraph]) -> set[int]:
    """Return the numbers of the attachments that begin in a document."""
    found = [_LABEL.match(paragraph.text) for paragraph in paragraphs]
    return {_number(match["n"]) for match in found if match is not None}
