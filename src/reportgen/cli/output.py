"""What commands print: findings, results, and the one line that says what went wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from reportgen.cli.options import Lang, OutputFormat, coloured
from reportgen.findings import Finding, in_order, renderers
from reportgen.findings.excerpt import clean
from reportgen.findings.renderers import (
    as_annotations,
    as_json,
    concise,
    full,
    summary,
    truncated,
)
from reportgen.flow.pipeline import Job, Outcome, draft
from reportgen.model.document import Audience
from reportgen.project.selection import ReportId, select
from reportgen.project.source_files import SourceFiles

_NOT_BUILT = {
    "zh": "没有生成，上次的成品没有改动",
    "en": "not built; the last output is untouched",
}


def selected_reports(
    root: Path,
    unit: str | None,
    year: int | None,
    report: str | None,
    lang: Lang,
    output_format: OutputFormat,
) -> tuple[ReportId, ...]:
    """Return the reports asked for; exits with 1 and the findings where there are none."""
    reports, findings = select(SourceFiles(root), unit, year, report)
    stop_for(findings, lang, output_format, root)
    return reports


def stop_for(
    findings: tuple[Finding, ...], lang: Lang, output_format: OutputFormat, root: Path
) -> None:
    """Print findings that leave nothing to do and exit with 1; do nothing without any."""
    if findings:
        print_findings(findings, lang, output_format, root, verbose=True, title="")
        if output_format is OutputFormat.json:
            print(as_json(findings, lang.value))
        raise typer.Exit(1)


def drafted(
    root: Path, report: ReportId, audience: Audience, *, strict: bool, final: bool = False
) -> Outcome:
    """Return the report taken as far as its document."""
    where = (root, root / "build", report.unit, report.year, report.report)
    job = Job(*where, audience, strict=strict, final=final)
    with progress(str(report)):
        return draft(job, SourceFiles(root))


def progress(title: str) -> AbstractContextManager[object]:
    """Show what is being worked on, on a terminal only; it is gone when the work is done."""
    if not (sys.stdout.isatty() and sys.stderr.isatty()):
        return nullcontext()
    return Console(stderr=True).status(Text(clean(title)))


def print_findings(
    findings: Iterable[Finding],
    lang: Lang,
    output_format: OutputFormat,
    root: Path,
    *,
    verbose: bool,
    title: str,
    waived: bool = False,
) -> None:
    """Print findings and their count; nothing where JSON is asked for, as that is one list.

    Without `verbose` notes are left out and like warnings truncated; with `waived`, what is waived
    has a line each all the same.
    """
    if output_format is OutputFormat.json:
        return
    ordered = in_order(findings)
    listed = ordered if verbose else _without_notes(ordered)
    short = _waived(ordered) if waived and not verbose else ()
    remainder: tuple[str, ...] = ()
    if not verbose and output_format is not OutputFormat.github:
        listed, remainder = truncated(listed, lang.value)
    sections = _sections(listed, short, lang, output_format, root)
    sections.append("\n".join(remainder))
    text = "\n\n".join(filter(None, sections))
    if text:
        print(text)
    print(f"{title}  {summary(ordered, lang.value)}".strip())


def _sections(
    listed: tuple[Finding, ...],
    short: tuple[Finding, ...],
    lang: Lang,
    output_format: OutputFormat,
    root: Path,
) -> list[str]:
    """Return `listed` in the format asked for, and `short` in a line each where lines are read."""
    if output_format is OutputFormat.github:
        active = [finding for finding in listed if not finding.waived]
        return [as_annotations(active, lang.value)]
    if output_format is OutputFormat.concise:
        return [concise(in_order((*listed, *short)), lang.value)]
    read = SourceFiles(root).shown
    return [concise(short, lang.value), full(listed, lang.value, read, colour=coloured())]


def _without_notes(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.severity != "note")


def _waived(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.waived)


def print_results(outcome: Outcome, lang: Lang) -> None:
    """Print the paths of what was built, or that nothing was."""
    if outcome.failed:
        print(f"  {_NOT_BUILT[lang.value]}")
        return
    for name in outcome.files:
        print(f"  {outcome.job.folder / name}")


def finish(outcomes: list[Outcome], lang: Lang, output_format: OutputFormat) -> None:
    """Print the JSON of all findings where it is asked for; exits with 1 after a failure."""
    if output_format is OutputFormat.json:
        findings: list[Finding] = []
        for outcome in outcomes:
            findings += outcome.findings
        print(as_json(in_order(findings), lang.value))
    if any(outcome.failed for outcome in outcomes):
        raise typer.Exit(1)


def painted(text: str, style: str) -> str:
    """Return `text` in a colour where colours are wanted."""
    return renderers.painted(text, style) if coloured() else text


def print_aside(text: str) -> None:
    """Print a line for a person, beside the output."""
    print(text, file=sys.stderr)
