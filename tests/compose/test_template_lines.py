from __future__ import annotations

from composing import NARRATIVE, composed, here, told

from reportgen.compose.tokens import Rendered, placed, read_lines, unplaced
from reportgen.model.source import SourceSpan


def test_text_carries_its_places_and_gives_them_back():
    text = placed("甲\n乙", SourceSpan("a.md", 4)) + "丙\n" + placed("丁", SourceSpan("b.md", 9))
    assert unplaced(text) == "甲\n乙丙\n丁"
    expected = (SourceSpan("a.md", 4), SourceSpan("a.md", 5), SourceSpan("b.md", 9))
    assert read_lines(text, "a.md") == Rendered("甲\n乙丙\n丁", expected)


def test_line_without_a_place_follows_the_one_before():
    assert read_lines("甲\n乙", "a.md").spans == (SourceSpan("a.md", 1), SourceSpan("a.md", 2))


def test_line_beyond_the_end_is_at_the_last():
    assert read_lines("甲\n乙", "a.md").span(7) == SourceSpan("a.md", 2)


def test_finding_after_a_loop_and_an_import_is_at_its_own_line():
    narrative = (
        '{% import "a.md" as a %}\n'
        "{% for row in funds %}\n"
        "{{ row.name }}\n"
        "\n"
        "{% endfor %}\n"
        "{# 说明\n"
        "两行 #}\n"
        "丙\n"
        "\n"
        "- 甲\n"
    )
    assert told(narrative, files={"templates/a.md": ""}) == [("T113", here(10))]


def test_finding_in_a_loop_is_at_the_line_that_is_repeated():
    assert set(told("甲\n\n{% for row in funds %}\n- {{ row.name }}\n\n{% endfor %}\n")) == {
        ("T113", here(4))
    }


def test_finding_in_an_included_file_is_there():
    files = {"templates/more.md": "乙\n\n- 丙\n"}
    narrative = '甲\n\n{% include "more.md" %}\n\n丁 ~~戊~~\n'
    assert told(narrative, files=files) == [
        ("T113", here(3, path="templates/more.md")),
        ("T113", here(5)),
    ]


def test_finding_in_a_macro_is_there():
    files = {"templates/a.md": "{% macro list() %}\n甲\n\n- 乙\n\n{% endmacro %}\n"}
    narrative = '{% import "a.md" as a %}\n\n{{ a.list() }}\n'
    assert told(narrative, files=files) == [("T113", here(4, path="templates/a.md"))]


def test_finding_in_a_paragraph_is_at_its_line():
    assert told("甲\n乙{{ total }}\n丙 `丁`\n戊") == [("T113", here(3))]


def test_places_are_not_printed():
    source = (
        '{% import "a.md" as a %}{% set x %}甲\n乙{% endset %}{{ x }}{{ a.say() }}'
        "{{ [unit.name, total] | join(x) }}{% filter_ %}"
    ).replace("{% filter_ %}", "")
    document, findings = composed(
        source, files={"templates/a.md": "{% macro say() %}丙{% endmacro %}"}
    )
    assert findings == ()
    assert document is not None
    printed = str(document)
    assert not any("\ue000" <= char <= "\uf8ff" for char in printed)
    assert NARRATIVE not in printed
