from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.wordfile.tags import read_tags, template_of


def tags(text):
    return [(each.brace, each.scope, each.inside) for each in read_tags(text).tags]


def told(text, scope="p"):
    return [(each.code, each.params.get("instead", "")) for each in read_tags(text, scope).flaws]


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("预算 {{ a.b | number }} 万元", ("{{", "", "a.b | number")),
        ("{%tr for row in funds %}", ("{%", "tr", "for row in funds")),
        ("{%tc endfor %}", ("{%", "tc", "endfor")),
        ("{%p if a is blank %}", ("{%", "p", "if a is blank")),
        ("{%- if a -%}", ("{%", "", "if a")),
        ("{% vm %}", ("{%", "", "vm")),
        ("{{ 作者.姓名 }}", ("{{", "", "作者.姓名")),
        ("{{ a | where(level=“产出”) }}", ("{{", "", 'a | where(level="产出")')),
        ('{{ "}}" }}', ("{{", "", '"}}"')),
        ("{{ r }}", ("{{", "", "r")),
        ("{{\u00a0a\n}}", ("{{", "", "a")),
    ],
)
def test_tag_is_read_with_its_scope_and_what_it_says(text, tag):
    assert tags(text) == [tag]
    assert told(text) == []


@pytest.mark.parametrize(
    "text", ["〔2023〕5号", "｛盖章｝", "[注1]", "a < b > c", "{_{ a }_}", "{# {{ a }} #}", "$5"]
)
def test_text_that_is_no_tag_is_left_alone(text):
    assert (tags(text), told(text)) == ([], [])


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("{{?list}}", "@w_section"),
        ("{{/list}}", "@w_end"),
        ("{{#table}}", "@w_section"),
        ("{{#each rows}}", "@w_section"),
        ("{{#if a}}", "@w_condition"),
        ("{{^a}}", "@w_condition"),
        ("{{@logo}}", "@w_picture"),
        ("{{*items}}", "@w_list"),
        ("{{+part}}", "@w_nested"),
        ("{{>part}}", "@w_nested"),
        ("{{=#this}}", "{{ row }}"),
        ("{{=data1}}", "{{ data1 }}"),
        ("{{-a > 0}}", "@w_condition"),
        ("{{{a}}}", "{{ a }}"),
        ("{{ for x in y }}", "{% for x in y %}"),
        ("{{else}}", "{% else %}"),
        ("{d.total}", "{{ total }}"),
        ("{d.total:formatN(2)}", "{{ total }}"),
        ("{d.list[i].name}", "{{ row.name }}"),
        ("{d.list[i+1].name}", "@w_end"),
        ("{name}", "{{ name }}"),
        ("{#list}", "@w_section"),
        ("{/list}", "@w_end"),
        ("«姓名»", "{{ 姓名 }}"),
        ("${a.b}", "{{ a.b }}"),
        ("<<[a]>>", "{{ a }}"),
        ("<%= a %>", "{{ a }}"),
    ],
)
def test_notation_of_another_program_is_told_with_ours(text, instead):
    assert told(text) == [("T151", instead)]
    assert tags(text) == []


@pytest.mark.parametrize(
    "text",
    ["｛｛ a ｝｝", "{{ a ｝}", "｛{a}}", "｛% if a %｝", "{％ if a ％}", "{{a｝｝"],
)
def test_full_width_braces_are_told_and_taken_for_tags(text):
    assert [code for code, _ in told(text)] == ["T125"]
    assert len(tags(text)) == 1


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("{% tr for a in b %}", "{%tr for a in b %}"),
        ("{%trfor a in b %}", "{%tr for a in b %}"),
        ("{%TR for a in b%}", "{%tr for a in b %}"),
        ("{% p endif %}", "{%p endif %}"),
    ],
)
def test_scope_that_is_misspelt_is_told_and_taken_for_one(text, instead):
    assert told(text) == [("T152", instead)]
    assert tags(text)[0][1] in {"tr", "p"}


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("{% endfro %}", "{% endfor %}"),
        ("{% end for %}", "{% endfor %}"),
        ("{%tr End If %}", "{%tr endif %}"),
        ("{% For a in b %}", "{% for a in b %}"),
        ("{% elseif a %}", "{% elif a %}"),
        ("{%p else if a %}", "{%p elif a %}"),
    ],
)
def test_misspelt_statement_is_told_with_the_likely_one(text, instead):
    (flaw,) = told(text)
    assert flaw == ("T153", instead) or flaw[0] == "T152"


@pytest.mark.parametrize(
    "text",
    ["{ { a } }", "{{ a }", "{ a }}", "{{ a %}", "{% a }}", "{ % if a % }", "{{ a } }", "{"],
)
def test_braces_that_are_no_pair_are_told(text):
    assert [code for code, _ in told(text)] == ["T126"]


def test_tag_inside_a_tag_leaves_the_outer_one_open():
    assert [each.params["found"] for each in read_tags("{{title{{name}} a").flaws] == ["{{title"]
    assert tags("{{title{{name}} a") == [("{{", "", "name")]


def test_braces_without_their_other_half_wait_for_another_paragraph():
    assert read_tags("合计 {{ a").opened.params == {"found": "{{ a"}
    assert read_tags("b }} 元").closed.params == {"found": "}}"}


def test_template_has_the_tags_alone_without_their_scopes():
    texts = ["{%tr for a in b %}", "甲{% vm %}{{ a.x }}，{% cellbg a.y %}", "{%tr endfor %}"]
    assert template_of(texts) == "{% for a in b %}\n{{ a.x }}{{  a.y }}\n{% endfor %}"


PIECES = st.lists(
    st.sampled_from([*"{}%#｛｝«»<>$ -\"'“”a中.\n", "{{", "}}", "{%", "%}", "for", "tr "])
)


@given(PIECES)
@settings(max_examples=300, deadline=None)
def test_every_text_is_read_and_nothing_of_it_is_in_two_tags(pieces):
    text = "".join(pieces)
    found = read_tags(text)
    ends = 0
    for tag in found.tags:
        assert text[tag.start : tag.start + len(tag.written)] == tag.written
        assert tag.start >= ends
        ends = tag.start + len(tag.written)
