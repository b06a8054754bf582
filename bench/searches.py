"""What a reader waits for the search of a site: in Chromium, from the first question and again."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from bench.tables import Section, Target, duration
from reportgen.features.site.serving import serve
from reportgen.project.loopback import address, listen

QUESTIONS = (
    "绩效",
    "三公经费",
    "预算执行率",
    "怀财绩〔2024〕46号",
    "怀化市工业和信息化局",
    "没有的字",
)
"""A word that stands everywhere, others, a name, and what stands nowhere."""
WAIT = 1.0
"""Seconds that an answer may take at most."""
PATIENCE = 180_000
"""Milliseconds until a page that does not open is given up: a busy machine takes its time."""
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ASK = """async question => {
  document.getElementById("query").value = question;
  const start = performance.now();
  await search();
  return [performance.now() - start, results.length];
}"""
FETCHED = """() => performance.getEntriesByType("resource")
  .filter(each => each.name.endsWith(".json"))
  .reduce(([files, bytes], each) => [files + 1, bytes + each.encodedBodySize], [0, 0])"""


class Answered(NamedTuple):
    """What a question took: seconds at first and again, files and bytes fetched, reports found."""

    first: float
    again: float
    files: int
    size: int
    reports: int


@contextmanager
def chromium() -> Iterator[Any]:
    """Start Chromium and yield it; None where it, or what drives it, is not there."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None or find_spec("playwright") is None:
        yield None
        return
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - it may not be there

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*ARGUMENTS])
        yield browser
        browser.close()


def answered(site: Path) -> Mapping[str, Answered]:
    """Ask the search of a site, each question on a page of its own; nothing without Chromium."""
    with chromium() as browser:
        if browser is None:
            return {}
        listening = listen(0)
        threading.Thread(target=serve, args=(listening, site), daemon=True).start()
        return {each: _asked(browser, address(listening), each) for each in QUESTIONS}


def _asked(browser: Any, top: str, question: str) -> Answered:  # noqa: ANN401 - playwright's own
    page = browser.new_page()
    page.goto(f"{top}search/index.html", timeout=PATIENCE)
    first, reports = page.evaluate(ASK, question)
    files, size = page.evaluate(FETCHED)
    again, _ = page.evaluate(ASK, question)
    page.close()
    return Answered(first / 1000, again / 1000, files, size, reports)


def section(found: Mapping[str, Answered]) -> Section:
    """Return the table: a row a question."""
    rows = []
    for question, each in found.items():
        times = (duration(each.first), duration(each.again))
        size = f"{each.size / 1000:.0f}"
        rows.append((question, *times, f"{each.files}", size, f"{each.reports}"))
    head = ("asked", "first", "again", "files", "kB", "reports")
    return Section("The search of a site, in Chromium", head, rows)


def target(found: Mapping[str, Answered]) -> Target:
    """Return what is wanted of the slowest answer."""
    slowest = max((each.first for each in found.values()), default=None)
    said = "no Chromium" if slowest is None else duration(slowest)
    met = None if slowest is None else slowest <= WAIT
    return Target(f"search answers within {duration(WAIT)}", said, met)
