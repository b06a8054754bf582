"""Answers what `explain` is asked: finds the figures and texts that a word may mean."""

from __future__ import annotations

from reportgen import explain
from reportgen.model.document import Document
from reportgen.model.facts import Fact
from reportgen.model.figures import Ledger
from reportgen.model.places import spots


def answers(
    ledger: Ledger | None, document: Document | None, target: str, *, used_by: bool
) -> tuple[str, ...]:
    """Return what is to be said of each figure and text that `target` means; none if nothing.

    A text is meant by its key, its title or all of its words. With `used_by`: where it is
    printed, and for a figure what is worked out from it.
    """
    if ledger is None:
        return ()
    keys = explain.search(ledger, document, target)
    meant = [t for t in ledger.texts.values() if target in (t.key, t.title, t.value)]
    texts = {text.mark: text for text in reversed(meant)}.values()  # the unit's stand for each year
    if not used_by:
        every = (*keys, *(text.key for text in texts))
        return tuple(explain.tree(ledger, key) for key in every)
    figures = (explain.used_by(ledger, document, key) for key in keys)
    return (*figures, *(_used(text, ledger, document) for text in texts))


def _used(text: Fact, ledger: Ledger, document: Document | None) -> str:
    """Return a text with its place, where its words are printed, and what counts it."""
    own, place, *counting = explain.used_by(ledger, document, text.key).split("\n")
    value = str(text.value or "")
    found = [spot.where for spot in spots(document) if value in spot.text] if document else []
    printed = [f"  印作 {value}：{where}" for where in found] if value else []
    return "\n".join([own, place, *printed, *counting])
