from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import facts, is_complete, ledger, metric, metrics, relation, told, where
from reportgen.check.evidence import stated_otherwise
from reportgen.check.relations import check_contradictions, check_relations
from reportgen.findings import Finding
from reportgen.findings.renderers import full
from reportgen.model.document import Document, Paragraph, Text, Value
from reportgen.model.figures import Confirmation, Facts
from reportgen.model.rules import Metric, Published, Relation, Waiver
from reportgen.model.source import SourceSpan


def found(of: Facts, *rules: Metric | Relation, prior: tuple[Facts, ...] = ()) -> list[Finding]:
    made = ledger(of, *(r for r in rules if isinstance(r, Metric)), prior=prior)
    findings = check_relations(made, [r for r in rules if isinstance(r, Relation)])
    assert all(map(is_complete, findings))
    return list(findings)


def one(of: Facts, *rules: Metric | Relation, prior: tuple[Facts, ...] = ()) -> Finding:
    findings = found(of, *rules, prior=prior)
    assert len(findings) == 1
    return findings[0]


def notes(finding: Finding) -> list[str]:
    return [place.note for place in finding.places]


@pytest.mark.parametrize(
    ("claim", "holds"),
    [
        ("a == b + c", True),
        ("a == b", False),
        ("a != b", True),
        ("a != b + c", False),
        ("b <= a", True),
        ("a <= b", False),
        ("a >= b", True),
        ("b < c", False),
        ("a > c", True),
        ("a / b == 2", True),
        ("count(t) == 2", True),
        ("count(t) <= n", True),
        ("n >= 3", False),
        ("n > 0", True),
        ("rate <= '100%'", True),
        ("rate <= 1", True),
    ],
)
def test_a_claim_holds_or_is_told(claim, holds):
    of = facts(
        {"a": "10万元", "b": "5万元", "c": "5万元", "n": "2家", "rate": "95%"}, t=["甲", "乙"]
    )
    assert [each.code for each in found(of, relation(claim))] == ([] if holds else ["R101"])


def test_a_broken_relation_states_both_numbers_and_the_difference():
    of = facts({"a": "153.21万元", "b": "160.71万元"})
    finding = one(of, relation("a == b", "same", title="两处相等", help="核对"))
    assert finding.subject == "same"
    assert finding.params == {
        "title": "两处相等",
        "left": "153.21万元",
        "sign": "＝",
        "right": "160.71万元",
        "difference": "7.5万元",
        "help": "核对；",
        "facts": "",
        "slip": "",
        "look": "data-2023.yaml:1（a 153.21万元）、data-2023.yaml:2（b 160.71万元）",
        "key": "same",
    }


@pytest.mark.parametrize("severity", ["error", "warning", "note"])
def test_the_severity_is_that_of_the_relation(severity):
    of = facts({"a": "1家", "b": "2家"})
    assert one(of, relation("a == b", severity=severity)).severity == severity


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"help": "帮助", "basis": "规定"}, "帮助；"),
        ({"basis": "规定"}, "依据：规定；"),
        ({"title": "名称"}, ""),
    ],
)
def test_the_help_is_that_of_the_relation_or_its_basis(more, said):
    of = facts({"a": "1家", "b": "2家"})
    assert one(of, relation("a == b", **more)).params["help"] == said


def test_the_help_of_a_sum_of_many_names_the_column_that_is_added_up():
    of = facts({"total": "9家"}, t={f"r{i}": {"n": "1家"} for i in range(8)})
    look = "data-2023.yaml:1（total 9家）、data-2023.yaml:2（n ×8）"
    assert one(of, relation("total == sum(t.n)")).params["look"] == look
    of = facts(t={f"r{i}": {"n": "1家"} for i in range(8)})
    look = one(of, relation("sum(t.n) == 9")).params["look"]
    assert look.startswith("data-2023.yaml:1（n ×8）")


@pytest.mark.parametrize(
    ("points", "more", "holds"),
    [
        ("99.6分", {}, False),
        ("100.4分", {}, False),
        ("100.0分", {}, True),
        ("99.6分", {"tolerance": "0.5分"}, True),
    ],
)
def test_no_rounding_hides_in_points(points, more, holds):
    of = facts({"points": points})
    for claim in ('points == "100分"', '"100分" == points', "points == 100"):
        assert bool(found(of, relation(claim, **more))) is not holds


@pytest.mark.parametrize(
    ("left", "right", "holds"),
    [
        ("10.5万元", "10.54万元", True),
        ("10.5万元", "10.56万元", False),
        ("10.50万元", "10.54万元", False),
        ("1.2亿元", "12300万元", True),
        ("1.2亿元", "12600万元", False),
        ("12家", "12.5家", True),
    ],
)
def test_two_numbers_agree_as_far_as_the_coarser_is_written(left, right, holds):
    of = facts({"a": left, "b": right})
    for claim in ("a == b", "b == a", "a <= b", "b <= a"):
        wrong = not holds and claim in {"a == b", "b == a", "b <= a"}
        assert bool(found(of, relation(claim))) is wrong


def test_a_derived_sum_agrees_as_far_as_its_widest_part():
    of = facts({"a": "1.2万元", "b": "2.25万元", "total": "3.5万元", "fine": "3.48万元"})
    rules = metrics(sum="a + b")
    assert not found(of, *rules, relation("total == sum"))
    assert not found(of, *rules, relation("fine == sum"))
    assert found(of, *rules, relation("fine == sum", tolerance="0.005"))


def test_a_derived_quotient_is_exact():
    of = facts({"a": "1万元", "b": "3万元"})
    assert found(of, *metrics(rate="a / b"), relation("rate == '33.33%'"))
    assert not found(of, *metrics(rate="a / b"), relation("rate == '33.33%'", tolerance="0.005%"))


@pytest.mark.parametrize(
    ("tolerance", "holds"), [("0.05", True), ("500元", True), ("0.04", False), ("0万元", False)]
)
def test_a_tolerance_of_the_relation_is_in_the_unit_of_the_left_side(tolerance, holds):
    of = facts({"a": "10万元", "b": "10.05万元"})
    assert bool(found(of, relation("a == b", tolerance=tolerance))) is not holds


@pytest.mark.parametrize(("tolerance", "code"), [("一点", "F107"), ("5家", "F104")])
def test_a_tolerance_that_is_none_is_a_finding_even_where_the_claim_holds(tolerance, code):
    of = facts({"a": "10万元"})
    finding = one(of, relation("a == a", "same", tolerance=tolerance))
    assert (finding.code, finding.subject) == (code, "same")
    assert where(finding) == ["relations.yaml:1:10"]


def test_a_relation_of_measures_is_checked_for_each_and_says_which():
    of = facts({"x.initial": "1万元", "x.outturn": "2万元", "x.追加": "3万元", "y": "1万元"})
    claims = relation("x == y", "same", title="相等", each=("initial", "outturn", "追加"))
    findings = found(of, claims)
    assert [each.params["title"] for each in findings] == ["相等（决算数）", "相等（追加）"]
    assert {each.subject for each in findings} == {"same"}


def test_the_first_place_is_the_typed_fact_on_the_left():
    of = facts({"a": "1万元", "b": "2万元"})
    finding = one(of, relation("a == b"))
    assert where(finding) == ["data-2023.yaml:1:5", "data-2023.yaml:2:5", "relations.yaml:1:10"]
    assert notes(finding) == ["a 1万元", "b 2万元", "rule"]
    assert finding.places[2].span.end_column == 16


def test_a_typed_fact_comes_before_a_derived_left_side():
    of = facts({"b": "2万元"}, t={f"r{i}": {"v": f"{i}万元"} for i in range(9)})
    finding = one(of, metric("total", "sum(t.v)", 3, title="合计"), relation("total == b"))
    assert where(finding)[:2] == ["data-2023.yaml:1:5", "rules.yaml:3:10"]
    assert notes(finding)[:2] == ["b 2万元", "合计 36万元"]


def test_a_figure_made_of_a_few_facts_is_told_by_these():
    of = facts({"a": "1万元", "b": "2万元", "c": "4万元"})
    finding = one(of, *metrics(x="a + y", y="b * 1"), relation("c == x"))
    assert notes(finding) == ["c 4万元", "a 1万元", "b 2万元", "rule"]


def test_every_figure_of_a_short_side_is_told_and_five_of_a_long_one():
    of = facts({name: f"{number}家" for number, name in enumerate("abcdefx", 1)})
    assert notes(one(of, relation("x == a + b + c + d"))) == [
        "x 7家",
        "a 1家",
        "b 2家",
        "c 3家",
        "d 4家",
        "rule",
    ]
    five = ["a 1家", "b 2家", "c 3家", "d 4家", "e 5家"]
    assert notes(one(of, relation("x == a + b + c + d + e + f")))[:-1] == ["x 7家", *five]


@pytest.mark.parametrize("many", [3, 4])
def test_the_rule_of_more_than_three_facts_is_told_before_them(many):
    of = facts({"x": "99家", **{f"a{i}": f"{i + 1}家" for i in range(many)}})
    total = metric("total", "+".join(f"a{i}" for i in range(many)), title="合计")
    finding = one(of, total, relation("x == total"))
    by_facts = [f"a{i} {i + 1}家" for i in range(many)]
    rule = ["合计 10家"] if many > 3 else []
    assert notes(finding) == ["x 99家", *rule, *by_facts, "rule"]


def test_the_term_least_like_last_year_comes_first_with_what_it_was():
    now = {"a": "10万元", "b": "31万元", "c": "30万元", "d": "7万元", "e": "9万元", "f": "8万元"}
    past = {**now, "b": "30万元", "c": "12万元"}
    finding = one(
        facts({**now, "x": "99万元"}),
        relation("x == a + b + c + d + e + f"),
        prior=(facts(past, year=2022),),
    )
    assert notes(finding)[:4] == ["x 99万元", "c 30万元", "2022年c 12万元", "b 31万元"]
    assert "c 30万元" in finding.params["look"]


def test_the_term_that_a_published_text_prints_otherwise_comes_first_with_the_print():
    of = facts(dict.fromkeys("abcdef", "10万元") | {"x": "99万元"})
    made = ledger(of)
    places = {name: SourceSpan("published.yaml", 1 + at) for at, name in enumerate("abcdef")}
    entries = [
        Published(name, "10万元" if name != "e" else "13万元", "", "", places[name])
        for name in places
    ]
    otherwise = stated_otherwise(made, entries, ())
    (finding,) = check_relations(made, [relation("x == a + b + c + d + e + f")], otherwise)
    assert notes(finding)[:3] == ["x 99万元", "e 10万元", "@printed 13万元"]
    assert where(finding)[2] == "published.yaml:5:1"
    assert "公开稿印 13万元" in full([finding], "zh", lambda _: None)
    assert "published as 13万元" in full([finding], "en", lambda _: None)


def test_of_two_numbers_that_explain_a_difference_the_one_confirmed_otherwise_is_named():
    parts = {"a": "3323.51万元", "b": "210万元", "c": "412.07万元"}
    made = ledger(facts({"total": "3855.58万元", **parts}))
    claim = relation("total == a + b + c")
    (either,) = check_relations(made, [claim])
    assert either.params["facts"].count("→") == 2
    place = SourceSpan("c.yaml", 4)
    confirmation = Confirmation("财务科", "账簿", "", (("a", "3233.51万元", place),))
    (one,) = check_relations(made, [claim], stated_otherwise(made, (), [confirmation]))
    assert where(one)[0] == "data-2023.yaml:2:5"
    assert "@confirmed 3233.51万元" in notes(one)
    assert one.params["facts"] == "data-2023.yaml:2（a 3323.51万元 → 3233.51万元？）"


def test_the_one_number_that_explains_a_difference_is_the_place_of_the_finding():
    parts = {"a": "3323.51万元", "b": "8.3万元", "c": "412.07万元"}
    of = facts({"total": "3653.88万元", **parts})
    finding = one(of, relation("total == a + b + c"))
    assert where(finding)[0] == "data-2023.yaml:2:5"
    assert "→ 3233.51万元？" in finding.params["facts"]


def test_lists_counted_together_are_told_each():
    of = facts(goals=["甲", "乙"], done=["子"])
    assert notes(one(of, relation("count(goals, done) == 5"))) == ["goals 2", "done 1", "rule"]


def test_blanks_are_no_facts_that_could_be_wrong():
    of = facts({"x": "99家", "a": "1家", "b": "2家", "c": None, "d": None, "e": None})
    total = metric("total", "sum(a, b, c, d, e)", title="合计")
    assert notes(one(of, total, relation("x == total")))[:3] == ["x 99家", "a 1家", "b 2家"]


def test_one_place_with_two_values_is_told_once_with_both():
    of = facts({"u.v": "3万元"}, t={f"r{i}": {"a": f"{i}万元", "b": "1万元"} for i in range(9)})
    rule = metric("total", "sum(t)", 3, title="合计", each=("a", "b"))
    finding = one(of, rule, relation("total.a <= total.b"))
    assert notes(finding)[0] == "合计·a 36万元；合计·b 9万元"


def test_counted_lists_are_told_by_their_first_items():
    of = facts({"x": "1"}, goals=["甲", "乙", "丙", "丁", "戊"], done=["子", "丑"])
    finding = one(of, relation("count(goals) == count(done)"))
    assert where(finding) == ["data-2023.yaml:2:5", "data-2023.yaml:7:5", "relations.yaml:1:10"]
    assert notes(finding) == ["goals 5", "done 2", "rule"]
    assert (finding.params["left"], finding.params["difference"]) == ("5", "3")


def test_a_claim_about_numbers_of_its_own_is_told_at_the_claim():
    finding = one(facts(), relation("1 == 2"))
    assert where(finding) == ["relations.yaml:1:10"]


def test_a_blank_side_is_told_as_not_checked_at_the_blank():
    of = facts({"a": "1万元", "空": None})
    finding = one(of, relation("a == 空", "same", title="两处相等"))
    assert told([finding]) == [("R102", "data-2023.yaml:2:5")]
    assert finding.severity == "warning"
    assert finding.subject == "same"
    assert finding.params == {"title": "两处相等", "blank": "空"}
    assert where(finding)[1:] == ["relations.yaml:1:10"]


def test_a_figure_that_is_undefined_is_told_by_the_blanks_below_it():
    of = facts({"a": "1万元", "空": None, "缺": None})
    rules = metrics(x="a + y", y="空 - 缺 - 空")
    finding = one(of, *rules, relation("a == x + 空"))
    assert finding.params["blank"] == "空、缺"
    assert where(finding) == ["data-2023.yaml:2:5", "data-2023.yaml:3:5", "relations.yaml:1:10"]


def test_a_figure_that_has_no_value_by_itself_is_told_by_its_rule():
    of = facts({"a": "0万元"})
    finding = one(of, metric("rate", "a / a", 4, title="率"), relation("rate <= 1"))
    assert finding.params["blank"] == "率"
    assert where(finding)[0] == "rules.yaml:4:10"


def test_a_blank_to_be_filled_in_comes_before_a_rule():
    of = facts({"a": "0万元", "空": None})
    finding = one(of, metric("rate", "a / a", 4, title="率"), relation("rate * 1 == 空"))
    assert finding.params["blank"] == "率、空"
    assert where(finding) == ["data-2023.yaml:2:5", "rules.yaml:4:10", "relations.yaml:1:10"]


def test_last_years_missing_figure_is_told_by_its_name():
    of, last = facts({"a": "1万元", "b": "2万元"}), facts({"b": "1万元"}, year=2022)
    finding = one(of, relation("a <= prior.a"), prior=(last,))
    assert (finding.code, finding.params["blank"]) == ("R102", "2022年a")
    assert where(finding) == ["relations.yaml:1:10"]


@pytest.mark.parametrize(
    ("claim", "code", "column"),
    [
        ("支出合计 == 收入合计", "F103", 18),
        ("支出合计 +", "F101", 15),
        ("支出合计 + 支出合计", "F108", 10),
        ("支出合计 == 人数", "F104", 10),
        ("人数 == 支出合计 / 零", "F106", 16),
        ("round(支出合计) == 1", "F102", 10),
    ],
)
def test_a_claim_that_cannot_be_worked_out_is_told_at_its_column(claim, code, column):
    of = facts({"支出合计": "1万元", "人数": "3人", "零": "0万元"})
    finding = one(of, relation(claim, "same"))
    assert (finding.code, finding.subject) == (code, "same")
    places = [place.span for place in finding.places if place.span.path == "relations.yaml"]
    assert [span.column for span in places] == [column]


def test_numbers_are_stated_in_the_finer_unit_and_told_apart():
    of = facts({"a": "1.0000001亿元", "b": "10000万元"})
    finding = one(of, relation("a == b", tolerance="0元"))
    assert [finding.params[k] for k in ("left", "right", "difference")] == [
        "10000.001万元",
        "10000万元",
        "0.001万元",
    ]


def test_a_ratio_is_stated_in_percent_where_the_other_side_is():
    finding = one(facts({"a": "3万元", "b": "4万元"}), relation("a / b >= '90%'"))
    assert [finding.params[k] for k in ("left", "right", "difference")] == ["75%", "90%", "15%"]


@pytest.mark.parametrize(
    ("left", "right", "difference"),
    [("1.00005", "1.00004", "0.00001"), ("1.00004", "1.00001", "0.00003")],
)
def test_as_many_digits_are_stated_as_tell_the_difference(left, right, difference):
    of = facts({"a": f"{left}万元", "b": f"{right}万元"})
    finding = one(of, relation("a == b", tolerance="0元"))
    assert finding.params["left"] == f"{left}万元"
    assert finding.params["right"] == f"{right}万元"
    assert finding.params["difference"] == f"{difference}万元"


def test_a_difference_is_never_stated_as_nothing():
    of = facts({"a": "0.0000002万元", "b": "0.0000001万元"})
    finding = one(of, relation("a == b", tolerance="0元"))
    assert [finding.params[k] for k in ("left", "right", "difference")] == [
        "0.0000002万元",
        "0.0000001万元",
        "0.0000001万元",
    ]


def test_a_number_of_the_claim_is_stated_in_the_unit_of_the_other_side():
    finding = one(facts({"a": "3万元"}), relation("0 == a"))
    assert [finding.params[k] for k in ("left", "right", "difference")] == [
        "0万元",
        "3万元",
        "3万元",
    ]


def test_the_claims_of_a_report_are_all_checked():
    of = facts({"a": "1家", "b": "2家"})
    findings = found(
        of, relation("a == b", "one"), relation("没有 == a", "two"), relation("b < a", "three")
    )
    assert [each.subject for each in findings] == ["one", "two", "three"]


AMOUNT = st.integers(0, 10**8)


@settings(deadline=None)
@given(AMOUNT, AMOUNT, st.integers(0, 4), st.integers(0, 4))
def test_equal_means_within_half_a_digit_of_the_coarser(a, b, places_a, places_b):
    left, right = Fraction(a, 10**places_a), Fraction(b, 10**places_b)
    of = facts({"a": written(a, places_a), "b": written(b, places_b)})
    within = abs(left - right) <= Fraction(1, 2 * 10 ** min(places_a, places_b))
    assert bool(found(of, relation("a == b"))) is not within


def written(number: int, places: int) -> str:
    digits = str(number).rjust(places + 1, "0")
    whole = digits[: len(digits) - places]
    return f"{whole}.{digits[-places:]}万元" if places else f"{whole}万元"


# What a waiver accepts and readers see


def in_print(claim, *printed, contradicts=None, note="", words=""):
    """Return what is told of a waived claim in a document that prints figures and words."""
    rule = replace(relation(claim), contradicts=contradicts)
    paragraphs = [Paragraph((Value(key, "1", key),)) for key in printed]
    blocks = (*paragraphs, Paragraph((Text(words),)))
    document = Document(("报告",), "zh-CN", "", "", "2024-06-28", "internal", blocks, ())
    span = SourceSpan("report.yaml", 3, 5)
    waiver = Waiver("R101", rule.key, "理由", span, ("—",), note)
    made = ledger(facts({"a": "10万元", "b": "9万元", "c": "3万元"}))
    return list(check_contradictions(made, [rule], [waiver], document))


def test_both_sides_of_a_waived_equation_in_print_are_told_with_their_places():
    (told_,) = in_print("a == b", "a", "b")
    assert told_.code == "R107"
    assert told_.span == SourceSpan("report.yaml", 3, 5)
    assert (told_.params["left"], told_.params["right"]) == ("10万元", "9万元")
    assert (told_.params["where"], told_.params["other"]) == ("报告 ¶1", "报告 ¶2")
    assert [told_.severity, told_.outside().severity, told_.final().severity] == [
        "warning",
        "error",
        "error",
    ]


@pytest.mark.parametrize(
    ("claim", "printed", "contradicts", "is_told"),
    [
        ("a == b", "a", None, False),
        ("a == b + c", "abc", None, True),
        ("a == b + c", "ab", None, False),
        ("a <= b", "ab", None, False),
        ("a <= b", "ab", True, True),
        ("a == b", "ab", False, False),
        ("a == '9万元'", "a", None, False),
        ("a >= b", "ab", True, False),
    ],
)
def test_only_what_contradicts_itself_in_print_is_told(claim, printed, contradicts, is_told):
    assert bool(in_print(claim, *printed, contradicts=contradicts)) is is_told


def test_a_note_in_print_tells_readers_why():
    words = "两处口径不同，有待核对。"
    assert not in_print("a == b", "a", "b", note="两处口径不同", words=words)
    assert in_print("a == b", "a", "b", note="两处口径不一", words=words)
    assert in_print("a == b", "a", "b", words=words)


def test_a_rate_of_a_negative_whole_is_compared_as_any_other():
    of = facts({"part": "5万元", "whole": "-4万元"})
    assert one(of, relation("part / whole >= 1")).code == "R101"
    assert one(of, relation("part / whole == 1")).code == "R101"
