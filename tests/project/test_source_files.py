from __future__ import annotations

import hashlib
import os

import pytest

from logged import logged
from reportgen.findings import Diagnostics
from reportgen.model import limits
from reportgen.project.source_files import SourceFiles


@pytest.fixture
def files(tmp_path):
    (tmp_path / "data").mkdir()
    return SourceFiles(tmp_path)


def put(files, path, data):
    target = files.root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    return path


def code_and_place(findings):
    return [(f.code, f.span.path, f.span.line, f.span.column) for f in findings]


def test_text_is_read_and_remembered_by_its_hash(files):
    path = put(files, "data/a.yaml", "甲: 1\n".encode())
    assert logged(files.text, path) == ("甲: 1\n", ())
    assert files.digests == {path: hashlib.sha256("甲: 1\n".encode()).hexdigest()}


def test_file_that_changes_meanwhile_is_one_file_to_whoever_reads_it(files):
    path = put(files, "data/a.yaml", "甲: 1\n".encode())
    first = files.text(path, Diagnostics())
    put(files, path, "甲: 2\n".encode())
    assert (files.text(path, Diagnostics()), files.shown(path)) == (first, first)
    assert files.digests == {path: hashlib.sha256("甲: 1\n".encode()).hexdigest()}
    assert SourceFiles(files.root).shown(path) == "甲: 2\n"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_in_one_way(files, end):
    path = put(files, "data/a.yaml", f"甲: 1{end}乙: 2{end}".encode())
    assert logged(files.text, path) == ("甲: 1\n乙: 2\n", ())


def test_bom_is_dropped_with_a_warning(files):
    path = put(files, "data/a.yaml", b"\xef\xbb\xbfa: 1\n")
    text, findings = logged(files.text, path)
    assert text == "a: 1\n"
    assert code_and_place(findings) == [("L112", path, 1, 1)]
    assert findings[0].severity == "warning"


@pytest.mark.parametrize(
    ("before", "line", "column"), [("", 1, 1), ("甲乙\n丙", 2, 2), ("甲\r丙丁", 2, 3)]
)
def test_first_byte_that_is_not_utf_8_has_its_place(files, before, line, column):
    path = put(files, "data/a.yaml", before.encode() + b"\xc8\xcb: 1\n")
    text, findings = logged(files.text, path)
    assert text is None
    assert code_and_place(findings) == [("L113", path, line, column)]
    assert findings[0].params == {"byte": "0xC8", "encoding": "GBK (ANSI)"}


@pytest.mark.parametrize(
    ("char", "name"),
    [
        *[("\x00", "U+0000"), ("\x0b", "U+000B"), ("\x7f", "U+007F"), ("\x85", "U+0085")],
        *[("\u2028", "U+2028"), ("\u202e", "U+202E"), ("\ue000", "U+E000"), ("\uffff", "U+FFFF")],
        ("\U0010ffff", "U+10FFFF"),
    ],
)
def test_character_that_no_output_can_hold_has_its_place(files, char, name):
    path = put(files, "data/a.md", f"甲\n乙丙{char}\n".encode())
    text, findings = logged(files.text, path)
    assert text is None
    assert code_and_place(findings) == [("L105", path, 2, 3)]
    assert findings[0].params == {"character": name}


def test_first_of_several_refused_characters_is_named(files):
    path = put(files, "data/a.md", "甲\x07\x06".encode())
    assert logged(files.text, path)[1][0].params == {"character": "U+0007"}


@pytest.mark.parametrize("text", ["\t", "\u3000", "\u200f", "𠮷", "\U0001f600", "\U0003134a"])
def test_other_characters_are_kept(files, text):
    path = put(files, "data/a.md", text.encode())
    assert logged(files.text, path) == (text, ())


def test_missing_file_is_a_finding(files):
    assert code_and_place(logged(files.text, "data/a.yaml")[1]) == [("L100", "data/a.yaml", 1, 1)]


def test_folder_is_no_file(files):
    assert code_and_place(logged(files.text, "data")[1]) == [("L101", "data", 1, 1)]


def test_pipe_is_not_waited_for(files):
    os.mkfifo(files.root / "data" / "a.yaml")
    assert code_and_place(logged(files.text, "data/a.yaml")[1]) == [("L101", "data/a.yaml", 1, 1)]


def test_file_of_the_most_bytes_is_read_and_one_byte_more_refused(files):
    path = put(files, "data/a.yaml", b" " * limits.SOURCE_BYTES)
    assert logged(files.text, path)[1] == ()
    path = put(files, "data/b.yaml", b" " * (limits.SOURCE_BYTES + 1))
    (found,) = logged(files.text, path)[1]
    assert (found.code, found.params["size"]) == ("L111", str(limits.SOURCE_BYTES + 1))


def test_file_that_cannot_be_read_says_why(files, monkeypatch):
    path = put(files, "data/a.yaml", b"a: 1\n")

    def fail(_self):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(type(files.root), "read_bytes", fail)
    (found,) = logged(files.text, path)[1]
    assert (found.code, found.params) == ("L101", {"detail": "Input/output error"})


def test_name_that_is_not_utf_8_is_a_finding(files):
    name = os.fsdecode(b"data/\xff.yaml")
    put(files, name, b"a: 1\n")
    assert [f.code for f in logged(files.text, name)[1]] == ["L101"]


def test_name_too_long_for_the_disk_is_a_finding(files):
    name = f"data/{'a' * 300}.yaml"
    assert not files.exists(name)
    assert [f.code for f in logged(files.text, name)[1]] == ["L101"]


@pytest.mark.parametrize("path", ["../a.yaml", "data/../../a.yaml", "/etc/passwd", "a\x00.yaml"])
def test_path_outside_the_project_is_refused_unread(files, path):
    put(files, "../a.yaml", b"a: 1\n")
    text, findings = logged(files.text, path)
    assert (text, [f.code for f in findings]) == (None, ["L102"])
    assert not files.exists(path)


def test_link_that_leaves_the_project_is_refused(files):
    put(files, "../a.yaml", b"a: 1\n")
    (files.root / "data" / "a.yaml").symlink_to(files.root.parent / "a.yaml")
    (files.root / "more").symlink_to(files.root.parent)
    assert [f.code for f in logged(files.text, "data/a.yaml")[1]] == ["L102"]
    assert [f.code for f in logged(files.text, "more/a.yaml")[1]] == ["L102"]


def test_link_inside_the_project_is_followed(files):
    put(files, "data/a.yaml", b"a: 1\n")
    (files.root / "data" / "b.yaml").symlink_to("a.yaml")
    assert logged(files.text, "data/b.yaml") == ("a: 1\n", ())


def test_circle_of_links_is_a_finding(files):
    (files.root / "data" / "a.yaml").symlink_to("b.yaml")
    (files.root / "data" / "b.yaml").symlink_to("a.yaml")
    assert [f.code for f in logged(files.text, "data/a.yaml")[1]] in (["L100"], ["L102"])
    assert not files.exists("data/a.yaml")


def test_names_and_folders_are_sorted_and_without_hidden_ones(files):
    for path in ("data/b.yaml", "data/a.yaml", "data/.c.yaml", "data/a.md", "data/.git/x"):
        put(files, path, b"")
    put(files, "data/unit/unit.yaml", b"")
    put(files, "data/_draft/unit.yaml", b"")
    assert files.names("data", ".yaml") == ("data/a.yaml", "data/b.yaml")
    assert files.folders("data") == ("unit",)


def test_folder_that_is_not_there_holds_nothing(files):
    assert files.names("data/none", ".yaml") == ()
    assert files.folders("data/none") == ()


def test_excerpts_show_even_a_file_that_is_refused(files):
    put(files, "data/a.yaml", b"\xef\xbb\xbfa: \x07\xc8")
    assert files.shown("data/a.yaml") == "a: \x07\ufffd"
    assert files.shown("data/none.yaml") is None


CONFLICT = "甲: 1\n<<<<<<< HEAD\n乙: 2\n||||||| 3f2a\n乙: 1\n=======\n乙: 3\n>>>>>>> feature\n"


@pytest.mark.parametrize(
    ("name", "text", "line", "lines"),
    [
        ("a.yaml", CONFLICT, 2, "2、4、6、8"),
        ("a.yaml", CONFLICT.replace("\n", "\r\n"), 2, "2、4、6、8"),
        ("a.md", "甲\n>>>>>>> feature\n", 2, "2"),
        ("a.md", "甲\n=======\n乙", 2, "2"),
        ("a.md", "甲\n  <<<<<<< HEAD\n\u3000=======\n", 2, "2、3"),
        ("a.yaml", "甲: 1\n<<<<<<<<< 两次合并\n", 2, "2"),
        ("page.html.j2", "<p>\n<<<<<<< HEAD\n=======\n", 2, "2、3"),
    ],
)
def test_conflict_that_nobody_settled_is_told_with_its_lines(files, name, text, line, lines):
    path = put(files, f"data/{name}", text.encode())
    read, (found,) = logged(files.text, path)
    assert read is None
    assert (found.code, found.span.line) == ("L132", line)
    assert found.params["lines"] == lines


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("report.css", "/*\n=======\n*/"),
        ("a.md", "甲\n========\n"),
        ("a.md", "比较 <<<<<<< 与 >>>>>>>"),
        ("a.yaml", "甲: ======="),
    ],
)
def test_signs_that_only_look_like_a_conflict_are_read(files, name, text):
    assert logged(files.text, put(files, f"data/{name}", text.encode())) == (text, ())


def test_radical_is_told_with_the_ideograph_that_it_looks_like(tmp_path):
    (tmp_path / "x.md").write_text("推进\n军⺠融合，⼾籍。", "utf-8")
    log = Diagnostics()
    assert SourceFiles(tmp_path).text("x.md", log) is not None
    (found,) = log
    assert (found.code, found.span.line, found.span.column) == ("L134", 2, 2)
    assert (found.params["meant"], found.params["count"]) == ("民", "2")
