"""Free values: facts as people write them, `434.43亿元`, `80余次`, a text, or a list of those."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import PlainValidator
from pydantic_core import PydanticCustomError

from reportgen.load.leaves import Leaf, LeafType, checked, fail, given, single
from reportgen.load.nodes import Scalar
from reportgen.model.quantity import QuantityError, narrow, parse_quantity

_NUMERIC = re.compile(r"[-+约近超逾≥≤<>=]*\d")
_DIGITS = re.compile(r"\D*(\d+|\d{1,3}(,\d{3})+)(\.\d+)?(?!\d|[.,][\d.,])")
"""A text that begins with a number begins with a whole one: not 1..2, 1.2.3 or 1,23."""


def free_leaf(scalar: Scalar) -> Leaf:
    """Return a free value as people write it: a quantity where number and unit are known."""
    if scalar.blank:
        return Leaf(None, scalar.mark)
    text = checked(scalar)
    if scalar.plain and _NUMERIC.match(narrow(text)):
        try:
            return Leaf(parse_quantity(text), scalar.start)
        except QuantityError as error:
            if (error.reason == "unit" and len(error.part) <= 4) or error.reason == "long":
                code = {"unit": "S208", "long": "S209"}[error.reason]
                raise fail(code, text=text, part=error.part) from None
            if not _DIGITS.match(narrow(text)) or re.fullmatch(r"[-+\d.,]+", narrow(text)):
                raise fail("S207", text=text, part=error.part) from None
    return Leaf(text, scalar.start)


Free = Annotated[Leaf, LeafType(free_leaf, {"type": ["string", "number", "null"]})]
"""A value as people write it: `434.43亿元`, `80余次`, or a text."""


def _free_or_list(value: object) -> Leaf | tuple[Leaf, ...]:
    if isinstance(value, Scalar):
        return free_leaf(value)
    if isinstance(value, list):
        return tuple(_item(item, number) for number, item in enumerate(value))
    raise fail("S204")


def _item(value: object, number: int) -> Leaf:
    """Return an item of a free list; its error tells `item`, the number of it from 0."""
    try:
        scalar = single(value)
        given(scalar)
        return free_leaf(scalar)
    except PydanticCustomError as error:
        raise fail(error.type, **{**(error.context or {}), "item": str(number)}) from None


FreeOrList = Annotated[
    Leaf | tuple[Leaf, ...],
    PlainValidator(_free_or_list, json_schema_input_type=str | float | list[str | float] | None),
]
"""A free value, or a list of them."""
