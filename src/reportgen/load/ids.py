"""The ids of rows: names that formulas can write, each once in its list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reportgen.findings import Finding, Place, finding
from reportgen.load.fields import is_name
from reportgen.load.nodes import Mapping, Node, Scalar, Sequence
from reportgen.model.source import Mark


def check_ids(node: Node) -> Iterator[Finding]:
    """Yield S215 for each id below `node` that is no name, S214 for one that its list repeats."""
    match node:
        case Mapping(entries):
            for entry in entries:
                yield from check_ids(entry.value)
        case Sequence(items):
            yield from _unique(items)
            for item in items:
                yield from check_ids(item)
        case Scalar():
            return


def _unique(rows: Iterable[Node]) -> Iterator[Finding]:
    first: dict[str, Mark] = {}
    for row in rows:
        entries = row.entries if isinstance(row, Mapping) else ()
        for value in (entry.value for entry in entries if entry.key == "id"):
            if not isinstance(value, Scalar) or value.blank:
                continue
            if not is_name(value.text):
                yield finding("S215", value.mark, key=value.text)
            elif value.text in first:
                other = Place(first[value.text], "first")
                yield finding("S214", value.mark, other, key=value.text)
            first.setdefault(value.text, value.mark)
