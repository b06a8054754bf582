"""The shape that a schema model prescribes: which model governs which part of a file."""

from __future__ import annotations

import types
import typing
from functools import cache
from typing import Any

from pydantic import BaseModel

from reportgen.findings import Diagnostics, RelatedLocation, finding
from reportgen.project.yaml_nodes import Mapping, MappingEntry, Sequence, YamlNode


def bare(annotation: Any) -> Any:  # noqa: ANN401 - annotations are of any type
    """Return `annotation` without `None` and without what validators add."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in {typing.Union, types.UnionType}:
        return bare(next(a for a in arguments if a is not type(None)))
    return bare(arguments[0]) if origin is typing.Annotated else annotation


@cache
def inside(annotation: object, part: int | str) -> object:
    """Return the annotation of what `part` (a key or a row number) names in `annotation`."""
    outer = bare(annotation)
    match typing.get_origin(outer):
        case origin if origin is list:
            return typing.get_args(outer)[0]
        case origin if origin is dict:
            return typing.get_args(outer)[1]
    field = outer.model_fields.get(str(part)) if is_model(outer) else None
    return field.annotation if field else None


def is_open(annotation: object) -> bool:
    """Return whether `annotation` is a group whose keys authors choose themselves."""
    return typing.get_origin(bare(annotation)) is dict


def is_model(annotation: object) -> typing.TypeGuard[type[BaseModel]]:
    """Return whether `annotation` is a schema model."""
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def model_at(annotation: object, path: tuple[int | str, ...]) -> type[BaseModel] | None:
    """Return the model that governs the group at `path`, None where it is none."""
    for part in path:
        annotation = inside(annotation, part)
    found = bare(annotation)
    return found if is_model(found) else None


def with_names(node: YamlNode, annotation: object, log: Diagnostics) -> YamlNode:
    """Return `node` with the forms' own labels as keys replaced by the names of the schema.

    A key given by name and by label is a finding (L110) with both places.
    """
    if isinstance(node, Sequence):
        row = inside(annotation, 0)
        return Sequence(tuple(with_names(item, row, log) for item in node.items), node.span)
    if not isinstance(node, Mapping):
        return node
    names = labels(bare(annotation))
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
def labels(model: object) -> dict[str, str]:
    """Return the names of the fields of `model` by their labels."""
    fields = model.model_fields if is_model(model) else {}
    labels = {field.title: name for name, field in fields.items() if field.title}
    return {label: name for label, name in labels.items() if label not in fields}
