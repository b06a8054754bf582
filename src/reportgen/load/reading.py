"""Reads one or several YAML files into one value of the schema."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TypeVar

from pydantic import BaseModel

from reportgen.findings import Finding, RelatedLocation, blocks, finding
from reportgen.load.shape import by_name, inside, is_open
from reportgen.load.validate import validate
from reportgen.model.source import SourceSpan
from reportgen.project.source_files import SourceFiles
from reportgen.project.syntax_hints import slip_in
from reportgen.project.yaml_nodes import Mapping, MappingEntry, Scalar, YamlNode
from reportgen.project.yaml_reader import read_yaml

Model = TypeVar("Model", bound=BaseModel)


def read_model(
    files: SourceFiles, paths: Sequence[str], schema: type[Model], home: str = ""
) -> tuple[Model | None, tuple[Finding, ...]]:
    """Return the top-level keys of all `paths` together as `schema`, or None with findings.

    A key that stands in two of the files is a finding (L110) with both places, but for groups
    whose names are the author's own, such as `facts`: those are joined. A key that is in none
    of the files (S201) is missing in `home`.
    """
    texts: list[tuple[str, str | None]] = []
    unread: list[Finding] = []
    for path in paths:
        text, found = files.text(path)
        texts.append((path, text))
        unread.extend(found)
    value, findings = _model(tuple(texts), schema, home)
    return (None if blocks(unread) else value), (*unread, *findings)


@lru_cache(maxsize=256)
def _model(
    texts: tuple[tuple[str, str | None], ...], schema: type[Model], home: str
) -> tuple[Model | None, tuple[Finding, ...]]:
    """Return `texts` by path as `schema`; the same texts are read once, as in `read_yaml`."""
    entries: dict[str, MappingEntry] = {}
    findings: list[Finding] = []
    broken = False
    for path, text in texts:
        node, found = read_yaml(path, text) if text is not None else (None, ())
        findings.extend(found)
        if not isinstance(node, Mapping):
            broken = True
            if node is not None:
                findings.append(_not_keys(node, path))
            continue
        named, found = by_name(node, schema)
        assert isinstance(named, Mapping)
        findings.extend((*found, *_add(entries, named, schema)))
    place = SourceSpan(home or (texts[0][0] if texts else "-"))
    value, found = validate(schema, Mapping(tuple(entries.values()), place))
    findings.extend(f for f in found if not (broken and f.code == "S201"))
    return (None if broken or blocks(findings) else value), tuple(findings)


def _add(
    entries: dict[str, MappingEntry], more: Mapping, schema: type[BaseModel]
) -> Iterator[Finding]:
    """Add the entries of `more`; those of a group with names of the author's own are joined."""
    for entry in more.entries:
        first = entries.get(entry.key)
        if first is None:
            entries[entry.key] = entry
        elif (
            isinstance(first.value, Mapping)
            and isinstance(entry.value, Mapping)
            and (is_open(inside(schema, entry.key)))
        ):
            joined = {each.key: each for each in first.value.entries}
            yield from _add(joined, entry.value, schema)
            group = Mapping(tuple(joined.values()), first.value.span)
            entries[entry.key] = MappingEntry(first.key, first.span, group)
        else:
            yield finding("L110", entry.span, RelatedLocation(first.span, "first"), key=entry.key)


def _not_keys(node: YamlNode, path: str) -> Finding:
    """Return the finding for a file that is a list or a text; `键：值` alone is such a text."""
    slip = slip_in(node.span, node.text) if isinstance(node, Scalar) else None
    return slip or finding("S203", node.span, title=path)
