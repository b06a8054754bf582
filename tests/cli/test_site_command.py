"""What `reportgen site` prints and how it exits."""

from __future__ import annotations

import pytest

from site_builds import MadeUpSite, tree
from small_project import reportgen


@pytest.fixture
def site(tmp_path):
    """Return a made-up site that is not made yet."""
    made = MadeUpSite(tmp_path)
    made.build()
    return made


def run(site, *arguments):
    return reportgen("site", "--root", site.root, *arguments)


def test_new_versions_are_named_and_an_unchanged_site_is_said_to_be_so(site):
    first, second = run(site, "--lang", "en"), run(site, "--lang", "en")
    assert (first.code, second.code) == (0, 0)
    assert f"{site.out}/bureau/2023/department  version 1" in first.out
    assert "1 published of 1" in first.out
    assert "nothing changed, nothing was written: 1 reports" in second.out


def test_site_stands_where_out_says(site, tmp_path):
    assert run(site, "--out", tmp_path / "www").code == 0
    assert (tmp_path / "www" / "index.html").is_file()
    assert not site.out.exists()


def test_settings_are_those_of_the_project_or_of_the_file_named(site, tmp_path):
    (tmp_path / "site.toml").write_text('name = "甲站"', "utf-8")
    assert run(site).code == 0
    assert "<title>甲站</title>" in site.page()
    other = tmp_path / "other.toml"
    other.write_text(f'name = "乙站"\nbuilds = ["{site.builds}"]', "utf-8")
    assert run(site, "--config", other, "--out", tmp_path / "www").code == 0
    assert "<title>乙站</title>" in (tmp_path / "www" / "index.html").read_text("utf-8")


def test_error_is_told_as_json_and_the_site_stays(site):
    run(site)
    before = tree(site.out)
    (site.build(text="新") / "department.pdf").write_bytes(b"x")
    told = run(site, "--output-format", "json")
    assert told.code == 1
    errors = [each for each in told.findings if each["severity"] == "error"]
    assert [each["code"] for each in errors] == ["U108"]
    assert tree(site.out) == before
    assert "the site is as it was" in run(site, "--lang", "en").out


def test_settings_that_are_wrong_end_the_run_with_their_place(site, tmp_path):
    (tmp_path / "site.toml").write_text('\nnmae = "x"\n', "utf-8")
    told = run(site, "--output-format", "json")
    assert (told.code, told.spots()) == (1, [("U101", str(tmp_path / "site.toml"), 2, 1)])
    assert run(site, "--config", tmp_path / "none.toml").code == 1
    assert not site.out.exists()


def test_change_without_a_notice_is_a_warning_and_no_error(site):
    run(site)
    site.build(text="新")
    told = run(site, "--output-format", "json")
    warnings = [each["code"] for each in told.findings if each["severity"] == "warning"]
    assert (told.code, warnings) == (0, ["U118"])


def test_what_is_withdrawn_is_named(site, tmp_path):
    site.build("other")
    run(site)
    settings = 'withdrawn = ["other/2023/department/"]'
    (tmp_path / "site.toml").write_text(settings, "utf-8")
    told = run(site, "--lang", "en")
    assert (told.code, f"withdrawn: {site.out}/other/2023/department/v1" in told.out) == (0, True)
    assert "U120" not in told.out
