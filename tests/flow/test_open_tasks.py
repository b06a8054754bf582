"""What is still to be done for a report: by kind, by office, less and less of it."""

from __future__ import annotations

import json

import pytest

from small_project import DATA, HOME, NARRATIVE, SmallProject, reportgen

FUNDS, STAFFING = f"{DATA}/funds.yaml", f"{DATA}/staffing.yaml"


def todo(project: SmallProject, *arguments: str) -> list[dict[str, object]]:
    done = reportgen("todo", "--root", project.root, "--output-format", "json", *arguments)
    assert done.code == 0, done
    return json.loads(done.out)


def of_kind(project: SmallProject, kind: str) -> list[tuple[object, ...]]:
    found = [each for each in todo(project) if each["kind"] == kind]
    return [(each["path"], each["lines"], each["key"]) for each in found]


def test_nothing_is_left_of_a_complete_report(small):
    assert todo(small) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_blank_is_told_with_its_line_and_what_to_type(small, lang):
    small.replace(STAFFING, "  quota: 30人\n", "  quota:   # 待填\n")
    done = reportgen("todo", "--root", small.root, "--lang", lang)
    line = done.out.split("\n")[0]
    assert line.startswith(f"{STAFFING}:2:9: ")
    assert "人员编制·编制数" in line
    assert "人" in line.rpartition("：")[2]
    assert not set("{}@").intersection(done.out)


def test_a_blank_that_the_pack_requires_needs_no_word(small):
    small.replace(STAFFING, "  quota: 30人\n", "  quota:\n")
    assert of_kind(small, "fill") == [(STAFFING, "2", "staffing.quota")]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("name: 填表人甲", "文字"),
        ('phone: "0000000"', "文字"),
        ("date: 2024-06-20", "日期，如 2024-06-30"),
    ],
)
def test_a_blank_is_asked_for_by_what_the_schema_takes_there(small, line, what):
    field = line.partition(":")[0]
    small.replace(f"{HOME}/report.yaml", f"  {line}\n", f"  {field}:   # 待填\n")
    done = reportgen("todo", "--root", small.root, "--lang", "zh")
    assert done.out.split("\n")[0].endswith(f"（report.preparer.{field}）：{what}")


def test_what_a_rule_works_out_nobody_has_to_type(small):
    small.replace(f"{HOME}/ratings.yaml", "    score: 9\n", "    score:   # 待填\n")
    assert of_kind(small, "fill") == [(f"{HOME}/ratings.yaml", "6", "ratings.execution.score")]
    small.write(f"{HOME}/rules.yaml", "metrics:\n  x: {title: 甲, formula: 1 + 1}\n")
    small.write(f"{DATA}/more.yaml", "facts:\n  x:   # 待填\n")
    assert [key for *_, key in of_kind(small, "fill") if key == "x"] == []


def test_lines_to_confirm_are_told_by_file(small):
    small.replace(
        STAFFING, "  quota: 30人\n  actual: 27人", "  quota: 30人 # 待确认\n  actual: 27人 # 待确认"
    )
    small.write(f"{NARRATIVE}/_more.md", "甲。{# 待填 #}\n\n乙。{# 待确认 #}\n")
    assert of_kind(small, "confirm") == [
        (f"{NARRATIVE}/_more.md", "3", ""),
        (STAFFING, "2–3", ""),
    ]
    assert of_kind(small, "fill") == [(f"{NARRATIVE}/_more.md", "1", "")]


def test_facts_without_evidence_are_told_once_somebody_confirms_any(small):
    assert of_kind(small, "evidence") == []
    small.write(
        f"{DATA}/confirmations.yaml",
        "confirmations:\n  - by: 人事科\n    evidence: 编制文件\n    values:\n"
        "      staffing.quota: 30人\n",
    )
    assert (STAFFING, "3", "") in of_kind(small, "evidence")


def test_tasks_are_those_of_the_office_that_fills_in_the_place(small):
    small.write(f"{DATA}/offices.yaml", "offices:\n  人事科: [staffing]\n  财务科: [funds.yaml]\n")
    small.replace(STAFFING, "  quota: 30人\n", "  quota:   # 待填\n")
    small.replace(FUNDS, "outturn: 18.4}", "outturn: }   # 待填")
    offices = {each["key"]: each["office"] for each in todo(small)}
    assert offices == {"staffing.quota": "人事科", "funds.training.outturn": "财务科"}
    assert [each["key"] for each in todo(small, "--office", "人事科")] == ["staffing.quota"]


def test_it_gets_shorter_as_one_works(small):
    small.replace(STAFFING, "  quota: 30人\n", "  quota:   # 待填\n")
    small.replace(FUNDS, "outturn: 18.4}", "outturn: }   # 待填")
    assert len(todo(small)) == 2
    small.replace(STAFFING, "  quota:   # 待填\n", "  quota: 30人\n")
    assert len(todo(small)) == 1


def test_a_report_that_cannot_be_read_is_told(small):
    small.write(STAFFING, "staffing: [")
    done = reportgen("todo", "--root", small.root)
    assert done.code == 1
    assert STAFFING in done.out
