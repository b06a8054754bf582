"""What a pack may prescribe beyond an outline: cover, labels of annexes, separators, forms."""

from __future__ import annotations

import io
import re
import zipfile

import lxml.etree
import lxml.html
import pypdfium2
import pytest

from reportgen.findings import CODES
from reportgen.model.document import Cover, Title, Value, plain
from reportgen.verify.comparison import differences
from reportgen.verify.docx import read_docx
from reportgen.verify.expected import ExpectedContent
from reportgen.verify.html import read_html
from reportgen.verify.pdf import read_pdf
from reportgen.write.pdf.data import as_data
from small_project import DATA, HOME, NARRATIVE, PACK, SmallProject, spots

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OUTLINE = f"{PACK}/pack.yaml"
COVER = """\
cover:
  fields:
    - {label: 单位名称：, value: '{{ unit.name }}（盖章）'}
    - {label: 支出合计：, value: '{{ expenditure.total.outturn }}'}
    - {label: 报告日期：, value: '{{ report.date | day }}'}
  foot: '{{ unit.city }}财政局（制）'
  title: ['{{ year }}年度', 自评报告正文]
"""
LINES = ("单位名称：示例市示例局（盖章）", "支出合计：13,007.95万元", "报告日期：2024年6月28日")
FOOT = "示例市财政局（制）"
STANDARDS = """\
scoring_rules:
  rate: {title: 执行率, kind: proportional, text: 得分＝执行率×分值}
  silent: {title: 不印标准, kind: manual, reason: 由评价小组评分}
scoring:
  execution: {rule: rate, value: execution_rate}
  growth: {rule: silent}
"""
STAFF = """\
<table><caption>人员表</caption><colgroup><col width="50"><col width="50"></colgroup><tbody>
<tr><th scope="row">编制数</th><td>{{ staffing.quota }}</td></tr>
<tr><th scope="row">执行率标准</th><td>{{ ratings.execution.standard }}</td></tr>
<tr><th scope="row">增长标准</th><td>{{ ratings.growth.standard }}</td></tr>
</tbody></table>
"""


def prescribed(root):
    """Return a project whose pack prescribes a cover, a label, separators and a form."""
    project = SmallProject.copied(root)
    project.replace(OUTLINE, "opening: narrative\n", f"opening: narrative\n{COVER}")
    project.replace(OUTLINE, "body: annex.md", "body: annex.md\n    label: 附件3-2")
    project.replace(
        OUTLINE,
        "requires:",
        "formats: {thousands: true}\n"
        "forms:\n  - {name: staff, columns: 2, labels: [编制数, 增长标准]}\nrequires:",
    )
    project.write(f"{PACK}/scoring.yaml", STANDARDS)
    project.write(f"{PACK}/forms/staff.html", STAFF)
    project.write(f"{NARRATIVE}/staffing.md", '编制{{ staffing.quota }}。\n\n{{ form("staff") }}\n')
    project.replace(f"{DATA}/accounts.yaml", "initial: 300\n", "initial: 13000\n")
    project.replace(f"{DATA}/accounts.yaml", "outturn: 280.75", "outturn: 12880.75")
    project.replace(f"{HOME}/ratings.yaml", "    score: 9\n", "")
    return project


@pytest.fixture(scope="session")
def whole(tmp_path_factory):
    """Return the outcome of a build in all formats, without an error or a warning."""
    project = prescribed(tmp_path_factory.mktemp("prescribed") / "project")
    outcome = project.build(formats=("docx", "html", "pdf"))
    assert [each for each in outcome.findings if each.severity != "note"] == []
    return outcome


@pytest.fixture
def project(tmp_path):
    return prescribed(tmp_path / "project")


def root_of(whole):
    with zipfile.ZipFile(io.BytesIO(whole.files["department.docx"])) as package:
        return lxml.etree.fromstring(package.read("word/document.xml"))


def pages(whole):
    """Return the lines of each page of the PDF, without white space."""
    pdf = pypdfium2.PdfDocument(whole.files["department.pdf"])
    texts = [page.get_textpage().get_text_range() for page in pdf]
    return [[re.sub(r"\s", "", line) for line in text.splitlines()] for text in texts]


def test_cover_opens_the_document_and_the_second_title_follows(whole):
    cover, title = whole.document.blocks[:2]
    assert isinstance(cover, Cover)
    assert tuple(label + plain(value) for label, value in cover.fields) == LINES
    assert plain(cover.foot) == FOOT
    assert title == Title(("2023年度", "自评报告正文"))
    assert whole.document.covered


def test_figure_on_a_cover_is_one_of_the_figures(whole):
    ((_, value),) = [each for each in whole.document.blocks[0].fields if each[0] == "支出合计："]
    assert value == (Value("13,007.95万元", "13007.95", "expenditure.total.outturn"),)


@pytest.mark.parametrize("read", [read_docx, read_html], ids=["docx", "html"])
def test_cover_is_read_back_as_it_is(whole, read):
    name = "docx" if read is read_docx else "html"
    found, wanted = read(whole.files[f"department.{name}"]), ExpectedContent(whole.document)
    assert found.texts == wanted.readback.texts
    assert found.tables == wanted.grids_of(name)
    assert found.texts[2:8] == (*LINES, FOOT, "2023年度", "自评报告正文")


def test_cover_is_read_back_from_the_pdf_as_it_is(whole):
    found = read_pdf(whole.files["department.pdf"])
    wanted = tuple(text for text in ExpectedContent(whole.document).sequence if text)
    differing = differences(found.stream, wanted)
    assert (list(differing.missing), list(differing.unexpected)) == ([], [])
    assert "".join((*LINES, FOOT, "2023年度自评报告正文")) in found.stream


def test_cover_is_data_of_the_pdf(whole):
    cover, title = as_data(whole.document)["blocks"][:2]
    assert cover["kind"] == "cover"
    assert [field["label"] for field in cover["fields"]] == [line[:5] for line in LINES]
    assert "".join(cover["foot"]) == FOOT
    assert (title["kind"], title["lines"]) == ("title", ["2023年度", "自评报告正文"])


def test_cover_is_a_page_of_its_own_and_carries_no_number_in_a_pdf(whole):
    first, second, *_ = pages(whole)
    assert first == ["2023年度示例市示例局", "整体支出绩效自评报告", *LINES, FOOT]
    assert second[:2] == ["2023年度", "自评报告正文"]
    assert second[-1] == "—2—"
    assert not any(line.startswith("—") for line in first)


def test_cover_is_a_page_of_its_own_and_carries_no_number_in_word(whole):
    root = root_of(whole)
    sections = list(root.iter(f"{W}sectPr"))
    assert [each.find(f"{W}titlePg") is not None for each in sections] == [
        True,
        *[False] * (len(sections) - 1),
    ]
    kinds = {each.get(f"{W}type") for each in sections[0].findall(f"{W}footerReference")}
    assert kinds == {"default", "even"}
    paragraphs = ["".join(each.itertext()) for each in root.iter(f"{W}p")]
    after = list(root.iter(f"{W}p"))[paragraphs.index(FOOT) + 1]
    assert after.find(f"{W}pPr/{W}pageBreakBefore") is not None


def test_cover_stands_apart_in_a_page(whole):
    page = lxml.html.fromstring(whole.files["department.html"])
    (cover,) = page.find_class("cover")
    assert [label.text_content() for label in cover.find_class("lead")] == [
        each[:5] for each in LINES
    ]
    assert cover[-1].text_content() == FOOT


def test_report_without_a_cover_has_a_number_on_its_first_page(tmp_path):
    outcome = SmallProject.copied(tmp_path / "project").build(formats=("docx", "pdf"))
    assert not outcome.document.covered
    assert pages(outcome)[0][-1] == "—1—"
    assert root_of(outcome).find(f".//{W}titlePg") is None


def test_cover_whose_value_does_not_exist_is_placed(project):
    project.replace(OUTLINE, "{{ unit.name }}（盖章）", "{{ unit.title }}（盖章）")
    assert spots(project.build().findings) == [project.spot("T102", OUTLINE, "title }}（盖章）")]


def test_annex_has_the_label_of_its_authority_in_every_format(whole):
    (annex,) = whole.document.annexes
    assert annex.label == "附件3-2"
    for name, read in (("docx", read_docx), ("html", read_html), ("pdf", read_pdf)):
        texts = read(whole.files[f"department.{name}"]).texts
        assert any(text.startswith("附件3-2") for text in texts), name
        assert "附件" not in texts


def test_money_has_separators_where_the_pack_says_so_and_nothing_else_has(whole):
    printed = {
        value["text"] for value in walked(as_data(whole.document)) if value["kind"] == "value"
    }
    assert "13,007.95万元" in printed
    assert not any(re.search(r"\d{4}", text) for text in printed if "万元" in text)
    assert whole.ledger.figures["规模企业"].shape.thousands is False


def walked(data):
    """Yield every mapping with a kind in nested data."""
    if isinstance(data, dict):
        if "kind" in data:
            yield data
        data = list(data.values())
    if isinstance(data, list):
        for each in data:
            yield from walked(each)


def test_metric_may_refuse_the_separators_of_its_pack(project):
    old = "    formula: expenditure.basic + expenditure.project\n"
    project.replace(f"{PACK}/metrics.yaml", old, f"{old}    thousands: false\n")
    figures = project.draft().ledger.figures
    assert figures["expenditure.total.outturn"].text == "13007.95万元"
    assert figures["expenditure.basic.outturn"].text == "12,880.75万元"


def test_pack_without_separators_prints_none(project):
    project.replace(OUTLINE, "thousands: true", "thousands: false")
    figures = project.draft().ledger.figures
    assert figures["expenditure.total.outturn"].text == "13007.95万元"
    assert figures["expenditure.basic.outturn"].text == "12880.75万元"


def test_form_in_the_body_is_there_and_read_back(whole):
    for name, read in (("docx", read_docx), ("html", read_html), ("pdf", read_pdf)):
        first = read(whole.files[f"department.{name}"]).tables[0]
        assert [cell.text for cell in first] == [
            *("编制数", "30人"),
            *("执行率标准", "得分＝执行率×分值"),
            *("增长标准", ""),
        ]


@pytest.mark.parametrize(
    ("path", "old", "new", "code"),
    [
        (f"{NARRATIVE}/staffing.md", '{{ form("staff") }}', "", "P206"),
        (OUTLINE, "columns: 2", "columns: 3", "P204"),
        (OUTLINE, "[编制数, 增长标准]", "[增长标准, 编制数]", "P205"),
    ],
)
def test_form_in_the_body_is_held_against_the_pack(project, path, old, new, code):
    project.replace(path, old, new)
    assert spots(project.build().findings) == [project.spot(code, OUTLINE, "staff, columns")]


def test_standard_of_an_indicator_is_the_text_of_its_rule(whole):
    texts = whole.ledger.texts
    assert texts["ratings.execution.standard"].value == "得分＝执行率×分值"
    assert texts["ratings.execution.standard"].span.path == f"{PACK}/scoring.yaml"
    assert texts["ratings.growth.standard"].value is None
    assert texts["ratings.firms.standard"].value is None  # no rule scores it


def test_score_that_nobody_typed_is_worked_out_and_printed(whole):
    figure = whole.ledger.figures["ratings.execution.score"]
    assert figure.kind == "score"
    assert figure.basis == "得分＝执行率×分值"
    row = [each.text for each in read_html(whole.files["department.html"]).tables[2]][5:10]
    assert row == ["预算执行率", "", "", "10", figure.number]


WAIVER = "  - code: R101\n    subject: few_visits\n"


def test_waiver_has_no_wildcards(project):
    project.replace(f"{HOME}/report.yaml", WAIVER, "  - code: R101\n    subject: few_*\n")
    findings = project.build().findings
    assert [each.code for each in findings if each.severity == "warning"] == ["R105", "R101"]
    unused = spots([each for each in findings if each.code == "R105"], "warning")
    assert unused == [project.spot("R105", f"{HOME}/report.yaml", "秋季")]


@pytest.mark.parametrize(
    ("audience", "final", "severity"),
    [
        ("internal", False, "warning"),
        ("internal", True, "error"),
        ("submit", False, "error"),
        ("public", False, "error"),
    ],
)
def test_waiver_lapses_when_the_numbers_change(project, audience, final, severity):
    project.replace(f"{HOME}/report.yaml", "[10次 ≤ 5次]", "[9次 ≤ 5次]")
    findings = project.draft(audience=audience, final=final).findings
    (lapsed,) = [each for each in findings if each.code in {"R101", "R106"}]
    assert (lapsed.code, lapsed.severity) == ("R106", severity)
    assert (lapsed.params["judged"], lapsed.params["now"]) == ("9次 ≤ 5次", "10次 ≤ 5次")
    assert lapsed.places[-1].span.path == f"{HOME}/report.yaml"


@pytest.mark.parametrize("broken", ["nothing", "a relation", "a formula"])
def test_misspelt_waiver_is_told_whatever_else_is_wrong(project, broken):
    project.replace(f"{HOME}/report.yaml", WAIVER, WAIVER.replace("visits", "visit"))
    path = f"{PACK}/relations.yaml"
    if broken == "a relation":
        project.write(path, project.text(path) + "  no: {title: 否, claim: 1 == 2}\n")
    elif broken == "a formula":
        path = f"{PACK}/metrics.yaml"
        project.write(path, project.text(path) + "  no: {title: 否, formula: nowhere}\n")
    findings = project.draft().findings
    (told,) = [each for each in findings if each.code == "R105"]
    assert told.params["near"] == "few_visits"
    assert any(each.severity == "error" for each in findings) is (broken != "nothing")


def test_blank_in_a_sentence_is_an_error_of_a_final_report(project):
    path, marked = f"{NARRATIVE}/staffing.md", "普查经费到位"
    project.replace(f"{DATA}/funds.yaml", "initial: 12.5,", "initial: 12.5, received: null,")
    project.write(path, project.text(path) + f"\n{marked}{{{{ funds.survey.received }}}}。\n")
    (place,) = [spot for spot in spots(project.draft().findings, "warning") if spot[0] == "T120"]
    assert place[:3] == project.spot("T120", path, marked)[:3]
    for final in ({"final": True}, {"strict": True}, {"audience": "public"}):
        assert "T120" in [spot[0] for spot in spots(project.draft(**final).findings)]


@pytest.mark.parametrize(
    "code",
    [
        "T120",
        "P209",
        "R102",
        "R201",
        "R203",
        "R205",
        "R207",
        "R209",
        "R210",
        "N103",
        "N105",
        "Y101",
    ],
)
def test_what_no_finished_report_may_have_is_marked(code):
    assert CODES[code].final
