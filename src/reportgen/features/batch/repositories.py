"""Reads which repositories hold the reports of many units: each bureau keeps its own.

[[repository]]
source = "https://git.example.org/huaihua.git"  # or a folder, seen from this file
revision = "main"                               # a branch, tag or commit; HEAD without it
units = ["huaihua"]                             # all that it has without it
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan
from reportgen.project.checkouts import CommitSource, checkout, resolve
from reportgen.project.history import PastState
from reportgen.project.layout import ReportId, every_report, units
from reportgen.project.source_files import SourceFiles
from reportgen.project.toml_files import TomlError, read_toml

_KEYS: Mapping[str, type] = {"source": str, "revision": str, "units": list}


@frozen
class Repository:
    """Where the reports of some units stand: of all, if none is named. `span` is its entry."""

    source: str
    revision: str
    units: tuple[str, ...]
    span: SourceSpan


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
    for entry, span in _entries(path, problems):
        problems.extend(_problems(entry, span))
        if not problems.blocked:
            repositories.append(_repository(entry, path, span))
    log.extend(problems)
    return () if problems.blocked else tuple(repositories)


def _entries(path: Path, log: Diagnostics) -> list[tuple[Any, SourceSpan]]:
    """Return each entry of a file and where it begins."""
    try:
        file = read_toml(path)
    except TomlError as error:
        log.add(finding("J113", error.span, what=error.what, **error.params))
        return []
    listed = dict(file.values)
    entries = listed.pop("repository", [])
    if listed or not isinstance(entries, list) or not entries:
        what = "、".join(listed) or "[[repository]]"
        log.add(_wrong(SourceSpan(str(path)), what))
        return []
    return [(entry, file.span(table="repository", number=n)) for n, entry in enumerate(entries)]


def _problems(entry: object, span: SourceSpan) -> Iterator[Finding]:
    """Yield what is wrong with an entry: keys that there are none of, values of another kind."""
    if not isinstance(entry, dict):
        yield _wrong(span, str(entry))
        return
    for key, value in entry.items():
        kind = _KEYS.get(key)
        if kind is None or not isinstance(value, kind) or not _is_of_texts(value):
            yield _wrong(span, f"{key} = {value!r}")
    if not entry.get("source"):
        yield _wrong(span, "source")


def _is_of_texts(value: object) -> bool:
    return not isinstance(value, list) or all(isinstance(each, str) for each in value)


def _wrong(span: SourceSpan, what: str) -> Finding:
    return finding("J113", span, what=what)


def _repository(entry: Mapping[str, Any], path: Path, span: SourceSpan) -> Repository:
    """Return an entry; a folder is seen from the file that names it."""
    source = entry["source"]
    beside = path.parent / source
    if beside.is_dir():
        source = str(beside.resolve())
    revision = entry.get("revision", "HEAD")
    return Repository(source, revision, tuple(entry.get("units", ())), span)


def fetched(
    repositories: Iterable[Repository], cache: Path, log: Diagnostics
) -> list[FetchedRepository]:
    """Return each repository at its commit, but for those that cannot be had: the log says why.

    J114 tells a report that two of them have, of which the first counts.
    """
    found: list[FetchedRepository] = []
    owners: dict[ReportId, Repository] = {}
    for repository in repositories:
        problems = Diagnostics()
        one = _fetched(repository, cache, problems)
        log.extend(_at(problem, repository.span) for problem in problems)
        if one is None:
            continue
        reports: list[ReportId] = []
        for report in one.reports:
            first = owners.setdefault(report, repository)
            if first is repository:
                reports.append(report)
            else:
                log.add(finding("J114", repository.span, name=str(report), other=first.source))
        found.append(FetchedRepository(one.source, one.state, tuple(reports)))
    return found


def _at(problem: Finding, span: SourceSpan) -> Finding:
    """Return a finding at the entry that named what it is about."""
    return replace(problem, places=(RelatedLocation(span), *problem.places[1:]))


def _fetched(repository: Repository, cache: Path, log: Diagnostics) -> FetchedRepository | None:
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
