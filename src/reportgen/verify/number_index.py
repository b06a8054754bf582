"""Numbers of many pages, so arranged that those are at hand which may tell a given secret."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from operator import itemgetter

from reportgen.language.numbers import WrittenNumber, canonical
from reportgen.model.units import Dimension, also_meant
from reportgen.verify.amounts import FARTHEST, AmountTargets

_LEAST, _MOST = 1 / (1 + FARTHEST) - 1e-6, 1 / (1 - FARTHEST) + 1e-6
"""The sizes that a number may have which tells a secret, as parts of that; rounding makes up for
what floats lack."""

_Sized = tuple[float, WrittenNumber]


class NumberIndex:
    """Numbers by their digits, and by their size in each dimension.

    Ranges, and 318.7万 without the name of what it counts, have no one size: they are few.
    """

    def __init__(self, numbers: Iterable[WrittenNumber]) -> None:
        self._by_digits: dict[str, list[WrittenNumber]] = defaultdict(list)
        self._by_size: dict[Dimension, list[_Sized]] = defaultdict(list)
        self._without_size: list[WrittenNumber] = []
        for number in numbers:
            self._add(number)
        for sized in self._by_size.values():
            sized.sort(key=itemgetter(0))

    def _add(self, number: WrittenNumber) -> None:
        if number.reach or number.is_scaled:
            self._without_size.append(number)
            return
        self._by_digits[canonical(number.digits)].append(number)
        if number.unit is not None:
            size = abs(number.value)
            self._by_size[number.unit.dimension].append((float(size), number))
            meant = also_meant(number.unit)
            if meant != number.unit:
                converted = size * meant.factor / number.unit.factor
                self._by_size[meant.dimension].append((float(converted), number))

    def may_tell(self, targets: AmountTargets) -> Iterator[WrittenNumber]:
        """Yield the numbers that may tell one of `targets`, and some that do not; some twice."""
        if not targets.numbers:
            return
        yield from self._without_size
        for digits in targets.by_digits:
            yield from self._by_digits.get(digits, ())
        for secret in targets.numbers:
            size = float(secret.value)
            sized = self._by_size.get(secret.unit.dimension, [])
            first = bisect_left(sized, size * _LEAST, key=itemgetter(0))
            last = bisect_right(sized, size * _MOST, key=itemgetter(0))
            for _, number in sized[first:last]:
                yield number
