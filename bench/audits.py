"""The part about audits: files of 30 pages, a hundred files over processes, and memory.

A Word file of a built report is repeated until it has 30 pages or more, and so is its PDF.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import docx
import pikepdf

from bench.child import work
from bench.plan import QUICK, Plan
from bench.planted import built
from bench.samples import ROOT
from bench.tables import Section, Target, duration, megabytes
from reportgen.features.audit.files import AuditRequest, audit_file, audit_files
from reportgen.project.layout import every_report
from reportgen.project.source_files import SourceFiles

PAGES = 30
WANTED = {"docx": 2.0, "pdf": 5.0}
"""Seconds within which a file of so many pages is audited, once what reads it is loaded."""
FILES, FEW_FILES = 100, 16
EFFICIENCY, OVERHEAD, GROWTH = 0.8, 1.15, 1.15
"""How near to linear two processes are to be, and how much more they may do than one; how much
memory may grow while files are audited."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of processors for each format; of the clock, and of work, for one process and two.

    `memory` is what a process holds after the first files, and after all of them; `busy` says that
    others used the processors, too, so that the clock says nothing of processes.
    """

    long: dict[str, float]
    files: int
    clock: tuple[float, float]
    work: tuple[float, float]
    memory: tuple[int, int]
    busy: bool


def measured(plan: Plan, say: Callable[[str], None]) -> Measured:
    """Measure; `say` hears what comes next."""
    count = FEW_FILES if plan.report <= QUICK.report else FILES
    with TemporaryDirectory() as name:
        folder = Path(name)
        say(f"audits of {PAGES} pages")
        long = {path.suffix[1:]: _warm(path) for path in long_files(folder)}
        requests = [AuditRequest(path, path.name, "zh") for path in _many(folder, count)]
        say(f"{count} files over one process and two")
        clock, work = zip(*(_over(requests, jobs) for jobs in (1, 2)), strict=True)
        say("memory")
        with ProcessPoolExecutor(1) as executor:
            memory = executor.submit(_memory, requests).result()
    return Measured(long, count, clock, work, memory, is_busy())


def is_busy() -> bool:
    """Return whether more wants to run than there are processors, ours being two."""
    return os.getloadavg()[0] > (os.cpu_count() or 1) + 0.5


def long_files(folder: Path) -> Iterable[Path]:
    """Yield a Word file and a PDF of 30 pages or more, made of a report as built."""
    report = next(each for each in every_report(SourceFiles(ROOT)) if each.unit == "yueyang")
    files = built(folder / "build", report)
    pdf = pikepdf.open(io.BytesIO(files["pdf"].data))
    times = -(-PAGES // len(pdf.pages))
    pages = list(pdf.pages)
    for _ in range(times - 1):
        pdf.pages.extend(pages)
    pdf.save(folder / "long.pdf")
    document = docx.Document(io.BytesIO(files["docx"].data))
    body = document.element.body
    elements = list(body)[:-1]  # the last are the properties of the section
    for _ in range(times - 1):
        for element in elements:
            body.insert(len(body) - 1, deepcopy(element))
    document.save(str(folder / "long.docx"))
    yield from (folder / "long.docx", folder / "long.pdf")


def _warm(path: Path) -> float:
    """Return the seconds of processors that an audit takes at best, in all its processes."""
    return min(_seconds(path) for _ in range(3))


def _seconds(path: Path) -> float:
    started = work()
    audit_file(AuditRequest(path, path.name, "zh"))
    return work() - started


def _many(folder: Path, count: int) -> list[Path]:
    """Return so many files: those of the report as built, over and over, three Word files a PDF."""
    words = list((folder / "build").rglob("*.docx"))
    pdfs = list((folder / "build").rglob("*.pdf"))
    paths: list[Path] = []
    for number in range(count):
        source = (pdfs if number % 4 == 3 else words)[0]
        path = folder / f"{number:03}{source.suffix}"
        path.write_bytes(source.read_bytes())
        paths.append(path)
    return paths


def _over(requests: list[AuditRequest], jobs: int) -> tuple[float, float]:
    """Return how long files take over some processes, by the clock and in work of all."""
    started, worked = perf_counter(), work()
    if jobs == 1:
        with ProcessPoolExecutor(1) as executor:
            list(executor.map(audit_file, requests))
    else:
        list(audit_files(requests, jobs))
    return perf_counter() - started, work() - worked


def _memory(requests: list[AuditRequest]) -> tuple[int, int]:
    """Return the bytes that this process holds after a few of the files, and after all."""
    few = len(requests) // 4
    for request in requests[:few]:
        audit_file(request)
    first = _held()
    for request in requests[few:]:
        audit_file(request)
    return first, _held()


def _held() -> int:
    """Return the bytes of memory that this process holds now; 0 where that cannot be asked."""
    if not sys.platform.startswith("linux"):
        return 0
    pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
    return pages * 4096


def sections(found: Measured) -> tuple[Section, ...]:
    """Return the tables of times and memory."""
    times = [(form, duration(taken), duration(WANTED[form])) for form, taken in found.long.items()]
    one, two = found.clock
    rows = [
        ("1 process", duration(one), "1.00", duration(found.work[0])),
        ("2 processes", duration(two), f"{one / two:.2f}", duration(found.work[1])),
    ]
    first, last = found.memory
    held = [("after a quarter", megabytes(first)), ("after all", megabytes(last))]
    return (
        Section(f"Audit of {PAGES} pages, warm, seconds of processors", ("", "took", "≤"), times),
        Section(
            f"{found.files} files over processes", ("", "clock", "times as fast", "work"), rows
        ),
        Section("Memory of one process", ("", "held"), held),
    )


def targets(found: Measured) -> tuple[Target, ...]:
    """Return what was wanted."""
    one, two = found.clock
    efficiency = one / two / 2
    first, last = found.memory
    growth = last / first if first else None
    slow = [form for form, taken in found.long.items() if taken > WANTED[form]]
    return (
        Target("30 pages: Word ≤ 2 s, PDF ≤ 5 s", ", ".join(slow) or "both", not slow),
        Target(
            f"two processes ≥ {EFFICIENCY:.0%} of linear",
            f"{efficiency:.0%}",
            None if found.busy else efficiency >= EFFICIENCY,
        ),
        Target(
            f"two processes do ≤ {OVERHEAD:.2f}× the work of one",
            f"{found.work[1] / found.work[0]:.2f}×",
            found.work[1] <= OVERHEAD * found.work[0],
        ),
        Target(
            f"memory grows ≤ {GROWTH:.2f}×",
            f"{growth:.2f}×" if growth else "unknown",
            growth <= GROWTH if growth else None,
        ),
    )
