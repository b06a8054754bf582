"""What linear equations say together of a figure: its ends by the simplex method, exactly.

Numbers are counted from the true point, where every equation holds and each number lies within
its interval, so that no first point need be looked for. Rows are whole numbers without a common
divisor: the method as usual, but no rounding (the general simplex of Dutertre and de Moura, A Fast
Linear-Arithmetic Solver for DPLL(T), section 3, turned from deciding to optimising).

A product or quotient is held between the planes that enclose it while its operands stay within
their intervals (McCormick, Computability of global solutions to factorable nonconvex programs,
Mathematical Programming 10, 1976); a share that is printed so ties its part to its whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain, product
from math import gcd, lcm

from reportgen.inference.equations import Combination, Equation, Variable
from reportgen.inference.linear_forms import (
    ANY,
    UNIT,
    ZERO,
    Atom,
    Form,
    Interval,
    Product,
    Quotient,
    bounds_of,
    slopes,
)
from reportgen.model.frozen import frozen

_Integers = dict[int, int]
"""A sum that is 0: the factor of each number, and below 0, of each equation, as `_mark` has it."""
_Factors = dict[str, Fraction]
"""A sum that changes with figures and with products of them, by name."""


@frozen
class _Row:
    """A sum whose change is 0: that of equation `number`, or a plane beside a product in it."""

    number: int
    factors: Mapping[str, Fraction]
    is_plane: bool


class LinearProgram:
    """The linear program of figures that lie within `bounds` and are tied by `equations`."""

    def __init__(
        self,
        variables: Mapping[str, Variable],
        bounds: Mapping[str, Interval],
        equations: Sequence[Equation],
    ) -> None:
        self.variables = variables
        self.equations = equations
        rows = _Rows(variables, bounds)
        for number, equation in enumerate(equations):
            rows.add(number, equation.form)
        self.rows = rows.rows
        self.numbers: dict[str, int] = {}
        self.rooms: list[Interval] = []
        numbered = [self._numbered(row, rows.rooms) for row in self.rows]
        self.simplex = _Simplex(self.rooms, numbered)

    def combinations(self, name: str) -> Iterator[Combination]:
        """Yield what bounds the figure `name` from below and from above, where anything does."""
        number = self.numbers.get(name)
        for direction in (-1, 1):
            farthest = None if number is None else self.simplex.farthest(number, direction)
            if farthest is not None and farthest.shares:
                end = self.variables[name].value + farthest.move
                interval = Interval(end) if direction < 0 else Interval(None, end)
                yield self._combination(name, interval, farthest.shares)

    def _numbered(self, row: _Row, rooms: Mapping[str, Interval]) -> Mapping[int, Fraction]:
        """Return the factors of a row by the numbers of their names."""
        numbered: dict[int, Fraction] = {}
        for name, factor in row.factors.items():
            number = self.numbers.setdefault(name, len(self.rooms))
            if number == len(self.rooms):
                self.rooms.append(rooms[name])
            numbered[number] = factor
        return numbered

    def _combination(
        self, name: str, interval: Interval, shares: Mapping[int, Fraction]
    ) -> Combination:
        """Return the rows added up, with a form where all of them are plain equations."""
        numbers = dict.fromkeys(self.rows[at].number for at in sorted(shares))
        combined = tuple(self.equations[number] for number in numbers)
        used = dict.fromkeys(chain.from_iterable(equation.names for equation in combined))
        others = tuple(other for other in used if other != name)
        return Combination(combined, self._sum_of_forms(shares), name, interval, others)

    def _sum_of_forms(self, shares: Mapping[int, Fraction]) -> Form | None:
        """Return the plain equations of rows added up, None where one of them is none."""
        total = Form()
        for at in sorted(shares):
            row = self.rows[at]
            form = self.equations[row.number].form
            if row.is_plane or not form.is_linear:
                return None
            total = total.plus(form, shares[at])
        return total


class _Rows:
    """Equations as rows; `rooms` says how far each number in them may move from its value."""

    def __init__(self, variables: Mapping[str, Variable], bounds: Mapping[str, Interval]) -> None:
        self.bounds = {name: bounds[name] for name in variables}
        self.values = {name: variable.value for name, variable in variables.items()}
        self.rooms: dict[str, Interval] = {}
        self.rows: list[_Row] = []
        self.atoms: dict[Product | Quotient, str] = {}

    def add(self, number: int, form: Form) -> None:
        """Add the equation `form` is 0."""
        for at, (atom, factor) in enumerate(form.terms):
            if not isinstance(atom, str):
                others = Form(form.terms[:at] + form.terms[at + 1 :], form.constant)
                self._name(number, atom, bounds_of(others.times(-1 / factor), self._known))
        self.rows.append(_Row(number, self._factors(number, form), is_plane=False))

    def _known(self, name: str) -> Interval:
        return self.bounds[name]

    def _factors(self, number: int, form: Form) -> _Factors:
        """Return how `form` changes, each product in it as a number of its own."""
        factors: _Factors = {}
        for atom, factor in form.terms:
            name = self._name(number, atom)
            factors[name] = factors.get(name, ZERO) + factor
            if name not in self.rooms:
                value = self.values[name]
                self.rooms[name] = self.bounds[name] + Interval(-value, -value)
        return factors

    def _name(self, number: int, atom: Atom, implied: Interval = ANY) -> str:
        """Return the name of an atom; that of a product, which is held by planes, is made here."""
        if isinstance(atom, str):
            return atom
        if atom not in self.atoms:
            form = Form(((atom, UNIT),))
            name = self.atoms[atom] = f"× {len(self.atoms)}"
            self.bounds[name] = bounds_of(form, self._known).meet(implied)
            self.values[name], _ = slopes(form, self.values)
            if isinstance(atom, Product):
                self._add_planes(number, Form.of(name), atom.left, atom.right)
            else:
                self._add_planes(number, atom.upper, Form.of(name), atom.lower)
        return self.atoms[atom]

    def _add_planes(self, number: int, whole: Form, left: Form, right: Form) -> None:
        """Add that `whole` is `left` × `right`: their distances from two ends have a product ≥ 0.

        That of a lower and an upper end is ≤ 0.
        """
        forms = (whole, left, right)
        factors = [self._factors(number, form) for form in forms]
        _, left_value, right_value = (slopes(form, self.values)[0] for form in forms)
        left_ends = _signed_ends(bounds_of(left, self._known))
        right_ends = _signed_ends(bounds_of(right, self._known))
        for (a, side), (c, other_side) in product(left_ends, right_ends):
            sign = Fraction(side * other_side)
            distance = sign * (left_value - a) * (right_value - c)
            name = f"≥ {len(self.rows)}"
            self.rooms[name] = Interval(-distance)
            plane = {name: UNIT}
            for part, count in zip(factors, (-sign, sign * c, sign * a), strict=True):
                _add(plane, part, count)
            self.rows.append(_Row(number, plane, is_plane=True))


def _signed_ends(interval: Interval) -> list[tuple[Fraction, int]]:
    """Return the ends there are, the lower with 1, the upper with -1."""
    ends: list[tuple[Fraction, int]] = []
    if interval.low is not None:
        ends.append((interval.low, 1))
    if interval.high is not None:
        ends.append((interval.high, -1))
    return ends


def _add(total: _Factors, part: Mapping[str, Fraction], count: Fraction) -> None:
    """Add `count` times `part` to `total`."""
    for name, factor in part.items():
        total[name] = total.get(name, ZERO) + factor * count


@frozen
class _Farthest:
    """How far a number can move, and how often each equation goes into the sum that says so."""

    move: Fraction
    shares: Mapping[int, Fraction]


class _Simplex:
    """Numbers that may move within `rooms`, which hold 0, while all `equations` stay 0.

    An equation gives the factor of each number that stands in it, by its index in `rooms`.
    """

    def __init__(
        self, rooms: Sequence[Interval], equations: Iterable[Mapping[int, Fraction]]
    ) -> None:
        self.rooms = rooms
        self.at = [ZERO] * len(rooms)
        self.rows: dict[int, _Integers] = {}
        self.columns: list[set[int]] = [set() for _ in rooms]
        for number, factors in enumerate(equations):
            self._add(number, factors)

    def farthest(self, number: int, direction: int) -> _Farthest | None:
        """Return how far `number` can move down (-1) or up (1); None where there is no end."""
        while True:
            entering = self._improving(number, direction)
            if entering is None:
                return _Farthest(self.at[number], self._shares(number))
            if not self._move(*entering):
                return None

    def _add(self, number: int, factors: Mapping[int, Fraction]) -> None:
        """Add an equation; one that follows from the others adds nothing."""
        scale = lcm(*(factor.denominator for factor in factors.values()))
        row = {at: int(factor * scale) for at, factor in factors.items() if factor}
        row[_mark(number)] = scale
        row = self._without_basic(row)
        free = [at for at in row if at >= 0]
        if free:
            self._solve(row, min(free, key=self._preference))

    def _without_basic(self, row: dict[int, int]) -> dict[int, int]:
        """Return a row with the rows put in for the numbers that have one."""
        for basic in [at for at in row if at in self.rows]:
            row = _eliminated(row, basic, self.rows[basic])
        return row

    def _preference(self, at: int) -> tuple[int, int]:
        """Return how well a number suits to be expressed by others: one without ends does best."""
        return len(self.rooms[at].ends), len(self.columns[at])

    def _solve(self, row: _Integers, basic: int) -> None:
        """Express `basic` by the other numbers of `row`, there and in all rows."""
        for other in tuple(self.columns[basic]):
            self._set(other, _eliminated(self.rows[other], basic, row))
        self._set(basic, row)

    def _set(self, basic: int, row: _Integers) -> None:
        """Make `row` the one that expresses `basic`."""
        self._drop(basic)
        self.rows[basic] = row
        for at in row:
            if at >= 0 and at != basic:
                self.columns[at].add(basic)

    def _drop(self, basic: int) -> None:
        for at in self.rows.pop(basic, ()):
            if at >= 0 and at != basic:
                self.columns[at].discard(basic)

    def _improving(self, number: int, direction: int) -> tuple[int, int] | None:
        """Return a number, the first that there is, and the way it must go to move `number` on."""
        if not self._has_room(number, direction):
            return None
        row = self.rows.get(number)
        if row is None:
            return number, direction
        return self._partner(row, number, -direction if row[number] > 0 else direction)

    def _partner(self, row: Mapping[int, int], number: int, sign: int) -> tuple[int, int] | None:
        """Return the first other number of a row that can move, and the way it must go."""
        for at in sorted(row):
            way = sign if row[at] > 0 else -sign
            if at >= 0 and at != number and self._has_room(at, way):
                return at, way
        return None

    def _has_room(self, at: int, way: int) -> bool:
        end = self.rooms[at].high if way > 0 else self.rooms[at].low
        return end is None or end != self.at[at]

    def _room(self, at: int, way: int) -> Fraction | None:
        """Return how far `at` may go the `way`, None without an end."""
        end = self.rooms[at].high if way > 0 else self.rooms[at].low
        return None if end is None else abs(end - self.at[at])

    def _move(self, entering: int, way: int) -> bool:
        """Move `entering` until it, or what it moves, is at an end; False where nothing ends it."""
        speeds = {basic: self._speed(basic, entering, way) for basic in self.columns[entering]}
        length, leaving = self._blocking(entering, way, speeds)
        if length is None:
            return False
        self.at[entering] += way * length
        for basic, speed in speeds.items():
            self.at[basic] += speed * length
        if leaving != entering:
            row = self.rows[leaving]
            self._drop(leaving)
            self._solve(row, entering)
        return True

    def _speed(self, basic: int, entering: int, way: int) -> Fraction:
        """Return how far `basic` goes while `entering` goes one the `way`."""
        row = self.rows[basic]
        return Fraction(-way * row[entering], row[basic])

    def _blocking(
        self, entering: int, way: int, speeds: Mapping[int, Fraction]
    ) -> tuple[Fraction | None, int]:
        """Return how far `entering` can go the `way`, and the number that is at its end then."""
        length, blocking = self._room(entering, way), entering
        for basic in sorted(speeds):
            speed = speeds[basic]
            room = self._room(basic, 1 if speed > 0 else -1)
            if room is not None and (length is None or room < length * abs(speed)):
                length, blocking = room / abs(speed), basic
        return length, blocking

    def _shares(self, number: int) -> Mapping[int, Fraction]:
        """Return how often each equation goes into the row of `number`, where it stands once."""
        row = self.rows.get(number, {})
        shares: dict[int, Fraction] = {}
        for at, factor in row.items():
            if at < 0:
                shares[_mark(at)] = Fraction(factor, row[number])
        return shares


def _mark(number: int) -> int:
    """Return what stands for an equation in a row, below 0; of that, the number again."""
    return -1 - number


def _eliminated(row: _Integers, basic: int, expressed: _Integers) -> _Integers:
    """Return `row` with `basic` replaced by what `expressed` says that it is."""
    divisor = gcd(row[basic], expressed[basic])
    mine, its = expressed[basic] // divisor, row[basic] // divisor
    result = {at: factor * mine for at, factor in row.items()}
    for at, factor in expressed.items():
        total = result.get(at, 0) - its * factor
        if total:
            result[at] = total
        else:
            del result[at]
    common = gcd(*result.values())
    return {at: factor // common for at, factor in result.items()} if common > 1 else result
