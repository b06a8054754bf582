"""The command that builds reports: build."""

from __future__ import annotations

from pathlib import Path

from reportgen.cli.batch import Execution, Shown, listed_tasks, run_tasks, tasks_for
from reportgen.cli.options import Lang, OutputFormat, Reader, chosen_formats
from reportgen.cli.output import builds_folder, cache_folder, selected_reports
from reportgen.features.batch.tasks import build_report
from reportgen.findings import Diagnostics
from reportgen.flow.job import Job
from reportgen.model.edition import Comments


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
    jobs: int,
    scheduler: str,
    shared: bool,
    repository: str,
    repositories: Path | None,
    output_format: OutputFormat,
    verbose: bool,
) -> None:
    """Build the reports asked for; nothing is replaced unless all is right."""
    names = chosen_formats(formats)
    target = out or builds_folder(root, repositories)
    explained: Comments = "all" if comments_all else comments
    where = (root, target, "", 0, "")
    pattern = Job(
        *where, audience.value, names, explained, strict, final=final, cache=cache_folder()
    )
    shown, log = Shown(lang, output_format, verbose), Diagnostics()
    if repositories is not None:
        tasks = listed_tasks(pattern, repositories, (unit, year, report), log, force=force)
    else:
        reports = selected_reports(root, unit, year, report, lang, output_format)
        tasks = tasks_for(pattern, reports, force=force)
    execution = Execution(jobs, scheduler, shared, repository)
    run_tasks(build_report, tasks, execution, shown, log)
