"""The past of a project as git holds it: commits, and their states as folders to build in.

Git is asked and never changed. Whatever it refuses is a finding (G1xx). A state holds data/ and
templates/ only, byte by byte as committed: no attribute of git leaves out or rewrites a file.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from reportgen.findings import Diagnostics, Finding, finding

PROJECT = ("data", "templates")
"""What a build reads, relative to the project's root."""
_LINK = "120000"


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its full id, its date (ISO) and the first line of its message."""

    id: str
    date: str
    subject: str

    @property
    def short(self) -> str:
        """Return the id as far as people write it."""
        return self.id[:10]

    def __str__(self) -> str:
        """Return id, date and subject on one line."""
        return f"{self.short}  {self.date}  {self.subject}"


@dataclass(frozen=True, slots=True)
class Origin:
    """From which commit something was built; not `clean` where its files had been changed."""

    commit: str
    clean: bool


@dataclass(frozen=True, slots=True)
class PastState:
    """A commit, and the folder that holds the project as it stood then."""

    commit: Commit
    folder: Path

    @property
    def origin(self) -> Origin:
        """Return what a build of this state comes from."""
        return Origin(self.commit.id, clean=True)


class GitError(Exception):
    """Git refused; `detail` is what it says. `missing` means that there is no git at all."""

    def __init__(self, detail: str, *, missing: bool = False) -> None:
        super().__init__(detail)
        self.detail = detail
        self.missing = missing


def _git(root: Path, *words: str, given: bytes | None = None) -> bytes:
    """Return what git says at `root`; raises `GitError`."""
    program = shutil.which("git")
    if program is None:
        raise GitError("git", missing=True)
    # Even a question may rewrite the index, which two questions at a time would fight for.
    command = [program, "--no-optional-locks", "-C", str(root), *words]
    done = subprocess.run(command, input=given, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        raise GitError(done.stderr.decode(errors="replace").strip())
    return done.stdout


def _text(root: Path, *words: str) -> str:
    return os.fsdecode(_git(root, *words)).rstrip("\n")


def commit(root: Path, revision: str, log: Diagnostics) -> Commit | None:
    """Return the commit that `revision` names at `root`, or None with G101, G102 or G103."""
    try:
        _text(root, "rev-parse", "--show-prefix")
    except GitError as error:
        code = "G101" if error.missing else "G102"
        log.add(finding(code, root=root, detail=error.detail))
        return None
    # What begins with a dash would be an option of git.
    asked = "" if revision.startswith("-") else revision
    try:
        name = _text(root, "rev-parse", "--verify", "--quiet", f"{asked}^{{commit}}")
        (named,) = _log(root, "-1", name)
    except GitError:
        log.add(finding("G103", revision=revision))
        return None
    return named


def touching(root: Path, paths: Iterable[str], start: str, limit: int) -> tuple[Commit, ...]:
    """Return up to `limit` commits from `start` back that changed `paths`, newest first."""
    return _log(root, f"-{limit}", start, "--", *paths)


def _log(root: Path, *words: str) -> tuple[Commit, ...]:
    """Return what `git log` lists."""
    shape = "--format=%H%x00%cs%x00%s"
    lines = _git(root, "log", "--encoding=UTF-8", shape, *words).decode(errors="replace")
    return tuple(Commit(*line.split("\0")) for line in lines.split("\n") if line)


def origin(root: Path, inputs: Iterable[str] = ()) -> Origin | None:
    """Return the commit that stands at `root`, None where there is no git or no commit.

    It is clean if nothing in data/ and templates/ differs from the commit, and none of the files
    read (`inputs`) is one that git was told to ignore.
    """
    try:
        stands = _text(root, "rev-parse", "--show-prefix", "HEAD^{commit}")
        prefix, _, head = stands.rpartition("\n")
        return Origin(head, clean=not _changed(root, prefix, inputs))
    except GitError:
        return None


def changed(root: Path, inputs: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the paths in data/ and templates/ that differ from HEAD, sorted.

    Raises `GitError`.
    """
    return _changed(root, _text(root, "rev-parse", "--show-prefix"), inputs)


def _changed(root: Path, prefix: str, inputs: Iterable[str]) -> tuple[str, ...]:
    """Return what `changed` does; `prefix` is where `root` stands in its repository."""
    options = ("--porcelain", "-z", "--no-renames", "--untracked-files=all", "--ignored=matching")
    listed = _entries(_git(root, "status", *options, "--", *PROJECT))
    read = tuple(inputs)
    paths: list[str] = []
    for entry in listed:
        state, path = entry[:2], entry[3:].removeprefix(prefix)
        if state != "!!" or any(name.startswith(path) for name in read):
            paths.append(path)
    return tuple(sorted(paths))


def _entries(listed: bytes) -> list[str]:
    """Return what git lists with a NUL after each."""
    return [entry for entry in os.fsdecode(listed).split("\0") if entry]


def differing(root: Path, old: str, new: str | None) -> tuple[str, ...]:
    """Return the paths of the project that differ between two commits, or from the files there.

    `new` None means the files as they stand. Raises `GitError`.
    """
    options = ("--name-only", "-z", "--no-renames", "--relative")
    between = (old,) if new is None else (old, new)
    paths = set(_entries(_git(root, "diff", *options, *between, "--", *PROJECT)))
    if new is None:
        paths.update(changed(root))
    return tuple(sorted(paths))


@contextmanager
def state(
    root: Path, revision: str, log: Diagnostics, under: Iterable[str] = PROJECT
) -> Iterator[PastState | None]:
    """Yield the project as it stood at `revision`, or None with G101, G102, G103 or G105.

    Of it only what lies `under` some paths, where not all is needed.
    """
    at = commit(root, revision, log)
    if at is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="reportgen-") as name:
        folder = Path(name).resolve()
        problem = _unpacked(root, at, folder, under)
        if problem is None:
            yield PastState(at, folder)
        else:
            log.add(problem)
            yield None


def _unpacked(root: Path, at: Commit, folder: Path, under: Iterable[str]) -> Finding | None:
    """Unpack the project of a commit below `folder`; return G102 or G105 if it cannot be."""
    try:
        _unpack(root, at, folder, under)
        if paths(root, at):
            return None
    except GitError as error:
        return finding("G102", root=root, detail=error.detail)
    return finding("G105", commit=at.short, date=at.date, about=at.subject)


def _unpack(root: Path, at: Commit, folder: Path, under: Iterable[str]) -> None:
    """Write the files of a commit below `folder`, links last: nothing is written through one."""
    links = []
    for path, (mode, data) in _files(root, at.id, under).items():
        target = folder / path
        if ".." in PurePosixPath(path).parts:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if mode == _LINK:
            links.append((target, data))
        else:
            target.write_bytes(data)
    for target, data in links:
        target.symlink_to(os.fsdecode(data))


def paths(root: Path, at: Commit) -> tuple[str, ...]:
    """Return the paths of the data files of a commit's project. Raises `GitError`."""
    return tuple(_listed(root, at.id, ("data",)))


def _files(root: Path, name: str, under: Iterable[str]) -> Mapping[str, tuple[str, bytes]]:
    """Return the mode and bytes of each file of a commit's project by its path in it."""
    files = _listed(root, name, under)
    blobs = _blobs(root, [blob for _, blob in files.values()])
    return {path: (mode, blobs[blob]) for path, (mode, blob) in files.items()}


def _listed(root: Path, name: str, under: Iterable[str]) -> Mapping[str, tuple[str, str]]:
    """Return mode and blob of each file of a commit's project by its path in it."""
    prefix = _text(root, "rev-parse", "--show-prefix")
    paths = [prefix + path for path in under]
    listed = _entries(_git(root, "ls-tree", "-r", "-z", "--full-tree", name, "--", *paths))
    files = {}
    for entry in listed:
        about, _, path = entry.partition("\t")
        mode, kind, blob = about.split(" ")
        if kind == "blob":
            files[path.removeprefix(prefix)] = (mode, blob)
    return files


def _blobs(root: Path, names: Iterable[str]) -> Mapping[str, bytes]:
    """Return the bytes of blobs by id: `<id> blob <size>`, a line feed, the bytes, a line feed.

    Of one that is lost git says `<id> missing`.
    """
    asked = "".join(f"{name}\n" for name in dict.fromkeys(names)).encode()
    answer = _git(root, "cat-file", "--batch", given=asked) if asked else b""
    blobs: dict[str, bytes] = {}
    at = 0
    while at < len(answer):
        end = answer.index(b"\n", at)
        name, kind, *size = answer[at:end].decode().split(" ")
        if not size:
            raise GitError(f"{name} {kind}")
        at = end + 1 + int(size[0])
        blobs[name] = answer[end + 1 : at]
        at += 1
    return blobs
