"""Pictures as packs bring them: a seal, a logo, with what cameras and programs write into them."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

CARRIED = "张三的相机"
"""What each picture carries beside its pixels, in UTF-8."""


def png(width: int = 60, height: int = 60, mode: str = "RGBA") -> bytes:
    """Return a seal: a red ring, with a text chunk."""
    image = Image.new(mode, (width, height))
    if mode == "RGBA":
        ImageDraw.Draw(image).ellipse((2, 2, width - 3, height - 3), outline=(200, 0, 0, 255))
    told = PngInfo()
    told.add_itxt("Author", CARRIED)
    written = io.BytesIO()
    image.save(written, "PNG", pnginfo=told, icc_profile=CARRIED.encode())
    return written.getvalue()


def jpeg(width: int = 80, height: int = 20, mode: str = "RGB", turned: int = 1) -> bytes:
    """Return a photograph: its left half white, with Exif that says how the camera was held."""
    image = Image.new("RGB", (width, height), "blue")
    ImageDraw.Draw(image).rectangle((0, 0, width // 2, height), fill="white")
    exif = Image.Exif()
    exif[0x010E] = CARRIED.encode()
    exif[0x0112] = turned
    written = io.BytesIO()
    image.convert(mode).save(written, "JPEG", exif=exif, comment=CARRIED.encode())
    return written.getvalue()
