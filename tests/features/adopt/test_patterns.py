"""What stands at the places for values in a text, by the fixed texts around them."""

from __future__ import annotations

import pytest

from reportgen.features.adopt.expected import INDEX, Slot
from reportgen.features.adopt.patterns import slot_texts

A, B, C = Slot("a"), Slot("b"), Slot("c")
FIRST, SECOND = Slot("goals.#1a"), Slot("goals.#1b")


def texts(pieces, text):
    found = slot_texts(tuple(pieces), text)
    return None if found is None else [(each.slot.key, each.text) for each in found]


def items(pieces, text):
    found = slot_texts(tuple(pieces), text)
    return None if found is None else [each.text for each in found]


@pytest.mark.parametrize(
    ("pieces", "text", "found"),
    [
        ([A], "7.2", [("a", "7.2")]),
        (["其中：基本支出：", A], "其中: 基本支出：2008.88", [("a", "2008.88")]),
        (["产出指标\n（", A, "分）"], "产出指标(50分)", [("a", "50")]),
        (["产出指标（", A, "分）"], "效益指标（30分）", None),
        ([A, "（", B, "）"], "检测设备（10台）", [("a", "检测设备"), ("b", "10台")]),
        ([Slot(INDEX), "、", A], "12、局机关", [("loop.index", "12"), ("a", "局机关")]),
        ([A, B], "≥90%", []),
        ([A, B, C], "≥90%", []),
        ([A, B, "：", C], "≥90%：是", [("c", "是")]),
    ],
)
def test_values_stand_between_the_fixed_texts(pieces, text, found):
    assert texts(pieces, text) == found


@pytest.mark.parametrize(
    ("pieces", "text", "found"),
    [
        (
            ["目标1：", FIRST, "\n目标2：", SECOND],
            "目标1：甲\n目标2：乙\n目标3：丙",
            ["甲", "乙", "丙"],
        ),
        (["任务1：", FIRST, "。\n任务2：", SECOND, "。"], "任务1：甲。任务2：乙。", ["甲", "乙"]),
        (["（一）", FIRST, "\n（二）", SECOND], "（一）甲\n（二）乙（三）丙", ["甲", "乙", "丙"]),
        (["1、", FIRST, "\n2、", SECOND], "1、增长12、甲\n2、乙", ["增长12、甲", "乙"]),
        (["1、", FIRST, "\n2、", SECOND], "1、甲\n2、乙，3、丙", None),
        ([FIRST, "\n", SECOND], "甲\n乙", ["甲", "乙"]),
        (["目标1：", FIRST, "\n目标2：", SECOND], "没有目标", None),
    ],
)
def test_the_items_of_a_list_are_told_apart_by_their_numbers(pieces, text, found):
    assert items(pieces, text) == found
