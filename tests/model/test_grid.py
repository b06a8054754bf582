from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.model.document import Cell, Row, Table
from reportgen.model.grid import GridError, PlacedCell, by_form, join, place_cells, rows_with


def table(width: int, *rows: list[tuple[int, int]]) -> Table:
    """Return a table of `width` columns with cells given as (colspan, rowspan)."""
    return Table(
        name="",
        caption="",
        widths=(1,) * width,
        rows=tuple(
            Row(tuple(Cell((), colspan=across, rowspan=down) for across, down in row))
            for row in rows
        ),
    )


def placed_or_reason(tried: Table) -> tuple[PlacedCell, ...] | str:
    try:
        return place_cells(tried)
    except GridError as error:
        return error.reason


@st.composite
def tilings(draw: st.DrawFn) -> tuple[Table, list[tuple[int, int]]]:
    """Return a table whose spans fill its grid, and where each cell must stand."""
    height, width = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    taken: set[tuple[int, int]] = set()
    rows: list[list[tuple[int, int]]] = []
    corners = []
    for r in range(height):
        rows.append([])
        for c in range(width):
            if (r, c) in taken:
                continue
            free = next((i for i in range(c, width) if (r, i) in taken), width) - c
            across, down = draw(st.integers(1, free)), draw(st.integers(1, height - r))
            taken |= {(r + i, c + j) for i in range(down) for j in range(across)}
            rows[-1].append((across, down))
            corners.append((r, c))
    return table(width, *rows), corners


@given(tilings())
def test_spans_that_fill_the_grid_are_placed_exactly_once(tiling):
    filled, corners = tiling
    placed = place_cells(filled)
    assert [(p.row, p.column) for p in placed] == corners
    assert [p.cell for p in placed] == [cell for row in filled.rows for cell in row.cells]
    covered = [
        (p.row + i, p.column + j)
        for p in placed
        for i in range(p.cell.rowspan)
        for j in range(p.cell.colspan)
    ]
    wanted = [(r, c) for r in range(len(filled.rows)) for c in range(len(filled.widths))]
    assert sorted(covered) == wanted


@pytest.mark.parametrize(
    ("reason", "at", "wrong"),
    [
        ("hole", (0, 1), table(2, [(1, 1)])),
        ("hole", (1, 1), table(2, [(1, 2), (1, 1)], [])),
        ("hole", (1, 0), table(1, [(1, 1)], [])),
        ("overflow", (0, 1), table(2, [(1, 1), (2, 1)])),
        ("overflow", (0, 2), table(2, [(1, 1), (1, 1), (1, 1)])),
        ("overflow", (1, 2), table(2, [(1, 2), (1, 1)], [(1, 1), (1, 1)])),
        ("overflow", (0, 0), table(0, [(1, 1)])),
        ("overflow", (0, 0), table(2, [(10**12, 10**12)])),
        ("rowspan", (0, 0), table(1, [(1, 2)])),
        ("rowspan", (1, 1), table(2, [(1, 1), (1, 1)], [(1, 1), (1, 10**12)])),
        ("overlap", (1, 0), table(2, [(1, 1), (1, 2)], [(2, 1)])),
        ("overlap", (1, 0), table(3, [(1, 1), (1, 2), (1, 1)], [(2, 1), (1, 1)])),
        ("span", (0, 0), table(1, [(0, 1), (1, 1)])),
        ("span", (0, 1), table(2, [(1, 1), (1, 0)])),
        ("span", (0, 0), table(1, [(-1, -1)])),
    ],
)
def test_spans_that_do_not_fill_the_grid_are_refused_where_it_shows(reason, at, wrong):
    with pytest.raises(GridError) as caught:
        place_cells(wrong)
    assert (caught.value.reason, caught.value.row, caught.value.column) == (reason, *at)


@given(
    st.integers(0, 4),
    st.lists(st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 4)), max_size=4), max_size=4),
)
def test_any_spans_are_placed_exactly_once_or_refused(width, rows):
    placed = placed_or_reason(table(width, *rows))
    if isinstance(placed, str):
        assert placed in {"span", "overflow", "rowspan", "overlap", "hole"}
    else:
        assert sum(p.cell.colspan * p.cell.rowspan for p in placed) == width * len(rows)


def test_cell_below_a_row_span_stands_beside_it():
    assert [(p.row, p.column) for p in place_cells(table(2, [(1, 2), (1, 1)], [(1, 1)]))] == [
        (0, 0),
        (0, 1),
        (1, 1),
    ]


def test_row_may_consist_of_spans_from_above_only():
    assert place_cells(table(1, [(1, 2)], [])) == (PlacedCell(0, 0, Cell((), rowspan=2)),)


def test_table_without_rows_has_no_cells():
    assert place_cells(table(3)) == ()


@given(tilings())
def test_rows_with_its_own_cells_are_those_of_the_table(tiling):
    tiled, _ = tiling
    assert rows_with(tiled, place_cells(tiled)) == tiled.rows


def test_a_row_without_cells_is_left_empty():
    of = table(2, [(1, 1), (1, 1)], [(2, 1)])
    first, *_ = place_cells(of)
    assert [len(row.cells) for row in rows_with(of, [first])] == [1, 0]


def of_widths(*widths: int, **more: bool) -> Table:
    return Table("", "表", widths, (Row((Cell(()),) * len(widths)),), **more)


def test_borders_of_joined_tables_are_those_of_all_and_near_ones_are_one():
    form = join((of_widths(11, 19, 70), of_widths(12, 40, 48)))
    assert form.borders == ((0, 1, 2, 4), (0, 1, 3, 4))
    assert form.table.widths == (1150, 1850, 2200, 4800)
    assert [[cell.colspan for cell in row.cells] for row in form.table.rows] == [
        [1, 1, 2],
        [1, 2, 1],
    ]


def test_borders_of_one_table_are_never_one():
    form = join((of_widths(1, 1, 98), of_widths(1, 99)))
    assert form.borders == ((0, 1, 2, 3), (0, 1, 3))


@given(st.lists(st.lists(st.integers(1, 99), min_size=1, max_size=7), min_size=1, max_size=4))
def test_every_joined_table_fills_the_grid_of_its_form(widths: list[list[int]]):
    tables = [of_widths(*each) for each in widths]
    form = join(tables)
    placed = place_cells(form.table)
    for row, borders in enumerate(form.borders):
        assert borders[0] == 0
        assert borders[-1] == len(form.table.widths)
        assert list(borders) == sorted(set(borders))
        assert [each.column for each in placed if each.row == row] == list(borders[:-1])


def test_form_is_a_table_and_those_joined_to_it():
    first, second = of_widths(1), of_widths(1, joined=True)
    captioned = of_widths(1, joined=True, show_caption=True)
    assert [len(group) for group in by_form([first, second, second, captioned, first])] == [3, 1, 1]
