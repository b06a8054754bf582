"""Strategies shared by tests: texts that look like markup, and tables with any valid spans."""

from __future__ import annotations

from hypothesis import strategies as st

from reportgen.model.document import Cell, Row, Table, Text, Value

MARKUP = (
    "& < > \" ' &amp; &#60; <b>x</b> </w:t> ]]> <!-- <?reportgen body?> * _ **a** # | { } {{ x }} "
    "{% raw %} {# c #} {_{ }_} {_% %_} $x$ @ #eval \\ ` ~ “” ‘’ —— … ％ １ × ≥ 𠮷 😀 \u200f\u202e é"
).split(" ")


def literal_texts(min_size: int = 1, max_size: int = 12) -> st.SearchStrategy[str]:
    """Return texts that every format can hold: no control characters, no half of a pair."""
    letters = st.characters(exclude_categories=("Cs", "Cc", "Cn"))
    anything = st.text(letters, min_size=min_size, max_size=max_size)
    return st.one_of(anything, st.sampled_from(MARKUP), st.tuples(anything, anything).map("&".join))


@st.composite
def tables(draw: st.DrawFn, max_rows: int = 5, max_columns: int = 5) -> Table:
    """Draw a table whose cells, of any spans, fill its grid; no cell leaves its head rows."""
    height = draw(st.integers(1, max_rows))
    width = draw(st.integers(1, max_columns))
    taken: set[tuple[int, int]] = set()
    lanes: list[list[Cell]] = [[] for _ in range(height)]
    crossed: set[int] = set()
    for row in range(height):
        for column in range(width):
            if (row, column) in taken:
                continue
            free = next((c for c in range(column, width) if (row, c) in taken), width) - column
            cell = draw(cells(free, height - row))
            taken |= {
                (row + i, column + j) for i in range(cell.rowspan) for j in range(cell.colspan)
            }
            crossed |= set(range(row + 1, row + cell.rowspan))
            lanes[row].append(cell)
    heads = draw(st.sampled_from([n for n in range(height + 1) if n not in crossed]))
    heights = [draw(st.sampled_from((0, 0, 15))) for _ in lanes]
    rows = tuple(Row(tuple(lane), n < heads, heights[n]) for n, lane in enumerate(lanes))
    widths = tuple(draw(st.integers(1, 9)) for _ in range(width))
    return Table("form", draw(literal_texts()), widths, rows)


@st.composite
def cells(draw: st.DrawFn, max_colspan: int = 1, max_rowspan: int = 1) -> Cell:
    """Draw a cell of lines of text and figures, set in any way."""
    inline = st.one_of(
        literal_texts().map(Text), literal_texts().map(lambda text: Value(text, "0", "key"))
    )
    return Cell(
        lines=tuple(draw(st.lists(st.tuples(inline, inline), max_size=2))),
        colspan=draw(st.integers(1, max_colspan)),
        rowspan=draw(st.integers(1, max_rowspan)),
        header=draw(st.sampled_from(("", "col", "row"))),
        align=draw(st.sampled_from(("left", "center", "right"))),
        vertical=draw(st.booleans()),
        indent=draw(st.integers(0, 2)),
        place=draw(st.sampled_from(("top", "middle", "bottom"))),
        underline=draw(st.booleans()),
        small=draw(st.booleans()),
    )
