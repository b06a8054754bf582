"""<meta> names of government sites (国办发〔2017〕47号) on first, column and article pages."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from reportgen.features.site.settings import read_settings
from reportgen.findings import Diagnostics
from site_builds import MadeUpSite

OF_SITE = {"SiteName": "某市公开"}
OF_COLUMN = {"ColumnName", "ColumnType", "ColumnKeywords", "ColumnDescription"}


class Metas(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.found = {}
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "meta" and found.get("name", "")[:1].isupper():
            assert found["name"] not in self.found
            self.found[found["name"]] = found["content"]


def metas(site, path="index.html"):
    return Metas(site.page(path)).found


@pytest.fixture
def site(tmp_path):
    made = MadeUpSite(tmp_path)
    made.build(site_name="别的网站", source="某局办公室", time="09:30")
    return made


def test_first_page_names_the_site_alone(site):
    site.make(name="某市公开", url="https://公开.example.org/", site_code="4312000000")
    stated = {"SiteDomain": "公开.example.org", "SiteIDCode": "4312000000"}
    assert metas(site) == OF_SITE | stated


def test_what_is_not_stated_is_not_there(site):
    site.make(name="某市公开")
    assert metas(site) == OF_SITE


@pytest.mark.parametrize("page", ["units/bureau", "years/2023", "kinds"])
def test_column_pages_name_their_column(site, page):
    site.make(name="某市公开")
    found = metas(site, f"{page}/index.html")
    assert set(found) == {"SiteName", *OF_COLUMN}
    assert found["ColumnName"] in found["ColumnKeywords"]


def test_article_names_title_day_and_source_and_the_site_it_stands_on(site):
    site.make(name="某市公开", url="https://example.org/")
    found = metas(site, "bureau/2023/department/index.html")
    assert found["SiteName"] == "某市公开"
    assert {"ColumnName", "ColumnType"} <= set(found)
    assert (found["PubDate"], found["ContentSource"]) == ("2024-05-06 09:30", "某局办公室")
    assert found["ArticleTitle"] == "某局2023年度部门整体支出绩效自评报告"
    assert found["Url"] == "https://example.org/bureau/2023/department/index.html"


def settings(tmp_path, text):
    path = tmp_path / "site.toml"
    path.write_text(text, "utf-8")
    log = Diagnostics()
    read = read_settings(path, tmp_path, log)
    return (read[0] if read else None), [(each.code, each.span.line) for each in log]


def test_code_of_a_site_has_ten_digits(tmp_path):
    found, told = settings(
        tmp_path, 'site_code = "4312000000"\nlicense = "https://example.org/xuke"\n'
    )
    assert (found.site_code, found.license, told) == ("4312000000", "https://example.org/xuke", [])
    for wrong in ('"431200000"', '"四三一二000000"', "4312000000", '" 4312000000"'):
        assert settings(tmp_path, f"site_code = {wrong}\n") == (None, [("U101", 1)])


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://例子.中国/绩效 公开", None),
        ("https://例子.中国/绩效", "https://xn--fsqu00a.xn--fiqs8s/%E7%BB%A9%E6%95%88/"),
        ("http://a:8080/%E7%BB", "http://a:8080/%E7%BB/"),
        ("https://a:99999/", None),
        ("https://" + "a" * 64 + ".org/", None),
        ("ftp://a/", None),
    ],
)
def test_address_is_one_that_feeds_and_lists_of_pages_can_hold(tmp_path, written, read):
    found, told = settings(tmp_path, f'url = "{written}"\n')
    assert (found.url if found else None) == read
    assert told == ([] if read else [("U101", 1)])
