from __future__ import annotations

import pytest

from reportgen.compose.body import Numbering

STYLES = ("{cn}、", "（{cn}）", "{n}.", "（{n}）")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "零"),
        (1, "一"),
        (9, "九"),
        (10, "十"),
        (11, "十一"),
        (19, "十九"),
        (20, "二十"),
        (35, "三十五"),
        (99, "九十九"),
        (100, "100"),
    ],
)
def test_chinese_numerals(number, text):
    assert Numbering(("{cn}、",)).label(1, number) == f"{text}、"


def test_every_level_counts_from_one_below_each_heading():
    numbering = Numbering(STYLES)
    numbers = [numbering.next(level)[0] for level in (1, 2, 2, 3, 4, 4, 2, 3, 1, 2)]
    assert numbers == [
        "一、",
        "（一）",
        "（二）",
        "1.",
        "（1）",
        "（2）",
        "（三）",
        "1.",
        "二、",
        "（一）",
    ]


def test_anchors_are_unique_and_keep_to_their_part():
    levels = (1, 2, 3, 2, 1, 4, 2)
    numbering = Numbering(STYLES, "annex-1-s")
    anchors = [numbering.next(level)[1] for level in levels]
    assert len(set(anchors)) == len(levels)
    assert all(anchor.startswith("annex-1-s") for anchor in anchors)


def test_labels_follow_the_pack():
    numbering = Numbering(("第{cn}章 ", "{n} "))
    assert numbering.label(1, 3) == "第三章 "
    assert numbering.label(2, 3) == "3 "
    assert numbering.label(4, 3) == "3 "
    assert Numbering(()).label(1, 3) == ""


@pytest.mark.parametrize("style", ["{", "}", "{x}", "{0}", "{n.__class__}", "{{n}}", "%s"])
def test_style_is_no_program(style):
    assert Numbering((style,)).label(1, 3) == style.replace("{n}", "3")
