"""The rows of an overview as readers get them: order, names, cells, what they are chosen by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from operator import attrgetter
from typing import Any, NamedTuple
from urllib.parse import quote

from reportgen.features.overview.charts import grade_rank
from reportgen.features.overview.sentences import texts_of
from reportgen.features.overview.values import (
    STAGES,
    USUAL_FULL_SCORE,
    FindingCount,
    Item,
    Overview,
    OverviewRow,
    Trend,
)
from reportgen.features.overview.words import (
    ITEM_WORDS,
    STAGE_WORDS,
    figure_text,
    reason_text,
)
from reportgen.findings.codes import CODES, Language
from reportgen.model.rules import Severity

COLUMNS: tuple[Item, ...] = (
    "score",
    "grade",
    "execution_rate",
    "three_public_change",
    "three_public_growth",
)
"""The figures that the table of reports has."""
_CODE = attrgetter("code")
_UNBROKEN = "\u00a0"
"""A blank at which no line ends."""
_FRAGMENT = ".fragment.html"
"""How the name of a page without its frame ends."""
_SEVERITIES: tuple[tuple[Severity, str], ...] = (
    ("error", "errors"),
    ("warning", "warnings"),
    ("note", "notes"),
)


class ListedCell(NamedTuple):
    """What a cell shows, and the number that it is sorted by; without one it comes last."""

    text: str
    key: str = ""


class CountedCode(NamedTuple):
    """How many findings of a code there are, in how many reports, and what it says of one."""

    found: FindingCount
    reports: int
    meaning: str


class ListedRows:
    """The rows by unit, each with the anchor that links of the page lead to."""

    def __init__(self, overview: Overview, language: Language, builds: str = "") -> None:
        self.language = language
        self.words = texts_of(language)
        self.builds = builds
        self.rows = sorted(overview.rows, key=_by_unit)
        self._years = overview.years
        self._anchors: dict[int, str] = {}
        for number, row in enumerate(self.rows, 1):
            self._anchors[id(row)] = f"r{number}"
        self._reasons: dict[int, list[str]] = defaultdict(list)
        for outlier in overview.outliers:
            self._reasons[id(outlier.row)].append(reason_text(outlier, language))
        self._continued = set(_continued(self.rows))
        self._kinds = _kinds(self.rows)

    @property
    def covers(self) -> str:
        """Return of how many units, which years and how many reports they are."""
        years = self._years
        span = f"{years[-1]}—{years[0]}" if len(years) > 1 else "".join(map(str, years))
        return self.words["covers"].format(
            units=len({row.unit or row.unit_name for row in self.rows} - {""}),
            years=span or self.words["no_year"],
            reports=len(set(map(_report, filter(_is_report, self.rows)))),
        )

    def reasons(self, row: OverviewRow) -> Sequence[str]:
        """Return by what a row stands out, in words."""
        return self._reasons[id(row)]

    def anchor(self, row: OverviewRow) -> str:
        """Return the name of a row in the page."""
        return self._anchors[id(row)]

    def year(self, year: int | None) -> str:
        """Return a year, or that it is not known."""
        return self.words["no_year"] if year is None else str(year)

    def year_of(self, row: OverviewRow) -> str:
        """Return the year of a row; a unit without reports has none."""
        return self.year(row.year) if _is_report(row) else self.words["dash"]

    def kind(self, row: OverviewRow) -> str:
        """Return what kind of report a row is, by which it is held to others, or its name.

        One that was not built is of the kind that it was in another year.
        """
        if not _is_report(row):
            return self.words["no_report"]
        other_year = self._kinds.get((row.unit, row.report), "")
        return row.peers or row.pack_name or other_year or row.report or row.title

    def of_table(self) -> Iterator[dict[str, Any]]:
        """Yield the rows as the template takes them."""
        for row in self.rows:
            stage = STAGE_WORDS[self.language][row.stage]
            filters = (
                *(unit_key(row), self.year_of(row), self.kind(row)),
                *(stage, row.figure("grade").text),
            )
            yield {
                "anchor": self.anchor(row),
                "filters": "\t".join(map(one_line, filters)),
                "codes": " ".join(dict.fromkeys(map(_CODE, row.findings))),
                "unit": name_of_unit(row),
                "year": ListedCell(self.year_of(row), str(row.year or "")),
                "kind": self.kind(row),
                "details": list(filter(None, (row.part, row.source))),
                "link": self._link(row),
                "stage": ListedCell(stage, str(STAGES.index(row.stage))),
                "changed": self.words["changed"] if row.changed else "",
                "cells": [self._cell(row, item) for item in COLUMNS],
                "findings": self._findings(row),
                "reasons": self.reasons(row),
            }

    def _cell(self, row: OverviewRow, item: Item) -> ListedCell:
        """Return the cell of a figure."""
        figure = row.figure(item)
        if figure.state != "stated":
            return ListedCell(absent_text(row, item, self.language))
        if item == "grade":
            return ListedCell(figure.text, str(grade_rank(figure.text)))
        return ListedCell(figure.text + self._full(row, item), _key(figure.value))

    def _full(self, row: OverviewRow, item: Item) -> str:
        """Return of how many a score is, where it is not of a hundred."""
        full = row.figure("full_score")
        if item != "score" or full.number in (None, USUAL_FULL_SCORE):
            return ""
        return self.words["full"].format(full=full.text)

    def _findings(self, row: OverviewRow) -> ListedCell:
        """Return the cell of the findings of a row, sorted by the gravest first."""
        uncounted = self.uncounted(row)
        if uncounted:
            return ListedCell(uncounted)
        texts: list[str] = []
        key = 0
        for severity, words in _SEVERITIES:
            count = row.count(severity)
            key = key * 10_000 + count
            if count:
                told = self.words["counted"].format(what=self.words[words], count=count)
                texts.append(told.replace(" ", _UNBROKEN))
        return ListedCell(self.words["between"].join(texts) or self.words["none"], str(key))

    def uncounted(self, row: OverviewRow) -> str:
        """Return why the findings of a row are not counted there, "" where they are."""
        if row.stage == "not built":
            return STAGE_WORDS[self.language]["not built"]
        return self.words["continued"] if id(row) in self._continued else ""

    def _link(self, row: OverviewRow) -> str:
        """Return the address of the page of a report, where there is one."""
        for path in row.files if self.builds else ():
            if path.endswith(".html") and not path.endswith(_FRAGMENT):
                return self.builds + quote(path)
        return ""


def choices(rows: ListedRows, overview: Overview) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """Yield what reports can be chosen by: a name, a label, and each value with its text."""
    words = rows.words
    units: dict[str, str] = {}
    years: dict[str, str] = {}
    kinds: dict[str, str] = {}
    grades: dict[str, str] = {}
    for row in rows.rows:
        units[one_line(unit_key(row))] = name_of_unit(row)
        years[rows.year_of(row)] = rows.year_of(row)
        kinds[one_line(rows.kind(row))] = rows.kind(row)
        grade = row.figure("grade").text
        grades[one_line(grade)] = grade
    yield "unit", words["unit"], units
    yield "year", words["year"], dict(sorted(years.items(), reverse=True))
    yield "kind", words["report"], dict(sorted(kinds.items()))
    stages = [STAGE_WORDS[rows.language][each] for each in STAGES if overview.stages[each]]
    yield "stage", words["stage"], _themselves(stages)
    grades.pop("", "")
    ranked = dict(sorted(grades.items(), key=_by_grade))
    yield "grade", ITEM_WORDS[rows.language]["grade"], ranked
    codes = sorted(set(map(_CODE, overview.findings)))
    if codes:
        yield "code", words["findings"], _themselves(codes)


def is_of_peers(trend: Trend) -> bool:
    """Return whether a trend is that of a peer group, and not of one report."""
    return not (trend.unit or trend.unit_name or trend.report)


def findings_told(overview: Overview, language: Language) -> Iterator[CountedCode]:
    """Yield the findings of all reports by code, the most frequent first."""
    reports: dict[tuple[str, str], int] = defaultdict(int)
    for row in overview.rows:
        for each in row.findings:
            reports[each.code, each.severity] += 1
    for each in overview.findings:
        yield CountedCode(each, reports[each.code, each.severity], _meaning(each, language))


def _meaning(found: FindingCount, language: Language) -> str:
    """Return what a code says of a report, in its first sentence."""
    code = CODES.get(found.code)
    if code is None:
        return ""
    stop = "。" if language == "zh" else ". "
    return code.about[language].partition(stop)[0].rstrip(".")


def _themselves(values: Sequence[str]) -> Mapping[str, str]:
    return dict(zip(values, values, strict=True))


def _by_grade(grade: tuple[str, str]) -> tuple[int, str]:
    return grade_rank(grade[1]), grade[1]


def _report(row: OverviewRow) -> tuple[object, ...]:
    return row.unit, row.year, row.report, row.source


def _kinds(rows: Sequence[OverviewRow]) -> dict[tuple[str, str], str]:
    """Return of what kind each report of a unit is, in the last year that says so."""
    kinds: dict[tuple[str, str], str] = {}
    for row in rows:
        if row.peers and row.report:
            kinds.setdefault((row.unit, row.report), row.peers)
    return kinds


def _is_report(row: OverviewRow) -> bool:
    """Return whether a row is a report, and not a unit without any."""
    return bool(row.report or row.source)


def _continued(rows: Sequence[OverviewRow]) -> Iterator[int]:
    """Yield by what they are the rows of further projects of a report that a row was of before."""
    seen: set[tuple[object, ...]] = set()
    for row in rows:
        if row.part and _report(row) in seen:
            yield id(row)
        seen.add(_report(row))


def absent_text(row: OverviewRow, item: Item, language: Language) -> str:
    """Return why a row has no figure: that it was not built, or as the figure says."""
    figure = row.figure(item)
    if row.stage == "not built" and figure.state == "unknown":
        return STAGE_WORDS[language]["not built"]
    return figure_text(figure, language)


def _by_unit(row: OverviewRow) -> tuple[object, ...]:
    return unit_key(row), row.unit_name, -(row.year or 0), row.report, row.source


def unit_key(row: OverviewRow) -> str:
    """Return what tells a unit from others: its folder, its name, or the file that names none."""
    return row.unit or row.unit_name or row.source


def name_of_unit(row: OverviewRow) -> str:
    """Return the name of the unit of a row, or of its file where it is not known."""
    return row.unit_name or row.unit or row.source


def one_line(text: str) -> str:
    """Return a text as a value of a filter: tabs stand between these."""
    return " ".join(text.split())


def _key(value: Fraction | None) -> str:
    return "" if value is None else f"{float(value):.12g}"
