from __future__ import annotations

import json

import pytest

from reportgen.load.jsonschema import SCHEMAS, json_schema


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_describes_every_key_with_its_label(name):
    schema = json.loads(json_schema(name))
    assert set(schema["properties"]) == set(SCHEMAS[name].model_fields)
    assert all(each.get("title") for each in schema["properties"].values())
    assert schema["additionalProperties"] is False


def test_numbers_may_be_typed_with_or_without_a_unit():
    schema = json.loads(json_schema("year"))
    quota = schema["$defs"]["Staffing"]["properties"]["quota"]
    assert quota["type"] == ["string", "number", "null"]
    assert "人" in quota["description"]


def test_required_keys_are_required():
    assert set(json.loads(json_schema("report"))["required"]) == {"pack", "date"}


def test_unknown_kind_of_file_is_an_error():
    with pytest.raises(KeyError):
        json_schema("none")
