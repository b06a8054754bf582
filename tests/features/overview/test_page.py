"""The page of an overview is one file, whole without script, and tells blanks in words."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import lxml.html
import pytest

from overviews import made_up, row
from reportgen.features.overview.page import MOST_CHANGES, as_page
from reportgen.features.overview.peers import compared
from reportgen.features.overview.values import FindingCount, OverviewRow
from reportgen.findings.codes import Language
from reportgen.model.document import Audience


def page_of(
    *rows: OverviewRow, audience: Audience = "internal", language: Language = "zh", builds: str = ""
) -> Any:
    return lxml.html.fromstring(as_page(compared(audience, rows), language, builds))


def cells(page: Any, number: int = 0) -> list[str]:
    """The texts of a row of the table of reports."""
    found = page.xpath("//table[@id='table']/tbody/tr")[number]
    return [cell.text_content() for cell in found]


def heads(page: Any) -> list[str]:
    return [head.text_content() for head in page.xpath("//table[@id='table']/thead//th")]


def told(page: Any, head: str, number: int = 0) -> str:
    return cells(page, number)[heads(page).index(head)]


def test_rows_stand_by_unit_and_the_latest_year_first() -> None:
    page = page_of(row("b", 2023), row("a", 2022), row("a", 2023))
    assert [cells(page, n)[:2] for n in range(3)] == [
        ["a局", "2023"],
        ["a局", "2022"],
        ["b局", "2023"],
    ]


@pytest.mark.parametrize("word", ["不公开", "未印出", "未填", "模板包未声明", "不详"])
def test_what_is_blank_is_said_in_a_word_and_sorted_by_nothing(word: str) -> None:
    given = {"模板包未声明": "未声明", "不详": ""}.get(word, word)
    page = page_of(row(score=given))
    assert told(page, "得分") == word
    (cell,) = page.xpath(f"//table[@id='table']/tbody//td[.='{word}'][1]")[:1]
    assert "data-k" not in cell.attrib


def test_a_report_that_was_never_built_is_said_to_be_so_in_every_cell() -> None:
    page = page_of(row(stage="not built"))
    assert [told(page, head) for head in ("阶段", "得分", "等级", "发现")] == ["未生成"] * 4


def test_a_unit_without_reports_is_listed_and_counted_as_no_report() -> None:
    page = page_of(row("b", None, "", "not built", about={"peers": ""}), row("a"))
    assert cells(page, 1)[:4] == ["b局", "—", "没有报告", "未生成"]
    assert "2 个单位，2023，1 份报告" in page.xpath("//header")[0].text_content()


def test_a_file_that_names_no_unit_is_listed_and_chosen_by_its_own_name() -> None:
    files = [
        row("", None, "", "audited", about={"unit_name": "", "source": name})
        for name in ("甲.docx", "乙.docx")
    ]
    page = page_of(*files, row("a"))
    assert sorted(cells(page, n)[0] for n in range(3)) == ["a局", "乙.docx", "甲.docx"]
    assert cells(page, 1)[1] == "年度不详"
    options = page.xpath("//select[@name='unit']/option/@value")
    assert sorted(options) == ["", "a", "乙.docx", "甲.docx"]
    assert "1 个单位，2023，3 份报告" in page.xpath("//header")[0].text_content()


def test_a_report_whose_facts_changed_since_it_was_built_is_marked() -> None:
    page = page_of(row("a", about={"changed": True}), row("b", about={"changed": False}), row("c"))
    assert [told(page, "阶段", n) for n in range(3)] == ["已公开数据有改动", "已公开", "已公开"]


def test_a_report_that_was_not_built_is_of_the_kind_that_it_was_in_another_year() -> None:
    unbuilt = row("a", 2023, stage="not built", about={"peers": ""})
    page = page_of(
        unbuilt, row("a", 2022), row("b", 2023, "fund", "not built", about={"peers": ""})
    )
    assert [cells(page, n)[2] for n in range(3)] == [
        "部门整体支出绩效自评",
        "部门整体支出绩效自评",
        "fund",
    ]


def test_a_score_that_is_not_of_a_hundred_says_of_how_many() -> None:
    assert told(page_of(row(score="18分", full_score="20分")), "得分") == "18分（满分20分）"
    assert told(page_of(row(score="98.5分", full_score="100分")), "得分") == "98.5分"


def test_findings_are_counted_by_severity_and_once_for_a_report_of_several_projects() -> None:
    found = (FindingCount("R302", "warning", 3), FindingCount("A101", "error", 1))
    page = page_of(
        row(about={"part": "甲项目"}, findings=found), row(about={"part": "乙项目"}), row("z")
    )
    assert [told(page, "发现", n) for n in range(3)] == [
        "错误\N{NO-BREAK SPACE}1，警告\N{NO-BREAK SPACE}3",
        "计入首个项目",
        "无",
    ]


def test_others_than_those_inside_get_no_column_section_or_filter_of_findings() -> None:
    page = page_of(row(), audience="public")
    assert "发现" not in heads(page)
    assert not page.xpath("//*[@id='findings']|//select[@name='code']")


def test_a_row_says_in_words_why_it_stands_out() -> None:
    page = page_of(row(execution_rate="135.47%"), row("z", execution_rate="99%"))
    assert cells(page, 0)[-1] == "预算执行率135.47%，超过100%"
    assert cells(page, 1)[-1] == ""


def test_the_head_counts_units_years_and_reports_and_not_their_projects() -> None:
    page = page_of(
        row(about={"part": "甲"}), row(about={"part": "乙"}), row(year=2021, stage="draft")
    )
    (header,) = page.xpath("//header")
    text = " ".join(header.text_content().split())
    assert "1 个单位，2021—2023，2 份报告" in text
    assert "草稿 1 已公开 1" in text


def test_texts_are_never_markup() -> None:
    name = "<script>alert(1)</script>&\"'"
    page = page_of(row(about={"unit_name": name, "peers": name, "part": name, "source": name}))
    assert cells(page)[0] == name
    assert len(page.xpath("//script")) == 1


def policy(page: Any) -> str:
    (content,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    return str(content)


@pytest.mark.parametrize("kind", ["script", "style"])
def test_the_policy_lets_in_our_own_script_and_style_alone(kind: str) -> None:
    data = as_page(made_up(30), "zh")
    inline = re.findall(rb"<%s>(.*?)</%s>" % (kind.encode(), kind.encode()), data, re.DOTALL)
    assert len(inline) == 1
    digest = base64.b64encode(hashlib.sha256(inline[0]).digest()).decode()
    page = lxml.html.fromstring(data)
    assert f"{kind}-src 'sha256-{digest}'" in policy(page)
    assert policy(page).startswith("default-src 'none'; ")
    assert not page.xpath("//@style|//@onclick|//*[@src]|//link")


def test_every_link_of_the_page_leads_to_a_place_in_it() -> None:
    page = lxml.html.fromstring(as_page(made_up(120), "zh"))
    names = page.xpath("//@id")
    links = page.xpath("//a/@href")
    assert len(names) == len(set(names))
    assert len(links) > 50
    assert {link for link in links if link[1:] not in names} == set()


def test_what_links_choose_by_is_among_what_can_be_chosen() -> None:
    page = lxml.html.fromstring(as_page(made_up(120), "zh"))
    for name in ("kind", "year", "stage", "grade", "code"):
        options = set(page.xpath(f"//select[@name='{name}']/option/@value"))
        chosen = set(page.xpath(f"//a/@data-{name}"))
        assert chosen
        assert chosen <= options


def test_every_chart_has_a_name_and_a_table_of_its_data() -> None:
    page = lxml.html.fromstring(as_page(made_up(120), "zh"))
    charts = page.xpath("//figure/*[local-name()='svg']")
    assert len(charts) > 10
    assert all(chart.get("role") == "img" and len(chart.get("aria-label")) > 10 for chart in charts)
    for section in page.xpath("//section[.//figure]"):
        assert section.xpath(".//details//table/tbody/tr")


def test_the_data_behind_a_distribution_name_and_link_what_is_beyond_the_fences() -> None:
    scores = ("60分", "90分", "92分", "94分", "96分", "93分")
    page = page_of(*(row(f"u{n}", score=score) for n, score in enumerate(scores)))
    (link,) = page.xpath("//section[@id='distributions']//tbody//td[last()]/a")
    (target,) = page.xpath(f"//tr[@id='{link.get('href')[1:]}']")
    assert link.text_content() == "u0局"
    assert target.text_content().startswith("u0局")


def test_the_reports_that_changed_most_are_listed_and_no_more_than_said() -> None:
    rows = []
    for number in range(MOST_CHANGES + 5):
        unit = f"u{number:02}"
        rows += [row(unit, 2022, score="60分"), row(unit, 2023, score=f"{61 + number}分")]
    page = page_of(*rows)
    units = page.xpath("//section[@id='trends']/div[@class='table']//tbody/tr/th")
    expected = [f"u{number:02}局" for number in range(MOST_CHANGES + 4, 4, -1)]
    assert [each.text_content() for each in units] == expected


def test_reports_are_linked_to_where_the_page_knows_the_folder_of_builds() -> None:
    files = ("2023/a b/internal/x.docx", "2023/a b/internal/x.html")
    linked = "//table[@id='table']/tbody//a/@href"
    page = page_of(row(about={"files": files}), builds="../build/")
    assert page.xpath(linked) == ["../build/2023/a%20b/internal/x.html"]
    assert page_of(row(about={"files": files})).xpath(linked) == []


def test_the_page_is_the_same_bytes_again() -> None:
    assert as_page(made_up(60), "zh") == as_page(made_up(60), "zh")


def test_an_overview_of_nothing_says_that_there_are_no_reports() -> None:
    text = page_of().xpath("//main")[0].text_content()
    assert "没有报告" in text


@pytest.mark.parametrize("audience", ["internal", "submit", "public"])
def test_a_page_in_english_has_chinese_in_names_and_numbers_alone(audience: Audience) -> None:
    page = lxml.html.fromstring(as_page(made_up(60, audience), "en"))
    ours = page.xpath("//h1|//h2|//h3|//thead//th|//label/text()|//p|//nav|//summary|//button")
    texts = [each if isinstance(each, str) else each.text_content() for each in ours]
    assert len(texts) > 30
    assert [text for text in texts if re.search("[\u4e00-\u9fff]", text)] == []
