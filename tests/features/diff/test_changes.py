from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.features.diff.changes import difference_text, needs_explanation, share_text
from reportgen.features.diff.comparison import compare
from reportgen.features.diff.state import (
    ReportState,
    StateEntry,
    as_stated,
    joined,
    last_year,
    of_rows,
    this_year,
)
from reportgen.language.text_differences import Stated
from reportgen.model.quantity import parse_quantity


def fact(key, text, at="二 ¶1", **more):
    quantity = parse_quantity(text) if text else None
    return StateEntry(
        key=key,
        title=more.pop("title", key.upper()),
        kind="fact",
        text=text,
        value=quantity.value if quantity else None,
        unit=quantity.unit if quantity else parse_quantity("0").unit,
        source="data/x.yaml:1:1",
        printed=((text, at),) if at else (),
        **more,
    )


def derived(key, text, formula, *inputs, **more):
    item = fact(key, text, **more)
    kind = more.get("kind", "derived")
    return StateEntry(
        **{
            **{name: getattr(item, name) for name in StateEntry.__slots__},
            "kind": kind,
            "formula": formula,
            "inputs": inputs,
        }
    )


def text(key, words):
    return StateEntry(key, key, "text", words)


def state(*items, name="a", said=(), **more):
    said = tuple(Stated(each, "¶") for each in said)
    return ReportState(name, entries={item.key: item for item in items}, sentences=said, **more)


def causes(old, new, **how):
    return {c.key: c.causes for c in compare("r", state(*old), state(*new), **how).changes}


A, B = fact("a", "10万元"), fact("b", "5万元")
SUM = derived("s", "15万元", "a + b", "a", "b")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([A, B, SUM], [A, B, SUM], {}),
        ([A], [fact("a", "12万元")], {"a": ("fact",)}),
        ([A], [fact("a", "10.0万元")], {"a": ("format",)}),
        ([A], [fact("a", "100000元")], {"a": ("format",)}),
        (
            [A, B, SUM],
            [fact("a", "12万元"), B, derived("s", "17万元", "a + b", "a", "b")],
            {"a": ("fact",), "s": ("inputs",)},
        ),
        ([A, B, SUM], [A, B, derived("s", "5万元", "a - b", "a", "b")], {"s": ("rule",)}),
        (
            [A, B, SUM],
            [fact("a", "12万元"), B, derived("s", "7万元", "a - b", "a", "b")],
            {"a": ("fact",), "s": ("rule", "inputs")},
        ),
        ([A, B, SUM], [A, B, derived("s", "16万元", "a + b", "a", "b")], {"s": ("rule",)}),
        ([A, B, SUM], [A, B, derived("s", "15.00万元", "a + b", "a", "b")], {"s": ("format",)}),
        ([A], [fact("a", "10万元", at="")], {"a": ("template",)}),
        ([A], [fact("a", "10万元", at="三 ¶9")], {}),
        ([A], [A, B], {"b": ("added",)}),
        ([A, B], [A], {"b": ("gone",)}),
        ([A], [A, fact("b", "", at="")], {}),
        ([fact("a", "5家")], [fact("a", "5个")], {"a": ("fact",)}),
        ([text("t", "旧")], [text("t", "新")], {"t": ("fact",)}),
        (
            [A, B, SUM],
            [A, derived("s", "10万元", "a + b", "a")],
            {"b": ("gone",), "s": ("inputs",)},
        ),
    ],
)
def test_causes(old, new, expected):
    assert causes(old, new) == expected


def test_facts_behind_are_the_leaves_that_changed_through_any_depth():
    top = derived("t", "30万元", "s * 2", "s")
    old = state(A, B, SUM, top)
    new = state(
        fact("a", "12万元"),
        B,
        derived("s", "17万元", "a + b", "a", "b"),
        derived("t", "34万元", "s * 2", "s"),
    )
    changes = {c.key: c.facts for c in compare("r", old, new).changes}
    assert changes == {"a": (), "s": ("a",), "t": ("a",)}


def test_row_that_came_into_a_count_is_a_fact_behind_it():
    old = state(text("f.x.name", "甲"), derived("n", "1个", "count(f)", "f.x"))
    new = state(
        text("f.x.name", "甲"),
        text("f.y.name", "乙"),
        derived("n", "2个", "count(f)", "f.x", "f.y"),
    )
    (change,) = [c for c in compare("r", old, new).changes if c.key == "n"]
    assert (change.causes, change.facts) == (("inputs",), ("f.y",))


def test_renamed_key_is_known_by_its_title_if_only_one_has_it():
    assert causes([fact("a", "10万元", title="支出")], [fact("z", "10万元", title="支出")]) == {}
    twice = [fact("y", "10万元", title="支出"), fact("z", "10万元", title="支出")]
    assert causes([fact("a", "10万元", title="支出")], twice).keys() == {"y", "z", "a"}


def test_other_packs_match_only_within_a_kind_of_unit():
    old = state(fact("a", "10万元"), pack="p")
    new = state(fact("a", "10家"), pack="q")
    comparison = compare("r", old, new, years=True)
    assert comparison.loose
    assert [(c.key, c.causes) for c in comparison.changes] == [("a", ("added",)), ("a", ("gone",))]


def test_last_year_stands_under_its_own_keys_with_this_years_titles():
    this = state(
        fact("s", "2", title="支出"),
        fact("prior.s", "1", title="2022年支出"),
        fact("prior.prior.s", "0", title="2021年支出"),
    )
    before = last_year(this, "2022")
    assert {key: (item.title, item.text) for key, item in before.entries.items()} == {
        "s": ("支出", "1")
    }
    assert this_year(this).entries.keys() == {"s"}
    assert joined(before, state(fact("t", "5"), pack="p")).entries.keys() == {"s", "t"}


def test_last_year_is_as_this_years_report_prints_it():
    before = state(fact("a.outturn", "2109.5万元", title="项目支出·决算数"), fact("b", "3人"))
    now = state(
        fact("a.outturn", "1232.93万元", title="项目支出·决算数"),
        derived("a.last", "377.12万元", "b.last", "b.last", title="项目支出·上年决算数"),
        fact("hidden.outturn", "8万元", title="会议费·决算数"),
        fact("hidden.last", "9万元", at="", title="会议费·上年决算数"),
        fact("carried", "5万元", title="上年结转"),
        fact("carry", "6万元", title="结转"),
        fact("people", "3人", title="人数"),
        fact("people.last", "4万元", title="2022年人数"),
        fact("u.outturn", "1万元", title="差旅费·决算数"),
        fact("v.outturn", "2万元", title="差旅费·决算数"),
        fact("w.last", "3万元", title="差旅费·上年决算数"),
    )
    stated = as_stated(before, now, 2023)
    assert stated.stated == 1
    assert stated.entries.keys() == {"a.outturn", "b"}
    assert (stated.entries["a.outturn"].text, stated.entries["a.outturn"].title) == (
        "377.12万元",
        "项目支出·决算数",
    )
    changed = {change.key: change for change in compare("r", stated, now, years=True).changes}
    assert difference_text(changed["a.outturn"]) == "+855.81万元"
    assert changed["b"].causes == ("gone",)


def test_sentences_are_compared_but_cells_of_told_figures_are_not_told_twice():
    old = state(A, said=["共10万元。", "10万元"])
    new = state(fact("a", "12万元", at="¶"), said=["共支出12万元。", "12万元"])
    assert [line.new for line in compare("r", old, new).lines] == ["共支出12万元。"]


@pytest.mark.parametrize(
    ("old", "new", "difference", "share"),
    [
        ("10万元", "12.5万元", "+2.5万元", "+25%"),
        ("12.5万元", "10万元", "-2.5万元", "-20%"),
        ("0万元", "3万元", "+3万元", ""),
        ("10%", "12.5%", "+2.5个百分点", ""),
        ("99分", "98分", "-1分", ""),
        ("10万元", "110000元", "+10000元", "+10%"),
        ("5家", "5个", "", ""),
        ("-5万元", "5万元", "+10万元", "+200%"),
    ],
)
def test_differences_are_in_the_figures_unit(old, new, difference, share):
    (change,) = compare("r", state(fact("a", old)), state(fact("a", new))).changes
    assert (difference_text(change), share_text(change)) == (difference, share)


def test_difference_below_what_is_printed_is_not_told_as_zero():
    old, new = (
        StateEntry("a", "A", "derived", "1.5%", Fraction(v, 10000), parse_quantity("1%").unit)
        for v in (1451, 1453)
    )
    (change,) = compare("r", state(old), state(new)).changes
    assert difference_text(change) == "+0.02个百分点"


@pytest.mark.parametrize(
    ("old", "new", "beyond"),
    [
        ("10万元", "12万元", True),
        ("10万元", "11.9万元", False),
        ("0万元", "1万元", True),
        ("10%", "30%", True),
        ("10%", "29%", False),
        ("0万元", "0万元", False),
    ],
)
def test_threshold_takes_shares_points_and_what_comes_from_zero(old, new, beyond):
    changes = compare("r", state(fact("a", old)), state(fact("a", new)), years=True).changes
    assert [needs_explanation(c, Fraction(1, 5)) for c in changes] == [beyond]


ITEMS = st.dictionaries(st.sampled_from("abcde"), st.integers(0, 3), max_size=5)


@given(ITEMS, ITEMS)
def test_every_key_that_differs_is_told_and_none_other(old, new):
    made = [state(*(fact(k, f"{v}万元") for k, v in side.items())) for side in (old, new)]
    told = {c.key for c in compare("r", *made).changes}
    assert told == {k for k in {*old, *new} if old.get(k) != new.get(k)}


def test_rows_of_figures_json_are_read_back():
    row = {
        "key": "s",
        "title": "率",
        "text": "33.33%",
        "value": "100/3",
        "unit": "%",
        "kind": "derived",
        "formula": "a / b",
        "reading": "",
        "inputs": ["a"],
        "basis": "",
        "source": "x.yaml:1:1",
        "places": [{"text": "33.33%", "where": "一 ¶1"}],
    }
    item = of_rows("b", [row]).entries["s"]
    assert item.value == Fraction(1, 3)
    assert item.printed == (("33.33%", "一 ¶1"),)


@pytest.mark.parametrize(
    ("text", "prints", "told"),
    [
        ("-118.96万元", ("118.96万元", "118.96", "-118.96"), ("-118.96万元",)),
        ("118.96万元", ("118.96万元", "118.96"), ("118.96万元",)),
        ("-3.1%", ("3.1%", "3.1个百分点"), ("-3.1%", "3.1个百分点")),
    ],
)
def test_a_size_behind_a_word_is_told_with_its_sign(text, prints, told):
    unit = parse_quantity(text).unit
    printed = tuple((each, "一、") for each in prints)
    assert StateEntry("a", "甲", "derived", text, unit=unit, printed=printed).as_printed == told
