"""The working, as a reader would write it down."""

from __future__ import annotations

from puzzles import account, known_and_recovered

from builders import facts, ledger, metric, metrics
from reportgen.inference.wording import working


def said(of, hidden, rules, key):
    known, found = known_and_recovered(account(of, hidden, rules))
    return working(found[key], known.variables)


def test_a_total_minus_the_others():
    rules = (metric("总计", "sum(funds.v)"),)
    rows = {"甲": {"v": "30万元"}, "乙": {"v": "20.5万元"}, "丙": {"v": "49.5万元"}}
    text = said(ledger(facts(funds=rows), *rules), ("funds.乙.v",), rules, "funds.乙.v")
    assert text == ("乙·v ＝ 总计 100万元 － 甲 30万元 － 丙 49.5万元 ＝ 20.5万元")


def test_a_long_sum_is_cut_and_counted():
    rules = (metric("总计", "sum(funds.v)"),)
    rows = {f"行{n}": {"v": f"{n}万元"} for n in range(1, 20)}
    text = said(ledger(facts(funds=rows), *rules), ("funds.行9.v",), rules, "funds.行9.v")
    assert "……（共19项）" in text


def test_share_times_total_and_its_inverse():
    rules = metrics(占比="部分 / 总额")
    of = ledger(facts({"部分": "30万元", "总额": "120万元"}), *rules)
    assert said(of, ("部分",), rules, "部分").startswith(
        "部分 ＝ 占比 0.25 × 总额 120万元 ＝ 30万元"
    )
    assert said(of, ("总额",), rules, "总额").startswith(
        "总额 ＝ 部分 30万元 ÷ 占比 0.25 ＝ 120万元"
    )


def test_factors_and_constants_are_said():
    rules = (metric("两倍", "2 * 甲 - '3万元'"),)
    of = ledger(facts({"甲": "5万元"}), *rules)
    text = said(of, ("甲",), rules, "甲")
    assert text == "甲 ＝ 两倍 7万元 ÷ 2 ＋ 1.5万元 ＝ 5万元"


def test_equations_that_are_no_sums_are_named():
    rules = metrics(合计="甲 + 乙", 比="甲 / 乙")
    of = ledger(facts({"甲": "70万元", "乙": "30万元"}), *rules)
    text = said(of, ("甲", "乙"), rules, "甲")
    assert text.startswith("甲 ＝ 由“合计 ＝ 甲 ＋ 乙”“比 ＝ 甲 ÷ 乙”联立 ＝ 70万元")


def test_a_count_is_said_without_an_interval():
    rules = metrics(合计="甲 + 乙")
    of = ledger(facts({"甲": "7人", "乙": "5人"}), *rules)
    assert said(of, ("甲",), rules, "甲") == "甲 ＝ 合计 12人 － 乙 5人 ＝ 7人"
