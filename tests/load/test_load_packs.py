from __future__ import annotations

import pytest

from logged import load_pack
from reportgen.load.packs import NUMBERING
from reportgen.model.quantity import Shape
from small_project import PACK, spots

PATH = f"{PACK}/pack.yaml"
METRICS = f"{PACK}/metrics.yaml"


def loaded(small):
    pack, findings = load_pack(small.files, "small")
    assert findings == ()
    return pack


def found(small):
    return spots(load_pack(small.files, "small")[1])


def test_pack_holds_what_is_prescribed(small):
    pack = loaded(small)
    assert (pack.folder, pack.authority, pack.basis) == (
        "small",
        "示例市财政局",
        "示财绩〔2024〕1号",
    )
    assert [line.text for line in pack.title] == [
        "{{ year }}年度{{ unit.name }}",
        "整体支出绩效自评报告",
    ]
    assert [section.id for section in pack.outline] == ["overview", "spending", "results"]
    assert [section.text for section in pack.outline[0].sections] == ["narrative", "pack"]
    assert pack.outline[0].text == ""
    line = pack.policy.withhold[0]
    assert (line.key, line.ground.reason, line.ground.layer) == (
        "report.preparer.name",
        "个人信息",
        0,
    )


def test_annex_and_form_know_their_places(small):
    (annex,) = loaded(small).annexes
    assert (annex.body, annex.landscape) == (f"{PACK}/annex.md", True)
    assert (annex.forms[0].name, annex.forms[0].columns) == ("overview", 5)
    assert str(annex.forms[0].span) == f"{PATH}:27:16"


def test_numbers_are_those_of_official_documents_unless_said(small):
    assert loaded(small).numbering == NUMBERING
    small.replace(PATH, "opening: narrative", "opening: narrative\nnumbering: ['{n}.']")
    assert loaded(small).numbering == ("{n}.",)


@pytest.mark.parametrize(
    ("sample", "style"),
    [
        ("一、", "{cn}、"),
        ("（一）", "（{cn}）"),
        ("第一部分　", "第{cn}部分　"),
        ("1.", "{n}."),
        ("\uff11\uff0e", "{n}\uff0e"),
        ("（1）", "（{n}）"),
        ("第{cn}章 ", "第{cn}章 "),
    ],
)
def test_sample_of_a_number_names_its_style(small, sample, style):
    small.replace(PATH, "opening: narrative", f"opening: narrative\nnumbering: ['{sample}']")
    assert loaded(small).numbering == (style,)


@pytest.mark.parametrize(
    "style",
    ["、", "二、", "1.1", "一之1", "{x}、", "{cn", "{cn}{n}", "A.", "①", "十一、", "{n.real}"],
)
def test_style_that_would_number_all_headings_alike_is_refused_at_its_place(small, style):
    small.replace(PATH, "opening: narrative", f"opening: narrative\nnumbering: [一、, '{style}']")
    assert found(small) == [small.spot("S226", PATH, f"'{style}'")]


def test_money_is_in_ten_thousands_with_two_decimals_unless_said(small):
    assert str(loaded(small).formats.money_unit) == "万元"
    assert loaded(small).formats.money == Shape(2, strip=True, thousands=False)
    formats = "formats: {money_unit: 元, money_decimals: 0, strip: 否, thousands: 是, blank: —}"
    small.replace(PATH, "opening: narrative", f"opening: narrative\n{formats}")
    assert str(loaded(small).formats.money_unit) == "元"
    assert loaded(small).formats.money == Shape(0, strip=False, thousands=True)
    assert loaded(small).formats.blank == "—"


def test_rules_come_from_every_file_of_the_folder(small):
    small.write(f"{PACK}/more.yaml", "metrics: {甲: {title: 甲, formula: 工业投资}}\n")
    assert "甲" in [metric.key for metric in loaded(small).rules.metrics]


def test_shared_rules_are_named_by_their_path(small):
    small.write("templates/shared/rules.yaml", "metrics: {甲: {title: 甲, formula: 工业投资}}\n")
    small.replace(PATH, "opening: narrative", "opening: narrative\nrules: [shared/rules.yaml]")
    assert loaded(small).rules.metrics[0].key == "甲"


@pytest.mark.parametrize(
    ("path", "code"), [("shared/none.yaml", "L100"), ("../../x.yaml", "L102"), ("small", "L101")]
)
def test_shared_rules_that_are_not_there_are_told_with_the_line_that_names_them(small, path, code):
    small.replace(PATH, "opening: narrative", f"opening: narrative\nrules: [{path}]")
    _, (each,) = load_pack(small.files, "small")
    assert (each.code, each.span.path) == (code, f"templates/{path}")
    assert [(str(p.span), p.note) for p in each.places[1:]] == [(f"{PATH}:13:9", "used")]


def test_rule_in_two_files_is_told_with_both_places(small):
    small.write(f"{PACK}/more.yaml", "metrics: {points.total: {title: 甲, formula: 工业投资}}\n")
    _, (each,) = load_pack(small.files, "small")
    assert (each.code, {place.span.path for place in each.places}) == (
        "L110",
        {METRICS, f"{PACK}/more.yaml"},
    )


@pytest.mark.parametrize("floor", ["100", "100分", "１００"])
def test_floor_of_a_grade_is_a_number(small, floor):
    small.replace(METRICS, '"90"', floor)
    grade = next(m for m in loaded(small).rules.metrics if m.key == "score.grade")
    assert grade.grades[0] == ("100", "优")


SLIPS = [
    (METRICS, '"90"', "九十", "S207", "九十"),
    (METRICS, 'unit: "%"\n', "unit: 百分之\n", "S208", "百分之"),
    (METRICS, "  points.total", "  points total", "S215", "points total"),
    (METRICS, "sum(visits.次数)", "sum(visits.次数), decimals: 11", "S217", "11"),
    (PATH, "columns: 5", "columns: -5", "S217", "-5"),
    (PATH, "landscape: true", "landscape: maybe", "S217", "maybe"),
    (PATH, "text: pack", "text: packs", "S217", "packs"),
    (PATH, "opening: narrative", "opening: maybe", "S217", "maybe"),
    (PATH, "id: duties", "id: sections/duties", "S215", "sections/duties"),
    (PATH, "title: 主要职责", "title: ''", "S218", "'', id"),
    (PATH, "  - staffing.quota", "  - ", "S218", ""),
    (PATH, "authority: 示例市财政局", "authorty: 示例市财政局", "S202", "authorty"),
]


@pytest.mark.parametrize(("path", "old", "new", "code", "marked"), SLIPS)
def test_slip_of_a_pack_author_has_its_place(small, path, old, new, code, marked):
    small.replace(path, old, new)
    (each,) = found(small)
    assert each[:2] == (code, path)
    if marked:
        assert each == small.spot(code, path, marked)


def test_unit_of_money_that_nobody_knows_is_refused(small):
    small.replace(PATH, "opening: narrative", "opening: narrative\nformats: {money_unit: 大洋}")
    assert [code for code, *_ in found(small)] == ["S208"]


def test_outline_has_four_levels_at_most(small):
    inner = "{title: 四, id: d, text: none}"
    for title, name in (("三", "c"), ("二", "b")):
        inner = f"{{title: {title}, id: {name}, text: none, sections: [{inner}]}}"
    small.replace(PATH, "id: results}", f"id: results, sections: [{inner}]}}")
    assert found(small) == []
    small.replace(PATH, "id: d, text: none", "id: d, sections: [{title: 五, id: e, text: none}]")
    assert found(small) == [small.spot("S219", PATH, "五")]


def test_pack_without_its_file_is_missing(small):
    (small.root / PATH).unlink()
    assert found(small) == [("L100", PATH, 1, 1)]
