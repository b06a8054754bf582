"""Which withheld figures can be worked out from disclosed ones, and how.

A reader knows of a printed figure what rounding leaves open, of an amount or count that it is
not below 0, and the rules of the form: totals are sums, shares are quotients. Two methods find
what follows. Each equation is solved for each figure in it and bounds that figure by the
others (interval propagation), until nothing gets narrower. Then all equations are eliminated
together (`elimination`). The true value lies in every interval that comes out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from reportgen.inference.equations import Equation, Variable, combinations
from reportgen.inference.intervals import ANY, Interval
from reportgen.inference.linear_forms import Form, bounds_of, names, solved

P_PERCENT = Fraction(5, 100)
"""A value that can be told to within 5% either way counts as disclosed: the p% rule with p = 5
(Hundepool et al., Handbook on Statistical Disclosure Control, section 4.2.2)."""
MOST_ROUNDS = 12
"""How often all equations are gone through; what follows later narrows little."""
WORTHWHILE = Fraction(9, 10)
"""An interval is replaced only by one that is narrower than this part of it."""


@dataclass(frozen=True, slots=True)
class Step:
    """A figure bounded to `interval` by the figures `used`, which `equations` tie it to.

    They say that `statement` is 0; it is None where equations that are no plain sums were
    eliminated together.
    """

    name: str
    equations: tuple[Equation, ...]
    interval: Interval
    used: tuple[str, ...]
    statement: Form | None = None

    @property
    def form(self) -> Form | None:
        """Return what the figure equals, made of the others; None where nothing can be said."""
        return solved(self.statement, self.name) if self.statement else None


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
    *,
    hasty: bool = False,
) -> tuple[Recovery, ...]:
    """Return those of `secrets` that can be told from what is printed, in their order.

    Of those in `close` an end of the interval must not come near the true value either.
    With `hasty` not all are looked for once one is found.
    """
    tests = {name: is_close if name in close else is_told for name in secrets}
    work = _Contraction(variables, connected(variables, equations, secrets))
    told: list[str] = []
    for method in (work.propagate, work.eliminate):
        method()
        told = [name for name, test in tests.items() if test(variables[name], work.bounds[name])]
        if told and hasty:
            break
    return tuple(Recovery(name, work.bounds[name], work.steps_to(name)) for name in told)


def connected(
    variables: Mapping[str, Variable], equations: Iterable[Equation], secrets: Collection[str]
) -> tuple[Equation, ...]:
    """Return the equations that bear on `secrets`, by way of other unknown figures too."""
    every = tuple(equations)
    at: dict[str, list[int]] = {}
    for number, each in enumerate(every):
        for name in each.names:
            if not variables[name].given:
                at.setdefault(name, []).append(number)
    reached, left = set[int](), list(secrets)
    while left:
        for number in at.get(left.pop(), ()):
            if number not in reached:
                reached.add(number)
                left.extend(name for name in every[number].names if name in at)
    return tuple(every[number] for number in sorted(reached))


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

    def propagate(self) -> None:
        """Bound each figure by each equation that it stands in."""
        self._propagate([(each.form, (each,)) for each in self.equations])

    def eliminate(self) -> None:
        """Bound figures by several equations at once."""
        more = combinations(self.variables, self.equations)
        for each in more:
            if each.form is None:
                self._keep(Step(each.name, each.equations, each.interval, each.used))
        self._propagate([(each.form, each.equations) for each in more if each.form is not None])

    def _propagate(self, statements: list[tuple[Form, tuple[Equation, ...]]]) -> None:
        """Go through all `statements` until none of them makes an interval narrower."""
        ways = [way for statement in statements for way in self._ways(*statement)]
        changed: set[str] | None = None
        for _ in range(MOST_ROUNDS):
            now: set[str] = set()
            for way, short, used in ways:
                if changed is not None and changed.isdisjoint(used) and now.isdisjoint(used):
                    continue
                interval = bounds_of(short, self.bounds.__getitem__)
                if self._keep(replace(way, interval=interval)):
                    now.add(way.name)
            if not now:
                return
            changed = now

    def _ways(
        self, statement: Form, equations: tuple[Equation, ...]
    ) -> Iterator[tuple[Step, Form, frozenset[str]]]:
        """Yield, for each unknown figure of a statement, the step to it, without its interval.

        The form that bounds it is `statement` with all printed terms added up beforehand.
        """
        given, open_ = Form((), statement.constant), Form()
        for atom, factor in statement.terms:
            term = Form(((atom, factor),))
            if isinstance(atom, str) and self.variables[atom].given:
                given = given.plus(term)
            else:
                open_ = open_.plus(term)
        rest = f"± {len(self.bounds)}"
        self.bounds[rest] = bounds_of(given, self.bounds.__getitem__)
        short = open_.plus(Form.of(rest))
        every = tuple(dict.fromkeys(names(statement)))
        for name in dict.fromkeys(names(open_)):
            form = None if self.variables[name].given else solved(short, name)
            if form is not None:
                used = tuple(each for each in every if each != name)
                yield Step(name, equations, ANY, used, statement), form, frozenset(names(form))

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


MOST_FURTHER = 3
"""How many further figures are proposed at most."""
MOST_TRIALS = 150
"""How many sets of further figures are tried before the search gives up."""

Proposal = tuple[str, ...]


def least(
    told: Callable[[Proposal], tuple[Recovery, ...]],
    candidates: Callable[[Recovery], Iterable[str]],
    cost: Callable[[Proposal], Any],
) -> Proposal | None:
    """Return the fewest figures without which nothing is told, the cheapest of several.

    `told` says what can be worked out without the chosen ones, `candidates` which of the
    figures used could be withheld. One of those that the first recovery uses has to go, so
    only they are tried. None where three are too few, or the search takes too long.
    """
    left: list[tuple[Proposal, Recovery]] = [((), told(())[0])]
    tried: set[frozenset[str]] = set()
    for _ in range(MOST_FURTHER):
        safe: list[Proposal] = []
        further: list[tuple[Proposal, Recovery]] = []
        for chosen, recovery in left:
            for name in candidates(recovery):
                more = (*chosen, name)
                if name in chosen or frozenset(more) in tried:
                    continue
                if len(tried) == MOST_TRIALS:
                    return min(safe, key=cost, default=None)
                tried.add(frozenset(more))
                still = told(more)
                if still:
                    further.append((more, still[0]))
                else:
                    safe.append(more)
        if safe:
            return min(safe, key=cost)
        left = further
    return None
