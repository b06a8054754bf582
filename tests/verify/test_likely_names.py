from __future__ import annotations

import pytest

from reportgen.language.folding import even
from reportgen.model.disclosed import Disclosed, Secret
from reportgen.model.figures import Ledger
from reportgen.model.policy import Ground, Mask, Policy
from reportgen.model.source import NOWHERE
from reportgen.verify.leaks import find_likely_names
from reportgen.verify.part import Part
from reportgen.verify.spellings import search_targets

PERSON = Secret("evaluators.1.name", "姓名", "张伟国", NOWHERE)
LONG = Secret("项目.甲.经手人", "经手人", "欧阳国华", NOWHERE)
FIRM = Secret("firm", "公司", "湖南惠民农业发展有限公司", NOWHERE)
CITY = Secret("city", "公司", "怀化市鹤城区长青建设工程有限责任公司", NOWHERE)
MAKER = Secret("maker", "公司", "益阳鸿达精密机械制造有限公司", NOWHERE)
PROJECT = Secret("project", "项目", "2023年度老旧小区改造项目", NOWHERE)


def likely(text, *secrets):
    targets = search_targets(Disclosed(Ledger(2023), "public", secrets=secrets))
    return {secret.key for secret, _ in find_likely_names(Part.of("x", (even(text),)), targets)}


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        (PERSON, "由张某负责"),
        (PERSON, "张某某"),
        (PERSON, "张科长介绍"),
        (PERSON, "张副主任"),
        (PERSON, "张同志"),
        (PERSON, "张*国"),
        (PERSON, "张**"),
        (PERSON, "请张伟*签字"),
        (PERSON, "与张××商定"),
        (PERSON, "伟国同志"),
        (PERSON, "张伟某"),
        (PERSON, "张工签字"),
        (LONG, "欧阳某"),
        (LONG, "欧阳局长"),
        (FIRM, "惠民公司"),
        (FIRM, "惠民农业公司"),
        (FIRM, "惠民农业发展有限公司"),
        (FIRM, "湖南惠民农业发展"),
        (FIRM, "惠民集团"),
        (FIRM, "“惠民”公司"),
        (FIRM, "湖南惠民"),
        (FIRM, "惠民发展"),
        (MAKER, "益阳鸿达"),
        (MAKER, "鸿达公司"),
        (MAKER, "鸿达精密"),
        (MAKER, "鸿达机械"),
        (MAKER, "益阳鸿达精密"),
        (CITY, "长青公司"),
        (CITY, "长青建设"),
        (PROJECT, "老旧小区改造项目"),
        (PROJECT, "2022年度老旧小区改造项目"),
    ],
)
def test_short_form_of_a_name_may_be_it(secret, text):
    assert likely(text, secret) == {secret.key}


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        (PERSON, "扩张某项工作"),
        (PERSON, "李某"),
        (PERSON, "张家界"),
        (PERSON, "张工作"),
        (MAKER, "精密机械"),
        (FIRM, "惠民生活"),
        (FIRM, "农业发展"),
        (FIRM, "有限公司"),
        (PROJECT, "小区改造"),
        (FIRM, "湖南惠民农业发展有限公司"),
    ],
)
def test_other_words_are_none(secret, text):
    assert likely(text, secret) == set()


def test_words_that_the_policy_shows_instead_are_none():
    ground = Ground("个人信息", "依据", NOWHERE)
    policy = Policy(masks=(Mask(ground, PERSON.key, "张某"),))
    given = Disclosed(Ledger(2023), "public", policy, secrets=(PERSON,))
    part = Part.of("x", ("评价人员张某",))
    assert list(find_likely_names(part, search_targets(given))) == []
    part = Part.of("x", ("评价人员张某、张科长",))
    assert [form for _, form in find_likely_names(part, search_targets(given))] == ["张科长"]
