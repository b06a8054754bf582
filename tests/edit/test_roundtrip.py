from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.edit.roundtrip import parse, unparse

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((*ROOT.glob("data/**/*.yaml"), *ROOT.glob("templates/**/*.yaml")))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_of_the_project_comes_back_as_it_was(path):
    text = path.read_text("utf-8")
    assert unparse(parse(text)) == text


TEXT = """\
# 首行
a: 1.50   # 位数
日期: 2024-06-28
b: {x: , y: "001", z: 1234.50}   # 空

c:
  - 是
  # 中间
  - 甲：乙
d: 'x'
# 末行
"""


def test_scalars_are_text_and_blanks_nothing():
    tree = parse(TEXT)
    assert tree["a"] == "1.50"
    assert tree["日期"] == "2024-06-28"
    assert tree["b"]["x"] is None
    assert tree["c"] == ["是", "甲：乙"]


def test_one_changed_value_changes_one_line_and_its_comment_stays_in_column():
    tree = parse(TEXT)
    tree["b"]["x"] = "7"
    assert unparse(tree) == TEXT.replace("{x: ,", "{x: 7,").replace("}   # 空", "}  # 空")


@given(
    st.dictionaries(
        st.from_regex("[a-z]{1,5}", fullmatch=True), st.text("019.-~# :x是", max_size=6)
    )
)
def test_any_text_written_is_read_back(values):
    assert dict(parse(unparse(values)) or {}) == values
