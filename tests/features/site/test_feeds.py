"""Feeds: every version is an entry, the newest first, at the time of its publication."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from reportgen.features.site.feeds import MOST_ENTRIES, feeds
from reportgen.features.site.versions import (
    Notice,
    PublicFile,
    PublicVersion,
    PublishedReport,
    Site,
    SiteSettings,
)
from reportgen.model.publication import Publication
from site_builds import MadeUpSite
from small_project import reportgen
from strategies import literal_texts

ATOM = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))
NAMES = {"a": "http://www.w3.org/2005/Atom", "fh": "http://purl.org/syndication/history/1.0"}
URL = "https://example.org/jixiao/"
FILES = (PublicFile("department.pdf", "0" * 64, 12), PublicFile("figures.csv", "0" * 64, 9))


def version(number=1, date="2024-05-06", title="自评报告", **more):
    return PublicVersion(number, title, "自评", "某局", date, "0" * 64, files=FILES, **more)


def report(*versions, unit="bureau", year=2023, name="department"):
    return PublishedReport(unit, "某局", year, name, versions)


def documents(*reports, **more):
    """Return the feeds of a site by path, each valid."""
    site = Site(SiteSettings("网站", **{"url": URL, **more}), reports)
    found = {}
    for page in feeds(site):
        root = etree.fromstring(page.make(Path()))
        ATOM.assertValid(root)
        found[page.path] = root
    return found


def texts(root, path):
    return [
        each if isinstance(each, str) else each.text for each in root.xpath(path, namespaces=NAMES)
    ]


def feed(*reports, **more):
    return documents(*reports, **more)["feed.xml"]


def test_newest_come_first_and_those_of_one_day_by_address():
    root = feed(
        report(version(date="2024-01-02"), unit="b"),
        report(version(date="2024-01-02"), unit="a"),
        report(version(date="2023-12-31"), unit="c"),
        report(version(date="2024-06-30"), version(2, date="2024-01-02"), unit="d"),
    )
    versions = ("d/2023/department/v1", *(f"{unit}/2023/department/v1" for unit in "ab"))
    versions = (*versions, "d/2023/department/v2", "c/2023/department/v1")
    assert texts(root, "a:entry/a:id") == [f"{URL}{version}/" for version in versions]
    assert texts(root, "a:updated") == ["2024-06-30T00:00:00+08:00"]


def test_time_is_that_of_publication():
    stated = Publication(date="2024-05-06", time="09:30")
    other = Publication(date="2024-05-05", time="09:30")
    wrong = Publication(date="2024-05-06", time="25:99")
    for publication, time in ((stated, "09:30"), (other, "00:00"), (wrong, "00:00")):
        root = feed(report(version(publication=publication)))
        assert texts(root, "a:entry/a:updated") == [f"2024-05-06T{time}:00+08:00"]


def test_a_version_keeps_its_id_when_its_day_is_stated_later_or_a_notice_comes_to_it():
    notice = Notice(PublicFile("notice.docx", "0" * 64, 5), "2024-09-12")
    new = version(2, date="2024-09-10")
    ids = []
    for each in (new, replace(new, date="2024-09-11"), replace(new, notice=notice)):
        root = feed(report(version(), each))
        ids.append(texts(root, "a:entry[1]/a:id"))
    assert ids == [[f"{URL}bureau/2023/department/v2/"]] * 3


def test_correction_says_what_was_corrected_and_offers_its_notice():
    file = PublicFile("更正说明.docx", "0" * 64, 5)
    notice = Notice(file, "2024-09-12", ("原报告执行率误为90%。", "现更正为95%。"))
    new = PublicVersion(
        2, "自评报告", "自评", "某局", "2024-09-10", "1" * 64, files=(*FILES, file), notice=notice
    )
    root = feed(report(version(), new))
    first = "a:entry[1]/"
    assert texts(root, f"{first}a:title") == ["更正：自评报告（第 2 版）"]
    assert texts(root, f"{first}a:summary") == ["原报告执行率误为90%。\n现更正为95%。"]
    assert texts(root, f"{first}a:updated") == ["2024-09-12T00:00:00+08:00"]
    place = f"{URL}bureau/2023/department/v2/"
    assert texts(root, f"{first}a:link[@rel='enclosure']/@href") == [
        f"{place}department.pdf",
        f"{place}%E6%9B%B4%E6%AD%A3%E8%AF%B4%E6%98%8E.docx",
    ]
    assert texts(root, "a:entry[2]/a:title") == ["自评报告"]


def test_version_that_says_not_why_is_called_a_new_version():
    root = feed(report(version(), version(2, date="2024-06-01")))
    assert texts(root, "a:entry[1]/a:title") == ["新版本：自评报告（第 2 版）"]
    assert texts(root, "a:entry[1]/a:summary") == ["某局公开2023年度自评报告，代替第 1 版。"]


def test_each_unit_has_a_feed_of_its_own():
    found = documents(report(version(), unit="甲 局"), report(version(), unit="b"))
    assert list(found) == ["feed.xml", "units/b/feed.xml", "units/甲 局/feed.xml"]
    own = found["units/甲 局/feed.xml"]
    assert len(texts(own, "a:entry")) == 1
    assert texts(own, "a:id") == [f"{URL}units/%E7%94%B2%20%E5%B1%80/feed.xml"]


def test_archives_hold_every_entry_and_stay_as_they_are():
    """RFC 5005, 4: from the feed back over its archives nothing is missing."""
    reports = [report(version(date=f"2{n:03}-01-01"), year=2000 + n) for n in range(250)]
    found = documents(*reports)
    assert [path for path in found if path.startswith("feed")] == [
        "feed-1.xml",
        "feed-2.xml",
        "feed.xml",
    ]
    seen, path = [], "feed.xml"
    while path:
        root = found[path]
        assert len(texts(root, "a:entry")) <= MOST_ENTRIES
        assert bool(texts(root, "fh:archive")) == (path != "feed.xml")
        seen += [each for each in texts(root, "a:entry/a:id") if each not in seen]
        (before,) = texts(root, "a:link[@rel='prev-archive']/@href") or [""]
        path = before.removeprefix(URL)
    assert len(seen) == 250
    assert seen == sorted(seen, reverse=True)
    later = documents(*reports, report(version(date="2999-01-01")))
    for name in ("feed-1.xml", "feed-2.xml", "units/bureau/feed-1.xml"):
        assert etree.tostring(later[name]) == etree.tostring(found[name])


@pytest.mark.parametrize("count", [100, 101, 200])
def test_archives_begin_where_a_feed_is_full(count):
    reports = [report(version(date=f"2{n:03}-01-01"), year=2000 + n) for n in range(count)]
    found = [path for path in documents(*reports) if path.startswith("feed")]
    assert len(found) == {100: 1, 101: 2, 200: 3}[count]


def test_version_of_no_day_is_in_no_feed():
    assert documents(report(version(date="")), report(version(date="2024-02-30"))) == {}
    root = feed(report(version(date="")), report(version(), year=2022))
    assert len(texts(root, "a:entry")) == 1


def test_without_an_address_there_are_no_feeds():
    assert documents(report(version()), url="") == {}


@settings(max_examples=100, deadline=None)
@given(st.one_of(literal_texts(), st.just("a\x00\x0b\ufffe]]>")), literal_texts())
def test_any_title_and_notice_give_a_valid_feed(title, text):
    notice = Notice(FILES[0], "2024-09-12", (text,))
    root = feed(report(version(title=title), version(2, title=title, notice=notice)))
    if title.isprintable():
        assert texts(root, "a:entry[2]/a:title")[0] == title


def test_site_has_feeds_that_pages_name(tmp_path):
    site = MadeUpSite(tmp_path)
    site.build()
    site.make(url=URL)
    before = (site.out / "feed.xml").read_bytes()
    for page in ("index.html", "units/bureau/index.html"):
        assert '<link rel="alternate" type="application/atom+xml" href="feed.xml"' in site.page(
            page
        )
        assert (site.out / page).with_name("feed.xml").is_file()
    assert "atom" not in site.page("years/2023/index.html")
    site.build("other", 2022, name="另一局", date="2025-01-02")
    change = site.make(url=URL)
    assert (site.out / "feed.xml").read_bytes() != before
    assert change.written < change.pages


def test_site_without_address_has_none_and_the_command_says_so(tmp_path):
    site = MadeUpSite(tmp_path)
    site.build()
    told = reportgen("site", "--root", tmp_path, "--output-format", "json")
    assert [each["code"] for each in told.findings] == ["U131"]
    assert not [*site.out.rglob("feed*.xml"), *site.out.rglob("sitemap*")]
    assert "feed.xml" not in site.page()
