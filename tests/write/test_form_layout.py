from __future__ import annotations

from reportgen.model.document import Cell, Paragraph, Row, Table, Text
from reportgen.write.form_layout import PORTRAIT, lay_out

FIGURE = "1234567.89万元"


def cell(text, **properties):
    return Cell(((Text(text),),), **properties)


def table(*rows, **properties):
    widths = properties.pop("widths", (1,) * len(rows[0]))
    return Table("form", "表", widths, tuple(Row(tuple(row)) for row in rows), **properties)


def line(text, role="body"):
    return Paragraph((Text(text),), role)


def test_row_is_as_high_as_its_longest_cell():
    made = lay_out((table([cell("国" * 35), cell("x")], [cell("1"), cell("2")]),), PORTRAIT)
    assert made.heights == [2 * 18 + 5.5, 18 + 5.5]


def test_crowded_form_is_set_in_the_small_size():
    assert lay_out((table([cell("x")] * 6),), PORTRAIT).is_small
    assert not lay_out((table([cell("x")] * 5),), PORTRAIT).is_small


def test_form_of_half_a_page_stays_whole():
    rows = [[cell("x")]] * 13
    assert lay_out((table(*rows),), PORTRAIT).is_whole
    assert not lay_out((table(*rows, [cell("x")]),), PORTRAIT).is_whole


def test_what_a_label_is_higher_is_spread_over_its_rows():
    made = lay_out((table([cell("国" * 22 * 4, rowspan=2), cell("1")], [cell("2")]),), PORTRAIT)
    assert made.heights[0] == made.heights[1] > 30
    assert made.least == {0: made.heights[0], 1: made.heights[1]}


def test_label_that_makes_its_rows_too_tall_lets_them_break():
    made = lay_out((table([cell("国" * 17 * 40, rowspan=2), cell("1")], [cell("2")]),), PORTRAIT)
    assert made.least == {}
    assert made.is_tall(0)


def test_rows_beside_a_label_stay_with_it():
    label = Cell(((Text("国"),),) * 4, rowspan=20, header="row")
    rows = [[label, cell("1")], *[[cell("1")]] * 19]
    made = lay_out((table(*rows, widths=(1, 9)),), PORTRAIT)
    assert made.label_lines == {0: 4}
    assert made.label_height(0) == 4 * 18 + 5.5
    assert {0, 1, 2} < made.kept_rows()
    assert 3 not in made.kept_rows()


def test_same_form_is_laid_out_the_same_each_time():
    form = table([cell("国" * 50), cell(FIGURE), cell("x")], widths=(3, 2, 9))
    assert lay_out((form,), PORTRAIT) == lay_out((form,), PORTRAIT)
