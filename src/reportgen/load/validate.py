"""Holds nodes to a model of the schema; what pydantic finds wrong becomes findings at its place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.load.fields import is_name
from reportgen.load.shape import model_at
from reportgen.load.validators import validator_of
from reportgen.model.source import SourceSpan
from reportgen.project.syntax_hints import syntax_hint
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

Model = TypeVar("Model", bound=BaseModel)
Path = tuple[int | str, ...]
_KEY = "[key]"
"""What pydantic puts after the key of a dict to say that the key itself is wrong."""


def validate(model: type[Model], node: YamlNode, log: Diagnostics) -> Model | None:
    """Return `node`, whose keys are names, as an instance of `model`, or None.

    The log says why (S2xx, L114, L115).
    """
    bad_ids = Diagnostics()
    check_ids(node, bad_ids)
    log.extend(bad_ids)
    try:
        value: Model = validator_of(model).validate_python(plain(node))
    except ValidationError as error:
        _log_errors(model, node, error.errors(), log)
        return None
    return None if bad_ids else value


def check_ids(node: YamlNode, log: Diagnostics) -> None:
    """Log S215 for each id below `node` that is no name, S214 for one that its list repeats."""
    if isinstance(node, Mapping):
        for entry in node.entries:
            check_ids(entry.value, log)
    elif isinstance(node, Sequence):
        _check_unique(node.items, log)
        for item in node.items:
            check_ids(item, log)


def _check_unique(rows: Iterable[YamlNode], log: Diagnostics) -> None:
    first: dict[str, SourceSpan] = {}
    for row in rows:
        row_id = _id_of(row)
        if row_id is None:
            continue
        text, span = row_id.text, row_id.span
        if not is_name(text):
            log.add(finding("S215", span, key=text))
        elif text in first:
            log.add(finding("S214", span, RelatedLocation(first[text], "first"), key=text))
        first.setdefault(text, span)


def _id_of(row: YamlNode) -> Scalar | None:
    """Return the id of a row, None where it has none or a blank one."""
    if not isinstance(row, Mapping):
        return None
    for entry in row.entries:
        if entry.key == "id":
            value = entry.value
            return value if isinstance(value, Scalar) and not value.blank else None
    return None


def _log_errors(
    model: type[BaseModel], node: YamlNode, errors: list[ErrorDetails], log: Diagnostics
) -> None:
    """Log a finding for each error but for keys that are missing because they are misspelt."""
    meant: set[Path] = set()
    for error in errors:
        if error["type"] == "extra_forbidden":
            path = error["loc"]
            meant.add((*path[:-1], _nearest(model, path)))
    for error in errors:
        if error["type"] != "missing" or error["loc"] not in meant:
            log.add(_finding(model, node, error))


def _finding(model: type[BaseModel], node: YamlNode, error: ErrorDetails) -> Finding:
    path, kind = error["loc"], error["type"]
    if path and path[-1] == _KEY:
        return _bad_key(node, path[:-1], error)
    match kind:
        case "missing":
            title = _title(model, path)
            return finding("S201", find_key(node, path[:-1]), key=path[-1], title=title)
        case "extra_forbidden":
            return _unknown_key(model, node, path)
        case "model_type" | "dict_type" | "model_attributes_type":
            hint = _hint_in_text(node, path)
            return hint or finding("S203", find(node, path), title=_title(model, path))
        case "list_type":
            return finding("S213", find(node, path), title=_title(model, path))
    return _bad_value(model, node, error)


def _unknown_key(model: type[BaseModel], node: YamlNode, path: Path) -> Finding:
    span, key = find_key(node, path), str(path[-1])
    hint = syntax_hint(span, key)
    return hint or finding("S202", span, key=key, near=_suggestion(model, path))


def _bad_value(model: type[BaseModel], node: YamlNode, error: ErrorDetails) -> Finding:
    """Return the finding that a field type asks for; `item` and `at` narrow its place."""
    path, kind = error["loc"], error["type"]
    params = dict(error.get("ctx", {}))
    title = _title(model, path)
    if "item" in params:
        path = (*path, int(params.pop("item")))
    span = find(node, path)
    if "at" in params:
        span = _span_within(node, path, int(params.pop("at")))
    code = kind if kind.startswith("S2") else "S204"
    return finding(code, span, title=title, **params)


def _bad_key(node: YamlNode, path: Path, error: ErrorDetails) -> Finding:
    span = find_key(node, path)
    hint = syntax_hint(span, str(path[-1]))
    return hint or finding(error["type"], span, **error.get("ctx", {}))


def _hint_in_text(node: YamlNode, path: Path) -> Finding | None:
    """Return the finding for `键：值` where a group was meant, which YAML takes for a text."""
    value = at(node, path)
    if isinstance(value, Scalar) and value.plain:
        return syntax_hint(value.span, value.text)
    return None


def _span_within(node: YamlNode, path: Path, offset: int) -> SourceSpan:
    """Return the place of character `offset` of the text at `path`; of all of it if unknown."""
    value = at(node, path)
    span = value.span
    if not isinstance(value, Scalar) or span.end_line != span.line:
        return span
    quote = 0 if value.plain else 1
    width = span.end_column - span.column
    stands_as_read = width == len(value.text) + 2 * quote
    return span.shifted(offset + quote) if stands_as_read else span


def _fields_at(model: type[BaseModel], path: Path) -> dict[str, FieldInfo]:
    """Return the fields of the group that holds what stands at `path`."""
    owner = model_at(model, path[:-1])
    return owner.model_fields if owner else {}


def _title(model: type[BaseModel], path: Path) -> str:
    """Return the label of the field at `path`, with the number of the row where it is a row."""
    if not path:
        return ""
    key = path[-1]
    if isinstance(key, int):
        return f"{_title(model, path[:-1])} {key + 1}"
    field = _fields_at(model, path).get(key)
    title = field.title if field else None
    return title or key


def _nearest(model: type[BaseModel], path: Path) -> str:
    """Return the known key most like the unknown one at `path`, empty where none is like it."""
    fields = _fields_at(model, path)
    names = {name: name for name in fields}
    for name, field in fields.items():
        if field.title:
            names[field.title] = name
    typed = re.split("[:：]", str(path[-1]).strip())[0].lower()
    near = difflib.get_close_matches(typed, names, n=1, cutoff=0.5)
    return names[near[0]] if near else ""


def _suggestion(model: type[BaseModel], path: Path) -> str:
    """Return the known key nearest to the one at `path`, or all of them, with their labels."""
    fields = _fields_at(model, path)
    near = _nearest(model, path)
    names = [near] if near else list(fields)
    return "、".join(f"{name}（{fields[name].title}）" for name in names)
