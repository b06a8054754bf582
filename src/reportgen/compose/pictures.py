"""Pictures in cells of forms, files of the pack: held to what every format can show, and cleaned.

A finished file gets the picture made anew of its pixels, turned as the camera held it: what a
picture carries beside them (its author, a place, a thumbnail) is in no report.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from reportgen.compose.errors import TemplateError
from reportgen.model import limits
from reportgen.model.document import Picture

if TYPE_CHECKING:
    from PIL.Image import Image

_KINDS = ("PNG", "JPEG")
_MODES: Mapping[str, frozenset[str]] = {
    "PNG": frozenset(["1", "L", "LA", "P", "RGB", "RGBA"]),
    "JPEG": frozenset(["L", "RGB"]),
}
"""How the pixels may be kept; others, as CMYK of printers, become RGB."""
_QUALITY = 95
_HIGHEST = 150
"""Millimetres that a page turned to the side holds below its head."""
_DAMAGED = (
    *(OSError, EOFError, SyntaxError, ValueError, TypeError, LookupError, OverflowError),
    *(struct.error, zlib.error, MemoryError),
)
"""What Pillow raises for a file that is not whole."""


class _Cleaned(NamedTuple):
    """A picture made anew: its bytes, and how many pixels it is wide and high."""

    data: bytes
    width: int
    height: int


class _UnfitError(Exception):
    """A file is no picture that a form can show; the message is the label that says why."""


def read_picture(name: str, alt: str, width: int, files: Mapping[str, bytes]) -> Picture:
    """Return the picture `name` of `files`, to be shown `width` millimetres wide.

    Raises `TemplateError` T160 for a file that is missing, damaged, too large or no picture, and
    for a picture that would be higher than a page.
    """
    data = files.get(name)
    if data is None:
        known = "、".join(sorted(files)) or "—"
        raise TemplateError("T160", name=name, detail="@picture_missing", known=known)
    try:
        cleaned = _cleaned(data)
    except _UnfitError as error:
        most = str(int(limits.PICTURE_PIXELS))
        raise TemplateError("T160", name=name, detail=str(error), limit=most) from None
    picture = Picture(cleaned.data, alt, width, width * cleaned.height / cleaned.width)
    if picture.height > _HIGHEST:
        high = f"{picture.height:.0f}"
        raise TemplateError(
            "T160", name=name, detail="@picture_high", high=high, limit=str(_HIGHEST)
        )
    return picture


@lru_cache(maxsize=16)
def _cleaned(data: bytes) -> _Cleaned:
    """Return a picture with nothing but its pixels; raises `_UnfitError`."""
    from PIL import Image, ImageOps  # noqa: PLC0415 - few forms have a picture

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what it carries beside its pixels
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            opened = Image.open(io.BytesIO(data), formats=_KINDS)
            if opened.width * opened.height > limits.PICTURE_PIXELS:
                raise _UnfitError("@picture_large")
            opened.load()
            return _saved(ImageOps.exif_transpose(opened), str(opened.format))
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise _UnfitError("@picture_large") from None
        except _DAMAGED:
            begun = data.startswith((b"\x89PNG", b"\xff\xd8\xff"))
            raise _UnfitError("@picture_damaged" if begun else "@picture_kind") from None


def _saved(image: Image, kind: str) -> _Cleaned:
    """Return the pixels of `image` as a file of the kind that it was."""
    if image.mode not in _MODES[kind]:
        image = image.convert("RGB")
    for name in image.info.keys() - {"transparency"}:
        del image.info[name]
    written = io.BytesIO()
    image.save(written, kind, quality=_QUALITY)
    return _Cleaned(written.getvalue(), image.width, image.height)
