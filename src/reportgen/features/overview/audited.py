"""Takes files of others into an overview: what was read out of them, and what disagrees in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from reportgen.features.overview.entries import with_changes
from reportgen.features.overview.values import (
    FindingCount,
    Item,
    OverviewFigure,
    OverviewRow,
)
from reportgen.findings import Diagnostics, Finding, finding
from reportgen.findings.excerpt import clean
from reportgen.model.reading import DocumentNumber, KeyFigures
from reportgen.model.source import SourceSpan
from reportgen.model.units import UNITS

_POINTS = frozenset(["score", "full_score"])
"""Items that count 分 unless they say otherwise, as score sheets do not."""


_PROVINCE = re.compile("^[\u4e00-\u9fff]{2,3}省")
"""What a name may have before its place; that read out of a title is without it."""


def audited_row(name: str, told: KeyFigures, findings: Iterable[Finding]) -> OverviewRow:
    """Return the row of a file with what was read out of it, and its findings."""
    numbers: dict[Item, DocumentNumber | None] = {
        "score": told.score,
        "execution_rate": told.execution_rate,
        "three_public": told.three_public,
        "three_public_last": told.three_public_last,
    }
    figures: dict[Item, OverviewFigure] = {}
    for item, number in numbers.items():
        if number is not None:
            figures[item] = _figure(item, number)
    if told.grade:
        figures["grade"] = OverviewFigure(told.grade, state="stated")
    counts = Counter((each.code, each.severity) for each in findings)
    return OverviewRow(
        *("", told.year, "", "audited"),
        unit_name=clean(told.unit),
        title=clean(told.title),
        peers=told.kind,
        source=clean(name),
        figures=with_changes(figures),
        findings=tuple(FindingCount(*kind, count) for kind, count in sorted(counts.items())),
    )


def _figure(item: Item, number: DocumentNumber) -> OverviewFigure:
    """Return a number as the file has it; one of no unit has no value that may be compared."""
    unit = number.unit or (UNITS["分"] if item in _POINTS else None)
    if unit is None:
        return OverviewFigure(number.text, state="unmeasured")
    value = number.value if number.unit is not None else number.value * unit.factor
    symbol = "" if number.text.endswith(unit.symbol) else unit.symbol
    return OverviewFigure(number.text + symbol, value, unit, "stated")


def without_twins(
    rows: Sequence[OverviewRow], built: Iterable[OverviewRow], log: Diagnostics
) -> list[OverviewRow]:
    """Return rows of files, those of one unit, year and kind once among their peers.

    What was `built` comes before what was sent. The log tells O104 for each further one, which is
    listed all the same.
    """
    first: dict[tuple[object, ...], OverviewRow] = {}
    for row in built:
        if row.stage != "not built":
            first.setdefault(_identity(row), row)
    told: list[OverviewRow] = []
    for row in rows:
        key = _identity(row)
        other = first.setdefault(key, row) if all(key) else row
        if other is not row:
            span = SourceSpan(row.source, 0, 0)
            name = f"{row.unit_name} {row.year} {row.peers}"
            log.add(finding("O104", span, name=name, path=row.source, other=other.name))
        told.append(row if other is row else replace(row, peers=""))
    return told


def _identity(row: OverviewRow) -> tuple[object, ...]:
    """Return whose report of which year and kind a row is, the unit as it is printed."""
    unit = _PROVINCE.sub("", "".join(row.unit_name.split()))
    return unit, row.year, row.peers
