"""Keeps printed values apart from markup: templates see tokens, never the values (docs/adr/007).

A value becomes two private-use characters with a number between them. Whatever parses the
template's output (Markdown, HTML) passes tokens through as text; afterwards they are replaced
by inlines. Facts that hold such characters are refused when they are loaded, templates when
they are read.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from reportgen.compose.errors import TemplateError
from reportgen.model.document import Inline, Inlines, Table, Text, plain

_OPEN, _CLOSE = "\ue000", "\ue001"
_TOKEN = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_REFUSED = {"Cc", "Cs", "Co", "Zl", "Zp"}


def refused_character(text: str) -> int:
    """Return where `text` holds a control or private-use character, -1 if nowhere."""
    places = [text.index(char) for char in set(text) if _is_refused(char)]
    return min(places, default=-1)


def _is_refused(char: str) -> bool:
    return char not in "\n\t" and unicodedata.category(char) in _REFUSED


@dataclass(slots=True)
class Tokens:
    """The values and forms printed so far, by number.

    `holes` are the keys of withheld values that a token would have printed, by its number.
    """

    printed: list[Inlines | tuple[Table, ...]] = field(default_factory=list)
    holes: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def of(self, printed: Inlines | tuple[Table, ...], holes: tuple[str, ...] = ()) -> str:
        """Return the token of `printed`; that of tables must stand alone in a paragraph."""
        if holes:
            self.holes[len(self.printed)] = holes
        self.printed.append(printed)
        return f"{_OPEN}{len(self.printed) - 1}{_CLOSE}"

    def tables(self, text: str) -> tuple[Table, ...]:
        """Return the tables that `text` is the token of; none if it is anything else."""
        match = _TOKEN.fullmatch(text.strip())
        printed = self.printed[int(match[1])] if match else ()
        return tuple(table for table in printed if isinstance(table, Table))

    def missing(self, text: str) -> tuple[str, ...]:
        """Return the keys of withheld values that leave holes in `text`, each once."""
        keys: list[str] = []
        for match in _TOKEN.finditer(text):
            keys.extend(self.holes.get(int(match[1]), ()))
        return tuple(dict.fromkeys(keys))

    def vanishes(self, text: str) -> bool:
        """Return whether `text` would have printed a withheld value and nothing beside it."""
        match = _TOKEN.fullmatch(text.strip())
        return bool(match and int(match[1]) in self.holes and not self.text(match[0]))

    def inlines(self, text: str) -> Inlines:
        """Return `text` with every token replaced by what it stands for.

        Raises `TemplateError` T117 for the token of a form, which is no part of a sentence.
        """
        result: list[Inline] = []
        at = 0
        for match in _TOKEN.finditer(text):
            if match.start() > at:
                result.append(Text(text[at : match.start()]))
            for inline in self.printed[int(match[1])]:
                if isinstance(inline, Table):
                    raise TemplateError("T117", form=inline.name)
                result.append(inline)
            at = match.end()
        if at < len(text):
            result.append(Text(text[at:]))
        return tuple(result)

    def text(self, text: str) -> str:
        """Return `text` with tokens replaced by the plain text of what they stand for."""
        return plain(self.inlines(text))
