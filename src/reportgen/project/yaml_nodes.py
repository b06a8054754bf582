"""YAML as nodes with spans: scalars stay text, every key and value knows where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan


@frozen
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


@frozen
class MappingEntry:
    """A key of a mapping with its place, and its value."""

    key: str
    span: SourceSpan
    value: YamlNode


@frozen
class Mapping:
    """A mapping with its entries in order; keys are unique."""

    entries: tuple[MappingEntry, ...]
    span: SourceSpan


@frozen
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
