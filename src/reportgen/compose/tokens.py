"""Keeps printed values apart from markup: templates see tokens, never the values (docs/adr/007).

A value becomes two private-use characters with a number between them. Whatever parses the
template's output (Markdown, HTML) passes tokens through as text; afterwards they are replaced
by inlines. Facts that hold such characters are refused when they are loaded, templates when
they are read.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from typing import cast

from reportgen.compose.errors import TemplateError
from reportgen.model.document import (
    Inline,
    Inlines,
    Paragraph,
    Strong,
    Table,
    Text,
    Value,
    plain,
)
from reportgen.model.figures import UNFILLED
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan
from reportgen.model.word_form import PRINTED

_OPEN, _CLOSE = "\ue000", "\ue001"
_REFUSED = {"Cc", "Cs", "Co", "Zl", "Zp"}


def refused_character(text: str) -> int:
    """Return where `text` holds a control or private-use character, -1 if nowhere."""
    places = [text.index(char) for char in set(text) if _is_refused(char)]
    return min(places, default=-1)


def _is_refused(char: str) -> bool:
    return char not in "\n\t" and unicodedata.category(char) in _REFUSED


FormBlocks = tuple[Table | Paragraph, ...]
"""What a form is made of: its tables, and in a Word file the paragraphs around them."""


@dataclass(slots=True)
class Tokens:
    """The values and forms printed so far, by number.

    `holes` are the keys of withheld values that a token would have printed, by its number.
    """

    printed: list[Inlines | FormBlocks] = field(default_factory=list)
    holes: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def of(self, printed: Inlines | FormBlocks, holes: tuple[str, ...] = ()) -> str:
        """Return the token of `printed`; that of a form must stand alone in a paragraph."""
        if holes:
            self.holes[len(self.printed)] = holes
        self.printed.append(printed)
        return f"{_OPEN}{len(self.printed) - 1}{_CLOSE}"

    def form(self, text: str) -> FormBlocks:
        """Return the form that `text` is the token of; nothing if it is anything else."""
        match = PRINTED.fullmatch(text.strip())
        printed = self.printed[int(match[1])] if match else ()
        return tuple(block for block in printed if isinstance(block, Table | Paragraph))

    def missing(self, text: str) -> tuple[str, ...]:
        """Return the keys of withheld values that leave holes in `text`, each once."""
        keys: list[str] = []
        for match in PRINTED.finditer(text):
            keys.extend(self.holes.get(int(match[1]), ()))
        return tuple(dict.fromkeys(keys))

    def vanishes(self, text: str) -> bool:
        """Return whether `text` would have printed a withheld value and nothing beside it."""
        match = PRINTED.fullmatch(text.strip())
        return bool(match and int(match[1]) in self.holes and not self.text(match[0]))

    def inlines(self, text: str) -> Inlines:
        """Return `text` with every token replaced by what it stands for.

        Raises `TemplateError` T117 for the token of a form, which is no part of a sentence.
        """
        result: list[Inline] = []
        at = 0
        for match in PRINTED.finditer(text):
            if match.start() > at:
                result.append(Text(text[at : match.start()]))
            result += self.inlines_of(int(match[1]))
            at = match.end()
        if at < len(text):
            result.append(Text(text[at:]))
        return tuple(result)

    def inlines_of(self, number: int) -> Inlines:
        """Return what the token of that number stands for.

        Raises `TemplateError` T117 for that of a form.
        """
        printed = self.printed[number]
        match printed[:1]:
            case (Table(name=name),):
                raise TemplateError("T117", form=name)
            case (Paragraph(inlines=inlines),):
                raise TemplateError("T117", form=plain(inlines))
        return cast("Inlines", printed)  # a form is made of nothing else

    def text(self, text: str) -> str:
        """Return `text` with tokens replaced by the plain text of what they stand for."""
        return plain(self.inlines(text))


def marked(inlines: Inlines) -> Inlines:
    """Return a sentence in which figures that print as nothing are marked as to be filled in."""
    result: list[Inline] = []
    for inline in inlines:
        match inline:
            case Value(text=""):
                result.append(replace(inline, text=UNFILLED))
            case Strong(inlines=inner):
                result.append(Strong(marked(inner)))
            case _:
                result.append(inline)
    return tuple(result)


# Loops, includes and imports make the lines of what is rendered differ from those of the files. So
# each piece of template text carries its place along, between two characters of ours, until the
# rendered text is read. A place is all there in the text, so that compiled templates can be kept.

_PLACE_OPEN, _PLACE_CLOSE = "\ue002", "\ue003"
_PLACE = re.compile(f"{_PLACE_OPEN}(-?)(\\d+):([^{_PLACE_CLOSE}]*){_PLACE_CLOSE}")


@frozen
class Rendered:
    """Rendered text and, for each of its lines, the template line that it came from."""

    text: str
    spans: tuple[SourceSpan, ...]

    def span(self, first: int, end: int = 0) -> SourceSpan:
        """Return the place of the lines from `first` (from 0) to before `end`, in one file.

        Without an `end` it is the place of one line; a line beyond all has that of the last.
        """
        start, last = self._at(first), self._at(max(first, end - 1))
        if not end or last.path != start.path:
            return start
        return start._replace(end_line=last.line)

    def _at(self, line: int) -> SourceSpan:
        return self.spans[min(line, len(self.spans) - 1)]


def placed(data: str, first: SourceSpan) -> str:
    """Return template text that begins at `first` with its place at the end of each line.

    The place of an empty line says less of what stands before it, and has a minus.
    """
    return "\n".join(
        f"{piece}{_PLACE_OPEN}{'' if piece else '-'}{number}:{first.path}{_PLACE_CLOSE}"
        for number, piece in enumerate(data.split("\n"), first.line)
    )


def read_lines(rendered: str, path: str) -> Rendered:
    """Return text rendered from the template at `path` without the places, and the places."""
    spans: list[SourceSpan] = []
    span = SourceSpan(path, 0)
    for line in rendered.split("\n"):
        span = _last_place(line) or SourceSpan(span.path, span.line + 1)
        spans.append(span)
    return Rendered(unplaced(rendered), tuple(spans))


def _last_place(line: str) -> SourceSpan | None:
    """Return the last place in a line of rendered text, one of an empty line if there is no other.

    None where it holds no place at all.
    """
    places: list[tuple[str, str, str]] = _PLACE.findall(line)
    if not places:
        return None
    of_text = [place for place in places if not place[0]]
    _, number, path = (of_text or places)[-1]
    return SourceSpan(path, int(number))


def unplaced(rendered: str) -> str:
    """Return `rendered` without the places in it."""
    return _PLACE.sub("", rendered)
