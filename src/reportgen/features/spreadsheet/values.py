"""Reads cells as quantities and texts, and writes them as YAML in the style of what is there."""

from __future__ import annotations

import re
from dataclasses import replace

from reportgen.features.spreadsheet.grid import SheetCell
from reportgen.features.spreadsheet.numerals import needed
from reportgen.findings import Finding, finding
from reportgen.model.quantity import Quantity, QuantityError, Shape, number_text, parse_quantity
from reportgen.model.units import ONE, UNITS, Unit, find_unit
from reportgen.project.yaml_nodes import Scalar

MONEY = (("money", 1),)
_wan = find_unit("万元")
assert _wan is not None
WAN: Unit = _wan
"""万元, in which amounts without a unit count."""

_PLAIN = re.compile(r"[^\W_]([^:#\[\]{},&*!|>'\"%@`\\]*[^\s:#\[\]{},&*!|>'\"%@`\\])?")
_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "~", "是", "否"}
_DIGIT = re.compile(r"[-+约近超逾≥≤<>=]*\d")


def read_amount(cell: SheetCell, default: Unit) -> tuple[Quantity | None, Finding | None]:
    """Return the amount in `cell`, or the finding that says why it is none (X112–X114, X110).

    A unit in the cell, or in its number format, goes before `default`.
    """
    if cell.empty:
        return None, None
    if cell.kind == "error":
        return None, finding("X112", cell.span, text=cell.text)
    if cell.kind == "unknown":
        return None, finding("X113", cell.span, formula=cell.formula)
    if cell.kind == "number" and cell.number is not None:
        unit = find_unit(cell.unit) if cell.unit else None
        unit = unit if unit is not None and unit is not ONE else default
        shape = Shape(decimals=cell.decimals, strip=False)
        return Quantity(cell.number * unit.factor, unit, shape), None
    if cell.kind != "text":
        return None, finding("X114", cell.span, text=cell.text)
    try:
        return parse_quantity(cell.label.replace("，", ","), default), None
    except QuantityError as error:
        if error.reason == "unit":
            return None, finding("X110", cell.span, unit=error.part)
        return None, finding("X114", cell.span, text=cell.text)


def read_text(cell: SheetCell) -> str:
    """Return the text of a cell on one line."""
    if cell.kind == "number" and cell.number is not None:
        shape = Shape(decimals=cell.decimals, strip=False)
        return number_text(cell.number, shape) + cell.unit
    return " ".join(cell.text.split())


def in_unit(quantity: Quantity, unit: Unit) -> Quantity:
    """Return `quantity` as it is written in `unit` of its dimension, to the last digit.

    A change of unit moves the point: trailing zeros that it brings along are dropped.
    """
    if unit.symbol == quantity.unit.symbol:
        return quantity
    shape = replace(quantity.shape, decimals=_finite(quantity, unit), strip=False)
    return Quantity(quantity.value, unit, shape)


def _finite(quantity: Quantity, unit: Unit) -> int:
    return needed(quantity.value / unit.factor)


def written(quantity: Quantity, *, bare: bool) -> str:
    """Return `quantity` as a plain YAML scalar, without its unit where `bare`."""
    if not bare:
        return quantity.text
    return number_text(quantity.value / quantity.unit.factor, quantity.shape)


def is_bare(scalar: Scalar) -> bool:
    """Return whether a number stands in `scalar` without a unit."""
    try:
        return parse_quantity(scalar.text, UNITS["名"]).unit is UNITS["名"]
    except QuantityError:
        return False


def quoted(text: str, *, free: bool = False) -> str:
    """Return `text` as a YAML scalar that is read back as this text.

    A `free` value that begins like a number is quoted, so that it stays a text.
    """
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS and not text.startswith("-")
    if plain and not (free and _DIGIT.match(text)):
        return text
    return "'" + text.replace("'", "''") + "'"
