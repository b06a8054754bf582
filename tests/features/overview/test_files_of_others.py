"""Files of others take part in an overview with what was read out of them."""

from __future__ import annotations

from fractions import Fraction

from overviews import row
from reportgen.features.overview.audited import audited_row, without_twins
from reportgen.features.overview.peers import compared
from reportgen.features.overview.values import OverviewRow
from reportgen.features.overview.words import figure_text
from reportgen.findings import Diagnostics, finding
from reportgen.findings.renderers import message
from reportgen.model.reading import DocumentNumber, KeyFigures
from reportgen.model.source import SourceSpan
from reportgen.model.units import Unit, find_unit


def number(text: str, value: str, unit: str = "") -> DocumentNumber:
    found: Unit | None = find_unit(unit) if unit else None
    return DocumentNumber(text, Fraction(value), Fraction(0), found, SourceSpan("f"))


def bare(source: str = "甲.docx", unit: str = "甲局") -> OverviewRow:
    return OverviewRow("", 2023, "", "audited", unit_name=unit, peers="部门", source=source)


def test_numbers_keep_their_text_and_a_score_counts_points() -> None:
    rate = number("96.5%", "193/200", "%")
    told = KeyFigures(score=number("98.5", "98.5"), execution_rate=rate, grade="优")
    found = audited_row("甲.docx", told, [])
    assert [found.figure(item).text for item in ("score", "execution_rate", "grade")] == [
        *("98.5分", "96.5%", "优"),
    ]
    assert found.figure("three_public").state == "unknown"


def test_a_number_without_a_unit_is_shown_and_takes_no_part() -> None:
    rows = [
        row(f"u{n}", three_public_change=f"-{n}万元", about={"peers": "部门"}) for n in range(3)
    ]
    spent, before = number("11.44", "11.44"), number("11.62", "11.62")
    rate = number("96.5", "96.5")
    told = KeyFigures("题", "甲局", 2023, "部门", None, "", rate, spent, before)
    found = audited_row("甲.docx", told, [])
    assert [
        figure_text(found.figure(item), "zh")
        for item in ("three_public", "three_public_change", "execution_rate")
    ] == ["11.44（未写单位）", "未写单位", "96.5（未写单位）"]
    overview = compared("internal", [found, *rows])
    distribution = overview.groups[0].distribution("three_public_change")
    assert distribution is not None and distribution.count == 3
    assert not [each for each in overview.outliers if each.row.source]


def test_findings_are_counted_by_code() -> None:
    findings = [finding("A103"), finding("A103"), finding("A401")]
    found = audited_row("甲.docx", KeyFigures(), findings)
    assert [(each.code, each.count) for each in found.findings] == [("A103", 2), ("A401", 1)]


def test_audited_files_are_peers_of_built_reports() -> None:
    rows = [row(f"u{n}", score=f"9{n}分", about={"peers": "部门"}) for n in range(2)]
    told = KeyFigures("题", "甲局", 2023, "部门", number("90", "90"))
    (group,) = compared("internal", [*rows, audited_row("甲.docx", told, [])]).groups
    found = group.distribution("score")
    assert found is not None and found.count == 3


def test_two_files_of_one_report_count_once_and_both_are_listed() -> None:
    log = Diagnostics()
    rows = without_twins([bare("a.docx"), bare("b.docx"), bare("c.docx", "乙局")], [], log)
    assert [each.peers for each in rows] == ["部门", "", "部门"]
    assert [(each.code, each.span.path) for each in log] == [("O104", "b.docx")]


def test_a_file_of_a_built_report_does_not_count_beside_it() -> None:
    log = Diagnostics()
    about = {"peers": "部门", "unit_name": "湖南省云阳市 甲局"}
    built = [
        row("a", about=about),
        row("b", stage="not built", about={**about, "unit_name": "乙局"}),
    ]
    files = [bare("a.docx", "云阳市甲局"), bare("b.docx", "乙局")]
    assert [each.peers for each in without_twins(files, built, log)] == ["", "部门"]
    (told,) = log
    assert (told.code, told.params["path"]) == ("O104", "a.docx")
    assert told.params["other"] == "a/2023/department"
    assert "a/2023/department，a.docx；只算前一份" in message(told, "zh")


def test_files_that_say_nothing_of_themselves_are_no_twins() -> None:
    log = Diagnostics()
    rows = [bare("a.docx", ""), bare("b.docx", "")]
    assert without_twins(rows, [], log) == rows
    assert list(log) == []
