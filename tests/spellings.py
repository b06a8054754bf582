"""Ways to write a value that is kept back, each of a named class: what people type, composed.

A subject (`spelled_numbers`, …) gives for each class a function from a value to the texts in which
people write it. The tests draw from them, the benchmark counts what the proof catches of them. A
`BORDER` in a text parts pieces of a document: paragraphs, cells, runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from hypothesis import strategies as st

from reportgen.language.folding import BORDER
from reportgen.model.disclosed import Disclosed, Secret
from reportgen.model.figures import Ledger
from reportgen.verify.leaks import find_leaks
from reportgen.verify.part import Part
from reportgen.verify.spellings import search_targets

T = TypeVar("T")
Ways = Mapping[str, Callable[[T], Iterable[str]]]
"""The texts in which a value is written, by class."""


class Spelling(NamedTuple):
    """A text in which something is written, and the class of its spelling."""

    label: str
    text: str


def spelled(ways: Ways[T], value: T) -> Iterator[Spelling]:
    """Yield `value` in every way."""
    for label, write in ways.items():
        for text in write(value):
            yield Spelling(label, text)


def spellings(ways: Ways[T], values: st.SearchStrategy[T]) -> st.SearchStrategy:
    """Draw a value and a spelling of it, each class alike."""

    def of_class(label: str) -> st.SearchStrategy:
        return values.flatmap(lambda value: of_value(label, value))

    def of_value(label: str, value: T) -> st.SearchStrategy:
        texts = list(ways[label](value))
        if not texts:  # no such amount is written in this way
            return st.nothing()
        return st.sampled_from(texts).map(lambda text: (value, Spelling(label, text)))

    return st.sampled_from(list(ways)).flatmap(of_class)


def leaks_in(text: str, *secrets: Secret) -> set[str]:
    """Return the keys of those `secrets` that a part of a file surely tells that says `text`."""
    targets = search_targets(Disclosed(Ledger(2023), "public", secrets=secrets))
    part = Part.of("x", text.split(BORDER))
    return {leak.secret.key for leak in find_leaks(part, targets) if leak.sure}
