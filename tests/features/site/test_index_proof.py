"""The proof of an index: its words stand in the published texts, however these are marked up."""

from __future__ import annotations

import re
from fractions import Fraction
from html import unescape
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from reportgen.features.site.index_proof import PublicWords
from reportgen.language.folding import even_character

NUMBERS = (
    r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?",
    r"[0-9]+(?:\.[0-9]+)?",
)
PIECES = (
    "甲",
    "乙",
    "１",
    "2",
    ",000",
    ".5",
    " ",
    "。",
    "<b>",
    "</b>",
    "&amp;",
    "&#5",
    "3;",
    "零",
    "A",
)


def words_of(page: str) -> tuple[set[object], set[Fraction]]:
    """Return the pairs and the numbers of a page, found one by one."""
    pairs: set[object] = set()
    numbers: set[Fraction] = set()
    for between in ("", " "):
        text = unescape(re.sub(r"<[^>]*>", between, page))
        folded = "".join(even_character(character) or " " for character in text)
        letters = re.sub(r"[\W_]", "", folded)
        pairs.update(pairwise(letters), letters)
        for pattern in NUMBERS:
            numbers.update(Fraction(each.replace(",", "")) for each in re.findall(pattern, folded))
    return pairs, numbers


@given(st.lists(st.lists(st.sampled_from(PIECES)).map("".join), max_size=3))
@example(["1,2<b>34</b>", "甲<b>乙</b>&#5<i>3;"])
def test_public_words_are_those_of_every_page_its_elements_parted_and_not(pages):
    public = PublicWords()
    for page in pages:
        public.add_page(page)
    pairs, numbers = set(), set()
    for page in pages:
        of_page = words_of(page)
        pairs |= of_page[0]
        numbers |= of_page[1]
    asked = [
        *(a + b for a in "甲乙零a" for b in "甲乙零a"),
        "0",
        "1",
        "2",
        "12",
        "2000",
        "0.5",
        "53",
    ]
    held = []
    for word in asked:
        is_number = word[0].isdigit()
        is_held = Fraction(word) in numbers if is_number else pairs.issuperset(pairwise(word))
        held += [word] if is_held else []
    assert set(asked) - set(public.strangers(asked)) == set(held)
