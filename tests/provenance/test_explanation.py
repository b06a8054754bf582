from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from builders import facts, ledger, metric, metrics
from reportgen.model.document import Cell, Document, Heading, Paragraph, Row, Table, Text, Value
from reportgen.provenance.explanation import (
    NOTE_INPUTS,
    equation,
    figures_json,
    note,
    notes,
    search,
    tree,
    used_by,
    users,
)

FACTS = facts(
    {"支出": "3241.81万元", "预算": "2392.94万元", "局名": "某局", "空": None, "整": "100.00万元"},
    funds={"a": {"name": "甲项", "v": "1.5万元"}, "b": {"name": "乙项", "v": "2万元"}},
    科室=["一科", "二科"],
)
LEDGER = ledger(
    FACTS,
    metric("rate", "支出 / 预算", 1, title="执行率", unit="%", basis="财预10号"),
    metric("total", "sum(funds.v)", 2, title="合计"),
    metric("offices", "count(科室)", 3, title="科室数", unit="个"),
    metric("rows", "count(funds)", 4, title="项数"),
    metric("grade", "rate", 5, title="等级", unit="%", grades=(("90%", "优"), ("0%", "差"))),
    metric("double", "rate + rate * 2", 6, title="合计·二", unit="%"),
    metric("thousand", "整 * 100", 7, title="大数", thousands=True),
    metric("none", "空 / 空", 8, title="无"),
    metric("small", "整 / 20000", 9, title="小数"),
    metric("part", "整 * 0", 10, title="组·项·甲"),
    metric("group.initial", "整 * 0", 11, title="组·甲"),
    metric("group.outturn", "整 * 0", 12, title="组·乙"),
)


def printed(*values: tuple[str, str]) -> Document:
    """Return a document with a paragraph of figures, then a table of them, by text and key."""
    inlines = tuple(Value(text, "", key) for text, key in values)
    row = Row(tuple(Cell(((each,),)) for each in inlines))
    blocks = (
        Heading(1, "一、", (Text("情况"),), "h"),
        Paragraph((Text("某局支出"), *inlines)),
        Table("form", "", (1,) * len(inlines), (row,)),
    )
    return Document(("报告",), "zh-CN", "", "", "2024-06-28", "internal", blocks)


DOCUMENT = printed(("135.47%", "rate"), ("3.5", "total"))


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("支出", "支出：3241.81万元"),
        ("空", "空：—"),
        ("rate", "执行率 = 支出 ÷ 预算 ≈ 135.47%"),
        ("total", "合计 = 各项v之和 = 3.5万元"),
        ("grade", "等级 = 执行率 ≈ 135.47%，优"),
        ("thousand", "大数 = 整 × 100 = 10,000万元"),
        ("none", "无 = 空 ÷ 空 = —"),
        ("small", "小数 = 整 ÷ 20000 ≈ 0.01万元"),
    ],
)
def test_a_figure_in_one_line_says_whether_it_is_rounded(key, line):
    assert equation(LEDGER.figures[key]) == line


def test_a_typed_score_has_no_equation():
    score = replace(LEDGER.figures["整"], kind="score", title="得分")
    assert equation(score) == "得分：100.00万元"


def test_a_note_has_equation_inputs_basis_and_place():
    assert note(LEDGER, "rate").split("\n") == [
        "执行率 = 支出 ÷ 预算 ≈ 135.47%",
        "· 支出：3241.81万元",
        "· 预算：2392.94万元",
        "依据：财预10号",
        "出处：rules.yaml:1:10",
    ]


def test_a_note_lists_the_first_inputs_and_counts_the_rest():
    many = {f"x{i}": f"{i}家" for i in range(NOTE_INPUTS + 3)}
    of = ledger(facts(many), metric("sum", " + ".join(many)))
    lines = note(of, "sum").split("\n")
    assert len([line for line in lines if line.startswith("· x")]) == NOTE_INPUTS
    assert f"· ……共 {NOTE_INPUTS + 3} 项" in lines


def test_every_printed_figure_has_a_note():
    assert set(notes(LEDGER, DOCUMENT)) == {"rate", "total"}


def test_a_tree_goes_down_to_the_facts_and_their_places():
    assert tree(LEDGER, "rate").split("\n") == [
        "执行率 = 支出 ÷ 预算 ≈ 135.47%  [rate]",
        "  依据：财预10号",
        "  rules.yaml:1:10  支出 / 预算",
        "  支出：3241.81万元  [支出]",
        "    data-2023.yaml:1:5",
        "  预算：2392.94万元  [预算]",
        "    data-2023.yaml:2:5",
    ]


def test_a_tree_shows_what_was_counted():
    assert tree(LEDGER, "offices").split("\n")[2:] == [
        "  科室：一科  [科室.1]",
        "    data-2023.yaml:10:5",
        "  科室：二科  [科室.2]",
        "    data-2023.yaml:11:5",
    ]
    assert "  甲项·name：甲项  [funds.a]" in tree(LEDGER, "rows").split("\n")


def test_a_text_is_explained_by_its_place():
    assert tree(LEDGER, "局名") == "局名：某局  [局名]\n  data-2023.yaml:3:5"
    assert tree(LEDGER, "没有") == "[没有]"


def test_what_is_shared_is_laid_out_once():
    of = ledger(facts({"a": "1家"}), *metrics(x="a * 2", y="x + x * 2", z="y + x"))
    lines = tree(of, "z").split("\n")
    assert [line.strip() for line in lines if "[x]" in line] == [
        "x = a × 2 = 2家  [x]",
        "x：2家  [x]  见上",
    ]


def test_a_tree_shows_two_levels_and_says_that_it_is_cut():
    of = ledger(facts({"a": "1家"}), *metrics(x="a * 2", y="x + a", z="y + a", top="z + a"))
    lines = tree(of, "top").split("\n")
    keys = [line.rpartition("[")[2].rstrip("]") for line in lines if line.endswith("]")]
    assert keys == ["top", "z", "y", "a", "a"]
    assert lines[-1] == "（没有列全；全部列出加 --deep）"
    assert tree(of, "x") == tree(of, "x", deep=True)


def test_many_inputs_are_shown_by_the_first_and_what_the_others_come_to():
    rows = {f"r{i}": {"n": f"{i}.5家"} for i in range(1, 11)}
    of = ledger(facts(t=rows), metric("sum", "sum(t.n)"), metric("least", "min(t.n)"))
    lines = tree(of, "sum").split("\n")
    assert sum("·n：" in line for line in lines) == 4
    assert "  … 其余 6 项合计 48家" in lines
    assert "  … 其余 6 项" in tree(of, "least").split("\n")
    assert tree(of, "sum", deep=True).count("·n：") == 10


def test_a_diamond_of_thirty_layers_is_a_short_tree():
    layers = {"a0": "x", "b0": "x"}
    for i in range(1, 31):
        layers |= {f"a{i}": f"a{i - 1} + b{i - 1}", f"b{i}": f"a{i - 1} - b{i - 1}"}
    of = ledger(facts({"x": "1家"}), *metrics(**layers))
    assert len(tree(of, "a30", deep=True).split("\n")) < 250
    assert len(users(of, "x")) == 62


def test_a_long_chain_is_a_tree_that_is_not_recursed_into():
    chain = metrics(**{f"m{i}": f"m{i - 1} + a" for i in range(1, 2_000)})
    of = ledger(facts({"m0": "1家", "a": "1家"}), *chain)
    lines = tree(of, "m1999", deep=True).split("\n")
    assert len(lines) == 2 * 2 * 1_999 + 2
    assert max(map(len, lines)) < 200


@pytest.mark.parametrize(
    ("target", "keys"),
    [
        ("rate", ("rate",)),
        ("执行率", ("rate",)),
        ("合计", ("total",)),
        ("二", ("double",)),
        ("组", ("group.initial", "group.outturn")),
        ("项", ("part",)),
        ("甲项", ("funds.a.v",)),
        ("funds", ("funds.a.v", "funds.b.v")),
        ("135.47%", ("rate",)),
        ("135.47％", ("rate",)),
        ("3.5", ("total",)),
        ("2万元", ("funds.b.v",)),
        ("2", ("funds.b.v", "offices", "rows")),
        ("3,241.81万元", ()),
        ("没有", ()),
        ("", ()),
    ],
)
def test_a_target_is_a_key_a_title_a_group_or_a_printed_text(target, keys):
    assert search(LEDGER, DOCUMENT, target) == keys


def test_a_printed_text_means_every_figure_printed_so_and_none_that_is_not():
    document = printed(("5", "total"), ("5", "rate"))
    assert set(search(LEDGER, document, "5")) == {"total", "rate"}
    assert search(LEDGER, document, "2家") == ()


def test_without_a_document_figures_are_found_by_their_values():
    assert search(LEDGER, None, "135.47%") == ("rate",)


def test_users_are_all_figures_above_the_nearest_first():
    assert users(LEDGER, "支出") == ("rate", "grade", "double")
    assert users(LEDGER, "double") == ()
    assert users(LEDGER, "科室.1") == ("offices",)


def test_used_by_tells_where_a_fact_is_printed_and_what_is_made_of_it():
    assert used_by(LEDGER, DOCUMENT, "支出").split("\n") == [
        "支出：3241.81万元  [支出]",
        "执行率 = 支出 ÷ 预算 ≈ 135.47%  [rate]",
        "  印作 135.47%：一、情况 ¶1",
        "  印作 135.47%：一、情况 form r1c1",
        "等级 = 执行率 ≈ 135.47%，优  [grade]",
        "合计·二 = 执行率 ＋ 执行率 × 2 ≈ 406.42%  [double]",
    ]


def test_used_by_of_a_text_tells_what_counts_it():
    assert used_by(LEDGER, DOCUMENT, "科室.1").split("\n") == [
        "科室：一科  [科室.1]",
        "  data-2023.yaml:10:5",
        "科室数 = 科室项数 = 2个  [offices]",
    ]


def test_figures_json_lists_what_is_printed_and_all_below_it():
    rows = json.loads(figures_json(LEDGER, DOCUMENT))
    assert [row["key"] for row in rows] == [
        "funds.a.v",
        "funds.b.v",
        "rate",
        "total",
        "支出",
        "预算",
    ]
    rate = next(row for row in rows if row["key"] == "rate")
    places, value = rate.pop("places"), rate.pop("value")
    assert rate == {
        "key": "rate",
        "title": "执行率",
        "text": "135.47%",
        "with_unit": "135.47%",
        "unit": "%",
        "kind": "derived",
        "formula": "支出 / 预算",
        "reading": "支出 ÷ 预算",
        "inputs": ["支出", "预算"],
        "basis": "财预10号",
        "source": "rules.yaml:1:10",
    }
    assert Fraction(value) / 100 == Fraction("3241.81") / Fraction("2392.94")
    assert places == [
        {"text": "135.47%", "where": "一、情况 ¶1"},
        {"text": "135.47%", "where": "一、情况 form r1c1"},
    ]
    assert next(row for row in rows if row["key"] == "支出")["places"] == []


def test_text_of_a_figure_is_as_first_printed_and_its_own_where_it_is_not():
    document = printed(("3241.81", "支出"), ("3241.81万元", "支出"))
    (row,) = json.loads(figures_json(LEDGER, document))
    assert (row["text"], row["with_unit"]) == ("3241.81", "3241.81万元")
    assert {place["text"] for place in row["places"]} == {"3241.81", "3241.81万元"}
    rows = {row["key"]: row for row in json.loads(figures_json(LEDGER, DOCUMENT))}
    assert rows["支出"]["text"] == rows["支出"]["with_unit"] == "3241.81万元"


def test_figures_json_lists_figures_only_though_texts_are_counted():
    rows = json.loads(figures_json(LEDGER, printed(("2个", "offices"))))
    assert [row["key"] for row in rows] == ["offices"]
    assert rows[0]["inputs"] == ["科室.1", "科室.2"]


def test_figures_json_is_the_same_whatever_the_order_of_the_ledger():
    turned = type(LEDGER)(
        LEDGER.year, dict(reversed(LEDGER.figures.items())), LEDGER.texts, LEDGER.tables
    )
    assert figures_json(turned, DOCUMENT) == figures_json(LEDGER, DOCUMENT)
