"""The JSON Schemas of data and pack files, so that editors complete and explain keys.

They say what the loader accepts of one file: the labels of the forms are keys as good as the
names, a blank is allowed where the loader allows one, and a file that holds only a part of a
report need not have the keys that another part has.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from reportgen.load.fields import KeyGroup
from reportgen.load.packs import PackFile
from reportgen.load.reports import ReportFile
from reportgen.load.rules import RuleFile
from reportgen.load.schema import ReportingUnit, Year
from reportgen.load.shape import labels as names_by_label

SCHEMAS: Mapping[str, type[BaseModel]] = {
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
    schema = model.model_json_schema(mode="validation")
    definitions = schema.pop("$defs", {})
    result = {"$schema": _DRAFT, **_group(schema, model)}
    result["title"] = _title(model)
    if name in _PARTS:
        result.pop("allOf", None)
    models = {group.__name__: group for group in _groups()}
    result["$defs"] = {}
    for key in sorted(definitions):
        group = _group(definitions[key], models[key])
        result["$defs"][key] = {**group, "title": _title(models[key])}
    return json.dumps(result, ensure_ascii=False, indent=1) + "\n"


def _groups(base: type[BaseModel] = KeyGroup) -> Iterator[type[BaseModel]]:
    """Yield every model of a group of keys."""
    for model in base.__subclasses__():
        yield model
        yield from _groups(model)


def _title(model: type[BaseModel]) -> str:
    """Return what the first line of the docstring of `model` names."""
    first_line = (model.__doc__ or "").splitlines()[0]
    return first_line.split(":")[0].rstrip(".")


def _group(schema: Mapping[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    """Return the schema of a group that may be keyed by name or by label."""
    fields = {name: _field(field) for name, field in schema["properties"].items()}
    labels: dict[str, str] = {}
    for label, name in names_by_label(model).items():
        labels[name] = label
        fields[label] = {**fields[name], "title": name}
    result: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": fields,
    }
    required = schema.get("required", ())
    if required:
        result["allOf"] = [_either(name, labels.get(name, name)) for name in required]
    return result


def _either(name: str, label: str) -> dict[str, Any]:
    """Return the schema of a key that has to be there, under its name or its label."""
    keys = [name] if label == name else [name, label]
    return {"anyOf": [{"required": [key]} for key in keys]}


def _field(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of a field: `X or null` in one piece, its explanations joined."""
    result = dict(schema)
    result.pop("default", None)
    choices = [choice for choice in result.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1 and "$ref" not in choices[0]:
        del result["anyOf"]
        result = _joined(choices[0], result)
    if "title" in result:  # completion lists show the description and not the title
        result["description"] = _sentence(result["title"], result.get("description"))
    return result


def _joined(inner: Mapping[str, Any], outer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schemas of a value and of the field that holds it in one piece."""
    result = {**inner, **outer}
    description = _sentence(inner.get("description"), outer.get("description"))
    if description:
        result["description"] = description
    return result


def _sentence(*parts: str | None) -> str:
    return "；".join(part for part in parts if part)
