"""Reads TOML files that people write, and says where in one something stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reportgen.model import limits
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan
from reportgen.project.foreign_files import read_foreign, reason

_POSITION = re.compile(r" \(at line (\d+), column (\d+)\)$")
_TABLE = re.compile(r"^[ \t]*\[+[ \t]*([^\]\n]*?)[ \t]*\]+", re.MULTILINE)


class TomlError(ValueError):
    """A file cannot be read as TOML; `span` is where, `what` the reason, or the label of one.

    `params` are what a label takes.
    """

    def __init__(self, span: SourceSpan, what: str, params: Mapping[str, Any]) -> None:
        super().__init__(span, what, params)
        self.span, self.what, self.params = span, what, params


@frozen
class TomlFile:
    """A TOML file: its path, its text and what it holds."""

    path: Path
    text: str
    values: Mapping[str, Any]

    def span(self, key: str = "", table: str = "", number: int = 0) -> SourceSpan:
        """Return where `key` stands, of the file or of the table of that name with that number.

        Without it, or where it is not found, that is the head of the table; of the file, its start.
        """
        return self._span(self._offset(key, table, number))

    def text_span(self, text: str, key: str) -> SourceSpan:
        """Return where `text` stands in quotes, among the values of `key` or in tables below."""
        at = self._offset(key, "", 0)
        found = re.compile(rf"[\"']{re.escape(text)}[\"']").search(self.text, at)
        return self._span(found.start() if found else at)

    def _offset(self, key: str, table: str, number: int) -> int:
        start, end = self._extent(table, number)
        written = rf'^[ \t]*(?:"|\')?({re.escape(key)})(?:"|\')?[ \t]*[.=]'
        found = re.compile(written, re.MULTILINE).search(self.text, start, end) if key else None
        return found.start(1) if found else start

    def _span(self, at: int) -> SourceSpan:
        line = self.text.count("\n", 0, at) + 1
        return SourceSpan(str(self.path), line, at - self.text.rfind("\n", 0, at))

    def _extent(self, table: str, number: int) -> tuple[int, int]:
        """Return where a table begins and ends; with no name, what stands before the first."""
        heads = [*_TABLE.finditer(self.text)]
        starts = [head.start() for head in heads] + [len(self.text)]
        if not table:
            return 0, starts[0]
        places = [place for place, head in enumerate(heads) if head[1] == table]
        if number >= len(places):
            return 0, len(self.text)
        return starts[places[number]], starts[places[number] + 1]


def read_toml(path: Path) -> TomlFile:
    """Return a TOML file; raises `TomlError`, be it that the system does not give it."""
    try:
        data = read_foreign(path, limits.SOURCE_BYTES)
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        return TomlFile(path, text, _parsed(path, text))
    except TomlError:
        raise
    except (OSError, ValueError, RecursionError) as error:
        params = dict(reason(error))
        raise TomlError(SourceSpan(str(path), 0, 0), params.pop("detail"), params) from None


def _parsed(path: Path, text: str) -> Mapping[str, Any]:
    """Return what a text holds; raises `TomlError` at what is no TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        span = SourceSpan(str(path), *_position(str(error), text))
        raise TomlError(span, _POSITION.sub("", str(error)), {}) from None


def _position(told: str, text: str) -> tuple[int, int]:
    """Return the line and column that an error tells; without one it is where the text ends."""
    found = _POSITION.search(told)
    if found:
        return int(found[1]), int(found[2])
    lines = text.rstrip().split("\n")
    return len(lines), len(lines[-1]) + 1
