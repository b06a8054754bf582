"""A fragment becomes the text of a page: a level lower, without its title, for the keyboard too."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.features.site.fragments import page_text, sheet_title

FRAGMENT = """<div><h1 style="text-align:center">标题<br>第二行</h1>
<p>前言</p>
<h2 style="x">一、<span>概况</span> &amp; 其他</h2>
<h3>（一）机构</h3>
<h6>最低</h6>
<h2>二、预算</h2>
<div style="overflow-x:auto;margin:1em 0"><table><caption>表&lt;一&gt;</caption></table></div>
</div>
"""


def test_title_goes_and_headings_stand_a_level_lower():
    text = page_text(FRAGMENT)
    assert "标题" not in text.html
    assert re.findall(r"<(h[1-6])", text.html) == ["h3", "h4", "h6", "h3"]
    assert re.findall(r"</(h[1-6])", text.html) == ["h3", "h4", "h6", "h3"]


def test_chapters_lead_to_their_places():
    text = page_text(FRAGMENT)
    assert text.chapters == (("text-1", "一、概况 & 其他"), ("text-2", "二、预算"))
    for place, _ in text.chapters:
        assert text.html.count(f'id="{place}"') == 1


def test_what_scrolls_can_be_reached_by_the_keyboard():
    assert '<div role="group" tabindex="0" aria-label=' in page_text(FRAGMENT).html


def test_sheet_is_called_by_its_first_table():
    assert sheet_title(FRAGMENT) == "表<一>"
    assert sheet_title("<div><h1>无表</h1></div>") == ""


@settings(max_examples=100, deadline=None)
@given(levels=st.lists(st.integers(2, 6), max_size=12))
def test_no_word_is_lost(levels):
    headings = "".join(f"<h{level}>第{n}节</h{level}>" for n, level in enumerate(levels))
    text = page_text(f"<div><h1>标题</h1>{headings}<p>正文</p></div>")
    words = re.sub(r"<[^>]*>", " ", text.html).split()
    assert words == [*(f"第{n}节" for n in range(len(levels))), "正文"]
    assert len(text.chapters) == levels.count(2)
