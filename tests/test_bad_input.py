"""Bad input: each a finding at its place, exit code 1, the last good output byte for byte there."""

from __future__ import annotations

import shutil

import pytest

from reportgen.findings import Diagnostics
from reportgen.findings.renderers import PARAMETER
from small_project import DATA, HOME, NARRATIVE, PACK, SmallProject, reportgen

STAFFING = f"{DATA}/staffing.yaml"
FUNDS = f"{DATA}/funds.yaml"
FACTS = f"{DATA}/facts.yaml"
REPORT = f"{HOME}/report.yaml"
RATINGS = f"{HOME}/ratings.yaml"
PROSE = f"{NARRATIVE}/staffing.md"
METRICS = f"{PACK}/metrics.yaml"
RELATIONS = f"{PACK}/relations.yaml"
OUTLINE = f"{PACK}/pack.yaml"


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """Return the project with a good output; tests work on copies."""
    project = SmallProject.copied(tmp_path_factory.mktemp("published") / "project")
    assert project.run("build", "--format", "html").code == 0
    return project


@pytest.fixture
def good(published, tmp_path):
    """Return a copy of the project in which the last run was good."""
    shutil.copytree(published.root, tmp_path / "project")
    return SmallProject(tmp_path / "project")


def refused(project, *arguments):
    """Run a build that must fail, without a trace in build/, and return its errors."""
    before = project.output()
    run = project.run("build", "--format", "html", "--lang", "zh", *arguments)
    assert run.code == 1, run
    assert run.err == ""
    assert project.output() == before
    for each in run.findings:
        assert not PARAMETER.search(f"{each['message']}{each['help']}"), each
    return run.spots()


def warned(project):
    """Run a build that must succeed, and return its warnings."""
    run = project.run("build", "--format", "html")
    assert run.code == 0, run
    return run.spots("warning")


def params(project, code):
    """Return the parameters of the one finding of `code`."""
    (found,) = (each for each in project.draft().findings if each.code == code)
    return found.params


def row(name, path, old, new, code, marked):
    return pytest.param(path, old, new, code, marked, id=name)


SLIPS = [
    # YAML
    row("colon-in-a-value", FACTS, "第一", "第一: 名", "L118", ": 名"),
    row("full-width-colon", STAFFING, "quota: 30人", "quota：30人", "L114", "：30"),
    row("full-width-comma", FUNDS, "name: 业务培训经费,", "name: 业务培训经费，", "L114", "，"),
    row("full-width-dash", FACTS, "- 精细", "－ 精细", "L114", "－"),
    row("colon-without-space", STAFFING, "quota: 30人", "quota:30人", "L115", ":30"),
    row("dash-without-space", FACTS, "- 精细", "-精细", "L130", "-精细"),
    row("open-quote", STAFFING, "30人", '"30人', "L116", '"30人'),
    row("open-brace", FUNDS, "outturn: 18.4}", "outturn: 18.4", "L117", "{id: training"),
    row("indent", STAFFING, "  actual", "   actual", "L119", "actual"),
    row("reserved-mark", FACTS, "第一", "@第一", "L120", "@"),
    row("unquoted-braces", RATINGS, "执行率为{{", "{{", "L120", "{{ execution_rate }}"),
    row("escape", FACTS, "第一", '"C:\\第一"', "L121", "\\第一"),
    row("tag", FACTS, "第一", "!top 第一", "L122", "!top"),
    row("text-after-quote", FACTS, "第一", '"第"一', "L124", "一"),
    row("tab", STAFFING, "  quota", "\tquota", "L106", "\tquota"),
    row("special-space", FACTS, "  规模", "\u3000规模", "L125", "\u3000规模"),
    row("second-document", STAFFING, "  actual", "---\n  actual", "L107", "---"),
    row("alias", FACTS, "第一", "*first", "L108", "*first"),
    row("anchor", FACTS, "第一", "&first 第一", "L108", "&first"),
    row("joined-lines", FACTS, "    - 精细", "      - 精细", "L129", "- 精细"),
    row("control-character", FACTS, "第一", "第\x07一", "L105", "\x07"),
    row("line-separator", FACTS, "第一", "第\u2028一", "L105", "\u2028"),
    # Keys
    row("duplicate-key", STAFFING, "  actual", "  quota: 31人\n  actual", "L110", "quota: 31人"),
    row("key-and-label", STAFFING, "  actual", "  编制数: 31人\n  actual", "L110", "编制数"),
    row("unknown-key", STAFFING, "quota", "qouta", "S202", "qouta"),
    row("name-of-a-group", FACTS, "增速排名", "funds", "S216", "funds"),
    row("name-of-a-function", FACTS, "增速排名", "sum", "S216", "sum"),
    row("name-with-a-digit-first", FACTS, "增速排名", "2023排名", "S215", "2023排名"),
    row("same-id", FUNDS, "id: survey", 'id: "training"', "S214", '"training"'),
    # Values
    row("list-for-a-value", STAFFING, "30人", "[30人]", "S204", "[30人]"),
    row(
        "text-for-a-group",
        STAFFING,
        "staffing:\n  quota: 30人\n  actual: 27人",
        "staffing: 无",
        "S203",
        "无",
    ),
    row("two-dots", STAFFING, "30人", "3.0.0人", "S207", "3.0.0人"),
    row("two-dots-in-a-free-fact", FACTS, "12家", "1..2家", "S207", "1..2家"),
    row("negative", FUNDS, "18.4", "-18.4", "S212", "-18.4"),
    row("negative-full-width", FUNDS, "18.4", "－１２．０", "S212", "－"),
    row("unknown-unit", FACTS, "12家", "12佳", "S208", "12佳"),
    row("money-for-people", STAFFING, "30人", "30万元", "S211", "30万元"),
    row("people-for-money", FUNDS, "18.4", "18人", "S211", "18人"),
    row("too-many-digits", STAFFING, "30人", "3" * 41, "S209", "3" * 41),
    row("no-such-day", REPORT, "2024-06-28", "2024-02-30", "S206", "2024-02-30"),
    row("no-choice", RELATIONS, "warning", "警告", "S217", "警告"),
    row("escaped-control", FACTS, "第一", '"\\x07"', "S205", '"'),
    row("tab-in-a-value", FACTS, "第一", "第\t一", "S205", "\t"),
    # Formulas
    row("unknown-name", METRICS, "visits.次数", "visits.人数", "F103", "visits.人数"),
    row("money-plus-count", METRICS, "sum(visits.次数)", "工业投资 + 规模企业", "F104", "工业投资"),
    row("cycle", METRICS, "sum(visits.次数)", "visits.total + 1", "F105", "visits.total +"),
    # Templates
    row(
        "template-syntax",
        PROSE,
        "{{ staffing.quota }}",
        "{{ staffing.quota }",
        "T101",
        "{{ staffing.quota",
    ),
    row("unclosed-tag", PROSE, "。", "。\n{% if year %}", "T101", "{% if"),
    row("missing-fact", PROSE, "staffing.quota", "staffing.qouta", "T102", "qouta"),
    row("missing-name", PROSE, "staffing.quota", "人数", "T102", "人数"),
    row("missing-in-the-pack", OUTLINE, "report.date", "report.day", "T102", "day |"),
    row("arithmetic", PROSE, "staffing.quota", "staffing.quota * 2", "T104", "* 2"),
    row("group-printed", PROSE, "staffing.quota", "staffing", "T106", "staffing"),
    # Paths
    row("unknown-pack", REPORT, "pack: small", "pack: smal", "L127", "smal"),
    row("pack-outside", REPORT, "pack: small", "pack: ../../x", "L102", "../../x"),
    row("pack-at-the-root", REPORT, "pack: small", "pack: /etc", "L127", "/etc"),
    row("id-as-a-path", OUTLINE, "id: staffing", "id: ../staffing", "S215", "../staffing"),
]
"""A slip in one file: what stands there, what is typed, the code, the text at the mark."""


@pytest.mark.parametrize(("path", "old", "new", "code", "marked"), SLIPS)
def test_slip_is_one_finding_at_its_place(good, path, old, new, code, marked):
    good.replace(path, old, new)
    assert refused(good) == [good.spot(code, path, marked)]


def test_division_by_zero_is_at_the_formula(good):
    good.replace(FACTS, "规模企业: 12家", "规模企业: 0家")
    assert refused(good) == [good.spot("F106", REPORT, "新增企业 / 规模企业")]


def test_nothing_by_nothing_is_no_division_by_zero(good):
    good.replace(FACTS, "规模企业: 12家", "规模企业: 0家")
    good.replace(FACTS, "新增企业: 3家", "新增企业: 0家")
    assert warned(good) == []


def test_cycle_of_two_formulas_is_found_once(good):
    good.replace(METRICS, "sum(visits.次数)", "points.total")
    good.replace(METRICS, "sum(ratings.points)", "visits.total")
    (found,) = refused(good)
    assert found[:2] == ("F105", METRICS)


def test_missing_key_is_at_its_group(good):
    good.replace(STAFFING, "  quota: 30人\n", "")
    assert refused(good) == [good.spot("S201", STAFFING, "staffing:")]


def test_key_missing_in_all_files_is_at_the_file_it_belongs_to(good):
    good.replace(REPORT, "date: 2024-06-28\n", "")
    assert refused(good) == [("S201", REPORT, 1, 1)]


def test_required_fact_that_does_not_exist_is_at_the_line_that_requires_it(good):
    good.replace(FACTS, "  工业投资: 4.5亿元\n", "")
    assert refused(good) == [good.spot("P101", OUTLINE, "工业投资")]


def test_required_fact_left_blank_is_at_its_cell(good):
    good.replace(STAFFING, "quota: 30人", "quota:")
    assert refused(good, "--final") == [(code, STAFFING, 2, 9) for code in ("P102", "R102")]


def test_required_date_left_blank_is_at_its_cell(good):
    good.replace(REPORT, "date: 2024-06-28", "date:")
    assert refused(good) == [("S218", REPORT, 2, 6)]


def test_unknown_key_comes_with_the_nearest_one(good):
    good.replace(STAFFING, "quota", "qouta")
    assert params(good, "S202") == {"key": "qouta", "near": "quota（编制数）"}


def test_unknown_pack_comes_with_those_that_exist(good):
    good.replace(REPORT, "pack: small", "pack: smal")
    assert params(good, "L127") == {"pack": "smal", "known": "small"}


def test_duplicate_key_names_both_places(good):
    good.replace(STAFFING, "  actual", "  quota: 31人\n  actual")
    (found,) = good.draft().findings
    assert [(place.span.line, place.span.column) for place in found.places] == [(3, 3), (2, 3)]


# Full-width digits and ％ are accepted and normalised (decided): people type them, and mean them.


def test_full_width_digits_and_percent_are_read_as_usual_ones(good):
    good.replace(STAFFING, "30人", "１００人")
    good.replace(FACTS, "增速排名: 第一", "增速排名: １２．０％")
    assert warned(good) == []
    page = good.output()["2023/bureau/internal/department.html"].decode()
    assert "１００" not in page and "１２．０％" not in page
    assert ">100人</data>" in page and ">12.0%</data>" in page


# Whole files


@pytest.mark.parametrize("content", ["", "\n \n", "# 只有注释\n", "---\n"])
def test_empty_data_file_is_refused(good, content):
    good.write(STAFFING, content)
    assert refused(good) == [("L104", STAFFING, 1, 1)]


def test_empty_narrative_is_an_empty_section(good):
    good.write(PROSE, "")
    assert refused(good) == [good.spot("P202", OUTLINE, "人员编制, id")]


def test_missing_narrative_is_named(good):
    (good.root / PROSE).unlink()
    assert refused(good) == [("L100", PROSE, 1, 1)]


def test_missing_unit_file_is_named(good):
    (good.root / "data/bureau/unit.yaml").unlink()
    assert refused(good) == [("L100", "data/bureau/unit.yaml", 1, 1)]


@pytest.mark.parametrize("path", [STAFFING, PROSE, OUTLINE])
def test_gbk_is_refused_at_its_first_byte(good, path):
    text = good.text(path)
    good.write(path, text.encode("gbk"))
    line = next(n for n, line in enumerate(text.split("\n"), 1) if not line.isascii())
    (found,) = {each for each in refused(good) if each[0] == "L113"}
    assert found[:3] == ("L113", path, line)


def test_utf_16_is_refused(good):
    good.write(STAFFING, good.text(STAFFING).encode("utf-16"))
    assert refused(good) == [("L113", STAFFING, 1, 1)]


def test_bom_is_dropped_with_a_warning(good):
    before = good.output()["2023/bureau/internal/department.html"]
    good.write(STAFFING, b"\xef\xbb\xbf" + good.text(STAFFING).encode())
    assert warned(good) == [("L112", STAFFING, 1, 1)]
    assert good.output()["2023/bureau/internal/department.html"] == before


def test_file_of_a_list_is_no_facts(good):
    good.write(STAFFING, "- 30人\n")
    assert refused(good) == [("S203", STAFFING, 1, 1)]


def test_bomb_of_aliases_is_refused_at_its_first_anchor(good):
    layers = (
        f"{name}: &{name} [{', '.join(['*' + chr(ord(name) - 1)] * 9)}]\n" for name in "bcdefghij"
    )
    good.write(STAFFING, "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(layers))
    assert refused(good) == [("L108", STAFFING, 1, 4)]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_depth_is_refused_before_it_can_hurt(good, opening):
    good.write(STAFFING, opening * 100_000)
    (found,) = refused(good)
    assert found[:3] == ("L109", STAFFING, 1)


def test_file_of_50_mb_is_refused_unread(good):
    with (good.root / STAFFING).open("wb") as file:
        file.truncate(50_000_000)
    assert refused(good) == [("L111", STAFFING, 1, 1)]
    files = good.files
    assert files.text(STAFFING, Diagnostics()) is None
    assert STAFFING not in files.digests


def test_file_that_is_almost_named_as_data_is_not_lost_silently(good):
    good.write(f"{DATA}/more.yml", "facts: {别的: 1家}\n")
    assert warned(good) == [("L126", f"{DATA}/more.yml", 1, 1)]


def test_narrative_of_no_section_is_not_lost_silently(good):
    good.write(f"{NARRATIVE}/summary.md", "总结。\n")
    assert warned(good) == [("L128", f"{NARRATIVE}/summary.md", 1, 1)]


# Paths outside the project


@pytest.fixture
def outside(tmp_path):
    path = tmp_path / "outside.txt"
    path.write_text("goals: [外面]\n", "utf-8")
    return path


@pytest.mark.parametrize("path", [f"{DATA}/link.yaml", PROSE, f"{PACK}/annex.md"])
def test_link_that_leaves_the_project_is_refused(good, outside, path):
    (good.root / path).unlink(missing_ok=True)
    (good.root / path).symlink_to(outside)
    assert refused(good) == [("L102", path, 1, 1)]


def test_link_that_leads_to_itself_is_refused(good):
    (good.root / f"{DATA}/loop.yaml").symlink_to("loop.yaml")
    (found,) = refused(good)
    assert found[:2] in {("L100", f"{DATA}/loop.yaml"), ("L102", f"{DATA}/loop.yaml")}


@pytest.mark.parametrize("path", ["../../outside.txt", "../../../../../etc/passwd"])
def test_include_that_leaves_the_project_is_refused(good, outside, path):
    good.write(PROSE, f"编制{{% include '{path}' %}}\n")
    found = refused(good)
    assert ("L102", f"templates/{path}", 1, 1) in found
    assert {each[0] for each in found} <= {"L102", "T103"}


@pytest.mark.parametrize("path", ["../outside.txt", "/etc/passwd", "../../x"])
def test_annex_and_rules_that_leave_the_project_are_refused(good, outside, path):
    good.replace(OUTLINE, "body: annex.md", f"body: ../../{path}")
    good.replace(OUTLINE, "opening: narrative", f"opening: narrative\nrules: [../{path}]")
    assert {found[0] for found in refused(good)} <= {"L100", "L102"}


# What was asked for


def test_missing_year_comes_with_those_that_exist(good):
    run = good.run("build", "--year", "2031")
    assert run.code == 1
    assert run.findings[0]["code"] == "J101"
    assert "2022、2023" in run.findings[0]["help"]


def test_missing_unit_comes_with_those_that_exist(good):
    run = good.run("build", "--unit", "huaihua")
    assert (run.code, run.findings[0]["code"]) == (1, "J102")
    assert "bureau" in run.findings[0]["help"]


def test_missing_report_comes_with_those_that_exist(good):
    run = good.run("build", "--year", "2023", "--report", "special-fund")
    assert (run.code, run.findings[0]["code"]) == (1, "J103")
    assert "department" in run.findings[0]["help"]


@pytest.mark.parametrize("year", [[], ["--year", "2023"]])
def test_empty_folder_holds_no_reports(tmp_path, year):
    run = reportgen("build", "--root", tmp_path, *year, "--output-format", "json")
    assert (run.code, run.findings[0]["code"]) == (1, "J104")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--format", "odt"],
        ["--year", "二〇二三"],
        ["--audience", "all"],
        ["--lang", "fr"],
        ["--no"],
    ],
)
def test_misuse_of_the_command_is_exit_code_2(good, arguments):
    before = good.output()
    run = reportgen("build", "--root", good.root, *arguments)
    assert run.code == 2
    assert "Traceback" not in run.err
    assert good.output() == before
