"""The kinds of leaves a data file may hold, as pydantic field types.

Each takes a `Scalar` and returns a `Leaf`; what does not fit is an error whose type is the
code of a finding (S2xx) and whose context holds the parameters of its message.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler, PlainValidator
from pydantic_core import PydanticCustomError, core_schema

from reportgen.load.nodes import Scalar
from reportgen.model.quantity import Quantity, QuantityError, narrow, parse_quantity
from reportgen.model.source import Mark
from reportgen.model.units import ONE, Dimension, Unit, find_unit

_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_KEPT = {"\n"}
_REFUSED = {"Cc", "Cs", "Cn", "Co"}
"""Unicode categories no output can hold or that we use ourselves: controls, unassigned, private."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value with its place; `value` is None where the author left it blank."""

    value: Quantity | str | None
    mark: Mark
    prose: bool = False
    personal: bool = False


class _Field:
    """A leaf type: a parser of scalars with a JSON Schema for editors."""

    def __init__(self, parse: Callable[[Scalar], Leaf], schema: dict[str, Any]) -> None:
        self.parse = parse
        self.schema = schema

    def __get_pydantic_core_schema__(
        self, _source: object, _handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self._check)

    def __get_pydantic_json_schema__(
        self, _schema: core_schema.CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return self.schema

    def _check(self, value: object) -> Leaf:
        if not isinstance(value, Scalar):
            raise PydanticCustomError("S204", "a single value")
        return self.parse(value)


def _fail(code: str, **params: str) -> PydanticCustomError:
    return PydanticCustomError(code, "see codes.yaml", params)


def refused_character(text: str) -> str:
    """Return the first character of `text` that no output can hold, or an empty string."""
    for char in text:
        if char not in _KEPT and unicodedata.category(char) in _REFUSED:
            return char
    return ""


def _checked(scalar: Scalar) -> str:
    char = refused_character(scalar.text)
    if char:
        raise _fail("S205", character=f"U+{ord(char):04X}")
    return scalar.text


def _text(*, prose: bool = False, personal: bool = False) -> _Field:
    def parse(scalar: Scalar) -> Leaf:
        value = None if scalar.blank else _checked(scalar)
        return Leaf(value, scalar.start, prose=prose, personal=personal)

    return _Field(parse, {"type": ["string", "number", "null"]})


def _date(*, personal: bool = False) -> _Field:
    def parse(scalar: Scalar) -> Leaf:
        if scalar.blank:
            return Leaf(None, scalar.mark, personal=personal)
        match = _DATE.fullmatch(scalar.text)
        try:
            text = dt.date(*map(int, match.groups())).isoformat() if match else ""
        except ValueError:
            text = ""
        if not text:
            raise _fail("S206", text=scalar.text)
        return Leaf(text, scalar.start, personal=personal)

    return _Field(parse, {"type": "string", "format": "date"})


def quantity_of(scalar: Scalar, default: str = "") -> Quantity:
    """Return the quantity written in `scalar`; raises the error of S207–S209 it deserves."""
    try:
        return parse_quantity(_checked(scalar), _unit(default))
    except QuantityError as error:
        code = {"number": "S207", "unit": "S208", "long": "S209"}[error.reason]
        raise _fail(code, text=scalar.text, part=error.part) from None


def _unit(symbol: str) -> Unit:
    unit = find_unit(symbol)
    assert unit is not None
    return unit


def _quantity(default: str, *, negative: bool = False) -> _Field:
    dimension: Dimension = _unit(default).dimension

    def parse(scalar: Scalar) -> Leaf:
        if scalar.blank:
            return Leaf(None, scalar.mark)
        quantity = quantity_of(scalar, default)
        if quantity.unit.dimension != dimension and quantity.unit is not ONE:
            raise _fail("S211", text=scalar.text, unit=str(quantity.unit), wanted=default)
        if quantity.value < 0 and not negative:
            raise _fail("S212", text=scalar.text)
        return Leaf(quantity, scalar.start)

    return _Field(
        parse, {"type": ["string", "number", "null"], "description": f"默认单位：{default}"}
    )


def free_leaf(scalar: Scalar) -> Leaf:
    """Return a free value as people write it: a quantity where number and unit are known."""
    if scalar.blank:
        return Leaf(None, scalar.mark)
    text = _checked(scalar)
    starts_as_number = re.match(r"[-+约近超逾≥≤<>=]*\d", narrow(text)) is not None
    if scalar.plain and starts_as_number:
        try:
            return Leaf(parse_quantity(text), scalar.start)
        except QuantityError as error:
            if (error.reason == "unit" and len(error.part) <= 4) or error.reason == "long":
                code = {"unit": "S208", "long": "S209"}[error.reason]
                raise _fail(code, text=text, part=error.part) from None
            if re.fullmatch(r"[-+\d.,]+", narrow(text)):
                raise _fail("S207", text=text, part=error.part) from None
    return Leaf(text, scalar.start)


Text = Annotated[Leaf, _text()]
"""Literal text."""
Prose = Annotated[Leaf, _text(prose=True)]
"""Text that may refer to figures: {{ … }}."""
PersonalText = Annotated[Leaf, _text(personal=True)]
"""A name, phone or the like of a natural person: never in a public version by default."""
Date = Annotated[Leaf, _date()]
"""A day, YYYY-MM-DD."""
PersonalDate = Annotated[Leaf, _date(personal=True)]
"""A day that belongs to a sign-off by a person."""
Amount = Annotated[Leaf, _quantity("万元")]
"""Money, not negative; without a unit it is 万元, the unit of the forms."""
People = Annotated[Leaf, _quantity("人")]
"""A number of people."""
Area = Annotated[Leaf, _quantity("㎡")]
"""An area."""
Points = Annotated[Leaf, _quantity("分")]
"""Points of a score sheet."""
Free = Annotated[Leaf, _Field(free_leaf, {"type": ["string", "number", "null"]})]
"""A value as people write it: `434.43亿元`, `80余次`, or a text."""


def _key(value: object) -> object:
    if not isinstance(value, Scalar):
        raise PydanticCustomError("S204", "a single value")
    return _checked(value)


Word = Annotated[str, BeforeValidator(_key)]
"""A word that names something: an id, a path, a code."""


def _free_or_list(value: object) -> Leaf | tuple[Leaf, ...]:
    if isinstance(value, Scalar):
        return free_leaf(value)
    if isinstance(value, list) and all(isinstance(item, Scalar) for item in value):
        return tuple(free_leaf(item) for item in value)
    raise PydanticCustomError("S204", "a single value")


FreeOrList = Annotated[
    Leaf | tuple[Leaf, ...],
    PlainValidator(_free_or_list, json_schema_input_type=str | list[str] | None),
]
"""A free value, or a list of them."""


def _whole(value: object) -> int:
    text = narrow(str(_key(value)))
    if not re.fullmatch(r"\d{1,4}", text):
        raise _fail("S217", text=text, wanted="0–9999")
    return int(text)


def _yes_no(value: object) -> bool:
    text = str(_key(value))
    if text not in {"true", "false", "是", "否"}:
        raise _fail("S217", text=text, wanted="true / false")
    return text in {"true", "是"}


Whole = Annotated[int, PlainValidator(_whole, json_schema_input_type=int)]
"""A small whole number of a rule, such as decimals or columns."""
YesNo = Annotated[bool, PlainValidator(_yes_no, json_schema_input_type=bool)]
"""A switch: true or false, 是 or 否."""


def choice(*words: str) -> PlainValidator:
    """Return a validator that takes one of `words` and nothing else."""

    def check(value: object) -> str:
        text = str(_key(value))
        if text not in words:
            raise _fail("S217", text=text, wanted=" / ".join(words))
        return text

    return PlainValidator(check, json_schema_input_type=Literal[words])
