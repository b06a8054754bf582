"""A merge holds what both sides changed, or a clash exactly where both changed one thing."""

from __future__ import annotations

import copy
import re

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.features.repository.merging import BETWEEN, OURS, THEIRS, merge

# Documents: a group is a dict, a list of rows ("rows", {id: row}), a list of texts ("texts", […]),
# a value (text or None, comment). How each is written follows from its kind and depth.

NAMES = "abcd"


@st.composite
def values(draw):
    return [
        draw(st.sampled_from([None, "1", "2.50", "甲", "乙 丙"])),
        draw(st.sampled_from(["", "c"])),
    ]


@st.composite
def documents(draw):
    document = {}
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True)):
        kind = draw(st.sampled_from(["value", "group", "flow", "rows", "flow rows", "texts"]))
        document[f"{kind.replace(' ', '_')}_{name}"] = draw(part(kind))
    return document


@st.composite
def part(draw, kind):
    if kind == "value":
        return draw(values())
    if kind in {"group", "flow"}:
        keys = draw(st.lists(st.sampled_from(NAMES), max_size=3, unique=True))
        return {key: draw(values()) for key in keys}
    if kind == "texts":
        return ("texts", draw(st.lists(st.sampled_from(["u", "v", "w"]), max_size=3, unique=True)))
    ids = draw(st.lists(st.sampled_from("pqrs"), max_size=3, unique=True))
    return ("rows", {row: {key: draw(values()) for key in "ab"} for row in ids})


def commented(text, comment):
    return f"{text}   # {comment}" if comment else text


def in_braces(group):
    return "{" + ", ".join(f"{k}: {v[0] or ''}" for k, v in group.items()) + "}"


def written(document):
    """Return a document as YAML: each kind in a style of its own."""
    lines = ["# head"]
    for name, each in document.items():
        if isinstance(each, list):
            lines.append(commented(f"{name}: {each[0] or ''}".rstrip(), each[1]))
        elif isinstance(each, dict) and (name.startswith("flow") or not each):
            lines.append(f"{name}: {in_braces(each)}")
        elif isinstance(each, dict):
            lines.append(f"{name}:")
            for key, (value, comment) in each.items():
                lines.append(commented(f"  {key}: {value or ''}".rstrip(), comment))
        else:
            lines += listed(name, *each)
        lines.append("")
    return "\n".join(lines)


def listed(name, kind, items):
    if not items:
        return [f"{name}: []"]
    lines = [f"{name}:"]
    if kind == "texts":
        return lines + [f"  - {text}" for text in items]
    for row, group in items.items():
        lines.append(f"  # above {row}")
        if name.startswith("flow"):
            lines.append(f"  - {in_braces({'id': [row, ''], **group})}")
            continue
        lines.append(f"  - id: {row}")
        for key, (value, comment) in group.items():
            lines.append(commented(f"    {key}: {value or ''}".rstrip(), comment))
    return lines


@st.composite
def edited(draw, document, side):
    """Return a document that one drafter edited in up to four places."""
    document = copy.deepcopy(document)
    for number in range(draw(st.integers(0, 4))):
        edit_one(draw, document, f"{side}{number}")
    return document


def edit_one(draw, document, new):
    if not document or draw(st.integers(0, 5)) == 0:
        document[f"value_{new}"] = [new, ""]
        return
    name = draw(st.sampled_from(sorted(document)))
    each = document[name]
    if isinstance(each, list):
        change_value(draw, each, new)
    elif isinstance(each, dict):
        edit_group(draw, each, new)
    elif each[0] == "texts":
        each[1].append(new)
    else:
        edit_rows(draw, each[1], new)


def change_value(draw, value, new):
    if draw(st.booleans()):
        value[0] = draw(st.sampled_from([new, None, "同"]))
    else:
        value[1] = draw(st.sampled_from([new, ""]))


def edit_group(draw, group, new):
    what = draw(st.sampled_from(["add", "change", "change", "remove"]))
    if what == "add" or not group:
        group[draw(st.sampled_from([new, "shared"]))] = [new, ""]
        return
    key = draw(st.sampled_from(sorted(group)))
    if what == "remove":
        del group[key]
    else:
        change_value(draw, group[key], new)


def edit_rows(draw, rows, new):
    what = draw(st.sampled_from(["add", "change", "change", "remove"]))
    if what == "add" or not rows:
        rows[draw(st.sampled_from([new, "shared"]))] = {"a": [new, ""], "b": ["1", ""]}
        return
    row = draw(st.sampled_from(sorted(rows)))
    if what == "remove":
        del rows[row]
    else:
        edit_group(draw, rows[row], new)


@st.composite
def drafts(draw):
    base = draw(documents())
    return base, draw(edited(base, "x")), draw(edited(base, "y"))


# The oracle: what was meant, of dicts alone


def meaning(each):
    """Return what a document says: no comments, nothing blank."""
    if isinstance(each, list):
        return each[0]
    if isinstance(each, tuple) and each[0] == "texts":
        return {("text", text): text for text in each[1]}
    inner = each[1] if isinstance(each, tuple) else each
    group = {key: meaning(value) for key, value in inner.items()}
    return {key: value for key, value in group.items() if value is not None}


def both(old, ours, theirs, prefer, clashes, at=()):
    """Return what two edits of one thing make together."""
    if theirs in (ours, old):
        return ours
    if old == ours:
        return theirs
    if isinstance(ours, dict) and isinstance(theirs, dict):
        old = old if isinstance(old, dict) else {}
        merged = {}
        for key in {**old, **ours, **theirs}:
            sides = (each.get(key) for each in (old, ours, theirs))
            merged[key] = both(*sides, prefer, clashes, (*at, key))
        return {key: value for key, value in merged.items() if value is not None}
    clashes.append(at)
    return ours if prefer == "ours" else theirs


def full(each):
    """Return what is said without groups and rows that say nothing."""
    if not isinstance(each, dict):
        return each
    group = {key: full(value) for key, value in each.items()}
    return {key: value for key, value in group.items() if value not in (None, {})}


def read(text):
    """Return what a text says, read by PyYAML alone."""
    return plain(yaml.load(text, Loader=yaml.BaseLoader))


def plain(value):
    if isinstance(value, dict):
        group = {key: plain(each) for key, each in value.items() if key != "id"}
        return {key: each for key, each in group.items() if each not in (None, {})}
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        assert len(value) == len(set(value))
        return {("text", each): each for each in value}
    if isinstance(value, list):
        rows = {row["id"]: plain(row) for row in value}
        assert len(rows) == len(value)
        return {key: each for key, each in rows.items() if each}
    return value or None


MARKED = re.compile(f"{re.escape(OURS)}\n(.*?){BETWEEN}\n(.*?){re.escape(THEIRS)}\n", re.DOTALL)


def resolved(text, side):
    return MARKED.sub(lambda match: match[side], text)


@settings(max_examples=100, deadline=None)
@given(drafts())
def test_a_merge_says_what_both_sides_changed(three):
    merged = merge(*map(written, three))
    assert merged is not None
    for side, prefer in ((1, "ours"), (2, "theirs")):
        clashes = []
        meant = both(*map(meaning, three), prefer, clashes)
        assert read(resolved(merged.text, side)) == full(meant)
    assert bool(clashes) == bool(merged.clashes) == (OURS in merged.text)


def comments_of(document):
    """Return the comment behind each value that is written with it, by its path."""
    found = {}
    for name, each in document.items():
        if isinstance(each, list):
            found[name] = each[1]
        elif not name.startswith("flow") and not (isinstance(each, tuple) and each[0] == "texts"):
            found |= inner_comments(name, each)
    return found


def inner_comments(name, each):
    groups = {(): each} if isinstance(each, dict) else {(row,): g for row, g in each[1].items()}
    return {
        (name, *row, key): value[1] for row, group in groups.items() for key, value in group.items()
    }


def test_a_value_that_one_side_changed_and_the_other_emptied_clashes_at_its_place():
    base, ours, theirs = "a: 1\nb:\n", "a: 2\nb:\n", "a:\nb:\nc: 3\n"
    merged = merge(base, ours, theirs)
    assert [clash.key for clash in merged.clashes] == ["a"]
    assert merged.text == f"{OURS}\na: 2\n{BETWEEN}\na:\n{THEIRS}\nb:\nc: 3\n"


@settings(max_examples=100, deadline=None)
@given(drafts())
def test_no_comment_of_what_both_keep_is_lost(three):
    base, ours, theirs = map(comments_of, three)
    text = merge(*map(written, three)).text
    for mine, yours in ((ours, theirs), (theirs, ours)):
        for path, comment in mine.items():
            if comment and comment != base.get(path) and path in yours:
                assert f"# {comment}" in text or f"  # {comment}" in text


def in_another_style(document):
    """Return a document written otherwise: wider margins, another order."""
    lines = written(dict(reversed(document.items()))).split("\n")
    for place, line in enumerate(lines):
        lines[place] = f"  {line}" if line.startswith(" ") else line
    return "\n".join(lines)


@settings(max_examples=100, deadline=None)
@given(drafts(), st.booleans())
def test_a_side_that_is_only_written_otherwise_changes_nothing(three, ours_edits):
    base, edited_document, _ = three
    texts = [written(edited_document), in_another_style(base)]
    merged = merge(written(base), *(texts if ours_edits else reversed(texts)))
    assert merged.clashes == ()
    assert read(merged.text) == full(meaning(edited_document))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from("uvwx"), max_size=5),
    st.lists(st.sampled_from("uvwxyz"), max_size=5),
    st.lists(st.sampled_from("uvwxyz"), max_size=5),
)
def test_of_texts_without_names_none_is_lost(old, mine, yours):
    texts = [
        "\n".join(["a: 1", *listed("texts_b", "texts", each), ""]) for each in (old, mine, yours)
    ]
    merged = merge(*texts)
    if merged is None or merged.clashes:  # left to git, or told
        return
    found = yaml.load(merged.text, Loader=yaml.BaseLoader)["texts_b"] or []
    for text in set(old + mine + yours):
        before = old.count(text)
        changes = sorted([mine.count(text) - before, yours.count(text) - before])
        alike = max(changes, key=abs) if changes[0] * changes[1] >= 0 else sum(changes)
        assert found.count(text) == before + alike


FUNDS = """\
# 资金与项目
funds:
  # 业务
  - {id: energy, name: 节能监察, initial: 10, outturn: 7.2}   # 含检测
  - id: safety
    name: 安全生产
    initial: 15   # 待确认
    outturn:   # 待填
"""


def test_two_drafters_add_rows():
    ours = f"{FUNDS}  - {{id: chains, name: 产业链, outturn: 18}}\n"
    theirs = f"{FUNDS}  # 新增\n  - id: relief   # 助企\n    name: 助企纾困\n"
    merged = merge(FUNDS, ours, theirs)
    assert merged.text == ours + theirs.removeprefix(FUNDS)


def test_two_cells_of_one_line_are_no_clash():
    ours, theirs = FUNDS.replace("initial: 10", "initial: 11"), FUNDS.replace("7.2}", "7.4}")
    assert merge(FUNDS, ours, theirs).text == ours.replace("7.2}", "7.4}")


def test_marks_stand_at_the_clashing_fact_alone():
    ours = FUNDS.replace("initial: 15   # 待确认", "initial: 16").replace("7.2", "7.3")
    theirs = FUNDS.replace("initial: 15   # 待确认", "initial: 17").replace(
        "outturn:   # 待填", "outturn: 9"
    )
    merged = merge(FUNDS, ours, theirs)
    assert [(c.key, c.ours, c.theirs) for c in merged.clashes] == [
        ("funds.safety.initial", "16", "17")
    ]
    marked = f"{OURS}\n    initial: 16\n{BETWEEN}\n    initial: 17\n{THEIRS}\n"
    assert merged.text == FUNDS.replace("7.2", "7.3").replace(
        "    initial: 15   # 待确认\n", marked
    ).replace("outturn:   # 待填", "outturn: 9")


def test_a_row_that_one_side_removed_and_the_other_changed_clashes():
    energy = FUNDS.split("\n")[3] + "\n"
    merged = merge(FUNDS, FUNDS.replace(energy, ""), FUNDS.replace("7.2", "7.3"))
    assert [c.key for c in merged.clashes] == ["funds.energy"]
    assert read(resolved(merged.text, 1)) == read(FUNDS.replace(energy, ""))
    assert read(resolved(merged.text, 2)) == read(FUNDS.replace("7.2", "7.3"))


@pytest.mark.parametrize("broken", ["a: [", "a: 1\na: 2\n", f"{OURS}\na: 1\n", "- x: *y\n", ""])
def test_what_cannot_be_read_is_not_merged(broken):
    good = "a: 1\n"
    assert not broken or merge(broken, good, "a: 2\n") is None
    assert merge(good, broken, "a: 2\n") is None
    assert merge(good, "a: 2\n", broken) is None
