"""Files that are zip packages of parts: documents and workbooks of an office program."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

CONTENT_TYPES = "[Content_Types].xml"
"""The part that says what the others are (ECMA-376, part 2)."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


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


def _place(name: str) -> tuple[bool, str]:
    return name != CONTENT_TYPES, name
