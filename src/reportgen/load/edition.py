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
    frame = files.data(_path(files, folder, "frame.docx"), log)
    texts: list[str] = []
    for name in _TEXTS:
        text = files.text(_path(files, folder, name), log)
        if text:
            texts.append(text)
    if not frame or len(texts) < len(_TEXTS):
        return None
    page, css, typst, chart = texts
    return Edition(frame, page, css, typst, chart)


_TEXTS = ("page.html.j2", "report.css", "report.typ", "chart.typ")
"""The frame files that are texts: web page, stylesheet, PDF template, that of charts."""


def _path(files: SourceFiles, folder: str, name: str) -> str:
    own = f"templates/{folder}/{name}"
    return own if files.exists(own) else f"{_SHARED}/{name}"
