from __future__ import annotations

from reportgen.model.document import Annex, Cell, Heading, Paragraph, Row, Table, Text
from reportgen.write.form_layout import LANDSCAPE, PORTRAIT, FormLayout
from reportgen.write.turned_pages import lay_out_annex, lay_out_body

FIGURE = "1234567.89万元"


def table(*cells):
    return Table("form", "表", (1,) * len(cells), (Row(cells),))


def cell(text):
    return Cell(((Text(text),),))


def line(text, role="body"):
    return Paragraph((Text(text),), role)


WIDE = table(*[cell(FIGURE)] * 7)


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
    narrow = Annex("附件1", (), (table(cell(FIGURE)),), "a")
    assert not lay_out_annex(narrow, PORTRAIT, LANDSCAPE).landscape
