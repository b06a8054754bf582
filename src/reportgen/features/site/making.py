"""Makes a site: collects, writes, proves, and puts all of it in its place in one step.

In this order: what is published and what comes to it (`collecting`), the new versions with their
files, the pages (`pages`), `site.json` (`record`). Whatever stops a run, the site is as it was.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from reportgen.features.site.built_datasets import BuiltDataset, built_datasets
from reportgen.features.site.changes import SiteChange
from reportgen.features.site.collecting import BuiltVersion, Collected, collect, version_manifest
from reportgen.features.site.corrections import (
    Notices,
    explained,
    not_withdrawn,
    read_corrections,
)
from reportgen.features.site.existing import SiteOrder, check_place, existing_record, is_as_made
from reportgen.features.site.feeds import feeds
from reportgen.features.site.older_pages import older_pages, withdrawn_pages
from reportgen.features.site.outdated import tell_alike, tell_outdated
from reportgen.features.site.page_proof import SiteToProve, prove_site
from reportgen.features.site.pages import pages
from reportgen.features.site.planning import PlannedPage
from reportgen.features.site.proven_before import PROVEN, every_file
from reportgen.features.site.record import (
    RECORD,
    MadePage,
    SiteRecord,
    as_bytes,
    by_path,
)
from reportgen.features.site.site_map import site_maps
from reportgen.features.site.versions import (
    PublicFile,
    PublicVersion,
    PublishedReport,
    Site,
)
from reportgen.features.site.withdrawal import published_paths, take_off, withdrawn_paths
from reportgen.findings import Diagnostics, finding
from reportgen.flow.manifests import identity
from reportgen.flow.publish import MANIFEST, mend, replaced
from reportgen.model import limits
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan
from reportgen.project.foreign_files import ForeignFileError, read_foreign, reason
from reportgen.project.layout import every_report, units
from reportgen.project.saving import cannot_write, is_there, link_or_copy, sync_disk
from reportgen.project.source_files import SourceFiles

MOST_NAMES = 3
"""So many files are named in one finding."""


def make_site(order: SiteOrder, log: Diagnostics) -> SiteChange | None:
    """Make the site that is ordered, or bring it up to date; return what changed.

    None where it could not be done: the log says why, and what was there is as it was. Two runs
    into one folder follow each other.
    """
    try:
        return _made_in_turn(order, log)
    except _NotMadeError:
        return None
    except OSError as error:
        log.add(cannot_write(error, order.out))
        return None


class _NotMadeError(Exception):
    """The log holds what forbids to make the site."""


def _made_in_turn(order: SiteOrder, log: Diagnostics) -> SiteChange:
    """Make a site, once more from the start where another run was first."""
    check_place(order, log)
    _stop_if_blocked(log)
    mend(order.out)
    while True:
        seen, found = identity(order.out / RECORD), Diagnostics()
        state = _state(order, found)
        if found.blocked or _is_current(order, state):
            log.extend(found)
            _stop_if_blocked(log)
            site = _site(order, state.collected, state.collected.reports)
            _prove(order, state, site, state.record.pages, order.out, log)
            reports = state.collected.reports
            return SiteChange((), (), 0, 0, len(state.record.pages), len(reports), is_none=True)
        with replaced(order.out) as (place, new):
            if identity(place / RECORD) == seen:
                log.extend(found)
                return _Making(order, state, place, new, log).make()


def _prove(
    order: SiteOrder,
    state: _State,
    site: Site,
    made: Iterable[MadePage],
    folder: Path,
    log: Diagnostics,
) -> None:
    """Prove all that stands in a folder, `site.json` too; stop where something may not."""
    files = every_file(site, made, folder)
    memory = Path(order.settings.builds[0]) / PROVEN
    to_prove = SiteToProve(site, state.collected.secrets, folder)
    prove_site(to_prove, files, memory, log, order.jobs)
    _stop_if_blocked(log)


def _stop_if_blocked(log: Diagnostics) -> None:
    if log.blocked:
        raise _NotMadeError


# What there is, and what is to come


@frozen
class _State:
    """What a site holds by its record, empty where there is none, and what is to be shown."""

    record: SiteRecord
    is_new: bool
    collected: Collected
    notices: Notices


def _state(order: SiteOrder, log: Diagnostics) -> _State:
    """Return what the site holds and what comes to it; the log says what forbids to go on."""
    settings = order.settings
    record = existing_record(order, log)
    is_new = record is None
    if record is None:
        record = SiteRecord(settings.name, settings.url)
    builds = [*map(Path, settings.builds)]
    files = SourceFiles(order.root)
    found = collect(builds, units(files), record.reports, log)
    collected = take_off(found, record, settings.withdrawn, _reports_in(files), log)
    tell_outdated(collected, order.root, log)
    tell_alike(collected, log)
    due = not_withdrawn(order.corrections, settings.withdrawn)
    return _State(record, is_new, collected, read_corrections(due, collected, log))


def _site(order: SiteOrder, found: Collected, reports: tuple[PublishedReport, ...]) -> Site:
    return Site(order.settings, reports, found.withdrawn, found.past)


def _is_current(order: SiteOrder, state: _State) -> bool:
    """Return whether the site is what would be made of what there is."""
    if state.is_new or state.collected.fresh or state.notices:
        return False
    known = by_path(state.record.pages)
    site = _site(order, state.collected, state.collected.reports)
    for page in _pages(site):
        old = known.pop(page.path, None)
        if old is None or old.made_of != page.made_of or not is_as_made(order.out, old):
            return False
    return not known and _record(site, state.record.pages) == state.record


def _record(site: Site, pages: tuple[MadePage, ...]) -> SiteRecord:
    """Return what `site.json` says of a site."""
    gone = tuple(f"{each.address}v{each.number}" for each in site.withdrawn)
    return SiteRecord(site.settings.name, site.settings.url, site.reports, pages, gone, site.past)


def _reports_in(files: SourceFiles) -> Iterator[str]:
    """Yield the reports of a project, which are looked for if anybody wants to know."""
    yield from map(str, every_report(files))


# The making


def _pages(site: Site) -> Iterator[PlannedPage]:
    """Yield all that is made of published versions: the pages, the feeds, the list of pages."""
    paths: list[str] = []
    for page in pages(site):
        paths.append(page.path)
        yield page
    yield from older_pages(site)
    yield from withdrawn_pages(site)
    yield from feeds(site)
    yield from site_maps(site, paths)


class _Making:
    """A site that is being made in a new folder, of what stands in its place and what comes."""

    def __init__(
        self, order: SiteOrder, state: _State, place: Path, new: Path, log: Diagnostics
    ) -> None:
        self.order, self.state, self.log = order, state, log
        self.place, self.new = place, new
        self.known = by_path(state.record.pages)
        self.withdrawn: set[str] = set()
        self.written = 0

    def make(self) -> SiteChange:
        """Make all of it; raises _NotMadeError for what the log forbids.

        The pages are proven, and indexed for search, before `site.json` is written.
        """
        mode = self._begin()
        site = _site(self.order, self.state.collected, self._reports())
        _stop_if_blocked(self.log)
        made = [self._page(page) for page in _pages(site)]
        _stop_if_blocked(self.log)
        self._write(RECORD, as_bytes(_record(site, tuple(made))))
        _prove(self.order, self.state, site, made, self.new, self.log)
        self.new.chmod(mode)
        sync_disk(self.new)
        gone = set(self.known) - {page.path for page in made}
        counts = (self.written, len(gone), len(made), len(site.reports))
        return SiteChange(self.state.collected.fresh, tuple(sorted(self.withdrawn)), *counts)

    def _begin(self) -> int:
        """Make the new folder, with what is kept; return the permissions that it is to have.

        Until then nobody else may read it: it may stand where a web server finds it, unproven.
        """
        self.new.mkdir()
        mode = stat.S_IMODE(self.new.stat().st_mode)
        self.new.chmod(0o700)
        if is_there(self.place):
            self._keep()
            mode = stat.S_IMODE(self.place.stat().st_mode)
        return mode

    # What is kept

    def _keep(self) -> None:
        """Give all that stands on the site further names, but for what is made anew.

        U116 counts the files that no run made.
        """
        record = self.state.record
        published = published_paths(record)
        gone = withdrawn_paths(record, self.order.settings.withdrawn)
        strangers: list[str] = []
        for path in _files_below(self.place, ""):
            if path in self.known or path in gone or path == RECORD:
                continue
            if path not in published:
                strangers.append(path)
            self._link(path)
        self.withdrawn = {path.rpartition("/")[0] for path in gone}
        if strangers:
            span = SourceSpan(str(self.place / strangers[0]), 0, 0)
            listed = "、".join(strangers[:MOST_NAMES])
            self.log.add(finding("U116", span, count=len(strangers), paths=listed))

    def _link(self, path: str) -> None:
        """Give a file of the site a name in the new folder; a link stays one."""
        source, target = self.place / path, self.new / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_symlink():
            target.symlink_to(source.readlink())
        else:
            link_or_copy(source, target)

    # What comes

    def _reports(self) -> tuple[PublishedReport, ...]:
        """Return the reports with the versions that come to them, whose files are written."""
        reports = {report.address: report for report in self.state.collected.reports}
        fresh, settings = self.state.collected.fresh, self.order.settings
        with closing(built_datasets(fresh, settings.license, self.order.jobs)) as datasets:
            for built, dataset in zip(fresh, datasets, strict=True):
                version = self._publish(built, dataset)
                before = reports.get(built.address)
                if before is not None:
                    self._warn_unexplained(built, before.current)
                reports[built.address] = PublishedReport(
                    built.unit,
                    version.organization,
                    built.year,
                    built.report,
                    (*(before.versions if before is not None else ()), version),
                )
        notices = self.state.notices
        for (address, number), signed in notices.items():
            self._write(f"{address}v{number}/{signed.notice.file.name}", signed.data)
        return tuple(explained(reports[address], notices) for address in sorted(reports))

    def _publish(self, built: BuiltVersion, dataset: BuiltDataset) -> PublicVersion:
        """Write the files of a version; U108 names those that are not what was built.

        The dataset of what is disclosed stands with them.
        """
        if dataset.problem is not None:
            self.log.add(dataset.problem)
        files = dict(dataset.files)
        beside = [_public_file(*file) for file in files.items()]
        for name, digest in sorted(built.outputs.items()):
            data = self._built_file(built, name, digest)
            if data is not None:
                files[name] = data
        signed = self.state.notices.get((built.address, built.version.number))
        beside += [signed.notice.file] if signed is not None else []
        files[MANIFEST] = version_manifest(built, beside)
        folder = built.address + built.version.folder
        for name, data in files.items():
            self._write(f"{folder}/{name}", data)
        return replace(built.version, files=tuple(map(_public_file, files, files.values())))

    def _built_file(self, built: BuiltVersion, name: str, digest: str) -> bytes | None:
        """Return a file of a build, or None with U108 where it is not the one that was proven."""
        path = built.folder / name
        try:
            data = read_foreign(path, limits.GIVEN_BYTES)
        except (OSError, ForeignFileError) as error:
            self.log.add(finding("U108", SourceSpan(str(path), 0, 0), **reason(error)))
            return None
        if hashlib.sha256(data).hexdigest() == digest:
            return data
        self.log.add(finding("U108", SourceSpan(str(path), 0, 0), detail="@site_other_hash"))
        return None

    def _warn_unexplained(self, built: BuiltVersion, before: PublicVersion) -> None:
        """Log U118 for a version that prints another text than the one before, and says not why."""
        key = built.address, built.version.number
        if built.version.text != before.text and key not in self.state.notices:
            self.log.add(finding("U118", built.span, name=built.address, version=before.number))

    # What is made of it

    def _page(self, page: PlannedPage) -> MadePage:
        """Make a page, or keep it where it is made of the same, or comes out the same."""
        old = self.known.get(page.path)
        if old is not None and not is_as_made(self.place, old):
            old = None  # lost, or changed by hand
        if old is not None and old.made_of == page.made_of:
            self._link(page.path)
            return old
        data = page.make(self.new)
        made = MadePage(page.path, hashlib.sha256(data).hexdigest(), len(data), page.made_of)
        if old is not None and old.sha256 == made.sha256:
            self._link(page.path)
        else:
            self._write(page.path, data)
            self.written += 1
        return made

    def _write(self, path: str, data: bytes) -> None:
        """Write a new file; U115 names what stands in its place and is nobody's of the site."""
        target = self.new / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                file.write(data)
        except (FileExistsError, NotADirectoryError):
            self.log.add(finding("U115", SourceSpan(str(self.place / path), 0, 0)))
        except OSError as error:
            error.filename = str(target)
            raise


def _files_below(folder: Path, above: str) -> Iterator[str]:
    """Yield the paths of all files and links in and below a folder, in order."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _files_below(Path(entry.path), f"{above}{entry.name}/")
        else:
            yield above + entry.name


def _public_file(name: str, data: bytes) -> PublicFile:
    return PublicFile(name, hashlib.sha256(data).hexdigest(), len(data))
