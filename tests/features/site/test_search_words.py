"""Every piece of a text is a row of words, whatever its characters are written like."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.features.site.search_words import number_word, words


def test_two_characters_side_by_side_are_a_word_at_their_place():
    assert words("三公经费") == {"三": [0], "三公": [0], "公经": [1], "经费": [2], "费": [3]}


@pytest.mark.parametrize(
    "written", ["“三公”经费", "三公 经费", "《三公》（经费）", "三 公 經 費", "三公\u200b经费"]
)
def test_quotation_marks_brackets_blanks_and_other_forms_change_nothing(written):
    assert words(written) == words("三公经费")


@pytest.mark.parametrize("stop", ["，", "。", "、", "\n", "：", "/"])
def test_what_parts_sentences_and_cells_parts_words(stop):
    found = words(f"支出{stop}合计")
    assert "出合" not in found
    assert (found["支出"], found["合计"]) == ([0], [3])


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("1,234.50", "1234.5"),
        ("１２\uff13\uff14．\uff15", "1234.5"),
        ("0.50", "0.5"),
        ("00.5", "0.5"),
        ("007", "7"),
        ("100", "100"),
        ("0", "0"),
        ("0.00", "0"),
        ("27.00", "27"),
    ],
)
def test_a_number_is_one_word_however_it_is_written(written, word):
    assert word in words(written)


def test_numbers_in_a_row_are_not_one():
    assert list(words("135，246")) == ["135", "246"]
    assert list(words("〔2024〕46")) == ["2024", "46"]
    assert list(words("1,2,3")) == ["1", "2", "3"]


def test_a_share_is_found_with_its_sign_and_without():
    found = words("为135.47%，")
    assert found["135.47%"] == found["135.47"] == [1]
    assert words("135.47％") == words("135.47 %") == words("135.47%")


def test_a_number_makes_a_word_with_the_character_after_it():
    assert words("怀财绩〔2024〕46号文")["46号"] == [4]
    assert "46号" not in words("46，号")


def test_letters_are_a_word_whatever_their_case():
    assert list(words("GDP（\uff27\uff24\uff30）LED")) == ["gdp", "led"]


@given(st.text("三公经费预算年度", min_size=2, max_size=30))
def test_every_piece_of_a_text_is_its_words_in_a_row(text):
    found = words(text)
    assert [found[one + other] for one, other in pairwise(text)] == [
        sorted(found[one + other]) for one, other in pairwise(text)
    ]
    for place, (one, other) in enumerate(pairwise(text)):
        assert place in found[one + other]


@given(st.text())
def test_places_ascend_in_any_text(text):
    for places in words(text).values():
        assert places == sorted(set(places))


@given(st.decimals(0, 10**9, allow_nan=False, places=2))
def test_the_form_of_a_number_keeps_its_value(number):
    assert float(number_word(f"{number:,}")) == float(number)
