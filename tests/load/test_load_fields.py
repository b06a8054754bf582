from __future__ import annotations

import pytest

from loading import codes_and_places, read, value
from reportgen.load import fields
from reportgen.load.fields import is_name
from reportgen.load.groups import KeyGroup, blank_field, field


class Each(KeyGroup):
    """One field of each kind."""

    text: fields.TextField | None = blank_field("")
    given: fields.RequiredTextField | None = blank_field("")
    prose: fields.ProseField | None = blank_field("")
    person: fields.PersonalTextField | None = blank_field("")
    day: fields.RequiredDateField | None = blank_field("")
    signed: fields.PersonalDateField | None = blank_field("")
    money: fields.AmountField | None = blank_field("")
    people: fields.PeopleField | None = blank_field("")
    area: fields.AreaField | None = blank_field("")
    points: fields.PointsField | None = blank_field("")
    word: fields.WordField | None = blank_field("")
    whole: fields.WholeNumberField | None = blank_field("")
    decimals: fields.DecimalsField | None = blank_field("")
    yes: fields.YesNoField | None = blank_field("")
    names: dict[fields.NameField, fields.TextField] = field(default_factory=dict)
    keys: dict[fields.KeyField, fields.TextField] = field(default_factory=dict)


def leaf(text, name):
    return getattr(value(f"{name}: {text}", Each), name)


def fails(text, name):
    (found,) = read(f"{name}: {text}", Each)[1]
    return found.code, found.params


def test_text_is_literal():
    assert leaf("'{{ x }} <b>'", "text").value == "{{ x }} <b>"
    assert not leaf("'{{ x }}'", "text").prose
    assert leaf("'{{ x }}'", "prose").prose
    assert leaf("甲", "person").personal


@pytest.mark.parametrize("blank", ["", "~", "null"])
def test_what_is_left_blank_is_none(blank):
    for name in ("text", "prose", "person", "signed", "money", "people", "area", "points"):
        assert leaf(blank, name).value is None


@pytest.mark.parametrize("blank", ["", "~", "''", "'  '"])
def test_what_must_be_given_cannot_be_blank(blank):
    for name in ("given", "day"):
        assert fails(blank, name) == ("S218", {"title": name})


def test_word_may_be_empty_in_quotes_only():
    assert leaf("''", "word") == ""
    assert fails("", "word")[0] == "S218"


def test_mark_of_a_value_is_inside_its_quotes():
    assert str(leaf("甲", "text").span) == "a.yaml:1:7"
    assert str(leaf("'甲'", "text").span) == "a.yaml:1:8"


@pytest.mark.parametrize(
    ("text", "value"),
    [("2024-06-28", "2024-06-28"), ("2024-6-8", "2024-06-08"), ("２０２0-06-28", "2020-06-28")],
)
def test_day_is_written_in_one_way(text, value):
    assert leaf(text, "day").value == leaf(text, "signed").value == value


@pytest.mark.parametrize(
    "text",
    ["2024-02-30", "2024-13-01", "2024年6月28日", "2024/6/28", "20240628", "0000-01-01", "明天"],
)
def test_what_is_no_day_is_refused(text):
    assert fails(text, "day") == ("S206", {"title": "day", "text": text})


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("money", "12.50", "12.50万元"),
        ("money", "1,234.5", "1234.5万元"),
        ("money", "3亿元", "3亿元"),
        ("money", "２．０", "2.0万元"),
        ("money", "0", "0万元"),
        ("people", "30", "30人"),
        ("people", "３０名", "30名"),
        ("area", "500", "500㎡"),
        ("points", "10分", "10分"),
    ],
)
def test_quantity_has_the_unit_written_or_that_of_its_form(name, text, shown):
    assert leaf(text, name).value.text == shown


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("money", "1.2.3", "S207"),
        ("money", "1,23", "S207"),
        ("money", "012", "S207"),
        ("money", "1e3", "S207"),
        ("money", "NO", "S207"),
        ("money", "一百", "S207"),
        ("money", "12# 注", "S207"),
        ("money", "1 234.5", "S210"),
        ("money", "1, 234", "S210"),
        ("money", "12 家 3", "S207"),
        ("money", "12大洋", "S208"),
        ("money", "12（含税）", "S208"),
        ("money", "9" * 41, "S209"),
        ("money", "12家", "S211"),
        ("money", "12万", "S211"),
        ("money", "12%", "S211"),
        ("people", "12万元", "S211"),
        ("money", "-12", "S212"),
        ("money", "－12", "S212"),
        ("people", "-0.5", "S212"),
        ("money", "[12]", "S204"),
        ("money", "{a: 12}", "S204"),
    ],
)
def test_what_is_no_quantity_of_the_form_is_refused(name, text, code):
    assert fails(text, name)[0] == code


def test_wrong_dimension_says_what_is_wanted():
    params = {"title": "money", "text": "12家", "unit": "家", "wanted": "万元"}
    assert fails("12家", "money") == ("S211", params)


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        *[("whole", "9999", 9999), ("whole", "０", 0), ("decimals", "10", 10)],
        *[
            ("yes", "true", True),
            ("yes", "是", True),
            ("yes", "false", False),
            ("yes", "否", False),
        ],
    ],
)
def test_switches_and_counts_are_read(name, text, wanted):
    assert leaf(text, name) == wanted


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        *[("whole", "10000", "0–9999"), ("whole", "-1", "0–9999"), ("whole", "1.5", "0–9999")],
        *[
            ("decimals", "11", "0–10"),
            ("yes", "yes", "true / false"),
            ("yes", "True", "true / false"),
        ],
    ],
)
def test_other_switches_and_counts_are_refused_with_what_there_is(name, text, wanted):
    assert fails(text, name) == ("S217", {"title": name, "text": text, "wanted": wanted})


@pytest.mark.parametrize(
    "escape", [r"\x07", r"\uE000", r"\u2028", r"\uFFFE", r"\t", r"\r", r"\u202E"]
)
def test_escaped_characters_that_no_output_can_hold_are_refused(escape):
    for name in ("text", "prose", "money", "word"):
        assert fails(f'"1{escape}"', name)[0] == "S205"


@pytest.mark.parametrize(("text", "column"), [("甲\t乙", 8), ("'甲\t乙'", 9), ('"甲\\t乙"', 7)])
def test_refused_character_is_marked_where_the_text_is_as_it_is_read(text, column):
    assert codes_and_places(read(f"text: {text}", Each)[1]) == [("S205", 1, column)]


@pytest.mark.parametrize("name", ["甲", "a", "a1", "工业投资", "A_b", "新增5G基站", "é"])
def test_names_that_formulas_can_write(name):
    assert is_name(name)
    assert value(f"names: {{'{name}': 1}}", Each).names


@pytest.mark.parametrize(
    "name", ["", "1a", "a b", "a-b", "a.b", "甲（乙）", "《甲》", "a：b", "２a", "."]
)
def test_names_that_formulas_cannot_write_are_refused_at_the_key(name):
    assert not is_name(name)
    (found,) = read(f"names: {{'{name}': 甲}}", Each)[1]
    assert found.code in ("S215", "L114")
    assert (found.span.line, found.span.column) >= (1, 9)


@pytest.mark.parametrize("key", ["a", "a.b.c", "funds.*.last", "甲.*.乙", "a.b.*.c.d", "score.2"])
def test_keys_of_figures(key):
    assert value(f"keys: {{'{key}': 甲}}", Each).keys


@pytest.mark.parametrize("key", ["", "a b", "*", "a.*", "*.a", "a.*.b.*.c", "a..b", ".a", "a."])
def test_what_is_no_key_of_a_figure_is_refused(key):
    assert [f.code for f in read(f"keys: {{'{key}': 甲}}", Each)[1]] == ["S215"]
