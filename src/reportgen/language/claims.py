"""What the numbers of a text state: of what, in which role, compared with what, for which time.

A claim is a number with the words that say what it is: 占总支出的30.1% is a share whose base is
总支出, 比上年增加4125万元 a change since 上年, 内设科室19个 a count of what may be listed
behind it. Dates, document numbers and names are no claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Literal, NamedTuple

from reportgen.language.claiming import MOST_OF_LEAD, claiming_numbers
from reportgen.language.numbers import WrittenNumber
from reportgen.model.frozen import frozen

ClaimRole = Literal[
    "amount", "count", "change", "share", "growth", "completion", "rate", "points", "score"
]
"""What a number is for: an amount or a number of things, by how much one changed, a share of a
whole, growth on an earlier value, what was reached of a plan, another rate, a difference of rates
in percentage points, a score of points."""

_SENTENCE_END = re.compile(r"[。！？!?\n]")
_OPENING, _CLOSING = "（(【[", "）)】]"
_STOPS = "，,；;：:、。" + _OPENING + _CLOSING
_STOP = re.compile(f"[{re.escape(_STOPS)}]")
_FAR = 200
"""So many characters before a number say of which time it is."""

_FALLS = (
    "下降|减少|降低|下滑|回落|降幅|减幅|压减|压缩|缩减|缩短|节约|减支|节支|减收|短收|短支|后退|后移"
)
_DIRECTION = (
    f"增长|增加|上升|提高|提升|上涨|延长|增收|增支|超收|超支|增幅|增速|前进|前移|相差|{_FALLS}"
    r"|[多少](?:用[水电工]?|支出?|收入?|[付拨缴发花耗])?(?=\s*$)|净[增减][^，,；;：:、。]{0,8}(?=\s*$)"
)
_BETWEEN = (
    r"(?:了|约|近|达|达到|为|有|率为|率达|幅度为|额|由|从"
    r"|(?<!节约)(?:资金|经费|成本|费用|时间)[约近达]?)?\s*$"
)
_CHANGE = re.compile(rf"(?P<direction>{_DIRECTION}){_BETWEEN}")
_FALLING = re.compile(f"^(?:{_FALLS}|[少低]|净减)")
_BASE = "(?:(?:19|20)[0-9]{2}年)?[^，,；;：:、。0-9]{0,16}?"
_COMPARED = re.compile(
    rf"(?<![同环占])(?:[比较]|相?对于)(?P<base>{_BASE})(?<![比较])"
    r"(?=(?:净|共|均)?(?:增|上升|提|下降|下滑|减|降|回落|压|缩|节|多|少|翻|前|后|$))"
)
_EARLIER = re.compile(rf"(?<![同环占])(?:[比较]|相?对于)(?P<base>{_BASE})的?$")
"""What an amount is of that another one is compared with: 较上年的1171万元增加4125万元."""
_APART = re.compile(
    rf"(?:比|较|相?对于)(?P<base>{_BASE})(?P<direction>[高低长短])出?$"
    r"|(?<!不)(?P<beside>[高低]于)[^，,；;：:、。0-9]{0,12}(?:标准|平均|水平|均值)$"
)
"""By how much something is above or below what it is held to: 比全省平均水平高4.2万元."""
_FROM = re.compile(rf"(?:由|从)(?P<base>{_BASE})的?$")
"""What a number is of that grows to the next one: 由年初的486家增加到531家."""
_MULTIPLE = re.compile(rf"(?:[是为]|相当于|达到?)(?P<base>{_BASE})的$")
_SHARE = re.compile(
    r"占(?:到(?!位)|了)?(?P<base>[^，,；;。、]{0,24}?)的?(?:比重|比例|比率|比|份额)?"
    r"(?:首次|已|仅|只)?(?:约|近|达|达到|为|有|超过)?(?:的)?\s*$"
)
_PLAN = "目标任务|目标计划|年初目标|目标|任务|计划|预算|概算|指标|定额|限额|控制数"
_COMPLETION = re.compile(
    rf"(?:超额完成|完成|达到|达|超额|超过|超|实现|占|为|是|相当于)(?:了)?"
    rf"(?P<base>[^，,；;。、]{{0,20}}?(?:{_PLAN})(?:任务|数|值|投资额?|总额)?)"
    r"(?:[（(][^（）()]{1,30}[）)])?的?(?:比例)?(?:约|近|达|达到|为)?\s*$"
)
_WITH_BASE: tuple[tuple[ClaimRole, re.Pattern[str]], ...] = (
    ("completion", _COMPLETION),
    ("share", _SHARE),
)
_RATE = re.compile(
    r"(?P<rate>[^，,；;：:、。（）()0-9的]{0,10}(?:率|比例|进度|程度|满意度|知晓度|偏离度|强度))"
    r"(?:约|近|达|到|为|是|均|实现|在|由|从)*\s*[:：]?\s*$"
)
_COMPLETION_RATE = re.compile(
    "完成|执行|到位|进度|控制|使用|达成|实现|支付|拨付|上缴|缴纳|兑现|办结|结案|解决|支出率|比例"
)
_SHARES_NAMED = re.compile("占比|比重$")
_GROWN_TO = "^(?:提[高升]|上?升|增[长加]|扩大|下降|降低?|减少|回落|压减)[到至为]$"
_TIME = (
    "第?[一二三四]季度末?|前三季度|[上下]半年|全年|年[初末底]|[0-9]{1,2}月[份底末]?"
    "|(?:19|20)[0-9]{2}年[度底末]?"
)
_TIMES = re.compile(f"(?:{_TIME})$")
_THE_SAME = re.compile(rf"^(?:{_TIME})$|{_GROWN_TO}|^(?:和|与|及|、|以及)$")
"""Words before a ratio that say again what the one before it is: 一季度23.5%，二季度51.2%."""
_GROWN = re.compile(_GROWN_TO)
_LEVELS: frozenset[ClaimRole] = frozenset(["amount", "count"])
_CHANGES: frozenset[ClaimRole] = frozenset(["change", "growth"])
_OF_BASE = r"[^，,；;：:。占为是达完的]{0,24}"
_BOUND_OF = re.compile(
    rf"(?:不[足到及满]|未达到?|低于|高于|少于|多于|小于|大于|超过|接近|将近|(?<![附最邻])近){_OF_BASE}的$"
    rf"|(?:(?<![看见得找听想料感])不[到及]|未达到?){_OF_BASE}$"
)
"""Words that make a bound of a ratio, of which the base follows first: 不足计划100家的90%."""
_SHORT_OF = re.compile(f"不足{_OF_BASE}$")
"""The same without 的, or by how much something falls short: 不足计划15%."""
_MOST_SHORT = Fraction(1, 2)
_MEASURES = frozenset(["%", "‰", "成", "倍", "折", "‱"])
_POINTS = frozenset(["个百分点", "百分点"])
_FILLERS = re.compile(
    "(?:共计|合计|总计|累计|约为|达到|完成|实现|超过|突破|安排|下达|拨付|到位"
    "|[降升增提][到至高]?[到至]|每[个家户人项天日月年次]|控制在?|增速|增幅|(?<=资金)支付"
    "|[共约近达为是有计均仅只已各了在超逾占])+$"
)
_LEADING = re.compile(
    "^(?:(?:实现|确保|达到)(?=.{4})|其中|以及|并且|同时|另外|此外|分别|我市|我局|我单位|全市|全省|全年|年末|本年度?"
    "|[0-9]{4}年(?:度|末|底|初)?|[并和及与的了含])+[:：]?"
)
_THING = re.compile(r"[^，,；;：:、。（）()【】\[\]0-9]{1,16}")
_PERIOD = re.compile(
    "(?:(?:19|20)[0-9]{2}年(?:度)?)?(?:[0-9]{1,2}[-—–~至][0-9]{1,2}月)"
    "|(?:19|20)[0-9]{2}年|上年|去年|上一年|本年|当年|年初|年末|上半年|下半年|前三季度|[一二三四]季度|全年"
)


class TextSpan(NamedTuple):
    """A stretch of a text from `start` to `end`."""

    start: int
    end: int


@frozen
class NumberClaim:
    """What a number of a text states.

    `subject` are the words before it that it is said of, `thing` those behind a count, `base`
    those of what it is compared with (总支出, 上年), `period` the last time named before it.
    `sign` is -1 where a change or growth goes down. `sentence` is the span of its sentence,
    `depth` how many brackets it stands in, `lead` the words from the last stop or number to it.
    """

    number: WrittenNumber
    role: ClaimRole
    subject: str
    sentence: TextSpan
    lead: str = ""
    base: str = ""
    period: str = ""
    thing: str = ""
    sign: int = 1
    depth: int = 0

    @property
    def is_ratio(self) -> bool:
        """Return whether it is a part of something, not an amount or a count."""
        return self.role in {"share", "growth", "completion", "rate"}


class _Reading(NamedTuple):
    """What the words before a number say of it."""

    role: ClaimRole
    base: str = ""
    sign: int = 1


def find_claims(text: str) -> Iterator[NumberClaim]:
    """Yield the claims of `text` in order; what is a date, a name or a document number is none."""
    depths = _depths(text)
    sentences = tuple(_sentences(text))
    at, last = 0, 0
    before: NumberClaim | None = None
    for number in claiming_numbers(text):
        while sentences[at].end <= number.body:
            at += 1
        start = max(sentences[at].start, min(last, number.start), number.start - MOST_OF_LEAD)
        lead = TextSpan(start, number.start)
        claim = _continued(_claim(text, number, lead, sentences[at], depths), before)
        yield claim
        last, before = number.end, claim


def _continued(claim: NumberClaim, before: NumberClaim | None) -> NumberClaim:
    """Return a claim with what it leaves unsaid because the one before it says so.

    In 比上年增加420万元，增长13% both are changes since 上年; in 下降20%和8% both go down.
    """
    if before is None or before.sentence != claim.sentence:
        return claim
    return _carried_on(claim, before)


def _carried_on(claim: NumberClaim, before: NumberClaim) -> NumberClaim:
    """Return a claim with what the one before it in its sentence says for both."""
    if before.is_ratio and _says_the_same(claim, before):
        return replace(claim, role=before.role, base=before.base, sign=before.sign)
    if claim.role in _CHANGES and not claim.base:
        return replace(claim, base=_base_before(before))
    if claim.role in _LEVELS:
        return replace(claim, base=_start_of(claim, before))
    if claim.lead == "的" and claim.role == "rate":
        reading = _read_ratio(f"{before.lead}的")
        return replace(claim, role=reading.role, base=reading.base)
    return claim


def _start_of(claim: NumberClaim, before: NumberClaim) -> str:
    """Return what an amount has grown from, by the number before it, "" for any other."""
    start = _FROM.search(before.lead) if _GROWN.search(claim.lead) else None
    return start["base"] if start is not None else ""


def _says_the_same(claim: NumberClaim, before: NumberClaim) -> bool:
    """Return whether the words before a ratio leave it to the one before to say what it is."""
    return claim.number.unit == before.number.unit and _THE_SAME.search(claim.lead) is not None


def _base_before(before: NumberClaim) -> str:
    """Return what a change is measured against by the claim before it, "" if that says nothing."""
    match = _EARLIER.search(before.lead) if before.role not in _CHANGES else None
    return match["base"] if match is not None else before.base


def _sentences(text: str) -> Iterator[TextSpan]:
    """Yield the sentences of `text`, which together are all of it."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        yield TextSpan(start, match.end())
        start = match.end()
    yield TextSpan(start, len(text))


def _depths(text: str) -> list[int]:
    """Return for each character how many brackets it stands in; a line closes all."""
    depths: list[int] = []
    depth = 0
    for char in text:
        if char in _CLOSING and depth:
            depth -= 1
        depths.append(depth)
        if char in _OPENING:
            depth += 1
        elif char == "\n":
            depth = 0
    return depths


def _claim(
    text: str, number: WrittenNumber, lead: TextSpan, sentence: TextSpan, depths: list[int]
) -> NumberClaim:
    """Return what `number` states by the words of `lead` before it."""
    words = text[lead.start : number.start]
    far = max(sentence.start, number.start - MOST_OF_LEAD)
    number = _bounded(number, text[far : number.start])
    reading = _read(words, number)
    thing = _THING.match(text, number.end)
    return NumberClaim(
        number,
        reading.role,
        _subject(words),
        sentence,
        lead=_STOP.split(words)[-1].strip(),
        base=reading.base,
        period=_period(text[max(sentence.start, number.body - _FAR) : number.body]),
        thing=thing[0].strip() if thing is not None and reading.role == "count" else "",
        sign=reading.sign,
        depth=depths[number.body],
    )


def _bounded(number: WrittenNumber, words: str) -> WrittenNumber:
    """Return a number as a bound, where the words before it say so of a part of their base."""
    if number.before or number.unit is None or number.unit.symbol not in _MEASURES:
        return number
    bound = _BOUND_OF.search(words)
    if bound is None and number.value >= _MOST_SHORT:
        bound = _SHORT_OF.search(words)
    return replace(number, before=bound[0][:2]) if bound is not None else number


def _period(words: str) -> str:
    """Return the last time that `words` name."""
    periods = _PERIOD.findall(words)
    return periods[-1] if periods else ""


def _read(words: str, number: WrittenNumber) -> _Reading:
    """Return the role that the words before a number, and its unit, give it."""
    symbol = number.unit.symbol if number.unit is not None else ""
    if symbol in _POINTS:
        return _Reading("points", sign=_sign(_CHANGE.search(words)))
    if "番" in number.text:
        return _Reading("growth", _compared(words))
    if number.ratio is not None and number.unit is None:
        return _Reading("rate")
    if symbol in _MEASURES or number.ratio is not None:
        return _read_ratio(words)
    return _read_change(words) or _Reading(_quantity(symbol, number))


def _read_change(words: str) -> _Reading | None:
    """Return by how much something changed, or is apart from another one; None for a quantity."""
    change = _CHANGE.search(words)
    if change is not None:
        return _Reading("change", _compared(words), _sign(change))
    apart = _APART.search(words)
    if apart is None:
        return None
    sign = -1 if (apart["direction"] or apart["beside"])[0] in "低短" else 1
    return _Reading("change", (apart["base"] or "").strip(), sign)


def _quantity(symbol: str, number: WrittenNumber) -> ClaimRole:
    """Return whether a number of things or points, or an amount, is stated."""
    if symbol == "分":
        return "score"
    return "amount" if "元" in symbol or number.is_scaled else "count"


def _read_ratio(words: str) -> _Reading:
    """Return which ratio a number in per cent is."""
    for role, pattern in _WITH_BASE:
        match = pattern.search(words)
        if match is not None:
            return _Reading(role, match["base"])
    change = _CHANGE.search(words)
    if change is not None:
        return _Reading("growth", _compared(words), _sign(change))
    return _read_rate(_TIMES.sub("", words))


def _read_rate(words: str) -> _Reading:
    """Return what a rate that is named before its number is."""
    rate = _RATE.search(words)
    if rate is None:
        multiple = _MULTIPLE.search(words)
        return _Reading("rate", multiple["base"] if multiple is not None else "")
    if _SHARES_NAMED.search(rate["rate"]):
        return _Reading("share")
    base = _LEADING.sub("", rate["rate"])
    return _Reading("completion" if _COMPLETION_RATE.search(base) else "rate", base)


def _compared(words: str) -> str:
    """Return what a change is measured against (上年, 年初预算), "" where it is not said."""
    found = "上年同期" if "同比" in words else ""
    for match in _COMPARED.finditer(words):
        found = match["base"].strip()
    return found


def _sign(change: re.Match[str] | None) -> int:
    return -1 if change is not None and _FALLING.search(change[0]) else 1


def _subject(words: str) -> str:
    """Return the words a number is said of: the last clause before it, without verbs."""
    for clause in reversed(_STOP.split(words)):
        named = _LEADING.sub("", _FILLERS.sub("", clause.strip()))
        if named:
            return named
    return ""
