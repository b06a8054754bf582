"""YAML nodes as plain values, and where a part of them stands."""

from __future__ import annotations

from reportgen.project.yaml_nodes import Mapping, Sequence


def plain(node):
    """Return `node` as dicts and lists with `Scalar` leaves."""
    match node:
        case Mapping(entries):
            return {entry.key: plain(entry.value) for entry in entries}
        case Sequence(items):
            return [plain(item) for item in items]
    return node


def at(node, path):
    """Return the value at `path`; the deepest part that exists, otherwise."""
    for part in path:
        match node:
            case Mapping(entries):
                inner = {entry.key: entry.value for entry in entries}.get(part)
            case Sequence(items) if isinstance(part, int):
                inner = items[part] if part < len(items) else None
            case _:
                inner = None
        if inner is None:
            break
        node = inner
    return node


def key_span(node, path):
    """Return where the key that ends `path` stands; the value of it where it is no key."""
    parent = at(node, path[:-1])
    if path and isinstance(parent, Mapping):
        spans = {entry.key: entry.span for entry in parent.entries}
        return spans.get(path[-1], parent.span)
    return at(node, path).span
