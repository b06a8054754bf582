"""Formulas of what is printed: the numbers and texts of figures, over the cells where they live.

A text in a form prints a figure live if it states the number that the figure rounds to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from reportgen.derive.tasks import Derivation
from reportgen.features.spreadsheet.formulas import number_literal, text_literal
from reportgen.features.spreadsheet.layout import FigureCell, cell_factor
from reportgen.model.document import Value
from reportgen.model.figures import Figure
from reportgen.model.frozen import frozen
from reportgen.model.quantity import Quantity, QuantityError, Shape, number_text, parse_quantity
from reportgen.model.units import Unit

_NUMBER = re.compile(r"-?[\d,]+(?:\.\d+)?")


# Figures with a row of their own


def digits_formula(number: str, decimals: int, *, thousands: bool, strip: bool) -> str:
    """Return the formula of the digits that `number` is printed with."""
    if strip and not thousands:
        return f"ROUND({number},{decimals})"
    whole = "#,##0" if thousands else "0"
    places = "." + "0" * decimals if decimals else ""
    return f'TEXT({number},"{whole}{places}")'


def _as_printed(number: str, unit: Unit) -> str:
    """Return the formula of a number as it is printed: a ratio as a percentage."""
    return f"{number}*100" if unit.symbol == "%" else number


def printed_text(figure: Figure, cell: str) -> str:
    """Return the formula of the text that a figure is printed as, from its rounded cell."""
    shape, unit = figure.shape, figure.unit
    number = _as_printed(cell, unit)
    if shape.thousands and shape.strip:
        places = "." + "#" * shape.decimals
        whole = f'TEXT({number},"#,##0")'
        digits = f'IF({number}=INT({number}),{whole},TEXT({number},"#,##0{places}"))'
    else:
        digits = digits_formula(
            number, shape.decimals, thousands=shape.thousands, strip=shape.strip
        )
    at = shape.about_at
    after = unit.symbol[:at] + shape.about + unit.symbol[at:] + shape.after
    before = f"{text_literal(shape.before)}&" if shape.before else ""
    blank = text_literal(figure.blank)
    return f'IF({cell}="",{blank},{before}{digits}&{text_literal(after)})'


def printed_value(figure: Figure) -> Fraction | None:
    """Return the value of a figure as it is printed, as a cell holds it."""
    if figure.value is None:
        return None
    plain = replace(figure.shape, thousands=False)
    rounded = Fraction(number_text(figure.value / figure.unit.factor, plain))
    return rounded / 100 if figure.unit.symbol == "%" else rounded


def grade_formula(derivation: Derivation, figure: Figure, cell: str) -> str:
    """Return the formula of the word of a grade."""
    bands: list[tuple[Fraction, str]] = []
    for floor, word in derivation.metric.grades:
        quantity = parse_quantity(floor, figure.unit)
        bands.append((quantity.value / cell_factor(figure.unit), word))
    text = '""'
    for lowest, word in sorted(bands):
        text = f"IF({cell}>={number_literal(lowest)},{text_literal(word)},{text})"
    return f'IF({cell}="",{text_literal(figure.blank)},{text})'


# Figures within a form


@frozen
class PrintedFigure:
    """A figure as a text states it; `number` is the formula of its number, in the unit printed."""

    figure: Figure
    cell: FigureCell
    number: str
    stated: Quantity

    def text_formula(self, text: str) -> str:
        """Return the formula of `text`, in which the figure is printed."""
        shape = self.stated.shape
        number = _as_printed(self.number, self.stated.unit)
        is_rounded = shape.strip and not shape.thousands
        decimals = self.figure.shape.decimals if is_rounded else shape.decimals
        digits = digits_formula(number, decimals, thousands=shape.thousands, strip=is_rounded)
        match = _NUMBER.search(text)
        assert match is not None
        before, after = text[: match.start()], text[match.end() :]
        printed = _joined(before, digits, after)
        return f'IF({self.cell.reference}="",{text_literal(self.figure.blank)},{printed})'


def _joined(before: str, digits: str, after: str) -> str:
    """Return the formula of digits between two texts, which may be empty."""
    parts = [text_literal(before), digits, text_literal(after)]
    return "&".join(part for part in parts if part != text_literal(""))


class PrintedFigures:
    """The figures by key and the cells they live in; empty for the public."""

    def __init__(self, figures: Mapping[str, Figure], cells: Mapping[str, FigureCell]) -> None:
        self.figures = figures
        self.cells = cells

    def find(self, value: Value) -> PrintedFigure | None:
        """Return the figure that a value prints; None where it prints something else.

        That is a word, or another rounding.
        """
        figure, cell = self.figures.get(value.key), self.cells.get(value.key)
        if figure is None or cell is None or figure.value is None:
            return None
        stated = _stated_of(figure, value.text)
        if stated is None:
            return None
        number, exact = _in_unit(cell, stated.unit), figure.value
        if exact < 0 <= stated.value:
            number, exact = f"ABS({number})", -exact
        shape = _printed_shape(figure, stated, value.text)
        is_alike = _prints_alike(exact, stated.value, stated.unit, shape.decimals)
        printed = PrintedFigure(figure, cell, number, replace(stated, shape=shape))
        return printed if is_alike else None

    def formula(self, pieces: Iterable[Value | str]) -> str:
        """Return the formula of a text with figures in it, empty where none of them is live."""
        texts: list[str] = []
        parts: list[str] = []
        for piece in pieces:
            text = piece if isinstance(piece, str) else piece.text
            printed = None if isinstance(piece, str) else self.find(piece)
            texts.append(text_literal(text))
            parts.append(printed.text_formula(text) if printed else texts[-1])
        return "=" + "&".join(parts) if parts != texts else ""


def _stated_of(figure: Figure, text: str) -> Quantity | None:
    """Return the quantity of the dimension of a figure that a text states, None for words."""
    stated = None if figure.words else stated_quantity(text, figure.unit)
    is_alike = stated is not None and stated.unit.dimension == figure.unit.dimension
    return stated if is_alike else None


def _in_unit(cell: FigureCell, unit: Unit) -> str:
    """Return the formula of the number in a cell, counted in `unit`."""
    ratio = cell.factor / cell_factor(unit)
    return cell.reference if ratio == 1 else f"{cell.reference}*{number_literal(ratio)}"


def stated_quantity(text: str, unit: Unit) -> Quantity | None:
    """Return the quantity that a printed text states, None where it is no quantity."""
    try:
        return parse_quantity(text, unit)
    except QuantityError:
        return None


def _printed_shape(figure: Figure, stated: Quantity, text: str) -> Shape:
    """Return how a figure is printed in the unit stated: zeros at the end that go are not seen."""
    decimals = stated.shape.decimals
    if figure.shape.strip and stated.unit.symbol == figure.unit.symbol:
        decimals = figure.shape.decimals
    return replace(stated.shape, decimals=decimals, strip=figure.shape.strip, thousands="," in text)


def _prints_alike(value: Fraction, stated: Fraction, unit: Unit, decimals: int) -> bool:
    shape = Shape(decimals=decimals, strip=True)
    return number_text(value / unit.factor, shape) == number_text(stated / unit.factor, shape)
