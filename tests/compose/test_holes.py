"""What a public version withholds leaves empty cells, and never a hole in a sentence (D114)."""

from __future__ import annotations

import pytest

from reportgen.model.locations import located_texts as texts
from small_project import DATA, HOME, NARRATIVE, SmallProject, spots

WITHHELD = "disclosure:\n  withhold:\n    - {key: 工业投资, reason: 测试}\n"
MASKED = "disclosure:\n  mask:\n    - {key: 工业投资, shown: 若干, reason: 测试}\n"
PLACE = f"{NARRATIVE}/spending.md"


@pytest.fixture
def small(tmp_path):
    return SmallProject.copied(tmp_path / "project")


@pytest.fixture
def public(small):
    def drafted(narrative: str, policy: str = WITHHELD):
        """Return the public draft whose section 支出情况 is `narrative`."""
        small.replace(f"{NARRATIVE}/results.md", "完成工业投资{{ 工业投资 }}，", "")
        small.write(f"{DATA}/disclosure.yaml", policy)
        small.write(PLACE, narrative)
        return small.draft(audience="public")

    return drafted


def told(outcome):
    return [code_and_place[:3] for code_and_place in spots(outcome.findings)]


def said(outcome):
    return [spot.text for spot in texts(outcome.document)]


@pytest.mark.parametrize(
    "narrative",
    [
        "完成{{ 工业投资 }}。\n",
        "完成{{ 工业投资 | number }}。\n",
        "1. 完成{{ 工业投资 }}。\n",
        "### 完成{{ 工业投资 }}\n",
        "**完成{{ 工业投资 }}**。\n",
        "由{{ report.preparer.name }}填报。\n",
        "于{{ report.preparer.date | day }}填报。\n",
    ],
)
def test_a_sentence_that_prints_what_is_withheld_is_an_error_at_its_line(public, narrative):
    assert told(public(narrative)) == [("D114", PLACE, 1)]


@pytest.mark.parametrize(
    "condition", ["工业投资 is zero", "工业投资 is positive", '工业投资 == "4.5亿元"']
)
def test_what_is_withheld_decides_nothing(public, condition):
    narrative = f"{{% if {condition} %}}甲{{% else %}}乙{{% endif %}}。\n"
    assert told(public(narrative)) == [("D114", PLACE, 1)]


@pytest.mark.parametrize(
    ("narrative", "printed"),
    [
        ("{% if 工业投资 is blank %}略。{% else %}完成{{ 工业投资 }}。{% endif %}\n", "略。"),
        ('分别为{{ [工业投资, 新增企业] | join("、") }}。\n', "分别为3家。"),
        ("{{ 工业投资 }}\n\n其余从略。\n", "其余从略。"),
    ],
)
def test_a_sentence_that_provides_for_a_blank_is_whole(public, narrative, printed):
    outcome = public(narrative)
    assert told(outcome) == []
    assert printed in said(outcome)


def test_a_note_below_a_table_is_filled_in_like_a_form(public):
    outcome = public("> 填表人：{{ report.preparer.name }}\n")
    assert told(outcome) == []
    assert "填表人：" in said(outcome)


def test_words_in_the_place_of_a_figure_are_printed_and_are_no_blank(public):
    narrative = "{% if 工业投资 is blank %}略{% else %}完成{{ 工业投资 }}{% endif %}。\n"
    outcome = public(narrative, MASKED)
    assert told(outcome) == []
    assert "完成若干。" in said(outcome)


def test_words_in_the_place_of_a_figure_do_not_tell_its_sign(public):
    narrative = "{% if 工业投资 is positive %}有{% endif %}。\n"
    assert told(public(narrative, MASKED)) == [("D114", PLACE, 1)]


def test_figure_worked_out_from_what_is_withheld_is_told_with_its_cause(small, public):
    metric = "  投资两倍: {title: 投资两倍, formula: 工业投资 * 2, unit: 亿元}\n"
    small.replace(f"{HOME}/report.yaml", "metrics:\n", f"metrics:\n{metric}")
    outcome = public("翻一番为{{ 投资两倍 }}。\n")
    assert told(outcome) == [("D121", PLACE, 1)]
    (found,) = [each for each in outcome.findings if each.code == "D121"]
    assert (found.params["key"], found.params["cause"]) == ("投资两倍", "工业投资")
    # Whoever reads its double knows it, so that it cannot be released; a mask was tried and does.
    assert (found.params["release_lines"], found.params["mask_lines"]) == (
        "@in_vain",
        "@nothing_more",
    )
    release = "  release:\n    - {key: 投资两倍, reason: 可以公开}\n"
    small.write(f"{DATA}/disclosure.yaml", WITHHELD + release)
    assert [code for code, *_ in spots(small.draft(audience="public").findings)] == ["D160"]


def test_only_the_audience_that_is_not_told_gets_no_sentence(small):
    small.write(f"{DATA}/disclosure.yaml", WITHHELD)
    assert not small.draft(audience="submit").failed
    assert [f.code for f in small.draft(audience="public").findings if f.code == "D114"] == ["D114"]
