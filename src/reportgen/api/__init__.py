"""The interface for Python: a project, its reports, and what can be asked of them.

`project` holds `Project` and `Report`, and the values that they give. Values come out; exceptions
are raised only for what a caller did wrong.
"""

from __future__ import annotations

from reportgen.api.project import Explanations, Figures, Findings, Project, Report

__all__ = ["Explanations", "Figures", "Findings", "Project", "Report"]
