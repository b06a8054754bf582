"""What a reviewer looks at when a relation fails: the typed facts on both sides, then the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reportgen.findings import Place
from reportgen.formula.lookup import is_typed
from reportgen.formula.operand import Operand
from reportgen.formula.titles import Titles
from reportgen.model.figures import Figure, Ledger
from reportgen.model.source import Mark

NAMED = 4
"""Of so many figures named on one side each is worth pointing at; of more, only the claim."""
BELOW = 3
"""Of so many facts below a figure each is worth pointing at; of more, the rule that adds them."""


class Evidence:
    """The places behind the sides of a claim, in the order in which one would mend them."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        titles = {key: figure.title for key, figure in ledger.figures.items()}
        self.titles = Titles(titles, ledger.tables, ledger.year)

    def sides(self, left: Operand, right: Operand, rule: Mark) -> tuple[Place, ...]:
        """Return where both sides stand, typed facts first, and the `rule` that compares them.

        A figure worked out from a few facts is told by these; one worked out from many by its
        own rule, since any one of the facts would be chosen by chance.
        """
        named = [figure for side in (left, right) for figure in self._named(side)]
        typed = [figure for figure in named if is_typed(figure)]
        parts: list[Figure] = []
        rules: list[Figure] = []
        for figure in named:
            if not is_typed(figure):
                below = self._facts_below(figure)
                parts += below
                rules += [] if below else [figure]
        lists = [place for side in (left, right) for place in self._lists(side)]
        return _places([*typed, *parts, *rules], lists, rule)

    def blanks(self, left: Operand, right: Operand, rule: Mark) -> tuple[tuple[Place, ...], str]:
        """Return where a claim lacks a number, the blank facts first, and what they are called."""
        keys = list(self._undefined([*left.inputs, *right.inputs]))
        found = [self.ledger.figures[key] for key in keys if key in self.ledger.figures]
        found.sort(key=lambda figure: not is_typed(figure))
        names = dict.fromkeys(self.titles.of(key) for key in keys)
        return _places(found[:NAMED], [], rule), "、".join([*names][:NAMED])

    def _facts_below(self, figure: Figure) -> list[Figure]:
        """Return the typed facts below `figure`, nothing if they are many; blanks do not count."""
        facts: list[Figure] = []
        left, seen = [figure.key], {figure.key}
        while left:
            at = self.ledger.figures.get(left.pop())
            if at is not None and is_typed(at):
                facts.append(at)
            fresh = [key for key in at.inputs if key not in seen] if at else []
            inputs = [key for key in fresh if not self._is_undefined(key)]
            if len(facts) > BELOW or len(inputs) > BELOW:
                return []
            left += reversed(inputs)
            seen.update(inputs)
        return facts

    def _undefined(self, keys: Iterable[str]) -> Iterator[str]:
        """Yield the keys of the figures that make those at `keys` undefined, once each."""
        left, seen = [*keys], set(keys)
        while left:
            key = left.pop(0)
            figure = self.ledger.figures.get(key)
            if figure is not None and figure.value is not None:
                continue
            inputs = [k for k in figure.inputs if self._is_undefined(k)] if figure else []
            if not inputs:
                yield key
            left += [k for k in inputs if k not in seen]
            seen.update(inputs)

    def _is_undefined(self, key: str) -> bool:
        figure = self.ledger.figures.get(key)
        return figure is not None and figure.value is None

    def _named(self, side: Operand) -> list[Figure]:
        """Return the figures that one side of a claim names, none where they are many."""
        found = [self.ledger.figures[key] for key in side.inputs if key in self.ledger.figures]
        return found if len(found) <= NAMED else []

    def _lists(self, side: Operand) -> Iterator[Place]:
        """Yield the place of each list that is counted: its first item, and how many there are."""
        items = [self.ledger.texts[key] for key in side.inputs if key in self.ledger.texts]
        lists = [item.key.rpartition(".")[0] for item in items]
        for name in dict.fromkeys(lists):
            first = items[lists.index(name)]
            yield Place(first.mark, f"{first.title} {lists.count(name)}")


def _places(figures: Iterable[Figure], others: list[Place], rule: Mark) -> tuple[Place, ...]:
    """Return the places of `figures` with title and value, each mark once, and the rule."""
    notes: dict[Mark, list[str]] = {}
    for figure in figures:
        notes.setdefault(figure.mark, []).append(f"{figure.title} {figure.text or '—'}")
    for place in (*others, Place(rule, "rule")):
        notes.setdefault(place.mark, [place.note])
    return tuple(Place(mark, "；".join(dict.fromkeys(said))) for mark, said in notes.items())
