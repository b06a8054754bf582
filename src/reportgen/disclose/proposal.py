"""Looks for the least that has to be withheld as well, so that nothing can be worked out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from reportgen.disclose.recovery import Recovery

MOST_FURTHER = 3
"""How many further figures are proposed at most."""
MOST_TRIALS = 150
"""How many sets of further figures are tried before the search gives up."""

Chosen = tuple[str, ...]


def least(
    told: Callable[[Chosen], tuple[Recovery, ...]],
    candidates: Callable[[Recovery], Iterable[str]],
    cost: Callable[[Chosen], Any],
) -> Chosen | None:
    """Return the fewest figures without which nothing is told, the cheapest of several.

    `told` says what can be worked out without the chosen ones, `candidates` which of the
    figures used could be withheld. One of those that the first recovery uses has to go, so
    only they are tried. None where three are too few, or the search takes too long.
    """
    left: list[tuple[Chosen, Recovery]] = [((), told(())[0])]
    tried: set[frozenset[str]] = set()
    for _ in range(MOST_FURTHER):
        safe: list[Chosen] = []
        further: list[tuple[Chosen, Recovery]] = []
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
