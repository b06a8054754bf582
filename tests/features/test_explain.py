from __future__ import annotations

import re

import pytest

from outcome import draft
from real_report import ROOT, drafted, job
from reportgen.features.explain import SUGGESTIONS, answers, near
from reportgen.findings.codes import LABELS
from reportgen.project.source_files import SourceFiles


def told(target, *, used_by=False, deep=False):
    return answers(drafted().state, drafted().findings, target, used_by=used_by, deep=deep)


def test_figure_is_meant_by_key_title_and_printed_text():
    (by_key,) = told("execution_rate")
    assert by_key.startswith("预算执行率 = ")
    assert told("135.47%") == (by_key,)
    assert by_key in told("预算执行率")


@pytest.mark.parametrize("target", ["unit.name", "单位名称", "怀化市工业和信息化局"])
def test_text_is_meant_by_key_title_and_words_once_for_all_years(target):
    assert told(target) == (
        "单位名称：怀化市工业和信息化局  [unit.name]\n  data/huaihua/unit.yaml:3:7",
    )


def test_used_by_of_a_text_says_where_it_is_printed():
    (found,) = told("unit.name", used_by=True)
    own, place, *printed = found.split("\n")
    assert f"{own}\n{place}" == told("unit.name")[0]
    assert "  印作 怀化市工业和信息化局：附件1 ¶1" in printed
    assert all(line.startswith("  印作 ") for line in printed)


def test_used_by_of_a_text_says_what_counts_it():
    (found,) = told("unit.offices.1", used_by=True)
    assert "[office_count]" in found
    assert "  印作 17个：（一）机构设置情况 ¶1" in found.split("\n")


def test_used_by_of_a_fact_goes_up_to_all_that_is_made_of_it():
    (found,) = told("funds.upgrading.outturn", used_by=True)
    keys = [line.rpartition("[")[2].rstrip("]") for line in found.split("\n") if line.endswith("]")]
    assert keys[0] == "funds.upgrading.outturn"
    assert {"project.business.outturn", "expenditure.total.outturn", "execution_rate"} <= {*keys}
    assert "  印作 135.47%：附件2 self-rating r3c8" in found.split("\n")


def test_nothing_is_told_of_what_does_not_exist():
    assert told("没有这个") == ()


def test_a_total_is_shown_two_levels_deep_unless_all_is_wanted():
    (short,) = told("expenditure.total.outturn")
    (whole,) = told("expenditure.total.outturn", deep=True)
    assert max(len(line) - len(line.lstrip()) for line in short.split("\n")) <= 6
    assert "--deep" in short.split("\n")[-1]
    assert "--deep" not in whole
    assert "[funds.upgrading.outturn]" in whole
    assert "[funds.upgrading.outturn]" not in short


def test_figures_that_share_a_printed_text_are_told_with_the_places_of_each():
    found = [each for each in told("6万元") if "[" in each.split("\n")[0]]
    assert len(found) >= 3
    for each in found:
        places = [line for line in each.split("\n") if line.startswith("  印作 6万元：")]
        assert places or each.endswith("  没有印在报告里")
    (reception,) = [each for each in found if "[three_public.reception.outturn]" in each]
    assert "  印作 6万元：（三）“三公”经费使用和管理情况 ¶2" in reception


@pytest.mark.parametrize("target", ["135.42%", "135.42％", "135.42"])
def test_a_number_that_only_the_published_text_printed_is_told_as_such(target):
    (found,) = told(target)
    first, place, *tree = found.split("\n")
    assert (
        first
        == "预算执行率：公开稿印 135.42%（二（一）1；附件2），系统算出 135.47%  [execution_rate]"
    )
    assert place.startswith("  data/huaihua/2023/department/published.yaml:")
    assert (told("execution_rate"),) == (("\n".join(tree),),)


@pytest.mark.parametrize(
    ("typo", "meant"),
    [
        ("公务接待费", "three_public.reception.outturn"),
        ("“三公”经费合计", "three_public.total.outturn"),
        ("在职人员数", "staffing.actual"),
        ("expenditre.total.outturn", "expenditure.total.outturn"),
        ("预算执行滤", "execution_rate"),
        ("执行率等于表头", "execution_by_form"),
        ("execution_by_from", "execution_by_form"),
        ("填报单位", "unit.name"),
        ("执行数", "expenditure.total.outturn"),
        ("执行数（万元）", "expenditure.total.outturn"),
        ("填报日期", "report.preparer.date"),
    ],
)
def test_names_like_one_that_does_not_exist_are_offered(typo, meant):
    found = near(drafted().state, typo)
    assert 0 < len(found) <= SUGGESTIONS
    assert meant in [each.partition("（")[0] for each in found]


def test_a_relation_is_explained_with_both_sides_difference_tolerance_basis_and_waiver():
    (found,) = told("execution_by_form")
    assert (found,) == told("执行率等于表头的全年执行数÷全年预算数")
    lines = [line.strip() for line in found.split("\n")]
    assert lines[0].endswith("[execution_by_form]  勾稽关系")
    assert "execution_rate == expenditure.total.outturn / expenditure.total.budget" in lines[1]
    assert lines[2] == "应：预算执行率 ＝ 年度资金总额·决算数 ÷ 年度资金总额·全年预算数"
    assert [line for line in lines if line[:2] in {"左边", "右边"}] == [
        "左边 135.4739%",
        "右边 100%",
    ]
    assert any(line.startswith("相差 35.4739%，容差 ") for line in lines)
    assert lines[-1].startswith("已豁免：")
    assert lines[-2].startswith("依据：")


def test_a_relation_of_several_measures_is_told_for_each():
    measured = [each for each in drafted().rules.relations if each.each]
    for relation in measured:
        (found,) = told(relation.key)
        assert found.count("  左边 ") == len(relation.each)


@pytest.mark.parametrize("report", ["department", "emergency-supplies"])
def test_every_rule_of_a_report_can_be_explained(report):
    outcome = draft(job(unit="yueyang", year=2021, report=report), SourceFiles(ROOT))
    assert outcome.rules.relations
    for relation in outcome.rules.relations:
        assert f"[{relation.key}]  勾稽关系" in "".join(
            answers(outcome.state, outcome.findings, relation.key)
        )
    for rule in outcome.rules.standards:
        assert f"[{rule.name}]  评分标准" in "".join(
            answers(outcome.state, outcome.findings, rule.name)
        )


def test_a_scoring_rule_is_explained_with_what_it_scores():
    outcome = draft(job(unit="yueyang", year=2021), SourceFiles(ROOT))
    (found,) = answers(outcome.state, outcome.findings, "staffing_rate")
    assert "评分标准：不超过限值得满分，超过扣分" in found
    assert "用于 " in found
    assert ".score]" in found


# The language

WORDS = [name for name in LABELS if name.startswith("explain ")]


def told_in(lang):
    """Return what is told of many keys, and of every relation and scoring rule, of a report."""
    state = drafted().state
    rules = drafted().rules
    named = [*(each.key for each in rules.relations), *(each.name for each in rules.standards)]
    lines = []
    for target in (*list(state.ledger.figures)[::60], *named, "135.47%", "unit.name"):
        for used_by in (False, True):
            lines += answers(state, drafted().findings, target, used_by=used_by, lang=lang)
    return "\n".join(lines)


def labels(lang):
    """Return the words that are not the report's own, without what is filled in."""
    return [re.split(r"\{.*?\}", LABELS[name][lang]) for name in WORDS]


def test_an_explanation_in_english_has_no_chinese_label():
    english, chinese = told_in("en"), told_in("zh")
    mine = [part.strip() for parts in labels("zh") for part in parts if len(part.strip()) > 2]
    assert [part for part in mine if f"  {part}" in chinese]
    assert [part for part in mine if f"  {part}" in english] == []
    assert english.count("  [") == chinese.count("  [")


@pytest.mark.parametrize("name", WORDS)
def test_both_languages_are_filled_with_the_same(name):
    text = LABELS[name]
    chinese, english = (sorted(re.findall(r"\{.*?\}", each)) for each in text.values())
    assert chinese == english
    assert not re.search("[\u4e00-\u9fff]", text["en"])
