"""Keeps printed values apart from markup: templates see tokens, never the values (D6).

A value becomes two private-use characters with a number between them. Whatever parses the
template's output (Markdown, HTML) passes tokens through as text; afterwards they are replaced
by inlines. Values that hold such characters themselves are refused when they are loaded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from reportgen.model.document import Block, Inline, Inlines, Text, plain

_OPEN, _CLOSE = "\ue000", "\ue001"
_TOKEN = re.compile(f"{_OPEN}(\\d+){_CLOSE}")


@dataclass(slots=True)
class Tokens:
    """The values printed so far, by number."""

    printed: list[Inlines | tuple[Block, ...]] = field(default_factory=list)

    def of(self, printed: Inlines | tuple[Block, ...]) -> str:
        """Return the token of `printed`; blocks must stand alone in a paragraph."""
        self.printed.append(printed)
        return f"{_OPEN}{len(self.printed) - 1}{_CLOSE}"

    def blocks(self, text: str) -> tuple[Block, ...] | None:
        """Return the blocks that `text` is the token of, or None."""
        match = _TOKEN.fullmatch(text.strip())
        printed = self.printed[int(match[1])] if match else ()
        return printed if printed and not _is_inline(printed[0]) else None  # type: ignore[return-value]

    def inlines(self, text: str) -> Inlines:
        """Return `text` with every token replaced by what it stands for."""
        result: list[Inline] = []
        at = 0
        for match in _TOKEN.finditer(text):
            if match.start() > at:
                result.append(Text(text[at : match.start()]))
            result.extend(self.printed[int(match[1])])  # type: ignore[arg-type]
            at = match.end()
        if at < len(text):
            result.append(Text(text[at:]))
        return tuple(result)

    def text(self, text: str) -> str:
        """Return `text` with tokens replaced by the plain text of what they stand for."""
        return plain(self.inlines(text))


def _is_inline(value: object) -> bool:
    return isinstance(value, Inline)
