from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logged import logged
from node_values import plain
from reportgen.load import formatting
from reportgen.load.formatting import LONGEST, tidy_prose
from reportgen.model.source import SourceSpan
from reportgen.project.yaml_reader import read_yaml

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((*ROOT.glob("data/**/*.yaml"), *ROOT.glob("templates/**/*.yaml")))
YEAR = "data/x/2023/a.yaml"
HEAD = "# yaml-language-server: $schema=../../../templates/shared/schemas/year.schema.json\n"


def formatted(path, text, quantities=()):
    return logged(formatting.formatted, path, text, quantities)


def usual(text, path=YEAR, *places):
    result, findings = formatted(path, text, [SourceSpan(path, *place) for place in places])
    assert not findings
    return result.removeprefix(HEAD)


def content(text):
    """Return what `text` says, as keys and texts, whatever its order."""
    return repr(sorted(flat(plain(read_yaml("x", text)[0]), "")))


def flat(value, key):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from flat(inner, f"{key}.{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from flat(inner, f"{key}[{number}]")
    else:
        yield key, value.text, value.plain


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_changes_but_the_form_and_only_once(path):
    text = path.read_text("utf-8")
    name = path.relative_to(ROOT).as_posix()
    once, findings = formatted(name, text)
    assert not findings
    assert content(once) == content(text)
    assert sorted(comments(once)) == sorted(comments(text))
    assert formatted(name, once)[0] == once


def comments(text):
    lines = text.splitlines()
    return [line.split("#", 1)[1] for line in lines if "#" in line and "$schema" not in line]


def test_keys_of_a_group_stand_in_the_order_of_the_schema_with_their_comments():
    text = (
        "staffing:\n  # 实有\n  # 两行\n  actual: 92人   # 年末\n\n  quota: 95人   # 编制\n\n"
        "facts:\n  b: 1\n  a: 2\n"
    )
    assert usual(text) == (
        "staffing:\n\n  quota: 95人   # 编制\n  # 实有\n  # 两行\n  actual: 92人   # 年末\n\n"
        "facts:\n  b: 1\n  a: 2\n"
    )


def test_entries_of_a_list_keep_their_dash_and_comments_stand_above_it():
    text = "funds:\n  # 首\n  - name: 甲\n    # 标识\n    id: a\n    source: 市\n    category: 类\n"
    assert usual(text) == (
        "funds:\n  # 首\n  # 标识\n  - id: a\n    name: 甲\n    category: 类\n    source: 市\n"
    )


def test_rows_in_braces_are_put_in_order_and_blanks_stay_blank():
    text = "funds:\n  - {outturn: , name: 甲, id: a, source: 市级, category: 类}   # 注\n"
    assert usual(text) == (
        "funds:\n  - {id: a, name: 甲, category: 类, source: 市级, outturn: }   # 注\n"
    )


def test_rows_within_a_row_are_put_in_order_too():
    text = "funds:\n  - {own: [{y: 1 ,x: {b: 2,a: }},3 ], id: a,name: 甲 }\n"
    assert usual(text) == "funds:\n  - {id: a, name: 甲, own: [{y: 1, x: {b: 2, a: }},3 ]}\n"


def test_rows_of_a_list_in_brackets_and_groups_in_braces_on_several_lines():
    text = "funds: [{name: 甲, id: a},{name: 乙 , id: b}]\nstaffing: {actual: 1,\n  quota: 2}\n"
    assert usual(text) == (
        "funds: [{id: a, name: 甲},{id: b, name: 乙}]\nstaffing: {actual: 1,\n  quota: 2}\n"
    )


def test_a_long_row_becomes_one_fact_a_line_under_its_comment():
    name = "甲" * (LONGEST // 2)
    text = f"funds:\n  - {{id: a, name: {name}, category: 类, source: 市级, outturn: }}   # 注\n"
    assert usual(text) == (
        f"funds:\n  # 注\n  - id: a\n    name: {name}\n    category: 类\n    source: 市级\n"
        "    outturn:\n"
    )


def test_groups_within_groups_are_ordered_each_by_itself():
    text = (
        "funds:\n  - name: 甲\n    own:\n      # 二\n      b: 2\n      a: 1\n    id: a\n"
        "operating:\n  office:\n    outturn: 2\n    # 上年\n    initial: 0\n"
        "  total:\n    budget: 1\n"
    )
    assert usual(text) == (
        "funds:\n  - id: a\n    name: 甲\n    own:\n      # 二\n      b: 2\n      a: 1\n"
        "operating:\n  total:\n    budget: 1\n"
        "  office:\n    # 上年\n    initial: 0\n    outturn: 2\n"
    )


def test_amounts_are_written_one_way_and_nothing_else_is():
    text = "facts:\n  a: １２．００ 万元\n  b: １２ 号\n  c: 约 80余次\n  d: '２'\n"
    assert usual(text, YEAR, (2, 6), (4, 6)) == (
        "facts:\n  a: 12.00万元\n  b: １２ 号\n  c: 约80余次\n  d: '２'\n"
    )


def test_white_space_and_blank_lines():
    assert usual("a_: 1  \n\n\n\nb_: 2\n\n\n") == "a_: 1\n\nb_: 2\n"
    assert tidy_prose("\n一。  \n\n\n二。\n\n") == "一。\n\n\n二。\n"


def test_a_file_with_errors_stays_as_it_is():
    text = "a: [1\n"
    result, findings = formatted(YEAR, text)
    assert result == text
    assert findings


def test_an_old_modeline_is_replaced_and_other_files_have_none():
    assert formatted(YEAR, "# yaml-language-server: $schema=x\na_: 1\n")[0] == HEAD + "a_: 1\n"
    assert formatted("other.yaml", "a: 1\n")[0] == "a: 1\n"


KEYS = st.sampled_from(["quota", "actual", "编制数", "在职人数"])
VALUES = st.sampled_from(["95人", "", "'x'", '"#"', "甲：乙", "{{ a }}x"])


@given(st.dictionaries(KEYS, VALUES, min_size=1), st.booleans())
def test_any_group_keeps_what_it_says(group, braces):
    if braces:
        inner = "{" + ", ".join(f"{k}: {v}" for k, v in group.items()) + "}"
        text = f"staffing: {inner}\n"
    else:
        text = "staffing:\n" + "".join(f"  # {k}\n  {k}: {v}   # 后\n" for k, v in group.items())
    once, findings = formatted(YEAR, text)
    if not findings:
        assert content(once) == content(text)
        assert formatted(YEAR, once)[0] == once
