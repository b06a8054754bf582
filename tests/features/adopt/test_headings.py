"""Headings of a document held to the outline of a pack: which part is of which section."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adopted_documents import cut, pack, parts
from reportgen.features.adopt.headings import NO_NUMBER, heading_number, likeness, title_words


def test_headings_are_known_by_their_words():
    found = parts(
        "某局报告",
        "一、基本情况",
        "（一）机构设置情况",
        "设科室三个。",
        "（二）人员编制情况",
        "编制九人。",
        "二、绩效情况",
        "很好。",
        "三、存在的问题及原因分析",
        "没有。",
    )
    assert found == {
        "": ["某局报告"],
        "basics": [],
        "organization": ["设科室三个。"],
        "staffing": ["编制九人。"],
        "results": ["很好。"],
        "problems": ["没有。"],
    }


@pytest.mark.parametrize(
    "heading",
    [
        "1.机构设置情况",
        "第一部分 机构设置情况",
        "（一） 机 构 设 置 情 况",
        "(1)机构设置情况",
        "（一）机构设置情况：",
        "（一）机构设置",
        "（一）我局机构设置情况",
        "机构设置情况",
    ],
)
def test_numbers_blanks_and_a_few_words_may_differ(heading):
    assert parts("一、基本情况", heading, "设科室三个。")["organization"] == ["设科室三个。"]


def test_a_heading_may_be_the_beginning_of_its_paragraph():
    found = parts(
        "一、基本情况", "（一）机构设置情况。设科室三个，分别是甲、乙、丙。", "另有一个。"
    )
    assert found["organization"] == ["设科室三个，分别是甲、乙、丙。", "另有一个。"]


def test_order_may_differ():
    found = parts("一、存在的问题及原因分析", "没有。", "二、绩效情况", "很好。", "三、基本情况")
    assert (found["problems"], found["results"]) == (["没有。"], ["很好。"])


def test_sections_that_are_not_there_are_missing():
    missing = cut("一、基本情况", "二、绩效情况", "很好。").missing
    assert [entry.section.id for entry in missing] == ["organization", "staffing", "problems"]


def test_a_table_of_contents_is_none_of_the_headings():
    found = parts(
        "目录",
        "一、基本情况",
        "二、绩效情况",
        "三、存在的问题及原因分析",
        "一、基本情况",
        "二、绩效情况",
        "很好。",
        "三、存在的问题及原因分析",
        "没有。",
    )
    assert (found["results"], found["problems"]) == (["很好。"], ["没有。"])
    assert parts("一、绩效情况……12", "一、绩效情况", "很好。")["results"] == ["很好。"]


def test_a_sentence_is_no_heading():
    assert "results" not in parts("一、基本情况", "绩效情况很好。", "绩效情况，见附件")


def test_of_two_sections_with_one_title_the_number_decides():
    by = pack("一 项目基本概况 form pack", "一 综述 review none", "二 项目基本概况 overview")
    assert "overview" in parts("（一）项目基本概况", "很好。", by=by)
    assert "form" in parts("一、项目基本概况", "很好。", by=by)


def test_a_document_of_another_kind_has_none_of_them():
    assert parts("一、收支预算", "（一）收入预算", "无。") == {
        "": ["一、收支预算", "（一）收入预算", "无。"]
    }
    assert parts("很好") == {"": ["很好"]}


@given(st.lists(st.text("一二三、（）1.绩效情况基本机构设置 。", max_size=20), max_size=30))
@settings(max_examples=60, deadline=None)
def test_nothing_is_lost_or_told_twice(lines):
    document = cut(*lines)
    texts = []
    for part in document.parts:
        texts += [part.heading.text] if part.heading is not None else []
        texts += [block.text for block in part.blocks]
    wanted = [line.strip() for line in lines if line.strip()]
    squeezed = "".join("".join(texts).split())
    kept = "".join("".join(wanted).split())
    assert len(squeezed) >= len(kept)
    assert set(squeezed) <= set(kept)


@given(st.text(), st.text())
@settings(max_examples=80, deadline=None)
def test_likeness_is_symmetric_and_at_most_that_of_a_title_to_itself(one, other):
    words, others = title_words(one), title_words(other)
    assert likeness(words, others) == likeness(others, words)
    assert 0 <= likeness(words, others) <= 1
    assert not words or likeness(words, words) == 1


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("十二、存在", 0, 12),
        ("（三）存在", 1, 3),
        ("3、20个", 2, 3),
        ("3.2023年存在", 2, 3),
        ("3.存在", 2, 3),
        ("3．存在", 2, 3),
        ("(12)存在", 3, 12),
        ("第二部分 存在", 4, 2),
    ],
)
def test_numbers_of_headings(text, kind, value):
    number = heading_number(text)
    assert (number.kind, number.value) == (kind, value)
    assert text[number.end :] in {"存在", "20个", "2023年存在"}


@pytest.mark.parametrize("text", ["3.5亿元", "2023年", "存在", "", "（附件）"])
def test_what_is_no_number_of_a_heading(text):
    assert heading_number(text) == NO_NUMBER
