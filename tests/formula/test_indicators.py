from __future__ import annotations

from fractions import Fraction as F

import pytest

from reportgen.formula.indicators import Indicator, read_indicator
from reportgen.model.units import UNITS

FIRMS = Indicator("135家", "", F(135), UNITS["家"])


@pytest.mark.parametrize(
    ("text", "sign", "value", "unit"),
    [
        ("≥90%", ">=", F(9, 10), "%"),
        ("95%以上", ">=", F(19, 20), "%"),
        ("135家", "", F(135), "家"),
        ("64万元", "", F(640000), "万元"),
        ("≤3241.81万元", "<=", F(32418100), "万元"),
        ("=100%", "=", F(1), "%"),
        ("不超过5个", "<=", F(5), "个"),
        ("{{ n }}", "", F(135), "家"),
        ("≥{{ n }}", ">=", F(135), "家"),
        ("{{ n }}以上", ">=", F(135), "家"),
        ("成效明显", "", None, None),
        ("≥全省平均水平", "", None, None),
        ("2022年年底以前", "", None, None),
        ("1.在谈{{ n }}。2.在建{{ n }}。", "", None, None),
        ("{{ missing }}", "", None, None),
    ],
)
def test_indicator_is_read_as_people_write_it(text, sign, value, unit):
    found = read_indicator(text, {"n": FIRMS}.get)
    assert (found.sign, found.value) == (sign, value)
    assert (found.unit.symbol if found.unit else None) == unit
    assert found.text == text
