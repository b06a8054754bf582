"""Patterns that were written so that an engine passes over most characters: they find the same."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reportgen.language import folding, personal_marks
from reportgen.language.folding import BORDER, Solid, as_digits, even

ORDINAL = "一二三四五六七八九十"
ALIKE = "〇○零一幺二三四五六七八九壹贰叁肆伍陆柒捌玖"
VALUES = str.maketrans(ALIKE + "oil", "0001123456789123456789011")
BETWEEN = re.compile(
    rf"(?P<label>(?:^|[{BORDER}\n])\s*(?:\(?[\d{ORDINAL}]{{1,3}}[)、]|\d{{1,2}}\.(?!\d)))"
    r"|(?P<thousands>(?<=\d),(?=\d{3}(?!\d)))|(?P<sign>(?<=\d)[./-](?=\d))|[\W_]+"
)
IN_DIGITS = (
    re.compile(rf"[\d{ALIKE}](?:[ .\-\u2010-\u2015·]?[\d{ALIKE}]){{6,}}", re.ASCII),
    re.compile(
        r"(?<=\d)[oil]{1,8}(?=\d)|(?<=\d{3})[oil]{1,8}(?!\w)"
        r"|(?<![\da-z])[il](?=[3-9]\d{9}(?!\d))",
        re.ASCII,
    ),
)
NAMED = rf" ?(?:号码?|id|账号|帐号|no|number)?(?:为|是)?[\W_{BORDER}]{{0,4}}"
COUNT = "[\\d一二三四五六七八九十]"
DOT = r" ?(?:[.。]|[(\[] ?dot ?[)\]]| dot ) ?"
MARKS = {
    "@email": re.compile(
        rf"(?: ?@| ?[(\[{{<] ?at ?[)\]}}>]| at ) ?[\w-]+(?:{DOT}[\w-]+)*{DOT}[a-z]{{2,}}(?![\w-])",
        re.ASCII,
    ),
    "@chat": re.compile(
        rf"(?:微信|wechat|weixin|(?<![a-z])[wv]x|(?<![a-z])qq|企鹅号?|钉钉|抖音)(?:同号)?{NAMED}"
        r"(?!wechat|weixin)([a-z0-9][a-z0-9_-]{4,19})(?![a-z0-9_-]|[ ]?[元万亿%人户])"
    ),
    "@address": re.compile(
        rf"(?:[路街巷道园苑村](?:小区)?|小区|花园)[^\W_]{{0,10}}?{COUNT}{{1,5}}(?:号?[栋幢座]|号楼|号院)"
        rf"[^\W_]{{0,6}}?{COUNT}{{1,5}}(?:室|号|户|单元)"
        rf"|[村社]{COUNT}{{1,3}}(?:村民小)?[组队]{COUNT}{{1,4}}号"
    ),
    "@masked": re.compile(
        r"(?<!\w)\d{3,10} ?[*×x•●○#█][*×x•●○#█ -]{2,20}\d{2,4}x?(?!\w)", re.ASCII
    ),
}

WORDS = {
    "@email": "name| |@|(at)|[ at ]| at |host|.cn|。com| dot |.",
    "@chat": "微信|wechat|w|wx|vx|qq|企鹅|号|钉钉|抖音|同号|号码为:|abc123|a_12345| 元",
    "@address": "路|街|村|社|小区|花园|小|花|甲|12|三|号|栋|号楼|单元|室|村民小|组|队",
    "@masked": "138|430|****|x|xx|●|1234|-| |_",
}


def pieces(*words: str) -> st.SearchStrategy[str]:
    """Return texts of some words in any order, with what may stand between them."""
    between = ("", "", "", " ", "a", "1", "。", BORDER, "\n")
    return st.lists(st.sampled_from((*words, *between)), max_size=14).map("".join)


def plain_solid(text: str, signs: bool) -> str:
    for zero in "○◯零":
        text = text.replace(zero, "〇")
    text = re.sub("[\u2010-\u2015\u2212\u2500\u30fc\ufe58]", "-", text.replace("參", "参"))
    return BETWEEN.sub(lambda match: (match["sign"] or "") if signs else "", text)


@given(st.text(alphabet=f"甲1一23,.-/ 、){BORDER}\n（(a零_。—"), st.booleans())
@example(f"1、{BORDER}2、甲{BORDER}。{BORDER}3、", True)
@example(f"甲5.{BORDER}1、.5", True)
def test_a_solid_is_what_is_left_without_labels_and_signs(text, signs):
    assert Solid(text, signs).text == plain_solid(text, signs)


@given(st.text(alphabet="oil138零五〇 .-9za_"))
@example("l3912345678")
@example("o3912345678 1391234567o")
@example("123oil 1ll2 z139i")
def test_letters_that_look_like_digits_are_digits_among_them(text):
    meant = text
    for pattern in IN_DIGITS:
        meant = pattern.sub(lambda match: match[0].translate(VALUES), meant)
    assert as_digits(text) == meant


@given(
    st.text(
        st.one_of(st.characters(), st.sampled_from("，（％²③㎡…零參\u00ad\u200b\uff21⼀")),
        max_size=9,
    )
)
@example("甲①②乙")
@example("Ⅻ²㎡…，ﬁ")
def test_an_even_text_is_the_same_whatever_is_rare_in_it(text):
    assert even(text) == plain_even(text)


def plain_even(text: str) -> str:
    if text.isascii():
        return text.lower()
    text = re.sub(f"[{folding.IGNORABLE}]", "", folding._RAISED.sub(folding._set_apart, text))
    for char in "，（）：；！？％\u3000\u00a0…㎡":
        text = text.replace(char, unicodedata.normalize("NFKC", char))
    text = unicodedata.normalize("NFKC", text)
    return text.translate(folding._equivalents()).casefold()


@pytest.mark.parametrize("kind", MARKS)
@given(st.data())
def test_marks_of_a_person_are_found_wherever_they_begin(kind, data):
    text = data.draw(pieces(*WORDS[kind].split("|")))
    found = [match.span() for match in personal_marks._PATTERNS[kind].finditer(text)]
    assert found == [match.span() for match in MARKS[kind].finditer(text)]
