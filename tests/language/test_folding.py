from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.language.folding import BORDER, Solid, even, even_character, solid

RADICALS = [chr(code) for code in range(0x2E80, 0x2FD6) if unicodedata.name(chr(code), "")]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("军⺠融合", "军民融合"),
        ("⽴項", "立项"),
        ("軍民融合發展", "军民融合发展"),
        ("臺灣", "台湾"),
        ("戸籍", "户籍"),
        ("长ⅮⅩ", "长dx"),
        ("\uff2a\uff2d\uff32\uff28", "jmrh"),  # full width
        ("\u0408\u041cRH", "jmrh"),  # Cyrillic
        ("\u0391cme", "acme"),  # Greek
        ("ロ岸", "口岸"),
        ("参\u200b加\u00ad", "参加"),
    ],
)
def test_other_forms_of_a_character_are_one(written, meant):
    assert even(written) == meant


def test_every_radical_stands_for_an_ideograph():
    left = {char for char in RADICALS if even(char) == char}
    # A radical that Unicode gives no ideograph for: CJK RADICAL REPEAT.
    assert left == {"\u2e80"}


@pytest.mark.parametrize("text", ["参加", "著作权", "余额", "於菟", "1,234.50万元", "㎡", "2²"])
def test_folding_twice_is_folding_once(text):
    assert even(even(text)) == even(text)


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(categories=["L", "N", "P", "S"])))
def test_characters_fold_as_their_text_does_but_raised_numbers(text):
    text = "".join(char for char in text if not even(char).isspace())
    folded = unicodedata.normalize("NFC", "".join(map(even_character, text)))
    assert folded == unicodedata.normalize("NFC", "".join(even(text).split()))


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("318.7①", "318.7 "),
        ("见注②。", "见注 。"),
        ("①③⑨①②③④⑤⑥⑦⑧", " 13912345678 "),
        ("¹³⁹ 5678", " 139  5678"),
    ],
)
def test_a_raised_number_is_a_reference_and_several_are_digits(text, digits):
    assert even(text) == digits


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("“湖南”（怀化）·长青-公司", "湖南怀化长青公司"),
        ("王、伟", "王伟"),
        (f"1.王{BORDER}2.伟", "王伟"),
        (f"一、王{BORDER}（二）伟", "王伟"),
        (f"张三、{BORDER}李四、", "张三李四"),
        (f"1.5万{BORDER}2.5万", "1.5万2.5万"),
        ("1,234.5", "1234.5"),
        ("2024—6—25", "2024-6-25"),
        ("二○二三、二零二三", "二〇二三二〇二三"),
    ],
)
def test_nothing_stands_between_words(text, words):
    assert solid(even(text)) == words
    assert solid(even(even(text))) == words


def test_gaps_and_stops_say_where_something_was():
    found = Solid(even("甲 乙，丙1,234-5"))
    assert (found.text, found.gaps, found.stops) == ("甲乙丙1234-5", {1, 2}, {2})
    found = Solid(even("甲-12-3 乙"), signs=False)
    assert (found.text, found.gaps) == ("甲123乙", {1, 4})


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="甲1,.-/ 、\n\x1f（a零"), st.booleans())
def test_gaps_lie_between_the_characters_that_are_left(text, signs):
    found = Solid(text, signs)
    assert all(0 <= at <= len(found.text) for at in found.gaps)
    assert found.stops <= found.gaps
