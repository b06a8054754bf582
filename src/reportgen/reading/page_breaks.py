"""Joins what the pages of a PDF have cut in two: paragraphs, tables, rows, labels; places them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reportgen.model.reading import ReadBlock, ReadCell, ReadParagraph, ReadTable
from reportgen.model.source import SourceSpan

_LEAST_CUT = 15
"""Characters of a cell without an end from which its row may have been cut by the page."""
_LEAST_HEADS = 3
_LEAST_LABELLED = 2
_NUMBER = re.compile(r"[-—0-9.,%\s]+")
_FIRST_ITEM = re.compile(r"[（(]?[1一][)）、.．：:]|\S{1,4}1[：:]")
_ITEM = re.compile(
    r"[（(]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[)）、.．：:]|\S{1,4}[0-9]{1,2}[：:]"
)
ENDS = "。！？；：!?:;"


def joined(blocks: Sequence[ReadBlock]) -> Iterator[ReadBlock]:
    """Yield the blocks of all pages: tables and paragraphs that go on over a page as one."""
    held: ReadBlock | None = None
    for block in blocks:
        together = _together(held, block) if held is not None else None
        if together is not None:
            held = together
            continue
        if held is not None:
            yield held
        held = block
    if held is not None:
        yield held


def _together(before: ReadBlock, block: ReadBlock) -> ReadBlock | None:
    """Return two blocks of different pages as one, None where they are two."""
    if before.span == block.span:
        return None
    if isinstance(before, ReadTable) and isinstance(block, ReadTable):
        return _longer(before, block) if before.width == block.width else None
    if isinstance(before, ReadParagraph) and isinstance(block, ReadParagraph):
        return replace(before, text=before.text + block.text) if _is_one(before, block) else None
    return None


def _is_one(before: ReadParagraph, block: ReadParagraph) -> bool:
    """Return whether a paragraph goes on with the first one of the next page."""
    return not before.level and not block.level and before.text[-1] not in ENDS


def _longer(before: ReadTable, block: ReadTable) -> ReadTable:
    """Return a table with the rows of its next page, without the head that is repeated there.

    Cells that the page has cut in two, by their rows or by their text, are one again.
    """
    repeated = _repeated_rows(before, block)
    cut = _CutCells({cell.column: cell for cell in before.cells if _ends_at(cell, before.height)})
    first = [cell for cell in block.cells if cell.row == repeated]
    cut_row = _is_cut_row(cut.bottoms, first)
    for cell in first:
        cut.join(cell, cut_row=cut_row)
    moved = before.height - repeated - (1 if cut_row else 0)
    cells = [cut.whole.get(cell, cell) for cell in before.cells]
    rest = block.cells[_count_above(block, repeated) :]
    cells += [replace(cell, row=cell.row + moved) for cell in rest if cell not in cut.left_out]
    return replace(before, cells=tuple(cells), height=block.height + moved)


@dataclass(slots=True)
class _CutCells:
    """Cells at the foot of a page by column, and those at the head of the next that belong to them.

    `whole` holds the cells at the foot with what was joined to them, `left_out` what was joined.
    """

    bottoms: dict[int, ReadCell]
    whole: dict[ReadCell, ReadCell] = field(default_factory=dict)
    left_out: set[ReadCell] = field(default_factory=set)

    def join(self, cell: ReadCell, *, cut_row: bool) -> None:
        """Join a cell to that above it, if its row is cut or it is the rest of a label."""
        bottom = self.bottoms.get(cell.column)
        if bottom is not None and (cut_row or _is_same_label(bottom, cell)):
            self.whole[bottom] = _one_cell(bottom, cell, cut_row)
            self.left_out.add(cell)


def _count_above(table: ReadTable, row: int) -> int:
    """Return how many cells begin above a row; they stand in order."""
    return sum(1 for cell in table.cells if cell.row < row)


def _ends_at(cell: ReadCell, height: int) -> bool:
    """Return whether a cell goes as far down as its table."""
    return cell.row + cell.rowspan == height


def _is_cut_row(bottoms: Mapping[int, ReadCell], first: Sequence[ReadCell]) -> bool:
    """Return whether the first row of a page goes on with the texts of the last row before it.

    One of them is full and has no end, and none of the others is a number; or long texts alone go
    on, beside a label that has said all it says, or that is set again.
    """
    said = [cell for cell in first if cell.text]
    if any(_begins_anew(bottoms, cell) for cell in said):
        return False
    is_cut = any(_is_cut(bottoms[cell.column], cell) for cell in said)
    return is_cut or _has_label_again(bottoms, said) or _is_beside_ended(bottoms, first)


def _is_beside_ended(bottoms: Mapping[int, ReadCell], first: Sequence[ReadCell]) -> bool:
    """Return whether long texts alone go on, beside one that has ended."""
    said = [cell for cell in first if cell.text]
    long = [len(_text_above(bottoms, cell)) > _LEAST_CUT for cell in said]
    return any(long) and all(long) and any(_has_ended(bottoms, cell) for cell in first)


def _has_label_again(bottoms: Mapping[int, ReadCell], said: Sequence[ReadCell]) -> bool:
    """Return whether the label of a row is set again on a page, beside what goes on of it."""
    if len(said) < _LEAST_LABELLED:
        return False
    label, *others = said
    is_again = bottoms[label.column].rowspan == 1 and label.text == bottoms[label.column].text
    return is_again and all(_goes_on(bottoms[cell.column], cell) for cell in others)


def _goes_on(bottom: ReadCell, cell: ReadCell) -> bool:
    """Return whether a long text may go on: it fills its cell, or more of its items follow."""
    is_listed = _FIRST_ITEM.match(bottom.text) and _ITEM.match(cell.text)
    return (bottom.full or is_listed is not None) and len(bottom.text) > _LEAST_CUT


def _begins_anew(bottoms: Mapping[int, ReadCell], cell: ReadCell) -> bool:
    """Return whether a cell is a number, or nothing stands above it."""
    return not _text_above(bottoms, cell) or _NUMBER.fullmatch(cell.text) is not None


def _has_ended(bottoms: Mapping[int, ReadCell], cell: ReadCell) -> bool:
    """Return whether nothing goes on below a text."""
    return not cell.text and bool(_text_above(bottoms, cell))


def _is_cut(bottom: ReadCell, cell: ReadCell) -> bool:
    """Return whether the text of a cell of one row fills it and has no end."""
    is_low = bottom.rowspan == cell.rowspan == 1
    return is_low and bottom.full and bottom.text[-1] not in ENDS


def _text_above(bottoms: Mapping[int, ReadCell], cell: ReadCell) -> str:
    """Return the text of the cell above the page break that stands over `cell`."""
    bottom = bottoms.get(cell.column)
    return bottom.text if bottom is not None else ""


def _is_same_label(bottom: ReadCell, cell: ReadCell) -> bool:
    """Return whether a cell is the rest of a label that goes over several rows."""
    is_high = bottom.rowspan > 1 or cell.rowspan > 1
    goes_on = cell.text in {"", bottom.text} or _closes(bottom.text, cell.text)
    return is_high and cell.colspan == bottom.colspan and goes_on


def _closes(text: str, rest: str) -> bool:
    """Return whether a text closes the bracket that the one before it has left open."""
    is_open = text.count("（") > text.count("）") and rest.count("）") > rest.count("（")
    return is_open and text[-1] not in ENDS


def _one_cell(bottom: ReadCell, cell: ReadCell, cut_row: bool) -> ReadCell:
    """Return two parts of a cell as one; of a row that was cut, one row is the same."""
    rows = bottom.rowspan + cell.rowspan - (1 if cut_row else 0)
    between = "\n" if cut_row and bottom.text[-1:] in tuple(ENDS) else ""
    text = bottom.text if cell.text in {"", bottom.text} else bottom.text + between + cell.text
    return replace(bottom, rowspan=rows, text=text, full=cell.full)


def _repeated_rows(before: ReadTable, block: ReadTable) -> int:
    """Return how many rows at the top of a page are heads of the table, or of a part of it."""
    most = 0
    for start in range(before.height if _says_much(block) else 1):
        most = max(most, _alike_from(before, start, block))
    return most if most < block.height else 0


def _alike_from(before: ReadTable, start: int, block: ReadTable) -> int:
    """Return how many rows of a page say what the rows of the table from `start` on say."""
    count = 0
    while count < block.height and _is_head_again(before, start + count, block, count):
        count += 1
    return count


def _is_head_again(before: ReadTable, above: int, block: ReadTable, row: int) -> bool:
    """Return whether a row of a page says what one above it says."""
    return above < before.height and _row(before, above) == _row(block, row)


def _says_much(table: ReadTable) -> bool:
    """Return whether the first row of a table may head columns: three texts, no number."""
    said = [text for _, text in _row(table, 0) if text]
    return len(said) >= _LEAST_HEADS and not any(map(_NUMBER.fullmatch, said))


def _row(table: ReadTable, row: int) -> list[tuple[int, str]]:
    """Return the texts of a row, each with its column."""
    return [(cell.column, cell.text) for cell in table.cells if cell.row == row]


def numbered(name: str, blocks: Iterable[ReadBlock]) -> tuple[ReadBlock, ...]:
    """Return blocks with their places: page and paragraph, table and cell, counted from 1."""
    numbered: list[ReadBlock] = []
    paragraphs = tables = 0
    page = ""
    for position, block in enumerate(blocks, 1):
        if block.span.place != page:
            page, paragraphs = block.span.place, 0
        if isinstance(block, ReadParagraph):
            paragraphs += 1
            span = SourceSpan(name, position, place=f"{page} p{paragraphs}")
            numbered.append(replace(block, span=span))
        else:
            tables += 1
            numbered.append(_numbered_table(name, block, position, tables))
    return tuple(numbered)


def _numbered_table(name: str, table: ReadTable, position: int, number: int) -> ReadTable:
    """Return a table whose cells know the page they stand on, and their row and column."""
    cells: list[ReadCell] = []
    for cell in table.cells:
        place = f"{cell.span.place} t{number}r{cell.row + 1}c{cell.column + 1}"
        cells.append(replace(cell, span=SourceSpan(name, position, place=place)))
    own = SourceSpan(name, position, place=f"{table.span.place} t{number}r1c1")
    return replace(table, cells=tuple(cells), span=own)
