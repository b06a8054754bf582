from __future__ import annotations

import pytest
from composing import FUNDS, composed, figure, ledger, text
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.compose.environment import Environment
from reportgen.compose.errors import TemplateError
from reportgen.compose.filters import FILTERS, TESTS
from reportgen.compose.tokens import Tokens
from reportgen.compose.view import View
from reportgen.findings import Diagnostics
from reportgen.model.document import Paragraph, plain
from reportgen.model.quantity import Shape, parse_quantity


def printed(expression, known=FUNDS):
    """Return the text that `{{ expression }}` prints in a sentence."""
    document, findings = composed("甲{{ " + expression + " }}", known)
    assert findings == ()
    (paragraph,) = document.blocks[1:]
    assert isinstance(paragraph, Paragraph)
    return plain(paragraph.inlines).removeprefix("甲")


def refused(expression, known=FUNDS):
    """Return the code and parameters of the one finding that `{{ expression }}` gives."""
    document, (found,) = composed("{{ " + expression + " }}", known)
    assert document is None
    return found.code, found.params


PRINTED = [
    ("total | number", "3241.81"),
    ("rate | number", "135.47"),
    ("total | in_unit('亿元')", "0.324181亿元"),
    ("total | in_unit('元')", "32418100元"),
    ("rate | in_unit('‰')", "1354.74‰"),
    ("rate | in_unit('倍')", "1.3547倍"),
    ("total | in_unit('亿元') | places(4)", "0.3242亿元"),
    ("total | in_unit('亿元') | number", "0.324181"),
    ("total | places(0)", "3242万元"),
    ("funds.road.out | places(2)", "3.00万元"),
    ("rate | places(3)", "135.474%"),
    ("change", "-118.96万元"),
    ("change | size", "118.96万元"),
    ("total | size", "3241.81万元"),
    ("change | trend('增加', '减少', '持平')", "减少"),
    ("total | trend('增加', '减少', '持平')", "增加"),
    ("'2024-06-08' | day", "2024年6月8日"),
    ("total | thousands", "3,241.81万元"),
    ("total | thousands | number", "3,241.81"),
    ("funds | length", "2"),
    ("(funds | where(kind='上级')) | length", "1"),
    ("[unit.name, total, 2] | join('、')", "甲局、3241.81万元、2"),
    ("[unit.name, '', '乙'] | join('、')", "甲局、乙"),
    ("['<b>', '*c*'] | join(' & ')", "<b> & *c*"),
    ("[] | join('、')", ""),
]


@pytest.mark.parametrize(("expression", "expected"), PRINTED)
def test_values_are_printed_as_asked(expression, expected):
    assert printed(expression) == expected


def test_words_of_a_typed_number_stay_with_its_unit():
    known = ledger(figure("firms", 2, "万家", shape=Shape(0, about="余", about_at=1)))
    assert printed("firms", known) == "2万余家"
    assert printed("firms | in_unit('家')", known) == "20000余家".replace("余家", "余家")


def test_level_figure_has_no_direction_up_or_down():
    known = ledger(figure("same", 0))
    assert printed("same | trend('增加', '减少', '持平')", known) == "持平"


REFUSED = [
    ("unit.name | number", "T108", {"filter": "number", "found": "“甲局”"}),
    ("funds | places(2)", "T108", {"filter": "places", "found": "funds"}),
    ("total | places('二')", "T108", {"filter": "places", "found": "二"}),
    ("total | places(-1)", "T108", {"filter": "places", "found": "-1"}),
    ("total | places(999999999)", "T108", {"filter": "places", "found": "999999999"}),
    ("3 | size", "T108", {"filter": "size", "found": "int"}),
    ("total | in_unit('家')", "T109", {"unit": "家", "found": "万元"}),
    ("total | in_unit('斤两')", "T109", {"unit": "斤两", "found": "万元"}),
    ("total | in_unit(5)", "T109", {"unit": "5", "found": "万元"}),
    ("blank | trend('增', '减', '平')", "T110", {"key": "blank"}),
    ("unit.name | day", "T108", {"filter": "day", "found": "“甲局”"}),
    ("total | day", "T108", {"filter": "day", "found": "figure"}),
    ("unit.name | length", "T108", {"filter": "length", "found": "“甲局”"}),
    ("unit | length", "T108", {"filter": "for, if, length", "found": "unit"}),
    ("unit.name | join('、')", "T108", {"filter": "join", "found": "“甲局”"}),
    ("[total] | join(total)", "T108", {"filter": "join", "found": "figure"}),
    ("[unit.nam] | join('、')", "T102", {"key": "unit.nam", "near": "unit.name"}),
    ("[unit] | join('、')", "T106", {"key": "unit"}),
    ("unit.name | where(kind='上级')", "T108", {"filter": "where", "found": "“甲局”"}),
    ("unit | where(kind='上级')", "T108", {"filter": "for, if, length", "found": "unit"}),
    ("[1] | where(kind='上级')", "T108", {"filter": "where", "found": "int"}),
    ("funds | where(knd='上级')", "T102", {"key": "funds.road.knd", "near": "funds.road.kind"}),
    ("funds | where(kind='县级')", "T119", {"text": "县级", "known": "市级、上级"}),
    ("funds | groups('knd')", "T102", {"key": "funds.road.knd", "near": "funds.road.kind"}),
    ("total | groups('kind')", "T108", {"filter": "groups", "found": "figure"}),
    ("funds | ordered('kind')", "T108", {"filter": "ordered", "found": "“市级”"}),
    ("funds | ordered('ot')", "T102", {"key": "funds.road.ot", "near": "funds.road.out"}),
    ("unit.name | ordered('out')", "T108", {"filter": "ordered", "found": "“甲局”"}),
    ("unit.name | halves", "T108", {"filter": "halves", "found": "“甲局”"}),
    ("unit.name | thousands", "T108", {"filter": "thousands", "found": "“甲局”"}),
]


@pytest.mark.parametrize(("expression", "code", "params"), REFUSED)
def test_misuse_is_a_finding_that_says_of_what(expression, code, params):
    assert refused(expression) == (code, params)


def rows(expression, known=FUNDS):
    """Return the keys of the rows that `expression` chooses."""
    environment = Environment(lambda _path, _log: None, Tokens(), View.of(known), Diagnostics())
    return [row.key for row in environment.compile_expression(expression)(environment.context)]


def test_where_takes_several_columns_and_printed_figures():
    assert rows("funds | where(kind='市级', name='修路')") == ["funds.road"]
    assert rows("funds | where(kind='市级', name='架桥')") == []
    assert rows("funds | where(out='4.5万元')") == ["funds.bridge"]
    assert rows("funds | where(name=funds.bridge.name)") == ["funds.bridge"]
    assert rows("empty | where(kind='市级')") == []


def test_where_finds_rows_whose_text_refers_to_figures():
    known = ledger(
        text("t.a.x", "见{{ n }}", prose=True), text("t.b.x", "无", prose=True), t=("a", "b")
    )
    assert rows("t | where(x='无')", known) == ["t.b"]


def test_groups_are_runs_of_the_same_text():
    known = ledger(
        *(
            text(f"t.r{n}.side", side, prose=n == 2, line=n + 1)
            for n, side in enumerate("东东东西东")
        ),
        t=tuple(f"r{n}" for n in range(5)),
    )
    groups = FILTERS["groups"](View.of(known).child("t"), "side")
    assert [
        (str(getattr(s, "text", s)), [row.key for row in members]) for s, members in groups
    ] == [
        ("东", ["t.r0", "t.r1", "t.r2"]),
        ("西", ["t.r3"]),
        ("东", ["t.r4"]),
    ]


def numbered(*numbers):
    """Return a table with a row for each of `numbers` under `n`; None is blank."""
    cells = (figure(f"t.r{at}.n", number, "") for at, number in enumerate(numbers))
    return ledger(*cells, t=tuple(f"r{at}" for at in range(len(numbers))))


def test_rows_are_ordered_by_number_blanks_last_and_ties_as_they_stand():
    known = numbered(10, None, 9, -1, None, 9)
    assert rows("t | ordered('n')", known) == ["t.r3", "t.r2", "t.r5", "t.r0", "t.r1", "t.r4"]


@pytest.mark.parametrize(
    ("test", "true"),
    [("zero", {"nil"}), ("positive", {"more"}), ("negative", {"less"}), ("blank", {"blank"})],
)
def test_signs_and_blanks(test, true):
    known = ledger(figure("nil", 0), figure("more", 1), figure("less", -1), figure("blank", None))
    view = View.of(known)
    names = ("nil", "more", "less", "blank")
    assert {name for name in names if TESTS[test](view.child(name))} == true


def test_blank_is_also_an_empty_text_and_a_table_without_rows():
    known = ledger(text("a", ""), text("b", "", prose=True), text("c", "无"), empty=(), full=("x",))
    view = View.of(known)
    blank = TESTS["blank"]
    assert blank(view.child("a")) and blank(view.child("b")) and blank(view.child("empty"))
    assert not blank(view.child("c")) and not blank(view.child("full"))


@pytest.mark.parametrize("test", ["zero", "positive", "negative"])
def test_signs_are_asked_of_figures_only(test):
    with pytest.raises(TemplateError) as caught:
        TESTS[test]("甲")
    assert caught.value.params == {"filter": test, "found": "“甲”"}


def test_defined_asks_without_a_finding():
    document, findings = composed("{% if unit.nam is defined %}甲{% else %}乙{% endif %}")
    assert findings == ()
    assert plain(document.blocks[1].inlines) == "乙"


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "digits"),
    [
        (72000, "元", 0, "7.2"),
        ("0.00072", "亿元", 5, "7.2"),
        ("1.5", "亿元", 1, "15000"),
        ("7.20", "万元", 2, "7.20"),
        ("0", "元", 0, "0"),
    ],
)
def test_typed_amount_stands_in_the_unit_of_the_column(value, unit, decimals, digits):
    known = ledger(figure("x", value, unit, shape=Shape(decimals, strip=False)))
    assert printed("x | number", known) == digits


@pytest.mark.parametrize("typed", ["｛｛ total ｝｝", "{{ total ｝｝", "｛% if total %｝"])
def test_full_width_braces_are_refused_at_their_place(typed):
    document, (found,) = composed(f"甲\n乙{typed}", FUNDS)
    assert document is None
    assert found.code == "T125"
    assert found.span.line == 2


@pytest.mark.parametrize(
    ("typed", "sign", "column"),
    [
        ("{ total }", "{", 2),
        ("{ { total } }", "{ {", 2),
        ("{{ total }} 甲 } }", "} }", 16),
        ("甲{%", None, 0),
        ("甲 %}", "%}", 4),
        ("甲 }}", "}", 4),
        ("{ % if total %}甲", "{ %", 2),
        ("{# 说明 #}{total}", "{", 10),
        ("｛{total}", "{", 3),
    ],
)
def test_braces_that_are_no_tag_are_refused_at_their_place(typed, sign, column):
    document, (found,) = composed(f"甲\n乙{typed}", FUNDS)
    assert document is None
    if sign is None:  # Jinja itself knows that it is not closed
        assert found.code == "T101"
        return
    assert (found.code, found.params["found"]) == ("T126", sign)
    assert (found.span.line, found.span.column) == (2, column)


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("{{ '{' }}", "{"),
        ('{{ "}}" }}', "}}"),
        ("{% raw %}{ 甲 }{% endraw %}", "{ 甲 }"),
        ("{# { #}乙", "乙"),
    ],
)
def test_braces_that_are_meant_are_printed(typed, seen):
    document, findings = composed(typed, FUNDS)
    assert findings == ()
    assert plain(document.blocks[1].inlines) == seen


def test_a_table_pasted_as_tabs_is_told_once():
    _, (found,) = composed("甲\n\n项目\t预算数\t决算数\n培训\t1\t2\n", FUNDS)
    assert (found.code, found.span.line) == ("T127", 3)


def test_an_indent_by_a_tab_is_no_table():
    assert composed("（1）甲\n\t乙", FUNDS)[1] == ()


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "wanted", "printed_as"),
    [
        ("35000", "万元", 0, "亿元", "3.5亿元"),
        ("12050", "万元", 0, "亿元", "1.205亿元"),
        ("1", "元", 0, "亿元", "0.00000001亿元"),
        ("1.20", "亿元", 2, "万元", "12000万元"),
        ("3", "亩", 0, "平方米", "2000平方米"),
        ("25.5", "公顷", 1, "平方公里", "0.255平方公里"),
    ],
)
def test_another_unit_keeps_every_digit(value, unit, decimals, wanted, printed_as):
    known = ledger(figure("x", value, unit, shape=Shape(decimals, strip=False)))
    assert printed(f"x | in_unit('{wanted}')", known) == printed_as


@given(
    st.decimals(min_value=0, max_value=10**9, places=4, allow_nan=False),
    st.sampled_from(["元", "千元", "万元", "百万元", "亿元"]),
    st.sampled_from(["元", "万元", "亿元"]),
)
@settings(deadline=None, max_examples=60)
def test_an_amount_in_another_unit_is_the_same_amount(value, unit, wanted):
    known = ledger(figure("x", value, unit, shape=Shape(4, strip=False)))
    read = parse_quantity(printed(f"x | in_unit('{wanted}')", known))
    assert read.value == known.figures["x"].value


def test_a_unit_in_which_digits_are_lost_wants_places():
    known = ledger(figure("x", "1", "亩", shape=Shape(0, strip=False)))
    assert refused("x | in_unit('平方米')", known) == ("T128", {"key": "x", "unit": "平方米"})
    assert printed("x | in_unit('平方米') | places(2)", known) == "666.67平方米"


@pytest.mark.parametrize(
    ("value", "word"), [("0.004", "持平"), ("-0.004", "持平"), ("0.005", "增加"), ("-0.01", "减少")]
)
def test_a_word_of_direction_follows_what_is_printed(value, word):
    known = ledger(figure("x", value, kind="derived"))
    assert printed("x | trend('增加', '减少', '持平')", known) == word
    is_level = composed("{% if x is zero %}平{% else %}变{% endif %}", known)[0]
    assert (plain(is_level.blocks[1].inlines) == "平") == (word == "持平")
