"""Links that open a file in an editor, at a line."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan

EDITORS = {
    "vscode": "vscode://file{path}:{line}:{column}",
    "vscodium": "vscodium://file{path}:{line}:{column}",
    "none": "",
}
"""Editors by name, with the address that opens a file at a line and column in each."""

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")
_REFUSED = ("javascript:", "data:", "vbscript:")


def editor_pattern(text: str) -> str | None:
    """Return the address pattern that `text` names or is, None where it cannot be one."""
    if text in EDITORS:
        return EDITORS[text]
    scheme = _SCHEME.match(text)
    if scheme is None or scheme[0] in _REFUSED or "{path}" not in text:
        return None
    return text


@frozen
class SourceLink:
    """A span to read, to copy and to open; `link` is empty where no editor is."""

    text: str
    link: str
    note: str = ""


@frozen
class Editor:
    """Makes links to the files under `root`, absolute; `pattern` is empty where none are wanted."""

    root: Path
    pattern: str

    def address(self, span: SourceSpan) -> str:
        """Return the address that opens the file at `span`, or nothing."""
        if not self.pattern or not is_in_file(span):
            return ""
        path = quote(f"{self.root.as_posix()}/{span.path}")
        address = self.pattern.replace("{path}", path)
        address = address.replace("{line}", str(span.line or 1))
        return address.replace("{column}", str(span.column or 1))

    def link(self, span: SourceSpan, note: str = "") -> SourceLink:
        """Return a link to `span`, called `path:line:column`, or by the path alone."""
        text = str(span) if span.line else span.path
        return SourceLink(text, self.address(span), note)


def is_in_file(span: SourceSpan) -> bool:
    """Return whether `span` is in a file."""
    return span.path not in {"", "-"}
