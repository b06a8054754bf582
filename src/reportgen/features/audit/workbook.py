"""Audits as a workbook: a list of all findings, and a line a file with how many of each kind."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from reportgen.features.audit.files import AuditedFile
from reportgen.findings import Finding
from reportgen.findings.codes import Language
from reportgen.findings.excerpt import clean
from reportgen.findings.renderers import help_text, message, place_text
from reportgen.language.characters import begins_formula
from reportgen.project.packages import parts_without_clock, zipped

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "zh": {"files": "文件", "findings": "发现", "columns": "文件 位置 级别 代码 说明 怎么办"},
    "en": {
        "files": "Files",
        "findings": "Findings",
        "columns": "file place severity code message help",
    },
}
_WIDTHS = (28, 22, 10, 8, 70, 40)
_NARROW = 9


def as_workbook(summaries: Sequence[AuditedFile], language: Language) -> bytes:
    """Return a workbook with a sheet of files and one of findings: the same for the same audits."""
    from openpyxl import Workbook  # noqa: PLC0415 - an extra, and slow to import
    from openpyxl.worksheet.worksheet import Worksheet  # noqa: PLC0415

    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # a new workbook has one
    sheet.title = _WORDS[language]["files"]
    _fill_files(sheet, summaries, language)
    _fill_findings(book.create_sheet(_WORDS[language]["findings"]), summaries, language)
    book.properties.creator = ""
    output = io.BytesIO()
    book.save(output)
    return zipped(parts_without_clock(output.getvalue()))


def _fill_files(sheet: Worksheet, summaries: Sequence[AuditedFile], language: Language) -> None:
    """Write a line a file, with how many findings it has of each code."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - an extra

    kinds: set[str] = set()
    for summary in summaries:
        kinds.update(each.code for each in summary.findings)
    codes = sorted(kinds)
    heads = [_WORDS[language]["files"], *_counted_heads(language), *codes]
    _fill(sheet, [heads, *(_line(summary, codes) for summary in summaries)])
    for index in range(len(heads)):
        letter = get_column_letter(index + 1)
        sheet.column_dimensions[letter].width = _NARROW if index else _WIDTHS[0]


def _fill_findings(sheet: Worksheet, summaries: Sequence[AuditedFile], language: Language) -> None:
    """Write a line a finding."""
    rows: list[Sequence[object]] = [_WORDS[language]["columns"].split()]
    for summary in summaries:
        rows += [_row(clean(summary.name), each, language) for each in summary.findings]
    _fill(sheet, rows)
    for column, width in zip("ABCDEF", _WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width


def _counted_heads(language: Language) -> list[str]:
    if language == "zh":
        return ["得分", "等级", "错误", "警告", "说明", "核对过的数", "没有可核对的数"]
    return ["score", "grade", "errors", "warnings", "notes", "numbers checked", "not checked"]


def _line(summary: AuditedFile, kinds: Sequence[str]) -> list[object]:
    """Return the line of a file."""
    by_code = Counter(finding.code for finding in summary.findings)
    counts = list(map(summary.count, ("error", "warning", "note")))
    checked = [summary.checked, summary.unchecked]
    told = [by_code[kind] or None for kind in kinds]
    about = (clean(summary.name), _number(summary.score), summary.told.grade)
    return [*about, *counts, *checked, *told]


def _number(score: str) -> object:
    """Return a score as a number, by which files can be sorted; as it is written if it is none."""
    match = re.fullmatch(r"([0-9.]+)\s*分?", score)
    return Decimal(match[1]) if match is not None else score


def _row(name: str, finding: Finding, language: Language) -> list[object]:
    return [
        name,
        place_text(finding.span, language),
        finding.severity,
        finding.code,
        message(finding, language),
        help_text(finding, language),
    ]


def _fill(sheet: Worksheet, rows: Iterable[Sequence[object]]) -> None:
    """Write rows, the first as heads; a text stays a text even if it begins like a formula."""
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 - an extra

    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            cell.value = value  # type: ignore[assignment]
            if isinstance(value, str):
                cell.data_type = "s"
                cell.quotePrefix = begins_formula(value)  # one that is edited stays a text
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
