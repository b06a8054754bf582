from __future__ import annotations

import pytest

from loading import codes_and_places, read, value
from reportgen.load.fields import FreeOrListField
from reportgen.load.groups import KeyGroup
from reportgen.model.quantity import Quantity


class Facts(KeyGroup):
    """A free fact."""

    a: FreeOrListField


def fact(text):
    found = value(f"a: {text}", Facts).a
    return found.value.text if isinstance(found.value, Quantity) else found.value


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("434.43亿元", "434.43亿元"),
        ("２万余家", "2万余家"),
        ("80余次", "80余次"),
        ("95%以上", "95%以上"),
        ("１２．０％", "12.0%"),
        ("约3个百分点", "约3个百分点"),
        ("超过20个", "超过20个"),
        ("不低于15天", "不低于15天"),
        ("将近3亿元", "将近3亿元"),
        ("-1.5%", "-1.5%"),
        ("12", "12"),
        ("第一", "第一"),
        ("'2023年度'", "2023年度"),
        ("2023年度的几件事", "2023年度的几件事"),
        ("12:30", "12:30"),
        ("1.推进", "1.推进"),
        ("'0745'", "0745"),
        ("3月至5月都在做的事", "3月至5月都在做的事"),
        ("'12..3'", "12..3"),
        ('"12佳"', "12佳"),
    ],
)
def test_fact_is_a_quantity_where_it_can_be_and_else_a_text(text, shown):
    assert fact(text) == shown


@pytest.mark.parametrize("text", ["12", "2万余家", "0.5%", "超过20个", "不低于15天", "将近3亿元"])
def test_numbers_are_quantities(text):
    assert isinstance(value(f"a: {text}", Facts).a.value, Quantity)


@pytest.mark.parametrize("text", ["第一", "'0745'", "12:30", "'12'"])
def test_texts_are_not(text):
    assert isinstance(value(f"a: {text}", Facts).a.value, str)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12..3家", "S207"),
        ("1.2.3家", "S207"),
        ("1,23家", "S207"),
        ("１，２３家", "S207"),
        ("12.", "S207"),
        ("0745", "S207"),
        ("12佳", "S208"),
        ("2023年度", "S208"),
        ("12个家", "S208"),
        ("9" * 41 + "家", "S209"),
        ("{b: 1}", "S204"),
    ],
)
def test_what_is_almost_a_quantity_is_refused(text, code):
    assert [f.code for f in read(f"a: {text}", Facts)[1]] == [code]


def test_list_is_of_free_facts():
    first, second = value("a: [甲, 3家]", Facts).a
    assert (first.value, second.value.text) == ("甲", "3家")


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("[甲, 12佳]", "S208", 8),
        ("[甲, [乙]]", "S204", 8),
        ("[甲, '']", "S218", 8),
        ("[甲, ~]", "S218", 8),
        ('[甲, "\\x07"]', "S205", 8),
        ("[甲, 乙\t丙]", "S205", 9),
    ],
)
def test_item_is_refused_at_its_own_place(text, code, column):
    assert codes_and_places(read(f"a: {text}", Facts)[1]) == [(code, 1, column)]
