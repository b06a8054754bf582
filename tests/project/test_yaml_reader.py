from __future__ import annotations

import pytest

from reportgen.model import limits
from reportgen.project.yaml_nodes import Mapping, Scalar, Sequence
from reportgen.project.yaml_reader import read_yaml


def codes_and_places(text):
    return [(f.code, f.span.line, f.span.column) for f in read_yaml("a.yaml", text)[1]]


def value(text, key="a"):
    node, findings = read_yaml("a.yaml", text)
    assert findings == ()
    return next(entry.value for entry in node.entries if entry.key == key)


@pytest.mark.parametrize(
    "text", ["1234.50", "1_000", "0x10", "010", "1e3", "NO", "12:30:45", "2024-06-28", "=", "<<"]
)
def test_scalar_keeps_its_digits_and_letters(text):
    assert value(f"a: {text}") == Scalar(text, value(f"a: {text}").span)


def test_every_key_and_value_knows_its_place():
    node, _ = read_yaml("d.yaml", "甲:\n  - 乙: 丙丁\n")
    assert isinstance(node, Mapping)
    outer = node.entries[0]
    assert str(outer.span) == "d.yaml:1:1"
    assert isinstance(outer.value, Sequence)
    inner = outer.value.items[0].entries[0]
    assert (inner.key, str(inner.span), str(inner.value.span)) == ("乙", "d.yaml:2:5", "d.yaml:2:8")
    assert inner.value.span.end_column == 10


@pytest.mark.parametrize("quoted", ["'甲'", '"甲"', "|\n  甲", ">-\n  甲"])
def test_quoted_values_are_told_from_plain_ones(quoted):
    assert not value(f"a: {quoted}").plain


@pytest.mark.parametrize("text", ["", "\n", "# 注释\n", "---\n", "--- # 注释\n...\n"])
def test_nothing_is_an_empty_file(text):
    assert codes_and_places(text) == [("L104", 1, 1)]


def test_one_document_may_have_its_marks():
    assert value("%YAML 1.1\n---\na: 1\n...\n").text == "1"


def test_second_document_is_refused():
    assert codes_and_places("a: 1\n---\nb: 2\n") == [("L107", 2, 1)]


def test_duplicate_keys_are_told_with_both_places():
    node, (found,) = read_yaml("a.yaml", "a: 1\nb: 2\na: 3\n")
    assert [(p.span.line, p.span.column) for p in found.places] == [(3, 1), (1, 1)]
    assert found.code == "L110"
    assert [entry.key for entry in node.entries] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "column"), [("a: &x 1", 4), ("a: *x", 4), ("&x a: 1", 1), ("a: [*x, 1]", 5), ("&x", 1)]
)
def test_anchors_and_aliases_are_refused(text, column):
    assert codes_and_places(text) == [("L108", 1, column)]


@pytest.mark.parametrize(
    ("text", "tag"),
    [("a: !x 1", "!x"), ("a: !!str 1", "!!str"), ("a: ! 1", "!"), ("a: !!int 'x'", "!!int")],
)
def test_tags_are_refused(text, tag):
    (found,) = read_yaml("a.yaml", text)[1]
    assert (found.code, found.params["tag"], found.span.column) == ("L122", tag, 4)


def test_deepest_nesting_is_read_and_one_more_refused():
    assert codes_and_places("[" * limits.YAML_DEPTH + "]" * limits.YAML_DEPTH) == []
    assert codes_and_places("[" * (limits.YAML_DEPTH + 2) + "]" * (limits.YAML_DEPTH + 2)) == [
        ("L109", 1, limits.YAML_DEPTH + 2)
    ]


@pytest.mark.parametrize("text", ["[" * 200_000, "{a: " * 200_000, "- " * 200_000, "? " * 200_000])
def test_depth_cannot_overflow_the_stack(text):
    assert [code for code, *_ in codes_and_places(text)] == ["L109"]


@pytest.mark.parametrize(
    ("text", "code", "column", "found"),
    [
        ("a: {{ x }}", "L120", 4, "{{"),
        ("a: {{ x }}元", "L120", 4, "{{"),
        ("[a]: 1", "L118", 1, "["),
        ("? {a: 1}\n: 2", "L118", 3, "{"),
    ],
)
def test_lists_and_groups_are_no_keys(text, code, column, found):
    (each,) = read_yaml("a.yaml", text)[1]
    assert (each.code, each.span.column, each.params["found"]) == (code, column, found)


@pytest.mark.parametrize(
    ("text", "column", "comment"),
    [("a: 3 #楼", 6, "#楼"), ("a: #3", 4, "#3"), ("- a #b c", 5, "#b c"), ("[a, b #c\n]", 7, "#c")],
)
def test_glued_comment_is_a_warning(text, column, comment):
    (found,) = read_yaml("a.yaml", text)[1]
    assert (found.code, found.severity) == ("L123", "warning")
    assert (found.span.column, found.params["comment"]) == (column, comment)


@pytest.mark.parametrize(
    "text", ["a: 3 # 楼", "a: C#语言", "a: '3 #楼'", "#甲\na: 1", "a: 1 #", "a: 1  ##"]
)
def test_comments_set_apart_and_marks_inside_values_are_not(text):
    assert [code for code, *_ in codes_and_places(text)] in ([], ["L123"] * text.endswith("##"))


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a: 甲\n  乙", "L129", 2, 3),
        ("a:\n  甲\n\n  乙", "L129", 4, 3),
        ("a:\n  - 甲\n    - 乙", "L129", 3, 5),
        ("a:\n  - 甲\n    乙：丙", "L114", 3, 6),
        ("a:\n  - 甲\n    乙:丙", "L115", 3, 6),
        ("a: 甲\n  \u00a0", "L125", 2, 3),
    ],
)
def test_lines_that_run_together_are_refused(text, code, line, column):
    assert codes_and_places(text) == [(code, line, column)]


@pytest.mark.parametrize("text", ["a: |\n  甲\n  乙\n", "a: '甲\n  乙'\n", "a: [甲,\n  乙]\n"])
def test_lines_that_are_meant_together_are_read(text):
    assert codes_and_places(text) == []


@pytest.mark.parametrize(("text", "codes"), [("a: -甲", ["L130"]), ("a: -1", []), ("a: --", [])])
def test_dash_glued_to_a_word_is_refused(text, codes):
    assert [code for code, *_ in codes_and_places(text)] == codes


@pytest.mark.parametrize(("text", "place"), [("a: \x07", (1, 4)), ("甲: 1\n乙: \x00", (2, 4))])
def test_control_character_has_its_place(text, place):
    assert codes_and_places(text) == [("L105", *place)]


def test_findings_before_a_syntax_error_are_kept():
    assert codes_and_places("a: 1\na: 2\nb: '") == [("L110", 2, 1), ("L116", 3, 4)]
