from __future__ import annotations

import pytest

from reportgen.model.source import SourceSpan
from reportgen.project.syntax_hints import syntax_hint
from reportgen.project.yaml_reader import read_yaml


def row(text, code, line, column, **params):
    return pytest.param(text, code, line, column, params, id=text.replace("\n", "⏎"))


SLIPS = [
    # Full-width marks
    row("a：1\nb: 2", "L114", 1, 2, found="：", wanted=":"),
    row("甲乙：\n  丙: 1", "L114", 1, 3, found="："),
    row("a: 1\nb：2\nc: 3", "L114", 2, 2),
    row("a: 1\n# 注释\nb：2\n\nc: 3", "L114", 3, 2),
    row("a: 1\nb：2", "L114", 2, 2),
    row("a: 1\nb：2\n  更多\nc: 3", "L114", 2, 2),
    row("a：1\n# 注释\nb: 2", "L114", 1, 2),
    row("- a：1\n  b: 2", "L114", 1, 4),
    row("a: {b: 1， c: 2}", "L114", 1, 9, found="，", wanted=","),
    row("a: {b: 1,\n  c: 2，d: 3}", "L114", 2, 7, found="，"),
    row("a:\n  - 1\n  － 2\nb: 1", "L114", 3, 3, found="－", wanted="-"),
    # Colons without their space, or missing
    row("a:1\nb: 2", "L115", 1, 2),
    row("a: 1\nb:2\nc: 3", "L115", 2, 2),
    row("a: 1\nb\nc: 3", "L115", 2, 2),
    row("a: 1\nb # 注释\nc: 3", "L115", 2, 2),
    row("staffing\n  a: 1", "L115", 1, 9),
    # Quotes
    row('a: "b\nc: 1', "L116", 1, 4),
    row("a: 'b", "L116", 1, 4),
    row('a: "b\n---\nc"', "L116", 1, 4),
    row('a: "b"c', "L124", 1, 7, found='"'),
    row("a: 'it's'", "L124", 1, 8, found="'"),
    row("a: [2023]6号", "L124", 1, 10, found="]"),
    row('a: "C:\\路"', "L121", 1, 7, found="\\路"),
    row('a: "\\x1"', "L121", 1, 5, found="\\x"),
    # Brackets
    row("a: {b: 1\nc: 3", "L117", 1, 4, found="{"),
    row("a: [1, 2\nb: 3", "L117", 1, 4, found="["),
    row("a: {b: c d: e}", "L117", 1, 4, found="{"),
    row("a: ]", "L118", 1, 4, found="]"),
    row("a: ,b", "L118", 1, 4, found=","),
    # Two things on a line
    row("a: b: c", "L118", 1, 5, found=":"),
    row("a: 1, b: 2", "L118", 1, 8, found=":"),
    row("a: - 3", "L118", 1, 4, found="-"),
    # Indents
    row("a:\n  b: 1\n c: 2", "L119", 3, 2),
    row("a: 1\n  b: 2", "L119", 2, 3),
    row("a:\n  - b\n  c: d", "L119", 3, 3),
    row("a: 1\n- b", "L119", 2, 1),
    row("a:\n\tb: 1", "L106", 2, 1),
    row("a:\n  - 1\n  \t- 2\nb: 1", "L106", 3, 3),
    row("a:\n\u3000\u3000b: 1\n  c: 2", "L125", 2, 1, character="U+3000"),
    # Marks that mean something to YAML
    *[row(f"a: {span}甲", "L120", 1, 4, found=span) for span in "@`%*&!>|"],
    row("a: > 30", "L120", 1, 4, found=">"),
    # The rest, in the words of YAML
    row("a: ?", "L103", 1, 4, detail="mapping keys are not allowed in this context"),
    row("a: 1\n...\nb: 1", "L103", 3, 1, detail="did not find expected <document start>"),
]


@pytest.mark.parametrize(("text", "code", "line", "column", "params"), SLIPS)
def test_slip_is_named_at_its_place(text, code, line, column, params):
    (found,) = (f for f in read_yaml("a.yaml", text)[1] if f.code != "L123")
    assert (found.code, found.span.line, found.span.column) == (code, line, column)
    assert {name: found.params[name] for name in params} == params


def test_open_bracket_tells_where_reading_stopped():
    (found,) = read_yaml("a.yaml", "a: {b: 1\nc: 3")[1]
    assert [(p.span.line, p.note) for p in found.places] == [(1, ""), (2, "ends")]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a: {initial: 3,233.51}", [(1, 14, "3,233.51")]),
        ("a: {initial: 3,233.51万元, b: 1}", [(1, 14, "3,233.51")]),
        ("a: {b: 1, c: 2,000, d: 4,000}", [(1, 14, "2,000"), (1, 24, "4,000")]),
        ("a: {b: 1,234,567.8}", [(1, 8, "1,234"), (1, 8, "1,234,567.8")]),
        ("- {b: 1,\n   233: }", []),
        ("a: {b: 1,2345}", []),
        ("a: {b: 1, 234: }", []),
        ("a: {b: 1,234: 5}", []),
        ('a: {b: 1,"234": }', []),
        ("a: 3,233.51", []),
    ],
)
def test_separator_of_thousands_within_braces_is_told(text, places):
    found = [each for each in read_yaml("a.yaml", text)[1] if each.code == "L131"]
    assert [(f.span.line, f.span.column, f.params["found"]) for f in found] == places
    assert len(found) == len(read_yaml("a.yaml", text)[1])


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\n  \n"])
def test_place_past_the_end_is_the_end_of_the_last_words(end):
    (found,) = read_yaml("a.yaml", f"a: 1\nb: {{c: 甲{end}")[1]
    assert (found.places[1].span.line, found.places[1].span.column) == (2, 9)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "甲",
        "甲: 乙",
        "甲: 见：乙",
        "12:30",
        "- 12:30",
        "http://a.b",
        "《甲》：乙",
        "-1",
        "-",
        "“甲”：乙",
    ],
)
def test_what_is_no_slip_is_left_alone(text):
    if text in {"《甲》：乙", "“甲”：乙"}:
        assert syntax_hint(SourceSpan("a"), text).code == "L114"
    else:
        assert syntax_hint(SourceSpan("a"), text) is None


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("甲：乙", "L114", 2),
        ("  - 甲:乙", "L115", 6),
        ("－ 甲", "L114", 1),
        ("\u3000甲", "L125", 1),
        ("-甲", "L130", 1),
    ],
)
def test_slip_is_seen_in_a_line(text, code, column):
    found = syntax_hint(SourceSpan("a", 3, 1), text)
    assert (found.code, found.span.line, found.span.column) == (code, 3, column)
