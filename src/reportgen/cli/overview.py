"""The command that compares many reports: overview."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import typer

from reportgen.cli.options import Lang, OutputFormat, Reader
from reportgen.cli.output import (
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
from reportgen.features.overview.tables import as_csv, as_json, tables
from reportgen.features.overview.values import MEASURES, Item, Outlier, Overview, OverviewRow
from reportgen.features.overview.words import (
    ITEM_WORDS,
    STAGE_WORDS,
    WORDS,
    figure_text,
    reason_text,
)
from reportgen.findings import Diagnostics, finding
from reportgen.findings.excerpt import aligned, clean
from reportgen.findings.renderers import concise
from reportgen.flow.parallel import processes
from reportgen.model.reading import DocumentNumber
from reportgen.project.layout import every_report, units
from reportgen.project.source_files import SourceFiles

if TYPE_CHECKING:
    from reportgen.features.audit.files import AuditedFile

_FEW = 40
"""So many lines of reports, and of what stands out, are shown unless all are asked for."""
_REST = {
    "zh": "另有 {count} 行（--verbose 全部列出）",
    "en": "{count} more lines (--verbose lists all)",
}
_AUDITS_ARE_INSIDE = {
    "zh": "审核别人的文件只进内部的总览",
    "en": "an audit of files of others is for those inside alone",
}
_CHANGED = {"zh": "，数据有改动", "en": ", facts changed"}
_ABOUT = ("unit", "year", "report", "stage")
_COUNTS = ("errors", "warnings")
_SHOWN: tuple[Item, ...] = ("grade", *MEASURES)


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
    folders = builds or [root / "build"]
    with waiting("、".join(map(str, folders))):
        expected = _expected(root, repositories, wanted, log)
        rows = collected(folders, expected, wanted, log, beside=bool(audited))
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
        print(_shown(overview, lang, None if verbose else _FEW))
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
    root: Path, repositories: Path | None, wanted: Wanted, log: Diagnostics
) -> list[ExpectedReports]:
    """Return the reports of the project, or of each repository that a file lists.

    Of those that are not built nobody but those inside is told.
    """
    if wanted.audience != "internal":
        return []
    if repositories is None:
        files = SourceFiles(root)
        reports = frozenset(every_report(files))
        empty = set(units(files)).difference(each.unit for each in reports)
        return [ExpectedReports(root, reports, tuple(sorted(empty)))]
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
        rows.append(_row_of(file))
        if not file.text:  # it could not be read, and here is who says why
            log.extend(file.findings)
        if file.fault is not None:
            print_fault(file.fault)
    chosen = [row for row in rows if wanted.year in {None, row.year}]
    return without_twins(chosen, log)


def _row_of(file: AuditedFile) -> OverviewRow:
    """Return the row of an audited file."""
    told = file.told
    row = OverviewRow(
        *("", told.year, "", "audited"),
        unit_name=clean(told.unit),
        title=clean(told.title),
        peers=told.kind,
        source=clean(file.name),
    )
    numbers: dict[Item, DocumentNumber | None] = {
        "score": told.score,
        "execution_rate": told.execution_rate,
        "three_public": told.three_public,
        "three_public_last": told.three_public_last,
    }
    return audited_row(row, numbers, told.grade, file.findings)


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


def _shown(overview: Overview, lang: Lang, most: int | None) -> str:
    """Return the table of reports, and below it what stands out."""
    inside = overview.audience == "internal"
    words, items = WORDS[lang.value], ITEM_WORDS[lang.value]
    heads = [*map(words.__getitem__, (*_ABOUT, *(_COUNTS if inside else ())))]
    rows = [_line(row, lang, inside=inside) for row in overview.rows[:most]]
    table = [[*heads, *map(items.__getitem__, _SHOWN)], *rows]
    told = [_told(each, lang) for each in overview.outliers]
    lines = [*aligned(table), *_rest(overview.rows, most, lang), ""]
    return "\n".join([*lines, *told[:most], *_rest(told, most, lang)]).rstrip()


def _rest(lines: Sequence[object], most: int | None, lang: Lang) -> list[str]:
    left = len(lines) - most if most is not None else 0
    return [_REST[lang.value].format(count=left)] if left > 0 else []


def _told(outlier: Outlier, lang: Lang) -> str:
    return f"{clean(outlier.row.name)}  {reason_text(outlier, lang.value)}"


def _line(row: OverviewRow, lang: Lang, *, inside: bool) -> list[str]:
    """Return a report as a line of the table; those inside see how many findings it has."""
    return [*_about(row, lang), *(_counts(row) if inside else ()), *_figures(row, lang)]


def _about(row: OverviewRow, lang: Lang) -> Iterator[str]:
    yield clean(row.unit_name or row.unit)
    yield str(row.year or "")
    yield clean(f"{row.report or row.source} {row.part}".strip())
    changed = _CHANGED[lang.value] if row.changed else ""
    yield STAGE_WORDS[lang.value][row.stage] + changed


def _counts(row: OverviewRow) -> Iterator[str]:
    yield str(row.count("error") or "")
    yield str(row.count("warning") or "")


def _figures(row: OverviewRow, lang: Lang) -> Iterator[str]:
    for item in _SHOWN:
        yield clean(figure_text(row.figure(item), lang.value))
