"""Every report's page: for the keyboard, for screen readers, on a phone, on paper."""

from __future__ import annotations

import io

import pypdfium2
import pytest

from logged import select
from outcome import render
from real_report import ROOT
from reportgen.flow.job import Job
from reportgen.project.source_files import SourceFiles

pytestmark = pytest.mark.engine

REPORTS = [str(each) for each in select(SourceFiles(ROOT), None, None, None)[0]]
AUDIENCES = ("internal", "public")
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return a function that gives the address of a report's page, built once."""
    folder = tmp_path_factory.mktemp("built")

    def address(report, audience):
        unit, year, name = report.split("/")
        job = Job(ROOT, folder, unit, int(year), name, audience, ("html",))
        path = folder / f"{audience}-{unit}-{year}-{name}.html"
        if not path.exists():
            path.write_bytes(render(job, SourceFiles(ROOT)).made["html"])
        return path.as_uri()

    return address


def violations(page):
    """Return what axe-core finds, a line each."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['help']}: {node['html'][:120]} {node['failureSummary']}"
        for each in found
        for node in each["nodes"][:3]
    ]


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("report", REPORTS)
def test_axe_finds_nothing_in_a_built_page(page, built, report, audience):
    page.goto(built(report, audience))
    assert violations(page) == []


def test_axe_finds_nothing_in_the_preview(page, still):
    page.goto(still.url)
    page.wait_for_function("() => !document.body.innerText.includes('核对中')")
    assert violations(page) == []
    page.goto(still.url + "/huaihua/2023/department")
    page.locator("details").first.evaluate("node => { node.open = true }")
    assert violations(page) == []
    page.goto(still.url + "/nothing/2023/here")
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_page_with_findings(page, wrong, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(wrong + "/huaihua/2023/department")
    assert page.locator(".pv-remark").count() > 0
    assert violations(page) == []


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("report", REPORTS)
def test_a_phone_scrolls_no_text_sideways(page, built, report, audience):
    page.set_viewport_size(PHONE)
    page.goto(built(report, audience))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    wide = "ns => ns.filter(n => n.getBoundingClientRect().right > innerWidth + 1).length"
    assert page.locator("main :is(p, h1, h2, h3, h4, li):not(.form *)").evaluate_all(wide) == 0


def test_a_phone_scrolls_the_preview_nowhere_sideways(page, wrong):
    page.set_viewport_size(PHONE)
    for path in ("", "/huaihua/2023/department"):
        page.goto(wrong + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


CUT = """() => {
  const cut = [];
  for (const figure of document.querySelectorAll("article :is(data:not(.long), .whole)")) {
    const range = document.createRange();
    range.selectNodeContents(figure);
    for (const note of figure.querySelectorAll("[role=tooltip]")) range.setEndBefore(note);
    const boxes = [...range.getClientRects()].filter(box => box.width > 0.5);
    const vertical = getComputedStyle(figure).writingMode !== "horizontal-tb";
    const middles = boxes.map(box => vertical ? box.left : (box.top + box.bottom) / 2);
    if (Math.max(...middles) - Math.min(...middles) > 8) cut.push(figure.textContent);
  }
  return cut
}"""
OUTSIDE = """() => {
  const outside = [];
  for (const cell of document.querySelectorAll(".form :is(th, td)")) {
    if (cell.scrollWidth > cell.clientWidth + 1) outside.push(cell.textContent);
  }
  return outside
}"""


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("report", REPORTS)
def test_no_figure_is_cut_in_two_and_none_leaves_its_cell(page, built, report, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(built(report, "internal"))
    assert page.locator("article data").count() > 100
    assert page.evaluate(CUT) == []
    assert page.evaluate(OUTSIDE) == []
    page.emulate_media(media="print")
    assert page.evaluate(CUT) == []


LEFT = "node => node.getBoundingClientRect().left"


def test_the_labels_of_a_table_stay_while_it_is_scrolled(page, built):
    page.set_viewport_size(PHONE)
    page.goto(built("yueyang/2021/department", "public"))
    box = page.locator(".form.wide").first
    box.evaluate("box => { box.scrollLeft = 90 }")
    assert box.evaluate("box => box.scrollLeft") == 90
    left = box.evaluate(LEFT)
    labels = box.locator("tbody .stays")
    assert labels.count() >= 2
    assert all(abs(label.evaluate(LEFT) - left) <= 1 for label in labels.all())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_phone(page, built, scheme):
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme=scheme)
    page.goto(built("yueyang/2021/department", "internal"))
    assert violations(page) == []


NUMBERED = "figures => figures.map((figure, number) => (figure.dataset.number = number))"
FOCUSED = """() => {
  const figure = document.activeElement;
  const note = figure.querySelector(":scope > [role=tooltip]");
  return note && [Number(figure.dataset.number), getComputedStyle(note).display, !!note.innerText]
}"""


def test_tab_reaches_every_figure_in_order_and_shows_its_note(page, still):
    page.goto(still.url + "/huaihua/2023/department")
    page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true })")
    numbers = page.locator(".figure").evaluate_all(NUMBERED)
    assert len(numbers) > 300
    reached = []
    for _ in range(len(numbers) + 400):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        reached += [at] if at else []
        if at and at[0] == numbers[-1]:
            break
    assert reached == [[number, "block", True] for number in numbers]


TEXT = """article => {
  const copy = article.cloneNode(true);
  for (const unseen of copy.querySelectorAll("[role=tooltip], .unseen, .aside")) unseen.remove();
  return copy.textContent
}"""


@pytest.mark.parametrize("report", REPORTS)
def test_paper_has_the_text_alone_and_cuts_no_table(page, built, report):
    page.goto(built(report, "internal"))
    text = "".join(page.locator("article").evaluate(TEXT).split())
    data = page.pdf(prefer_css_page_size=True, print_background=True)
    page.emulate_media(media="print")
    for hidden in (".bar", ".back", ".contents", ".colophon", ".skip"):
        assert not any(each.is_visible() for each in page.locator(hidden).all())
    printed, outside = read(data)
    assert outside == []
    assert len(printed) >= len(text)


def test_paper_of_the_preview_has_nothing_of_the_preview(page, wrong):
    page.goto(wrong + "/huaihua/2023/department")
    page.emulate_media(media="print")
    assert page.locator(".pv-remark").count() > 0
    for hidden in (".pv-bar", ".pv-top", ".pv-remark"):
        assert not any(each.is_visible() for each in page.locator(hidden).all())


def read(data):
    """Return the text of a PDF without spaces, and the characters that lie outside a page."""
    texts, outside = [], []
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    for number in range(len(document)):
        sheet = document[number]
        width, height = sheet.get_size()
        found = sheet.get_textpage()
        texts.append(found.get_text_range())
        for index in range(found.count_chars()):
            left, bottom, right, top = found.get_charbox(index)
            inside = left >= 0 and right <= width + 1 and bottom >= -1 and top <= height + 1
            if right > left and not inside:
                outside.append((number, found.get_text_range(index, 1)))
    return "".join("".join(texts).split()), outside
