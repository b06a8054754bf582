"""Loads the frame files of a report: Word frame, web page, stylesheet, PDF template."""

from __future__ import annotations

from reportgen.findings import Diagnostics
from reportgen.model.edition import Edition
from reportgen.project.source_files import SourceFiles

_SHARED = "templates/shared"


def load_edition(files: SourceFiles, folder: str, log: Diagnostics) -> Edition | None:
    """Return the frame files of the pack in `folder`: its own, or else the shared ones.

    None where one is missing; the log says which.
    """

    def path(name: str) -> str:
        own = f"templates/{folder}/{name}"
        return own if files.exists(own) else f"{_SHARED}/{name}"

    frame = files.data(path("frame.docx"), log)
    page = files.text(path("page.html.j2"), log)
    css = files.text(path("report.css"), log)
    typst = files.text(path("report.typ"), log)
    chart = files.text(path("chart.typ"), log)
    if not (frame and page and css and typst and chart):
        return None
    return Edition(frame, page, css, typst, chart)
