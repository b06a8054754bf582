"""Columns fitted to what stands in them: a pack's widths are hints, and no figure may break.

All widths are in Chinese characters (em) of the size that a form is set in. In one walk over its
cells every span of columns is asked for what it needs: the longest text that no line may part, a
figure with its unit, a date, a short label. Where the hints leave less, the room comes from
columns that have more than their texts need, and then from all others in proportion.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter

from reportgen.model.document import Cell, Table, plain
from reportgen.model.frozen import frozen
from reportgen.model.grid import PlacedCell, place_cells
from reportgen.model.units import SPELLINGS, UNITS, any_spelling

LABEL = 4.0
"""The longest line of a cell that is kept whole as a label, if there is room."""
_PART_OF_HEAD = 2.0
"""What a line of a head holds at least: a word of two characters."""
_WORD = 10.0
"""What a Western word may ask for: a longer one, an address of the web, breaks anywhere."""
_VERTICAL = 1.3
_SPARE, _MOST = 0.3, 2.5
"""What part of its hint a column may give to those that are full, and how far these may grow."""
_STRETCH = 1.3
"""How far a column may grow for a label or a date."""
_NEARLY = 0.9
"""What part of that it may grow by for a line that nearly fits."""

_SYMBOLS = {symbol for symbol in (*UNITS, *SPELLINGS) if symbol and not symbol.isascii()}
_UNIT = f"(?:{any_spelling(sorted(_SYMBOLS))})"
_UNITS = rf"(?:[十百千万亿]*{_UNIT}|[十百千万亿]+)(?:/{_UNIT})?"
_NUMBER = r"[-+±≤≥<>]?\d[\d,.%]*"
_DATE = re.compile(r"\d+年\d+月(?:\d+日)?")
SPELLED_POINTS = "[一两二三四五六七八九十半]个百分点"
MEASURE = rf"{_NUMBER}[余多来]?(?:{_UNITS}|号)|（{_UNITS}）|{SPELLED_POINTS}"
"""A figure with a unit in Chinese characters, or a unit in brackets: no line may end within."""
DATE = r"\d{1,4}年\d{1,2}月(?:\d{1,2}日)?|\d{1,2}月\d{1,2}日"
OF_YEAR = r"〔\d{4}〕\d+号"
DOCUMENT_NUMBER = rf"(?:(?<=[（《“，、。；：])[\u4e00-\u9fff]{{1,8}})?{OF_YEAR}"
"""The number of an official document (GB/T 9704-2012, 7.2.5), its letters where one knows them."""
_FIGURE = rf"（?{_NUMBER}(?:{_UNITS})?）?[，。；：、]?|[!-~]+"
"""A figure with the mark after it: that begins no line, and would take the end of it along."""
UNIT_AT_END = re.compile(rf"（{_UNITS}）$")
"""The unit at the end of a head, in brackets."""
_WHOLE, _WHOLE_IN_LABEL = re.compile(_FIGURE), re.compile(rf"{_FIGURE}|（?{_UNITS}）?")
_LONGEST_LABEL = 12
_SEAM = re.compile(r"(?<=[0-9A-Za-z%])(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=[0-9A-Za-z])")
_SEAM_WIDTH, _MOST_SEAMS = 0.25, 1.5
"""What Word puts between a Chinese and a Western character, and at most into a figure."""

ColumnSpan = tuple[int, int]
"""A column, from 0, and how many of them a cell spans."""


def width(text: str) -> float:
    """Return the width of `text` in Chinese characters: a letter is half, by its UTF-8 bytes."""
    return (len(text) + len(text.encode())) / 4


@dataclass(slots=True)
class Need:
    """What the texts over a span of columns need, with the margins of a cell.

    `least` for its figures, `labelled` for its short labels, too, and for a head of three lines,
    `whole` to break nowhere, but for a head of two lines, `headed` to break no head either.
    """

    least: float = 1.0
    labelled: float = 1.0
    whole: float = 1.0
    headed: float = 1.0


@frozen
class LongCell:
    """A cell that may be higher than a line: its row, what it spans, its lines by their widths.

    `below` is the height of a picture below its lines, in mm; a `label` heads its rows.
    """

    row: int
    rows: int
    span: ColumnSpan
    lines: tuple[float, ...]
    below: float = 0.0
    label: bool = False


@dataclass(slots=True)
class Measured:
    """What was found in a table: its cells, what each span of columns needs, the long cells."""

    placed: tuple[PlacedCell, ...]
    needs: dict[ColumnSpan, Need] = field(default_factory=dict)
    long: list[LongCell] = field(default_factory=list)


def measure(table: Table, margin: float) -> Measured:
    """Return what the texts of `table` need, in cells whose margins take `margin`.

    Raises `GridError` unless its cells fill its grid.
    """
    found = Measured(place_cells(table))
    needs = found.needs
    for placed in found.placed:
        cell = placed.cell
        span = placed.column, cell.colspan
        if span not in needs:
            needs[span] = Need()
        long = _measure_cell(cell, needs[span], margin)
        if long or cell.picture is not None:
            label = cell.header == "row" and bool(cell.lines)
            found.long.append(LongCell(placed.row, cell.rowspan, span, long, _below(cell), label))
    return found


def _below(cell: Cell) -> float:
    """Return the height of the picture of a cell in mm."""
    return cell.picture.height if cell.picture is not None else 0.0


def _measure_cell(cell: Cell, need: Need, margin: float) -> tuple[float, ...]:
    """Raise `need` to what `cell` asks for; return the widths of its lines if it may be long."""
    texts = list(map(plain, cell.lines))
    lines = _line_widths(cell, texts)
    around = margin + cell.indent
    longest = max(lines, default=0.0) + around
    if longest > need.least or _may_have_seams(texts, longest, need.least):
        _ask(need, cell, texts, longest, around)
    if longest > need.least or len(lines) > 1 or cell.rowspan > 1:
        return tuple(lines) or (0.0,)
    return ()


def _line_widths(cell: Cell, texts: Sequence[str]) -> list[float]:
    """Return the widths of the lines of a cell; a vertical label has a character on each."""
    if cell.vertical:
        return [_VERTICAL] * sum(map(len, texts))
    return list(map(width, texts))


def _may_have_seams(texts: Sequence[str], longest: float, least: float) -> bool:
    """Return whether Word may need more than `least` for a figure in `texts`, by its seams."""
    return longest + _MOST_SEAMS > least and not all(map(str.isascii, texts))


def _ask(need: Need, cell: Cell, texts: Sequence[str], longest: float, around: float) -> None:
    """Raise `need` to what a cell asks for, whose `longest` line has what is `around` it."""
    need.headed = max(need.headed, longest)
    if cell.vertical:
        need.least = max(need.least, longest)
    else:
        pieces = map(_longest_piece, texts)
        need.least = max(need.least, max(pieces, default=0.0) + around)
    if cell.header == "col":
        text = longest - around
        need.labelled = max(need.labelled, max(text / 3, min(text, _PART_OF_HEAD)) + around)
        need.whole = max(need.whole, text / 2 + around)
    else:
        need.labelled = max(need.labelled, max(map(_label, texts), default=0.0) + around)
        need.whole = max(need.whole, longest)
    need.labelled = max(need.labelled, need.least)
    need.whole = max(need.whole, need.least)


def _label(text: str) -> float:
    """Return the width of `text` if it is a short label, else of the longest date in it."""
    if width(text) <= LABEL:
        return width(text)
    return max(map(_with_seams, _DATE.findall(text)), default=0.0)


def _with_seams(text: str) -> float:
    """Return the width of `text` in Word."""
    return width(text) + _SEAM_WIDTH * len(_SEAM.findall(text))


@lru_cache(maxsize=4096)  # cells of a column, and those of the next format, say the same
def _longest_piece(text: str) -> float:
    """Return the width of the longest piece of `text` that no line may part."""
    longest = 1.0
    pattern = _WHOLE_IN_LABEL if len(text) <= _LONGEST_LABEL else _WHOLE
    for piece in pattern.finditer(text):
        longest = max(longest, min(_WORD, _with_seams(piece[0])))
    return longest


def _by_span(needs: Mapping[ColumnSpan, Need], what: str) -> dict[ColumnSpan, float]:
    """Return one of the things that every span needs."""
    return dict(zip(needs, map(attrgetter(what), needs.values()), strict=True))


def least_width(hints: Sequence[int], needs: Mapping[ColumnSpan, Need]) -> float:
    """Return the width below which figures of a table would be cut."""
    return sum(_narrowest(hints, _by_span(needs, "least")))


def fit(hints: Sequence[int], needs: Mapping[ColumnSpan, Need], room: float) -> list[float]:
    """Return the widths of columns over `room`: as the `hints` have them, where texts fit."""
    unit = room / sum(hints)
    hinted = [part * unit for part in hints]
    least = _least(hints, needs, room)
    whole = _shared(hints, _by_span(needs, "whole"))
    headed = _shared(hints, _by_span(needs, "headed"))
    ample = list(map(max, whole, headed, least))
    widths = list(map(max, hinted, least))
    _take(widths, sum(widths) - room, ample)
    _take(widths, sum(widths) - room, least)
    _give(widths, hinted, ample, whole)
    return widths


def _least(hints: Sequence[int], needs: Mapping[ColumnSpan, Need], room: float) -> list[float]:
    """Return what columns must have, within `room`: figures before labels."""
    figures = _by_span(needs, "least")
    least = _shared(hints, figures)
    if sum(least) > room:
        least = _narrowest(hints, figures)
    spare = room - sum(least)
    if spare <= 0:
        return [column * room / sum(least) for column in least]
    labelled = _shared(hints, _labels(hints, needs, room))
    lacks = [max(0.0, high - low) for low, high in zip(least, labelled, strict=True)]
    share = min(1.0, spare / max(spare, sum(lacks)))
    return [low + share * lack for low, lack in zip(least, lacks, strict=True)]


def _labels(
    hints: Sequence[int], needs: Mapping[ColumnSpan, Need], room: float
) -> dict[ColumnSpan, float]:
    """Return what spans need with their labels, where it is not too far from the hints."""
    unit = room / sum(hints)
    labels: dict[ColumnSpan, float] = {}
    for span, need in needs.items():
        start, count = span
        most = _STRETCH * unit * sum(hints[start : start + count])
        labels[span] = need.labelled if need.labelled <= most else need.least
        if need.headed <= most * _NEARLY:
            labels[span] = need.headed
    return labels


def _shared(hints: Sequence[int], needs: Mapping[ColumnSpan, float]) -> list[float]:
    """Return what each column needs if those of a span share its need as hinted.

    No column needs more than its hint where the hints give every span enough.
    """
    columns = [0.0] * len(hints)
    for (start, count), need in needs.items():
        whole = sum(hints[start : start + count])
        for column in range(start, start + count):
            columns[column] = max(columns[column], need * hints[column] / whole)
    return columns


def _narrowest(hints: Sequence[int], needs: Mapping[ColumnSpan, float]) -> list[float]:
    """Return the least that each column can have; what a span lacks is shared as hinted."""
    columns = [0.0] * len(hints)
    for (start, count), need in sorted(needs.items(), key=_fewest_columns_first):
        lack = need - sum(columns[start : start + count])
        if lack > 0:
            whole = sum(hints[start : start + count])
            for column in range(start, start + count):
                columns[column] += lack * hints[column] / whole
    return columns


def _fewest_columns_first(item: tuple[ColumnSpan, float]) -> tuple[int, int]:
    (start, count), _ = item
    return count, start


def _take(widths: list[float], amount: float, floors: Sequence[float]) -> None:
    """Take `amount` from columns wider than their `floors`, or what they have, in proportion."""
    spare = [max(0.0, have - floor) for have, floor in zip(widths, floors, strict=True)]
    whole = sum(spare)
    if amount > 0 and whole > 0:
        share = min(1.0, amount / whole)
        for column, part in enumerate(spare):
            widths[column] -= part * share


def _give(
    widths: list[float], hinted: Sequence[float], ample: Sequence[float], whole: Sequence[float]
) -> None:
    """Let columns with more than is `ample` give some of it to those whose texts are not whole."""
    wanted: list[float] = []
    spare: list[float] = []
    for have, hint, enough, need in zip(widths, hinted, ample, whole, strict=True):
        wanted.append(max(0.0, min(need, _MOST * hint) - have))
        spare.append(max(0.0, min(have - enough, _SPARE * hint)))
    amount = min(sum(wanted), sum(spare))
    if amount > 0:
        gains, losses = amount / sum(wanted), amount / sum(spare)
        for column, (gain, loss) in enumerate(zip(wanted, spare, strict=True)):
            widths[column] += gain * gains - loss * losses
