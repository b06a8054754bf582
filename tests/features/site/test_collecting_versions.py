"""Only whole public versions with the record of the same build are taken; the rest is told."""

from __future__ import annotations

import json
import os

import pytest

from site_builds import MadeUpSite, build_public, tree


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Return a made-up site with a report that is published."""
    made = MadeUpSite(tmp_path_factory.mktemp("published"))
    made.build()
    made.make()
    return made


@pytest.fixture
def site(published, tmp_path):
    """Return a copy of that site, which a test may change."""
    return published.copied(tmp_path)


def changed(path, change):
    """Change what stands in a manifest."""
    content = json.loads(path.read_text("utf-8"))
    change(content)
    path.write_text(json.dumps(content), "utf-8")


def test_changed_public_file_is_refused_by_name(site):
    folder = site.build(text="新")
    (folder / "department.pdf").write_bytes(b"another")
    log = site.found()
    errors = [(each.code, each.span.path) for each in log if each.severity == "error"]
    assert errors == [("U108", str(folder / "department.pdf"))]
    assert site.refused() == ["U108"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.unlink(),
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: (path.unlink(), os.mkfifo(path)),
        lambda path: path.write_bytes(b""),
    ],
    ids=["missing", "folder", "pipe", "empty"],
)
def test_public_file_that_is_none_is_refused(site, spoil):
    spoil(site.build(text="新") / "department.docx")
    assert site.refused() == ["U108"]


def test_report_without_record_is_refused(site):
    folder = site.build("other", text="新")
    (folder.parent / "disclosure" / "manifest.json").unlink()
    assert site.refused() == ["U107"]


@pytest.mark.parametrize("key", ["report", "published"])
def test_record_that_says_nothing_of_the_version_is_refused(site, key):
    folder = site.build("other")
    path = folder.parent / "disclosure" / "manifest.json"
    changed(path, lambda content: content["department"].pop(key))
    assert site.refused() == ["U107"]


@pytest.mark.parametrize(
    "report", [None, [], {}, {"title": 1}, "x"], ids=["null", "list", "empty", "number", "text"]
)
def test_record_of_another_form_is_refused(site, report):
    path = site.build("other").parent / "disclosure" / "manifest.json"
    changed(path, lambda content: content["department"].update(report=report))
    assert site.refused() == ["U107"]


def test_record_of_another_build_is_refused(site):
    folder = site.build("other")
    kept = (folder.parent / "disclosure" / "manifest.json").read_bytes()
    site.build("other", text="后来的")
    (folder.parent / "disclosure" / "manifest.json").write_bytes(kept)
    assert site.refused() == ["U107"]


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff", b'"x"', b"[" * 10_000])
def test_damaged_manifest_is_refused(site, data):
    (site.build("other") / "manifest.json").write_bytes(data)
    assert site.refused() == ["U106"]


@pytest.mark.parametrize("entry", [1, {}, {"outputs": 1}, {"outputs": {"department.pdf": 1}}])
def test_damaged_entry_of_a_manifest_is_refused(site, entry):
    path = site.build("other") / "manifest.json"
    path.write_text(json.dumps({"department": entry}), "utf-8")
    assert site.refused() == ["U107"]


def test_folder_of_builds_that_is_not_there_is_told(site):
    builds = (str(site.builds), str(site.root / "nothing"))
    (told,) = site.found(builds=builds)
    assert (told.code, told.span.path) == ("U102", builds[1])
    assert site.refused(builds=builds) == ["U102"]


def test_unit_without_public_version_is_told_and_not_shown(site):
    (site.builds / "2023" / "secret" / "internal").mkdir(parents=True)
    (site.root / "data" / "drafting" / "2023").mkdir(parents=True)
    site.build("other")
    notes = [each for each in site.found() if each.code == "U104"]
    assert [each.params["unit"] for each in notes] == ["drafting", "secret"]
    shown = b"".join(tree(site.out).values())
    assert b"secret" not in shown
    assert b"drafting" not in shown


def test_reports_without_public_version_of_units_that_are_shown_are_listed(site):
    for audience, reports in (("internal", ("secret", "department")), ("submit", ("sent",))):
        folder = site.builds / "2023" / "bureau" / audience
        folder.mkdir()
        entries = {report: {"outputs": {}} for report in reports}
        (folder / "manifest.json").write_text(json.dumps(entries), "utf-8")
    (told,) = [each for each in site.found() if each.code == "U122"]
    assert told.params["names"] == "bureau/2023/secret、bureau/2023/sent"


def test_site_of_nothing_is_refused(tmp_path):
    site = MadeUpSite(tmp_path)
    site.builds.mkdir()
    assert site.refused() == ["U105"]


def test_published_version_stays_when_its_build_is_gone(site):
    before = tree(site.out)
    for path in sorted(site.builds.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    site.make()
    assert tree(site.out) == before


def test_one_report_in_two_folders_of_builds_is_told_with_both(site, tmp_path):
    other = tmp_path / "other"
    build_public(other)
    builds = (str(site.builds), str(other))
    (told,) = [each for each in site.found(builds=builds) if each.severity == "error"]
    assert told.code == "U103"
    assert [place.span.path for place in told.places] == [
        str(folder / "2023/bureau/public/manifest.json") for folder in (other, site.builds)
    ]
    assert site.refused(builds=builds) == ["U103"]


def test_folder_of_builds_named_twice_counts_once(site):
    (site.root / "again").symlink_to(site.builds)
    builds = (str(site.builds), str(site.root / "again"), f"{site.builds}/.")
    assert site.codes(builds=builds) == []


@pytest.mark.parametrize("unit", ["Bureau", "BUREAU"])
def test_addresses_that_differ_by_capitals_alone_are_one(site, unit):
    site.build(unit)
    assert site.refused() == ["U103"]


def test_addresses_that_differ_by_how_letters_are_composed_are_one(site):
    site.build("caf\N{LATIN SMALL LETTER E WITH ACUTE}")
    site.build("cafe\N{COMBINING ACUTE ACCENT}")
    assert site.refused() == ["U103"]


@pytest.mark.parametrize("unit", ["units", "Years", "kinds", "search", "index.html"])
def test_unit_cannot_be_called_as_the_site_calls_its_own(site, unit):
    site.build(unit)
    assert site.refused() == ["U109"]


@pytest.mark.parametrize("unit", ["a\tb", "a\nb", os.fsdecode(b"\xff"), "a\N{ZERO WIDTH SPACE}b"])
def test_name_that_cannot_be_printed_is_refused(site, unit):
    site.build(unit)
    assert site.refused() == ["U109"]
    assert all(str(value).isprintable() for each in site.found() for value in each.params.values())


@pytest.mark.parametrize("name", ["../../x", "..", "", "a/b", "a\\b"])
def test_report_whose_name_leads_elsewhere_is_refused(site, name):
    folder = site.build("other")
    for path in (folder / "manifest.json", folder.parent / "disclosure" / "manifest.json"):
        changed(path, lambda content: content.update({name: content.pop("department")}))
    assert site.refused() == ["U109"]


def test_file_of_another_name_than_its_report_is_refused(site):
    folder = site.build("other")

    def rename(content):
        for entry in content.values():
            for key in {"outputs", "published"} & set(entry):
                entry[key] = {"../secret.pdf": "0" * 64}

    for path in (folder / "manifest.json", folder.parent / "disclosure" / "manifest.json"):
        changed(path, rename)
    assert site.refused() == ["U109"]


def test_more_formats_of_the_same_text_are_a_version_that_needs_no_notice(tmp_path):
    site = MadeUpSite(tmp_path)
    site.build(formats=("fragment.html", "html"))
    site.make()
    site.build()
    assert site.codes() == []
    assert (site.out / "bureau/2023/department/v2/department.pdf").is_file()
    assert (site.out / "bureau/2023/department/v1/department.html").is_file()


def test_what_is_said_of_a_version_follows_its_newest_build(site):
    site.build(validity="废止")
    site.make()
    assert "废止" in site.page("bureau/2023/department/index.html")
    assert not (site.out / "bureau/2023/department/v2").exists()
