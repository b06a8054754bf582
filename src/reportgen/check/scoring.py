"""Checks a score sheet: weights, sub-points, reasons for lost points, targets and bands.

Targets and results are read as people write them: `≥90%`, `135家`, `95%以上`, `成效明显`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.formula.names import PRIOR
from reportgen.formula.operand import holds
from reportgen.model.figures import Fact, Figure, Ledger
from reportgen.model.quantity import QuantityError, Shape, parse_quantity, shown
from reportgen.model.rules import Rules
from reportgen.model.scoring import ScoringRule
from reportgen.model.source import SourceSpan
from reportgen.model.units import UNITS, Unit

Sign = Literal["", "=", ">=", "<=", ">", "<"]

_SIGNS: dict[str, Sign] = {
    "≥": ">=",
    ">=": ">=",
    "不低于": ">=",
    "不少于": ">=",
    "至少": ">=",
    "超过": ">",
    ">": ">",
    "≤": "<=",
    "<=": "<=",
    "不超过": "<=",
    "不高于": "<=",
    "<": "<",
    "=": "=",
    "以上": ">=",
    "及以上": ">=",
    "以下": "<=",
    "以内": "<=",
    "及以下": "<=",
}
_BOUND = re.compile(
    r"\s*+(?P<before>[^{}\s]{0,3})\s*+\{\{\s*+(?P<key>[\w.]+)\s*+\}\}\s*+(?P<after>\S{0,3})\s*+"
)


@dataclass(frozen=True, slots=True)
class Indicator:
    """What an indicator's cell says; `value` is None where it is no number and stays literal."""

    text: str
    sign: Sign = ""
    value: Fraction | None = None
    unit: Unit | None = None


def read_indicator(text: str, figure: Callable[[str], Figure | None]) -> Indicator:
    """Return what `text` says; `{{ key }}` alone, with a sign or not, takes the figure's value."""
    bound = _BOUND.fullmatch(text)
    if bound is not None:
        found = figure(bound["key"])
        if found is None or found.value is None:
            return Indicator(text)
        sign = _sign(bound["before"] + found.shape.before, bound["after"] + found.shape.after)
        return Indicator(text, sign, found.value, found.unit)
    try:
        quantity = parse_quantity(text)
    except QuantityError:
        return Indicator(text)
    sign = _sign(quantity.shape.before, quantity.shape.after)
    return Indicator(text, sign, quantity.value, quantity.unit)


def _sign(before: str, after: str) -> Sign:
    return _SIGNS.get(before, _SIGNS.get(after, ""))


LEVELS = ("达成", "部分达成", "未达成")
"""The three levels of 财预〔2020〕10号 for qualitative indicators."""
_MOST_CHARACTERS = 30
SCORES = (("score", "points"), ("得分", "分值"), ("得分", "满分"), ("得分", "权重"))
"""Columns of an author's own tables of which the first is points got of the second."""


def check_scores(ledger: Ledger, rules: Rules) -> tuple[Finding, ...]:
    """Return findings R202–R209 for the rows of `ratings`, R202 for those of any table."""
    standards = {rule.name: rule for rule in rules.standards}
    rule_of_row = {scoring.rating: standards.get(scoring.rule) for scoring in rules.scorings}
    findings: list[Finding] = []
    for row in ledger.tables.get("ratings", ()):
        findings.extend(_Row(ledger, f"ratings.{row}", rule_of_row.get(row)).check())
    for key in all_rows(ledger):
        findings.extend(_Row(ledger, key, None).above_points())
    return tuple(findings)


def all_rows(ledger: Ledger | None) -> tuple[str, ...]:
    """Return the keys of the rows of all tables of this year."""
    rows: list[str] = []
    for table, ids in ledger.tables.items() if ledger else ():
        rows.extend(map(f"{table}.{{}}".format, ids))
    return tuple(row for row in rows if not row.startswith(PRIOR))


@dataclass(frozen=True, slots=True)
class _Row:
    """One indicator of the sheet with the rule that scores it, if there is one."""

    ledger: Ledger
    key: str
    rule: ScoringRule | None

    def check(self) -> Iterator[Finding]:
        points, score = self._figure("points"), self._figure("score")
        if points is None or points.value is None:
            return
        is_full = False
        if score is not None and score.value is not None:
            is_full = score.value == points.value
            yield from self._check_score(score, score.value, points, points.value)
            yield from self._check_level(score, score.value, points.value)
        yield from self._check_values(is_full=is_full)
        yield from self._check_items(points, points.value)

    @property
    def title(self) -> str:
        """Return what the indicator is called."""
        name = self._text("name")
        return str(name.value) if name else self.key

    def _check_score(
        self, score: Figure, value: Fraction, points: Figure, most: Fraction
    ) -> Iterator[Finding]:
        """Yield R203 for lost points without a reason."""
        deviation = self._text("deviation")
        if value < most and (deviation is None or not deviation.value):
            yield finding(
                "R203",
                score.span,
                subject=self.key,
                title=self.title,
                score=score.text,
                points=points.text,
            )

    def _check_level(self, score: Figure, value: Fraction, most: Fraction) -> Iterator[Finding]:
        """Yield S217 for an unknown level, R207 for a score outside its band."""
        level = self._text("level")
        if level is None or not level.value or self.rule is None:
            return
        name = str(level.value)
        if name not in LEVELS:
            yield finding(
                "S217",
                level.span,
                subject=self.key,
                title="完成等级",
                text=name,
                wanted=" / ".join(LEVELS),
            )
        elif not _is_in_band(name, _share(value, most), self.rule):
            yield finding(
                "R207",
                score.span,
                subject=self.key,
                title=self.title,
                level=name,
                score=score.text,
            )

    def _check_values(self, *, is_full: bool) -> Iterator[Finding]:
        """Yield R204 where the value reached is only the target again; else compare them."""
        target, actual = self._indicator("target"), self._indicator("actual")
        if target is None or actual is None:
            return
        span = self.ledger.texts[f"{self.key}.actual"].span
        if _printed_keys(target.text) & _printed_keys(actual.text):
            text = _shortened(actual.text)
            yield finding("R204", span, subject=self.key, title=self.title, text=text)
        else:
            yield from self._compare(target, actual, span, is_full=is_full)

    def _compare(
        self, target: Indicator, actual: Indicator, span: SourceSpan, *, is_full: bool
    ) -> Iterator[Finding]:
        """Yield R208 for unlike units, R209 for full points below target, R206 far above it."""
        wanted, reached = _amount(target), _amount(actual)
        if wanted is None or reached is None:
            return
        if wanted.unit.dimension != reached.unit.dimension:
            yield finding(
                "R208",
                span,
                subject=self.key,
                title=self.title,
                target=wanted.unit,
                actual=reached.unit,
            )
            return
        sign = target.sign or ">="
        if is_full and not holds(sign, reached.value - wanted.value):
            yield finding(
                "R209",
                span,
                subject=self.key,
                title=self.title,
                actual=actual.text,
                target=target.text,
            )
        if wanted.value > 0:
            yield from self._check_ratio(reached.value / wanted.value, span)

    def _check_ratio(self, ratio: Fraction, span: SourceSpan) -> Iterator[Finding]:
        """Yield R206 where more was reached than the rule takes without an explanation."""
        if self.rule is None or self.rule.flag is None:
            return
        if ratio >= self.rule.flag:
            text = shown(ratio, UNITS["%"], Shape())
            yield finding("R206", span, subject=self.key, title=self.title, ratio=text)

    def _check_items(self, points: Figure, most: Fraction) -> Iterator[Finding]:
        """Yield R205 where the sub-points of the rule do not add up to the points."""
        if self.rule is None or not self.rule.items:
            return
        for number, item in enumerate(self.rule.items, 1):
            yield from self._above(self._figure(f"checks.{number}"), item)
        total = sum(self.rule.items, Fraction(0))
        if total != most:
            yield finding(
                "R205",
                points.span,
                RelatedLocation(self.rule.span, "rule"),
                subject=self.key,
                title=self.title,
                sum=shown(total, UNITS["分"], Shape()),
                points=points.text,
            )

    def above_points(self) -> Iterator[Finding]:
        """Yield R202 where a row of any table has more points than it can have."""
        for got, most in SCORES:
            points = self._figure(most)
            yield from self._above(self._figure(got), points.value if points else None)

    def _above(self, score: Figure | None, most: Fraction | None) -> Iterator[Finding]:
        if score is not None and most is not None and (score.value or 0) > most:
            points = shown(most, score.unit, Shape())
            yield finding(
                "R202",
                score.span,
                subject=self.key,
                title=self.title,
                score=score.text,
                points=points,
            )

    def _figure(self, field: str) -> Figure | None:
        return self.ledger.figures.get(f"{self.key}.{field}")

    def _text(self, field: str) -> Fact | None:
        return self.ledger.texts.get(f"{self.key}.{field}")

    def _indicator(self, field: str) -> Indicator | None:
        """Return what a target or a result says, None where it is blank."""
        text = self._text(field)
        if text is None or not text.value:
            return None
        return read_indicator(str(text.value), self.ledger.figures.get)


class _Amount(NamedTuple):
    """A value in base units, and the unit that it was given in."""

    value: Fraction
    unit: Unit


def _amount(indicator: Indicator) -> _Amount | None:
    """Return the number of an indicator's cell, None where it has none with a unit."""
    if indicator.value is None or indicator.unit is None:
        return None
    return _Amount(indicator.value, indicator.unit)


def _share(value: Fraction, most: Fraction) -> Fraction:
    return value / most if most else Fraction(0)


def _is_in_band(level: str, share: Fraction, rule: ScoringRule) -> bool:
    """Return whether a `share` of the points is in the band of `level`; only 达成 takes its top."""
    index = LEVELS.index(level)
    lower = (*rule.bounds, Fraction(0))[index]
    upper = (Fraction(1), *rule.bounds)[index]
    if share == upper:
        return index == 0
    return lower <= share < upper


def _printed_keys(text: str) -> set[str]:
    """Return the keys of the figures that `text` prints; the year is no figure."""
    return set(re.findall(r"\{\{\s*([\w.]+)", text)) - {"year", "prior.year"}


def _shortened(text: str) -> str:
    if len(text) <= _MOST_CHARACTERS:
        return text
    return f"{text[:_MOST_CHARACTERS]}…"
