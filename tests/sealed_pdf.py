"""A PDF as offices send it: laid out for the web, changed by adding to its end, sealed."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import pikepdf
import pylopdf_fonts_zh_cn
import typst

_PAGE = '#set text(font: "Noto Serif SC", lang: "zh")\n'
_CERTIFICATE = bytes(range(256)) * 8


def page(text: str) -> bytes:
    """Return a page that says `text`."""
    fonts = [str(Path(pylopdf_fonts_zh_cn.serif_path()).parent)]
    return typst.compile((_PAGE + text).encode(), font_paths=fonts)


def for_the_web(data: bytes) -> bytes:
    """Return a PDF of which the first page can be shown before the others are there."""
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        document.save(output, linearize=True)
    return output.getvalue()


def added(data: bytes, objects: Mapping[int, bytes]) -> bytes:
    """Return a PDF saved once more: `objects` by their numbers stand behind what was there."""
    with pikepdf.open(io.BytesIO(data)) as document:
        root, size = document.Root.objgen[0], len(document.objects)
    before = int(data.rpartition(b"startxref")[2].split()[0])
    changed, places = data + b"\n", b""
    for number, written in objects.items():
        places += b"%d 1\n%010d 00000 n \n" % (number, len(changed))
        changed += b"%d 0 obj\n%b\nendobj\n" % (number, written)
    trailer = b"<</Size %d/Root %d 0 R/Prev %d>>" % (size + len(objects) + 1, root, before)
    end = b"startxref\n%d\n%%%%EOF\n" % len(changed)
    return changed + b"xref\n" + places + b"trailer\n" + trailer + b"\n" + end


def sealed(data: bytes, signer: str = "Office", kind: str = "Sig") -> bytes:
    """Return a PDF with a seal on its first page, or another field for `kind`."""
    with pikepdf.open(io.BytesIO(data)) as document:
        first, free = document.pages[0].obj, len(document.objects) + 1
        page_number, written = first.objgen[0], first.unparse(resolved=True)
    where = b"/Rect[300 100 400 200]/F 132/V %d 0 R/P %d 0 R" % (free + 1, page_number)
    field = b"<</Type/Annot/Subtype/Widget/FT/%b/T(seal)%b>>" % (kind.encode(), where)
    signature = b"<</Type/Sig/Filter/Adobe.PPKLite/Name(%b)/ByteRange[0 9 99 9]/Contents<%b>>>" % (
        signer.encode(),
        _CERTIFICATE.hex().encode(),
    )
    annotated = written.rstrip().removesuffix(b">>") + b"/Annots[%d 0 R]>>" % free
    return added(data, {page_number: annotated, free: field, free + 1: signature})


def rewritten(data: bytes, shown: bytes) -> bytes:
    """Return a PDF whose first page was made to show something else than it did before."""
    with pikepdf.open(io.BytesIO(data)) as document:
        number = document.pages[0].Contents.objgen[0]
    return added(data, {number: b"<</Length %d>>stream\n%b\nendstream" % (len(shown), shown)})
