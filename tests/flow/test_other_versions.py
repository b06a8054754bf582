"""The other reports of a unit are composed once for all of them, and again where a file changed."""

from __future__ import annotations

import json
import shutil

import pytest

from reportgen.flow import other_versions, steps
from reportgen.flow.job import Job
from reportgen.flow.pipeline import build
from small_project import DATA, HOME, REPORT, UNIT, YEAR, SmallProject

POLICY = """disclosure:
  withhold:
    - {key: visits.spring.次数, reason: 测试不公开, basis: 某办法第三条}
"""
NAMES = (REPORT, "second", "third")


@pytest.fixture
def composed(monkeypatch):
    """Return the names of the reports that were composed beside others, as they are."""
    other_versions._KEPT.clear()
    names = []
    original = steps.readable_version

    def noted(job, files, log):
        names.append(job.name)
        return original(job, files, log)

    monkeypatch.setattr(steps, "readable_version", noted)
    yield names
    other_versions._KEPT.clear()


@pytest.fixture
def project(tmp_path):
    """Return a project whose unit has three reports of a year, alike, and keeps a number back."""
    made = SmallProject.copied(tmp_path / "project")
    made.replace(f"{HOME}/narrative/results.md", "走访{{ visits.total }}，", "")
    made.write(f"{DATA}/disclosure.yaml", POLICY)
    for name in NAMES[1:]:
        shutil.copytree(made.root / DATA / REPORT, made.root / DATA / name)
    return made


def public(project, name, out="build"):
    where = (project.root, project.root / out, UNIT, YEAR, name)
    done = build(Job(*where, audience="public", formats=("html",)), force=True)
    assert not done.failed, done.findings
    return done


def test_each_other_report_is_composed_once_for_all(project, composed):
    for name in NAMES:
        public(project, name)
    assert sorted(composed) == sorted(f"{YEAR}/{name}" for name in NAMES)


def test_files_and_manifest_are_those_of_a_build_by_itself(project, composed):
    def contents(out):
        folder = project.root / out / str(YEAR) / UNIT
        return {
            path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }

    for name in NAMES:
        public(project, name, "together")
    for name in NAMES:
        other_versions._KEPT.clear()
        public(project, name, "alone")
    assert contents("together") == contents("alone")
    record = project.root / "together" / str(YEAR) / UNIT / "disclosure" / "manifest.json"
    inputs = json.loads(record.read_text("utf-8"))[NAMES[-1]]["inputs"]
    assert f"{DATA}/second/report.yaml" in inputs


@pytest.mark.parametrize("change", ["edited", "added", "gone"])
def test_a_report_of_which_a_file_changed_is_composed_again(project, composed, change):
    public(project, NAMES[0])
    composed.clear()
    path = project.root / DATA / "second" / "narrative"
    file = min(path.glob("*.md"))
    if change == "edited":
        file.write_text(f"{file.read_text('utf-8')}\n", "utf-8")
    elif change == "added":
        (path / "another.md").write_text("一段。\n", "utf-8")
    else:
        (path.parent / "report.yaml").write_text("pack: nowhere\n", "utf-8")
    public(project, NAMES[0])
    assert composed == [f"{YEAR}/second"]


def test_what_is_for_others_or_of_another_unit_is_not_taken_for_it(project, composed):
    shutil.copytree(project.root / "data" / UNIT, project.root / "data" / "office")
    public(project, NAMES[0])
    composed.clear()
    where = (project.root, project.root / "build", "office", YEAR, NAMES[0])
    assert not build(Job(*where, audience="public", formats=("html",)), force=True).failed
    assert len(composed) == 2
    assert {unit[1] for unit, _ in other_versions._KEPT} == {"office"}
