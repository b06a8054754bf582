from __future__ import annotations

from reportgen.model.document import Annex, Cell, Heading, Paragraph, Row, Table, Text
from reportgen.write.form_layout import (
    LANDSCAPE,
    PORTRAIT,
    FormLayout,
    lay_out,
    lay_out_annex,
    lay_out_body,
)

FIGURE = "1234567.89万元"


def cell(text, **properties):
    return Cell(((Text(text),),), **properties)


def table(*rows, **properties):
    widths = properties.pop("widths", (1,) * len(rows[0]))
    return Table("form", "表", widths, tuple(Row(tuple(row)) for row in rows), **properties)


def line(text, role="body"):
    return Paragraph((Text(text),), role)


WIDE = table([cell(FIGURE)] * 7)


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


def test_same_form_is_laid_out_the_same_each_time():
    form = table([cell("国" * 50), cell(FIGURE), cell("x")], widths=(3, 2, 9))
    assert lay_out((form,), PORTRAIT) == lay_out((form,), PORTRAIT)


def test_wide_form_turns_its_pages_with_what_belongs_to_it():
    heading = Heading(1, "一、", (Text("支出"),), "a")
    blocks = [
        line("前"),
        heading,
        line("单位：万元", "right"),
        WIDE,
        line("注", "note"),
        line("后"),
    ]
    upright, turned, upright_again = lay_out_body(blocks, PORTRAIT, LANDSCAPE)
    assert [upright.landscape, turned.landscape, upright_again.landscape] == [False, True, False]
    assert list(upright.pieces) == [line("前")]
    assert [type(each) for each in turned.pieces] == [Heading, Paragraph, FormLayout, Paragraph]
    assert list(upright_again.pieces) == [line("后")]
    form = turned.pieces[2]
    assert not form.is_cut
    assert sum(form.widths) * form.face.size > PORTRAIT.width


def test_wide_form_turns_its_annex():
    annex = Annex("附件1", (), (WIDE,), "a")
    assert lay_out_annex(annex, PORTRAIT, LANDSCAPE).landscape
    narrow = Annex("附件1", (), (table([cell(FIGURE)]),), "a")
    assert not lay_out_annex(narrow, PORTRAIT, LANDSCAPE).landscape
