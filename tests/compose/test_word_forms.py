from __future__ import annotations

import io
from dataclasses import replace
from itertools import pairwise

import pytest
from composing import FUNDS, composed, ledger, pack, text
from docxtpl import DocxTemplate
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from reportgen.model.document import Document, PageBreak, Paragraph, Table, Value, plain, values
from reportgen.model.pack import Formula
from reportgen.model.source import SourceSpan
from reportgen.model.word_form import sheets
from word_files import cell, main_part, paragraph, row, table, text_box, word_file

FORM = Formula("f", SourceSpan("templates/p/pack.yaml", 7, 7))
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read(body: str, known=FUNDS, each: str = "", **parts: str):
    """Return the document of a form, and what was found."""
    rules = pack(
        form=FORM,
        each=Formula(each, SourceSpan("templates/p/pack.yaml", 8, 7)) if each else None,
        word_forms={"f": word_file(body, parts)},
    )
    return composed(None, known, rules=rules)


def document(body: str, **more) -> Document:
    found, findings = read(body, **more)
    assert [each.code for each in findings] == []
    return found


def said(found: Document) -> list[str]:
    return [plain(each.inlines) for each in found.blocks if isinstance(each, Paragraph)]


def filled(found: Document) -> str:
    return found.form.sheets[0].parts["word/document.xml"]


def cells(found: Document, number: int = 0) -> list[list[str]]:
    tables = [each for each in found.blocks if isinstance(each, Table)]
    return [
        ["\n".join(map(plain, one.lines)) for one in each.cells] for each in tables[number].rows
    ]


def test_every_text_of_the_file_is_in_the_document():
    found = document(
        paragraph("正文") + text_box(paragraph("框")) + table(row("格", "")),
        header=paragraph("页眉"),
        footer=paragraph("页脚"),
        footnotes=f'<w:footnote w:id="1">{paragraph("注")}</w:footnote>',
    )
    assert said(found) == ["页眉", "正文", "框", "注", "页脚"]
    assert cells(found) == [["格", ""]]


def test_what_only_numbers_the_pages_is_no_text():
    number = "<w:p><w:fldSimple w:instr=' PAGE '><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p>"
    assert said(document(paragraph("正文"), footer=number)) == ["正文"]


def test_figures_keep_their_keys():
    found = document(table(row("{{ total | number }}", "甲")))
    (only,) = values(found.blocks[0].rows[0].cells[0].lines[0])
    assert only == Value("3241.81", "3241.81", "total")


def test_labels_of_a_form_head_rows_and_columns():
    found = document(
        table(
            row("项目", "数", "注"), row("总数", "{{ total | number }}", ""), row("{{ unit.name }}")
        )
    )
    heads = [[each.header for each in one.cells] for one in found.blocks[0].rows]
    assert heads == [["col", "col", "col"], ["row", "", ""], ["", "", ""]]


def test_head_rows_alignment_and_direction_are_read():
    head = "<w:trPr><w:tblHeader/></w:trPr>"
    down = '<w:textDirection w:val="tbRlV"/>'
    right = '<w:p><w:pPr><w:jc w:val="right"/></w:pPr><w:r><w:t>1</w:t></w:r></w:p>'
    found = document(
        table(row("头", "", properties=head), row(cell("竖", properties=down), cell(right)))
    )
    first, second = found.blocks[0].rows
    assert first.head and not second.head
    assert second.cells[0].vertical
    assert second.cells[1].align == "right"


def test_the_title_of_the_file_is_that_of_the_document():
    centred = '<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:t>某  表</w:t></w:r></w:p>'
    body = paragraph("附件1") + centred + table(row("格"))
    rules = {"form": FORM, "word_forms": {"f": word_file(body)}}
    own, _ = composed(None, rules=replace(pack(**rules), title=()))
    named, _ = composed(None, rules=pack("某表", **rules))
    for found in (own, named):
        assert found.form.title == (1,)
        assert said(found) == ["附件1"]
    assert own.title == ("某  表",)


def test_each_row_gives_a_sheet():
    found = document(table(row("名称", "{{ row.name }}")) + paragraph("尾"), each="funds")
    assert found.rows == ("road", "bridge")
    assert [type(each) for each in found.blocks].count(PageBreak) == 1
    assert [cells(sheet)[0][1] for _, sheet in sheets(found)] == ["修路", "架桥"]
    assert [each.name for each in found.blocks if isinstance(each, Table)] == ["f", "f-2"]


def test_a_form_is_placed_in_a_text_with_what_it_is_given():
    form = word_file(
        paragraph("表名") + table(row("名称", "{{ item.name }}")), {"header": "<w:p/>"}
    )
    text_of_all = '前。\n\n{% for f in funds %}\n{{ form("f", item=f) }}\n\n{% endfor %}\n后。'
    found, findings = composed(text_of_all, rules=pack(word_forms={"f": form}))
    assert findings == ()
    assert said(found) == ["前。", "表名", "表名", "后。"]
    assert [cells(found, number)[0][1] for number in (0, 1)] == ["修路", "架桥"]
    assert found.form is None


def test_a_form_in_a_sentence_is_told():
    form = word_file(paragraph("表名"))
    _, findings = composed('见{{ form("f") }}。', rules=pack(word_forms={"f": form}))
    assert [each.code for each in findings] == ["T117"]


def test_a_table_without_rows_fills_no_form():
    _, findings = read(paragraph("甲"), each="empty")
    assert [each.code for each in findings] == ["T171"]


@pytest.mark.parametrize(
    "tags",
    [
        ("{{ nix }}", "T102"),
        ("{{ total | nix }}", "T115"),
        ("{{ total + 1 }}", "T104"),
        ("{% if total %}x{% endif %}", "T118"),
        ("{{ unit.name", "T126"),
        ("{% for f in funds %}{{ f.name }}", "T101"),
    ],
)
def test_strictness_is_that_of_all_templates(tags):
    written, code = tags
    _, findings = read(table(row("甲", written)))
    assert [each.code for each in findings] == [code]
    assert all(each.span.place == "t1r1c2" for each in findings if each.code != "T101")


def test_pairs_that_cut_the_file_are_told():
    link = '<w:p><w:hyperlink w:anchor="a"><w:r><w:t>{% if year %}</w:t></w:r></w:hyperlink>'
    _, findings = read(f"{link}<w:r><w:t>x{{% endif %}}</w:t></w:r></w:p>")
    assert [each.code for each in findings] == []  # true: all of it stays
    link = link.replace("if year", "if not year == year")
    _, findings = read(f"{link}<w:r><w:t>x{{% endif %}}</w:t></w:r></w:p>")
    assert [each.code for each in findings] == ["T170"]


ANY = st.text(st.characters(exclude_categories=["Cc", "Cs", "Co", "Zl", "Zp"]), min_size=1)


@settings(max_examples=150)
@given(ANY, st.lists(st.integers(0, 8), max_size=3))
def test_any_value_is_literal_however_its_tag_is_cut(value, cuts):
    tag = "{{ 甲 }}"
    places = sorted({0, len(tag), *(min(each, len(tag)) for each in cuts)})
    runs = [tag[start:end] for start, end in pairwise(places)]
    found = document(paragraph("前 ", *runs, " 后"), known=ledger(text("甲", value)))
    assert said(found) == [f"前 {value} 后"]
    assert etree.fromstring(filled(found).encode()) is not None


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(["{{ unit.name }}", "文", " & ", "{{ total }}", "{# 注 #}"]), max_size=6
    )
)
def test_what_docxtpl_fills_is_filled_alike(parts):
    runs = [each.replace("&", "&amp;") for each in parts]
    body = table(
        row("{%tr for f in funds %}"),
        row("{{ f.name }}", *[cell(paragraph(*runs))]),
        row("{%tr endfor %}"),
        widths=(1, 1),
    )
    form = word_file(body)
    template = DocxTemplate(io.BytesIO(form))
    funds = [{"name": "修路"}, {"name": "架桥"}]
    context = {"unit": {"name": "甲局"}, "total": "3241.81万元", "funds": funds}
    template.render(context, SandboxedEnvironment(), autoescape=True)
    theirs = [[c.text for c in r.cells] for r in template.docx.tables[0].rows]
    assert cells(document(body)) == theirs


def test_nothing_between_tags_is_touched():
    body = table(row("{% if year %}甲{% endif %}", "乙 &amp; 丙"), row("{{ total | number }}"))
    form = word_file(body)
    wanted = main_part(form).replace("{% if year %}甲{% endif %}", "甲")
    xml = filled(document(body))
    assert xml.partition("\ue000")[0] == wanted.partition("{{")[0]
    assert xml.rpartition("\ue001")[2] == wanted.rpartition("}}")[2]
