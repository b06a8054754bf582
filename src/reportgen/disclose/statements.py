"""What a reader has to work with: figures, printed or not, and the equations between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from reportgen.disclose.forms import Form, names
from reportgen.disclose.intervals import Interval
from reportgen.model.figures import Figure
from reportgen.model.source import Mark


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
    mark: Mark
    names: tuple[str, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Note the names, which are asked for often."""
        object.__setattr__(self, "names", tuple(dict.fromkeys(names(self.form))))
