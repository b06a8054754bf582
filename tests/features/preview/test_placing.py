from __future__ import annotations

import lxml.html
import pytest
from asking import Preview

from reportgen.features.preview.page import MOST_PLACES, placed
from reportgen.findings import RelatedLocation, finding
from reportgen.model.figures import Figure, Ledger
from reportgen.model.quantity import Shape
from reportgen.model.source import SourceSpan
from reportgen.model.units import UNITS
from small_project import DATA, NARRATIVE, PACK

PAGE = """<main>
<h2 data-at="templates/p/pack.yaml:4-4">甲</h2>
<p data-at="data/a.md:1-3"><span class="figure" data-key="a"></span></p>
<p data-at="data/a.md:5-5"><span class="figure" data-key="b"></span></p>
<div class="form" data-at="templates/p/f.html:1-9"><table><tr><td>
<p><span class="figure" data-key="a"></span></p></td></tr></table></div>
<ol><li data-at="data/b.md:7-7"><span class="figure" data-key="c"></span></li></ol>
</main>"""


def figure(key, span):
    return Figure(key, key, "fact", None, UNITS[""], Shape(0), span)


LEDGER = Ledger(
    2023,
    {
        "a": figure("a", SourceSpan("data/f.yaml", 3, 5, 3, 9)),
        "b": figure("b", SourceSpan("data/f.yaml", 3, 14, 3, 18)),
        "c": figure("c", SourceSpan("templates/p/m.yaml", 8, 10)),
    },
)


def at(*spans, subject=""):
    """Return where a finding at `spans` is placed: tags with the keys of its figures."""
    found = finding(
        "R101", spans[0], *(RelatedLocation(span) for span in spans[1:]), subject=subject
    )
    root = lxml.html.document_fromstring(PAGE)
    return [
        (block.tag, [each.get("data-key") for each in figures])
        for block, figures, _ in placed(root, [found], LEDGER)
    ]


@pytest.mark.parametrize(
    ("spans", "blocks"),
    [
        ([SourceSpan("data/a.md", 2, 7)], [("p", [])]),
        ([SourceSpan("data/a.md", 4)], []),
        ([SourceSpan("templates/p/pack.yaml", 4, 9)], [("h2", [])]),
        ([SourceSpan("templates/p/f.html", 9)], [("div", [])]),
        ([SourceSpan("data/b.md", 7)], [("li", [])]),
        ([SourceSpan("data/f.yaml", 3, 5)], [("p", ["a"]), ("div", ["a"])]),
        ([SourceSpan("data/f.yaml", 3, 15)], [("p", ["b"])]),
        ([SourceSpan("data/f.yaml", 3, 10)], []),
        ([SourceSpan("templates/p/m.yaml", 8, 10)], [("li", ["c"])]),
        ([SourceSpan("-", 0, 0)], []),
        (
            [SourceSpan("data/a.md", 1), SourceSpan("data/f.yaml", 3, 5)],
            [("p", ["a"]), ("div", ["a"])],
        ),
    ],
)
def test_a_finding_stands_beside_what_its_places_are_about(spans, blocks):
    assert at(*spans) == blocks


def test_a_finding_about_a_figure_stands_where_that_is_printed():
    assert at(SourceSpan("elsewhere.yaml"), subject="c") == [("li", ["c"])]
    assert at(SourceSpan("elsewhere.yaml"), subject="no_such_figure") == []


def test_a_finding_does_not_stand_in_more_places_than_help():
    root = lxml.html.document_fromstring('<p><span data-key="a"></span></p>' * (MOST_PLACES + 2))
    found = finding("R101", SourceSpan("-", 0, 0), subject="a")
    assert len(list(placed(root, [found], LEDGER))) == MOST_PLACES


@pytest.fixture
def preview(tmp_path):
    return Preview.of(tmp_path / "p")


def remarks(preview):
    """Return the code of each remark, with the element that it stands beside."""
    found = preview.get().page.xpath("//*[contains(@class, 'pv-remark')]")
    return [(each.get("aria-label"), each) for each in found]


def test_a_relation_stands_beside_the_paragraph_and_marks_its_figure(preview):
    preview.saved(f"{DATA}/staffing.yaml", "27人", "31人")
    ((label, remark),) = remarks(preview)
    assert label == "错误 R101"
    paragraph = remark.getprevious()
    assert "在职31人" in paragraph.text_content()
    marked = paragraph.xpath(".//*[contains(@class, 'pv-error')]/data")
    assert {each.text for each in marked} == {"31人", "30人"}


def test_a_fault_in_a_narrative_stands_beside_its_paragraph_of_the_last_good_page(preview):
    preview.get()
    preview.saved(f"{NARRATIVE}/staffing.md", "staffing.quota", "staffing.quta")
    ((label, remark),) = remarks(preview)
    assert label == "错误 T102"
    assert "编制30人" in remark.getprevious().text_content()
    assert remark.xpath(".//a/text()") == [f"{NARRATIVE}/staffing.md:1:15"]


def test_a_fault_in_a_form_stands_before_it_and_one_in_a_list_at_its_item(preview):
    preview.get()
    preview.saved(
        f"{PACK}/forms/overview.html",
        '<tr>\n  <th scope="row" colspan="2">合计',
        '<tt>\n  <th scope="row" colspan="2">合计',
    )
    ((_, remark),) = remarks(preview)
    assert remark.getnext().get("class").split()[0] == "form"
    preview.saved(f"{PACK}/forms/overview.html", "<tt>", "<tr>")
    preview.saved(f"{NARRATIVE}/spending.md", "1. 公务接待费{{ three", "1. 公务接待费{{ thre")
    ((_, remark),) = remarks(preview)
    assert remark.getparent().tag == "li"


def test_waived_findings_are_listed_but_do_not_stand_in_the_text(preview):
    assert remarks(preview) == []
    assert preview.get().page.xpath("//details[not(@open)]//*[@class='pv-note']")
