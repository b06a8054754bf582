from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from real_report import DATA as REAL
from real_report import ROOT, copied
from reportgen import __version__
from reportgen.cli.commands import COMMANDS as DECLARED
from reportgen.cli.options import Lang, chosen_formats, default_language
from reportgen.findings import CODES
from reportgen.findings.excerpt import width
from reportgen.load.jsonschema import SCHEMAS
from small_project import NARRATIVE, PACK, SmallProject, reportgen

COMMANDS = [command.name for command in DECLARED]
LINE = re.compile(r"[^\s:]+(:\d+:\d+)?: (error|warning|note)\[[A-Z]\d{3}\] .+")


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    project = SmallProject.copied(tmp_path_factory.mktemp("cli") / "project")
    assert reportgen("build", "--root", project.root, "--format", "html").code == 0
    return project


@pytest.fixture
def project(tmp_path):
    """Return a project that a test may spoil."""
    return SmallProject.copied(tmp_path / "project")


def run(project, command, *arguments, code=0):
    """Run a command on `project` in Chinese; return its output. Nothing goes beside it."""
    done = reportgen(command, "--root", project.root, "--lang", "zh", *arguments)
    assert (done.code, done.err) == (code, ""), done
    return done.out


# Help, misuse, faults


def test_version_is_that_of_the_package():
    assert reportgen("--version").out == f"{__version__}\n"


def test_help_names_every_command_in_two_languages(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    help_text = reportgen("--help").out
    for name in COMMANDS:
        assert re.search(rf"│ {name} +\S*[\u4e00-\u9fff].*[a-z]", help_text), name
    assert "reportgen build --year 2023" in help_text
    assert reportgen().out.strip() == help_text.strip()


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_shows_an_example_and_explains_its_options(command, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    done = reportgen(command, "--help")
    assert done.code == 0
    assert f"例 example: reportgen {command}" in done.out
    options = re.findall(r"│ +(--[a-z-]+) .*?  +(\S.*?) +│", done.out)
    assert options
    for name, words in options:
        assert name == "--help" or re.search(r"[\u4e00-\u9fff].* · [a-z]", words), (name, words)


def test_mistyped_command_is_told_the_nearest():
    done = reportgen("chekc")
    assert done.code == 2
    assert "'check'" in done.err


@pytest.mark.parametrize(
    ("words", "needed", "not_needed"),
    [
        (["codes"], "findings.manual", ("flow.pipeline", "load.inputs", "compose.document")),
        (
            ["check", "--year", "2023"],
            "compose.document",
            ("write", "verify", "flow.pipeline"),
        ),
    ],
)
def test_command_loads_nothing_that_only_another_needs(words, needed, not_needed):
    code = (
        f"import sys; sys.argv[1:] = {words}\n"
        "from reportgen.cli import run\n"
        "try: run()\n"
        "finally: print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    loaded = set(done.stderr.split())
    assert f"reportgen.{needed}" in loaded
    assert not loaded & {f"reportgen.{name}" for name in not_needed}
    assert not loaded & {"openpyxl", "starlette", "uvicorn", "watchfiles", "docxtpl", "pikepdf"}


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_whole_on_a_narrow_terminal(command, monkeypatch):
    cut = set()
    for columns in ("80", "200"):
        monkeypatch.setenv("COLUMNS", columns)
        cut.add(reportgen(command, "--help").out.count("…"))
    assert len(cut) == 1


MISUSE = [
    ("nonsense",),
    ("build", "--yaer", "2023"),
    ("build", "--year", "MMXXIII"),
    ("build", "--audience", "everybody"),
    ("build", "--output-format", "xml"),
    ("build", "--lang", "fr"),
    ("build", "--format", "odt"),
    ("build", "--format", ""),
    ("build", "surplus"),
    ("explain",),
    ("schema",),
    ("schema", "nonsense"),
]


@pytest.mark.parametrize("arguments", MISUSE, ids=" ".join)
def test_misuse_is_exit_code_2_and_says_so_beside_the_output(finished, arguments):
    done = reportgen(*arguments, *(("--root", finished.root) if arguments[0] == "build" else ()))
    assert (done.code, done.out) == (2, "")
    assert "reportgen" in done.err and "Traceback" not in done.err


def test_misspelt_option_comes_with_the_right_one():
    assert "--year" in reportgen("build", "--yaer", "2023").err


def test_fault_of_the_program_is_a_line_and_exit_code_2(finished, monkeypatch):
    def broken(_job, **_options):
        raise RuntimeError("the reason")

    monkeypatch.setattr("reportgen.flow.pipeline.build", broken)
    monkeypatch.delenv("REPORTGEN_DEBUG", raising=False)
    done = reportgen("build", "--root", finished.root)
    assert (done.code, done.out) == (2, "")
    assert "RuntimeError: the reason" in done.err and "Traceback" not in done.err
    monkeypatch.setenv("REPORTGEN_DEBUG", "1")
    assert "Traceback" in reportgen("build", "--root", finished.root).err


def test_interrupt_is_no_fault(finished, monkeypatch):
    def interrupted(_job, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("reportgen.flow.pipeline.build", interrupted)
    assert reportgen("build", "--root", finished.root).code == 130


# build


def test_build_says_where_the_files_are(project):
    out = run(project, "build", "--format", "html")
    folder = project.root / "build" / "2023" / "bureau" / "internal"
    *_, title, page, json_file = out.splitlines()
    assert re.fullmatch(r"bureau/2023/department  \d+\.\d\d s  .+", title)
    assert [page, json_file] == [
        f"  {folder / name}" for name in ("department.html", "department.figures.json")
    ]
    assert all(Path(line.strip()).is_file() for line in (page, json_file))


def test_build_goes_to_out(project, tmp_path):
    out = run(project, "build", "--format", "html", "--out", tmp_path / "成品")
    assert f"  {tmp_path / '成品' / '2023' / 'bureau' / 'internal' / 'department.html'}" in out
    assert not (project.root / "build").exists()


def test_failed_build_says_that_the_old_files_stand(project):
    run(project, "build", "--format", "html")
    before = project.output()
    project.write(f"{NARRATIVE}/staffing.md", "{{ nobody }}")
    out = run(project, "build", "--format", "html", code=1)
    assert out.splitlines()[-1] == "  没有生成，上次的成品没有改动"
    assert project.output() == before


def test_audience_has_a_folder_of_its_own(project):
    out = run(project, "build", "--format", "html", "--audience", "public")
    assert out.splitlines()[-1].endswith("/build/2023/bureau/public/department.fragment.html")


@pytest.mark.parametrize(
    ("text", "formats"),
    [
        ("pdf,docx", ("docx", "pdf")),
        (" html , html ", ("html",)),
        ("docx,html,pdf", ("docx", "html", "pdf")),
        ("html,", ("html",)),
    ],
)
def test_formats_are_taken_in_any_order_once(text, formats):
    assert chosen_formats(text) == formats


@pytest.mark.parametrize(("text", "named"), [("odt", "odt"), ("html,HTML", "HTML"), (",", "∅")])
def test_unknown_format_is_named_with_those_there_are(text, named):
    with pytest.raises(typer.BadParameter, match=f"^{named}：docx、html、pdf$"):
        chosen_formats(text)


def warned(project):
    """Give the project a warning: a file that begins with a byte order mark."""
    path = f"{NARRATIVE}/staffing.md"
    project.write(path, b"\xef\xbb\xbf" + project.text(path).encode())


def test_strict_takes_warnings_for_errors(project):
    warned(project)
    assert "warning[L112]" in run(project, "build", "--format", "html")
    assert "error[L112]" in run(project, "build", "--format", "html", "--strict", code=1)
    assert "warning[L112]" in run(project, "check")
    assert "error[L112]" in run(project, "check", "--strict", code=1)


# Findings


def test_concise_is_a_line_a_finding(project):
    project.write(f"{NARRATIVE}/staffing.md", "{{ nobody }}\n\n- 甲\n")
    *lines, title = run(project, "check", "--output-format", "concise", code=1).splitlines()
    assert lines and all(LINE.fullmatch(line) for line in lines)
    assert title.startswith("bureau/2023/department  ")


def test_full_shows_the_source_with_carets_and_help(project):
    project.write(f"{NARRATIVE}/staffing.md", "人数{{ nobody }}\n")
    out = run(project, "check", code=1)
    assert f"{NARRATIVE}/staffing.md:1:6: error[T102]" in out
    assert "1 | 人数{{ nobody }}\n  |        ^^^^^^\n" in out
    assert "提示:" in out


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """Return what check says of the real report without and with -v, and what build says."""
    root = copied(tmp_path_factory.mktemp("real") / "project")
    arguments = ("--root", root, "--year", "2023", "--lang", "zh")
    checks = (reportgen("check", *arguments, *more).out for more in ((), ("-v",)))
    return *checks, reportgen("build", *arguments, "--format", "html").out


def test_a_build_counts_what_is_waived_and_goes_on(real):
    *_, built = real
    title, _page, _figures = built.splitlines()
    assert re.search(r"\d+ 个已豁免$", title)


def test_what_is_waived_is_counted_by_a_check_and_told_in_full_with_v(real):
    brief, verbose, _ = real
    (title,) = brief.splitlines()
    count = int(re.search(r"(\d+) 个已豁免$", title)[1])
    assert count > 5
    assert verbose.count("已豁免：") == count
    assert verbose.count("^") > count


def test_json_is_one_list_and_nothing_else(project):
    warned(project)
    done = reportgen("build", "--root", project.root, "--format", "html", "--output-format", "json")
    assert (done.code, done.err) == (0, "")
    rows = json.loads(done.out)
    assert "L112" in {row["code"] for row in rows}
    assert {"code", "severity", "message", "path", "line", "column", "help"} <= rows[0].keys()


def test_json_of_several_reports_is_one_list(project):
    home = "data/bureau/2023/department"
    for path in sorted((project.root / home).rglob("*")):
        if path.is_file():
            target = path.relative_to(project.root / home)
            copy = project.root / "data/bureau/2023/second" / target
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    for report in ("department", "second"):
        project.write(f"data/bureau/2023/{report}/narrative/staffing.md", "{{ nobody }}")
    done = reportgen("check", "--root", project.root, "--output-format", "json")
    assert done.code == 1
    paths = [row["path"] for row in json.loads(done.out) if row["code"] == "T102"]
    assert [path.split("/")[3] for path in paths] == ["department", "second"]


@pytest.mark.parametrize("arguments", [("--year", "1999"), ("--unit", "x"), ("--report", "x")])
@pytest.mark.parametrize("command", ["build", "check"])
def test_json_tells_of_what_does_not_exist_too(finished, command, arguments):
    run_json = ("--root", finished.root, "--output-format", "json", *arguments)
    done = reportgen(command, *run_json)
    (row,) = json.loads(done.out)
    assert (done.code, done.err, row["code"][0]) == (1, "", "J")


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "没有 nobody 这个数据"), ("en", "nothing is named nobody")]
)
def test_messages_are_in_the_language_asked_for(project, lang, words):
    project.write(f"{NARRATIVE}/staffing.md", "{{ nobody }}")
    for face in ("concise", "full", "json"):
        arguments = ("--lang", lang, "--output-format", face)
        assert words in reportgen("check", "--root", project.root, *arguments).out


LOCALES = [
    ({}, Lang.zh),
    ({"LANG": "en_US.UTF-8"}, Lang.en),
    ({"LANG": "zh_CN.UTF-8"}, Lang.zh),
    ({"LANG": "C.UTF-8"}, Lang.zh),
    ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN"}, Lang.zh),
    ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB"}, Lang.en),
    ({"LANG": "en_US", "LC_ALL": ""}, Lang.en),
]


@pytest.mark.parametrize(("variables", "language"), LOCALES)
def test_language_follows_the_locale(monkeypatch, variables, language):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert default_language() == language


def on_terminal(*arguments, **variables):
    """Return what the command writes to a terminal."""
    ours, theirs = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    command = [sys.executable, "-m", "reportgen.cli", *map(str, arguments)]
    variables = {**environment, "PYTHONPATH": str(ROOT / "src"), "TERM": "xterm", **variables}
    subprocess.run(command, stdout=theirs, stderr=theirs, env=variables, check=False)
    os.close(theirs)
    pieces = []
    try:
        while piece := os.read(ours, 65536):
            pieces.append(piece)
    except OSError:  # Linux says so at the end
        pass
    os.close(ours)
    return b"".join(pieces).decode()


def test_colours_are_for_terminals_and_can_be_refused(finished):
    command = ("build", "--root", finished.root, "--year", "1999")
    assert "\x1b[1;31merror[J101]" in on_terminal(*command)
    assert "\x1b[1;31m" in on_terminal(*command, NO_COLOR="")
    assert "\x1b" not in on_terminal(*command, NO_COLOR="1")
    assert "\x1b" not in reportgen(*command).out


def test_pipes_are_not_told(finished):
    done = reportgen("check", "--root", finished.root)
    assert done.err == "" and "\x1b" not in done.out


# explain, list, codes, schema


@pytest.mark.parametrize("code", ["R101", "r101", "T102"])
def test_explain_tells_of_a_code(code):
    out = reportgen("explain", code, "--lang", "zh").out
    assert out.startswith(f"{code.upper()} {CODES[code.upper()].name}")
    assert CODES[code.upper()].about["zh"].strip() in out
    assert CODES[code.upper()].about["en"].strip() in reportgen("explain", code, "--lang", "en").out


def explained(*arguments, code=0):
    done = reportgen("explain", "--root", ROOT, "--unit", "huaihua", "--year", "2023", *arguments)
    assert done.code == code, done
    return done


@pytest.mark.parametrize("target", ["execution_rate", "预算执行率", "135.47%"])
def test_explain_goes_from_a_figure_down_to_its_facts(target):
    out = explained(target, "--deep").out
    assert out.startswith(
        "预算执行率 = 年度资金总额·决算数 ÷ 年度资金总额·年初预算数 ≈ 135.47%  [execution_rate]\n"
    )
    assert f"{REAL}/economic.yaml:4:64" in out
    assert f"{REAL}/funds.yaml:" in out


def test_explain_offers_names_like_a_misspelt_one():
    assert "execution_rate（预算执行率 135.47%）" in explained("execution_rat", code=1).err


def test_explain_tells_how_a_relation_stands():
    out = explained("execution_by_form").out
    assert "左边 135.4739%\n" in out and "右边 100%\n" in out and "已豁免：" in out


def test_explain_goes_from_a_fact_up_to_where_it_is_printed():
    out = explained("funds.upgrading.outturn", "--used-by").out
    assert "  印作 17.89万元：2.项目支出情况 ¶" in out
    assert "  印作 135.47%：附件2 self-rating r3c8\n" in out


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "没有“查无此数”"), ("en", "nothing is called or printed")]
)
def test_explain_says_when_there_is_nothing_to_explain(lang, words):
    done = explained("查无此数", "--lang", lang, code=1)
    assert done.out == "" and done.err.startswith(words)


def test_explain_shows_what_is_broken_where_it_finds_nothing(project):
    project.write(f"{PACK}/metrics.yaml", "metrics: [")
    done = reportgen("explain", "nothing", "--root", project.root, "--lang", "zh")
    assert done.code == 1
    assert f"{PACK}/metrics.yaml" in done.out


def test_list_tells_each_report_with_its_state(finished, project):
    (line,) = run(finished, "list").splitlines()
    report, pack, title, state = line.split("\t")
    assert (report, pack) == ("bureau/2023/department", "small")
    assert "报告" in title and "错误" not in state
    project.write(f"{PACK}/metrics.yaml", "metrics: [")
    assert "1 个错误" in run(project, "list").split("\t")[3]


def test_list_has_columns_and_heads_on_a_terminal(finished):
    lines = on_terminal("list", "--root", finished.root, "--lang", "zh", TERM="dumb").splitlines()
    heads, row = lines[-2:]
    assert heads.split() == ["报告", "模板包", "名称", "状态"]
    assert row.startswith("bureau/2023/department  small")
    assert "\t" not in heads + row
    assert width(row[: row.index("small")]) == width(heads[: heads.index("模板包")])


def test_codes_are_all_listed():
    lines = reportgen("codes", "--lang", "zh").out.splitlines()
    assert {line.split()[0] for line in lines} == CODES.keys()
    assert len(lines) == len(CODES)
    assert "there is no unit {unit}" in reportgen("codes", "--lang", "en").out


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_are_json_with_titles(name):
    schema = json.loads(reportgen("schema", name).out)
    assert schema["type"] == "object"
    assert any("title" in each for each in schema["properties"].values())


def test_reader_who_goes_away_is_no_fault():
    command = f"{sys.executable} -m reportgen.cli codes | head -c 10"
    variables = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"}
    done = subprocess.run(
        ["bash", "-c", command], env=variables, capture_output=True, check=False, text=True
    )
    assert "Traceback" not in done.stderr and "内部错误" not in done.stderr


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", "删去了上次的 department.docx"), ("en", "removed department.docx of")],
)
def test_a_build_of_fewer_formats_names_what_it_removes(small, lang, words):
    words_of = ("--root", small.root, "--lang", lang, "--format")
    assert "department.docx" in reportgen("build", *words_of, "html,docx").out
    run = reportgen("build", *words_of, "html")
    assert run.code == 0
    assert sum(words in line for line in run.out.splitlines()) == 1
    assert not (small.folder / "department.docx").exists()
    again = reportgen("build", *words_of, "html", "--force")
    assert words not in again.out


def test_a_build_of_fewer_formats_names_what_it_removes_as_json_too(small):
    small.run("build", "--format", "html,docx,pdf")
    run = small.run("build", "--format", "html")
    told = [(each["path"], each["severity"]) for each in run.findings if each["code"] == "W203"]
    paths = [str(small.folder / f"department.{kind}") for kind in ("docx", "pdf")]
    assert (run.code, told) == (0, [(path, "note") for path in paths])
