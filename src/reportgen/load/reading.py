"""Reads YAML files, one or several together, into one group of the schema.

What is wrong with their nodes becomes findings at its place.
"""

from __future__ import annotations

import difflib
import re
import typing
from collections.abc import Callable, Iterable
from functools import cache, lru_cache, partial
from typing import TypeVar

from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.load.fields import is_name
from reportgen.load.groups import (
    FieldError,
    GroupField,
    KeyGroup,
    KeyRule,
    LeafType,
    bare,
    fields_of,
    inside,
    is_model,
    is_open,
    labels,
    leaf_type,
    metadata,
)
from reportgen.model.source import SourceSpan
from reportgen.project.source_files import SourceFiles
from reportgen.project.syntax_hints import syntax_hint
from reportgen.project.yaml_nodes import Mapping, MappingEntry, Scalar, Sequence, YamlNode
from reportgen.project.yaml_reader import read_yaml

Model = TypeVar("Model", bound=KeyGroup)
NodeReader = Callable[[YamlNode, str, SourceSpan, Diagnostics], object]
"""Reads a node: it takes the label of it, the place of its key, and the log."""

Fields = typing.Mapping[str, GroupField]


def read_model(
    files: SourceFiles, paths: Iterable[str], schema: type[Model], log: Diagnostics, home: str = ""
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


def _entries_of(
    nodes: Iterable[YamlNode], schema: type[Model], log: Diagnostics
) -> dict[str, MappingEntry]:
    """Return the entries of all files of one thing by key, with the names of rows as keys."""
    entries: dict[str, MappingEntry] = {}
    for node in nodes:
        named = with_names(node, schema, log)
        assert isinstance(named, Mapping)
        _add_entries(entries, named, schema, log)
    return entries


@lru_cache(maxsize=256)
def _model(
    texts: tuple[tuple[str, str | None], ...], schema: type[Model], home: str
) -> tuple[Model | None, tuple[Finding, ...]]:
    """Return `texts` by path as `schema`; the same texts are read once, as in `read_yaml`."""
    log = Diagnostics()
    nodes = [_read_keys(path, text, log) for path, text in texts]
    entries = _entries_of(filter(None, nodes), schema, log)
    first, _ = next(iter(texts), ("-", None))
    problems = Diagnostics()
    value = validate(schema, Mapping(tuple(entries.values()), SourceSpan(home or first)), problems)
    if None in nodes:
        # What is missing may stand in the file that could not be read.
        log.extend(problem for problem in problems if problem.code != "S201")
        return None, tuple(log)
    log.extend(problems)
    return None if log.blocked else value, tuple(log)


def with_names(node: YamlNode, annotation: object, log: Diagnostics) -> YamlNode:
    """Return `node` with the forms' own labels as keys replaced by the names of the schema.

    A key given by name and by label is a finding (L110) with both places.
    """
    if isinstance(node, Sequence):
        row = inside(annotation, 0)
        return Sequence(tuple(with_names(item, row, log) for item in node.items), node.span)
    if isinstance(node, Mapping):
        return _with_names(node, annotation, log)
    return node


def _with_names(node: Mapping, annotation: object, log: Diagnostics) -> Mapping:
    names = labels(annotation)
    entries: dict[str, MappingEntry] = {}
    for entry in node.entries:
        name, value = names.get(entry.key, entry.key), entry.value
        if not isinstance(value, Scalar):
            value = with_names(value, inside(annotation, name), log)
        if name in entries:
            first = RelatedLocation(entries[name].span, "first")
            log.add(finding("L110", entry.span, first, key=entry.key))
        else:
            entries[name] = MappingEntry(name, entry.span, value)
    return Mapping(tuple(entries.values()), node.span)


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


def validate(model: type[Model], node: Mapping, log: Diagnostics) -> Model | None:
    """Return `node`, whose keys are names, as an instance of `model`, or None.

    The log says why (S2xx, L114, L115).
    """
    problems = Diagnostics()
    check_ids(node, problems)
    value = _group(model, node, "", node.span, problems)
    log.extend(problems)
    return None if problems else value


def check_ids(node: YamlNode, log: Diagnostics) -> None:
    """Log S215 for each id below `node` that is no name, S214 for one that its list repeats."""
    if isinstance(node, Mapping):
        for entry in node.entries:
            check_ids(entry.value, log)
    elif isinstance(node, Sequence):
        _check_unique(node.items, log)
        for item in node.items:
            check_ids(item, log)


def _check_unique(rows: Iterable[YamlNode], log: Diagnostics) -> None:
    first: dict[str, SourceSpan] = {}
    for row in rows:
        row_id = _id_of(row)
        if row_id is None:
            continue
        text, span = row_id.text, row_id.span
        if not is_name(text):
            log.add(finding("S215", span, key=text))
        elif text in first:
            log.add(finding("S214", span, RelatedLocation(first[text], "first"), key=text))
        first.setdefault(text, span)


def _id_of(row: YamlNode) -> Scalar | None:
    """Return the id of a row, None where it has none or a blank one."""
    if not isinstance(row, Mapping):
        return None
    for entry in row.entries:
        if entry.key == "id":
            value = entry.value
            return value if isinstance(value, Scalar) and not value.blank else None
    return None


@cache
def _readers(model: type[KeyGroup]) -> dict[str, NodeReader]:
    return {name: _reader(field.annotation) for name, field in fields_of(model).items()}


def _reader(annotation: object) -> NodeReader:
    """Return what reads a node as a type: a leaf, a group, or a list or dict of such."""
    leaf = leaf_type(annotation)
    if leaf is not None:
        return partial(_leaf, leaf)
    outer = bare(annotation)
    if is_model(outer):
        return partial(_group, outer)
    arguments = typing.get_args(outer)
    if typing.get_origin(outer) is list:
        return partial(_rows, _reader(arguments[0]))
    return partial(_named, _key_rules(arguments[0]), _reader(arguments[1]))


def _key_rules(annotation: object) -> tuple[KeyRule, ...]:
    return tuple(item for item in metadata(annotation) if isinstance(item, KeyRule))


def _leaf(leaf: LeafType, node: YamlNode, title: str, _key: SourceSpan, log: Diagnostics) -> object:
    try:
        return leaf.read(node)
    except FieldError as error:
        log.add(finding(error.code, _narrowed(node, error), title=title, **error.params))
    return None


def _narrowed(node: YamlNode, error: FieldError) -> SourceSpan:
    """Return the place in `node` that an error names: of an item, of a character, or all."""
    if error.item is not None and isinstance(node, Sequence):
        node = node.items[error.item]
    if error.at is None or not isinstance(node, Scalar) or not _stands_as_read(node):
        return node.span
    return node.span.shifted(error.at + (0 if node.plain else 1))


def _stands_as_read(node: Scalar) -> bool:
    """Return whether a text stands on one line of its file, each character as it was read."""
    span, quotes = node.span, 0 if node.plain else 2
    return span.end_line == span.line and span.end_column - span.column == len(node.text) + quotes


def _rows(
    read: NodeReader, node: YamlNode, title: str, _key: SourceSpan, log: Diagnostics
) -> list[object]:
    rows: list[object] = []
    if isinstance(node, Sequence):
        for number, item in enumerate(node.items, 1):
            rows.append(read(item, f"{title} {number}", item.span, log))
    else:
        log.add(finding("S213", node.span, title=title))
    return rows


def _named(
    rules: Iterable[KeyRule],
    read: NodeReader,
    node: YamlNode,
    title: str,
    _key: SourceSpan,
    log: Diagnostics,
) -> dict[str, object]:
    values: dict[str, object] = {}
    if isinstance(node, Mapping):
        for entry in node.entries:
            _check_key(entry, rules, log)
            values[entry.key] = read(entry.value, entry.key, entry.span, log)
    else:
        log.add(_no_group(node, title))
    return values


def _check_key(entry: MappingEntry, rules: Iterable[KeyRule], log: Diagnostics) -> None:
    try:
        for rule in rules:
            rule.check(entry.key)
    except FieldError as error:
        hint = syntax_hint(entry.span, entry.key)
        log.add(hint or finding(error.code, entry.span, **error.params))


def _no_group(node: YamlNode, title: str) -> Finding:
    """Return the finding for what is no group; `键：值` is a text to YAML."""
    hint = None
    if isinstance(node, Scalar) and node.plain:
        hint = syntax_hint(node.span, node.text)
    return hint or finding("S203", node.span, title=title)


def _group(
    model: type[Model], node: YamlNode, title: str, key: SourceSpan, log: Diagnostics
) -> Model | None:
    """Return `node` as a group, as far as it is one."""
    if not isinstance(node, Mapping):
        log.add(_no_group(node, title))
        return None
    fields = fields_of(model)
    values: dict[str, object] = {}
    entries = {entry.key: entry for entry in node.entries}
    unknown = [entry for entry in node.entries if entry.key not in fields]
    for name, read in _readers(model).items():
        entry = entries.get(name)
        if entry is not None:
            values[name] = read(entry.value, fields[name].title or name, entry.span, log)
        elif fields[name].required:
            _log_missing(fields, name, unknown, key, log)
    log.extend(_unknown_key(fields, entry) for entry in unknown)
    return model(**values)


def _log_missing(
    fields: Fields, name: str, unknown: Iterable[MappingEntry], key: SourceSpan, log: Diagnostics
) -> None:
    """Log a key that is missing, unless an `unknown` one is a slip of it."""
    meant = {_nearest(fields, entry.key) for entry in unknown}
    if name not in meant:
        log.add(finding("S201", key, key=name, title=fields[name].title or name))


def _unknown_key(fields: Fields, entry: MappingEntry) -> Finding:
    near = _nearest(fields, entry.key)
    names = [near] if near else list(fields)
    listed = "、".join(f"{name}（{fields[name].title}）" for name in names)
    hint = syntax_hint(entry.span, entry.key)
    return hint or finding("S202", entry.span, key=entry.key, near=listed)


def _nearest(fields: Fields, key: str) -> str:
    """Return the known key most like an unknown one, empty where none is like it."""
    names = {name: name for name in fields}
    for name, field in fields.items():
        if field.title:
            names[field.title] = name
    typed = re.split("[:：]", key.strip())[0].lower()
    near = difflib.get_close_matches(typed, names, n=1, cutoff=0.5)
    return names[near[0]] if near else ""
