"""Finds the figures that a typed number may stand for, and ranks them by what is said of them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Literal

from reportgen.language.numbers import WrittenNumber
from reportgen.model.figures import Figure, Ledger
from reportgen.model.quantity import round_half_up
from reportgen.model.units import ONE, Dimension

Fit = Literal["equal", "rounded", "about", "near"]
NEEDED = (0.5, 0.4, 0.25, 0.12)
"""How much of its title must be said around a number of 0, 1, 2, 3 telling digits; of more, none.

1232.93 is hardly there twice by chance, 5 often is.
"""
_LOOSE, _CLOSE = 0.3, 0.55
_NEAR = Fraction(1, 100)
_ABOUT = {"近", "将近", "接近", "约", "大约"}
_BEYOND = set("超 逾 超过 突破 至少 不少于 不低于 余 多 来 以上 及以上".split())
_MOVES = re.compile("增长|下降|上升|提高|降低|增加|减少|回落|增幅|降幅|增速|快于|变动")
_MOVED = " 增长 增速 增幅 变动 下降 降幅"
"""Where a sentence speaks of a change, the name of a change is as good as said."""
_NEUTRAL = frozenset(
    "决算数 年初预算数 全年预算数 到位数 实际完成值 年度指标值 分值 得分 名称 金额 合计".split()
)
"""Columns of tables: their names are seldom said in a sentence."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A figure that a number may stand for; `score` from 0 to 1 is how well the words fit."""

    figure: Figure
    fit: Fit
    score: float


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The words around a number: those that belong to it, and its whole sentence."""

    near: str
    wide: str


class Candidates:
    """The figures of a ledger by dimension and size."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        sized: dict[Dimension, list[tuple[float, Figure]]] = defaultdict(list)
        for figure in figures:
            if figure.value is not None and not figure.words:
                sized[figure.unit.dimension].append((float(abs(figure.value)), figure))
        self._sized = {d: sorted(pairs, key=lambda p: p[0]) for d, pairs in sized.items()}
        self._titles: dict[str, tuple[frozenset[str], ...]] = {}

    def ranked(self, literal: WrittenNumber, context: Surroundings) -> list[Candidate]:
        """Return the figures that `literal` may stand for, those that fit best first."""
        moved = _MOVED if _MOVES.search(context.near) else ""
        near, wide = pairs(context.near + moved), pairs(context.wide + moved)
        fitting = [(f, fit) for f in self._within(literal) if (fit := _fit(literal, f))]
        alone = len({f.key.removeprefix("prior.") for f, fit in fitting if fit == "equal"}) == 1
        found = []
        for figure, fit in fitting:
            score = self._score(figure, near, wide)
            needed = _needed(literal, figure, fit)
            if score >= (needed / 2 if alone and fit == "equal" else needed):
                found.append(Candidate(figure, fit, score))
        order = {"equal": 0, "rounded": 0, "about": 1, "near": 2}
        found.sort(
            key=lambda c: (
                order[c.fit],
                -c.score,
                c.figure.text != literal.text,
                _standing(c.figure),
                c.figure.key,
            )
        )
        return found

    def _within(self, literal: WrittenNumber) -> Iterator[Figure]:
        """Yield the figures of the literal's dimension that are anywhere near its value."""
        size = abs(literal.value)
        least = float(size - literal.step) * 0.99
        most = max(float(size + literal.step) * 1.01, float(size) * 1.15)
        dimension = literal.unit.dimension if literal.unit else ()
        sized = self._sized.get(dimension, [])
        for at in range(bisect_left(sized, least, key=lambda p: p[0]), len(sized)):
            if sized[at][0] > most:
                return
            yield sized[at][1]

    def _score(self, figure: Figure, near: frozenset[str], wide: frozenset[str]) -> float:
        titles = self._titles.get(figure.title)
        if titles is None:
            titles = self._titles[figure.title] = tuple(_readings(figure.title))
        return max((_said(title, near, wide) for title in titles), default=0.0)


def pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring letters of `text`, by which words are compared."""
    return frozenset(
        text[i : i + 2] for i in range(len(text) - 1) if text[i].isalnum() and text[i + 1].isalnum()
    )


def _readings(title: str) -> Iterator[frozenset[str]]:
    """Yield what of a title may be said: all of it, and without the names of its columns."""
    parts = title.split("·")
    yield pairs(title)
    told = [part for part in parts if part not in _NEUTRAL and not part.isascii()]
    if 0 < len(told) < len(parts):
        yield pairs("·".join(told))
    if len(told) > 1:
        yield pairs(told[-1])


def _said(title: frozenset[str], near: frozenset[str], wide: frozenset[str]) -> float:
    """Return how much of `title` is said, words beside the number counting more."""
    if not title:
        return 0.0
    return (0.65 * len(title & near) + 0.35 * len(title & wide)) / len(title)


def _needed(literal: WrittenNumber, figure: Figure, fit: Fit) -> float:
    if fit == "near":
        return _CLOSE
    if fit == "about" or literal.spoken:
        return _LOOSE
    if literal.word:
        return NEEDED[0]
    if literal.weight >= len(NEEDED):
        return 0.0
    # 余 at both is no chance either.
    same = literal.about and literal.about == figure.shape.about
    return NEEDED[literal.weight] / (3 if same else 1)


def _standing(figure: Figure) -> tuple[bool, int]:
    """Return what puts figures told in the text before those of a score sheet."""
    return figure.key.startswith(("ratings.", "points.", "score")), figure.key.count(".")


def _fit(literal: WrittenNumber, figure: Figure) -> Fit | None:
    """Return how the value of `figure` agrees with what was typed, None where it does not."""
    value = abs(figure.value or Fraction(0))
    size = abs(literal.value)
    if figure.value is None or (literal.unit is None and figure.unit.dimension):
        return None
    if value == size:
        return "equal"
    if literal.spoken or {literal.before, literal.about, literal.after} & {*_ABOUT, *_BEYOND}:
        return "about" if _about(literal, value, size) else None
    factor = literal.unit.factor if literal.unit else 1
    decimals = literal.decimals
    if round_half_up(value / factor, decimals) == round_half_up(size / factor, decimals):
        return "rounded"
    return "near" if literal.weight >= 3 and abs(value - size) <= size * _NEAR else None


def _about(literal: WrittenNumber, value: Fraction, size: Fraction) -> bool:
    if literal.before in {"近", "将近", "接近"}:
        return size * Fraction(9, 10) <= value <= size
    if literal.before in {"约", "大约"}:
        return abs(value - size) <= size * Fraction(5, 100)
    if literal.spoken and not literal.before and not literal.about:
        return abs(value - size) <= size * Fraction(5, 100)
    above = size * Fraction(1, 5) if literal.spoken else literal.step
    return size <= value < size + above


def of_year(ledger: Ledger) -> Candidates:
    """Return the figures of the report's own year."""
    return Candidates(f for k, f in ledger.figures.items() if not k.startswith("prior."))


def of_last_year(ledger: Ledger) -> Candidates:
    """Return last year's figures."""
    return Candidates(f for k, f in ledger.figures.items() if k.startswith("prior."))


@dataclass(frozen=True, slots=True)
class Wording:
    """What to write for the text from `start` to `end`; `same` if it prints that very text."""

    expression: str
    start: int
    end: int
    same: bool


def wording(literal: WrittenNumber, figure: Figure) -> Wording | None:
    """Return the expression for `figure` in place of `literal`, None where none can name it.

    The expression with the fewest filters that prints what was typed, with the words around
    the number or without them; otherwise the plain name in the unit that was typed.
    """
    if not all(part.isidentifier() for part in figure.key.split(".")):
        return None
    spans = [
        (start, end)
        for start in (literal.start, literal.body)
        for end in (literal.end, literal.body_end)
    ]
    trials = sorted(_trials(literal, figure), key=lambda trial: (len(trial[0]), trial[0]))
    for filters, printed in trials:
        for start, end in spans:
            if printed == literal.text[start - literal.start : end - literal.start]:
                return Wording(_written(figure.key, filters), start, end, same=True)
    filters = ()
    if literal.unit and literal.unit != figure.unit and not literal.spoken:
        filters = (f'in_unit("{literal.unit}")',)
    return Wording(_written(figure.key, filters), literal.body, literal.body_end, same=False)


def _written(key: str, filters: tuple[str, ...]) -> str:
    return "{{ " + " | ".join((key, *filters)) + " }}"


def _trials(literal: WrittenNumber, figure: Figure) -> list[tuple[tuple[str, ...], str]]:
    """Return what each choice of filters prints, as the filters of templates do."""
    sized: list[tuple[tuple[str, ...], Figure]] = [((), figure)]
    if figure.value is not None and figure.value < 0:
        sized.append((("size",), replace(figure, value=-figure.value)))
    units: list[tuple[str, ...]] = [()]
    if literal.unit and literal.unit != figure.unit:
        units.append((f'in_unit("{literal.unit}")',))
    shapes: list[tuple[str, ...]] = [(), (f"places({literal.decimals})",)]
    commas: list[tuple[str, ...]] = [(), ("thousands",)]
    result = []
    for (size, start), unit, shape, comma in product(sized, units, shapes, commas):
        shown = start
        if unit and literal.unit:
            strip = shown.shape.strip or literal.unit.factor < shown.unit.factor
            kept = replace(shown.shape, strip=strip, about_at=0)
            shown = replace(shown, unit=literal.unit, shape=kept)
        if shape:
            shown = replace(
                shown, shape=replace(shown.shape, decimals=literal.decimals, strip=False)
            )
        if comma:
            shown = replace(shown, shape=replace(shown.shape, thousands=True))
        result.append(((*size, *unit, *shape, *comma), shown.text))
        if literal.unit is None and figure.unit == ONE:
            result.append(((*size, *unit, *shape, *comma, "number"), shown.number))
    return result
