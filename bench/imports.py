"""The part about imports: 500 rows of a workbook against openpyxl reading the same file."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook, load_workbook

from bench.plan import Plan
from bench.races import Work, median_wall, race
from bench.tables import Section, Target, duration, times
from reportgen.features.spreadsheet.importing import plan as plan_import
from reportgen.features.spreadsheet.matching import Request
from reportgen.project.source_files import SourceFiles

ROWS = 500
LIMIT = 12.0
"""How many times the bare reading an import may take: it reads values and formulas, each once, and
matches, converts, edits and loads the year."""
_HEAD = ("项目名称", "类别", "资金来源", "年初预算数（万元）", "决算数（万元）")


class Measured(NamedTuple):
    """Seconds of an import and of the bare reading."""

    ours: float
    bare: float


def measured(plan: Plan, say: Callable[[str], None]) -> Measured:
    """Measure; `say` hears what comes next."""
    say(f"import of {ROWS} rows, each changed")
    with tempfile.TemporaryDirectory() as folder:
        root, raw = Path(folder), _workbook()
        _year(root)
        request = Request("funds.xlsx", raw, "bureau", 2023)
        result = plan_import(SourceFiles(root), request)
        assert result.counts["changed"] == ROWS, result.findings
        works = [
            Work("ours", lambda _: plan_import(SourceFiles(root), request)),
            Work("openpyxl", lambda _: _bare(raw)),
        ]
        taken = race(works, max(plan.report, 2))
    return Measured(median_wall(taken["ours"]), median_wall(taken["openpyxl"]))


def sections(found: Measured) -> tuple[Section, ...]:
    """Return the tables."""
    rows = [("reportgen import", duration(found.ours)), ("openpyxl", duration(found.bare))]
    return (Section(f"Import of {ROWS} rows", ("", "time"), rows),)


def targets(found: Measured) -> tuple[Target, ...]:
    """Return what is wanted of imports."""
    ratio = found.ours / found.bare
    return (Target(f"import ≤ {LIMIT:.0f} × openpyxl", times(ratio), ratio <= LIMIT),)


def _workbook() -> bytes:
    """Return a workbook in which each outturn differs from that of the year."""
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.append(_HEAD)
    for number in range(ROWS):
        sheet.append((f"第{number}号项目经费", "业务工作经费", "市级", number + 1, number + 0.25))
    packed = io.BytesIO()
    made.save(packed)
    return packed.getvalue()


def _year(root: Path) -> None:
    """Write a year with as many funds."""
    folder = root / "data" / "bureau" / "2023"
    folder.mkdir(parents=True)
    (root / "data" / "bureau" / "unit.yaml").write_text("name: 某局\n", "utf-8")
    lines = ["funds:"]
    for number in range(ROWS):
        row = f"id: f{number}, name: 第{number}号项目经费, category: 业务工作经费, source: 市级"
        lines.append(f"  - {{{row}, initial: {number + 1}, outturn: {number}.5}}")
    (folder / "funds.yaml").write_text("\n".join(lines) + "\n", "utf-8")


def _bare(raw: bytes) -> int:
    """Read every cell of a workbook, and return how many there are."""
    cells = 0
    for row in load_workbook(io.BytesIO(raw), data_only=True).worksheets[0].iter_rows():
        cells += len(row)
    return cells
