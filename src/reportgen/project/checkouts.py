"""Commits of any repository as folders to build in, kept by their ids: each is fetched once.

Another repository is fetched into a mirror in the user's cache; a commit is unpacked into a folder
named by its id, which appears when it is whole. Both may be removed at any time.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from reportgen.findings import Diagnostics, finding
from reportgen.model.frozen import frozen
from reportgen.project import history
from reportgen.project.history import Commit, GitError, PastState, run_git

FETCHED_HEAD = "refs/reportgen/HEAD"
"""What HEAD of another repository is called in a mirror of it."""


@frozen
class CommitSource:
    """A commit, by its full id, of a repository: a folder, or an address that git fetches from."""

    repository: str
    commit: str


MOST_KNOWN = 256
"""So many commits a process knows of; a province has fewer repositories."""
_KNOWN: dict[tuple[CommitSource, Path], PastState] = {}
"""Commits that stand unpacked in a cache, of which this process knows."""


def resolve(repository: str, revision: str, cache: Path, log: Diagnostics) -> CommitSource | None:
    """Return the commit that `revision` names in a repository now, or None with G101 to G121."""
    if _is_folder(repository):
        at = history.commit(Path(repository), revision, log)
    else:
        mirror = _mirror(repository, cache)
        asked = FETCHED_HEAD if revision == "HEAD" else revision
        at = history.commit(mirror, asked, log) if _fetched(repository, mirror, log) else None
    return CommitSource(repository, at.id) if at is not None else None


def checkout(source: CommitSource, cache: Path, log: Diagnostics) -> PastState | None:
    """Return a commit unpacked in the cache, or None with G101 to G121.

    A repository that is no folder is asked only for commits that the mirror lacks. What a process
    has unpacked, or found unpacked, it does not ask git about again: each report needs it.
    """
    known = _KNOWN.get((source, cache))
    if known is None or not known.folder.is_dir():
        known = _checkout(source, cache, log)
    if len(_KNOWN) >= MOST_KNOWN:
        _KNOWN.clear()
    if known is not None:
        _KNOWN[source, cache] = known
    return known


def _checkout(source: CommitSource, cache: Path, log: Diagnostics) -> PastState | None:
    root = Path(source.repository)
    if not _is_folder(source.repository):
        root = _mirror(source.repository, cache)
        lacks = history.commit(root, source.commit, Diagnostics()) is None
        if lacks and not _fetched(source.repository, root, log):
            return None
    at = history.commit(root, source.commit, log)
    if at is None:
        return None
    folder = cache / "commits" / _digest(source.repository) / at.id
    if folder.is_dir() or _unpacked(root, at, folder, log):
        return PastState(at, folder)
    return None


def _is_folder(repository: str) -> bool:
    return Path(repository).is_dir()


def _fetched(repository: str, mirror: Path, log: Diagnostics) -> bool:
    """Return whether all of a repository stands in the mirror; G121 says why not."""
    try:
        _fetch(repository, mirror)
    except GitError as error:
        code = "G101" if error.missing else "G121"
        detail = error.detail.partition("\n")[0].strip()
        log.add(finding(code, repository=repository, detail=detail))
        return False
    return True


def _fetch(repository: str, mirror: Path) -> None:
    """Bring all commits that another repository names into `mirror`, a bare one.

    Raises `GitError`. What fetches at the same time makes a mirror of its own; one of them stays.
    """
    if (mirror / "HEAD").is_file():
        _fetch_into(mirror, repository)
        return
    mirror.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=mirror.parent, prefix=".new-") as name:
        made = Path(name) / "mirror.git"
        run_git(Path(name), "init", "--quiet", "--bare", str(made))
        _fetch_into(made, repository)
        with suppress(OSError):  # somebody else was sooner
            made.rename(mirror)


def _fetch_into(mirror: Path, repository: str) -> None:
    names = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*", f"+HEAD:{FETCHED_HEAD}")
    options = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance")
    run_git(mirror, "fetch", *options, "--", repository, *names, fetching=True)


def _unpacked(root: Path, at: Commit, folder: Path, log: Diagnostics) -> bool:
    """Unpack a commit beside `folder` and give it that name when it is whole."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-") as name:
        made = Path(name) / "project"
        made.mkdir()
        if not history.unpacked(root, at, made, log):
            return False
        with suppress(OSError):  # somebody else was sooner
            made.rename(folder)
    return True


def _mirror(repository: str, cache: Path) -> Path:
    return cache / "repositories" / f"{_digest(repository)}.git"


def _digest(repository: str) -> str:
    """Return a name for a repository; two folders may hold projects at two depths of one commit."""
    name = os.path.realpath(repository) if _is_folder(repository) else repository
    return hashlib.sha256(os.fsencode(name)).hexdigest()[:16]
