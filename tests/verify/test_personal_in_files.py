"""Numbers here are made up by rule: no range of them is in use, or they fail in one digit."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

import pytest
from finished import DOCUMENT, finished, line, made
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import disclosed, page_with, resaved, search

from logged import proof
from reportgen.disclose.document import without_keys
from reportgen.language.folding import even
from reportgen.language.personal_marks import personal_data
from reportgen.language.personal_numbers import is_card, is_identity
from reportgen.model.document import Paragraph, Text, Value
from reportgen.model.figures import Fact, Figure, Ledger
from reportgen.model.policy import Ground, Policy, Release
from reportgen.model.quantity import Shape
from reportgen.model.source import NOWHERE, SourceSpan
from reportgen.model.units import UNITS
from spelled_personal import KINDS
from spellings import spelled

MOBILE = "138" + "0" * 8
IDENTITY = "110101" + "19900307" + "001"


def with_check(body):
    return next(body + check for check in "0123456789X" if is_identity((body + check).lower()))


def card(body):
    return next(body + check for check in "0123456789" if is_card(body + check))


CARD = card("622200" + "0" * 12)
FOUND = [
    (f"联系电话：{MOBILE}。", "@mobile"),
    ("138-0000-0000", "@mobile"),
    ("138 0000 0000", "@mobile"),
    (f"+86{MOBILE}", "@mobile"),
    (f"+86 {MOBILE}", "@mobile"),
    ("".join(chr(ord(c) + 0xFEE0) for c in MOBILE), "@mobile"),
    ("0745-2230000", "@landline"),
    ("（0745）2230000", "@landline"),
    ("07452230000", "@landline"),
    ("010-62230000转1", "@landline"),
    (with_check(IDENTITY), "@identity"),
    (f"身份证{with_check(IDENTITY)}，", "@identity"),
    (f"卡号{CARD}", "@card"),
    (" ".join(CARD[at : at + 4] for at in range(0, 19, 4)), "@card"),
    (card("4" + "0" * 14), "@card"),
    ("发至a.b-c@example.gov.cn。", "@email"),
]


@pytest.mark.parametrize(("text", "kind"), FOUND)
def test_number_of_a_person_is_found(text, kind):
    assert [found.kind for found in personal_data(even(text))] == [kind]


OTHER = [
    "13800000000元",
    "13800000000.00元",
    "138000000001",
    "113800000000",
    "10000000000",
    "0.13800000000",
    "2023年12月31日",
    "湘财绩〔2024〕1号",
    "91430000000000000X",
    with_check(IDENTITY)[:-1] + ("1" if with_check(IDENTITY)[-1] != "1" else "2"),
    "110101199002300010",
    CARD[:-1] + str((int(CARD[-1]) + 1) % 10),
    "20240625103000",
    "12.5@3",
    "第0745号",
    "2019-2230000",
]


@pytest.mark.parametrize("text", OTHER)
def test_other_number_is_left_alone(text):
    assert list(personal_data(even(text))) == []


@given(st.integers(0, 10**17 - 1))
def test_one_wrong_digit_is_no_identity_number(number):
    body = f"110101{1950 + number % 60}{number % 12 + 1:02}{number % 28 + 1:02}{number % 1000:03}"
    right = with_check(body)
    wrong = str((int(right[3]) + 1 + number % 9) % 10)
    assert not is_identity((right[:3] + wrong + right[4:]).lower())


@given(st.integers(0, 10**14 - 1), st.integers(0, 14), st.integers(1, 9))
def test_one_wrong_digit_is_no_card_number(number, at, more):
    right = card(f"62{number:014}")
    assert not is_card(right[:at] + str((int(right[at]) + more) % 10) + right[at + 1 :])


# What is public


def said(*inlines):
    return replace(DOCUMENT, blocks=(*DOCUMENT.blocks, Paragraph(inlines)), audience="public")


def problems(document, **more):
    given_ = disclosed(audience="public", **more)
    to_prove, found = proof(document, given_)
    assert to_prove.public
    return [(each.code, each.params.get("kind")) for each in found]


def test_number_in_a_public_text_is_an_error_with_its_place():
    document = said(Text(f"联系人手机{MOBILE}。"))
    _, (found,) = proof(document, disclosed(audience="public"))
    assert (found.code, found.severity, found.span) == ("D104", "error", NOWHERE)
    assert found.params["where"].startswith("一、基本情况")
    assert MOBILE not in str(found.params)
    for name, data in made(document, "docx", "html", "pdf").items():
        to_prove, _ = proof(document, disclosed(audience="public"))
        assert not search(name, data, disclosed(audience="public"), document), to_prove


def test_number_that_a_fact_holds_is_told_by_the_place_of_the_fact():
    span = SourceSpan("data/x.yaml", 7, 3)
    ledger = Ledger(2023, texts={"t": Fact("t", "", f"电话{MOBILE}", span)})
    given_ = replace(disclosed(audience="public"), ledger=ledger)
    _, (found,) = proof(said(Text(f"电话{MOBILE}")), given_)
    assert found.span == span


@pytest.mark.parametrize("name", ["html", "docx", "pdf"])
def test_number_that_no_text_of_the_document_holds_is_found_in_the_file(name):
    files = made(said(*line(f"手机{MOBILE}")), name)
    found = search(name, files[name], disclosed(audience="public"))
    assert [each.code for each in found] == ["D104"]


@pytest.mark.parametrize("markup", ["<!-- {} -->", '<a href="tel:{}">x</a>', '<meta content="{}">'])
def test_number_in_the_markup_of_a_page_is_found(markup):
    found = search("html", page_with(markup.format(MOBILE)), disclosed(audience="public"))
    assert "D104" in {each.code for each in found}


def test_number_is_nothing_to_others_than_the_public():
    _, found = proof(said(Text(MOBILE)), disclosed(audience="submit"))
    assert found == ()
    assert not search("html", page_with(MOBILE), disclosed(audience="submit"))


def test_figure_is_no_number_of_a_person():
    document = said(Value(MOBILE, MOBILE), Text("，其余"))
    given_ = disclosed(audience="public")
    assert problems(document) == []
    for name, data in made(document, "docx", "html", "pdf").items():
        assert search(name, data, given_, document) == []


def test_released_text_is_no_finding():
    ground = Ground("热线", "依据", NOWHERE)
    policy = Policy(releases=(Release(ground, text="热线0745-2230000"),))
    assert problems(said(Text("拨打热线 0745—2230000。"))) == [("D104", "@landline")]
    assert problems(said(Text("拨打热线0745-2230000。"))) == [("D104", "@landline")]
    assert problems(said(Text("拨打热线0745-2230000。")), policy=policy) == []


def test_office_phone_is_a_switch_and_frees_no_mobile():
    document = said(Text(f"办公室0745-2230000，手机{MOBILE}"))
    assert problems(document) == [("D104", "@landline"), ("D104", "@mobile")]
    assert problems(document, policy=Policy(office_phone=True)) == [("D104", "@mobile")]


def test_finished_files_hold_none():
    for name, data in finished().items():
        assert search(name, data, disclosed(audience="public"), DOCUMENT) == []


# What is typed as a fact


def typed_as_figure(text, unit):
    """Return a document that prints a fact, and the ledger with it."""
    spot = SourceSpan("data/x.yaml", 4, 5)
    figure = Figure("数", "数", "fact", Fraction(text), UNITS[unit], Shape(0), spot)
    ledger = Ledger(2023, {figure.key: figure})
    return said(Value(text, text, "数")), replace(disclosed(audience="public"), ledger=ledger)


def test_telephone_typed_as_a_number_is_told_at_its_fact():
    document, given_ = typed_as_figure(MOBILE, "")
    _, (found,) = proof(document, given_)
    assert (found.code, found.span.line, found.params["kind"]) == ("D104", 4, "@mobile")
    for name, data in made(without_keys(document), "docx", "html", "pdf").items():
        (found,) = search(name, data, given_)
        assert found.code == "D104"


def test_sum_of_money_with_as_many_digits_is_none():
    document, given_ = typed_as_figure(MOBILE, "元")
    assert proof(document, given_)[1] == ()


def test_row_of_figures_is_no_card_number():
    number = card("400012003000200")
    row = [number[at : at + 4] for at in range(0, 16, 4)]
    document = said(*(inline for text in row for inline in (Value(text, text), Text("、"))))
    given_ = disclosed(audience="public")
    for name, data in made(document, "docx", "html", "pdf").items():
        assert search(name, data, given_, document) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [("家住迎丰中路12号3栋402室。", "@address"), ("联系139****5678。", "@masked")],
)
def test_what_may_be_of_a_person_is_told_until_it_is_released(text, kind):
    assert problems(said(Text(text))) == [("D106", kind)]
    policy = Policy(releases=(Release(Ground("单位地址", "依据", NOWHERE), text=text),))
    assert problems(said(Text(text)), policy=policy) == []


def test_name_in_a_field_of_somebody_is_told_where_it_is_printed():
    fact = Fact("捐款人", "捐款人", "张三", SourceSpan("data/x.yaml", 9, 6))
    given_ = replace(disclosed(audience="public"), ledger=Ledger(2023, texts={fact.key: fact}))
    _, (found,) = proof(said(Text("由张三捐赠。")), given_)
    assert (found.code, found.params["kind"], found.span) == ("D106", "@person", fact.span)
    assert proof(said(Text("由李四捐赠。")), given_)[1] == ()


@pytest.mark.parametrize("name", ["docx", "html", "pdf"])
@pytest.mark.parametrize("place", range(len(KINDS)))
def test_each_kind_is_found_in_each_format(name, place):
    subject, kind, ways, texts = KINDS[place]
    written = [spelling.text for spelling in spelled(ways, texts[0])]
    unseen = {chr(code) for code in (0x200B, 0x2009, 0xFF20)}
    plain = [text for text in written if unseen.isdisjoint(text)][:: max(1, len(written) // 6)]
    lines = tuple(Paragraph((Text(f"其中，{text}。"),)) for text in plain)
    document = replace(DOCUMENT, blocks=(*DOCUMENT.blocks, *lines), audience="public")
    found = search(name, made(document, name)[name], disclosed(audience="public"))
    hits = [each for each in found if each.params["kind"] in (kind, "@account")]
    plain_forms = {next(iter(personal_data(even(text)))).plain for text in plain}
    assert len(hits) >= len(plain_forms), subject


# Rows of cells

_AMOUNT = st.one_of(
    st.decimals(0, 9999, places=2, allow_nan=False).map(str),
    st.decimals(0, 99, places=1, allow_nan=False).map(str),
    st.just("0"),
)
_ROWS = st.lists(_AMOUNT, min_size=3, max_size=14)


def in_cells(*texts):
    return page_with(f"<table><tr>{''.join(f'<td>{text}</td>' for text in texts)}</tr></table>")


@pytest.mark.parametrize(
    "row", ["27.15|31.23|4.08|10", "21.19|6.18|15.01|0|0", "27.15|3|12.35|0.08|10"]
)
def test_amounts_in_cells_side_by_side_are_no_number_of_a_person(row):
    found = search("html", in_cells(*row.split("|")), disclosed(audience="public"))
    assert [each for each in found if each.code == "D104"] == []


@settings(max_examples=60, deadline=None)
@given(st.lists(_ROWS, min_size=1, max_size=12))
def test_no_rows_of_amounts_hold_a_number_of_a_person(rows):
    page = page_with("".join(in_cells(*row).decode().partition("<table>")[2] for row in rows))
    found = search("html", page, disclosed(audience="public"))
    assert [each for each in found if each.code == "D104"] == []
    for row in rows:
        for sign in (" ", "  ", "|", " | "):
            assert not list(personal_data(even(sign.join(row))))


def test_amounts_on_a_line_are_no_identity_number_nor_mobile():
    number = with_check("110101" + "19900317" + "002")
    assert not list(personal_data(even(f"1101.01 1990.03 1700.{number[-2:]}")))
    assert not list(personal_data(even("27.135 12.34 56.78")))
    (found,) = personal_data(even(f"110101 19900317 {number[14:]}"))
    assert found.kind == "@identity"


@pytest.mark.parametrize(
    "cells", [(MOBILE[:3], MOBILE[3:7], MOBILE[7:]), (MOBILE[:3], MOBILE[3:]), tuple(MOBILE)]
)
def test_number_of_a_person_spread_over_cells_is_found(cells):
    found = search("html", in_cells(*cells), disclosed(audience="public"))
    assert [each.code for each in found] == ["D104"]


# Identifiers of a PDF


def identified(field, value):
    """Return the PDF with another value of an identifier in its metadata."""

    def change(pdf):
        packet = pdf.Root.Metadata.read_bytes().decode()
        written = re.sub(rf"(<{field}>)[^<]*", lambda found: found[1] + value, packet)
        assert written != packet
        pdf.Root.Metadata.write(written.encode())

    return search("pdf", resaved(change), disclosed(audience="public"))


IDENTIFIERS = ("xmpMM:DocumentID", "xmpMM:InstanceID", "stEvt:instanceID")


@pytest.mark.parametrize("field", IDENTIFIERS)
@pytest.mark.parametrize("made_up", ["qqLtOpduAxWlGqCuL8J+sA==", "WX1tOpduAxWlGqCuL8J/sg=="])
def test_letters_of_an_identifier_that_the_engine_makes_name_no_account(field, made_up):
    assert identified(field, made_up) == []


@pytest.mark.parametrize("field", IDENTIFIERS)
@pytest.mark.parametrize(
    "planted",
    [
        MOBILE,
        "qq12345678",
        "qqLtOpduAxWlGqCuL8J+s==",
        "qqLtOpduAxWlGqCuL8J+sB==",
        f"qqLtOpduAxWlGqCuL8J+sA== {MOBILE}",
    ],
)
def test_what_else_stands_as_an_identifier_is_searched(field, planted):
    assert "D104" in {each.code for each in identified(field, planted)}


def test_letters_of_an_identifier_count_in_every_other_property():
    found = identified("xmp:CreatorTool", "qqLtOpduAxWlGqCuL8J+sA==")
    assert [each.code for each in found] == ["D104"]


# Where it stands


def test_place_of_a_number_is_told_by_what_stands_around():
    hidden = in_cells("专项资金绩效评审经费", "27.15", MOBILE, "4.08", "专户", "19912345678")
    first, second = search("html", hidden, disclosed(audience="public"))
    assert first.params["where"] == "html <body> “项资金绩效评审经费|27.15|…|4.08|专户|…|回目录|2”"
    assert MOBILE not in str(first.params)
    assert "19912345678" not in f"{first.params}{second.params}"
    assert first.brief == second.brief == "D104 html <body>"


def test_number_alone_in_a_file_has_the_place_of_its_part():
    found = search("html", f"<p>{MOBILE}</p>".encode(), disclosed(audience="public"))
    assert [each.params["where"] for each in found] == ["html <body>"]


def test_text_around_what_may_be_of_a_person_is_not_repeated():
    page = page_with("<p>联系139****5678。</p>")
    (found,) = search("html", page, disclosed(audience="public"))
    assert (found.code, found.params["where"]) == ("D106", "html <body>")
