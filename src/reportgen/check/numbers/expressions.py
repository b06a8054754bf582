"""What to write in place of a typed number: an expression that prints what was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import product

from reportgen.language.numbers import WrittenNumber
from reportgen.model.figures import Figure
from reportgen.model.frozen import frozen
from reportgen.model.units import ONE, Unit


@frozen
class Wording:
    """What to write for the text from `start` to `end`; `same` if it prints that very text."""

    expression: str
    start: int
    end: int
    same: bool


def wording(number: WrittenNumber, figure: Figure) -> Wording | None:
    """Return the expression for `figure` in place of `number`, None where none can name it.

    The expression with the fewest filters that prints what was typed, with the words around
    the number or without them; otherwise the plain name in the unit that was typed.
    """
    if not all(part.isidentifier() for part in figure.key.split(".")):
        return None
    for trial in sorted(_trials(number, figure), key=_filters_used):
        span = _span_of(trial.printed, number)
        if span is not None:
            return Wording(_expression(figure, trial.filters), *span, same=True)
    return _in_typed_unit(number, figure)


def _in_typed_unit(number: WrittenNumber, figure: Figure) -> Wording:
    """Return the plain name of `figure`, in the unit that was typed."""
    filters: tuple[str, ...] = ()
    if number.unit is not None and number.unit != figure.unit and not number.spoken:
        filters = (_unit_filter(number.unit),)
    return Wording(_expression(figure, filters), number.body, number.body_end, same=False)


def _span_of(printed: str, number: WrittenNumber) -> tuple[int, int] | None:
    """Return where `printed` was typed: with the words around the number, or without them."""
    starts, ends = (number.start, number.body), (number.end, number.body_end)
    for start, end in product(starts, ends):
        if printed == number.text[start - number.start : end - number.start]:
            return start, end
    return None


def _expression(figure: Figure, filters: tuple[str, ...]) -> str:
    return "{{ " + " | ".join((figure.key, *filters)) + " }}"


def _unit_filter(unit: Unit) -> str:
    return f'in_unit("{unit}")'


@frozen
class _Trial:
    """A figure as it is after `filters`; the methods add what a filter of templates does."""

    figure: Figure
    filters: tuple[str, ...] = ()
    without_unit: bool = False

    @property
    def printed(self) -> str:
        return self.figure.number if self.without_unit else self.figure.text

    def sized(self) -> _Trial:
        assert self.figure.value is not None
        return self._filtered("size", replace(self.figure, value=abs(self.figure.value)))

    def in_unit(self, unit: Unit) -> _Trial:
        return self._filtered(_unit_filter(unit), self.figure.in_unit(unit))

    def with_places(self, decimals: int) -> _Trial:
        shape = replace(self.figure.shape, decimals=decimals, strip=False)
        return self._filtered(f"places({decimals})", replace(self.figure, shape=shape))

    def with_thousands(self) -> _Trial:
        shape = replace(self.figure.shape, thousands=True)
        return self._filtered("thousands", replace(self.figure, shape=shape))

    def as_number(self) -> _Trial:
        return replace(self._filtered("number", self.figure), without_unit=True)

    def _filtered(self, name: str, figure: Figure) -> _Trial:
        return _Trial(figure, (*self.filters, name))


def _filters_used(trial: _Trial) -> tuple[int, tuple[str, ...]]:
    return len(trial.filters), trial.filters


def _trials(number: WrittenNumber, figure: Figure) -> list[_Trial]:
    """Return `figure` after every choice of the filters that may print what was typed."""
    trials = [_Trial(figure)]
    for add_filter in _filters(number, figure):
        trials += list(map(add_filter, trials))
    return trials


def _filters(number: WrittenNumber, figure: Figure) -> list[Callable[[_Trial], _Trial]]:
    """Return the filters that may help, in the order in which a template has them."""
    filters: list[Callable[[_Trial], _Trial]] = []
    if figure.value is not None and figure.value < 0:
        filters.append(_Trial.sized)
    if number.unit is not None and number.unit != figure.unit:
        filters.append(partial(_Trial.in_unit, unit=number.unit))
    filters.append(partial(_Trial.with_places, decimals=number.decimals))
    filters.append(_Trial.with_thousands)
    if number.unit is None and figure.unit == ONE:
        filters.append(_Trial.as_number)
    return filters
