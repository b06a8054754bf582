from __future__ import annotations

import io
from dataclasses import replace

import pytest
from finished import DOCUMENT, made
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from planted import disclosed, in_page, search

from reportgen.language.folding import BORDER
from reportgen.model.disclosed import Secret
from reportgen.model.document import Paragraph, Text
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


PLACES = "东南西北中上下左右前后内外春夏秋冬"


def every_class():
    """Yield for each class a name of its own, and the first and the last way to write it."""
    for place, (label, write) in zip(PLACES, WAYS.items(), strict=False):
        name = f"湖南{place}民农业发展有限公司"
        texts = list(write(name))
        yield name, [text.replace("\u2009", " ") for text in (texts[0], texts[-1])], label


def told_in(name, data):
    secrets = [name_secret(name) for name, _, _ in every_class()]
    return {each.subject for each in search(name, data, disclosed(*secrets))}


@pytest.mark.parametrize("kind", ["docx", "html", "pdf"])
def test_every_class_is_found_in_every_format(kind):
    lines = []
    for _, texts, _ in every_class():
        for piece in BORDER.join(texts).split(BORDER):
            lines += [Paragraph((Text(line),)) for line in piece.split("\n")]
    document = replace(DOCUMENT, blocks=(*DOCUMENT.blocks, *lines), audience="public")
    for name, data in made(document, kind).items():
        missed = {name for name, _, _ in every_class()} - told_in(name, data)
        assert missed == set(), name


def test_every_class_is_found_in_a_workbook():
    book = Workbook()
    for row, (_, texts, _) in enumerate(every_class(), 1):
        for column, piece in enumerate(BORDER.join(texts).split(BORDER), 1):
            book.active.cell(row, column, piece)
    data = io.BytesIO()
    book.save(data)
    assert told_in("xlsx", data.getvalue()) >= {name for name, _, _ in every_class()}


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
