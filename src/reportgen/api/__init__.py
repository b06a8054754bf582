"""The interface for Python: a project, its reports, and what can be asked of them.

`project` holds `Project` and `Report`, and the values that they give; `many` what is asked of many
reports or files at once: overviews, audits, a site; `told` the findings that all of them come with.
Values come out; exceptions are raised only for what a caller did wrong.
"""

from __future__ import annotations

from reportgen.api.many import Audits, ComparedReports, MadeSite, audit, overview
from reportgen.api.project import Explanations, Figures, Project, Report
from reportgen.api.told import Findings

__all__ = [
    "Audits",
    "ComparedReports",
    "Explanations",
    "Figures",
    "Findings",
    "MadeSite",
    "Project",
    "Report",
    "audit",
    "overview",
]
