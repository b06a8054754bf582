"""Files that are zip packages of parts: documents and workbooks of an office program."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

CONTENT_TYPES = "[Content_Types].xml"
"""The part that says what the others are (ECMA-376, part 2)."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PROPERTIES = "docProps/core.xml"
_TIMES = re.compile(r"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Return parts zipped, equal bytes for equal parts: no clock, no machine.

    The content types come first, as readers expect, the others by name.
    """
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(parts, key=_place):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # else it tells the machine
            package.writestr(entry, parts[name])
    return data.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    """Return the parts of a package by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def parts_without_clock(data: bytes, date: str = "") -> dict[str, bytes]:
    """Return the parts of a package without the times that its writer read off a clock.

    They are `date` (2024-03-01) instead, or nothing. `zipped` again, what was written of the same
    content is the same bytes.
    """
    parts = parts_of(data)
    instead = rf"\g<1>{date}T00:00:00Z\g<3>" if date else ""
    parts[_PROPERTIES] = _TIMES.sub(instead, parts[_PROPERTIES].decode()).encode()
    return parts


def _place(name: str) -> tuple[bool, str]:
    return name != CONTENT_TYPES, name
