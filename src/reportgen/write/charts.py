"""Draws the charts of a document, once for every format: vector graphics, and pixels for Word.

Typst draws, with the fonts of the PDF; what stands where is worked out here, as parts of the
width, from exact values.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from reportgen.model.document import Chart, Document
from reportgen.model.edition import Drawing, Edition
from reportgen.write.fonts import FontBook
from reportgen.write.typesetting import TypesettingError, picture

PIXELS = 192
"""Pixels per inch of the picture for readers of Word files that show no vector graphics."""

_HEIGHT = 460
"""Points that the bars of a chart may take, so that it stands on a page with its caption."""

_ROOM = Fraction(22, 25)
"""How much of the width bars may take; the rest is for the figures at their ends."""


def draw(document: Document, edition: Edition, book: FontBook) -> Mapping[str, Drawing]:
    """Return a drawing of every chart of `document` by its name.

    Raises `TypesettingError` where the template of `edition` is faulty.
    """
    fonts = json.dumps(book.stacks).encode()
    return {
        chart.name: _drawing(
            edition.chart.encode(), json.dumps(layout(chart)).encode(), fonts, book.directories
        )
        for chart in _charts(document)
    }


def _charts(document: Document) -> Iterator[Chart]:
    for part in (document.blocks, *(annex.blocks for annex in document.annexes)):
        yield from (block for block in part if isinstance(block, Chart))


@lru_cache(maxsize=64)
def _drawing(source: bytes, data: bytes, fonts: bytes, directories: tuple[str, ...]) -> Drawing:
    sources = {"main": source, "chart.json": data, "fonts.json": fonts}
    svg = picture(sources, directories, "svg", PIXELS)
    size = re.search(rb'width="([\d.]+)pt" height="([\d.]+)pt"', svg)
    if size is None:
        raise TypesettingError("the drawing has no size")
    png = picture(sources, directories, "png", PIXELS)
    return Drawing(svg, png, float(size[1]), float(size[2]))


def layout(chart: Chart) -> dict[str, Any]:
    """Return where everything of `chart` stands, as the template takes it."""
    rows = _shares(chart) if chart.kind == "share" else _bars(chart)
    return {"kind": chart.kind, "unit": chart.unit, "series": list(chart.series), **rows}


def _shares(chart: Chart) -> dict[str, Any]:
    """Return the categories as pieces of one bar, by their part of the whole."""
    whole = sum((values[0] or Fraction(0) for values in chart.values), Fraction(0))
    at, rows = Fraction(0), []
    for label, values, texts in zip(chart.categories, chart.values, chart.texts, strict=True):
        size = (values[0] or Fraction(0)) / whole if whole else Fraction(0)
        text = f"{texts[0]}{chart.unit}"
        piece = {"from": float(at), "size": float(size), "end": float(at + size), "text": text}
        rows.append({"label": label, "values": [piece]})
        at += size
    return {"rows": rows, "ticks": [], "zero": 0.0, "bar": 9}


def _bars(chart: Chart) -> dict[str, Any]:
    known = [value for values in chart.values for value in values if value is not None]
    low, high = min([*known, Fraction(0)]), max([*known, Fraction(0)])
    step = nice_step(high - low)
    first, last = math.floor(low / step), math.ceil(high / step)
    low, span = first * step, max((last - first) * step, step)

    def at(value: Fraction) -> float:
        return float((value - low) / span * _ROOM)

    rows = []
    for label, values, texts in zip(chart.categories, chart.values, chart.texts, strict=True):
        rows.append(
            {
                "label": label,
                "values": [
                    None
                    if value is None
                    else {
                        "from": at(min(value, Fraction(0))),
                        "size": at(abs(value) + low),
                        "end": at(max(value, Fraction(0))),
                        "text": text,
                    }
                    for value, text in zip(values, texts, strict=True)
                ],
            }
        )
    fit = (_HEIGHT / len(rows) - 5) / max(len(chart.series), 1) - 1.5
    bar = min(max(fit, 4), 9)
    ticks = [{"at": at(n * step), "text": _tick(n * step)} for n in range(first, last + 1)]
    return {"rows": rows, "ticks": ticks, "zero": at(Fraction(0)), "bar": bar}


def nice_step(span: Fraction) -> Fraction:
    """Return the step 1, 2 or 5 times a power of ten that cuts `span` into at most five parts."""
    if span <= 0:
        return Fraction(1)
    power = Fraction(10) ** math.floor(math.log10(float(span / 5)))
    return next(step for m in (1, 2, 5, 10, 20) if (step := m * power) * 5 >= span)


def _tick(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"
