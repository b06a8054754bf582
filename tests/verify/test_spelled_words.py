from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import in_page

from reportgen.model.disclosed import Secret
from reportgen.model.source import NOWHERE
from spelled_words import LATIN, LATIN_WAYS, NAMES, WAYS, trials
from spellings import leaks_in, spellings


def name_secret(name):
    return Secret(name, "名称", name, NOWHERE)


@settings(max_examples=200, deadline=None)
@given(spellings(WAYS, st.sampled_from(NAMES)), st.sampled_from(["", "由", "承办："]))
def test_name_is_found_however_it_is_written(drawn, before):
    name, spelling = drawn
    text = f"{before}{spelling.text}实施。"
    assert leaks_in(text, name_secret(name)) == {name}, spelling.label


@settings(max_examples=100, deadline=None)
@given(spellings(LATIN_WAYS, st.sampled_from(LATIN)))
def test_latin_name_is_found_however_it_is_written(drawn):
    name, spelling = drawn
    assert leaks_in(f"承担{spelling.text}任务", name_secret(name)) == {name}, spelling.label


def test_every_way_of_every_name_is_found():
    missed = [spelling for secret, spelling in trials() if not leaks_in(spelling.text, secret)]
    assert missed == []


@pytest.mark.parametrize(
    "written", ["军⺠融合", "軍民融合", "军·民融合", "军<b>民</b>融合", "军民\u200b融合"]
)
def test_name_is_found_in_a_page(written):
    assert in_page(written, "军民融合") == {"军民融合"}


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("王伟", "国王，伟大的"),
        ("王伟", "王大伟"),
        ("JMRH", "AJMRHB"),
        ("2230000", "2,230,000元"),
        ("2230000", "223年0000"),
        ("2230000", "92230000"),
        ("AB12-3456", "AB12-34567"),
        ("AB12-3456", "XAB12-3456"),
        ("C919", "C9190"),
        ("2024-06-25", "共20246人、25户"),
        ("2024-06-25", "2024年62人5户"),
    ],
)
def test_other_words_are_no_hit(name, written):
    assert leaks_in(written, name_secret(name)) == set()
