"""What the world outside refuses is a finding with its path, never a fault of the program."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from real_report import ROOT
from reportgen.project import saving
from small_project import DATA, NARRATIVE, UNIT, YEAR, reportgen

CHECK = (sys.executable, "-m", "reportgen.cli", "check", "--output-format")


def refused(*_arguments, **_options):
    raise PermissionError(13, "Permission denied", "data/x.yaml")


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", "error[W201] 无法写入 "), ("en", "error[W201] cannot write ")],
)
def test_a_folder_that_may_not_be_written_to(small, monkeypatch, language, words):
    small.write(f"{DATA}/funds.yaml", small.text(f"{DATA}/funds.yaml") + "\n\n\n")
    monkeypatch.setattr(saving, "write_new", refused)
    run = reportgen("fmt", "--root", small.root, "--lang", language)
    assert run.code == 1
    assert words + str(small.root / DATA.replace("2023", "2022")) in run.err
    assert "internal error" not in run.err


def test_a_year_that_cannot_be_started(small, monkeypatch):
    monkeypatch.setattr(saving, "write_new", refused)
    run = reportgen("new-year", YEAR + 1, "--root", small.root, "--unit", UNIT)
    assert run.code == 1
    assert "error[W201]" in run.err
    assert [each.name for each in (small.root / "data" / UNIT).glob("*2024*")] == []


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("gbk", r"编制\ud83d\ude00"), ("ascii", r"\u7f16\u5236\ud83d\ude00")],
)
def test_a_terminal_of_few_characters_shows_what_it_lacks_escaped(small, encoding, shown):
    small.write(f"{NARRATIVE}/staffing.md", "{{ '编制😀' | 甲 }}。\n")
    ends = []
    for output in ("full", "json"):
        done = subprocess.run(
            [*CHECK, output, "--root", small.root],
            capture_output=True,
            env={**os.environ, "PYTHONIOENCODING": encoding},
            check=False,
        )
        assert (done.returncode, done.stderr) == (1, b"")
        ends.append(done.stdout.decode(encoding))
    assert shown in ends[0]
    assert {each["path"] for each in json.loads(ends[1]) if each["severity"] == "error"} == {
        f"{NARRATIVE}/staffing.md"
    }


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_behind_the_output(small):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "reportgen.cli", "codes"],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "LANG": "en_US.UTF-8"},
            check=False,
            text=True,
        )
    assert done.returncode == 1
    assert "error[W201] cannot write stdout: No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr


def test_a_second_command_takes_what_the_first_compiled_and_says_the_same(tmp_path):
    words = ("check", "--unit", "huaihua", "--year", "2023", "--report", "department")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "XDG_CACHE_HOME": str(tmp_path)}
    told = []
    states = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "reportgen.cli", *words],
            env=environment,
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=True,
        )
        told.append(done.stdout + done.stderr)
        files = (file for file in tmp_path.rglob("*") if file.is_file())
        states.append({file.name: file.stat().st_mtime_ns for file in files})
    assert told[0] == told[1]
    assert states[0] == states[1] != {}


SEALED = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
"""What takes from root the right to pass over permissions."""
if os.geteuid() != 0:
    SEALED = ()
may_be_refused = pytest.mark.skipif(
    bool(SEALED) and shutil.which(SEALED[0]) is None, reason="root may write anywhere"
)


def sealed(*words, **environment):
    """Run the command as one whom permissions bind."""
    return subprocess.run(
        [*SEALED, sys.executable, "-m", "reportgen.cli", *map(str, words)],
        capture_output=True,
        check=False,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment},
    )


@pytest.fixture
def shut(small):
    """Return the project with folders that nobody may write to, and one nobody may look into."""
    (small.root / "shut").mkdir()
    folders = [small.root, *(each for each in small.root.rglob("*") if each.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    (small.root / "shut").chmod(0o000)
    yield small
    for folder in folders:
        folder.chmod(0o755)


WRITING = {
    "new-year": ("new-year", YEAR + 1, "--unit", UNIT, "--root", "{}"),
    "init": ("init", "--unit", "x", "--year", "2024", "--pack", "small", "--root", "{}"),
    "fmt": ("fmt", "--root", "{}"),
    "build": ("build", "--root", "{}", "--format", "html"),
    "build-out": ("build", "--root", "{}", "--format", "html", "--out", "{}/shut/out"),
    "export": ("export", "--root", "{}", "--year", YEAR, "--out", "{}/x.xlsx"),
    "new-pack": ("new-pack", "x/department-2024", "--root", "{}"),
    "audit": ("audit", "{}/data/a.txt", "--out", "{}/out", "--html"),
}


@may_be_refused
@pytest.mark.parametrize("words", WRITING.values(), ids=WRITING)
@pytest.mark.parametrize(("language", "told"), [("zh", "无法写入 "), ("en", "cannot write ")])
def test_read_only_folders_are_told_by_every_command_that_writes(shut, words, language, told):
    (shut.root / "data").chmod(0o755)
    (shut.root / "data/a.txt").write_text("本年支出共10万元。", "utf-8")
    (shut.root / "data").chmod(0o555)
    done = sealed(*(str(word).format(shut.root) for word in words), "--lang", language)
    assert done.returncode == 1
    assert f"error[W201] {told}{shut.root}" in done.stdout + done.stderr
    assert "internal error" not in done.stderr
    assert [each.name for each in shut.root.iterdir() if each.name.startswith(".")] == []


@may_be_refused
@pytest.mark.parametrize(
    ("command", "code"), [("audit", "A501"), ("verify", "G108"), ("import", "L101")]
)
def test_a_file_that_may_not_be_read_is_told_as_that(shut, command, code):
    year = ("--unit", UNIT, "--year", YEAR) if command == "import" else ()
    more = ("--root", shut.root, *year) if command != "audit" else ()
    done = sealed(command, shut.root / "shut/a.docx", *more)
    assert done.returncode == 1
    assert f"error[{code}]" in done.stdout
    assert "W201" not in done.stdout + done.stderr


@pytest.mark.parametrize("words", [("codes",), ("check", "--root", "{}"), ("doctor",)])
def test_who_reads_no_further_hears_nothing(small, words):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "reportgen.cli", *(word.format(small.root) for word in words)],
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, b"")


def test_an_audit_passes_over_what_the_one_before_wrote(tmp_path):
    (tmp_path / "a.txt").write_text("本年支出1200万元。\n", "utf-8")
    order = ("audit", tmp_path, "--html", "--docx", "--out", tmp_path / "out")
    assert "a.txt.html" in reportgen(*order).out
    again = reportgen(*order)
    assert again.code == 0
    assert "a.txt.html.html" not in again.out


def test_a_folder_without_anything_to_audit_is_told(tmp_path):
    run = reportgen("audit", tmp_path, "--lang", "zh")
    assert run.code == 1
    assert f"error[A509] 没有可以审核的文件：{tmp_path}" in run.out


@pytest.mark.parametrize(("language", "words"), [("zh", "发给维护者"), ("en", "Send these lines")])
def test_a_fault_of_the_program_says_what_to_send(small, monkeypatch, language, words):
    def broken(*_arguments, **_options):
        raise KeyError("why")

    monkeypatch.setattr("reportgen.flow.pipeline.build", broken)
    monkeypatch.delenv("REPORTGEN_DEBUG", raising=False)
    before = {path: path.read_bytes() for path in small.root.rglob("*") if path.is_file()}
    run = reportgen("build", "--root", small.root, "--lang", language)
    assert run.code == 2
    for told in ("KeyError: 'why'", "test_outside.py:", f"--lang {language}", words):
        assert told in run.err
    assert before == {path: path.read_bytes() for path in small.root.rglob("*") if path.is_file()}


SAVING = {
    "import": ("import", "{}/new.csv", "--unit", UNIT, "--year", YEAR),
    "confirm": ("confirm", "staffing.quota", "--by", "人事科", "--evidence", "编制文件"),
    "new-year": ("new-year", YEAR + 1, "--unit", UNIT),
    "init": ("init", "--unit", "x", "--year", "2024", "--pack", "small"),
    "fmt": ("fmt",),
    "export": ("export", "--year", YEAR, "--out", "{}/x.xlsx"),
    "new-pack": ("new-pack", "x/department-2024"),
}


@pytest.mark.parametrize("words", SAVING.values(), ids=SAVING)
@pytest.mark.parametrize(("language", "told"), [("zh", "无法写入 "), ("en", "cannot write ")])
def test_a_full_disk_is_told_by_every_command_and_loses_nothing(
    small, monkeypatch, words, language, told
):
    def full(path, _data):
        raise OSError(28, "No space left on device", str(path))

    sheet = "标识,项目名称,年初预算数(万元),决算数(万元)\ntraining,业务培训经费,20.5,18.9\n"
    small.write("new.csv", sheet)
    before = {path: path.read_bytes() for path in small.root.rglob("*") if path.is_file()}
    monkeypatch.setattr(saving, "write_new", full)
    typed = (str(word).format(small.root) for word in words)
    run = reportgen(*typed, "--root", small.root, "--lang", language)
    assert run.code == 1
    assert f"error[W201] {told}{small.root}" in run.out + run.err
    assert before == {path: path.read_bytes() for path in small.root.rglob("*") if path.is_file()}
