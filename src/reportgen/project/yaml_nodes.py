"""YAML as nodes with spans: scalars stay text, every key and value knows where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reportgen.model.source import SourceSpan


@dataclass(frozen=True, slots=True)
class Scalar:
    """A scalar as written. `plain` says that no quotes stood around it."""

    text: str
    span: SourceSpan
    plain: bool = True

    @property
    def blank(self) -> bool:
        """Return whether the author left the value empty (nothing, `~` or `null`, unquoted)."""
        return self.plain and self.text in {"", "~", "null"}

    @property
    def start(self) -> SourceSpan:
        """Return where the text begins: inside the quotes, if there are any."""
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
    if isinstance(node, Mapping):
        entry = _entry(node, part)
        return entry.value if entry else None
    if isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
        return node.items[part]
    return None


def _entry(node: Mapping, key: int | str) -> MappingEntry | None:
    for entry in node.entries:
        if entry.key == key:
            return entry
    return None


def find(node: YamlNode, path: tuple[int | str, ...]) -> SourceSpan:
    """Return the place of the value at `path`; of the deepest part that exists, otherwise."""
    return at(node, path).span


def find_key(node: YamlNode, path: tuple[int | str, ...]) -> SourceSpan:
    """Return the place of the key that ends `path`, or of the value where it is no key."""
    parent = at(node, path[:-1])
    if path and isinstance(parent, Mapping):
        entry = _entry(parent, path[-1])
        if entry is not None:
            return entry.span
    return find(node, path)


def plain(node: YamlNode) -> object:
    """Return `node` as dicts and lists with `Scalar` leaves, as the schema takes it."""
    if isinstance(node, Mapping):
        return {entry.key: plain(entry.value) for entry in node.entries}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node
