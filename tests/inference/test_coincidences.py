"""Numbers without a formula that give a secret are told; what chance would make is not."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import FORMATS, facts, ledger, unit
from reportgen.inference.coincidences import CHANCE, coincidence
from reportgen.inference.equations import Variable
from reportgen.inference.linear_forms import ANY
from reportgen.inference.printed import (
    NumberGroup,
    NumberReader,
    StatedNumber,
    subject_group,
)
from reportgen.model.document import Cell, Document, Heading, Paragraph, Row, Table, Text, Value
from reportgen.model.quantity import parse_quantity

NOTHING = NumberGroup("", ())


def secret(text: str) -> Variable:
    figure = ledger(facts({"secret": text})).figures["secret"]
    return Variable("secret", figure.value, ANY, figure=figure)


def stated(text: str, key: str = "") -> StatedNumber:
    quantity = parse_quantity(text)
    half = quantity.unit.factor / 2 / 10**quantity.shape.decimals
    half = Fraction(0) if quantity.unit.symbol in {"户", "人"} else half
    return StatedNumber(quantity.value, half, quantity.unit, text, key)


def group(*texts: str, **more) -> NumberGroup:
    return NumberGroup("处", tuple(map(stated, texts)), **more)


def working(of: str, *groups: NumberGroup) -> str:
    found = coincidence(secret(of), NOTHING, groups)
    return found.working if found else ""


@pytest.mark.parametrize(
    ("of", "numbers", "how"),
    [
        ("318.7万元", ("801.6万元", "482.9万元"), "801.6万元 － 482.9万元 ＝ 318.7万元"),
        ("1284.5万元", ("801.6万元", "482.9万元"), "801.6万元 ＋ 482.9万元 ＝ 1284.5万元"),
        ("318.7万元", ("910.6万元", "35%"), "910.6万元 × 35% ＝ 318.7万元"),
        ("318.7万元", ("482.9万元", "-34%"), "482.9万元 × （1 ＋ -34%） ＝ 318.7万元"),
        ("318.7万元", ("482.9万元", "34%"), "482.9万元 × （1 － 34%） ＝ 318.7万元"),
        ("543.3万元", ("482.9万元", "12.5%"), "482.9万元 × （1 ＋ 12.5%） ＝ 543.3万元"),
        ("482.9万元", ("543.3万元", "12.5%"), "543.3万元 ÷ （1 ＋ 12.5%） ＝ 482.9万元"),
        ("910.6万元", ("318.7万元", "35%"), "318.7万元 ÷ 35% ＝ 910.6万元"),
        ("39.76%", ("318.7万元", "801.6万元"), "318.7万元 ÷ 801.6万元 ＝ 39.76%"),
        ("467户", ("501户", "34户"), "501户 － 34户 ＝ 467户"),
    ],
)
def test_simple_arithmetic_on_two_numbers_is_told(of, numbers, how):
    assert working(of, group(*numbers)) == how


@pytest.mark.parametrize(
    ("of", "numbers"),
    [
        ("318.7万元", ("801.6万元", "482.3万元")),  # 319.3
        ("318.7万元", ("801.6户", "482.9户")),
        ("318.7万元", ("801.6万元",)),
        ("318.7万元", ("318.7万元", "100%")),  # printed as it is: the proof's business
        ("318.7万元", ("500亿元", "480亿元")),  # rounded too widely to give any digit
        ("100%", ("7个月", "8人")),
        ("3户", ("5户", "2户")),  # any two small counts give another
    ],
)
def test_what_gives_no_digits_or_anything_at_all_is_not_told(of, numbers):
    assert working(of, group(*numbers)) == ""


def test_a_line_of_a_table_less_its_other_cells_is_told():
    column = group("3151.4万元", "550.3万元", "98.8万元", "499.2万元", line=True)
    assert working("2003.1万元", column) == "3151.4万元 － 其余3项 ＝ 2003.1万元"
    total = group("550.3万元", "98.8万元", "499.2万元", line=True)
    assert working("1148.3万元", total).endswith("……（共3项） ＝ 1148.3万元")
    assert working("2003.1万元", group("3151.4万元", "550.3万元", "98.8万元", "499.2万元")) == ""


def test_what_stands_closest_is_named_and_how_likely_it_was():
    far = NumberGroup(
        "全文", tuple(map(stated, ("801.6万元", "482.9万元", "7.1万元"))), close=False
    )
    found = coincidence(secret("318.7万元"), NOTHING, (far, group("801.6万元", "482.9万元")))
    assert (found.group.where, found.group.close) == ("处", True)
    assert 0 < found.chance < Fraction(1, 500)


def test_numbers_about_the_subject_itself_come_first_wherever_they_stand():
    numbers = [stated("801.6万元", "prior.funds.a.outturn"), stated("-60.24%", "funds.a.growth")]
    subject = subject_group("funds.a.outturn", [*numbers, stated("1.2万元", "funds.b.outturn")])
    assert subject.numbers == tuple(numbers)
    found = coincidence(secret("318.7万元"), subject, ())
    assert found.keys == ("prior.funds.a.outturn", "funds.a.growth")


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([2, 3, 4, 5]))
def test_many_random_numbers_spend_no_more_than_the_chance_allowed(seed, digits):
    """Groups of any size: each hit was allowed for, whatever the digits of the secret."""
    of = random.Random(seed)
    size = 10**digits
    groups = [
        group(*(f"{of.randint(size // 9, size * 9) / 10}万元" for _ in range(of.randint(2, 12))))
        for _ in range(40)
    ]
    found = coincidence(secret(f"{of.randint(size, size * 9) / 10}万元"), NOTHING, groups)
    assert found is None or found.chance <= CHANCE


@pytest.mark.parametrize("digits", [2, 3, 4, 5])
def test_false_alarms_are_as_rare_as_they_are_said_to_be(digits):
    """Over 200 random reports hardly more than one in twenty secrets is hit by chance."""
    of = random.Random(digits)
    size, alarms = 10**digits, 0
    for _ in range(200):
        groups = [
            group(*(f"{of.randint(size // 9, size * 9) / 10}万元" for _ in range(of.randint(2, 9))))
            for _ in range(15)
        ]
        if coincidence(secret(f"{of.randint(size, size * 9) / 10}万元"), NOTHING, groups):
            alarms += 1
    assert alarms <= 200 * CHANCE + 9  # three standard deviations


def test_numbers_are_read_by_sentence_line_table_section_and_report():
    figure = ledger(facts({"x": "801.6万元"})).figures["x"]
    table = Table(
        "form",
        "",
        (1, 1),
        (
            Row((Cell(((Text("项"),),)), Cell(((Text("2023"),),)))),
            Row((Cell(((Text("甲"),),)), Cell(((Value("801.6", "801.6", "x"),),)))),
            Row((Cell(((Text("乙"),),)), Cell(((Text("482.9"),),)))),
        ),
    )
    document = Document(
        title=("题",),
        language="zh-CN",
        subject="",
        organization="",
        date="2024-01-01",
        audience="public",
        blocks=(
            Paragraph(
                (Text("先有3.1万元。后有"), Value("801.6万元", "801.6", "x"), Text("，又7.5%"))
            ),
            Heading(1, "一、", (Text("表"),), "a"),
            table,
        ),
    )
    groups = NumberReader("2023/a", {"x": figure}, FORMATS).groups(document)
    seen = {
        (each.where, each.close): [n.text for n in each.numbers] for each in groups if each.numbers
    }
    assert seen["2023/a 一、表 form c2", True] == ["801.6", "482.9"]
    assert seen["2023/a 一、表 form r2", True] == ["801.6"]
    assert seen["2023/a 一、表 form", False] == ["801.6", "482.9"]
    assert seen["2023/a", False][:3] == ["3.1万元", "801.6万元", "7.5%"]
    sentences = [texts for (_, close), texts in seen.items() if close]
    assert ["801.6万元", "7.5%"] in sentences


def test_a_number_without_unit_in_a_cell_is_meant_in_that_of_the_secret():
    bare = (StatedNumber(Fraction("801.6"), Fraction(1, 20), None, "801.6"), stated("482.9万元"))
    assert working("318.7万元", NumberGroup("表", bare)) == "801.6 － 482.9万元 ＝ 318.7万元"


def test_the_unit_of_the_secret_counts():
    assert unit("户").dimension != unit("万元").dimension
    assert working("467户", group("501万元", "34万元")) == ""
