"""The commands for spreadsheets: import, export."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import typer

from reportgen.cli.options import Lang, OutputFormat, Reader, WorkbookFormat
from reportgen.cli.output import print_aside, print_findings, selected_reports, stop_for
from reportgen.cli.usage_errors import SENTENCES
from reportgen.cli.waiting import waiting
from reportgen.features.spreadsheet.cells import ImportedCell
from reportgen.features.spreadsheet.exporting import export
from reportgen.features.spreadsheet.fill_import import plan_filled
from reportgen.features.spreadsheet.fill_record import is_filled_in
from reportgen.features.spreadsheet.filling import fill_book
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
_FILL_NAME = "填报"
_FILL_IS_INTERNAL = {
    "zh": "填报表只给内部",
    "en": "a workbook to fill in is for those inside",
}
_NOT_FILLED = {
    "zh": "几个文件一起导入，只能都是 export --fill 写的填报表：{name} 不是",
    "en": "several files at once must be workbooks of export --fill: {name} is none",
}
_SAYS_ITSELF = {
    "zh": "填报表自己记着各格是什么，不用这个选项",
    "en": "a workbook of export --fill says itself what its cells are",
}
_COLUMN_FORM = {"zh": "{text}：应写作 列名=栏目", "en": "{text}: write heading=field"}


def import_sheets(
    books: list[Path],
    unit: str | None,
    year: int | None,
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
    """Take the values of spreadsheets into the YAML of a year; print what changes.

    Workbooks of `export --fill` say themselves what they are for; of others there can be but one.
    """
    files = SourceFiles(root)
    asked = Request(
        *("", b"", unit or "", year or 0, into, sheet or table, hidden),
        named=_column_fields(columns, lang),
        office=office,
        report=report or "",
        amount_unit=_amount_unit(amount_unit, lang),
    )
    _stop_unknown(files, asked, lang, output_format)
    read = [(book.name, _read(book, lang, output_format, root)) for book in books]
    title = "、".join(name for name, _ in read)
    with waiting(title):
        result = _planned(files, read, asked, lang)
    _tell(files, result, title, lang, output_format, verbose=verbose)
    if result.failed:
        print_aside(_UNTOUCHED[lang.value])
        raise typer.Exit(1)
    if dry_run:
        print(result.diff, end="")
        return
    for path in save(files, result):
        print(path)


def _planned(
    files: SourceFiles, read: list[tuple[str, bytes]], asked: Request, lang: Lang
) -> Import:
    """Return what an import would do: of one file as asked, of workbooks filled in as they say."""
    others = [name for name, data in read if not is_filled_in(data)]
    if not others:
        _refuse_options(asked, lang)
        return plan_filled(files, read, asked.unit, asked.year)
    if len(read) > 1:
        raise typer.BadParameter(_NOT_FILLED[lang.value].format(name=others[0]))
    for flag, value in {"--unit": asked.unit, "--year": asked.year}.items():
        if not value:
            missing = SENTENCES[lang.value]["missing_option"]
            raise typer.BadParameter(missing.format(name=flag))
    ((name, data),) = read
    return plan(files, replace(asked, name=name, data=data))


def _tell(
    files: SourceFiles,
    result: Import,
    title: str,
    lang: Lang,
    output_format: OutputFormat,
    *,
    verbose: bool,
) -> None:
    """Print what was found, and what is taken."""
    if output_format is OutputFormat.json:
        print(as_json(result.findings, lang.value))
        return
    print_findings(result.findings, lang, output_format, files.root, verbose=True, title=title)
    print(_table(result, lang, verbose=verbose))


def _refuse_options(asked: Request, lang: Lang) -> None:
    """Refuse options that say of a sheet what a workbook of `export --fill` says itself."""
    typed = {
        "--into": asked.into,
        "--sheet": asked.sheet,
        "--column": asked.named,
        "--by": asked.office,
        "--amount-unit": asked.amount_unit,
    }
    for flag in filter(typed.get, typed):
        raise typer.BadParameter(_SAYS_ITSELF[lang.value], param_hint=flag)


def export_reports(
    lang: Lang,
    root: Path,
    out: Path | None,
    year: int | None,
    unit: str | None,
    report: str | None,
    audience: Reader,
    workbook_format: WorkbookFormat,
    fill: bool,
    office: str,
    output_format: OutputFormat,
    verbose: bool,
) -> None:
    """Write each report asked for as a workbook; exits with 1 where one cannot be written."""
    reports = selected_reports(root, unit, year, report, lang, output_format)
    if fill or office:
        if audience is not Reader.internal:
            raise typer.BadParameter(_FILL_IS_INTERNAL[lang.value], param_hint="--audience")
        _export_to_fill(root, out, reports, office, lang, output_format)
        return
    if out is not None and len(reports) > 1:
        raise typer.BadParameter("、".join(map(str, reports)), param_hint="--out")
    every: list[Finding] = []
    for each in reports:
        job = Job(root, root / "build", each.unit, each.year, each.report, audience.value)
        log = Diagnostics()
        with waiting(str(each)):
            data = export(job, SourceFiles(root), log)
        findings = job.graded(log)
        print_findings(findings, lang, output_format, root, verbose=verbose, title=str(each))
        name = f"{each.report}.{audience.value}.{workbook_format.value}"
        path = out or job.folder.parent / name
        every += [*findings, *_written(path, data, job, lang, output_format)]
    if output_format is OutputFormat.json:
        print(as_json(every, lang.value))
    if blocks(every):
        raise typer.Exit(1)


def _written(
    path: Path, data: bytes | None, job: Job, lang: Lang, output_format: OutputFormat
) -> list[Finding]:
    """Write a workbook that could be made, and print where; return why it could not be written."""
    if data is None:
        return []
    unsaved = _save(path, data, job.builds)
    if unsaved:
        print_findings(unsaved, lang, output_format, job.root, verbose=True, title="")
    elif output_format is not OutputFormat.json:
        print(f"  {path}")
    return unsaved


def _export_to_fill(
    root: Path,
    out: Path | None,
    reports: tuple[ReportId, ...],
    office: str,
    lang: Lang,
    output_format: OutputFormat,
) -> None:
    """Write a workbook to fill in for each year of a unit; exits with 1 where one cannot be."""
    by_year = _by_year(reports)
    if out is not None and len(by_year) > 1:
        years_of = (f"{unit} {year}" for unit, year in by_year)
        raise typer.BadParameter("、".join(years_of), param_hint="--out")
    log = Diagnostics()
    unsaved: list[Finding] = []
    for (unit, year), names in by_year.items():
        with waiting(f"{unit} {year}"):
            data = fill_book(SourceFiles(root), unit, year, tuple(names), office, log)
        job = Job(root, root / "build", unit, year, names[0])
        path = out or job.folder.parent / f"{_FILL_NAME}{office and '-'}{office}.xlsx"
        unsaved += _written(path, data, job, lang, output_format)
    stop_for(tuple(log), lang, output_format, root)
    if unsaved:
        raise typer.Exit(1)


def _by_year(reports: Iterable[ReportId]) -> dict[tuple[str, int], list[str]]:
    """Return the names of reports by unit and year."""
    by_year: dict[tuple[str, int], list[str]] = {}
    for each in reports:
        by_year.setdefault((each.unit, each.year), []).append(each.report)
    return by_year


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


def _read(book: Path, lang: Lang, output_format: OutputFormat, root: Path) -> bytes:
    """Return the bytes of a file; exits with 1 where it cannot be read."""
    span = SourceSpan(book.name, 0, 0)
    try:
        return read_foreign(book, limits.WORKBOOK_BYTES)
    except ForeignFileError as error:
        code = "X104" if error.params["detail"] == "@too_large" else "L101"
        problem = finding(code, span, **error.params)
    except FileNotFoundError:
        problem = finding("L100", span)
    except OSError as error:
        problem = finding("L101", span, detail=error.strerror or str(error))
    stop_for((problem,), lang, output_format, root)
    raise AssertionError(problem)


def _stop_unknown(
    files: SourceFiles, asked: Request, lang: Lang, output_format: OutputFormat
) -> None:
    """Exit with 1 where the project lacks the unit, year or report that is named."""
    if asked.unit and asked.year:
        chosen = ReportId(asked.unit, asked.year, asked.report)
        problem = _unknown_selection(files, chosen)
        stop_for((problem,) if problem else (), lang, output_format, files.root)


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


def _column_fields(texts: list[str] | None, lang: Lang) -> Mapping[str, str]:
    """Return which field each column heading holds, of texts `heading=field`."""
    fields = {}
    for text in texts or ():
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
