"""Digits of all kinds are read as one kind."""

from __future__ import annotations

import pytest

from reportgen.language.even_numbers import even_numbers


@pytest.mark.parametrize(
    ("text", "even"),
    [
        ("\uff14\uff15\uff11\uff19\uff0e\uff16㎡", "4519.6㎡"),
        ("⒈②", "12"),
        ("1234.5①万元", "1234.5 万元"),
        ("10⁶ m²", "10  m2"),
        ("3×10⁶", "3×10^6"),
        ("3½", "3.5"),
        ("比率为.8736", "比率为0.8736"),
        ("比率：.87、.5", "比率:0.87、.5"),
        ("⅓", " 3分之1"),
        ("畝", "亩"),
        ("3\u200b1", "31"),
        ("⼆", "二"),
        ("廿三", "二十三"),
        ("卅万", "三十万"),
    ],
)
def test_digits_of_all_kinds_have_one_form(text, even):
    assert even_numbers(text) == even
