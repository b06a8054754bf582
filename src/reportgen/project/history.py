"""The past of a project as git holds it: commits, and their states as folders to build in.

Git is asked and never changed. Whatever it refuses is a finding (G1xx). A state holds data/ and
templates/ only, byte by byte as committed: no attribute of git leaves out or rewrites a file.

A repository can come from anybody, and its configuration, hooks and attributes name programs. None
is run: git is asked only for what it keeps (commits, trees, blobs, what is ignored), and the files
of the folder are compared with it here. `checkouts` alone lets it fetch, from where a person named.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path, PurePosixPath

from reportgen.findings import Diagnostics, Finding, finding
from reportgen.model import limits
from reportgen.model.frozen import frozen

HEAD = "HEAD"  # the commit that is worked on, for git
PROJECT = ("data", "templates")
"""What a build reads, relative to the project's root."""
_LINK = "120000"
_OBJECT = {40: "sha1", 64: "sha256"}
"""The hash of a repository's objects by the length of their ids."""
_OPTIONS = (
    "--no-pager",
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.commitGraph=false"),  # may say other trees and parents than the commits do
)
_OWN_CONFIGURATION = {
    *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"),
    *("GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM"),
}
"""What a user's own variables may say to git: where their configuration is, where to look."""
_READ_ONLY = {
    "GIT_OPTIONAL_LOCKS": "0",  # even a question may rewrite the index, which two would fight for
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",  # git before 2.45 knows no other way to fetch nothing
    "GIT_TERMINAL_PROMPT": "0",
}


@frozen
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


@frozen
class Origin:
    """From which commit something was built; not `clean` where its files had been changed."""

    commit: str
    clean: bool


@frozen
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


_FETCHING = {"GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh"}
"""How others are reached: never by a program that an address names (`ext::`)."""


def run_git(
    root: Path,
    *words: str,
    given: bytes | None = None,
    expected: Container[int] = (0,),
    fetching: bool = False,
) -> bytes:
    """Return what git says at `root`; raises `GitError` where its exit code is not `expected`."""
    seconds = limits.FETCH_SECONDS if fetching else limits.GIT_SECONDS
    environment = {**_environment(), **(_FETCHING if fetching else {})}
    program = shutil.which("git")
    # On Windows the folder one stands in is searched before PATH, and gives a relative path.
    if program is None or not Path(program).is_absolute():
        raise GitError("git", missing=True)
    command = [program, *_OPTIONS, "-C", str(root), *words]
    try:
        done = subprocess.run(  # noqa: S603
            command,
            input=given,
            env=environment,
            capture_output=True,
            check=False,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        raise GitError(f"git {words[0]}: > {seconds:d} s") from None
    if done.returncode not in expected:
        raise GitError(done.stderr.decode(errors="replace").strip())
    return done.stdout


def _environment() -> Mapping[str, str]:
    """Return the variables for git: none that leads it elsewhere or names a program."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name in _OWN_CONFIGURATION
    }
    return kept | _READ_ONLY


def _text(root: Path, *words: str) -> str:
    return os.fsdecode(run_git(root, *words)).rstrip("\n")


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
    """Return the commits that git lists; `git log` would run the program that checks signatures."""
    shape = "--format=%H%x00%cs%x00%s"
    lines = run_git(root, "rev-list", "--encoding=UTF-8", shape, *words).decode(errors="replace")
    listed = [line for line in lines.split("\n") if "\0" in line]
    return tuple(Commit(*line.split("\0")) for line in listed)


def origin(root: Path, inputs: Iterable[str] = (), under: Iterable[str] = PROJECT) -> Origin | None:
    """Return the commit that stands at `root`, None where there is no git or no commit.

    It is clean if nothing that lies `under` some paths of data/ and templates/ differs from the
    commit, and none of the files read (`inputs`) is one that git was told to ignore.
    """
    looked_at = frozenset(_before_links(root, path) for path in under)
    try:
        head = _text(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        listed = _listed(root, head, looked_at)
        return Origin(head, clean=not _differing(root, listed, inputs, looked_at))
    except GitError:
        return None


def _before_links(root: Path, path: str) -> str:
    """Return the first part of a path that is a link, to which git does not look, or the path."""
    above = PurePosixPath(path).parents[:-1]
    return next((str(each) for each in reversed(above) if (root / each).is_symlink()), path)


def changed(root: Path, inputs: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the paths in data/ and templates/ that differ from HEAD, sorted.

    Raises `GitError`.
    """
    return _differing(root, _listed(root, HEAD, PROJECT), inputs)


def differing(root: Path, old: str, new: str | None) -> tuple[str, ...]:
    """Return the paths of the project that differ between two commits, or from the files there.

    `new` None means the files as they stand. Raises `GitError`.
    """
    before = _listed(root, old, PROJECT)
    after = _listed(root, new or HEAD, PROJECT)
    if new is None:
        return _differing(root, before, after)
    paths = before.keys() | after.keys()
    return tuple(sorted(path for path in paths if before.get(path) != after.get(path)))


def _differing(
    root: Path,
    listed: Mapping[str, tuple[str, str]],
    inputs: Iterable[str],
    under: Iterable[str] = PROJECT,
) -> tuple[str, ...]:
    """Return the paths at which the files as they stand are not those listed, sorted.

    Files `under` some paths that are not listed count, unless git was told to ignore them and they
    are no `inputs`.
    """
    standing = frozenset(chain.from_iterable(_standing(root, path) for path in under))
    added = standing - listed.keys()
    ignored = _ignored(root, added.difference(inputs))
    missing = listed.keys() - standing
    both = listed.keys() & standing
    edited = {path for path in both if not _is_blob(root / path, listed[path][1])}
    left_out = _left_out(root) if missing else frozenset()
    return tuple(sorted((added - ignored) | (missing - left_out) | edited))


def _standing(root: Path, path: str) -> Iterator[str]:
    """Yield the paths of all that stands below `path`, links too; none is followed."""
    top = root / path
    if top.is_symlink() or not top.is_dir():
        yield from [path] if os.path.lexists(top) else []
        return
    for folder, below, files in os.walk(top):
        here = Path(folder)
        below[:] = [name for name in below if name != ".git"]
        links = [name for name in below if (here / name).is_symlink()]
        within = here.relative_to(root).as_posix()
        yield from (f"{within}/{name}" for name in (*links, *files))


def _is_blob(path: Path, blob: str) -> bool:
    """Return whether a file or link holds the bytes of a blob; CR LF may stand for its LF."""
    try:
        if path.is_symlink():
            return _blob(os.fsencode(path.readlink()), blob) == blob
        if not path.is_file():
            return False
        data = path.read_bytes()
    except OSError:
        return False
    return _blob(data, blob) == blob or _blob(data.replace(b"\r\n", b"\n"), blob) == blob


def _blob(data: bytes, like: str) -> str:
    """Return the id that git gives to bytes, with the hash of another id."""
    header = f"blob {len(data)}\0".encode()
    return hashlib.new(_OBJECT[len(like)], header + data, usedforsecurity=False).hexdigest()


def _ignored(root: Path, paths: Iterable[str]) -> frozenset[str]:
    """Return those of some paths that git was told to ignore."""
    asked = b"".join(os.fsencode(path) + b"\0" for path in paths)
    options = ("check-ignore", "--no-index", "-z", "--stdin")
    none = 1
    return frozenset(
        _entries(run_git(root, *options, given=asked, expected=(0, none))) if asked else ()
    )


def _left_out(root: Path) -> frozenset[str]:
    """Return the paths that a sparse checkout leaves out."""
    listed = _entries(run_git(root, "ls-files", "-t", "-z", "--", *PROJECT))
    return frozenset(entry[2:] for entry in listed if entry.startswith("S "))


def _entries(listed: bytes) -> list[str]:
    """Return what git lists with a NUL after each."""
    return list(filter(None, os.fsdecode(listed).split("\0")))


def unpacked(root: Path, at: Commit, folder: Path, log: Diagnostics) -> bool:
    """Unpack the project of a commit below `folder`; return False with G102 or G105 if not."""
    problem = _unpacked(root, at, folder, PROJECT)
    if problem is not None:
        log.add(problem)
    return problem is None


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
    listed = _entries(run_git(root, "ls-tree", "-r", "-z", "--full-tree", name, "--", *paths))
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
    answer = run_git(root, "cat-file", "--batch", given=asked) if asked else b""
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
