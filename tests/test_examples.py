"""The example packs: the national form of nine columns, a sheet for each project, HTML and Word."""

from __future__ import annotations

import io
import json
import re
import shutil
from pathlib import Path

import docx
import pytest

from outcome import build
from reportgen.features.packs.inspection import check_pack
from reportgen.findings import Diagnostics
from reportgen.flow.job import Job
from reportgen.model.document import Table
from reportgen.model.grid import place_cells
from reportgen.project.source_files import SourceFiles

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "docs/examples/project-self-rating"
REPORT = "project-self-rating"
PACKS = ("national/project-self-rating", "national/project-self-rating-word")
# Worked out by hand from the facts: points of the indicators, and of the execution rate in tens.
SCORES = {"road": "96.91", "bus": "90.7", "signs": "100"}
RATES = {"road": "99.06%", "bus": "84%", "signs": "100%"}


@pytest.fixture(params=PACKS)
def project(request, tmp_path):
    """Return a project with the example's facts, its report by one of the packs."""
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    shutil.copytree(EXAMPLE / "data", tmp_path / "data")
    file = tmp_path / f"data/example/2024/{REPORT}/report.yaml"
    file.write_text(re.sub("(?m)^pack: .*$", f"pack: {request.param}", file.read_text("utf-8")))
    return tmp_path


def built(project, *formats, audience="internal"):
    out = project / "build"
    job = Job(project, out, "example", 2024, REPORT, audience=audience, formats=formats)
    outcome = build(job)
    told = [(each.code, str(each.span)) for each in outcome.findings if each.severity != "note"]
    assert told == []
    return outcome


def tables(document):
    return [block for block in document.blocks if isinstance(block, Table)]


def test_each_project_has_a_sheet_of_nine_columns(project):
    outcome = built(project, "docx", "html")
    document = outcome.internal
    assert {len(table.widths) for table in tables(document)} == {9}
    assert all(place_cells(table) for table in tables(document))
    figures = {each["key"]: each for each in json.loads(outcome.files[f"{REPORT}.figures.json"])}
    for project_id, score in SCORES.items():
        assert figures[f"projects.{project_id}.total_score"]["text"] == score
        assert figures[f"projects.{project_id}.execution_rate"]["text"] == RATES[project_id]
    subtotal = figures["sum.indicators.project.road.level1.产出指标.points"]
    assert (subtotal["text"], len(subtotal["inputs"])) == ("50", 4)


def test_there_is_a_file_for_each_project_with_its_own_facts_alone(project):
    files = built(project, "docx").files
    names = {"road": "农村公路养护", "bus": "城乡公交一体化补助", "signs": "交通标志更新"}
    for project_id, name in names.items():
        document = docx.Document(io.BytesIO(files[f"{REPORT}.{project_id}.docx"]))
        texts = {cell.text for table in document.tables for cell in table._cells}
        assert name in texts
        assert not texts & (set(names.values()) - {name})
        assert SCORES[project_id] in texts


def test_public_version_builds_in_every_format(project):
    files = built(project, "docx", "html", "pdf", audience="public").files
    assert f"{REPORT}.pdf" in files


@pytest.mark.parametrize("pack", PACKS)
def test_pack_is_whole(pack):
    log = Diagnostics()
    needs = check_pack(SourceFiles(ROOT), pack, log)
    assert [each.code for each in log] == []
    assert {"projects", "project_funds", "indicators"} <= set(needs.facts)
    assert not any(column.endswith((".total", ".grade")) for column in needs.columns)
