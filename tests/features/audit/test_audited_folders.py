"""A folder of files is audited without what an audit wrote into it."""

from __future__ import annotations

from pathlib import Path

from reportgen.features.audit.files import RECORD, files_of, with_record


def names(folder: Path) -> list[str]:
    return [name for _, name in files_of([folder])]


def write(contents: dict[Path, bytes]) -> None:
    for path, data in contents.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def sent(folder: Path) -> Path:
    """A folder with a file that was sent, and what two audits wrote below it."""
    write({folder / "甲.docx": b"sent"})
    out = folder / "build" / "audit"
    write(with_record({out / "甲.docx.html": b"page", out / "甲.docx.docx": b"marked"}, out))
    write(with_record({out / "乙" / "index.html": b"all"}, out))
    return out


def test_what_an_audit_wrote_is_not_audited(tmp_path: Path) -> None:
    out = sent(tmp_path)
    assert names(tmp_path) == ["甲.docx"]
    assert names(out) == []


def test_a_marked_copy_that_somebody_corrected_is(tmp_path: Path) -> None:
    out = sent(tmp_path)
    (out / "甲.docx.docx").write_bytes(b"corrected")
    assert names(tmp_path) == ["build/audit/甲.docx.docx", "甲.docx"]


def test_what_is_asked_for_by_its_name_is(tmp_path: Path) -> None:
    page = sent(tmp_path) / "甲.docx.html"
    assert [path for path, _ in files_of([page])] == [page]


def test_a_damaged_record_hides_nothing(tmp_path: Path) -> None:
    out = sent(tmp_path)
    for record in (b"[]", b"{", b"\xff", b'{"/etc/passwd": 1, "../..": null}'):
        (out / RECORD).write_bytes(record)
        assert len(names(tmp_path)) == 4
        assert with_record({out / "a.html": b""}, out)
