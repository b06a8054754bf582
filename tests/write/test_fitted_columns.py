from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.model.document import Cell, Row, Table, Text
from reportgen.write.columns import Need, fit, least_width, measure, width

MARGIN = 0.5


def table(*rows, widths, **properties):
    lanes = tuple(
        Row(tuple(each if isinstance(each, Cell) else Cell(((Text(each),),)) for each in row))
        for row in rows
    )
    return Table("form", "表", widths, lanes, **properties)


def fitted(*rows, widths, room=40.0):
    return fit(widths, measure(table(*rows, widths=widths), MARGIN).needs, room)


def needed(text, **properties):
    found = measure(table([Cell(((Text(text),),), **properties)], widths=(1,)), 0.0)
    return found.needs[0, 1].least


def test_a_letter_is_half_as_wide_as_a_chinese_character():
    assert width("国国ab") == 3


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("合计7138.12万元，较上年增长", "7138.12万元，"),
        ("增长4.8%左右的水平，完成较好", "4.8%"),
        ("2022年12月31日前", "2022年"),
        ("决算数（万元）", "（万元）"),
        ("效益指标（30分）", "（30分）"),
        ("人均支出12.5万元/人以内，控制较好", "12.5万元/人"),
    ],
)
def test_figure_with_its_unit_is_what_a_column_must_hold(text, whole):
    seams = len(re.findall(r"(?<=\d)(?=[年月万分])|(?<=[年月])(?=\d)", whole))
    assert needed(text) == pytest.approx(width(whole) + 0.25 * seams, abs=0.3)


def test_text_may_break_anywhere():
    assert needed("推动制造业高质量发展") == 1.0


def test_long_address_may_break_anywhere():
    assert needed("见 http://www.example.gov.cn/zwgk/2023/index.html") == 10.0


def test_vertical_label_needs_the_width_of_a_character():
    assert needed("绩效指标", vertical=True) == pytest.approx(1.3)


def test_hints_hold_where_all_fits():
    assert fitted(["甲", "乙"], ["1", "2"], widths=(3, 1)) == [30.0, 10.0]


def test_room_for_a_figure_comes_from_a_column_with_room_to_spare():
    texts = "年度绩效目标完成情况说明" * 3
    widths = fitted([texts, "1234567.89万元", "甲"], widths=(16, 4, 20))
    assert widths[1] >= width("1234567.89万元") + MARGIN
    assert widths[0] >= 16.0
    assert widths[2] < 20.0


def test_empty_column_gives_a_part_of_its_room_to_full_ones():
    widths = fitted(["国" * 60, ""], widths=(1, 1))
    assert widths[0] > 20.0
    assert widths[1] >= 0.7 * 20.0


def test_figures_come_before_labels():
    label = Cell(((Text("三级指标"),),))
    widths = fitted(["12345.67万元"] * 3 + [label] * 3, widths=(1,) * 6, room=24.0)
    for column in range(3):
        assert widths[column] >= width("12345.67万元") + MARGIN


def test_date_is_whole_where_a_little_room_is_enough():
    near = fitted(["2023年12月31日前", "国" * 90], widths=(7, 33))
    assert near[0] >= width("2023年12月31日") + MARGIN + 5 * 0.25
    assert fitted(["2023年12月31日前", "国" * 90], widths=(5, 35))[0] == pytest.approx(5)


def test_cell_over_columns_needs_their_sum():
    wide = Cell(((Text("123456789.12万元"),),), colspan=2)
    widths = fitted([wide, "国" * 90], ["1", "2", "国"], widths=(1, 1, 18))
    assert widths[0] + widths[1] >= width("123456789.12万元") + MARGIN


needs = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(1, 3)).filter(lambda span: sum(span) <= 5),
    st.builds(
        lambda least, labelled, whole, headed: Need(
            least, least + labelled, least + whole, least + headed
        ),
        *[st.floats(1, 12)] * 4,
    ),
    max_size=8,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 50), min_size=5, max_size=5), needs, st.floats(10, 60))
def test_columns_fill_their_room_and_hold_every_figure_if_they_can(hints, wanted, room):
    widths = fit(hints, wanted, room)
    assert sum(widths) == pytest.approx(room)
    assert min(widths) >= 0
    if least_width(hints, wanted) <= room:
        for (start, count), need in wanted.items():
            assert sum(widths[start : start + count]) >= need.least - 1e-9
