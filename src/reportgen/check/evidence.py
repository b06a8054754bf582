"""The places behind a relation that does not hold, in the order in which one would mend them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, filterfalse

from reportgen.check.facts import confirmed_values
from reportgen.check.likely_errors import Term, facts_below
from reportgen.check.published import is_print_of
from reportgen.check.waivers import is_same_judgement
from reportgen.findings import RelatedLocation
from reportgen.formula.evaluate import EvaluatedClaim
from reportgen.formula.lookup import LedgerLookup, is_typed
from reportgen.formula.names import PRIOR, is_of_last_year
from reportgen.formula.operand import Operand
from reportgen.formula.reading import Titles
from reportgen.model.figures import Confirmation, Fact, Figure, Ledger
from reportgen.model.rules import Published
from reportgen.model.source import SourceSpan

MOST_NAMED = 4
"""Of so many figures named on one side each is worth pointing at; of more, only the claim."""
MOST_BELOW = 3
"""Of so many facts below a figure each is worth pointing at; of more, the rule that adds them."""
MOST_TERMS = 5
"""Of the terms below a side that are more, so many are shown: the most doubtful."""


def stated_otherwise(
    ledger: Ledger, published: Iterable[Published], confirmations: Iterable[Confirmation]
) -> dict[str, RelatedLocation]:
    """Return where another value of a typed number stands that was published or confirmed."""
    figures = ledger.figures
    otherwise: dict[str, RelatedLocation] = {}
    for entry in published:
        if entry.key in figures and not is_print_of(entry.printed, figures[entry.key]):
            otherwise[entry.key] = RelatedLocation(entry.span, f"@printed {entry.printed}")
    return otherwise | _confirmed_otherwise(figures, confirmations)


def _confirmed_otherwise(
    figures: Mapping[str, Figure], confirmations: Iterable[Confirmation]
) -> dict[str, RelatedLocation]:
    otherwise: dict[str, RelatedLocation] = {}
    for key, (_, value, span) in confirmed_values(confirmations).items():
        if key in figures and not is_same_judgement(value, figures[key].text):
            otherwise[key] = RelatedLocation(span, f"@confirmed {value or '—'}")
    return otherwise


class Evidence:
    """The locations behind the sides of a claim, in the order in which one would mend them."""

    def __init__(self, ledger: Ledger, otherwise: Mapping[str, RelatedLocation]) -> None:
        self.ledger = ledger
        self.otherwise = otherwise
        self.lookup = LedgerLookup(ledger)
        titles = {key: figure.title for key, figure in ledger.figures.items()}
        self.titles = Titles(titles, ledger.tables, ledger.year)

    def sides(
        self, claim: EvaluatedClaim, rule: SourceSpan, *, terms: bool = True
    ) -> tuple[RelatedLocation, ...]:
        """Return where both sides stand, typed facts first, and the `rule` that compares them.

        A figure worked out from a few facts is shown by these; one worked out from many by its
        own rule, and with `terms` by those of them that are most in doubt.
        """
        figures = [*self._named(claim.left), *self._named(claim.right)]
        typed = list(filter(is_typed, figures))
        below, derived = self._below(figures)
        others = self._other_facts(claim, [*typed, *below])
        shown = sorted(self._terms([*below, *others]), key=Term.doubt)[
            : max(MOST_TERMS, len(below))
        ]
        doubted = [term for term in shown if term.otherwise or term.fact in below]
        sides = [*self._terms(typed), *doubted]
        places = _locations([*_term_locations(sides), *map(_location, derived)])
        lists = [*self._lists(claim.left), *self._lists(claim.right)]
        lists += [*self._columns(claim.left), *self._columns(claim.right)]
        more = _untold(_term_locations(shown if terms else ()), [*places, *lists])
        return (*places, *lists, *more, RelatedLocation(rule, "rule"))

    def _terms(self, facts: Iterable[Figure]) -> list[Term]:
        past, otherwise = self.ledger.figures, self.otherwise
        return [Term(fact, past.get(PRIOR + fact.key), otherwise.get(fact.key)) for fact in facts]

    def _below(self, figures: Iterable[Figure]) -> tuple[list[Figure], list[Figure]]:
        """Return the few facts below `figures` that are derived, and those that have many."""
        below: list[Figure] = []
        many: list[Figure] = []
        for figure in filterfalse(is_typed, figures):
            facts = self._facts_below(figure)
            below += facts
            many += [] if facts else [figure]
        return below, many

    def _other_facts(self, claim: EvaluatedClaim, told: Iterable[Figure]) -> list[Figure]:
        """Return the typed numbers below both sides, in order of place, but those `told`."""
        keys = {figure.key for figure in told}
        facts = facts_below(self.ledger, (*claim.left.inputs, *claim.right.inputs))
        return sorted((fact for fact in facts if fact.key not in keys), key=_span)

    def lacking(self, sides: Iterable[str]) -> list[str]:
        """Return the blanks below `sides`, and what last year's files do not have."""
        blanks = self.ledger.blanks_below(*sides)
        return [*blanks, *filter(self._was_not_there, sides)]

    def _was_not_there(self, key: str) -> bool:
        known = (self.ledger.figures, self.ledger.texts, self.ledger.unfilled)
        is_known = key in chain(*known)
        return is_of_last_year(key) and not is_known and not self._is_row(key)

    def _is_row(self, key: str) -> bool:
        return key.rpartition(".")[0] in self.ledger.tables

    def has_not_begun(self, sides: Iterable[str]) -> bool:
        """Return whether of all below `sides` nothing is filled in, and something is to be."""
        below = self._all_below(sides)
        waits = not self.ledger.unfilled.keys().isdisjoint(below)
        filled = filterfalse(self.ledger.is_blank, below)
        return waits and not any(map(self._is_leaf, filled))

    def are_unconfirmed(self, claim: EvaluatedClaim) -> bool:
        """Return whether nobody has confirmed any fact below the sides of a claim."""
        below = self._all_below((*claim.left.inputs, *claim.right.inputs))
        facts = set(filter(self._is_leaf, below))
        return bool(facts) and self.ledger.unconfirmed >= facts

    def _all_below(self, keys: Iterable[str]) -> list[str]:
        """Return `keys` and those of all that they are worked out from, each once."""
        below = list(dict.fromkeys(keys))
        seen = set(below)
        for key in below:  # it grows
            figure = self.ledger.figures.get(key)
            inputs = figure.inputs if figure is not None else ()
            below += filterfalse(seen.__contains__, inputs)
            seen.update(inputs)
        return below

    def _is_leaf(self, key: str) -> bool:
        figure = self.ledger.figures.get(key)
        return figure is None or not figure.inputs

    def blanks(self, keys: Iterable[str], rule: SourceSpan) -> tuple[RelatedLocation, ...]:
        """Return where the blanks at `keys` stand, typed facts first, and the `rule`."""
        figures = sorted(self._figures(keys), key=is_typed, reverse=True)
        places = _locations(map(_location, figures[:MOST_NAMED]))
        return (*places, RelatedLocation(rule, "rule"))

    def titles_of(self, keys: Iterable[str]) -> str:
        """Return what the first of `keys` are called."""
        titles = dict.fromkeys(map(self.titles.of, keys))
        return "、".join([*titles][:MOST_NAMED])

    def _figures(self, keys: Iterable[str]) -> list[Figure]:
        return [self.ledger.figures[key] for key in keys if key in self.ledger.figures]

    def _named(self, side: Operand) -> list[Figure]:
        """Return the figures that one side of a claim names, none where they are many."""
        figures = self._figures(side.inputs)
        return figures if len(figures) <= MOST_NAMED else []

    def _facts_below(self, figure: Figure) -> list[Figure]:
        """Return the typed facts below `figure`, nothing if they are many; blanks do not count."""
        typed = filter(is_typed, self.ledger.below([figure.key]))
        facts = [fact for fact in typed if fact.value is not None]
        return facts if len(facts) <= MOST_BELOW else []

    def _columns(self, side: Operand) -> Iterator[RelatedLocation]:
        """Yield the location of a long column that a side adds up: its first typed cell."""
        cells: dict[str, list[Figure]] = {}
        for figure in self._figures(side.inputs):
            name = f"{figure.key.partition('.')[0]}.*.{figure.key.rpartition('.')[2]}"
            if is_typed(figure) and figure.value is not None:
                cells.setdefault(name, []).append(figure)
        for column in cells.values():
            if len(column) > MOST_NAMED:
                label = column[0].title.rpartition("·")[2]
                yield RelatedLocation(column[0].span, f"{label} ×{len(column)}")

    def _lists(self, side: Operand) -> Iterator[RelatedLocation]:
        """Yield the location of each list that is counted: its first item, and how many it has."""
        lists: dict[str, list[Fact]] = {}
        for key in side.inputs:
            item = self.ledger.texts.get(key)
            if item is not None:
                lists.setdefault(item.key.rpartition(".")[0], []).append(item)
        for items in lists.values():
            yield RelatedLocation(items[0].span, f"{items[0].title} {len(items)}")


def _span(figure: Figure) -> SourceSpan:
    return figure.span


def _location(figure: Figure) -> RelatedLocation:
    return RelatedLocation(figure.span, f"{figure.title} {figure.text or '—'}")


def _term_locations(terms: Iterable[Term]) -> Iterator[RelatedLocation]:
    """Yield where terms stand, and what one in doubt was last year or in print."""
    for term in terms:
        yield _location(term.fact)
        if term.otherwise is not None:
            yield term.otherwise
        elif term.past is not None and term.has_grown:
            yield _location(term.past)


def _untold(
    locations: Iterable[RelatedLocation], told: Iterable[RelatedLocation]
) -> list[RelatedLocation]:
    spans = {location.span for location in told}
    return [location for location in locations if location.span not in spans]


def _locations(locations: Iterable[RelatedLocation]) -> tuple[RelatedLocation, ...]:
    """Return `locations`, each span once, with all that is said of it."""
    notes: dict[SourceSpan, list[str]] = {}
    for location in locations:
        notes.setdefault(location.span, []).append(location.note)
    told: list[RelatedLocation] = []
    for span, texts in notes.items():
        told.append(RelatedLocation(span, "；".join(dict.fromkeys(texts))))
    return tuple(told)
