"""The real report of Huaihua, 2023, in private copies that a test may change."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

from outcome import Outcome, build, draft
from reportgen.flow.job import Job
from reportgen.project.source_files import SourceFiles

ROOT = Path(__file__).resolve().parent.parent
UNIT, YEAR, REPORT = "huaihua", 2023, "department"
DATA = f"data/{UNIT}/{YEAR}"


def job(root: Path = ROOT, **options: Any) -> Job:
    given = {"out": root / "build", "unit": UNIT, "year": YEAR, "report": REPORT, **options}
    return Job(root=root, **given)


@cache
def drafted() -> Outcome:
    """Return the report as far as its Document."""
    return draft(job(), SourceFiles(ROOT))


def copied(target: Path) -> Path:
    """Return a copy of what the report is made of, at `target`."""
    for part in (f"data/{UNIT}", f"templates/{UNIT}", "templates/shared"):
        shutil.copytree(ROOT / part, target / part)
    return target


def replaced(root: Path, path: str, old: str, new: str) -> None:
    """Put `new` for `old`, which stands in the file exactly once."""
    text = (root / path).read_text("utf-8")
    assert text.count(old) == 1, f"{path} holds {old!r} {text.count(old)} times"
    (root / path).write_text(text.replace(old, new), "utf-8")


def built(root: Path, **options: Any) -> Outcome:
    """Return the outcome of a build that must not fail."""
    outcome = build(job(root, **options))
    assert not outcome.failed, [each for each in outcome.findings if each.severity == "error"]
    return outcome


def files(outcome: Outcome) -> dict[str, bytes]:
    """Return what stands in the outcome's folder, by name."""
    return {path.name: path.read_bytes() for path in sorted(outcome.job.folder.iterdir())}


def figures(data: bytes) -> dict[str, dict[str, Any]]:
    """Return the rows of a figures.json by key."""
    return {row["key"]: row for row in json.loads(data)}
