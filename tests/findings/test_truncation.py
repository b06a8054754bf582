from __future__ import annotations

from reportgen.findings import finding
from reportgen.findings.renderers import MOST, truncated
from reportgen.model.source import SourceSpan


def crowd(code, number, path="a.md", **more):
    return [finding(code, SourceSpan(path, line), **more) for line in range(1, number + 1)]


def test_few_findings_are_all_shown():
    every = (*crowd("N104", MOST), *crowd("N101", MOST), *crowd("N104", MOST, "b.md"))
    assert truncated(every, "zh") == (every, ())


def test_rest_of_a_crowd_is_counted_by_file_and_code():
    kept, rest = truncated([*crowd("N104", MOST + 7), *crowd("N101", 1)], "en")
    assert [each.code for each in kept] == ["N104"] * MOST + ["N101"]
    assert rest == ("a.md: 7 more N104; -v shows each",)


def test_no_error_is_left_out():
    every = tuple(crowd("N104", MOST + 7, severity="error"))
    assert truncated(every, "zh") == (every, ())
