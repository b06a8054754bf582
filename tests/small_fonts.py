"""Fonts made for a test, with the characters that it wants."""

from __future__ import annotations

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen


def square():
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 700), (700, 700), (700, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()


def save_font(path: Path, family: str, characters: str = "", style: str = "Regular", weight=400):
    """Write a small font of a family, with glyphs of some characters."""
    names = [".notdef", *(f"u{ord(each):04x}" for each in characters)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(dict(zip(map(ord, characters), names[1:], strict=True)))
    builder.setupGlyf({name: square() for name in names})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 0)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    named = {"familyName": family, "styleName": style, "psName": "x", "version": "Version 7"}
    builder.setupNameTable(named)
    builder.setupOS2(usWeightClass=weight)
    builder.setupPost()
    builder.save(path)
