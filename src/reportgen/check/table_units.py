"""Finds tables whose numbers nobody can tell the unit of: no head, caption or cell says it."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from reportgen.findings import Finding, finding
from reportgen.model.document import (
    Block,
    Cell,
    Document,
    Heading,
    Paragraph,
    Table,
    plain,
    values,
)
from reportgen.model.figures import Ledger
from reportgen.model.grid import HeadedCell, PlacedCell, address, headed_cells, place_cells
from reportgen.model.units import UNITS, Unit

_BARE = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?")
"""A number that says nothing of its unit."""
_MONEY = "(?<![单多纪公])(?:[百千万亿]|百万|千万)?元(?![旦件素月])|[¥￥]"
_STATED = (
    r"单位\s*[:为是]?[^\n,。;]{{0,6}}(?:{unit})|[(〔][^()\n]{{0,12}}(?:{unit})[^()\n]{{0,6}}[)〕]"
)
"""How a caption or a line above or below a table states that its amounts are in 万元."""
_OF_MONEY = re.compile(
    "金额|资金|经费|预算|决算|执行数|支出|收入|拨款|投资|结余|结转|补助|合计数"
    "|采购额|产值|税收|利润|到位数|拨付"
)
_OF_OTHERS = re.compile(
    "率|分值|得分|扣分|评分|数量|个数|人数|次数|序号|编号|编码|年份|电话|邮编|证号"
)
"""What a column holds that names money in its head and is none: 资金使用率, 资金分值."""
_WRITTEN = {"money": _MONEY, "": "[%％‰]|百分"}
_MEASURES = ("money", "area", "mass", "length", "volume", "energy", "power")
"""Dimensions whose unit a label does not tell by itself, as 人数 and 企业数 do."""
_RATES = ("%", "‰", "‱")
_MOST_TOPS = 8
"""Labels from the top of a column on that are read with those below them."""
_NEAR = 60
"""Characters of a line above or below a table: a longer one is text, not its unit."""


def check_table_units(document: Document, ledger: Ledger) -> Iterator[Finding]:
    """Yield P217 for each table with an amount, an area or a rate of which no unit is printed."""
    for blocks in (document.blocks, *(annex.blocks for annex in document.annexes)):
        for table, around in _surrounded(blocks):
            yield from islice(_without_unit(table, around, ledger), 1)


def _surrounded(blocks: Sequence[Block]) -> Iterator[tuple[Table, str]]:
    """Yield the tables of `blocks`, each with what stands around it that may state its unit.

    That is its caption, the lines and headings above it, which tables that follow each other
    share, and the line below it.
    """
    above = ""
    for before, block, after in zip((None, *blocks), blocks, (*blocks[1:], None), strict=False):
        if isinstance(block, Table):
            caption = block.caption if block.show_caption else ""
            yield block, _folded(f"{above}\n{caption}\n{_line(after)}")
        else:
            above = _line(block) if isinstance(before, Table) else f"{above}\n{_line(block)}"


def _line(block: Block | None) -> str:
    """Return the text of a heading or a short line; of a paragraph only where it says 单位."""
    text = plain(block.inlines) if isinstance(block, Heading | Paragraph) else ""
    return text if len(text) <= _NEAR or "单位" in text else ""


def _without_unit(table: Table, around: str, ledger: Ledger) -> Iterator[Finding]:
    """Yield P217 for each number of a table whose unit is printed nowhere."""
    for placed, labels in _numbers(table):
        unit = _wanted(placed.cell, labels, ledger)
        if unit is not None and not _is_stated(unit, labels, around):
            yield finding(
                "P217",
                table.span,
                subject=table.name,
                form=table.caption or table.name,
                label=labels[-1] if labels else "—",
                text=_text(placed.cell),
                cell=placed.address,
                unit=unit.symbol,
            )


def _numbers(table: Table) -> Iterator[tuple[PlacedCell, list[str]]]:
    """Yield the cells that hold a number without unit, each with the texts of its headers.

    A label of a row is read with the labels above it: 其中：中央财政 below 计划安排资金（万元）.
    """
    cells = headed_cells(table)
    every = place_cells(table)
    texts = {placed.address: _text(placed.cell) for placed in every}
    tops: dict[int, list[str]] = defaultdict(list)
    groups = _groups(every, texts)
    for placed in every:
        text = texts[placed.address]
        headed = cells[placed.row, placed.column]
        if headed.heads and len(tops[placed.column]) < _MOST_TOPS:
            tops[placed.column].append(text)
        elif not headed.heads and _BARE.fullmatch(text):
            above = chain.from_iterable(map(tops.__getitem__, _columns(headed)))
            labels = [*above, *map(texts.__getitem__, headed.headers), *groups[placed.row]]
            yield placed, labels or _edges(placed, texts)


def _groups(cells: Iterable[PlacedCell], texts: Mapping[str, str]) -> dict[int, list[str]]:
    """Return by row the labels that go over several rows: 项目资金（万元）."""
    groups: dict[int, list[str]] = defaultdict(list)
    for placed in cells:
        text = texts[placed.address]
        if placed.cell.rowspan > 1 and not _BARE.fullmatch(text):
            for row in range(placed.row, placed.row + placed.cell.rowspan):
                groups[row].append(text)
    return groups


def _edges(placed: PlacedCell, texts: Mapping[str, str]) -> list[str]:
    """Return what stands at the top of a cell's column and the left of its row, for labels."""
    edges = (texts.get(address(0, placed.column)), texts.get(address(placed.row, 0)))
    return [text for text in edges if text and not _BARE.fullmatch(text)]


def _columns(headed: HeadedCell) -> Iterator[int]:
    """Yield the columns of the headers of a cell."""
    for name in headed.headers:
        yield int(name.partition("c")[2]) - 1


def _text(cell: Cell) -> str:
    """Return the text of a cell, digits and brackets of one width."""
    return _folded("".join(map(plain, cell.lines))).strip()


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _wanted(cell: Cell, labels: Iterable[str], ledger: Ledger) -> Unit | None:
    """Return the unit that a number is in, None where its label tells all that is to know.

    Of a number that somebody typed only its labels are known: those of money are in 元.
    """
    for value in chain.from_iterable(map(values, cell.lines)):
        if value.key in ledger.figures:
            return _measure(ledger.figures[value.key].unit)
    said = " ".join(labels)
    return UNITS["元"] if _OF_MONEY.search(said) and not _OF_OTHERS.search(said) else None


def _measure(unit: Unit) -> Unit | None:
    """Return `unit` if a number in it needs it said, as 倍 and bare numbers do not."""
    return unit if unit.symbol in _RATES or _kind(unit) in _MEASURES else None


def _kind(unit: Unit) -> str:
    return unit.dimension[0][0] if unit.dimension else ""


def _is_stated(unit: Unit, labels: Iterable[str], around: str) -> bool:
    """Return whether labels, or what stands around the table, say `unit` or one of its kind."""
    written = _WRITTEN.get(_kind(unit)) or _of_dimension(unit)
    stated = _STATED.format(unit=written)
    return bool(re.search(written, " ".join(labels)) or re.search(stated, around))


def _of_dimension(unit: Unit) -> str:
    """Return a pattern for the units of one dimension."""
    kin = (each.symbol for each in UNITS.values() if each.dimension == unit.dimension)
    return "|".join(map(re.escape, map(_folded, kin)))
