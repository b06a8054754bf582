"""What a reader has to work with: figures, printed or not, and the equations between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

from reportgen.inference.linear_forms import UNIT, ZERO, Form, Interval, names, slopes
from reportgen.model.figures import Figure
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan


@frozen
class Variable:
    """A figure, its true `value` in base units, and the `interval` that a reader knows of it.

    `name` identifies it over all reports; `given` says that it is printed, `reports` in which.
    `figure` is None for what the rounding of an equation leaves open.
    """

    name: str
    value: Fraction
    interval: Interval
    given: bool = False
    figure: Figure | None = None
    reports: tuple[str, ...] = ()

    @property
    def step(self) -> Fraction:
        """Return one in the last printed digit, in base units."""
        if self.figure is None:
            return Fraction(0)
        return self.figure.unit.factor * Fraction(1, 10**self.figure.shape.decimals)


@frozen
class Equation:
    """`form` is 0: a rule of the form, called `words`, that stands at `span`.

    `names` are the figures in it, each once.
    """

    form: Form
    words: str
    span: SourceSpan
    names: tuple[str, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Note the names, which are asked for often."""
        object.__setattr__(self, "names", tuple(dict.fromkeys(names(self.form))))


@frozen
class Combination:
    """What several equations say together of the figure `name`: its `interval`.

    `form` is their sum, which is 0, where all of them are plain sums; `used` are the other
    figures in them.
    """

    equations: tuple[Equation, ...]
    form: Form | None
    name: str
    interval: Interval
    used: tuple[str, ...]


def combinations(
    variables: Mapping[str, Variable], equations: Sequence[Equation]
) -> tuple[Combination, ...]:
    """Return what is left of `equations` when each in turn is rid of an unknown figure.

    Only what takes one that is no plain sum is returned: of sums the simplex method knows all.
    What is printed most exactly is used first, since any of several ways would do.
    """
    results: list[Combination] = []
    for pivot, row in _eliminated(variables, equations).items():
        combined = tuple(equations[number] for number in sorted(row.equations))
        is_sum = all(equation.form.is_linear for equation in combined)
        if len(combined) > 1 and len(row.unknown) == 1 and not is_sum:
            interval = _interval_of_unknown(variables[pivot], row, variables)
            used = tuple(row.given)
            results.append(Combination(combined, None, pivot, interval, used))
    return tuple(results)


_Key = TypeVar("_Key", str, int)


@dataclass(slots=True)
class _Row:
    """Equations added up: the factor of each figure, and how often each equation went in.

    `vagueness` is how much the rounding of the given figures leaves open of the first of them.
    """

    unknown: dict[str, Fraction]
    given: dict[str, Fraction]
    equations: dict[int, Fraction]
    vagueness: Fraction

    def eliminate(self, name: str, row: _Row) -> None:
        """Subtract `row`, in which the factor of `name` is one, so that `name` is gone."""
        factor = self.unknown.get(name)
        if factor is not None:
            self.subtract(row, factor)

    def normalize(self, name: str) -> None:
        """Make the factor of `name` one."""
        self.subtract(self, 1 - 1 / self.unknown[name])

    def subtract(self, row: _Row, factor: Fraction) -> None:
        """Subtract `factor` times `row`."""
        self.unknown = _difference(self.unknown, row.unknown, factor)
        self.given = _difference(self.given, row.given, factor)
        self.equations = _difference(self.equations, row.equations, factor)


def _difference(
    minuend: dict[_Key, Fraction], subtrahend: dict[_Key, Fraction], factor: Fraction
) -> dict[_Key, Fraction]:
    """Return `minuend` less `factor` times `subtrahend`, without what is 0 then."""
    result = {**minuend}
    for key, count in subtrahend.items():
        result[key] = result.get(key, ZERO) - factor * count
    return {key: count for key, count in result.items() if count}


def _rows(variables: Mapping[str, Variable], equations: Sequence[Equation]) -> list[_Row]:
    """Return a row an equation, what is printed most exactly first."""
    values = {name: variable.value for name, variable in variables.items()}
    rows: list[_Row] = []
    for number, equation in enumerate(equations):
        rows.append(_row(number, equation, variables, values))
    rows.sort(key=lambda row: row.vagueness)
    return rows


def _eliminated(
    variables: Mapping[str, Variable], equations: Sequence[Equation]
) -> dict[str, _Row]:
    """Return the rows that Gauss-Jordan elimination leaves, by the unknown figure of each."""
    solved: dict[str, _Row] = {}
    for row in _rows(variables, equations):
        for name, other in solved.items():
            row.eliminate(name, other)
        if row.unknown:
            pivot = next(iter(row.unknown))
            row.normalize(pivot)
            for other in solved.values():
                other.eliminate(pivot, row)
            solved[pivot] = row
    return solved


def _row(
    number: int,
    equation: Equation,
    variables: Mapping[str, Variable],
    values: Mapping[str, Fraction],
) -> _Row:
    """Return an equation as a row: how it changes with each of its figures."""
    row = _Row({}, {}, {number: UNIT}, ZERO)
    _, slope = slopes(equation.form, values)
    for name, factor in slope.items():
        variable = variables[name]
        if factor and variable.given:
            row.given[name] = factor
            row.vagueness += abs(factor) * (variable.interval.width or 0)
        elif factor:
            row.unknown[name] = factor
    return row


def _interval_of_unknown(
    unknown: Variable, row: _Row, variables: Mapping[str, Variable]
) -> Interval:
    """Return the interval of the one `unknown` of `row` by what the given ones leave open."""
    interval = Interval(unknown.value, unknown.value)
    for name, factor in row.given.items():
        given = variables[name]
        change = given.interval + Interval(-given.value, -given.value)
        interval += change.scaled(-factor)
    return interval
