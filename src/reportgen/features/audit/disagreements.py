"""Makes findings of comparisons that do not agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from reportgen.features.audit.comparisons import Recomputation
from reportgen.features.audit.mistyped import mistyping
from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.model.quantity import Shape, number_text
from reportgen.model.reading import DocumentNumber
from reportgen.model.units import ONE, UNITS, Unit

_MOST_DECIMALS = 6
_LONGEST_FORMULA = 200
_MOST_PLACES = 4


def findings_of(comparisons: Iterable[Recomputation]) -> Iterator[Finding]:
    """Yield a finding for each comparison that differs, a note for what rounding may explain."""
    for comparison in comparisons:
        if not comparison.agrees:
            yield _finding(comparison)


def _finding(comparison: Recomputation) -> Finding:
    stated = comparison.stated
    kind = mistyping(stated, comparison.difference)
    return finding(
        comparison.code,
        stated.span,
        *[RelatedLocation(term.span, term.text) for term in _elsewhere(comparison)],
        severity="note" if comparison.fits else None,
        stated=stated.text,
        formula=_shortened(comparison.formula),
        computed=in_unit_of(stated, comparison.computed),
        difference=_difference(comparison),
        slip="@slip_of" if kind else "",
        hint=kind or "",
    )


def _elsewhere(comparison: Recomputation) -> list[DocumentNumber]:
    """Return the terms that stand in another paragraph or cell, a few of them."""
    own = comparison.stated.span
    return [term for term in comparison.terms if term.span.place != own.place][:_MOST_PLACES]


def _shortened(formula: str) -> str:
    if len(formula) <= _LONGEST_FORMULA:
        return formula
    half = _LONGEST_FORMULA // 2
    return f"{formula[:half]} … {formula[-half:]}"


def in_unit_of(stated: DocumentNumber, value: Fraction) -> str:
    """Return a value as `stated` is written: in its unit, with as many decimals or one more."""
    unit = stated.unit or ONE
    decimals = _decimals(stated)
    text = number_text(value / unit.factor, Shape(decimals=decimals))
    return f"{text}{unit.symbol}"


def _decimals(stated: DocumentNumber) -> int:
    """Return how many decimals tell what `stated` should be: its own, two for a rate."""
    unit = stated.unit or ONE
    own = len(stated.text.partition(".")[2].rstrip("%％‰万亿千百元个分点成倍家人项"))
    least = 2 if unit.dimension == () and unit is not ONE else 0
    return min(max(own, least), _MOST_DECIMALS)


def _difference(comparison: Recomputation) -> str:
    """Return by how much a number differs, of rates in percentage points."""
    stated = comparison.stated
    size = comparison.gap
    if stated.unit is UNITS["%"]:
        points: Unit = UNITS["个百分点"]
        text = number_text(size / points.factor, Shape(decimals=_decimals(stated)))
        return f"{text}{points.symbol}"
    return in_unit_of(stated, size)
