"""Loads the frame files of a report: Word frame, web page, stylesheet, PDF template."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.findings import Finding
from reportgen.model.edition import Edition
from reportgen.project.source_files import SourceFiles

_SHARED = "templates/shared"


def load_edition(
    files: SourceFiles, folder: str, report: str, formats: Sequence[str], *, comments: bool
) -> tuple[Edition | None, tuple[Finding, ...]]:
    """Return the edition of the pack in `folder`: its own frame files, or else the shared ones.

    `report` names the files that twins link to.
    """
    findings: list[Finding] = []

    def path(name: str) -> str:
        own = f"templates/{folder}/{name}"
        return own if files.exists(own) else f"{_SHARED}/{name}"

    def text(name: str) -> str:
        found, problems = files.text(path(name))
        findings.extend(problems)
        return found or ""

    frame, problems = files.data(path("frame.docx"))
    findings.extend(problems)
    names = ("page.html.j2", "report.css", "report.typ", "chart.typ")
    page, css, typst, chart = map(text, names)
    if frame is None or not all((page, css, typst, chart)):
        return None, tuple(findings)
    twins = {name: f"{report}.{name}" for name in formats if name != "html"}
    return Edition(frame, page, css, typst, chart, twins=twins, comments=comments), tuple(findings)
