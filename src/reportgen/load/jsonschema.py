"""The JSON Schemas of data and pack files, so that editors complete and explain keys."""

from __future__ import annotations

import json

from pydantic import BaseModel

from reportgen.load.packs import PackFile
from reportgen.load.reports import Report
from reportgen.load.rulebook import RuleFile
from reportgen.load.schema import Unit, Year

SCHEMAS: dict[str, type[BaseModel]] = {
    "unit": Unit,
    "year": Year,
    "report": Report,
    "pack": PackFile,
    "rules": RuleFile,
}
"""Each kind of file with its model."""


def json_schema(name: str) -> str:
    """Return the JSON Schema of a kind of file as text; raises KeyError for an unknown kind."""
    schema = SCHEMAS[name].model_json_schema(mode="validation")
    return json.dumps(schema, ensure_ascii=False, indent=1)
