"""Builds the validator of a group of the schema from the types of its fields.

pydantic would build it too, but takes a large part of a short run for it: it is made for all of
Python's types, and ours are few. It still collects the fields, and writes the JSON Schema.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Sequence
from functools import cache
from typing import Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, PlainValidator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined, SchemaValidator, core_schema
from pydantic_core.core_schema import CoreSchema

from reportgen.load.fields import LeafType
from reportgen.load.shape import is_model


@cache
def validator_of(model: type[BaseModel]) -> SchemaValidator:
    """Return what makes an instance of `model` of dicts, lists and scalars."""
    builder = _Builder()
    reference = builder.group(model)
    return SchemaValidator(core_schema.definitions_schema(reference, builder.definitions))


class _Builder:
    """Builds the schemas of groups, each once; a group that holds others refers to them."""

    def __init__(self) -> None:
        self.begun: set[type[BaseModel]] = set()
        self.definitions: list[CoreSchema] = []

    def group(self, model: type[BaseModel]) -> CoreSchema:
        """Return the reference to a group, which is defined on the first time."""
        name = model.__name__
        if model not in self.begun:
            self.begun.add(model)
            fields = {key: self.field(field) for key, field in model.model_fields.items()}
            content = core_schema.model_fields_schema(fields, model_name=name)
            config = core_schema.CoreConfig(extra_fields_behavior="forbid")
            definition = core_schema.model_schema(model, content, config=config, ref=name)
            self.definitions.append(definition)
        return core_schema.definition_reference_schema(name)

    def field(self, field: FieldInfo) -> core_schema.ModelField:
        schema = self.annotated(field.annotation, field.metadata)
        if field.default_factory is not None:
            factory: Any = field.default_factory
            schema = core_schema.with_default_schema(schema, default_factory=factory)
        elif field.default is not PydanticUndefined:
            schema = core_schema.with_default_schema(schema, default=field.default)
        return core_schema.model_field(schema)

    def annotated(self, annotation: Any, validators: Sequence[Any]) -> CoreSchema:  # noqa: ANN401
        """Return the schema of a type with the validators that stand beside it, the last first."""
        if not validators:
            return self.plain(annotation)
        *before, last = validators
        if isinstance(last, LeafType):
            return core_schema.no_info_plain_validator_function(last.check)
        function: Any = last.func
        if isinstance(last, PlainValidator):
            return core_schema.no_info_plain_validator_function(function)
        inner = self.annotated(annotation, before)
        if isinstance(last, BeforeValidator):
            return core_schema.no_info_before_validator_function(function, inner)
        assert isinstance(last, AfterValidator)
        return core_schema.no_info_after_validator_function(function, inner)

    def plain(self, annotation: Any) -> CoreSchema:  # noqa: ANN401 - annotations are of any type
        """Return the schema of a type: annotated, `X | None`, a list, a dict, a text or a group."""
        if annotation is str:
            return core_schema.str_schema()
        if is_model(annotation):
            return self.group(annotation)
        arguments = typing.get_args(annotation)
        match typing.get_origin(annotation):
            case typing.Annotated:
                return self.annotated(arguments[0], arguments[1:])
            case typing.Union | types.UnionType:
                return core_schema.nullable_schema(self.plain(arguments[0]))
            case origin if origin is list:
                return core_schema.list_schema(self.plain(arguments[0]))
        key, value = arguments
        return core_schema.dict_schema(self.plain(key), self.plain(value))
