"""Makes a repository to draft in, and tells git how data files are merged."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path

from reportgen.features.repository.engine import ShippedEngine, files_of, packs_of, with_used
from reportgen.features.repository.merging import merge
from reportgen.features.repository.updates import RECORD, SHARED, record_of
from reportgen.findings import Diagnostics, finding
from reportgen.model import limits
from reportgen.model.frozen import frozen
from reportgen.project.saving import save, save_texts

_DRIVER = "merge.reportgen"
_HUNKS = "diff.reportgen"
_KEY_LINE = r"^([^ #-][^:]*:.*)$"
"""The line that heads a hunk of a diff: the section that the change stands in."""
_BEGIN = "# reportgen git-setup"
_ATTRIBUTES = f"""\
{_BEGIN}: 数据文件按键和行合并；撤销：reportgen git-setup --undo
data/**/*.yaml merge=reportgen diff=reportgen
data/**/published.yaml !merge
# reportgen end
"""
_OWN_LINES = re.compile(rf"\n?^{_BEGIN}.*?^# reportgen end\n", re.MULTILINE | re.DOTALL)
_MERGED = frozenset([0, 3])
"""The exit codes of the merge driver that wrote a file; after any other git merges by lines."""


@frozen
class StartedRepository:
    """What a repository is to hold: packs, and the unit and year that it begins with, if any."""

    packs: tuple[str, ...]
    unit: str = ""
    year: int = 0


def first_files(
    wanted: StartedRepository, engine: ShippedEngine, log: Diagnostics
) -> dict[str, bytes]:
    """Return the files of a new repository but its data, none with L127 for a pack unknown."""
    known = packs_of(engine.shipped)
    for pack in sorted(set(wanted.packs).difference(known)):
        log.add(finding("L127", pack=pack, known="、".join(known)))
    if log.blocked:
        return {}
    files = dict(engine.wheel)
    for pack in (SHARED, *with_used(wanted.packs, engine.shipped)):
        files |= _pack_files(pack, engine)
    for path, text in _texts(wanted, engine).items():
        files[path] = text.encode()
    return files


def _pack_files(pack: str, engine: ShippedEngine) -> dict[str, bytes]:
    """Return the files of a pack by their paths in a project, with the record of what they are."""
    own = files_of(pack, engine.shipped)
    own[RECORD] = record_of(own, engine.version)
    return {f"templates/{pack}/{path}": data for path, data in own.items()}


def _texts(wanted: StartedRepository, engine: ShippedEngine) -> dict[str, str]:
    """Return the files that are the same in every repository but for some words."""
    where = f"data/{wanted.unit}/{wanted.year}/"
    first = f"先填 `{where}`。" if wanted.unit else _init_line(wanted.packs[0])
    words = {
        "@VERSION@": engine.version,
        "@YEAR@": str(wanted.year) if wanted.year else "年度",
        "@FIRST@": first,
        "@PACKS@": "、".join(f"`{pack}`" for pack in wanted.packs),
        "@PIP_OPTIONS@": "--no-index --require-hashes"
        if engine.wheel
        else "--no-index --no-build-isolation",
    }
    requirements = engine.shipped["requirements.txt"].decode()
    return {
        "Makefile": _filled("Makefile", words),
        "README.md": _filled("README.md", words),
        ".gitignore": _filled("gitignore", words),
        ".gitattributes": f"{_filled('gitattributes', words)}\n{_ATTRIBUTES}",
        ".github/workflows/report.yaml": _filled("workflow.yaml", words),
        "engine.txt": f"{engine.requirement}\n",
        "requirements.txt": requirements,
        **({} if wanted.unit else {"data/.gitkeep": ""}),
    }


def _init_line(pack: str) -> str:
    line = f".venv/bin/reportgen init --unit 单位 --pack {pack} --year 年度"
    return f"先运行 `make setup`，再开一个单位：`{line}`（单位写拼音，如 changsha）。"


def _filled(name: str, words: Mapping[str, str]) -> str:
    text = (
        resources.files("reportgen.features.repository").joinpath("files", name).read_text("utf-8")
    )
    for word, meant in words.items():
        text = text.replace(word, meant)
    return text


def is_free(folder: Path, log: Diagnostics) -> bool:
    """Return whether a repository can be made at `folder`; Y110 where something is there."""
    try:
        free = not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))
    except OSError:
        free = False
    if not free:
        log.add(finding("Y110", folder=folder))
    return free


def united(first: Mapping[str, bytes], more: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return files of both; one that both have holds the keys of both."""
    files = {**more, **first}
    for path in more.keys() & first.keys():
        merged = merge("", first[path].decode(), more[path].decode())
        files[path] = first[path] if merged is None else merged.text.encode()
    return files


def write_repository(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a repository, all of it or nothing; raises OSError."""
    save({folder / path: data for path, data in files.items()})


# Git


def begin_history(folder: Path, subject: str) -> bool | None:
    """Make a git repository of a folder, with a first commit where git knows who commits.

    Returns whether there is a commit, None where there is no git.
    """
    if shutil.which("git") is None:
        return None
    try:
        _git(folder, "init", "--quiet", "--initial-branch=main")
        if not _identity(folder):
            return False
        _git(folder, "add", "--all")
        _git(folder, "commit", "--quiet", "--message", subject)
    except subprocess.SubprocessError:
        return False
    return True


def _identity(folder: Path) -> bool:
    """Return whether it is set who commits; git would make up a name from the machine's."""
    named = {"GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"} <= os.environ.keys()
    return named or all(_configured(folder, f"user.{key}") for key in ("name", "email"))


def _configured(folder: Path, key: str) -> str:
    """Return what git's configuration says, empty for nothing."""
    try:
        return _git(folder, "config", "--get", key)
    except subprocess.CalledProcessError:
        return ""


def _git(folder: Path, *words: str) -> str:
    """Return what git says; raises `subprocess.SubprocessError` where it refuses."""
    program = shutil.which("git")
    if program is None or not Path(program).is_absolute():
        raise subprocess.SubprocessError("git")
    done = subprocess.run(  # noqa: S603
        [program, "-C", str(folder), *words],
        capture_output=True,
        text=True,
        timeout=limits.GIT_SECONDS,
        check=True,
    )
    return done.stdout.strip()


def set_up_git(root: Path, log: Diagnostics, *, undo: bool = False) -> tuple[str, ...]:
    """Let git merge data files by key and row, here and on this machine; or `undo` that.

    Returns the attributes and settings that are new, or gone. The log says where git is not (G101,
    G102).
    """
    try:
        top = Path(_git(root, "rev-parse", "--show-toplevel"))
        settings = tuple(_settings(root, {} if undo else _wanted_settings(top)))
    except subprocess.SubprocessError as error:
        code = "G102" if shutil.which("git") else "G101"
        log.add(finding(code, root=root, detail=str(getattr(error, "stderr", "") or error).strip()))
        return ()
    text = _attributes(root, undo=undo)
    if text is None:
        return settings
    _write_attributes(root, text)
    return (".gitattributes", *settings)


def _write_attributes(root: Path, text: str) -> None:
    """Write .gitattributes, or remove it where it has nothing to say."""
    if text:
        save_texts(root, {".gitattributes": text})
    else:
        (root / ".gitattributes").unlink(missing_ok=True)


def _attributes(root: Path, *, undo: bool) -> str | None:
    """Return the new text of .gitattributes, None where it stays."""
    path = root / ".gitattributes"
    old = path.read_text("utf-8") if path.is_file() else ""
    others = _OWN_LINES.sub("", old)
    gap = "\n" if others and not others.endswith("\n\n") else ""
    new = others if undo else f"{others}{gap}{_ATTRIBUTES}"
    return None if new == old else new


def _wanted_settings(top: Path) -> dict[str, str]:
    return {
        f"{_DRIVER}.name": "reportgen: 按键和行合并 by key and row",
        f"{_DRIVER}.driver": driver(top),
        f"{_DRIVER}.recursive": "text",
        f"{_HUNKS}.xfuncname": _KEY_LINE,
    }


def driver(top: Path) -> str:
    """Return the command by which git merges a data file, run at the `top` of the repository.

    Where the program is not there, or does not merge the file, git merges it by lines.
    """
    python = Path(sys.executable)
    if python.is_relative_to(top.resolve()):
        python = python.relative_to(top.resolve())
    elif python.is_relative_to(top):
        python = python.relative_to(top)
    ours = f"{shlex.quote(str(python))} -P -m reportgen.cli merge-driver -- %O %A %B %P"
    done = "|".join(map(str, sorted(_MERGED)))
    by_lines = "git merge-file -L ours -L base -L theirs %A %O %B"
    return f"{ours}; c=$?; case $c in {done}) exit $c;; esac; {by_lines}"


def _settings(root: Path, wanted: Mapping[str, str]) -> Iterable[str]:
    """Make the settings of this repository's git as wanted; yield those that changed."""
    every = (f"{_DRIVER}.name", f"{_DRIVER}.driver", f"{_DRIVER}.recursive", f"{_HUNKS}.xfuncname")
    for key in every:
        if _configured(root, key) == wanted.get(key, ""):
            continue
        if key in wanted:
            _git(root, "config", "--local", key, wanted[key])
        else:
            _git(root, "config", "--local", "--unset-all", key)
        yield key
