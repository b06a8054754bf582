"""What of a site was proven before, and is as it was: nobody has to search it again.

That is a matter of the file, of what is withheld, and of what may stand. Hashes of what is withheld
are for nobody outside, for they would prove a guess; so they are kept with the builds, not on the
site. If they are lost, all is proven again.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from reportgen.features.site.own_texts import said_of
from reportgen.features.site.record import RECORD, MadePage
from reportgen.features.site.report_secrets import ReportSecrets
from reportgen.features.site.versions import PublishedReport, Site
from reportgen.flow.up_to_date import program
from reportgen.project.foreign_files import read_json
from reportgen.project.saving import save

PROVEN = ".site-proven.json"
"""The name of the file in a folder of builds."""


class SiteFile(NamedTuple):
    """A file of a site to be proven: its path, its SHA-256; `made` if it is a page of the site."""

    path: str
    sha256: str
    made: bool = True


def every_file(site: Site, made: Iterable[MadePage], folder: Path) -> list[SiteFile]:
    """Return all files of a site in a folder: its pages, its record, those of the versions."""
    digest = hashlib.sha256((folder / RECORD).read_bytes()).hexdigest()
    files = [SiteFile(RECORD, digest), *(SiteFile(page.path, page.sha256) for page in made)]
    for report in site.reports:
        for version in report.versions:
            place = f"{report.address}{version.folder}/"
            named = (SiteFile(place + each.name, each.sha256, made=False) for each in version.files)
            files.extend(named)
    return files


def by_unit(site: Site) -> dict[str, list[PublishedReport]]:
    """Return the reports of each unit, at last those withdrawn as a whole, with no version."""
    reports: dict[str, list[PublishedReport]] = defaultdict(list)
    shown = {report.address for report in site.reports}
    for report in site.reports:
        reports[report.unit].append(report)
    for gone in site.withdrawn:
        if gone.address not in shown:
            shown.add(gone.address)
            reports[gone.unit].append(PublishedReport(gone.unit, "", gone.year, gone.report, ()))
    return reports


def unit_of(path: str, units: Container[str]) -> str:
    """Return whose page a file is, nothing for one of all units."""
    top, _, rest = path.partition("/")
    unit = rest.partition("/")[0] if top == "units" else top
    return unit if unit in units else ""


class ProvenBefore:
    """What the file `memory` says of the files of a site."""

    def __init__(self, site: Site, secrets: Mapping[str, ReportSecrets], memory: Path) -> None:
        self._site, self._secrets, self._memory = site, secrets, memory
        self._proven = _remembered(memory)

    def holds(self, file: SiteFile) -> bool:
        """Return whether a file was proven by all that it would be held to now."""
        return self._digest(file) in self._proven

    def keep(self, files: Iterable[SiteFile]) -> None:
        """Remember that just these `files` are proven, where that can be written."""
        proven = set(map(self._digest, files))
        if proven != self._proven:
            with suppress(OSError):
                save({self._memory: json.dumps(sorted(proven), indent=0).encode()})

    def _digest(self, file: SiteFile) -> str:
        """Return what tells a file, and all that it is held to, from any other."""
        scope = self._scopes[unit_of(file.path, self._scopes)]
        return _hash(program(), scope, *map(str, file))

    @cached_property
    def _scopes(self) -> dict[str, str]:
        """Return what is searched for, and what may stand, by unit; for all units at ""."""
        settings, scopes = repr(self._site.settings), {}
        for unit, reports in by_unit(self._site).items():
            scopes[unit] = _hash(settings, *map(self._told_and_untold, reports))
        return scopes | {"": _hash(settings, *scopes.values())}

    def _told_and_untold(self, report: PublishedReport) -> str:
        kept = self._secrets.get(report.address)
        return " ".join(["" if kept is None else kept.sha256, *sorted(said_of(report))])


def _remembered(memory: Path) -> frozenset[str]:
    """Return what the file says that was proven, nothing where it cannot be read."""
    try:
        found = read_json(memory)
    except (OSError, ValueError):
        return frozenset()
    return frozenset(map(str, found)) if isinstance(found, list) else frozenset()


def _hash(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
