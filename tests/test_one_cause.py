"""One cause, one finding: each kind of thing that breaks, in each of the six reports.

A row spoils one thing of a copy of the real data and says how many findings are told of it at
most. All of them stay in the log, and so in JSON and under `-v`.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import pytest

from real_report import ROOT
from reportgen.findings import Diagnostics, Finding, in_order, one_per_cause
from reportgen.flow.job import Job
from reportgen.flow.steps import draft
from reportgen.project.source_files import SourceFiles
from small_project import reportgen

REPORTS = (
    ("huaihua", 2023, "department"),
    ("huaihua", 2022, "special-fund"),
    ("yiyang", 2022, "special-fund"),
    ("yongzhou", 2020, "department"),
    ("yueyang", 2021, "department"),
    ("yueyang", 2021, "emergency-supplies"),
)
Report = tuple[str, int, str]
Spoil = Callable[[str], str | None]
"""What becomes of the text of a file; None removes it."""

POLICY = """disclosure:
  {kind}:
    - key: {key}
      reason: 试
      basis: 《中华人民共和国政府信息公开条例》第十五条
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """Return a copy of all data and packs; what a test spoils it mends."""
    root = tmp_path_factory.mktemp("causes")
    for part in ("data", "templates"):
        shutil.copytree(ROOT / part, root / part)
    return root


def findings(root: Path, report: Report, audience: str = "internal") -> tuple[Finding, ...]:
    """Return the findings of a draft that are no notes."""
    job = Job(root, root / "build", *report, audience, ("html",))
    log = Diagnostics()
    draft(job, SourceFiles(root), log)
    return tuple(each for each in in_order(job.graded(log)) if each.severity != "note")


@contextmanager
def spoilt(path: Path, spoil: Spoil) -> Iterator[None]:
    """Let a file be as `spoil` makes it; a file that there was not is removed again."""
    before = path.read_bytes() if path.exists() else None
    text = spoil((before or b"").decode())
    try:
        if text is None:
            path.unlink()
        else:
            path.write_text(text, "utf-8")
        yield
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)


def data_files(report: Report) -> list[str]:
    """Return the data files of a report: of its year, then its own."""
    unit, year, name = report
    home = ROOT / "data" / unit / str(year)
    paths = [*sorted(home.glob("*.yaml")), *sorted((home / name).glob("*.yaml"))]
    return [path.relative_to(ROOT).as_posix() for path in paths if path.name != "report.yaml"]


def pack_of(report: Report) -> str:
    unit, year, name = report
    text = (ROOT / "data" / unit / str(year) / name / "report.yaml").read_text("utf-8")
    (pack,) = re.findall(r"^pack: *(\S+)", text, re.MULTILINE)
    return f"templates/{pack}"


def told(root: Path, report: Report, path: str, spoil: Spoil, audience: str = "internal") -> int:
    """Return of how many causes findings are told when `path` is spoilt; at least of one."""
    with spoilt(root / path, spoil):
        found = findings(root, report, audience)
    return len(one_per_cause(found))


def first(pattern: str, change: Callable[[re.Match[str]], str]) -> Spoil:
    """Return what changes the first match of `pattern` in a text."""
    return lambda text: re.sub(pattern, change, text, count=1, flags=re.MULTILINE)


def conflict(text: str) -> str:
    lines = text.split("\n")
    at = len(lines) // 2
    marked = ["<<<<<<< HEAD", lines[at], "=======", lines[at], ">>>>>>> other"]
    return "\n".join([*lines[:at], *marked, *lines[at + 1 :]])


def yuan(match: re.Match[str]) -> str:
    """Return an amount in 万元 as one in 元."""
    return f"{match[1]}{match[2]}00"


FILES = [(report, path) for report in REPORTS for path in data_files(report)]
SPOILS: dict[str, tuple[Spoil, int]] = {
    "gone": (lambda _: None, 5),
    "a key misspelt": (first(r"^(\w+):", lambda match: f"{match[1]}x:"), 4),
    "a conflict": (conflict, 1),
    "a row less": (first(r"^  - \{id: \w+, .*\n", lambda _: ""), 3),
    "a row of another id": (first(r"^(  - \{id: \w+),", lambda match: f"{match[1]}x,"), 3),
    "another unit": (first(r"(?<=\d)万元(?=[,}\s])", lambda _: "元"), 5),
    "ten thousand times": (
        first(
            r"((?:outturn|budget): )(\d+)\.(\d\d)",
            lambda match: f"{match[1]}{match[2]}{match[3]}00",
        ),
        5,
    ),
}


def spoilable() -> Iterator[tuple[Report, str, str]]:
    """Yield each data file with each kind of fault that it can have."""
    for (report, path), kind in product(FILES[::2], SPOILS):
        text = (ROOT / path).read_text("utf-8")
        if SPOILS[kind][0](text) != text:
            yield report, path, kind


@pytest.mark.parametrize(("report", "path", "kind"), list(spoilable()))
def test_what_breaks_in_a_data_file_is_told_once(root, report, path, kind):
    spoil, most = SPOILS[kind]
    assert told(root, report, path, spoil) <= most


PACKS: dict[str, tuple[str, Spoil, int]] = {
    "a metric of another name": (
        "metrics.yaml",
        first(r"^  ([\w.]+):", lambda m: f"  {m[1]}x:"),
        4,
    ),
    "a name of a formula": ("metrics.yaml", first(r"(formula: \w+)", lambda m: f"{m[1]}x"), 2),
    "a name of a claim": ("relations.yaml", first(r"(claim: \w+)", lambda m: f"{m[1]}x"), 2),
    "metrics gone": ("metrics.yaml", lambda _: None, 5),
    "relations gone": ("relations.yaml", lambda _: None, 5),
    "a required key": ("pack.yaml", first(r"(requires:\n  - [\w.]+)", lambda m: f"{m[1]}x"), 2),
}


@pytest.mark.parametrize("kind", PACKS)
@pytest.mark.parametrize("report", REPORTS, ids=str)
def test_what_breaks_in_a_pack_is_told_once(root, report, kind):
    name, spoil, most = PACKS[kind]
    assert told(root, report, f"{pack_of(report)}/{name}", spoil) <= most


@pytest.mark.parametrize("report", REPORTS, ids=str)
def test_a_column_renamed_in_a_form_is_told_once(root, report):
    for form in sorted((ROOT / pack_of(report) / "forms").glob("*.html")):
        path = form.relative_to(ROOT).as_posix()
        spoil = first(r"(<th[^>]*>)([^<]+)", lambda match: f"{match[1]}改{match[2]}")
        assert told(root, report, path, spoil) <= 2


REPORT_YAML: dict[str, tuple[Spoil, int]] = {
    "a waiver of nothing": (first(r"(subject: \S+)", lambda match: f"{match[1]}x"), 2),
    "a waiver of no code": (first(r"code: \S+", lambda _: "code: R999"), 2),
    "another pack": (first(r"^pack: .*", lambda _: "pack: no/such-pack"), 1),
    "a date that is none": (first(r"^date: .*", lambda _: "date: 2024-13-01"), 1),
}


@pytest.mark.parametrize("kind", REPORT_YAML)
@pytest.mark.parametrize("report", REPORTS, ids=str)
def test_what_breaks_in_a_report_is_told_once(root, report, kind):
    unit, year, name = report
    spoil, most = REPORT_YAML[kind]
    assert told(root, report, f"data/{unit}/{year}/{name}/report.yaml", spoil) <= most


SECRETS = (
    (REPORTS[0], "withhold", "economic.union.outturn", 2),
    (REPORTS[0], "mask", "points.output", 2),
    (REPORTS[0], "withhold", "operating.utilities_travel", 1),
    (REPORTS[2], "mask", "ratings.maker_winners.points", 1),
    (REPORTS[3], "withhold", "funds.incentive", 1),
    (REPORTS[4], "withhold", "ratings.ecological.points", 3),
    (REPORTS[5], "mask", "ratings.cost", 3),
)


@pytest.mark.parametrize(("report", "kind", "key", "most"), SECRETS)
def test_what_follows_from_one_secret_is_told_once(root, report, kind, key, most):
    unit, year, name = report
    policy = POLICY.format(kind=kind, key=key)
    if kind == "mask":
        policy = policy.replace("      reason", "      shown: 若干\n      reason")
    path = f"data/{unit}/{year}/{name}/disclosure.yaml"
    assert 1 <= told(root, report, path, lambda _: policy, "public") <= most


def test_two_causes_are_told_as_two(root):
    report = REPORTS[0]
    path = "data/huaihua/2023/economic.yaml"

    def spoil(text: str) -> str:
        return text.replace("1180.74", "1810.74").replace("8.45}", "84.5}")

    with spoilt(root / path, spoil):
        found = one_per_cause(findings(root, report))
    causes = {each.cause for each in found}
    assert {"value economic.pay.outturn", "value economic.welfare.outturn"} <= causes


def test_all_that_is_told_as_one_is_in_json_and_listed_by_v(root):
    report = REPORTS[0]
    of_report = ("check", "--root", root, "--unit", report[0], "--year", report[1])
    with spoilt(root / "data/huaihua/2023/economic.yaml", lambda _: None):
        every = reportgen(*of_report, "--output-format", "json").findings
        short = reportgen(*of_report, "--lang", "en")
        whole = reportgen(*of_report, "--lang", "en", "-v")
    confirmed = [each for each in every if each["code"] == "R502"]
    assert len(confirmed) > 10
    assert {each["cause"] for each in confirmed} == {confirmed[0]["cause"]}
    assert short.out.count("error[R502]") < 5 < whole.out.count("error[R502]")
    assert len(confirmed) == whole.out.count("error[R502]")
    assert "more of the same cause" in short.out
    assert "more of the same cause" not in whole.out.rpartition("\n\n")[0]
