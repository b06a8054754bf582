"""The command that builds reports: build."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from reportgen.cli.options import Lang, OutputFormat, Reader, chosen_formats
from reportgen.cli.output import (
    cache_folder,
    finish,
    print_findings,
    print_results,
    progress,
    selected_reports,
)
from reportgen.findings import Finding
from reportgen.flow.job import Job
from reportgen.flow.pipeline import build
from reportgen.flow.staged import Build
from reportgen.model.edition import Comments
from reportgen.project.layout import ReportId


def build_reports(
    lang: Lang,
    root: Path,
    out: Path | None,
    year: int | None,
    unit: str | None,
    report: str | None,
    audience: Reader,
    formats: str,
    comments: bool,
    comments_all: bool,
    strict: bool,
    final: bool,
    force: bool,
    output_format: OutputFormat,
    verbose: bool,
) -> None:
    """Build the reports asked for; nothing is replaced unless all is right."""
    names = chosen_formats(formats)
    target = out or root / "build"
    explained: Comments = "all" if comments_all else comments
    where = (root, target, "", 0, "")
    pattern = Job(
        *where, audience.value, names, explained, strict, final=final, cache=cache_folder()
    )
    reports = selected_reports(root, unit, year, report, lang, output_format)
    findings: list[Finding] = []
    for report_id in reports:
        job = job_of(pattern, report_id)
        findings += built(job, lang, output_format, verbose=verbose, force=force).findings
    finish(findings, lang, output_format)


def job_of(pattern: Job, report: ReportId) -> Job:
    """Return the job that is as `pattern`, for `report`."""
    return replace(pattern, unit=report.unit, year=report.year, report=report.report)


def built(
    job: Job, lang: Lang, output_format: OutputFormat, *, verbose: bool, force: bool
) -> Build:
    """Build a report; print its findings, how long it took, and where the files are."""
    started = time.perf_counter()
    name = f"{job.unit}/{job.year}/{job.report}"
    with progress(name):
        result = build(job, force=force)
    title = f"{name}  {time.perf_counter() - started:.2f} s"
    if not result.up_to_date:
        print_findings(result.findings, lang, output_format, job.root, verbose=verbose, title=title)
    elif output_format is not OutputFormat.json:
        print(title)
    if output_format is not OutputFormat.json:
        print_results(result, lang)
    return result
