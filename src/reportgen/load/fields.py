"""The field types of the schema: how each reads a scalar into a `Leaf`, a value with its place.

They raise pydantic errors whose type is the code of a finding; `validate` makes it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainValidator,
)
from pydantic_core import PydanticCustomError, core_schema

from reportgen.language.characters import codepoint, refused
from reportgen.model.quantity import Quantity, QuantityError, narrow, parse_quantity
from reportgen.model.source import SourceSpan
from reportgen.model.units import ONE, Dimension, Unit, find_unit
from reportgen.project.yaml_nodes import Scalar


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value with its place; `value` is None where the author left it blank."""

    value: Quantity | str | None
    span: SourceSpan
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
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(
        self, _schema: core_schema.CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Return the schema that editors read."""
        return self.schema

    def check(self, value: object) -> Leaf:
        """Return `value`, which must be a scalar, as a leaf."""
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


_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})")
_NAME = re.compile(r"[^\W\d]\w*")
_KEY = re.compile(r"[^\W\d]\w*(\.\w+)*(\.\*(\.[^\W\d]\w*)+)?")
_ANY_SCALAR = {"type": ["string", "number", "null"]}
"""The JSON Schema of a field that takes any scalar."""


def _text(*, required: bool = False, prose: bool = False, personal: bool = False) -> LeafType:
    def parse(scalar: Scalar) -> Leaf:
        if required:
            value: str | None = given(scalar)
        else:
            value = None if scalar.blank else checked(scalar)
        return Leaf(value, scalar.start, prose=prose, personal=personal)

    return LeafType(parse, dict(_ANY_SCALAR))


def _date(*, required: bool = False, personal: bool = False) -> LeafType:
    def parse(scalar: Scalar) -> Leaf:
        if scalar.blank and not required:
            return Leaf(None, scalar.span, personal=personal)
        return Leaf(_iso_date(given(scalar)), scalar.start, personal=personal)

    kinds = "string" if required else ["string", "null"]
    return LeafType(parse, {"type": kinds, "format": "date"})


def _iso_date(text: str) -> str:
    """Return a day as ISO 8601 writes it; raises S206 where `text` is none."""
    match = _DATE.fullmatch(text)
    if match is None:
        raise fail("S206", text=text)
    year, month, day = match.groups()
    try:
        return dt.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        raise fail("S206", text=text) from None


def _clock(scalar: Scalar) -> Leaf:
    if scalar.blank:
        return Leaf(None, scalar.span)
    match = _CLOCK.fullmatch(scalar.text)
    if match is None:
        raise fail("S225", text=scalar.text)
    hour, minute = match.groups()
    if int(hour) > 23 or int(minute) > 59:
        raise fail("S225", text=scalar.text)
    return Leaf(f"{hour:0>2}:{minute}", scalar.start)


_QUANTITY_CODES = {"number": "S207", "unit": "S208", "long": "S209"}
"""The codes of what is wrong with a quantity, by the reason of its `QuantityError`."""


def quantity_of(scalar: Scalar, default: str = "") -> Quantity:
    """Return the quantity written in `scalar`; raises the error of S207–S209 it deserves."""
    try:
        return parse_quantity(checked(scalar), _unit(default))
    except QuantityError as error:
        raise _bad_quantity(scalar.text, error) from None


def _bad_quantity(text: str, error: QuantityError) -> PydanticCustomError:
    return fail(_QUANTITY_CODES[error.reason], text=text, part=error.part)


def _unit(symbol: str) -> Unit:
    unit = find_unit(symbol)
    assert unit is not None
    return unit


def _quantity(default: str, *, negative: bool = False) -> LeafType:
    dimension: Dimension = _unit(default).dimension

    def parse(scalar: Scalar) -> Leaf:
        if scalar.blank:
            return Leaf(None, scalar.span)
        quantity = quantity_of(scalar, default)
        if quantity.unit.dimension != dimension and quantity.unit is not ONE:
            raise fail("S211", text=scalar.text, unit=str(quantity.unit), wanted=default)
        if quantity.value < 0 and not negative:
            raise fail("S212", text=scalar.text)
        return Leaf(quantity, scalar.start)

    return LeafType(parse, {**_ANY_SCALAR, "description": f"默认单位：{default}"})


TextField = Annotated[Leaf, _text()]
"""Literal text."""
RequiredTextField = Annotated[Leaf, _text(required=True)]
"""Literal text that cannot be left blank."""
ProseField = Annotated[Leaf, _text(prose=True)]
"""Text that may refer to figures: {{ … }}."""
RequiredProseField = Annotated[Leaf, _text(required=True, prose=True)]
"""Such text that cannot be left blank."""
PersonalTextField = Annotated[Leaf, _text(personal=True)]
"""A name, phone or the like of a natural person: never in a public version by default."""
RequiredDateField = Annotated[Leaf, _date(required=True)]
"""A day, YYYY-MM-DD, that cannot be left blank."""
DateField = Annotated[Leaf, _date()]
"""A day."""
ClockField = Annotated[Leaf, LeafType(_clock, {"type": "string", "pattern": r"^\d{1,2}:\d{2}$"})]
"""A time of day, HH:MM."""
PersonalDateField = Annotated[Leaf, _date(personal=True)]
"""A day that belongs to a sign-off by a person."""
AmountField = Annotated[Leaf, _quantity("万元")]
"""Money, not negative; without a unit it is 万元, the unit of the forms."""
PeopleField = Annotated[Leaf, _quantity("人")]
"""A number of people."""
AreaField = Annotated[Leaf, _quantity("㎡")]
"""An area."""
PointsField = Annotated[Leaf, _quantity("分")]
"""Points of a score sheet."""


def _key(value: object) -> object:
    scalar = single(value)
    if scalar.blank:
        raise fail("S218")
    return checked(scalar)


WordField = Annotated[str, BeforeValidator(_key)]
"""A word that says something to the program: an id, a path, a code; never left out."""


def is_name(text: str) -> bool:
    """Return whether formulas and templates can write `text` as a name."""
    return _NAME.fullmatch(text) is not None


def _name(value: str) -> str:
    if not is_name(value):
        raise fail("S215", key=value)
    return value


NameField = Annotated[str, AfterValidator(_name)]
"""A key that authors choose, by which formulas and templates know the value."""


def _dotted(value: str) -> str:
    if not _KEY.fullmatch(value):
        raise fail("S215", key=value)
    return value


KeyField = Annotated[str, AfterValidator(_dotted)]
"""The key of a derived figure: names with dots between, `*` for the rows of a table."""


def _whole(most: int) -> Callable[[object], int]:
    def check(value: object) -> int:
        text = narrow(str(_key(value)))
        if not re.fullmatch("[0-9]{1,4}", text) or int(text) > most:
            raise fail("S217", text=text, wanted=f"0–{most}")
        return int(text)

    return check


def _yes_no(value: object) -> bool:
    text = str(_key(value))
    if text not in {"true", "false", "是", "否"}:
        raise fail("S217", text=text, wanted="true / false")
    return text in {"true", "是"}


WholeNumberField = Annotated[int, PlainValidator(_whole(9999), json_schema_input_type=int)]
"""A small whole number of a rule, such as columns."""
DecimalsField = Annotated[int, PlainValidator(_whole(10), json_schema_input_type=int)]
"""A number of decimals."""
YesNoField = Annotated[bool, PlainValidator(_yes_no, json_schema_input_type=bool)]
"""A switch: true or false, 是 or 否."""


def choice(*words: str) -> PlainValidator:
    """Return a validator that takes one of `words` and nothing else."""

    def check(value: object) -> str:
        text = str(_key(value))
        if text not in words:
            raise fail("S217", text=text, wanted=" / ".join(words))
        return text

    return PlainValidator(check, json_schema_input_type=Literal[words])


class KeyGroup(BaseModel):
    """A group of keys.

    `table` says that its fields are the rows of a table; `hoisted` gives fields whose content
    stands under another key, and `unlisted` those that hold no facts.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True
    )
    table: ClassVar[bool] = False
    hoisted: ClassVar[dict[str, str]] = {}
    unlisted: ClassVar[frozenset[str]] = frozenset()


def blank_field(title: str, description: str = "") -> Any:  # noqa: ANN401 - a pydantic marker
    """Return the default of an optional field with its label."""
    return Field(default=None, title=title, description=description or None)


_NUMERIC = re.compile(r"[-+约近超逾≥≤<>=]*\d")
_WHOLE_NUMBER = re.compile(r"\D*(\d+|\d{1,3}(,\d{3})+)(\.\d+)?(?!\d|[.,][\d.,])")
"""A text that begins with a number begins with a whole one: not 1..2, 1.2.3 or 1,23."""

_ONLY_DIGITS = re.compile(r"[-+\d.,]+")
_LONGEST_UNIT = 4
"""What follows a number and is longer is no misspelt unit but a text that begins with a number."""


def free_leaf(scalar: Scalar) -> Leaf:
    """Return a free value as people write it: a quantity where number and unit are known."""
    if scalar.blank:
        return Leaf(None, scalar.span)
    text = checked(scalar)
    if not scalar.plain or not _NUMERIC.match(narrow(text)):
        return Leaf(text, scalar.start)
    try:
        return Leaf(parse_quantity(text), scalar.start)
    except QuantityError as error:
        if _meant_as_quantity(error):
            raise _bad_quantity(text, error) from None
        if _meant_as_number(text):
            raise fail("S207", text=text, part=error.part) from None
        return Leaf(text, scalar.start)


def _meant_as_quantity(error: QuantityError) -> bool:
    """Return whether a text is a number with a unit that is unknown, or a number too long."""
    if error.reason == "unit":
        return len(error.part) <= _LONGEST_UNIT
    return error.reason == "long"


def _meant_as_number(text: str) -> bool:
    """Return whether a text that is no quantity is a malformed number, alone or at its start."""
    narrowed = narrow(text)
    return not _WHOLE_NUMBER.match(narrowed) or _ONLY_DIGITS.fullmatch(narrowed) is not None


FreeField = Annotated[Leaf, LeafType(free_leaf, dict(_ANY_SCALAR))]
"""A value as people write it: `434.43亿元`, `80余次`, or a text."""


def _free_or_list(value: object) -> Leaf | tuple[Leaf, ...]:
    if isinstance(value, Scalar):
        return free_leaf(value)
    if isinstance(value, list):
        return tuple(_item(item, number) for number, item in enumerate(value))
    raise fail("S204")


def _item(value: object, number: int) -> Leaf:
    """Return an item of a free list; its error has the number of it, from 0, as `item`."""
    try:
        scalar = single(value)
        given(scalar)
        return free_leaf(scalar)
    except PydanticCustomError as error:
        params = {**(error.context or {}), "item": str(number)}
        raise fail(error.type, **params) from None


FreeOrListField = Annotated[
    Leaf | tuple[Leaf, ...],
    PlainValidator(_free_or_list, json_schema_input_type=str | float | list[str | float] | None),
]
"""A free value, or a list of them."""
