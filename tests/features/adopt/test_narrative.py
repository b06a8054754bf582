"""Paragraphs of a document as narrative: Markdown that prints what stood there."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adopted_documents import narrative, pack
from reportgen.compose.body import Body, Numbering
from reportgen.compose.environment import Environment
from reportgen.compose.tokens import Tokens
from reportgen.compose.view import View
from reportgen.features.adopt.narrative import clean_text, markdown
from reportgen.findings import Diagnostics
from reportgen.load.packs import NUMBERING
from reportgen.model.document import plain
from reportgen.model.figures import Ledger

HEAD = "二、绩效情况"


def printed(text):
    """Return what a narrative prints, each block a line."""
    tokens, log = Tokens(), Diagnostics()
    environment = Environment(lambda *_: text, tokens, View.of(Ledger(2023)), log)
    blocks = Body(tokens, Numbering(NUMBERING), 1).read(environment.text("data/x.md"), log)
    assert list(log) == []
    lines = []
    for block in blocks:
        items = getattr(block, "items", None)
        if items is not None:
            lines += [item.label + plain(item.inlines) for item in items]
        else:
            lines.append(getattr(block, "number", "") + plain(block.inlines))
    return lines


def test_paragraphs_stay_paragraphs():
    assert narrative(HEAD, "很好。", "也很好。") == "很好。\n\n也很好。\n"


def test_numbered_paragraphs_are_lists_as_the_pack_numbers_them():
    text = narrative(HEAD, "1.第一件事。", "2.第二件事。", "（1）甲。", "（2）乙。", "3.第三件事。")
    assert text == "1. 第一件事。\n2. 第二件事。\n\n1) 甲。\n2) 乙。\n\n3. 第三件事。\n"
    assert printed(text) == [
        "1.第一件事。",
        "2.第二件事。",
        "（1）甲。",
        "（2）乙。",
        "3.第三件事。",
    ]


def test_a_number_that_a_list_would_change_stays_as_typed():
    lines = ["1.第一件事。", "4.第四件事。", "（一）甲，乙。"]
    assert printed(narrative(HEAD, *lines)) == lines


def test_numbers_follow_those_of_the_pack():
    by = pack("一 绩效情况 results", numbering=("{cn}、", "{cn}、", "（{cn}）", "{n}、"))
    assert narrative("一、绩效情况", "1、甲。", "2、乙。", by=by) == "1) 甲。\n2) 乙。\n"


def test_headings_below_a_section_stay_headings():
    text = narrative(HEAD, "（一）完成情况", "很好。", "1.数量", "完成。", "2.质量", "合格。")
    assert text == "## 完成情况\n\n很好。\n\n### 数量\n\n完成。\n\n### 质量\n\n合格。\n"


def test_short_items_of_a_list_are_no_headings():
    lines = ["1.办公设备", "2.印刷费", "3.差旅费"]
    assert printed(narrative(HEAD, "有：", *lines)) == ["有：", *lines]


@pytest.mark.parametrize(
    "text",
    [
        "完成率*100*，见[表1](x)<b>",
        "{{ year }}和{% if %}、单个{也是}",
        "# 不是标题",
        "- 不是列表",
        "12. 不是列表",
        "1) 也不是",
        "a_b_c和~~删~~`码`",
        "甲&amp;乙&#38;丙",
        "===",
        "> 引",
        "\\ 反斜",
        "| 甲 | 乙 |",
        "**加粗**",
    ],
)
def test_what_reads_as_markup_prints_as_it_stood(text):
    assert printed(markdown(text)) == [text]


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_prints_as_it_stood(text):
    wanted = clean_text(text)
    if wanted:
        assert "".join(printed(markdown(text))).split() == wanted.split()


def test_line_breaks_and_blanks_within():
    assert markdown("甲\n乙") == "甲\\\n乙"
    assert clean_text("甲 \t 乙\u200b⼀\x07") == "甲 乙一"
    assert printed(markdown("甲\n乙")) == ["甲\n乙"]
