"""Finds the figures that a typed number may stand for, and ranks them by the words around it."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache, partial
from itertools import pairwise
from operator import itemgetter
from typing import Literal

from reportgen.formula.names import PRIOR, TOTALS
from reportgen.language.numbers import WrittenNumber
from reportgen.model import limits
from reportgen.model.figures import Figure, Ledger
from reportgen.model.frozen import frozen
from reportgen.model.quantity import round_half_up
from reportgen.model.units import Dimension

Fit = Literal["equal", "rounded", "about", "near"]
Bigrams = frozenset[str]
"""The pairs of neighbouring letters of a text, by which words are compared."""

NEEDED = (0.5, 0.4, 0.25, 0.12)
"""How much of its title must stand around a number of 0, 1, 2, 3 telling digits; of more, none.

1232.93 is hardly there twice by chance, 5 often is.
"""
_NEEDED_ABOUT, _NEEDED_NEAR = 0.3, 0.55
_NEAR = Fraction(1, 100)
_AROUND = Fraction(5, 100)
_ALMOST = set("近 将近 接近 不足 不到 不满 不及 未满".split())
_ROUGHLY = set("约 大约 大概 大致 差不多 估计 ≈".split())
_BEYOND = set("超 逾 超过 突破 至少 不少于 不低于 余 多 来 + 以上 及以上 出头 开外 有余".split())
_APPROXIMATE = _ALMOST | _ROUGHLY | _BEYOND
_CHANGE = re.compile("增长|下降|上升|提高|降低|增加|减少|回落|增幅|降幅|增速|快于|变动")
_WORDS_OF_CHANGE = " 增长 增速 增幅 变动 下降 降幅"
"""Where a sentence speaks of a change, the name of a change is as good as said."""
_NEUTRAL = frozenset(
    "决算数 年初预算数 全年预算数 到位数 实际完成值 年度指标值 分值 得分 名称 金额 合计".split()
)
"""Columns of tables: their names seldom stand in a sentence."""
_MOST_KEPT = 1 << 10
"""How many results are kept: the same number in the same words stands for the same figures."""
_ORDER = {"equal": 0, "rounded": 0, "about": 1, "near": 2}


def _may_be_meant(figure: Figure) -> bool:
    """Return whether a text may speak of a figure: not of an approved total beside its sum."""
    return not (figure.words or figure.key.startswith(TOTALS))


@frozen
class Candidate:
    """A figure that a number may stand for; `score` from 0 to 1 is how well the words fit."""

    figure: Figure
    fit: Fit
    score: float


@frozen
class Surroundings:
    """The words around a number: those that belong to it, and its whole sentence."""

    near: str
    wide: str

    def bigrams(self) -> tuple[Bigrams, Bigrams]:
        """Return the bigrams of both, with those of the names of change where one is meant."""
        change = _WORDS_OF_CHANGE if _CHANGE.search(self.near) else ""
        return bigrams(self.near + change), bigrams(self.wide + change)


class Candidates:
    """The figures of a ledger by dimension and size."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        by_dimension: dict[Dimension, list[tuple[float, Figure]]] = defaultdict(list)
        for figure in figures:
            if figure.value is not None and _may_be_meant(figure):
                sized = by_dimension[figure.unit.dimension]
                insort(sized, (_size(figure.value), figure), key=itemgetter(0))
        self._by_dimension = dict(by_dimension)
        self._ranked: dict[tuple[object, ...], list[Candidate]] = {}

    def ranked(self, number: WrittenNumber, context: Surroundings) -> list[Candidate]:
        """Return the figures that `number` may stand for, those that fit best first."""
        said = (number.text, number.unit, number.word, context)
        if said not in self._ranked:
            if len(self._ranked) == _MOST_KEPT:
                self._ranked.clear()
            self._ranked[said] = self._rank(number, context)
        return self._ranked[said]

    def equal(self, number: WrittenNumber) -> list[Figure]:
        """Return the figures of the very value of `number`, or else those printed as it."""
        fitting = self._fitting(number)
        return [figure for figure, fit in fitting if fit == "equal"] or [
            figure for figure, _ in fitting if _prints(figure, number)
        ]

    def _rank(self, number: WrittenNumber, context: Surroundings) -> list[Candidate]:
        fitting = self._fitting(number)
        if not fitting:
            return []
        near, wide = context.bigrams()
        equal = {figure.key.removeprefix(PRIOR) for figure, fit in fitting if fit == "equal"}
        candidates: list[Candidate] = []
        for figure, fit in fitting:
            score = said_share(figure.title, near, wide)
            needed = _needed(number, figure, fit)
            if fit == "equal" and len(equal) == 1:
                needed /= 2
            if score >= needed:
                candidates.append(Candidate(figure, fit, score))
        return sorted(candidates, key=partial(_rank, number.text))

    def _fitting(self, number: WrittenNumber) -> list[tuple[Figure, Fit]]:
        """Return the figures whose value agrees with `number`, each with how it does."""
        fitting: list[tuple[Figure, Fit]] = []
        for figure in self._within(number):
            fit = _fit(number, figure)
            if fit is not None:
                fitting.append((figure, fit))
        return fitting

    def _within(self, number: WrittenNumber) -> Iterator[Figure]:
        """Yield the figures of the number's dimension that are anywhere near its value."""
        size, step = _size(number.value), _size(number.step)
        least = (size - step) * 0.99
        most = max((size + step) * 1.01, size * 1.15)
        dimension = number.unit.dimension if number.unit else ()
        sized = self._by_dimension.get(dimension, [])
        for figure_size, figure in sized[bisect_left(sized, least, key=itemgetter(0)) :]:
            if figure_size > most:
                return
            yield figure


def _size(value: Fraction) -> float:
    """Return about how far `value` is from 0; what a float cannot hold is beyond all figures."""
    return float(min(abs(value), 10**limits.DERIVED_DIGITS))


def by_year(ledger: Ledger) -> tuple[Candidates, Candidates]:
    """Return the figures of the report's own year, and last year's."""
    now: list[Figure] = []
    then: list[Figure] = []
    for key, figure in ledger.figures.items():
        (then if key.startswith(PRIOR) else now).append(figure)
    return Candidates(now), Candidates(then)


def _rank(typed: str, candidate: Candidate) -> tuple[int, float, bool, bool, int, str]:
    """Return what sorts candidates: fit, words, same text, and those of score sheets last."""
    figure = candidate.figure
    return (
        _ORDER[candidate.fit],
        -candidate.score,
        figure.text != typed,
        figure.key.startswith(("ratings.", "points.", "score")),
        figure.key.count("."),
        figure.key,
    )


def said_share(title: str, near: Bigrams, wide: Bigrams) -> float:
    """Return how much of a title stands around a number, by the reading of it that fits best."""
    return max(_share(reading, near, wide) for reading in _readings(title))


def _share(title: Bigrams, near: Bigrams, wide: Bigrams) -> float:
    """Return how much of `title` is there, words beside the number counting more."""
    if not title:
        return 0.0
    return (0.65 * len(title & near) + 0.35 * len(title & wide)) / len(title)


@lru_cache(maxsize=1 << 14)
def _readings(title: str) -> tuple[Bigrams, ...]:
    """Return what of a title may be said: all of it, and without the names of its columns."""
    parts = title.split("·")
    telling = list(filter(_is_telling, parts))
    readings = [title]
    if 0 < len(telling) < len(parts):
        readings.append("·".join(telling))
    if len(telling) > 1:
        readings.append(telling[-1])
    return tuple(map(bigrams, readings))


def _is_telling(part: str) -> bool:
    """Return whether a part of a title is likely to stand in a sentence."""
    return part not in _NEUTRAL and not part.isascii()


@lru_cache(maxsize=1 << 10)
def bigrams(text: str) -> Bigrams:
    """Return the pairs of neighbouring letters of `text`; many numbers stand in one sentence."""
    return frozenset(filter(str.isalnum, set(map("".join, pairwise(text)))))


def _needed(number: WrittenNumber, figure: Figure, fit: Fit) -> float:
    """Return how much of the title of `figure` must stand around `number`."""
    if fit == "near":
        return _NEEDED_NEAR
    if fit == "about" or number.spoken:
        return _NEEDED_ABOUT
    if number.word:
        return NEEDED[0]
    return _needed_by_digits(number, figure)


def _needed_by_digits(number: WrittenNumber, figure: Figure) -> float:
    """Return how much must stand there for the number not to be the same by chance."""
    if number.weight >= len(NEEDED):
        return 0.0
    needed = NEEDED[number.weight]
    # 余 at both is no chance either.
    return needed / 3 if number.about and number.about == figure.shape.about else needed


def _fit(number: WrittenNumber, figure: Figure) -> Fit | None:
    """Return how the value of `figure` agrees with what was typed, None where it does not."""
    if figure.value is None or (number.unit is None and figure.unit.dimension):
        return None
    value, size = abs(figure.value), abs(number.value)
    if value == size:
        return "equal"
    if _is_approximate(number):
        return "about" if _is_about(number, value) else None
    if _is_rounded(number, value):
        return "rounded"
    return "near" if _is_near(number, value) else None


def _prints(figure: Figure, number: WrittenNumber) -> bool:
    """Return whether a figure that is worked out has the value of `number` where it is printed."""
    if figure.kind == "fact" or figure.value is None or _is_approximate(number):
        return False
    factor, decimals = figure.unit.factor, figure.shape.decimals
    printed = round_half_up(abs(figure.value) / factor, decimals)
    as_printed: Fraction = printed * factor / 10**decimals
    return abs(number.value) == as_printed


def _is_approximate(number: WrittenNumber) -> bool:
    words = {number.before, number.about, number.after}
    return number.spoken or not words.isdisjoint(_APPROXIMATE)


def _is_about(number: WrittenNumber, value: Fraction) -> bool:
    """Return whether `value` is what an approximate `number` means: 近, 约, 余, 过半."""
    size = abs(number.value)
    if number.before in _ALMOST:
        return size * Fraction(9, 10) <= value <= size
    is_plain_share = number.spoken and not number.before and not number.about
    if number.before in _ROUGHLY or is_plain_share:
        return abs(value - size) <= size * _AROUND
    beyond = size / 5 if number.spoken else number.step
    return size <= value < size + beyond


def _is_rounded(number: WrittenNumber, value: Fraction) -> bool:
    """Return whether `value` has the digits of `number` when it is rounded as that is."""
    factor = number.unit.factor if number.unit else Fraction(1)
    decimals = number.decimals
    typed = round_half_up(abs(number.value) / factor, decimals)
    return round_half_up(value / factor, decimals) == typed


def _is_near(number: WrittenNumber, value: Fraction) -> bool:
    """Return whether `number` may be a slip for `value`: three digits or more, 1% apart."""
    size = abs(number.value)
    return number.weight >= 3 and abs(value - size) <= size * _NEAR
