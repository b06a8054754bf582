from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from planted import disclosed, exact, in_page, search, secret

from reportgen.language.numerals import chinese
from reportgen.model.disclosed import Disclosed, Secret
from reportgen.model.figures import Fact, Figure, Ledger
from reportgen.model.policy import Ground, Policy, Replacement
from reportgen.model.quantity import Shape, number_text
from reportgen.model.source import NOWHERE
from reportgen.model.units import UNITS, find_unit
from reportgen.verify.leaks import find_leaks
from reportgen.verify.part import Part
from reportgen.verify.spellings import search_targets


def wide(text):
    return "".join(chr(ord(char) + 0xFEE0) for char in text)


WRITTEN = [
    ("13800000000", "138-0000-0000"),
    ("13800000000", "138 0000 0000"),
    ("13800000000", "+86 13800000000"),
    ("13800000000", wide("13800000000")),
    ("0745-2230000", "07452230000"),
    ("0745-2230000", "拨2230000转8"),
    ("0745-2230000", "（0745）2230000"),
    ("2230000", "0745-2230000"),
    ("0745-2230000", "0745 — 2230000"),
    ("2024-06-25", "填于2024年6月25日"),
    ("2024-06-25", "2024年06月25日"),
    ("2024-06-25", "2024 年 6 月 25 日"),
    ("2024-06-25", "2024-06-25"),
    ("2024-06-25", "2024.6.25"),
    ("2024-06-25", "2024/06/25"),
    ("2024-06-25", "20240625"),
    ("2024-06-25", "２０２４年６月２５日"),
    ("2024-06-25", "二〇二四年六月二十五日"),
    ("2024-06-25", "二○二四年六月二十五日"),
    ("2024-06-25", "二零二四年六月二十五日"),
    ("1234.5万元", "1,234.5万元"),
    ("1234.5万元", "1 234.5 万元"),
    ("1234.5万元", "1234.50万元"),
    ("1234.5万元", "12345000元"),
    ("1234.5万元", "12,345,000.00元"),
    ("1234.5万元", "12345000"),
    ("1234.5万元", "0.12345亿元"),
    ("1234.5万元", "0.1235亿元"),
    ("1234.5万元", "12345千元"),
    ("1222.5万元", wide("1222.5") + "万元"),
    ("1234.5万元", "1234.5万"),
    ("1234.5万元", "一千二百三十四万五千元"),
    ("1234.5万元", "一千二百三十四点五万元"),
    ("1234.5万元", "壹仟贰佰叁拾肆万伍仟元整"),
    ("1234.5万元", "壹仟贰佰叁拾肆万伍仟圆"),
    ("123.45元", "壹佰贰拾叁元肆角伍分"),
    ("123.05元", "壹佰贰拾叁元零伍分"),
    ("123.4元", "一百二十三元四角"),
    ("1,234.5万元", "共1234.5万元"),
    ("-4536.13万元", "减少4536.13万元"),
    ("245万元", "245万元"),
    ("12658万元", "一亿两千六百多万元"),
    ("12658万元", "1亿2600多万元"),
    ("320万元", "三百廿万元"),
    ("335万元", "叁佰卅伍万元"),
    ("318.7万元", "3.187m yuan"),
    ("318.7万元", "CNY 3.19 mln"),
    ("99.14%", "佰分之玖拾玖点壹肆"),
    ("99.14%", "991.4 permille"),
    ("99.14%", "99.14%"),
    ("22.12%", wide("22.12%")),
    ("99.14%", "99.14"),
    ("99.14%", "0.9914"),
    ("99.14%", "百分之九十九点一四"),
    ("99.14%", "9.914成"),
    ("99.14%", "991.4‰"),
    ("99.14%", "99.14个百分点"),
    ("25.17万人", "251700人"),
    ("25.17万人", "25.17万名"),
    ("王芳", "填表人王芳。"),
    ("王芳", "王　芳"),
    ("95人", "编制95人"),
    ("AB12", "ab AB12"),
    ("XY12", wide("XY12")),
    (
        "推进某项工作的具体安排另行通知。第二批企业的名单暂不对外公布",
        "第二批企业的名单暂不对外公布",
    ),
]


@pytest.mark.parametrize(("text", "written"), WRITTEN)
def test_secret_is_found_in_every_way_to_write_it(text, written):
    assert in_page(written, text) == {text}


OTHER = [
    ("95人", "195人"),
    ("95人", "95家"),
    ("1234.5万元", "81234.5万元"),
    ("1234.5万元", "1234.56万元"),
    ("1234.5万元", "1234.5%"),
    ("1234.5万元", "1234.5元"),
    ("1234万元", "1234个"),
    ("1234万元", "1234年"),
    ("99.14%", "99.14万元"),
    ("99.14%", "199.14%"),
    ("0000001", "00000012"),
    ("0000001", "0.0000001"),
    ("12345", "12345.6"),
    ("12345", "12.345"),
    ("12345", "12 345"),
    ("王芳", "王小芳"),
    ("AB12", "AB123"),
    ("AB12", "CAB12"),
    ("2024-06-25", "2024年6月28日"),
    ("2024-06-25", "2024年6月2日"),
    ("25.17万人", "25.17万家"),
]


@pytest.mark.parametrize(("text", "written"), OTHER)
def test_something_else_is_no_secret(text, written):
    assert in_page(written, text) == set()


def test_numbers_of_neighbouring_cells_are_not_one():
    assert in_page("12</p><p>34.5", "1234.5万元") == set()
    assert in_page("3</p><p>1234.5</p><p>6", "1234.5万元") == {"1234.5万元"}


@pytest.mark.parametrize("written", ["推进JMRH工作", "推进jmrh工作", "推进ＪＭＲＨ工作"])
def test_initials_are_found_in_capitals_and_small(written):
    given = disclosed(secret("某项词语", initials=("JMRH",)))
    (found,) = search("html", f"<p>{written}</p>".encode(), given)
    assert found.params["manner"] == "@initials"
    assert not search("html", b"<p>xJMRHx</p>", given)


def test_value_that_another_fact_discloses_cannot_be_told():
    page = "2024年6月28日，怀化市工信局"
    texts = "2024-06-28", "怀化市工信局"
    assert in_page(page, *texts) == set(texts)
    assert in_page(page, *texts, told=texts) == set()


def test_value_that_is_only_part_of_a_disclosed_text_stays_a_secret():
    assert in_page("联系人王芳", "王芳", told=["联系人王芳"]) == {"王芳"}


def test_row_of_zeros_is_no_code():
    assert in_page("</p><p>".join("000000000"), "0000000") == set()
    assert in_page("</p><p>".join("0745"), "0745") == set()
    assert in_page("</p><p>".join("07452230000"), "0745-2230000") == {"0745-2230000"}


# What cannot be searched is said


def unsearched(*secrets, told=(), printed=(), ledger=None):
    given = disclosed(*secrets, told=told) if ledger is None else Disclosed(ledger, "public")
    if ledger is not None:
        given = Disclosed(ledger, "public", secrets=secrets)
    return {each.key: why for each, why in search_targets(given, printed).unsearched}


UNTELLABLE = [
    *(("3", "@short"), ("无", "@short"), ("A1", "@short"), ("—", "@short"), ("123", "@short")),
    *(("0万元", "@common"), ("1人", "@common"), ("100%", "@common"), ("3家", "@short")),
    *(("95人", "@unit_only"), ("245万元", "@unit_only"), ("95%", "@short")),
]


@pytest.mark.parametrize(("text", "why"), UNTELLABLE)
def test_what_is_too_short_or_common_to_tell_is_said(text, why):
    assert unsearched(secret(text)) == {"k": why}


@pytest.mark.parametrize("text", ["1234.5万元", "99.14%", "王芳", "0000001", "2024-06-25"])
def test_what_can_be_told_is_not_reported(text):
    assert unsearched(secret(text)) == {}


def figure(text):
    read = secret(text)
    return Figure("open", "", "fact", read.value, read.unit, read.shape, NOWHERE)


def test_amount_that_another_figure_discloses_is_said():
    ledger = Ledger(2023, figures={"open": figure("12345000元")})
    told = {"k": "@told"}
    assert unsearched(secret("1234.5万元"), printed=["12345000元"], ledger=ledger) == told
    assert unsearched(secret("1234.5万元"), printed=["1234.50"], ledger=ledger) == told
    assert unsearched(secret("1234.5万元"), ledger=ledger) == {}


def test_amount_is_told_by_what_is_printed_not_by_the_value_behind_it():
    ledger = Ledger(2023, figures={"open": figure("318.7万元")})
    printed = ["0.03亿元", "319万元"]
    given = Disclosed(ledger, "public", secrets=(secret("318.7万元"),))
    assert search_targets(given, printed).unsearched == ()
    for text, told in (("318.7万元", {"k"}), ("319万元", set()), ("0.03亿元", set())):
        targets = search_targets(given, printed)
        assert {leak.secret.key for leak in find_leaks(Part("x", (text,)), targets)} == told


def test_amount_that_looks_like_a_rounded_figure_is_said():
    ledger = Ledger(2023, figures={"open": figure("1234.5万元")})
    close = Secret("k", "", "1234.5万元", NOWHERE, exact("12345001"), find_unit("万元"), Shape(1))
    assert unsearched(close, printed=["1234.5万元"], ledger=ledger) == {"k": "@told"}


def test_term_that_is_a_fact_of_its_own_is_searched_for():
    term = Replacement(Ground("理由", "依据", NOWHERE), "某某科", "某科")
    named = Ledger(2023, texts={"office": Fact("office", "科室", "某某科", NOWHERE)})
    policy = Policy(replacements=(term,))
    given = Disclosed(named, "public", policy, secrets=(Secret("某某科", "", "某某科"),))
    assert search_targets(given).unsearched == ()
    assert [word.text for word in search_targets(given).words] == ["某某科"]


def test_digits_that_are_printed_elsewhere_are_searched_with_their_unit():
    assert unsearched(secret("1234.5万元"), printed=["1234.5家"]) == {"k": "@unit_only"}


# Any amount in any spelling

MONEY = st.integers(10**5, 10**11).map(lambda cents: Fraction(cents, 100))
"""Amounts from 1,000 yuan to a billion, to the cent."""


def significant(value):
    return len(str(value.numerator * 100 // value.denominator).strip("0"))


def exact_text(value):
    return number_text(value, Shape(12))


SPELLINGS = {
    "元": lambda yuan: f"{exact_text(yuan)}元",
    "separators": lambda yuan: f"{number_text(yuan, Shape(2, thousands=True))}元",
    "万元": lambda yuan: f"{exact_text(yuan / 10**4)}万元",
    "亿元": lambda yuan: f"{exact_text(yuan / 10**8)}亿元",
    "bare": lambda yuan: f"{exact_text(yuan / 10**4)}。",
    "wide": lambda yuan: f"{wide(exact_text(yuan))}元",
    "chinese": lambda yuan: f"{chinese(yuan)}元",
    "upper": lambda yuan: f"{chinese(yuan, upper=True)}元",
    "万": lambda yuan: f"{chinese(yuan / 10**4)}万元",
}


def money(value, symbol="万元"):
    unit = find_unit(symbol)
    text = exact_text(value / unit.factor) + symbol
    return Secret("k", "金额", text, NOWHERE, value, unit, Shape(6))


@pytest.mark.parametrize("spelling", SPELLINGS)
@settings(deadline=None)
@given(value=MONEY, symbol=st.sampled_from(["元", "万元", "亿元"]))
@example(value=Fraction(12345000), symbol="万元")
def test_any_amount_is_found_in_any_spelling(spelling, value, symbol):
    assume(significant(value) >= 4)
    page = f"<p>全年支出{SPELLINGS[spelling](value)}，</p><p>其余从略。</p>"
    found = search("html", page.encode(), disclosed(money(value, symbol)))
    assert {each.code for each in found} == {"D101"}


@pytest.mark.parametrize(
    "spelling", ["元", "separators", "万元", "亿元", "wide", "chinese", "upper"]
)
@settings(deadline=None)
@given(value=MONEY, other=MONEY)
def test_no_amount_is_taken_for_another(spelling, value, other):
    assume(significant(value) >= 4)
    # Two amounts may be one when they are rounded: a tenth of the larger tells them apart.
    assume(abs(value - other) * 5 > max(value, other))
    for factor in (10**3, 10**4, 10**6, 10**8):
        assume(abs(value - other * factor) * 5 > value)
        assume(abs(value * factor - other) * 5 > other)
    page = f"<p>全年支出{SPELLINGS[spelling](other)}，其余从略。</p>"
    assert not search("html", page.encode(), disclosed(money(value)))


@settings(deadline=None)
@given(st.integers(1001, 999999).filter(lambda n: n % 10 and n % 1000))
def test_any_share_is_found_in_any_spelling(parts):
    value = Fraction(parts, 10**5)
    given_ = disclosed(Secret("k", "比例", "", NOWHERE, value, UNITS["%"], Shape(3)))
    digits = exact_text(value * 100)
    assume(len(digits.replace(".", "").strip("0")) >= 4)
    for written in (
        f"{digits}%",
        f"{digits}％",
        f"百分之{chinese(value * 100)}",
        f"{exact_text(value)}。",
        f"{exact_text(value * 10)}成",
    ):
        assert search("html", f"<p>完成率为{written}</p>".encode(), given_), written


@settings(deadline=None)
@given(st.dates(date(1949, 10, 1), date(2099, 12, 31)))
def test_any_day_is_found_in_any_form(day):
    given_ = disclosed(secret(day.isoformat()))
    for written in (
        day.isoformat(),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y%m%d}",
        f"{day:%Y/%m/%d}",
    ):
        assert search("html", f"<p>于{written}填报</p>".encode(), given_), written
