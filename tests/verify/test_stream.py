from __future__ import annotations

import pytest

from reportgen.verify.comparison import differences, readable


def test_texts_that_follow_each_other_are_all_there():
    assert differences("一、概况2023年", ["一、概况", "2023 年"]).missing == ()


def test_text_that_is_not_there_is_named():
    assert differences("甲乙丁", ["甲", "乙", "丙", "丁"]).missing == ("丙",)


def test_changed_text_is_missing_and_what_stands_in_its_place_unexpected():
    found = differences("甲135.42%丙", ["甲", "135.47%", "丙"])
    assert found.missing == ("135.47%",)
    assert found.unexpected == ("135.42%",)


def test_text_in_the_wrong_order_is_missing():
    assert differences("乙甲", ["甲", "乙"]).missing


def test_text_is_found_as_often_as_it_is_wanted():
    assert differences("5-5", ["5", "5", "5"]).missing == ("5",)


def test_text_found_later_does_not_hide_those_after_it():
    found = differences("甲丙丁乙", ["甲", "乙", "丙", "丁"])
    assert found.missing == ("乙",)
    assert found.unexpected == ("乙",)


def test_repeated_head_is_passed_over_but_unexpected():
    found = differences("名称甲名称乙", ["名称", "甲", "乙"])
    assert found.missing == ()
    assert found.unexpected == ("名称",)


def test_rest_of_the_stream_is_unexpected():
    assert differences("甲乙", ["甲"]).unexpected == ("乙",)


def test_empty_texts_are_always_there():
    assert differences("甲乙", ["", "甲", "", "乙", ""]) == differences("", [])


def test_white_space_and_what_cannot_be_seen_is_left_out():
    assert readable("甲 \t\u3000\n\u00a0乙\u200b\u200f\u202e\u00ad\ufe0f\U000e0100丙") == "甲乙丙"


@pytest.mark.parametrize("text", ["⼀", "㎡", "％１", "é", "e\u0301", "①", "豈", "𠮷", "…"])
def test_other_characters_stay_as_they_are(text):
    assert readable(text) == text


def test_ligatures_are_spelled_out():
    assert readable("ﬁﬂﬃ") == "fiflffi"
