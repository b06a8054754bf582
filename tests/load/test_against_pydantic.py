"""What is taken and refused, by group and field, is what pydantic takes and refuses."""

from __future__ import annotations

import types
import typing

import pytest
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    create_model,
)
from pydantic_core import PydanticCustomError

from loading import value
from node_values import at, key_span, plain
from reportgen.findings import Diagnostics
from reportgen.load.groups import FieldError, GroupType, KeyGroup, KeyRule, LeafType, fields_of
from reportgen.load.jsonschema import SCHEMAS
from reportgen.load.reading import check_ids, validate
from reportgen.project.yaml_nodes import Mapping, Sequence
from reportgen.project.yaml_reader import read_yaml

VALUES = (
    *("12", "2023-01-02", "字", "''", "'  '", "", "true", "[]", "[a]", "[a, [b]]", "{}"),
    *("{a: 1}", "{'1.': 1}", "{a: [{b: 1}]}", "{a: [b]}", "[{id: a, name: b}]", "[{id: a}, 字]"),
    '"\\a"',
)
CODES = {
    "missing": "S201",
    "extra_forbidden": "S202",
    "model_type": "S203",
    "dict_type": "S203",
    "list_type": "S213",
}
AT_KEY = {"S201", "S202"}


def groups(base=KeyGroup):
    for group in base.__subclasses__():
        if group.__module__.startswith("reportgen."):
            yield group
        yield from groups(group)


MODELS: dict[type, type[BaseModel]] = {}


def model_of(group):
    """Return a group as a model of pydantic, which judges all but leaves and keys."""
    if group not in MODELS:
        MODELS[group] = typing.ForwardRef(group.__name__)  # for a group that holds itself
        fields = {}
        for name, field in fields_of(group).items():
            default = {} if field.required else {"default_factory": field.default}
            fields[name] = (theirs(field.annotation), Field(**default))
        config = ConfigDict(extra="forbid")
        MODELS[group] = create_model(group.__name__, __config__=config, **fields)
    return MODELS[group]


def theirs(annotation):
    """Return a type of ours as one of pydantic."""
    arguments = typing.get_args(annotation)
    match typing.get_origin(annotation):
        case typing.Annotated:
            inner, *added = arguments
            return typing.Annotated[inner, *map(validator, added)]
        case typing.Union | types.UnionType:
            return theirs(arguments[0]) | None
        case origin if origin in {list, dict}:
            return origin[*map(theirs, arguments)]
    return model_of(annotation) if isinstance(annotation, GroupType) else annotation


def validator(added):
    match added:
        case LeafType():
            return PlainValidator(lambda value: told(added.read, node_of(value)))
        case KeyRule():
            return AfterValidator(lambda key: told(added.check, key) or key)
    return added


def node_of(value):
    """Return what a leaf is read of: groups and lists are of no use to it but as such."""
    if isinstance(value, dict):
        return Mapping((), None)
    if isinstance(value, list):
        return Sequence(tuple(map(node_of, value)), None)
    return value


def told(check, value):
    try:
        return check(value)
    except FieldError as error:
        raise PydanticCustomError(error.code, "", {"item": error.item}) from None


def expected(group, node):
    """Return the code and the place of what pydantic finds wrong."""
    try:
        model_of(group).model_validate(plain(node))
    except ValidationError as error:
        return [code_and_place(each, node) for each in error.errors()]
    return []


def code_and_place(error, node):
    path, code = error["loc"], CODES.get(error["type"], error["type"])
    if code == "S201":
        return code, key_span(node, path[:-1])
    if code == "S202":
        return code, key_span(node, path)
    if path and path[-1] == "[key]":
        return code, key_span(node, path[:-1])
    item = error.get("ctx", {}).get("item")
    return code, at(node, path if item is None else (*path, item)).span


def found(group, node):
    log, ids = Diagnostics(), Diagnostics()
    value = validate(group, node, log)
    check_ids(node, ids)
    assert (value is None) == bool(log)
    return [(each.code, each.span) for each in log][len(tuple(ids)) :]


def without_columns(findings):
    """Return findings without the columns, which a leaf narrows to a character."""
    return [(code, span.line) for code, span in findings]


@pytest.mark.parametrize("group", dict.fromkeys(groups()), ids=lambda group: group.__name__)
def test_each_group_takes_and_refuses_the_same_as_by_pydantic(group):
    required = "".join(f"{name}: 1\n" for name, field in fields_of(group).items() if field.required)
    for text in ("{}", "'0': a", "'0': a\n'1': b", required or "{}"):
        same(group, text)
    for name in fields_of(group):
        for text in VALUES:
            same(group, f"'0': 1\n{name}: {text}")


def same(group, text):
    node, findings = read_yaml("a.yaml", text)
    assert findings == ()
    ours = found(group, node)
    if "\\a" in text:
        assert without_columns(ours) == without_columns(expected(group, node))
    else:
        assert ours == expected(group, node)


def test_a_whole_group_is_an_instance_with_its_defaults():
    year = value("economic: [{id: a, name: 名, category: 类}]", SCHEMAS["year"])
    assert isinstance(year, SCHEMAS["year"])
    assert [item.id for item in year.economic] == ["a"]
    assert (year.staffing, year.funds, year.facts) == (None, [], {})


def test_defaults_are_not_shared():
    first, second = (value("{}", SCHEMAS["year"]) for _ in range(2))
    assert first.funds is not second.funds
