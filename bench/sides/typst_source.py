"""Typst source as one writes it by hand, to the same standards of PDF with the same fonts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import typst

from bench.plain import Box, Line, Sheet, Turn

if TYPE_CHECKING:
    from bench.samples import Sample

_MARKUP = re.compile(r"[\\`*_#$<>@\[\]~/=+-]")
_HEAD = """#set document(title: {name}, author: {organization}, description: {subject},
  date: datetime(year: {year}, month: {month}, day: {day}))
#set page(paper: "a4", margin: (top: 37mm, bottom: 35mm, left: 28mm, right: 26mm),
  numbering: "— 1 —")
#set text(font: ((name: {latin}, covers: "latin-in-cjk"), {fonts}),
  size: 16pt, lang: "zh", region: "cn", fallback: false)
#set par(justify: true, leading: 13pt, spacing: 13pt, first-line-indent: (amount: 2em, all: true))
#set table(stroke: 0.5pt, inset: (x: 3pt, y: 2.5pt))
#show table: set text(size: {size}, top-edge: 1.1em, bottom-edge: -0.33em)
#show table: set par(justify: false, leading: 0pt, first-line-indent: 0pt)
#show heading: set text(size: 16pt)
"""


class Given(NamedTuple):
    """A source, and folders of fonts."""

    source: bytes
    fonts: tuple[str, ...]


def prepare(sample: Sample) -> Given:
    """Return the source of `sample`."""
    plain, book = sample.plain, sample.fonts
    year, month, day = (int(part) for part in plain.date.split("-"))
    sheets = [part for part in plain.parts if isinstance(part, Sheet)]
    crowded = any(len(row) > 5 for sheet in sheets for row in sheet.rows)
    head = _HEAD.format(
        name=_quoted(plain.name),
        organization=_quoted(plain.organization),
        subject=_quoted(plain.subject),
        latin=_quoted(book.family("latin")),
        fonts=", ".join(map(_quoted, book.stack("body"))),
        size="10.5pt" if crowded else "12pt",
        year=year,
        month=month,
        day=day,
    )
    body = "\n".join(text for part in plain.parts for text in _part(part))
    return Given((head + body).encode(), book.directories)


def _quoted(text: str) -> str:
    """Return `text` as a string of Typst."""
    return json.dumps(text, ensure_ascii=False)


def _part(part: Line | Sheet | Turn) -> Iterator[str]:
    if isinstance(part, Sheet):
        yield from _table(part)
    elif isinstance(part, Turn):
        yield "#pagebreak(weak: true)\n#set page(flipped: " + str(part.landscape).lower() + ")"
    elif part.level == 0:
        yield f"#title[{_text(part.text)}]\n"
    elif part.level is not None:
        yield f"{'=' * part.level} {_text(part.text)}\n"
    else:
        yield f"{_text(part.text)}\n"


def _text(text: str) -> str:
    """Return `text` as markup."""
    return _MARKUP.sub(r"\\\g<0>", text).replace("\n", " \\ ")


def _table(sheet: Sheet) -> Iterator[str]:
    """Yield the lines of a table; its head repeats unless a cell leads out of it."""
    sides = [box.align for box in sheet.rows[-1]]
    if len(sides) != len(sheet.widths):
        sides = ["left"] * len(sheet.widths)
    columns = ", ".join(f"{width}fr" for width in sheet.widths)
    yield f"#table(columns: ({columns},), align: ({', '.join(sides)},),"
    heads = 0 if _leaves(sheet) else sheet.heads
    if heads:
        yield f"table.header({' '.join(_row(row, sides) for row in sheet.rows[:heads])}),"
    for row in sheet.rows[heads:]:
        yield _row(row, sides)
    yield ")"


def _leaves(sheet: Sheet) -> bool:
    """Return whether a cell spans from the head of `sheet` to its body."""
    return any(
        box.row + box.rowspan > sheet.heads for row in sheet.rows[: sheet.heads] for box in row
    )


def _row(row: tuple[Box, ...], sides: list[str]) -> str:
    return " ".join([_cell(box, sides) for box in row])


def _cell(box: Box, sides: list[str]) -> str:
    span = "".join(
        f"{name}: {number}, "
        for name, number in (("rowspan", box.rowspan), ("colspan", box.colspan))
        if number > 1
    )
    side = f"align: {box.align}, " if box.align != sides[box.column] else ""
    if span or side:
        return f"table.cell({(span + side).rstrip(', ')})[{_text(box.text)}],"
    return f"[{_text(box.text)}],"


@cache
def _fonts(folders: tuple[str, ...]) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=list(folders)
    )


def make(given: Given) -> bytes:
    """Return the file."""
    return typst.compile(
        given.source,
        font_paths=_fonts(given.fonts),
        ignore_system_fonts=True,
        pdf_standards=["a-2a", "ua-1"],
    )
