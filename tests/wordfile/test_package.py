from __future__ import annotations

import io
import zipfile

import pytest

from reportgen.project.foreign_files import ForeignFileError
from reportgen.wordfile.package import WordFile
from word_files import paragraph, word_file


def test_parts_that_hold_text_are_found_by_their_relations() -> None:
    parts = {"footnotes": "", "footer": paragraph("脚"), "header": paragraph("头")}
    file = WordFile.read(word_file(paragraph("正文"), parts))
    assert file.text_parts == {
        "word/document.xml": "main",
        "word/header.xml": "header",
        "word/footer.xml": "footer",
        "word/footnotes.xml": "footnote",
    }


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0 an old .doc",
        word_file("", members={"word/document.xml": b"<w:document"}),
        word_file("", members={"word/document.xml": b"<document/>"}),
        word_file("", members={"[Content_Types].xml": b"<Types/>"}),
    ],
)
def test_what_is_no_word_file_is_told_by_one_error(data: bytes) -> None:
    with pytest.raises(ForeignFileError, match="@"):
        WordFile.read(data)


def test_a_file_that_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(ForeignFileError, match="@unpacks_to_much"):
        WordFile.read(word_file(paragraph("很长" * 1000)), most=500)


def test_a_document_type_is_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aa">]><x/>'
    with pytest.raises(ForeignFileError, match="@document_type"):
        WordFile.read(word_file("", members={"word/document.xml": bomb}))


def test_a_member_of_an_empty_zip_is_missed() -> None:
    data = io.BytesIO()
    zipfile.ZipFile(data, "w").close()
    with pytest.raises(ForeignFileError, match="@no_word_file"):
        WordFile.read(data.getvalue())
