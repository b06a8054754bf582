"""The commands that look at reports and write nothing: check, list, todo."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path

import typer

from reportgen.check.facts import confirmed_facts
from reportgen.cli.batch import Execution, Shown, listed_tasks, run_tasks, tasks_for
from reportgen.cli.options import Lang, OutputFormat, Reader
from reportgen.cli.output import (
    drafted,
    drafting_job,
    print_findings,
    selected_reports,
)
from reportgen.features.batch.tasks import check_report
from reportgen.findings import Diagnostics
from reportgen.findings.codes import LABELS
from reportgen.findings.excerpt import aligned, clean
from reportgen.findings.renderers import summary
from reportgen.flow.open_tasks import OpenTask, TaskKind, counted, of_offices, open_tasks
from reportgen.flow.staged import Derived, Draft
from reportgen.flow.steps import derive_report
from reportgen.load.inputs import load
from reportgen.project.layout import ReportId
from reportgen.project.source_files import SourceFiles

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


# What is still to be done

_KINDS: Mapping[TaskKind, Mapping[str, str]] = {
    "fill": {"zh": "待填", "en": "to fill in"},
    "confirm": {"zh": "待确认", "en": "to confirm"},
    "evidence": {"zh": "没有依据", "en": "without evidence"},
}
_LINES = {"zh": "{count} 行：第 {lines} 行", "en": "{count} lines: {lines}"}
_NOBODY = {"zh": "没有分工", "en": "nobody's"}
_ALL = {"zh": "共", "en": "all"}
_NOTHING = {"zh": "没有了", "en": "nothing left"}
_BETWEEN = {"zh": "，", "en": ", "}
_LAST = {"zh": "（上年 {past}）", "en": " (last year {past})"}


def list_open(
    lang: Lang,
    root: Path,
    year: int | None,
    unit: str | None,
    report: str | None,
    office: str,
    output_format: OutputFormat,
) -> None:
    """Print what is still to be done for the reports asked for, by office; each place once."""
    tasks: dict[tuple[TaskKind, str, int, str], OpenTask] = {}
    for report_id in selected_reports(root, unit, year, report, lang, output_format):
        for task in _tasks(root, report_id, lang, output_format):
            tasks[task.kind, task.path, task.span.line, task.key] = task
    chosen = [task for task in tasks.values() if office in {"", task.office}]
    if output_format is OutputFormat.json:
        print(json.dumps([*map(_as_data, chosen)], ensure_ascii=False, indent=1))
    else:
        print("\n".join(_listing(chosen, lang.value)))


def _tasks(
    root: Path, report: ReportId, lang: Lang, output_format: OutputFormat
) -> tuple[OpenTask, ...]:
    """Return what is to be done for a report; exits with 1 and why where it cannot be read."""
    files, log = SourceFiles(root), Diagnostics()
    inputs = load(files, report.unit, report.year, report.report, log)
    if inputs is None:
        print_findings(log, lang, output_format, root, verbose=False, title=str(report))
        raise typer.Exit(1)
    job = drafting_job(root, report)
    return open_tasks(derive_report(job, inputs, Diagnostics()), files)


def _as_data(task: OpenTask) -> dict[str, object]:
    """Return a task as one of JSON's objects."""
    return {
        "kind": task.kind,
        "office": task.office,
        "path": task.path,
        "line": task.span.line,
        "column": task.span.column,
        "count": task.count,
        "lines": task.lines,
        "key": task.key,
        "title": task.title,
        "what": dict(task.what),
    }


def _listing(tasks: Iterable[OpenTask], lang: str) -> Iterator[str]:
    """Yield the lines of a list: each office with what it has to do, then how much that is."""
    groups = of_offices(tasks)
    for office, own in groups.items():
        if len(groups) > 1 or office:
            yield f"{clean(office) or _NOBODY[lang]}  {_counts(own, lang)}"
        yield from (_line(task, lang) for task in own)
        yield ""
    every = chain.from_iterable(groups.values())
    yield f"{_ALL[lang]}  {_counts(every, lang)}"


def _counts(tasks: Iterable[OpenTask], lang: str) -> str:
    """Return how many places there are of each kind, or that nothing is left."""
    counts = [(kind, count) for kind, count in counted(tasks).items() if count]
    words = [f"{_KINDS[kind][lang]} {count}" for kind, count in counts]
    return _BETWEEN[lang].join(words) or _NOTHING[lang]


def _line(task: OpenTask, lang: str) -> str:
    """Return a task in one line that editors can jump from."""
    return clean(f"{task.span}: {_KINDS[task.kind][lang]} {_said(task, lang)}")


def _said(task: OpenTask, lang: str) -> str:
    """Return the title of a blank and what to type, or the lines that are meant."""
    if not task.key:
        return _LINES[lang].format(count=task.count, lines=task.lines)
    return f"{task.title}（{task.key}）：{_what_to_type(task.what, lang)}"


def _what_to_type(what: Mapping[str, str], lang: str) -> str:
    """Return what is to be typed for a blank, with last year's value as an example."""
    label = dict(LABELS[what["what"]])
    past = _LAST[lang].format(**what) if what["past"] else ""
    return f"{label[lang].format(**what)}{past}"  # type: ignore[index]
