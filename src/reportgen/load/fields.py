"""The field types of the schema: how each reads a scalar into a `Leaf`, a value with its place.

What they refuse is raised as `FieldError`; `validate` makes the finding.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Any

from reportgen.language.characters import codepoint, refused
from reportgen.language.numerals import number_meant
from reportgen.load.groups import FieldError, KeyRule, LeafType
from reportgen.model.frozen import frozen
from reportgen.model.quantity import Quantity, QuantityError, narrow, parse_quantity
from reportgen.model.source import SourceSpan
from reportgen.model.units import ONE, Dimension, Unit, find_unit
from reportgen.project.yaml_nodes import Scalar, Sequence, YamlNode


@frozen
class Leaf:
    """A value with its place; `value` is None where the author left it blank.

    `meant` is the number that a text may have been meant as, as it would be read.
    """

    value: Quantity | str | None
    span: SourceSpan
    prose: bool = False
    personal: bool = False
    meant: str = ""


def checked(scalar: Scalar) -> str:
    """Return the text of `scalar`; raises S205 for a character that no output can hold."""
    char, at = refused(scalar.text)
    if char:
        raise FieldError("S205", at=at, character=codepoint(char))
    return scalar.text


def given(scalar: Scalar) -> str:
    """Return the text of `scalar`; raises S218 where it is left blank."""
    if scalar.blank or not scalar.text.strip():
        raise FieldError("S218")
    return checked(scalar)


def single(node: YamlNode) -> Scalar:
    """Return `node` as the scalar that it should be; raises S204 for a list or a group."""
    if not isinstance(node, Scalar):
        raise FieldError("S204")
    return node


def _scalar_type(
    parse: Callable[[Scalar], object], schema: Mapping[str, Any], unit: str = ""
) -> LeafType:
    return LeafType(lambda node: parse(single(node)), schema, unit)


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

    return _scalar_type(parse, _ANY_SCALAR)


def _date(*, required: bool = False, personal: bool = False) -> LeafType:
    def parse(scalar: Scalar) -> Leaf:
        if scalar.blank and not required:
            return Leaf(None, scalar.span, personal=personal)
        return Leaf(_iso_date(given(scalar)), scalar.start, personal=personal)

    kinds = "string" if required else ["string", "null"]
    return _scalar_type(parse, {"type": kinds, "format": "date"})


def _iso_date(text: str) -> str:
    """Return a day as ISO 8601 writes it; raises S206 where `text` is none."""
    match = _DATE.fullmatch(text)
    if match is None:
        raise FieldError("S206", text=text)
    year, month, day = match.groups()
    try:
        return dt.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        raise FieldError("S206", text=text) from None


def _clock(scalar: Scalar) -> Leaf:
    if scalar.blank:
        return Leaf(None, scalar.span)
    match = _CLOCK.fullmatch(scalar.text)
    if match is None:
        raise FieldError("S225", text=scalar.text)
    hour, minute = match.groups()
    if int(hour) > 23 or int(minute) > 59:
        raise FieldError("S225", text=scalar.text)
    return Leaf(f"{hour:0>2}:{minute}", scalar.start)


_QUANTITY_CODES = {"number": "S207", "unit": "S208", "long": "S209"}
"""The codes of what is wrong with a quantity, by the reason of its `QuantityError`."""


def quantity_of(scalar: Scalar, default: str = "") -> Quantity:
    """Return the quantity written in `scalar`; raises the error of S207–S210 it deserves."""
    try:
        return parse_quantity(checked(scalar), _unit(default))
    except QuantityError as error:
        raise _bad_quantity(scalar.text, error) from None


_PARTED = re.compile(r"[0-9.,]\s+[0-9.,]")
"""What a blank stands inside of: 3 0人, 1 234.5万元."""


def _bad_quantity(text: str, error: QuantityError) -> FieldError:
    meant = number_meant(text) if _PARTED.search(narrow(text)) else ""
    if meant:
        return FieldError("S210", text=text, meant=meant)
    return FieldError(_QUANTITY_CODES[error.reason], text=text, part=error.part)


@cache
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
            raise FieldError("S211", text=scalar.text, unit=str(quantity.unit), wanted=default)
        if quantity.value < 0 and not negative:
            raise FieldError("S212", text=scalar.text)
        return Leaf(quantity, scalar.start)

    schema = {**_ANY_SCALAR, "description": f"默认单位：{default}"}
    return _scalar_type(parse, schema, default)


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
_CLOCK_SCHEMA = {"type": "string", "pattern": r"^\d{1,2}:\d{2}$"}
ClockField = Annotated[Leaf, _scalar_type(_clock, _CLOCK_SCHEMA)]
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


def _word(scalar: Scalar) -> str:
    if scalar.blank:
        raise FieldError("S218")
    return checked(scalar)


WordField = Annotated[str, _scalar_type(_word, {"type": "string"})]
"""A word that says something to the program: an id, a path, a code; never left out."""


def _unit_symbol(scalar: Scalar) -> Leaf:
    symbol = given(scalar).strip()
    if find_unit(symbol) is None:
        raise FieldError("S208", text=symbol, part=symbol)
    return Leaf(symbol, scalar.start)


UnitField = Annotated[Leaf, _scalar_type(_unit_symbol, {"type": "string"})]
"""The name of a unit of measure."""


def is_name(text: str) -> bool:
    """Return whether formulas and templates can write `text` as a name."""
    return _NAME.fullmatch(text) is not None


def _check_name(key: str) -> None:
    if not is_name(key):
        raise FieldError("S215", key=key)


NameField = Annotated[str, KeyRule(_check_name)]
"""A key that authors choose, by which formulas and templates know the value."""


def _check_dotted(key: str) -> None:
    if not _KEY.fullmatch(key):
        raise FieldError("S215", key=key)


KeyField = Annotated[str, KeyRule(_check_dotted)]
"""The key of a derived figure: names with dots between, `*` for the rows of a table."""


def _whole(most: int) -> LeafType:
    def parse(scalar: Scalar) -> int:
        text = narrow(_word(scalar))
        if not re.fullmatch("[0-9]{1,4}", text) or int(text) > most:
            raise FieldError("S217", text=text, wanted=f"0–{most}")
        return int(text)

    return _scalar_type(parse, {"type": "integer"})


def _yes_no(scalar: Scalar) -> bool:
    text = _word(scalar)
    if text not in {"true", "false", "是", "否"}:
        raise FieldError("S217", text=text, wanted="true / false")
    return text in {"true", "是"}


WholeNumberField = Annotated[int, _whole(9999)]
"""A small whole number of a rule, such as columns."""
DecimalsField = Annotated[int, _whole(10)]
"""A number of decimals."""
YesNoField = Annotated[bool, _scalar_type(_yes_no, {"type": "boolean"})]
"""A switch: true or false, 是 or 否."""


def choice(*words: str) -> LeafType:
    """Return the type of a field that takes one of `words` and nothing else."""

    def parse(scalar: Scalar) -> str:
        text = _word(scalar)
        if text not in words:
            raise FieldError("S217", text=text, wanted=" / ".join(words))
        return text

    return _scalar_type(parse, {"enum": list(words), "type": "string"})


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
    if not scalar.plain:
        return Leaf(text, scalar.start)
    try:
        return Leaf(parse_quantity(text), scalar.start)
    except QuantityError as error:
        _check_is_text(text, error)
        return Leaf(text, scalar.start, meant=number_meant(text))


def _check_is_text(text: str, error: QuantityError) -> None:
    """Raise S207–S209 for what begins as a number and was not read as one because of `error`."""
    if not _NUMERIC.match(narrow(text)):
        return
    if _meant_as_quantity(error):
        raise _bad_quantity(text, error) from None
    if _meant_as_number(text):
        raise FieldError("S207", text=text, part=error.part) from None


def _meant_as_quantity(error: QuantityError) -> bool:
    """Return whether a text is a number with a unit that is unknown, or a number too long."""
    if error.reason == "unit":
        return len(error.part) <= _LONGEST_UNIT
    return error.reason == "long"


def _meant_as_number(text: str) -> bool:
    """Return whether a text that is no quantity is a malformed number, alone or at its start."""
    narrowed = narrow(text)
    return not _WHOLE_NUMBER.match(narrowed) or _ONLY_DIGITS.fullmatch(narrowed) is not None


FreeField = Annotated[Leaf, _scalar_type(free_leaf, _ANY_SCALAR)]
"""A value as people write it: `434.43亿元`, `80余次`, or a text."""


def _free_or_list(node: YamlNode) -> Leaf | tuple[Leaf, ...]:
    if isinstance(node, Scalar):
        return free_leaf(node)
    if isinstance(node, Sequence):
        return tuple(_item(item, number) for number, item in enumerate(node.items))
    raise FieldError("S204")


def _item(node: YamlNode, number: int) -> Leaf:
    """Return an item of a free list; what it refuses has the number of it, from 0, as `item`."""
    try:
        scalar = single(node)
        given(scalar)
        return free_leaf(scalar)
    except FieldError as error:
        raise FieldError(error.code, number, error.at, **error.params) from None


NATURES = {
    **{sign: sign for sign in ("=", "≥", "≤", ">", "<", "定性")},
    "等于": "=",
    "大于等于": "≥",
    "不低于": "≥",
    "小于等于": "≤",
    "不超过": "≤",
    "大于": ">",
    "小于": "<",
}
"""The natures of indicators, and what else people write for them."""


def _nature(scalar: Scalar) -> Leaf:
    if scalar.blank:
        return Leaf(None, scalar.span)
    nature = NATURES.get(narrow(checked(scalar)))
    if nature is None:
        raise FieldError("S217", text=scalar.text, wanted="= / ≥ / ≤ / > / < / 定性")
    return Leaf(nature, scalar.start)


NatureField = Annotated[Leaf, _scalar_type(_nature, _ANY_SCALAR)]
"""指标性质: how an indicator's result compares with its target, or that it is judged (定性)."""

_TEXT_OR_NUMBER = ({"type": "string"}, {"type": "number"})
_FREE_LIST = {"items": {"anyOf": [*_TEXT_OR_NUMBER]}, "type": "array"}
_FREE_OR_LIST = {"anyOf": [*_TEXT_OR_NUMBER, _FREE_LIST, {"type": "null"}]}
FreeOrListField = Annotated[Leaf | tuple[Leaf, ...], LeafType(_free_or_list, _FREE_OR_LIST)]
"""A free value, or a list of them."""
