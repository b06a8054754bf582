"""A state of a report: its figures and texts by key with where they are printed, its sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Literal

from reportgen.language.text_differences import Stated, sentences
from reportgen.model.document import Document
from reportgen.model.figures import Ledger
from reportgen.model.locations import located_texts, printed_figures
from reportgen.model.units import ONE, Unit, find_unit

EntryKind = Literal["fact", "derived", "score", "text"]

PRIOR = "prior."
"""Before the keys of last year's figures in a ledger."""


@dataclass(frozen=True, slots=True)
class StateEntry:
    """A figure or a text as one state has it.

    `value` is exact, in base units of `unit`'s dimension, None for texts and undefined figures.
    `printed` holds the (text, place) of each time it is printed.
    """

    key: str
    title: str
    kind: EntryKind
    text: str
    value: Fraction | None = None
    unit: Unit = ONE
    formula: str = ""
    inputs: tuple[str, ...] = ()
    source: str = ""
    printed: tuple[tuple[str, str], ...] = ()

    @property
    def typed(self) -> bool:
        """Return whether an author typed it."""
        return self.kind == "text" or (self.kind == "fact" and not self.formula)

    @property
    def prints(self) -> Counter[str]:
        """Return how often each text of it is printed."""
        return Counter(text for text, _ in self.printed)

    @property
    def as_printed(self) -> tuple[str, ...]:
        """Return each text of it that is printed; a cell's number with the unit of its column.

        A size printed behind a word (减少118.96万元) has the sign that the word gives it.
        """
        unit = re.compile(rf"(.+?){re.escape(self.unit.symbol)}") if self.unit.symbol else None
        match = unit.fullmatch(self.text) if unit else None
        bare = {match[1]} if match else set()
        if self.text.startswith("-"):
            bare |= {text[1:] for text in (self.text, *bare)}
        return tuple(dict.fromkeys(self.text if text in bare else text for text in self.prints))

    @property
    def graded(self) -> bool:
        """Return whether it is a number printed as a word, such as 优."""
        digits = any(char.isdigit() for char in self.text)
        return self.kind != "text" and self.value is not None and bool(self.text) and not digits


@dataclass(frozen=True, slots=True)
class ReportState:
    """A report at one time: what the state is called, the report's title, what it says."""

    name: str
    title: str = ""
    pack: str = ""
    items: Mapping[str, StateEntry] = field(default_factory=dict)
    sentences: tuple[Stated, ...] = ()


def of_ledger(name: str, pack: str, ledger: Ledger, document: Document | None) -> ReportState:
    """Return the state of a report that was worked out, and composed if `document` is there."""
    at = printed_figures(document) if document else {}
    figures = {
        key: StateEntry(
            key=key,
            title=figure.title,
            kind=figure.kind,
            text=figure.text,
            value=figure.value,
            unit=figure.unit,
            formula=figure.formula,
            inputs=figure.inputs,
            source=str(figure.span),
            printed=tuple(at.get(key, ())),
        )
        for key, figure in ledger.figures.items()
    }
    texts = {
        key: StateEntry(key, fact.title, "text", str(fact.value or ""), source=str(fact.span))
        for key, fact in ledger.texts.items()
    }
    said = (Stated(spot.text, spot.where) for spot in located_texts(document)) if document else ()
    title = document.name if document else ""
    return ReportState(name, title, pack, {**texts, **figures}, sentences(said))


def of_rows(name: str, rows: Iterable[Mapping[str, Any]], title: str = "") -> ReportState:
    """Return the state that a figures.json holds; raises `KeyError`, `ValueError` or `TypeError`.

    It knows figures only, no texts.
    """
    items = {}
    for row in rows:
        unit = find_unit(row["unit"]) or ONE
        value = Fraction(row["value"]) * unit.factor if row["value"] else None
        items[row["key"]] = StateEntry(
            key=row["key"],
            title=row["title"],
            kind=row["kind"],
            text=row["text"],
            value=value,
            unit=unit,
            formula=row["formula"],
            inputs=tuple(row["inputs"]),
            source=row["source"],
            printed=tuple((at["text"], at["where"]) for at in row["places"]),
        )
    return ReportState(name, title, "", items)


def this_year(state: ReportState) -> ReportState:
    """Return a state without last year's figures."""
    own = {key: item for key, item in state.items.items() if not key.startswith(PRIOR)}
    return replace(state, items=own)


def last_year(state: ReportState, name: str) -> ReportState:
    """Return last year as this year's rules have it: the figures under `prior.`, by their keys.

    The titles are this year's, since the rules are.
    """
    own: dict[str, StateEntry] = {}
    for key, item in state.items.items():
        short = key.removeprefix(PRIOR)
        if short != key and not short.startswith(PRIOR):
            inputs = tuple(inner.removeprefix(PRIOR) for inner in item.inputs)
            this = state.items.get(short)
            title = this.title if this else item.title.removeprefix(f"{name}年")
            own[short] = replace(item, key=short, title=title, inputs=inputs)
    return ReportState(name, "", state.pack, own)


def joined(first: ReportState, then: ReportState) -> ReportState:
    """Return `first`, and of `then` what only that has."""
    return replace(
        first,
        title=then.title,
        pack=then.pack or first.pack,
        items={**then.items, **first.items},
        sentences=then.sentences,
    )
