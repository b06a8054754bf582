"""A report that somebody wrote becomes the facts and texts of a pack: right, or not at all."""

from __future__ import annotations

import io
import re
import shutil
from dataclasses import replace

import pikepdf
import pytest
from docx import Document

from real_report import ROOT
from reportgen.features.adopt.adopting import adopt, adopt_file, save
from reportgen.features.adopt.adoption import AdoptRequest
from reportgen.features.adopt.checks import in_ranges
from reportgen.findings import Diagnostics
from reportgen.findings.renderers import place_text
from reportgen.load.formatting import authored, reformat
from reportgen.load.inputs import load
from reportgen.load.packs import load_pack
from reportgen.model.reading import ReadTable
from reportgen.project.layout import ReportId
from reportgen.project.source_files import SourceFiles
from reportgen.reading.opening import open_document
from round_trip import REPORTS, adopted, outcome, printed_by_pack, printed_facts

HUAIHUA = next(report for report in REPORTS if str(report) == "huaihua/2023/department")
PACK = "huaihua/department-2023"


def codes(adoption):
    return [each.code for each in adoption.findings]


def by_key(adoption):
    return {value.key: value for value in adoption.values}


# Round trip


@pytest.mark.parametrize("report", REPORTS, ids=str)
@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_what_a_pack_prints_of_a_built_report_comes_back_and_nothing_else(
    report, form, files_of, adopted_once
):
    adoption, root = adopted_once(report, form)
    wanted = printed_by_pack(report, printed_facts(files_of(report)[form]))
    result = outcome(adoption, report, wanted)
    assert result.wrong == {}
    assert len(wanted & result.right) >= len(wanted) * (0.97 if form == "docx" else 0.90)
    loaded = Diagnostics()
    assert load(SourceFiles(root), report.unit, report.year, report.report, loaded), [*loaded]


@pytest.fixture(scope="session")
def word(files_of):
    return files_of(HUAIHUA)["docx"]


@pytest.fixture(scope="session")
def reading(word):
    return open_document(word, Diagnostics())


@pytest.fixture(scope="session")
def adopting(word):
    """Return a function that adopts a changed reading of the report into an empty project."""
    files = SourceFiles(ROOT)
    pack = load_pack(files, PACK, Diagnostics())

    def run(changed, root=None, **options):
        nowhere = ReportId("nowhere", 2023, "department")
        report = HUAIHUA if root is not None else nowhere
        request = AdoptRequest(changed, word.read_bytes(), pack, report)
        return adopt(SourceFiles(root or ROOT), replace(request, **options))

    return run


# Files


def test_files_are_in_the_usual_form_each_value_with_its_place(word, adopted_once):
    _, root = adopted_once(HUAIHUA)
    files = SourceFiles(root)
    assert reformat(files, authored(root), Diagnostics()) == ()
    staffing = (root / "data/huaihua/2023/staffing.yaml").read_text("utf-8")
    assert re.search(r"  quota: 95   # 待确认 department.docx 表1 第2行第\d列\n", staffing)
    assert (root / "data/huaihua/2023/evidence/department.docx").read_bytes() == word.read_bytes()


def test_what_rules_work_out_is_compared_at_once(reading, adopting, empty):
    changed = changed_cell(reading, "20.81", "20.18")
    told = [each for each in adopting(changed, empty).findings if each.code == "R301"]
    assert ["20.18万元" in each.params["printed"] for each in told] == [True]


def without_paragraph(reading, words):
    """Return a document without the paragraphs that begin with some words."""
    blocks = [block for block in reading.blocks if not getattr(block, "text", "").startswith(words)]
    assert len(blocks) < len(reading.blocks)
    return replace(reading, blocks=tuple(blocks))


def test_a_figure_that_cannot_be_worked_out_yet_is_kept_and_not_compared(reading, adopting, empty):
    changed = without_paragraph(
        reading, "商品和服务支出"
    )  # one part of 基本支出, which no form has
    adoption = adopting(changed, empty)
    assert "R301" not in codes(adoption)
    assert not by_key(adoption)["expenditure.basic.outturn"].comparable
    assert by_key(adoption)["staffing.control_rate"].comparable
    published = adoption.after["data/huaihua/2023/department/published.yaml"]
    assert re.search(
        r"\{key: execution_rate, printed: '135.47%', where: 表\d 第3行第\d+列\}", published
    )


@pytest.mark.parametrize("report", REPORTS, ids=str)
def test_a_second_run_changes_nothing(report, files_of, adopted_once):
    _, root = adopted_once(report)
    before = files_below(root)
    again = adopted(files_of(report)["docx"], report, root)
    assert again.after == {}
    results = {value.result for value in again.values}
    assert "added" not in results
    assert report != HUAIHUA or results == {"same"}
    assert files_below(root) == before


def files_below(root):
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("report", REPORTS, ids=str)
def test_a_second_run_adds_nothing_to_what_was_there(report, files_of, empty):
    shutil.copytree(ROOT / "data", empty / "data")
    path = files_of(report)["docx"]
    first = adopted(path, report, empty)
    again = adopted(path, report, empty)
    assert again.after == {}
    assert [value.key for value in again.values if value.result == "added"] == []
    rows = {value.key.rpartition(".")[0] for value in first.values if value.result == "added"}
    assert not [row for row in rows if re.search(r"row_\d+$", row)]


def test_what_is_there_is_kept_and_what_differs_is_told(word, empty):
    folder = empty / "data/huaihua/2023"
    folder.mkdir(parents=True)
    old = "staffing:   # 人员\n  quota: 96人   # 三定方案\n  actual:   # 待填\n"
    (folder / "staffing.yaml").write_text(old, "utf-8")
    adoption = adopted(word, HUAIHUA, empty)
    text = (folder / "staffing.yaml").read_text("utf-8")
    assert text.startswith("staffing:   # 人员\n  quota: 96人   # 三定方案\n  actual: 92   # ")
    (differs,) = [each for each in adoption.findings if each.code == "A605"]
    assert (differs.params["old"], differs.params["new"]) == ("96人", "95")


def test_rows_keep_the_ids_that_they_have_by_their_names(word, empty):
    folder = empty / "data/huaihua/2023"
    folder.mkdir(parents=True)
    row = "{id: energy_saving, name: 节能监察工作经费, category: 业务工作经费, source: 市级}"
    (folder / "funds.yaml").write_text(f"funds:\n  - {row}\n", "utf-8")
    adopted(word, HUAIHUA, empty)
    text = (folder / "funds.yaml").read_text("utf-8")
    assert "{id: energy_saving, name: 节能监察工作经费, category: 业务工作经费, " in text
    assert "initial: 10" in text.split("\n")[1]
    assert text.count("节能监察工作经费") == 1
    assert "{id: energy_saving, name: 节能监察工作经费" in (
        empty / "data/huaihua/2022/funds.yaml"
    ).read_text("utf-8")


def test_the_facts_of_a_year_with_another_report_are_not_mixed_with_these(word, empty):
    shutil.copytree(ROOT / "data/huaihua/2023/department", empty / "data/huaihua/2023/other")
    adopted(word, HUAIHUA, empty)
    own = sorted(path.name for path in (empty / "data/huaihua/2023/department").glob("*.yaml"))
    assert {"funds.yaml", "goals.yaml"} <= {*own}


# What is not certain


def changed_cell(reading, old, new, *, number=0):
    """Return a document in which the cell `number` of those that say `old` says `new`."""
    blocks, at = [], 0
    for block in reading.blocks:
        if not isinstance(block, ReadTable):
            blocks.append(block)
            continue
        cells = []
        for cell in block.cells:
            if cell.text == old:
                cells.append(replace(cell, text=new) if at == number else cell)
                at += 1
            else:
                cells.append(cell)
        blocks.append(replace(block, cells=tuple(cells)))
    assert at > number
    return replace(reading, blocks=tuple(blocks))


def changed_tables(reading, change):
    blocks = [change(b) if isinstance(b, ReadTable) else b for b in reading.blocks]
    return replace(reading, blocks=tuple(blocks))


def test_a_value_stated_in_two_ways_is_not_taken(reading, adopting, empty):
    adoption = adopting(changed_cell(reading, "2008.88", "2080.88"), empty)
    assert "A604" in codes(adoption)
    assert "expenditure.basic.outturn" not in by_key(adoption)


@pytest.mark.parametrize("head", ["2021年决算数", "2022年预算数", "上年数"])
def test_a_column_with_another_head_is_not_taken(head, reading, adopting, empty):
    adoption = adopting(changed_cell(reading, "2022年决算数", head), empty)
    assert not [key for key in by_key(adoption) if key.startswith("prior.three_public")]
    assert "134.49" in {each.text for each in adoption.not_taken}
    assert by_key(adoption)["three_public.reception.outturn"].text == "6"


@pytest.mark.parametrize("head", ["2022年决算数", "编制数", "一级\n指标"])
def test_a_cell_is_told_once_and_none_that_was_taken(head, reading, adopting, empty):
    adoption = adopting(changed_cell(reading, head, "其他"), empty)
    cells = [each.span.place for each in adoption.not_taken if "r" in each.span.place]
    assert len(cells) == len(set(cells))
    taken = {place.place for value in adoption.values for place in value.places}
    assert not taken & set(cells)


def test_cells_of_a_table_with_one_reason_are_told_together(reading, adopting, empty):
    adoption = adopting(changed_cell(reading, "2022年决算数", "2021年决算数"), empty)
    cells = [each for each in adoption.not_taken if each.why == "@no_head"]
    told = [each for each in in_ranges(adoption.findings) if each.params.get("why") == "@no_head"]
    (range_of,) = told
    assert (range_of.code, int(range_of.params["count"])) == ("A614", len(cells))
    rows = [int(re.search(r"r(\d+)", each.span.place)[1]) for each in cells]
    assert place_text(range_of.span, "zh") == f"表2 第{min(rows)}–{max(rows)}行"
    assert f"“{cells[0].text}”" in range_of.params["texts"]


def test_nothing_that_is_not_taken_is_lost_where_cells_are_told_together(reading, adopting, empty):
    adoption = adopting(changed_cell(reading, "编制数", "其他"), empty)
    together = [*in_ranges(adoption.findings)]
    assert sum(int(each.params.get("count", "1")) for each in together) == len(adoption.findings)
    alone = [each for each in together if each.code == "A606"]
    assert all(each in adoption.findings for each in alone)


def test_a_row_with_another_label_is_not_taken(reading, adopting, empty):
    adoption = adopting(changed_cell(reading, "政府采购金额", "政府购买服务金额"), empty)
    assert not [key for key in by_key(adoption) if key.startswith("procurement")]


def test_a_merged_cell_stands_for_no_single_row(reading, adopting, empty):
    def merged(table):
        for cell in table.cells:
            if cell.text == "9.08":
                below = [c for c in table.cells if (c.row, c.column) == (cell.row + 1, cell.column)]
                cells = [replace(c, rowspan=2) if c is cell else c for c in table.cells]
                return replace(table, cells=tuple(c for c in cells if c not in below))
        return table

    adoption = adopting(changed_tables(reading, merged), empty)
    assert "procurement.initial" not in by_key(adoption)
    assert by_key(adoption)["procurement.outturn"].text == "244.83"


def test_numbers_of_a_row_without_name_are_not_taken(reading, adopting, empty):
    adoption = adopting(changed_cell(reading, "智能交通一期", ""), empty)
    assert "372.38" not in {value.text for value in adoption.values}
    assert ("372.38", "@nameless") in {(each.text, each.why) for each in adoption.not_taken}


def test_a_row_of_the_form_is_no_row_of_a_list_wherever_it_stands(reading, adopting, empty):
    changed = changed_cell(reading, "智能交通一期", "会议费、培训费")
    names = {value.text for value in adopting(changed, empty).values if value.key[-5:] == ".name"}
    assert "会议费、培训费" not in names
    assert "怀化惠企通平台项目" in names


def test_rows_that_were_run_together_are_not_taken(reading, adopting, empty):
    def together(table):
        row = next((cell.row for cell in table.cells if cell.text == "网络信息安全"), None)
        if row is None:
            return table
        more = replace(table.cells[0], text="7", row=row, column=table.width, rowspan=1, colspan=1)
        return replace(table, cells=(*table.cells, more), width=table.width + 1)

    adoption = adopting(changed_tables(reading, together), empty)
    assert not [value for value in adoption.values if value.text == "网络信息安全"]
    assert outcome(adoption, HUAIHUA, set()).wrong == {}


def test_a_text_merged_over_rows_of_a_list_is_that_of_no_row(reading, adopting, empty):
    def merged(table):
        first = next((cell for cell in table.cells if cell.text == "持续优化"), None)
        if first is None:
            return table
        below = [c for c in table.cells if (c.row, c.column) == (first.row + 1, first.column)]
        cells = [replace(c, rowspan=2) if c is first else c for c in table.cells if c not in below]
        return replace(table, cells=tuple(cells))

    adoption = adopting(changed_tables(reading, merged), empty)
    assert outcome(adoption, HUAIHUA, set()).wrong == {}


def test_cells_that_contradict_each_other_make_no_table(reading, adopting, empty):
    def overlapping(table):
        first = replace(table.cells[0], rowspan=3, colspan=4)
        return replace(table, cells=(first, *table.cells[1:]))

    adoption = adopting(changed_tables(reading, overlapping), empty)
    assert codes(adoption).count("A608") == len([*reading.tables])
    assert "staffing.quota" not in by_key(adoption)


@pytest.mark.parametrize(
    ("note", "text"), [("单位：元", "0.017624"), ("单位：亿元", "1762400"), ("", "176.24")]
)
def test_amounts_count_in_the_unit_that_the_table_names(note, text, reading, adopting, empty):
    changed = changed_cell(reading, "156.48", "176.24")
    blocks = tuple(
        replace(block, text=block.text.replace("金额单位：万元", ""))
        if not hasattr(block, "cells")
        else block
        for block in changed.blocks
    )
    changed = changed_tables(replace(changed, blocks=blocks), lambda t: replace(t, unit_note=note))
    assert by_key(adopting(changed, empty))["operating.total.initial"].text == text


def test_a_unit_of_another_kind_is_refused(reading, adopting, empty):
    changed = changed_cell(reading, "预算投资\n（万元）", "预算投资\n（㎡）")
    assert "buildings.planned_investment" not in by_key(adopting(changed, empty))


# What does not matter


def _reversed(reading):
    tables = [block for block in reading.blocks if isinstance(block, ReadTable)]
    blocks = [tables.pop() if isinstance(block, ReadTable) else block for block in reading.blocks]
    return replace(reading, blocks=tuple(blocks))


def _with_column(table):
    """Return a table with a column of numbers before all others: 序号."""
    cells = [replace(cell, column=cell.column + 1) for cell in table.cells]
    first = replace(table.cells[0], rowspan=1, colspan=1)
    cells += [replace(first, text=str(row), row=row) for row in range(table.height)]
    return replace(table, cells=tuple(cells), width=table.width + 1)


def _with_row(table):
    """Return a table with a row that no form has above its last."""
    last = table.height - 1
    cells = [replace(cell, row=last + 1) if cell.row == last else cell for cell in table.cells]
    cells = [
        replace(cell, rowspan=cell.rowspan + 1)
        if cell.row < last < cell.row + cell.rowspan
        else cell
        for cell in cells
    ]
    bottom = [cell for cell in table.cells if cell.row == last]
    cells += [replace(cell, text="7" if cell.column else "另附") for cell in bottom]
    return replace(table, cells=tuple(cells), height=table.height + 1)


def _without_row(table):
    """Return a table without a row that nothing spans: 公务接待."""
    own = [cell.row for cell in table.cells if cell.text == "3、公务接待"]
    left = [cell for cell in table.cells if cell.row not in own]
    cells = [replace(cell, row=cell.row - sum(row < cell.row for row in own)) for cell in left]
    return replace(table, cells=tuple(cells), height=table.height - len(own))


CHANGES = {
    "tables in another order": _reversed,
    "a column more": lambda reading: changed_tables(reading, _with_column),
    "a row more": lambda reading: changed_tables(reading, _with_row),
    "a row less": lambda reading: changed_tables(reading, _without_row),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_table_that_is_drawn_otherwise_gives_no_wrong_value(change, reading, adopting, empty):
    adoption = adopting(change(reading), empty)
    result = outcome(adoption, HUAIHUA, set())
    assert result.wrong == {}
    assert len(result.right) > 280


def test_a_column_with_the_head_of_another_is_not_taken_for_it(reading, adopting, empty):
    changed = changed_cell(reading, "全年\n预算数", "年初\n预算数")
    adoption = adopting(changed, empty)
    assert outcome(adoption, HUAIHUA, set()).wrong == {}
    assert "expenditure.total.initial" not in by_key(adoption)


def test_a_label_in_the_place_of_a_value_is_no_value(reading, adopting, empty):
    changed = changed_cell(reading, "156.48", "评价组组长（签字）：")
    assert "operating.total.initial" not in by_key(adopting(changed, empty))


def test_a_form_that_stands_twice_is_told(reading, adopting, empty):
    tables = [block for block in reading.blocks if isinstance(block, ReadTable)]
    twice = replace(reading, blocks=(*reading.blocks, *tables))
    adoption = adopting(twice, empty)
    assert "A609" in codes(adoption)
    assert outcome(adoption, HUAIHUA, set()).wrong == {}


# What forbids to adopt


def run(root, path, **options):
    report = ReportId(options.get("unit", "huaihua"), options.get("year", 2023), "department")
    adoption = adopt_file(SourceFiles(root), path, report, options.get("pack", PACK))
    assert adoption.failed
    assert not adoption.after
    assert not adoption.evidence
    return codes(adoption)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"pack": "huaihua/none"}, "L127"),
        ({"unit": "HUAIHUA"}, "Y104"),
        ({"year": 2022}, "A602"),
        ({"pack": "yueyang/emergency-supplies-2021"}, "A610"),
    ],
    ids=lambda each: each if isinstance(each, str) else "-".join(map(str, each.values())),
)
def test_what_is_asked_for_has_to_fit(options, code, word, empty):
    assert code in run(empty, word, **options)


def test_a_file_of_another_unit_is_refused(word, empty):
    shutil.copytree(ROOT / "data/yueyang", empty / "data/yueyang")
    assert "A603" in run(empty, word, unit="yueyang")
    shutil.copytree(ROOT / "data/huaihua", empty / "data/huaihua")
    assert "A603" in run(empty, word, unit="huaihua-copy")


def test_a_report_that_follows_another_pack_is_refused(word, empty):
    shutil.copytree(ROOT / "data/huaihua", empty / "data/huaihua")
    assert "A611" in run(empty, word, pack="yueyang/department-2021")


def test_files_that_nobody_can_read_are_refused(tmp_path, empty):
    broken = tmp_path / "broken.docx"
    broken.write_bytes(b"PK\x03\x04 no archive")
    assert "A501" in run(empty, broken)
    assert "L100" not in run(empty, tmp_path / "none.docx")


def pdf(content, **options):
    """Return a PDF of one page."""
    document, output = pikepdf.new(), io.BytesIO()
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1)
    font.BaseFont = pikepdf.Name.Helvetica
    page = document.add_blank_page()
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.Contents = document.make_indirect(pikepdf.Stream(document, content))
    document.save(output, **options)
    return output.getvalue()


def rows_without_lines():
    rows = []
    for x in range(4):
        rows += (f"BT /F1 12 Tf {72 + 90 * x} {700 - 20 * y} Td ({x}) Tj ET" for y in range(4))
    return "\n".join(rows).encode()


@pytest.mark.parametrize(
    ("content", "encryption", "told"),
    [
        (b"BT /F1 12 Tf 72 700 Td (95) Tj ET", pikepdf.Encryption(owner="a", user="b"), "A501"),
        (b"q 500 0 0 700 0 0 cm Q", False, "A503"),
        (rows_without_lines(), False, "A601"),
    ],
    ids=["encrypted", "no-text", "no-lines"],
)
def test_a_pdf_of_which_no_table_can_be_read_is_told(content, encryption, told, tmp_path, empty):
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf(content, encryption=encryption))
    assert told in run(empty, path)
    assert not (empty / "data").exists()


def test_a_document_of_nothing_that_the_pack_prints_is_refused(tmp_path, empty):
    path = tmp_path / "letter.docx"
    document = Document()
    document.add_paragraph("关于召开会议的通知")
    document.save(str(path))
    assert {"A601", "A610"} & {*run(empty, path)}


def test_a_kept_file_of_the_same_name_is_not_replaced(word, empty):
    kept = empty / "data/huaihua/2023/evidence/department.docx"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"another")
    assert "X129" in run(empty, word)
    assert kept.read_bytes() == b"another"


def test_braces_are_never_taken_for_references(reading, adopting, empty):
    old = next(
        cell.text
        for table in reading.tables
        for cell in table.cells
        if cell.text.startswith("健全")
    )
    adoption = adopting(changed_cell(reading, old, "{{ unit.name }}"), empty)
    assert "厉行节约保障措施" not in by_key(adoption)
    assert "@braces" in {each.why for each in adoption.not_taken}


def test_saving_writes_what_was_told(word, empty):
    files = SourceFiles(empty)
    adoption = adopt_file(files, word, HUAIHUA, PACK)
    paths = save(files, adoption)
    assert {*paths} == {*adoption.after, *adoption.evidence}
    assert all((empty / path).is_file() for path in paths)
    assert not re.search("待填写", (empty / "data/huaihua/unit.yaml").read_text("utf-8"))


# Another pack


def test_a_document_by_another_pack_is_told_and_nothing_written(files_of, empty):
    path = files_of(HUAIHUA)["docx"]
    unit = empty / "data" / "huaihua"
    unit.mkdir(parents=True)
    (unit / "unit.yaml").write_text("name: 怀化市工业和信息化局\n", "utf-8")
    files = SourceFiles(empty)
    other = adopt_file(files, path, HUAIHUA, "yueyang/emergency-supplies-2021")
    assert "A601" in codes(other) or "A613" in codes(other)
    (empty / "line.txt").write_text("很好", "utf-8")
    line = adopt_file(files, empty / "line.txt", HUAIHUA, PACK)
    assert codes(line) == ["A601"]
    assert line.after == {}
