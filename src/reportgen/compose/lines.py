"""Remembers which line of which template each line of rendered text came from.

Loops, includes and imports make the lines of what is rendered differ from those of the files.
So each piece of template text carries its place along, between two private-use characters,
until the rendered text is read. A place is all there in the text, so that compiled templates
can be kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from reportgen.model.source import SourceSpan

_OPEN, _CLOSE = "\ue002", "\ue003"
_PLACE = re.compile(f"{_OPEN}(-?)(\\d+):([^{_CLOSE}]*){_CLOSE}")


@dataclass(frozen=True, slots=True)
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
        return replace(start, end_line=last.line)

    def _at(self, line: int) -> SourceSpan:
        return self.spans[min(line, len(self.spans) - 1)]


def placed(data: str, first: SourceSpan) -> str:
    """Return template text that begins at `first` with its place at the end of each line.

    The place of an empty line says less of what stands before it, and has a minus.
    """
    return "\n".join(
        f"{piece}{_OPEN}{'' if piece else '-'}{number}:{first.path}{_CLOSE}"
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
