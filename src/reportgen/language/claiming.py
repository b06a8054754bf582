"""Finds the numbers of a text that claim something: none of dates, names and ways to speak.

The two ends of a range are one number, and so are the two of a proportion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from reportgen.language.numbers import WrittenNumber, find_numbers
from reportgen.language.plain_numbers import PlainStretches

MOST_OF_LEAD, _FAR_ENOUGH = 60, 6
"""So many characters before a number say what it is."""
_COUNTED = re.compile(
    "(?:[内下增]设|下[辖属]|设[有立]|现有|共有?|获得?|新[增建购]|完成|建成|培育|引进|创建|等|包括"
    "|开展|举办|召开|组织|报废|购置|派出|新设|撤销|合并|[一二三]等奖)$"
)
"""Words behind which even 五个 counts something; elsewhere it may be a way to speak."""
_COUNTED_THING = re.compile(
    "(?:新[增建购]|建成|完成|培育|引进|创建|购置|改造|维修|添置)[^，,；;：:、。0-9]{2,16}$"
)
"""Words behind which a number counts the thing before it, where its clause ends: 新建站房三座."""
_CLAUSE_END = re.compile("[，,；;。、)）]|$")
_ABSTRACT = re.compile(
    "[^，。；、]{0,4}(?:特点|特色|重点|亮点|原则|问题|原因|短板|抓手|中心|目标|关键|转变|统一)"
)
_RANGE = frozenset("- — – ~ \uff5e \uff0d 至 到 —— -- \u2015".split())
"""What stands between the ends of a range."""
_TO_ONE = frozenset(":：\u2236")
"""What stands between the two numbers of a proportion: 1:11.5, which is 11.5."""


def claiming_numbers(text: str) -> Iterator[WrittenNumber]:
    """Yield the numbers that claim something; the ends of a range are one, and 1:11.5 is."""
    low: WrittenNumber | None = None
    for number in _claiming(text):
        joined = _joined(text, low, number) if low is not None else None
        if joined is not None:
            low = joined
            continue
        if low is not None:
            yield low
        low = number
    if low is not None:
        yield low


def _joined(text: str, low: WrittenNumber, high: WrittenNumber) -> WrittenNumber | None:
    """Return two numbers as the one that they are together, None where they are two."""
    if _is_range(text, low, high):
        return _from_to(text, low, high)
    if text[low.end : high.start].strip() not in _TO_ONE or not _is_to_one(low, high):
        return None
    more = low if high.digits == "1" else high
    both = _from_to(text, low, high)
    return replace(both, digits=more.digits, reach=Fraction(0), ratio=more.value)


def _is_to_one(low: WrittenNumber, high: WrittenNumber) -> bool:
    """Return whether two numbers without units may be a proportion of something to one."""
    is_plain = not (low.unit or high.unit or low.ratio or high.ratio)
    return is_plain and "1" in {low.digits, high.digits} and low.value * high.value > 0


def _is_range(text: str, low: WrittenNumber, high: WrittenNumber) -> bool:
    """Return whether two numbers are the ends of a range: 300-320万元, 15亿元至18亿元."""
    if low.reach or text[low.end : high.start].strip() not in _RANGE:
        return False
    return low.unit in {None, high.unit} and Fraction(low.digits) < Fraction(high.digits)


def _from_to(text: str, low: WrittenNumber, high: WrittenNumber) -> WrittenNumber:
    """Return two ends of a range as one number."""
    first = replace(low, unit=high.unit)
    return replace(
        first,
        text=text[low.start : high.end],
        end=high.end,
        body_end=high.body_end,
        after=high.after,
        reach=high.value - first.value,
    )


def _claiming(text: str) -> Iterator[WrittenNumber]:
    """Yield the numbers of a text that are no dates or names, and count something."""
    plain = PlainStretches(text)
    for number in find_numbers(text):
        if plain.covering(number) is None and (not number.word or _is_counted(text, number)):
            yield number


def _is_counted(text: str, number: WrittenNumber) -> bool:
    """Return whether what may be a word counts things: 内设五个科室, not 围绕三个重点."""
    if number.value <= 1 or _ABSTRACT.match(text, number.end):
        return False
    words = text[max(0, number.start - _FAR_ENOUGH) : number.start]
    return _COUNTED.search(words) is not None or _is_behind_its_thing(text, number)


def _is_behind_its_thing(text: str, number: WrittenNumber) -> bool:
    """Return whether a number ends a clause, and counts the thing that was made: 新建站房三座."""
    words = text[max(0, number.start - MOST_OF_LEAD) : number.start]
    is_last = _CLAUSE_END.match(text, number.end) is not None
    return is_last and _COUNTED_THING.search(words) is not None
