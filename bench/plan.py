"""How much is measured: sizes of tables, and rounds of each race."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """Rounds by number of rows: `warm` in this process, `cold` as processes.

    Typst keeps what it laid out for ten documents, 150 kB a row of 8 columns: large tables
    belong into processes. `report` counts rounds of the real report in a process, `processes`
    its processes, `starts` processes that only start. `office` says whether to measure
    LibreOffice where it is installed.
    """

    warm: Mapping[int, int]
    cold: Mapping[int, int]
    report: int
    processes: int
    starts: int
    office: bool = True


FULL = Plan({25: 11, 1_000: 5}, {25: 3, 1_000: 3, 10_000: 2}, report=7, processes=5, starts=15)
QUICK = Plan({25: 3, 1_000: 1}, {25: 1, 1_000: 1}, report=2, processes=1, starts=3)
