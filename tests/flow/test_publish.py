from __future__ import annotations

import hashlib
import json
import stat

import pytest

from reportgen.flow.publish import MANIFEST, FolderChange, publish

ABOUT = {"inputs": {"data/a.yaml": "0" * 64}}


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "2023" / "unit" / "internal"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def manifest(folder):
    return json.loads((folder / MANIFEST).read_text("utf-8"))


def put(folder, report, *endings):
    files = {f"{report}.{end}": f"{report} {end}".encode() for end in endings}
    publish(folder.parent, FolderChange(folder.name, report, files, ABOUT))


def test_manifest_holds_what_is_said_of_the_report_and_the_hashes_of_its_files(folder):
    put(folder, "a", "docx", "html")
    outputs = {
        f"a.{end}": hashlib.sha256(f"a {end}".encode()).hexdigest() for end in ("docx", "html")
    }
    assert manifest(folder) == {"a": {**ABOUT, "outputs": outputs}}


def test_manifest_is_readable_and_in_a_fixed_order(folder):
    put(folder, "乙", "html", "docx")
    put(folder, "a", "html")
    text = (folder / MANIFEST).read_text("utf-8")
    assert text.index('"a"') < text.index('"乙"')
    assert text.index('"乙.docx"') < text.index('"乙.html"')
    assert text.endswith("}\n")


def test_fewer_formats_leave_no_twin_of_an_earlier_build(folder):
    put(folder, "a", "docx", "html", "pdf", "figures.json")
    put(folder, "a", "html")
    assert names(folder) == ["a.html", MANIFEST]
    assert list(manifest(folder)["a"]["outputs"]) == ["a.html"]


@pytest.mark.parametrize(
    "lost", [None, b"", b"[]", b"{", b'{"a": 1}', b'{"a": {"outputs": 3}}', b"\xff"]
)
def test_no_twin_stays_where_the_manifest_is_lost_or_spoilt(folder, lost):
    put(folder, "a", "docx", "html")
    put(folder, "b", "html")
    if lost is None:
        (folder / MANIFEST).unlink()
    else:
        (folder / MANIFEST).write_bytes(lost)
    put(folder, "a", "html")
    assert names(folder) == ["a.html", "b.html", MANIFEST]
    assert list(manifest(folder)) == ["a"]


def test_reports_keep_each_others_files_and_entries(folder):
    put(folder, "a", "docx")
    put(folder, "b", "docx", "html")
    put(folder, "a", "html")
    assert names(folder) == ["a.html", "b.docx", "b.html", MANIFEST]
    assert {name: [*entry["outputs"]] for name, entry in manifest(folder).items()} == {
        "a": ["a.html"],
        "b": ["b.docx", "b.html"],
    }


def test_report_whose_name_begins_like_another_is_another(folder):
    put(folder, "fund.2", "html")
    put(folder, "fund", "html", "docx")
    put(folder, "fund2", "html")
    put(folder, "fund", "html")
    assert names(folder) == ["fund.2.html", "fund.html", "fund2.html", MANIFEST]


def test_audiences_have_folders_of_their_own(folder):
    put(folder, "a", "html")
    put(folder.with_name("public"), "a", "docx")
    assert names(folder) == ["a.html", MANIFEST]
    assert names(folder.with_name("public")) == ["a.docx", MANIFEST]


def test_what_people_put_beside_the_files_stays(folder):
    put(folder, "a", "html")
    (folder / "说明.txt").write_text("读我", "utf-8")
    (folder / "旧稿").mkdir()
    (folder / "旧稿" / "a.html").write_text("旧", "utf-8")
    (folder / "最新").symlink_to("a.html")
    (folder / "断").symlink_to("nowhere")
    put(folder, "a", "html")
    assert (folder / "说明.txt").read_text("utf-8") == "读我"
    assert (folder / "旧稿" / "a.html").read_text("utf-8") == "旧"
    assert (folder / "最新").is_symlink() and (folder / "最新").read_text() == "a html"
    assert (folder / "断").is_symlink()


def test_published_folder_can_be_read_by_others(folder):
    put(folder, "a", "html")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755


def test_nothing_changes_when_a_file_cannot_be_written(folder, monkeypatch):
    put(folder, "a", "html")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    too_long = FolderChange(folder.name, "a", {"a.html": b"new", "a" * 300: b"x"}, ABOUT)
    with pytest.raises(OSError, match="File name too long"):
        publish(folder.parent, too_long)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert names(folder.parent) == ["internal"]
