"""The shared Word frame with something more in it, as whoever wrote a pack might leave it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

FRAME = (Path(__file__).resolve().parent.parent / "templates/shared/frame.docx").read_bytes()
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NO_RELATIONS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b"</Relationships>"
)

Changed = tuple[bytes, str]
"""A frame, and the part of it that is not as it was."""


def changed(
    name: str, old: bytes, new: bytes, otherwise: bytes = b"", frame: bytes = FRAME
) -> Changed:
    """Return a frame with something put, once, before what stands in the part `name`."""
    parts: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(frame)) as package:
        for entry in package.namelist():
            parts[entry] = package.read(entry)
    before = parts.get(name, otherwise)
    assert old in before, name
    parts[name] = before.replace(old, new + old, 1)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        for entry, content in parts.items():
            package.writestr(entry, content)
    return data.getvalue(), name


def with_relation(part: str, kind: str, target: str, *, external: bool = False) -> Changed:
    """Return the frame with one more relation of a part of word/."""
    mode = ' TargetMode="External"' if external else ""
    relation = f'<Relationship Id="rIdX" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'
    name = f"word/_rels/{part}.xml.rels"
    return changed(name, b"</Relationships>", relation.encode(), NO_RELATIONS)


def with_element(part: str, element: str, frame: bytes = FRAME) -> Changed:
    """Return a frame with one more element in a part of word/, before its section or its end."""
    with zipfile.ZipFile(io.BytesIO(frame)) as package:
        end = b"<" + package.read(f"word/{part}.xml").rstrip().rsplit(b"<", 1)[1]
    before = b"<w:p><w:r><w:t>{{p body }}" if part == "document" else end
    return changed(f"word/{part}.xml", before, element.encode(), frame=frame)


def with_field(part: str, *pieces: str) -> Changed:
    """Return the frame with a field whose instruction is cut into runs."""
    runs = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return with_element(part, f"<w:p>{begin}{runs}{end}</w:p>")
