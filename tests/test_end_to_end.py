from __future__ import annotations

import re
from collections import Counter

import pytest

from outcome import draft
from real_report import DATA, ROOT, built, copied, drafted, figures, files, job, replaced
from reportgen.model.document import Table
from reportgen.project.source_files import SourceFiles
from reportgen.provenance.explanation import figures_json
from reportgen.verify.docx import read_docx
from reportgen.verify.html import read_html
from reportgen.verify.pdf import read_pdf

READERS = {"docx": read_docx, "html": read_html, "pdf": read_pdf}
CHANGED = {"funds.upgrading.outturn", "income.general.outturn"}
"""A fund, and the income that pays for it: without both the report does not balance."""
PACK = "templates/huaihua/department-2023/pack.yaml"
CHARTS = re.compile(r"^charts:.*\n(?:[ #].*\n|\n)*", re.MULTILINE)
NUMBER = re.compile(r"\d+(?:\.\d+)?")


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Return the files of the report before and after one fund spends one 万元 more.

    They have no charts, which sort what they show by its size and say it in per cent.
    """
    before = files(built(without_charts(tmp_path_factory.mktemp("before"))))
    root = without_charts(tmp_path_factory.mktemp("after"))
    replaced(root, f"{DATA}/funds.yaml", "outturn: 17.89}", "outturn: 18.89}")
    replaced(root, f"{DATA}/budget.yaml", "outturn: 3233.51}", "outturn: 3234.51}")
    return before, files(built(root))


def without_charts(target):
    """Return a copy of what the report is made of at `target`, but for the charts of the pack."""
    root = copied(target)
    path = root / PACK
    text = CHARTS.sub("", path.read_text("utf-8"))
    assert "charts:" not in text
    path.write_text(text, "utf-8")
    return root


def closure(rows, keys):
    """Return `keys` and every figure that is worked out from one of them."""
    found = set(keys)
    while more := {k for k, row in rows.items() if found & set(row["inputs"])} - found:
        found |= more
    return found


def test_exactly_the_figures_that_depend_on_a_fact_change(both):
    before, after = (figures(each["department.figures.json"]) for each in both)
    assert before.keys() == after.keys()
    changed = {key for key in before if before[key]["value"] != after[key]["value"]}
    assert changed == closure(before, CHANGED)
    assert {key for key in before if before[key]["with_unit"] != after[key]["with_unit"]} == changed
    assert {
        "expenditure.project.outturn": "1233.93万元",
        "expenditure.total.outturn": "3242.81万元",
        "expenditure.total.change": "849.87万元",
        "execution_rate": "135.52%",
        "funding.city.outturn": "949.67万元",
        "project.business.outturn": "148.2万元",
    }.items() <= {key: after[key]["with_unit"] for key in changed}.items()


def test_nothing_else_is_said_of_the_other_figures(both):
    before, after = (figures(each["department.figures.json"]) for each in both)
    for key in before.keys() - closure(before, CHANGED):
        assert before[key] == after[key]


@pytest.mark.parametrize("name", READERS)
def test_each_format_changes_where_those_figures_are_printed_and_nowhere_else(both, name):
    rows = [figures(each["department.figures.json"]) for each in both]
    wanted: Counter[tuple[str, str]] = Counter()
    for key in closure(rows[0], CHANGED):
        for old, new in zip(rows[0][key]["places"], rows[1][key]["places"], strict=True):
            assert old["where"] == new["where"]
            wanted[number(old["text"]), number(new["text"])] += 1
    before, after = (pieces(READERS[name](each[f"department.{name}"])) for each in both)
    assert len(before) == len(after)
    found: Counter[tuple[str, str]] = Counter()
    for old, new in zip(before, after, strict=True):
        assert NUMBER.sub("#", old) == NUMBER.sub("#", new)
        pairs = zip(NUMBER.findall(old), NUMBER.findall(new), strict=True)
        found.update(pair for pair in pairs if pair[0] != pair[1])
    assert found == wanted
    assert found.total() > 20


def number(text):
    (found,) = NUMBER.findall(text)
    return found


def pieces(readback):
    return [*readback.texts, *(cell.text for table in readback.tables for cell in table)]


PRINTED = [
    ("office_count", "17个"),
    ("subordinate_count", "6个"),
    ("staffing.control_rate", "96.84%"),
    ("execution_rate", "135.47%"),
    ("expenditure.total.initial", "2392.94"),
    ("expenditure.total.budget", "3241.81"),
    ("expenditure.total.outturn", "3241.81万元"),
    ("expenditure.total.change", "848.87万元"),
    ("expenditure.basic.outturn", "2008.88万元"),
    ("basic.pay", "1410.45万元"),
    ("basic.goods", "160.71万元"),
    ("basic.subsidies", "437.72万元"),
    ("expenditure.project.last", "377.12"),
    ("expenditure.project.initial", "265.1"),
    ("expenditure.project.outturn", "1232.93万元"),
    ("project.business.last", "221.52"),
    ("project.business.initial", "186"),
    ("project.business.outturn", "147.2"),
    ("project.special.last", "155.6"),
    ("project.special.initial", "79.1"),
    ("project.special.outturn", "1085.73"),
    ("funding.city.outturn", "948.67万元"),
    ("funding.upper.outturn", "274.23万元"),
    ("funding.upper.count", "5个"),
    ("funding.nontax.outturn", "10.03万元"),
    ("funding.nontax.count", "2个"),
    ("代建代付合计", "656.57万元"),
    ("代建代付项目数", "7个"),
    ("智慧怀化合计", "34万元"),
    ("人才资源开发合计", "8.01万元"),
    ("three_public.total.last", "21.42"),
    ("three_public.total.initial", "27"),
    ("three_public.total.outturn", "50.5"),
    ("three_public.vehicles.last", "18.91"),
    ("three_public.vehicles.initial", "21"),
    ("three_public.vehicles.outturn", "20.81"),
    ("three_public.reception.growth", "3.49万元"),
    ("three_public.vehicle_operation.excess", "0.19万元"),
    ("three_public.vehicle_operation.growth", "1.9万元"),
    ("工业投资增速差", "31.8个百分点"),
    ("市本级获推荐工作数", "2项"),
    ("专题研讨次数", "7次"),
    ("入规任务完成率", "260%"),
    ("省单项冠军企业数", "3家"),
    ("申报国家级单项冠军企业数", "2家"),
    ("企业诉求办结率", "91.43%"),
    ("points.output", "50"),
    ("points.benefit", "30"),
    ("points.satisfaction", "10"),
    ("points.total", "100"),
    ("score.total", "99分"),
    ("score.grade", "优"),
]
"""Every figure that the published report worked out, as it should have been printed."""

MISPRINTED = [
    ("execution_rate", "135.47%", "135.42%"),
    ("expenditure.total.change", "848.87万元", "848.86万元"),
]
"""What the published report printed otherwise, and wrongly."""


@pytest.fixture(scope="module")
def printed():
    """Return the rows of the report's figures.json by key."""
    outcome = drafted()
    assert outcome.document is not None
    assert outcome.ledger is not None
    return figures(figures_json(outcome.ledger, outcome.document).encode())


@pytest.mark.parametrize(("key", "text"), PRINTED)
def test_derived_figure_is_printed_as_it_is_worked_out(printed, key, text):
    row = printed[key]
    assert row["kind"] == "derived"
    assert row["formula"] and row["inputs"]
    assert text in {place["text"] for place in row["places"]}


@pytest.mark.parametrize(("key", "ours", "published"), MISPRINTED)
def test_slips_of_the_published_report_are_not_repeated(printed, key, ours, published):
    assert {place["text"] for place in printed[key]["places"]} == {ours}
    assert published not in {place["text"] for row in printed.values() for place in row["places"]}


def test_every_printed_figure_is_a_fact_with_a_place_or_says_what_it_is_made_of(printed):
    tables = drafted().ledger.tables
    for row in printed.values():
        rows = {key for key in row["inputs"] if key.rpartition(".")[0] in tables}
        assert re.fullmatch(r"(data|templates)/[^:]+:\d+:\d+", row["source"]), row
        assert (row["kind"] == "fact") == (not row["formula"]), row
        assert set(row["inputs"]) - rows <= printed.keys(), row


def test_both_annexes_hold_their_tables():
    document = drafted().document
    assert document is not None
    *prescribed, charts = document.annexes
    tables = [[b for b in annex.blocks if isinstance(b, Table)] for annex in prescribed]
    assert [[len(table.widths) for table in each] for each in tables] == [[4, 4, 7], [9, 9]]
    assert [type(block).__name__ for block in charts.blocks] == ["Chart", "Table"] * 3


def test_charts_are_no_part_of_the_prescribed_public_form():
    document = draft(job(audience="public"), SourceFiles(ROOT)).document
    assert document is not None
    assert [annex.label for annex in document.annexes] == ["附件1", "附件2"]
    assert "附图" not in str(document)
