"""A repository started outside that of the program: whole, on its own, without this machine."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from real_report import ROOT
from repository import git
from small_project import reportgen

PACK = "national/project-self-rating-word"
USED = "national/project-self-rating"


def contents(folder):
    """Return the files of a folder by path, what Python keeps left out."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def shown(folder):
    """Return the files of a folder by path, those of git left out."""
    return {path: data for path, data in contents(folder).items() if path[:5] != ".git/"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the folder of a repository with a first unit and year."""
    top = tmp_path_factory.mktemp("started")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{name}_NAME", "tester")
            patch.setenv(f"GIT_{name}_EMAIL", "tester@example.org")
        options = ["--pack", PACK, "--unit", "changsha", "--year", "2024", "--lang", "zh"]
        run = reportgen("start", top / "work", *options)
    assert run.code == 0, run.out + run.err
    return top / "work"


def test_it_holds_the_packs_with_what_they_use_and_share(made):
    files = shown(made)
    for pack in (PACK, USED, "shared"):
        ours = {
            path.relative_to(ROOT).as_posix(): path.read_bytes()
            for path in (ROOT / "templates" / pack).rglob("*")
            if path.is_file()
        }
        assert ours.items() <= files.items()
    assert not any(path.startswith("templates/huaihua") for path in files)


def test_the_first_year_can_be_filled_in(made):
    assert f"pack: {PACK}" in (
        made / "data/changsha/2024/project-self-rating-word/report.yaml"
    ).read_text("utf-8")
    assert "projects: []" in (made / "data/changsha/2024/outcomes.yaml").read_text("utf-8")
    run = reportgen("check", "--root", made, "--output-format", "json")
    assert {each["code"] for each in run.findings} >= {"Y101", "P102"}


def test_no_file_names_this_machine(made):
    for path, data in shown(made).items():
        if not path.endswith((".whl", ".docx")):
            text = data.decode("utf-8")
            assert str(ROOT) not in text and str(made) not in text and str(Path.home()) not in text


def test_everything_is_committed_and_git_knows_the_attributes(made):
    assert git(made, "status", "--porcelain") == ""
    assert git(made, "log", "--format=%s").strip() == "开始起草 Begin"
    listed = git(
        made, "check-attr", "merge", "--", "data/changsha/unit.yaml", "data/a/b/published.yaml"
    )
    assert listed.splitlines() == [
        "data/changsha/unit.yaml: merge: reportgen",
        "data/a/b/published.yaml: merge: unspecified",
    ]


def test_the_engine_is_pinned_by_its_hash_and_what_it_needs_as_it_is_here(made):
    line = (made / "engine.txt").read_text("utf-8")
    wheel, digest = re.fullmatch(r"\./(engine/\S+\.whl) --hash=sha256:(\w{64})\n", line).groups()
    assert hashlib.sha256((made / wheel).read_bytes()).hexdigest() == digest
    pins = (ROOT / "constraints-drafting.txt").read_bytes()
    assert (made / "requirements.txt").read_bytes() == pins


def test_the_commands_of_make_are_those_of_drafters_here(made):
    def targets(makefile):
        return dict(
            re.findall(r"^([a-z]+):.*\n((?:\t.*\n)+)", makefile.read_text("utf-8"), re.MULTILINE)
        )

    here, there = targets(ROOT / "Makefile"), targets(made / "Makefile")
    for name in ("help", "report", "public", "check", "preview", "fmt", "list", "doctor"):
        assert there[name] == here[name]


def test_the_readme_names_commands_and_files_that_there_are(made):
    text = (made / "README.md").read_text("utf-8")
    assert "@" not in re.sub(r"git add -A.*", "", text)
    for command in re.findall(r"\.venv/bin/reportgen ([a-z-]+)", text):
        assert reportgen(command, "--help").code == 0
    targets = (made / "Makefile").read_text("utf-8")
    for target in re.findall(r"make ([a-z]+)", text):
        assert f"\n{target}:" in targets


@pytest.fixture(scope="module")
def unpacked(made, tmp_path_factory):
    """Return a folder with the program as its wheel has it, and nothing else of it."""
    folder = tmp_path_factory.mktemp("unpacked")
    (wheel,) = made.glob("engine/*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder)
    return folder


RUN = """
import sys
import reportgen
print(reportgen.__file__, file=sys.stderr)
from reportgen.cli import run
run()
"""


def run_from(folder, *arguments, cwd):
    """Run the program as the wheel has it, with the packages that are installed here."""
    return subprocess.run(
        [sys.executable, "-c", RUN, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(folder), "GIT_CONFIG_GLOBAL": os.devnull},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_wheel_holds_all_that_the_program_needs(unpacked):
    ours = {
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src/reportgen").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    packed = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*")}
    edited = {f"reportgen/findings/{name}.yaml" for name in ("codes", "examples")}
    assert ours - packed == edited  # people edit them, no program reads them


def test_a_program_from_a_wheel_builds_a_report_in_a_started_repository(unpacked, tmp_path):
    options = ["--pack", PACK, "--lang", "zh"]
    started = run_from(unpacked, "start", "work", *options, cwd=tmp_path)
    assert started.returncode == 0, started.stderr
    assert str(unpacked) in started.stderr
    assert "git config" in started.stderr  # nobody said who commits
    work = tmp_path / "work"
    sample = ROOT / "docs/examples/project-self-rating/data"
    for path in (path for path in sample.rglob("*") if path.is_file()):
        target = work / "data" / path.relative_to(sample)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    built = run_from(unpacked, "build", "--lang", "zh", "--format", "docx", cwd=work)
    assert built.returncode == 0, built.stdout
    assert list(work.glob("build/*/*/internal/*.docx"))


def test_a_program_that_is_installed_packs_itself_as_it_is(unpacked, tmp_path):
    run = run_from(unpacked, "start", "work", "--pack", PACK, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    (wheel,) = tmp_path.glob("work/engine/*.whl")
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
        assert packed.testzip() is None
    assert set(names) == set(contents(unpacked))


@pytest.mark.parametrize("holding", ["file", "hidden", "itself"])
def test_nothing_is_written_where_something_is(tmp_path, holding):
    folder = tmp_path / "work"
    if holding == "itself":
        folder.write_text("x")
    else:
        folder.mkdir()
        (folder / (".x" if holding == "hidden" else "x")).write_text("x")
    before = shown(tmp_path)
    run = reportgen("start", folder, "--pack", PACK, "--lang", "zh")
    assert (run.code, "Y110" in run.out) == (1, True)
    assert shown(tmp_path) == before


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--pack", "nowhere/none"], "L127"),
        (["--pack", PACK, "--engine", "missing.whl"], "Y111"),
        (["--pack", PACK, "--engine", "git+https://git.example.org/reportgen"], "Y111"),
        (["--pack", PACK, "--engine", "git+https://me:secret@git.example.org/r@0123abc"], "Y111"),
        (["--pack", PACK, "--unit", "Chang Sha", "--year", "2024"], "Y104"),
    ],
)
def test_what_cannot_be_started_is_told_and_nothing_is_written(
    tmp_path, monkeypatch, options, code
):
    monkeypatch.chdir(tmp_path)
    run = reportgen("start", "work", *options, "--lang", "zh")
    assert (run.code, code in run.out) == (1, True), run.out + run.err
    assert not list(tmp_path.iterdir())


def test_an_engine_from_git_is_pinned_by_its_commit(tmp_path):
    address = "git+ssh://git@git.example.org/reportgen.git@0123abcdef"
    run = reportgen("start", tmp_path / "work", "--pack", PACK, "--engine", address)
    assert run.code == 0, run.out + run.err
    assert (tmp_path / "work/engine.txt").read_text("utf-8") == f"reportgen @ {address}\n"
    assert not (tmp_path / "work/engine").exists()
    assert "--no-build-isolation" in (tmp_path / "work/Makefile").read_text("utf-8")


# Packs of a newer engine


def newer(unpacked, changes, folder):
    """Return a wheel of the program with other packs."""
    made = folder / "reportgen-0.2.0-py3-none-any.whl"
    files = contents(unpacked)
    files |= {f"reportgen/shipped/templates/{name}": data for name, data in changes.items()}
    with zipfile.ZipFile(made, "w") as packed:
        for name, data in files.items():
            if data is not None:
                packed.writestr(name, data)
    return made


@pytest.fixture
def work(made, tmp_path):
    for path, data in shown(made).items():
        target = tmp_path / "work" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return tmp_path / "work"


def pack_text(work, name):
    return (work / "templates" / USED / name).read_bytes()


def test_packs_are_updated_and_no_change_of_ours_is_lost(work, unpacked, tmp_path):
    old = {
        name: pack_text(work, name)
        for name in ("metrics.yaml", "values.yaml", "relations.yaml", "scoring.yaml")
    }
    changes = {
        f"{USED}/metrics.yaml": old["metrics.yaml"] + b"# new\n",
        f"{USED}/scoring.yaml": old["scoring.yaml"] + b"# new\n",
        f"{USED}/more.md": b"new\n",
        f"{USED}/values.yaml": None,
    }
    wheel = newer(unpacked, changes, tmp_path)
    mine = {
        "scoring.yaml": b"# here\n" + old["scoring.yaml"],
        "relations.yaml": b"# here\n" + old["relations.yaml"],
    }
    for name, data in mine.items():
        (work / "templates" / USED / name).write_bytes(data)
    before = shown(work)

    dry = reportgen("update-packs", "--root", work, "--engine", wheel, "--dry-run", "--lang", "zh")
    assert shown(work) == before
    run = reportgen("update-packs", "--root", work, "--engine", wheel, "--lang", "zh")
    assert (run.code, run.out) == (1, dry.out)
    base = f"templates/{USED}"
    told = [line for line in run.out.splitlines() if base in line and not line.startswith(" ")]
    assert told[:6] == [
        f"换新  {base}/metrics.yaml",
        f"换新  {base}/more.md",
        f"保留这里的修改  {base}/relations.yaml",
        f"两边都改过  {base}/scoring.yaml",
        f"换新  {base}/values.yaml",
        f"{base}/scoring.yaml:1:1: error[Y112] 这里改过，新程序里也改了：没有动",
    ]
    assert "  +# here" in run.out and "  -# here" in run.out
    assert pack_text(work, "metrics.yaml") == changes[f"{USED}/metrics.yaml"]
    assert pack_text(work, "more.md") == b"new\n"
    assert not (work / base / "values.yaml").exists()
    assert {name: pack_text(work, name) for name in mine} == mine
    assert [path.name for path in work.glob("engine/*")] == [wheel.name]
    assert wheel.name in (work / "engine.txt").read_text("utf-8")


@pytest.mark.parametrize("choice", ["--take", "--keep"])
def test_what_changed_on_both_sides_is_told_until_somebody_chooses(
    work, unpacked, tmp_path, choice
):
    old = pack_text(work, "scoring.yaml")
    wheel = newer(unpacked, {f"{USED}/scoring.yaml": old + b"# new\n"}, tmp_path)
    path = f"templates/{USED}/scoring.yaml"
    (work / path).write_bytes(b"# here\n" + old)
    for _ in range(2):
        assert reportgen("update-packs", "--root", work, "--engine", wheel).code == 1
    assert reportgen("update-packs", "--root", work, "--engine", wheel, choice, path).code == 0
    expected = old + b"# new\n" if choice == "--take" else b"# here\n" + old
    assert (work / path).read_bytes() == expected
    assert reportgen("update-packs", "--root", work, "--engine", wheel).code == 0
    assert (work / path).read_bytes() == expected
    record = json.loads((work / f"templates/{USED}/.shipped.json").read_text("utf-8"))
    assert record["engine"] == "0.2.0"


def test_lines_that_end_otherwise_are_no_change(work, unpacked, tmp_path):
    path = work / "templates" / USED / "scoring.yaml"
    old = path.read_bytes()
    path.write_bytes(old.replace(b"\n", b"\r\n"))
    wheel = newer(unpacked, {f"{USED}/scoring.yaml": old + b"# new\n"}, tmp_path)
    assert reportgen("update-packs", "--root", work, "--engine", wheel).code == 0
    assert path.read_bytes() == old + b"# new\n"


def test_packs_of_the_program_itself_are_the_originals():
    run = reportgen("update-packs", "--root", ROOT, "--dry-run", "--lang", "zh")
    assert (run.code, "Y113" in run.out) == (1, True)
