"""What findings advise about withheld figures, followed to the letter, ends in a clean report."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outcome import draft
from real_report import ROOT
from reportgen.flow.job import Job
from reportgen.project.source_files import SourceFiles
from small_project import HOME, SmallProject

MOST_ROUNDS = 4
"""How often somebody may have to come back: for holes, and for what the texts behind them hide."""


class Follower:
    """Somebody who does what the findings about withheld figures say, and nothing else."""

    def __init__(self, project: SmallProject) -> None:
        self.project = project
        self.lines: dict[str, list[str]] = {"withhold": [], "mask": [], "release": []}

    def add(self, name: str, keys: str) -> None:
        """Write `keys` under `name`, and nowhere else."""
        for key in keys.split("、"):
            for listed in self.lines.values():
                if key in listed:
                    listed.remove(key)
            self.lines[name].append(key)

    def add_lines(self, lines: str) -> None:
        """Write lines as advised: `mask: a、b；withhold: c`."""
        for line in lines.split("；") if not lines.startswith("@") else ():
            name, _, keys = line.partition(": ")
            self.add(name, keys)

    def errors(self):
        """Return the errors of the public version under the policy as it stands."""
        text = "disclosure:\n"
        for name, keys in self.lines.items():
            shown = ", shown: 若干" if name == "mask" else ""
            rows = "".join(f"    - {{key: {k}, reason: 试, basis: 试{shown}}}\n" for k in keys)
            text += f"  {name}:\n{rows}" if rows else ""
        self.project.write(f"{HOME}/disclosure.yaml", text)
        outcome = self.project.draft(audience="public")
        return [each for each in outcome.findings if each.severity == "error"]

    def follow(self, error, *, releasing: bool) -> None:
        """Do what one finding advises, by releasing where that was tried and works."""
        params = error.params
        if error.code == "D160":
            assert not params["lines"].startswith("@"), params
            self.add_lines(params["lines"])
        elif error.code == "D121":
            way = "release" if releasing and params["release_lines"] != "@in_vain" else "mask"
            assert params[f"{way}_lines"] != "@in_vain", params
            self.add(way, params[f"{way}s"])
            self.add_lines(params[f"{way}_lines"])
        else:
            assert error.code == "D114", error
            self.add("mask", params["key"])

    def rounds_until_clean(self, *, releasing: bool) -> int:
        """Return how often advice had to be followed."""
        for number in range(MOST_ROUNDS + 1):
            errors = self.errors()
            if not errors:
                return number
            for error in {each.code: each for each in errors}.values():
                self.follow(error, releasing=releasing)
        raise AssertionError(errors)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Return a project that prints rows and totals in its texts and its form."""
    project = SmallProject.copied(tmp_path_factory.mktemp("advice") / "project")
    project.write(
        f"{HOME}/narrative/spending.md",
        "全年支出{{ expenditure.total.outturn }}，其中项目支出{{ expenditure.project.outturn }}，"
        "执行率{{ execution_rate }}。业务培训{{ funds.training.outturn }}。\n",
    )
    return project


KEYS = [
    "funds.survey.outturn",
    "funds.training.outturn",
    "funds.chains.outturn",
    "funds.chains.initial",
    "funds.training.initial",
    "expenditure.project.outturn",
    "expenditure.basic.outturn",
    "three_public.reception.outturn",
]


def test_releasing_the_totals_is_advised_with_what_else_has_to_go_then(project):
    follower = Follower(project)
    follower.add("withhold", "funds.survey.outturn")
    (total, *_) = [each for each in follower.errors() if each.code == "D121"]
    assert total.params["releases"].startswith("expenditure.total.outturn、")
    assert total.params["release_lines"] == "withhold: funds.chains.outturn"
    follower.follow(total, releasing=True)
    assert follower.errors() == []


def test_masking_the_totals_was_tried_too(project):
    follower = Follower(project)
    follower.add("withhold", "funds.survey.outturn")
    (total, *_) = [each for each in follower.errors() if each.code == "D121"]
    follower.follow(total, releasing=False)
    assert follower.errors() == []


def test_what_a_recovery_proposes_to_withhold_is_masked_where_a_sentence_prints_it(project):
    follower = Follower(project)
    follower.add("withhold", "funds.survey.outturn")
    follower.add("release", "expenditure、execution_rate、project")
    (found,) = follower.errors()
    assert found.code == "D160"
    follower.follow(found, releasing=True)
    assert follower.errors() == []


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sets(st.sampled_from(KEYS), min_size=1, max_size=4),
    st.sampled_from(["withhold", "mask"]),
    st.booleans(),
)
def test_following_the_advice_ends_in_a_clean_public_version(project, keys, way, releasing):
    follower = Follower(project)
    for key in sorted(keys):
        follower.add(way, key)
    follower.rounds_until_clean(releasing=releasing)


def test_a_preview_does_not_wait_for_trials(project):
    project.write(
        f"{HOME}/disclosure.yaml",
        "disclosure:\n  withhold:\n    - {key: funds.survey.outturn, reason: 试, basis: 试}\n",
    )
    outcome = project.draft(audience="public", preview=True)
    tried = {each.params["mask_lines"] for each in outcome.findings if each.code == "D121"}
    assert tried == {"@not_tried"}


def test_a_year_that_is_published_already_does_not_stand_in_the_way(tmp_path):
    """Every other fund of Huaihua 2023 stood in its report of 2022, which prints it anyway."""
    for part in ("data/huaihua", "templates/huaihua", "templates/shared"):
        shutil.copytree(ROOT / part, tmp_path / part)
    follower = Follower(Huaihua(tmp_path))
    follower.add("withhold", "funds.monitoring.outturn")
    (total, *_) = [each for each in follower.errors() if each.code == "D121"]
    assert (
        total.params["release_lines"]
        == "mask: funds.monitoring.outturn、funds.energy_saving.outturn"
    )
    follower.follow(total, releasing=True)
    assert follower.errors() == []


class Huaihua:
    """The department's report of 2023, its policy written as that of the report."""

    def __init__(self, root):
        self.root = root

    def write(self, _path, text):
        (self.root / "data/huaihua/2023/department/disclosure.yaml").write_text(text, "utf-8")

    def draft(self, audience):
        job = Job(self.root, self.root / "build", "huaihua", 2023, "department", audience)
        return draft(job, SourceFiles(self.root))
