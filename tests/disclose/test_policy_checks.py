"""A policy that would disclose what it means to hide is refused (D110–D120)."""

from __future__ import annotations

import pytest

from builders import facts, ground, is_complete, ledger, metrics, pack, told, where, withholding
from reportgen.disclose.policy import check_policy
from reportgen.model.pack import CoverRule, FormRule, Section
from reportgen.model.policy import Mask, Policy, Release, Replacement, Withhold
from reportgen.model.source import SourceSpan

LEDGER = ledger(
    facts(
        {
            "a": "1万元",
            "secret": "20385万元",
            "name": "某局",
            "phone": "0000-1234567",
            "person": "张三丰",
            "firm": "湖南甲乙丙有限公司",
        },
        funds={"x": {"name": "甲项", "owner": "某人", "v": "1万元"}},
        offices=["军民融合推进科", "办公室"],
        personal=("person",),
    ),
    *metrics(sum="a + secret"),
)
HERE = SourceSpan("pack.yaml")
PACK = pack(
    outline=(Section("one", "一", "", HERE, (Section("two", "二", "", HERE),)),),
    forms=(FormRule("body", 1, (), HERE),),
)


def check(policy, of=PACK, facts_of=LEDGER):
    found = check_policy(facts_of, policy, of)
    assert all(map(is_complete, found))
    return found


def said(policy, **more):
    return [(f.code, f.severity) for f in check(policy, **more)]


@pytest.mark.parametrize(
    "key", ["a", "funds", "funds.x", "funds.x.v", "funds.*.owner", "offices.1", "offices"]
)
def test_what_exists_can_be_withheld(key):
    assert check(withholding(key)) == ()


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("secrt", "D110"),
        ("funds.y", "D110"),
        ("funds.x.ownr", "D110"),
        ("funds.*.ownr", "D111"),
        ("fund.*.owner", "D111"),
    ],
)
def test_what_does_not_exist_is_told_with_what_is_like_it(key, code):
    (found,) = check(withholding(key))
    assert (found.code, found.severity, str(found.span)) == (code, "error", "policy.yaml:1:5")
    assert found.params["near"] != "—"


@pytest.mark.parametrize(
    ("key", "result"),
    [
        ("funds.y.owner", []),
        ("secrt", [("D110", "warning")]),
        ("funds.*.ownr", [("D111", "warning")]),
    ],
)
def test_pack_provides_for_what_not_every_unit_has(key, result):
    assert said(Policy(withhold=(Withhold(ground(layer=0), key),))) == result


@pytest.mark.parametrize(
    "line",
    [
        Withhold(ground(), section="one"),
        Withhold(ground(), section="two"),
        Withhold(ground(), form="body"),
        Withhold(ground(), block="sign-off"),
    ],
)
def test_parts_of_the_pack_can_be_withheld(line):
    assert check(Policy(withhold=(line,))) == ()


@pytest.mark.parametrize(
    "line",
    [
        Withhold(ground(), section="three"),
        Withhold(ground(), form="one"),
        Withhold(ground(), block="seal"),
        Withhold(ground(), block="cover"),
    ],
)
def test_part_that_the_pack_lacks_is_told_with_those_it_has(line):
    assert said(Policy(withhold=(line,))) == [("D112", "error")]


def test_cover_can_be_withheld_where_there_is_one():
    of = pack(cover=CoverRule((), None, ()))
    assert said(Policy(withhold=(Withhold(ground(), block="cover"),)), of=of) == []


def mask(key, shown):
    return Policy(masks=(Mask(ground(), key, shown),))


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("secret", "若干"),
        ("secret", "9999万元"),
        ("secret", "***"),
        ("person", "张某"),
        ("person", "某同志"),
        ("firm", "某公司"),
        ("phone", "略"),
    ],
)
def test_mask_that_tells_nothing_may_stand(key, shown):
    assert said(mask(key, shown)) == []


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("secret", "20385万元"),
        ("secret", "约20000万元"),
        ("secret", "２０３８５万元"),
        ("secret", "20,385万元"),
        ("a", "1亿元"),
        ("person", "张三丰"),
        ("person", "张三某"),
        ("firm", "湖南甲乙某公司"),
        ("phone", "0000-123****"),
    ],
)
def test_mask_that_holds_a_piece_of_its_value_is_refused(key, shown):
    assert said(mask(key, shown)) == [("D116", "error")]


@pytest.mark.parametrize(
    ("key", "shown"),
    [("secret", "*****"), ("secret", "*******"), ("person", "某某某"), ("phone", "*" * 11)],
)
def test_mask_as_long_as_its_value_is_refused(key, shown):
    assert said(mask(key, shown)) == [("D117", "error")]


def term(word, shown, line=1, **more):
    return Replacement(ground(line=line), word, shown, **more)


@pytest.mark.parametrize(
    "terms",
    [
        (term("山水", "丙山水"),),
        (term("山水", "风月"), term("月", "星")),
        (term("山水", "SS", initials=("SS",)),),
    ],
)
def test_words_that_make_a_term_are_refused(terms):
    assert said(Policy(replacements=terms)) == [("D118", "error")]


def test_term_within_a_longer_name_is_told_with_the_place_of_the_name():
    (found,) = check(Policy(replacements=(term("军民融合", "某业"),)))
    assert (found.code, found.severity) == ("D119", "error")
    assert where(found)[0] == "policy.yaml:1:5"
    assert found.params["name"] == "军民融合推进科"


@pytest.mark.parametrize(
    "terms",
    [
        (term("军民融合", "某业", keep=("军民融合推进科",)),),
        (term("军民融合", "某业"), term("军民融合推进科", "某科")),
        (term("民融", "某"), term("军民融合推进科", "某科")),
        (term("办公室", "某室"),),
        (term("地雷", "某物"),),
    ],
)
def test_longer_name_that_is_a_term_or_kept_is_provided_for(terms):
    assert check(Policy(replacements=terms)) == ()


def test_second_place_in_a_name_is_seen_beside_one_that_is_kept():
    of = ledger(facts({"name": "全民爆发民爆公司"}))
    found = check(Policy(replacements=(term("民爆", "某", keep=("全民爆发",)),)), facts_of=of)
    assert told(found) == [("D119", "policy.yaml:1:5")]


@pytest.mark.parametrize(
    ("key", "idle"),
    [("a", True), ("funds", True), ("person", False), ("secret", False), ("sum", False)],
)
def test_release_of_what_nothing_keeps_back_is_told(key, idle):
    line = Withhold(ground(layer=1), "secret")
    policy = Policy(withhold=(line,), releases=(Release(ground(), key),))
    assert said(policy) == ([("D120", "warning")] if idle else [])


def test_release_of_what_an_earlier_year_kept_back_is_none_of_nothing():
    of = ledger(facts({"a": "1万元"}), prior=(facts({"a": "2万元"}, year=2022),))
    last = Policy(withhold=(Withhold(ground(layer=2), "a"),)).aged(1, 2)
    policy = last.over(Policy(releases=(Release(ground(), "prior.a"),)))
    assert said(policy, facts_of=of) == []
