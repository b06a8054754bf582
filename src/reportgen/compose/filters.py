"""The filters and tests of templates: how a value is printed; none of them calculates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from reportgen.compose.view import Printable, Prose, Shown, View
from reportgen.model.units import find_unit


class TemplateError(Exception):
    """A template asks for what cannot be; `code` and `params` make the finding."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


def _figure(value: object, name: str) -> Shown:
    if not isinstance(value, Shown):
        raise TemplateError("T108", filter=name, found=type(value).__name__)
    return value


def number(value: object) -> Shown:
    """Return the figure without its unit, for cells under a head that names the unit."""
    return replace(_figure(value, "number"), bare=True)


def in_unit(value: object, symbol: str) -> Shown:
    """Return the figure in another unit of its dimension: 万元 in 亿元."""
    shown = _figure(value, "in_unit")
    unit = find_unit(symbol)
    if unit is None or unit.dimension != shown.figure.unit.dimension:
        raise TemplateError("T109", unit=symbol, found=str(shown.figure.unit))
    shape = replace(shown.figure.shape, about_at=0)
    return replace(shown, figure=replace(shown.figure, unit=unit, shape=shape))


def places(value: object, decimals: int) -> Shown:
    """Return the figure with exactly `decimals` decimals, trailing zeros kept."""
    shown = _figure(value, "places")
    shape = replace(shown.figure.shape, decimals=decimals, strip=False)
    return replace(shown, figure=replace(shown.figure, shape=shape))


def size(value: object) -> Shown:
    """Return the figure without its sign, for use after a word of direction."""
    shown = _figure(value, "size")
    figure = shown.figure
    if figure.value is None:
        return shown
    return replace(shown, figure=replace(figure, value=abs(figure.value)))


def trend(value: object, up: str, down: str, level: str) -> str:
    """Return the word for the figure's direction: rising, falling or level."""
    figure = _figure(value, "trend").figure
    if figure.value is None:
        raise TemplateError("T110", key=figure.key)
    return up if figure.value > 0 else down if figure.value < 0 else level


def day(value: object) -> str:
    """Return a date as official documents write it: 2024年6月28日 (GB/T 9704-2012, 7.3.5)."""
    match = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", str(value))
    if match is None:
        raise TemplateError("T108", filter="day", found=str(value))
    return f"{match[1]}年{int(match[2])}月{int(match[3])}日"


def where(rows: Iterable[object], **wanted: str) -> list[View]:
    """Return the rows whose texts equal what is wanted."""
    views = [row for row in rows if isinstance(row, View)]
    for name, text in wanted.items():
        views = [row for row in views if row.child(name) == text]
    return views


def groups(rows: Iterable[object], name: str) -> list[tuple[Printable, list[View]]]:
    """Return consecutive rows with the same text under `name`, as (text, rows) pairs."""
    result: list[tuple[Printable, list[View]]] = []
    for row in rows:
        if not isinstance(row, View):
            raise TemplateError("T108", filter="groups", found=type(row).__name__)
        child = row.child(name)
        text = "" if child is None or isinstance(child, View) else child
        if result and result[-1][0] == text:
            result[-1][1].append(row)
        else:
            result.append((text, [row]))
    return result


def length(rows: Any) -> int:  # noqa: ANN401 - whatever a template holds
    """Return the number of rows, for spans of cells."""
    return len(rows)


def is_blank(value: object) -> bool:
    """Return whether nothing would be printed: a blank fact, an undefined figure, no rows."""
    match value:
        case Shown(figure):
            return figure.value is None
        case Prose(fact):
            return not fact.value
        case View():
            return len(value) == 0
        case _:
            return value is None or value == ""


def _sign(test: Callable[[int], bool]) -> Callable[[object], bool]:
    def check(value: object) -> bool:
        figure = _figure(value, "test").figure
        if figure.value is None:
            return False
        return test((figure.value > 0) - (figure.value < 0))

    return check


FILTERS: dict[str, Callable[..., Any]] = {
    "number": number,
    "in_unit": in_unit,
    "places": places,
    "size": size,
    "trend": trend,
    "day": day,
    "where": where,
    "groups": groups,
    "length": length,
}
"""Every filter of templates except `join`, which must know how values are printed."""

TESTS: dict[str, Callable[..., bool]] = {
    "blank": is_blank,
    "zero": _sign(lambda sign: sign == 0),
    "positive": _sign(lambda sign: sign > 0),
    "negative": _sign(lambda sign: sign < 0),
}
"""Every test of templates."""
