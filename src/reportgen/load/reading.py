"""Reads one or several YAML files into one value of the schema."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.load.groups import KeyGroup
from reportgen.load.shape import inside, is_open, with_names
from reportgen.load.validate import Model, validate
from reportgen.model.source import SourceSpan
from reportgen.project.source_files import SourceFiles
from reportgen.project.syntax_hints import syntax_hint
from reportgen.project.yaml_nodes import Mapping, MappingEntry, Scalar, YamlNode
from reportgen.project.yaml_reader import read_yaml


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
    unreadable = False
    for path, text in texts:
        node = _read_keys(path, text, log)
        if node is None:
            unreadable = True
        else:
            named = with_names(node, schema, log)
            assert isinstance(named, Mapping)
            _add_entries(entries, named, schema, log)
    home = home or _first_path(texts)
    problems = Diagnostics()
    value = validate(schema, Mapping(tuple(entries.values()), SourceSpan(home)), problems)
    if unreadable:
        # What is missing may stand in the file that could not be read.
        problems = Diagnostics(problem for problem in problems if problem.code != "S201")
    log.extend(problems)
    if unreadable or log.blocked:
        value = None
    return value, tuple(log)


def _first_path(texts: tuple[tuple[str, str | None], ...]) -> str:
    for path, _ in texts:
        return path
    return "-"


def _read_keys(path: str, text: str | None, log: Diagnostics) -> Mapping | None:
    """Return the keys of a file, None where it cannot be read or holds something else."""
    if text is None:
        return None
    node, findings = read_yaml(path, text)
    log.extend(findings)
    if node is None or isinstance(node, Mapping):
        return node
    log.add(_not_keys(node, path))
    return None


def _add_entries(
    entries: dict[str, MappingEntry], more: Mapping, schema: type[KeyGroup], log: Diagnostics
) -> None:
    """Add the entries of `more`; those of a group with names of the author's own are joined."""
    for entry in more.entries:
        first = entries.get(entry.key)
        if first is None:
            entries[entry.key] = entry
        elif is_open(inside(schema, entry.key)) and _are_groups(first, entry):
            entries[entry.key] = _joined(first, entry, schema, log)
        else:
            place = RelatedLocation(first.span, "first")
            log.add(finding("L110", entry.span, place, key=entry.key))


def _are_groups(*entries: MappingEntry) -> bool:
    return all(isinstance(entry.value, Mapping) for entry in entries)


def _joined(
    first: MappingEntry, second: MappingEntry, schema: type[KeyGroup], log: Diagnostics
) -> MappingEntry:
    """Return two groups of one key as one, which stands where the first does."""
    assert isinstance(first.value, Mapping)
    assert isinstance(second.value, Mapping)
    entries = {entry.key: entry for entry in first.value.entries}
    _add_entries(entries, second.value, schema, log)
    return MappingEntry(first.key, first.span, Mapping(tuple(entries.values()), first.value.span))


def _not_keys(node: YamlNode, path: str) -> Finding:
    """Return the finding for a file that is a list or a text; `键：值` alone is such a text."""
    hint = syntax_hint(node.span, node.text) if isinstance(node, Scalar) else None
    return hint or finding("S203", node.span, title=path)
