from __future__ import annotations

from dataclasses import replace

import pikepdf
import pytest
from finished import DOCUMENT, finished, made
from planted import disclosed, members, packed, page_with, resaved, search, with_parts

from reportgen.model.policy import Policy

PUBLIC = disclosed(audience="public")
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def insides(name, data, given=PUBLIC):
    found = search(name, data, given, DOCUMENT)
    assert {(each.code, each.severity) for each in found} <= {("D105", "error")}, found
    return [each.params["what"] for each in found]


@pytest.mark.parametrize("name", ["docx", "html", "pdf"])
def test_finished_files_carry_no_inside(name):
    assert insides(name, finished()[name]) == []


PARTS = {
    "word/comments.xml": f"<w:comments {W}/>",
    "word/commentsExtended.xml": f"<w:comments {W}/>",
    "word/people.xml": f"<w:people {W}/>",
    "customXml/item1.xml": "<a/>",
    "customXml/_rels/item1.xml.rels": "<a/>",
    "docProps/custom.xml": "<a/>",
}


@pytest.mark.parametrize("part", PARTS)
def test_part_that_tells_how_a_word_file_came_about_is_an_error(part):
    assert insides("docx", with_parts({part: PARTS[part].encode()})) == [part]


MARKS = {
    '<w:ins w:id="1"/>': "<ins>",
    "<w:del/>": "<del>",
    "<w:rPr><w:rPrChange/></w:rPr>": "<rPrChange>",
    '<w:p w:rsidR="00A1"/>': "rsidR",
    "<w:commentRangeStart/>": "<commentRangeStart>",
    "<w:rPr><w:vanish/></w:rPr>": "<vanish>",
    "<w:rsids/>": "<rsids>",
    '<w:attachedTemplate r:id="x" xmlns:r="r"/>': "<attachedTemplate>",
    "<w:docVars/>": "<docVars>",
    "<!-- x -->": "<!-- -->",
}


@pytest.mark.parametrize("span", MARKS)
def test_mark_that_tells_how_a_word_file_came_about_is_an_error(span):
    part = {"word/settings9.xml": f"<w:settings {W}>{span}</w:settings>".encode()}
    assert insides("docx", with_parts(part)) == [f"word/settings9.xml {MARKS[span]}"]


@pytest.mark.parametrize("field", ["creator", "lastModifiedBy", "Company", "Manager", "Template"])
def test_maker_of_a_word_file_is_an_error_unless_the_policy_names_him(field):
    files = members()
    files["docProps/core.xml"] = f"<a><b:{field} xmlns:b='b'>某人</b:{field}></a>".encode()
    assert insides("docx", packed(files)) == [f"docProps/core.xml <{field}>"]
    named = disclosed(audience="public", policy=Policy(properties={"creator": "某人"}))
    assert insides("docx", packed(files), named) == []
    files["docProps/core.xml"] = f"<a><{field}>某局</{field}></a>".encode()
    assert insides("docx", packed(files)) == []


@pytest.mark.parametrize(
    "unit", ["云阳市&教育局", "a<b>局", "云阳市教育局 ", "云阳市\u3000教育局", "R&amp;D局"]
)
@pytest.mark.parametrize("name", ["docx", "html", "pdf"])
def test_unit_may_be_named_however_it_is_written(name, unit):
    document = replace(DOCUMENT, organization=unit)
    data = made(document, name)[name]
    assert [each.code for each in search(name, data, PUBLIC, document)] == []
    other = search(name, data, PUBLIC, replace(DOCUMENT, organization="另一局"))
    assert {each.code for each in other} == {"D105"}


HIDDEN = {
    "<!-- x -->": "<!-- -->",
    "<script></script>": "<script>",
    '<p data-key="a.b">x</p>': "data-key",
    '<p onclick="f()">x</p>': "onclick",
    "<template>x</template>": "<template>",
    '<meta name="author" content="某人">': "<meta author>",
    '<meta name="Generator" content="x">': "<meta generator>",
}


@pytest.mark.parametrize("hidden", HIDDEN)
def test_inside_of_a_page_is_an_error(hidden):
    assert insides("html", page_with(hidden)) == [HIDDEN[hidden]]


def attach(pdf):
    pdf.attachments["a.txt"] = pikepdf.AttachedFileSpec(pdf, b"x")


def annotate(pdf):
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text)
    pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(note)])


def link(pdf):
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link)
    pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(note)])


def script(pdf):
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="x")
    pdf.Root.OpenAction = pdf.make_indirect(action)


def sign(pdf):
    pdf.docinfo["/Author"] = "某人"


def remember(pdf):
    pdf.pages[0].obj["/PieceInfo"] = pikepdf.Dictionary()


PDF = [
    (attach, ["/EmbeddedFiles a.txt"]),
    (annotate, ["/Annots /Text"]),
    (link, []),
    (script, ["/JavaScript"]),
    (sign, ["/Info /Author"]),
    (remember, ["/PieceInfo"]),
]


@pytest.mark.parametrize(("change", "what"), PDF)
def test_inside_of_a_pdf_is_an_error(change, what):
    assert insides("pdf", resaved(change)) == what


def test_others_than_the_public_may_look_inside():
    assert search("html", page_with("<!-- x -->"), disclosed()) == []
