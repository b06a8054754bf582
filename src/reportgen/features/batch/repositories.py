"""Reads which repositories hold the reports of many units: each bureau keeps its own.

[[repository]]
source = "https://git.example.org/huaihua.git"  # or a folder, seen from this file
revision = "main"                               # a branch, tag or commit; HEAD without it
units = ["huaihua"]                             # all that it has without it
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.language.characters import refused
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan
from reportgen.project.checkouts import CommitSource, checkout, resolve
from reportgen.project.history import HEAD, PastState, changed
from reportgen.project.layout import ReportId, every_report, units
from reportgen.project.source_files import SourceFiles
from reportgen.project.toml_files import TomlError, TomlFile, read_toml

MOST_NAMES = 3
"""So many reports are named that two repositories have, so many files that are not committed."""
_TABLE = "repository"
_KEYS: Mapping[str, type] = {"source": str, "revision": str, "units": list}


@frozen
class Repository:
    """Where the reports of some units stand: of all, if none is named.

    It is the entry of that number in a file.
    """

    source: str
    revision: str
    units: tuple[str, ...]
    file: TomlFile
    number: int

    def span(self, key: str = "") -> SourceSpan:
        """Return where a key of the entry stands, or the entry."""
        return self.file.span(key, table=_TABLE, number=self.number)


@frozen
class FetchedRepository:
    """A repository at a commit, as a folder, and the reports of its units."""

    source: CommitSource
    state: PastState
    reports: tuple[ReportId, ...]


def read_repositories(path: Path, log: Diagnostics) -> tuple[Repository, ...]:
    """Return the repositories that a file lists, or none with J113 at what is wrong in it."""
    problems = Diagnostics()
    repositories: list[Repository] = []
    for entry, file, number in _entries(path, problems):
        problems.extend(_problems(entry, file, number))
        if not problems.blocked:
            repositories.append(_repository(entry, file, number))
    log.extend(problems)
    return () if problems.blocked else tuple(repositories)


def _entries(path: Path, log: Diagnostics) -> Iterator[tuple[Any, TomlFile, int]]:
    """Yield each entry of a file, the file and the entry's number."""
    try:
        file = read_toml(path)
    except TomlError as error:
        log.add(finding("J113", error.span, what=error.what, **error.params))
        return
    listed = dict(file.values)
    entries = listed.pop(_TABLE, [])
    if listed or not isinstance(entries, list) or not entries:
        other = next(iter(listed), "")
        log.add(_wrong(file.span(other), "、".join(listed) or f"[[{_TABLE}]]"))
        return
    for number, entry in enumerate(entries):
        yield entry, file, number


def _problems(entry: object, file: TomlFile, number: int) -> Iterator[Finding]:
    """Yield what is wrong with an entry: keys that there are none of, values of another kind."""
    if not isinstance(entry, dict):
        yield _wrong(file.span(_TABLE), str(entry))
        return
    for key, value in entry.items():
        kind, span = _KEYS.get(key), file.span(key, _TABLE, number)
        if kind is None:
            yield finding("J113", span, what="@repository_key", key=key, known="、".join(_KEYS))
        elif not isinstance(value, kind) or not _is_of_texts(value):
            yield _wrong(span, f"{key} = {value!r}")
    if not entry.get("source"):
        yield _wrong(file.span("source", _TABLE, number), "source")


def _is_of_texts(value: object) -> bool:
    """Return whether a value is a text or a list of texts, of characters that a name can have."""
    texts = value if isinstance(value, list) else [value]
    return all(isinstance(each, str) and not refused(each, "")[0] for each in texts)


def _wrong(span: SourceSpan, what: str) -> Finding:
    return finding("J113", span, what=what)


def _repository(entry: Mapping[str, Any], file: TomlFile, number: int) -> Repository:
    """Return an entry; a folder, or a file that git fetches from, is seen from the list."""
    source = entry["source"]
    beside = file.path.parent / source
    if beside.exists():
        source = str(beside.resolve())
    units = tuple(entry.get("units", ()))
    return Repository(source, entry.get("revision", HEAD), units, file, number)


def fetched(
    repositories: Iterable[Repository], cache: Path, log: Diagnostics
) -> list[FetchedRepository]:
    """Return each repository at its commit, but for those that cannot be had: the log says why.

    J114 tells a report that two of them have, of which the first counts.
    """
    found: list[FetchedRepository] = []
    owners: dict[ReportId, Repository] = {}
    for repository in repositories:
        one = _fetched(repository, cache, log)
        if one is None:
            continue
        reports = [each for each in one.reports if each not in owners]
        log.extend(_owned(repository, one, owners))
        for report in reports:
            owners[report] = repository
        found.append(FetchedRepository(one.source, one.state, tuple(reports)))
    return found


def _owned(
    repository: Repository, one: FetchedRepository, owners: Mapping[ReportId, Repository]
) -> Iterator[Finding]:
    """Yield J114 for what other repositories have of a repository's reports, one for each."""
    names: dict[str, list[str]] = {}
    for report in one.reports:
        if report in owners:
            names.setdefault(owners[report].source, []).append(str(report))
    for other, shared in names.items():
        more = f"… +{len(shared) - MOST_NAMES}" if len(shared) > MOST_NAMES else ""
        name = "、".join(shared[:MOST_NAMES]) + more
        yield finding("J114", repository.span("units"), name=name, other=other)


_KEY_OF = {"G103": "revision", "J102": "units"}
"""The key of an entry that a finding is about, by its code; the others are about the source."""


def _at(problem: Finding, repository: Repository) -> Finding:
    """Return a finding at what it is about in the list."""
    span = repository.span(_KEY_OF.get(problem.code, "source"))
    return replace(problem, places=(RelatedLocation(span), *problem.places[1:]))


def _fetched(repository: Repository, cache: Path, log: Diagnostics) -> FetchedRepository | None:
    """Return a repository at its commit, None where it cannot be had; the log says why."""
    problems = Diagnostics()
    one = _looked_up(repository, cache, problems)
    if one is not None and repository.revision == HEAD:
        _tell_changed(Path(repository.source), problems)
    log.extend(_at(problem, repository) for problem in problems)
    return one


def _looked_up(repository: Repository, cache: Path, log: Diagnostics) -> FetchedRepository | None:
    if _is_path(repository.source) and not Path(repository.source).exists():
        log.add(finding("G121", repository=repository.source, detail=os.strerror(errno.ENOENT)))
        return None
    source = resolve(repository.source, repository.revision, cache, log)
    state = checkout(source, cache, log) if source is not None else None
    if source is None or state is None:
        return None
    files = SourceFiles(state.folder)
    known = units(files)
    for unit in repository.units:
        if unit not in known:
            log.add(finding("J102", unit=unit, known="、".join(known)))
    wanted = [unit for unit in known if not repository.units or unit in repository.units]
    return FetchedRepository(source, state, tuple(every_report(files, wanted)))


def _tell_changed(folder: Path, log: Diagnostics) -> None:
    """Log G104 for files of a folder that is worked in which its last commit does not have."""
    paths = changed(folder) if (folder / ".git").exists() else ()
    if paths:
        log.add(finding("G104", count=len(paths), paths="、".join(paths[:MOST_NAMES])))


def _is_path(source: str) -> bool:
    """Return whether a source that is no folder must have been meant for one: it has no host."""
    return ":" not in source
