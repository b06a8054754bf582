"""Writes the expression that prints a figure as somebody typed it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

from reportgen.check.numbers.scan import Literal
from reportgen.model.figures import Figure
from reportgen.model.units import ONE


@dataclass(frozen=True, slots=True)
class Wording:
    """What to write for the text from `start` to `end`; `same` if it prints that very text."""

    expression: str
    start: int
    end: int
    same: bool


def wording(literal: Literal, figure: Figure) -> Wording | None:
    """Return the expression for `figure` in place of `literal`, None where none can name it.

    The expression with the fewest filters that prints what was typed, with the words around
    the number or without them; otherwise the plain name in the unit that was typed.
    """
    if not all(part.isidentifier() for part in figure.key.split(".")):
        return None
    spans = [
        (start, end)
        for start in (literal.start, literal.body)
        for end in (literal.end, literal.body_end)
    ]
    trials = sorted(_trials(literal, figure), key=lambda trial: (len(trial[0]), trial[0]))
    for filters, printed in trials:
        for start, end in spans:
            if printed == literal.text[start - literal.start : end - literal.start]:
                return Wording(_written(figure.key, filters), start, end, same=True)
    filters = ()
    if literal.unit and literal.unit != figure.unit and not literal.spoken:
        filters = (f'in_unit("{literal.unit}")',)
    return Wording(_written(figure.key, filters), literal.body, literal.body_end, same=False)


def _written(key: str, filters: tuple[str, ...]) -> str:
    return "{{ " + " | ".join((key, *filters)) + " }}"


def _trials(literal: Literal, figure: Figure) -> list[tuple[tuple[str, ...], str]]:
    """Return what each choice of filters prints, as the filters of templates do."""
    sized: list[tuple[tuple[str, ...], Figure]] = [((), figure)]
    if figure.value is not None and figure.value < 0:
        sized.append((("size",), replace(figure, value=-figure.value)))
    units: list[tuple[str, ...]] = [()]
    if literal.unit and literal.unit != figure.unit:
        units.append((f'in_unit("{literal.unit}")',))
    shapes: list[tuple[str, ...]] = [(), (f"places({literal.decimals})",)]
    commas: list[tuple[str, ...]] = [(), ("thousands",)]
    result = []
    for (size, start), unit, shape, comma in product(sized, units, shapes, commas):
        shown = start
        if unit and literal.unit:
            strip = shown.shape.strip or literal.unit.factor < shown.unit.factor
            kept = replace(shown.shape, strip=strip, about_at=0)
            shown = replace(shown, unit=literal.unit, shape=kept)
        if shape:
            shown = replace(
                shown, shape=replace(shown.shape, decimals=literal.decimals, strip=False)
            )
        if comma:
            shown = replace(shown, shape=replace(shown.shape, thousands=True))
        result.append(((*size, *unit, *shape, *comma), shown.text))
        if literal.unit is None and figure.unit == ONE:
            result.append(((*size, *unit, *shape, *comma, "number"), shown.number))
    return result
