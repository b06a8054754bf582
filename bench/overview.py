"""The part about overviews: what it takes to compare thousands of reports that were built.

To build them takes hours. So one report of each pack and year of a made-up province is built, and
its build is written again for each other unit of the pack, with the hashes of that one's own facts
and with a score and a rate of its own, as if it had been built. Of the page Chromium tells how long
a reader waits for rows that are sorted or chosen, asked of a page at rest: until they are painted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any, NamedTuple

from bench.made_up_facts import Unit
from bench.plan import QUICK, Plan
from bench.province import YEARS, unit_of, write_province
from bench.searches import PATIENCE, chromium
from bench.tables import Section, Target, duration
from reportgen.features.overview.collecting import ExpectedReports, Wanted, collected
from reportgen.features.overview.page import as_page
from reportgen.features.overview.peers import compared
from reportgen.features.overview.tables import as_csv, as_json, tables
from reportgen.features.overview.workbook import as_workbook
from reportgen.findings import Diagnostics
from reportgen.flow.job import Job
from reportgen.flow.pipeline import build
from reportgen.flow.publish import MANIFEST
from reportgen.project.layout import ReportId

UNITS = {"quick": 20, "full": 1_000}
WANTED = 20.0
"""Seconds of the processor for 3,000 reports and all that is written, but for changed facts."""


WAIT = 0.2
"""Seconds until a reader sees the rows of a page as they were asked for."""
TIMES = 5
"""How often a page is opened anew and asked for everything."""
ASKED = {
    "sort by score, first": ("sort", "得分"),
    "sort by score, the other way": ("sort", "得分"),
    "sort by unit": ("sort", "单位"),
    "choose a year": ("year", "2022"),
    "choose all years": ("year", ""),
    "type a text": ("text", "财政局"),
}
ASK = """async ([name, value]) => {
  const form = document.querySelector("#reports form");
  const painted = () => new Promise(done => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    channel.port2.postMessage(0);
  }));
  const heads = [...document.querySelectorAll("#table thead button")];
  await new Promise(done => setTimeout(done, 200));
  await painted();
  const start = performance.now();
  if (name === "sort") heads.find(each => each.textContent === value).click();
  else {
    form.elements[name].value = value;
    form.dispatchEvent(new Event("input"));
  }
  await painted();
  return performance.now() - start;
}"""


class Measured(NamedTuple):
    """Seconds by what was done, of how many reports, and those that readers of the page wait."""

    reports: int
    taken: Mapping[str, float]
    waited: Mapping[str, Sequence[float]]


def measured(plan: Plan, say: Callable[[str], None]) -> Measured:
    """Measure; `say` hears what comes next."""
    units = UNITS["quick" if plan.processes == QUICK.processes else "full"]
    with TemporaryDirectory() as folder:
        root = Path(folder)
        say(f"{units} units are made up")
        write_province(root, units)
        say("their builds are written")
        reports = write_builds(root, units)
        say(f"an overview of {len(reports)} reports")
        page = root / "overview.html"
        taken = _taken(root, reports, page)
        say("its page in Chromium")
        return Measured(len(reports), taken, _waited(page))


def _waited(path: Path) -> Mapping[str, Sequence[float]]:
    """Return how long readers of a page wait for what they ask for; nothing without Chromium."""
    waited: dict[str, list[float]] = {each: [] for each in ASKED}
    with chromium() as browser:
        if browser is None:
            return {}
        for _ in range(TIMES):
            page = browser.new_page(viewport={"width": 1200, "height": 800})
            page.goto(path.as_uri(), timeout=PATIENCE)
            for what, asked in ASKED.items():
                waited[what].append(page.evaluate(ASK, list(asked)) / 1000)
            page.close()
    return waited


def _taken(root: Path, reports: Sequence[ReportId], page: Path) -> dict[str, float]:
    """Return the seconds of the processor for each thing that is done with reports.

    The page is left at `page`.
    """
    taken: dict[str, float] = {}
    manifests = sorted((root / "build").glob(f"*/*/*/{MANIFEST}"))
    taken["read the manifests as JSON"] = _seconds(lambda: [*map(_parsed, manifests)])
    log = Diagnostics()
    rows: list[Any] = []
    made: list[Any] = []

    def collect() -> None:
        rows.extend(collected([root / "build"], [], Wanted(), log))

    taken["collect the rows"] = _seconds(collect)
    taken["compare them"] = _seconds(lambda: made.append(compared("internal", rows)))
    taken["write all tables as CSV"] = _seconds(
        lambda: [*map(as_csv, tables(made[0], "zh").values())]
    )
    taken["write JSON"] = _seconds(lambda: as_json(made[0], log, "zh"))
    taken["write the page"] = _seconds(lambda: page.write_bytes(as_page(made[0], "zh", "../")))
    taken["write the workbook"] = _seconds(lambda: as_workbook(made[0], "zh"))
    expected = [ExpectedReports(root, frozenset(reports))]
    looked = _seconds(lambda: collected([root / "build"], expected, Wanted(), log))
    taken["look for facts that changed"] = looked - taken["collect the rows"]
    return taken


def _seconds(do: Callable[[], object]) -> float:
    started = process_time()
    do()
    return process_time() - started


def _parsed(path: Path) -> object:
    return json.loads(path.read_bytes())


def sections(found: Measured) -> list[Section]:
    """Return the tables of what was measured."""
    rows = [(what, f"{seconds:.2f}") for what, seconds in found.taken.items()]
    waits = [
        (what, duration(median(each)), duration(max(each))) for what, each in found.waited.items()
    ]
    return [
        Section(f"Overview of {found.reports} reports", ("what", "CPU s"), rows),
        Section("Its page, in Chromium", ("asked", "median", "longest"), waits),
    ]


def targets(found: Measured) -> list[Target]:
    """Return whether an overview takes the time that is wanted, and its page."""
    whole = sum(found.taken.values()) - found.taken["look for facts that changed"]
    most = WANTED * found.reports / 3_000
    slowest = max(map(median, found.waited.values()), default=None)
    return [
        Target(f"an overview <= {most:.1f} s", f"{whole:.2f} s", whole <= most),
        Target(
            f"rows sorted or chosen within {duration(WAIT)}",
            "no Chromium" if slowest is None else duration(slowest),
            None if slowest is None else slowest <= WAIT,
        ),
    ]


# Builds that nobody made


def write_builds(root: Path, units: int) -> list[ReportId]:
    """Write the builds of a province of so many units, as if all had been built for those inside.

    Returns its reports.
    """
    samples: dict[tuple[str, int], tuple[ReportId, str, Mapping[str, Any]]] = {}
    reports: list[ReportId] = []
    for number in range(units):
        unit = unit_of(number)
        for year in YEARS:
            report = ReportId(unit.folder, year, unit.report)
            reports.append(report)
            sample = samples.get((unit.texts, year))
            if sample is None:
                samples[unit.texts, year] = (report, _name(unit), _built(root, report))
            else:
                like, name, entry = sample
                text = json.dumps(entry, ensure_ascii=False).replace(name, _name(unit))
                _write_like(root, report, like, json.loads(text))
    return reports


def _name(unit: Unit) -> str:
    """Return what titles call a unit: 云阳市教育."""
    return unit.city + unit.field


def _built(root: Path, report: ReportId) -> Mapping[str, Any]:
    """Build a report and return its entry in the manifest."""
    where = (report.unit, report.year, report.report)
    job = Job(root, root / "build", *where, formats=("html",))
    made = build(job)
    assert made.files, made.findings
    entry: Mapping[str, Any] = _parsed(job.folder / MANIFEST)[report.report]  # type: ignore[index]
    return entry


def _write_like(root: Path, report: ReportId, sample: ReportId, entry: Mapping[str, Any]) -> None:
    """Write the build of a report as that of another one would be, of its own facts."""
    own = {**entry, "inputs": {}}
    for read in entry["inputs"]:
        path = _renamed(read, sample, report)
        if (root / path).is_file():
            own["inputs"][path] = hashlib.sha256((root / path).read_bytes()).hexdigest()
    own["folders"] = {_renamed(p, sample, report): h for p, h in entry["folders"].items()}
    own["absent"] = sorted(_renamed(path, sample, report) for path in entry["absent"])
    _draw(own["overview"], Random(str(report)))
    folder = root / "build" / str(report.year) / report.unit / "internal"
    folder.mkdir(parents=True)
    for name in entry["outputs"]:
        (folder / name).write_bytes(b"")
    text = json.dumps({report.report: own}, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text, "utf-8")


def _renamed(path: str, sample: ReportId, report: ReportId) -> str:
    """Return the path of a file of a report by that of the sample of its year."""
    beginning = f"data/{sample.unit}"
    rest = path.removeprefix(beginning)
    return path if rest == path else f"data/{report.unit}{rest}"


def _draw(overview: dict[str, Any], chance: Random) -> None:
    """Give a report a score, a rate and findings of its own."""
    for part in overview["internal"]["parts"]:
        for item, unit in (("score", "分"), ("execution_rate", "%")):
            if item in part:
                number = f"{chance.randint(6_000, 10_000) / 100:.2f}"
                part[item] = {"text": number + unit, "value": number, "unit": unit}
    overview["findings"] = [["R302", "warning", chance.randint(1, 5)], ["R306", "note", 1]]
