from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.compose.errors import TemplateError
from reportgen.compose.tokens import Tokens, refused_character
from reportgen.model.document import Break, Table, Text, Value

FORM = Table("f", "名", (1,), ())


def test_tokens_are_replaced_in_their_places():
    tokens = Tokens()
    one, two = tokens.of((Value("1", "1"),)), tokens.of((Text("二"), Break(), Text("三")))
    expected = (Text("甲"), Value("1", "1"), Text("乙"), Text("二"), Break(), Text("三"))
    assert tokens.inlines(f"甲{one}乙{two}") == expected
    assert tokens.inlines(f"{one}{one}") == (Value("1", "1"), Value("1", "1"))
    assert tokens.inlines("") == ()


def test_text_of_tokens_is_what_they_print():
    tokens = Tokens()
    assert tokens.text(f"甲{tokens.of((Value('1', '1'), Break(), Text('<b>')))}") == "甲1\n<b>"


def test_token_of_nothing_prints_nothing():
    tokens = Tokens()
    assert tokens.inlines(f"甲{tokens.of(())}") == (Text("甲"),)


def test_tables_stand_alone():
    tokens = Tokens()
    token = tokens.of((FORM, FORM))
    assert tokens.form(f" {token}\n") == (FORM, FORM)
    assert tokens.form(f"甲{token}") == ()
    assert tokens.form(tokens.of((Text("甲"),))) == ()
    assert tokens.form("甲") == ()


def test_form_in_a_sentence_is_refused_and_not_lost():
    tokens = Tokens()
    with pytest.raises(TemplateError) as caught:
        tokens.inlines(f"甲{tokens.of((FORM,))}")
    assert (caught.value.code, caught.value.params) == ("T117", {"form": "f"})


@given(st.lists(st.text(max_size=5), max_size=5))
def test_what_a_token_stands_for_is_never_read_again(texts):
    tokens = Tokens()
    page = "".join(tokens.of((Text(text),)) for text in texts)
    assert tokens.inlines(page) == tuple(Text(text) for text in texts)


@pytest.mark.parametrize(
    ("text", "at"),
    [("甲\n\t乙", -1), ("甲\ue000", 1), ("\x00", 0), ("甲乙\x85", 2), ("\u2029", 0), ("é𠮷", -1)],
)
def test_characters_that_templates_may_not_hold(text, at):
    assert refused_character(text) == at
