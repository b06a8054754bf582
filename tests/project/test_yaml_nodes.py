from __future__ import annotations

import pytest

from reportgen.model.source import SourceSpan
from reportgen.project.yaml_nodes import Scalar, at, find, find_key, plain, walk
from reportgen.project.yaml_reader import read_yaml

TEXT = "funds:\n  - {id: a, name: 甲}\n  - {id: b}\nunit:\n"


@pytest.fixture
def root():
    return read_yaml("a.yaml", TEXT)[0]


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        ((), 1, 1),
        (("funds",), 2, 3),
        (("funds", 0, "name"), 2, 19),
        (("funds", 1, "id"), 3, 10),
        (("funds", 7), 2, 3),
        (("funds", 1, "name"), 3, 5),
        (("none", "id"), 1, 1),
    ],
)
def test_value_or_the_deepest_part_that_exists_is_found(root, path, line, column):
    span = find(root, path)
    assert (span.line, span.column) == (line, column)


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [((), 1, 1), (("funds",), 1, 1), (("funds", 0, "name"), 2, 13), (("funds", 1), 3, 5)],
)
def test_key_is_found_or_the_row_where_it_is_none(root, path, line, column):
    span = find_key(root, path)
    assert (span.line, span.column) == (line, column)


def test_missing_part_does_not_lead_to_a_deeper_namesake(root):
    assert at(root, ("none", "funds")) is root


def test_plain_keeps_scalars(root):
    value = plain(root)
    assert list(value) == ["funds", "unit"]
    assert value["funds"][0]["name"].text == "甲"
    assert value["unit"].blank


@pytest.mark.parametrize(
    ("text", "quoted", "blank"),
    [
        ("", False, True),
        ("~", False, True),
        ("null", False, True),
        ("", True, False),
        ("0", False, False),
    ],
)
def test_blank_is_what_is_left_out_without_quotes(text, quoted, blank):
    assert Scalar(text, SourceSpan("a"), plain=not quoted).blank == blank


def test_start_is_inside_the_quotes():
    span = SourceSpan("a", 1, 5, 1, 9)
    assert Scalar("甲乙", span, plain=False).start.column == 6
    assert Scalar("甲乙", span).start == span


def test_walk_yields_every_value_in_the_order_of_the_file():
    root = read_yaml("x", "a: 1\nb: [2, {c: 3}]\nd: []\n")[0]
    walked = list(walk(root))
    assert walked[0] is root
    assert [node.text for node in walked if isinstance(node, Scalar)] == ["1", "2", "3"]
    assert len(walked) == 7
