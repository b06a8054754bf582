"""`site.toml` is read strictly: what is wrong in it is told with its line and column."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.features.site.settings import NAME, read_settings
from reportgen.features.site.versions import Withdrawal
from reportgen.findings import Diagnostics
from reportgen.findings.renderers import message

CORRECTION = """
[[correction]]
unit = "huaihua"
year = 2023
report = "department"
date = 2024-09-12
notice = "更正说明.docx"
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "site.toml"


def read(path, text):
    """Return the settings of a text, and the places of what is wrong in it."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    log = Diagnostics()
    found = read_settings(path, path.parent / "build", log)
    assert (found is None) == log.blocked
    assert all(message(each, lang) for each in log for lang in ("zh", "en"))
    return found, [(each.code, each.span.line, each.span.column) for each in log]


def test_empty_file_gives_the_usual_settings(path):
    (settings_, corrections), log = read(path, "")
    assert (settings_.name, settings_.url, corrections, log) == (NAME, "", (), [])
    assert settings_.builds == (str(path.parent / "build"),)


def test_all_that_a_file_may_say_is_read(path):
    text = """# 网站
name = "某市"
url = "https://example.org/jixiao"
publisher = "某局"
contact = "某路1号"
builds = ["build", "../other/build", "/srv/build"]
"""
    (settings_, corrections), log = read(path, f"\ufeff{text}{CORRECTION}{CORRECTION}".encode())
    assert log == []
    assert settings_.url == "https://example.org/jixiao/"
    assert (settings_.name, settings_.publisher, settings_.contact) == ("某市", "某局", "某路1号")
    folder = path.parent
    assert [*map(Path, settings_.builds)] == [
        folder / "build",
        folder / "../other/build",
        Path("/srv/build"),
    ]
    first, second = corrections
    assert (first.unit, first.year, first.report, first.date) == (
        "huaihua",
        2023,
        "department",
        "2024-09-12",
    )
    assert first.notice == folder / "更正说明.docx"
    assert second.span.line - first.span.line == 7


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('withdrawn = ["a/2023/x", "b/2023/x/v1"]\n', (1, 26)),
        ("withdrawn = [\n  'a/2023/x',\n  'b/2023/x/v1',\n]\n", (3, 3)),
        ('name = "甲"\n[[withdrawn]]\naddress = "b/2023/x/v1"\n', (3, 11)),
        ('withdrawn = [{address = "b/2023/x/v1"}]\n', (1, 25)),
    ],
)
def test_place_of_what_is_withdrawn_is_known(path, text, place):
    (settings_, _), _ = read(path, text)
    span = settings_.withdrawn[-1].span
    assert (span.path, span.line, span.column) == (str(path), *place)


WITHDRAWN = """
[[withdrawn]]
address = "/huaihua/2023/department/v1/"
date = 2024-09-12
reason = " 误列。 "

[[withdrawn]]
address = "huaihua/2022/department"
"""


def test_what_is_withdrawn_is_said_in_short_or_with_its_day_and_reason(path):
    (short, _), log = read(path, 'withdrawn = ["huaihua/2023/department/v1"]\n')
    assert (short.withdrawn, log) == ((Withdrawal("huaihua/2023/department/v1"),), [])
    (said, _), log = read(path, WITHDRAWN)
    first = Withdrawal("huaihua/2023/department/v1", "2024-09-12", "误列。")
    assert (said.withdrawn, log) == ((first, Withdrawal("huaihua/2022/department")), [])


WRONG = [
    ("withdrawn = 'x'\n", 1, 1),
    ("withdrawn = ['']\n", 1, 1),
    ("withdrawn = [1]\n", 1, 1),
    ("[[withdrawn]]\nreason = 'x'\n", 1, 1),
    ("[[withdrawn]]\naddress = ' '\n", 1, 1),
    ("[[withdrawn]]\naddress = 'a/2023/b'\ndate = 2024\n", 3, 1),
    ("[[withdrawn]]\naddress = 'a/2023/b'\nreason = 1\n", 3, 1),
    ("[[withdrawn]]\naddress = 'a/2023/b'\nwhy = 'x'\n", 3, 1),
    ("title = 'x'\n", 1, 1),
    ("\n  nmae = 'x'\n", 2, 3),
    ("name = 1\n", 1, 1),
    ("name = ''\n", 1, 1),
    ("name = '  '\n", 1, 1),
    ("name = ['x']\n", 1, 1),
    ("builds = 'build'\n", 1, 1),
    ("builds = []\n", 1, 1),
    ("builds = [1]\n", 1, 1),
    ("builds = ['']\n", 1, 1),
    ("url = 'example.org'\n", 1, 1),
    ("url = 'ftp://example.org/'\n", 1, 1),
    ("url = 'https://'\n", 1, 1),
    ("url = 'https://example.org/?a=1'\n", 1, 1),
    ("url = 'https://example.org/#a'\n", 1, 1),
    ("url = 'https://[::1'\n", 1, 1),
    ("url = 'javascript:alert(1)'\n", 1, 1),
    ("name = 'a'\nurl = 'https://example.org/ x'\n", 2, 1),
    ("correction = 1\n", 1, 1),
    ("correction = [1]\n", 1, 1),
    ("[correction]\nunit = 'x'\n", 1, 1),
    ("[site]\nname = 'x'\n", 1, 1),
    ("name = 'a'\nname = 'b'\n", 2, 11),
    ("name = a\n", 1, 8),
    ("name = 'a\n", 1, 10),
    (f"{CORRECTION}year = 2022\n", 8, 12),
    (CORRECTION.replace("2023", "'2023'"), 4, 1),
    (CORRECTION.replace("2023", "true"), 4, 1),
    (CORRECTION.replace("2023", "20233"), 4, 1),
    (CORRECTION.replace("2024-09-12", "2024-09-12T00:00:00"), 6, 1),
    (CORRECTION.replace("2024-09-12", "'2024-9-12'"), 6, 1),
    (CORRECTION.replace('"更正说明.docx"', "3"), 7, 1),
    (CORRECTION.replace("notice", "file"), 7, 1),
    (CORRECTION.replace("unit", "bureau"), 3, 1),
]


@pytest.mark.parametrize(("text", "line", "column"), WRONG)
def test_what_is_wrong_is_told_at_its_place(path, text, line, column):
    found, log = read(path, text)
    assert found is None
    assert log[0] == ("U101", line, column)


def test_year_in_quotes_is_told_to_stand_without(path):
    path.write_text(CORRECTION.replace("2023", '"2023"'), "utf-8")
    log = Diagnostics()
    assert read_settings(path, path.parent, log) is None
    assert [*message_of(log)] == [(4, 1, True)]


def message_of(log):
    for each in log:
        yield each.span.line, each.span.column, "year = 2023" in message(each, "zh")


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "mailto:a@example.org", "CC BY 4.0", "//x"]
)
def test_license_is_an_address_on_the_web(path, text):
    assert read(path, f'\nlicense = "{text}"\n') == (None, [("U101", 2, 1)])
    fine = "https://example.org/a?b=1#c"
    assert read(path, f'license = "{fine}"\n')[0][0].license == fine


def test_key_that_a_correction_lacks_is_told_at_its_head(path):
    for key in ("unit", "year", "report", "date", "notice"):
        lines = [line for line in CORRECTION.splitlines() if not line.startswith(key)]
        found, log = read(path, "\n".join([*lines, CORRECTION]))
        assert found is None
        assert log == [("U101", 2, 1)]


def test_second_of_two_corrections_is_told_at_its_own_place(path):
    found, log = read(path, CORRECTION + CORRECTION.replace("2023", "0"))
    assert (found, log) == (None, [("U101", 11, 1)])


@pytest.mark.parametrize("data", [b"\xff\xfe", b"name = '\xd6\xd0'", b"\0", b"a" * 20_000_000])
def test_file_that_is_no_text_is_told(path, data):
    assert read(path, data)[0] is None


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo, lambda path: path.symlink_to(path)])
def test_file_that_is_none_is_told(path, make):
    make(path)
    log = Diagnostics()
    assert read_settings(path, path.parent, log) is None
    assert [each.code for each in log] == ["U101"]


KEYS = ["name", "url", "builds", "correction", "unit", "year", "site", "'name'", "a.b", "中文"]
VALUES = [
    "'x'",
    "1",
    "true",
    "[]",
    "['x']",
    "[[]]",
    "{}",
    "{unit = 'x'}",
    "2024-01-01",
    "'''\nx'''",
]
LINES = st.one_of(
    st.builds("{} = {}".format, st.sampled_from(KEYS), st.sampled_from(VALUES)),
    st.sampled_from(["[correction]", "[[correction]]", "[[ correction ]]", "[a.b]", "# x", ""]),
    st.text(max_size=8),
)


@settings(max_examples=300, deadline=None)
@given(lines=st.lists(LINES, max_size=8))
def test_any_file_is_read_or_told(tmp_path_factory, lines):
    path = tmp_path_factory.mktemp("any") / "site.toml"
    text = "\n".join(lines)
    found, log = read(path, text.encode("utf-8", "surrogatepass"))
    count = text.count("\n") + 1
    assert all(line <= count for _, line, _ in log)
    assert found is None or found[0].name
