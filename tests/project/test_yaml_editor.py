from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node_values import at, plain
from reportgen.findings import blocks
from reportgen.model.source import SourceSpan
from reportgen.project.yaml_editor import YamlEditor
from reportgen.project.yaml_nodes import Mapping, Scalar, Sequence
from reportgen.project.yaml_reader import read_yaml

ORDER = ("id", "name", "initial", "budget", "outturn")


class Page:
    """A YAML text with its nodes and an editor of it."""

    def __init__(self, text):
        self.root = read_yaml("a.yaml", text)[0]
        self.editor = YamlEditor({"a.yaml": text})

    def at(self, *path):
        return at(self.root, path)

    @property
    def text(self):
        return self.editor.edited("a.yaml")


def values(text):
    """Return what a YAML text says, as dicts and lists with texts."""
    root, findings = read_yaml("a.yaml", text)
    assert root is not None, text
    assert not blocks(findings), text
    return unmarked(plain(root))


def unmarked(value):
    if isinstance(value, dict):
        return {key: unmarked(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [unmarked(inner) for inner in value]
    return "" if value.blank else value.text


# Text in the place of a span


def test_text_at_a_span_is_replaced_and_nothing_else():
    editor = YamlEditor({"f": "a: 1  # 甲\nb: {c: 2}\n"})
    editor.replace(SourceSpan("f", 2, 8, 2, 9), "345")
    editor.replace(SourceSpan("f", 1, 4, 1, 5), "")
    assert editor.result() == {"f": "a:   # 甲\nb: {c: 345}\n"}


def test_span_of_several_lines_or_without_end_stays():
    editor = YamlEditor({"f": "a: |\n  1\nb: 2"})
    editor.replace(SourceSpan("f", 1, 4, 3, 1), "x")
    editor.replace(SourceSpan("f", 3, 4), "x")
    assert editor.result() == {}


def test_files_are_edited_each_by_its_path_and_only_changed_ones_returned():
    editor = YamlEditor({"f": "a: 1", "g": "b: 2", "h": "c: 3"})
    editor.replace(SourceSpan("g", 1, 4, 1, 5), "9")
    editor.replace(SourceSpan("h", 1, 4, 1, 5), "3")
    assert editor.result() == {"g": "b: 9"}


def test_of_two_texts_for_one_place_the_later_holds():
    editor = YamlEditor({"f": "a: 1"})
    for text in ("22", "3"):
        editor.replace(SourceSpan("f", 1, 4, 1, 5), text)
    assert editor.result() == {"f": "a: 3"}


def test_two_edits_of_the_same_characters_are_refused():
    editor = YamlEditor({"f": "a: 12"})
    editor.replace(SourceSpan("f", 1, 4, 1, 6), "3")
    editor.replace(SourceSpan("f", 1, 5, 1, 6), "4")
    with pytest.raises(ValueError, match="two edits"):
        editor.result()


@given(st.data())
def test_any_edits_of_a_line_leave_the_rest(data):
    words = data.draw(st.lists(st.text("甲乙 x", min_size=1), min_size=1, max_size=6))
    news = data.draw(st.lists(st.text("01{}"), min_size=len(words), max_size=len(words)))
    editor = YamlEditor({"f": "|" + "|".join(words) + "|"})
    column = 2
    spans = []
    for word in words:
        spans.append(SourceSpan("f", 1, column, 1, column + len(word)))
        column += len(word) + 1
    for span, new in data.draw(st.permutations(list(zip(spans, news, strict=True)))):
        editor.replace(span, new)
    assert editor.edited("f") == "|" + "|".join(news) + "|"


# Values


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("a: 1 # x\nb: 2\n", "a: 9 # x\nb: 2\n"),
        ("a: '1'\n", "a: 9\n"),
        ("a:\nb: 2\n", "a: 9\nb: 2\n"),
        ("a:   # x\nb: 2\n", "a: 9   # x\nb: 2\n"),
        ("a: '1\n\n  2'\nb: 2\n", "a: 9\nb: 2\n"),
    ],
)
def test_value_is_set_whatever_stood_there(text, changed):
    page = Page(text)
    page.editor.set_value(page.at("a"), "9")
    assert page.text == changed


def test_blank_value_in_braces_keeps_its_space():
    page = Page("r: {a: , b: 1}\n")
    page.editor.set_value(page.at("r", "a"), "9")
    assert page.text == "r: {a: 9, b: 1}\n"


# Keys


@pytest.mark.parametrize(
    ("text", "keys", "changed"),
    [
        ("r: {id: a, outturn: 1}", ["budget"], "r: {id: a, budget: 2, outturn: 1}"),
        ("r: {id: a}", ["outturn", "budget"], "r: {id: a, budget: 2, outturn: 2}"),
        ("r: {id: a, }", ["budget"], "r: {id: a, budget: 2, }"),
        ("r: {id: }", ["budget"], "r: {id: , budget: 2}"),
        ("r: {}", ["outturn", "budget"], "r: {budget: 2, outturn: 2}"),
        ("r: {id: a,\n  name: b}", ["budget"], "r: {id: a,\n  name: b, budget: 2}"),
        ("r:\n  id: a\n  outturn: 1\n", ["budget"], "r:\n  id: a\n  budget: 2\n  outturn: 1\n"),
        ("r:\n  id: a # x\ns: 1\n", ["budget"], "r:\n  id: a # x\n  budget: 2\ns: 1\n"),
        ("r:\n  - id: a", ["name"], "r:\n  - id: a\n    name: 2"),
        ("r:\n  - name: a\n", ["id"], "r:\n  - id: 2\n    name: a\n"),
        ("r:\n  id: |\n    x\n\ns: 1\n", ["name"], "r:\n  id: |\n    x\n  name: 2\n\ns: 1\n"),
        ("r:\n  a:\n    - {x: 1}\ns: 1\n", ["own"], "r:\n  a:\n    - {x: 1}\n  own: 2\ns: 1\n"),
        ("r:\n  id:\n", ["name", "own"], "r:\n  id:\n  name: 2\n  own: 2\n"),
    ],
)
def test_keys_stand_where_the_order_has_them_in_the_style_of_the_group(text, keys, changed):
    page = Page(text)
    group = page.at("r")
    if isinstance(group, Sequence):
        group = group.items[0]
    page.editor.add_keys(group, [(key, "2") for key in keys], ORDER)
    assert page.text == changed
    values(changed)


def test_blank_value_and_a_key_behind_it_at_one_place():
    page = Page("r: {id: }\ns:\n  id:\n")
    for name in ("r", "s"):
        page.editor.add_keys(page.at(name), [("name", "b")], ORDER)
        page.editor.set_value(page.at(name, "id"), "a")
    assert values(page.text) == {"r": {"id": "a", "name": "b"}, "s": {"id": "a", "name": "b"}}


# Rows and lines


def test_row_in_braces_stands_below_its_neighbour():
    page = Page("r:\n  - {id: a} # x\n  - {id: c}\n")
    page.editor.add_row(page.at("r", 0), [("id", "b"), ("name", "")])
    assert page.text == "r:\n  - {id: a} # x\n  - {id: b, name: }\n  - {id: c}\n"


def test_row_of_lines_stands_below_all_of_its_neighbour():
    page = Page("r:\n  - id: a\n    list:\n      - {x: 1}\n  - id: c\n")
    page.editor.add_row(page.at("r", 0), [("id", "b"), ("name", "乙")])
    assert page.text == (
        "r:\n  - id: a\n    list:\n      - {x: 1}\n  - id: b\n    name: 乙\n  - id: c\n"
    )


def test_rows_at_one_place_stand_as_they_were_added():
    page = Page("r:\n  - {id: a}\n")
    for name in "zby":
        page.editor.add_row(page.at("r", 0), [("id", name)])
    assert [row["id"] for row in values(page.text)["r"]] == list("azby")


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("a:\n  - x   # 甲\nb: 1\n", "a:\n  - x   # 甲\n  - y\n  - z\nb: 1\n"),
        ("a: [x]\n", "a: [x, y, z]\n"),
        ("a: []\n", "a:\n  - y\n  - z\n"),
    ],
)
def test_items_are_added_at_the_end_of_a_list_in_its_style(text, changed):
    page = Page(text)
    page.editor.add_items(page.at("a"), ["y", "z"])
    assert page.text == changed


def test_an_item_goes_with_its_lines_though_others_are_added_beside_it():
    page = Page("a:\n  - {n: 1}\n  - n: 2\n    m: 3   # 丙\n  - {n: 4}\n")
    page.editor.append_to_line("a.yaml", 2, "   # 甲")
    page.editor.add_row(page.at("a", 1), [("n", "5")])
    assert page.editor.remove_item(page.at("a", 1))
    assert page.text == "a:\n  - {n: 1}   # 甲\n  - n: 5\n  - {n: 4}\n"


def test_an_item_without_lines_of_its_own_stays():
    page = Page("a: [1, 2]\n")
    assert not page.editor.remove_item(page.at("a", 0))
    assert page.text == "a: [1, 2]\n"


def test_a_value_made_blank_leaves_no_space_at_the_end_of_its_line():
    page = Page("a: 1\nb: {c: 2, d: 3}\n")
    page.editor.set_value(page.at("a"), "")
    page.editor.set_value(page.at("b", "c"), "")
    assert page.text == "a:\nb: {c: , d: 3}\n"


@pytest.mark.parametrize("old", ["", "a: 1", "a: 1\n"])
def test_appended_lines_end_a_file_that_need_not_exist(old):
    editor = YamlEditor({"f": old} if old else {})
    editor.append("f", "b: 2\n")
    editor.append("f", "a2: 3\n")
    start = "a: 1\n" if old else ""
    assert editor.result() == {"f": f"{start}b: 2\na2: 3\n"}


def test_text_is_added_at_the_end_of_a_line():
    page = Page("a:\nb: 2")
    page.editor.append_to_line("a.yaml", 1, " # x")
    page.editor.set_value(page.at("a"), "1")
    page.editor.append_to_line("a.yaml", 2, " # y")
    assert page.text == "a: 1 # x\nb: 2 # y"


# Any edits of any file

SCALARS = st.sampled_from(["1", "'甲 乙'", "", "乙", '"x"', "|\n{margin}  甲\n{margin}  乙\n"])
ROWS = st.lists(
    st.tuples(st.booleans(), st.dictionaries(st.sampled_from(ORDER), SCALARS, min_size=1)),
    min_size=1,
    max_size=4,
)


def written(rows):
    """Return a YAML list of `rows`, each in braces or on lines, with comments between."""
    text = "rows:\n"
    for number, (flow, row) in enumerate(rows):
        text += f"  # row {number}\n"
        if flow:
            pairs = [f"{k}: {'' if v.startswith('|') else v}" for k, v in row.items()]
            text += f"  - {{{', '.join(pairs)}}}\n"
            continue
        for place, (key, value) in enumerate(row.items()):
            lines = value.format(margin="    ").rstrip("\n")
            text += f"  {'  ' if place else '- '}{key}: {lines}\n"
    return text + "end: 1\n"


@given(rows=ROWS, data=st.data())
def test_edits_do_what_they_say_and_leave_all_other_values(rows, data):
    page = Page(written(rows))
    before = values(page.text)["rows"]
    wanted = [dict(row) for row in before]
    added = []
    for number, row in enumerate(page.at("rows").items):
        assert isinstance(row, Mapping)
        missing = [key for key in ORDER if key not in before[number]]
        keys = data.draw(st.lists(st.sampled_from(missing), unique=True)) if missing else []
        page.editor.add_keys(row, [(key, "新") for key in keys], ORDER)
        wanted[number] |= dict.fromkeys(keys, "新")
        for entry in row.entries:
            if isinstance(entry.value, Scalar) and data.draw(st.booleans()):
                page.editor.set_value(entry.value, "改")
                wanted[number][entry.key] = "改"
        added.append(data.draw(st.booleans()))
        if added[-1]:
            page.editor.add_row(row, [("id", "增"), ("name", "")])
    expected = []
    for row, more in zip(wanted, added, strict=True):
        expected += [row, {"id": "增", "name": ""}] if more else [row]
    assert values(page.text) == {"rows": expected, "end": "1"}
    for number in range(len(rows)):
        assert f"  # row {number}\n" in page.text
