"""Draws the charts of a document, once for every format: vector graphics, and pixels for Word.

Typst draws, with the fonts of the PDF; what stands where is worked out here, as parts of the
width, from exact values.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from reportgen.model.document import Chart, Document
from reportgen.model.edition import Drawing, Edition
from reportgen.write.errors import TypesettingError
from reportgen.write.fonts import FontBook
from reportgen.write.typesetting import picture

PIXELS = 192
"""Pixels per inch of the picture for readers of Word files that show no vector graphics."""

_BARS_HEIGHT = 460
"""Points that the bars of a chart may take, so that it stands on a page with its caption."""

_BARS_WIDTH, _LEAST_WIDTH = Fraction(22, 25), Fraction(1, 2)
_CHARACTER, _CHARACTER_ON_PHONE = Fraction(1, 60), Fraction(1, 44)
"""How much of the width bars may take, at most and at least, and a character of the figures at
their ends; the rest is for these."""

_ROW_GAP, _BAR_GAP = 4, 1.5
_THINNEST_BAR, _THICKEST_BAR = 4, 9
"""Points between rows, between the bars of a row, and of a bar."""

_ZERO = Fraction(0)


def draw(
    document: Document,
    edition: Edition,
    book: FontBook,
    *,
    pixels: bool = True,
    narrow: bool = True,
) -> Mapping[str, Drawing]:
    """Return a drawing of every chart of `document` by its name, in vectors.

    With `pixels` in these, too, and with `narrow` another one for a phone.

    Raises `TypesettingError` where the template of `edition` is faulty.
    """
    template = edition.chart.encode()
    fonts = json.dumps(book.stacks).encode()

    def drawn(chart: Chart) -> Drawing:
        data = json.dumps(layout(chart)).encode()
        drawing = _drawing(template, data, fonts, book.directories, pixels=pixels)
        if not narrow:
            return drawing
        data = json.dumps(layout(chart, narrow=True)).encode()
        small = _drawing(template, data, fonts, book.directories, pixels=False)
        return replace(drawing, narrow=small.svg)

    charts = charts_of(document)
    with ThreadPoolExecutor() as pool:  # Typst leaves the interpreter to others while it draws
        drawings = pool.map(drawn, charts)
        return {chart.name: drawing for chart, drawing in zip(charts, drawings, strict=True)}


def charts_of(document: Document) -> list[Chart]:
    """Return the charts of `document` and its annexes, in order."""
    blocks = list(document.blocks)
    for annex in document.annexes:
        blocks += annex.blocks
    return [block for block in blocks if isinstance(block, Chart)]


@lru_cache(maxsize=64)
def _drawing(
    template: bytes, data: bytes, fonts: bytes, directories: tuple[str, ...], *, pixels: bool
) -> Drawing:
    sources = {"main": template, "chart.json": data, "fonts.json": fonts}
    svg = picture(sources, directories, "svg", PIXELS)
    size = re.search(rb'width="([\d.]+)pt" height="([\d.]+)pt"', svg)
    if size is None:
        raise TypesettingError("the drawing has no size")
    png = picture(sources, directories, "png", PIXELS) if pixels else b""
    return Drawing(svg, png, float(size[1]), float(size[2]))


def layout(chart: Chart, *, narrow: bool = False) -> dict[str, Any]:
    """Return where everything of `chart` stands, as the template takes it, `narrow` for a phone."""
    rows = _shares(chart) if chart.kind == "share" else _bars(chart, narrow=narrow)
    head = {"kind": chart.kind, "unit": chart.unit, "series": list(chart.series)}
    return {**head, "narrow": narrow, **rows}


def _shares(chart: Chart) -> dict[str, Any]:
    """Return the categories as pieces of one bar, by their part of the whole."""
    amounts = [values[0] or _ZERO for values in chart.values]
    whole = sum(amounts, _ZERO)
    rows = []
    start = _ZERO
    for label, amount, texts in zip(chart.categories, amounts, chart.texts, strict=True):
        size = amount / whole if whole else _ZERO
        piece = {
            "from": float(start),
            "size": float(size),
            "end": float(start + size),
            "text": texts[0],
        }
        rows.append({"label": label, "values": [piece]})
        start += size
    return {"rows": rows, "ticks": [], "zero": 0.0, "bar": _THICKEST_BAR}


def _bars(chart: Chart, *, narrow: bool) -> dict[str, Any]:
    """Return the bars of each category, with the ticks of the axis."""
    axis = _Axis.of(chart, _CHARACTER_ON_PHONE if narrow else _CHARACTER)
    rows = []
    for label, values, texts in zip(chart.categories, chart.values, chart.texts, strict=True):
        bars = [axis.bar(value, text) for value, text in zip(values, texts, strict=True)]
        rows.append({"label": label, "values": bars})
    thickness = (_BARS_HEIGHT / len(rows) - _ROW_GAP) / max(len(chart.series), 1) - _BAR_GAP
    return {
        "rows": rows,
        "ticks": axis.ticks(),
        "zero": axis.position(_ZERO),
        "bar": min(max(thickness, _THINNEST_BAR), _THICKEST_BAR),
    }


class _Axis:
    """The axis of a chart of bars: from the `first` to the `last` multiple of `step`.

    The `texts` at the ends of bars take a part of the width.
    """

    def __init__(self, low: Fraction, high: Fraction, texts: Fraction) -> None:
        self.step = nice_step(high - low)
        self.first = math.floor(low / self.step)
        self.last = math.ceil(high / self.step)
        self.start = self.first * self.step
        self.length = max((self.last - self.first) * self.step, self.step)
        self.width = min(max(1 - texts, _LEAST_WIDTH), _BARS_WIDTH)

    @classmethod
    def of(cls, chart: Chart, character: Fraction) -> _Axis:
        """Return the axis that holds zero and every value of `chart`, with room for its texts."""
        known = [_ZERO]
        for values in chart.values:
            known += [value for value in values if value is not None]
        characters = max(len(max(texts, key=len)) for texts in chart.texts)
        return cls(min(known), max(known), characters * character)

    def position(self, value: Fraction) -> float:
        """Return where `value` stands, as a part of the width."""
        return float((value - self.start) / self.length * self.width)

    def bar(self, value: Fraction | None, text: str) -> dict[str, Any] | None:
        """Return the bar of `value` with its `text`, if there is a value."""
        if value is None:
            return None
        return {
            "from": self.position(min(value, _ZERO)),
            "size": self.position(abs(value) + self.start),
            "end": self.position(max(value, _ZERO)),
            "text": text,
        }

    def ticks(self) -> list[dict[str, Any]]:
        """Return the ticks with their texts."""
        ticks: list[dict[str, Any]] = []
        for multiple in range(self.first, self.last + 1):
            value = multiple * self.step
            ticks.append({"at": self.position(value), "text": _tick(value)})
        return ticks


def nice_step(span: Fraction) -> Fraction:
    """Return the step 1, 2 or 5 times a power of ten that cuts `span` into at most five parts."""
    if span <= 0:
        return Fraction(1)
    power = Fraction(10) ** math.floor(math.log10(float(span / 5)))
    for multiple in (1, 2, 5, 10):
        if multiple * power * 5 >= span:
            return multiple * power
    return 20 * power  # the logarithm of a float may be off by one


def _tick(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"
