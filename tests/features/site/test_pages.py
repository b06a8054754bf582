"""What the pages of a site say, for people and for machines."""

from __future__ import annotations

import re

import pytest

from reportgen.features.site import pages
from site_builds import MadeUpSite


@pytest.fixture
def site(tmp_path):
    return MadeUpSite(tmp_path)


def metas(page):
    return dict(re.findall(r'<meta name="([A-Z]\w+)" content="([^"]*)">', page))


def test_long_table_goes_on_over_pages_that_lead_to_each_other(site, monkeypatch):
    monkeypatch.setattr(pages, "ROWS", 2)
    for number in range(5):
        site.build(f"unit{number}", name=f"第{number}局")
    site.make()
    folder = site.out / "years/2023"
    assert sorted(path.name for path in folder.glob("*.html")) == [
        "index.html",
        "page-2.html",
        "page-3.html",
    ]
    texts = [(folder / name).read_text("utf-8") for name in ("index.html", "page-2.html")]
    assert [re.findall(r"<th scope=\"row\"><a [^>]*>第(\d)局", text) for text in texts] == [
        ["0", "1"],
        ["2", "3"],
    ]
    assert 'href="page-3.html"' in texts[1]
    assert 'href="index.html"' in texts[1]
    assert '<span aria-current="page">2</span>' in texts[1]
    assert "共 5 份报告，分 3 页，这是第 2 页" in texts[1]


def test_page_that_is_needed_no_more_is_taken_away(site, monkeypatch):
    monkeypatch.setattr(pages, "ROWS", 2)
    for number in range(3):
        site.build(f"unit{number}")
    site.make()
    assert (site.out / "years/2023/page-2.html").is_file()
    monkeypatch.setattr(pages, "ROWS", 5)
    assert site.make().removed == 2
    assert not (site.out / "years/2023/page-2.html").exists()


def test_report_says_what_is_known_of_its_publication_in_block_and_metas(site):
    known = {
        "index_number": "4312/2024-00123",
        "document_number": "某财绩〔2024〕9号",
        "time": "09:30",
        "site_name": "某局网站",
        "keywords": "绩效",
    }
    site.build(**known)
    site.make(name="某市公开")
    page = site.page("bureau/2023/department/index.html")
    for text in (
        "<dt>索引号</dt><dd>4312/2024-00123</dd>",
        "<dt>发布日期</dt><dd>2024-05-06 09:30",
    ):
        assert text in page
    said = metas(page)
    assert (said["SiteName"], said["PubDate"]) == ("某市公开", "2024-05-06 09:30")
    assert (said["Keywords"], said["ContentSource"]) == ("绩效", "某局")
    assert metas(site.page())["SiteName"] == "某市公开"
    assert metas(site.page("years/2023/index.html"))["ColumnName"] == "2023年度"


def test_day_that_is_not_known_is_not_made_up(tmp_path):
    site = MadeUpSite(tmp_path)
    site.build(date="")
    site.make()
    page = site.page("bureau/2023/department/index.html")
    assert "PubDate" not in metas(page)
    assert "日期</dt>" not in page


def test_names_are_texts_and_never_markup(site):
    site.build("a<b", 2023, 'r"&', name="<script>alert(1)</script>&", text="正文")
    site.make(name='站"<i>', publisher="<b>主办", contact="<u>找谁")
    for path in site.out.rglob("*.html"):
        if "/v1/" not in path.as_posix() and "search" not in path.parts:
            page = path.read_text("utf-8")
            assert not re.search(
                r"<script>alert|<i>|<b>|<u>", page.partition('<div class="text">')[0]
            )


def test_added_formats_are_no_correction(site):
    site.build(formats=("fragment.html", "html"))
    site.make()
    site.build()
    site.make()
    assert "有更正" not in site.page()
    site.build(text="改了")
    site.make()
    assert "有更正" in site.page()


def test_sheets_of_a_report_are_listed_with_their_files(site):
    sheets = ("road.docx", "road.fragment.html", "road.pdf", "bus.pdf")
    site.build(report="project", formats=("docx", "fragment.html", *sheets))
    site.make()
    page = site.page("bureau/2023/project/index.html")
    assert "分表 2 张" in page
    assert re.findall(r'<a href="v1/project\.(\w+\.\w+)"', page.partition("分表")[2]) == [
        "bus.pdf",
        "road.docx",
        "road.pdf",
    ]


@pytest.mark.parametrize("contact", ["", "某路1号"])
def test_everybody_is_told_whom_to_tell(site, contact):
    site.build()
    site.make(publisher="某市财政局", contact=contact)
    assert (contact or "某市财政局") in site.page("accessibility.html")
