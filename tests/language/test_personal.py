from __future__ import annotations

import pytest

from reportgen.language.personal import (
    ACCOUNT,
    CONTACT,
    KINDS,
    OFFICE_PHONE,
    PERSON,
    VOUCHER,
    kind_of,
    may_be_person,
)


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("填表人", PERSON),
        ("项目.a.经办人", PERSON),
        ("signatory", PERSON),
        ("first_signatory", PERSON),
        ("experts.1.name", PERSON),
        ("评审专家.3.名单", PERSON),
        ("项目联系电话", CONTACT),
        ("site_phone", CONTACT),
        ("银行账号", ACCOUNT),
        ("vouchers.1.voucher_number", VOUCHER),
        ("办公电话", OFFICE_PHONE),
        ("office_phone", OFFICE_PHONE),
        ("经手人", PERSON),
        ("法定代表人", PERSON),
        ("验收人", PERSON),
        ("领款人", PERSON),
        ("负责人1", PERSON),
        ("负责人（签字）", PERSON),
        ("联系人二", PERSON),
        ("证件号码", PERSON),
        ("车牌号", PERSON),
        ("contact_person", PERSON),
        ("id_no", PERSON),
        ("联系电话2", CONTACT),
        ("微信", CONTACT),
        ("微信号", CONTACT),
        ("个人QQ", CONTACT),
        ("mobile_no", CONTACT),
        ("tel1", CONTACT),
        ("银行账户", ACCOUNT),
        ("bank_acct", ACCOUNT),
        ("acct_name", ACCOUNT),
        ("联 系 人", PERSON),
        ("验收人员", PERSON),
        ("contactPerson", PERSON),
        ("电子邮件", CONTACT),
        ("E-mail", CONTACT),
        ("phoneNumber", CONTACT),
    ],
)
def test_field_is_of_the_kind_that_its_name_ends_as(key, kind):
    assert kind_of(key) is kind


@pytest.mark.parametrize(
    "key",
    "headphone projects.1.name 名单 姓名数 收入 受益人数 人均 法人 电话费 project_id".split(),
)
def test_field_that_only_looks_like_one_is_not_protected(key):
    assert kind_of(key) is None


def test_item_of_a_list_has_the_name_of_the_list():
    assert kind_of("联系电话.2") is CONTACT


def test_further_names_are_those_of_persons():
    assert kind_of("项目主持", ["主持"]) is PERSON
    assert kind_of("项目主持") is None


def test_every_kind_has_a_reason_and_a_legal_basis():
    assert all(kind.reason and kind.basis and kind.names for kind in KINDS)


@pytest.mark.parametrize(
    ("key", "text", "may"),
    [
        ("捐款人", "张三", True),
        ("捐款人1", "阿依古丽·买买提", True),
        ("捐款人", "怀化市某某公司", False),
        ("受益人数", "张三", False),
        ("法人", "张三", False),
        ("残疾人", "若干", False),
    ],
)
def test_short_name_in_a_field_of_somebody_may_be_a_person(key, text, may):
    assert may_be_person(key, text) is may
