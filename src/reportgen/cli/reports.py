"""The commands that look at reports and write nothing: check, list."""

from __future__ import annotations

import sys
from pathlib import Path

from reportgen.check.facts import confirmed_facts
from reportgen.cli.batch import Execution, Shown, listed_tasks, run_tasks, tasks_for
from reportgen.cli.options import Lang, OutputFormat, Reader
from reportgen.cli.output import (
    drafted,
    drafting_job,
    selected_reports,
)
from reportgen.features.batch.tasks import check_report
from reportgen.findings import Diagnostics
from reportgen.findings.excerpt import aligned, clean
from reportgen.findings.renderers import summary
from reportgen.flow.staged import Derived, Draft
from reportgen.project.layout import ReportId

_HEADS = {
    "zh": ("报告", "模板包", "名称", "状态"),
    "en": ("report", "pack", "title", "state"),
}
_CONFIRMED = {"zh": "已确认 {count}/{total}", "en": "confirmed {count}/{total}"}
_AND = {"zh": "，", "en": ", "}


def check_reports(
    lang: Lang,
    root: Path,
    year: int | None,
    unit: str | None,
    report: str | None,
    audience: Reader,
    strict: bool,
    final: bool,
    jobs: int,
    scheduler: str,
    shared: bool,
    repository: str,
    repositories: Path | None,
    output_format: OutputFormat,
    verbose: bool,
) -> None:
    """Draft the reports asked for and print their findings, writing no file."""
    shown, log = Shown(lang, output_format, verbose), Diagnostics()
    everything = ReportId("", 0, "")
    pattern = drafting_job(root, everything, audience.value, strict=strict, final=final)
    if repositories is not None:
        tasks = listed_tasks(pattern, repositories, (unit, year, report), log)
    else:
        reports = selected_reports(root, unit, year, report, lang, output_format)
        tasks = tasks_for(pattern, reports)
    execution = Execution(jobs, scheduler, shared, repository)
    run_tasks(check_report, tasks, execution, shown, log, building=False)


def list_reports(lang: Lang, root: Path, year: int | None, unit: str | None) -> None:
    """Print a line a report: columns with heads on a terminal, tabs between in a pipe."""
    rows = []
    for report in selected_reports(root, unit, year, None, lang, OutputFormat.concise):
        job, log = drafting_job(root, report), Diagnostics()
        state = drafted(job, log)
        findings = job.graded(log)
        pack, title = _pack_and_title(state)
        states = (summary(findings, lang.value), _confirmed(state, lang))
        rows.append((str(report), pack, title, _AND[lang.value].join(filter(None, states))))
    if sys.stdout.isatty():
        lines = aligned([_HEADS[lang.value], *rows])
    else:
        lines = list(map("\t".join, rows))
    print("\n".join(lines))


def _confirmed(state: Draft | Derived | None, lang: Lang) -> str:
    """Return how many of the typed numbers are confirmed, nothing where none ever was."""
    derived = state.derived if isinstance(state, Draft) else state
    if derived is None:
        return ""
    facts = confirmed_facts(derived.ledger, derived.inputs.confirmations)
    return _CONFIRMED[lang.value].format(count=facts.count, total=facts.total) if facts else ""


def _pack_and_title(state: Draft | Derived | None) -> tuple[str, str]:
    """Return the pack of a report and the title of its document, as far as they are known."""
    match state:
        case Draft():
            return state.derived.inputs.pack.folder, clean(state.document.name)
        case Derived():
            return state.inputs.pack.folder, "—"
    return "—", "—"
