"""How people write amounts, counts, areas and rates."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from reportgen.model.disclosed import Secret
from reportgen.model.quantity import Shape, exact
from reportgen.model.units import find_unit
from spellings import Spelling, Ways, spelled


def in_yuan(yuan: Fraction) -> Iterator[str]:
    """Yield an amount in units of money."""
    for symbol in ("元", "千元", "万元", "百万元", "亿元"):
        unit = find_unit(symbol)
        assert unit is not None
        yield exact(yuan / unit.factor) + symbol


MONEY: Ways[Fraction] = {"units": in_yuan}
"""Ways to write an amount in yuan."""


def secret(value: Fraction, symbol: str) -> Secret:
    """Return the secret that `value` is, printed in the unit `symbol`."""
    unit = find_unit(symbol)
    assert unit is not None
    text = exact(value / unit.factor) + symbol
    return Secret("k", "", text, value=value, unit=unit, shape=Shape(2))


def trials() -> Iterator[tuple[Secret, Spelling]]:
    """Yield secrets with every way to write them."""
    for yuan in (Fraction(3_187_000), Fraction(126_580_000)):
        for spelling in spelled(MONEY, yuan):
            yield secret(yuan, "万元"), spelling
