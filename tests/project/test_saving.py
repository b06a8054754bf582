from __future__ import annotations

import pytest

from reportgen.project import saving
from reportgen.project.saving import save, save_texts


def test_what_cannot_be_written_leaves_every_file_as_it_was(tmp_path, monkeypatch):
    for name in "ab":
        (tmp_path / name).write_bytes(b"old")
    sync, calls = saving.os.fsync, []

    def full(handle):
        calls.append(handle)
        if len(calls) > 1:
            raise OSError(28, "full")
        sync(handle)

    monkeypatch.setattr(saving.os, "fsync", full)
    with pytest.raises(OSError, match="full"):
        save({tmp_path / name: b"new" for name in "ab"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "a": b"old",
        "b": b"old",
    }


def test_new_file_gets_its_folder_and_an_old_one_keeps_its_permissions(tmp_path):
    old, new = tmp_path / "old", tmp_path / "x" / "new"
    old.write_bytes(b"")
    old.chmod(0o640)
    save({old: b"1", new: b"2"})
    assert (old.read_bytes(), new.read_bytes()) == (b"1", b"2")
    assert [path.stat().st_mode & 0o777 for path in (old, new)] == [0o640, 0o644]


@pytest.mark.parametrize("span", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_text_keeps_line_ends_and_byte_order_mark_of_its_file(tmp_path, span, end):
    (tmp_path / "a").write_bytes(span + b"1" + end)
    save_texts(tmp_path, {"a": "2\n3\n"})
    assert (tmp_path / "a").read_bytes() == span + b"2" + end + b"3" + end
