"""A prescribed form as a Word table: fixed widths, real spans, header rows that repeat."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from operator import attrgetter
from typing import NamedTuple

from reportgen.model.document import Cell, Inlines, Picture, Table, Text, plain
from reportgen.model.frozen import frozen
from reportgen.write.columns import UNIT_AT_END
from reportgen.write.columns import width as width_of
from reportgen.write.docx.picture import cell_picture
from reportgen.write.docx.section import POINT
from reportgen.write.docx.text import PLAIN, DocxBuilder, Look, Style, attribute
from reportgen.write.form_layout import CELL_MARGIN, FormLayout, FormPart

_KEEP_WITH_NEXT = "<w:keepNext/>"
_TWO_LINES = "<w:widowControl/>"
"""Two lines at least before and after the end of a page; elsewhere the frame does without."""
_JOINT = '<w:keepNext/><w:spacing w:line="1" w:lineRule="exact"/>'
"""What is between two tables of a form: a line so low that it is not seen."""
_OPEN_BELOW = '<w:tcBorders><w:bottom w:val="nil"/></w:tcBorders>'
"""A cell above such a line: the rule of the table below is there, and two would look heavier."""
_TWIPS_AT_SIDES = round(2 * CELL_MARGIN * POINT)
SMALL = 18
"""小五 in half points, and a tenth of the width of a character in twips."""
_TWIPS = 1440 / 25.4
"""Twips in a millimetre."""
_PLACES = {"top": "top", "middle": "center", "bottom": "bottom"}
"""The words of Word for where a text stands in a row."""


@frozen
class _RowCell:
    """A cell at its column in a row of the grid; `begins` if it is not a span from above.

    It `breaks` where it is too tall to stay on one page, and is `open` where no rule is below.
    """

    column: int
    begins: bool
    breaks: bool
    open: bool
    cell: Cell


class _CellLayout(NamedTuple):
    """The properties of the paragraphs in a cell: `room` for its text, the `size` of a character.

    Both are in twips. What keeps them on a page stands before what says how their `lines` stand.
    """

    keep: str
    room: int
    size: int
    lines: str

    @property
    def tabs(self) -> str:
        """Return the tab stop at the right end of a line."""
        return f'<w:tabs><w:tab w:val="right" w:pos="{self.room}"/></w:tabs>'


def write_table(form: FormLayout, builder: DocxBuilder, width: int, *, noted: bool) -> str:
    """Return a form over `width` twips, with the line of 1 pt that parts it from one below.

    Its last row stays with what follows if that are notes on it (`noted`).
    """
    edges = _edges(form.widths, width)
    columns = [f'<w:gridCol w:w="{right - left}"/>' for left, right in pairwise(edges)]
    grid = f"<w:tblGrid>{''.join(columns)}</w:tblGrid>"
    kept = form.kept_rows()
    if noted:
        kept.add(len(form.heights) - 1)
    parts = list(form.parts())
    for part in parts[1:]:
        if not form.is_tall(part.first - 1):
            kept.add(part.first - 1)
    tables: list[str] = []
    for part in parts:
        rows = _rows(form, part, kept, edges, builder)
        tables.append(f"<w:tbl>{_properties(part, builder, width)}{grid}{rows}</w:tbl>")
    joint = builder.paragraph(Style.GAP, properties=_JOINT)
    title = _title(form.tables[0], builder)
    return f"{title}{joint.join(tables)}{builder.paragraph(Style.GAP)}"


def _rows(
    form: FormLayout, part: FormPart, kept: set[int], edges: list[int], builder: DocxBuilder
) -> str:
    """Return the rows of a part of a form; those `kept` stay on the page of the next one."""
    rows: list[str] = []
    repeated = True
    small = form.is_small
    all_cells = _cells_by_row(form, part)
    for number, (row, row_cells) in enumerate(
        zip(part.table.rows, all_cells, strict=True), part.first
    ):
        repeated = repeated and row.head
        tall = form.is_tall(number)
        keep = (_KEEP_WITH_NEXT if number in kept else "") + (_TWO_LINES if tall else "")
        cells = [_cell(each, edges, builder, keep, small=small, tall=tall) for each in row_cells]
        properties = _row_properties(form, number, tall=tall, repeated=repeated)
        rows.append(f"<w:tr>{properties}{''.join(cells)}</w:tr>")
    return "".join(rows)


def _row_properties(form: FormLayout, number: int, *, tall: bool, repeated: bool) -> str:
    """Return the properties of a row: whether it stays whole and repeats, its least height."""
    whole = "" if tall else "<w:cantSplit/>"
    least = form.least.get(number)
    height = f'<w:trHeight w:val="{round(least * POINT)}" w:hRule="atLeast"/>' if least else ""
    header = "<w:tblHeader/>" if repeated else ""
    properties = whole + height + header
    return f"<w:trPr>{properties}</w:trPr>" if properties else ""


def _title(table: Table, builder: DocxBuilder) -> str:
    """Return the caption as a line above `table` where it is shown."""
    if not table.show_caption:
        return ""
    return builder.paragraph(Style.CAPTION, builder.runs((Text(table.caption),)))


def _properties(part: FormPart, builder: DocxBuilder, width: int) -> str:
    """Return the properties of a table; its caption is the text for those who cannot see it."""
    caption = attribute(part.table.caption)
    return (
        f'<w:tblPr><w:tblStyle w:val="{builder.styles[Style.TABLE]}"/>'
        f'<w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/>'
        f"{_look(part)}<w:tblCaption w:val={caption}/></w:tblPr>"
    )


def _look(part: FormPart) -> str:
    """Return which parts of a table are headers: its first row, its first column.

    Word, and who reads a table aloud, take them for headers of columns and of rows.
    """
    first_row = int(bool(part.table.rows) and part.table.rows[0].head)
    first_column = int(_has_header_column(part))
    value = 0x20 * first_row + 0x80 * first_column
    return (
        f'<w:tblLook w:val="{value:04X}" w:firstRow="{first_row}" w:lastRow="0"'
        f' w:firstColumn="{first_column}" w:lastColumn="0" w:noHBand="0" w:noVBand="0"/>'
    )


def _has_header_column(part: FormPart) -> bool:
    """Return whether what stands in the first column below the head are headers of rows."""
    heads: set[str] = set()
    for placed in part.placed:
        below_head = placed.column == 0 and not part.table.rows[placed.row].head
        if below_head and any(plain(line).strip() for line in placed.cell.lines):
            heads.add(placed.cell.header)
    return heads == {"row"}


def _edges(widths: Sequence[float], width: int) -> list[int]:
    """Return the places of the column borders, in twips from the left; the last is `width`."""
    whole = sum(widths)
    return [round(width * part / whole) for part in accumulate(widths, initial=0.0)]


def _cells_by_row(form: FormLayout, part: FormPart) -> list[list[_RowCell]]:
    """Return the cells of each row of a part; Word repeats a cell in every row that it spans."""
    rows: list[list[_RowCell]] = [[] for _ in part.table.rows]
    at_joint = _row_at_joint(form, part)
    for placed in part.placed:
        first, count = placed.row, placed.cell.rowspan
        breaks = count > 1 and form.is_tall(part.first + first, count)
        for row in range(first, first + count):
            cell = _RowCell(placed.column, row == first, breaks, row == at_joint, placed.cell)
            rows[row].append(cell)
    for cells in rows:
        cells.sort(key=attrgetter("column"))
    return rows


def _row_at_joint(form: FormLayout, part: FormPart) -> int | None:
    """Return which row of a part has the next part below it on its page, if one has."""
    last = len(part.table.rows) - 1
    number = part.first + last
    ends_form = number == len(form.heights) - 1
    return None if ends_form or form.is_tall(number) else last


def _cell(
    row_cell: _RowCell,
    edges: list[int],
    builder: DocxBuilder,
    keep: str,
    *,
    small: bool,
    tall: bool,
) -> str:
    """Return a cell, or its continuation in a row below the one where it begins.

    What may break stands at the top, in a row that is `tall` all of it.
    """
    column, cell = row_cell.column, row_cell.cell
    width = edges[column + cell.colspan] - edges[column]
    style, size = _style(cell, small=small)
    if row_cell.begins:
        layout = _CellLayout(keep, width - _TWIPS_AT_SIDES, size, _layout(cell, width, size))
        content = _content(cell, builder, style, layout)
        if cell.picture is not None:
            shown = _shown(cell, cell.picture, builder, width, keep)
            content = content + shown if any(cell.lines) else shown
    else:
        content = builder.paragraph(style, properties=keep)
    side = "top" if tall or row_cell.breaks else _PLACES[cell.place]
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{_spans(row_cell)}'
        f'{_OPEN_BELOW if row_cell.open else ""}<w:vAlign w:val="{side}"/></w:tcPr>{content}</w:tc>'
    )


def _content(cell: Cell, builder: DocxBuilder, style: Style, layout: _CellLayout) -> str:
    """Return the lines of a cell, one paragraph at least; a tab leads to the right end."""
    look = _look_of(cell)
    lines = cell.lines or ((),)
    if cell.header == "col":
        lines = tuple([_with_unit_below(line, layout) for line in lines])
    content = ""
    for line in lines:
        runs = builder.runs(line, look)
        tabs = layout.tabs if "<w:tab/>" in runs else ""
        content += builder.paragraph(style, runs, layout.keep + tabs + layout.lines)
    return content


def _with_unit_below(line: Inlines, layout: _CellLayout) -> Inlines:
    """Return a line of a head; one too long for it has its unit in brackets on a line below."""
    if len(line) != 1 or not isinstance(line[0], Text):
        return line
    text = line[0].text
    unit = UNIT_AT_END.search(text)
    if unit is None or width_of(text) * layout.size <= layout.room:
        return line
    return (Text(f"{text[: unit.start()]}\n{unit[0]}"),)


def _shown(cell: Cell, picture: Picture, builder: DocxBuilder, width: int, keep: str) -> str:
    """Return the picture of a cell `width` twips wide on a line as high as it is."""
    image = cell_picture(picture.fitted(max(1, width - _TWIPS_AT_SIDES) / _TWIPS), builder)
    align = "center" if cell.vertical else cell.align
    line = f'<w:spacing w:line="240" w:lineRule="auto"/><w:jc w:val="{align}"/>'
    return builder.paragraph(Style.CELL, image, keep + line)


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
        side = max(0, (width - _TWIPS_AT_SIDES - size * 13 // 10) // 2)
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
