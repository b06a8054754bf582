"""Checks words of direction (增长, 下降, 持平, 超额) against the signs of figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reportgen.check.numbers.classify import Classifier, TypedNumber
from reportgen.check.numbers.passages import Passage, TextReader, passages
from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.model.figures import Figure, Ledger
from reportgen.model.rules import Allowed
from reportgen.model.source import SourceSpan

_UP = "增长|增加|上升|提高|提升|扩大|上涨|增幅|涨幅|升幅|高于|高出|快于|多于|增"
_DOWN = "下降|减少|降低|缩小|回落|下滑|下跌|降幅|减幅|跌幅|低于|慢于|少于|压减|减"
_LEVEL = "持平于|持平"
_WORD = re.compile(rf"(?P<up>{_UP})|(?P<down>{_DOWN})|(?P<level>{_LEVEL})")
_TO_FIGURE = re.compile("[了约近为达有 ]*$")
_COMPARED = re.compile("(?:高于|高出|快于|多于|低于|慢于|少于|持平于)[^，。；、：0-9]{0,10}$")
_AGAINST = re.compile(
    "[较比同与和跟](?:上年|去年|上一年|上年度|上年同期|去年同期|上年末)[^，。；]{0,8}$"
)
_GROWS = re.compile("增长|增速|增幅|增加额|增量|增减|变动|较上年|较年初|之差|增速差|涨幅|升幅")
_SHRINKS = re.compile("下降|减少|降幅|降低|压减|减幅|节约|减免|缩减|回落|跌幅")
_BEYOND, _SHORT = re.compile("超额完成"), re.compile("未完成|未能完成|未达到|没有完成")
_RATE = re.compile("完成率|执行率|办结率|完成比例|到位率|实现率|达成率|完成.*任务|率$")
_STOP = re.compile("[。；！？\n]")


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure as a passage shows it, from `start` to `end`; `sized` if without its sign."""

    start: int
    end: int
    figure: Figure | None
    sized: bool


@dataclass(frozen=True, slots=True)
class Misdirection:
    """A word of direction that does not fit `figure`, or its change since `other`."""

    word: str
    span: SourceSpan
    figure: Figure
    other: Figure | None = None


def figures_shown(
    passage: Passage, numbers: Iterable[TypedNumber], ledger: Ledger
) -> tuple[ShownFigure, ...]:
    """Return the figures of a passage in order: printed ones, and typed ones that were matched."""
    found = []
    for each in passage.expressions:
        key, *filters = (part.strip() for part in each.code.split("|"))
        sized = any(f.startswith(("size", "trend")) for f in filters)
        figure = None if any(f.startswith("trend") for f in filters) else ledger.figures.get(key)
        found.append(ShownFigure(each.start, each.end, figure, sized))
    for number in numbers:
        figure = number.figure if number.kind in {"bind", "near"} else None
        if number.kind not in {"plain", "year", "allowed"}:
            found.append(ShownFigure(number.start, number.end, figure, sized=True))
    return tuple(sorted(found, key=lambda shown: shown.start))


def misdirections(
    passage: Passage, shown: tuple[ShownFigure, ...], ledger: Ledger
) -> Iterator[Misdirection]:
    """Yield the words of direction that say another thing than the figures beside them."""
    text = passage.plain
    for match in _WORD.finditer(text):
        following = next((s for s in shown if s.start >= match.end()), None)
        beside = following is not None and _beside(text, match, following.start)
        if following is not None and beside:
            if following.figure is not None and not _fits(match, following):
                yield _told(passage, match, following.figure)
        elif not beside:
            yield from _since_last_year(passage, match, shown, ledger)
    for pattern, beyond in ((_BEYOND, True), (_SHORT, False)):
        for match in pattern.finditer(text):
            rate = _rate(text, match, shown)
            if rate is not None and rate.value is not None and (rate.value < 1) == beyond:
                yield _told(passage, match, rate)


def _told(
    passage: Passage, match: re.Match[str], figure: Figure, other: Figure | None = None
) -> Misdirection:
    return Misdirection(match[0], passage.span(*match.span()), figure, other)


def _beside(text: str, match: re.Match[str], start: int) -> bool:
    """Return whether the figure at `start` is what the word speaks of: 增长4.8%, 高于全省平均2%."""
    if _TO_FIGURE.fullmatch(text, match.end(), start):
        return True
    return bool(_COMPARED.fullmatch(text, match.start(), start))


def _fits(match: re.Match[str], shown: ShownFigure) -> bool:
    figure = shown.figure
    assert figure is not None
    if figure.value is None:
        return True
    sign = (figure.value > 0) - (figure.value < 0)
    grows, shrinks = _GROWS.search(figure.title), _SHRINKS.search(figure.title)
    if match["level"]:
        return sign == 0 or not (grows or shrinks)
    if shrinks and not grows:
        return bool(match["down"]) == (sign > 0) or (sign == 0 and not shown.sized)
    up = bool(match["up"])
    if not grows:
        return sign >= 0 or (shown.sized and not up)
    return sign > 0 if up else sign < 0 and shown.sized


def _since_last_year(
    passage: Passage, match: re.Match[str], shown: tuple[ShownFigure, ...], ledger: Ledger
) -> Iterator[Misdirection]:
    """Yield the word if it tells falsely how the figure before it stands to last year's."""
    text = passage.plain
    lead = text[max(match.start() - 16, 0) : match.start()]
    closing = text[match.end() : match.end() + 1]
    if not _AGAINST.search(lead) or closing not in {"", "。", "，", "；", "、", "\n"}:
        return
    before = [s for s in shown if s.end <= match.start()]
    if not before or before[-1].figure is None:
        return
    if _STOP.search(text, before[-1].end, match.start()):
        return
    figure = before[-1].figure
    other = ledger.figures.get(f"prior.{figure.key}")
    if other is None or other.value is None or figure.value is None:
        return
    sign = (figure.value > other.value) - (figure.value < other.value)
    if sign != (1 if match["up"] else -1 if match["down"] else 0):
        yield _told(passage, match, figure, other)


def _rate(text: str, match: re.Match[str], shown: tuple[ShownFigure, ...]) -> Figure | None:
    """Return the rate of completion in the sentence of `match`, if it tells one."""
    start = max((m.end() for m in _STOP.finditer(text, 0, match.start())), default=0)
    stop = _STOP.search(text, match.end())
    end = stop.start() if stop else len(text)
    inside = [s for s in shown if start <= s.start < end and s.figure is not None]
    rates = [s for s in inside if s.figure and _is_rate(s.figure)]
    rates.sort(key=lambda s: min(abs(s.start - match.end()), abs(match.start() - s.end)))
    return rates[0].figure if rates else None


def _is_rate(figure: Figure) -> bool:
    return figure.unit.symbol == "%" and bool(_RATE.search(figure.title))


CODES = {"bind": "N101", "near": "N102", "stale": "N103", "unsourced": "N104", "year": "N106"}
"""The code for each kind of number that is not right as it stands."""


@dataclass(frozen=True, slots=True)
class Typed:
    """Every number typed into the texts of a report, and the findings about them."""

    numbers: tuple[TypedNumber, ...] = ()
    findings: tuple[Finding, ...] = ()


def check_numbers(
    ledger: Ledger,
    texts: Mapping[str, str],
    allowed: Iterable[Allowed],
    read: TextReader,
    home: str,
) -> Typed:
    """Return the numbers in `texts` (by path) and in the prose of the ledger's year.

    `read` gives the files that hold the prose. N107 is said of entries of `allowed` below
    `home`, the report's folder, that cover nothing: those of a pack are for many reports.
    """
    entries = tuple(allowed)
    classifier = Classifier(ledger, entries)
    prose = (f for key, f in ledger.texts.items() if not key.startswith("prior."))
    numbers: list[TypedNumber] = []
    findings: list[Finding] = []
    for passage in passages(texts, prose, read):
        found = tuple(classifier.numbers(passage))
        numbers += found
        findings += _told_check(found)
        shown = figures_shown(passage, found, ledger)
        findings += map(_misdirected, misdirections(passage, shown, ledger))
    unused = (e for e in entries if e not in classifier.used and e.span.path.startswith(home))
    findings += (finding("N107", e.span, subject=e.text, text=e.text) for e in unused)
    return Typed(tuple(numbers), tuple(findings))


def _told_check(numbers: Iterable[TypedNumber]) -> Iterator[Finding]:
    for number in numbers:
        code = CODES.get(number.kind)
        if code is None:
            continue
        figure = number.current or number.figure
        yield finding(
            code,
            number.span,
            *([RelatedLocation(figure.span, figure.title)] if figure else ()),
            subject=figure.key if figure else number.text,
            text=number.text,
            title=figure.title if figure else "",
            value=_value(figure) if figure else "",
            expression=number.wording.expression if number.wording else "—",
            line=f"名称: {number.text}",
        )


def _value(figure: Figure) -> str:
    return figure.text or "—"


def _misdirected(wrong: Misdirection) -> Finding:
    figure, other = wrong.figure, wrong.other
    value = _value(figure) if other is None else f"{_value(figure)} ← {_value(other)}"
    return finding(
        "N105",
        wrong.span,
        RelatedLocation(figure.span, figure.title),
        subject=figure.key,
        word=wrong.word,
        title=figure.title,
        value=value,
    )
