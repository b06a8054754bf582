"""The commands for spreadsheets: import, export."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path

import typer

from reportgen.cli.options import Lang, OutputFormat, Reader, WorkbookFormat
from reportgen.cli.output import print_aside, print_findings, selected_reports
from reportgen.cli.waiting import waiting
from reportgen.features.spreadsheet.cells import ImportedCell
from reportgen.features.spreadsheet.exporting import export
from reportgen.features.spreadsheet.importing import Import, plan, save
from reportgen.features.spreadsheet.matching import Request
from reportgen.findings import Diagnostics, Finding, blocks, finding
from reportgen.findings.codes import Language
from reportgen.findings.excerpt import aligned, clean
from reportgen.findings.renderers import as_json, place_text
from reportgen.flow.job import Job
from reportgen.flow.publish import alone
from reportgen.model import limits
from reportgen.model.source import SourceSpan
from reportgen.model.units import UNITS, Unit, find_unit
from reportgen.project import saving
from reportgen.project.foreign_files import ForeignFileError, read_foreign
from reportgen.project.layout import ReportId, reports, units, years
from reportgen.project.source_files import SourceFiles

_HEADS = {
    "zh": ("单元格", "数据", "原值", "新值", "结果"),
    "en": ("cell", "key", "old", "new", "result"),
}
_RESULTS = {
    "zh": {
        "same": "相同",
        "changed": "改",
        "added": "新填",
        "kept": "空格，原值保留",
        "bound": "引用了数据，原文保留",
        "derived": "系统计算，不取",
    },
    "en": {
        "same": "same",
        "changed": "changed",
        "added": "added",
        "kept": "blank, kept",
        "bound": "cites figures, kept",
        "derived": "worked out, not taken",
    },
}
_QUIET = frozenset(["same", "derived"])
_COMMA = {"zh": "，", "en": ", "}
_UNTOUCHED = {"zh": "数据文件没有改动", "en": "the data files are untouched"}
_UNIT_FORM = {
    "zh": "{text}：应写作 元、千元、万元 或 亿元",
    "en": "{text}: write 元, 千元, 万元 or 亿元",
}
_COLUMN_FORM = {"zh": "{text}：应写作 列名=栏目", "en": "{text}: write heading=field"}


def import_sheet(
    book: Path,
    unit: str,
    year: int,
    report: str | None,
    lang: Lang,
    root: Path,
    into: str,
    sheet: str,
    table: str,
    columns: list[str] | None,
    amount_unit: str,
    hidden: bool,
    office: str,
    dry_run: bool,
    output_format: OutputFormat,
    verbose: bool,
) -> None:
    """Take the values of a spreadsheet into the YAML of a year; print what changes."""
    files = SourceFiles(root)
    report = report or ""
    data = _read(files, book, ReportId(unit, year, report), lang, output_format)
    fields = _column_fields(columns or [], lang)
    money = _amount_unit(amount_unit, lang)
    chosen = sheet or table
    request = Request(
        book.name, data, unit, year, into, chosen, hidden, fields, office, report, money
    )
    with waiting(book.name):
        result = plan(files, request)
    if output_format is OutputFormat.json:
        print(as_json(result.findings, lang.value))
    else:
        print_findings(result.findings, lang, output_format, root, verbose=True, title=book.name)
        print(_table(result, lang, verbose=verbose))
    if result.failed:
        print_aside(_UNTOUCHED[lang.value])
        raise typer.Exit(1)
    if dry_run:
        print(result.diff, end="")
        return
    for path in save(files, result):
        print(path)


def export_reports(
    lang: Lang,
    root: Path,
    out: Path | None,
    year: int | None,
    unit: str | None,
    report: str | None,
    audience: Reader,
    workbook_format: WorkbookFormat,
    output_format: OutputFormat,
    verbose: bool,
) -> None:
    """Write each report asked for as a workbook; exits with 1 where one cannot be written."""
    reports = selected_reports(root, unit, year, report, lang, output_format)
    if out is not None and len(reports) > 1:
        raise typer.BadParameter("、".join(map(str, reports)), param_hint="--out")
    every: list[Finding] = []
    for report_id in reports:
        job = Job(
            root, root / "build", report_id.unit, report_id.year, report_id.report, audience.value
        )
        log = Diagnostics()
        with waiting(str(report_id)):
            data = export(job, SourceFiles(root), log)
        findings = job.graded(log)
        every += findings
        title = str(report_id)
        print_findings(findings, lang, output_format, root, verbose=verbose, title=title)
        if data is None:
            continue
        name = f"{report_id.report}.{audience.value}.{workbook_format.value}"
        path = out or job.folder.parent / name
        unsaved = _save(path, data, job.builds)
        every += unsaved
        if unsaved:
            print_findings(unsaved, lang, output_format, root, verbose=True, title="")
        elif output_format is not OutputFormat.json:
            print(f"  {path}")
    if output_format is OutputFormat.json:
        print(as_json(every, lang.value))
    if blocks(every):
        raise typer.Exit(1)


def _save(path: Path, data: bytes, builds: Path) -> list[Finding]:
    """Write a workbook; return the finding that says why it could not be written.

    In the folder of the unit's builds nobody else may publish meanwhile: it is made anew by that.
    """
    inside = path.parent == builds
    try:
        with alone(builds) if inside else nullcontext():
            saving.save({path: data})
    except OSError as error:
        return [saving.cannot_write(error, path)]
    return []


def _read(
    files: SourceFiles, book: Path, chosen: ReportId, lang: Lang, output_format: OutputFormat
) -> bytes:
    """Return the bytes of the file; exits with 1 where it or what it is for is not there."""
    problem = _unknown_selection(files, chosen)
    if problem is None:
        try:
            return read_foreign(book, limits.WORKBOOK_BYTES)
        except ForeignFileError as error:
            code = "X104" if error.params["detail"] == "@too_large" else "L101"
            problem = finding(code, SourceSpan(book.name, 0, 0), **error.params)
        except FileNotFoundError:
            problem = finding("L100", SourceSpan(book.name, 0, 0))
        except OSError as error:
            detail = error.strerror or str(error)
            problem = finding("L101", SourceSpan(book.name, 0, 0), detail=detail)
    if output_format is OutputFormat.json:
        print(as_json([problem], lang.value))
    print_findings([problem], lang, output_format, files.root, verbose=True, title=book.name)
    raise typer.Exit(1)


def _unknown_selection(files: SourceFiles, chosen: ReportId) -> Finding | None:
    """Return the finding that the project lacks the unit, the year, or a named report."""
    unit, year, report = chosen.unit, chosen.year, chosen.report
    known_units = units(files)
    if unit not in known_units:
        return finding("J102", unit=unit, known="、".join(known_units) or "—")
    known_years = years(files, unit)
    if year not in known_years:
        known = "、".join(map(str, known_years)) or "—"
        return finding("J101", unit=unit, year=year, known=known)
    known_reports = reports(files, unit, year)
    if report and report not in known_reports:
        known = "、".join(known_reports) or "—"
        return finding("J103", unit=unit, year=year, report=report, known=known)
    return None


def _column_fields(texts: list[str], lang: Lang) -> Mapping[str, str]:
    """Return which field each column heading holds, of texts `heading=field`."""
    fields = {}
    for text in texts:
        heading, _, field = text.replace("＝", "=").partition("=")
        if not heading.strip() or not field.strip():
            form = _COLUMN_FORM[lang.value].format(text=text)
            raise typer.BadParameter(form, param_hint="--column")
        fields[heading.strip()] = field.strip()
    return fields


def _amount_unit(text: str, lang: Lang) -> Unit | None:
    """Return the unit of amounts that state none, None where the author names none."""
    unit = find_unit(text) if text else None
    if text and (unit is None or unit.dimension != UNITS["元"].dimension):
        form = _UNIT_FORM[lang.value].format(text=text)
        raise typer.BadParameter(form, param_hint="--amount-unit")
    return unit


def _table(result: Import, lang: Lang, *, verbose: bool) -> str:
    """Return what was taken as a table, and a line that counts it; the same only if `verbose`."""
    words = _RESULTS[lang.value]
    cells = list(result.cells)
    if not verbose:
        cells = [cell for cell in cells if cell.result not in _QUIET]
    rows = [_row(cell, lang.value) for cell in cells]
    lines = aligned([_HEADS[lang.value], *rows]) if rows else []
    counts = []
    for name, count in result.counts.items():
        if count:
            counts.append(f"{words[name]} {count}")
    lines.append(_COMMA[lang.value].join(counts))
    return "\n".join(lines).strip()


def _row(cell: ImportedCell, language: Language) -> tuple[str, str, str, str, str]:
    address = cell.span.path.partition("[")[2].removesuffix("]") or place_text(cell.span, language)
    old, new = cell.old or "—", cell.new or "—"
    result = _RESULTS[language][cell.result]
    return clean(address), clean(cell.key), clean(old), clean(new), result
