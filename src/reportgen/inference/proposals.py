"""Which further figures to withhold so that nothing can be worked out any more: the fewest.

Each way of working a figure out demands that one of the figures it uses go. A choice that meets
all demands known so far is tried; what can be worked out all the same makes further demands.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from reportgen.inference.recovery import Recovery
from reportgen.model.frozen import frozen

MOST_FURTHER = 3
"""How many further figures are looked for in every way; more only by what helps most."""
MOST_TRIALS = 16
"""How many sets of further figures are tried before the search gives up."""
MOST_COMPARED = 5_000
"""How many sets are looked at before one of them is tried."""

Proposal = tuple[str, ...]


def fewest_further(
    recoveries_without: Callable[[Proposal], tuple[Recovery, ...]],
    lost_with: Callable[[str], Collection[str]],
    candidates: Callable[[Recovery], Iterable[str]],
    cost: Callable[[Proposal], Any],
) -> Proposal | None:
    """Return the fewest figures without which nothing is worked out, the cheapest of several.

    `recoveries_without` says what can be worked out without the chosen ones, `lost_with` what
    goes with one of them, `candidates` which of those that a recovery uses could be chosen. Each
    recovery says that one of them has to go, as long as its figure is a secret. None where no
    choice does, or the search takes too long.
    """
    search = _ProposalSearch(lost_with, cost)
    for _ in range(MOST_TRIALS):
        proposal = search.proposal()
        recoveries = () if proposal is None else recoveries_without(proposal)
        if proposal is None or not recoveries:
            return proposal
        for recovery in recoveries:
            search.add(recovery, tuple(candidates(recovery)), proposal)
    return None


@frozen
class _Demand:
    """While `name` is secret, one of `used` has to go, by one of the `candidates`."""

    name: str
    used: frozenset[str]
    candidates: tuple[str, ...]


class _ProposalSearch:
    """Finds what meets all demands so far; `secrets` are the names that are secret anyway."""

    def __init__(
        self, lost_with: Callable[[str], Collection[str]], cost: Callable[[Proposal], Any]
    ) -> None:
        self.lost_with = lost_with
        self.cost = cost
        self.secrets: set[str] = set()
        self.demands: list[_Demand] = []
        self.compared = 0

    def add(self, recovery: Recovery, candidates: tuple[str, ...], proposal: Proposal) -> None:
        """Demand that a recovery which `proposal` leaves be made impossible."""
        if not proposal:
            self.secrets.add(recovery.name)
        used = frozenset(recovery.used) - self._lost(proposal)
        self.demands.append(_Demand(recovery.name, used, candidates))

    def proposal(self) -> Proposal | None:
        """Return the best of the smallest proposals that meet all demands, None without any."""
        self.compared = 0
        for size in range(MOST_FURTHER + 1):
            meeting = tuple(self._extended((), size))
            if meeting:
                return min(meeting, key=self.cost)
        return self._greedy(())

    def _lost(self, proposal: Proposal) -> set[str]:
        return set().union(*map(self.lost_with, proposal))

    def _open(self, proposal: Proposal) -> list[_Demand]:
        """Return the demands that `proposal` does not meet."""
        lost = self._lost(proposal)
        return [
            demand
            for demand in self.demands
            if lost.isdisjoint(demand.used) and (demand.name in self.secrets or demand.name in lost)
        ]

    def _extended(self, proposal: Proposal, more: int) -> Iterator[Proposal]:
        """Yield `proposal` with up to `more` figures that meet all demands."""
        self.compared += 1
        unmet = self._open(proposal)
        if not unmet:
            yield proposal
        elif more and self.compared < MOST_COMPARED:
            for name in self._helpful(unmet[0], proposal):
                yield from self._extended((*proposal, name), more - 1)

    def _helpful(self, demand: _Demand, proposal: Proposal) -> Iterator[str]:
        """Yield the candidates that meet a demand."""
        for name in demand.candidates:
            if name not in proposal and not demand.used.isdisjoint(self.lost_with(name)):
                yield name

    def _greedy(self, proposal: Proposal) -> Proposal | None:
        """Return `proposal` with what leaves the fewest demands open each time."""
        unmet = self._open(proposal)
        while unmet:
            longer = [(*proposal, name) for name in self._helpful(unmet[0], proposal)]
            if not longer:
                return None
            proposal = min(longer, key=lambda each: (len(self._open(each)), self.cost(each)))
            unmet = self._open(proposal)
        return proposal
