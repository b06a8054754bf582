"""A build that is older than its data is not published, where these are there to look at."""

from __future__ import annotations

import json

import pytest

from reportgen.project.source_files import SourceFiles
from site_builds import MadeUpSite, build_public


@pytest.fixture
def site(tmp_path):
    """Return a project with a public version that says of which policy it was built."""
    made = MadeUpSite(tmp_path)
    policy = tmp_path / "data/bureau/policy.yaml"
    (policy.parent / "2023/department").mkdir(parents=True)
    policy.write_text("public: all", "utf-8")
    build(made)
    return made


def build(site, **options):
    path = site.build(**options).parent / "disclosure/manifest.json"
    record = json.loads(path.read_text("utf-8"))
    name = "data/bureau/policy.yaml"
    record["department"]["inputs"] = {name: SourceFiles(site.root).sha256(name)}
    path.write_text(json.dumps(record), "utf-8")


def mask(site):
    (site.root / "data/bureau/policy.yaml").write_text("public: none", "utf-8")


def test_outdated_build_is_not_published_for_the_first_time(site):
    mask(site)
    (told,) = [each for each in site.found() if each.severity == "error"]
    assert (told.code, told.params["name"]) == ("U123", "bureau/2023/department")
    assert site.refused() == ["U123"]
    build(site)
    site.make()


def test_outdated_build_of_what_is_published_is_told_and_a_new_version_refused(site):
    assert site.codes() == []
    mask(site)
    assert site.codes() == ["U124"]
    build(site, text="新的")
    (site.root / "data/bureau/policy.yaml").write_text("public: some", "utf-8")
    assert site.refused() == ["U123"]


def test_outdated_build_that_is_withdrawn_stops_nothing(site):
    mask(site)
    site.build("other", name="另一局")
    assert "U123" not in site.codes(withdrawn=("bureau/2023/department",))


def test_a_report_that_its_unit_has_no_longer_is_not_published_for_the_first_time(site):
    folder = site.root / "data/bureau/2023/department"
    folder.rename(folder.with_name("whole"))
    assert site.refused() == ["U127"]
    folder.mkdir()
    site.make()
    folder.rmdir()
    (told,) = site.found()
    assert (told.code, told.severity, told.params["name"]) == (
        *("U127", "warning"),
        "bureau/2023/department",
    )


def test_units_that_are_called_alike_are_told_by_the_names_of_their_latest_reports(site):
    site.build("office", 2022, name="另一局")
    assert site.codes() == []
    build_public(site.builds, "office", 2023)
    (told,) = site.found()
    assert (told.code, told.params["units"], told.params["name"]) == (
        *("U125", "bureau、office"),
        "某局",
    )
    assert site.codes(withdrawn=("office/2023/department",)) == []


def test_reports_of_a_unit_and_year_with_one_title_are_told(site):
    build_public(site.builds, report="whole")
    build_public(site.builds, report="fund", kind="专项资金绩效自评报告")
    for name in ("whole", "fund"):
        (site.root / "data/bureau/2023" / name).mkdir()
    for _ in range(2):
        (told,) = [each for each in site.found() if each.code == "U126"]
        assert told.params["names"] == "bureau/2023/department、bureau/2023/whole"


def test_nothing_is_said_of_builds_without_their_project(site, tmp_path):
    mask(site)
    site.root = tmp_path / "elsewhere"
    site.root.mkdir()
    site.builds = site.builds.rename(site.root / "build")
    assert site.codes() == []
