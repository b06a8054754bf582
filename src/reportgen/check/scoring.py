"""Checks a score sheet: weights, sub-points, reasons for lost points, targets and bands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.formula.operand import holds
from reportgen.model.figures import Fact, Figure, Ledger
from reportgen.model.indicator import Indicator, read_indicator
from reportgen.model.quantity import Shape, shown
from reportgen.model.rules import Rules
from reportgen.model.scoring import ScoringRule
from reportgen.model.source import SourceSpan
from reportgen.model.units import UNITS

LEVELS = ("达成", "部分达成", "未达成")
"""The three levels of 财预〔2020〕10号 for qualitative indicators."""


def check_scores(ledger: Ledger, rules: Rules) -> tuple[Finding, ...]:
    """Return findings R202–R209 for the rows of `ratings`."""
    standards = {rule.name: rule for rule in rules.standards}
    by_row = {scoring.rating: standards.get(scoring.rule) for scoring in rules.scorings}
    findings: list[Finding] = []
    for row in ledger.tables.get("ratings", ()):
        findings.extend(_Row(ledger, f"ratings.{row}", by_row.get(row)).check())
    return tuple(findings)


@dataclass(frozen=True, slots=True)
class _Row:
    """One indicator of the sheet with the rule that scores it, if there is one."""

    ledger: Ledger
    key: str
    rule: ScoringRule | None

    def check(self) -> Iterator[Finding]:
        points, score = self.figure("points"), self.figure("score")
        if points is None or points.value is None:
            return
        if score is not None and score.value is not None:
            yield from self._score(points, score, score.value - points.value)
        yield from self._values(points, score)
        if self.rule is not None and self.rule.items:
            total = sum(self.rule.items, Fraction(0))
            if total != points.value:
                text = shown(total, UNITS["分"], Shape())
                yield self._finding(
                    "R205",
                    points.span,
                    RelatedLocation(self.rule.span, "rule"),
                    sum=text,
                    points=points.text,
                )

    def _score(self, points: Figure, score: Figure, gap: Fraction) -> Iterator[Finding]:
        if gap > 0:
            yield self._finding("R202", score.span, score=score.text, points=points.text)
        if gap < 0 and not self._has("deviation"):
            yield self._finding("R203", score.span)
        level = self.ledger.texts.get(f"{self.key}.level")
        if level is not None and level.value and self.rule is not None:
            yield from self._band(level, points, score, self.rule)

    def _band(
        self, level: Fact, points: Figure, score: Figure, rule: ScoringRule
    ) -> Iterator[Finding]:
        if level.value not in LEVELS:
            params = {"title": "完成等级", "text": str(level.value), "wanted": " / ".join(LEVELS)}
            yield finding(
                "S217",
                level.span,
                subject=self.key,
                title=params["title"],
                text=params["text"],
                wanted=params["wanted"],
            )
            return
        assert points.value is not None and score.value is not None
        upper = (Fraction(1), *rule.bounds)[LEVELS.index(str(level.value))]
        lower = (*rule.bounds, Fraction(0))[LEVELS.index(str(level.value))]
        share = score.value / points.value if points.value else Fraction(0)
        top_is_open = level.value != LEVELS[0]
        if share < lower or share > upper or (top_is_open and share == upper):
            yield self._finding("R207", score.span, level=level.value, score=score.text)

    def _values(self, points: Figure, score: Figure | None) -> Iterator[Finding]:
        target, actual = self.indicator("target"), self.indicator("actual")
        if target is None or actual is None:
            return
        span = self.ledger.texts[f"{self.key}.actual"].span
        if _bound(target.text) & _bound(actual.text):
            yield self._finding("R204", span, text=_short(actual.text))
            return
        if target.value is None or actual.value is None or not target.unit or not actual.unit:
            return
        if target.unit.dimension != actual.unit.dimension:
            yield self._finding("R208", span, target=target.unit, actual=actual.unit)
            return
        full = score is not None and score.value == points.value
        sign = target.sign or ">="
        if full and not holds(sign, actual.value - target.value, Fraction(0)):
            yield self._finding("R209", span, actual=actual.text, target=target.text)
        flag = self.rule.flag if self.rule else None
        if flag is not None and target.value > 0 and actual.value / target.value >= flag:
            ratio = shown(actual.value / target.value, UNITS["%"], Shape())
            yield self._finding("R206", span, ratio=ratio)

    def figure(self, field: str) -> Figure | None:
        return self.ledger.figures.get(f"{self.key}.{field}")

    def indicator(self, field: str) -> Indicator | None:
        text = self.ledger.texts.get(f"{self.key}.{field}")
        if text is None or not text.value:
            return None
        return read_indicator(str(text.value), self.ledger.figures.get)

    def _has(self, field: str) -> bool:
        text = self.ledger.texts.get(f"{self.key}.{field}")
        return text is not None and bool(text.value)

    def _finding(
        self, code: str, span: SourceSpan, *places: RelatedLocation, **params: object
    ) -> Finding:
        name = self.ledger.texts.get(f"{self.key}.name")
        title = str(name.value) if name else self.key
        found = finding(code, span, *places, subject=self.key, title=title)
        words = {key: str(value) for key, value in params.items()}
        return replace(found, params={**found.params, **words})


def _bound(text: str) -> set[str]:
    """Return the keys of the figures that `text` prints; the year is no figure."""
    return set(re.findall(r"\{\{\s*([\w.]+)", text)) - {"year", "prior.year"}


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:30]}…"
