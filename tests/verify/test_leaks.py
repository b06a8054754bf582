from __future__ import annotations

import html
import io
import zipfile
from dataclasses import replace

import pikepdf
import pytest
from finished import DOCUMENT, finished, line, made

from reportgen.model.document import Paragraph
from reportgen.verify.leaks import find_leaks

NAME, PHONE = "欧阳某某", "0000001"
SECRETS = {"report.preparer.name": NAME, "report.preparer.phone": PHONE}


def leaks(name, data, secrets=SECRETS, told=()):
    return {each.subject for each in find_leaks({name: data}, secrets, told)}


def test_clean_files_hold_no_secret():
    assert find_leaks(finished(), SECRETS) == ()


def test_leak_names_key_and_format():
    (found,) = find_leaks({"html": PHONE.encode()}, SECRETS)
    assert (found.code, found.subject) == ("D101", "report.preparer.phone")
    assert found.params == {"format": "html", "key": "report.preparer.phone"}


@pytest.mark.parametrize("name", ["docx", "html", "pdf"])
def test_secret_printed_in_the_text_is_found(name):
    blocks = (*DOCUMENT.blocks, Paragraph(line(f"填表人：{NAME}，电话{PHONE}。")))
    assert leaks(name, made(replace(DOCUMENT, blocks=blocks), name)[name]) == set(SECRETS)


# Word


def parts():
    with zipfile.ZipFile(io.BytesIO(finished()["docx"])) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in files.items():
            package.writestr(name, part)
    return data.getvalue()


@pytest.mark.parametrize("part", sorted(name for name in parts() if not name.endswith("/")))
def test_secret_in_any_part_of_a_word_file_is_found(part):
    files = parts()
    files[part] = files[part].replace(b">", f"><!--{NAME}-->".encode(), 1)
    assert leaks("docx", packed(files)) == {"report.preparer.name"}


def test_secret_as_the_name_of_a_part_is_found():
    assert leaks("docx", packed({**parts(), f"word/{NAME}.xml": b""})) == {"report.preparer.name"}


SPLIT = [
    "<w:r><w:t>欧阳</w:t></w:r><w:r><w:rPr/><w:t>某某</w:t></w:r>",
    "<w:t>欧 阳\n某 某</w:t>",
    '<w:t xml:space="preserve">欧</w:t><w:tab/><w:t>阳某某</w:t>',
    "<w:t>&#27431;&#38451;某某</w:t>",
    '<dc:creator>欧阳某某</dc:creator><w:t w:x="欧阳某某"/>',
]


@pytest.mark.parametrize("content", SPLIT)
def test_secret_in_pieces_of_a_part_is_found(content):
    files = {**parts(), "word/footer9.xml": f"<w:ftr>{content}</w:ftr>".encode()}
    assert leaks("docx", packed(files)) == {"report.preparer.name"}


# The page

HIDDEN = [
    f"<!-- {NAME} -->",
    f'<p title="{NAME}">x</p>',
    f"<p data-x='{NAME}'>x</p>",
    f'<meta name="author" content="{NAME}">',
    f"<style>/* {NAME} */</style>",
    f"<script>let a = '{NAME}'</script>",
    f"<template>{NAME}</template>",
    "<p>欧<b>阳</b>某<i>某</i></p>",
    f"<p>{''.join(f'&#{ord(c)};' for c in NAME)}</p>",
    f"<p>{''.join(f'&#x{ord(c):x};' for c in NAME)}</p>",
    "<p>欧阳\u3000某 某</p>",
    '<a href="tel:000 00-01">欧阳某某</a>',
]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_secret_anywhere_in_a_page_is_found(hidden):
    page = finished()["html"].decode().replace("</main>", f"{hidden}</main>")
    assert "report.preparer.name" in leaks("html", page.encode())


@pytest.mark.parametrize("value", ["A&B公司", "<内部>", "a\"b'c甲"])
def test_secret_with_signs_of_markup_is_found(value):
    page = f'<p title="{html.escape(value)}">x</p>'
    assert leaks("html", page.encode(), {"k": value}) == {"k"}


# PDF


def resaved(change):
    with pikepdf.open(io.BytesIO(finished()["pdf"])) as pdf:
        change(pdf)
        data = io.BytesIO()
        pdf.save(data)
    return data.getvalue()


def in_info(pdf):
    pdf.docinfo["/Author"] = NAME


def in_metadata(pdf):
    packet = pdf.Root.Metadata.read_bytes().replace(b"<rdf:RDF", f"<!--{NAME}--><rdf:RDF".encode())
    pdf.Root.Metadata.write(packet)


def in_bookmark(pdf):
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(NAME, 0))


def in_attachment(pdf):
    pdf.attachments["a.txt"] = pikepdf.AttachedFileSpec(pdf, NAME.encode())


def in_attachment_name(pdf):
    pdf.attachments[NAME] = pikepdf.AttachedFileSpec(pdf, b"x")


def in_annotation(pdf):
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Contents=NAME)
    pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(note)])


def in_tag(pdf):
    pdf.make_indirect(pdf.Root.StructTreeRoot.K[0])["/ActualText"] = pikepdf.String(NAME)


@pytest.mark.parametrize(
    "change",
    [in_info, in_metadata, in_bookmark, in_attachment, in_attachment_name, in_annotation, in_tag],
)
def test_secret_anywhere_in_a_pdf_is_found(change):
    assert leaks("pdf", resaved(change)) == {"report.preparer.name"}


# Ways to write it

WRITTEN = [
    ("13800000000", "138-0000-0000"),
    ("13800000000", "138 0000 0000"),
    ("13800000000", "".join(chr(0xFF10 + int(digit)) for digit in "13800000000")),
    ("0745-2230000", "07452230000"),
    ("2024-06-25", "填于2024年6月25日"),
    ("2024-06-25", "2024-06-25"),
    ("1234.5万元", "1,234.5万元"),
    ("1234.5万元", "1 234.5 万元"),
    ("1234.5万元", '<data value="1234.5">'),
    ("1,234.5万元", "共1234.5万元"),
    ("王芳", "填表人王芳。"),
    ("王芳", "王　芳"),
    ("95人", "编制95人"),
    ("AB12", "ab AB12"),
]


@pytest.mark.parametrize(("secret", "written"), WRITTEN)
def test_secret_is_found_in_every_way_to_write_it(secret, written):
    assert leaks("html", written.encode(), {"k": secret}) == {"k"}


OTHER = [
    ("95人", "195人"),
    ("1234.5万元", "81234.5万元"),
    ("0000001", "00000012"),
    ("0000001", "0.0000001"),
    ("12345", "12345.6"),
    ("王芳", "王小芳"),
    ("2024-06-25", "2024年6月28日"),
]


@pytest.mark.parametrize(("secret", "written"), OTHER)
def test_piece_of_something_else_is_no_secret(secret, written):
    assert leaks("html", written.encode(), {"k": secret}) == set()


@pytest.mark.parametrize("secret", ["3", "无", "A1", "—", "123", ""])
def test_what_is_too_short_to_tell_is_not_searched(secret):
    assert leaks("html", f"甲{secret}乙".encode(), {"k": secret}) == set()


def test_value_that_another_fact_discloses_is_no_secret():
    secrets = {"a": "2024-06-28", "b": "怀化市工信局"}
    page = "2024年6月28日，怀化市工信局".encode()
    assert leaks("html", page, secrets) == {"a", "b"}
    assert leaks("html", page, secrets, ("2024-06-28", "怀化市工信局")) == set()


def test_value_that_is_only_part_of_a_disclosed_text_stays_a_secret():
    assert leaks("html", "联系人王芳".encode(), {"k": "王芳"}, ("联系人王芳",)) == {"k"}
