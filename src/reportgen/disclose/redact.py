"""Takes out of a ledger what its audience may not see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from reportgen.disclose.rulings import Ruling, derived_from, lines_for, rulings
from reportgen.model.disclosed import Action, Disclosed, DisclosureEntry, Secret
from reportgen.model.document import Audience
from reportgen.model.figures import Fact, Figure, Ledger
from reportgen.model.policy import Policy, PolicyLine, Release, Replacement
from reportgen.model.source import SourceSpan

_TEMPLATE = re.compile(r"\{[{%#].*?[#%}]\}", re.DOTALL)
_SHORTEST_PIECE = 6
"""A piece of a sentence between two figures that is shorter says nothing by itself."""


def redact(ledger: Ledger, policy: Policy, audience: Audience) -> Disclosed:
    """Return what of `ledger` may be composed for `audience`, and the log of what may not.

    Withheld keys are blanked, with every figure worked out from them unless it is released by
    name; masked keys print other words; a row that is withheld as a whole is no row any more.
    """
    decided = rulings(ledger, policy, audience)
    named = (*_terms(policy, audience), *_names_of_parts(policy, audience))
    if not decided and not named:
        return Disclosed(ledger, audience, policy)
    redaction = _Redaction(ledger, decided)
    secrets = (*redaction.secrets(), *redaction.other_names(), *named)
    return Disclosed(redaction.ledger(), audience, policy, tuple(redaction.entries()), secrets)


class _Redaction:
    """What rulings do to a ledger.

    `hidden` are the keys that they hide, `causes` the figures that go with one of those, by
    key, and `rows` the rows that are withheld as a whole.
    """

    def __init__(self, ledger: Ledger, decided: Mapping[str, Ruling]) -> None:
        self.full = ledger
        self.decided = decided
        self.hidden = {key: ruling for key, ruling in decided.items() if ruling.hides}
        self.causes = derived_from(ledger, self.hidden, decided)
        self.rows = set(self._withheld_rows())

    def _withheld_rows(self) -> Iterator[str]:
        """Yield the rows that are withheld as a whole: nothing in them is released or masked."""
        for table, ids in self.full.tables.items():
            for name in ids:
                row = f"{table}.{name}"
                cells = _keys_below(row, self.full)
                if self._is_withheld(row) and all(map(self._is_withheld, cells)):
                    yield row

    def _is_withheld(self, key: str) -> bool:
        ruling = self.decided.get(key)
        return ruling is not None and ruling.withholds

    def ledger(self) -> Ledger:
        """Return the ledger that the audience may see."""
        figures = {key: self._figure(figure) for key, figure in self.full.figures.items()}
        texts = {key: self._text(text) for key, text in self.full.texts.items()}
        tables = {table: self._rows_left(table) for table in self.full.tables}
        return replace(self.full, figures=figures, texts=texts, tables=tables)

    def _figure(self, figure: Figure) -> Figure:
        """Return a hidden figure without its value and all that speaks of it."""
        ruling = self.hidden.get(figure.key)
        if ruling is None and figure.key not in self.causes:
            return figure
        words = ruling.mask if ruling else ""
        return replace(figure, title="", value=None, words=words, formula="", reading="", inputs=())

    def _text(self, text: Fact) -> Fact:
        ruling = self.hidden.get(text.key)
        if ruling is None:
            return text
        value = None if ruling.withholds else ruling.mask
        return replace(text, value=value, prose=False)

    def _rows_left(self, table: str) -> tuple[str, ...]:
        return tuple(row for row in self.full.tables[table] if f"{table}.{row}" not in self.rows)

    def secrets(self) -> Iterator[Secret]:
        """Yield what must not be found in any output."""
        for key in (*self.hidden, *self.causes):
            yield from _secrets(key, self.full)

    def other_names(self) -> Iterator[Secret]:
        """Yield the other names of what is hidden that its line in the policy gives, each once."""
        told: set[tuple[SourceSpan, str]] = set()
        for key, ruling in self.hidden.items():
            title, _ = _title_and_print(key, self.full)
            for secret in _other_names(key, title, ruling.line):
                if (secret.span, secret.text) not in told:
                    told.add((secret.span, secret.text))
                    yield secret

    def entries(self) -> Iterator[DisclosureEntry]:
        """Yield a line of the log for each key that was decided about, then for those it caused.

        A release is logged where the figure would be kept back without it, or would have gone
        with one that is withheld.
        """
        known = {*self.full.figures, *self.full.texts, *self.rows}
        saved = derived_from(self.full, self.hidden, self.hidden)
        for key, ruling in self.decided.items():
            if key in known and (ruling.kept or key in saved):
                yield _entry(key, ruling, self.full)
        for key, cause in self.causes.items():
            entry = _entry(key, self.decided[cause], self.full)
            yield replace(entry, action="withheld", after="", cause=cause)


def _keys_below(row: str, ledger: Ledger) -> Iterator[str]:
    """Yield the keys of the cells of `row`."""
    for key in (*ledger.figures, *ledger.texts):
        if key.startswith(f"{row}."):
            yield key


def _entry(key: str, ruling: Ruling, ledger: Ledger) -> DisclosureEntry:
    title, before = _title_and_print(key, ledger)
    return DisclosureEntry(
        action=_action(ruling),
        subject=key,
        title=title,
        reason=ruling.line.ground.reason,
        basis=ruling.line.ground.basis,
        before=before,
        after=ruling.mask if ruling.hides else before,
        span=ruling.line.ground.span,
    )


def _title_and_print(key: str, ledger: Ledger) -> tuple[str, str]:
    """Return what the figure or text at `key` is called, and how the internal version prints it.

    A row is called by its key and is not printed as such.
    """
    if key in ledger.figures:
        figure = ledger.figures[key]
        return figure.title, figure.text
    if key in ledger.texts:
        text = ledger.texts[key]
        return text.title, str(text.value or "")
    return key, ""


def _action(ruling: Ruling) -> Action:
    if ruling.mask:
        return "masked"
    return "withheld" if ruling.hides else "released"


def _secrets(key: str, ledger: Ledger) -> Iterator[Secret]:
    """Yield what must not be found in any output; nothing for a blank, a row or its id.

    An id is a name for formulas (office), which no report prints and which the markup of every
    file may hold.
    """
    figure, text = ledger.figures.get(key), ledger.texts.get(key)
    if figure is not None:
        yield from _secrets_of_figure(figure)
    if text is not None and not key.endswith(".id"):
        yield from _secrets_of_text(text)


def _secrets_of_figure(figure: Figure) -> Iterator[Secret]:
    """Yield the number, and the word that is printed for it (a grade) if there is one."""
    key, title, span = figure.key, figure.title, figure.span
    if figure.value is None:
        return
    number = replace(figure, words="").text
    yield Secret(key, title, number, span, figure.value, figure.unit, figure.shape)
    if figure.words:
        yield Secret(key, title, figure.words, span)


def _secrets_of_text(text: Fact) -> Iterator[Secret]:
    """Yield a text as it is; of one that refers to figures the pieces between them."""
    if not text.value:
        return
    pieces = [str(text.value)]
    if text.prose:
        pieces = _TEMPLATE.split(str(text.value))
    for piece in map(str.strip, pieces):
        if len(pieces) == 1 or len(piece) >= _SHORTEST_PIECE:
            yield Secret(text.key, text.title, piece, text.span)


def _terms(policy: Policy, audience: Audience) -> Iterator[Secret]:
    """Yield the terms that are printed in other words, and their other names."""
    for replacement in lines_for(audience, policy.replacements):
        term, span = replacement.term, replacement.ground.span
        yield Secret(term, term, term, span, initials=replacement.initials)
        yield from _other_names(term, term, replacement)


def _names_of_parts(policy: Policy, audience: Audience) -> Iterator[Secret]:
    """Yield the other names of the parts of the structure that are left out."""
    for line in lines_for(audience, policy.withhold):
        part = line.section or line.form or line.block
        yield from _other_names(part, part, line) if part else ()


def _other_names(key: str, title: str, line: PolicyLine | Replacement) -> Iterator[Secret]:
    if not isinstance(line, Release):
        for alias in line.aliases:
            yield Secret(key, title, alias, line.ground.span)
