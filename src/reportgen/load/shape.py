"""What the schema prescribes where: which model governs a part of a file, by name or by label."""

from __future__ import annotations

import types
import typing
from functools import cache
from typing import Any

from reportgen.findings import Diagnostics, RelatedLocation, finding
from reportgen.load.groups import KeyGroup, LeafType, fields_of
from reportgen.project.yaml_nodes import Mapping, MappingEntry, Sequence, YamlNode


def bare(annotation: Any) -> Any:  # noqa: ANN401 - annotations are of any type
    """Return `annotation` without `None` and without what says how it is read."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return bare(arguments[0])
    if origin in {typing.Union, types.UnionType}:
        return bare(arguments[1] if arguments[0] is type(None) else arguments[0])
    return annotation


def metadata(annotation: object) -> tuple[object, ...]:
    """Return what says how values of a type are read, `None` taken off the type."""
    if typing.get_origin(annotation) in {typing.Union, types.UnionType}:
        annotation = typing.get_args(annotation)[0]
    return getattr(annotation, "__metadata__", ())


def leaf_type(annotation: object) -> LeafType | None:
    """Return the type of a value without fields, None for a group, a list or a dict."""
    for item in metadata(annotation):
        if isinstance(item, LeafType):
            return item
    return None


@cache
def inside(annotation: object, part: int | str) -> object:
    """Return the annotation of what `part` (a key or a row number) names in `annotation`."""
    outer = bare(annotation)
    if is_model(outer):
        field = fields_of(outer).get(str(part))
        return field.annotation if field else None
    origin = typing.get_origin(outer)
    if origin is list:
        return typing.get_args(outer)[0]
    if origin is dict:
        return typing.get_args(outer)[1]
    return None


def innermost(annotation: object) -> object:
    """Return what a type holds: of a list or dict, what stands in it."""
    inner = bare(annotation)
    while typing.get_origin(inner) in {list, dict}:
        inner = bare(typing.get_args(inner)[-1])
    return inner


def is_open(annotation: object) -> bool:
    """Return whether `annotation` is a group whose keys authors choose themselves."""
    return typing.get_origin(bare(annotation)) is dict


def is_model(annotation: object) -> typing.TypeGuard[type[KeyGroup]]:
    """Return whether `annotation` is a schema model."""
    return isinstance(annotation, type) and issubclass(annotation, KeyGroup)


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
        name = names.get(entry.key, entry.key)
        value = with_names(entry.value, inside(annotation, name), log)
        if name in entries:
            first = RelatedLocation(entries[name].span, "first")
            log.add(finding("L110", entry.span, first, key=entry.key))
        else:
            entries[name] = MappingEntry(name, entry.span, value)
    return Mapping(tuple(entries.values()), node.span)


@cache
def labels(annotation: object) -> dict[str, str]:
    """Return the names of the fields of a model by their labels, but for a label that is a name."""
    model = bare(annotation)
    names: dict[str, str] = {}
    if is_model(model):
        for name, field in fields_of(model).items():
            if field.title and field.title not in fields_of(model):
                names[field.title] = name
    return names
