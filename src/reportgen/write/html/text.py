"""HTML from markup and values kept apart, and the running text inside paragraphs and cells.

As a query and its parameters: markup says `%s` where a value stands, and one place escapes
all values, so no value can become markup.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from typing import assert_never

from reportgen.model.document import Break, Inlines, Strong, Text, Value
from reportgen.model.edition import Edition
from reportgen.model.source import SourceSpan
from reportgen.write.errors import UnwritableCharacterError

_UNWRITABLE = re.compile(
    r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
"""Control characters, lone surrogates and noncharacters, which HTML cannot hold."""


class HtmlBuilder:
    """Collects markup and the values that stand in it, and builds HTML of them.

    `notes` explains figures by key; `sources` asks for places and keys (`data-at`, `data-key`);
    `pictures` are the addresses of charts by name. Ids made here begin with an underscore,
    which keeps them apart from anchors, and count, so that the same document gives the same page.
    """

    def __init__(
        self,
        notes: Mapping[str, str],
        *,
        sources: bool = False,
        pictures: Mapping[str, str],
    ) -> None:
        self.pictures = pictures
        self.markup: list[str] = []
        self.values: list[str] = []
        self._notes = notes
        self._sources = sources
        self._ids = 0

    def add(self, markup: str, *values: str) -> None:
        """Add markup with as many values as it has `%s`."""
        self.markup.append(markup)
        self.values += values

    def add_start_tag(self, start: str, span: SourceSpan, *values: str) -> None:
        """Add a start tag but for its `>`, with the lines of `span` where sources are wanted."""
        if self._sources and span.line:
            lines = f"{span.path}:{span.line}-{span.end_line or span.line}"
            self.add(f'{start} data-at="%s">', *values, lines)
        else:
            self.add(f"{start}>", *values)

    def add_inlines(self, inlines: Inlines, *, explain: bool = True) -> None:
        """Add running text; its figures carry their notes if `explain`."""
        for inline in inlines:
            match inline:
                case Text():
                    self.markup.append("%s")
                    self.values.append(inline.text)
                case Value():
                    self._add_figure(inline, explain=explain)
                case Strong():
                    self.add("<strong>")
                    self.add_inlines(inline.inlines, explain=explain)
                    self.add("</strong>")
                case Break():
                    self.add("<br>")
                case _:
                    assert_never(inline)

    def _add_figure(self, figure: Value, *, explain: bool) -> None:
        """Add a figure, with its note beside it: the text of <data> stays the figure alone.

        A blank figure has nothing to point at, so it goes without.
        """
        note = self._notes.get(figure.key) if explain else None
        if note is None or not figure.text.strip():
            self._add_data(figure)
            return
        tooltip = self.new_id()
        self.add('<span class="figure" tabindex="0" aria-describedby="%s"', tooltip)
        if self._sources:
            self.add(' data-key="%s"', figure.key)
        self.add(">")
        self._add_data(figure)
        self.add('<span role="tooltip" id="%s">%s</span></span>', tooltip, note)

    def _add_data(self, figure: Value) -> None:
        """Add a figure with the number that a machine reads, empty if it is none; not a blank."""
        if figure.text.strip():
            self.add('<data value="%s">%s</data>', figure.number, figure.text)
        else:
            self.add("%s", figure.text)

    def new_id(self) -> str:
        """Return an id not yet used in this page."""
        self._ids += 1
        return f"_{self._ids}"

    def build(self) -> str:
        """Return the HTML of what was put since the last time.

        Escaping all values at once takes less than half the time of escaping each.
        """
        refuse_unwritable(self.values)
        # No value holds a NUL, so it can stand between them.
        escaped = escape("\0".join(self.values)).split("\0") if self.values else []
        html = "".join(self.markup) % tuple(escaped)
        self.markup.clear()
        self.values.clear()
        return html


def picture_addresses(edition: Edition) -> dict[str, str]:
    """Return the charts of `edition` by name, each as an address that holds the picture."""
    addresses: dict[str, str] = {}
    for name, drawing in edition.drawings.items():
        addresses[name] = f"data:image/svg+xml;base64,{b64encode(drawing.svg).decode()}"
    return addresses


def refuse_unwritable(texts: Sequence[str]) -> None:
    """Raise `UnwritableCharacterError` if a text holds a character that HTML cannot.

    Its detail names both.
    """
    if _UNWRITABLE.search("".join(texts)) is None:
        return
    for text in texts:
        refused = _UNWRITABLE.search(text)
        if refused is not None:
            raise UnwritableCharacterError(
                f"U+{ord(refused[0]):04X} cannot stand in HTML: {text!r}"
            )
