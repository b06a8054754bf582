from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pytest

from builders import codes, told
from reportgen.check.waivers import apply_waivers, judged_text
from reportgen.findings import CODES, finding
from reportgen.model.rules import Waiver
from reportgen.model.source import SourceSpan


def broken(subject: str, line: int = 1, left: str = "153.21万元", right: str = "160.71万元"):
    span = SourceSpan("data.yaml", line, 1)
    return finding("R101", span, subject=subject, title="两处", left=left, sign="＝", right=right)


JUDGED = "153.21万元 ＝ 160.71万元"


def waiver(code: str, subject: str, line: int = 1, *judged: str) -> Waiver:
    span = SourceSpan("report.yaml", line, 3)
    return Waiver(code, subject, f"理由{line}", span, judged or (JUDGED,))


BROKEN = broken("same")
OTHER = broken("other", 2)


def test_a_waived_finding_becomes_a_note_with_the_reason():
    (waived,) = apply_waivers([BROKEN], [waiver("R101", "same")])
    assert (waived.severity, waived.waived, waived.span) == ("note", "理由1", BROKEN.span)


def test_a_waiver_covers_every_finding_of_its_code_and_subject_and_no_other():
    again = broken("same", 9)
    unchecked = finding("R102", SourceSpan("data.yaml", 1, 1), subject="same", blank="上年数")
    result = apply_waivers([BROKEN, again, OTHER, unchecked], [waiver("R101", "same")])
    assert [bool(each.waived) for each in result] == [True, True, False, False]
    assert codes(result) == ["R101", "R101", "R101", "R102"]


def test_an_unused_waiver_is_told_at_its_place():
    result = apply_waivers([OTHER], [waiver("R101", "same", 4), waiver("R101", "other", 5)])
    assert told(result) == [("R101", "data.yaml:2:1"), ("R103", "report.yaml:4:3")]
    assert result[1].params == {"waived": "R101", "of": "same"}
    assert result[1].severity == "warning"


def test_a_waiver_that_stands_twice_is_told_at_the_second():
    result = apply_waivers([BROKEN], [waiver("R101", "same", 4), waiver("R101", "same", 5)])
    assert result[0].waived == "理由4"
    assert told(result[1:]) == [("R103", "report.yaml:5:3")]


@pytest.mark.parametrize("code", ["R101", "R102", "R203", "P102", "P202", "P208", "F111", "F112"])
def test_what_facts_and_form_are_can_be_waived(code):
    params = defaultdict(lambda: "3家")
    told_ = replace(finding(code, subject="x"), params=params)
    (result,) = apply_waivers([told_], [waiver(code, "x", 1, judged_text(told_))])
    assert result.waived


@pytest.mark.parametrize(
    "code",
    ["L103", "S201", "F101", "F103", "F106", "T102", "V101", "D101", "P203", "R103", "R104", "Q1"],
)
def test_what_is_broken_cannot_be_waived_and_the_attempt_is_told(code):
    findings = [finding(code, subject="x")] if code in CODES else []
    result = apply_waivers(findings, [waiver(code, "x", 3)])
    assert not any(each.waived for each in result)
    assert ("R104", "report.yaml:3:3") in told(result)


@pytest.mark.parametrize(
    ("severity", "expected"), [("error", ["R101"]), ("warning", ["R101", "R103"])]
)
def test_while_an_error_is_left_no_waiver_is_called_unused(severity, expected):
    left = replace(broken("x"), severity=severity)
    assert codes(apply_waivers([left], [waiver("R101", "same")])) == expected


@pytest.mark.parametrize("subject", ["sa*", "*", "s", "[s]ame"])
def test_a_waiver_is_for_one_subject(subject):
    (first, *_) = apply_waivers([BROKEN], [waiver("R101", subject)])
    assert not first.waived


@pytest.mark.parametrize(
    ("judged", "left", "right", "holds"),
    [
        (JUDGED, "153.21万元", "160.71万元", True),
        (JUDGED, "1532100元", "160.71万元", True),
        ("153.2万元 ＝ 160.7万元", "153.21万元", "160.71万元", False),
        ("27亿元 ＝ 25亿元", "27.4亿元", "25亿元", False),
        ("27亿元 ＝ 25亿元", "27.00亿元", "250000万元", True),
        (JUDGED, "153.31万元", "160.71万元", False),
        (JUDGED, "1532.1万元", "160.71万元", False),
        (JUDGED, "-153.21万元", "160.71万元", False),
        (JUDGED, "160.71万元", "153.21万元", False),
        (JUDGED, "153.21家", "160.71万元", False),
        ("153.21万元", "153.21万元", "160.71万元", False),
        ("", "153.21万元", "160.71万元", False),
    ],
)
def test_a_waiver_holds_for_the_values_that_it_was_given_for(judged, left, right, holds):
    found = broken("same", 1, left, right)
    (result,) = apply_waivers([found], [waiver("R101", "same", 4, judged)])
    assert (result.code, bool(result.waived)) == (("R101", True) if holds else ("R106", False))


def test_a_waiver_that_lapsed_names_what_was_judged_and_what_is_now():
    found = broken("same", 1, "1532.1万元")
    (lapsed,) = apply_waivers([found], [waiver("R101", "same", 4)])
    assert (lapsed.params["judged"], lapsed.params["now"]) == (JUDGED, "1532.1万元 ＝ 160.71万元")
    assert [str(place.span) for place in lapsed.places] == ["data.yaml:1:1", "report.yaml:4:3"]
    assert [lapsed.severity, lapsed.final().severity, lapsed.outside().severity] == [
        "warning",
        "error",
        "error",
    ]


def test_each_finding_of_a_relation_over_several_columns_needs_its_own_values():
    budget, outturn = broken("same", 1), broken("same", 2, "1万元", "2万元")
    both = waiver("R101", "same", 4, JUDGED, "1万元 ＝ 2万元")
    assert [each.code for each in apply_waivers([budget, outturn], [both])] == ["R101", "R101"]
    one = apply_waivers([budget, outturn], [waiver("R101", "same", 4)])
    assert [each.code for each in one] == ["R101", "R106"]


@pytest.mark.parametrize(
    ("code", "subject", "expected"),
    [
        ("R101", "same", ["R103"]),
        ("R101", "sa*", ["R105"]),
        ("R101", "somewhat", ["R105"]),
        ("R102", "name", ["R105"]),
        ("P208", "anything", ["R103"]),
        ("T102", "somewhat", ["R104"]),
    ],
)
def test_a_subject_that_does_not_exist_is_told_even_beside_an_error(code, subject, expected):
    known = {"R10": {"same", "other"}}
    every = apply_waivers([], [waiver(code, subject)], known)
    assert codes(every) == expected
    left = codes(apply_waivers([OTHER], [waiver(code, subject)], known))
    assert left == ["R101", *(code for code in expected if code != "R103")]


def test_the_nearest_subject_is_named():
    (told_,) = apply_waivers([], [waiver("R101", "sume")], {"R101": {"same", "other"}})
    assert told_.params["near"] == "same"


def test_brackets_in_a_subject_are_brackets():
    found = broken("a[1]")
    assert apply_waivers([found], [waiver("R101", "a[1]")])[0].waived


def test_what_carries_a_reason_already_is_not_waived_again():
    (result,) = apply_waivers([BROKEN.with_waiver("原因")], [])
    assert result.waived == "原因"
    both = apply_waivers([BROKEN.with_waiver("原因")], [waiver("R101", "same", 4)])
    assert (both[0].waived, told(both[1:])) == ("原因", [("R103", "report.yaml:4:3")])


def test_without_waivers_nothing_changes():
    assert apply_waivers([BROKEN, OTHER], []) == (BROKEN, OTHER)
