"""Rules of plain numbers say first what they begin with, and leave nothing out by that."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.language.plain_numbers import RULES

_BEGINNING = re.compile(r"\(\?=\[?[^\])]+\]?\)")
_HASTY = [rule for rule in RULES if _BEGINNING.match(rule.pattern.pattern)]


def test_some_rules_say_what_they_begin_with():
    assert {"clock", "rank", "threshold"} <= {rule.id for rule in _HASTY}


@pytest.mark.parametrize("rule", _HASTY, ids=lambda rule: rule.id)
@settings(max_examples=200, deadline=None)
@given(st.data())
def test_what_a_rule_begins_with_leaves_nothing_out(rule, data):
    pattern = rule.pattern.pattern
    anywhere = re.compile(_BEGINNING.sub("", pattern, count=1), re.MULTILINE)
    characters = sorted({*re.sub(r"\\.", "", pattern), *"0123456789 \n"})
    text = data.draw(st.text(st.sampled_from(characters), max_size=20))
    found = [match.span() for match in rule.pattern.finditer(text)]
    assert found == [match.span() for match in anywhere.finditer(text)]
