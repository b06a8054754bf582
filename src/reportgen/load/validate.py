"""Holds nodes to a schema model and turns what does not fit into findings at their places."""

from __future__ import annotations

import difflib
import types
import typing
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from reportgen.findings import Finding, Place, finding
from reportgen.load.nodes import Entry, Mapping, Node, Sequence, find, find_key, plain

Model = TypeVar("Model", bound=BaseModel)


def validate(model: type[Model], node: Node) -> tuple[Model | None, tuple[Finding, ...]]:
    """Return `node` as an instance of `model`, or None with findings (S2xx, L110)."""
    renamed, findings = _by_name(node, model)
    try:
        value = model.model_validate(plain(renamed))
    except ValidationError as error:
        found = tuple(_finding(model, renamed, each) for each in error.errors())
        return None, findings + found
    return (None if findings else value), findings


def _by_name(node: Node, annotation: object) -> tuple[Node, tuple[Finding, ...]]:
    """Return `node` with the form's own labels as keys replaced by the names of the schema."""
    inner, is_list = inner_type(annotation)
    findings: list[Finding] = []
    if is_list and isinstance(node, Sequence):
        pairs = [_by_name(item, inner) for item in node.items]
        return Sequence(tuple(p[0] for p in pairs), node.mark), tuple(
            f for p in pairs for f in p[1]
        )
    if not (isinstance(node, Mapping) and isinstance(inner, type) and issubclass(inner, BaseModel)):
        return node, ()
    names = {field.title: name for name, field in inner.model_fields.items() if field.title}
    entries: dict[str, Entry] = {}
    for entry in node.entries:
        name = names.get(entry.key, entry.key) if entry.key not in inner.model_fields else entry.key
        field = inner.model_fields.get(name)
        value, found = _by_name(entry.value, field.annotation if field else None)
        findings.extend(found)
        if name in entries:
            other = Place(entries[name].mark, "first")
            findings.append(finding("L110", entry.mark, other, key=entry.key))
            continue
        entries[name] = Entry(name, entry.mark, value)
    return Mapping(tuple(entries.values()), node.mark), tuple(findings)


def inner_type(annotation: Any) -> tuple[Any, bool]:  # noqa: ANN401 - annotations are of any type
    """Return the model an annotation holds and whether it is in a list; None where neither."""
    origin = typing.get_origin(annotation)
    arguments = typing.get_args(annotation)
    if origin in {typing.Union, types.UnionType}:
        return inner_type(next(a for a in arguments if a is not type(None)))
    if origin is list:
        return inner_type(arguments[0])[0], True
    if origin is typing.Annotated:
        return inner_type(arguments[0])
    return annotation, False


def _model_at(model: type[BaseModel], path: tuple[int | str, ...]) -> type[BaseModel] | None:
    """Return the model that governs the mapping at `path`."""
    current: Any = model
    for part in path:
        if isinstance(part, int):
            continue
        if not (isinstance(current, type) and issubclass(current, BaseModel)):
            return None
        field = current.model_fields.get(part)
        current = inner_type(field.annotation)[0] if field else None
    return current if isinstance(current, type) and issubclass(current, BaseModel) else None


def _finding(model: type[BaseModel], node: Node, error: ErrorDetails) -> Finding:
    loc, kind = error["loc"], error["type"]
    owner = _model_at(model, loc[:-1])
    key = str(loc[-1]) if loc else ""
    field = owner.model_fields.get(key) if owner else None
    title = (field.title if field else None) or key
    match kind:
        case "missing":
            return finding("S201", find_key(node, loc[:-1]), key=key, title=title)
        case "extra_forbidden":
            return finding("S202", find_key(node, loc), key=key, near=_suggestion(key, owner))
        case "model_type" | "dict_type" | "model_attributes_type":
            return finding("S203", find(node, loc), title=title)
        case "list_type":
            return finding("S213", find(node, loc), title=title)
        case _:
            code = kind if kind.startswith("S2") else "S204"
            return finding(code, find(node, loc), title=title, **error.get("ctx", {}))


def _suggestion(key: str, owner: type[BaseModel] | None) -> str:
    """Return the known keys, nearest first where one is near, as a text."""
    fields = owner.model_fields if owner else {}
    labels = {str(f.title): name for name, f in fields.items() if f.title}
    near = difflib.get_close_matches(key, [*fields, *labels], n=1, cutoff=0.5)
    if near:
        name = labels.get(near[0], near[0])
        return f"{name}（{fields[name].title}）"
    return "、".join(fields)
