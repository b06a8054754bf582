"""What a number in a finished file says of a number kept back.

A number that counts the same thing says it when it is the value, or when rounding, up or down,
leaves no more open than counts as known (`model.disclosed.nearness`). A number without a unit, or
with another one, says it by its digits, if they are no chance.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from operator import attrgetter
from typing import Literal, NamedTuple

from reportgen.language.numbers import WrittenNumber, canonical
from reportgen.language.numerals import CHARACTERS, UPPER
from reportgen.model.disclosed import Secret, nearness
from reportgen.model.frozen import frozen
from reportgen.model.quantity import BOUND_WORDS, exact, round_half_up
from reportgen.model.units import (
    PREFIXES,
    UNITS,
    Dimension,
    Unit,
    also_meant,
    find_unit,
    is_kindred,
)
from reportgen.verify.written_amounts import (
    OpenAmounts,
    WrittenAmount,
    telling_digits,
    written_amounts,
)

Manner = Literal["@typed", "@digits", "@date", "@initials", "@piece", "@converted", "@rounded"]
"""How something is spelled, by a label of `codes.yaml`."""
Why = Literal["@short", "@common", "@told", "@unit_only"]
"""Why something cannot be told in a text, by a label of `codes.yaml`."""

_BARE, _BARE_ROUNDED, _ROUNDED = 4, 5, 2
"""Significant digits from which a number alone is no chance: exact, rounded, rounded with unit."""
_RATIO, _KINDRED = 3, 3
"""Those of a share, and of a count in a kindred unit."""
_YEAR = re.compile("19[5-9][0-9]|20[0-4][0-9]")
FARTHEST = 0.25
"""So far off, as a part of itself, a number may be that tells another one at all."""
_CALENDAR = {"年", "月", "日", "号", "页"}
_PLAIN = (UNITS["%"], UNITS[""])
_BOUNDS = BOUND_WORDS | {"及以上", "及以下", "以上", "以下", "以内"}


@frozen
class Amount:
    """A number of `secret` counted in `unit`; `bare` if its digits tell it without the unit."""

    secret: Secret
    unit: Unit
    manner: Manner
    bare: bool


@frozen
class SecretNumber:
    """The size of a secret in base units; `step` is the worth of the last digit as printed."""

    secret: Secret
    unit: Unit
    value: Fraction
    step: Fraction

    @property
    def printed(self) -> Fraction:
        """Return the value as it is printed."""
        return round_half_up(self.value / self.unit.factor, _decimals(self.secret)) * self.step

    @property
    def digits(self) -> str:
        """Return the digits of the value as it is printed."""
        return canonical(exact(self.printed / self.unit.factor))

    @property
    def nearness(self) -> Fraction:
        """Return how far off what is told may be to tell the value."""
        return nearness(self.value, self.step)


class SecretMatch(NamedTuple):
    """What a number says of a secret: in which manner, in what unit; `sure` if it is no chance."""

    secret: Secret
    manner: str
    symbol: str
    sure: bool = True


# What to search for


@dataclass
class AmountTargets:
    """The numbers to search for, by their size and by their digits; `known` are the open ones."""

    known: OpenAmounts = field(default_factory=OpenAmounts)
    by_digits: dict[str, list[Amount]] = field(default_factory=dict)
    numbers: list[SecretNumber] = field(default_factory=list)

    def of(self, key: str) -> AmountTargets:
        """Return what of it is of the secrets of one key."""
        numbers = [number for number in self.numbers if number.secret.key == key]
        by_digits = {digits: _of_key(key, amounts) for digits, amounts in self.by_digits.items()}
        return AmountTargets(self.known, by_digits, numbers)

    @cached_property
    def heads(self) -> frozenset[str]:
        """Return the first three digits of all numbers to search for, rounded to two ones too."""
        exact_heads = {telling_digits(digits)[:3].ljust(3, "0") for digits in self.by_digits}
        cut_off = {head[:2] + "0" for head in exact_heads}
        return frozenset(exact_heads | cut_off | {str(int(head) + 10) for head in cut_off})

    @cached_property
    def by_dimension(self) -> Mapping[Dimension, _BySize]:
        """Return the numbers of each dimension."""
        grouped: dict[Dimension, list[SecretNumber]] = {}
        for number in self.numbers:
            grouped.setdefault(number.unit.dimension, []).append(number)
        return {dimension: _BySize(numbers) for dimension, numbers in grouped.items()}

    @cached_property
    def bases(self) -> frozenset[tuple[Dimension, Fraction]]:
        """Return the units, without 万 and the like, in which the numbers are counted."""
        units = (number.unit for number in self.numbers if number.unit.dimension)
        return frozenset((unit.dimension, _base_factor(unit)) for unit in units)

    def add(self, secret: Secret) -> Why | None:
        """Add the ways to write a number; return why if they do not tell it safely.

        The reason is that of the first way, in which the figure itself is printed.
        """
        if secret.value is None or secret.unit is None:
            return None
        value, unit = abs(secret.value), secret.unit
        if value in (0, 1):
            return "@common"
        if self.known.holds(value, unit):
            return "@told"
        step = unit.factor / 10 ** _decimals(secret)
        self.numbers.append(SecretNumber(secret, unit, value, step))
        written = written_amounts(value, unit, secret.shape)
        reasons = [self._add_digits(secret, unit, each) for each in written]
        return reasons[0]

    def _add_digits(self, secret: Secret, own: Unit, written: WrittenAmount) -> Why | None:
        """Add the digits of a way to write a number; return why they do not tell it safely."""
        digits, unit, rounded = written
        if self.known.holds(Fraction(digits) * unit.factor, unit):
            return "@told"
        if not _is_telling(digits, own.dimension):
            return "@short"
        bare = self._tells_alone(written, own)
        manner: Manner = "@typed" if unit == own else "@converted"
        amount = Amount(secret, unit, "@rounded" if rounded else manner, bare)
        self.by_digits.setdefault(digits, []).append(amount)
        return None if bare else "@unit_only"

    def _tells_alone(self, written: WrittenAmount, own: Unit) -> bool:
        """Return whether digits tell a number of the unit `own` without a unit."""
        digits, unit, rounded = written
        least = _BARE_ROUNDED if rounded else _BARE
        if digits in self.known.digits or _significant(digits) < least:
            return False
        if unit != own and _YEAR.fullmatch(digits):
            return False
        return bool(own.dimension) or unit in _PLAIN

    # What a number in a file says of them

    def told_by(self, number: WrittenNumber) -> Iterator[SecretMatch]:
        """Yield what `number` tells."""
        unit = _unit_of(number)
        if number.is_scaled:
            for dimension, factor in self.bases:
                yield from self._near(number, dimension, factor, _ROUNDED)
        elif unit is None:
            yield from self._by_digits(number)
        else:
            yield from self._with_unit(number, unit)

    def _by_digits(self, number: WrittenNumber) -> Iterator[SecretMatch]:
        """Yield what digits tell alone."""
        for amount in self.by_digits.get(canonical(number.digits), ()):
            if amount.bare:
                manner = _script(number) or amount.manner
                yield SecretMatch(amount.secret, manner, amount.unit.symbol)

    def _with_unit(self, number: WrittenNumber, unit: Unit) -> Iterator[SecretMatch]:
        """Yield what a number tells with its unit; if nothing, what its digits tell."""
        least = _ROUNDED if unit.dimension else _RATIO
        told = list(self._near(number, unit.dimension, Fraction(1), least))
        meant = also_meant(unit)
        if meant != unit:
            told += self._near(number, meant.dimension, meant.factor / unit.factor, least)
        yield from told or self._with_other_unit(number, unit)

    def _near(
        self, number: WrittenNumber, dimension: Dimension, factor: Fraction, least: int
    ) -> Iterator[SecretMatch]:
        """Yield which numbers of `dimension` the number tells that holds `factor` base units."""
        found = _FoundAmount(number, factor)
        for secret in self.by_dimension.get(dimension, _NONE).around(found.value, found.reach):
            manner = found.manner_of(secret)
            if manner and not self.known.holds(found.value, Unit("", dimension, Fraction(1))):
                yield from found.matches(secret, manner, least)

    def _with_other_unit(self, number: WrittenNumber, unit: Unit) -> Iterator[SecretMatch]:
        """Yield what the digits of a number tell whose unit is another one."""
        digits = canonical(number.digits)
        if unit.symbol in _CALENDAR or digits in self.known.digits:
            return
        for amount in self.by_digits.get(digits, ()):
            if amount.manner != "@rounded":
                yield from _with_digits_of(amount, digits, unit, is_parted=" " in number.text)


def _with_digits_of(
    amount: Amount, digits: str, unit: Unit, *, is_parted: bool
) -> Iterator[SecretMatch]:
    """Yield what the digits of `amount` tell with `unit`, which may begin the next column."""
    if (amount.bare and is_parted) or _is_kindred_count(digits, unit, amount):
        yield SecretMatch(amount.secret, amount.manner, amount.unit.symbol)
    elif _significant(digits) >= _BARE:
        yield SecretMatch(amount.secret, "@other_unit", "", sure=False)


class _BySize:
    """Numbers of one dimension, in the order of their size."""

    def __init__(self, numbers: Iterable[SecretNumber]) -> None:
        self._numbers = sorted(numbers, key=attrgetter("value"))
        self._sizes = [float(number.value) for number in self._numbers]
        self._widest = float(max((number.nearness for number in self._numbers), default=0))

    def around(self, value: Fraction, reach: Fraction) -> list[SecretNumber]:
        """Return the numbers that `value`, or a range of that reach, could tell."""
        size = float(value)
        margin = min(size * FARTHEST, 2 * self._widest) + size * 1e-9
        first = bisect_left(self._sizes, size - margin)
        return self._numbers[first : bisect_right(self._sizes, size + float(reach) + margin)]


_NONE = _BySize(())


class _FoundAmount:
    """A number in a text as an amount of `factor` times its base units."""

    def __init__(self, number: WrittenNumber, factor: Fraction) -> None:
        self.number = number
        self.value = abs(number.value) * factor
        self.reach = number.reach * factor
        self._step = number.step * factor
        self._one = (number.unit.factor if number.unit is not None else 1) * factor

    def manner_of(self, secret: SecretNumber) -> Manner | None:
        """Return how the amount tells `secret`, None if it does not."""
        if self.reach:
            return "@rounded" if self._is_range_of(secret) else None
        if self._is_same(secret):
            return "@typed" if self._one == secret.unit.factor else "@converted"
        return "@rounded" if self._is_rounded(secret) else None

    def _is_range_of(self, secret: SecretNumber) -> bool:
        is_within = self.value <= secret.value <= self.value + self.reach
        return is_within and self.reach <= 2 * secret.nearness

    def _is_same(self, secret: SecretNumber) -> bool:
        if self.value in (secret.value, secret.printed):
            return True
        return self.number.spoken and abs(self.value - secret.value) * 2 <= secret.step

    def _is_rounded(self, secret: SecretNumber) -> bool:
        """Return whether the amount is the secret rounded, up or down, and leaves little open.

        Zeros at the end of a whole number may be digits; nobody cuts off or rounds up to them,
        unless words say that the number is rough: 约800家 are 815家.
        """
        off, most = abs(self.value - secret.value), 2 * secret.nearness
        if self._step <= most:
            return off < self._step
        if _is_rough(self.number) and off <= secret.nearness:
            return off < self._step
        step = self._step
        while step > most and step > self._one:
            step /= 10
        return step <= most and 2 * off <= step

    def matches(self, secret: SecretNumber, manner: Manner, least: int) -> Iterator[SecretMatch]:
        """Yield what the amount tells, sure from `least` digits on if it is rounded."""
        is_rounded = manner == "@rounded"
        digits = secret.digits if self.number.spoken else canonical(self.number.digits)
        if _is_telling(secret.digits if is_rounded else digits, secret.unit.dimension):
            shown, symbol = _script(self.number) or manner, str(self.number.unit or "")
            sure = not is_rounded or bool(self.reach) or _significant(digits) >= least
            yield SecretMatch(secret.secret, shown, symbol, sure)


def _is_rough(number: WrittenNumber) -> bool:
    """Return whether words around a number say that it is not exact: 约, 近, 来, 不到, 以下.

    Of a share bounds say nothing: it is no less than 90% where that is demanded.
    """
    words = {number.before, number.about, number.after} - {""}
    if number.unit is not None and not number.unit.dimension:
        words -= _BOUNDS
    return bool(words)


def _unit_of(number: WrittenNumber) -> Unit | None:
    """Return the unit of a number; behind a decimal one character begins a word (项目)."""
    unit = number.unit
    if unit is None or "." not in number.digits:
        return unit
    return None if _begins_word(unit) else unit


def _begins_word(unit: Unit) -> bool:
    """Return whether a unit is one character that counts things."""
    is_character = len(unit.symbol) == 1 and unit.symbol != "分"
    return is_character and unit.dimension == ((unit.symbol, 1),)


def _of_key(key: str, amounts: Iterable[Amount]) -> list[Amount]:
    return [amount for amount in amounts if amount.secret.key == key]


def _decimals(secret: Secret) -> int:
    return secret.shape.decimals if secret.shape is not None else 0


def _is_kindred_count(digits: str, unit: Unit, amount: Amount) -> bool:
    """Return whether people say `unit` for that of `amount`, as 家 for 户, of so many digits."""
    is_plenty = _significant(digits) >= _KINDRED or len(digits) > _KINDRED
    is_same_scale = unit.factor == amount.unit.factor
    return is_plenty and is_same_scale and is_kindred(unit.dimension, amount.unit.dimension)


def _base_factor(unit: Unit) -> Fraction:
    """Return how many base units a unit holds without 万 and the like before it."""
    for prefix, factor in PREFIXES.items():
        if unit.symbol.startswith(prefix) and find_unit(unit.symbol.removeprefix(prefix)):
            return unit.factor / factor
    return unit.factor


def _script(number: WrittenNumber) -> str:
    """Return how a number in characters is called, nothing for digits."""
    first = number.text[number.body - number.start]
    if first not in CHARACTERS:
        return ""
    return "@upper" if first in UPPER else "@chinese"


def _is_telling(digits: str, dimension: Dimension) -> bool:
    """Return whether digits tell a value together with their unit."""
    if not dimension:
        return _significant(digits) >= _RATIO
    return _significant(digits) >= 2 or len(digits.replace(".", "")) >= 3


def _significant(digits: str) -> int:
    return len(telling_digits(digits))
