"""Each fault in a window is found where it is planted, and nothing on a page without it."""

from __future__ import annotations

import pytest
from pagecheck import web
from pagecheck.projects import ROOT

pytestmark = pytest.mark.engine

STYLE = """<style>body { margin: 0; font: 16px/20px monospace } table { border-collapse: collapse;
table-layout: fixed } td { padding: 0; overflow-wrap: anywhere; vertical-align: top }</style>"""
ROW = "<table><tr><td style='width: {}px'>{}</td><td style='width: 90px'>{}</td></tr></table>"
LONG = "很长的文字" * 8
PLANTED = [
    ("figure-cut", ROW.format(60, "7138.12", "万"), ROW.format(80, "7138.12", "万")),
    (
        "figure-cut",
        ROW.format(50, "<data>99.14</data>%", "万"),
        ROW.format(50, "2021<br>2022", "万"),
    ),
    (
        "figure-cut",
        ROW.format(60, "<data>7138.12</data><span role=tooltip>年初预算数</span>", "万"),
        ROW.format(90, "<data>7138.12</data><span role=tooltip>7138.12</span>", "万"),
    ),
    ("unit-parted", ROW.format(46, "100万元", "万"), ROW.format(40, "100 万元", "万")),
    ("cell-narrow", ROW.format(48, LONG, ""), ROW.format(48, LONG, "有")),
    ("cell-narrow", ROW.format(48, LONG, ""), ROW.format(16, "上<br>下<br>" * 4, "")),
    ("text-upright", ROW.format(16, "绩效指标", "有"), ROW.format(32, "绩效指标", "有")),
    (
        "text-outside",
        "<table style='width: 40px'><td style='overflow-wrap: normal'>unbreakable</td></table>",
        "<table style='width: 140px'><td style='overflow-wrap: normal'>unbreakable</td></table>",
    ),
    (
        "text-outside",
        "<table><tr><td><div style='height: 20px'>一<br>二<br>三</div></td></tr></table>",
        "<table><tr><td><div style='height: 60px'>一<br>二<br>三</div></td></tr></table>",
    ),
    (
        "sideways",
        "<div style='width: 700px'>宽</div>",
        "<div style='overflow-x: auto'><div style='width: 700px'>宽</div></div>",
    ),
    (
        "beyond-window",
        "<div style='overflow: hidden'><p style='width: 700px; text-align: right'>宽</p></div>",
        "<div style='overflow: auto'><p style='width: 700px; text-align: right'>宽</p></div>",
    ),
]


@pytest.mark.parametrize(("kind", "planted", "sound"), PLANTED)
def test_a_planted_fault_is_found_and_a_sound_page_has_none(browser_page, kind, planted, sound):
    browser_page.set_content(f"<!doctype html>{STYLE}<main>{planted}</main>")
    assert kind in {each.kind for each in web.measured(browser_page, 390)}
    browser_page.set_content(f"<!doctype html>{STYLE}<main>{sound}</main>")
    assert list(web.measured(browser_page, 390)) == []


@pytest.mark.parametrize(("beside", "found"), [("", 1), ("有", 0)])
def test_a_cell_too_narrow_is_found_in_print_and_the_window_is_as_before(
    browser_page, beside, found
):
    row = ROW.format(48, LONG, beside)
    rows = f"<style>@media screen {{ table {{ display: none }} }}</style>{row}"
    browser_page.set_content(f"<!doctype html>{STYLE}<main>{rows}</main>")
    assert len(list(web.narrow_in_print(browser_page))) == found
    assert not browser_page.evaluate("matchMedia('print').matches")
    browser_page.set_content(
        f"<!doctype html>{STYLE}<style>table {{ page: landscape }}</style><main>{rows}</main>"
    )
    assert list(web.narrow_in_print(browser_page)) == []


def test_three_blanks_below_a_form_are_on_one_line_in_print(browser_page):
    style = (ROOT / "templates/shared/report.css").read_text("utf-8")
    blanks = ("填表人：填表人甲　　", "填报日期：2024年6月25日　　", "联系电话：0000001")
    spans = "".join([f"<span>{each}</span>" for each in blanks])
    browser_page.set_content(
        f"<!doctype html><style>{style}</style><article>"
        f"<p class='note spread' style='width: 156mm'>{spans}</p></article>"
    )
    browser_page.emulate_media(media="print")
    try:
        tops = "spans => spans.map(each => Math.round(each.getBoundingClientRect().top))"
        assert len(set(browser_page.eval_on_selector_all(".note span", tops))) == 1
    finally:
        browser_page.emulate_media(media="screen")
