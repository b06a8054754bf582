"""What commands print: findings, results, and the one line that says what went wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from reportgen.cli.options import Lang, OutputFormat, coloured
from reportgen.findings import Diagnostics, Finding, blocks, in_order
from reportgen.findings import renderers as faces
from reportgen.findings.excerpt import clean
from reportgen.findings.renderers import as_annotations, as_json, concise, full, summary, thinned
from reportgen.flow.job import Job
from reportgen.flow.staged import Build, Derived, Draft
from reportgen.flow.steps import draft
from reportgen.model.document import Audience
from reportgen.project.selection import ReportId, select
from reportgen.project.source_files import SourceFiles


def chosen(
    root: Path,
    unit: str | None,
    year: int | None,
    report: str | None,
    lang: Lang,
    shape: OutputFormat,
) -> tuple[ReportId, ...]:
    """Return the reports asked for; exits with 1 and the findings where there are none."""
    log = Diagnostics()
    reports = select(SourceFiles(root), unit, year, report, log)
    stop_for(tuple(log), lang, shape, root)
    return reports


def stop_for(findings: tuple[Finding, ...], lang: Lang, shape: OutputFormat, root: Path) -> None:
    """Print findings that leave nothing to do and exit with 1; do nothing without any."""
    if findings:
        show(findings, lang, shape, root, verbose=True, title="")
        if shape is OutputFormat.json:
            print(as_json(findings, lang.value))
        raise typer.Exit(1)


def drafted(
    root: Path, each: ReportId, audience: Audience, *, strict: bool, final: bool = False
) -> tuple[Draft | Derived | None, tuple[Finding, ...]]:
    """Return the report taken as far as its document, and what was found."""
    where = (root, root / "build", each.unit, each.year, each.report)
    job = Job(*where, audience, strict=strict, final=final)
    log = Diagnostics()
    with working(str(each)):
        report = draft(job, SourceFiles(root), log)
    return report, job.graded(log)


def working(title: str) -> AbstractContextManager[object]:
    """Show what is being worked on, on a terminal only; it is gone when the work is done."""
    if not (sys.stdout.isatty() and sys.stderr.isatty()):
        return nullcontext()
    return Console(stderr=True).status(Text(clean(title)))


def show(
    findings: Iterable[Finding],
    lang: Lang,
    shape: OutputFormat,
    root: Path,
    *,
    verbose: bool,
    title: str,
    waived: bool = False,
) -> None:
    """Print findings and their count.

    Without `verbose` no notes, and a crowd of like warnings counted; what is waived has a line
    each where that is asked for.
    """
    if shape is OutputFormat.json:
        return
    every = in_order(findings)
    known = [each for each in every if each.waived and waived and not verbose]
    shown = tuple(each for each in every if verbose or each.severity != "note")
    rest: tuple[str, ...] = ()
    if not verbose and shape is not OutputFormat.github:
        shown, rest = thinned(shown, lang.value)
    if shape is OutputFormat.github:
        parts = [as_annotations([each for each in shown if not each.waived], lang.value)]
    elif shape is OutputFormat.concise:
        parts = [concise(in_order((*shown, *known)), lang.value)]
    else:
        colour = coloured()
        parts = [
            concise(known, lang.value),
            full(shown, lang.value, SourceFiles(root).shown, colour=colour),
        ]
    told = "\n\n".join(filter(None, (*parts, "\n".join(rest))))
    print("\n".join(filter(None, [told, f"{title}  {summary(every, lang.value)}".strip()])))


def results(result: Build, lang: Lang) -> list[str]:
    """Return the paths of what was built, or the word that nothing was."""
    if result.failed:
        kept = {
            "zh": "没有生成，上次的成品没有改动",
            "en": "not built; the last output is untouched",
        }
        return [f"  {kept[lang.value]}"]
    if result.up_to_date:
        as_it_was = {
            "zh": "已是最新，没有重新生成（--force 重新生成）",
            "en": "up to date, not built again (--force builds it)",
        }
        return [f"  {as_it_was[lang.value]}"]
    return [f"  {result.job.folder / name}" for name in result.files]


def finish(findings: Sequence[Finding], lang: Lang, shape: OutputFormat) -> None:
    """Print the JSON of all findings where it is asked for; exits with 1 where one is an error."""
    if shape is OutputFormat.json:
        print(as_json(in_order(findings), lang.value))
    if blocks(findings):
        raise typer.Exit(1)


def painted(text: str, style: str) -> str:
    """Return `text` in a colour where colours are wanted."""
    return faces.painted(text, style) if coloured() else text


def say(text: str) -> None:
    """Print a line for a person, beside the output."""
    print(text, file=sys.stderr)
