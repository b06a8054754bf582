"""The site of the shipped reports' public versions, one of them corrected, made once a test run."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from html import unescape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NARRATIVE = "data/huaihua/2023/department/narrative/problems.md"
ADDED = "三是绩效资料归集不够及时。"
BLOCK = re.compile(r"</?(?:h[1-6]|p|table|tr|t[hd]|caption|div|thead|tbody)\b[^>]*>")
TAG = re.compile(r"<[^>]*>")
BETWEEN = re.compile(r"[ \t\r\u3000\"'“”‘’()<>\[\]〈〉《》「」『』【】〔〕]+")


def made_site(shared: Path) -> Path:
    """Return the folder of the site, made by whichever process comes first."""
    project = shared / "site-project"
    with (shared / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (project / "done").exists():
            _make(project)
            (project / "done").touch()
    return project / "site"


def _make(project: Path) -> None:
    for part in ("data", "templates"):
        shutil.copytree(ROOT / part, project / part)
    build = ("build", "--audience", "public", "--format", "html")
    _run(project, *build, "--jobs", "2")
    _run(project, "site")
    narrative = project / NARRATIVE
    narrative.write_text(narrative.read_text("utf-8").rstrip("\n") + ADDED + "\n", "utf-8")
    _run(project, *build, "--unit", "huaihua", "--year", "2023")
    _run(project, "site")


def _run(project: Path, command: str, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "reportgen.cli", command, "--root", ".", *words],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def texts(site: Path) -> dict[str, list[str]]:
    """Return the cells and paragraphs of each report's current text, by its address."""
    found = {}
    for page in sorted(site.glob("*/[0-9]*/*/index.html")):
        newest = max(page.parent.glob("v*"), key=lambda folder: int(folder.name[1:]))
        html = next(newest.glob("*.fragment.html")).read_text("utf-8").replace("\n", " ")
        html = re.sub(r"<br\b[^>]*>", " ", html)
        pieces = BLOCK.sub("\n", html).split("\n")
        lines = [unescape(TAG.sub("", piece)).strip() for piece in pieces]
        found[f"{page.parent.relative_to(site).as_posix()}/"] = [line for line in lines if line]
    return found


def plain(text: str) -> str:
    """Return a text in one form with nothing between its words, by other means than the search."""
    return BETWEEN.sub("", unicodedata.normalize("NFKC", text.replace("，", "。")).lower())
