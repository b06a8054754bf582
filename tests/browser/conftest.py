"""A headless Chromium and a running preview; without them the tests are skipped and say why.

Where REPORTGEN_BROWSER is `required`, as in CI, nothing is skipped: what is missing fails.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


def lacking(what: str) -> None:
    """Skip for want of `what`, or fail where the browser is required."""
    if os.environ.get("REPORTGEN_BROWSER") == "required":
        pytest.fail(f"{what} is missing, and REPORTGEN_BROWSER=required")
    pytest.skip(f"{what} is missing: pip install 'reportgen[browser]', and a chromium on PATH")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Return a browser, one for all tests of a process."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    try:
        from axe_playwright_python.sync_playwright import Axe  # noqa: F401
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        lacking(str(error.name))
    if program is None:
        lacking("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """Return a page of its own; a fault of a script on it fails the test."""
    faults: list[str] = []
    context = chromium.new_context(viewport={"width": 1200, "height": 800}, locale="zh-CN")
    made = context.new_page()
    made.on("pageerror", lambda error: faults.append(str(error)))
    yield made
    context.close()
    assert faults == []


@dataclass
class Server:
    """A preview that runs in a process of its own, over a copy of the project."""

    root: Path
    url: str
    process: subprocess.Popen[str]

    def replace(self, path: str, old: str, new: str) -> None:
        """Put `new` for `old`, which stands in the file exactly once."""
        text = (self.root / path).read_text("utf-8")
        assert text.count(old) == 1, f"{path} holds {old!r} {text.count(old)} times"
        (self.root / path).write_text(text.replace(old, new), "utf-8")


@contextmanager
def running(root: Path) -> Iterator[Server]:
    """Hold a preview over a copy of the project at `root`."""
    for part in ("data", "templates"):
        shutil.copytree(ROOT / part, root / part)
    command = [sys.executable, "-m", "reportgen.cli", "preview", "--root", str(root)]
    process = subprocess.Popen(
        [*command, "--port", "0", "--lang", "zh"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert process.stdout is not None
    address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
    assert address is not None
    try:
        yield Server(root, address[0], process)
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def server(chromium: Any, tmp_path: Path) -> Iterator[Server]:
    """Return a preview whose files a test may change."""
    with running(tmp_path / "project") as made:
        yield made


@pytest.fixture(scope="module")
def still(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a preview whose files nobody changes."""
    with running(tmp_path_factory.mktemp("still") / "project") as made:
        yield made


@pytest.fixture(scope="module")
def wrong(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a preview with findings, whose files nobody changes any more."""
    with running(tmp_path_factory.mktemp("wrong") / "project") as made:
        made.replace("data/huaihua/2023/funds.yaml", "outturn: 17.89}", "outturn: 18.89}")
        yield made.url
