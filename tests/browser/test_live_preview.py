"""The preview as a drafter sees it: a page that follows what is saved."""

from __future__ import annotations

import signal

import pytest

pytestmark = pytest.mark.engine

REPORT = "/huaihua/2023/department"
DATA = "data/huaihua/2023"
NARRATIVE = f"{DATA}/department/narrative"

HAS = "text => document.querySelector('main').innerText.includes(text)"
BAR = "kind => document.querySelector('.pv-bar').classList.contains(kind)"
STOPPED = "() => document.querySelector('.pv-state').innerText.includes('预览已停止')"
CATCH = """() => document.addEventListener("click", event => {
  event.preventDefault();
  window.opened = event.target.href
}, true)"""
MIDDLE = "node => { node.kept = true; scrollTo(0, node.offsetTop - innerHeight / 2) }"
TOP = "node => node.getBoundingClientRect().top"


@pytest.fixture
def report(page, server):
    page.goto(server.url + REPORT)
    return page


def scrolled(page):
    """Scroll to a paragraph in the middle, and return it, marked as the node it is."""
    (place,) = page.locator("h4", has_text="基本支出情况").all()
    place.evaluate(MIDDLE)
    assert page.evaluate("scrollY") > 500
    return place


def test_a_saved_fact_is_on_the_page_which_keeps_its_place_and_its_nodes(report, server):
    place = scrolled(report)
    before = place.evaluate(TOP)
    server.replace(f"{DATA}/funds.yaml", "outturn: 17.89}", "outturn: 18.89}")
    report.wait_for_function(HAS, arg="3242.81")
    assert abs(place.evaluate(TOP) - before) < 2
    assert place.evaluate("node => node.kept")


def test_in_a_table_the_changed_cells_alone_are_new(report, server):
    tables = report.locator(".annex .form")
    tables.evaluate_all("all => all.forEach(each => { each.kept = true; each.scrollLeft = 9 })")
    server.replace(f"{DATA}/funds.yaml", "outturn: 17.89}", "outturn: 18.89}")
    report.wait_for_function(HAS, arg="3242.81")
    assert all(tables.evaluate_all("all => all.map(each => each.kept)"))
    assert 0 < report.locator(".annex td.pv-new").count() < 30
    assert report.locator(".form.pv-new, tr.pv-new").count() == 0


def test_the_data_of_a_chart_stay_open(report, server):
    data = report.locator("details.aside").first
    data.evaluate("each => { each.open = true }")
    server.replace(f"{DATA}/funds.yaml", "outturn: 17.89}", "outturn: 18.89}")
    report.wait_for_function(HAS, arg="3242.81")
    assert report.locator("details.aside").first.evaluate("each => each.open")
    assert not report.locator("details.aside").last.evaluate("each => each.open")


def test_what_is_added_above_does_not_move_what_is_read(report, server):
    place = scrolled(report)
    before = place.evaluate(TOP)
    path = server.root / NARRATIVE / "opening.md"
    added = "新加的一段。\n\n" * 12
    path.write_text(added + path.read_text("utf-8"), "utf-8")
    report.wait_for_function(HAS, arg="新加的一段")
    assert abs(place.evaluate(TOP) - before) < 2
    assert place.evaluate("node => node.kept")


def test_the_focus_stays_on_its_figure(report, server):
    figure = report.locator(".figure", has_text="3241.81").first
    figure.focus()
    key = figure.get_attribute("data-key")
    server.replace(f"{DATA}/funds.yaml", "outturn: 17.89}", "outturn: 18.89}")
    report.wait_for_function(HAS, arg="3242.81")
    assert report.evaluate("document.activeElement.dataset.key") == key


def test_findings_come_with_an_error_and_go_when_it_is_mended(report, server):
    assert report.evaluate(BAR, "pv-clean")
    server.replace(f"{DATA}/funds.yaml", "outturn: 17.89}", "outturn: 18.89}")
    report.wait_for_function(BAR, arg="pv-error")
    assert report.locator(".pv-top details[open] li.pv-error").count() == 1
    remark = report.locator(".pv-remark.pv-error").first
    assert remark.is_visible() and "R101" in remark.inner_text()
    assert report.locator(".figure.pv-error").count() >= 1
    (href,) = {each.get_attribute("href") for each in remark.locator("a").all()}
    assert href.startswith(f"vscode://file{server.root}/") and href.count(":") == 3
    server.replace(f"{DATA}/funds.yaml", "outturn: 18.89}", "outturn: 17.89}")
    report.wait_for_function(BAR, arg="pv-clean")
    assert report.locator(".pv-remark").count() == 0


def test_the_last_good_page_stays_while_yaml_is_broken(report, server):
    text = report.locator("main").inner_text()
    server.replace(f"{DATA}/funds.yaml", "funds:", "funds: [")
    report.wait_for_function(BAR, arg="pv-error")
    assert "显示的是" in report.locator(".pv-state").inner_text()
    assert report.locator("main").inner_text() == text
    server.replace(f"{DATA}/funds.yaml", "funds: [", "funds:")
    report.wait_for_function(BAR, arg="pv-clean")


def test_a_page_that_opens_broken_appears_once_it_is_mended(page, server):
    server.replace(f"{DATA}/funds.yaml", "funds:", "funds: [")
    page.goto(server.url + REPORT)
    assert "还没有可以显示的页面" in page.locator("h1").inner_text()
    server.replace(f"{DATA}/funds.yaml", "funds: [", "funds:")
    page.wait_for_function(HAS, arg="3241.81")


def test_the_index_fills_by_itself(page, server):
    page.goto(server.url)
    page.wait_for_function("() => !document.body.innerText.includes('核对中')")
    assert page.locator("tbody tr").count() == 6
    page.locator("tbody a", has_text="2023").first.click()
    page.wait_for_url(f"**{REPORT}")


def test_enter_on_a_figure_opens_the_file_it_comes_from(report, server):
    report.evaluate(CATCH)
    report.locator(".figure[data-key='staffing.quota']").first.focus()
    report.keyboard.press("Enter")
    opened = report.evaluate("window.opened")
    assert opened.startswith(f"vscode://file{server.root}/{DATA}/staffing.yaml:")


def test_ctrl_c_with_an_open_page_stops_at_once_and_the_page_says_so(report, server):
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(10) == 0
    report.wait_for_function(STOPPED)
    assert "3241.81" in report.locator("main").inner_text()
