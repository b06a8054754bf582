from __future__ import annotations

import pytest

from loading import codes_and_places, read, value
from reportgen.load.fields import TextField
from reportgen.load.groups import KeyGroup, blank_field, field
from reportgen.load.rules import RuleFile
from reportgen.load.schema import RESERVED, Named, ReportFile, ReportingUnit, Year

ROW = "{id: a, name: 甲, category: 乙, source: 丙}"


class Inner(KeyGroup):
    """A group with a key that is needed."""

    needed: TextField = field(title="必填项")
    other: TextField | None = blank_field("其他项")


class Outer(KeyGroup):
    """A group, a list and a dict of such groups."""

    group: Inner | None = blank_field("一组")
    rows: list[Inner] = field(default_factory=list, title="各行")
    named: dict[str, Inner] = field(default_factory=dict, title="各项")
    items: list[Named] = field(default_factory=list, title="条目")


def found(text, model=Outer):
    return codes_and_places(read(text, model)[1])


def params(text, model=Outer):
    (each,) = read(text, model)[1]
    return each.params


# Labels


@pytest.mark.parametrize(
    "text", ["group: {needed: 甲}", "一组: {必填项: 甲}", "一组: {needed: 甲}"]
)
def test_label_is_as_good_as_the_key(text):
    assert value(text, Outer).group.needed.value == "甲"


def test_labels_work_in_rows_and_in_groups_of_ones_own_names():
    parsed = value("各行: [{必填项: 甲}]\n各项: {x: {必填项: 乙}}", Outer)
    assert parsed.rows[0].needed.value == "甲"
    assert parsed.named["x"].needed.value == "乙"


def test_labels_work_in_rules():
    parsed = value("指标公式: {a: {名称: 甲, 公式: b + c}}", RuleFile)
    assert parsed.metrics["a"].formula.value == "b + c"


def test_key_and_its_label_are_the_same_key_twice():
    _, (each,) = read("group: {needed: 甲, 必填项: 乙}", Outer)
    assert [(p.span.line, p.span.column) for p in each.places] == [(1, 20), (1, 9)]
    assert (each.code, each.params) == ("L110", {"key": "必填项"})


# Missing and unknown keys


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("group: {other: 甲}", 1, 1),
        ("rows:\n  - {needed: 甲}\n  - {other: 乙}", 3, 5),
        ("named:\n  x: {other: 甲}", 2, 3),
    ],
)
def test_missing_key_is_at_its_group_or_row(text, line, column):
    assert found(text) == [("S201", line, column)]
    assert params(text) == {"key": "needed", "title": "必填项"}


@pytest.mark.parametrize("typed", ["neded", "Needed", "NEEDED", "needed ", "必填", "必填向"])
def test_misspelt_key_is_one_finding_with_the_key_that_was_meant(typed):
    text = f"group: {{'{typed}': 甲}}"
    assert found(text) == [("S202", 1, 9)]
    assert params(text) == {"key": typed, "near": "needed（必填项）"}


def test_key_like_no_other_comes_with_all_that_there_are():
    assert params("group: {needed: 甲, zzz: 乙}")["near"] == "needed（必填项）、other（其他项）"


def test_key_that_is_missing_and_not_meant_is_told_too():
    assert found("group: {othre: 甲}") == [("S201", 1, 1), ("S202", 1, 9)]


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("group: {needed：甲, other: 乙}", "L114", 15),
        ("group: {needed:甲, other: 乙}", "L115", 15),
        ("rows: [needed：甲]", "L114", 14),
        ("group: needed：甲", "L114", 14),
        ("group: 其他项:甲", "L115", 11),
        ("group: {needed: 甲, '　other': 乙}", "L125", 20),
    ],
)
def test_slip_that_yaml_takes_for_a_key_or_a_text_is_told_as_a_slip(text, code, column):
    assert found(text) == [(code, 1, column)]


# Shapes


@pytest.mark.parametrize(
    ("text", "code", "column", "title"),
    [
        ("group: 甲", "S203", 8, "一组"),
        ("group: [甲]", "S203", 8, "一组"),
        ("rows: 甲", "S213", 7, "各行"),
        ("rows: {a: 甲}", "S213", 7, "各行"),
        ("rows: [甲]", "S203", 8, "各行 1"),
        ("rows: [{needed: 甲}, 乙]", "S203", 21, "各行 2"),
        ("named: [甲]", "S203", 8, "各项"),
        ("named: {x: 甲}", "S203", 12, "x"),
        ("group: {needed: [甲]}", "S204", 17, "必填项"),
        ("group: {needed: {a: 甲}}", "S204", 17, "必填项"),
    ],
)
def test_wrong_shape_is_at_the_value_and_says_its_label(text, code, column, title):
    assert found(text) == [(code, 1, column)]
    assert params(text)["title"] == title


def test_group_left_blank_is_left_out():
    assert [f.code for f in read("group:", Outer)[1]] == ["S203"]


# Ids


def test_ids_are_unique_in_their_list():
    text = "items:\n  - {id: a, name: 甲}\n  - {id: b, name: 乙}\n  - {id: a, name: 丙}"
    _, (each,) = read(text, Outer)
    assert each.code == "S214"
    assert [(p.span.line, p.span.column) for p in each.places] == [(4, 10), (2, 10)]


def test_id_that_stands_three_times_is_told_twice_with_the_first_place():
    _, findings = read("items: [" + ", ".join(["{id: a, name: 甲}"] * 3) + "]", Outer)
    assert [[place.span.column for place in each.places] for each in findings] == [
        [32, 14],
        [50, 14],
    ]


def test_same_id_in_two_lists_is_fine():
    text = f"funds: [{ROW}]\ntables: {{x: [{{id: a}}], y: [{{id: a}}]}}"
    assert read(text, Year)[1] == ()


@pytest.mark.parametrize("name", ["1a", "a b", "a-b", "甲、乙", "../a", "a.b"])
def test_id_that_formulas_cannot_write_is_refused_at_its_place(name):
    assert found(f"items: [{{id: '{name}', name: 甲}}]") == [("S215", 1, 14)]
    assert codes_and_places(read(f"tables: {{x: [{{id: '{name}'}}]}}", Year)[1]) == [
        ("S215", 1, 19)
    ]


@pytest.mark.parametrize("blank", ["", "~"])
def test_blank_id_is_refused(blank):
    assert found(f"items: [{{id: {blank}, name: 甲}}]")[0][0] == "S218"


# Names of one's own


@pytest.mark.parametrize("name", [*sorted(RESERVED), "funds", "three_public", "goals", "if", "in"])
def test_name_that_means_something_else_is_refused(name):
    for group in ("facts: {{{}: 1家}}", "tables: {{{}: []}}"):
        assert codes_and_places(read(group.format(name), Year)[1])[0][0] == "S216"


def test_report_has_the_same_reserved_names():
    (each,) = read("pack: a\ndate: 2024-06-28\nfacts: {funds: 1家}", ReportFile)[1]
    assert (each.code, each.span.line, each.span.column) == ("S216", 3, 9)


# The real schemas


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("name: 甲", ReportingUnit),
        ("{}", Year),
        ("pack: a\ndate: 2024-06-28", ReportFile),
        (f"funds: [{ROW}]", Year),
        ("income: {general: {}, government_fund: {}, special_account: {}, other: {}}", Year),
        ("tables: {x: [{id: a, 名: 3家}, {名: 乙}]}", Year),
    ],
)
def test_smallest_files_are_enough(text, model):
    assert value(text, model) is not None


@pytest.mark.parametrize(
    ("text", "model", "codes"),
    [
        ("short_name: 甲", ReportingUnit, ["S201"]),
        ("name:", ReportingUnit, ["S218"]),
        ("name: 甲\noffices: [乙, '']", ReportingUnit, ["S218"]),
        ("pack: a", ReportFile, ["S201"]),
        ("pack:\ndate:", ReportFile, ["S218", "S218"]),
        ("goals: [甲, ]", Year, []),
        ("goals: [甲, ~]", Year, ["S218"]),
        ("funds: [{id: a, name: , category: 乙, source: 丙}]", Year, ["S218"]),
        (
            "waivers: [{code: R101, subject: a, reason: }]\npack: a\ndate: 2024-06-28",
            ReportFile,
            ["S218"],
        ),
    ],
)
def test_required_parts_are_required(text, model, codes):
    assert sorted(f.code for f in read(text, model)[1]) == codes


def test_every_finding_of_a_file_is_told_at_once():
    text = "qouta: 1\nstaffing: {quota: x, actual: -1}\nfunds: 无\n"
    assert sorted(code for code, *_ in found(text, Year)) == ["S202", "S207", "S212", "S213"]
