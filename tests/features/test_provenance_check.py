from __future__ import annotations

import json
import shutil

import pytest

from reportgen.flow import manifests
from repository import ACCOUNTS
from small_project import NARRATIVE, SmallProject, reportgen

OLD, NEW = "280.75", "281.75"


@pytest.fixture
def published(repository, tmp_path):
    """Return a repository whose public page was built from its first commit and put on a site."""
    assert repository.build(audience="public").failed is False
    site = tmp_path / "site"
    site.mkdir()
    shutil.copy(repository.job(audience="public").folder / "department.html", site)
    return repository, site / "department.html"


def verify(repository, *words):
    done = repository.run("verify", *words)
    return done, json.loads(done.out)


def codes(record):
    return [each["code"] for each in record["findings"]]


def change(repository, subject="Correct the basic expenditure"):
    repository.replace(ACCOUNTS, OLD, NEW)
    return repository.commit(subject)


# rebuild


def test_rebuild_gives_the_bytes_of_a_build_of_that_commit(repository, tmp_path):
    repository.build(formats=("docx", "html", "pdf"))
    before = repository.output()
    change(repository)
    out = tmp_path / "again"
    done = repository.run("rebuild", "--commit", "HEAD~1", "--year", 2023, "--out", out)
    assert done.code == 0
    again = {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    assert again == before


def test_manifest_tells_the_commit_and_whether_the_files_were_committed(repository):
    head = repository.commit("Again")

    def told(audience):
        repository.build(audience=audience)
        paths = sorted((repository.root / "build/2023/bureau").glob("*/manifest.json"))
        entries = [json.loads(path.read_text("utf-8"))["department"] for path in paths]
        (found,) = {(e["commit"], e["clean"]) for e in entries if "commit" in e}
        return found

    assert told("internal") == (head, True)
    shutil.rmtree(repository.root / "build")
    repository.replace(ACCOUNTS, OLD, NEW)
    assert told("public") == (head, False)


def test_project_outside_of_git_has_no_commit_in_its_manifest(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    project = SmallProject.copied(tmp_path / "project")
    project.build()
    entry = json.loads((project.folder / "manifest.json").read_text("utf-8"))["department"]
    assert not {"commit", "clean"} & entry.keys()


def test_rebuild_of_an_unknown_commit_is_a_finding(repository):
    done = repository.run("rebuild", "--commit", "nope")
    assert (done.code, done.spots()) == (1, [("G103", "-", 0, 0)])


def test_rebuild_shows_the_findings_of_that_state(repository):
    repository.write(f"{NARRATIVE}/staffing.md", "{{ nobody }}")
    repository.commit("Break it")
    repository.write(f"{NARRATIVE}/staffing.md", "编制{{ staffing.quota }}。")
    done = repository.run("rebuild", "--commit", "HEAD")
    assert done.code == 1
    assert done.spots()[0][:2] == ("T102", f"{NARRATIVE}/staffing.md")


# verify


def test_published_file_is_proven_from_its_manifest_wherever_it_lies(published):
    repository, file = published
    first = repository.commit("Nothing that matters")
    change(repository)
    done, (record,) = verify(repository, file)
    assert done.code == 0
    assert record["same"] and record["findings"] == [] and record["differences"] == []
    assert record["commit"]["subject"] == "Begin" and record["commit"]["commit"] != first
    told = (record["unit"], record["year"], record["report"], record["audience"], record["format"])
    assert told == ("bureau", 2023, "department", "public", "html")


def test_file_that_a_build_replaces_while_it_is_read_is_read_again(repository, monkeypatch):
    repository.build(audience="public")
    change(repository)
    find = manifests.find

    def find_after_a_build(*arguments):
        monkeypatch.setattr(manifests, "find", find)
        repository.build(audience="public")
        return find(*arguments)

    monkeypatch.setattr(manifests, "find", find_after_a_build)
    done, (record,) = verify(
        repository, repository.job(audience="public").folder / "department.html"
    )
    assert (done.code, record["commit"]["subject"]) == (0, "Correct the basic expenditure")


def test_every_format_is_proven(repository):
    repository.build(audience="public", formats=("docx", "html", "pdf"))
    folder = repository.job(audience="public").folder
    files = [path for path in sorted(folder.iterdir()) if path.name != "manifest.json"]
    done, records = verify(repository, *files)
    assert done.code == 0, done.out
    assert {"docx", "html", "pdf"} <= {record["format"] for record in records}


def test_record_of_another_build_is_told_and_not_used(published):
    repository, file = published
    folder = repository.job(audience="public").folder
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    change(repository)
    repository.build(audience="public")
    for name, data in before.items():
        (folder / name).write_bytes(data)  # as if the new ones could not be moved
    _, (record,) = verify(repository, file)
    assert codes(record)[:2] == ["G120", "G106"]


def test_edited_file_is_told_with_the_figures_that_changed(published):
    repository, file = published
    file.write_text(file.read_text("utf-8").replace("27人", "28人"), "utf-8")
    done, (record,) = verify(repository, file)
    assert done.code == 1
    assert codes(record) == ["G109", "G110"]
    figures = [pair for line in record["differences"] for pair in line["figures"]]
    assert {"file": "28人", "commit": "27人"} in figures


@pytest.mark.parametrize("kind", ["docx", "html", "pdf"])
def test_file_of_another_state_is_told_by_sentences_in_every_format(repository, tmp_path, kind):
    repository.build(formats=("docx", "html", "pdf"), audience="public")
    kept = tmp_path / f"department.{kind}"
    shutil.copy(repository.job(audience="public").folder / kept.name, kept)
    head = change(repository)
    done, (record,) = verify(repository, kept, "--commit", head)
    assert done.code == 1
    assert codes(record) == ["G109", "G112"]
    lines = record["differences"]
    figures = [(pair["file"], pair["commit"]) for line in lines for pair in line["figures"]]
    assert any("407.95" in old and "408.95" in new for old, new in figures), figures


def test_difference_of_bytes_alone_is_told(published):
    repository, file = published
    file.write_bytes(file.read_bytes() + b"\n")
    done, (record,) = verify(repository, file)
    assert (done.code, codes(record), record["differences"]) == (1, ["G109", "G110"], [])


def test_other_versions_are_named_as_the_cause(published):
    repository, file = published
    for path in sorted((repository.root / "build").rglob("manifest.json")):
        text = path.read_text("utf-8")
        manifest = json.loads(text)
        if "engines" in manifest["department"]:
            manifest["department"]["engines"]["packages"]["lxml"] = "0.1"
            path.write_text(json.dumps(manifest), "utf-8")
    file.write_bytes(file.read_bytes() + b"\n")
    _, (record,) = verify(repository, file)
    assert codes(record) == ["G109", "G110", "G111"]
    assert "lxml" in record["findings"][2]["message"]


def test_build_from_uncommitted_files_is_told(repository):
    repository.replace(ACCOUNTS, OLD, NEW)
    repository.build(audience="public")
    done, (record,) = verify(
        repository, repository.job(audience="public").folder / "department.html"
    )
    assert done.code == 1
    assert codes(record) == ["G109", "G113", "G112"]


def test_without_a_manifest_the_present_commit_is_taken_and_said(published, tmp_path):
    repository, file = published
    shutil.rmtree(repository.root / "build")
    options = ("--unit", "bureau", "--year", 2023)
    _, (record,) = verify(repository, file, *options)
    # The page names the other formats, so that one built alone is not the default build.
    assert codes(record)[0] == "G106"
    repository.build(audience="public", formats=("docx", "html", "pdf"))
    shutil.copy(repository.job(audience="public").folder / "department.html", file)
    shutil.rmtree(repository.root / "build")
    done, (record,) = verify(repository, file, *options)
    assert (done.code, record["same"], codes(record)) == (0, True, ["G106"])
    repository.replace(ACCOUNTS, OLD, NEW)
    _, (record,) = verify(repository, file, *options)
    assert codes(record) == ["G106", "G104"]


def test_search_finds_the_commit_that_was_published(published):
    repository, file = published
    change(repository, "One")
    repository.replace(ACCOUNTS, NEW, "282.75")
    repository.commit("Two")
    done, (record,) = verify(repository, file, "--commit", "HEAD", "--search")
    assert (done.code, record["commit"]["subject"]) == (0, "Begin")


def test_search_that_finds_nothing_says_how_far_it_went(published):
    repository, file = published
    change(repository)
    done, (record,) = verify(repository, file, "--commit", "HEAD", "--search", "--limit", 1)
    assert done.code == 1
    assert codes(record)[0] == "G115"


def test_report_that_nobody_names_is_asked_for(repository, tmp_path):
    file = tmp_path / "公开稿.html"
    file.write_text("…", "utf-8")
    done, (record,) = verify(repository, file)
    assert (done.code, codes(record)) == (1, ["G107"])


def test_renamed_file_is_known_by_its_hash(published):
    repository, file = published
    renamed = file.rename(file.with_name("2023年度自评报告（公开）.html"))
    done, (record,) = verify(repository, renamed)
    assert (done.code, record["report"]) == (0, "department")


def test_file_that_is_not_there_or_broken_is_not_proven(published):
    repository, file = published
    done, (missing, broken) = verify(repository, file.with_name("none.pdf"), broken_docx(file))
    assert done.code == 1
    assert codes(missing) == ["G108"]
    assert not broken["same"] and "G10" in codes(broken)[0]


def broken_docx(file):
    """Return a Word file that nobody can open."""
    path = file.with_name("department.docx")
    path.write_bytes(b"PK\x03\x04 nothing")
    return path


def test_manifest_that_is_none_is_told(published):
    repository, file = published
    done, (record,) = verify(repository, file, "--manifest", file)
    assert (done.code, codes(record)) == (1, ["G116"])


def test_manifest_can_be_named(published, tmp_path):
    repository, file = published
    kept = tmp_path / "kept" / "2023" / "bureau"
    shutil.copytree(repository.job().folder.parent, kept)
    shutil.rmtree(repository.root / "build")
    done, (record,) = verify(repository, file, "--manifest", kept / "public" / "manifest.json")
    assert (done.code, record["same"]) == (0, True)


def test_commit_that_cannot_be_built_is_not_passed(published):
    repository, file = published
    repository.write(f"{NARRATIVE}/staffing.md", "{{ nobody }}")
    repository.commit("Break it")
    done, (record,) = verify(repository, file, "--commit", "HEAD")
    assert (done.code, codes(record), record["same"]) == (1, ["G114"], False)


def test_text_face_says_verdict_report_and_commit(published):
    repository, file = published
    done = reportgen("verify", "--root", repository.root, "--lang", "zh", file)
    lines = done.out.splitlines()
    assert (done.code, len(lines)) == (0, 3)
    assert lines[0] == f"{file}：一致，就是这次提交生成的"
    assert lines[2].endswith("2024-05-06  Begin")
    file.write_text(file.read_text("utf-8").replace("27人", "28人"), "utf-8")
    out = reportgen("verify", "--root", repository.root, "--lang", "zh", file).out
    assert "文件 − 编制30人，在职28人" in out
    assert "提交 ＋ 编制30人，在职27人" in out
    assert "28人 → 27人" in out
