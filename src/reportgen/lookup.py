"""Answers what `explain` is asked: finds the figures, texts and rules that a word may mean."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from reportgen import explain
from reportgen.explain_rules import relation_told, standard_told
from reportgen.formula.names import PRIOR
from reportgen.job import Outcome
from reportgen.model.document import Document
from reportgen.model.facts import Fact
from reportgen.model.figures import Ledger
from reportgen.model.places import spots

SUGGESTIONS = 5
"""So many names are offered for one that does not exist."""


def answers(
    outcome: Outcome, target: str, *, used_by: bool = False, deep: bool = False
) -> tuple[str, ...]:
    """Return what is to be said of each figure, text and rule that `target` means.

    A text is meant by its key, its title or all of its words; a relation or scoring rule by key
    or title. With `used_by`: where it is printed, and for a figure what is worked out from it.
    """
    ledger, document = outcome.ledger, outcome.document
    if ledger is None:
        return ()
    figures = _figures(ledger, document, target, used_by=used_by, deep=deep)
    relations = (each for each in outcome.rules.relations if target in (each.key, each.title))
    standards = (each for each in outcome.rules.standards if target in (each.name, each.title))
    return (
        *figures,
        *(relation_told(each, ledger, outcome.findings) for each in relations),
        *(standard_told(each, ledger, outcome.rules.scorings) for each in standards),
    )


def near(outcome: Outcome, target: str) -> tuple[str, ...]:
    """Return up to five keys, with their titles, that look like `target` or are titled so."""
    names = dict(_names(outcome))
    keys = difflib.get_close_matches(target, names, SUGGESTIONS, 0.6)
    titles = set(difflib.get_close_matches(target, {*names.values()}, SUGGESTIONS, 0.6))
    holding = [key for key, title in names.items() if title in titles or target in title]
    every = dict.fromkeys([*keys, *holding])
    return tuple(f"{key}（{names[key]}）" for key in [*every][:SUGGESTIONS])


def _names(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Yield every key of this year that can be explained, with its title."""
    ledger = outcome.ledger or Ledger(0)
    yield from ((key, each.title) for key, each in ledger.figures.items() if key[:6] != PRIOR)
    yield from ((key, each.title) for key, each in ledger.texts.items() if key[:6] != PRIOR)
    yield from ((each.key, each.title) for each in outcome.rules.relations)
    yield from ((each.name, each.title) for each in outcome.rules.standards)


def _figures(
    ledger: Ledger, document: Document | None, target: str, *, used_by: bool, deep: bool
) -> tuple[str, ...]:
    keys = explain.search(ledger, document, target)
    meant = [t for t in ledger.texts.values() if target in (t.key, t.title, t.value)]
    texts = {text.mark: text for text in reversed(meant)}.values()  # the unit's stand for each year
    if not used_by:
        every = (*keys, *(text.key for text in texts))
        return tuple(explain.tree(ledger, key, deep=deep) for key in every)
    figures = (explain.used_by(ledger, document, key) for key in keys)
    return (*figures, *(_used(text, ledger, document) for text in texts))


def _used(text: Fact, ledger: Ledger, document: Document | None) -> str:
    """Return a text with its place, where its words are printed, and what counts it."""
    own, place, *counting = explain.used_by(ledger, document, text.key).split("\n")
    value = str(text.value or "")
    found = [spot.where for spot in spots(document) if value in spot.text] if document else []
    printed = [f"  印作 {value}：{where}" for where in found] if value else []
    return "\n".join([own, place, *printed, *counting])
