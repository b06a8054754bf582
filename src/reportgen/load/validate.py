"""The ids of rows: names that formulas can write, each once in its list."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.load.fields import is_name
from reportgen.load.shape import model_at
from reportgen.model.source import SourceSpan
from reportgen.project.syntax_hints import slip_in
from reportgen.project.yaml_nodes import (
    Mapping,
    Scalar,
    Sequence,
    YamlNode,
    at,
    find,
    find_key,
    plain,
)


def check_ids(node: YamlNode) -> Iterator[Finding]:
    """Yield S215 for each id below `node` that is no name, S214 for one that its list repeats."""
    match node:
        case Mapping(entries):
            for entry in entries:
                yield from check_ids(entry.value)
        case Sequence(items):
            yield from _unique(items)
            for item in items:
                yield from check_ids(item)
        case Scalar():
            return


def _unique(rows: Iterable[YamlNode]) -> Iterator[Finding]:
    first: dict[str, SourceSpan] = {}
    for row in rows:
        entries = row.entries if isinstance(row, Mapping) else ()
        for value in (entry.value for entry in entries if entry.key == "id"):
            if not isinstance(value, Scalar) or value.blank:
                continue
            if not is_name(value.text):
                yield finding("S215", value.span, key=value.text)
            elif value.text in first:
                other = RelatedLocation(first[value.text], "first")
                yield finding("S214", value.span, other, key=value.text)
            first.setdefault(value.text, value.span)


Model = TypeVar("Model", bound=BaseModel)
Path = tuple[int | str, ...]
_KEY = "[key]"
"""What pydantic puts after the key of a dict to say that the key itself is wrong."""


def validate(model: type[Model], node: YamlNode, log: Diagnostics) -> Model | None:
    """Return `node`, whose keys are names, as an instance of `model`, or None.

    The log says why (S2xx, L114, L115).
    """
    bad_ids = tuple(check_ids(node))
    log.extend(bad_ids)
    try:
        value = model.model_validate(plain(node))
    except ValidationError as error:
        log.extend(_findings(model, node, error.errors()))
        return None
    return None if bad_ids else value


def _findings(
    model: type[BaseModel], node: YamlNode, errors: list[ErrorDetails]
) -> tuple[Finding, ...]:
    """Return a finding for each error but for keys that are missing because they are misspelt."""
    unknown = [error["loc"] for error in errors if error["type"] == "extra_forbidden"]
    meant = {(*loc[:-1], _nearest(model, loc)) for loc in unknown}
    return tuple(
        _finding(model, node, error)
        for error in errors
        if not (error["type"] == "missing" and error["loc"] in meant)
    )


def _finding(model: type[BaseModel], node: YamlNode, error: ErrorDetails) -> Finding:
    loc, kind = error["loc"], error["type"]
    if loc and loc[-1] == _KEY:
        return _bad_key(node, loc[:-1], error)
    match kind:
        case "missing":
            title = _title(model, loc)
            return finding("S201", find_key(node, loc[:-1]), key=loc[-1], title=title)
        case "extra_forbidden":
            place, key = find_key(node, loc), str(loc[-1])
            slip = slip_in(place, key)
            return slip or finding("S202", place, key=key, near=_suggestion(model, loc))
        case "model_type" | "dict_type" | "model_attributes_type":
            slip = _slip(node, loc)
            return slip or finding("S203", find(node, loc), title=_title(model, loc))
        case "list_type":
            return finding("S213", find(node, loc), title=_title(model, loc))
        case _:
            return _bad_value(model, node, error)


def _bad_value(model: type[BaseModel], node: YamlNode, error: ErrorDetails) -> Finding:
    """Return the finding that a field type asks for; `item` and `at` narrow its place."""
    loc, kind = error["loc"], error["type"]
    params = dict(error.get("ctx", {}))
    title = _title(model, loc)
    if "item" in params:
        loc = (*loc, int(params.pop("item")))
    place = find(node, loc)
    if "at" in params:
        place = _within(node, loc, int(params.pop("at")))
    code = kind if kind.startswith("S2") else "S204"
    return finding(code, place, title=title, **params)


def _bad_key(node: YamlNode, path: Path, error: ErrorDetails) -> Finding:
    place = find_key(node, path)
    slip = slip_in(place, str(path[-1]))
    return slip or finding(error["type"], place, **error.get("ctx", {}))


def _slip(node: YamlNode, path: Path) -> Finding | None:
    """Return the finding for `键：值` where a group was meant, which YAML takes for a text."""
    value = at(node, path)
    return slip_in(value.span, value.text) if isinstance(value, Scalar) and value.plain else None


def _within(node: YamlNode, path: Path, offset: int) -> SourceSpan:
    """Return the place of character `offset` of the text at `path`; of all of it if unknown."""
    value = at(node, path)
    span = value.span
    if not isinstance(value, Scalar) or span.end_line != span.line:
        return span
    quote = 0 if value.plain else 1
    as_read = span.end_column - span.column == len(value.text) + 2 * quote
    return span.shifted(offset + quote) if as_read else span


def _title(model: type[BaseModel], path: Path) -> str:
    """Return the label of the field at `path`, with the number of the row where it is a row."""
    if not path:
        return ""
    key = path[-1]
    if isinstance(key, int):
        return f"{_title(model, path[:-1])} {key + 1}"
    owner = model_at(model, path[:-1])
    field = owner.model_fields.get(key) if owner else None
    return str(field.title) if field and field.title else key


def _nearest(model: type[BaseModel], path: Path) -> str:
    """Return the known key most like the unknown one at `path`, empty where none is like it."""
    owner = model_at(model, path[:-1])
    fields = owner.model_fields if owner else {}
    labels = {str(field.title): name for name, field in fields.items() if field.title}
    key = re.split("[:：]", str(path[-1]).strip())[0].lower()
    near = difflib.get_close_matches(key, [*fields, *labels], n=1, cutoff=0.5)
    return str(labels.get(near[0], near[0])) if near else ""


def _suggestion(model: type[BaseModel], path: Path) -> str:
    """Return the known key nearest to the one at `path`, or all of them, with their labels."""
    owner = model_at(model, path[:-1])
    fields = owner.model_fields if owner else {}
    near = _nearest(model, path)
    shown = [near] if near else list(fields)
    return "、".join(f"{name}（{fields[name].title}）" for name in shown)
