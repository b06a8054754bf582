"""Holds score sheets to themselves and to the text: reasons, results, totals, grades."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from reportgen.features.audit.comparisons import Bounds, Recomputation, exact, judged, total
from reportgen.features.audit.statements import DocumentClaim, DocumentClaims
from reportgen.features.audit.table_numbers import TableNumbers, tables_of
from reportgen.findings import Finding, finding
from reportgen.model.reading import DocumentNumber, ReadCell, Reading

TOTAL_SCORE, GROUP = "A112", "A107"
_LAST_HEAD = "[^/]*$"
"""The rest of the lowest head of a column."""
_COLUMNS = {
    "points": re.compile(rf"(?:分值|权重|满分|标准分|权数){_LAST_HEAD}"),
    "score": re.compile(rf"(?:得分|评分(?!标准)|自评分){_LAST_HEAD}"),
    "target": re.compile(rf"(?:年度指标值|指标值|目标值|年初目标|绩效目标){_LAST_HEAD}"),
    "result": re.compile(rf"(?:实际完成|完成值|完成情况|全年完成|实现情况){_LAST_HEAD}"),
    "reason": re.compile(rf"(?:原因|扣分说明|偏差|改进措施|扣分依据){_LAST_HEAD}"),
}
"""The columns of a score sheet by what stands in their heads (财预〔2020〕10号, 附件)."""
_INDICATOR = re.compile("指标(?!值)|项目|内容")
_GROUP_POINTS = re.compile(r"[（(]\s*(?P<points>[0-9]{1,3}(?:\.[0-9]{1,2})?)\s*分\s*[)）]\s*$")
_TOTAL = re.compile("总分|合计|总得分|总计")
_BANDS: tuple[tuple[int, frozenset[str]], ...] = (
    (90, frozenset(["优", "优秀"])),
    (80, frozenset(["良", "良好"])),
    (60, frozenset(["中", "一般", "合格"])),
    (0, frozenset(["差", "较差", "不合格"])),
)
"""Grades by the least score of each (财预〔2020〕10号, 第十七条)."""
_GRADE = re.compile(
    r"(?:等级|等次|级别|档次|评价)(?:结果)?(?:为|是|评为|定为|：|:)?\s*[“\"]?"
    r"(?P<grade>优秀|优|良好|良|中|一般|合格|差|较差|不合格)(?![\u4e00-\u9fff]{0,1}化)[”\"]?"
)
_OVERALL = re.compile("自评(?:综合)?得分|综合得分|总得分|总分|自评分|得分")
_PARTIAL = re.compile("指标|产出|效益|效果|过程|投入|决策|管理|满意|执行|扣|标准")
_GRADE_FAR = 40
_OWN_NUMBER = re.compile("^(?!100[%％]?$)[^≥≤><以不]*[0-9]")
"""What a result is that somebody measured: a number, neither all of something nor a bound."""
_MANY_ALIKE = 4
_ALL_POINTS = 100


class _Sheet(NamedTuple):
    """A score sheet: its numbers, and the column of each kind."""

    numbers: TableNumbers
    columns: dict[str, int]

    def text(self, row: int, kind: str) -> str:
        """Return the text of a row in the column of a kind, "" where the sheet has none."""
        return self.numbers.text(row, self.columns[kind]) if kind in self.columns else ""


def check_scores(reading: Reading, statements: DocumentClaims) -> Iterator[Finding]:
    """Yield what is wrong with rows of score sheets, and grades that do not fit their score."""
    for sheet in _sheets(reading):
        yield from _rows(sheet)
        yield from _results_as_targets(sheet)
    for statement in filter(_is_overall, statements.every):
        yield from _misgraded(statement)


def overall_score(reading: Reading, statements: DocumentClaims) -> DocumentNumber | None:
    """Return the score of the whole report: as the text states it first, else that of its sheet."""
    for statement in filter(_is_overall, statements.every):
        return statement.number
    totals = list(filter(None, map(_total, _sheets(reading))))
    return totals[0] if len(totals) == 1 else None


def overall_grade(statements: DocumentClaims) -> str:
    """Return the grade that the text states first with the score of the whole report."""
    grades = filter(None, map(_grade, filter(_is_overall, statements.every)))
    return next(grades, "")


def check_total_scores(reading: Reading, statements: DocumentClaims) -> Iterator[Recomputation]:
    """Yield each total score of the text against that of the score sheet, where there is one."""
    totals = list(filter(None, map(_total, _sheets(reading))))
    if len(totals) == 1:
        for statement in filter(_is_overall, statements.every):
            yield _same(statement.number, totals[0])


def _is_overall(statement: DocumentClaim) -> bool:
    """Return whether a score is that of a whole report, not of one of its parts."""
    claim = statement.claim
    is_named = _OVERALL.search(claim.lead) is not None and not _PARTIAL.search(claim.lead)
    return claim.role == "score" and is_named


def _same(stated: DocumentNumber, other: DocumentNumber) -> Recomputation:
    """Return a score of the text against that of the sheet, which counts 分 unless it says so."""
    unit = stated.unit
    value = other.value * unit.factor if unit is not None and other.unit is None else other.value
    whole = exact(replace(other, value=value))
    verdict = judged(stated, value, Bounds(value, value))
    return Recomputation(TOTAL_SCORE, stated, (whole,), other.text, value, verdict)


def check_group_points(reading: Reading) -> Iterator[Recomputation]:
    """Yield the points that the label of a group states against those of its rows: 过程（40分）."""
    for sheet in _sheets(reading):
        yield from _groups(sheet)


def _groups(sheet: _Sheet) -> Iterator[Recomputation]:
    """Yield the points that labels state before the column of points."""
    points = sheet.columns["points"]
    for cell in sheet.numbers.table.cells:
        match = _GROUP_POINTS.search(cell.text)
        if match is not None and cell.column < points and cell.row in sheet.numbers.rows:
            yield from _group_points(sheet, cell, match)


def _group_points(sheet: _Sheet, cell: ReadCell, label: re.Match[str]) -> Iterator[Recomputation]:
    """Yield the points that a cell states for its rows, where it has several with points."""
    rows = range(cell.row, cell.row + cell.rowspan)
    parts = sheet.numbers.among(rows, [sheet.columns["points"]])
    if len(parts) > 1:
        points = Fraction(label["points"])
        stated = DocumentNumber(label[0], points, Fraction(0), None, cell.span)
        yield total(GROUP, stated, [replace(part, unit=None) for part in parts])


def _sheets(reading: Reading) -> Iterator[_Sheet]:
    """Yield the tables that have a column of points and one of scores."""
    for numbers in tables_of(reading):
        columns: dict[str, int] = {}
        for kind, pattern in _COLUMNS.items():
            columns.update((kind, column) for column in numbers.headed(pattern)[:1])
        if "points" in columns and "score" in columns:
            yield _Sheet(numbers, columns)


def _rows(sheet: _Sheet) -> Iterator[Finding]:
    """Yield A116 for lost points without reason, A117 for full ones without a result."""
    numbers, columns = sheet
    for row in sorted(set(numbers.rows) - set(numbers.labelled(_TOTAL))):
        scored = numbers.points_and_score(row, columns["points"], columns["score"])
        if scored is not None:
            yield from _row(sheet, row, *scored)


def _row(
    sheet: _Sheet, row: int, points: DocumentNumber, score: DocumentNumber
) -> Iterator[Finding]:
    """Yield what is wrong with the row of one indicator."""
    label = _indicator(sheet, row)
    if score.value < points.value and _is_blank(sheet, row, "reason"):
        yield finding("A116", score.span, of=label, lost=f"{score.text} < {points.text}")
    if score.value == points.value > 0 and _is_blank(sheet, row, "result"):
        yield finding("A117", score.span, of=label, points=points.text)


def _results_as_targets(sheet: _Sheet) -> Iterator[Finding]:
    """Yield A120 for a sheet most of whose results repeat the numbers of their targets."""
    told = list(_targets_and_results(sheet))
    alike = [result for target, result in told if target == result]
    if len(alike) >= _MANY_ALIKE and len(alike) * 2 > len(told):
        yield finding("A120", sheet.numbers.table.span, count=len(alike), of=len(told))


def _targets_and_results(sheet: _Sheet) -> Iterator[tuple[str, str]]:
    """Yield the target and the result of each indicator whose result has a number of its own."""
    for row in sheet.numbers.rows:
        target, result = (sheet.text(row, kind).rstrip("。") for kind in ("target", "result"))
        if target and _OWN_NUMBER.search(result):
            yield target, result


def _indicator(sheet: _Sheet, row: int) -> str:
    """Return the name of the indicator of a row: the text in the last column of indicators."""
    numbers = sheet.numbers
    columns = range(sheet.columns["points"])
    named = [column for column in columns if _INDICATOR.search(numbers.head(column))]
    return numbers.text(row, named[-1])[:30] if named else numbers.label(row)[:30]


def _is_blank(sheet: _Sheet, row: int, kind: str) -> bool:
    """Return whether the sheet has such a column and it is blank in a row."""
    return kind in sheet.columns and not sheet.text(row, kind).strip("—-/无 ")


def _total(sheet: _Sheet) -> DocumentNumber | None:
    """Return the score in the row of totals."""
    for row in sheet.numbers.labelled(_TOTAL):
        return sheet.numbers.at(row, sheet.columns["score"])
    return None


def _misgraded(statement: DocumentClaim) -> Iterator[Finding]:
    """Yield A115 for a grade beside a score of 100 points that is in the band of another."""
    grade, score = _grade(statement), statement.number
    if grade and score.value <= _ALL_POINTS and grade not in _grades(score.value):
        expected = "、".join(sorted(_grades(score.value), key=len))
        span = statement.paragraph.span
        yield finding("A115", span, score=score.text, grade=grade, expected=expected)


def _grades(score: Fraction) -> frozenset[str]:
    """Return what a score of 100 points may be called."""
    return next(grades for least, grades in _BANDS if max(score, Fraction(0)) >= least)


def _grade(statement: DocumentClaim) -> str:
    """Return the grade that stands behind a score, "" where there is none."""
    end = statement.claim.number.end
    match = _GRADE.search(statement.paragraph.text, end, end + _GRADE_FAR)
    return match["grade"] if match is not None else ""
