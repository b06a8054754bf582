from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.language.text_differences import ChangedSentence, Stated, changed, pieces, sentences

WORDS = st.text("支出 12.5%万元家，。比上年增a", max_size=40)


def stated(*texts):
    return tuple(Stated(text, f"¶{n}") for n, text in enumerate(texts, 1))


@given(WORDS, WORDS)
def test_pieces_give_back_both_sides(old, new):
    found = pieces(old, new)
    assert "".join(p.text for p in found if p.kind != "new") == old
    assert "".join(p.text for p in found if p.kind != "gone") == new


@given(WORDS)
def test_same_text_has_no_changed_piece(text):
    assert all(each.kind == "same" for each in pieces(text, text))


@pytest.mark.parametrize(
    ("old", "new", "figures"),
    [
        ("执行率为135.42%。", "执行率为135.47%。", [("135.42%", "135.47%")]),
        ("支出1,234.50万元", "支出1,243.50万元", [("1,234.50万元", "1,243.50万元")]),
        ("共5家", "共5个", [("5家", "5个")]),
        ("增长2.5个百分点", "下降2.5个百分点", []),
        ("共3项", "共三项", [("3项", "三项")]),
        ("不变", "不变", []),
    ],
)
def test_numbers_change_whole_with_their_units(old, new, figures):
    assert list(ChangedSentence(old, new).figures) == figures


def test_a_sentence_is_held_against_the_one_it_was():
    old = stated("甲支出12万元。", "乙支出13万元。", "丙不再写。")
    new = stated("甲支出12万元。", "乙支出14万元。", "全新的一句话在这里。")
    assert changed(old, new) == (
        ChangedSentence("乙支出13万元。", "乙支出14万元。", "¶2"),
        ChangedSentence("", "全新的一句话在这里。", "¶3"),
        ChangedSentence("丙不再写。", "", "¶3"),
    )


def test_what_only_moved_to_another_paragraph_is_no_change():
    assert changed(stated("甲。", "乙。"), stated("新写的一段。", "甲。", "乙。")) == (
        ChangedSentence("", "新写的一段。", "¶1"),
    )


def test_sentences_end_at_their_marks_and_keep_them():
    found = sentences([Stated("一，二。三；四！ 五\n六", "x")])
    assert [each.text for each in found] == ["一，二。", "三；", "四！", "五", "六"]
