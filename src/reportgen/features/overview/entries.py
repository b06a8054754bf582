"""Reads what a build left in its manifest for an overview: the rows of one report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, cast, get_args

from reportgen.features.overview.values import (
    UNKNOWN,
    FigureState,
    FindingCount,
    Item,
    OverviewFigure,
    OverviewRow,
)
from reportgen.model import limits
from reportgen.model.pack import OVERVIEW_ITEMS
from reportgen.model.quantity import Shape, exact, round_half_up, shown
from reportgen.model.rules import Severity
from reportgen.model.units import UNITS, find_unit

_GRAVEST: tuple[FigureState, ...] = (
    *("withheld", "unknown", "unprinted", "blank", "undeclared", "unmeasured"),
)
"""What is said of a figure that is worked out from two, of which neither is stated."""
_STATES = frozenset(get_args(FigureState))
_SEVERITIES = frozenset(get_args(Severity))
_PERCENT = UNITS["%"]
_MOST_DIGITS = limits.NUMBER_DIGITS + limits.EXACT_DECIMALS
_NUMBER = re.compile(rf"-?[0-9]{{1,{_MOST_DIGITS}}}(?:[./][0-9]{{1,{_MOST_DIGITS}}})?")
"""An exact number; others may have written 1e999999999, which nobody wants to work out."""


class DamagedEntryError(ValueError):
    """What a manifest says for overviews is not what a build writes there."""


def rows_of(entry: Mapping[str, Any], teller: str, row: OverviewRow) -> list[OverviewRow]:
    """Return `row` with all that the overview part of a manifest's entry says, for each project.

    `teller` is `internal`, or `shown` for what the audience of the build gets, which has no
    findings. Raises `DamagedEntryError` where that part is of another form.
    """
    try:
        return list(_rows(entry, entry[teller], row, counted=teller == "internal"))
    except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError) as error:
        raise DamagedEntryError(str(error)) from error


def _rows(
    entry: Mapping[str, Any], told: Mapping[str, Any], row: OverviewRow, *, counted: bool
) -> Iterator[OverviewRow]:
    """Yield a row for each project, the first of them with the findings."""
    row = replace(
        row,
        pack=_text(entry["pack"]),
        pack_name=_text(entry["pack_name"]),
        peers=_text(entry["peers"]),
        title=_text(told["title"]),
        unit_name=_text(told["unit"]),
        findings=tuple(map(_finding, entry["findings"])) if counted else (),
    )
    for number, part in enumerate(told["parts"], 1):
        name = (_text(part["name"]) or f"#{number}") if "row" in part else ""
        files = _files_of(row, _text(part.get("row", "")))
        yield replace(row, part=name, figures=with_changes(_figures(part)), files=files)
        row = replace(row, findings=())


def _files_of(row: OverviewRow, table_row: str) -> tuple[str, ...]:
    """Return the files of the sheet that was filled for the row of a table, else all."""
    name = f"/{row.report}.{table_row.rpartition('.')[2]}."
    return tuple(file for file in row.files if name in file) or row.files


def _text(found: object) -> str:
    if not isinstance(found, str):
        raise TypeError(found)
    return found


def _finding(found: tuple[str, str, int]) -> FindingCount:
    code, severity, count = found
    if severity not in _SEVERITIES or not isinstance(count, int):
        raise ValueError(found)
    return FindingCount(_text(code), cast("Severity", severity), count)


def _figures(part: Mapping[str, Any]) -> dict[Item, OverviewFigure]:
    """Return the figures that a pack declares; of what it does not declare that it does not."""
    figures: dict[Item, OverviewFigure] = {}
    for item in OVERVIEW_ITEMS:
        told = part.get(item, {"state": "undeclared"})
        figures[cast("Item", item)] = _figure(told)
    return figures


def _figure(told: Mapping[str, Any]) -> OverviewFigure:
    state = told.get("state", "stated")
    if state not in _STATES:
        raise ValueError(state)
    if state != "stated":
        return OverviewFigure(state=state)
    if "value" not in told:
        return OverviewFigure(_text(told["text"]), state="stated")
    unit = find_unit(_text(told["unit"]))
    if unit is None:
        raise ValueError(told["unit"])
    if _NUMBER.fullmatch(_text(told["value"])) is None:
        raise ValueError(told["value"][:_MOST_DIGITS])
    value = Fraction(told["value"]) * unit.factor
    return OverviewFigure(_text(told["text"]), value, unit, "stated")


def with_changes(figures: dict[Item, OverviewFigure]) -> dict[Item, OverviewFigure]:
    """Return figures with the change of the three public expenses, and its share of last year's.

    Both are worked out from what is printed, so that whoever is shown the two may be told them.
    """
    this = figures.get("three_public", UNKNOWN)
    last = figures.get("three_public_last", UNKNOWN)
    change = growth = OverviewFigure(state=_state_of(this, last))
    if this.value is not None and last.value is not None and _are_alike(this, last):
        change = _signed_figure(this.value - last.value, this)
        growth = _growth(this.value - last.value, last.value)
    return {**figures, "three_public_change": change, "three_public_growth": growth}


def _state_of(*figures: OverviewFigure) -> FigureState:
    states = {figure.state for figure in figures}
    return next((state for state in _GRAVEST if state in states), "unknown")


def _are_alike(this: OverviewFigure, last: OverviewFigure) -> bool:
    return this.unit.dimension == last.unit.dimension


def _signed_figure(value: Fraction, like: OverviewFigure) -> OverviewFigure:
    """Return a difference in the unit of a figure, with all its digits and its sign."""
    sign = "+" if value > 0 else ""
    return OverviewFigure(
        f"{sign}{exact(value / like.unit.factor)}{like.unit}", value, like.unit, "stated"
    )


def _growth(change: Fraction, last: Fraction) -> OverviewFigure:
    """Return a change in per cent of last year's amount, with two decimals; blank from nothing."""
    if last <= 0:
        return OverviewFigure(state="blank")
    value = Fraction(round_half_up(change / last, 4), 10**4)
    sign = "+" if value > 0 else ""
    return OverviewFigure(sign + shown(value, _PERCENT, Shape(2)), value, _PERCENT, "stated")
