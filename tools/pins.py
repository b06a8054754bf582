"""Writes the pinned files: one version of every package, and the hash of each of its files.

`make pins` keeps the versions that are pinned and adds what pyproject.toml asks for besides;
`make pins ARGS=--upgrade` takes the newest, `ARGS="--upgrade-package NAME"` those of one package.
All files that the index lists for a version count, so any platform and Python can install it.
Which index it asks is the business of pip's configuration; no file names one.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
DRAFTING = ("audit", "excel", "preview")
"""The extras of a repository that `reportgen start` makes."""
INSTALLED = (*DRAFTING, "cluster", "dev")
"""The extras of `make setup`."""
FILES = {
    "constraints.txt": INSTALLED,
    "constraints-drafting.txt": DRAFTING,
    "constraints-browser.txt": ("browser",),
    "constraints-validators.txt": ("validators",),
}
"""Which extras each file pins."""
WHOLE = ("constraints.txt", "constraints-drafting.txt")
"""The files that pin what the package itself and its build ask for as well."""
OPTIONS = "--quiet --universal --python-version 3.11 --generate-hashes --no-annotate".split()
CONFIGURED = re.compile(r"^(?:global|install|:env:)\.index-url='(.*)'$", re.MULTILINE)


def wanted(pyproject: str, extras: tuple[str, ...]) -> list[str]:
    """Return what the extras ask for, as pyproject.toml writes it."""
    listed = tomllib.loads(pyproject)["project"]["optional-dependencies"]
    return [requirement for extra in extras for requirement in listed[extra]]


def own(pyproject: str) -> list[str]:
    """Return what the package itself and its build ask for."""
    read = tomllib.loads(pyproject)
    return [*read["project"]["dependencies"], *read["build-system"]["requires"]]


def index() -> list[str]:
    """Return the option that names the index of pip's configuration, nothing for pip's own."""
    said = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    )
    configured = CONFIGURED.findall(said.stdout)
    return ["--default-index", configured[-1]] if configured else []


def pinned(text: str, name: str) -> str:
    """Return the lines that pin a package with its hashes."""
    found = re.search(rf"^{name}==(?:.*\\\n)+.*\n", text, re.MULTILINE)
    if found is None:
        raise SystemExit(f"constraints.txt: {name} has no hash")
    return found.group()


def versions(text: str) -> str:
    """Return the versions that a pinned file names, whatever a merge has made of its lines."""
    return "\n".join(re.findall(r"^[\w.-]+==[\w.]+(?: ; [^\\\n]*[^\\\s])?", text, re.MULTILINE))


def resolver(folder: Path) -> Path:
    """Return uv, put first beside this Python by the hash of its pin where it is not there yet."""
    uv = Path(sys.executable).with_name("uv")
    if not uv.exists():
        alone = folder / "uv.txt"
        alone.write_text(pinned((ROOT / "constraints.txt").read_text("utf-8"), "uv"), "utf-8")
        options = "-m pip install --quiet --force-reinstall --require-hashes -r".split()
        subprocess.run([sys.executable, *options, str(alone)], check=True)  # noqa: S603
    return uv


def write(folder: Path, options: list[str]) -> int:
    """Write the files in `folder`; return the exit code of uv, which says what has no solution."""
    pyproject = (ROOT / "pyproject.toml").read_text("utf-8")
    command = [str(resolver(folder)), "pip", "compile", *OPTIONS, *index(), *options]
    environment = os.environ | {"UV_CUSTOM_COMPILE_COMMAND": "make pins"}
    first, *_ = FILES
    for name, extras in FILES.items():
        asked = wanted(pyproject, extras) + (own(pyproject) if name in WHOLE else [])
        agreeing = [] if name == first else ["--constraints", first]
        (folder / name).write_text(versions((ROOT / name).read_text("utf-8")), "utf-8")
        done = subprocess.run(  # noqa: S603
            [*command, *agreeing, "--output-file", name, "-"],
            input="\n".join(asked),
            env=environment,
            cwd=folder,
            text=True,
            check=False,
        )
        if done.returncode:
            return done.returncode
    return 0


def main(options: list[str]) -> int:
    """Replace the files by new ones, all or none; return the exit code."""
    with TemporaryDirectory() as name:
        failed = write(Path(name), options)
        for pins in () if failed else FILES:
            (ROOT / pins).write_bytes(Path(name, pins).read_bytes())
    return failed


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
