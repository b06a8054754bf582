"""A prescribed form as a Word table: fixed widths, real spans, header rows that repeat."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate, pairwise

from reportgen.model.document import Cell, Table, Text
from reportgen.model.grid import place_cells
from reportgen.write.docx.text import Pen, Style, attribute

CROWDED = 5
"""Cells in one row beyond which a form is set in 五号 instead of 小四."""
CELL_MARGIN = 57
"""Twips at the left and at the right of a cell, as the frame's table style has them."""

RowCell = tuple[int, bool, Cell]
"""What a row of the grid shows at a place: column, whether the cell begins in this row, cell."""


def crowded(tables: Iterable[Table]) -> bool:
    """Return whether the form made of `tables` needs the small size of text."""
    return any(len(row.cells) > CROWDED for table in tables for row in table.rows)


def write_table(table: Table, pen: Pen, width: int, *, small: bool) -> str:
    """Return `table` over `width` twips, with the line of 1 pt that parts it from one below.

    Raises `GridError` when its spans do not fill its grid.
    """
    edges = _edges(table.widths, width)
    columns = "".join(f'<w:gridCol w:w="{right - left}"/>' for left, right in pairwise(edges))
    rows: list[str] = []
    heading = True
    for row, lane in zip(table.rows, _lanes(table), strict=True):
        heading = heading and row.head
        cells = "".join([_cell(shown, edges, pen, small=small) for shown in lane])
        repeat = "<w:tblHeader/>" if heading else ""
        rows.append(f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{cells}</w:tr>")
    return (
        f"{_title(table, pen)}<w:tbl>{_properties(table, pen, width)}"
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>{pen.paragraph(Style.GAP)}"
    )


def _title(table: Table, pen: Pen) -> str:
    """Return the caption as a line above `table` where it is shown."""
    if not table.show_caption:
        return ""
    return pen.paragraph(Style.CAPTION, pen.runs((Text(table.caption),)))


def _properties(table: Table, pen: Pen, width: int) -> str:
    """Return the properties of `table`; its caption is the text for those who cannot see it."""
    caption = attribute(table.caption)
    return (
        f'<w:tblPr><w:tblStyle w:val="{pen.styles[Style.TABLE]}"/>'
        f'<w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="0000"/><w:tblCaption w:val={caption}/></w:tblPr>'
    )


def _edges(shares: tuple[int, ...], width: int) -> list[int]:
    """Return the places of the column borders, in twips from the left; the last is `width`."""
    whole = sum(shares)
    return [(2 * width * part + whole) // (2 * whole) for part in accumulate(shares, initial=0)]


def _lanes(table: Table) -> list[list[RowCell]]:
    """Return what each row of the grid shows; Word repeats a cell in every row that it spans."""
    lanes: list[list[RowCell]] = [[] for _ in table.rows]
    for placed in place_cells(table):
        for row in range(placed.row, placed.row + placed.cell.rowspan):
            lanes[row].append((placed.column, row == placed.row, placed.cell))
    for lane in lanes:
        lane.sort(key=lambda shown: shown[0])
    return lanes


def _cell(shown: RowCell, edges: list[int], pen: Pen, *, small: bool) -> str:
    """Return the cell `shown`, or its continuation in a row below the one where it begins."""
    column, begins, cell = shown
    width = edges[column + cell.colspan] - edges[column]
    across = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
    down = ""
    if cell.rowspan > 1:
        down = '<w:vMerge w:val="restart"/>' if begins else "<w:vMerge/>"
    properties = (
        f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{across}{down}'
        '<w:vAlign w:val="center"/></w:tcPr>'
    )
    style, size = _style(cell, small=small)
    if not begins:
        return f"<w:tc>{properties}{pen.paragraph(style)}</w:tc>"
    layout = _layout(cell, width, size)
    paragraphs = "".join(
        [pen.paragraph(style, pen.runs(line), layout) for line in cell.lines or ((),)]
    )
    return f"<w:tc>{properties}{paragraphs}</w:tc>"


def _style(cell: Cell, *, small: bool) -> tuple[Style, int]:
    """Return the style of the text in `cell`, and the width of a character in twips."""
    if cell.header == "col":
        return (Style.CELL_HEAD_SMALL, 210) if small else (Style.CELL_HEAD, 240)
    return (Style.CELL_SMALL, 210) if small else (Style.CELL, 240)


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
    indent = ""
    if cell.indent:
        indent = f'<w:ind w:leftChars="{cell.indent * 100}" w:left="{cell.indent * size}"/>'
    return indent + (f'<w:jc w:val="{cell.align}"/>' if cell.align != "left" else "")
