"""Formulas of what is printed: rounded numbers, texts with their units, grades."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from reportgen.derive.tasks import Derivation
from reportgen.features.spreadsheet.homes import factor
from reportgen.features.spreadsheet.parts import number, quoted
from reportgen.model.figures import Figure
from reportgen.model.quantity import number_text, parse_quantity


def rounded_value(figure: Figure) -> Fraction:
    """Return the value of a figure as it is printed, as a cell holds it."""
    assert figure.value is not None
    plain = replace(figure.shape, thousands=False)
    shown = Fraction(number_text(figure.value / figure.unit.factor, plain))
    return shown / 100 if figure.unit.symbol == "%" else shown


def text_of(figure: Figure, cell: str) -> str:
    """Return the formula of the text that a figure is printed as, from its rounded cell."""
    shape, unit = figure.shape, figure.unit
    scaled = f"{cell}*100" if unit.symbol == "%" else cell
    zeros = "." + "0" * shape.decimals if shape.decimals else ""
    if shape.thousands and shape.strip:
        places = "." + "#" * shape.decimals
        said = f'IF({scaled}=INT({scaled}),TEXT({scaled},"#,##0"),TEXT({scaled},"#,##0{places}"))'
    elif shape.thousands:
        said = f'TEXT({scaled},"#,##0{zeros}")'
    elif shape.strip:
        said = f"ROUND({scaled},{shape.decimals})"
    else:
        said = f'TEXT({scaled},"0{zeros}")'
    at = shape.about_at
    after = unit.symbol[:at] + shape.about + unit.symbol[at:] + shape.after
    parts = [quoted(shape.before)] if shape.before else []
    parts += [said, quoted(after)]
    return f'IF({cell}="",{quoted(figure.blank)},{"&".join(parts)})'


def grade(job: Derivation, figure: Figure, cell: str) -> str:
    """Return the formula of the word of a grade."""
    bands = []
    for floor, word in job.metric.grades:
        quantity = parse_quantity(floor, figure.unit)
        bands.append((quantity.value / factor(figure.unit), word))
    said = '""'
    for floor_value, word in sorted(bands):
        said = f"IF({cell}>={number(floor_value)},{quoted(word)},{said})"
    return f'IF({cell}="",{quoted(figure.blank)},{said})'
