"""Audits as a workbook: a list of all findings, and a line a file with how many of each kind."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from reportgen.features.audit.files import AuditedFile
from reportgen.findings import Finding
from reportgen.findings.codes import Language
from reportgen.findings.renderers import help_text, message, place_text

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "zh": {"files": "文件", "findings": "发现", "columns": "文件 位置 级别 代码 说明 怎么办"},
    "en": {
        "files": "Files",
        "findings": "Findings",
        "columns": "file place severity code message help",
    },
}
_WIDTHS = (28, 22, 10, 8, 70, 40)


def as_workbook(summaries: Sequence[AuditedFile], language: Language) -> bytes:
    """Return a workbook with a sheet of files and one of findings."""
    from openpyxl import Workbook  # noqa: PLC0415 - an extra, and slow to import

    words = _WORDS[language]
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # a new workbook has one
    sheet.title = words["files"]
    kinds: set[str] = set()
    rows: list[list[object]] = []
    for summary in summaries:
        kinds.update(told.code for told in summary.findings)
        rows += [_row(summary.name, told, language) for told in summary.findings]
    _fill(
        sheet,
        [
            [words["files"], *_counted_heads(language), *sorted(kinds)],
            *_lines(summaries, sorted(kinds)),
        ],
    )
    listed = book.create_sheet(words["findings"])
    _fill(listed, [words["columns"].split(), *rows])
    for index, width in enumerate(_WIDTHS):
        listed.column_dimensions["ABCDEF"[index]].width = width
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def _counted_heads(language: Language) -> list[str]:
    if language == "zh":
        return ["得分", "等级", "错误", "警告", "说明", "核对过的数", "没有可核对的数"]
    return ["score", "grade", "errors", "warnings", "notes", "numbers checked", "not checked"]


def _lines(summaries: Iterable[AuditedFile], kinds: Sequence[str]) -> list[list[object]]:
    """Return a line for each file."""
    lines: list[list[object]] = []
    for summary in summaries:
        by_code = Counter(finding.code for finding in summary.findings)
        counts = [summary.count(severity) for severity in ("error", "warning", "note")]
        told = [by_code[kind] or None for kind in kinds]
        checked = [summary.checked, summary.unchecked]
        lines.append([summary.name, summary.score, summary.grade, *counts, *checked, *told])
    return lines


def _row(name: str, finding: Finding, language: Language) -> list[object]:
    return [
        name,
        place_text(finding.span, language),
        finding.severity,
        finding.code,
        message(finding, language),
        help_text(finding, language),
    ]


def _fill(sheet: object, rows: Iterable[Sequence[object]]) -> None:
    """Write rows, the first as heads; a text stays a text even if it begins like a formula."""
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 - an extra
    from openpyxl.worksheet.worksheet import Worksheet  # noqa: PLC0415

    assert isinstance(sheet, Worksheet)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            cell.value = value  # type: ignore[assignment]
            if isinstance(value, str):
                cell.data_type = "s"
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
