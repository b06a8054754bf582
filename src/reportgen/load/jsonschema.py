"""The JSON Schemas of data and pack files, so that editors complete and explain keys.

They say what the loader accepts of one file: the labels of the forms are keys as good as the
names, a blank is allowed where the loader allows one, and a file that holds only a part of a
report need not have the keys that another part has.
"""

from __future__ import annotations

import json
import typing
from collections.abc import Mapping
from typing import Any

from reportgen.load.groups import (
    GroupField,
    KeyGroup,
    bare,
    fields_of,
    innermost,
    is_model,
    leaf_type,
)
from reportgen.load.groups import labels as names_by_label
from reportgen.load.packs import PackFile
from reportgen.load.rules import RuleFile
from reportgen.load.schema import ReportFile, ReportingUnit, Year

SCHEMAS: Mapping[str, type[KeyGroup]] = {
    "unit": ReportingUnit,
    "year": Year,
    "report": ReportFile,
    "report-part": ReportFile,
    "pack": PackFile,
    "rules": RuleFile,
}
"""Each kind of file with its model. `report-part` is a file beside a report.yaml."""

FOLDER = "templates/shared/schemas"
"""Where a project keeps the schemas that its files refer to."""

MODELINE = "# yaml-language-server: $schema="
"""How such a comment begins."""

_PARTS = {"report-part"}
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema_path(name: str) -> str:
    """Return the path of the schema of a kind of file, under the project's root."""
    return f"{FOLDER}/{name}.schema.json"


def kind_of(path: str) -> str:
    """Return the kind of the YAML file at `path` (under the root), `` for one that is none."""
    parts = path.split("/")
    folder, name = parts[0], parts[-1]
    if folder == "data":
        return _DATA_KINDS.get((len(parts), name)) or _DATA_KINDS.get((len(parts), "*"), "")
    if folder == "templates":
        return "pack" if name == "pack.yaml" else "rules"
    return ""


_DATA_KINDS = {
    (3, "unit.yaml"): "unit",
    (4, "*"): "year",
    (5, "report.yaml"): "report",
    (5, "*"): "report-part",
}
"""The kinds of files below data/, by the number of parts of the path and the file's name."""


def modeline(path: str) -> str:
    """Return the comment that names to editors the schema of the file at `path`; `` for none."""
    kind = kind_of(path)
    return f"{MODELINE}{'../' * path.count('/')}{schema_path(kind)}" if kind else ""


def json_schema(name: str) -> str:
    """Return the JSON Schema of a kind of file as text; raises KeyError for an unknown kind."""
    model = SCHEMAS[name]
    result = {"$schema": _DRAFT, **_group(model)}
    result["title"] = _title(model)
    if name in _PARTS:
        result.pop("allOf", None)
    definitions: dict[str, Any] = {}
    for group in sorted(_groups_in(model), key=lambda group: group.__name__):
        definitions[group.__name__] = {**_group(group), "title": _title(group)}
    result["$defs"] = definitions
    return json.dumps(result, ensure_ascii=False, indent=1) + "\n"


def _groups_in(model: type[KeyGroup]) -> set[type[KeyGroup]]:
    """Return the groups that the fields of `model` hold, at any depth."""
    found: set[type[KeyGroup]] = set()
    begun = [model]
    while begun:
        for field in fields_of(begun.pop()).values():
            inner = innermost(field.annotation)
            if is_model(inner) and inner not in found:
                found.add(inner)
                begun.append(inner)
    return found


def _title(model: type[KeyGroup]) -> str:
    """Return what the first line of the docstring of `model` names."""
    first_line = (model.__doc__ or "").splitlines()[0]
    return first_line.split(":")[0].rstrip(".")


def _group(model: type[KeyGroup]) -> dict[str, Any]:
    """Return the schema of a group that may be keyed by name or by label."""
    stated = fields_of(model)
    fields = {name: _field(field) for name, field in stated.items()}
    labels: dict[str, str] = {}
    for label, name in names_by_label(model).items():
        labels[name] = label
        fields[label] = {**fields[name], "title": name}
    result: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": fields,
    }
    required = [name for name, field in stated.items() if field.required]
    if required:
        result["allOf"] = [_either(name, labels.get(name, name)) for name in required]
    return result


def _either(name: str, label: str) -> dict[str, Any]:
    """Return the schema of a key that has to be there, under its name or its label."""
    keys = [name] if label == name else [name, label]
    return {"anyOf": [{"required": [key]} for key in keys]}


def _field(field: GroupField) -> dict[str, Any]:
    """Return the schema of a field: `X or null` in one piece, its explanations joined."""
    inner = _value(field.annotation)
    said = _sentence(inner.get("description"), field.description)
    # Completion lists show the description and not the title.
    description = _sentence(field.title, said)
    return {"title": field.title, **inner, "description": description}


def _value(annotation: object) -> dict[str, Any]:
    """Return the schema of a type; a leaf's own says whether it may be left blank."""
    leaf = leaf_type(annotation)
    if leaf is not None:
        return dict(leaf.schema)
    inner = bare(annotation)
    if is_model(inner):
        reference = {"$ref": f"#/$defs/{inner.__name__}"}
        if inner is annotation:
            return reference
        return {"anyOf": [reference, {"type": "null"}]}
    arguments = typing.get_args(inner)
    if typing.get_origin(inner) is list:
        return {"items": _value(arguments[0]), "type": "array"}
    return {"additionalProperties": _value(arguments[1]), "type": "object"}


def _sentence(*parts: str | None) -> str:
    return "；".join(filter(None, parts))
