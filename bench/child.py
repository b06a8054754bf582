"""One side, once, in a process of its own: `python -m bench.child SIDE ROWS`.

Prints JSON: seconds to import what it needs, seconds to make its first file, and while doing so
the seconds of all processors, which a busy machine changes little, and the most memory, in bytes.
0 rows mean the real report.
"""

from __future__ import annotations

import gc
import json
import re
import resource
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from bench.sides import side

if TYPE_CHECKING:
    from bench.samples import Sample

ROOT = Path(__file__).resolve().parent.parent


class Run(NamedTuple):
    """What a process measured of itself."""

    importing: float
    making: float
    work: float
    peak: int

    @property
    def seconds(self) -> float:
        """Return the time until the file is there."""
        return self.importing + self.making


def measure(name: str, rows: int) -> Run:
    """Return what a new process measures of the side `name` with a table of `rows` rows."""
    return Run(**run_json("bench.child", name, str(rows)))


def run_json(module: str, *words: str) -> dict[str, Any]:
    """Run a module of the bench and return the JSON that it prints."""
    command = [sys.executable, "-m", module, *words]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main(name: str, rows: int) -> None:
    """Measure and print."""
    started = perf_counter()
    maker = side(name)
    importing = perf_counter() - started
    given = maker.prepare(_sample(rows))
    gc.collect()
    _forget_peak()
    worked, started = work(), perf_counter()
    maker.make(given)
    making = perf_counter() - started
    run = Run(importing, making, work() - worked, peak_memory())
    print(json.dumps(run._asdict()))


def _sample(rows: int) -> Sample:
    """Return the sample; its imports come after those that are timed."""
    if rows:
        from bench.samples import table_sample  # noqa: PLC0415

        return table_sample(rows)
    from bench.real import report_sample  # noqa: PLC0415

    return report_sample()


def work() -> float:
    """Return the seconds of processors that this process has used, and those that it ran."""
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def _forget_peak() -> None:
    """Let the peak of memory begin anew, where the system can do that."""
    try:
        Path("/proc/self/clear_refs").write_text("5", "ascii")
    except OSError:
        return


def peak_memory() -> int:
    """Return the peak of this process or of the largest that it ran, in bytes.

    The peak that `resource` knows of this process includes that of the one it came from.
    """
    ran = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    try:
        status = Path("/proc/self/status").read_text("ascii")
    except OSError:
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return max(own, ran) * (1 if sys.platform == "darwin" else 1024)
    found = re.search(r"VmHWM:\s*(\d+)", status)
    return max(int(found[1]) if found else 0, ran) * 1024


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
