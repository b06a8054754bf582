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
from reportgen.load.reports import Report
from reportgen.load.rules import RuleFile
from reportgen.load.schema import ReportingUnit, Year

SCHEMAS: Mapping[str, type[BaseModel]] = {
    "unit": ReportingUnit,
    "year": Year,
    "report": Report,
    "report-part": Report,
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
    match path.split("/"):
        case ["data", _, "unit.yaml"]:
            return "unit"
        case ["data", _, _, _]:
            return "year"
        case ["data", _, _, _, "report.yaml"]:
            return "report"
        case ["data", _, _, _, _]:
            return "report-part"
        case ["templates", *_, "pack.yaml"]:
            return "pack"
        case ["templates", *_]:
            return "rules"
    return ""


def modeline(path: str) -> str:
    """Return the comment by which the file at `path` tells an editor its schema; `` for none."""
    kind = kind_of(path)
    return f"{MODELINE}{'../' * path.count('/')}{schema_path(kind)}" if kind else ""


def json_schema(name: str) -> str:
    """Return the JSON Schema of a kind of file as text; raises KeyError for an unknown kind."""
    model = SCHEMAS[name]
    schema = model.model_json_schema(mode="validation")
    definitions = schema.pop("$defs", {})
    named = {each.__name__: each for each in _groups()}
    result = {"$schema": _DRAFT, **_group(schema, model)}
    result["title"] = _first(model)
    if name in _PARTS:
        result.pop("allOf", None)
    result["$defs"] = {
        key: {**_group(value, named[key]), "title": _first(named[key])}
        for key, value in sorted(definitions.items())
    }
    return json.dumps(result, ensure_ascii=False, indent=1) + "\n"


def _groups(base: type[BaseModel] = KeyGroup) -> Iterator[type[BaseModel]]:
    """Yield every model of a group of keys."""
    for model in base.__subclasses__():
        yield model
        yield from _groups(model)


def _first(model: type[BaseModel]) -> str:
    """Return what the first line of the docstring of `model` names."""
    return (model.__doc__ or "").splitlines()[0].split(":")[0].rstrip(".")


def _group(schema: Mapping[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    """Return the schema of a group that may be keyed by name or by label."""
    fields = {name: _field(each) for name, each in schema["properties"].items()}
    labels = {
        field.title: name
        for name, field in model.model_fields.items()
        if field.title and field.title not in fields
    }
    aliases = {label: {**fields[name], "title": name} for label, name in labels.items()}
    by_name = {name: label for label, name in labels.items()}
    pairs = [(name, by_name.get(name, name)) for name in schema.get("required", ())]
    result: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {**fields, **aliases},
    }
    if pairs:
        result["allOf"] = [
            {"anyOf": [{"required": [key]} for key in dict.fromkeys(pair)]} for pair in pairs
        ]
    return result


def _field(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of a field: `X or null` in one piece, its explanations joined."""
    result = {key: value for key, value in schema.items() if key != "default"}
    choices = [each for each in result.get("anyOf", ()) if each != {"type": "null"}]
    if len(choices) == 1 and "$ref" not in choices[0]:
        parts = [choices[0].get("description"), result.get("description")]
        result = {**choices[0], **result}
        del result["anyOf"]
        if any(parts):
            result["description"] = "；".join(filter(None, parts))
    label, told = result.get("title"), result.get("description")
    if label:  # completion lists show the description and not the title
        result["description"] = f"{label}；{told}" if told else label
    return result
