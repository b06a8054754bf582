"""What the check says of numbers typed in narrative, prose facts and templates, and where."""

from __future__ import annotations

import pytest

from small_project import DATA, HOME, NARRATIVE, PACK, SmallProject, spots

PROSE = f"{NARRATIVE}/spending.md"


@pytest.fixture
def small(tmp_path):
    return SmallProject.copied(tmp_path / "project")


def said(project, text, path=None):
    """Return the N-findings after `text` was put below the narrative: (code, typed)."""
    path = path or PROSE
    project.write(path, project.text(path).rstrip("\n") + f"\n\n{text}\n")
    return [f for f in project.draft().findings if f.code.startswith("N")]


def figure(project, key):
    return project.draft().ledger.figures[key]


def test_number_that_equals_a_figure_is_to_be_bound_and_the_expression_is_told(small):
    rate = figure(small, "execution_rate")
    (found,) = said(small, f"本年执行率为{rate.text}。")
    assert (found.code, found.severity) == ("N101", "warning")
    assert found.params["expression"] == "{{ execution_rate }}"
    assert found.span.line == small.text(PROSE).rstrip("\n").count("\n") + 1
    assert found.span.column == len("本年执行率为") + 1
    assert found.places[1].span == rate.span


def test_number_that_is_nearly_the_figure_is_told_with_both(small):
    rate = figure(small, "execution_rate")
    value = rate.value / rate.unit.factor
    (found,) = said(small, f"{rate.title}为{float(value) + 0.05:.2f}%。")
    assert found.code == "N102"
    assert found.params["value"] == rate.text


def test_last_years_number_is_stale(small):
    ledger = small.draft().ledger
    key = "three_public.reception.outturn"
    old, new = ledger.figures[f"prior.{key}"], ledger.figures[key]
    assert old.value != new.value
    (found,) = said(small, f"{new.title.rpartition('·')[0]}支出{old.text}。")
    assert found.code == "N103"
    assert found.params["value"] == new.text


def test_number_without_source_is_told_with_the_line_to_write(small):
    (found,) = said(small, "全年发放宣传册7431份。")
    assert (found.code, found.subject) == ("N104", "7431份")
    assert "7431份" in found.params["line"]


def test_word_of_direction_that_does_not_fit_the_figure_is_told_at_the_word(small):
    growth = figure(small, "three_public.reception.growth")
    word = "减少" if growth.value > 0 else "增加"
    (found,) = said(small, f"接待费较上年{word}{{{{ three_public.reception.growth }}}}。")
    assert found.code == "N105"
    assert found.span.column == len("接待费较上年") + 1


def test_year_of_the_report_typed_by_hand_is_a_note(small):
    (found,) = said(small, "2023年，工作平稳。")
    assert (found.code, found.severity) == ("N106", "note")
    assert found.params["expression"] == "{{ year }}"


def test_number_on_the_allow_list_is_not_told_and_an_unused_entry_is_a_note(small):
    home = f"{HOME}/report.yaml"
    entry = (
        "literals:\n  - {text: 宣传册7431份, reason: 印数}\n  - {text: 没有这句9份, reason: 无}\n"
    )
    small.write(home, small.text(home).rstrip("\n") + "\n" + entry)
    (found,) = said(small, "全年发放宣传册7431份。")
    assert (found.code, found.severity, found.subject) == ("N107", "note", "没有这句9份")


def test_entry_of_the_allow_list_may_be_for_one_file(small):
    home = f"{HOME}/report.yaml"
    entry = "literals:\n  - {text: 7431份, reason: 印数, where: elsewhere.md}\n"
    small.write(home, small.text(home).rstrip("\n") + "\n" + entry)
    assert [f.code for f in said(small, "全年发放宣传册7431份。")] == ["N104", "N107"]


def test_finding_can_be_waived(small):
    home = f"{HOME}/report.yaml"
    entry = "  - {code: N104, subject: 7431份, reason: 待核}\n"
    small.write(home, small.text(home).replace("waivers:\n", "waivers:\n" + entry))
    (found,) = said(small, "全年发放宣传册7431份。")
    assert found.waived == "待核"


def test_stale_numbers_and_wrong_words_are_errors_of_a_final_report(small):
    growth = figure(small, "three_public.reception.growth")
    word = "减少" if growth.value > 0 else "增加"
    said(small, f"接待费较上年{word}{{{{ three_public.reception.growth }}}}。")
    assert [spot[0] for spot in spots(small.draft(final=True).findings)] == ["N105"]


def test_number_in_a_form_is_told_and_tags_are_no_text(small):
    path = f"{PACK}/forms/{min((small.root / PACK / 'forms').glob('*.html')).name}"
    text = small.text(path)
    at = text.index("</th>") if "</th>" in text else text.index("</td>")
    small.write(path, text[:at] + "发放7431份" + text[at:])
    found = [f for f in small.draft().findings if f.code == "N104"]
    assert [(f.span.path, f.subject) for f in found] == [(path, "7431份")]


@pytest.mark.parametrize(
    "written",
    [
        "工作总结，发放7431份。",
        "'工作总结，''发放''7431份。'",
        '"工作总结，\\"发放\\"\\u00a07431份。"',
        ">-\n      工作总结，\n      发放7431份。",
        "|\n      工作总结。\n      发放7431份。",
    ],
)
def test_number_in_prose_is_marked_where_it_stands_in_the_yaml(small, written):
    path = f"{DATA}/achievements.yaml"
    small.write(path, f"achievements:\n  - 第一条\n  - {written}\n")
    (found,) = [f for f in small.draft().findings if f.code == "N104"]
    line = small.text(path).split("\n")[found.span.line - 1]
    assert line[found.span.column - 1 :].startswith("7431份")


def test_target_of_an_indicator_needs_no_source_and_what_was_reached_should_be_a_figure(small):
    path = f"{HOME}/ratings.yaml"
    text = small.text(path)
    firms = figure(small, "新增企业").text
    assert f"target: 新增{firms}" in text
    small.write(path, text.replace('actual: "新增{{ 新增企业 }}"', f"actual: 新增{firms}"))
    found = [f for f in small.draft().findings if f.code.startswith("N")]
    assert [(f.code, f.subject) for f in found] == [("N101", "新增企业")]
