"""A package is the same bytes for the same parts, whenever and wherever it is zipped."""

from __future__ import annotations

import io
import time
import zipfile

from reportgen.project.packages import zipped

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
