"""Tells which builds are older than what they were made of, where the project is at hand.

What a policy or the facts forbid now must not be published for the first time because a build from
before still lies there.
"""

from __future__ import annotations

from pathlib import Path

from reportgen.features.site.collecting import BuiltVersion, Collected
from reportgen.findings import Diagnostics, finding
from reportgen.flow.up_to_date import inputs_changed
from reportgen.project.source_files import SourceFiles


def tell_outdated(found: Collected, root: Path, log: Diagnostics) -> None:
    """Log U123 for a version that would come to a site and is outdated, U124 for one on it.

    `root` is the project in whose folder builds stand; others stand beside the data of their own.
    """
    projects: dict[Path, SourceFiles] = {}
    coming = {built.address for built in found.fresh}
    shown = coming | {report.address for report in found.reports}
    for built in found.built:
        folder = _project(built, root)
        if built.address not in shown or not (folder / "data" / built.unit).is_dir():
            continue
        files = projects.setdefault(folder, SourceFiles(folder))
        if inputs_changed(files, built.seen):
            code = "U123" if built.address in coming else "U124"
            log.add(finding(code, built.span, name=built.address.rstrip("/")))


def _project(built: BuiltVersion, root: Path) -> Path:
    """Return the folder of the project that a version was built of, by where it lies."""
    builds = built.folder.parents[2].resolve()
    return root if builds.is_relative_to(root.resolve()) else builds.parent
