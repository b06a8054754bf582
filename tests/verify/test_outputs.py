from __future__ import annotations

import copy
import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from unittest.mock import patch

import pikepdf
import pytest
from finished import DOCUMENT, EDITION, FUNDS, OPEN, finished, line, made
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree, html

from logged import proof, write
from reportgen.model.disclosed import Disclosed, Secret
from reportgen.model.document import (
    Annex,
    Break,
    Cell,
    Heading,
    Items,
    ListItem,
    PageBreak,
    Paragraph,
    Row,
    Strong,
    Table,
    Text,
    Value,
)
from reportgen.model.edition import FORMATS
from reportgen.model.figures import Fact, Ledger
from reportgen.model.source import SourceSpan
from reportgen.verify.outputs import FileReader, verify
from strategies import literal_texts, tables

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def codes(name, data, document=DOCUMENT, disclosed=OPEN):
    to_prove = proof(document, disclosed)[0] if disclosed.secrets else None
    return {each.code for each in verify(document, {name: data}, to_prove)}


def test_faithful_files_have_no_findings():
    assert verify(DOCUMENT, finished(), None) == ()


def test_file_whose_reading_has_begun_is_not_read_again():
    with ThreadPoolExecutor() as pool, patch.object(pool, "submit", wraps=pool.submit) as submit:
        reader = FileReader(pool, DOCUMENT)
        reader.begin("html", finished()["html"])
        assert verify(DOCUMENT, finished(), None, reader=reader) == ()
        assert submit.call_count == len(finished())


def test_cell_that_leaves_the_head_rows_is_no_difference():
    rows = (
        Row((Cell((line("栏"),), rowspan=2), Cell((line("头"),))), head=True),
        Row((Cell((line("身"),)),)),
    )
    document = replace(DOCUMENT, blocks=(Table("f", "名", (1, 1), rows),), annexes=())
    assert verify(document, made(document, *FORMATS), None) == ()


EVERYDAY = st.text(st.sampled_from("中文，。“”—a B1.% &<>*_#|{}$@é\u3000"), min_size=1, max_size=9)


def documents(texts):
    """Return a strategy for documents of `texts`, with tables of any spans."""
    inlines = st.lists(
        st.one_of(
            texts.map(Text),
            texts.map(lambda text: Value(text, "1", "k")),
            texts.map(lambda text: Strong((Text(text),))),
            st.just(Break()),
        ),
        min_size=1,
        max_size=3,
    ).map(tuple)
    roles = st.sampled_from(("body", "plain", "center", "right", "note"))
    block = st.one_of(
        st.builds(Paragraph, inlines, roles),
        st.builds(lambda label, words: Items((ListItem(label, words),)), texts, inlines),
        st.builds(lambda words: Heading(1, "一、", words, "s1"), inlines),
        st.builds(lambda table, shown: replace(table, show_caption=shown), tables(), st.booleans()),
        st.just(PageBreak()),
    )
    return st.builds(
        lambda title, body, words: replace(
            DOCUMENT,
            title=(title,),
            blocks=tuple(body),
            annexes=(Annex("附件", words, tuple(body[:1]), "annex-1"),),
        ),
        texts,
        st.lists(block, min_size=1, max_size=3),
        inlines,
    )


@pytest.mark.parametrize("name", ["docx", "html"])
@given(st.data())
@settings(deadline=None, max_examples=20)
def test_no_faithful_file_is_taken_for_damaged(name, data):
    document = data.draw(documents(literal_texts()))
    assert verify(document, made(document, name), None) == ()


@given(documents(EVERYDAY))
@settings(deadline=None, max_examples=20)
def test_no_faithful_pdf_is_taken_for_damaged(document):
    files, findings = write(document, EDITION, ("pdf",))
    assume(not any(each.code == "W102" for each in findings))
    # Text over the edge of a page is real: cells may be too narrow for what was drawn.
    assert [f for f in verify(document, files, None) if f.code != "V105"] == []


# Word


def edited(change):
    """Return the Word file after `change` of the body of its main part."""
    with zipfile.ZipFile(io.BytesIO(finished()["docx"])) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    root = etree.fromstring(parts["word/document.xml"])
    change(root[0])
    parts["word/document.xml"] = etree.tostring(root)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return data.getvalue()


def holder(body, tag, text):
    """Return the innermost element of `tag` that holds `text`."""
    found = [each for each in body.iter(W + tag) if text in "".join(each.itertext())]
    return min(found, key=lambda each: len(list(each.iter())))


def remove(element):
    element.getparent().remove(element)


def double(element):
    element.addnext(copy.deepcopy(element))


def swap(one, other):
    first, second = copy.deepcopy(one), copy.deepcopy(other)
    one.getparent().replace(one, second)
    other.getparent().replace(other, first)


def add_head(row):
    etree.SubElement(row[0], f"{W}tblHeader")


def retyped(body, old, new):
    text = holder(body, "t", old)
    text.text = text.text.replace(old, new)


DAMAGED_WORD = {
    "paragraph-lost": (lambda b: remove(holder(b, "p", "另有结余")), "V101"),
    "paragraph-twice": (lambda b: double(holder(b, "p", "另有结余")), "V101"),
    "digit-changed": (lambda b: retyped(b, "1234.5", "1243.5"), "V101"),
    "digit-in-a-cell": (lambda b: retyped(b, "18.25", "18.26"), "V102"),
    "cells-swapped": (lambda b: swap(holder(b, "tc", "18.25"), holder(b, "tc", "12.75")), "V102"),
    "rows-swapped": (lambda b: swap(holder(b, "tr", "18.25"), holder(b, "tr", "其中")), "V102"),
    "span-lost": (lambda b: remove(holder(b, "tc", "说明文字").find(f".//{W}gridSpan")), "V102"),
    "row-lost": (lambda b: remove(holder(b, "tr", "其中")), "V102"),
    "table-lost": (lambda b: remove(holder(b, "tbl", "合计")), "V102"),
    "caption-lost": (lambda b: remove(holder(b, "p", "专项资金使用情况表")), "V101"),
    "annex-lost": (lambda b: [remove(each) for each in list(b)[-6:-1]], "V101"),
    "title-changed": (lambda b: retyped(b, "绩效自评", "绩效自平"), "V101"),
    "heading-number": (lambda b: retyped(b, "一、", "二、"), "V101"),
    "head-row-lost": (lambda b: remove(next(b.iter(f"{W}tblHeader"))), "V102"),
    "head-row-more": (lambda b: add_head(holder(b, "tr", "合计")), "V102"),
    "header-column-lost": (lambda b: next(b.iter(f"{W}tblLook")).attrib.clear(), "V102"),
    "label-lost": (lambda b: retyped(b, "2.", ""), "V101"),
}


@pytest.mark.parametrize("damage", DAMAGED_WORD)
def test_damage_of_a_word_file_is_seen(damage):
    change, code = DAMAGED_WORD[damage]
    assert code in codes("docx", edited(change))


def test_merge_lost_downwards_is_seen_in_a_word_file():
    def unmerge(body):
        for merge in list(body.iter(f"{W}vMerge")):
            remove(merge)

    assert codes("docx", edited(unmerge)) == {"V102"}


def test_word_file_saved_again_unchanged_is_no_damage():
    assert codes("docx", edited(lambda _body: None)) == set()


# The page


def page(old, new):
    text = finished()["html"].decode()
    assert text.count(old) == 1, text.count(old)
    return text.replace(old, new).encode()


def page_changed(change):
    root = html.document_fromstring(finished()["html"])
    change(root)
    return b"<!doctype html>" + html.tostring(root, encoding="utf-8")


def found(root, tag, text):
    every = [each for each in root.find(".//main").iter(tag) if text in each.text_content()]
    return min(every, key=lambda each: len(list(each.iter())))


DAMAGED_PAGE = {
    "paragraph-lost": (lambda r: remove(found(r, "p", "另有结余")), "V101"),
    "cells-swapped": (lambda r: swap(found(r, "td", "18.25"), found(r, "td", "12.75")), "V102"),
    "row-lost": (lambda r: remove(found(r, "tr", "其中")), "V102"),
    "merge-lost": (lambda r: found(r, "td", "说明文字").attrib.pop("colspan"), "V102"),
    "merge-lost-down": (lambda r: found(r, "th", "合计").attrib.pop("rowspan"), "V102"),
    "table-lost": (lambda r: remove(found(r, "table", "合计")), "V102"),
    "caption-lost": (lambda r: remove(found(r, "caption", "专项资金使用情况表")), "V101"),
    "caption-unseen": (lambda r: found(r, "span", "专项资金使用").set("class", "unseen"), "V101"),
    "list-made-paragraphs": (lambda r: found(r, "li", "公开透明").__setattr__("tag", "p"), "V101"),
    "header-made-data": (lambda r: found(r, "th", "合计").__setattr__("tag", "td"), "V102"),
    "data-made-header": (lambda r: found(r, "td", "18.25").__setattr__("tag", "th"), "V102"),
    "scope-lost": (lambda r: found(r, "th", "合计").attrib.pop("scope"), "V102"),
    "scope-turned": (lambda r: found(r, "th", "合计").set("scope", "col"), "V102"),
    "list-item-lost": (lambda r: remove(found(r, "li", "公开透明")), "V101"),
}


@pytest.mark.parametrize("damage", DAMAGED_PAGE)
def test_damage_of_a_page_is_seen(damage):
    change, code = DAMAGED_PAGE[damage]
    assert code in codes("html", page_changed(change))


def test_page_saved_again_unchanged_is_no_damage():
    assert codes("html", page_changed(lambda _root: None)) == set()


def test_digit_changed_in_a_page_is_seen_as_text_and_as_figure():
    assert codes("html", page(">1234.5万元<", ">1243.5万元<")) == {"V101", "V103"}


def test_page_whose_figures_are_marked_no_more_is_seen():
    text = finished()["html"].decode()
    assert codes("html", text.replace("<data ", "<b ").replace("</data>", "</b>").encode()) == {
        "V103"
    }


def test_page_cut_off_is_seen():
    text = finished()["html"].decode()
    assert codes("html", text[: text.index("公开透明")].encode()) >= {"V101", "V102"}


def test_page_without_content_cannot_be_read():
    assert codes("html", b"<p>x</p>") == {"V104"}
    assert codes("html", b"") == {"V104"}


# PDF


def as_pdf(**parts):
    """Return the PDF of the document with some of its parts replaced."""
    return made(replace(DOCUMENT, **parts), "pdf")["pdf"]


def with_table(table):
    return as_pdf(
        annexes=(replace(DOCUMENT.annexes[0], blocks=(table, *DOCUMENT.annexes[0].blocks[1:])),)
    )


def with_row(number, *cells):
    rows = list(FUNDS.rows)
    rows[number] = Row(cells, head=rows[number].head)
    return with_table(replace(FUNDS, rows=tuple(rows)))


BLOCKS = DOCUMENT.blocks
RETYPED = Paragraph(line("全年支出1243.5万元，完成年初预算。"))
TOTAL, SHARE = FUNDS.rows[1].cells, FUNDS.rows[3].cells
DAMAGED_PDF = {
    "paragraph-lost": (lambda: as_pdf(blocks=(*BLOCKS[:2], *BLOCKS[3:])), "V101"),
    "paragraph-twice": (lambda: as_pdf(blocks=(*BLOCKS[:3], *BLOCKS[2:])), "V101"),
    "paragraph-more": (lambda: as_pdf(blocks=(*BLOCKS, Paragraph(line("又及")))), "V101"),
    "digit-changed": (lambda: as_pdf(blocks=(BLOCKS[0], RETYPED, *BLOCKS[2:])), "V101"),
    "title-line-lost": (lambda: as_pdf(title=DOCUMENT.title[:1]), "V101"),
    "cells-swapped": (lambda: with_row(1, TOTAL[0], TOTAL[1], TOTAL[3], TOTAL[2]), "V102"),
    "digit-in-a-cell": (
        lambda: with_row(1, *TOTAL[:3], Cell(((Value("14.6", "14.6", "key"),),))),
        "V102",
    ),
    "merge-lost": (
        lambda: with_row(3, SHARE[0], Cell(SHARE[1].lines), Cell(((),)), SHARE[2]),
        "V102",
    ),
    "row-lost": (lambda: with_table(replace(FUNDS, rows=FUNDS.rows[:3])), "V102"),
    "caption-lost": (lambda: with_table(replace(FUNDS, show_caption=False)), "V101"),
    "annex-lost": (lambda: as_pdf(annexes=()), "V102"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGED_PDF)
def test_damage_of_a_pdf_is_seen(damage):
    made, code = DAMAGED_PDF[damage]
    assert code in codes("pdf", made())


def resaved(change):
    with pikepdf.open(io.BytesIO(finished()["pdf"])) as pdf:
        change(pdf)
        data = io.BytesIO()
        pdf.save(data)
    return data.getvalue()


def tagged(pdf, kind, scope=None):
    """Return the first cell of a `kind`, and its attributes as a cell."""
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary) and each.get("/S") == kind:
            (own,) = (attributes for attributes in each.A if attributes.O == "/Table")
            if scope is None or own.Scope == scope:
                return each, own
    raise AssertionError(kind)


def header_made_data(pdf):
    tagged(pdf, "/TH", "/Row")[0].S = pikepdf.Name.TD


def data_made_header(pdf):
    tagged(pdf, "/TD")[0].S = pikepdf.Name.TH


def scope_lost(pdf):
    del tagged(pdf, "/TH", "/Row")[1].Scope


def scope_turned(pdf):
    tagged(pdf, "/TH", "/Row")[1].Scope = pikepdf.Name.Column


DAMAGED_TAGS = (header_made_data, data_made_header, scope_lost, scope_turned)


@pytest.mark.parametrize("damage", DAMAGED_TAGS)
def test_header_tagged_otherwise_in_a_pdf_is_seen(damage):
    assert "V102" in codes("pdf", resaved(damage))


def test_list_tagged_otherwise_in_a_pdf_is_seen():
    def no_entry(pdf):
        for each in pdf.objects:
            if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/LI":
                each.S = pikepdf.Name.Div

    assert codes("pdf", resaved(no_entry)) == {"V105"}


def no_headers(pdf):
    tagged(pdf, "/TD")[1].Headers = pikepdf.Array()


def foreign_header(pdf):
    tagged(pdf, "/TD")[1].Headers.append(pikepdf.String("t9r9c9"))


def header_of_others(pdf):
    """Let the first figure name a header that stands below it."""
    *_, last = (each for each in pdf.objects if "/ID" in str(each.unparse(resolved=True)))
    tagged(pdf, "/TD")[1].Headers.append(last.ID)


def name_lost(pdf):
    del tagged(pdf, "/TH", "/Row")[0].ID


def level_left_out(pdf):
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/H1":
            each.S = pikepdf.Name.H3


@pytest.mark.parametrize(
    "damage", [no_headers, foreign_header, header_of_others, name_lost, level_left_out]
)
def test_tags_that_a_screen_reader_cannot_follow_are_no_conformity(damage):
    assert codes("pdf", resaved(damage)) == {"V105"}


def test_pdf_saved_again_unchanged_is_no_damage():
    assert codes("pdf", resaved(lambda _pdf: None)) == set()


def test_last_page_of_a_pdf_lost_is_seen():
    assert codes("pdf", resaved(lambda pdf: pdf.pages.__delitem__(-1))) >= {"V101", "V102"}


def test_pdf_that_does_not_say_what_it_conforms_to_is_seen():
    def forget(pdf):
        del pdf.Root.Metadata
        del pdf.Root.Lang

    assert "V105" in codes("pdf", resaved(forget))


def test_many_differences_of_a_pdf_are_told_in_few_findings():
    blocks = tuple(Paragraph(line(f"第{number}段")) for number in range(30))
    found = verify(replace(DOCUMENT, blocks=blocks), {"pdf": finished()["pdf"]}, None)
    texts = [each.params["text"] for each in found if each.code == "V101"]
    assert texts[:2] == ["第0段", "第1段"]
    assert len(texts) == 6
    assert texts[-1] == "… 28"  # 30 paragraphs are missing, the old ones too many, in three pieces


# Files that are none, and secrets


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"%PDF-1.7 broken", b"\x00\xff"])
def test_file_that_cannot_be_read_has_not_been_checked(name, data):
    found = verify(DOCUMENT, {name: data}, None)
    assert {"V104"} <= {each.code for each in found}
    assert all(each.params["format"] == name for each in found)


@pytest.mark.parametrize("name", FORMATS)
def test_file_cut_in_the_middle_is_seen(name):
    data = finished()[name]
    assert codes(name, data[: len(data) // 2])


def test_secret_in_any_of_the_files_is_a_leak():
    ledger = Ledger(2023, texts={"u": Fact("u", "单位", "某局", SourceSpan("d"))})
    disclosed = Disclosed(
        ledger,
        "public",
        secrets=(Secret("phone", "电话", "厉行节约"), Secret("unit", "单位", "某局")),
    )
    to_prove, before = proof(DOCUMENT, disclosed)
    found = verify(DOCUMENT, finished(), to_prove)
    assert [(f.code, f.subject) for f in before] == [("D103", "unit"), ("D101", "phone")]
    assert {(f.code, f.subject) for f in found} == {("D101", "phone")}
    assert {f.params["file"] for f in found if f.code == "D101"} == set(FORMATS)


def test_file_that_cannot_be_searched_is_not_taken_for_clean():
    disclosed = Disclosed(Ledger(2023), "public", secrets=(Secret("phone", "电话", "0000001"),))
    assert codes("pdf", b"%PDF-1.7 broken", disclosed=disclosed) == {"V104", "D102"}


def test_written_anew_the_files_are_the_same():
    assert write(DOCUMENT, EDITION, FORMATS)[0] == finished()
