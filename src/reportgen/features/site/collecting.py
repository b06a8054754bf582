"""Finds the public versions in folders of builds, and which of them a site does not have yet.

Only what a build left whole is taken: the public files, their manifest, and a record that is of the
same build, which says what was printed. Nothing is written here.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from reportgen.features.site.record import RECORD, is_name, made
from reportgen.features.site.report_secrets import ReportSecrets, report_secrets
from reportgen.features.site.versions import (
    PastNotice,
    PublicFile,
    PublicVersion,
    PublishedReport,
    WithdrawnVersion,
)
from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.flow import manifests
from reportgen.flow.publish import MANIFEST, mend_around
from reportgen.model.frozen import frozen
from reportgen.model.publication import Publication
from reportgen.model.source import SourceSpan
from reportgen.project.foreign_files import reason

FIGURES = ".figures.json"
"""The ending of the record of a version's figures."""
_YEAR = re.compile("[0-9]{4}")
RESERVED = frozenset(["units", "years", "kinds", "search"])
"""Folders of the site itself, which no unit can be called after."""
_OWN_FILE = re.compile(r"\.(?:html|xml|json|css|js|txt|py)$", re.IGNORECASE)
"""Endings of its files, which stand beside the folders of units."""


@frozen
class BuiltVersion:
    """A public version as a build left it: its folder, which report it is, and what it says.

    `outputs` are the SHA-256 of its files by name; `version` has no files yet, and the number of
    those before it; `secrets` is the record of what is withheld of it, `figures` the SHA-256 of the
    record of its figures. `options` says how it was built, `seen` of what.
    """

    folder: Path
    unit: str
    year: int
    report: str
    outputs: Mapping[str, str]
    version: PublicVersion
    secrets: ReportSecrets
    figures: str
    options: Mapping[str, object]
    seen: Mapping[str, Any]

    @property
    def address(self) -> str:
        """Return where the report stands on the site: `huaihua/2023/department/`."""
        return f"{self.unit}/{self.year}/{self.report}/"

    @property
    def span(self) -> SourceSpan:
        """Return the manifest that tells of it."""
        return SourceSpan(str(self.folder / MANIFEST), 0, 0)


def version_manifest(built: BuiltVersion, beside: Iterable[PublicFile]) -> bytes:
    """Return what is said of a version beside its files, in the form of a manifest of builds.

    Files `beside` are no build's: the dataset, the notice.
    """
    entry = {
        "unit": built.unit,
        "year": built.year,
        "audience": "public",
        "version": built.version.number,
        "commit": built.version.commit,
        "outputs": dict(sorted(built.outputs.items())),
        "beside": {file.name: file.sha256 for file in beside},
        **built.options,
    }
    text = json.dumps({built.report: entry}, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()


@frozen
class Collected:
    """What a site is to show: the reports on it, and the versions that come to it.

    `built` are all versions in folders of builds. `secrets` are the records of what is withheld of
    reports, by address; `withdrawn` are the versions that were taken off, `past` the notices that
    went with any.
    """

    reports: tuple[PublishedReport, ...]
    fresh: tuple[BuiltVersion, ...]
    secrets: Mapping[str, ReportSecrets]
    built: tuple[BuiltVersion, ...] = ()
    withdrawn: tuple[WithdrawnVersion, ...] = ()
    past: tuple[PastNotice, ...] = ()


def collect(
    builds: Sequence[Path],
    units: Iterable[str],
    published: Iterable[PublishedReport],
    log: Diagnostics,
) -> Collected:
    """Return what is published and what `builds` have beyond it.

    The log gets U102 to U109 for what forbids to publish, and notes on what is left as it is, of
    the `units` of the project too that have nothing public.
    """
    reports = {report.address: report for report in published}
    fresh: list[BuiltVersion] = []
    secrets: dict[str, ReportSecrets] = {}
    every: list[BuiltVersion] = []
    folders = _Folders(builds, log)
    for built in _of_one_address_each(folders.versions(), reports, log):
        every.append(built)
        report = reports.get(built.address)
        secrets[built.address] = built.secrets
        if report is None:
            fresh.append(built)
        elif _is_new(built, report.current, log):
            number = report.current.number + 1
            fresh.append(replace(built, version=replace(built.version, number=number)))
        else:
            reports[built.address] = _described(report, built.version)
    shown = tuple(reports[address] for address in sorted(reports))
    found = Collected(shown, tuple(fresh), secrets, tuple(every))
    if not (reports or fresh or log.blocked):
        log.add(finding("U105", path="、".join(map(str, builds))))
    elif not log.blocked:
        log.extend(_not_shown({*units, *folders.units}, found))
        log.extend(_inside_alone(folders.inside, found))
    return found


def _not_shown(units: Iterable[str], found: Collected) -> Iterator[Finding]:
    """Yield U104 for each of some units that a site shows nothing of."""
    shown = {report.unit for report in found.reports} | {built.unit for built in found.fresh}
    for unit in sorted(set(units) - shown):
        yield finding("U104", unit=unit)


def _inside_alone(inside: Iterable[str], found: Collected) -> Iterator[Finding]:
    """Yield U122 with the reports that were built, but not for the public, of units shown."""
    shown = {report.address for report in found.reports} | {each.address for each in found.fresh}
    units = {address.partition("/")[0] for address in shown}
    left: list[str] = []
    for address in sorted(set(inside) - shown):
        unit, _, _ = address.partition("/")
        left += [address.rstrip("/")] if unit in units else []
    if left:
        yield finding("U122", count=len(left), names="、".join(left))


# Folders of builds


class _Folders:
    """Folders of builds; `units` are those seen in them so far.

    `inside` are the addresses of the reports built for those inside, or for submission.
    """

    def __init__(self, folders: Iterable[Path], log: Diagnostics) -> None:
        self.folders = list({os.path.realpath(folder): folder for folder in folders}.values())
        self.log = log
        self.units: set[str] = set()
        self.inside: set[str] = set()

    def versions(self) -> Iterator[BuiltVersion]:
        """Yield all public versions; U102 tells a folder that cannot be read."""
        for folder in self.folders:
            mend_around(folder)
            try:
                for year in _folders(folder):
                    yield from self._of_year(year)
            except OSError as error:
                span = SourceSpan(str(folder), 0, 0)
                self.log.add(finding("U102", span, path=folder, **reason(error)))

    def _of_year(self, folder: Path) -> Iterator[BuiltVersion]:
        """Yield the public versions in a folder, if it is that of a year."""
        if _YEAR.fullmatch(folder.name):
            for unit in _folders(folder):
                self.units.add(unit.name)
                for audience in ("internal", "submit"):
                    for report in manifests.read(unit / audience / MANIFEST) or {}:
                        self.inside.add(f"{unit.name}/{folder.name}/{report}/")
                yield from self._of_unit(unit)

    def _of_unit(self, folder: Path) -> Iterator[BuiltVersion]:
        """Yield the public versions in the folder of a unit; U106 says that they are not known."""
        public = folder / "public"
        if not public.is_dir():
            return
        entries = manifests.public_entries(folder)
        if entries is None:
            self.log.add(finding("U106", SourceSpan(str(public / MANIFEST), 0, 0)))
            return
        for report, entry in sorted(entries.items()):
            built = _built(public, report, entry, self.log)
            if built is not None:
                yield built


def _folders(folder: Path) -> list[Path]:
    """Return the folders in a folder, in order, but for hidden ones."""
    return [each for each in sorted(folder.iterdir()) if each.is_dir() and each.name[0] != "."]


_SAID = ("title", "subject", "organization", "date", "text")
"""What the record of a version says of it, as texts."""


def _built(
    folder: Path, report: str, entry: Mapping[str, Any], log: Diagnostics
) -> BuiltVersion | None:
    """Return a public version by its entry, or None with U107, U109 or U170."""
    unit, year = folder.parent.name, int(folder.parent.parent.name)
    name = f"{unit}/{year}/{report}"
    span = SourceSpan(str(folder / MANIFEST), 0, 0)
    outputs = entry.get("outputs", {})
    wrong = [*_unusable(unit, report, outputs)]
    if wrong:
        log.add(finding("U109", span, name=_shown(name), part=_shown(wrong[0])))
        return None
    version = None if manifests.TORN in entry else _version(entry)
    if version is None:
        log.add(finding("U107", span, name=name))
        return None
    secrets = report_secrets(folder.parent, report, f"{name}/", entry, log)
    if secrets is None:
        return None
    figures = entry["kept"].get(f"{report}{FIGURES}", "")
    options = {name: entry[name] for name in ("options", "clean") if name in entry}
    seen = {name: entry[name] for name in ("inputs", "folders", "absent") if name in entry}
    return BuiltVersion(
        folder, unit, year, report, outputs, version, secrets, figures, options, seen
    )


def _shown(name: str) -> str:
    """Return a name as it can be printed."""
    return name if name.isprintable() else ascii(name)


def _unusable(unit: str, report: str, outputs: Iterable[str]) -> Iterator[str]:
    """Yield the names that cannot stand on a site, or where its own files stand."""
    if unit.casefold() in RESERVED or _OWN_FILE.search(unit):
        yield unit
    for name in (unit, report, *outputs):
        if not is_name(name):
            yield name
    for name in outputs:
        if not name.startswith(f"{report}."):
            yield name


def _version(entry: Mapping[str, Any]) -> PublicVersion | None:
    """Return what a record says of a version, None where it does not say it."""
    said = entry.get("report")
    if not isinstance(said, dict) or not entry.get("outputs"):
        return None
    if entry["outputs"] != entry.get("published"):
        return None
    try:
        publication = made(Publication, said.get("publication"))
        title, subject, organization, date, text = (made(str, said.get(key)) for key in _SAID)
        commit = made(str, entry.get("commit", ""))
    except ValueError:
        return None
    date = publication.date or date
    return PublicVersion(1, title, subject, organization, date, text, commit, publication)


# What is new


def _of_one_address_each(
    versions: Iterable[BuiltVersion], published: Iterable[str], log: Diagnostics
) -> Iterator[BuiltVersion]:
    """Yield the versions of reports whose address no other report has; U103 names the two.

    Names that differ by capital letters alone, or by how a letter is composed, are one name for
    many disks and servers.
    """
    taken = {_folded(address): address for address in published}
    first: dict[str, SourceSpan] = {}
    for built in versions:
        key = _folded(built.address)
        other = taken.setdefault(key, built.address)
        if other == built.address and key not in first:
            first[key] = built.span
            yield built
        else:
            span = first.get(key, SourceSpan(RECORD, 0, 0))
            log.add(
                finding(
                    "U103",
                    built.span,
                    RelatedLocation(span),
                    name=built.address,
                    other=other,
                    path=built.span.path,
                    there=span.path,
                )
            )


def _folded(address: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", address).casefold())


def _is_new(built: BuiltVersion, current: PublicVersion, log: Diagnostics) -> bool:
    """Return whether another text was printed than in the current version, or in more formats.

    Where the same text was printed to other bytes, what is published stays, and U117 says so.
    """
    published = {file.name: file.sha256 for file in current.files}
    if built.version.text != current.text or set(built.outputs) - set(published):
        return True
    if any(published[name] != digest for name, digest in built.outputs.items()):
        log.add(finding("U117", built.span, name=built.address))
    return False


def _described(report: PublishedReport, built: PublicVersion) -> PublishedReport:
    """Return a report whose current version is described as the newest build of it says.

    Its files stay; what is said of them beside, such as whether it is in force, may change.
    """
    current = replace(
        report.current,
        title=built.title,
        subject=built.subject,
        organization=built.organization,
        date=built.date,
        publication=built.publication,
    )
    if current == report.current:
        return report
    versions = (*report.versions[:-1], current)
    return replace(report, unit_name=built.organization, versions=versions)
