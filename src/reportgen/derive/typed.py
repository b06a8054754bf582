"""A number typed in place of one that a rule gives: does it agree?"""

from __future__ import annotations

from reportgen.findings import Finding, Place, finding
from reportgen.formula.operand import counts
from reportgen.model.facts import Fact
from reportgen.model.figures import Figure
from reportgen.model.quantity import Quantity
from reportgen.model.units import ONE


def agrees(figure: Figure, typed: Quantity | str) -> bool:
    """Return whether `typed` is, as far as it was written, the value of `figure`."""
    if isinstance(typed, str) or figure.value is None:
        return False
    alike = typed.unit.dimension == figure.unit.dimension
    if not alike and not (typed.unit == ONE and counts(figure.unit)):
        return False
    return abs(figure.value - typed.value) <= typed.tolerance


def differs(figure: Figure, fact: Fact) -> Finding:
    """Return F112 for a typed value that differs from the one its rule gives."""
    typed = fact.value.text if isinstance(fact.value, Quantity) else str(fact.value)
    return finding(
        "F112",
        fact.mark,
        Place(figure.mark, "rule"),
        subject=figure.key,
        title=figure.title,
        typed=typed,
        computed=figure.text or "—",
    )
