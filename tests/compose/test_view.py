from __future__ import annotations

import pytest
from composing import FUNDS, composed, figure, ledger, text

from reportgen.compose.errors import TemplateError
from reportgen.compose.view import FigureView, ProseFact, View
from reportgen.model.quantity import Shape

VIEW = View.of(FUNDS)


def refused(action):
    with pytest.raises(TemplateError) as caught:
        action()
    return caught.value.code, caught.value.params


def test_names_are_those_directly_below():
    assert VIEW.names == {"unit", "total", "change", "blank", "rate", "funds", "empty", "prior"}
    assert VIEW.child("funds").names == {"road", "bridge"}
    assert VIEW.child("funds").child("road").names == {"name", "kind", "out"}
    assert VIEW.child("prior").names == {"total"}


def test_children_are_groups_figures_and_texts():
    assert isinstance(VIEW.child("unit"), View)
    assert VIEW.child("unit").child("name") == "甲局"
    assert VIEW.child("total").figure.key == "total"
    assert VIEW.child("prior").child("total").text == "3000万元"
    assert VIEW.child("none") is None


def test_year_before_is_known_without_its_facts():
    assert View.of(ledger()).child("prior").child("year") == "2022"


@pytest.mark.parametrize(("number", "name"), [(0, "修路"), (1, "架桥"), (-1, "架桥"), (-2, "修路")])
def test_rows_have_numbers(number, name):
    assert VIEW.child("funds").child(number).child("name") == name


@pytest.mark.parametrize("number", [2, -3, 99])
def test_there_is_no_row_beyond_the_last(number):
    assert VIEW.child("funds").child(number) is None


def test_what_is_no_table_has_no_rows_by_number():
    assert VIEW.child("unit").child(0) is None
    assert VIEW.child("none") is None


def test_rows_come_in_the_order_of_the_table():
    assert [row.key for row in VIEW.child("funds")] == ["funds.road", "funds.bridge"]
    assert len(VIEW.child("funds")) == 2
    assert VIEW.child("funds").is_table
    assert not VIEW.child("unit").is_table


def test_list_of_texts_has_them_as_rows():
    known = ledger(text("goals.1", "一"), text("goals.2", "二"), goals=("1", "2"))
    assert list(View.of(known).child("goals")) == ["一", "二"]


def test_group_is_not_taken_for_a_table_without_rows():
    expected = ("T108", {"filter": "for, if, length", "found": "unit"})
    assert refused(lambda: list(VIEW.child("unit"))) == expected
    assert refused(lambda: len(VIEW.child("unit"))) == expected
    assert refused(lambda: bool(VIEW.child("unit"))) == expected


def test_names_like_a_wrong_one_are_looked_for_beside_it_first():
    assert VIEW.near("unit.nmae") == "unit.name"
    assert VIEW.near("funds.road.kid") == "funds.road.kind"
    assert VIEW.near("fund.road.kind") == "funds.road.kind、funds.bridge.kind、funds.road.name"
    assert VIEW.near("xyz") == "—"


def test_figure_shows_its_text_or_its_number():
    shown = FigureView(figure("a", "1234.5", shape=Shape(2, thousands=True)))
    assert (shown.text, shown.machine) == ("1,234.5万元", "1234.5")
    assert (FigureView(shown.figure, bare=True).text, shown.machine) == ("1,234.5", "1234.5")


def test_blank_figure_shows_what_the_form_wants():
    shown = FigureView(figure("a", None, blank="——"))
    assert (shown.text, shown.machine) == ("——", "")


def test_figure_equals_its_printed_text_only():
    shown = FigureView(figure("a", 3, "家"))
    assert shown == "3家"
    assert shown != "3"
    assert hash(shown) == hash("3家")
    assert refused(lambda: shown == 3) == ("T104", {"part": "=="})
    assert refused(lambda: shown == FigureView(figure("b", 3, "家"))) == ("T104", {"part": "=="})


def test_figure_is_no_condition():
    assert refused(lambda: bool(FigureView(figure("a", 0)))) == ("T118", {"key": "a"})


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">="])
def test_values_have_no_order(sign):
    compare = {
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
    }[sign]
    for value in (FigureView(figure("a", 1)), ProseFact(text("b", "甲", prose=True))):
        assert refused(lambda value=value: compare(value, 2)) == ("T104", {"part": sign})


def test_text_that_refers_to_figures_equals_what_was_written():
    prose = ProseFact(text("a", "见{{ total }}", prose=True))
    assert prose == "见{{ total }}"
    assert prose == ProseFact(text("b", "见{{ total }}", prose=True))
    assert prose != "见3241.81万元"


@pytest.mark.parametrize("name", ["year", "form", "loop"])
def test_fact_cannot_take_a_name_that_templates_use_themselves(name):
    for fact in (figure(name, 1), text(f"{name}.a", "甲")):
        document, (found,) = composed("无。", ledger(fact))
        assert document is None
        assert (found.code, found.params, found.span) == ("S216", {"key": name}, fact.span)
