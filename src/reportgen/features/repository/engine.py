"""The program as a repository holds it: a wheel or a commit to install, and what ships with it."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files as package_files
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from reportgen import __version__
from reportgen.findings import Diagnostics, finding
from reportgen.model import limits
from reportgen.model.frozen import frozen

_PROGRAM = "reportgen"
_CHECKOUT = Path(__file__).resolve().parents[4]
"""The folder of the program's own sources, where it runs from them."""
_SOURCES = (
    "src",
    "templates",
    "pyproject.toml",
    "setup.py",
    "README.md",
    "constraints-drafting.txt",
)
"""What a wheel is built of."""
_SHIPPED = "reportgen/shipped/"
"""Where a wheel has what ships beside the code."""
_BUILD = "from setuptools import build_meta; build_meta.build_wheel('made')"
_BUILD_SECONDS = 120.0
_OLDEST = (1980, 1, 1, 0, 0, 0)
_OF_THIS_MACHINE = frozenset(["RECORD", "INSTALLER", "REQUESTED", "direct_url.json"])
"""What pip writes beside a package that it installed."""
_WHEEL = re.compile(r"reportgen-([0-9][^-/]*)-[^/]*\.whl")
_GIT = re.compile(
    r"(?:git\+)?((?:https|ssh|git|http|file)://[^\s@#]*(?:@[^\s@#]+)?)@([0-9a-f]{7,64})"
)
_PASSWORD = re.compile(r"://[^/@]*:[^/@]*@")


@frozen
class ShippedEngine:
    """A program to install: what pip is asked for, the wheel itself if it is one, what ships.

    `shipped` holds files by path: `templates/…` and `requirements.txt`, the pins of what the
    program needs.
    """

    requirement: str
    version: str
    shipped: Mapping[str, bytes]
    wheel: Mapping[str, bytes]


def engine(given: str, log: Diagnostics) -> ShippedEngine | None:
    """Return the engine at `given`: a wheel, a folder of sources or wheels, a git address.

    Without any it is the one that runs. None with Y111 where there is none to use.
    """
    try:
        address = _GIT.fullmatch(given)
        if address:
            return _of_git(address)
        return _of_wheel(*_wheel(given))
    except (OSError, ValueError, zipfile.BadZipFile, subprocess.SubprocessError) as error:
        detail = error.strerror if isinstance(error, OSError) else str(error)
        log.add(finding("Y111", engine=given or _PROGRAM, detail=detail or type(error).__name__))
        return None


def _of_git(address: re.Match[str]) -> ShippedEngine:
    """Return an engine that pip fetches; what ships is that of the program which runs."""
    where, commit = address.groups()
    if _PASSWORD.search(f"{where}@"):
        raise ValueError("地址里有密码，不能写进仓库 · it holds a password")
    requirement = f"{_PROGRAM} @ git+{where}@{commit}"
    return ShippedEngine(requirement, __version__, _shipped_here(), {})


def _of_wheel(name: str, data: bytes) -> ShippedEngine:
    """Return an engine that stands as a wheel in engine/."""
    found = _WHEEL.fullmatch(name)
    if found is None:
        raise ValueError(f"{name}: reportgen-*.whl")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        shipped = dict(_shipped_in(packed))
    if "requirements.txt" not in shipped:
        raise ValueError(f"{name}: 里面没有模板包 · no packs in it")
    digest = hashlib.sha256(data).hexdigest()
    requirement = f"./engine/{name} --hash=sha256:{digest}"
    return ShippedEngine(requirement, found[1], shipped, {f"engine/{name}": data})


def _shipped_in(packed: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a wheel that ship beside the code."""
    for entry in packed.infolist():
        name = entry.filename.removeprefix(_SHIPPED)
        if name == entry.filename or entry.is_dir():
            continue
        if entry.file_size > limits.SOURCE_BYTES or ".." in name.split("/"):
            raise ValueError(name)
        yield name, packed.read(entry)


# Wheels


def _wheel(given: str) -> tuple[str, bytes]:
    """Return the name and the bytes of a wheel: one that is there, or is made now."""
    path = Path(given)
    if not given:
        return _own_wheel()
    if (path / "pyproject.toml").is_file():
        return _built(path)
    if path.is_dir():
        path = _only_wheel(path)
    if path.suffix != ".whl":
        raise ValueError(
            "不是轮子文件、文件夹、带提交号的 git 地址 · no wheel, folder or git commit"
        )
    return path.name, path.read_bytes()


def _only_wheel(folder: Path) -> Path:
    """Return the wheel in a folder; raises ValueError where there are none or several."""
    wheels = sorted(folder.glob("reportgen-*.whl"))
    if len(wheels) != 1:
        raise ValueError(f"{len(wheels)} × reportgen-*.whl")
    return wheels[0]


def _own_wheel() -> tuple[str, bytes]:
    """Return the program that runs as a wheel: built of its sources, or packed as installed."""
    if _is_checkout():
        return _built(_CHECKOUT)
    try:
        return _packed()
    except PackageNotFoundError:
        raise ValueError("没有安装 · it is not installed") from None


def _is_checkout() -> bool:
    return all((_CHECKOUT / name).exists() for name in _SOURCES)


def _built(folder: Path) -> tuple[str, bytes]:
    """Return a wheel of the sources in a folder; equal sources give equal bytes."""
    with TemporaryDirectory(prefix="reportgen-") as name:
        work = Path(name)
        for source in _SOURCES:
            _copy(folder / source, work / source)
        done = subprocess.run(  # noqa: S603 - this Python
            [sys.executable, "-c", _BUILD],
            cwd=work,
            env={**os.environ, "SOURCE_DATE_EPOCH": "315532800"},
            capture_output=True,
            text=True,
            timeout=_BUILD_SECONDS,
            check=False,
        )
        made = sorted(work.glob("made/*.whl"))
        if done.returncode or not made:
            raise ValueError((done.stderr.strip().splitlines() or ["setuptools"])[-1])
        return made[0].name, made[0].read_bytes()


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        hidden = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info")
        shutil.copytree(source, target, ignore=hidden)
    else:
        shutil.copyfile(source, target)


def _packed() -> tuple[str, bytes]:
    """Return the installed program as the wheel that it was installed from."""
    installed = distribution(_PROGRAM)
    contents = {}
    for path in filter(_is_packed, installed.files or ()):
        contents[path.as_posix()] = Path(str(path.locate())).read_bytes()
    about = next(path for path in contents if path.endswith(".dist-info/WHEEL"))
    record = f"{about.removesuffix('WHEEL')}RECORD"
    lines = [*map(_recorded, contents, contents.values()), f"{record},,"]
    contents[record] = "".join(f"{line}\n" for line in lines).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(contents.items()):
            archive.writestr(zipfile.ZipInfo(name, _OLDEST), data, zipfile.ZIP_DEFLATED)
    return f"{_PROGRAM}-{installed.version}-py3-none-any.whl", packed.getvalue()


def _is_packed(path: PurePath) -> bool:
    """Return whether an installed file comes from the wheel."""
    of_machine = path.name in _OF_THIS_MACHINE or path.suffix == ".pyc"
    return ".." not in path.parts and not of_machine


def _recorded(path: str, data: bytes) -> str:
    """Return the line of a file in the RECORD of a wheel."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"{path},sha256={digest},{len(data)}"


# What ships with the program that runs


def _shipped_here() -> dict[str, bytes]:
    """Return what ships, as a wheel has it."""
    if _is_checkout():
        pins = (_CHECKOUT / "constraints-drafting.txt").read_bytes()
        return {**dict(_below(_CHECKOUT, "templates")), "requirements.txt": pins}
    folder = Path(str(package_files(_PROGRAM) / "shipped"))
    return {**dict(_below(folder, "templates")), **dict(_below(folder, "requirements.txt"))}


def _below(folder: Path, name: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files at or below a path in a folder, hidden ones left out."""
    top = folder / name
    for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
        inside = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in inside.parts):
            yield inside.as_posix(), path.read_bytes()


# Packs


def packs_of(shipped: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return the packs that ship, by name."""
    found = re.findall(r"^templates/(.+)/pack\.yaml$", "\n".join(sorted(shipped)), re.MULTILINE)
    return tuple(found)


def with_used(packs: tuple[str, ...], shipped: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return packs with those whose files they name."""
    known = packs_of(shipped)
    wanted = list(packs)
    for pack in wanted:
        text = b"\n".join(files_of(pack, shipped).values()).decode("utf-8", "replace")
        wanted += [each for each in known if each not in wanted and f"{each}/" in text]
    return tuple(wanted)


def files_of(pack: str, shipped: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of a pack, or of what all share, by their paths in it."""
    start = f"templates/{pack}/"
    return {
        path.removeprefix(start): data for path, data in shipped.items() if path.startswith(start)
    }
