"""The command overview: what it prints, what it writes, and how it ends."""

from __future__ import annotations

import json
import os
from fractions import Fraction
from pathlib import Path
from urllib.parse import unquote

import lxml.html
import pytest

from overviews import overview_part, told, written
from scanner import scan
from small_project import reportgen
from spelled_numbers import secret
from spellings import leaks_in


@pytest.fixture
def builds(tmp_path: Path) -> Path:
    folder = tmp_path / "build"
    for unit, rate in (("乙", "90%"), ("甲", "135.47%")):
        figures = told(unit=f"{unit}局", score="98.5分", execution_rate=rate)
        entry = overview_part(figures, findings=[["R302", "warning", 2]])
        written(folder, f"{unit}/2023/department", "internal", entry)
    written(folder, "甲/2023/department", "public", entry | {"shown": told(score="不公开")})
    return folder


def run(builds: Path, *arguments: object):
    return reportgen("overview", builds, "--root", builds.parent, "--lang", "zh", *arguments)


def test_it_prints_a_line_a_report_and_what_stands_out(builds: Path) -> None:
    ran = run(builds)
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert [line.split()[:4] for line in lines[1:3]] == [
        ["乙局", "2023", "department", "草稿"],
        ["甲局", "2023", "department", "已公开"],
    ]
    assert lines[-1] == "甲/2023/department  甲局  预算执行率135.47%，超过100%"


def test_for_the_public_it_prints_what_public_versions_print(builds: Path) -> None:
    out = run(builds, "--audience", "public").out
    assert "不公开" in out and "98.5" not in out and "乙局" not in out and "警告" not in out


def test_it_writes_tables_named_by_their_audience(builds: Path, tmp_path: Path) -> None:
    ran = run(builds, "--csv", "--out", tmp_path / "out")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert ran.code == 0
    assert names == [
        f"overview.internal.{n}.csv"
        for n in ("findings", "groups", "outliers", "reports", "trends")
    ]
    before = [path.read_bytes() for path in sorted((tmp_path / "out").iterdir())]
    run(builds, "--csv", "--out", tmp_path / "out")
    assert [path.read_bytes() for path in sorted((tmp_path / "out").iterdir())] == before


def test_it_writes_a_page_and_a_workbook_named_by_their_audience(
    builds: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    for _ in range(2):
        ran = run(builds, "--html", "--xlsx", "--audience", "public", "--out", out)
        assert ran.code == 0
    page, workbook = out / "overview.public.html", out / "overview.public.xlsx"
    assert ran.out.split()[-2:] == [str(page), str(workbook)]
    assert workbook.read_bytes().startswith(b"PK")
    for data in (page.read_bytes(), workbook.read_bytes()):
        text = scan(data)
        assert "不公开" in text
        assert leaks_in(text, secret(Fraction("98.5"), "分")) == set()
        assert "乙局" not in text and "R302" not in text


def test_what_is_kept_from_the_public_changes_no_byte_of_its_page_and_workbook(
    tmp_path: Path,
) -> None:
    written_files = []
    for score, rate in (("98.5分", "61.2%"), ("61.25分", "8.75%")):
        folder = tmp_path / score / "build"
        for unit in "abcde":
            inside = told(score=score, execution_rate=rate, grade="优")
            shown = told(score="不公开", execution_rate="未印出", grade="优")
            entry = overview_part(inside, findings=[["R302", "warning", 2]], shown=shown)
            written(folder, f"{unit}/2023/department", "public", entry)
        out = tmp_path / score / "out"
        assert run(folder, "--html", "--xlsx", "--audience", "public", "--out", out).code == 0
        written_files.append([path.read_bytes() for path in sorted(out.iterdir())])
    assert len(written_files[0]) == 2
    assert written_files[0] == written_files[1]


def test_the_page_links_to_the_reports_from_where_it_stands(builds: Path, tmp_path: Path) -> None:
    run(builds, "--html", "--out", tmp_path / "a" / "b")
    page = lxml.html.fromstring((tmp_path / "a/b/overview.internal.html").read_bytes())
    links = page.xpath("//table[@id='table']//a/@href")
    assert len(links) == 2
    assert all((tmp_path / "a/b" / unquote(link)).is_file() for link in links)


def test_json_is_one_object_with_the_problems(builds: Path) -> None:
    (builds / "2023/甲/internal/manifest.json").write_text("{")
    ran = run(builds, "--output-format", "json")
    made = json.loads(ran.out)
    assert [each["code"] for each in made["problems"]] == ["O102"]
    assert [row["unit"] for row in made["rows"]] == ["乙", "甲"]
    assert ran.code == 0


def test_json_for_others_names_no_files_but_beside_it(builds: Path) -> None:
    (builds / "2023/甲/disclosure/manifest.json").write_text("{")
    ran = run(builds, "--audience", "public", "--output-format", "json")
    assert "problems" not in json.loads(ran.out) and str(builds) not in ran.out
    assert "O102" in ran.err


def test_without_any_build_it_ends_with_1_and_says_what_to_do(tmp_path: Path) -> None:
    ran = run(tmp_path / "build")
    assert ran.code == 1
    assert "O101" in ran.out and "reportgen build" in ran.out


def test_a_folder_that_cannot_be_written_is_a_finding_and_nothing_is_half_written(
    builds: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("a file")
    ran = run(builds, "--csv", "--out", tmp_path / "out" / "x")
    assert ran.code == 1
    assert "W20" in ran.out
    assert (tmp_path / "out").read_text() == "a file"


def test_many_lines_are_cut_and_said_to_be(tmp_path: Path) -> None:
    for number in range(45):
        written(tmp_path, f"u{number:02}/2023/department", "internal", overview_part(told()))
    assert "另有 5 行" in run(tmp_path).out
    assert "另有" not in run(tmp_path, "--verbose").out


def test_files_of_others_are_audited_and_listed_with_the_builds(builds: Path) -> None:
    folder = builds.parent / "上报"
    folder.mkdir()
    title = "2023年度丙市水利局部门整体支出绩效自评报告"
    (folder / "丙.txt").write_text(f"{title}\n自评得分95分，评价等级为优。预算执行率为55%。\n")
    (folder / "坏.docx").write_bytes(b"PK\x03\x04no archive")
    ran = run(builds, "--audits", folder)
    assert "丙.txt  丙市水利局  预算执行率55%，低于60%" in ran.out
    assert "外来文件" in ran.out and "95分" in ran.out
    assert ran.code == 1 and "坏.docx: error[" in ran.out


def test_a_misspelt_folder_is_told_and_the_project_not_listed_as_never_built(small) -> None:
    root = ("--root", small.root, "--lang", "zh")
    assert "未生成" in reportgen("overview", *root).out
    ran = reportgen("overview", small.root / "biuld", *root)
    assert ran.code == 1
    assert "O101" in ran.out and "未生成" not in ran.out


def test_files_of_others_are_for_those_inside_alone(builds: Path) -> None:
    ran = run(builds, "--audience", "public", "--audits", builds)
    assert ran.code == 2 and "--audits" in ran.err


def test_a_folder_without_any_file_to_audit_is_told(builds: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ran = run(builds, "--audits", tmp_path / "empty")
    assert ran.code == 1 and "A509" in ran.out


def test_names_that_no_file_can_hold_are_written_out_in_every_output(
    builds: Path, tmp_path: Path
) -> None:
    odd = os.fsdecode(os.fsencode(builds / "2023") + b"/\xff\x01")
    (builds / "2023/乙").rename(odd)
    folder = tmp_path / "上报"
    folder.mkdir()
    name = os.fsencode(folder) + b"/\xfe.txt"
    Path(os.fsdecode(name)).write_text("2023年度丙市水利局部门整体支出绩效自评报告\n得分95分。\n")
    for audience in ((), ("--audits", folder)):
        ran = run(builds, *audience, "--csv", "--html", "--xlsx", "--out", tmp_path / "out")
        assert ran.code == 0, ran.err
    assert "<U+DCFF>" in run(builds, "--output-format", "json").out
    ran = reportgen("audit", folder, folder, "--html", "--xlsx", "--out", tmp_path / "audit")
    assert ran.code == 0, ran.err
