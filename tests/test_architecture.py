"""The picture of docs/architecture.md is that of the contracts, and every folder is in it."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
SOURCE = ROOT / "src" / "reportgen"

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
    "contracts"
]


def names(line: str, sign: str) -> tuple[str, ...]:
    return tuple(part.strip().removeprefix("reportgen.") for part in line.split(sign))


def layers() -> list[tuple[str, ...]]:
    """Return the layers of the contract, the highest first."""
    (contract,) = (each for each in CONTRACTS if each["type"] == "layers")
    return [names(line, "|") for line in contract["layers"]]


def drawn() -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the arrows of the picture, from folders to folders."""
    (picture,) = re.findall(r"```mermaid\nflowchart TD\n(.*?)```", PAGE, re.DOTALL)
    arrows = [line.split("-->") for line in picture.strip().split("\n")]
    return [(names(above, "&"), names(below, "&")) for above, below in arrows]


def folders() -> set[str]:
    return {path.name for path in SOURCE.iterdir() if (path / "__init__.py").is_file()}


def features() -> set[str]:
    """Return the features as import-linter names them."""
    found = {path.stem for path in (SOURCE / "features").glob("*.py")} - {"__init__"}
    return found | {path.parent.name for path in (SOURCE / "features").glob("*/__init__.py")}


def test_picture_is_that_of_the_contract():
    wanted = layers()
    assert drawn() == list(pairwise(wanted))


def test_every_folder_has_a_layer_and_a_row():
    layered = {name for layer in layers() for name in layer}
    assert layered == folders()
    assert set(re.findall(r"^\| `(\w+)/` \|", PAGE, re.MULTILINE)) == folders()


def test_the_root_holds_nothing_but_the_package_itself():
    assert {path.name for path in SOURCE.iterdir() if path.is_file()} == {"__init__.py", "py.typed"}


def test_every_feature_is_under_the_contract_of_independence():
    (contract,) = (each for each in CONTRACTS if each["type"] == "independence")
    assert {name.removeprefix("reportgen.features.") for name in contract["modules"]} == features()


def test_only_tests_and_the_command_line_import_the_ways_in():
    for path in SOURCE.rglob("*.py"):
        part = path.relative_to(SOURCE).parts[0]
        text = path.read_text("utf-8")
        for way in ("cli", "api"):
            if part not in {way, "__init__.py"}:
                assert f"from reportgen.{way}" not in text, path
