"""Checks score sheets: weights, sub-points, reasons for lost points, targets and bands.

A score sheet is `ratings`, or any table of an author's own that has points and scores.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.formula.indicators import (
    COLUMNS,
    QUALITATIVE,
    Indicator,
    IndicatorRow,
    Sign,
    differ,
    indicator_row,
    said_by,
)
from reportgen.formula.names import PRIOR
from reportgen.formula.operand import holds
from reportgen.model.figures import Fact, Figure, Ledger
from reportgen.model.frozen import frozen
from reportgen.model.quantity import Shape, shown
from reportgen.model.rules import Rules
from reportgen.model.scoring import ScoringRule, scored_rows
from reportgen.model.source import NOWHERE, SourceSpan
from reportgen.model.units import UNITS

LEVELS = ("达成", "部分达成", "未达成")
"""The three levels of 财预〔2020〕10号 for qualitative indicators."""
_MOST_CHARACTERS = 30


def check_scores(ledger: Ledger, rules: Rules) -> tuple[Finding, ...]:
    """Return findings R202–R209, R212 and R213 for the rows of `ratings` and of own tables."""
    standards = {rule.name: rule for rule in rules.standards}
    scored = scored_rows(rules.scorings, ledger.tables)
    findings: list[Finding] = []
    for key in all_rows(ledger):
        scoring = scored.get(key)
        rule = standards.get(scoring.rule) if scoring else None
        row = _Row(ledger, key, rule)
        findings.extend(row.check())
        findings.extend(row.above_points())
    return tuple(findings)


def all_rows(ledger: Ledger | None) -> tuple[str, ...]:
    """Return the keys of the rows of all tables of this year."""
    rows: list[str] = []
    for table, ids in ledger.tables.items() if ledger else ():
        rows.extend(map(f"{table}.{{}}".format, ids))
    return tuple(row for row in rows if not row.startswith(PRIOR))


@frozen
class _Row:
    """One indicator of the sheet with the rule that scores it, if there is one."""

    ledger: Ledger
    key: str
    rule: ScoringRule | None

    def check(self) -> Iterator[Finding]:
        points, score = self._figure("points"), self._figure("score")
        if points is None or points.value is None:
            return
        reached = None if score is None else score.value
        if score is not None and reached is not None:
            yield from self._check_score(score, reached, points, points.value)
            yield from self._check_level(score, reached, points.value)
        yield from self._check_values(is_full=reached == points.value)
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
        if value < most and self._lacks_reason():
            yield self._finding("R203", score.span, score=score.text, points=points.text)

    def _lacks_reason(self) -> bool:
        """Return whether there is a place for the reason of lost points, and none in it."""
        deviation = self._text("deviation")
        if deviation is None:
            return self.key.startswith("ratings.")
        return not deviation.value

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
            yield self._finding("R207", score.span, level=name, score=score.text)

    def _check_values(self, *, is_full: bool) -> Iterator[Finding]:
        """Yield R204 where the value reached is only the target again; else compare them."""
        row = indicator_row(self.key, self._typed, self._said)
        yield from self._check_nature(row)
        target, actual = row.target, row.actual
        if target is None or actual is None or row.nature == QUALITATIVE:
            return
        span = self._span("actual")
        if _printed_keys(target.text) & _printed_keys(actual.text):
            text = _shortened(actual.text)
            yield self._finding("R204", span, text=text)
        else:
            yield from self._compare(target, actual, span, is_full=is_full)

    def _check_nature(self, row: IndicatorRow) -> Iterator[Finding]:
        """Yield R212 where a value does not fit the nature, R213 where two targets differ."""
        value = row.cells["value"]
        if not value:
            return
        is_number = row.target is not None and row.target.value is not None
        if row.nature and is_number == (row.nature == QUALITATIVE):
            yield self._finding("R212", self._span("value"), nature=row.nature, text=value)
        else:
            yield from self._check_targets(row.target, row.stated_target)

    def _check_targets(
        self, wanted: Indicator | None, one_cell: Indicator | None
    ) -> Iterator[Finding]:
        """Yield R213 where the target by columns is not the one that a cell says whole."""
        if wanted is not None and one_cell is not None and differ(wanted, one_cell):
            yield self._finding(
                "R213",
                self._span("target"),
                RelatedLocation(self._span("value"), wanted.text),
                target=one_cell.text,
                text=wanted.text,
            )

    def _compare(
        self, target: Indicator, actual: Indicator, span: SourceSpan, *, is_full: bool
    ) -> Iterator[Finding]:
        """Yield R208 for unlike units, R209 for full points below target, R206 far above it."""
        wanted, reached = target.amount, actual.amount
        if wanted is None or reached is None:
            return
        if not wanted.compares_with(reached):
            yield self._finding("R208", span, target=wanted.unit, actual=reached.unit)
            return
        sign = _reached_by(target.sign, wanted.value)
        if is_full and not holds(sign, reached.value - wanted.value):
            yield self._finding("R209", span, actual=actual.text, target=target.text)
        if wanted.value > 0:
            yield from self._check_ratio(reached.value / wanted.value, span)

    def _check_ratio(self, ratio: Fraction, span: SourceSpan) -> Iterator[Finding]:
        """Yield R206 where more was reached than the rule takes without an explanation."""
        if self.rule is None or self.rule.flag is None:
            return
        if ratio >= self.rule.flag:
            text = shown(ratio, UNITS["%"], Shape())
            yield self._finding("R206", span, ratio=text)

    def _check_items(self, points: Figure, most: Fraction) -> Iterator[Finding]:
        """Yield R205 where the sub-points of the rule do not add up to the points."""
        if self.rule is None or not self.rule.items:
            return
        for number, item in enumerate(self.rule.items, 1):
            yield from self._above(self._figure(f"checks.{number}"), item)
        total = sum(self.rule.items, Fraction(0))
        if total != most:
            yield self._finding(
                "R205",
                points.span,
                RelatedLocation(self.rule.span, "rule"),
                sum=shown(total, UNITS["分"], Shape()),
                points=points.text,
            )

    def above_points(self) -> Iterator[Finding]:
        """Yield R202 where a row has more points than it can have."""
        points = self._figure("points")
        for name in COLUMNS["score"]:
            score = self.ledger.figures.get(f"{self.key}.{name}")
            yield from self._above(score, points.value if points else None)

    def _above(self, score: Figure | None, most: Fraction | None) -> Iterator[Finding]:
        if score is not None and most is not None and (score.value or 0) > most:
            points = shown(most, score.unit, Shape())
            yield self._finding("R202", score.span, score=score.text, points=points)

    def _finding(
        self, code: str, span: SourceSpan, *places: RelatedLocation, **params: object
    ) -> Finding:
        """Return a finding about the indicator."""
        return finding(code, span, *places, subject=self.key, title=self.title, **params)  # type: ignore[arg-type]

    def _figure(self, field: str) -> Figure | None:
        """Return the figure of a field, whatever its table calls the column."""
        keys = (f"{self.key}.{name}" for name in COLUMNS.get(field, (field,)))
        return next(filter(None, map(self.ledger.figures.get, keys)), None)

    def _text(self, field: str) -> Fact | None:
        """Return the text of a field, whatever its table calls the column."""
        keys = (f"{self.key}.{name}" for name in COLUMNS.get(field, (field,)))
        return next(filter(None, map(self.ledger.texts.get, keys)), None)

    def _span(self, field: str) -> SourceSpan:
        """Return where a cell that is not blank stands."""
        cell = self._text(field) or self._figure(field)
        return cell.span if cell else NOWHERE

    def _typed(self, key: str) -> str | None:
        """Return the text of a cell, be it a number."""
        text, figure = self.ledger.texts.get(key), self.ledger.figures.get(key)
        if text is not None:
            return str(text.value or "")
        return figure.text if figure and figure.value is not None else None

    def _said(self, key: str) -> Indicator | None:
        """Return what the figure at `key` says."""
        figure = self.ledger.figures.get(key)
        if figure is None:
            return None
        shape = figure.shape
        return said_by(figure.text, shape.before, shape.after, figure.value, figure.unit)


def _reached_by(sign: Sign, target: Fraction) -> str:
    """Return how a result that reaches a target compares with it: a target of 0 only by 0."""
    if sign == "=":
        return ">=" if target else "=="
    return sign or ">="


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
