"""sitemap.xml names every page and the files of current versions, by whole addresses."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from reportgen.features.site.site_map import MOST_ADDRESSES, MOST_BYTES, site_maps
from reportgen.features.site.versions import (
    PublicFile,
    PublicVersion,
    PublishedReport,
    Site,
    SiteSettings,
)
from site_builds import MadeUpSite

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).with_name("sitemap.xsd")))
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
URL = "https://example.org/jixiao/"


def published(*versions, unit="bureau"):
    return PublishedReport(unit, "某局", 2023, "department", versions)


def version(number, date, *names):
    files = tuple(PublicFile(name, "0" * 64, 1) for name in names)
    return PublicVersion(number, "题", "自评", "某局", date, "0" * 64, files=files)


def maps(pages, *reports, url=URL):
    """Return the lists of a site by path, each valid."""
    found = {}
    for page in site_maps(Site(SiteSettings("网站", url=url), reports), pages):
        data = page.make(Path())
        assert len(data) <= MOST_BYTES
        root = etree.fromstring(data)
        SCHEMA.assertValid(root)
        found[page.path] = root
    return found


def places(root):
    """Return address and day of each element."""
    return [
        (each.findtext("s:loc", namespaces=NAMES), each.findtext("s:lastmod", "", NAMES))
        for each in root
    ]


def test_pages_come_first_then_the_word_and_pdf_files_of_current_versions():
    old = version(1, "2024-01-01", "department.pdf")
    new = version(
        2, "2024-05-06", "department.docx", "department.html", "department.pdf", "figures.csv"
    )
    found = maps(
        ["index.html", "site.css", "甲&乙/index.html", "bureau/2023/department/index.html"],
        published(old, new),
    )
    place = f"{URL}bureau/2023/department/"
    assert places(found["sitemap.xml"]) == [
        (f"{URL}index.html", ""),
        (f"{URL}%E7%94%B2%26%E4%B9%99/index.html", ""),
        (f"{place}index.html", "2024-05-06"),
        (f"{place}v2/department.docx", "2024-05-06"),
        (f"{place}v2/department.pdf", "2024-05-06"),
    ]


def test_day_that_is_none_is_left_out():
    found = maps(["bureau/2023/department/index.html"], published(version(1, "2024年5月")))
    assert places(found["sitemap.xml"]) == [(f"{URL}bureau/2023/department/index.html", "")]


@pytest.mark.parametrize(("count", "lists"), [(MOST_ADDRESSES, 0), (MOST_ADDRESSES + 1, 2)])
def test_more_addresses_than_a_list_may_hold_are_in_several_with_an_index(count, lists):
    pages = [f"{number}.html" for number in range(count)]
    found = maps(pages)
    names = [f"sitemap-{number}.xml" for number in range(1, lists + 1)]
    assert list(found) == [*names, "sitemap.xml"]
    listed = []
    for name in names or ["sitemap.xml"]:
        listed += [place for place, _ in places(found[name])]
    assert listed == [URL + page for page in pages]
    if names:
        assert places(found["sitemap.xml"]) == [(URL + name, "") for name in names]


def test_lists_are_no_larger_than_they_may_be():
    pages = [f"{'长' * 200}{number}.html" for number in range(30_000)]
    assert len(maps(pages)) == 3


def test_without_an_address_there_is_none():
    assert maps(["index.html"], url="") == {}


def test_site_lists_every_page_it_has(tmp_path):
    site = MadeUpSite(tmp_path)
    site.build("统计 局%41#?", 2023, "自评 报告&")
    site.make(url=URL)
    root = etree.parse(site.out / "sitemap.xml").getroot()
    SCHEMA.assertValid(root)
    listed = {place.removeprefix(URL) for place, _ in places(root)}
    pages = {path.relative_to(site.out).as_posix() for path in site.out.rglob("index.html")}
    assert "%E7%BB%9F%E8%AE%A1%20%E5%B1%80%2541%23%3F" in "".join(listed)
    assert len({place for place in listed if place.endswith("index.html")}) == len(pages)
