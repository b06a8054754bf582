"""Proves a published file to be what a commit builds, or says what differs and why.

`check_files` finds the manifest entry of a file, builds its commit again and compares the bytes.
What a site publishes beside, a dataset or a notice, is no build's; the manifest has its hash. Of
its pages, and of all else on it, `site.json` has.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, cast

from reportgen.findings import Diagnostics, Finding, blocks, finding
from reportgen.flow import manifests
from reportgen.flow.build_causes import causes, listed
from reportgen.flow.fault import Fault, attempted
from reportgen.flow.job import Job
from reportgen.flow.manifests import Claim
from reportgen.flow.parallel import ParallelRun, Workers, worker_lost
from reportgen.flow.pipeline import build
from reportgen.flow.publish import mend_around
from reportgen.language.text_differences import ChangedSentence, Stated, changed, sentences
from reportgen.model import limits
from reportgen.model.document import Audience
from reportgen.model.edition import FORMATS, Comments
from reportgen.model.frozen import frozen
from reportgen.model.grid import address
from reportgen.project import history
from reportgen.project.foreign_files import ForeignFileError, read_foreign, read_json, reason
from reportgen.project.history import HEAD, Commit
from reportgen.project.layout import select
from reportgen.project.source_files import SourceFiles
from reportgen.verify.opened import OpenedFile
from reportgen.verify.outputs import READERS
from reportgen.verify.readback import Readback

SITE = "site.json"
"""The record of a site."""
MOST_NAMES = 3
"""How many errors or files not committed a finding names."""


@frozen
class ProvenanceRequest:
    """What to check files against: the project, a revision or none, how far back to search.

    `site` is the folder of a site, that of the project where none is named.
    """

    root: Path
    build: Path
    asked: Claim = field(default_factory=Claim)
    revision: str = ""
    manifest: Path | None = None
    search: int = 0
    site: Path | None = None

    @property
    def folders(self) -> tuple[Path, ...]:
        """Return the folders in which manifests are looked for."""
        return self.build, self.site_folder

    @property
    def site_folder(self) -> Path:
        """Return the folder of the site."""
        return self.site or self.root / "site"

    @property
    def problems(self) -> tuple[Finding, ...]:
        """Return G125 for a site that was named and is none."""
        if self.site is None or (self.site / SITE).is_file():
            return ()
        return (finding("G125", path=self.site),)


@frozen
class CheckedFile:
    """What became of a file: `same` as what `commit` builds, or what differs, or our `fault`."""

    file: Path
    same: bool = False
    claim: Claim = field(default_factory=Claim)
    commit: Commit | None = None
    differences: tuple[ChangedSentence, ...] = ()
    findings: tuple[Finding, ...] = ()
    fault: Fault | None = None

    @property
    def failed(self) -> bool:
        """Return whether the file is not proven."""
        return not self.same or blocks(self.findings)


@frozen
class Rebuilt:
    """A report built again: its files by name and its manifest entry, or why there are none."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    entry: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


RebuildCache = dict[tuple[str, ...], Rebuilt]
"""What was built again, by commit, report and options: the formats of a report are built once."""


@frozen
class _PublishedFile:
    """A file with its bytes and what manifests tell of it."""

    path: Path
    data: bytes
    claim: Claim

    @property
    def name(self) -> str:
        """Return the name that a build gives it."""
        return f"{self.claim.report}.{self.claim.format}"

    def is_in(self, rebuilt: Rebuilt) -> bool:
        """Return whether a build gives the same bytes."""
        return rebuilt.files.get(self.name) == self.data


def check_files(
    files: Iterable[Path], request: ProvenanceRequest, workers: Workers
) -> Generator[CheckedFile]:
    """Yield what became of each file, in order.

    Files beside each other that are named after one report are checked together: what a commit
    builds of it is built once.
    """
    run = ParallelRun(partial(_check_group, request), _lost, workers)
    groups = ((tuple(group),) for _, group in groupby(files, _report_of))
    for checked in run.results(groups):
        yield from checked


def _report_of(file: Path) -> tuple[Path, str]:
    return file.parent, file.name.partition(".")[0]


def _check_group(request: ProvenanceRequest, files: tuple[Path, ...]) -> list[CheckedFile]:
    cache: RebuildCache = {}
    steps = [(file, partial(_check_file, file, request, cache)) for file in files]
    return [attempted(step, partial(_failed, file), file) for file, step in steps]


def _failed(file: Path, findings: tuple[Finding, ...], fault: Fault | None) -> CheckedFile:
    return CheckedFile(file, findings=findings, fault=fault)


def _lost(files: tuple[Path, ...], error: Exception) -> list[CheckedFile]:
    """Return what is said of files whose worker died."""
    return [CheckedFile(file, findings=(worker_lost(file.name, error),)) for file in files]


def _check_file(path: Path, request: ProvenanceRequest, cache: RebuildCache) -> CheckedFile:
    """Return whether the file at `path` is what a commit builds; its findings are G101–G124."""
    for place in (path, *request.folders):
        mend_around(place)
    try:
        data, claim, log = _read(path, request)
    except (ForeignFileError, OSError) as error:
        return CheckedFile(path, findings=(finding("G108", path=path, **reason(error)),))
    if log:
        return _on_site(path, hashlib.sha256(data).hexdigest(), claim, request, log)
    if claim.is_beside:
        code = "G122" if claim.recorded == hashlib.sha256(data).hexdigest() else "G110"
        log.add(finding(code, file=path.name, report=str(claim)))
        return CheckedFile(path, code == "G122", claim, findings=tuple(log))
    if claim.entry.get(manifests.TORN):
        log.add(finding("G120", subject=str(claim), report=str(claim)))
    checked = CheckedFile(path, claim=claim, commit=_commit_to_build(request, claim, log))
    if checked.commit is not None:
        published = _PublishedFile(path, data, claim)
        checked = _compared(checked, published, checked.commit, request, cache, log)
    return replace(checked, findings=tuple(log))


def _on_site(
    path: Path, digest: str, claim: Claim, request: ProvenanceRequest, log: Diagnostics
) -> CheckedFile:
    """Return what is said of a file that no manifest knows: what `site.json` says of its hash.

    G124 says that a site which was named has no such file; the `log` says what else is wrong.
    """
    place = _hashes(request.site_folder / SITE).get(digest)
    if place is not None:
        return CheckedFile(
            path, True, claim, findings=(finding("G123", file=path.name, path=place),)
        )
    if request.site is not None and [each.code for each in log] == ["G107"]:
        problem = finding("G124", file=path.name, site=request.site)
        return CheckedFile(path, claim=claim, findings=(problem,))
    return CheckedFile(path, claim=claim, findings=tuple(log))


def _hashes(record: Path) -> Mapping[str, str]:
    """Return the paths of the files of a site by hash, none where its record cannot be read."""
    try:
        found = read_json(record)
    except (OSError, ValueError):
        return {}
    if not manifests.fits(found, _RECORD):
        return {}
    paths = {page["sha256"]: page["path"] for page in found["pages"]}
    for report in found["reports"]:
        for version in report["versions"]:
            folder = f"{report['unit']}/{report['year']}/{report['report']}/v{version['number']}"
            paths.update({each["sha256"]: f"{folder}/{each['name']}" for each in version["files"]})
    return paths


_FILES = [{"name": str, "sha256": str}]
_VERSIONS = [{"number": object, "files": _FILES}]
_RECORD = {
    "pages": [{"path": str, "sha256": str}],
    "reports": [{"unit": str, "year": object, "report": str, "versions": _VERSIONS}],
}
"""What the parts of the record of a site are that are looked at."""


def _read(path: Path, request: ProvenanceRequest) -> tuple[bytes, Claim, Diagnostics]:
    """Return the bytes of a file, what manifests tell of it, and what is wrong with that.

    All is read again where a build took the place of the file meanwhile. Raises as `read_foreign`.
    """
    while True:
        before = manifests.identity(path)
        data, log = read_foreign(path, limits.GIVEN_BYTES), Diagnostics()
        digest = hashlib.sha256(data).hexdigest()
        claim = manifests.find(path, digest, request.asked, request.folders, request.manifest, log)
        if manifests.identity(path) == before:
            return data, claim, log


def _commit_to_build(request: ProvenanceRequest, claim: Claim, log: Diagnostics) -> Commit | None:
    """Return the commit to build: the one asked for, the one recorded, or HEAD with G106."""
    recorded = str(claim.entry.get("commit", ""))
    commit = history.commit(request.root, request.revision or recorded or HEAD, log)
    if commit is not None and not request.revision and not recorded:
        log.add(finding("G106", commit=commit.short))
        _report_uncommitted(request.root, log)
    return commit


def _report_uncommitted(root: Path, log: Diagnostics) -> None:
    paths = history.changed(root)
    if paths:
        log.add(finding("G104", count=len(paths), paths=listed(paths, MOST_NAMES)))


def _compared(
    checked: CheckedFile,
    published: _PublishedFile,
    commit: Commit,
    request: ProvenanceRequest,
    cache: RebuildCache,
    log: Diagnostics,
) -> CheckedFile:
    """Return `checked` held against what `commit` builds, or any before it if that is asked for."""
    rebuilt = _rebuilt(request.root, commit, published.claim, cache)
    if published.is_in(rebuilt):
        return replace(checked, same=True)
    if request.search:
        other = _search(request, commit, published, cache)
        if other is not None:
            return replace(checked, same=True, commit=other)
        log.add(finding("G115", file=published.path.name, count=request.search))
    if rebuilt.findings:
        log.extend(rebuilt.findings)
        return checked
    differences = _differences(published, rebuilt, log)
    log.extend(_reasons(published, rebuilt))
    return replace(checked, differences=differences)


def _search(
    request: ProvenanceRequest, commit: Commit, published: _PublishedFile, cache: RebuildCache
) -> Commit | None:
    """Return the newest commit up to HEAD that builds the file, as far back as was asked for."""
    paths = (f"data/{published.claim.unit}", "templates")
    start = request.revision or HEAD
    for candidate in history.touching(request.root, paths, start, request.search):
        if candidate.id == commit.id:
            continue
        if published.is_in(_rebuilt(request.root, candidate, published.claim, cache)):
            return candidate
    return None


def _differences(
    published: _PublishedFile, rebuilt: Rebuilt, log: Diagnostics
) -> tuple[ChangedSentence, ...]:
    """Return the sentences that differ, file against build, with G109 or what forbids to tell."""
    name = published.name
    if name not in rebuilt.files:
        log.add(finding("G107", file=name, known="、".join(rebuilt.files) or "—"))
        return ()
    try:
        reader = READERS[published.claim.format]
        old = sentences(_stated(reader(OpenedFile(published.data))))
        new = sentences(_stated(reader(OpenedFile(rebuilt.files[name]))))
        lines = _changed(old, new)
    except Exception as error:  # noqa: BLE001 - whatever a reader trips over in a damaged file
        log.add(finding("G108", path=name, **reason(error)))
        return ()
    log.add(finding("G109", file=name, count=len(lines)))
    return lines


def _changed(old: Sequence[Stated], new: Sequence[Stated]) -> tuple[ChangedSentence, ...]:
    """Return the sentences that differ; raises `ForeignFileError` for more than anybody wrote."""
    if len(old) > limits.SENTENCES:
        raise ForeignFileError("@too_many_sentences", size=len(old), limit=limits.SENTENCES)
    return changed(old, new)


def _stated(readback: Readback) -> Iterator[Stated]:
    """Yield what a file says as read back: its texts, then its tables cell by cell."""
    for text in readback.texts or (readback.stream,):
        yield Stated(text)
    for number, table in enumerate(readback.tables, 1):
        for cell in table:
            yield Stated(cell.text, f"表{number} {address(cell.row, cell.column)}")


def _reasons(published: _PublishedFile, rebuilt: Rebuilt) -> Iterator[Finding]:
    """Yield why a file is not what the commit builds, as far as its manifest tells."""
    claim = published.claim
    if claim.recorded and claim.recorded != hashlib.sha256(published.data).hexdigest():
        yield finding("G110", file=published.path.name)
    if claim.entry.get("clean") is False:
        yield finding("G113", commit=str(claim.entry.get("commit", ""))[:10])
    yield from causes(claim.entry, rebuilt.entry)


# Building a commit again


def _rebuilt(root: Path, commit: Commit, claim: Claim, cache: RebuildCache) -> Rebuilt:
    """Return the report of `claim` as a commit builds it; each is built once."""
    options = claim.entry.get("options", {})
    key = (commit.id, str(claim), claim.audience, repr(options))
    if key not in cache:
        with tempfile.TemporaryDirectory(prefix="reportgen-") as out:
            cache[key] = _rebuild(root, commit, claim, Path(out))
    return cache[key]


def _comments(stated: object) -> Comments:
    """Return which figures carried a comment, by the options of a build."""
    return "all" if stated == "all" else bool(stated)


def _rebuild(root: Path, commit: Commit, claim: Claim, out: Path) -> Rebuilt:
    log = Diagnostics()
    with history.state(root, commit.id, log) as past:
        if past is None:
            return Rebuilt(findings=tuple(log))
        select(SourceFiles(past.folder), claim.unit, claim.year, claim.report, log)
        if log:
            return Rebuilt(findings=(_not_built(commit, log), *log))
        job = Job(
            root=past.folder,
            out=out,
            unit=claim.unit,
            year=cast(int, claim.year),
            report=claim.report,
            audience=cast(Audience, claim.audience),
            formats=manifests.formats_of(claim.entry, FORMATS),
            comments=_comments(claim.entry.get("options", {}).get("comments")),
            origin=past.origin,
        )
        outcome = build(job)
        if outcome.failed:
            return Rebuilt(findings=(_not_built(commit, outcome.findings),))
        return Rebuilt(outcome.files, manifests.of_report(job.folder, claim.report))


def _not_built(commit: Commit, found: Iterable[Finding]) -> Finding:
    errors = [error.brief for error in found if error.severity == "error"]
    return finding("G114", commit=commit.short, detail=listed(errors, MOST_NAMES))
