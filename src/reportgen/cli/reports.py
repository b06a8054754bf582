"""The commands about reports: build, check, explain, list, codes, schema."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import typer

from reportgen.cli.options import Lang, OutputFormat, Reader, chosen_formats
from reportgen.cli.output import (
    drafted,
    finish,
    print_aside,
    print_findings,
    print_results,
    progress,
    selected_reports,
)
from reportgen.features.explain import answers, near
from reportgen.findings import CODES, Finding, blocks
from reportgen.findings.excerpt import aligned, clean
from reportgen.findings.manual import codes_table, document_code
from reportgen.findings.renderers import summary
from reportgen.flow.job import Job
from reportgen.flow.pipeline import build
from reportgen.flow.staged import Build, Derived, Draft
from reportgen.load.jsonschema import SCHEMAS, json_schema
from reportgen.project.selection import ReportId

_HEADS = {
    "zh": ("报告", "模板包", "名称", "状态"),
    "en": ("report", "pack", "title", "state"),
}
_NOTHING_CALLED = {
    "zh": "没有“{target}”：它不是键、名称、代码，也没有印在报告里；相近的：{known}",
    "en": "nothing is called or printed as “{target}”; like it: {known}",
}


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
    strict: bool,
    final: bool,
    force: bool,
    output_format: OutputFormat,
    verbose: bool,
) -> None:
    """Build the reports asked for; nothing is replaced unless all is right."""
    names = chosen_formats(formats)
    target = out or root / "build"
    pattern = Job(root, target, "", 0, "", audience.value, names, comments, strict, final=final)
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


def check_reports(
    lang: Lang,
    root: Path,
    year: int | None,
    unit: str | None,
    report: str | None,
    audience: Reader,
    strict: bool,
    final: bool,
    output_format: OutputFormat,
    verbose: bool,
) -> None:
    """Draft the reports asked for and print their findings, writing no file."""
    every: list[Finding] = []
    for report_id in selected_reports(root, unit, year, report, lang, output_format):
        _, findings = drafted(root, report_id, audience.value, strict=strict, final=final)
        every += findings
        print_findings(
            findings,
            lang,
            output_format,
            root,
            verbose=verbose,
            title=str(report_id),
            waived=True,
        )
    finish(every, lang, output_format)


def explain_target(
    target: str,
    lang: Lang,
    root: Path,
    year: int | None,
    unit: str | None,
    report: str | None,
    used_by: bool,
    deep: bool,
) -> None:
    """Print what is to be known of a code, or of a figure in the reports asked for."""
    if target.upper() in CODES:
        print(document_code(target.upper(), lang.value))
        return
    explained = False
    similar: list[str] = []
    for report_id in selected_reports(root, unit, year, report, lang, OutputFormat.full):
        state, findings = drafted(root, report_id, "internal", strict=False)
        if state is not None:
            texts = answers(state, findings, target, used_by=used_by, deep=deep)
            if texts:
                explained = True
                print(*texts, sep="\n\n", end="\n\n")
                continue
            similar += near(state, target)
        if blocks(findings):
            # What is broken may be the reason why nothing was found.
            title = str(report_id)
            full = OutputFormat.full
            print_findings(findings, lang, full, root, verbose=False, title=title)
    if not explained:
        _print_similar(target, similar, lang)
        raise typer.Exit(1)


def _print_similar(target: str, similar: Iterable[str], lang: Lang) -> None:
    """Say that nothing is called `target`, and what is called like it."""
    known = "、".join(dict.fromkeys(similar)) or "—"
    print_aside(_NOTHING_CALLED[lang.value].format(target=target, known=known))


def list_reports(lang: Lang, root: Path, year: int | None, unit: str | None) -> None:
    """Print a line a report: columns with heads on a terminal, tabs between in a pipe."""
    rows = []
    for report in selected_reports(root, unit, year, None, lang, OutputFormat.concise):
        state, findings = drafted(root, report, "internal", strict=False)
        pack, title = _pack_and_title(state)
        rows.append((str(report), pack, title, summary(findings, lang.value)))
    if sys.stdout.isatty():
        lines = aligned([_HEADS[lang.value], *rows])
    else:
        lines = ["\t".join(row) for row in rows]
    print("\n".join(lines))


def _pack_and_title(state: Draft | Derived | None) -> tuple[str, str]:
    """Return the pack of a report and the title of its document, as far as they are known."""
    match state:
        case Draft():
            return state.derived.inputs.pack.folder, clean(state.document.name)
        case Derived():
            return state.inputs.pack.folder, "—"
    return "—", "—"


def list_codes(lang: Lang) -> None:
    """Print every code of a finding."""
    print(codes_table(lang.value))


def print_schema(name: str) -> None:
    """Print the JSON Schema of a kind of file."""
    if name not in SCHEMAS:
        raise typer.BadParameter("、".join(SCHEMAS), param_hint="name")
    print(json_schema(name))
