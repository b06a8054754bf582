from __future__ import annotations

import pytest

from logged import read_model
from reportgen.load.schema import ReportFile, Year
from reportgen.project.source_files import SourceFiles


@pytest.fixture
def read(tmp_path):
    def read_texts(*texts, model=Year, home=""):
        paths = []
        for name, text in zip("abc", texts, strict=False):
            (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
            paths.append(f"{name}.yaml")
        return read_model(SourceFiles(tmp_path), paths, model, home)

    return read_texts


def spots(findings):
    return [
        (f.code, *((p.span.path, p.span.line, p.span.column) for p in f.places)) for f in findings
    ]


def test_keys_of_all_files_stand_together(read):
    year, findings = read("staffing: {quota: 3人, actual: 2人}", "goals: [甲]")
    assert findings == ()
    assert year.staffing.quota.span.path == "a.yaml"
    assert year.goals[0].span.path == "b.yaml"


def test_no_files_are_no_facts(read):
    year, findings = read()
    assert findings == ()
    assert vars(year) == vars(Year())


def test_key_in_two_files_is_told_with_both_places(read):
    year, findings = read("goals: [甲]", "goals: [乙]")
    assert year is None
    assert spots(findings) == [("L110", ("b.yaml", 1, 1), ("a.yaml", 1, 1))]


@pytest.mark.parametrize("group", ["facts", "其他事实"])
def test_own_facts_of_two_files_are_joined(read, group):
    year, findings = read(f"{group}: {{甲: 1家}}", f"{group}: {{乙: 2家}}")
    assert findings == ()
    assert list(year.facts) == ["甲", "乙"]


def test_own_fact_in_two_files_is_told_with_both_places(read):
    _, findings = read("facts: {甲: 1家}", "facts:\n  甲: 2家")
    assert spots(findings) == [("L110", ("b.yaml", 2, 3), ("a.yaml", 1, 9))]


def test_own_facts_that_are_no_group_in_one_file_are_not_joined(read):
    _, findings = read("facts: {甲: 1家}", "facts: 无")
    assert [f.code for f in findings] == ["L110"]


def test_file_that_is_no_group_is_refused_with_what_the_others_hold(read):
    _, findings = read("- 甲", "staffing: {quota: x人, actual: 2人}")
    assert [f.code for f in findings] == ["S203", "S207"]


def test_file_of_one_slip_is_told_as_a_slip(read):
    assert spots(read("人员编制：")[1]) == [("L114", ("a.yaml", 1, 5))]


def test_broken_file_does_not_make_keys_missing(read):
    _, findings = read("pack: 'a", "facts: {}", model=ReportFile)
    assert [f.code for f in findings] == ["L116"]


def test_key_in_no_file_is_missing_in_the_home_of_all(read):
    _, findings = read("ratings: []", "pack: a", model=ReportFile, home="b.yaml")
    assert spots(findings) == [("S201", ("b.yaml", 1, 1))]


def test_value_with_a_warning_is_still_a_value(read):
    year, findings = read("facts: {甲: 一 #二\n}")
    assert [f.code for f in findings] == ["L123"]
    assert year is not None
