from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.language.characters import codepoint, refused


@given(text=st.text(st.characters(categories=("L", "M", "N", "P", "S", "Zs"))))
def test_letters_marks_numbers_signs_and_spaces_are_kept(text):
    assert refused(text) == ("", -1)


@given(before=st.text(st.characters(categories=("L",))), bad=st.characters(categories=("Cc", "Co")))
def test_controls_and_private_characters_are_refused_where_they_stand(before, bad):
    if bad != "\n":
        assert refused(before + bad + bad) == (bad, len(before))


@pytest.mark.parametrize(
    "char", ["\u2028", "\u2029", "\u202e", "\u2066", "\ufdd0", "\ufffe", "\U0001ffff"]
)
def test_others_that_nobody_sees_as_they_are(char):
    assert refused(f"甲{char}") == (char, 1)


@pytest.mark.parametrize("char", ["\u200b", "\u200d", "\u200f", "\ufeff", "\u00ad", "\ufe0f"])
def test_invisible_helpers_of_letters_are_kept(char):
    assert refused(f"甲{char}") == ("", -1)


def test_character_that_this_python_does_not_know_is_kept():
    assert unicodedata.category("\U0003fffd") == "Cn"
    assert refused("\U0003fffd") == ("", -1)


def test_kept_characters_are_named_by_the_caller():
    assert refused("a\tb\n", "\t\n") == ("", -1)
    assert refused("a\tb\n") == ("\t", 1)


def test_codepoint_has_at_least_four_digits():
    assert codepoint("\t") == "U+0009"
    assert codepoint("😀") == "U+1F600"
