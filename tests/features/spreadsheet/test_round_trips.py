"""What goes out comes back: exports, built files, one changed cell; written as `fmt` writes it."""

from __future__ import annotations

import io
import re
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from workbooks import FUNDS, book, changes, imported

from outcome import render
from real_report import ROOT, job
from reportgen.features.spreadsheet.exporting import export
from reportgen.features.spreadsheet.importing import plan, save
from reportgen.features.spreadsheet.matching import Request
from reportgen.findings import Diagnostics
from reportgen.load.formatting import authored, reformat
from reportgen.model.units import find_unit
from reportgen.project.source_files import SourceFiles
from small_project import SmallProject

NAMES = {"training": "业务培训经费", "survey": "行业普查经费", "chains": "产业链专项资金"}
AMOUNTS = st.decimals(0, 9_999, places=2)
TEN_THOUSAND = find_unit("万元")


@pytest.fixture
def project(tmp_path):
    return SmallProject.copied(tmp_path / "project")


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    return SmallProject.copied(tmp_path_factory.mktemp("round") / "project")


def exported(project):
    return export(project.job(), SourceFiles(project.root), Diagnostics())


def again(project, raw, **options):
    files = SourceFiles(project.root)
    return plan(files, Request("表.xlsx", raw, "bureau", 2023, **options))


# Exports


@given(amounts=st.lists(AMOUNTS, min_size=3, max_size=3))
@settings(max_examples=15, deadline=None)
def test_any_export_comes_back_unchanged(shared, amounts):
    lines = ["funds:"]
    for (key, name), amount in zip(NAMES.items(), amounts, strict=True):
        row = f"id: {key}, name: {name}, category: 业务工作经费, source: 市级, outturn: {amount}"
        lines.append(f"  - {{{row}}}")
    shared.write(FUNDS, "\n".join(lines) + "\n")
    result = again(shared, exported(shared))
    assert (result.failed, result.after) == (False, {})
    assert len(result.cells) > 10


@given(key=st.sampled_from(sorted(NAMES)), amount=st.decimals(1, 99, places=2))
@settings(max_examples=15, deadline=None)
def test_one_changed_cell_changes_that_value_alone(tmp_path_factory, key, amount):
    project = SmallProject.copied(tmp_path_factory.mktemp("one") / "project")
    made = load_workbook(io.BytesIO(exported(project)))
    sheet = made["资金与项目"]
    (row,) = [line for line in sheet.iter_rows(min_row=3) if line[1].value == NAMES[key]]
    (column,) = [cell.column for cell in sheet[2] if str(cell.value).startswith("决算数")]
    before = row[column - 1].value
    row[column - 1].value = float(amount)
    packed = io.BytesIO()
    made.save(packed)
    result = again(project, packed.getvalue())
    wanted = [] if float(amount) == before else [f"funds.{key}.outturn"]
    assert list(changes(result)) == wanted
    removed = [line for line in result.diff.splitlines() if line.startswith("-  ")]
    assert len(removed) == len(wanted)


# Files as they were built


@cache
def built(kind):
    return render(job(formats=(kind,), audience="submit"), SourceFiles(ROOT)).made[kind]


@pytest.mark.parametrize("kind", ["docx", "pdf", "html"])
def test_tables_of_a_built_report_give_its_facts_and_change_none(kind):
    request = Request(f"department.{kind}", built(kind), "huaihua", 2023)
    result = plan(SourceFiles(ROOT), request)
    assert (result.failed, result.after) == (False, {})
    assert {cell.result for cell in result.cells} == {"same", "derived"}
    keys = {cell.key for cell in result.cells}
    assert "funds.energy_saving.outturn" in keys
    assert "funds.foreign.outturn" not in keys
    assert "three_public.reception.outturn" in keys
    assert {"staffing.quota.value", "buildings.actual_area.value", "厉行节约保障措施.value"} <= keys
    assert len(keys) > 40


@pytest.mark.parametrize("kind", ["docx", "pdf", "html"])
def test_indicators_of_a_built_report_come_back_with_what_they_cite(kind):
    request = Request(f"department.{kind}", built(kind), "huaihua", 2023, report="department")
    result = plan(SourceFiles(ROOT), request)
    assert (result.failed, result.after) == (False, {})
    assert {cell.result for cell in result.cells} <= {"same", "kept"}
    assert len(result.cells) > 80


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_table_of_a_built_file_changes_facts_where_they_differ(tmp_path, kind):
    from real_report import copied

    root = copied(tmp_path)
    path = root / "data/huaihua/2023/funds.yaml"
    path.write_text(path.read_text("utf-8").replace("outturn: 7.2}", "outturn: 6.5}"), "utf-8")
    request = Request(f"department.{kind}", built(kind), "huaihua", 2023)
    result = plan(SourceFiles(root), request)
    assert changes(result) == {"funds.energy_saving.outturn": ("6.5", "7.2")}
    (cell,) = [cell for cell in result.cells if cell.result == "changed"]
    assert re.search(r"t\d+r\d+c8$", cell.span.place)


# The usual form


@given(amounts=st.lists(st.none() | AMOUNTS, min_size=3, max_size=3), new=st.booleans())
@settings(max_examples=15, deadline=None)
def test_fmt_changes_nothing_after_an_import(tmp_path_factory, amounts, new):
    project = SmallProject.copied(tmp_path_factory.mktemp("usual") / "project")
    files = SourceFiles(project.root)
    for change in reformat(files, authored(project.root), Diagnostics()):
        project.write(change.path, change.new)
    lines = [
        (name, "专项资金", "市级", None if amount is None else float(amount))
        for name, amount in zip(NAMES.values(), amounts, strict=True)
    ]
    if new:
        lines.append(("新设的" + "很长的" * 30 + "经费", "专项资金", "上级", 3))
    made = book(["项目名称", "类别", "资金来源", "到位数"], *lines)
    result = imported(project, made)
    assert not result.failed
    save(project.files, result)
    assert reformat(SourceFiles(project.root), authored(project.root), Diagnostics()) == ()


# 待填


@pytest.mark.parametrize(
    ("before", "row", "after"),
    [
        ("{outturn: }   # 待填", 1, "{outturn: 1}\n"),
        ("{outturn: }   # 年终数 待填（万元）", 1, "{outturn: 1}   # 年终数\n"),
        ("{outturn: }   # 待确认、待填", 1, "{outturn: 1}   # 待确认\n"),
        ("{initial: , outturn: }   # 待填", 1, "{initial: , outturn: 1}   # 待填\n"),
        ("{outturn: 2}   # 待填写的都有了", 1, "{outturn: 1}   # 待填写的都有了\n"),
    ],
)
def test_mark_of_what_is_to_be_filled_in_goes_with_the_last_blank(project, before, row, after):
    project.write(
        "data/bureau/2023/accounts.yaml",
        f"operating:\n  total: {{outturn: 9}}\n  office: {before}\n"
        "  utilities_travel: {outturn: }\n  meetings_training: {outturn: }\n",
    )
    result = imported(project, book(["项目", "决算数"], ["办公费", row]), into="operating")
    text = result.after["data/bureau/2023/accounts.yaml"].replace("万元}", "}")
    assert f"office: {after}" in text
