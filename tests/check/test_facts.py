from __future__ import annotations

import pytest

from builders import facts, formula, is_complete, ledger, metric, pack, where
from reportgen.check.facts import check_confirmations, check_last_year, check_units
from reportgen.check.required import check_required
from reportgen.findings.renderers import help_text, message
from reportgen.model.figures import Confirmation, InferredFact
from reportgen.model.source import Formula, SourceSpan

LEDGER = ledger(
    facts(
        {"a": "1万元", "空": None, "name": "某局", "blank": ""},
        funds={"x": {"owner": "某人", "v": "1万元"}},
        none=[],
    ),
    metric("total", "a + 空", 7),
    prior=(facts({"a": "2万元"}, year=2022),),
)


def required(*keys: str):
    wanted = tuple(formula(key, n, "pack.yaml") for n, key in enumerate(keys, 1))
    return check_required(LEDGER, pack(requires=wanted))


@pytest.mark.parametrize("key", ["a", "name", "funds", "funds.x.v", "prior.a"])
def test_what_is_there_is_enough(key):
    assert required(key) == ()


@pytest.mark.parametrize("key", ["没有", "none", "funds.y.v", "prior.没有"])
def test_what_does_not_exist_is_told_where_it_is_required(key):
    (finding,) = required(key)
    assert (finding.code, finding.subject, finding.params) == ("P101", key, {"key": key})
    assert where(finding) == ["pack.yaml:1:10"]


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("空", "data-2023.yaml:2:5"),
        ("blank", "data-2023.yaml:4:5"),
        ("total", "data-2023.yaml:2:5"),
    ],
)
def test_what_is_blank_is_told_where_it_is_blank(key, place):
    (finding,) = required(key)
    assert (finding.code, finding.subject) == ("P102", key)
    assert where(finding)[:2] == [place, "pack.yaml:1:10"]
    assert finding.places[1].note == "rule"
    for language in ("zh", "en"):
        told = message(finding, language) + help_text(finding, language)
        assert not set("{}@").intersection(told)


def test_a_figure_that_is_worked_out_tells_the_lines_of_its_blanks():
    rows = {"a": {"v": None}, "b": {"v": "1"}, "c": {"v": None}}
    of = ledger(facts(t=rows), metric("total", "t.a.v + t.c.v", 7))
    (finding,) = check_required(of, pack(requires=(formula("total", 1, "pack.yaml"),)))
    assert finding.span == of.figures["t.a.v"].span
    lines = sorted((of.figures["t.a.v"].span.line, of.figures["t.c.v"].span.line))
    assert (finding.params["count"], finding.params["file"]) == ("2", "data-2023.yaml")
    assert finding.params["lines"] in {"、".join(map(str, lines)), f"{lines[0]}–{lines[1]}"}


def test_blanks_that_are_required_themselves_are_told_once():
    assert [each.subject for each in required("total", "空")] == ["空"]


def test_star_requires_a_column_of_every_row():
    of = ledger(facts(t={"a": {"v": "1"}, "b": {"v": None}, "c": {"w": "1"}}))
    wanted = tuple(formula(key, 1, "pack.yaml") for key in ("t.*.v", "u.*.v"))
    told = [(each.code, each.subject) for each in check_required(of, pack(requires=wanted))]
    assert told == [("P102", "t.b.v"), ("P101", "t.c.v"), ("P101", "u")]


def test_numbers_whose_row_states_their_unit_lack_none():
    rows = {
        "a": {"指标值": "90", "完成值": "92%", "度量单位": "%"},
        "b": {"指标值": "12", "完成值": "12", "度量单位": "个"},
        "c": {"指标值": "3", "完成值": "3", "度量单位": None},
        "d": {"完成值": "5%", "度量单位": None},
    }
    told = [each.subject for each in check_units(ledger(facts(t=rows))) if each.code == "R211"]
    assert told == ["t.c.完成值"]


PAST = facts({"增速": "4.8%", "企业": "14家", "序号": "3", "空": None}, year=2022)


def without_units(this, *rules):
    return check_units(ledger(facts(this), *rules, prior=(PAST,)))


def test_a_number_that_had_a_unit_last_year_is_told_with_both():
    (finding,) = without_units({"增速": "5.2"})
    assert (finding.code, finding.subject) == ("R210", "增速")
    assert where(finding)[0].startswith("data-2023.yaml:1:")
    assert message(finding, "zh") == "增速 填 5.2，没有写单位，上年是 4.8%"
    assert help_text(finding, "zh").startswith("写 5.2%；")


@pytest.mark.parametrize(
    "this",
    [{"增速": "5.2%"}, {"企业": "20个"}, {"序号": "4"}, {"空": "1"}, {"增速": None}, {"新": "1"}],
    ids=["with unit", "another unit", "never one", "blank last year", "blank", "new"],
)
def test_nothing_else_is_told(this):
    assert without_units(this) == ()


def test_what_is_worked_out_is_the_rule_s_own_business():
    assert without_units({"甲": "6家", "乙": "3家"}, metric("增速", "甲 / 乙")) == ()


def told(of, confirmations=(), wanted=(), inferred=(), *rules):
    """Return the codes and subjects of what is told of confirmations."""
    findings = check_confirmations(ledger(of, *rules), confirmations, wanted, inferred)
    assert all(map(is_complete, findings))
    return [(each.code, each.subject) for each in findings]


def confirmation(key, value):
    span = SourceSpan("confirmations.yaml", 4, 7)
    return Confirmation("人事科", "第3页", "", ((key, value, span),))


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("a", "95人", []),
        ("a", "96人", [("R501", "a")]),
        ("a", "95.4人", [("R501", "a")]),
        ("a", "95家", [("R501", "a")]),
        ("a", "", [("R501", "a")]),
        ("b", "按编制", []),
        ("b", "按编制数", [("R501", "b")]),
        ("c", "95人", [("R502", "c")]),
    ],
)
def test_a_confirmation_holds_for_the_value_that_was_confirmed(key, value, expected):
    assert told(facts({"a": "95人", "b": "按编制"}), [confirmation(key, value)]) == expected


def test_the_last_confirmation_of_a_fact_holds():
    both = [confirmation("a", "94人"), confirmation("a", "95人")]
    assert told(facts({"a": "95人"}), both) == []
    assert told(facts({"a": "95人"}), both[::-1]) == [("R501", "a")]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("t.*.n", ["t.x.n", "t.y.n"]), ("t.x.n", ["t.x.n"]), ("*.n", []), ("空", [])],
)
def test_a_pack_wants_facts_confirmed(pattern, expected):
    of = facts({"空": None}, t={"x": {"n": "1家"}, "y": {"n": "2家"}})
    wanted = [Formula(pattern, SourceSpan("pack.yaml", 9, 3))]
    assert told(of, (), wanted) == [("R503", key) for key in expected]
    assert told(of, [confirmation("t.x.n", "1家")], wanted) == [
        ("R503", key) for key in expected if key != "t.x.n"
    ]


def test_a_fact_worked_out_backwards_is_told_where_a_figure_comes_from_it():
    of = facts({"plan": "55家", "done": "143家"})
    fact = InferredFact("plan", "由260%推出", SourceSpan("confirmations.yaml", 9, 3))
    assert told(of, (), (), [fact], metric("rate", "done / plan", unit="%")) == [("R504", "plan")]
    assert told(of, (), (), [fact]) == []
    misspelt = InferredFact("plann", "由260%推出", fact.span)
    assert told(of, (), (), [misspelt]) == [("R502", "plann")]


@pytest.mark.parametrize(
    ("rows", "untold"),
    [
        ({"a": {"v": "3万元"}, "b": {"v": "4"}}, "t.b.v"),
        ({"a": {"产值": "5"}, "b": {"产值": "0"}}, "t.a.产值"),
        ({"a": {"outturn": "5"}}, "t.a.outturn"),
        ({"a": {"支出额": "5"}}, "t.a.支出额"),
        ({"a": {"办公费": "5"}}, "t.a.办公费"),
    ],
    ids=["others have one", "by its name", "a measure", "a sum of money", "an expense"],
)
def test_a_number_without_unit_is_told_by_its_column(rows, untold):
    (finding,) = check_units(ledger(facts(t=rows)))
    assert (finding.code, finding.subject) == ("R211", untold)
    assert is_complete(finding)


@pytest.mark.parametrize(
    "rows",
    [
        {"a": {"序号": "1"}, "b": {"序号": "2"}},
        {"a": {"v": "3万元"}, "b": {"v": None}, "c": {"v": "0"}},
        {"a": {"收入排名": "3"}, "b": {"产值": "3亿元"}},
        {"a": {"名额": "3", "师资": "4"}},
    ],
)
def test_a_column_without_units_and_blanks_are_not_told(rows):
    assert check_units(ledger(facts(t=rows))) == ()


LAST = facts(
    {"收入": "3000.5万元", "企业": "118家", "率": None}, year=2022, t={"a": {"outturn": "5万元"}}
)


@pytest.mark.parametrize(
    ("typed", "rows", "told_of"),
    [
        ({"上年收入": "3000.5万元"}, {}, []),
        ({"上年收入": "3001万元"}, {}, []),
        ({"上年收入": "0.30005亿元"}, {}, []),
        ({"上年收入": "3005.0万元"}, {}, ["上年收入"]),
        ({"去年企业": "181家"}, {}, ["去年企业"]),
        ({"上年度企业": "11.8家"}, {}, ["上年度企业"]),
        ({"last_企业": "119家", "上年率": "5%"}, {}, ["last_企业"]),
        ({"上年企业": "118万元", "上年没有的": "3家", "上年": "7家"}, {}, []),
        ({}, {"a": {"last": "50万元"}}, ["t.a.last"]),
        ({}, {"a": {"last": "5.0万元"}, "b": {"last": "7万元"}}, []),
        ({}, {"a": {"上年outturn": "6万元"}}, ["t.a.上年outturn"]),
    ],
)
def test_a_number_of_last_year_is_compared_with_last_years_own(typed, rows, told_of):
    found = check_last_year(ledger(facts(typed, t=rows), prior=(LAST,)))
    assert [(each.code, each.subject) for each in found] == [("R214", key) for key in told_of]
