"""YAML as marked nodes: scalars stay text, every key and value knows its place (design D1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reportgen.model.source import SourceSpan


@dataclass(frozen=True, slots=True)
class Scalar:
    """A scalar as written. `plain` says that no quotes stood around it; `tag` is YAML's guess."""

    text: str
    span: SourceSpan
    plain: bool = True

    @property
    def blank(self) -> bool:
        """Return whether the author left the value empty (nothing, `~` or `null`, unquoted)."""
        return self.plain and self.text in {"", "~", "null"}

    @property
    def start(self) -> SourceSpan:
        """Return the mark of the first character inside the quotes, if there are any."""
        return self.span if self.plain else self.span.shifted(1)


@dataclass(frozen=True, slots=True)
class MappingEntry:
    """A key of a mapping with its place, and its value."""

    key: str
    span: SourceSpan
    value: YamlNode


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping with its entries in order; keys are unique."""

    entries: tuple[MappingEntry, ...]
    span: SourceSpan


@dataclass(frozen=True, slots=True)
class Sequence:
    """A sequence of nodes."""

    items: tuple[YamlNode, ...]
    span: SourceSpan


YamlNode = Scalar | Mapping | Sequence


def walk(node: YamlNode) -> Iterator[YamlNode]:
    """Yield `node` and every value in it, in the order of the file."""
    yield node
    if isinstance(node, Mapping):
        for entry in node.entries:
            yield from walk(entry.value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from walk(item)


def at(node: YamlNode, path: tuple[int | str, ...]) -> YamlNode:
    """Return the value at `path`; the deepest part that exists, otherwise."""
    for part in path:
        inner = _child(node, part)
        if inner is None:
            break
        node = inner
    return node


def _child(node: YamlNode, part: int | str) -> YamlNode | None:
    match node:
        case Mapping(entries):
            return next((entry.value for entry in entries if entry.key == part), None)
        case Sequence(items) if isinstance(part, int) and part < len(items):
            return items[part]
    return None


def find(node: YamlNode, path: tuple[int | str, ...]) -> SourceSpan:
    """Return the place of the value at `path`; of the deepest part that exists, otherwise."""
    return at(node, path).span


def find_key(node: YamlNode, path: tuple[int | str, ...]) -> SourceSpan:
    """Return the place of the key that ends `path`, or of the value where it is no key."""
    parent = at(node, path[:-1])
    for entry in parent.entries if isinstance(parent, Mapping) else ():
        if path and entry.key == path[-1]:
            return entry.span
    return find(node, path)


def plain(node: YamlNode) -> object:
    """Return `node` as dicts and lists with `Scalar` leaves, as the schema takes it."""
    match node:
        case Mapping(entries):
            return {entry.key: plain(entry.value) for entry in entries}
        case Sequence(items):
            return [plain(item) for item in items]
        case Scalar():
            return node
