"""Which withheld figures can be worked out from disclosed ones, and how.

A reader knows of a printed figure what rounding leaves open, of an amount or count that it is
not below 0, and the rules of the form: totals are sums, shares are quotients. Two methods find
what follows. Each equation is solved for each figure in it and bounds that figure by the
others (interval propagation), until nothing gets narrower. Then all equations are eliminated
together (`elimination`). The true value lies in every interval that comes out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from reportgen.disclose.elimination import Combination, combinations
from reportgen.disclose.forms import Form, names, solved, span
from reportgen.disclose.intervals import Interval
from reportgen.disclose.statements import Equation, Variable

P_PERCENT = Fraction(5, 100)
"""A value that can be told to within 5% either way counts as disclosed: the p% rule with p = 5
(Hundepool et al., Handbook on Statistical Disclosure Control, section 4.2.2)."""
MOST_ROUNDS = 12
"""How often all equations are gone through; what follows later narrows little."""
WORTHWHILE = Fraction(9, 10)
"""An interval is replaced only by one that is narrower than this part of it."""


@dataclass(frozen=True, slots=True)
class Step:
    """A figure bounded by others: `form` is what it equals, from `equations`, in `interval`.

    `form` is None where equations that are no plain sums were eliminated together.
    """

    name: str
    equations: tuple[Equation, ...]
    interval: Interval
    used: tuple[str, ...]
    form: Form | None = None


@dataclass(frozen=True, slots=True)
class Recovery:
    """A withheld figure that can be told, the interval it lies in, and the steps to it.

    Without steps it is printed somewhere as it is.
    """

    name: str
    interval: Interval
    steps: tuple[Step, ...]

    @property
    def used(self) -> tuple[str, ...]:
        """Return the figures that the steps use, each once; without steps the figure itself."""
        used = (name for step in self.steps for name in step.used)
        return tuple(dict.fromkeys(used)) if self.steps else (self.name,)


def recoverable(
    variables: Mapping[str, Variable],
    equations: Iterable[Equation],
    secrets: Collection[str],
    close: Collection[str] = (),
) -> tuple[Recovery, ...]:
    """Return those of `secrets` that can be told from what is printed, in their order.

    Of those in `close` an end of the interval must not come near the true value either.
    """
    work = _Contraction(variables, connected(variables, equations, secrets))
    work.run()
    tests = {name: is_close if name in close else is_told for name in secrets}
    told = [name for name, test in tests.items() if test(variables[name], work.bounds[name])]
    return tuple(Recovery(name, work.bounds[name], work.steps_to(name)) for name in told)


def connected(
    variables: Mapping[str, Variable], equations: Iterable[Equation], secrets: Collection[str]
) -> tuple[Equation, ...]:
    """Return the equations that bear on `secrets`, by way of other unknown figures too."""
    unknown = [({n for n in names(e.form) if not variables[n].given}, e) for e in equations]
    at: dict[str, list[int]] = {}
    for number, (inside, _) in enumerate(unknown):
        for name in inside:
            at.setdefault(name, []).append(number)
    reached, left = set[int](), list(secrets)
    while left:
        for number in at.get(left.pop(), ()):
            if number not in reached:
                reached.add(number)
                left.extend(unknown[number][0])
    return tuple(unknown[number][1] for number in sorted(reached))


def is_told(variable: Variable, interval: Interval) -> bool:
    """Return whether `interval` gives `variable` away: ±5%, or ±1 in its last printed digit."""
    width = interval.width
    return width is not None and width <= 2 * _nearness(variable)


def is_close(variable: Variable, interval: Interval) -> bool:
    """Return whether either end of `interval` comes as near, which a reader cannot know."""
    ends = (interval.low, interval.high)
    near = _nearness(variable)
    return any(end is not None and abs(end - variable.value) <= near for end in ends)


def _nearness(variable: Variable) -> Fraction:
    return max(P_PERCENT * abs(variable.value), variable.step)


class _Contraction:
    """Intervals of all figures, made narrower equation by equation; how each came about."""

    def __init__(self, variables: Mapping[str, Variable], equations: tuple[Equation, ...]) -> None:
        self.variables = variables
        self.equations = equations
        self.bounds = {name: variable.seen for name, variable in variables.items()}
        self.history: dict[str, list[tuple[int, Step]]] = {}
        self.clock = 0

    def run(self) -> None:
        self._propagate([Combination((each,), each.form) for each in self.equations])
        more = combinations(self.variables, self.equations)
        for each in more:
            if each.form is None:
                self._keep(Step(each.name, each.equations, each.interval, each.used))
        self._propagate([each for each in more if each.form is not None])

    def _propagate(self, statements: list[Combination]) -> None:
        """Go through all `statements` until none of them makes an interval narrower."""
        solutions = [
            (name, each, tuple(names(form)), form)
            for each in statements
            if each.form is not None
            for name in dict.fromkeys(names(each.form))
            if not self.variables[name].given
            if (form := solved(each.form, name)) is not None
        ]
        changed: set[str] | None = None
        for _ in range(MOST_ROUNDS):
            now: set[str] = set()
            for name, each, used, form in solutions:
                if changed is not None and changed.isdisjoint(used) and now.isdisjoint(used):
                    continue
                interval = span(form, self.bounds.__getitem__)
                if self._keep(Step(name, each.equations, interval, used, form)):
                    now.add(name)
            if not now:
                return
            changed = now

    def _keep(self, step: Step) -> bool:
        """Take the interval of `step` over if it is worth it; return whether it was."""
        old = self.bounds[step.name]
        new = old.meet(step.interval)
        if new == old:
            return False
        widths = old.width, new.width
        if widths[0] is not None and widths[1] is not None and widths[1] > WORTHWHILE * widths[0]:
            return False
        self.bounds[step.name] = new
        self.clock += 1
        self.history.setdefault(step.name, []).append((self.clock, step))
        return True

    def steps_to(self, name: str, before: int | None = None) -> tuple[Step, ...]:
        """Return the steps by which the interval of `name` came about, the first first."""
        found: dict[tuple[int, str], Step] = {}
        left = [(name, before if before is not None else self.clock + 1)]
        while left:
            at, limit = left.pop()
            last = [(when, step) for when, step in self.history.get(at, ()) if when < limit][-1:]
            for when, step in last:
                if (when, at) not in found:
                    found[when, at] = step
                    left.extend((each, when) for each in step.used)
        return tuple(found[key] for key in sorted(found))
