"""The command that compares many reports: overview."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import typer

from reportgen.cli.options import Lang, OutputFormat, Reader
from reportgen.cli.output import (
    builds_folder,
    cache_folder,
    finish,
    print_aside,
    print_fault,
    print_findings,
    require,
    save_and_print,
)
from reportgen.cli.waiting import waited_in_turn, waiting
from reportgen.features.overview.audited import audited_row, without_twins
from reportgen.features.overview.collecting import ExpectedReports, Wanted, collected
from reportgen.features.overview.peers import compared
from reportgen.features.overview.tables import FEW, as_csv, as_json, as_text, tables
from reportgen.features.overview.values import Overview, OverviewRow
from reportgen.features.overview.words import WORDS
from reportgen.findings import Diagnostics, finding
from reportgen.findings.renderers import concise
from reportgen.flow.parallel import processes

_HOW = {"zh": "（--verbose 全部列出）", "en": " (--verbose lists all)"}
_AUDITS_ARE_INSIDE = {
    "zh": "审核别人的文件只进内部的总览",
    "en": "an audit of files of others is for those inside alone",
}


def show_overview(
    builds: list[Path] | None,
    lang: Lang,
    root: Path,
    year: int | None,
    unit: str | None,
    report: str | None,
    audience: Reader,
    repositories: Path | None,
    audits: list[Path] | None,
    jobs: int,
    out: Path,
    page: bool,
    workbook: bool,
    csv: bool,
    output_format: OutputFormat,
    verbose: bool,
) -> None:
    """Print what finished builds come to, or write it; exits with 1 where there are none."""
    if workbook:
        require("excel", {"lang": lang, "output_format": output_format})
    _refuse_audits_for_others(audits, audience, lang)
    log = Diagnostics()
    wanted = Wanted(audience.value, unit, year, report)
    audited = _audited(audits, jobs, wanted, log)
    folders = builds or [builds_folder(root, repositories)]
    with waiting("、".join(map(str, folders))):
        expected = _expected(root, repositories, log, builds)
        rows = collected(folders, expected, wanted, log, beside=bool(audited))
        audited = without_twins(audited, rows, log)
        overview = compared(audience.value, [*rows, *audited])
    contents: dict[Path, bytes] = {}
    if csv:
        contents |= _as_tables(overview, out, lang)
    if page:
        contents |= _as_page(overview, folders, out, lang)
    if workbook:
        contents |= _as_workbook(overview, out, lang)
    _print_problems(log, lang, output_format)
    if output_format is OutputFormat.json:
        _print_json(overview, log, lang)
    elif overview.rows and not contents:
        print(as_text(overview, lang.value, None if verbose else FEW, _HOW[lang.value]))
    log.extend(save_and_print(contents, out, lang, output_format))
    finish(list(log), lang, OutputFormat.full)


def _print_problems(log: Diagnostics, lang: Lang, output_format: OutputFormat) -> None:
    """Print what was found wrong with builds and files, if anything was."""
    if len(log):
        title = WORDS[lang.value]["title"]
        print_findings(log, lang, output_format, Path(), verbose=True, title=title)


def _print_json(overview: Overview, log: Diagnostics, lang: Lang) -> None:
    """Print an overview as JSON; what names files, for others than those inside, beside it."""
    print(as_json(overview, log, lang.value))
    if overview.audience != "internal" and len(log):
        print_aside(concise(tuple(log), lang.value))


def _refuse_audits_for_others(audits: list[Path] | None, audience: Reader, lang: Lang) -> None:
    if audits and audience is not Reader.internal:
        raise typer.BadParameter(_AUDITS_ARE_INSIDE[lang.value], param_hint="--audits")


def _expected(
    root: Path,
    repositories: Path | None,
    log: Diagnostics,
    builds: Sequence[Path] | None,
) -> list[ExpectedReports]:
    """Return the reports of the project, or of each repository that a file lists.

    Nobody is told where no folder of `builds` is there: these are misspelt.
    """
    is_misspelt = bool(builds) and not any(folder.is_dir() for folder in builds or ())
    if is_misspelt:
        return []
    if repositories is None:
        return [ExpectedReports.of_project(root)]
    from reportgen.features.batch.repositories import fetched, read_repositories  # noqa: PLC0415

    listed = fetched(read_repositories(repositories, log), cache_folder() or Path(), log)
    return [ExpectedReports(each.state.folder, frozenset(each.reports)) for each in listed]


def _audited(
    paths: Sequence[Path] | None, jobs: int, wanted: Wanted, log: Diagnostics
) -> list[OverviewRow]:
    """Return a row for each file of others, audited in processes; the log tells what is no file."""
    if not paths:
        return []
    from reportgen.features.audit.files import (  # noqa: PLC0415 - slow, and seldom asked for
        AuditRequest,
        audit_files,
        files_of,
    )

    requests = [AuditRequest(path, name, "zh") for path, name in files_of(paths)]
    if not requests:
        log.add(finding("A509", paths="、".join(map(str, paths))))
        return []
    rows: list[OverviewRow] = []
    names = [request.name for request in requests]
    for file in waited_in_turn(audit_files(requests, processes(jobs, len(requests))), names):
        rows.append(audited_row(file.name, file.told, file.findings))
        if not file.text:  # it could not be read, and here is who says why
            log.extend(file.findings)
        if file.fault is not None:
            print_fault(file.fault)
    return [row for row in rows if wanted.year in {None, row.year}]


def _as_tables(overview: Overview, out: Path, lang: Lang) -> dict[Path, bytes]:
    """Return tables by the paths of their files, whose names say for whom they are."""
    contents: dict[Path, bytes] = {}
    for name, table in tables(overview, lang.value).items():
        contents[out / f"overview.{overview.audience}.{name}.csv"] = as_csv(table)
    return contents


def _as_page(
    overview: Overview, folders: Sequence[Path], out: Path, lang: Lang
) -> dict[Path, bytes]:
    """Return the page by its path; it links to the reports where all are in one folder."""
    from reportgen.features.overview.page import as_page  # noqa: PLC0415 - slow to import

    builds = ""
    if len(folders) == 1:
        builds = quote(Path(os.path.relpath(folders[0], out)).as_posix()) + "/"
    return {out / f"overview.{overview.audience}.html": as_page(overview, lang.value, builds)}


def _as_workbook(overview: Overview, out: Path, lang: Lang) -> dict[Path, bytes]:
    """Return the workbook by its path."""
    from reportgen.features.overview.workbook import as_workbook  # noqa: PLC0415 - an extra

    return {out / f"overview.{overview.audience}.xlsx": as_workbook(overview, lang.value)}
