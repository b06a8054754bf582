"""What a number of a document is by other numbers of it, and whether it agrees with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Literal, NamedTuple

from reportgen.model.frozen import frozen
from reportgen.model.reading import DocumentNumber

Verdict = Literal["agrees", "rounded", "differs"]
"""How a number fits what others give: as printed; only if the others are not exact; not at all."""


class Bounds(NamedTuple):
    """The least and the greatest value that something may have."""

    low: Fraction
    high: Fraction


@frozen
class Recomputation:
    """A number, what the `terms` of the same document give for it, and how.

    `code` is that of the finding where they differ; `formula` is told with the numbers as printed.
    """

    code: str
    stated: DocumentNumber
    terms: tuple[DocumentNumber, ...]
    formula: str
    computed: Fraction
    verdict: Verdict

    @property
    def difference(self) -> Fraction:
        """Return by how much the printed number is more than the computed one, in base units."""
        return self.stated.value - self.computed

    @property
    def gap(self) -> Fraction:
        """Return how far apart the printed number and the computed one are."""
        return abs(self.difference)

    @property
    def agrees(self) -> bool:
        """Return whether the numbers agree as printed."""
        return self.verdict == "agrees"

    @property
    def fits(self) -> bool:
        """Return whether the numbers may agree, as printed or as they were before rounding."""
        return self.verdict != "differs"


def bounds(number: DocumentNumber) -> Bounds:
    """Return between which values a number lies that was rounded to its last digit."""
    half = number.step / 2
    return Bounds(number.value - half, number.value + half)


def exact(number: DocumentNumber) -> DocumentNumber:
    """Return a number that was not rounded to its last digit."""
    return replace(number, step=Fraction(0))


def judged(stated: DocumentNumber, computed: Fraction, possible: Bounds) -> Verdict:
    """Return how `stated` fits a value that is `computed`, and lies within `possible`."""
    if abs(stated.value - computed) <= stated.step / 2:
        return "agrees"
    own = bounds(stated)
    if own.high >= possible.low and own.low <= possible.high:
        return "rounded"
    return "differs"


def quotient(
    code: str, stated: DocumentNumber, part: DocumentNumber, whole: DocumentNumber
) -> Recomputation:
    """Return `stated` against `part` ÷ `whole`; `whole` is positive."""
    upper, lower = bounds(part), bounds(whole)
    floor = lower.low if lower.low > 0 else whole.value
    possible = Bounds(upper.low / lower.high, upper.high / floor)
    computed = part.value / whole.value
    verdict = judged(stated, computed, possible)
    return Recomputation(
        code, stated, (part, whole), f"{part.text} ÷ {whole.text}", computed, verdict
    )


def growth(
    code: str, stated: DocumentNumber, now: DocumentNumber, earlier: DocumentNumber, sign: int
) -> Recomputation:
    """Return `stated` against (`now` − `earlier`) ÷ `earlier`, which is positive; by sign."""
    upper, lower = bounds(now), bounds(earlier)
    floor = lower.low if lower.low > 0 else earlier.value
    limits = sorted((sign * (upper.low / lower.high - 1), sign * (upper.high / floor - 1)))
    computed = sign * (now.value / earlier.value - 1)
    verdict = judged(stated, computed, Bounds(*limits))
    formula = f"{now.text} ÷ {earlier.text} − 1"
    return Recomputation(code, stated, (now, earlier), formula, computed, verdict)


def difference(
    code: str, stated: DocumentNumber, left: DocumentNumber, right: DocumentNumber
) -> Recomputation:
    """Return `stated` against `left` − `right`."""
    computed = left.value - right.value
    slack = (left.step + right.step) / 2
    verdict = judged(stated, computed, Bounds(computed - slack, computed + slack))
    return Recomputation(
        code, stated, (left, right), f"{left.text} − {right.text}", computed, verdict
    )


def same(code: str, stated: DocumentNumber, other: DocumentNumber) -> Recomputation:
    """Return `stated` against another number that it should equal."""
    verdict = judged(stated, other.value, bounds(other))
    return Recomputation(code, stated, (other,), other.text, other.value, verdict)


def total(code: str, stated: DocumentNumber, parts: Sequence[DocumentNumber]) -> Recomputation:
    """Return `stated` against the sum of `parts`."""
    computed, slack = Fraction(0), Fraction(0)
    for part in parts:
        computed += part.value
        slack += part.step / 2
    verdict = judged(stated, computed, Bounds(computed - slack, computed + slack))
    formula = " + ".join(part.text for part in parts)
    return Recomputation(code, stated, tuple(parts), formula, computed, verdict)
