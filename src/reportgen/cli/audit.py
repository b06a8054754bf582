"""The command that audits documents of others: audit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path

from reportgen.cli.batch import Execution, Shown, workers_for
from reportgen.cli.options import Lang, OutputFormat
from reportgen.cli.output import finish, print_fault, print_findings, require, save_and_print
from reportgen.cli.waiting import waited_in_turn
from reportgen.features.audit.files import (
    AuditedFile,
    AuditRequest,
    audit_files,
    files_of,
    with_record,
)
from reportgen.findings import Diagnostics, Finding, finding
from reportgen.findings.excerpt import aligned, clean
from reportgen.model.reading import Reading
from reportgen.project.source_files import SourceFiles

_HEADS: Mapping[str, Sequence[str]] = {
    "zh": ("文件", "得分", "等级", "错误", "警告", "说明", "核对过的数", "没有可核对的"),
    "en": ("file", "score", "grade", "errors", "warnings", "notes", "checked", "not checked"),
}
_COUNTED = {
    "zh": "  {checked} 个数与文中其他数核对过，{unchecked} 个没有可核对的",
    "en": "  {checked} numbers were held to others of the document, {unchecked} could not be",
}

_FEW = 4
"""So many files are audited sooner than other processes start."""


def audit_documents(
    paths: list[Path],
    lang: Lang,
    out: Path,
    page: bool,
    word: bool,
    workbook: bool,
    against: Path | None,
    pack: str,
    root: Path,
    jobs: int,
    scheduler: str,
    output_format: OutputFormat,
    verbose: bool,
) -> None:
    """Print what disagrees in documents; exits with 1 where one has an error."""
    values = {"lang": lang, "output_format": output_format}
    if workbook:
        require("excel", values)
    execution = Execution(jobs, scheduler)
    prescribed = _prescribed(execution.place(root), pack, lang, output_format)
    files = list(files_of(paths))
    if not files:
        nothing = finding("A509", paths="、".join(map(str, paths)))
        print_findings([nothing], lang, output_format, Path(), verbose=True, title="audit")
        finish([nothing], lang, output_format)
    about = AuditRequest(Path(), "", lang.value, page, word, against, prescribed)
    requests = _placed(files, about, execution)
    if len(requests) < _FEW:
        execution = replace(execution, jobs=1)
    shown = Shown(lang, output_format, verbose or len(files) == 1)
    lost = Diagnostics()
    audited = _audited(requests, execution, shown, lost)
    if len(audited) > 1 and output_format is OutputFormat.full:
        print(_table(audited, lang))
    unsaved = _save(audited, out, lang, output_format, workbook=workbook)
    every = chain.from_iterable(file.findings for file in audited)
    faulty = any(file.fault is not None for file in audited)
    finish([*every, *unsaved, *lost], lang, output_format, faulty=faulty)


def _placed(
    files: Iterable[tuple[Path, str]], about: AuditRequest, execution: Execution
) -> list[AuditRequest]:
    """Return a request for each file, as `about` says, with paths that its worker finds."""
    if about.last is not None:
        about = replace(about, last=execution.place(about.last))
    return [replace(about, path=execution.place(path), name=name) for path, name in files]


def _audited(
    requests: Sequence[AuditRequest], execution: Execution, shown: Shown, lost: Diagnostics
) -> list[AuditedFile]:
    """Return what the audit of each file gave, printed when it is done; J109 is in `lost`."""
    audited: list[AuditedFile] = []
    names = [request.name for request in requests]
    with (
        workers_for(execution, len(requests), shown, lost) as workers,
        closing(audit_files(requests, workers)) as results,
    ):
        for file in waited_in_turn(results, names):
            audited.append(file)
            _print(file, shown.lang, shown.output_format, verbose=shown.verbose)
    return audited


def _prescribed(
    root: Path, pack: str, lang: Lang, output_format: OutputFormat
) -> Callable[[Reading], tuple[Finding, ...]] | None:
    """Return what holds a document to a pack; exits with L127 where there is none of that name."""
    if not pack:
        return None
    from reportgen.features.adopt.by_pack import pack_findings  # noqa: PLC0415 - slow
    from reportgen.load.inputs import known_pack  # noqa: PLC0415 - slow

    log = Diagnostics()
    if known_pack(SourceFiles(root), pack, log) is None:
        print_findings(log, lang, output_format, root, verbose=True, title="")
        finish(list(log), lang, output_format)
    return partial(pack_findings, root, pack)


def _print(file: AuditedFile, lang: Lang, output_format: OutputFormat, *, verbose: bool) -> None:
    """Print the findings of one file, and how many of its numbers could be held to others."""
    if file.fault is not None:
        print_fault(file.fault)
        return
    lines = {file.name: file.text}
    print_findings(
        file.findings,
        lang,
        output_format,
        Path(),
        verbose=verbose,
        title=clean(file.name),
        read=lines.get,
    )
    if output_format is OutputFormat.full and (file.checked or file.unchecked):
        counted = _COUNTED[lang.value]
        print(counted.format(checked=file.checked, unchecked=file.unchecked))


def _table(audited: Sequence[AuditedFile], lang: Lang) -> str:
    """Return a line a file: its score, its findings by severity, its numbers."""
    rows = [tuple(_HEADS[lang.value])]
    for file in audited:
        counts = [str(file.count(severity)) for severity in ("error", "warning", "note")]
        numbers = (str(file.checked), str(file.unchecked))
        rows.append((clean(file.name), file.score, file.told.grade, *counts, *numbers))
    return "\n".join(aligned(rows))


def _contents(audited: Iterable[AuditedFile], out: Path) -> dict[Path, bytes]:
    """Return the pages and the Word files that were made of files, by their paths below `out`."""
    contents: dict[Path, bytes] = {}
    for file in audited:
        if file.page:
            contents[out / f"{file.name}.html"] = file.page.encode("utf-8", "backslashreplace")
        if file.word:
            contents[out / f"{file.name}.docx"] = file.word
    return contents


def _save(
    audited: Sequence[AuditedFile],
    out: Path,
    lang: Lang,
    output_format: OutputFormat,
    *,
    workbook: bool,
) -> list[Finding]:
    """Write what was asked for below `out`, and print where; return what could not be written."""
    contents = _contents(audited, out)
    if len(audited) > 1 and any(file.page for file in audited):
        from reportgen.features.audit.page import as_summary  # noqa: PLC0415 - seldom asked for

        page = as_summary(audited, _HEADS[lang.value], lang.value)
        contents[out / "index.html"] = page.encode("utf-8", "backslashreplace")
    if workbook:
        from reportgen.features.audit.workbook import as_workbook  # noqa: PLC0415 - an extra

        contents[out / "audit.xlsx"] = as_workbook(audited, lang.value)
    if contents:
        contents = with_record(contents, out)
    return save_and_print(contents, out, lang, output_format)
