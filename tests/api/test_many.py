"""Overviews, audits and sites by the interface for Python: as the commands give them."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from overviews import overview_part, told, written
from reportgen import Project, audit, overview
from small_project import reportgen

WRONG = "支出100万元，比上年80万元增加20万元，增长30%。自评得分95分，等级为优。\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    for unit, rate in (("乙", "90%"), ("甲", "135.47%")):
        entry = overview_part(told(unit=f"{unit}局", score="98.5分", execution_rate=rate))
        written(tmp_path / "build", f"{unit}/2023/department", "internal", entry)
    return Project(tmp_path)


def test_an_overview_prints_and_is_written_as_the_command_does_it(project, tmp_path):
    root = ("--root", project.root, "--lang", "zh")
    compared = project.overview()
    assert repr(compared) == reportgen("overview", *root).out.rstrip("\n")
    out = tmp_path / "out"
    assert reportgen("overview", *root, "--csv", "--xlsx", "--out", out).code == 0
    files = {path.name: path.read_bytes() for path in out.iterdir()}
    tables = {f"overview.internal.{name}.csv": data for name, data in compared.csv().items()}
    assert {**tables, "overview.internal.xlsx": compared.workbook()} == files
    assert reportgen("overview", *root, "--output-format", "json").out.strip() == compared.to_json()
    assert b"<table id=" in compared.page()


def test_rows_are_a_sequence_and_can_be_chosen(project):
    compared = project.overview(unit="甲")
    assert [row.unit_name for row in compared] == ["甲局"]
    assert compared[0].figure("execution_rate").text == "135.47%"
    assert compared[:1] == (compared[0],)
    assert compared.tables()["reports"][1][0] == "甲"


def test_a_project_knows_what_it_has_not_built_and_folders_of_builds_do_not(small):
    project = Project(small.root)
    assert [row.stage for row in project.overview()] == ["not built"]
    assert len(overview(project.out)) == 0


def test_where_nothing_was_built_findings_say_so(tmp_path):
    compared = Project(tmp_path).overview()
    assert len(compared) == 0
    assert [each.code for each in compared.findings] == ["O101"]
    assert "O101" in repr(compared)
    assert "O101" in compared._repr_html_()


def test_the_public_gets_no_drafts(project):
    assert len(project.overview("public")) == 0


def test_a_notebook_shows_a_table_without_markup_of_the_data(tmp_path):
    entry = overview_part(told(unit="<b>局", score="98.5分"))
    written(tmp_path / "build", "甲/2023/department", "internal", entry)
    shown = Project(tmp_path).overview()._repr_html_()
    assert "<td>&lt;b&gt;局</td>" in shown


def test_what_cannot_be_asked_is_refused(project, tmp_path):
    with pytest.raises(ValueError, match="internal, submit, public"):
        project.overview("Public")
    with pytest.raises(ValueError, match="those inside alone"):
        project.overview("public", audits=[tmp_path])
    with pytest.raises(ValueError, match="no folder"):
        overview()
    for question in (overview, audit):
        with pytest.raises(ValueError, match="zh, en"):
            question(tmp_path, language="fr")


def test_a_missing_package_is_named_with_what_installs_it(project, monkeypatch):
    monkeypatch.setattr("reportgen.project.extras.find_spec", lambda _name: None)
    with pytest.raises(ModuleNotFoundError, match="openpyxl"):
        project.overview().workbook()


def test_files_of_others_stand_among_the_reports_and_their_faults_are_told(project, tmp_path):
    sent = tmp_path / "sent"
    sent.mkdir()
    (sent / "某局.txt").write_text(WRONG, "utf-8")
    (sent / "坏.pdf").write_bytes(b"%PDF-1.7")
    compared = project.overview(audits=[sent])
    assert {row.source for row in compared if row.stage == "audited"} == {"某局.txt", "坏.pdf"}
    assert [each.code for each in compared.findings] == ["A501"]
    (row,) = [row for row in compared if row.source == "某局.txt"]
    assert row.figure("score").text == "95分"
    book = openpyxl.load_workbook(io.BytesIO(compared.workbook()))
    assert book.sheetnames[0] == "报告"


def test_an_audit_is_a_value_a_file_with_all_findings_in_their_order(tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(WRONG, "utf-8")
    audited = audit(tmp_path)
    assert [file.name for file in audited] == ["a.txt", "b.txt"]
    assert [file.told.grade for file in audited[:2]] == ["优", "优"]
    assert {each.code for each in audited.findings} == {"A102"}
    assert "b.txt" in audited._repr_html_()
    assert repr(audit(tmp_path / "a.txt", language="en")).endswith("1 error")


def test_an_audit_of_nothing_says_so(tmp_path):
    audited = audit(tmp_path)
    assert len(audited) == 0
    assert [each.code for each in audited.findings] == ["A509"]
    assert [each.code for each in overview(audits=[tmp_path]).findings] == ["A509"]


def test_a_site_that_cannot_be_made_says_why_and_one_that_stands_is_left(tmp_path):
    (tmp_path / "site.toml").write_text("names = 1\n", "utf-8")
    made = Project(tmp_path).site()
    assert not made.ok
    assert "U101" in repr(made)
    (tmp_path / "site.toml").unlink()
    refused = Project(tmp_path).site()
    assert (refused.ok, refused.change) == (False, None)
    assert "U" in refused._repr_html_()
