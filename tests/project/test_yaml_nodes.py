from __future__ import annotations

import pytest

from reportgen.model.source import SourceSpan
from reportgen.project.yaml_nodes import Scalar, walk
from reportgen.project.yaml_reader import read_yaml


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
