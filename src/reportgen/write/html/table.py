"""Tables as HTML: boxes that scroll, captions, widths, row groups, scopes of header cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, pairwise
from typing import Literal

from reportgen.model.document import (
    Align,
    Cell,
    Inlines,
    Row,
    Table,
    Text,
    Value,
    plain,
)
from reportgen.model.grid import GridError, PlacedCell, place_cells, rows_with, tied_rows
from reportgen.write.html.text import LONGEST_WHOLE, HtmlBuilder, picture_markup

HeaderScope = Literal["", "col", "row"]
_Look = tuple[Align, Literal["top", "middle", "bottom"], bool, bool]
"""How a text stands in its cell: align, place, underline, small."""
_Shape = tuple[HeaderScope, int, int, _Look, int, bool, bool, bool]
"""What the tags of a cell depend on: header, colspan, rowspan, look, indent, vertical, whether
it stays in view, whether it holds a text that needs some width."""
_RowStart = tuple[str, int]
"""The start tag of a row, and the number of its cell that stays in view, -1 for none."""
_PHONE_COLUMNS, _PHONE_WIDTH = 5, 18
"""A table with more columns, or wider figures (em), cannot shrink to the width of a phone: it
scrolls in its box."""
_DIGIT_WIDTH, _CELL_SIDES = 0.55, 0.8
"""The width of a digit and of the sides of a cell, in em."""
_WIDEST_LABELS = 0.4
"""The share of a table's width up to which its column of labels stays in view beside the rest."""
_THIRD_OF_PAGE, _SMALL = 12, 12
"""Of a printed page, about: the lines of a form on a third of it, and the rows of a form that stays
on one."""
_PRINTED_LINE, _PRINTED_LINE_OF_WIDE = 35, 41
"""The characters on a line of a printed page, of a form and of a wide one."""
_TEXT, _SHORT_HEAD, _LOOKED_AT = 9, 5, 100
"""The most characters of a line that is no text, and of one of a column header that stays whole
(2022年); the rows of a group that are asked for texts."""


def add_tables(builder: HtmlBuilder, tables: Sequence[Table]) -> None:
    """Add tables that are joined to each other, in one box; those that stand aside are folded."""
    if not tables[0].aside:
        _add_box(builder, tables)
        return
    builder.add('<details class="aside"><summary>%s</summary>\n', tables[0].caption)
    _add_box(builder, tables)
    builder.add("</details>\n")


def _add_box(builder: HtmlBuilder, tables: Sequence[Table]) -> None:
    """Add the box of tables that are joined to each other.

    One that may scroll is a region that the keyboard can reach; the caption of its first table
    names it.
    """
    placed = list(map(_without_unused_lines, tables))
    tables = [table for table, _ in placed]
    columns = max(len(table.widths) for table in tables)
    wide = columns > _PHONE_COLUMNS or any(map(_is_wide, tables))
    label = builder.new_id() if wide else ""
    _open_box(builder, tables, columns, label)
    for table, placed_cells in placed:
        labels = _labels(table, placed_cells) if wide else None
        _add_table(builder, table, label, labels, placed_cells)
        label = ""
    builder.add("</div>\n")


def _open_box(builder: HtmlBuilder, tables: Sequence[Table], columns: int, label: str) -> None:
    """Add the start of a box; one with a `label` may scroll."""
    span = tables[0].span._replace(end_line=tables[-1].span.end_line)
    kept = " kept" if _is_small(tables) else ""
    if label:
        start = (
            f'<div class="form wide{kept}" style="--columns: %s" role="region"'
            ' aria-labelledby="%s" tabindex="0"'
        )
        builder.add_start_tag(start, span, str(columns), label)
    else:
        builder.add_start_tag(f'<div class="form{kept}"', span)
    builder.add("\n")


def _is_small(tables: Sequence[Table]) -> bool:
    """Return whether a form stays on one page in print: few rows, signed or without long texts."""
    if sum(len(table.rows) for table in tables) > _SMALL:
        return False
    if any(table.signatures for table in tables):
        return True
    rows = chain.from_iterable(table.rows for table in tables)
    return not any(map(_is_long, chain.from_iterable(row.cells for row in rows)))


def _is_wide(table: Table) -> bool:
    """Return whether the figures of a row, none of them broken, have no room on a phone."""
    sides = len(table.widths) * _CELL_SIDES
    longest = max(map(_figures_width, table.rows), default=0)
    return longest * _DIGIT_WIDTH + sides > _PHONE_WIDTH


def _figures_width(row: Row) -> int:
    """Return how many characters the cells of a row take that hold one figure and no more."""
    return sum(map(_figure_width, row.cells))


def _figure_width(cell: Cell) -> int:
    """Return the characters of the figure that a cell holds, 0 where it holds another thing."""
    if len(cell.lines) != 1 or len(cell.lines[0]) != 1:
        return 0
    inline = cell.lines[0][0]
    return min(len(inline.text), LONGEST_WHOLE) if isinstance(inline, Value) else 0


def _labels(table: Table, placed_cells: Sequence[PlacedCell]) -> Mapping[int, int]:
    """Return by row which cell of it stays in view: the one in the column of the row labels.

    It is the first column with a label, which a number of order may precede, or the first.
    A cell that spans much of the table would leave no room for the rest.
    """
    column = min((placed.column for placed in placed_cells if _is_label(placed.cell)), default=0)
    widest = _WIDEST_LABELS * sum(table.widths)
    labels: dict[int, int] = {}
    number, row = 0, -1
    for placed in placed_cells:
        number = 0 if placed.row != row else number + 1
        row = placed.row
        if placed.column == column:
            spanned = table.widths[column : column + placed.cell.colspan]
            if sum(spanned) <= widest:
                labels[row] = number
    return labels


def _is_label(cell: Cell) -> bool:
    return cell.header == "row" and cell.colspan == 1 and bool(cell.heads)


def _add_table(
    builder: HtmlBuilder,
    table: Table,
    label: str,
    labels: Mapping[int, int] | None,
    placed_cells: Sequence[PlacedCell],
) -> None:
    """Add one table; `label` is the id of its caption, if something refers to it.

    Of a table that may scroll `labels` are the cells that stay in view.
    """
    unseen = "" if table.show_caption else ' class="unseen"'
    if label:
        builder.add(f'<table>\n<caption><span id="%s"{unseen}>%s', label, table.caption)
    else:
        builder.add(f"<table>\n<caption><span{unseen}>%s", table.caption)
    builder.add("</span></caption>\n<colgroup>")
    whole = sum(table.widths)
    for width in table.widths:
        builder.add('<col style="width: %s">', f"{width / whole:.2%}")
    builder.add("</colgroup>\n")
    wide = labels is not None
    tall = _tall_rows(table, placed_cells, _PRINTED_LINE_OF_WIDE if wide else _PRINTED_LINE)
    first = 0
    for tag, rows in _row_groups(table.rows):
        builder.add(f"<{tag}>\n")
        starts: list[_RowStart] = []
        for number, row in enumerate(rows, first):
            tag_of_row = _row_tag(row, is_tall=number in tall)
            starts.append((tag_of_row, labels.get(number, -1) if labels else -1))
        _add_rows(builder, rows, _CellTags(len(table.widths), len(rows)), starts, wide=wide)
        builder.add(f"</{tag}>\n")
        first += len(rows)
    builder.add("</table>\n")


def _without_unused_lines(table: Table) -> tuple[Table, Sequence[PlacedCell]]:
    """Return `table` without the rows and columns in which no cell begins, and its cells placed.

    HTML forbids such lines: each goes to the one before it (HTML, 4.9.12, "table model errors").
    A table that does not fill its grid stays as it is, none placed: a page can show it.
    """
    try:
        placed_cells = place_cells(table)
    except GridError:
        return table, ()
    rows = sorted({placed.row for placed in placed_cells})
    columns = sorted({placed.column for placed in placed_cells})
    if len(rows) == len(table.rows) and len(columns) == len(table.widths):
        return table, placed_cells
    narrow = _narrowed(table, placed_cells, rows, columns)
    return narrow, place_cells(narrow)


def _narrowed(
    table: Table, placed_cells: Sequence[PlacedCell], rows: list[int], columns: list[int]
) -> Table:
    """Return `table` with none but these rows and columns."""
    narrowed: list[PlacedCell] = []
    for placed in placed_cells:
        rowspan = _count(rows, placed.row, placed.cell.rowspan)
        colspan = _count(columns, placed.column, placed.cell.colspan)
        cell = replace(placed.cell, rowspan=rowspan, colspan=colspan)
        narrowed.append(replace(placed, cell=cell))
    widths = [sum(table.widths[a:b]) for a, b in pairwise([*columns, len(table.widths)])]
    kept = [row for row in rows_with(table, narrowed) if row.cells]
    return replace(table, rows=tuple(kept), widths=tuple(widths))


def _count(kept: Sequence[int], start: int, span: int) -> int:
    """Return how many of the `kept` rows or columns stand in the `span` of a cell."""
    return sum(1 for line in kept if start <= line < start + span)


def _tall_rows(table: Table, placed_cells: Sequence[PlacedCell], line: int) -> set[int]:
    """Return the numbers of rows that fill over a third of a printed page, by an estimate.

    A printed `line` of the table has so many characters.
    """
    tall: set[int] = set()
    whole = sum(table.widths)
    for placed in placed_cells:
        cell = placed.cell
        if not _is_long(cell):  # most are not, and a table may have thousands
            continue
        share = sum(table.widths[placed.column : placed.column + cell.colspan]) / whole
        if _printed_lines(cell, int(share * line)) > _THIRD_OF_PAGE * cell.rowspan:
            tall.add(placed.row)
    return tall


def _printed_lines(cell: Cell, line_width: int) -> int:
    """Return how many lines a cell fills whose lines hold so many characters, about."""
    lines = len(cell.lines)
    for line in cell.lines:
        lines += len(plain(line)) // max(1, line_width)
    return lines


def _is_long(cell: Cell) -> bool:
    """Return whether a cell has many lines, or a long text in one."""
    for line in cell.lines:
        for inline in line:
            if isinstance(inline, Text) and len(inline.text) > _THIRD_OF_PAGE:
                return True
    return len(cell.lines) > _THIRD_OF_PAGE


def _add_rows(
    builder: HtmlBuilder,
    rows: list[Row],
    tags: _CellTags,
    starts: Sequence[_RowStart],
    *,
    wide: bool,
) -> None:
    """Add the rows of one row group as they start; texts of a `wide` table widen their columns."""
    for at, (row, (start_tag, label)) in enumerate(zip(rows, starts, strict=True)):
        looks = wide and at < _LOOKED_AT
        builder.add(start_tag)
        for number, cell in enumerate(row.cells):
            look = cell.align, cell.place, cell.underline, cell.small
            start, end = tags[
                cell.heads,
                cell.colspan,
                cell.rowspan,
                look,
                cell.indent,
                cell.vertical,
                number == label,
                looks and cell.colspan == 1 and _is_text(cell),
            ]
            builder.add(start)
            _add_lines(builder, cell)
            if cell.picture is not None:
                builder.add(picture_markup(cell.picture), cell.picture.alt)
            builder.add(end)
        builder.add("</tr>\n")


def _is_text(cell: Cell) -> bool:
    """Return whether a line of a cell is a text of some length."""
    for line in cell.lines:
        if len(line) == 1 and isinstance(line[0], Text | Value):
            length = len(line[0].text)
        else:
            length = len(plain(line))
        if length > _TEXT:
            return True
    return False


def _row_tag(row: Row, *, is_tall: bool) -> str:
    """Return the start tag of a row."""
    kind = ' class="tall"' if is_tall else ""
    height = f' style="height: {row.height}mm"' if row.height else ""
    return f"<tr{kind}{height}>"


def _add_lines(builder: HtmlBuilder, cell: Cell) -> None:
    """Add the lines of a cell: one as it is, several as paragraphs, short ones of a head whole."""
    if len(cell.lines) == 1:
        builder.add_inlines(cell.lines[0])
        return
    for line in cell.lines:
        builder.add('<p class="whole">' if _is_short_head(cell, line) else "<p>")
        builder.add_inlines(line)
        builder.add("</p>")


def _is_short_head(cell: Cell, line: Inlines) -> bool:
    return cell.header == "col" and len(plain(line)) <= _SHORT_HEAD


def _row_groups(rows: tuple[Row, ...]) -> Iterator[tuple[str, list[Row]]]:
    """Yield the head of a table, then its bodies.

    HTML cuts a span off at the end of its row group, so rows that a span ties together stand
    in one group. Rows that nothing ties share a body.
    """
    tag = "thead"
    group: list[Row] = []
    group_is_tied = False
    for block in tied_rows(rows):
        is_tied = len(block) > 1
        if tag == "thead" and not all(row.head for row in block):
            if group:
                yield tag, group
                group = []
            tag = "tbody"
        elif tag == "tbody" and (group_is_tied or is_tied):
            yield tag, group
            group = []
        group_is_tied = is_tied
        group += block
    if group:
        yield tag, group


_USUAL_LOOK: _Look = ("left", "middle", False, False)


def _classes(look: _Look, *, stays: bool, text: bool) -> str:
    """Return the classes of a cell: how its text stands, if not as usual, and what it needs."""
    align, place, underline, small = look
    words: list[str] = [word for word in (align, place) if word not in _USUAL_LOOK]
    words += ["underline"] * underline + ["small"] * small
    words += ["stays"] * stays + ["text"] * text
    return " ".join(words)


class _CellTags(dict[_Shape, tuple[str, str]]):
    """The start and end tags of the cells of one row group, by what they depend on.

    A header cell heads the columns or rows that it spans; only one that spans the whole
    table or row group is the head of that group.
    """

    def __init__(self, columns: int, rows: int) -> None:
        super().__init__()
        self._columns = columns
        self._rows = rows

    def __missing__(self, shape: _Shape) -> tuple[str, str]:
        header, _, _, _, _, vertical, *_ = shape
        tag = "th" if header else "td"
        start = " ".join([f"<{tag}", *self._attributes(shape)]) + ">"
        end = f"</{tag}>"
        if vertical:
            start, end = f'{start}<div class="vertical">', f"</div>{end}"
        self[shape] = start, end
        return self[shape]

    def _attributes(self, shape: _Shape) -> Iterator[str]:
        header, colspan, rowspan, look, indent, _, stays, text = shape
        if header:
            yield f'scope="{self._scope(header, colspan, rowspan)}"'
        if colspan > 1:
            yield f'colspan="{colspan}"'
        if rowspan > 1:
            yield f'rowspan="{rowspan}"'
        classes = _classes(look, stays=stays, text=text)
        if classes:
            yield f'class="{classes}"'
        if indent:
            yield f'style="--indent: {indent}"'

    def _scope(self, header: HeaderScope, colspan: int, rowspan: int) -> str:
        if header == "col":
            span, whole = colspan, self._columns
        else:
            span, whole = rowspan, self._rows
        return f"{header}group" if span == whole > 1 else header
