from __future__ import annotations

import io
import json
import zipfile
import zlib
from base64 import b64encode
from urllib.parse import quote

import pikepdf
import pytest
from finished import finished
from planted import (
    disclosed,
    in_page,
    leaks,
    members,
    packed,
    resaved,
    search,
    secret,
    with_parts,
)

from pictures import CARRIED, png
from reportgen.verify.opened import OpenedFile
from reportgen.verify.part import Blob, Part, UnreadableError
from reportgen.verify.search import parts
from sealed_pdf import rewritten, sealed


def refused(data, name="x"):
    """Return the part that keeps a file from being searched; the finding names it too."""
    with pytest.raises(UnreadableError) as caught:
        list(parts("", OpenedFile(data)))
    (found,) = search(name, data, disclosed())
    assert (found.code, found.severity) == ("D102", "error")
    said = {"file": name, "part": caught.value.where, "detail": caught.value.detail}
    assert said.items() <= found.params.items()
    return caught.value.where


@pytest.mark.parametrize("name", ["docx", "html", "pdf"])
def test_every_part_of_finished_files_can_be_read(name):
    assert len(list(parts("", OpenedFile(finished()[name])))) > 3


def test_parts_are_named_as_their_format_names_them():
    names = {part.where for part in parts("", OpenedFile(finished()["docx"]))}
    assert {"word/document.xml", "word/footer1.xml", "docProps/core.xml @type", "zip"} <= names
    names = {part.where for part in parts("", OpenedFile(finished()["html"]))}
    assert {" <style>", " @content", " <…>"} <= names
    names = {part.where for part in parts("", OpenedFile(finished()["pdf"]))}
    assert {"p. 1", "StructTreeRoot", "/Info /Title", "/Outlines /Title", "PDF"} <= names


def test_letters_of_a_picture_written_out_are_no_text_but_what_it_carries_is():
    address = f"data:image/png;base64,{b64encode(png()).decode()}"
    page = f'<main><img src="{address}" alt="章"></main>'.encode()
    found = list(parts("", OpenedFile(page)))
    texts = [part.raw for part in found if isinstance(part, Part)]
    assert not any(address[40:80] in text for text in texts)
    assert any(CARRIED.encode() in part.data for part in found if isinstance(part, Blob))


UNREADABLE = {
    "ole": ("word/embeddings/a.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50)),
    "font": ("word/fonts/a.odttf", bytes(range(256))),
    "gzip": ("word/media/a.emz", b"\x1f\x8b\x08\0\0\0\0\0"),
    "broken xml": ("word/a.xml", b"<a>"),
    "xml with entities": ("word/a.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
    "binary named xml": ("word/a.xml", b"\0\1\2"),
    "broken png": ("word/media/a.png", b"\x89PNG\r\n\x1a\n\0\0\0\x09zTXtA\0\0bad!!"),
    "broken package": ("word/embeddings/a.docx", b"PK\x03\x04" + bytes(40)),
    "broken pdf": ("word/embeddings/a.pdf", b"%PDF-1.7 startxref %%EOF"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_part_that_nobody_can_read_is_refused(kind):
    name, data = UNREADABLE[kind]
    assert refused(with_parts({name: data})) == name


def test_packages_in_packages_end_somewhere():
    data = packed({"a.txt": b"x"})
    for _ in range(10):
        data = packed({"a.zip": data})
    assert refused(data).endswith("a.zip")


def test_bytes_that_belong_to_no_part_of_a_package_are_refused():
    data = finished()["docx"]
    assert refused(data + b"more") == "zip"
    assert refused(b"PK\x03\x04hidden" + data)
    assert refused(b"PKmore" + data)


def test_file_that_the_directory_of_a_package_does_not_list_is_refused():
    whole = packed({"a.xml": b"<a/>", "b.xml": b"<b/>", "c.xml": b"<c/>"})
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        second, start = archive.infolist()[1], archive.start_dir
    entry = 46 + len("a.xml")
    hidden = whole[: start + entry] + whole[start + 2 * entry :]
    end = hidden.rindex(b"PK\x05\x06")
    count, size = (2).to_bytes(2, "little"), (2 * entry).to_bytes(4, "little")
    hidden = hidden[: end + 8] + count * 2 + size + hidden[end + 16 :]
    assert zipfile.ZipFile(io.BytesIO(hidden)).namelist() == ["a.xml", "c.xml"]
    assert second.filename == "b.xml"
    assert refused(hidden) == "zip"


def test_encrypted_part_is_refused():
    data = bytearray(packed(members()))
    start = data.index(b"PK\x01\x02")
    data[start + 8] |= 1
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        name = archive.infolist()[0].filename
    assert refused(bytes(data)) == name


def test_encrypted_pdf_is_refused():
    locked = pikepdf.Encryption(owner="o", user="", R=6)
    assert refused(resaved(lambda _pdf: None, encryption=locked))
    locked = pikepdf.Encryption(owner="o", user="u", R=6)
    assert refused(resaved(lambda _pdf: None, encryption=locked))


def test_what_a_pdf_said_before_it_was_changed_is_found_and_who_signed_it():
    said = b"/Span<</ActualText(Zhang Sanfeng)>>BDC EMC"
    changed = rewritten(rewritten(finished()["pdf"], said), b"")
    assert leaks("pdf", changed, secret("Zhang Sanfeng")) == {"k"}
    signed = sealed(finished()["pdf"], "Li Sishen")
    assert leaks("pdf", signed, secret("Li Sishen")) == {"k"}


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_term_in_an_address_is_found_in_a_pdf_and_on_a_page(encoding):
    address = f"https://example.org/{quote('军民融合', encoding=encoding)}"

    def link(pdf):
        pdf.Root.Extra = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=address)

    assert leaks("pdf", resaved(link), secret("军民融合")) == {"k"}
    assert in_page(f'<a href="{address}">见</a>', "军民融合")


def test_pdf_that_goes_on_behind_its_end_is_refused():
    data = finished()["pdf"]
    assert refused(data + b"\n1 0 obj\n<<>>\nendobj\nstartxref\n0\n%%EOF\n")
    assert refused(data + b"more")


def test_stream_that_cannot_be_decoded_is_refused():
    def damage(pdf):
        stream = pdf.make_stream(b"")
        stream.write(b"no such", filter=pikepdf.Name("/Crypt9"))
        pdf.Root["/Keep"] = stream

    assert "0 R" in refused(resaved(damage))


def test_stream_that_was_damaged_is_refused():
    def damage(pdf):
        stream = pdf.make_stream(b"")
        packed_data = zlib.compress(b"x" * 5000)
        stream.write(packed_data[:9] + b"\xff" * 40, filter=pikepdf.Name.FlateDecode)
        pdf.Root["/Keep"] = stream

    assert "0 R" in refused(resaved(damage))


def test_numbers_end_where_pieces_do():
    part = Part("x", ("12", "34"))
    assert part.solid.text == "1234"
    assert part.text == "12\x1f34"


@pytest.mark.parametrize("code", ["2230000", "223000012345"])
def test_escape_in_a_script_ends_with_its_four_digits(code):
    script = json.dumps(f"编号{code}")
    assert in_page(f"<script>{script}</script>", code) == {code}


def test_pair_of_escapes_in_a_script_is_one_character():
    script = json.dumps("\U0001d7d5\U0001d7d1\U0001d7cf\U0001d7d6.52万元")
    assert in_page(f"<script>{script}</script>", "7318.52万元") == {"7318.52万元"}


def test_number_that_stands_alone_in_a_pdf_hinders_nobody():
    with pikepdf.open(io.BytesIO(finished()["pdf"])) as pdf:
        pdf.Root.Length = pdf.make_indirect(7)
        data = io.BytesIO()
        pdf.save(data)
    assert list(parts("", OpenedFile(data.getvalue())))
