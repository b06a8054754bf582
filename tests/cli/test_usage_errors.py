"""What is said of a command line that cannot be parsed, in the language asked for."""

from __future__ import annotations

import re

import pytest

from reportgen.cli.commands import COMMANDS
from reportgen.cli.options import Lang
from reportgen.cli.usage_errors import SENTENCES, typed_language
from small_project import reportgen

CASES = [
    (("chekc",), "'check'"),
    (("nonsense",), "'nonsense'"),
    (("--bogus",), "--bogus"),
    (("build", "--yaer", "2023"), "--year"),
    (("build", "-x"), "-x"),
    (("build", "--year"), "--year"),
    (("build", "--strict=1"), "--strict"),
    (("build", "--year", "MMXXIII"), "'MMXXIII'"),
    (("build", "--audience", "everybody"), "internal"),
    (("build", "--output-format", "xml"), "concise"),
    (("build", "--format", "odt"), "docx"),
    (("build", "surplus"), "surplus"),
    (("explain",), "target"),
    (("new-year", "2024"), "--unit"),
    (("verify", "x.pdf", "--limit", "0"), "'0'"),
    (("preview", "--port", "70000"), "65000"),
    (("schema", "nonsense"), "report-part"),
    (("diff", "--threshold", "much"), "'much'"),
]
CHINESE = re.compile("[\u4e00-\u9fff]")
ENGLISH = re.compile(r"\b(error|invalid|missing|such|try|usage|value|shows)\b", re.IGNORECASE)


@pytest.fixture(params=["zh", "en"])
def locale(request, monkeypatch):
    """Return the language of the locale that the command runs in."""
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", f"{request.param}.UTF-8")
    return request.param


@pytest.mark.parametrize(("arguments", "named"), CASES, ids=[" ".join(case[0]) for case in CASES])
def test_misuse_is_said_in_one_language_and_names_what_is_wrong(arguments, named, locale):
    done = reportgen(*arguments)
    assert (done.code, done.out) == (2, "")
    wrong, usage = done.err.splitlines()
    assert named in wrong
    assert usage.split(" --help")[0] == wrong.partition(":")[0]
    assert bool(CHINESE.search(wrong)) == bool(CHINESE.search(usage)) == (locale == "zh")
    assert bool(ENGLISH.search(done.err)) == (locale == "en")


IDLE = [
    ("build --shared", "--shared --scheduler"),
    ("build --repository x", "--repository --scheduler"),
    ("check --shared --repository x", "--shared --scheduler"),
    ("check --jobs 2 --scheduler tcp://h:1", "--jobs --scheduler"),
    ("check --jobs 0 --scheduler tcp://h:1", "--jobs --scheduler"),
    ("build --scheduler tcp://h:1 --shared --repository x", "--repository --shared"),
    ("build --root . --repositories r.toml", "--root --repositories"),
    ("build --comments --format html,pdf", "--comments --format"),
    ("build --comments-all --format pdf", "--comments-all --format"),
    ("build --comments --audience public", "--comments --audience"),
    ("rebuild --commit HEAD --comments-all --audience submit", "--comments-all --audience"),
    ("audit a.docx --root x", "--root --pack"),
    ("audit a.docx --out x", "--out --html --docx --xlsx"),
    ("audit a.docx --jobs 2 --scheduler tcp://h:1", "--jobs --scheduler"),
    ("verify a.pdf --jobs 2 --scheduler tcp://h:1", "--jobs --scheduler"),
    ("verify a.pdf --limit 3", "--limit --search"),
    ("verify a.pdf --manifest m.json --out x", "--out --manifest"),
    ("verify a.pdf --manifest m.json --site x", "--site --manifest"),
    ("overview --jobs 2", "--jobs --audits"),
    ("overview --out x", "--out --html --xlsx --csv"),
]


@pytest.mark.parametrize(("typed", "named"), IDLE, ids=[case[0] for case in IDLE])
def test_an_option_that_would_do_nothing_is_refused_with_those_it_depends_on(typed, named, locale):
    done = reportgen(*typed.split())
    assert (done.code, done.out) == (2, "")
    wrong = done.err.splitlines()[0]
    assert set(re.findall(r"--[a-z]+(?:-all)?", wrong)) == set(named.split())
    assert bool(CHINESE.search(wrong)) == (locale == "zh")


def test_rules_name_options_that_the_command_has():
    for command in COMMANDS:
        flags = {each.flags[0] for each in command.parameters if each.flags}
        for rule in command.rules:
            named = {other.partition(" ")[0] for other in rule.others}
            assert {rule.option, *named} <= flags, command.name


def test_comments_are_written_where_the_formats_hold_word_though_nobody_typed_them(small):
    done = small.run("build", "--comments", "--format", "pdf, docx")
    assert done.code == 0, done.out


def test_language_typed_on_the_command_line_is_that_of_the_error(locale):
    other = "en" if locale == "zh" else "zh"
    for typed in (("--lang", other), (f"--lang={other}",)):
        for arguments in (("build", *typed, "--yaer"), ("build", "--yaer", *typed)):
            done = reportgen(*arguments)
            assert bool(CHINESE.search(done.err)) == (other == "zh")


def test_language_that_there_is_not_leaves_that_of_the_locale(locale):
    assert typed_language(["build", "--lang", "fr"]) == Lang(locale)
    assert typed_language(["build", "--lang"]) == Lang(locale)


def test_nothing_typed_can_colour_the_terminal():
    done = reportgen("a\x1b[31m")
    assert "\x1b" not in done.err
    assert "<U+001B>" in done.err


def test_every_sentence_is_in_both_languages():
    assert SENTENCES["zh"].keys() == SENTENCES["en"].keys()
