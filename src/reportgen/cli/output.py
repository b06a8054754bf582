"""What commands print: findings, results, and the one line that says what went wrong."""

from __future__ import annotations

import os
import platform
import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import typer

from reportgen import __version__
from reportgen.cli.options import Lang, OutputFormat, coloured
from reportgen.cli.usage_errors import typed_language
from reportgen.cli.waiting import waiting
from reportgen.features.batch.tasks import ReportResult
from reportgen.findings import (
    Diagnostics,
    Finding,
    blocks,
    finding,
    in_order,
    one_per_cause,
    renderers,
)
from reportgen.findings.renderers import (
    SourceReader,
    as_annotations,
    as_json,
    concise,
    full,
    message,
    summary,
    truncated,
)
from reportgen.flow.fault import Fault
from reportgen.flow.job import Job
from reportgen.flow.parallel import worker_lost
from reportgen.flow.staged import Derived, Draft
from reportgen.model.document import Audience
from reportgen.model.source import SourceSpan
from reportgen.project.extras import missing_extra
from reportgen.project.foreign_files import ForeignFileError
from reportgen.project.layout import ReportId, select
from reportgen.project.memory import ran_out_of_memory
from reportgen.project.saving import cannot_write, save
from reportgen.project.source_files import SourceFiles

_NOT_BUILT = {
    "zh": "没有生成，上次的成品没有改动",
    "en": "not built; the last output is untouched",
}
_DRAFT = {
    "zh": "草稿：空着的印作〔待填〕，reportgen todo 列出；填齐以前不能定稿、报送、公开",
    "en": "a draft: blanks are printed as 〔待填〕 and listed by reportgen todo",
}
_FAULT = {
    "zh": "没有文件只写了一半。把以上几行和用到的文件发给维护者；REPORTGEN_DEBUG=1 显示详情",
    "en": (
        "No file is half-written. Send these lines and the files in use to those who maintain "
        "the program; REPORTGEN_DEBUG=1 shows the details"
    ),
}
_UP_TO_DATE = {
    "zh": "已是最新，没有重新生成（--force 重新生成）",
    "en": "up to date, not built again (--force builds it)",
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
    log = Diagnostics()
    reports = select(SourceFiles(root), unit, year, report, log)
    stop_for(tuple(log), lang, output_format, root)
    return reports


def builds_folder(root: Path, repositories: Path | None) -> Path:
    """Return where a build of a project, or of a list of repositories, puts its files."""
    return (repositories.parent if repositories else root) / "build"


def stop_for(
    findings: tuple[Finding, ...], lang: Lang, output_format: OutputFormat, root: Path
) -> None:
    """Print findings that leave nothing to do and exit with 1; do nothing without any."""
    if findings:
        print_findings(findings, lang, output_format, root, verbose=True, title="")
        if output_format is OutputFormat.json:
            print(as_json(findings, lang.value))
        raise typer.Exit(1)


def drafting_job(
    root: Path,
    report: ReportId,
    audience: Audience = "internal",
    *,
    strict: bool = False,
    final: bool = False,
) -> Job:
    """Return what it takes to draft a report."""
    where = (root, root / "build", report.unit, report.year, report.report)
    return Job(*where, audience, strict=strict, final=final, cache=cache_folder())


def cache_folder() -> Path | None:
    """Return the user's folder for what need not be worked out again, None where there is none."""
    chosen = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        caches = chosen if chosen.is_absolute() else Path.home() / ".cache"
    except RuntimeError:  # nobody's process
        return None
    return caches / "reportgen"


def drafted(job: Job, log: Diagnostics) -> Draft | Derived | None:
    """Return the report taken as far as its document; shows what is being worked on."""
    from reportgen.flow.steps import draft  # noqa: PLC0415 - a build need not draft

    with waiting(f"{job.unit}/{job.name}"):
        return draft(job, SourceFiles(job.root), log)


def print_findings(
    findings: Iterable[Finding],
    lang: Lang,
    output_format: OutputFormat,
    root: Path,
    *,
    verbose: bool,
    title: str,
    read: SourceReader | None = None,
) -> None:
    """Print findings and their count; nothing where JSON is asked for, as that is one list.

    `read` gives the text of a file that findings name, else those of the project are read.

    Without `verbose` notes, what is waived among them, are only counted, of findings with one
    cause one is listed, and like warnings are truncated.
    """
    if output_format is OutputFormat.json:
        return
    ordered = in_order(findings)
    listed = ordered if verbose else _without_notes(ordered)
    remainder: tuple[str, ...] = ()
    if not verbose and output_format is not OutputFormat.github:
        listed, remainder = truncated(one_per_cause(listed), lang.value)
    shown = read or partial(_shown, SourceFiles(root))
    sections = (_listing(listed, lang, output_format, shown), "\n".join(remainder))
    text = "\n\n".join(filter(None, sections))
    if text:
        print(text)
    print(f"{title}  {summary(ordered, lang.value)}".strip())


def _listing(
    listed: tuple[Finding, ...], lang: Lang, output_format: OutputFormat, read: SourceReader
) -> str:
    """Return `listed` in the format asked for."""
    if output_format is OutputFormat.github:
        active = [finding for finding in listed if not finding.waived]
        return as_annotations(active, lang.value)
    if output_format is OutputFormat.concise:
        return concise(listed, lang.value)
    return full(listed, lang.value, read, colour=coloured())


def _shown(files: SourceFiles, path: str) -> str | None:
    """Return the text of a file for excerpts; that of a Word file is a line a paragraph."""
    if not path.endswith(".docx"):
        return files.shown(path)
    from reportgen.wordfile.paragraphs import lines_of  # noqa: PLC0415 - few findings are of one

    data = files.data(path, Diagnostics())
    try:
        return lines_of(data or b"")
    except ForeignFileError:
        return None


def _without_notes(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.severity != "note")


def print_results(result: ReportResult, lang: Lang, output_format: OutputFormat) -> None:
    """Print the paths of what was built, or that nothing was and why."""
    if output_format is OutputFormat.json or result.fault is not None:
        return
    if result.failed:
        if not any(each.code == "W202" for each in result.findings):  # that says where all is
            print(f"  {_NOT_BUILT[lang.value]}")
        return
    if result.up_to_date:
        print(f"  {_UP_TO_DATE[lang.value]}")
        return
    for name in result.files:
        print(f"  {result.job.folder / name}")
    if blocks(result.findings):
        print(f"  {_DRAFT[lang.value]}")
    for removal in removals(result):
        print(f"  {message(removal, lang.value)}")


def save_and_print(
    contents: Mapping[Path, bytes], out: Path, lang: Lang, output_format: OutputFormat
) -> list[Finding]:
    """Write files to `out`, all or none, and print where; return why they could not be written."""
    try:
        save(contents)
    except OSError as error:
        unsaved = [cannot_write(error, out)]
        print_findings(unsaved, lang, output_format, Path(), verbose=True, title="")
        return unsaved
    if output_format is not OutputFormat.json:
        for path in contents:
            print(f"  {path}")
    return []


def removals(result: ReportResult) -> list[Finding]:
    """Return W203 for each file of the last build that this one removed."""
    folder = result.job.folder
    return [finding("W203", SourceSpan(str(folder / name)), name=name) for name in result.removed]


def finish(
    findings: Sequence[Finding], lang: Lang, output_format: OutputFormat, *, faulty: bool = False
) -> None:
    """Print the JSON of all findings where it is asked for.

    Exits with 1 where one is an error, with 2 where the program itself failed (`faulty`).
    """
    if output_format is OutputFormat.json:
        print(as_json(in_order(findings), lang.value))
    if faulty:
        raise typer.Exit(2)
    if blocks(findings):
        raise typer.Exit(1)


def painted(text: str, style: str) -> str:
    """Return `text` in a colour where colours are wanted."""
    return renderers.painted(text, style) if coloured() else text


def print_aside(text: str) -> None:
    """Print a line for a person, beside the output."""
    print(text, file=sys.stderr)


def print_fault(fault: Fault) -> None:
    """Print a fault of the program: what failed, and what those who mend it must know."""
    if "REPORTGEN_DEBUG" in os.environ:
        print_aside(fault.details)
    print_aside(f"reportgen: 程序内部错误 internal error: {fault.what}")
    machine = f"Python {platform.python_version()}, {platform.system()}"
    print_aside(f"  reportgen {__version__}, {machine}, {fault.where}")
    print_aside(f"  {shlex.join(['reportgen', *sys.argv[1:]])}")
    print_aside(_FAULT[typed_language(sys.argv[1:]).value])


def print_failure(error: Exception) -> int:
    """Print that there was not the memory (J108), or a fault of the program; return the code."""
    if not ran_out_of_memory(error):
        print_fault(Fault.of(error))
        return 2
    told = worker_lost(shlex.join(["reportgen", *sys.argv[1:2]]), MemoryError())
    print_aside(full([told], typed_language(sys.argv[1:]).value, lambda _: None))
    return 1


def print_refusal(error: OSError) -> int:
    """Print W201 or W202 for what the machine refuses beside the output; return the exit code.

    Whoever closed the pipe, as `head` does, has read enough and hears nothing.
    """
    if error.filename is None:
        # The output itself cannot be written: what is left of it must not be tried again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return 1
    text = full([cannot_write(error, "stdout")], typed_language(sys.argv[1:]).value, lambda _: None)
    print(text, file=sys.stderr)
    return 1


def require(extra: str, values: Mapping[str, object]) -> None:
    """Exit with 1 and J107 where a package of `extra` is missing; `values` holds the options."""
    missing = missing_extra(extra)
    if missing is None:
        return
    lang, output_format = values["lang"], values.get("output_format", OutputFormat.full)
    assert isinstance(lang, Lang)
    assert isinstance(output_format, OutputFormat)
    stop_for((missing,), lang, output_format, Path())
