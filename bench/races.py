"""Races: contenders take turns, another one first in every round; the median counts."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any


@dataclass(frozen=True, slots=True)
class Contender:
    """Something to time: `run` takes what `prepare` makes for a round, outside the time."""

    name: str
    run: Callable[[Any], object]
    prepare: Callable[[int], Any] = lambda number: number


def race(contenders: Sequence[Contender], rounds: int) -> dict[str, float]:
    """Return the median seconds of each of `contenders` by name, after `rounds` rounds.

    A round for nothing goes before: it fills caches, as in a process that has worked before.
    """
    for each in contenders:
        seconds(each, -1)
    taken: dict[str, list[float]] = {each.name: [] for each in contenders}
    for number in range(rounds):
        first = number % len(contenders)
        for each in (*contenders[first:], *contenders[:first]):
            taken[each.name].append(seconds(each, number))
    return {name: median(every) for name, every in taken.items()}


def seconds(contender: Contender, number: int) -> float:
    """Return the seconds that `contender` takes in round `number`."""
    given = contender.prepare(number)
    gc.collect()
    started = perf_counter()
    contender.run(given)
    return perf_counter() - started
