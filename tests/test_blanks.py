"""Whatever is left blank: there is a page, nothing printed depends on a blank, each is told."""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcome import Outcome, draft
from reportgen.flow.job import Job
from reportgen.model.document import values
from reportgen.model.locations import located_texts
from reportgen.model.quantity import Quantity
from reportgen.project.source_files import EditedFiles, SourceFiles
from reportgen.project.yaml_editor import YamlEditor
from small_project import SmallProject, reportgen

ROOT = Path(__file__).resolve().parent.parent
REPORTS = [
    ("huaihua", 2023, "department"),
    ("huaihua", 2022, "special-fund"),
    ("yiyang", 2022, "special-fund"),
    ("yongzhou", 2020, "department"),
    ("yueyang", 2021, "department"),
    ("yueyang", 2021, "emergency-supplies"),
]
TO_FILL = "〔待填〕"
TOLD = {"P102", "P103", "Y101"}
"""The codes that tell what is still to be filled in."""


@cache
def small() -> SmallProject:
    return SmallProject.copied(Path(mkdtemp()) / "project")


@cache
def complete(job: Job) -> Outcome:
    """Return a report with nothing left blank."""
    return draft(job, SourceFiles(job.root))


def job_of(unit: str, year: int, report: str) -> Job:
    return Job(ROOT, ROOT / "build", unit, year, report, formats=("html",))


def can_be_blank(outcome: Outcome) -> list[str]:
    """Return the keys of the typed numbers of a report that stand behind a key of a file."""
    found: list[str] = []
    state = outcome.state
    assert state is not None
    derived = outcome.draft.derived if outcome.draft else state
    for key, fact in derived.inputs.facts.facts.items():
        in_list = key.rpartition(".")[2].isdecimal()
        if isinstance(fact.value, Quantity) and not in_list and fact.span.path.startswith("data/"):
            found.append(key)
    return found


def blanked(job: Job, keys: Iterable[str], *, marked: bool) -> Outcome:
    """Return a report with some facts left blank, in lines that say so if they are `marked`."""
    derived = complete(job).draft.derived
    texts: dict[str, str] = {}
    for key in keys:
        path = derived.inputs.facts.facts[key].span.path
        texts.setdefault(path, SourceFiles(job.root).shown(path) or "")
    editor = YamlEditor(texts)
    lines: dict[str, set[int]] = {}
    for key in keys:
        span = derived.inputs.facts.facts[key].span
        typed = texts[span.path].split("\n")[span.line - 1][span.column - 1 :]
        written = re.match(r"[^,}\n]*?(?=\s*(?:[,}\n]|\s#|$))", typed)
        assert written
        quoted = typed.startswith(written[0] + '"')
        assert not quoted
        editor.replace(span, "")
        lines.setdefault(span.path, set()).add(span.line)
    edits = {path: editor.edited(path) for path in texts}
    for path, numbers in lines.items() if marked else ():
        rows = edits[path].split("\n")
        for number in numbers:
            rows[number - 1] += "   # 待填"
        edits[path] = "\n".join(rows)
    return draft(job, EditedFiles(job.root, edits=edits))


def depending(job: Job, keys: Collection[str]) -> set[str]:
    """Return `keys` and those of all figures that the complete report works out from them."""
    figures = complete(job).ledger.figures
    reached = set(keys)
    while True:
        more = {key for key, each in figures.items() if reached.intersection(each.inputs)} - reached
        if not more:
            return reached
        reached |= more


def printed(outcome: Outcome) -> Iterator[tuple[str, str]]:
    for located in located_texts(outcome.document):
        for value in values(located.inlines):
            yield value.key, value.text


def told_lines(outcome: Outcome) -> set[tuple[str, int]]:
    """Return the places that the findings name, lines of lists among them."""
    places: set[tuple[str, int]] = set()
    for each in outcome.findings:
        if each.code in TOLD:
            places.add((each.span.path, each.span.line))
            for first, last in re.findall(r"(\d+)(?:–(\d+))?", each.params.get("lines", "")):
                numbers = range(int(first), int(last or first) + 1)
                places.update((each.span.path, number) for number in numbers)
    return places


def hold(job: Job, keys: list[str]) -> None:
    outcome = blanked(job, keys, marked=True)
    stopped = [each for each in outcome.findings if each.severity == "error" and not each.in_draft]
    assert outcome.draft is not None, stopped
    assert not stopped
    gone = depending(job, keys)
    typed = {key for key, each in outcome.ledger.figures.items() if each.kind == "fact"} - {*keys}
    for key, text in printed(outcome):
        if key in gone and key not in typed:
            assert text == TO_FILL, (key, text, keys)
    places = told_lines(outcome)
    for key in keys:
        span = complete(job).draft.derived.inputs.facts.facts[key].span
        assert (span.path, span.line) in places, key


def choice(job: Job, data: st.DataObject) -> list[str]:
    keys = can_be_blank(complete(job))
    many = data.draw(st.booleans())
    chosen = st.lists(st.sampled_from(keys), min_size=1, max_size=60 if many else 3, unique=True)
    return data.draw(chosen)


@settings(max_examples=40)
@given(st.data())
def test_any_facts_of_the_small_project_may_be_blank(data):
    job = small().job()
    hold(job, choice(job, data))


@pytest.mark.parametrize("report", REPORTS, ids=str)
def test_every_number_of_a_real_report_may_be_blank(report):
    job = job_of(*report)
    hold(job, can_be_blank(complete(job)))


@pytest.mark.parametrize("report", REPORTS, ids=str)
@settings(max_examples=2)
@given(st.data())
def test_any_facts_of_a_real_report_may_be_blank(report, data):
    job = job_of(*report)
    hold(job, choice(job, data))


FINAL = {"final": True}
OTHERS = [{"audience": "submit"}, {"audience": "public"}, FINAL, {"strict": True}]


@pytest.mark.parametrize("version", OTHERS, ids=str)
def test_no_version_but_a_draft_for_those_inside_is_made_with_a_blank(tmp_path, version):
    project = SmallProject.copied(tmp_path / "project")
    project.replace("data/bureau/2023/funds.yaml", "initial: 20, ", "initial: , ")
    project.replace("data/bureau/2023/funds.yaml", "outturn: 18.4}", "outturn: 18.4}   # 待填")
    built = project.build(**version)
    assert built.job.stopped(built.findings)
    assert not list((tmp_path / "project" / "build").rglob("*.html"))
    assert project.build().made


@pytest.mark.parametrize("claim", ["a == b", "b >= a", "a - b <= c", "b == a + c", "0 <= a - b"])
@pytest.mark.parametrize("blank", ["a", "b"])
def test_a_relation_with_a_tolerance_names_its_blank_and_no_unit(tmp_path, claim, blank):
    project = SmallProject.copied(tmp_path / "project")
    values = {"a": "3万元", "b": "4万元", "c": "5万元"} | {blank: ""}
    facts = "".join(f"  {key}: {value}\n" for key, value in values.items())
    project.write("data/bureau/2023/more.yaml", f"facts:\n{facts}")
    rule = f"relations:\n  near: {{title: 相近, claim: {claim}, tolerance: 0.01万元}}\n"
    project.write("data/bureau/2023/department/rules.yaml", rule)
    (told,) = [each for each in project.draft().findings if each.subject == "near"]
    line = 2 + [*values].index(blank)
    assert (told.code, told.span.path, told.span.line) == (
        "R102",
        "data/bureau/2023/more.yaml",
        line,
    )
    assert told.params["blank"] == blank


def test_a_counted_list_is_no_blank_of_a_relation(tmp_path):
    project = SmallProject.copied(tmp_path / "project")
    project.write("data/bureau/2023/more.yaml", "facts:\n  总数:\n  名单: [甲, 乙]\n")
    rule = "relations:\n  all: {title: 名单不超过总数, claim: count(名单) <= 总数}\n"
    project.write("data/bureau/2023/department/rules.yaml", rule)
    (told,) = [each for each in project.draft().findings if each.subject == "all"]
    assert (told.code, told.params["blank"]) == ("R102", "总数")


def test_price_by_a_blank_is_no_error_of_units(tmp_path):
    project = SmallProject.copied(tmp_path / "project")
    facts = "facts:\n  单价: 3元/人\n  人数:\n  杂费: 4元\n"
    project.write("data/bureau/2023/more.yaml", facts)
    rule = "metrics:\n  合计价: {title: 合计, formula: 单价 * 人数 + 杂费}\n"
    project.write("data/bureau/2023/department/rules.yaml", rule)
    assert not [each for each in project.draft().findings if each.code.startswith("F")]


@pytest.mark.parametrize(
    "pack",
    [
        "huaihua/department-2023",
        "huaihua/special-fund-2022",
        "national/project-self-rating",
        "national/project-self-rating-word",
        "yiyang/special-fund-2022",
        "yongzhou/department-2020",
        "yueyang/department-2021",
        "yueyang/emergency-supplies-2021",
    ],
)
def test_a_unit_just_begun_has_a_page(tmp_path, pack):
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    (tmp_path / "data").mkdir()
    begun = reportgen("init", "--root", tmp_path, "--unit", "a", "--pack", pack, "--year", 2024)
    assert begun.code == 0, begun
    done = reportgen("build", "--root", tmp_path, "--year", 2024, "--format", "html")
    assert done.code == 0, done.out
    page = (tmp_path / "build/2024/a/internal/department.html").read_text("utf-8")
    assert TO_FILL in page


def test_a_year_just_begun_has_a_page(tmp_path):
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    shutil.copytree(ROOT / "data/huaihua", tmp_path / "data/huaihua")
    where = ("--root", tmp_path, "--unit", "huaihua")
    assert reportgen("new-year", 2024, *where).code == 0
    done = reportgen("build", *where, "--year", 2024, "--format", "html")
    assert done.code == 0, done.out
    page = (tmp_path / "build/2024/huaihua/internal/department.html").read_text("utf-8")
    assert page.count(f'class="unfilled" value="">{TO_FILL}') > 100
    lines = "economic.yaml 第 4–7、9–17、19–21 行，还空着 16 项"
    assert lines in done.out
    assert reportgen("build", *where, "--year", 2024, "--final").code == 1
