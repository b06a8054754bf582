"""What a version for others keeps back is in no output of their overview, as the proof searches."""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from reportgen.flow.staged import GuardedDraft
from reportgen.verify.leaks import find_leaks
from reportgen.verify.part import Part
from small_project import DATA, HOME, PACK, SmallProject, reportgen

DECLARED = """
overview:
  score: score.total
  execution_rate: execution_rate
  three_public: three_public.vehicle_operation.outturn
  three_public_last: three_public.vehicle_operation.last
"""


@pytest.fixture
def small(tmp_path: Path) -> SmallProject:
    """A project whose public version keeps back a rate and last year's part of an expense."""
    project = SmallProject.copied(tmp_path / "project")
    project.write(f"{PACK}/pack.yaml", project.text(f"{PACK}/pack.yaml") + DECLARED)
    project.replace(f"{HOME}/narrative/spending.md", "，执行率{{ execution_rate }}", "")
    project.replace(f"{HOME}/ratings.yaml", "执行率为{{ execution_rate }}，", "")
    policy = "disclosure: {withhold: [{key: execution_rate, reason: 测试}]}"
    project.write(f"{DATA}/disclosure.yaml", policy)
    return project


def texts_of(path: Path) -> Iterator[str]:
    data = path.read_bytes()
    if not data.startswith(b"PK"):
        yield data.decode("utf-8-sig")
        return
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            yield html.unescape(package.read(name).decode("utf-8", "replace"))


def written(small: SmallProject, audience: str) -> dict[str, list[str]]:
    """All that the command writes and prints for an audience."""
    out = small.root / "out"
    about = ("--root", small.root, "--audience", audience, "--lang", "zh")
    reportgen("overview", *about, "--out", out, "--html", "--xlsx", "--csv")
    made = {path.name: list(texts_of(path)) for path in out.glob(f"overview.{audience}.*")}
    made["terminal"] = [reportgen("overview", *about).out]
    made["json"] = [reportgen("overview", *about, "--output-format", "json").out]
    return made


def test_no_output_for_the_public_holds_what_its_version_keeps_back(small: SmallProject) -> None:
    outcome = small.build(audience="public")
    assert not outcome.failed, outcome.findings
    draft = outcome.draft
    assert isinstance(draft, GuardedDraft)
    made = written(small, "public")
    assert len(made) == 8
    for name, texts in made.items():
        assert list(find_leaks(Part.of(name, texts), draft.proof.targets)) == [], name
    for name in ("reports.csv", "html", "xlsx"):
        assert "不公开" in "".join(made[f"overview.public.{name}"]), name
    assert "不公开" in made["terminal"][0] and '"withheld"' in made["json"][0]


def test_those_inside_see_it_in_theirs(small: SmallProject) -> None:
    outcome = small.build(audience="public")
    draft = outcome.draft
    assert isinstance(draft, GuardedDraft)
    for name, texts in written(small, "internal").items():
        if "94.32" in "".join(texts):
            assert list(find_leaks(Part.of(name, texts), draft.proof.targets)), name
    assert "94.32%" in "".join(written(small, "internal")["terminal"])
