"""Printed figures as formulas over the cells where they live."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from reportgen.features.spreadsheet.homes import FigureCell, factor
from reportgen.features.spreadsheet.parts import number, quoted
from reportgen.model.document import Value
from reportgen.model.figures import Figure
from reportgen.model.quantity import Quantity, QuantityError, Shape, number_text, parse_quantity
from reportgen.model.units import Unit

_NUMBER = re.compile(r"-?[\d,]+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Live:
    """The figures by key and the cells they live in; empty for the public."""

    figures: Mapping[str, Figure]
    homes: Mapping[str, FigureCell]

    def words(self, value: Value) -> str:
        """Return the formula of a figure's text among other words."""
        live = self.of(value)
        if live is None:
            return quoted(value.text)
        stated, home, scaled, figure = live
        unit, shape = stated.unit, stated.shape
        digits = f"{scaled}*100" if unit.symbol == "%" else scaled
        said = f"ROUND({digits},{figure.shape.decimals if figure.shape.strip else shape.decimals})"
        if not figure.shape.strip or shape.thousands:
            zeros = "." + "0" * shape.decimals if shape.decimals else ""
            said = f'TEXT({digits},"{"#,##" if shape.thousands else ""}0{zeros}")'
        number_ = _NUMBER.search(value.text)
        assert number_ is not None
        before, after = value.text[: number_.start()], value.text[number_.end() :]
        parts = [quoted(before)] if before else []
        parts += [said, *([quoted(after)] if after else [])]
        return f'IF({home.ref}="",{quoted(figure.blank)},{"&".join(parts)})'

    def of(self, value: Value) -> tuple[Quantity, FigureCell, str, Figure] | None:
        """Return what a printed figure states, its home, and the formula of its number.

        None where it prints something else than its figure: a word, another rounding.
        """
        figure, home = self.figures.get(value.key), self.homes.get(value.key)
        if figure is None or home is None or figure.value is None or figure.words:
            return None
        stated = stated_in(value.text, figure.unit)
        if stated is None or stated.unit.dimension != figure.unit.dimension:
            return None
        unit, shape = stated.unit, stated.shape
        own = figure.shape.decimals if unit.symbol == figure.unit.symbol else shape.decimals
        decimals = own if figure.shape.strip else shape.decimals
        scaled = home.ref
        ratio = home.factor / factor(unit)
        if ratio != 1:
            scaled = f"{scaled}*{number(ratio)}"
        wanted = figure.value
        if figure.value < 0 <= stated.value:
            scaled, wanted = f"ABS({scaled})", -figure.value
        plain_shape = Shape(decimals=decimals, strip=True)
        same = number_text(wanted / unit.factor, plain_shape) == number_text(
            stated.value / unit.factor, plain_shape
        )
        if not same:
            return None
        stated = Quantity(
            stated.value,
            unit,
            Shape(
                decimals,
                figure.shape.strip,
                "," in value.text,
                shape.before,
                shape.about,
                shape.about_at,
                shape.after,
            ),
        )
        return stated, home, scaled, figure


def stated_in(text: str, unit: Unit) -> Quantity | None:
    """Return the quantity that a printed text states, None where it is no quantity."""
    try:
        return parse_quantity(text, unit)
    except QuantityError:
        return None
