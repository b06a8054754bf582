"""What a reader has to work with: figures, printed or not, and the equations between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

from reportgen.inference.intervals import ANY, Interval
from reportgen.inference.linear_forms import UNIT, ZERO, Form, names, slopes
from reportgen.model.figures import Figure
from reportgen.model.source import SourceSpan


@dataclass(frozen=True, slots=True)
class Variable:
    """A figure, its true `value` in base units, and what a reader has `seen` of it.

    `name` identifies it over all reports; `given` says that it is printed, `where` in which
    reports. `figure` is None for what the rounding of an equation leaves open.
    """

    name: str
    value: Fraction
    seen: Interval
    given: bool = False
    figure: Figure | None = None
    where: tuple[str, ...] = ()

    @property
    def step(self) -> Fraction:
        """Return one in the last printed digit, in base units."""
        if self.figure is None:
            return Fraction(0)
        return self.figure.unit.factor * Fraction(1, 10**self.figure.shape.decimals)


@dataclass(frozen=True, slots=True)
class Equation:
    """`form` is 0: a rule of the form, called `words`, that stands at `mark`.

    `names` are the figures in it, each once.
    """

    form: Form
    words: str
    span: SourceSpan
    names: tuple[str, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Note the names, which are asked for often."""
        object.__setattr__(self, "names", tuple(dict.fromkeys(names(self.form))))


Row = dict[str, Fraction]
_Key = TypeVar("_Key", str, int)


@dataclass(frozen=True, slots=True)
class Combination:
    """What several equations say together: `form` is 0.

    Where one of them is no plain sum there is no form, but the `interval` of the one figure
    `name` that is left, and the printed figures `used`.
    """

    equations: tuple[Equation, ...]
    form: Form | None
    name: str = ""
    interval: Interval = ANY
    used: tuple[str, ...] = ()


@dataclass(slots=True)
class _Line:
    """Equations added up: the factor of each figure, and how often each equation went in."""

    unknown: Row
    given: Row
    parts: dict[int, Fraction]

    def subtract(self, other: _Line, factor: Fraction) -> None:
        self.unknown = _less(self.unknown, other.unknown, factor)
        self.given = _less(self.given, other.given, factor)
        self.parts = _less(self.parts, other.parts, factor)


def _less(
    mine: dict[_Key, Fraction], its: dict[_Key, Fraction], factor: Fraction
) -> dict[_Key, Fraction]:
    result = {**mine}
    for key, count in its.items():
        result[key] = result.get(key, ZERO) - factor * count
    return {key: count for key, count in result.items() if count}


def combinations(
    variables: Mapping[str, Variable], equations: Sequence[Equation]
) -> tuple[Combination, ...]:
    """Return what is left of `equations` when each in turn is rid of an unknown figure.

    What is printed most exactly is used first, since any of several ways would do.
    """
    values = {name: variable.value for name, variable in variables.items()}
    lines = [_line(number, each, variables, values) for number, each in enumerate(equations)]
    lines.sort(key=lambda line: _vagueness(line.given, variables))
    solved: dict[str, _Line] = {}
    for line in lines:
        for name, other in solved.items():
            if name in line.unknown:
                line.subtract(other, line.unknown[name])
        if not line.unknown:
            continue
        pivot = next(iter(line.unknown))
        line.subtract(line, 1 - 1 / line.unknown[pivot])
        for other in solved.values():
            if pivot in other.unknown:
                other.subtract(line, other.unknown[pivot])
        solved[pivot] = line
    made = (_combination(pivot, line, variables, equations) for pivot, line in solved.items())
    return tuple(each for each in made if each is not None)


def _line(
    number: int,
    equation: Equation,
    variables: Mapping[str, Variable],
    values: Mapping[str, Fraction],
) -> _Line:
    _, slope = slopes(equation.form, values)
    unknown = {n: count for n, count in slope.items() if count and not variables[n].given}
    given = {n: count for n, count in slope.items() if count and variables[n].given}
    return _Line(unknown, given, {number: UNIT})


def _vagueness(given: Row, variables: Mapping[str, Variable]) -> Fraction:
    """Return how much rounding leaves open of a sum of printed figures."""
    widths = ((abs(count), variables[name].seen.width) for name, count in given.items())
    return sum((count * width for count, width in widths if width is not None), ZERO)


def _combination(
    pivot: str, line: _Line, variables: Mapping[str, Variable], every: Sequence[Equation]
) -> Combination | None:
    """Return what `line` says, None where it is one equation or too much is left in it."""
    if len(line.parts) == 1:
        return None
    equations = tuple(every[number] for number in sorted(line.parts))
    if all(each.form.is_linear for each in equations):
        total = Form()
        for number, count in line.parts.items():
            total = total.plus(every[number].form, count)
        return Combination(equations, total)
    if len(line.unknown) > 1:
        return None
    interval = Interval(variables[pivot].value, variables[pivot].value)
    for name, count in line.given.items():
        given = variables[name]
        change = given.seen + Interval(-given.value, -given.value)
        interval += change.scaled(-count)
    return Combination(equations, None, pivot, interval, tuple(line.given))
