"""A package is the same bytes for the same parts, whenever and wherever it is zipped."""

from __future__ import annotations

import io
import time
import zipfile

from reportgen.project.packages import parts_of, parts_without_clock, zipped

PARTS = {
    "word/b.xml": b"<b/>",
    "[Content_Types].xml": b"<Types/>",
    "word/a.xml": "<a>数</a>".encode(),
}


def test_equal_parts_are_equal_bytes_in_whatever_order_and_whenever(monkeypatch) -> None:
    first = zipped(PARTS)
    monkeypatch.setattr(time, "time", lambda: 4_000_000_000.0)
    assert zipped(dict(reversed(PARTS.items()))) == first


def test_the_content_types_stand_first_and_no_part_tells_a_time_or_a_machine() -> None:
    with zipfile.ZipFile(io.BytesIO(zipped(PARTS))) as package:
        entries = package.infolist()
        assert {name: package.read(name) for name in package.namelist()} == PARTS
    assert [each.filename for each in entries] == [
        "[Content_Types].xml",
        "word/a.xml",
        "word/b.xml",
    ]
    assert {(each.date_time, each.create_system) for each in entries} == {
        ((1980, 1, 1, 0, 0, 0), 0)
    }


def saved_at(time: str) -> bytes:
    core = f"<cp><dcterms:created a='b'>{time}</dcterms:created><dc>甲</dc></cp>"
    return zipped({**PARTS, "docProps/core.xml": core.encode()})


def test_packages_saved_at_different_times_have_the_same_parts_once_these_are_gone() -> None:
    first, second = saved_at("2026-11-30T08:04:23Z"), saved_at("2026-12-01T00:00:00Z")
    assert parts_of(first) != parts_of(second)
    assert parts_without_clock(first) == parts_without_clock(second)
    assert parts_without_clock(first)["docProps/core.xml"].decode() == "<cp><dc>甲</dc></cp>"


def test_the_date_of_what_is_in_a_package_stands_there_instead() -> None:
    core = parts_without_clock(saved_at("2026-11-30T08:04:23Z"), "2024-03-01")["docProps/core.xml"]
    assert b"<dcterms:created a='b'>2024-03-01T00:00:00Z</dcterms:created>" in core
