"""What is compared, and what came of it: the values that comparisons take and give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reportgen.compare.changes import Comparison
from reportgen.findings import Finding
from reportgen.job import Outcome
from reportgen.model.document import Audience
from reportgen.selection import Chosen


@dataclass(frozen=True, slots=True)
class Scope:
    """Which reports to compare: the project and what was asked for, None standing for all.

    With `published` their public versions, of which only what is printed counts.
    """

    root: Path
    unit: str | None = None
    year: int | None = None
    report: str | None = None
    published: bool = False

    @property
    def audience(self) -> Audience:
        """Return whose versions are compared."""
        return "public" if self.published else "internal"

    def fits(self, each: Chosen) -> bool:
        """Return whether a report is asked for."""
        asked = (self.unit, self.year, self.report)
        has = (each.unit, each.year, each.report)
        return all(a is None or a == h for a, h in zip(asked, has, strict=True))


@dataclass(frozen=True, slots=True)
class Result:
    """The comparisons of the reports that differ, how many do not, and findings.

    `outcomes` holds the new public versions by the name of their comparison.
    """

    comparisons: tuple[Comparison, ...] = ()
    same: int = 0
    findings: tuple[Finding, ...] = ()
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
