"""What an import is asked for, and what became of it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping as Mappings
from dataclasses import field

from reportgen.features.spreadsheet.cells import CellResult, ImportedCell
from reportgen.features.spreadsheet.rows import ImportedSheet
from reportgen.findings import Finding, blocks
from reportgen.load.schema import ReportFile, Year
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan


@frozen
class Request:
    """What is asked for: the file, the year or report it is for, and what the author says of it.

    `into` and `sheet` are empty where the file decides. `named` are labels whose column the
    author names: 预算数=年初预算数. An `office` stands for the values, with the file as evidence.
    """

    name: str
    data: bytes
    unit: str
    year: int
    into: str = ""
    sheet: str = ""
    hidden: bool = False
    named: Mappings[str, str] = field(default_factory=dict)
    office: str = ""
    report: str = ""

    @property
    def year_folder(self) -> str:
        """Return the folder of the year."""
        return f"data/{self.unit}/{self.year}"

    @property
    def folder(self) -> str:
        """Return the folder whose files get the values: that of the year, or of the report."""
        return f"{self.year_folder}/{self.report}" if self.report else self.year_folder

    @property
    def model(self) -> type[Year | ReportFile]:
        """Return what the files in that folder are together."""
        return ReportFile if self.report else Year

    @property
    def span(self) -> SourceSpan:
        """Return the place of the file as a whole."""
        return SourceSpan(self.name, 0, 0)


@frozen
class Import:
    """What became of a request: findings, what each sheet gave, the files that change.

    `evidence` is the file itself by the path where it is kept, where it is.
    """

    findings: tuple[Finding, ...] = ()
    sheets: Mappings[str, ImportedSheet] = field(default_factory=dict)
    before: Mappings[str, str] = field(default_factory=dict)
    after: Mappings[str, str] = field(default_factory=dict)
    evidence: Mappings[str, bytes] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Return whether an error forbids to write."""
        return blocks(self.findings)

    @property
    def cells(self) -> tuple[ImportedCell, ...]:
        """Return the imported cells of all sheets."""
        cells: list[ImportedCell] = []
        for sheet in self.sheets.values():
            for row in sheet.rows:
                cells += row.cells
        return tuple(cells)

    @property
    def counts(self) -> Mappings[CellResult, int]:
        """Return how many cells came to each result."""
        counts: dict[CellResult, int] = {"same": 0, "changed": 0, "added": 0, "kept": 0}
        for cell in self.cells:
            counts[cell.result] += 1
        return counts

    @property
    def diff(self) -> str:
        """Return the change as a unified diff."""
        lines: list[str] = []
        for path, text in sorted(self.after.items()):
            old = self.before.get(path, "").splitlines(keepends=True)
            new = text.splitlines(keepends=True)
            lines += difflib.unified_diff(old, new, f"a/{path}", f"b/{path}", n=1)
        return "".join(line if line.endswith("\n") else line + "\n" for line in lines)
