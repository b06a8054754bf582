"""Many bureaus, a repository each: listed in one file, fetched, and told apart."""

from __future__ import annotations

import json
import shutil

import pytest

from reportgen.features.batch.repositories import fetched, read_repositories
from reportgen.findings import Diagnostics
from reportgen.findings.renderers import message
from repository import ACCOUNTS, Repository
from small_project import REPORT, UNIT, YEAR, reportgen


def read(tmp_path, text):
    path = tmp_path / "reportgen.toml"
    path.write_text(text, "utf-8")
    log = Diagnostics()
    found = read_repositories(path, log)
    return found, [(each.code, each.span.line) for each in log]


def made(tmp_path, name, unit):
    """Return the repository of a bureau whose unit is called `unit`."""
    repository = Repository.made(tmp_path / name)
    if unit != UNIT:
        shutil.move(repository.root / "data" / UNIT, repository.root / "data" / unit)
        repository.commit("Rename")
    return repository


@pytest.fixture
def two(tmp_path, monkeypatch):
    """Return a folder with a list of two repositories, one of them by its address."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    made(tmp_path, "one", "bureau")
    office = made(tmp_path, "two", "office")
    (tmp_path / "reportgen.toml").write_text(
        '[[repository]]\nsource = "one"\nunits = ["bureau"]\n\n'
        f'[[repository]]\nsource = "{office.top.as_uri()}"\nrevision = "main"\n',
        "utf-8",
    )
    return tmp_path


def run(folder, command, *options):
    return reportgen(command, "--repositories", folder / "reportgen.toml", *options)


def test_files_go_beside_the_list_and_an_overview_finds_them_there(two, monkeypatch):
    (two / "elsewhere").mkdir()
    monkeypatch.chdir(two / "elsewhere")
    assert run(two, "build", "--format", "html").code == 0
    assert (two / "build" / str(YEAR) / "office" / "internal" / f"{REPORT}.html").is_file()
    assert not any((two / "elsewhere").iterdir())
    overview = run(two, "overview", "--output-format", "json")
    assert [row["stage"] for row in json.loads(overview.out)["rows"]] == ["draft", "draft"]


def test_what_is_not_committed_in_a_folder_is_told_where_it_is_listed(two):
    facts = two / "one" / ACCOUNTS
    assert run(two, "check", "--lang", "en").code == 0
    facts.write_text(facts.read_text("utf-8") + "\n# later", "utf-8")
    done = run(two, "check", "--lang", "en")
    assert done.code == 0
    assert f"{two / 'reportgen.toml'}:2:" in done.out
    assert "warning[G104] 1 files are changed and not committed" in done.out
    assert ACCOUNTS in done.out


def test_entries_are_read_with_their_lines(tmp_path):
    (tmp_path / "bureau").mkdir()
    text = '[[repository]]\nsource = "bureau"\n\n[[repository]]\nsource = "x:y"\nrevision = "v1"\n'
    found, codes = read(tmp_path, text)
    assert codes == []
    assert [(each.source, each.revision, each.units) for each in found] == [
        (str(tmp_path / "bureau"), "HEAD", ()),
        ("x:y", "v1", ()),
    ]
    assert [each.span().line for each in found] == [1, 4]
    assert [each.span("revision").line for each in found] == [1, 6]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("[[repository]\n", 1),
        ('[[repository]]\nsource = "a"\n[[repository]]\nunits = ["a"]\n', 3),
        ('[[repository]]\nsource = "a"\nunit = "b"\n', 3),
        ('[[repository]]\nsource = "a"\nunits = [1]\n', 3),
        ('[[repository]]\nsource = "a"\nunits = "b"\n', 3),
        ("[[repository]]\nsource = 1\n", 2),
        ('[[repository]]\nsource = "a\\u0000"\n', 2),
        ('[[repository]]\nsource = "a"\nrevision = "\\u001b[2J"\n', 3),
        ('title = "a"\n[[repository]]\nsource = "a"\n', 1),
        ('repository = "a"\n', 1),
        ("repository = [1]\n[x]\n", 1),
        ('[[repositories]]\nsource = "a"\n', 1),
    ],
)
def test_what_is_not_understood_is_told_at_its_entry(tmp_path, text, line):
    assert read(tmp_path, text) == ((), [("J113", line)])


def test_key_that_there_is_none_of_is_told_with_those_that_there_are(tmp_path):
    log = Diagnostics()
    path = tmp_path / "reportgen.toml"
    path.write_text('[[repository]]\nsource = "a"\nrevison = "main"\n', "utf-8")
    assert read_repositories(path, log) == ()
    (told,) = log
    assert "没有“revison”这个键，有的是 source、revision、units" in message(told, "zh")
    assert (told.span.line, told.span.column) == (3, 1)


def test_a_list_that_cannot_be_read_is_told(tmp_path):
    log = Diagnostics()
    assert read_repositories(tmp_path / "nowhere.toml", log) == ()
    assert [each.code for each in log] == ["J113"]
    (tmp_path / "reportgen.toml").write_bytes("source = “a”".encode("gb18030"))
    assert read_repositories(tmp_path / "reportgen.toml", log) == ()


def test_reports_of_all_repositories_are_built_as_each_of_them_would(two, tmp_path):
    out = tmp_path / "out"
    done = run(two, "build", "--out", out, "--format", "html", "--jobs", "2")
    assert done.code == 0, done.out
    for unit, name in (("bureau", "one"), ("office", "two")):
        alone = ("build", "--root", two / name, "--out", tmp_path / "alone", "--format", "html")
        assert reportgen(*alone).code == 0
        below = f"{YEAR}/{unit}/internal/{REPORT}.html"
        assert (out / below).read_bytes() == (tmp_path / "alone" / below).read_bytes()


def test_a_repository_that_cannot_be_fetched_stops_no_other(two, tmp_path):
    path = two / "reportgen.toml"
    path.write_text(
        path.read_text("utf-8") + f'[[repository]]\nsource = "{tmp_path}/gone"\n', "utf-8"
    )
    done = run(two, "build", "--out", tmp_path / "out", "--format", "html", "--lang", "en")
    assert done.code == 1
    assert f"{path}:9:1: error[G121]" in done.out
    assert "No such file or directory" in done.out
    assert done.out.splitlines()[-3] == f"failed: {path}:9:1  G121"  # again above the table
    for unit in ("bureau", "office"):
        assert (tmp_path / "out" / str(YEAR) / unit / "internal" / f"{REPORT}.html").is_file()


def test_one_report_of_two_repositories_is_told_and_the_first_counts(two, tmp_path):
    made(tmp_path, "three", "bureau")
    path = two / "reportgen.toml"
    path.write_text(path.read_text("utf-8") + '[[repository]]\nsource = "three"\n', "utf-8")
    log = Diagnostics()
    found = fetched(read_repositories(path, log), tmp_path / "cache", log)
    assert [len(each.reports) for each in found] == [1, 1, 0]
    assert [(each.code, each.span.line, each.params["other"]) for each in log] == [
        ("J114", 8, str(two / "one"))
    ]


def test_a_unit_that_its_repository_lacks_is_told(two):
    path = two / "reportgen.toml"
    path.write_text('[[repository]]\nsource = "one"\nunits = ["bureau", "harbour"]\n', "utf-8")
    done = run(two, "check", "--output-format", "json")
    assert done.code == 1
    assert ("J102", str(path), 3, 1) in done.spots()


def test_a_revision_that_there_is_none_of_is_told_where_it_stands(two):
    path = two / "reportgen.toml"
    path.write_text('[[repository]]\nsource = "one"\nrevision = "nowhere"\n', "utf-8")
    done = run(two, "check", "--output-format", "json")
    assert (done.code, done.spots()) == (1, [("G103", str(path), 3, 1)])


def test_a_repository_listed_twice_is_told_once(two):
    one = two / "one"
    for number in range(5):
        copy = one / "data" / UNIT / str(YEAR) / f"report{number}"
        shutil.copytree(one / "data" / UNIT / str(YEAR) / REPORT, copy)
    Repository(one).commit("More")
    path = two / "reportgen.toml"
    path.write_text(2 * '[[repository]]\nsource = "one"\n', "utf-8")
    log = Diagnostics()
    found = fetched(read_repositories(path, log), two / "cache", log)
    assert [len(each.reports) for each in found] == [6, 0]
    (told,) = log
    assert (told.code, told.span.line) == ("J114", 3)
    assert told.params["name"].endswith("… +3")


def test_units_years_and_reports_are_chosen_as_elsewhere(two):
    chosen = run(two, "check", "--unit", "office", "--lang", "en")
    assert chosen.code == 0
    assert "bureau" not in chosen.out
    nothing = run(two, "check", "--unit", "harbour", "--output-format", "json")
    assert (nothing.code, [each["code"] for each in nothing.findings]) == (1, ["J105"])


def test_an_overview_tells_of_all_repositories_what_is_built_and_what_is_not(two, tmp_path):
    out = tmp_path / "out"
    assert run(two, "build", "--out", out, "--format", "html", "--unit", "bureau").code == 0
    ran = reportgen(
        *("overview", out, "--repositories", two / "reportgen.toml"),
        *("--output-format", "json", "--lang", "zh"),
    )
    rows = json.loads(ran.out)["rows"]
    assert [(row["unit"], row["stage"], row["changed"]) for row in rows] == [
        ("bureau", "draft", False),
        ("office", "not built", None),
    ]
