from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from workbooks import book, changes, imported, sheet, told

from logged import logged
from outcome import draft
from real_report import ROOT
from reportgen.features.spreadsheet.exporting import export
from reportgen.features.spreadsheet.importing import plan
from reportgen.features.spreadsheet.matching import Request
from reportgen.findings import Diagnostics
from reportgen.flow.job import Job
from reportgen.project.source_files import SourceFiles
from small_project import HOME, REPORT, SmallProject, reportgen

REPORTS = [
    ("huaihua", 2023, "department"),
    ("huaihua", 2022, "special-fund"),
    ("yiyang", 2022, "special-fund"),
    ("yueyang", 2021, "department"),
    ("yueyang", 2021, "emergency-supplies"),
    ("yongzhou", 2020, "department"),
]
each_report = pytest.mark.parametrize("spec", REPORTS, ids=lambda spec: "-".join(map(str, spec)))


@cache
def exported(spec, audience="internal"):
    job = Job(ROOT, ROOT / "build", *spec, audience)
    data = export(job, SourceFiles(ROOT), Diagnostics())
    assert data is not None
    return data


@cache
def figures_of(spec):
    return draft(Job(ROOT, ROOT / "build", *spec), SourceFiles(ROOT)).ledger.figures


def opened(data, **options):
    return load_workbook(io.BytesIO(data), **options)


@pytest.fixture
def project(tmp_path):
    return SmallProject.copied(tmp_path / "project")


@each_report
def test_import_of_an_export_changes_nothing(spec):
    unit, year, _ = spec
    result = plan(SourceFiles(ROOT), Request("表.xlsx", exported(spec), unit, year))
    assert (result.failed, result.after) == (False, {})
    assert {cell.result for cell in result.cells} <= {"same", "derived"}
    assert len(result.cells) > 20


@each_report
def test_every_derived_figure_of_a_metric_is_a_live_formula(spec):
    made = opened(exported(spec))
    rows = list(made["指标"].iter_rows(min_row=3))
    known = figures_of(spec)
    static = [
        row[0].value
        for row in rows
        if row[3].data_type != "f"
        and known[row[0].value].value is not None
        and known[row[0].value].kind == "derived"
    ]
    assert static == []
    assert rows


@each_report
def test_figures_are_printed_as_in_the_report(spec):
    made = opened(exported(spec), data_only=True)
    figures = figures_of(spec)
    for row in made["指标"].iter_rows(min_row=3, values_only=True):
        assert (row[6] or "") == figures[row[0]].text, row[0]


@each_report
def test_public_workbook_has_forms_and_neither_formulas_nor_keys(spec):
    made = opened(exported(spec, "public"))
    assert not {"指标", "事实", "资金与项目", "上年和报告"} & set(made.sheetnames)
    cells = [c for ws in made.worksheets for row in ws.iter_rows() for c in row]
    assert not [c.coordinate for c in cells if c.data_type == "f"]


@pytest.mark.engine
def test_recalculated_workbooks_agree_with_the_reports(tmp_path):
    """LibreOffice works every formula out from nothing: the stored results are taken away.

    All reports in one run of it: its start costs more than a workbook.
    """
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no soffice")
    names = {"-".join(map(str, spec)) + ".xlsx": spec for spec in REPORTS}
    made = {name: opened(exported(spec)) for name, spec in names.items()}
    for name, each in made.items():
        each.save(tmp_path / name)
    out = tmp_path / "out"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    to = ["--convert-to", "xlsx", "--outdir", out, *(tmp_path / name for name in names)]
    command = [office, profile, "--headless", *to]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if not all((out / name).exists() for name in names):
        pytest.skip(f"this soffice opens no workbooks (no Calc): {done.stderr[-80:]}")
    for name, spec in names.items():
        ours = opened(exported(spec), data_only=True)
        theirs = load_workbook(out / name, data_only=True)
        for ws in made[name].worksheets:
            for cell in (c for row in ws.iter_rows() for c in row if c.data_type == "f"):
                mine = ours[ws.title][cell.coordinate].value or ""
                other = theirs[ws.title][cell.coordinate].value or ""
                if isinstance(mine, int | float) and isinstance(other, int | float):
                    other = pytest.approx(other, rel=1e-9, abs=1e-9)
                assert mine == other, (name, ws.title, cell.coordinate, cell.value)


def test_same_report_gives_the_same_bytes_without_clock_or_author():
    data = exported(REPORTS[0])
    again = export(Job(ROOT, ROOT / "build", *REPORTS[0]), SourceFiles(ROOT), Diagnostics())
    assert again == data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        core = archive.read("docProps/core.xml").decode()
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert core.count("2024-06-28T00:00:00Z") == 2
    assert "openpyxl" not in core


def test_forms_keep_their_merged_cells_and_print_on_a4():
    made = opened(exported(REPORTS[0]))
    form = made.worksheets[0]
    assert form.page_setup.paperSize == 9
    assert form.page_setup.fitToWidth == 1
    assert form.merged_cells.ranges
    assert form.print_title_rows


def test_changed_workbook_changes_one_line_of_yaml():
    made = opened(exported(REPORTS[0]))
    funds = made["资金与项目"]
    column = next(c.column for c in funds[2] if c.value == "决算数（万元）")
    row = next(r[0].row for r in funds.iter_rows() if r[0].value == "energy_saving")
    funds.cell(row, column).value = 8.25
    buffer = io.BytesIO()
    made.save(buffer)
    result = plan(SourceFiles(ROOT), Request("表.xlsx", buffer.getvalue(), "huaihua", 2023))
    assert changes(result) == {"funds.energy_saving.outturn": ("7.2", "8.25")}
    (path,) = result.after
    old, new = result.before[path].splitlines(), result.after[path].splitlines()
    assert sum(a != b for a, b in zip(old, new, strict=True)) == 1


def test_text_that_looks_like_a_formula_stays_a_text(project):
    names = ("=1+1", "+A1", "@SUM(A1)", "-2")
    row = "  - {{id: f{n}, name: '{name}', category: 专项资金, source: 上级, outturn: 0}}\n"
    more = "".join(row.format(n=n, name=name) for n, name in enumerate(names))
    path = "data/bureau/2023/funds.yaml"
    project.write(path, project.text(path) + more)
    data = export(project.job(), project.files, Diagnostics())
    cells = [c for ws in opened(data).worksheets for r in ws.iter_rows() for c in r]
    for name in names:
        found = [c for c in cells if c.value == name]
        assert found
        assert all(c.data_type == "s" and c.quotePrefix for c in found)
    again = imported(project, data)
    assert (again.after, again.failed) == ({}, False)


def test_export_command_writes_a_file_and_says_where(project, tmp_path):
    options = ("--root", project.root, "--year", 2023, "--lang", "zh")
    done = reportgen("export", *options)
    path = project.root / "build" / "2023" / "bureau" / "department.internal.xlsx"
    assert (done.code, path.exists()) == (0, True)
    assert str(path) in done.out
    assert reportgen("export", *options, "--out", tmp_path / "a.xlsx").code == 0
    assert (tmp_path / "a.xlsx").read_bytes() == path.read_bytes()


def test_report_with_errors_is_not_exported(project):
    project.write("data/bureau/2023/staffing.yaml", "staffing:\n  quota: 30家\n")
    done = reportgen("export", "--root", project.root, "--year", 2023)
    assert done.code == 1
    assert not (project.root / "build").exists()


AMOUNTS = st.decimals(0, 10**9, places=4) | st.integers(0, 10**9).map(Decimal)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    return SmallProject.copied(tmp_path_factory.mktemp("any") / "project")


@given(amounts=st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=3, max_size=3))
@settings(max_examples=40)
def test_any_amounts_are_imported_to_the_same_quantities(shared, amounts):
    project = shared
    names = ("业务培训经费", "行业普查经费", "产业链专项资金")
    rows = [(n, float(a), float(b)) for n, (a, b) in zip(names, amounts, strict=True)]
    total = ["合计", *(float(sum(column)) for column in zip(*amounts, strict=True))]
    result = imported(project, book(["项目名称", "年初预算数", "决算数"], *rows, total))
    assert {code for code, _ in told(result)} <= {"X134", "X135"}
    found = [Fraction(cell.new.removesuffix("万元")) for cell in result.cells]
    assert found == [Fraction(value) for pair in amounts for value in pair]


def test_hidden_sheet_of_an_export_is_told(project):
    data = export(project.job(), project.files, Diagnostics())
    made = opened(data)
    made["资金与项目"].sheet_state = "hidden"
    buffer = io.BytesIO()
    made.save(buffer)
    assert ("X120", "资金与项目") in told(imported(project, buffer.getvalue()))
    assert sheet(made) is not None


# What is kept back from the public


def public_book(project):
    job = Job(project.root, project.root / "build", "bureau", 2023, REPORT, "public")
    return logged(export, job, SourceFiles(project.root))


def test_workbook_with_a_withheld_value_in_a_form_is_not_written(project):
    said = "withhold:\n    - {key: 保密单位, reason: 商业秘密}\n"
    home = f"{HOME}/report.yaml"
    project.write(home, project.text(home) + f"disclosure:\n  {said}")
    facts = "data/bureau/2023/facts.yaml"
    project.replace(facts, "facts:\n", "facts:\n  保密单位: 南岭某某研究中心\n")
    assert public_book(project)[0] is not None
    project.replace("templates/small/forms/overview.html", "合计", "南岭某某研究中心合计")
    data, found = public_book(project)
    assert data is None
    errors = {(each.code, each.params["file"]) for each in found if each.severity == "error"}
    assert errors == {("D101", "@document")}


@each_report
def test_public_workbook_names_the_unit_as_its_author_and_no_tool(spec):
    properties = opened(exported(spec, "public")).properties
    assert properties.creator.endswith("工业和信息化局")
    assert not properties.category
