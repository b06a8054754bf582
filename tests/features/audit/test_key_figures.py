"""What a document is, and the figures by which it is compared, are read as it says them first."""

from __future__ import annotations

import pytest

from audited_documents import reading
from reportgen.features.audit.key_figures import key_figures
from reportgen.features.audit.statements import statements
from reportgen.model.reading import KeyFigures

TITLE = "2023年度云阳市水利局部门整体支出绩效自评报告"


def told(*lines: str, tables=()) -> KeyFigures:
    document = reading(TITLE, *lines, tables=tables)
    return key_figures(document, statements(document))


def text(number) -> str:
    return "" if number is None else number.text


def test_the_title_says_whose_which_year_and_of_which_kind() -> None:
    found = told()
    assert (found.title, found.unit, found.year) == (TITLE, "云阳市水利局", 2023)
    assert found.kind == "部门整体支出绩效自评"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("2022年度云阳市科技专项资金绩效自评报告", "专项资金绩效自评"),
        ("云阳市项目支出绩效自评表", "项目支出绩效自评"),
        ("关于开展检查的通知", ""),
    ],
)
def test_kinds_are_those_of_packs(title: str, kind: str) -> None:
    document = reading(title)
    assert key_figures(document, statements(document)).kind == kind


def test_what_a_site_says_of_its_page_is_no_title() -> None:
    document = reading("跳到正文", "发布机构 云阳市财政局", "名称 云阳市水利局报告", TITLE)
    found = key_figures(document, statements(document))
    assert (found.title, found.unit) == (TITLE, "云阳市水利局")


def test_score_and_grade_of_the_whole_are_read() -> None:
    found = told("产出指标得分48分。", "综合自评得分98.5分，评价等级为“优”。")
    assert (text(found.score), found.grade) == ("98.5分", "优")


def test_without_a_sentence_the_score_sheet_tells_the_total() -> None:
    sheet = [
        ["指标", "分值", "得分"],
        ["产出数量", "60", "58"],
        ["产出质量", "40", "40"],
        ["总分", "100", "98"],
    ]
    assert text(told(tables=[sheet]).score) == "98"


@pytest.mark.parametrize(
    ("sentence", "rate"),
    [
        ("全年支出1200万元，预算执行率为96.5%。", "96.5%"),
        ("整体预算执行率达到135.42%。", "135.42%"),
        ("政府采购执行率为88%。", ""),
        ("项目支出预算执行率72%，公用经费预算执行率90%。", ""),
        ("政府采购执行率为88%，预算执行率为97%。", "97%"),
    ],
)
def test_the_execution_rate_is_that_of_the_whole(sentence: str, rate: str) -> None:
    assert text(told(sentence).execution_rate) == rate


def test_the_rate_of_a_form_is_read_where_no_sentence_says_one() -> None:
    form = [
        ["", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        ["年度资金总额", "400", "396.24", "10", "99.06%", "9.91"],
    ]
    assert text(told(tables=[form]).execution_rate) == "99.06%"


def test_the_three_public_expenses_are_read_with_last_years() -> None:
    found = told("“三公”经费支出50.5万元，比上年的21.42万元增加29.08万元，其中公务接待费3万元。")
    assert (text(found.three_public), text(found.three_public_last)) == ("50.5万元", "21.42万元")


def test_their_row_of_a_table_is_read_by_the_years_of_its_columns() -> None:
    table = [
        ["经费控制情况", "2022年决算数", "2023年预算数", "2023年决算数"],
        ["三公经费", "21.42", "27", "50.5"],
        ["1、公务接待", "2", "3", "1"],
    ]
    found = told(tables=[table])
    assert (text(found.three_public), text(found.three_public_last)) == ("50.5", "21.42")


THREE_PUBLIC = [["项目", "2022年决算数", "2023年决算数"], ["三公经费", "21.42", "50.5"]]


@pytest.mark.parametrize(
    ("above", "table"),
    [
        ("单位：万元", THREE_PUBLIC),
        ("表2 经费控制情况（金额单位：万元）", THREE_PUBLIC),
        ("经费控制情况", [["单位：万元"] * 3, *THREE_PUBLIC]),
        ("", [["项目", "2022年决算数（万元）", "2023年决算数（单位：万元）"], THREE_PUBLIC[1]]),
        ("", [THREE_PUBLIC[0], ["“三公”经费（万元）", "21.42", "50.5"]]),
    ],
)
def test_they_count_in_the_unit_stated_above_the_table_or_in_its_head(above: str, table) -> None:
    found = told(above, tables=[table])
    assert found.three_public is not None and found.three_public_last is not None
    assert str(found.three_public.unit) == str(found.three_public_last.unit) == "万元"
    assert (found.three_public.value, found.three_public_last.value) == (505000, 214200)


def test_a_table_that_states_no_unit_gives_them_none() -> None:
    found = told("“三公”经费单位数3家。", tables=[THREE_PUBLIC])
    assert found.three_public is not None and found.three_public.unit is None


def test_a_rate_counts_in_the_unit_of_its_column() -> None:
    form = [["", "全年预算数", "执行率（%）"], ["年度资金总额", "400", "99.06"]]
    rate = told(tables=[form]).execution_rate
    assert rate is not None and (rate.text, str(rate.unit)) == ("99.06", "%")


def test_a_part_of_them_is_not_the_whole() -> None:
    assert told("“三公”经费中公务接待费支出3万元。").three_public is None


def test_a_document_that_says_nothing_gives_nothing() -> None:
    document = reading("说明", "本单位无此项支出。")
    assert key_figures(document, statements(document)) == KeyFigures(title="说明")
