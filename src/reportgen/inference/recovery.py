"""Which withheld figures can be worked out from disclosed ones, and how.

A reader knows of a printed figure what rounding leaves open, of an amount or count that it is
not below 0, and the rules of the form: totals are sums, shares are quotients. Two methods find
what follows. Each equation is solved for each figure in it and bounds that figure by the
others (interval propagation), until nothing gets narrower. Then all equations are eliminated
together (`equations.combinations`). The true value lies in every interval that comes out.
What the equations give one after the other with the figures as they are printed is told as well,
if it is near.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from reportgen.inference.equations import Combination, Equation, Variable, combinations
from reportgen.inference.linear_forms import ANY, Atom, Form, Interval, bounds_of, names, solved
from reportgen.inference.linear_program import LinearProgram
from reportgen.inference.printed import is_rough
from reportgen.model.disclosed import nearness
from reportgen.model.frozen import frozen

MOST_ROUNDS = 12
"""How often all equations are gone through; what follows later narrows little."""
WORTHWHILE = Fraction(9, 10)
"""An interval is replaced only by one that is narrower than this part of it."""


@frozen
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


@frozen
class Recovery:
    """A withheld figure that can be worked out, the interval it lies in, and the steps to it.

    Without steps it is printed somewhere as it is.
    """

    name: str
    interval: Interval
    steps: tuple[Step, ...]

    @property
    def used(self) -> tuple[str, ...]:
        """Return the figures that the steps use, each once; without steps the figure itself."""
        if not self.steps:
            return (self.name,)
        used: dict[str, None] = {}
        for step in self.steps:
            used.update(dict.fromkeys(step.used))
        return tuple(used)


def recoverable(
    variables: Mapping[str, Variable],
    equations: Iterable[Equation],
    secrets: Collection[str],
    close: Collection[str] = (),
    *,
    hasty: bool = False,
) -> tuple[Recovery, ...]:
    """Return those of `secrets` that can be worked out from what is printed, in their order.

    Of those in `close` an end of the interval must not come near the true value either. With
    `hasty` products and quotients are looked at only where sums tell nothing.
    """
    contraction = _Contraction(variables, connected(variables, equations, secrets))
    contraction.add_up(secrets)
    told = {recovery.name for recovery in contraction.recoveries(secrets, close)}
    is_done = told if hasty else told == set(secrets)
    if not contraction.is_linear and not is_done:
        contraction.propagate()
        contraction.eliminate()
        told = {recovery.name for recovery in contraction.recoveries(secrets, close)}
        contraction.enclose(name for name in secrets if name not in told)
    return contraction.every_recovery(secrets, close)


def connected(
    variables: Mapping[str, Variable], equations: Iterable[Equation], secrets: Collection[str]
) -> tuple[Equation, ...]:
    """Return the equations that bear on `secrets`, by way of other unknown figures too."""
    every = tuple(equations)
    numbers_by_name = _equations_by_unknown(variables, every)
    reached: set[int] = set()
    pending = list(secrets)
    while pending:
        for number in numbers_by_name.get(pending.pop(), ()):
            if number not in reached:
                reached.add(number)
                pending += every[number].names
    return tuple(every[number] for number in sorted(reached))


def _equations_by_unknown(
    variables: Mapping[str, Variable], equations: tuple[Equation, ...]
) -> Mapping[str, list[int]]:
    """Return, for each unknown figure, the numbers of the equations that it stands in."""
    numbers: dict[str, list[int]] = {}
    for number, equation in enumerate(equations):
        for name in equation.names:
            if variables[name].interval.width != 0:
                numbers.setdefault(name, []).append(number)
    return numbers


def is_disclosed(variable: Variable, interval: Interval) -> bool:
    """Return whether `interval` gives `variable` away: ±5%, or ±1 in its last printed digit."""
    width = interval.width
    return width is not None and width <= 2 * nearness(variable.value, variable.step)


def has_close_end(variable: Variable, interval: Interval) -> bool:
    """Return whether either end of `interval` comes as near, which a reader cannot know."""
    near = nearness(variable.value, variable.step)
    return any(abs(end - variable.value) <= near for end in interval.ends)


@frozen
class _Way:
    """How a statement bounds a figure: by the interval of `form`, in which stand `names`.

    `step` is the step that this makes, without its interval.
    """

    step: Step
    form: Form
    names: frozenset[str]


class _Contraction:
    """Intervals of all figures, made narrower equation by equation; how each came about."""

    def __init__(self, variables: Mapping[str, Variable], equations: tuple[Equation, ...]) -> None:
        self.variables = variables
        self.equations = equations
        self.bounds = {name: variable.interval for name, variable in variables.items()}
        self.history: dict[str, list[tuple[int, Step]]] = {}
        self.clock = 0

    @property
    def is_linear(self) -> bool:
        """Return whether all equations are plain sums, of which `add_up` knows everything."""
        return all(equation.form.is_linear for equation in self.equations)

    def add_up(self, wanted: Iterable[str]) -> None:
        """Bound figures by all equations that are sums at once: nothing closer follows of them."""
        sums = [equation for equation in self.equations if equation.form.is_linear]
        program = LinearProgram(self.variables, self.bounds, sums)
        for name in wanted:
            for found in program.combinations(name):
                self._keep(self._combined_step(found))

    def enclose(self, wanted: Iterable[str]) -> None:
        """Bound figures by all equations at once, products and quotients between planes."""
        program = LinearProgram(self.variables, self.bounds, self.equations)
        for name in wanted:
            for found in program.combinations(name):
                self._narrow(self._combined_step(found))

    def _combined_step(self, found: Combination) -> Step:
        """Return the step that a combination makes: by a sum both ends, otherwise its one."""
        if found.form is None:
            return Step(found.name, found.equations, found.interval, found.used)
        used = tuple(name for name in names(found.form) if name != found.name)
        step = Step(found.name, found.equations, ANY, used, found.form)
        interval = bounds_of(step.form, self.bounds.__getitem__) if step.form else found.interval
        return replace(step, interval=interval)

    def propagate(self) -> None:
        """Bound each figure by each equation that it stands in."""
        ways: list[_Way] = []
        for equation in self.equations:
            ways += self._ways(equation)
        self._contract(ways)

    def eliminate(self) -> None:
        """Bound figures by several equations at once that are no sums, by their tangents."""
        for found in combinations(self.variables, self.equations):
            self._narrow(Step(found.name, found.equations, found.interval, found.used))

    def recoveries(self, secrets: Collection[str], close: Collection[str]) -> Iterator[Recovery]:
        """Yield those of `secrets` that their intervals give away, as `recoverable` has it."""
        for name in secrets:
            is_given_away = has_close_end if name in close else is_disclosed
            if is_given_away(self.variables[name], self.bounds[name]):
                yield Recovery(name, self.bounds[name], self._steps_to(name))

    def every_recovery(
        self, secrets: Collection[str], close: Collection[str]
    ) -> tuple[Recovery, ...]:
        """Return those of `secrets` that intervals or one equation as printed give away."""
        found = {recovery.name: recovery for recovery in self.recoveries(secrets, close)}
        for recovery in self.written_down(set(secrets).difference(found)):
            found.setdefault(recovery.name, recovery)
        return tuple(found[name] for name in secrets if name in found)

    def written_down(self, wanted: Iterable[str]) -> Iterator[Recovery]:
        """Yield those of `wanted` that an equation gives, with all others in it as printed.

        Readers who add up rounded figures find what is near the truth, however much they leave
        open: the interval is as wide as that. What is not printed they write down the same way.
        """
        secrets = frozenset(wanted)
        if not secrets:
            return
        written, steps = self._written()
        for equation in self.equations:
            for name in secrets.intersection(equation.names):
                step = self._step_as_written(equation, name, written)
                if step is not None and self._is_near(step, written):
                    before = (each for each in _leading_to(step, steps) if each.name != name)
                    yield Recovery(name, step.interval, (*before, step))

    def _written(self) -> tuple[dict[str, Interval], Mapping[str, Step]]:
        """Return what readers write down for figures, and the steps to those that are not printed.

        These follow one after the other, each of an equation in which it alone was unknown.
        """
        written = {name: self._middle(name) for name in self.variables if self._is_plain(name)}
        steps: dict[str, Step] = {}
        for _ in range(MOST_ROUNDS):
            count = len(steps)
            for equation in self.equations:
                for name in _only_unknown(equation, written):
                    step = self._step_as_written(equation, name, written)
                    if step is not None:
                        steps[name] = step
                        written[name] = self._as_written(step, written)
                        self.bounds[name] = step.interval
            if len(steps) == count:
                break
        return written, steps

    def _step_as_written(
        self, equation: Equation, name: str, written: Collection[str]
    ) -> Step | None:
        """Return how `equation` gives a figure by what is `written`; None where it does not."""
        others = tuple(other for other in equation.names if other != name)
        if self.variables[name].figure is None or not all(other in written for other in others):
            return None
        step = Step(name, (equation,), ANY, others, equation.form)
        if step.form is None:
            return None
        interval = bounds_of(step.form, self.bounds.__getitem__)
        return replace(step, interval=self.bounds[name].meet(interval))

    def _as_written(self, step: Step, written: Mapping[str, Interval]) -> Interval:
        """Return what `step` gives with all that is written down."""
        assert step.form is not None  # else there is no step
        return bounds_of(step.form, written.__getitem__)

    def _is_near(self, step: Step, written: Mapping[str, Interval]) -> bool:
        """Return whether what is written down comes near the true value."""
        ends = self._as_written(step, written).ends
        return bool(ends) and has_close_end(self.variables[step.name], Interval(*ends))

    def _is_plain(self, name: str) -> bool:
        """Return whether a figure is printed, and nothing says that it is rough.

        What a relation allows for says so of all that stand in it.
        """
        variable = self.variables[name]
        return variable.given and variable.figure is not None and not is_rough(variable.figure)

    def _middle(self, name: str) -> Interval:
        """Return what is printed for a figure: the middle of what that leaves open."""
        ends = self.variables[name].interval.ends
        return Interval.around(sum(ends, Fraction(0)) / len(ends), Fraction(0))

    def _ways(self, equation: Equation) -> Iterator[_Way]:
        """Yield how `equation` bounds each of its unknown figures.

        All its printed terms are added up beforehand, to one that is called `rest`.
        """
        statement, rest = equation.form, f"± {len(self.bounds)}"
        given, unknown = self._split(statement)
        self.bounds[rest] = bounds_of(given, self.bounds.__getitem__)
        short = unknown.plus(Form.of(rest))
        every = dict.fromkeys(names(statement))
        for name in dict.fromkeys(names(unknown)):
            form = None if self.variables[name].given else solved(short, name)
            if form is not None:
                used = tuple(other for other in every if other != name)
                step = Step(name, (equation,), ANY, used, statement)
                yield _Way(step, form, frozenset(names(form)))

    def _split(self, statement: Form) -> tuple[Form, Form]:
        """Return the printed figures of a statement with its constant, and what else is in it."""
        given: list[tuple[Atom, Fraction]] = []
        unknown: list[tuple[Atom, Fraction]] = []
        for atom, factor in statement.terms:
            is_given = isinstance(atom, str) and self.variables[atom].given
            (given if is_given else unknown).append((atom, factor))
        return Form(tuple(given), statement.constant), Form(tuple(unknown))

    def _contract(self, ways: list[_Way]) -> None:
        """Go all `ways` until none of them makes an interval narrower."""
        changed = set(self.bounds)
        for _ in range(MOST_ROUNDS):
            changed = self._go_round(ways, changed)
            if not changed:
                return

    def _go_round(self, ways: list[_Way], changed: set[str]) -> set[str]:
        """Go each of the ways in which a `changed` figure stands; return what became narrower."""
        narrowed: set[str] = set()
        for way in ways:
            outdated = not (changed.isdisjoint(way.names) and narrowed.isdisjoint(way.names))
            if outdated and self._go(way):
                narrowed.add(way.step.name)
        return narrowed

    def _go(self, way: _Way) -> bool:
        """Bound a figure by what is known of the others now; return whether that narrows it."""
        interval = bounds_of(way.form, self.bounds.__getitem__)
        return self._narrow(replace(way.step, interval=interval))

    def _narrow(self, step: Step) -> bool:
        """Take the interval of `step` over if it is worth it; return whether it was."""
        old = self.bounds[step.name]
        new = old.meet(step.interval)
        if new == old or not _is_worthwhile(old, new):
            return False
        self._keep(step)
        return True

    def _keep(self, step: Step) -> None:
        """Take the interval of `step` over where it makes that of its figure narrower."""
        old = self.bounds[step.name]
        new = old.meet(step.interval)
        if new != old:
            self.bounds[step.name] = new
            self.clock += 1
            self.history.setdefault(step.name, []).append((self.clock, step))

    def _steps_to(self, name: str) -> tuple[Step, ...]:
        """Return the steps by which the interval of `name` came about, the first first."""
        steps: dict[tuple[int, str], Step] = {}
        pending = [(name, self.clock + 1)]
        while pending:
            figure, limit = pending.pop()
            time, step = self._last_step(figure, limit)
            if step is not None and (time, figure) not in steps:
                steps[time, figure] = step
                pending += ((used, time) for used in step.used)
        return tuple(steps[key] for key in sorted(steps))

    def _last_step(self, name: str, limit: int) -> tuple[int, Step | None]:
        """Return the last step to `name` before the time `limit`, and when it was made."""
        for time, step in reversed(self.history.get(name, ())):
            if time < limit:
                return time, step
        return 0, None


def _only_unknown(equation: Equation, written: Collection[str]) -> Iterator[str]:
    """Yield the figure of an equation that is not `written` where all others are."""
    unknown = [name for name in equation.names if name not in written]
    if len(unknown) == 1:
        yield unknown[0]


def _leading_to(last: Step, steps: Mapping[str, Step]) -> Iterator[Step]:
    """Yield those of `steps` that lead to the last one, in their order."""
    leading: set[str] = set()
    pending = list(last.used)
    while pending:
        name = pending.pop()
        if name in steps and name not in leading:
            leading.add(name)
            pending += steps[name].used
    yield from (step for name, step in steps.items() if name in leading)


def _is_worthwhile(old: Interval, new: Interval) -> bool:
    """Return whether `new` is so much narrower than `old` that it is worth a step."""
    if old.width is None or new.width is None:
        return True
    return new.width <= WORTHWHILE * old.width
