"""Printed numbers that give a withheld one by simple arithmetic, though no formula ties them.

Whoever reads 801.6 and 482.9 beside each other takes the difference. Of many numbers some give
any other by chance, so what is tried is weighed: all results near the secret, each as likely to
hit as its rounding is wide, are the hits to expect of a group (a sentence, a row, a table …).
The likeliest groups are searched first, until more than `CHANCE` of a hit by chance is spent.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple

from reportgen.inference.equations import Variable
from reportgen.inference.printed import NumberGroup, StatedNumber
from reportgen.model.figures import Figure
from reportgen.model.units import ONE, Dimension

CHANCE = Fraction(1, 20)
"""How many hits by chance are allowed for one secret over all that is searched for it."""
ROUGHEST = Fraction(1, 100)
"""Where rounding leaves more than this part of a secret open, only its very digits are a hit."""


class Coincidence(NamedTuple):
    """How numbers give a secret, on which group they stand, and what chance had been allowed.

    `keys` are those of the figures among the numbers.
    """

    working: str
    keys: tuple[str, ...]
    group: NumberGroup
    chance: Fraction


def coincidence(
    secret: Variable, subject: NumberGroup, groups: Iterable[NumberGroup]
) -> Coincidence | None:
    """Return how printed numbers give `secret`, None where only chance would make them.

    Those about its own `subject` are tried first, then the others from where least is to be
    expected by chance.
    """
    figure = secret.figure
    if figure is None or secret.value == 0:
        return None
    dimension = figure.unit.dimension
    trials = [_Trial(secret, figure, each) for each in groups if _may_give(each, dimension)]
    trials.sort(key=attrgetter("chance"))
    return _first_hit((_Trial(secret, figure, subject), *trials))


def _may_give(group: NumberGroup, dimension: Dimension) -> bool:
    """Return whether arithmetic on `group` may give something of `dimension`."""
    if dimension == ONE.dimension:
        return len(group.numbers) > 1
    alike = any(number.dimension in {dimension, None} for number in group.numbers)
    return alike and len(group.numbers) > 1


def _first_hit(trials: Sequence[_Trial]) -> Coincidence | None:
    """Return the first hit before too much chance is spent, from close by where that hits too."""
    spent = Fraction(0)
    for trial in trials:
        spent += trial.chance
        if spent > CHANCE:
            return None
        if trial.hit():
            return _coincidence(_closest(trial, trials), spent)
    return None


def _closest(trial: _Trial, trials: Iterable[_Trial]) -> _Trial:
    """Return `trial`, or where it is not from close by the first hit that is."""
    if trial.group.close:
        return trial
    return next((each for each in trials if each.group.close and each.hit()), trial)


def _coincidence(trial: _Trial, spent: Fraction) -> Coincidence | None:
    """Return the hit of a trial, written down."""
    hit = trial.hit()
    if hit is None:
        return None
    words, numbers = hit
    keys = tuple(number.key for number in numbers if number.key)
    return Coincidence(f"{words} ＝ {trial.text}", keys, trial.group, spent)


class _Pool(NamedTuple):
    """Numbers of one dimension in order, and how much rounding leaves open of one on average."""

    numbers: Sequence[StatedNumber]
    values: Sequence[float]
    margin: Fraction

    @classmethod
    def of(cls, numbers: Iterable[StatedNumber]) -> _Pool:
        """Return a pool of `numbers`."""
        ordered = sorted(numbers, key=attrgetter("value"))
        fine = (n.margin for n in ordered if n.margin <= ROUGHEST * abs(n.value))
        margin = sum(fine, Fraction(0)) / max(1, len(ordered))
        return cls(ordered, [float(number.value) for number in ordered], margin)


class _Operation(NamedTuple):
    """What is done to each a of a pool with `other`: `factor` × a + `shift`.

    The rounding of `other` leaves `margin` open of the result.
    """

    pool: _Pool
    other: StatedNumber
    factor: Fraction
    shift: Fraction
    margin: Fraction
    words: str


class _Trial:
    """All that can be done with two numbers of a group, and with a line of a table."""

    def __init__(self, secret: Variable, figure: Figure, group: NumberGroup) -> None:
        self.value = secret.value
        self.float = float(secret.value)
        self.size = abs(secret.value)
        self.half = secret.step / 2
        self.unit = figure.unit
        self.text = figure.text
        self.group = group
        self.pools = dict(self._pools())
        self.own = self.pools.get(self.unit.dimension, _Pool.of(()))
        self.operations = tuple(self._operations())
        self.sums = tuple(self._sums()) if group.line else ()
        self.chance = self._chance()

    def hit(self) -> tuple[str, Sequence[StatedNumber]] | None:
        """Return what gives the secret, written down, and the numbers in it; None without any."""
        return self._hit_of_two() or self._hit_of_sum()

    def _hit_of_two(self) -> tuple[str, Sequence[StatedNumber]] | None:
        for operation in self.operations:
            for number in self._within(operation, ROUGHEST * self.size + self.half):
                result = operation.factor * number.value + operation.shift
                is_near = abs(result - self.value) <= self._tolerance(operation, number.margin)
                if is_near and number is not operation.other:
                    return operation.words.format(a=number.text), (number, operation.other)
        return None

    def _hit_of_sum(self) -> tuple[str, Sequence[StatedNumber]] | None:
        for result, margin, words in self.sums:
            if abs(result - self.value) <= margin + self.half:
                return words, self.group.numbers
        return None

    def _chance(self) -> Fraction:
        """Return how many results would give the secret if those near it lay anywhere."""
        expected = Fraction(0)
        half = self.size / 2
        for operation in self.operations:
            count = len(self._within(operation, half))
            if count:
                expected += 2 * count * self._tolerance(operation, operation.pool.margin)
        for result, margin, _ in self.sums:
            if abs(result - self.value) <= half:
                expected += 2 * (margin + self.half)
        return expected / self.size

    def _tolerance(self, operation: _Operation, margin: Fraction) -> Fraction:
        """Return how far off a result may be: where rounding leaves much open, the digits alone."""
        open_ = operation.factor * margin + operation.margin
        return self.half + (open_ if open_ <= ROUGHEST * self.size else 0)

    def _within(self, operation: _Operation, distance: Fraction) -> Sequence[StatedNumber]:
        """Return the numbers with which the result of `operation` is within `distance`."""
        value, shift, factor = self.float, float(operation.shift), float(operation.factor)
        middle, reach = (value - shift) / factor, float(distance) / factor
        # What floats lose is far less than this; who asks compares the exact numbers.
        room = reach * 1e-9 + (abs(value) + abs(shift)) / factor * 1e-15
        start = bisect_left(operation.pool.values, middle - reach - room)
        end = bisect_right(operation.pool.values, middle + reach + room)
        return operation.pool.numbers[start:end]

    def _pools(self) -> Iterator[tuple[Dimension, _Pool]]:
        """Yield the numbers of each dimension, each once."""
        by_dimension: dict[Dimension, dict[tuple[Fraction, Fraction], StatedNumber]] = {}
        for number in map(self._in_unit, self.group.numbers):
            if number.value:
                of_dimension = by_dimension.setdefault(number.dimension or (), {})
                of_dimension.setdefault((number.value, number.margin), number)
        for dimension, numbers in by_dimension.items():
            yield dimension, _Pool.of(numbers.values())

    def _in_unit(self, number: StatedNumber) -> StatedNumber:
        """Return `number`, in the unit of the secret where it has none."""
        if number.unit is not None:
            return number
        factor = self.unit.factor
        return StatedNumber(
            number.value * factor, number.margin * factor, self.unit, number.text, number.key
        )

    def _operations(self) -> Iterator[_Operation]:
        """Yield what can be done with each number that gives something like the secret."""
        for number in self.own.numbers:
            yield from self._added(number)
        if self.unit.dimension == ONE.dimension:
            yield from self._shares()
        elif ONE.dimension in self.pools:
            for rate in self.pools[ONE.dimension].numbers:
                yield from self._multiplied(self.own, rate)

    def _shares(self) -> Iterator[_Operation]:
        """Yield what can be done with two numbers that measure one thing to get a rate."""
        for dimension, pool in self.pools.items():
            if dimension != ONE.dimension:
                yield from self._divided(pool)

    def _added(self, b: StatedNumber) -> Iterator[_Operation]:
        """Yield a + b and a - b."""
        one = Fraction(1)
        yield _Operation(self.own, b, one, b.value, b.margin, f"{{a}} ＋ {b.text}")
        yield _Operation(self.own, b, one, -b.value, b.margin, f"{{a}} － {b.text}")

    def _multiplied(self, pool: _Pool, rate: StatedNumber) -> Iterator[_Operation]:
        """Yield a × b%, a × (1 ± b%), and what was before: a ÷ b%, a ÷ (1 ± b%)."""
        for factor, words in (
            (rate.value, rate.text),
            (1 + rate.value, f"（1 ＋ {rate.text}）"),
            (1 - rate.value, f"（1 － {rate.text}）"),
        ):
            if factor > 0 and factor != 1:
                margin = self.size * rate.margin / factor
                zero = Fraction(0)
                yield _Operation(pool, rate, factor, zero, margin, f"{{a}} × {words}")
                yield _Operation(pool, rate, 1 / factor, zero, margin, f"{{a}} ÷ {words}")

    def _divided(self, pool: _Pool) -> Iterator[_Operation]:
        """Yield the share a ÷ b and the growth a ÷ b - 1 of numbers that measure one thing."""
        for b in pool.numbers:
            if b.value > 0:
                factor = 1 / b.value
                for shift, words in ((0, f"{{a}} ÷ {b.text}"), (-1, f"{{a}} ÷ {b.text} － 1")):
                    margin = (self.value - shift) * b.margin * factor
                    yield _Operation(pool, b, factor, Fraction(shift), abs(margin), words)

    def _sums(self) -> Iterator[tuple[Fraction, Fraction, str]]:
        """Yield what a line of a table adds up to, and what each less all others leaves."""
        own = self._of_dimension()
        total = sum((number.value for number in own), Fraction(0))
        margin = sum((number.margin for number in own), Fraction(0))
        if len(own) > 2 and margin <= ROUGHEST * self.size:
            yield total, margin, f"{own[0].text} ＋ {own[1].text} ＋ ……（共{len(own)}项）"
            for number in own:
                rest = f"{number.text} － 其余{len(own) - 1}项"
                yield 2 * number.value - total, margin, rest

    def _of_dimension(self) -> list[StatedNumber]:
        """Return the numbers that measure what the secret does, repetitions too."""
        numbers = map(self._in_unit, self.group.numbers)
        return [number for number in numbers if number.dimension == self.unit.dimension]
