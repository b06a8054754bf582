"""Finds the public versions in folders of builds, and which of them a site does not have yet.

Only what a build left whole is taken: the public files, their manifest, and a record that is of the
same build, which says what was printed. Nothing is written here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from reportgen.features.site.record import RECORD, made
from reportgen.features.site.versions import PublicVersion, PublishedReport
from reportgen.findings import Diagnostics, RelatedLocation, finding
from reportgen.flow import manifests
from reportgen.flow.publish import MANIFEST, mend_around
from reportgen.model.frozen import frozen
from reportgen.model.publication import Publication
from reportgen.model.source import SourceSpan
from reportgen.project.foreign_files import reason

_YEAR = re.compile("[0-9]{4}")
RESERVED = frozenset(["units", "years", "kinds", "search"])
"""Folders of the site itself, which no unit can be called after."""


@frozen
class BuiltVersion:
    """A public version as a build left it: its folder, which report it is, and what it says.

    `outputs` are the SHA-256 of its files by name; `version` has no files yet, and the number of
    those before it.
    """

    folder: Path
    unit: str
    year: int
    report: str
    outputs: Mapping[str, str]
    version: PublicVersion

    @property
    def address(self) -> str:
        """Return where the report stands on the site: `huaihua/2023/department/`."""
        return f"{self.unit}/{self.year}/{self.report}/"

    @property
    def span(self) -> SourceSpan:
        """Return the manifest that tells of it."""
        return SourceSpan(str(self.folder / MANIFEST), 0, 0)


@frozen
class Collected:
    """What a site is to show: the reports on it, and the versions that come to it."""

    reports: tuple[PublishedReport, ...]
    fresh: tuple[BuiltVersion, ...]


def collect(
    builds: Sequence[Path], published: Iterable[PublishedReport], log: Diagnostics
) -> Collected:
    """Return what is published and what `builds` have beyond it.

    The log gets U102 to U109 for what forbids to publish, and notes on what is left as it is.
    """
    reports = {report.address: report for report in published}
    fresh: list[BuiltVersion] = []
    for built in _of_one_address_each(_every_version(builds, log), reports, log):
        report = reports.get(built.address)
        if report is None:
            fresh.append(built)
        elif _is_new(built, report.current, log):
            number = report.current.number + 1
            fresh.append(replace(built, version=replace(built.version, number=number)))
        else:
            reports[built.address] = _described(report, built.version)
    if not (reports or fresh or log.blocked):
        log.add(finding("U105", path="、".join(map(str, builds))))
    return Collected(tuple(reports[address] for address in sorted(reports)), tuple(fresh))


# Folders of builds


def _every_version(builds: Iterable[Path], log: Diagnostics) -> Iterator[BuiltVersion]:
    """Yield the public versions in folders of builds; U102 tells one that cannot be read."""
    for folder in builds:
        mend_around(folder)
        try:
            for unit in _unit_folders(folder):
                yield from _of_unit(unit, log)
        except OSError as error:
            span = SourceSpan(str(folder), 0, 0)
            log.add(finding("U102", span, path=folder, **reason(error)))


def _unit_folders(folder: Path) -> Iterator[Path]:
    """Yield the folders of units in a folder of builds, year by year."""
    for year in _folders(folder):
        if _YEAR.fullmatch(year.name):
            yield from _folders(year)


def _folders(folder: Path) -> list[Path]:
    """Return the folders in a folder, in order, but for hidden ones."""
    return [each for each in sorted(folder.iterdir()) if each.is_dir() and each.name[0] != "."]


def _of_unit(folder: Path, log: Diagnostics) -> Iterator[BuiltVersion]:
    """Yield the public versions in the folder of a unit and year.

    U104 says that there are none, U106 that they cannot be known.
    """
    public = folder / "public"
    entries = manifests.public_entries(folder) if public.is_dir() else {}
    if entries is None:
        log.add(finding("U106", SourceSpan(str(public / MANIFEST), 0, 0)))
        return
    if not entries:
        unit = f"{folder.name}/{folder.parent.name}"
        log.add(finding("U104", SourceSpan(str(folder), 0, 0), unit=unit))
    for report, entry in sorted(entries.items()):
        built = _built(public, report, entry, log)
        if built is not None:
            yield built


_SAID = ("title", "subject", "organization", "date", "text")
"""What the record of a version says of it, as texts."""


def _built(
    folder: Path, report: str, entry: Mapping[str, Any], log: Diagnostics
) -> BuiltVersion | None:
    """Return a public version by its entry, or None with U107 or U109."""
    unit, year = folder.parent.name, int(folder.parent.parent.name)
    name = f"{unit}/{year}/{report}"
    span = SourceSpan(str(folder / MANIFEST), 0, 0)
    outputs = entry["outputs"]
    wrong = [part for part in (unit, report, *outputs) if not is_name(part)]
    wrong += [unit] if unit.casefold() in RESERVED else []
    wrong += [part for part in outputs if not part.startswith(f"{report}.")]
    if wrong:
        log.add(finding("U109", span, name=name, part=ascii(wrong[0])))
        return None
    version = None if manifests.TORN in entry else _version(entry)
    if version is None:
        log.add(finding("U107", span, name=name))
        return None
    return BuiltVersion(folder, unit, year, report, outputs, version)


def is_name(text: str) -> bool:
    """Return whether a text can be the name of a folder or file, here and on a web server."""
    return text.isprintable() and not set(text) & set("/\\") and text not in {"", ".", ".."}


def _version(entry: Mapping[str, Any]) -> PublicVersion | None:
    """Return what a record says of a version, None where it does not say it."""
    said = entry.get("report")
    if not isinstance(said, dict) or entry["outputs"] != entry.get("published"):
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
            place = RelatedLocation(first.get(key, SourceSpan(RECORD, 0, 0)))
            log.add(finding("U103", built.span, place, name=built.address, other=other))


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
