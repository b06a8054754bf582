"""A comment of a merge request shows what was typed as it is, and is never too long."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reportgen.features.diff.renderers import MOST_CHARACTERS, as_markdown
from reportgen.features.diff.summary import ComparisonSummary, SummaryGroup, SummaryRow
from reportgen.features.diff.words import WORDS
from reportgen.language.text_differences import ChangedSentence
from repository import ACCOUNTS
from small_project import reportgen

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
SNIPPETS = [
    *("<b>x</b>", "<!--", "|", "\\", "`", "*a*", "__a__", "~~a~~", "[a](b)", "![a](b)", "&lt;"),
    *("# a", "- a", "+ a", "1. a", "12345) a", "===", "---", "> a", "    a", "```", "a\nb", "\r"),
    *("@someone", "#12", "!3", "https://example.org/x", "www.example.org", "GH-1", "a@b.cn"),
    *("\x00", "\u2028", "$x$", "甲", "12.5万元", "（一）", " ", "100%"),
]
TEXTS = st.lists(st.sampled_from(SNIPPETS), min_size=1, max_size=4).map("".join)


def summaries(texts, count=1):
    """Return comparisons that hold some texts everywhere that one can stand."""
    a, b, c = texts
    row = SummaryRow(a, b, c, a, b, c, a, b, explain=False)
    groups = (
        SummaryGroup("数", (row,) * count),
        SummaryGroup("旧", (row,), plain=True),
        SummaryGroup("问题", (SummaryRow(a, "", ""),), plain=True, told=True),
    )
    line = ChangedSentence(a, f"{a}{b}", f"{a}{c}")
    return [ComparisonSummary(a, b, c, a, groups, (line,), (b,))]


def seen(text):
    """Return the text that a reader sees of one that was typed."""
    shown = re.sub(r"\s+", " ", text).strip()
    return "".join(f"<U+{ord(c):04X}>" if c == "\u200b" else c for c in shown).replace("\x00", "␀")


@settings(max_examples=150, deadline=None)
@given(st.tuples(TEXTS, TEXTS, TEXTS))
def test_what_is_typed_becomes_no_markup(texts):
    cells, tags = [], []
    for token in READER.parse(as_markdown(summaries(texts), "zh")):
        assert token.type not in {"fence", "code_block", "hr", "ordered_list_open"}
        if token.type == "html_block":
            tags += re.findall(r"<[^>]*>", token.content)
        for child in token.children or ():
            assert child.type in {"text", "text_special", "html_inline", "softbreak"}, child
            tags += [child.content] if child.type == "html_inline" else []
        if token.type == "inline":
            plain = (c.content for c in token.children if c.type != "html_inline")
            cells.append("".join(plain).replace("\u200b", ""))
    assert set(tags) <= {
        *("<details>", "</details>", "<summary>", "</summary>"),
        *("<del>", "</del>", "<ins>", "</ins>", "<br>"),
    }
    for text in texts:
        assert seen(text) in cells or not seen(text)


@settings(max_examples=50, deadline=None)
@given(TEXTS)
def test_nobody_is_called_and_nothing_linked(text):
    shown = as_markdown(summaries((text, text, text)), "zh")
    assert not re.search(r"@\w|#\d|!\d|://|www\.|GH-\d", shown.replace("&#8203;", "\u200b"))


@pytest.mark.parametrize(("rows", "reports"), [(5000, 1), (1, 500), (40, 60)])
def test_a_comment_is_never_too_long_and_counts_what_it_leaves_out(rows, reports):
    long = "".join(map(chr, range(0x4E00, 0x4E00 + 900)))
    many = summaries((long, long[::2], long[::3]), rows) * reports
    text = as_markdown(many, "zh", same=3, failed=["x"] * 500)
    assert len(text) <= MOST_CHARACTERS < 65_536
    left = [int(n) for n in re.findall(r"另有 (\d+) (?:行|份)", text)]
    assert left and max(left) > 0
    assert text.count("<details>") == text.count("</details>")


def markdown(repository, *words):
    options = ["--root", repository.root, "--lang", "zh", "--output-format", "markdown"]
    return reportgen("diff", *options, *words)


def test_nothing_changed_is_said(repository):
    assert markdown(repository).out.strip() == WORDS["zh"]["same_one"].format(count=1)


def test_findings_and_disclosures_that_are_new_or_gone_are_listed(repository):
    unit = "data/bureau/unit.yaml"
    text = repository.text(unit)
    repository.write(
        unit, f"{text}\ndisclosure:\n  withhold:\n    - {{key: staffing.actual, reason: 试行}}\n"
    )
    repository.replace(ACCOUNTS, "280.75", "280.75   # 待确认")
    out = markdown(repository).out
    told = WORDS["zh"]
    assert f"### {told['new_findings']} (1)" in out and "Y101" in out
    assert f"### {told['new_kept']} (1)" in out and "不公开 staffing.actual（试行）" in out.replace(
        "\\", ""
    )
    repository.commit("Withhold")
    repository.write(unit, text)
    out = markdown(repository).out
    assert f"### {told['gone_kept']} (1)" in out
    assert told["new_findings"] not in out
    assert (
        "不公开 staffing.actual" in reportgen("diff", "--root", repository.root, "--lang", "zh").out
    )


def test_a_report_that_cannot_be_worked_out_is_told_in_the_comment(repository):
    repository.replace(ACCOUNTS, "280.75", "280.75个")
    done = markdown(repository)
    assert done.code == 1
    assert WORDS["zh"]["not_compared"] in done.out and "G118" in done.out
