from __future__ import annotations

import pytest

from small_project import DATA, NARRATIVE, PACK, spots

ALL = ("docx", "html", "pdf")


def told(small, code="W102", formats=ALL):
    """Return the places of each finding of `code` when the report is checked."""
    findings = small.draft(formats=formats).findings
    return [[str(each.span) for each in found.places] for found in findings if found.code == code]


def place(small, path, char, number=0):
    """Return the `number`th place of `char` in a file, counted over lines and columns."""
    text = small.text(path)
    at = -1
    for _ in range(number + 1):
        at = text.index(char, at + 1)
    return f"{path}:{text.count(chr(10), 0, at) + 1}:{at - text.rfind(chr(10), 0, at)}"


def test_character_is_told_wherever_a_narrative_has_it(small):
    path = f"{NARRATIVE}/results.md"
    small.write(path, small.text(path) + "\n另有😀的，\n和😀的，还有㛃字。\n")
    assert told(small) == [[place(small, path, "😀"), place(small, path, "😀", 1)]]
    assert told(small, "W108") == [[place(small, path, "㛃")]]


FACTS = [
    ("data/bureau/unit.yaml", "name: 示例市示例局", "name: 示例市😀示例局"),
    (f"{DATA}/funds.yaml", "业务培训", "业务😀培训"),
    ("data/bureau/unit.yaml", "- 拟订本行业规划并组织实施。", "- |\n    拟订。\n    组织😀实施。"),
]


@pytest.mark.parametrize(("path", "old", "new"), FACTS)
def test_character_is_told_where_a_fact_has_it(small, path, old, new):
    small.replace(path, old, new)
    assert told(small) == [[place(small, path, "😀")]]


def test_character_is_told_where_the_pack_has_it(small):
    small.replace(f"{PACK}/pack.yaml", "title: 绩效情况,", "\n   # 😀\n   title: 绩效😀情况,")
    small.replace(f"{PACK}/forms/overview.html", ">项目支出<", "><!-- 😃 -->项目😃支出<")
    path = f"{PACK}/forms/overview.html"
    assert told(small) == [
        [place(small, path, "😃", 1)],
        [place(small, f"{PACK}/pack.yaml", "😀", 1)],
    ]


def test_character_that_is_written_as_an_escape_is_told_where_it_is_printed(small):
    path = f"{PACK}/forms/overview.html"
    small.replace(path, ">项目支出<", ">项目&#x1F600;支出<")
    assert told(small) == [[f"{path}:1:1"]]
    small.replace("data/bureau/unit.yaml", "name: 示例市示例局", r'name: "示例\U0001F601局"')
    assert ["data/bureau/unit.yaml:2:8"] in told(small)


def test_character_in_a_fact_that_nothing_prints_is_not_told(small):
    path = f"{DATA}/facts.yaml"
    small.write(path, small.text(path) + "# 😀\n")
    assert told(small) == []


def test_character_that_no_font_shows_keeps_a_pdf_from_being_made_and_nothing_else(small):
    path = f"{NARRATIVE}/results.md"
    small.write(path, small.text(path) + "\n另有😀。\n")
    found = small.build(formats=("html", "pdf")).findings
    spot = ("W102", *place(small, path, "😀").rsplit(":", 2)[:1])
    assert [each[:2] for each in spots(found)] == [spot]
    assert spots(small.build(formats=("html",)).findings) == []


def test_rare_character_is_printed_in_all_formats(small):
    path = f"{NARRATIVE}/results.md"
    small.write(path, small.text(path) + "\n由𠮷某和㛃某负责。\n")
    assert spots(small.build(formats=ALL).findings) == []
