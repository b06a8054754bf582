"""Links that open a file in an editor, at a line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from reportgen.model.source import SourceSpan

EDITORS = {
    "vscode": "vscode://file{path}:{line}:{column}",
    "vscodium": "vscodium://file{path}:{line}:{column}",
    "none": "",
}
"""Editors by name, with the address that opens a file at a place in each."""

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")
_REFUSED = ("javascript:", "data:", "vbscript:")


def editor_pattern(text: str) -> str | None:
    """Return the address pattern that `text` names or is, None where it cannot be one."""
    if text in EDITORS:
        return EDITORS[text]
    scheme = _SCHEME.match(text)
    fits = scheme and scheme[0] not in _REFUSED and "{path}" in text
    return text if fits else None


@dataclass(frozen=True, slots=True)
class Editor:
    """Makes links to the files under `root`, absolute; `pattern` is empty where none are wanted."""

    root: Path
    pattern: str

    def link(self, span: SourceSpan) -> str:
        """Return the address that opens the file at `mark`, or nothing."""
        if not self.pattern or not is_place(span):
            return ""
        path = quote(f"{self.root.as_posix()}/{span.path}")
        line, column = str(span.line or 1), str(span.column or 1)
        return (
            self.pattern.replace("{path}", path).replace("{line}", line).replace("{column}", column)
        )


def is_place(span: SourceSpan) -> bool:
    """Return whether `mark` is in a file."""
    return span.path not in {"", "-"}


def place_text(span: SourceSpan) -> str:
    """Return what to read and copy of a place: `path:line:column`, or the path alone."""
    return str(span) if span.line else span.path
