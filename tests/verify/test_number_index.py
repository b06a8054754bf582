"""Looking through many numbers at once finds what looking at each finds."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import secret

from reportgen.language.number_forms import possible_numbers
from reportgen.verify.amounts import AmountTargets
from reportgen.verify.number_index import NumberIndex

UNITS = ["万元", "元", "块", "万元/年", "亿元", "人", "名", "户", "家", "%", "‰", "平方米", "亩"]
NUMBERS = st.one_of(
    st.integers(1, 10**6).map(str),
    st.builds("{}.{:02}".format, st.integers(0, 10**4), st.integers(0, 99)),
)
AMOUNTS = st.builds(str.__add__, NUMBERS, st.sampled_from(UNITS))
NEAR = st.fractions(Fraction(1, 2), 2)
WRITTEN = st.one_of(
    st.sampled_from(["{}", "约{}", "{}多", "{}万", "{}以上", "不到{}", "1-{}"]),
    st.sampled_from(UNITS).map("{{}}{}".format),
)


def targets(*texts):
    found = AmountTargets()
    for number, text in enumerate(texts):
        kept = secret(text, f"k{number}")
        if kept.value is not None:
            found.add(kept)
    return found


def told(numbers, of):
    return {(number.text, match) for number in numbers for match in of.told_by(number)}


def written(data, kept):
    """Return a number beside one that is kept back, in some unit or none."""
    figure = Fraction("".join(char for char in kept if char in "0123456789."))
    value = figure * data.draw(NEAR) * data.draw(st.sampled_from([1, 10**4, Fraction(1, 10**4)]))
    digits = f"{float(value):.{data.draw(st.integers(0, 4))}f}"
    return data.draw(WRITTEN).format(data.draw(st.sampled_from([digits, kept])))


@settings(max_examples=200)
@given(st.data(), st.lists(AMOUNTS, min_size=1, max_size=5))
def test_whatever_a_number_tells_it_is_among_those_that_may(data, kept):
    said = [written(data, data.draw(st.sampled_from(kept))) for _ in range(8)]
    numbers = [*possible_numbers("；".join(said))]
    of = targets(*kept)
    assert told(NumberIndex(numbers).may_tell(of), of) == told(numbers, of)


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("318.7万元", "3187000元"),
        ("318.7万元", "3187000块"),
        ("318.7万元", "318.7万元/年"),
        ("318.7万元", "318.7"),
        ("318.7万元", "318.7万"),
        ("318.7万元", "300-320万元"),
        ("815家", "约800家"),
        ("815家", "815户"),
        ("95.31%", "953.1‰"),
    ],
)
def test_each_way_in_which_a_number_tells_is_among_those_that_may(kept, said):
    of = targets(kept)
    numbers = [*possible_numbers(f"2021年、{said}、99999人")]
    assert told(NumberIndex(numbers).may_tell(of), of)


def test_numbers_far_from_all_that_is_kept_back_are_not_looked_at():
    numbers = [*possible_numbers("第1号、第2号、2024年6月28日、500万元、31万元")]
    assert list(NumberIndex(numbers).may_tell(targets("318.7万元"))) == []
