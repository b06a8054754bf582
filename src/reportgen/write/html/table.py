"""Tables as HTML: boxes that scroll, captions, widths, row groups, scopes of header cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from reportgen.model.document import Align, Cell, Row, Table, Text, plain
from reportgen.model.grid import place_cells
from reportgen.write.html.text import Weaver

Header = Literal["", "col", "row"]
_Shape = tuple[Header, int, int, Align, int, bool]
"""What tells the tags of two cells apart: header, colspan, rowspan, align, indent, vertical."""
_PHONE_COLUMNS = 5
"""A table with more columns cannot shrink to the width of a phone: it scrolls in its box."""
_PRINTED_LINE, _HALF_PAGE = 38, 20
"""What a printed page holds of a form, about: characters a line, and lines on half of it."""


def put_tables(weaver: Weaver, tables: Sequence[Table]) -> None:
    """Add tables that are joined to each other, in one box.

    A box that may scroll is a region that the keyboard can reach; the caption of its first
    table names it.
    """
    columns = max(len(table.widths) for table in tables)
    span = replace(tables[0].span, end_line=tables[-1].span.end_line)
    label = ""
    if columns > _PHONE_COLUMNS:
        label = weaver.new_id()
        start = (
            '<div class="form wide" style="--columns: %s" role="region"'
            ' aria-labelledby="%s" tabindex="0"'
        )
        weaver.put_start(start, span, str(columns), label)
    else:
        weaver.put_start('<div class="form"', span)
    weaver.put("\n")
    for table in tables:
        _put_table(weaver, table, label)
        label = ""
    weaver.put("</div>\n")


def _put_table(weaver: Weaver, table: Table, label: str) -> None:
    """Add one table; `label` is the id of its caption, if something refers to it."""
    unseen = "" if table.show_caption else ' class="unseen"'
    if label:
        weaver.put(f'<table>\n<caption><span id="%s"{unseen}>%s', label, table.caption)
    else:
        weaver.put(f"<table>\n<caption><span{unseen}>%s", table.caption)
    weaver.put("</span></caption>\n<colgroup>")
    whole = sum(table.widths)
    for width in table.widths:
        weaver.put('<col style="width: %s">', f"{width / whole:.2%}")
    weaver.put("</colgroup>\n")
    tall = _tall(table)
    for tag, rows in _groups(table.rows):
        weaver.put(f"<{tag}>\n")
        _put_rows(weaver, rows, len(table.widths), tall)
        weaver.put(f"</{tag}>\n")
    weaver.put("</table>\n")


def _tall(table: Table) -> tuple[Row, ...]:
    """Return the rows that fill more than half a printed page, by an estimate."""
    long = [row for row in table.rows if any(map(_is_long, row.cells))]
    if not long:
        return ()
    found: list[Row] = []
    for at in place_cells(table):
        share = sum(table.widths[at.column : at.column + at.cell.colspan]) / sum(table.widths)
        room = max(1, int(share * _PRINTED_LINE))
        lines = sum(1 + len(plain(line)) // room for line in at.cell.lines)
        if lines > _HALF_PAGE * at.cell.rowspan:
            found.append(table.rows[at.row])
    return tuple(found)


def _is_long(cell: Cell) -> bool:
    """Return whether a cell is worth measuring; most are not, and a table may have thousands."""
    return len(cell.lines) > _HALF_PAGE or any(
        len(inline.text) > _HALF_PAGE
        for line in cell.lines
        for inline in line
        if isinstance(inline, Text)
    )


def _put_rows(weaver: Weaver, rows: list[Row], columns: int, tall: tuple[Row, ...]) -> None:
    """Add the rows of one row group of a table of `columns` columns; `tall` ones may break."""
    put, put_inlines = weaver.markup.append, weaver.put_inlines
    tags = _CellTags(columns, len(rows))
    for row in rows:
        put('<tr class="tall">' if row in tall else "<tr>")
        for cell in row.cells:
            start, end = tags[
                _heading(cell), cell.colspan, cell.rowspan, cell.align, cell.indent, cell.vertical
            ]
            put(start)
            if len(cell.lines) == 1:
                put_inlines(cell.lines[0])
            else:
                for line in cell.lines:
                    put("<p>")
                    put_inlines(line)
                    put("</p>")
            put(end)
        put("</tr>\n")


def _heading(cell: Cell) -> Header:
    """Return what `cell` heads: one that says nothing, a blank row label, heads nothing."""
    return cell.header if cell.header and any(plain(line).strip() for line in cell.lines) else ""


def _groups(rows: tuple[Row, ...]) -> Iterator[tuple[str, list[Row]]]:
    """Yield the head of a table, then its bodies.

    HTML cuts a span off at the end of its row group, so rows that a span ties together stand
    in one group. Rows that nothing ties share a body.
    """
    group: list[Row] = []
    tag, tied = "thead", False
    for block in _tied_rows(rows):
        now = "thead" if tag == "thead" and all(row.head for row in block) else "tbody"
        if group and (now != tag or (now == "tbody" and (tied or len(block) > 1))):
            yield tag, group
            group = []
        tag, tied = now, len(block) > 1
        group += block
    if group:
        yield tag, group


def _tied_rows(rows: tuple[Row, ...]) -> Iterator[list[Row]]:
    """Yield rows by runs that no span leaves: a row alone, or all that spans tie together."""
    block: list[Row] = []
    end = 0
    for number, row in enumerate(rows):
        block.append(row)
        for cell in row.cells:
            if cell.rowspan > 1:
                end = max(end, number + cell.rowspan)
        if number + 1 >= end:
            yield block
            block = []
    if block:
        yield block


class _CellTags(dict[_Shape, tuple[str, str]]):
    """The start and end tags of the cells of one row group, by what tells cells apart.

    A header cell heads the columns or rows that it spans; only one that spans the whole
    table or row group is the head of that group.
    """

    def __init__(self, columns: int, rows: int) -> None:
        super().__init__()
        self._columns = columns
        self._rows = rows

    def __missing__(self, shape: _Shape) -> tuple[str, str]:
        header, colspan, rowspan, align, indent, vertical = shape
        attributes = []
        if header:
            span, whole = (colspan, self._columns) if header == "col" else (rowspan, self._rows)
            attributes.append(f'scope="{header}{"group" if span == whole > 1 else ""}"')
        if colspan > 1:
            attributes.append(f'colspan="{colspan}"')
        if rowspan > 1:
            attributes.append(f'rowspan="{rowspan}"')
        if align != "left":
            attributes.append(f'class="{align}"')
        if indent:
            attributes.append(f'style="--indent: {indent}"')
        tag = "th" if header else "td"
        start, end = " ".join([f"<{tag}", *attributes]) + ">", f"</{tag}>"
        if vertical:
            start, end = f'{start}<div class="vertical">', f"</div>{end}"
        self[shape] = start, end
        return self[shape]
