"""A prescribed form as a Word table: fixed widths, real spans, header rows that repeat."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import attrgetter

from reportgen.model.document import Cell, Picture, Row, Table, Text, plain
from reportgen.model.grid import place_cells
from reportgen.write.docx.picture import cell_picture
from reportgen.write.docx.text import PLAIN, DocxBuilder, Look, Style, attribute

CROWDED = 5
"""Cells in one row beyond which a form is set in 五号 instead of 小四."""
CELL_MARGIN = 57
"""Twips at the left and at the right of a cell, as the frame's table style has them."""
SMALL = 18
"""小五 in half points, and a tenth of the width of a character in twips."""
_TWIPS = 1440 / 25.4
"""Twips in a millimetre."""


@dataclass(frozen=True, slots=True)
class _RowCell:
    """A cell at its column in a row of the grid; `begins` if it is not a span from above."""

    column: int
    begins: bool
    cell: Cell


def is_crowded(tables: Iterable[Table]) -> bool:
    """Return whether the form made of `tables` needs the small size of text."""
    return any(_longest_row(table) > CROWDED for table in tables)


def _longest_row(table: Table) -> int:
    return max((len(row.cells) for row in table.rows), default=0)


def write_table(table: Table, builder: DocxBuilder, width: int, *, small: bool) -> str:
    """Return `table` over `width` twips, with the line of 1 pt that parts it from one below.

    Raises `GridError` when its spans do not fill its grid.
    """
    edges = _edges(table.widths, width)
    columns = [f'<w:gridCol w:w="{right - left}"/>' for left, right in pairwise(edges)]
    rows: list[str] = []
    repeated = True
    for row, row_cells in zip(table.rows, _cells_by_row(table), strict=True):
        repeated = repeated and row.head
        cells = [_cell(row_cell, edges, builder, small=small) for row_cell in row_cells]
        properties = f"<w:cantSplit/>{_height(row)}" + ("<w:tblHeader/>" if repeated else "")
        rows.append(f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>")
    return (
        f"{_title(table, builder)}<w:tbl>{_properties(table, builder, width)}"
        f"<w:tblGrid>{''.join(columns)}</w:tblGrid>{''.join(rows)}</w:tbl>"
        f"{builder.paragraph(Style.GAP)}"
    )


def _height(row: Row) -> str:
    """Return the least height of a row where it has one."""
    if not row.height:
        return ""
    return f'<w:trHeight w:val="{round(row.height * _TWIPS)}" w:hRule="atLeast"/>'


def _title(table: Table, builder: DocxBuilder) -> str:
    """Return the caption as a line above `table` where it is shown."""
    if not table.show_caption:
        return ""
    return builder.paragraph(Style.CAPTION, builder.runs((Text(table.caption),)))


def _properties(table: Table, builder: DocxBuilder, width: int) -> str:
    """Return the properties of `table`; its caption is the text for those who cannot see it."""
    caption = attribute(table.caption)
    return (
        f'<w:tblPr><w:tblStyle w:val="{builder.styles[Style.TABLE]}"/>'
        f'<w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/>'
        f"{_look(table)}<w:tblCaption w:val={caption}/></w:tblPr>"
    )


def _look(table: Table) -> str:
    """Return which parts of `table` are headers: its first row, its first column.

    Word, and who reads a table aloud, take them for headers of columns and of rows.
    """
    first_row = int(bool(table.rows) and table.rows[0].head)
    first_column = int(_has_header_column(table))
    value = 0x20 * first_row + 0x80 * first_column
    return (
        f'<w:tblLook w:val="{value:04X}" w:firstRow="{first_row}" w:lastRow="0"'
        f' w:firstColumn="{first_column}" w:lastColumn="0" w:noHBand="0" w:noVBand="0"/>'
    )


def _has_header_column(table: Table) -> bool:
    """Return whether what stands in the first column below the head are headers of rows."""
    heads: set[str] = set()
    for placed in place_cells(table):
        below_head = placed.column == 0 and not table.rows[placed.row].head
        if below_head and any(plain(line).strip() for line in placed.cell.lines):
            heads.add(placed.cell.header)
    return heads == {"row"}


def _edges(shares: tuple[int, ...], width: int) -> list[int]:
    """Return the places of the column borders, in twips from the left; the last is `width`."""
    whole = sum(shares)
    return [(2 * width * part + whole) // (2 * whole) for part in accumulate(shares, initial=0)]


def _cells_by_row(table: Table) -> list[list[_RowCell]]:
    """Return the cells of each row of the grid; Word repeats a cell in every row that it spans."""
    rows: list[list[_RowCell]] = [[] for _ in table.rows]
    for placed in place_cells(table):
        for row in range(placed.row, placed.row + placed.cell.rowspan):
            rows[row].append(_RowCell(placed.column, row == placed.row, placed.cell))
    for cells in rows:
        cells.sort(key=attrgetter("column"))
    return rows


def _cell(row_cell: _RowCell, edges: list[int], builder: DocxBuilder, *, small: bool) -> str:
    """Return a cell, or its continuation in a row below the one where it begins."""
    column, cell = row_cell.column, row_cell.cell
    width = edges[column + cell.colspan] - edges[column]
    style, size = _style(cell, small=small)
    if row_cell.begins:
        layout = _layout(cell, width, size)
        look = _look_of(cell)
        content = ""
        for line in cell.lines or ((),):
            content += builder.paragraph(style, builder.runs(line, look), layout)
        if cell.picture is not None:
            shown = _shown(cell, cell.picture, builder, width)
            content = content + shown if any(cell.lines) else shown
    else:
        content = builder.paragraph(style)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{_spans(row_cell)}'
        f'<w:vAlign w:val="{_PLACES[cell.place]}"/></w:tcPr>{content}</w:tc>'
    )


def _shown(cell: Cell, picture: Picture, builder: DocxBuilder, width: int) -> str:
    """Return the picture of a cell `width` twips wide on a line as high as it is."""
    image = cell_picture(picture.fitted(max(1, width - 2 * CELL_MARGIN) / _TWIPS), builder)
    align = "center" if cell.vertical else cell.align
    return builder.paragraph(
        Style.CELL, image, f'<w:spacing w:line="240" w:lineRule="auto"/><w:jc w:val="{align}"/>'
    )


_PLACES = {"top": "top", "middle": "center", "bottom": "bottom"}
"""The words of Word for where a text stands in a row."""


def _look_of(cell: Cell) -> Look:
    """Return how the text of `cell` looks beside its style."""
    if not (cell.underline or cell.small):
        return PLAIN
    return Look(underline=cell.underline, size=SMALL if cell.small else 0)


def _spans(row_cell: _RowCell) -> str:
    """Return the properties that say what a cell spans."""
    cell = row_cell.cell
    across = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
    if cell.rowspan == 1:
        return across
    down = '<w:vMerge w:val="restart"/>' if row_cell.begins else "<w:vMerge/>"
    return across + down


def _style(cell: Cell, *, small: bool) -> tuple[Style, int]:
    """Return the style of the text in `cell`, and the width of a character in twips."""
    width = 10 * SMALL if cell.small else 210 if small else 240
    if cell.header == "col":
        return (Style.CELL_HEAD_SMALL if small else Style.CELL_HEAD), width
    return (Style.CELL_SMALL if small else Style.CELL), width


def _layout(cell: Cell, width: int, size: int) -> str:
    """Return the properties of the paragraphs in `cell`, which is `width` twips wide."""
    if cell.vertical:
        # One character a line by indents: text direction neither grows a row in LibreOffice
        # nor lets one read the label without turning the head. A closing bracket may then
        # begin a line, so the rules against it (kinsoku) are off.
        side = max(0, (width - 2 * CELL_MARGIN - size * 13 // 10) // 2)
        return (
            '<w:kinsoku w:val="0"/><w:overflowPunct w:val="0"/>'
            f'<w:ind w:left="{side}" w:right="{side}"/><w:jc w:val="center"/>'
        )
    indent = align = ""
    if cell.indent:
        indent = f'<w:ind w:leftChars="{cell.indent * 100}" w:left="{cell.indent * size}"/>'
    if cell.align != "left":
        align = f'<w:jc w:val="{cell.align}"/>'
    return indent + align
