"""HTML from markup and values kept apart, and the running text inside paragraphs and cells.

As a query and its parameters: markup says `%s` where a value stands, and one place escapes
all values, so no value can become markup.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import assert_never

from reportgen.model.document import Break, Inlines, Strong, Text, Value
from reportgen.model.source import SourceSpan

_UNWRITABLE = re.compile(r"[^\t\n\r -~\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")
"""Control characters, lone surrogates and noncharacters, which HTML cannot hold."""


class Weaver:
    """Collects markup and the values that stand in it, and weaves them into HTML.

    `notes` explains figures by key; `sources` asks for places and keys (`data-at`, `data-key`);
    `drawings` are the addresses of charts by name.
    Ids made here begin with an underscore, which keeps them
    apart from anchors, and count, so that the same document gives the same page.
    """

    def __init__(
        self,
        notes: Mapping[str, str],
        *,
        sources: bool = False,
        drawings: Mapping[str, str] | None = None,
    ) -> None:
        self.drawings = drawings or {}
        self.markup: list[str] = []
        self.values: list[str] = []
        self._notes = notes
        self._sources = sources
        self._ids = 0

    def put(self, markup: str, *values: str) -> None:
        """Add markup with as many values as it has `%s`."""
        self.markup.append(markup)
        self.values += values

    def put_start(self, start: str, span: SourceSpan, *values: str) -> None:
        """Add a start tag but for its `>`, with the lines at `mark` where sources are wanted."""
        if self._sources and span.line:
            lines = f"{span.path}:{span.line}-{span.end_line or span.line}"
            self.put(f'{start} data-at="%s">', *values, lines)
        else:
            self.put(f"{start}>", *values)

    def put_inlines(self, inlines: Inlines, *, explain: bool = True) -> None:
        """Add running text; its figures carry their notes if `explain`."""
        markup, values = self.markup, self.values
        for inline in inlines:
            match inline:
                case Value():
                    if explain and inline.key in self._notes:
                        self._put_explained(inline)
                    elif inline.number:
                        markup.append('<data value="%s">%s</data>')
                        values += (inline.number, inline.text)
                    else:
                        markup.append("<data>%s</data>")
                        values.append(inline.text)
                case Text():
                    markup.append("%s")
                    values.append(inline.text)
                case Strong():
                    self.put("<strong>")
                    self.put_inlines(inline.inlines, explain=explain)
                    self.put("</strong>")
                case Break():
                    self.put("<br>")
                case _:
                    assert_never(inline)

    def _put_explained(self, value: Value) -> None:
        """Add a figure with its note beside it: the text of <data> stays the figure alone.

        A blank figure has nothing to point at, so it goes without.
        """
        if not value.text.strip():
            self.put_inlines((value,), explain=False)
            return
        note = self.new_id()
        self.put('<span class="figure" tabindex="0" aria-describedby="%s"', note)
        self.put(' data-key="%s">' if self._sources else ">", *[value.key][: self._sources])
        self.put_inlines((value,), explain=False)
        self.put('<span role="tooltip" id="%s">%s</span></span>', note, self._notes[value.key])

    def new_id(self) -> str:
        """Return an id not yet used in this page."""
        self._ids += 1
        return f"_{self._ids}"

    def weave(self) -> str:
        """Return the HTML of what was put since the last time.

        Escaping all values at once takes less than half the time of escaping each.
        """
        refuse_unwritable(self.values)
        # No value holds a NUL, so it can stand between them.
        escaped = escape("\0".join(self.values)).split("\0") if self.values else []
        woven = "".join(self.markup) % tuple(escaped)
        self.markup.clear()
        self.values.clear()
        return woven


def refuse_unwritable(texts: Sequence[str]) -> None:
    """Raise ValueError if a text holds a character that HTML cannot; the message names both."""
    if _UNWRITABLE.search("".join(texts)) is None:
        return
    for text in texts:
        if found := _UNWRITABLE.search(text):
            raise ValueError(f"U+{ord(found[0]):04X} cannot stand in HTML: {text!r}")
