"""Reads and writes a YAML file so that what is not changed stays as it was, byte for byte.

Scalars stay text: an amount keeps its written digits, `是` and `2024-06-28` are no values of
Python's. Loading goes through `reportgen.load.yaml` first wherever a file is an author's, since
only that names places; this module is for writing.
"""

from __future__ import annotations

import io
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.emitter import RoundTripEmitter
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.tag import Tag

_TEXT = Tag(suffix="tag:yaml.org,2002:str")
_ENDLESS = 10**6


class _Emitter(RoundTripEmitter):
    """Writes a blank in braces as authors do, `{outturn: }`, where ruamel.yaml writes null."""

    def choose_scalar_style(self) -> Any:  # noqa: ANN401 - ruamel's own type
        if self.event.value == "" and self.event.implicit[0] and not self.event.style:
            return ""
        return super().choose_scalar_style()

    def write_plain(self, text: Any, split: Any = True) -> None:  # noqa: ANN401
        if not text and self.flow_level:
            self.stream.write(" ")
            self.column += 1
        super().write_plain(text, split)


class _Resolver(VersionedResolver):
    """Takes every scalar for a text, but for a blank."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:  # noqa: ANN401
        if kind is ScalarNode and value:
            return _TEXT
        return super().resolve(kind, value, implicit)


def _yaml() -> YAML:
    yaml = YAML()
    yaml.Emitter = _Emitter
    yaml.Resolver = _Resolver
    yaml.Constructor = RoundTripConstructor
    yaml.preserve_quotes = True
    yaml.width = _ENDLESS
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def parse(text: str) -> Any:  # noqa: ANN401 - a tree of ruamel's mappings and lists
    """Return the tree of `text`, each mapping and list with its comments, scalars as text."""
    return _yaml().load(text)


def unparse(tree: Any) -> str:  # noqa: ANN401
    """Return `tree` as text."""
    stream = io.StringIO()
    _yaml().dump(tree, stream)
    return stream.getvalue()
