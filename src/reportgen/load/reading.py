"""Reads one or several YAML files into one value of the schema."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TypeVar

from pydantic import BaseModel

from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.load.shape import inside, is_open, with_names
from reportgen.load.validate import validate
from reportgen.model.source import SourceSpan
from reportgen.project.source_files import SourceFiles
from reportgen.project.syntax_hints import slip_in
from reportgen.project.yaml_nodes import Mapping, MappingEntry, Scalar, YamlNode
from reportgen.project.yaml_reader import read_yaml

Model = TypeVar("Model", bound=BaseModel)


def read_model(
    files: SourceFiles, paths: Sequence[str], schema: type[Model], log: Diagnostics, home: str = ""
) -> Model | None:
    """Return the top-level keys of all `paths` together as `schema`, or None; the log says why.

    A key that stands in two of the files is a finding (L110) with both places, but for groups
    whose names are the author's own, such as `facts`: those are joined. A key that is in none
    of the files (S201) is missing in `home`.
    """
    unread = Diagnostics()
    texts = tuple((path, files.text(path, unread)) for path in paths)
    value, findings = _model(texts, schema, home)
    log.extend(unread)
    log.extend(findings)
    return None if unread.blocked else value


@lru_cache(maxsize=256)
def _model(
    texts: tuple[tuple[str, str | None], ...], schema: type[Model], home: str
) -> tuple[Model | None, tuple[Finding, ...]]:
    """Return `texts` by path as `schema`; the same texts are read once, as in `read_yaml`."""
    log = Diagnostics()
    entries: dict[str, MappingEntry] = {}
    broken = False
    for path, text in texts:
        node = _read(path, text, log)
        if node is None:
            broken = True
        else:
            named = with_names(node, schema, log)
            assert isinstance(named, Mapping)
            log.extend(_add(entries, named, schema))
    place = SourceSpan(home or (texts[0][0] if texts else "-"))
    misfits = Diagnostics()
    value = validate(schema, Mapping(tuple(entries.values()), place), misfits)
    # What is missing may stand in the file that could not be read.
    log.extend(each for each in misfits if not (broken and each.code == "S201"))
    return (None if broken or log.blocked else value), tuple(log)


def _read(path: str, text: str | None, log: Diagnostics) -> Mapping | None:
    """Return the keys of a file, None where it cannot be read or holds something else."""
    if text is None:
        return None
    node, findings = read_yaml(path, text)
    log.extend(findings)
    if node is None or isinstance(node, Mapping):
        return node
    log.add(_not_keys(node, path))
    return None


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
