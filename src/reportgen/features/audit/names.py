"""Finds one thing that a document calls by two names: a project with one amount, its unit.

Two names are told only where they differ by a word that many names have or lack (专项, 补助), or by
one character, and the amounts are the same; what one list or sentence names twice are two things.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import combinations
from operator import attrgetter
from typing import NamedTuple

from reportgen.features.audit.statements import DocumentClaim, DocumentClaims
from reportgen.features.audit.table_numbers import TableNumbers, tables_of
from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.model.reading import DocumentNumber, Reading, ReadTable
from reportgen.model.source import SourceSpan
from reportgen.model.units import UNITS

_LINE = attrgetter("span.line")
_MONEY = UNITS["元"].dimension
_KIND = "(?:资金|经费|补助|补贴|奖补|基金|费用|项目|工程|计划|行动)"
_NAME = re.compile(rf"[\u4e00-\u9fffA-Za-z]{{3,40}}{_KIND}$")
_SPOKEN = re.compile(
    "其中|以及|用于|安排|[下上]达|[拨支]付|下拨|支出|投入|争取|收到|到位|完成|使用|支持|落实|获[得批]"
    "|[共和与及的]"
)
"""What stands before a name in a sentence, or between two."""
_MARKS = re.compile(r"[“”\"'‘’《》<>\s、,，.．·/]|[（(][^（）()]{0,20}[)）]")
_NUMBERING = re.compile(r"^[（(]?[0-9一二三四五六七八九十]{1,3}[)）、.．]")
_YEAR = re.compile(r"^(?:(?:19|20)[0-9]{2}年度?|本年度?|当年|年度)")
_BEFORE = re.compile("上年|去年|上一年|结转")
_WORDS = frozenset(
    "专项 工作 业务 补助 补贴 奖补 引导 扶持 发展 建设 项目 资金 经费 专项资金 专项经费"
    " 工作经费".split()
)
"""Words that a name of a project has or lacks without being of another one."""
_TELLING = re.compile(
    "[0-9A-Za-z一二三四五六七八九十甲乙丙丁东西南北中上下左右大小新旧老前后内外省市县区乡镇村街高低]"
)
"""Characters by which names of two things differ."""
_LEAST_NAME, _LEAST_UNIT, _LEAST_DIGITS, _LONGEST_TITLE = 6, 8, 2, 40
_MOST = 400
"""Names of a document that are compared with each other."""
_UNIT = re.compile(
    r"(?:.{0,8}(?:单位|部门)(?:名称)?[:：]\s*|(?:19|20)[0-9]{2}年度?)?"
    "(?P<name>[\u4e00-\u9fff]{2,4}[市县区州][\u4e00-\u9fff]{2,16}?(?:局|委员会|办公室|中心|厅))"
    r"(?:[（(]|本级|20|部门|整体|$)"
)


_Place = SourceSpan | tuple[int, int]
"""A list, by the place of its table, or a sentence."""


class _Named(NamedTuple):
    """A name, what amount it is given, where it stands, and the list or sentence it stands in."""

    name: str
    number: DocumentNumber | None
    span: SourceSpan
    place: _Place


def check_names(reading: Reading, statements: DocumentClaims) -> Iterator[Finding]:
    """Yield A313 for a project with two names, A314 for the unit with two."""
    yield from _projects(reading, statements)
    yield from _units(reading)


# Projects


def _projects(reading: Reading, statements: DocumentClaims) -> Iterator[Finding]:
    """Yield A313 for two names of projects that have the same amount, each pair once."""
    named = sorted([*_in_tables(reading), *_in_text(statements)], key=_LINE)
    places = _places(named)
    told: set[frozenset[str]] = set()
    for amount in _by_amount(named).values():
        for first, second in combinations(amount[:_MOST], 2):
            pair = frozenset((first.name, second.name))
            if pair not in told and _are_one(first, second, places):
                told.add(pair)
                yield _two_names("A313", second, first)


def _two_names(code: str, second: _Named, first: _Named) -> Finding:
    """Return that two names are of one thing, told at the later one."""
    place = RelatedLocation(first.span, first.name)
    amount = second.number.text if second.number is not None else ""
    return finding(code, second.span, place, name=second.name, other=first.name, amount=amount)


def _places(named: Iterable[_Named]) -> dict[str, set[_Place]]:
    """Return the lists and sentences in which each name stands."""
    places: dict[str, set[_Place]] = defaultdict(set)
    for each in named:
        places[each.name].add(each.place)
    return places


def _by_amount(named: Iterable[_Named]) -> dict[Fraction, list[_Named]]:
    """Return the names by what amount they have."""
    found: dict[Fraction, list[_Named]] = defaultdict(list)
    for each in named:
        if each.number is not None and len(_digits(each.number)) >= _LEAST_DIGITS:
            found[each.number.value].append(each)
    return found


def _digits(number: DocumentNumber) -> str:
    """Return the digits of a number that tell it from others."""
    return "".join(filter(str.isdigit, number.text)).strip("0")


def _are_one(first: _Named, second: _Named, places: dict[str, set[_Place]]) -> bool:
    """Return whether two names are of one thing, which no list has both of."""
    if first.name == second.name or places[first.name] & places[second.name]:
        return False
    return differs_by_a_word(first.name, second.name)


def differs_by_a_word(name: str, other: str) -> bool:
    """Return whether one name lacks a usual word of the other one, or differs by one character."""
    short, long = sorted((name, other), key=len)
    if len(short) < _LEAST_NAME:
        return False
    start = _common(short, long)
    end = _common(short[start:][::-1], long[start:][::-1])
    more, less = long[start : len(long) - end], short[start : len(short) - end]
    if less:
        return len(more) == len(less) == 1 and not _TELLING.search(more + less)
    return _may_lack(more, short, long)


def _may_lack(more: str, short: str, long: str) -> bool:
    """Return whether what the longer one of two names has more says nothing else."""
    at = _common(short, long)
    cuts = (long[at - back : at - back + len(more)] for back in range(min(at, len(more)) + 1))
    return any(cut in _WORDS for cut in cuts) or (len(more) == 1 and not _TELLING.search(more))


def _common(text: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    count = 0
    for char, wanted in zip(text, other, strict=False):
        if char != wanted:
            break
        count += 1
    return count


def _in_tables(reading: Reading) -> Iterator[_Named]:
    """Yield the names in the rows of tables, and those again with each amount of their rows."""
    for table in tables_of(reading):
        named = _named_rows(table)
        for name in named.values():
            yield _Named(name, None, table.table.span, table.table.span)
        yield from _amounts_of(table, named)


def _named_rows(table: TableNumbers) -> dict[int, str]:
    """Return the names that rows of a table begin with, by row."""
    names = {row: _plain(table.label(row).rpartition("/")[2]) for row in table.rows}
    return {row: name for row, name in names.items() if _NAME.fullmatch(name)}


def _amounts_of(table: TableNumbers, named: Mapping[int, str]) -> Iterator[_Named]:
    """Yield the amounts of this year in the rows that have a name."""
    for found, number, unit in table.measured():
        is_now = unit.dimension == _MONEY and not _BEFORE.search(table.head(found.column))
        if is_now and found.row in named:
            yield _Named(named[found.row], number, number.span, table.table.span)


def _in_text(statements: DocumentClaims) -> Iterator[_Named]:
    """Yield the names of amounts of money in sentences."""
    for claim in filter(_is_of_now, statements.every):
        name = _plain(_SPOKEN.split(claim.claim.subject)[-1])
        if _NAME.fullmatch(name):
            number = None if claim.number.rough else claim.number
            yield _Named(name, number, claim.number.span, claim.sentence)


def _is_of_now(claim: DocumentClaim) -> bool:
    """Return whether a claim is an amount of money, not one of the year before."""
    is_money = claim.claim.role == "amount" and claim.dimension == _MONEY
    return is_money and not _BEFORE.search(claim.claim.period)


def _plain(text: str) -> str:
    """Return a name without marks, numbering, the year and what stands in brackets."""
    return _YEAR.sub("", _MARKS.sub("", _NUMBERING.sub("", text)))


# The unit


def _units(reading: Reading) -> Iterator[Finding]:
    """Yield A314 for the first name of a unit that lacks one character of another one."""
    first_of: dict[str, _Named] = {}
    for each in _unit_names(reading):
        first_of.setdefault(each.name, each)
    for first, second in combinations(list(first_of.values())[:_MOST], 2):
        if _lacks_one(first.name, second.name):
            yield _two_names("A314", second, first)
            return


def _unit_names(reading: Reading) -> Iterator[_Named]:
    """Yield the names of units that titles, covers and cells are, or begin with."""
    for text, span in _lines(reading):
        match = _UNIT.match("".join(text.split()))
        if match is not None and len(text) <= _LONGEST_TITLE:
            yield _Named(match["name"], None, span, (0, 0))


def _lines(reading: Reading) -> Iterator[tuple[str, SourceSpan]]:
    for block in reading.blocks:
        parts = block.cells if isinstance(block, ReadTable) else (block,)
        for part in parts:
            yield part.text, part.span


def _lacks_one(name: str, other: str) -> bool:
    """Return whether two long names are the same but for one character in the middle."""
    short, long = sorted((name, other), key=len)
    if len(short) < _LEAST_UNIT or len(long) - len(short) != 1:
        return False
    at = _common(short, long)
    return 1 < at < len(short) and short[at:] == long[at + 1 :] and not _TELLING.search(long[at])
