"""Tells which builds are older than what they were made of, or of what has another name now.

What a policy or the facts forbid now must not be published for the first time because a build from
before still lies there; and a unit or report whose folder was renamed stands there twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from reportgen.features.site.collecting import BuiltVersion, Collected
from reportgen.features.site.versions import PublicVersion
from reportgen.findings import Diagnostics, Finding, finding
from reportgen.flow.up_to_date import inputs_changed
from reportgen.model.rules import Severity
from reportgen.project.source_files import SourceFiles


def tell_outdated(found: Collected, root: Path, log: Diagnostics) -> None:
    """Log U123 for a version that would come to a site and is outdated, U124 for one on it.

    U127 tells a report that its unit has no longer. `root` is the project in whose folder builds
    stand; others stand beside the data of their own.
    """
    projects: dict[Path, SourceFiles] = {}
    coming = {built.address for built in found.fresh}
    shown = coming | {report.address for report in found.reports}
    for built in found.built:
        folder = _project(built, root)
        if built.address not in shown or not (folder / "data" / built.unit).is_dir():
            continue
        files = projects.setdefault(folder, SourceFiles(folder))
        name = built.address.rstrip("/")
        if not (folder / "data" / name).is_dir():
            gone: Severity = "error" if built.address in coming else "warning"
            log.add(finding("U127", built.span, severity=gone, name=name))
        elif inputs_changed(files, built.seen):
            code = "U123" if built.address in coming else "U124"
            log.add(finding(code, built.span, name=name))


def _project(built: BuiltVersion, root: Path) -> Path:
    """Return the folder of the project that a version was built of, by where it lies."""
    builds = built.folder.parents[2].resolve()
    return root if builds.is_relative_to(root.resolve()) else builds.parent


def tell_alike(found: Collected, log: Diagnostics) -> None:
    """Log U125 for units that readers know by one name, U126 for reports of one title."""
    shown = {report.address: report.current for report in found.reports}
    shown |= {built.address: built.version for built in found.fresh}
    log.extend(_units_alike(shown.items()))
    log.extend(_reports_alike(shown.items()))


_Shown = Iterable[tuple[str, PublicVersion]]
"""Addresses of reports, and their versions that hold."""


def _units_alike(shown: _Shown) -> Iterator[Finding]:
    """Yield U125 for the units that are called alike, as their latest reports have it."""
    names = {}
    for address, version in sorted(shown, key=_year):
        names[address.split("/")[0]] = version.organization
    units: dict[str, list[str]] = defaultdict(list)
    for unit, name in sorted(names.items()):
        units[name].append(unit)
    for name, alike in units.items():
        if len(alike) > 1:
            yield finding("U125", name=name, count=len(alike), units="、".join(alike))


def _year(shown: tuple[str, PublicVersion]) -> str:
    return shown[0].split("/")[1]


def _reports_alike(shown: _Shown) -> Iterator[Finding]:
    """Yield U126 for the reports of a unit and year that have one title."""
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for address, version in sorted(shown):
        unit, year, _, _ = address.split("/")
        alike[unit, year, version.title].append(address.rstrip("/"))
    for (_, _, title), names in alike.items():
        if len(names) > 1:
            yield finding("U126", title=title, names="、".join(names))
