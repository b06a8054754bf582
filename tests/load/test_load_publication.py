from __future__ import annotations

import pytest

from logged import load
from small_project import HOME, REPORT, UNIT, YEAR, spots

HOME_FILE = f"{HOME}/report.yaml"


def told(small, text: str):
    small.write(HOME_FILE, f"{small.text(HOME_FILE)}publication:\n{text}")
    return load(small.files, UNIT, YEAR, REPORT)


def test_what_is_stated_is_read_by_name_and_blanks_are_empty(small):
    value, findings = told(small, "  索引号: 4312/2024\n  date:\n  time: 9：05\n  name: 题\n")
    assert findings == ()
    assert value.publication == {
        "index_number": "4312/2024",
        "date": "",
        "time": "09:05",
        "name": "题",
    }


def test_it_holds_no_facts(small):
    value, _ = told(small, "  name: 题\n")
    assert not [key for key in value.facts.facts if "publication" in key]


@pytest.mark.parametrize("time", ["9点", "24:00", "09:60", "0930"])
def test_s225_says_that_it_is_no_time(small, time):
    value, findings = told(small, f"  time: '{time}'\n")
    assert value is None
    assert spots(findings) == [small.spot("S225", HOME_FILE, f"'{time}'")]
