from __future__ import annotations

import base64
import html
import struct
import zlib
from dataclasses import replace

import pikepdf
import pytest
from finished import DOCUMENT, finished, line, made
from planted import (
    NAME,
    PHONE,
    PLACE,
    disclosed,
    leaks,
    members,
    packed,
    page_with,
    resaved,
    search,
    secret,
    with_parts,
)

from logged import proof
from reportgen.model.document import Paragraph
from reportgen.verify.outputs import verify

SECRETS = (secret(NAME, "name"), secret(PHONE, "phone"), secret("5432.17万元", "amount"))
PERSON = SECRETS[0]
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.mark.parametrize("name", ["docx", "html", "pdf"])
def test_clean_files_hold_no_secret(name):
    assert leaks(name, finished()[name], *SECRETS) == set()


def test_leak_names_fact_file_part_and_spelling_but_not_the_secret():
    found, *_ = search("x.html", page_with("<p>54321700元</p>"), disclosed(SECRETS[2]))
    assert (found.code, found.subject, found.span) == ("D101", "amount", PLACE)
    assert found.params["file"] == "x.html"
    assert (found.params["manner"], found.params["unit"]) == ("@converted", "元")
    assert "5432" not in str(found.params)


@pytest.mark.parametrize("name", ["docx", "html", "pdf"])
def test_secret_printed_in_the_text_is_found(name):
    said = Paragraph(line(f"填表人：{NAME}，电话{PHONE}，金额5,432.17万元。"))
    document = replace(DOCUMENT, blocks=(*DOCUMENT.blocks, said))
    assert leaks(name, made(document, name)[name], *SECRETS) == {"name", "phone", "amount"}


@pytest.mark.parametrize("name", ["docx", "html", "pdf"])
def test_secret_alone_in_a_cell_is_found(name):
    document = DOCUMENT
    table = document.annexes[0].blocks[0]
    cells = [replace(c, lines=(line("5432.17"),)) for c in table.rows[2].cells]
    row = replace(table.rows[2], cells=tuple(cells))
    table = replace(table, rows=(*table.rows[:2], row, *table.rows[3:]))
    annex = replace(document.annexes[0], blocks=(table,))
    document = replace(document, annexes=(annex,))
    assert leaks(name, made(document, name)[name], *SECRETS) == {"amount"}


def test_name_of_a_file_is_searched():
    to_prove, _ = proof(DOCUMENT, disclosed(secret("oyang", "name")))
    found = verify(DOCUMENT, {"html": finished()["html"]}, to_prove, "report-oyang")
    assert [(each.code, each.subject) for each in found] == [("D101", "name")]
    assert found[0].params["part"] == "@name"


# Word


@pytest.mark.parametrize("part", sorted(name for name in members() if not name.endswith("/")))
def test_secret_in_any_part_of_a_word_file_is_found(part):
    files = members()
    head, end, rest = files[part].partition(b"?>")
    files[part] = head + end + f"<!--{NAME}-->".encode() + rest
    assert leaks("docx", packed(files), PERSON) == {"name"}


def paragraph(inner):
    return f"<w:ftr {W}><w:p>{inner}</w:p></w:ftr>".encode()


SPLIT = {
    "runs": "<w:r><w:t>欧阳</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>某某</w:t></w:r>",
    "spaces": "<w:t>欧 阳\n某 某</w:t>",
    "tab": '<w:t xml:space="preserve">欧</w:t><w:tab/><w:t>阳某某</w:t>',
    "break": "<w:t>欧</w:t><w:br/><w:t>阳某某</w:t>",
    "references": "<w:t>&#27431;&#x9633;某某</w:t>",
    "paragraphs": "<w:r><w:t>欧阳</w:t></w:r></w:p><w:p><w:r><w:t>某某</w:t></w:r>",
    "cdata": "<w:t><![CDATA[欧阳]]>某某</w:t>",
    "invisible": "<w:t>欧\u200b阳\u00ad某\u2060某</w:t>",
    "hyperlink": "<w:hyperlink><w:r><w:t>欧</w:t></w:r></w:hyperlink><w:r><w:t>阳某某</w:t></w:r>",
    "compatibility": "<w:t>\u6b27\u9633\u67d0某</w:t>",
}


@pytest.mark.parametrize("way", SPLIT)
def test_secret_in_pieces_of_a_part_is_found(way):
    assert leaks("docx", with_parts({"word/footer9.xml": paragraph(SPLIT[way])}), PERSON) == {
        "name"
    }


def test_amount_split_over_runs_is_found():
    runs = "<w:r><w:t>54</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>32.17万</w:t></w:r><w:t>元</w:t>"
    part = {"word/footer9.xml": paragraph(runs)}
    assert leaks("docx", with_parts(part), SECRETS[2]) == {"amount"}


def test_phone_split_over_cells_is_found():
    inner = "<w:r><w:t>000</w:t></w:r></w:p><w:p><w:r><w:t>0001</w:t></w:r>"
    part = {"word/footer9.xml": paragraph(inner)}
    assert leaks("docx", with_parts(part), SECRETS[1]) == {"phone"}


def utf16(text):
    return ('<?xml version="1.0" encoding="UTF-16"?>' + text).encode("utf-16")


def png(kind, content):
    def chunk(name, data):
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(kind, content) + pixels + chunk(b"IEND", b"")


SAID = NAME.encode()
WORD_PARTS = {
    "document": ("word/document2.xml", paragraph(f"<w:t>{NAME}</w:t>")),
    "header": ("word/header1.xml", f"<w:hdr {W}><w:p><w:t>{NAME}</w:t></w:p></w:hdr>".encode()),
    "comment": ("word/comments.xml", paragraph(f'<w:comment w:author="{NAME}"/>')),
    "footnote": ("word/footnotes.xml", paragraph(f"<w:footnote><w:t>{NAME}</w:t></w:footnote>")),
    "inserted": ("word/footer9.xml", paragraph(f'<w:ins w:author="{NAME}"/>')),
    "deleted": ("word/footer9.xml", paragraph(f"<w:del><w:delText>{NAME}</w:delText></w:del>")),
    "field": ("word/footer9.xml", paragraph(f"<w:instrText>{NAME}</w:instrText>")),
    "alt-text": ("word/footer9.xml", paragraph(f'<wp:docPr xmlns:wp="u:w" descr="{NAME}"/>')),
    "core": ("docProps/core.xml", f"<c><creator>{NAME}</creator></c>".encode()),
    "app": ("docProps/app.xml", f"<a><Company>{NAME}</Company></a>".encode()),
    "custom": ("docProps/custom.xml", f'<a><p name="{NAME}"/></a>'.encode()),
    "custom-xml": ("customXml/item1.xml", f"<a b='{NAME}'/>".encode()),
    "style": ("word/styles9.xml", f'<s {W}><w:name w:val="{NAME}"/></s>'.encode()),
    "variable": ("word/settings9.xml", f'<s {W}><w:docVar w:val="{NAME}"/></s>'.encode()),
    "template": ("word/_rels/settings.xml.rels", f'<r Target="file:///{NAME}.dotx"/>'.encode()),
    "instruction": ("word/footer9.xml", f"<a><?x {NAME}?></a>".encode()),
    "wide": ("word/footer9.xml", utf16(f"<a>{NAME}</a>")),
    "plain": ("word/notes.txt", f"联系人：{NAME}".encode()),
    "gbk": ("word/notes.txt", f"联系人：{NAME}".encode("gb18030")),
    "name": (f"word/{NAME}.xml", b"<a/>"),
    "package": ("word/embeddings/a.docx", packed({"a.xml": f"<a>{NAME}</a>".encode()})),
    "page": ("word/afchunk.htm", f"<p>{NAME}</p>".encode()),
    "jpeg": ("word/media/a.jpg", b"\xff\xd8\xff\xe1..Exif\0\0" + SAID + b"\xff\xd9"),
    "jpeg-wide": ("docProps/thumbnail.jpeg", b"\xff\xd8\xff" + NAME.encode("utf-16-le")),
    "png-text": ("word/media/a.png", png(b"tEXt", b"Author\0" + SAID)),
    "png-packed": ("word/media/a.png", png(b"zTXt", b"Author\0\0" + zlib.compress(SAID))),
    "png-utf8": (
        "word/media/a.png",
        png(b"iTXt", b"Author\0\1\0zh\0t\0" + zlib.compress(SAID)),
    ),
}


@pytest.mark.parametrize("kind", WORD_PARTS)
def test_secret_in_any_kind_of_part_is_found(kind):
    name, data = WORD_PARTS[kind]
    assert leaks("docx", with_parts({name: data}), PERSON) == {"name"}


def test_secret_in_the_headers_of_the_package_is_found():
    files = members()
    assert leaks("docx", packed(files, comment=SAID), PERSON) == {"name"}
    field = struct.pack("<HH", 0x7075, len(SAID)) + SAID
    assert leaks("docx", packed(files, extra=field), PERSON) == {"name"}


def test_measures_of_word_are_no_amounts():
    part = paragraph('<w:pPr><w:ind w:right="54321"/></w:pPr><w:t>x</w:t>')
    assert leaks("docx", with_parts({"word/footer9.xml": part}), secret("54321万元")) == set()


# The page

ENCODED = base64.b64encode(f"<svg><title>{NAME}</title></svg>".encode()).decode()
HIDDEN = [
    f"<!-- {NAME} -->",
    f'<p title="{NAME}">x</p>',
    f"<p data-x='{NAME}'>x</p>",
    f'<img alt="{NAME}">',
    f'<p aria-label="{NAME}">x</p>',
    f'<meta name="author" content="{NAME}">',
    f"<style>/* {NAME} */</style>",
    "<style>p:after { content: '\\6b27 \\9633 某某' }</style>",
    f"<script>let a = '{NAME}'</script>",
    "<script>let a = '\\u6b27\\u9633某某'</script>",
    f"<template>{NAME}</template>",
    f"<p hidden>{NAME}</p>",
    "<p>欧<b>阳</b>某<i>某</i></p>",
    "<p>欧阳</p><p>某某</p>",
    f"<p>{''.join(f'&#{ord(c)};' for c in NAME)}</p>",
    f"<p>{''.join(f'&#x{ord(c):x};' for c in NAME)}</p>",
    "<p>欧阳\u3000某 某</p>",
    '<a href="tel:000 00-01">欧阳某某</a>',
    f'<a href="/?q={"".join(f"%{b:02X}" for b in SAID)}">x</a>',
    f'<img src="data:image/svg+xml;base64,{ENCODED}">',
    f"<p class='{NAME}'>x</p>",
    f"<p x=1 x='{NAME}'>x</p>",
    f"<{NAME}>",
]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_secret_anywhere_in_a_page_is_found(hidden):
    assert "name" in leaks("html", page_with(hidden), PERSON)


AMOUNTS = [
    "<p>5432.17</p>",
    '<data value="5432.17">x</data>',
    "<p>5432.17<span>万</span>元</p>",
    "<!-- 5432.17 -->",
    "<style>/* 5432.17万元 */</style>",
    '<p title="金额5432.17万元">x</p>',
    "<td>1</td><td>5432.17</td><td>2</td>",
    "<p>支出5432.17项目经费</p>",
]


@pytest.mark.parametrize("hidden", AMOUNTS)
def test_amount_anywhere_in_a_page_is_found(hidden):
    assert leaks("html", page_with(hidden), SECRETS[2]) == {"amount"}


@pytest.mark.parametrize("value", ["A&B公司", "<内部>", "a\"b'c甲"])
def test_secret_with_signs_of_markup_is_found(value):
    page = f'<p title="{html.escape(value)}">x</p>'
    assert leaks("html", page.encode(), secret(value)) == {"k"}


def test_what_stands_after_the_end_of_a_page_is_found():
    assert leaks("html", finished()["html"] + SAID, PERSON) == {"name"}


# PDF


def in_info(pdf):
    pdf.docinfo["/Author"] = NAME


def in_info_key(pdf):
    pdf.docinfo[f"/{NAME}"] = "x"


def in_metadata(pdf):
    packet = pdf.Root.Metadata.read_bytes().replace(b"<rdf:RDF", f"<!--{NAME}--><rdf:RDF".encode())
    pdf.Root.Metadata.write(packet)


def in_bookmark(pdf):
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(NAME, 0))


def in_attachment(pdf):
    pdf.attachments["a.txt"] = pikepdf.AttachedFileSpec(pdf, NAME.encode())


def in_attached_word_file(pdf):
    part = {"word/footer9.xml": paragraph(SPLIT["runs"])}
    pdf.attachments["a.docx"] = pikepdf.AttachedFileSpec(pdf, with_parts(part))


def in_attachment_name(pdf):
    pdf.attachments[NAME] = pikepdf.AttachedFileSpec(pdf, b"x")


def in_annotation(pdf):
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Contents=NAME)
    pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(note)])


def in_tag(pdf):
    pdf.make_indirect(pdf.Root.StructTreeRoot.K[0])["/ActualText"] = pikepdf.String(NAME)


def in_alternative(pdf):
    pdf.make_indirect(pdf.Root.StructTreeRoot.K[0])["/Alt"] = pikepdf.String(NAME)


def in_content(pdf):
    spoken = pikepdf.String(NAME).unparse()
    marked = b"/Span <</ActualText " + spoken + b">> BDC EMC\n"
    pdf.pages[0].contents_add(marked, prepend=True)


def in_remark(pdf):
    pdf.pages[0].contents_add(f"% {NAME}\n".encode(), prepend=True)


def in_private_data(pdf):
    pdf.pages[0].obj["/PieceInfo"] = pikepdf.Dictionary(X=pikepdf.String(NAME))


def in_lost_stream(pdf):
    pdf.make_indirect(pdf.make_stream(SAID))
    pdf.Root["/Keep"] = pdf.make_stream(SAID)


PDF_PLACES = [
    *(in_info, in_info_key, in_metadata, in_bookmark, in_attachment, in_attached_word_file),
    *(in_attachment_name, in_annotation, in_tag, in_alternative, in_content, in_remark),
    *(in_private_data, in_lost_stream),
]


@pytest.mark.parametrize("change", PDF_PLACES)
def test_secret_anywhere_in_a_pdf_is_found(change):
    assert leaks("pdf", resaved(change), PERSON) == {"name"}


# What is allowed


def test_secret_inside_words_that_are_kept_is_no_leak():
    from reportgen.model.policy import Ground, Policy, Replacement

    ground = Ground("理由", "依据", PLACE)
    policy = Policy(replacements=(Replacement(ground, "融合", "某", keep=("融合办公室",)),))
    given = disclosed(secret("融合", "融合"), policy=policy)
    assert search("html", b"<p>\xe8\x9e\x8d\xe5\x90\x88", given)
    assert not search("html", "<p>市委融合办公室</p>".encode(), given)
    assert search("html", "<p>市委融合办公室推进融合</p>".encode(), given)


def test_secret_in_a_released_text_is_no_leak():
    from reportgen.model.policy import Ground, Policy, Release

    policy = Policy(releases=(Release(Ground("理由", "依据", PLACE), text="联系人欧阳某某"),))
    given = disclosed(PERSON, policy=policy)
    assert not search("html", "<p>联系人欧阳某某</p>".encode(), given)
    assert search("html", f"<p>{NAME}</p>".encode(), given)
