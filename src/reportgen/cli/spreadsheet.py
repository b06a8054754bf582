"""The commands for spreadsheets: import, export."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from reportgen.cli import complete, options
from reportgen.cli.options import HERE, Lang, OutputFormat, Reader
from reportgen.cli.show import chosen, say, show
from reportgen.features.spreadsheet.cells import Taken
from reportgen.features.spreadsheet.exporting import export
from reportgen.features.spreadsheet.importing import Import, Request, plan, save
from reportgen.features.spreadsheet.intake import counted
from reportgen.findings import Diagnostics, Finding, blocks, finding
from reportgen.findings.excerpt import aligned, clean
from reportgen.findings.renderers import as_json
from reportgen.flow.job import Job
from reportgen.model.source import SourceSpan
from reportgen.project import saving
from reportgen.project.layout import units, years
from reportgen.project.source_files import SourceFiles


class Workbook(StrEnum):
    """The formats of an export."""

    xlsx = "xlsx"


Book = Annotated[Path, typer.Argument(help="电子表格，.xlsx 或 .csv · the spreadsheet")]
OneUnit = Annotated[
    str, typer.Option("--unit", help="单位，如 huaihua · unit", autocompletion=complete.unit)
]
OneYear = Annotated[
    int, typer.Option("--year", help="年度，如 2023 · year", autocompletion=complete.year)
]
Into = Annotated[
    str,
    typer.Option(
        "--into",
        help="导入哪个表：funds、economic、budget、facts 或其他表的名称；不写就按表头认 · table",
        show_default=False,
    ),
]
SheetName = Annotated[
    str, typer.Option("--sheet", help="工作表；不写就取认识的各张 · the sheet", show_default=False)
]
Dry = Annotated[bool, typer.Option("--dry-run", help="只显示改动，不写 · show the diff only")]
Hidden = Annotated[
    bool, typer.Option("--hidden", help="隐藏的行、列、工作表也取 · take what is hidden")
]
Named = Annotated[
    list[str] | None,
    typer.Option("--column", help="列名=栏目，如 预算数=年初预算数 · what a column holds"),
]

Target = Annotated[
    Path | None,
    typer.Option("--out", help="文件 · the file", show_default="build/<year>/<unit>/…xlsx"),
]
Kind = Annotated[Workbook, typer.Option("--format", help="格式 · format")]

_HEADS = {
    "zh": ("单元格", "数据", "原值", "新值", "结果"),
    "en": ("cell", "key", "old", "new", "result"),
}
_RESULTS = {
    "zh": {"same": "相同", "changed": "改", "added": "新填", "kept": "空格，原值保留"},
    "en": {"same": "same", "changed": "changed", "added": "added", "kept": "blank, kept"},
}


def import_sheet(
    book: Book,
    unit: OneUnit,
    year: OneYear,
    lang: options.Tongue,
    root: options.Root = HERE,
    into: Into = "",
    sheet: SheetName = "",
    column: Named = None,
    hidden: Hidden = False,
    dry_run: Dry = False,
    shape: options.Shape = OutputFormat.full,
    verbose: options.Verbose = False,
) -> None:
    """把电子表格里的数写进当年的 YAML，注释和次序不变。Take a spreadsheet into the year's YAML."""
    files = SourceFiles(root)
    data = _read(files, book, unit, year, lang, shape)
    request = Request(book.name, data, unit, year, into, sheet, hidden, _pairs(column or []))
    result = plan(files, request)
    if shape is OutputFormat.json:
        print(as_json(result.findings, lang.value))
    else:
        show(result.findings, lang, shape, root, verbose=True, title=book.name)
        print(_table(result, lang, verbose=verbose))
    if result.failed:
        say("数据文件没有改动" if lang == Lang.zh else "the data files are untouched")
        raise typer.Exit(1)
    if dry_run:
        print(result.diff, end="")
        return
    for path in save(files, result):
        print(path)


def export_reports(
    lang: options.Tongue,
    root: options.Root = HERE,
    out: Target = None,
    year: options.Year = None,
    unit: options.Unit = None,
    report: options.Report = None,
    audience: options.For = Reader.internal,
    kind: Kind = Workbook.xlsx,
    shape: options.Shape = OutputFormat.full,
    verbose: options.Verbose = False,
) -> None:
    """把报告写成 Excel：各表照印，派生的数都是活的公式。Write a report as a live workbook."""
    wanted = chosen(root, unit, year, report, lang, shape)
    if out is not None and len(wanted) > 1:
        raise typer.BadParameter("、".join(map(str, wanted)), param_hint="--out")
    every: list[Finding] = []
    for each in wanted:
        job = Job(root, root / "build", each.unit, each.year, each.report, audience.value)
        log = Diagnostics()
        data = export(job, SourceFiles(root), log)
        findings = job.graded(log)
        every += findings
        show(findings, lang, shape, root, verbose=verbose, title=str(each))
        if data is None:
            continue
        name = f"{each.report}.{audience.value}.{kind.value}"
        path = out or job.folder.parent / name
        try:
            saving.save({path: data})
        except OSError as error:
            where = SourceSpan("-", 0, 0)
            detail = error.strerror or str(error)
            lost = finding("W201", where, path=str(path), detail=detail)
            every.append(lost)
            show([lost], lang, shape, root, verbose=True, title="")
            continue
        if shape is not OutputFormat.json:
            print(f"  {path}")
    if shape is OutputFormat.json:
        print(as_json(every, lang.value))
    if blocks(every):
        raise typer.Exit(1)


def _read(
    files: SourceFiles, book: Path, unit: str, year: int, lang: Lang, shape: OutputFormat
) -> bytes:
    """Return the bytes of the file; exits with 1 where it, the unit or the year is not there."""
    found = None
    if unit not in units(files):
        found = finding("J102", unit=unit, known="、".join(units(files)) or "—")
    elif year not in years(files, unit):
        known = "、".join(map(str, years(files, unit))) or "—"
        found = finding("J101", unit=unit, year=year, known=known)
    else:
        try:
            return book.read_bytes()
        except FileNotFoundError:
            found = finding("L100", SourceSpan(book.name, 0, 0))
        except OSError as error:
            found = finding(
                "L101", SourceSpan(book.name, 0, 0), detail=error.strerror or str(error)
            )
    if shape is OutputFormat.json:
        print(as_json([found], lang.value))
    show([found], lang, shape, files.root, verbose=True, title=book.name)
    raise typer.Exit(1)


def _pairs(given: list[str]) -> Mapping[str, str]:
    pairs = {}
    for text in given:
        label, sign, field = text.replace("＝", "=").partition("=")
        if not (sign and label.strip() and field.strip()):
            raise typer.BadParameter(f"{text}：列名=栏目", param_hint="--column")
        pairs[label.strip()] = field.strip()
    return pairs


def _table(result: Import, lang: Lang, *, verbose: bool) -> str:
    """Return what was taken as a table, and a line that counts it; the same only if `verbose`."""
    every = [cell for each in result.intakes.values() for row in each.rows for cell in row.cells]
    shown = [cell for cell in every if verbose or cell.result != "same"]
    words = _RESULTS[lang.value]
    rows = [_HEADS[lang.value], *(_row(cell, words) for cell in shown)] if shown else []
    lines = aligned(rows)
    counts = counted(result.intakes)
    parts = (f"{words[name]} {count}" for name, count in counts.items() if count)
    return "\n".join([*lines, "，".join(parts) if lang == Lang.zh else ", ".join(parts)]).strip()


def _row(cell: Taken, words: Mapping[str, str]) -> tuple[str, str, str, str, str]:
    place = cell.span.path.partition("[")[2].removesuffix("]")
    old, new = cell.old or "—", cell.new or "—"
    return clean(place), clean(cell.key), clean(old), clean(new), words[cell.result]
