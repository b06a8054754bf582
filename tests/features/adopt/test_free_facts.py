"""Numbers that only sentences state become facts with names of their own, and print what stood."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.features.adopt.free_facts import AdoptedPassage, FreeFacts
from reportgen.model.figures import Ledger
from reportgen.model.quantity import parse_quantity
from reportgen.model.source import SourceSpan

PLACE = SourceSpan("report.docx", 1, 1, place="p1")


def adopted(*texts, needed=(), waiting=(), taken=()):
    """Return the facts that texts give, each with its value, and the texts with references."""
    free = FreeFacts(Ledger(2023), (), frozenset(needed), {*taken}, waiting)
    passages = [AdoptedPassage("data/x.md", text, (PLACE,)) for text in texts]
    changed = [each.text for each in free.referring(passages)]
    return {name: fact.yaml for name, fact in free.facts.items()}, changed


@pytest.mark.parametrize(
    ("text", "facts", "changed"),
    [
        ("发放宣传册6400份。", {"发放宣传册": "6400份"}, "发放宣传册{{ 发放宣传册 }}。"),
        ("选派4135名联企干部。", {"选派联企干部": "4135名"}, "选派{{ 选派联企干部 }}联企干部。"),
        (
            "工业税收43.5亿元，增长8.0%。",
            {"工业税收": "43.5亿元", "工业税收增长": "8.0%"},
            "工业税收{{ 工业税收 }}，增长{{ 工业税收增长 }}。",
        ),
        ("收入共计5,296万元。", {"收入": "5296万元"}, "收入共计{{ 收入 | thousands }}。"),
        (
            "退出289家砖厂、109家冶炼厂。",
            {"退出砖厂": "289家", "退出冶炼厂": "109家"},
            "退出{{ 退出砖厂 }}砖厂、{{ 退出冶炼厂 }}冶炼厂。",
        ),
        ("调拨物资1100余万个。", {"调拨物资": "1100余万个"}, "调拨物资{{ 调拨物资 }}。"),
        ("需求满足不低于15天。", {"需求满足": "不低于15天"}, "需求满足{{ 需求满足 }}。"),
        (
            "2023年，按照怀财绩〔2024〕46号，分三个方面。",
            {},
            "2023年，按照怀财绩〔2024〕46号，分三个方面。",
        ),
    ],
)
def test_a_number_becomes_a_fact_named_by_its_words(text, facts, changed):
    assert adopted(text) == (facts, [changed])


def test_one_thing_said_twice_is_one_fact_and_another_number_is_another():
    facts, changed = adopted("企业上云8077家。", "企业上云8077家。", "企业上云9000家。")
    assert facts == {"企业上云": "8077家", "企业上云2": "9000家"}
    assert changed == ["企业上云{{ 企业上云 }}。"] * 2 + ["企业上云{{ 企业上云2 }}。"]


def test_a_number_that_is_called_as_a_fact_of_the_pack_is_that_fact():
    facts, _ = adopted("年末实有在职人员56人。", needed=["在职人员"], taken=["在职人员"])
    assert facts == {"在职人员": "56人"}


@pytest.mark.parametrize(
    "text", ["上年在职人员56人。", "省直在职人员56人。", "在职人员56人。其中在职人员57人。"]
)
def test_a_number_that_may_be_another_is_not_the_fact_of_the_pack(text):
    facts, _ = adopted(text, needed=["在职人员"], taken=["在职人员"])
    assert "在职人员" not in facts


def test_what_a_rule_will_work_out_stays_typed():
    text = "占总支出的30.1%，慰问职工12人。"
    facts, (changed,) = adopted(text, waiting=["基本支出占总支出"])
    assert facts == {"慰问职工": "12人"}
    assert changed == "占总支出的30.1%，慰问职工{{ 慰问职工 }}。"


def test_no_fact_takes_the_name_of_another_thing():
    facts, _ = adopted("工业税收43.5亿元。", taken=["工业税收"])
    assert list(facts) == ["工业税收2"]


AMOUNTS = st.decimals(0, 10**6, places=2, allow_nan=False).map("{:f}".format)
UNITS = st.sampled_from(["万元", "家", "%", "余名", "亿元", "个以上", ""])
WORDS = st.text("全市工业企业新增培训（“”、，《》", min_size=0, max_size=9)


@given(st.lists(st.tuples(WORDS, AMOUNTS, UNITS), min_size=1, max_size=4))
@settings(max_examples=80, deadline=None)
def test_references_print_what_was_typed(parts):
    text = "".join(f"{words}{amount}{unit}；" for words, amount, unit in parts)
    facts, (changed,) = adopted(text)
    for name, typed in facts.items():
        changed = changed.replace(f"{{{{ {name} }}}}", parse_quantity(typed).text)
    assert changed == text
