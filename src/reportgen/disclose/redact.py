"""Takes out of a ledger what its audience must not be told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from reportgen.disclose.rulings import Ruling, above, rulings
from reportgen.model.disclosed import Action, Disclosed, DisclosureEntry, Secret
from reportgen.model.document import Audience
from reportgen.model.figures import Figure, Ledger
from reportgen.model.policy import Mask, Policy

_TEMPLATE = re.compile(r"\{[{%#].*?[#%}]\}", re.DOTALL)
_SHORTEST_PIECE = 6
"""A piece of a sentence between two figures that is shorter says nothing by itself."""


def redact(ledger: Ledger, policy: Policy, audience: Audience) -> Disclosed:
    """Return what of `ledger` may be composed for `audience`, and the log of what may not.

    Withheld keys are blanked, with every figure worked out from them unless it is released by
    name; masked keys print other words; a row that is withheld as a whole is no row any more.
    """
    decided = rulings(ledger, policy, audience)
    hidden = {key: ruling for key, ruling in decided.items() if ruling.hides}
    causes = above(ledger, hidden, decided)
    masks = {key: r.line.shown for key, r in hidden.items() if isinstance(r.line, Mask)}
    rows = _rows_gone(ledger, decided)
    if not (hidden or causes or decided or policy.replacements):
        return Disclosed(ledger, audience, policy)
    told = replace(
        ledger,
        figures={
            key: _hidden(figure, masks.get(key, "")) if key in hidden or key in causes else figure
            for key, figure in ledger.figures.items()
        },
        texts={
            key: replace(text, value=masks.get(key), prose=False) if key in hidden else text
            for key, text in ledger.texts.items()
        },
        tables={
            table: tuple(row for row in ids if f"{table}.{row}" not in rows)
            for table, ids in ledger.tables.items()
        },
    )
    entries = tuple(_entries(ledger, decided, causes, rows))
    secrets = (secret for key in (*hidden, *causes) for secret in _secrets(key, ledger))
    terms = _terms(policy, audience)
    return Disclosed(told, audience, policy, entries, (*secrets, *terms))


def _rows_gone(ledger: Ledger, decided: Mapping[str, Ruling]) -> set[str]:
    """Return the rows that are withheld as a whole: nothing in them is released or masked."""
    gone = set()
    for table, ids in ledger.tables.items():
        for row in (f"{table}.{each}" for each in ids):
            ruling = decided.get(row)
            if ruling is None or not ruling.hides or isinstance(ruling.line, Mask):
                continue
            inside = (decided.get(k) for k in _below(row, ledger))
            if all(r is not None and r.hides and not isinstance(r.line, Mask) for r in inside):
                gone.add(row)
    return gone


def _below(row: str, ledger: Ledger) -> Iterator[str]:
    """Yield the keys of the cells of `row`."""
    return (k for k in (*ledger.figures, *ledger.texts) if k.startswith(f"{row}."))


def _hidden(figure: Figure, words: str) -> Figure:
    """Return `figure` without its value and all that tells of it, printed as `words`."""
    return replace(figure, title="", value=None, words=words, formula="", reading="", inputs=())


def _entries(
    ledger: Ledger, decided: Mapping[str, Ruling], causes: Mapping[str, str], rows: set[str]
) -> Iterator[DisclosureEntry]:
    """Yield a line of the log for each key that was decided about, then for those it caused.

    A figure released by name is told if it would have gone with one that is withheld.
    """
    known = {*ledger.figures, *ledger.texts, *rows}
    hidden = {key: ruling for key, ruling in decided.items() if ruling.hides}
    saved = above(ledger, hidden, hidden)
    for key, ruling in decided.items():
        if key in known and (ruling.hides or ruling.kept or key in saved):
            yield _entry(key, ruling, ledger)
    for key, cause in causes.items():
        yield replace(_entry(key, decided[cause], ledger), action="withheld", after="", cause=cause)


def _entry(key: str, ruling: Ruling, ledger: Ledger) -> DisclosureEntry:
    figure, text = ledger.figures.get(key), ledger.texts.get(key)
    title = figure.title if figure else text.title if text else key
    before = figure.text if figure else str((text.value if text else "") or "")
    masked = ruling.line.shown if isinstance(ruling.line, Mask) else ""
    action: Action = "masked" if masked else "withheld" if ruling.hides else "released"
    return DisclosureEntry(
        action=action,
        subject=key,
        title=title,
        reason=ruling.line.ground.reason,
        basis=ruling.line.ground.basis,
        before=before,
        after=masked if ruling.hides else before,
        span=ruling.line.ground.span,
    )


def _secrets(key: str, ledger: Ledger) -> Iterator[Secret]:
    """Yield what must not be found in any output; nothing for a blank, a row or its id.

    Of a text that refers to figures these are the pieces between them; of a figure printed as
    a word (a grade) both the number and the word. An id is a name for formulas (office), which
    no report prints and which the markup of every file may hold.
    """
    figure, text = ledger.figures.get(key), ledger.texts.get(key)
    if figure is not None and figure.value is not None:
        title, span, shape = figure.title, figure.span, figure.shape
        number = replace(figure, words="").text
        yield Secret(key, title, number, span, figure.value, figure.unit, shape)
        if figure.words:
            yield Secret(key, title, figure.words, span)
    if text is None or not text.value or key.endswith(".id"):
        return
    pieces = _TEMPLATE.split(str(text.value)) if text.prose else [str(text.value)]
    for piece in map(str.strip, pieces):
        if len(pieces) == 1 or len(piece) >= _SHORTEST_PIECE:
            yield Secret(key, text.title, piece, text.span)


def _terms(policy: Policy, audience: Audience) -> Iterator[Secret]:
    """Yield the terms that are printed in other words."""
    for each in policy.replacements:
        if audience in each.ground.audiences:
            span = each.ground.span
            yield Secret(each.term, each.term, each.term, span, initials=each.initials)
