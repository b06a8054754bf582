"""Every package that is installed is pinned with its hashes, and a file with another is refused."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pins
import pip
import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(
    r"^([a-z0-9.-]+)==([^ ;]+)((?: ; [^\\]+)?) \\\n((?: {4}--hash=.+\n)+)", re.MULTILINE
)
HASH = re.compile(r" {4}--hash=sha256:[0-9a-f]{64}(?: \\)?")
PLATFORMS = {"linux": ("Linux", "posix"), "darwin": ("Darwin", "posix"), "win32": ("Windows", "nt")}


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def pinned(name: str) -> dict[str, list[str]]:
    """Return the versions of each package, one for each marker."""
    versions: dict[str, list[str]] = {}
    for package, version, _marker, _hashes in PIN.findall(read(name)):
        versions.setdefault(package, []).append(version)
    return versions


def asked(name: str) -> list[Requirement]:
    pyproject = read("pyproject.toml")
    whole = pins.own(pyproject) if name in pins.WHOLE else []
    return [Requirement(line) for line in (*whole, *pins.wanted(pyproject, pins.FILES[name]))]


@pytest.mark.parametrize("name", pins.FILES)
def test_every_line_is_a_pin_or_its_hash_and_names_no_host(name):
    text = read(name)
    rest = PIN.sub("", text)
    pins_there = PIN.findall(text)
    hashes = "".join(hashes for *_pin, hashes in pins_there).splitlines()
    assert [line for line in rest.splitlines() if not line.startswith("#")] == []
    assert [line for line in hashes if not HASH.fullmatch(line)] == []
    assert "://" not in text
    one_each = {(package, marker) for package, _version, marker, _hashes in pins_there}
    assert len(one_each) == len(pins_there)


@pytest.mark.parametrize("name", pins.FILES)
def test_what_pyproject_asks_for_is_pinned_within_its_range(name):
    versions = pinned(name)
    wrong = [
        str(needed)
        for needed in asked(name)
        if not all(map(needed.specifier.contains, versions[canonicalize_name(needed.name)]))
    ]
    assert wrong == []


def test_every_extra_is_in_one_file():
    own = (name for name in pins.FILES if name != "constraints-drafting.txt")
    extras = [extra for name in own for extra in pins.FILES[name]]
    everything = pins.tomllib.loads(read("pyproject.toml"))["project"]["optional-dependencies"]
    assert sorted(extras) == sorted(everything)


def test_what_drafters_install_is_a_part_of_what_is_tested():
    tested, drafting = (set(PIN.findall(read(name))) for name in pins.WHOLE)
    assert drafting < tested


def needs(package: str, platform: str) -> set[str]:
    """Return what an installed package needs on a platform."""
    system, kind = PLATFORMS[platform]
    there = {"sys_platform": platform, "platform_system": system, "os_name": kind, "extra": ""}
    environment = {**default_environment(), **there}
    try:
        listed = [Requirement(line) for line in requires(package) or ()]
    except PackageNotFoundError:
        return set()
    return {
        canonicalize_name(one.name)
        for one in listed
        if one.marker is None or one.marker.evaluate(environment)
    }


@pytest.mark.parametrize("name", pins.WHOLE)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_the_pinned_packages_need_in_turn_is_pinned(platform, name):
    versions = pinned(name)
    needed = {name for package in versions for name in needs(package, platform)}
    assert needed - set(versions) == set()


def wheel(folder: Path, name: str) -> str:
    """Make a wheel of one empty module; return its hash."""
    about = f"{name}-1.0.dist-info"
    made = folder / f"{name}-1.0-py3-none-any.whl"
    files = {
        f"{name}.py": "",
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in (*files, f"{about}/RECORD"))
    with zipfile.ZipFile(made, "w") as packed:
        for path, text in {**files, f"{about}/RECORD": record}.items():
            packed.writestr(path, text)
    return hashlib.sha256(made.read_bytes()).hexdigest()


def offline(folder: Path, wheels: Path) -> dict[str, str]:
    """Return the environment of a pip that knows no index; a venv takes seconds to get its own."""
    python = folder / "python"
    python.write_text(
        "#!/bin/sh\n"
        f'[ "$2" != venv ] || exec {sys.executable} -m venv --without-pip "$3"\n'
        f'exec {sys.executable} "$@"\n'
    )
    python.chmod(0o755)
    (folder / "modules").mkdir()
    (folder / "modules/pip").symlink_to(Path(pip.__file__).parent)
    return os.environ | {
        "PYTHON": str(python),
        "PYTHONPATH": str(folder / "modules"),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "PIP_CONFIG_FILE": os.devnull,
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("thing==1.0 --hash=sha256:" + "0" * 64, "DO NOT MATCH THE HASHES"),
        ("thing==1.0", "Hashes are required"),
    ],
    ids=["another-file", "no-hash"],
)
def test_make_installs_nothing_but_what_was_pinned(tmp_path, line, said):
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    digest = wheel(wheels, "thing")
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "constraints.txt").write_text(line + "\n")
    done = subprocess.run(
        ["make", "setup"],
        cwd=tmp_path,
        env=offline(tmp_path, wheels),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert said in done.stderr and digest in done.stderr
    assert "make pins" in done.stderr and "没有安装" in done.stderr
    assert not list(tmp_path.glob(".venv/ready-*"))
    assert not list(tmp_path.glob(".venv/lib/*/site-packages/*"))


def test_the_tool_takes_the_index_of_pips_configuration(monkeypatch, tmp_path):
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", tmp_path.as_uri())
    assert pins.index() == ["--default-index", tmp_path.as_uri()]
    monkeypatch.delenv("PIP_INDEX_URL")
    assert pins.index() == []


def test_the_tool_puts_its_resolver_there_by_the_hash_of_its_pin():
    entry = pins.pinned(read("constraints.txt"), "uv")
    assert PIN.fullmatch(entry) and entry.startswith("uv==")
    with pytest.raises(SystemExit, match="uv"):
        pins.pinned("uv==1.0\n", "uv")


def test_versions_are_read_from_what_a_merge_made_of_a_file():
    mixed = "a-b==1.0 \\\nc==2.post1\n    --hash=sha256:00\nd_e==3 ; sys_platform == 'win32' \\\n"
    assert pins.versions(mixed) == "a-b==1.0\nc==2.post1\nd_e==3 ; sys_platform == 'win32'"
