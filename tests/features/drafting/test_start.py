from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest

from logged import load, logged
from real_report import ROOT
from reportgen.features.drafting import start
from reportgen.features.packs.inspection import check_pack
from reportgen.findings import Diagnostics
from reportgen.load.formatting import reformat
from reportgen.load.groups import fields_of
from reportgen.load.schema import Rating
from reportgen.project.layout import ReportId, packs
from reportgen.project.source_files import SourceFiles
from small_project import reportgen

PACKS = packs(SourceFiles(ROOT))


def start_unit(files, unit, pack, year, report):
    needs = check_pack(files, pack, Diagnostics())
    return logged(start.start_unit, files, ReportId(unit, year, report), pack, needs)


@pytest.fixture
def root(tmp_path):
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    return tmp_path


@pytest.mark.parametrize("pack", PACKS)
def test_a_unit_started_from_any_pack_loads_and_says_what_to_fill_in(root, pack):
    files = SourceFiles(root)
    written, findings = start_unit(files, "changsha", pack, 2024, "department")
    assert not findings
    assert "data/changsha/unit.yaml" in written
    loaded, found = load(files, "changsha", 2024, "department")
    assert loaded is not None, found
    told = {f.span.path for f in found if f.code == "Y101"}
    facts = [p for p in written if p.endswith(".yaml") and "待填" in (root / p).read_text("utf-8")]
    assert set(facts) <= told


@pytest.mark.parametrize("pack", PACKS)
def test_what_is_written_is_in_the_usual_form(root, pack):
    files = SourceFiles(root)
    written, _ = start_unit(files, "changsha", pack, 2024, "department")
    log = Diagnostics()
    assert reformat(files, written, log) == ()
    assert not log


def test_what_is_there_is_never_touched(root):
    unit = root / "data/changsha/unit.yaml"
    unit.parent.mkdir(parents=True)
    unit.write_text("name: 某局\n", "utf-8")
    files = SourceFiles(root)
    written, _ = start_unit(files, "changsha", PACKS[0], 2024, "department")
    assert "data/changsha/unit.yaml" not in written
    assert unit.read_text("utf-8") == "name: 某局\n"
    again, findings = start_unit(files, "changsha", PACKS[0], 2024, "department")
    assert (again, [f.code for f in findings]) == ((), ["Y102"])
    more, findings = start_unit(files, "changsha", PACKS[0], 2024, "special-fund")
    assert more
    assert not findings


@pytest.mark.parametrize(
    ("unit", "pack", "code"),
    [("../x", PACKS[0], "Y104"), ("长沙", PACKS[0], "Y104"), ("changsha", "no/pack", "L127")],
)
def test_bad_names_write_nothing(root, unit, pack, code):
    written, findings = start_unit(SourceFiles(root), unit, pack, 2024, "department")
    assert (written, [f.code for f in findings]) == ((), [code])
    assert not (root / "data").exists()


def test_folder_of_the_report_comes_last_so_that_a_killed_run_can_be_repeated(root, monkeypatch):
    year = root / "data" / "changsha" / "2024"
    year.mkdir(parents=True)
    placed, replace = [], Path.replace
    monkeypatch.setattr(Path, "replace", lambda *two: placed.append(two[1]) or replace(*two))
    start_unit(SourceFiles(root), "changsha", PACKS[0], 2024, "department")
    assert {path.suffix for path in placed[:-1]} == {".yaml"}
    assert placed[-1] == year / "department"


def test_command_tells_what_it_wrote(root):
    arguments = ("--unit", "changsha", "--pack", PACKS[0], "--year", "2024", "--lang", "zh")
    done = reportgen("init", "--root", root, *arguments)
    assert done.code == 0
    assert "data/changsha/2024/department/report.yaml" in done.out.splitlines()


def outcomes(root, pack):
    shutil.rmtree(root / "data", ignore_errors=True)
    start_unit(SourceFiles(root), "changsha", pack, 2024, "department")
    return (root / "data/changsha/2024/outcomes.yaml").read_text("utf-8")


def test_what_a_pack_loops_over_is_a_table_with_the_columns_it_reads(root):
    text = outcomes(root, "yueyang/emergency-supplies-2021")
    assert "\n  evaluators: []" in text
    assert "  #   - {id: example, name: 名称, employer: , position: }" in text


def test_rows_that_a_pack_names_are_there_to_fill_in(root):
    text = outcomes(root, "yiyang/special-fund-2022")
    row = next(line for line in text.splitlines() if "id: fiscal" in line)
    assert "initial: " in row
    assert "budget: " in row
    assert "id: carry_over" in text


def test_columns_of_amounts_have_their_unit_below_the_tables(root):
    text = outcomes(root, "yiyang/special-fund-2022")
    assert "units:" in text
    assert "  funding: {budget: 万元, initial: 万元, outturn: 万元}   # 待确认" in text


def test_own_tables_have_the_columns_to_type_and_none_that_is_worked_out(root):
    lines = outcomes(root, "national/project-self-rating").splitlines()
    shown = {}
    for name, line in itertools.pairwise(lines):
        if "- {id: example" in line:
            cells = line.partition("{")[2].rstrip("}").split(", ")
            shown[name.partition(":")[0].strip()] = {cell.partition(":")[0] for cell in cells}
    assert shown["projects"] == {"id", "name", "department", "implementer", "goal", "achievement"}
    assert {"points", "actual", "nature", "level", "score", "project"} <= shown["indicators"]
    assert "  #   - {id: example, name: 名称, seq: }" in outcomes(root, "huaihua/special-fund-2022")
    text = outcomes(root, "yueyang/department-2021")
    assert "income" not in text.partition("institutions: []")[2].splitlines()[1]


def test_what_a_pack_only_counts_is_a_list(root):
    assert "\n  aspects: []" in outcomes(root, "yiyang/special-fund-2022")


def test_an_indicator_has_a_line_for_each_fact_of_the_schema(root):
    start_unit(SourceFiles(root), "changsha", "yueyang/emergency-supplies-2021", 2024, "department")
    text = (root / "data/changsha/2024/department/ratings.yaml").read_text("utf-8")
    first = text.split("  - id: ")[1].splitlines()[1:]
    shown = {line.split(":")[0].strip(): line for line in first}
    fields = {n: f for n, f in fields_of(Rating).items() if n not in {"id", "checks"}}
    assert shown.keys() == fields.keys()
    assert all(str(field.title) in shown[name] for name, field in fields.items())
