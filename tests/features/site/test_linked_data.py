"""JSON-LD of pages: whose data it is, where its files are, and no text ends the script."""

from __future__ import annotations

import hashlib
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.features.site.linked_data import catalog, dataset
from reportgen.features.site.versions import (
    PublicFile,
    PublicVersion,
    PublishedReport,
    SiteSettings,
)
from site_builds import MadeUpSite
from strategies import literal_texts

FILES = tuple(
    PublicFile(name, hashlib.sha256(name.encode()).hexdigest(), 12)
    for name in ("department.pdf", "figures.csv", "figures.csv-metadata.json", "figures.json")
)


def report(title="自评报告", organization="某局", files=FILES):
    version = PublicVersion(2, title, "自评", organization, "2024-05-06", "0" * 64, files=files)
    return PublishedReport("怀化 局", organization, 2023, "department", (version,))


def said(**more):
    return json.loads(dataset(SiteSettings("网站", **more), report()))


def test_dataset_says_whose_it_is_and_where_its_files_are():
    told = said(url="https://example.org/jixiao/", license="https://example.org/xuke/")
    assert (told["@context"], told["@type"]) == ("https://schema.org/", "Dataset")
    assert told["publisher"] == {"@type": "GovernmentOrganization", "name": "某局"}
    assert (told["temporalCoverage"], told["inLanguage"]) == ("2023", "zh-CN")
    assert told["license"] == "https://example.org/xuke/"
    place = "https://example.org/jixiao/%E6%80%80%E5%8C%96%20%E5%B1%80/2023/department/"
    assert told["url"] == f"{place}index.html"
    first = told["distribution"][0]
    assert first["contentUrl"] == f"{place}v2/figures.csv"
    assert (first["encodingFormat"], first["sha256"]) == ("text/csv", FILES[1].sha256)
    assert [each["name"] for each in told["distribution"]] == [
        "figures.csv",
        "figures.json",
        "figures.csv-metadata.json",
    ]


def test_what_is_not_known_is_left_out_and_addresses_are_then_those_from_the_page():
    told = said()
    assert not {"license", "url", "isBasedOn"} & set(told)
    assert told["distribution"][0]["contentUrl"] == "v2/figures.csv"
    bare = json.loads(catalog(SiteSettings("网站")))
    assert set(bare) == {
        "@context",
        "@type",
        "name",
        "description",
        "inLanguage",
        "isAccessibleForFree",
    }


def test_report_without_figures_has_no_dataset():
    assert dataset(SiteSettings("网站"), report(files=FILES[:1])) == ""


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(literal_texts(), st.sampled_from(["</script><b>", "<!--<script>", "]]>", "\u2028"]))
)
def test_no_text_ends_the_script_or_is_changed_by_it(text):
    told = dataset(SiteSettings(text), report(title=text, organization=text))
    assert not re.search("[<>&\u2028\u2029]", told)
    assert json.loads(told)["name"] == f"{text}数据"
    assert json.loads(told)["publisher"]["name"] == text


def blocks(page):
    return [json.loads(each) for each in re.findall(r'ld\+json">(.*?)</script>', page, re.DOTALL)]


def test_pages_of_reports_and_the_first_page_say_it(tmp_path):
    site = MadeUpSite(tmp_path)
    site.build(name="<i>局", text="</script>")
    site.make(url="https://example.org/", publisher="某财政局")
    (of_report,) = blocks(site.page("bureau/2023/department/index.html"))
    assert of_report["publisher"]["name"] == "<i>局"
    (of_site,) = blocks(site.page())
    assert of_site["publisher"]["name"] == "某财政局"
    assert of_report["includedInDataCatalog"]["name"] == of_site["name"]
    for each in of_report["distribution"]:
        path = site.out / each["contentUrl"].removeprefix("https://example.org/")
        assert hashlib.sha256(path.read_bytes()).hexdigest() == each["sha256"]
        assert each["contentSize"] == f"{path.stat().st_size} B"


@pytest.mark.parametrize("page", ["units/index.html", "data-dictionary.html"])
def test_other_pages_describe_no_data(tmp_path, page):
    site = MadeUpSite(tmp_path)
    site.build()
    site.make()
    assert blocks(site.page(page)) == []
