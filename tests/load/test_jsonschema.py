from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from reportgen.load.groups import fields_of
from reportgen.load.jsonschema import SCHEMAS, json_schema, kind_of, schema_path
from reportgen.project import yaml_nodes as nodes
from reportgen.project.yaml_reader import read_yaml

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("data/**/*.yaml"), *ROOT.glob("templates/**/*.yaml"))
)


def errors(kind, text):
    schema = json.loads(json_schema(kind))
    found = jsonschema.Draft202012Validator(schema).iter_errors(plain(read_yaml("a.yaml", text)[0]))
    return [error.message for error in found]


def plain(node):
    """Return `node` as an editor's YAML server sees it: numbers and switches are such."""
    match node:
        case nodes.Mapping(entries):
            return {entry.key: plain(entry.value) for entry in entries}
        case nodes.Sequence(items):
            return [plain(item) for item in items]
        case nodes.Scalar(text) if node.plain:
            known = {"true": True, "false": False}
            return None if node.blank else int(text) if text.isdigit() else known.get(text, text)
    return node.text


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_describes_every_key_with_its_label(name):
    schema = json.loads(json_schema(name))
    jsonschema.Draft202012Validator.check_schema(schema)
    fields = fields_of(SCHEMAS[name])
    labels = {field.title for field in fields.values()}
    assert set(schema["properties"]) == set(fields) | labels
    assert all(each.get("title") for each in schema["properties"].values())
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("path", FILES)
def test_every_file_of_the_project_fits_its_schema(path):
    assert errors(kind_of(path), (ROOT / path).read_text("utf-8")) == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_project_holds_the_schemas_that_its_files_refer_to(name):
    assert (ROOT / schema_path(name)).read_text("utf-8") == json_schema(name), "run make docs"


def test_numbers_may_be_typed_with_or_without_a_unit():
    schema = json.loads(json_schema("year"))
    quota = schema["$defs"]["Staffing"]["properties"]["quota"]
    assert quota["type"] == ["string", "number", "null"]
    assert (quota["title"], quota["description"]) == ("编制数", "编制数；默认单位：人")
    assert errors("year", "staffing: {quota: 95人, actual: 92}") == []


def test_optional_fields_keep_both_explanations():
    schema = json.loads(json_schema("year"))
    line = schema["$defs"]["BudgetLine"]["properties"]["budget"]
    assert line["description"] == "全年预算数；默认单位：万元；调整后"


def test_labels_of_the_forms_are_keys():
    assert errors("year", "人员编制: {编制数: 95人, actual: 92人}") == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("year", "stafing: {}"),
        ("year", "staffing: {quota: 95人, actual: 92人, more: 1}"),
        ("year", "staffing: {quota: 95人}"),
        ("report", "date: 2024-06-28"),
        ("pack", "name: 名"),
    ],
)
def test_slips_are_marked(kind, text):
    assert errors(kind, text)


def test_a_part_of_a_report_needs_not_what_report_yaml_holds():
    assert errors("report-part", "ratings: []") == []
    assert errors("report", "模板包: a/b\ndate: 2024-06-28") == []


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("data/x/unit.yaml", "unit"),
        ("data/x/2023/a.yaml", "year"),
        ("data/x/2023/r/report.yaml", "report"),
        ("data/x/2023/r/ratings.yaml", "report-part"),
        ("templates/x/y/pack.yaml", "pack"),
        ("templates/shared/common.yaml", "rules"),
        ("docs/x.yaml", ""),
    ],
)
def test_kind_of_a_file_is_told_by_its_path(path, kind):
    assert kind_of(path) == kind


def test_unknown_kind_of_file_is_an_error():
    with pytest.raises(KeyError):
        json_schema("none")
