"""Files downloaded from a site are proven, or refused, with a clone of the repository."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import docx
import pytest

from repository import ACCOUNTS, Repository
from small_project import reportgen


def title_of(repository):
    record = repository.root / "build/2023/bureau/disclosure/manifest.json"
    return json.loads(record.read_text("utf-8"))["department"]["report"]["title"]


def notice(repository):
    document = docx.Document()
    document.add_paragraph(f"关于《{title_of(repository)}》的更正说明")
    document.add_paragraph("2029年6月1日")
    document.core_properties.author = ""
    document.core_properties.comments = ""  # python-docx names itself there
    document.save(repository.root / "notice.docx")


SETTINGS = """[[correction]]
unit = "bureau"
year = 2023
report = "department"
date = 2029-06-01
notice = "notice.docx"
"""


@pytest.fixture(scope="module")
def downloads(tmp_path_factory):
    """Return a clone of a repository whose report was corrected once, and the files of its site."""
    top = tmp_path_factory.mktemp("published")
    repository = Repository.made(top / "repository")
    build = ("build", "--audience", "public", "--format", "docx,html")
    assert repository.run(*build).code == 0
    assert repository.run("site").code == 0
    repository.replace(ACCOUNTS, "280.75", "281.75")
    repository.commit("Correct the basic expenditure")
    assert repository.run(*build).code == 0
    notice(repository)
    repository.write("site.toml", SETTINGS)
    done = repository.run("site")
    assert done.code == 0, done.out + done.err
    site = top / "site"
    shutil.move(repository.root / "site", site)
    shutil.rmtree(repository.root / "build")  # a clone has none
    return repository, site


def files(site):
    found = sorted((site / "bureau/2023/department").glob("v*/*"))
    return [path for path in found if path.name not in ("index.html", "manifest.json")]


def renamed(path: Path, folder: Path) -> Path:
    """Return a copy as a browser names it that has one of that name already."""
    stem, _, ending = path.name.partition(".")
    return Path(shutil.copy(path, folder / f"{stem} (1).{ending}"))


def verified(repository, *words):
    done = repository.run("verify", *words)
    return done.code, json.loads(done.out)


def codes(record):
    return [each["code"] for each in record["findings"]]


def test_every_file_of_each_version_is_proven_whatever_a_browser_calls_it(downloads, tmp_path):
    repository, site = downloads
    seen = set()
    for path in files(site):
        copy = renamed(path, tmp_path)
        code, (record,) = verified(repository, copy, "--site", site)
        assert (code, record["same"], record["report"]) == (0, True, "department"), record
        beside = path.name.startswith(("figures.", "notice."))
        assert codes(record) == (["G122"] if beside else [])
        seen.add((path.parent.name, path.suffix))
    assert {("v1", ".docx"), ("v2", ".docx"), ("v1", ".html"), ("v2", ".csv")} <= seen


def test_manifest_of_the_version_is_enough(downloads, tmp_path):
    repository, site = downloads
    for version in ("v1", "v2"):
        folder = site / "bureau/2023/department" / version
        copy = renamed(folder / "department.docx", tmp_path)
        code, (record,) = verified(repository, copy, "--manifest", folder / "manifest.json")
        assert (code, record["same"], record["year"]) == (0, True, 2023)


def test_what_no_commit_builds_is_called_published_and_not_built(downloads, tmp_path):
    repository, site = downloads
    copy = renamed(site / "bureau/2023/department/v1/figures.csv", tmp_path)
    given = ("--root", repository.root, "--site", site, "--lang", "zh")
    done = reportgen("verify", *given, copy)
    assert done.out.splitlines()[0] == f"{copy}：一致，是公开的那个文件"


def test_one_flipped_byte_is_refused(downloads, tmp_path):
    repository, site = downloads
    for path in files(site):
        manifest = path.parent / "manifest.json"
        copy = Path(shutil.copy(path, tmp_path / path.name))
        data = bytearray(copy.read_bytes())
        data[len(data) // 2] ^= 1
        copy.write_bytes(data)
        for words in (("--site", site), ("--manifest", manifest)):
            code, (record,) = verified(repository, copy, *words)
            assert (code, record["same"]) == (1, False), (path, words)
            assert codes(record), path


def test_pages_feeds_and_manifests_of_a_site_are_known_by_its_record(downloads, tmp_path):
    repository, site = downloads
    for path in ("index.html", "bureau/2023/department/index.html", "site.css"):
        copy = renamed(site / path, tmp_path)
        code, (record,) = verified(repository, copy, "--site", site)
        assert (code, record["same"], codes(record)) == (0, True, ["G123"]), path
        assert path in record["findings"][0]["message"]
    manifest = Path(shutil.copy(site / "bureau/2023/department/v1/manifest.json", tmp_path))
    code, (record,) = verified(repository, manifest, "--site", site)
    assert (code, codes(record)) == (0, ["G123"])


def test_what_a_site_does_not_have_is_told_as_that(downloads, tmp_path):
    repository, site = downloads
    torn = tmp_path / "报告.pdf"
    torn.write_bytes((site / "bureau/2023/department/v1/department.docx").read_bytes()[:900])
    code, (record,) = verified(repository, torn, "--site", site)
    assert (code, record["same"], codes(record)) == (1, False, ["G124"])


def test_a_site_that_is_none_is_told_and_nothing_is_verified(downloads, tmp_path):
    repository, site = downloads
    copy = renamed(site / "bureau/2023/department/v1/department.docx", tmp_path)
    for named in (tmp_path, site / "site.json", "https://example.org/"):
        done = repository.run("verify", copy, "--site", named)
        assert done.code == 1
        assert [each["code"] for each in json.loads(done.out)] == ["G125"]
