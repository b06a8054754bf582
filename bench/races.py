"""Races: contenders take turns, another one first in every round."""

from __future__ import annotations

import gc
import resource
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any, NamedTuple, Protocol

WARM_UP = -1
"""The number of the round that does not count."""
PATIENCE = 300
"""Seconds until a process that hangs is given up."""


class Taken(NamedTuple):
    """What a contender took in a round: seconds of the clock, and of all processors."""

    wall: float
    cpu: float


class Contender(Protocol):
    """Something to measure, again in each round."""

    @property
    def name(self) -> str:
        """Return what the contender is called in its race."""

    def measure(self, number: int) -> Taken:
        """Return what the contender takes in round `number`."""


@dataclass(frozen=True, slots=True)
class Work:
    """Work in this process: `run` takes what `prepare` makes for a round, outside the time."""

    name: str
    run: Callable[[Any], object]
    prepare: Callable[[int], Any] = lambda number: number

    def measure(self, number: int) -> Taken:
        """Return what `run` takes."""
        given = self.prepare(number)
        gc.collect()
        used, started = process_time(), perf_counter()
        self.run(given)
        return Taken(perf_counter() - started, process_time() - used)


@dataclass(frozen=True, slots=True)
class Processes:
    """Commands, each a new process, one after the other, that make `output` if it is given.

    Whoever fails, unless it `fails` as it should, or says that all is well and has made nothing,
    raises a SubprocessError.
    """

    name: str
    commands: tuple[tuple[str, ...], ...]
    folder: Path
    environment: Mapping[str, str]
    output: Path | None = None
    fails: bool = False

    def measure(self, _number: int) -> Taken:
        """Return what the processes take together, with those that they start."""
        if self.output is not None:
            self.output.unlink(missing_ok=True)
        used, started = _seconds_of_children(), perf_counter()
        for command in self.commands:
            subprocess.run(
                command,
                cwd=self.folder,
                env=dict(self.environment),
                check=not self.fails,
                capture_output=True,
                timeout=PATIENCE,
            )
        taken = Taken(perf_counter() - started, _seconds_of_children() - used)
        if self.output is not None and not self.output.is_file():
            raise subprocess.SubprocessError(f"{self.name} has made no {self.output.name}")
        return taken


def _seconds_of_children() -> float:
    """Return the seconds of processors that processes have used which have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def race(
    contenders: Sequence[Contender], rounds: int, *, warmed: bool = False
) -> dict[str, list[Taken]]:
    """Return what each of `contenders` took in each of `rounds` rounds, by name.

    A round for nothing goes before unless they have been `warmed` up: it fills caches, as in a
    process that has worked before.
    """
    if not contenders:
        return {}
    if not warmed:
        for contender in contenders:
            contender.measure(WARM_UP)
    taken: dict[str, list[Taken]] = {contender.name: [] for contender in contenders}
    for number in range(rounds):
        first = number % len(contenders)
        for contender in (*contenders[first:], *contenders[:first]):
            taken[contender.name].append(contender.measure(number))
    return taken


def median_wall(rounds: Sequence[Taken]) -> float:
    """Return the median of the seconds of the clock."""
    return median([taken.wall for taken in rounds])


def least(rounds: Sequence[Taken]) -> Taken:
    """Return the least of either kind of seconds: a busy machine only ever adds to them."""
    return Taken(min(taken.wall for taken in rounds), min(taken.cpu for taken in rounds))
