from __future__ import annotations

import contextlib

import pytest
from composing import FUNDS, composed, figure, ledger, pack, text
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.compose.errors import TemplateError
from reportgen.compose.forms import read_form
from reportgen.compose.tokens import Tokens, read_lines
from reportgen.model.document import Break, Cell, Row, Strong, Text, Value
from reportgen.model.source import SourceSpan


def read(html, tokens=None):
    return read_form("f", read_lines(html, "f.html"), tokens or Tokens())


def table(rows, head="<caption>名</caption>"):
    return f"<table>{head}<tbody>{rows}</tbody></table>"


def cell(attributes="", inner="甲", tag="td"):
    """Return the one cell of a table with that cell alone."""
    ((row,),) = (
        [t.rows[0].cells for t in read(table(f"<tr><{tag} {attributes}>{inner}</{tag}></tr>"))],
    )
    return row[0]


def test_table_with_head_widths_and_spans():
    (form,) = read(
        """<table class="joined">
<caption class="shown">名</caption>
<colgroup><col width="46"><col width="18"><col></colgroup>
<thead><tr><th>一</th><th scope="col" colspan="2">二</th></tr></thead>
<tbody>
<tr><th scope="row" rowspan="2">三</th><td>1</td><td>2</td></tr>
<tr><td class="right">3</td><td></td></tr>
</tbody>
</table>"""
    )
    assert (form.name, form.caption, form.widths) == ("f", "名", (46, 18, 1))
    assert (form.show_caption, form.joined) == (True, True)
    head = Row(
        (Cell(((Text("一"),),), header="col"), Cell(((Text("二"),),), colspan=2, header="col")),
        True,
    )
    assert form.rows[0] == head
    assert form.rows[1].cells[0] == Cell(((Text("三"),),), rowspan=2, header="row")
    assert form.rows[2].cells == (Cell(((Text("3"),),), align="right"), Cell(((),)))
    assert [row.head for row in form.rows] == [True, False, False]


def test_tables_of_a_form_are_numbered():
    forms = read(table("<tr><td>1</td></tr>") + "\n" + table("<tr><td>2</td></tr>"))
    assert [form.name for form in forms] == ["f", "f-2"]
    assert [form.widths for form in forms] == [(1,), (1,)]


CELLS = [
    ('class="center"', {"align": "center"}),
    ('class="right vertical"', {"align": "right", "vertical": True}),
    ('class="left indent-3"', {"indent": 3}),
    ('colspan="2" rowspan="3"', {"colspan": 2, "rowspan": 3}),
    ('class="top underline"', {"place": "top", "underline": True}),
    ('class="bottom small center"', {"place": "bottom", "small": True, "align": "center"}),
    ('class="middle"', {}),
    ('class=""', {}),
]


@pytest.mark.parametrize(("attributes", "expected"), CELLS)
def test_cells_stand_as_their_attributes_say(attributes, expected):
    assert cell(attributes) == Cell(((Text("甲"),),), **expected)


def test_bold_cell_is_emphasised_line_by_line():
    lines = cell('class="bold"', inner="甲<br><br>乙").lines
    assert lines == ((Strong((Text("甲"),)),), (), (Strong((Text("乙"),)),))
    assert cell('class="bold"', inner="").lines == ((),)


def test_row_is_at_least_as_high_as_it_says_in_millimetres():
    (form,) = read(table('<tr height="12"><td>甲</td></tr><tr><td>乙</td></tr>'))
    assert [row.height for row in form.rows] == [12, 0]


@pytest.mark.parametrize(
    ("attributes", "header"),
    [("", "col"), ('scope="col"', "col"), ('scope="row"', "row"), ('scope="rowgroup"', "row")],
)
def test_heads_say_what_they_head(attributes, header):
    assert cell(attributes, tag="th").header == header


LINES = [
    ("甲<br>乙", [["甲"], ["乙"]]),
    ("甲<br/>", [["甲"], []]),
    ("  甲\n  乙 \t 丙 ", [["甲乙 丙"]]),
    ("签字： &Tab; 年　月", [["签字：\t年　月"]]),
    ("甲 &amp; &lt;乙&gt; &#65;", [["甲 & <乙> A"]]),
    ("<!-- 注 -->甲", [["甲"]]),
    ("", [[]]),
    (" \n ", [[]]),
]


@pytest.mark.parametrize(("inner", "lines"), LINES)
def test_text_of_a_cell(inner, lines):
    expected = tuple(tuple(Text(text) for text in line) for line in lines)
    assert cell(inner=inner).lines == expected


def test_line_breaks_of_a_value_are_lines_of_the_cell():
    tokens = Tokens()
    token = tokens.of((Text("二"), Break(), Break(), Text("  三")))
    (form,) = read(table(f"<tr><td>一{token}</td></tr>"), tokens)
    assert form.rows[0].cells[0].lines == ((Text("一"), Text("二")), (), (Text("  三"),))


REFUSED = [
    ("<p>甲</p>", "<p>"),
    (table("<tr><td><b>甲</b></td></tr>"), "<b>"),
    (table("<tr><td><table></table></td></tr>"), "<table>"),
    (table("<tr><td><tr></td></tr>"), "<tr>"),
    (table("<td>甲</td>"), "<td>"),
    (table("<tr><br></tr>"), "<br>"),
    (table("<tr><col></tr>"), "<col>"),
    (table("<tr>甲</tr>"), "甲"),
    ("甲" + table("<tr><td>1</td></tr>"), "甲"),
    (table("<tr><td>1</td></tr>") + "乙", "乙"),
    (table("<tr><td>1</td></tr>") + "&am", "&am"),
    (table("<tr><td>1</th></tr>"), "</th>"),
    (table("<tr><td>1</tr>"), "</tr>"),
    (table("<tr><td>1</td></tr></br>"), "</br>"),
    ("</table>", "</table>"),
    (table("<tr><td/></tr>"), "<td/>"),
    ("<table><caption>名</caption><tbody><tr><td>1</td></tr></tbody>", "<table>"),
    ("<table><caption>名</caption><tbody><tr><td>1", "<td>"),
    (table('<tr><td algn="center">1</td></tr>'), '<td algn="center">'),
    (table('<tr><td class="centre">1</td></tr>'), 'class="centre"'),
    (table('<tr><td class="indent-10">1</td></tr>'), 'class="indent-10"'),
    (table('<tr><td scope="row">1</td></tr>'), '<td scope="row">'),
    (table('<tr><th scope="rows">1</th></tr>'), 'scope="rows"'),
    (table('<tr><td colspan="0">1</td></tr>'), 'colspan="0"'),
    (table('<tr><td colspan="-1">1</td></tr>'), 'colspan="-1"'),
    (table('<tr><td colspan="２">1</td></tr>'), 'colspan="２"'),
    (table('<tr><td colspan="1001">1</td></tr>'), 'colspan="1001"'),
    (table("<tr><td colspan>1</td></tr>"), 'colspan=""'),
    (table('<tr><td colspan="2" colspan="3">1</td></tr>'), '<td colspan="3">'),
    (table('<tr class="x"><td>1</td></tr>'), '<tr class="x">'),
    (table('<tr height="12mm"><td>1</td></tr>'), 'height="12mm"'),
    (table('<tr height="0"><td>1</td></tr>'), 'height="0"'),
    (table('<tr height="151"><td>1</td></tr>'), 'height="151"'),
    (table('<tr><td height="12">1</td></tr>'), '<td height="12">'),
    (table('<tr><td class="italic">1</td></tr>'), 'class="italic"'),
    (table('<tr><td class="top-bold">1</td></tr>'), 'class="top-bold"'),
    ('<table id="a"><caption>名</caption></table>', '<table id="a">'),
    ("<!doctype html>" + table("<tr><td>1</td></tr>"), "<!doctype html>"),
    ("<?xml version='1.0'?>" + table("<tr><td>1</td></tr>"), "<?xml version='1.0'?>"),
    (table("<tr><td><![CDATA[x]]></td></tr>"), "<![CDATA[x]>"),
    (table(""), "<table> ∅"),
    (table("<tr></tr>"), "<table> ∅"),
    (table("<tr><td>1</td></tr>", head=""), "<table>, <caption> ∅"),
    (table("<tr><td>1</td></tr>", head="<caption> </caption>"), "<table>, <caption> ∅"),
    ("", "∅"),
    ("<!-- 无 -->", "∅"),
]


@pytest.mark.parametrize(("html", "part"), REFUSED)
def test_whatever_is_no_table_is_refused_and_not_repaired(html, part):
    with pytest.raises(TemplateError) as caught:
        read(html)
    assert (caught.value.code, caught.value.params) == ("T111", {"part": part})


def test_fault_is_placed_at_its_line_of_the_template():
    form = (
        "{# 说明 #}\n"
        "{% macro line(row) %}\n"
        "<tr><td>{{ row.name }}</td></tr>\n"
        "{% endmacro %}\n"
        "<table>\n<caption>名</caption>\n<tbody>\n"
        "{% for row in funds %}\n{{ line(row) }}\n{% endfor %}\n"
        "<tr><td>合计<b></td></tr>\n"
        "</tbody>\n</table>\n"
    )
    path = "templates/p/forms/f.html"
    document, (found,) = composed('{{ form("f") }}', files={path: form})
    assert document is None
    assert (found.code, found.span.path, found.span.line) == ("T111", path, 11)


def test_form_in_a_cell_is_refused():
    inner = table("<tr><td>1</td></tr>")
    files = {
        "templates/p/forms/f.html": table('<tr><td>{{ form("g") }}</td></tr>'),
        "templates/p/forms/g.html": inner,
    }
    _, (found,) = composed('{{ form("f") }}', files=files)
    assert (found.code, found.params, found.span.line) == ("T117", {"form": "g"}, 1)
    assert found.span.path == "templates/p/forms/f.html"


def test_form_knows_what_it_is_given():
    files = {"templates/p/forms/f.html": table("<tr><td>{{ row.name }}{{ x }}</td></tr>")}
    narrative = (
        '{% set x = "款" %}{% for fund in funds %}\n\n{{ form("f", row=fund) }}\n\n{% endfor %}'
    )
    document, findings = composed(narrative, files=files)
    assert findings == ()
    names = [form.rows[0].cells[0].lines for form in document.blocks[1:]]
    assert names == [((Text("修路"), Text("款")),), ((Text("架桥"), Text("款")),)]


def test_figures_in_attributes_are_numbers():
    known = ledger(figure("n", 2, "个"))
    files = {"templates/p/forms/f.html": table('<tr><td colspan="{{ n | number }}">1</td></tr>')}
    document, findings = composed('{{ form("f") }}', known, files=files)
    assert findings == ()
    assert document.blocks[1].rows[0].cells[0].colspan == 2


ATTRIBUTE = ['2" onclick="x', "2' x='", "2 class=shown", "<b>", "２", ""]


@pytest.mark.parametrize("value", ATTRIBUTE)
def test_value_in_an_attribute_stays_inside_it(value):
    known = ledger(text("t", value))
    files = {"templates/p/forms/f.html": table('<tr><td colspan="{{ t }}">1</td></tr>')}
    _, (found,) = composed('{{ form("f") }}', known, files=files)
    assert (found.code, found.params) == ("T111", {"part": f'colspan="{value}"'})


def test_blank_figure_leaves_a_cell_blank_without_a_word():
    files = {"templates/p/forms/f.html": table("<tr><td>{{ blank }}</td></tr>")}
    document, findings = composed('{{ form("f") }}', files=files)
    assert findings == ()
    assert document.blocks[1].rows[0].cells[0].lines == ((Value("", "", "blank"),),)


def test_annex_holds_its_form_and_has_anchors_of_its_own():
    files = {
        "templates/p/a.md": '> 单位：{{ unit.name }}\n\n{{ form("f") }}\n\n# 说明\n',
        "templates/p/forms/f.html": table("<tr><td>1</td></tr>"),
    }
    document, findings = composed("无。", FUNDS, files, rules=pack(annex="templates/p/a.md"))
    assert findings == ()
    (annex,) = document.annexes
    assert (annex.label, annex.anchor) == ("附件", "annex-1")
    assert [block.anchor for block in annex.blocks if hasattr(block, "anchor")] == ["annex-1-s1"]


@given(st.text(st.sampled_from("<>/=\"'&; \ntablecapionhdryx2!-?[]甲"), max_size=80))
@settings(deadline=None)
def test_any_text_is_tables_or_a_finding(html):
    with contextlib.suppress(TemplateError):
        assert read(html)
        return
    with pytest.raises(TemplateError) as caught:
        read(html)
    assert caught.value.code == "T111"
    assert isinstance(caught.value.span, SourceSpan)
