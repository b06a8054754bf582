"""A leaf of a data file: a value with its place, and how a field type reads it from a scalar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

from reportgen.load.characters import codepoint, refused
from reportgen.load.nodes import Scalar
from reportgen.model.quantity import Quantity
from reportgen.model.source import Mark


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value with its place; `value` is None where the author left it blank."""

    value: Quantity | str | None
    mark: Mark
    prose: bool = False
    personal: bool = False


class LeafType:
    """A leaf type: a parser of scalars with a JSON Schema for editors."""

    def __init__(self, parse: Callable[[Scalar], Leaf], schema: dict[str, Any]) -> None:
        self.parse = parse
        self.schema = schema

    def __get_pydantic_core_schema__(
        self, _source: object, _handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Return the schema by which pydantic calls the parser."""
        return core_schema.no_info_plain_validator_function(self._check)

    def __get_pydantic_json_schema__(
        self, _schema: core_schema.CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Return the schema that editors read."""
        return self.schema

    def _check(self, value: object) -> Leaf:
        return self.parse(single(value))


def fail(code: str, **params: str) -> PydanticCustomError:
    """Return the error that becomes the finding `code` with `params`."""
    return PydanticCustomError(code, "see codes.yaml", params)


def checked(scalar: Scalar) -> str:
    """Return the text of `scalar`; raises S205 for a character that no output can hold."""
    char, at = refused(scalar.text)
    if char:
        raise fail("S205", character=codepoint(char), at=str(at))
    return scalar.text


def given(scalar: Scalar) -> str:
    """Return the text of `scalar`; raises S218 where it is left blank."""
    if scalar.blank or not scalar.text.strip():
        raise fail("S218")
    return checked(scalar)


def single(value: object) -> Scalar:
    """Return `value` as the scalar that it should be; raises S204 for a list or a group."""
    if not isinstance(value, Scalar):
        raise fail("S204")
    return value
