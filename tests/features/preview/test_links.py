from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.features.preview.links import EDITORS, Editor, editor_pattern
from reportgen.model.source import NOWHERE, SourceSpan

ROOT = Path("/项目 1")


@pytest.mark.parametrize(
    ("pattern", "link"),
    [
        (EDITORS["vscode"], "vscode://file/%E9%A1%B9%E7%9B%AE%201/data/a.md:3:7"),
        (
            "idea://open?file={path}&line={line}",
            "idea://open?file=/%E9%A1%B9%E7%9B%AE%201/data/a.md&line=3",
        ),
        ("x:{path}{0.__class__}", "x:/%E9%A1%B9%E7%9B%AE%201/data/a.md{0.__class__}"),
        ("", ""),
    ],
)
def test_a_link_opens_the_file_at_its_line(pattern, link):
    assert Editor(ROOT, pattern).address(SourceSpan("data/a.md", 3, 7)) == link


def test_a_file_without_a_line_opens_at_its_beginning_and_nowhere_opens_nothing():
    editor = Editor(ROOT, EDITORS["vscode"])
    assert editor.address(SourceSpan("a.md", 0, 0)).endswith("a.md:1:1")
    assert editor.address(NOWHERE) == ""
    assert editor.link(SourceSpan("a.md", 0, 0)).text == "a.md"


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("vscode", EDITORS["vscode"]),
        ("none", ""),
        ("idea://open?file={path}", "idea://open?file={path}"),
        ("javascript:alert('{path}')", None),
        ("data:{path}", None),
        ("emacs", None),
        ("vscode://file/x", None),
        ("{path}", None),
    ],
)
def test_an_editor_is_a_name_or_an_address_with_a_path(text, pattern):
    assert editor_pattern(text) == pattern
