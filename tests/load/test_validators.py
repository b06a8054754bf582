"""Our validators against pydantic's own, which they stand in for."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ValidationError

from reportgen.load.fields import KeyGroup
from reportgen.load.jsonschema import SCHEMAS
from reportgen.load.validators import validator_of
from reportgen.model.source import SourceSpan
from reportgen.project.yaml_nodes import Scalar


def scalar(text):
    return Scalar(text, SourceSpan("a.yaml", 2, 3, 2, 3 + len(text)))


VALUES = (
    scalar("12"),
    scalar("2023-01-02"),
    scalar("字"),
    scalar(""),
    [],
    [scalar("a")],
    {},
    {"a": scalar("1")},
    {"1.": scalar("1")},
    {"a": [{"b": scalar("1")}]},
    [{"id": scalar("a"), "name": scalar("b")}],
)


def groups(base=KeyGroup):
    for model in base.__subclasses__():
        if model.__module__.startswith("reportgen."):
            yield model
        yield from groups(model)


def outcome(validate, value):
    try:
        return validate(value)
    except ValidationError as error:
        return [(each["type"], each["loc"], each.get("ctx")) for each in error.errors()]


def same(model: type[BaseModel], value):
    ours = outcome(validator_of(model).validate_python, value)
    assert ours == outcome(model.model_validate, value)
    return ours


@pytest.mark.parametrize("model", dict.fromkeys(groups()), ids=lambda model: model.__name__)
def test_each_group_takes_and_refuses_the_same_as_by_pydantic(model):
    for value in ("text", scalar("a"), [], {}, {"unknown": scalar("a")}):
        same(model, value)
    for name in model.model_fields:
        for value in VALUES:
            same(model, {name: value})


def test_a_whole_group_is_an_instance_with_its_defaults():
    row = {"id": scalar("a"), "name": scalar("名")}
    year = same(SCHEMAS["year"], {"economic": [row | {"category": scalar("类")}]})
    assert isinstance(year, SCHEMAS["year"])
    assert [item.id for item in year.economic] == ["a"]
    assert (year.staffing, year.funds, year.facts) == (None, [], {})
