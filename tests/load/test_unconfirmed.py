"""What comments of data files say, beside that something is to be filled in."""

from __future__ import annotations

import pytest

from reportgen.load.unconfirmed import FileComments, plain_remark, unit_to_fill
from reportgen.model.source import SourceSpan

TEXT = """\
# yaml-language-server: $schema=x
# 资金，单位万元。 待确认
funds:   # 各行（次序与表一致）
  # 一、业务
  # 市级的
  - {id: a, outturn: }   # 含春运 待填（万元）
  - id: b   # 甲
    outturn: 3   # 乙
"""


@pytest.fixture
def comments():
    return FileComments({"f.yaml": TEXT})


def test_a_file_says_of_itself_what_its_first_lines_say(comments):
    assert comments.about(["f.yaml", ""]) == "资金，单位万元。"


def test_the_lines_above_a_row_are_its_heading_and_those_of_the_file_are_none(comments):
    assert comments.above(SourceSpan("f.yaml", 6, 5)) == "一、业务；市级的"
    assert comments.above(SourceSpan("f.yaml", 3, 1)) == ""
    assert comments.above(None) == ""


def test_what_stands_at_the_ends_of_the_lines_of_a_row_is_told_as_it_is(comments):
    spans = [SourceSpan("f.yaml", 7, 5, 7, 10), SourceSpan("f.yaml", 8, 14, 8, 15)]
    assert comments.beside(spans) == "甲；乙"
    assert comments.beside([SourceSpan("f.yaml", 6, 5, 6, 24)]) == "含春运 待填（万元）"


def test_the_line_of_a_key_says_what_it_is(comments):
    assert comments.of_key("f.yaml", "funds") == "各行（次序与表一致）"
    assert comments.of_key("f.yaml", "goals") == ""


@pytest.mark.parametrize(
    ("remark", "plain", "unit"),
    [
        ("# 待填（万元）", "", "万元"),
        ("含春运 待确认、待填", "含春运", ""),
        ("待填写的表", "待填写的表", ""),
    ],
)
def test_marks_are_no_part_of_a_remark_and_may_name_a_unit(remark, plain, unit):
    assert plain_remark(remark) == plain
    assert unit_to_fill(remark) == unit
