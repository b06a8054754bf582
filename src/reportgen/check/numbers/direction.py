"""Checks words of direction (增长, 下降, 持平, 超额) against the signs of figures."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from operator import attrgetter

from reportgen.check.numbers.classify import TypedNumber
from reportgen.check.numbers.passages import Passage, PrintedExpression
from reportgen.formula.names import PRIOR
from reportgen.model.figures import Figure, Ledger
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan

_UP = "增长|增加|上升|提高|提升|扩大|上涨|增幅|涨幅|升幅|高于|高出|快于|多于|增"
_DOWN = "下降|减少|降低|缩小|回落|下滑|下跌|降幅|减幅|跌幅|低于|慢于|少于|压减|减"
_LEVEL = "持平于|持平"
_WORD = re.compile(rf"(?P<up>{_UP})|(?P<down>{_DOWN})|(?P<level>{_LEVEL})")
_TO_FIGURE = re.compile("[了约近为达有 ]*")
_COMPARED = re.compile("(?:高于|高出|快于|多于|低于|慢于|少于|持平于)[^，。；、：0-9]{0,10}$")
_AGAINST = re.compile(
    "[较比同与和跟](?:上年|去年|上一年|上年度|上年同期|去年同期|上年末)[^，。；]{0,8}$"
)
_GROWS = re.compile("增长|增速|增幅|增加额|增量|增减|变动|较上年|较年初|之差|增速差|涨幅|升幅")
_SHRINKS = re.compile("下降|减少|降幅|降低|压减|减幅|节约|减免|缩减|回落|跌幅")
_MORE_THAN_PLANNED = re.compile("超额完成")
_LESS_THAN_PLANNED = re.compile("未完成|未能完成|未达到|没有完成")
_RATE = re.compile("完成率|执行率|办结率|完成比例|到位率|实现率|达成率|完成.*任务|率$")
_SENTENCE_END = re.compile("[。；！？\n]")
_TREND, _SIZE = re.compile(r"\|\s*trend"), re.compile(r"\|\s*size")
_CLAUSE_ENDS = {"", "。", "，", "；", "、", "\n"}
_LEAD = 16
"""So many characters before a word are searched for what it compares with."""
_MOST_OF_SENTENCE = 400
"""So many characters on either side of words are read as their sentence."""
_START, _END = attrgetter("start"), attrgetter("end")
_SIGNS = {"up": 1, "down": -1, "level": 0}
"""The sign of a change that a word of each group of `_WORD` states."""


@frozen
class ShownFigure:
    """A figure as a passage shows it, from `start` to `end`; `sized` if without its sign."""

    start: int
    end: int
    figure: Figure | None
    sized: bool


@frozen
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
    figures = [_printed_figure(expression, ledger) for expression in passage.expressions]
    figures += [_typed_figure(number) for number in numbers if _may_be_figure(number)]
    return tuple(sorted(figures, key=attrgetter("start")))


def _printed_figure(expression: PrintedExpression, ledger: Ledger) -> ShownFigure:
    """Return the figure of an expression; the filter trend prints its direction itself."""
    key = expression.code.partition("|")[0].strip()
    has_trend = _TREND.search(expression.code) is not None
    is_sized = has_trend or _SIZE.search(expression.code) is not None
    figure = None if has_trend else ledger.figures.get(key)
    return ShownFigure(expression.start, expression.end, figure, is_sized)


def _may_be_figure(number: TypedNumber) -> bool:
    return number.kind not in {"plain", "year", "allowed"}


def _typed_figure(number: TypedNumber) -> ShownFigure:
    figure = number.figure if number.kind in {"bind", "near"} else None
    return ShownFigure(number.start, number.end, figure, sized=True)


def misdirections(
    passage: Passage, shown: Sequence[ShownFigure], ledger: Ledger
) -> Iterator[Misdirection]:
    """Yield the words of direction that say another thing than the figures beside them."""
    for word in _WORD.finditer(passage.plain):
        yield from _check_word(passage, word, shown, ledger)
    yield from _check_completion(passage, shown)


def _check_word(
    passage: Passage, word: re.Match[str], shown: Sequence[ShownFigure], ledger: Ledger
) -> Iterator[Misdirection]:
    """Yield `word` if it does not fit the figure behind it, else the one before it."""
    following = _following(word, shown)
    if following is None or not _is_beside(word, following.start, passage.plain):
        yield from _check_since_last_year(passage, word, shown, ledger)
    elif following.figure is not None and not _fits(word, following.figure, following.sized):
        yield _misdirection(passage, word, following.figure)


def _misdirection(
    passage: Passage, word: re.Match[str], figure: Figure, other: Figure | None = None
) -> Misdirection:
    return Misdirection(word[0], passage.span(*word.span()), figure, other)


def _following(word: re.Match[str], shown: Sequence[ShownFigure]) -> ShownFigure | None:
    """Return the first figure behind `word`."""
    at = bisect_left(shown, word.end(), key=_START)
    return shown[at] if at < len(shown) else None


def _is_beside(word: re.Match[str], start: int, text: str) -> bool:
    """Return whether the figure at `start` is what the word speaks of: 增长4.8%, 高于全省平均2%."""
    if _TO_FIGURE.fullmatch(text, word.end(), start):
        return True
    return _COMPARED.fullmatch(text, word.start(), start) is not None


def _fits(word: re.Match[str], figure: Figure, sized: bool) -> bool:
    """Return whether `word` fits the sign of `figure`, whose title says what it measures."""
    if figure.value is None:
        return True
    sign = _sign(figure.value)
    grows = _GROWS.search(figure.title) is not None
    shrinks = _SHRINKS.search(figure.title) is not None
    is_up = word["up"] is not None
    if word["level"]:
        return sign == 0 or not (grows or shrinks)
    if grows:
        return _fits_growth(sign, is_up=is_up, sized=sized)
    if shrinks:
        return _fits_decrease(sign, is_up=is_up, sized=sized)
    return _fits_amount(sign, is_up=is_up, sized=sized)


def _fits_amount(sign: int, *, is_up: bool, sized: bool) -> bool:
    """Return whether a word fits an amount: any one that is not negative."""
    return sign >= 0 or (sized and not is_up)


def _fits_growth(sign: int, *, is_up: bool, sized: bool) -> bool:
    """Return whether a word fits a growth: 增长 a positive one, 下降 the size of a negative one."""
    if is_up:
        return sign > 0
    return sign < 0 and sized


def _fits_decrease(sign: int, *, is_up: bool, sized: bool) -> bool:
    """Return whether a word fits a decrease: 下降 a positive one, 增长 a negative one."""
    if sign == 0 and not sized:
        return True
    return sign <= 0 if is_up else sign > 0


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)


def _check_since_last_year(
    passage: Passage, word: re.Match[str], shown: Sequence[ShownFigure], ledger: Ledger
) -> Iterator[Misdirection]:
    """Yield `word` if the figure before it stands to last year's in another way than it says."""
    if not _compares_with_last_year(word, passage.plain):
        return
    figure = _figure_before(word, shown, passage.plain)
    if figure is None:
        return
    past = ledger.figures.get(PRIOR + figure.key)
    if past is not None and _change(figure, past) not in {None, _SIGNS[str(word.lastgroup)]}:
        yield _misdirection(passage, word, figure, past)


def _change(figure: Figure, past: Figure) -> int | None:
    """Return the sign of the change from `past` to `figure`, None where either is blank."""
    if figure.value is None or past.value is None:
        return None
    return _sign(figure.value - past.value)


def _compares_with_last_year(word: re.Match[str], text: str) -> bool:
    """Return whether 较上年 or the like leads to `word`, which ends its clause."""
    lead = text[max(word.start() - _LEAD, 0) : word.start()]
    next_char = text[word.end() : word.end() + 1]
    return _AGAINST.search(lead) is not None and next_char in _CLAUSE_ENDS


def _figure_before(word: re.Match[str], shown: Sequence[ShownFigure], text: str) -> Figure | None:
    """Return the last figure before `word` in its sentence."""
    before = bisect_right(shown, word.start(), key=_END)
    if not before or _SENTENCE_END.search(text, shown[before - 1].end, word.start()):
        return None
    return shown[before - 1].figure


def _check_completion(passage: Passage, shown: Sequence[ShownFigure]) -> Iterator[Misdirection]:
    """Yield 超额完成 beside a rate below 100%, 未完成 beside one that is not."""
    for pattern, is_above in ((_MORE_THAN_PLANNED, True), (_LESS_THAN_PLANNED, False)):
        for words in pattern.finditer(passage.plain):
            rate = _rate_of_completion(words, shown, passage.plain)
            if rate is None or rate.value is None:
                continue
            if (rate.value < 1) == is_above:
                yield _misdirection(passage, words, rate)


def _rate_of_completion(
    words: re.Match[str], shown: Sequence[ShownFigure], text: str
) -> Figure | None:
    """Return the rate of completion nearest to `words` in their sentence, if there is one."""
    start, end = _sentence(text, words)
    nearest: Figure | None = None
    least = len(text)
    first, behind = bisect_left(shown, start, key=_START), bisect_left(shown, end, key=_START)
    for figure in shown[first:behind]:
        distance = min(abs(figure.start - words.end()), abs(words.start() - figure.end))
        if _is_rate(figure.figure) and distance < least:
            nearest, least = figure.figure, distance
    return nearest


def _sentence(text: str, words: re.Match[str]) -> tuple[int, int]:
    """Return where the sentence of `words` begins and ends."""
    start = earliest = max(words.start() - _MOST_OF_SENTENCE, 0)
    for mark in _SENTENCE_END.finditer(text, earliest, words.start()):
        start = mark.end()
    latest = min(words.end() + _MOST_OF_SENTENCE, len(text))
    closing = _SENTENCE_END.search(text, words.end(), latest)
    return start, closing.start() if closing else latest


def _is_rate(figure: Figure | None) -> bool:
    if figure is None or figure.unit.symbol != "%":
        return False
    return _RATE.search(figure.title) is not None
