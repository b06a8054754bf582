"""YAML as marked nodes: scalars stay text, every key and value knows its place (design D1)."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.model.source import Mark


@dataclass(frozen=True, slots=True)
class Scalar:
    """A scalar as written. `plain` says that no quotes stood around it; `tag` is YAML's guess."""

    text: str
    mark: Mark
    plain: bool = True

    @property
    def blank(self) -> bool:
        """Return whether the author left the value empty (nothing, `~` or `null`, unquoted)."""
        return self.plain and self.text in {"", "~", "null"}

    @property
    def start(self) -> Mark:
        """Return the mark of the first character inside the quotes, if there are any."""
        return self.mark if self.plain else self.mark.shifted(1)


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a mapping with its place, and its value."""

    key: str
    mark: Mark
    value: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping with its entries in order; keys are unique."""

    entries: tuple[Entry, ...]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Sequence:
    """A sequence of nodes."""

    items: tuple[Node, ...]
    mark: Mark


Node = Scalar | Mapping | Sequence


def find(node: Node, path: tuple[int | str, ...]) -> Mark:
    """Return the place of the value at `path`; of the deepest part that exists, otherwise."""
    if not path:
        return node.mark
    head, rest = path[0], path[1:]
    match node:
        case Mapping(entries):
            for entry in entries:
                if entry.key == head:
                    return find(entry.value, rest)
        case Sequence(items) if isinstance(head, int) and head < len(items):
            return find(items[head], rest)
        case _:
            pass
    return node.mark


def find_key(node: Node, path: tuple[int | str, ...]) -> Mark:
    """Return the place of the key that ends `path`, or of the value where it is no key."""
    parent = path[:-1]
    for part in parent:
        match node:
            case Mapping(entries):
                node = next((e.value for e in entries if e.key == part), node)
            case Sequence(items) if isinstance(part, int) and part < len(items):
                node = items[part]
            case _:
                return node.mark
    if isinstance(node, Mapping):
        for entry in node.entries:
            if path and entry.key == path[-1]:
                return entry.mark
    return node.mark


def plain(node: Node) -> object:
    """Return `node` as dicts and lists with `Scalar` leaves, as the schema takes it."""
    match node:
        case Mapping(entries):
            return {entry.key: plain(entry.value) for entry in entries}
        case Sequence(items):
            return [plain(item) for item in items]
        case Scalar():
            return node
