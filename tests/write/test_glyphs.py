from __future__ import annotations

import pypdfium2
import pytest

from reportgen.model.document import Annex, Cell, Document, Heading, Paragraph, Row, Table, Text
from reportgen.model.edition import Edition
from reportgen.write.fonts import find_fonts
from reportgen.write.glyphs import (
    fonts_of,
    missing_glyphs,
    unusual_characters,
    unusual_findings,
    without_glyph,
)
from reportgen.write.pdf.writer import write_pdf
from small_project import SHARED

BOOK = find_fonts(system=False)


def document(*texts, **properties):
    given = {
        "title": ("题",),
        "language": "zh-CN",
        "subject": "自评",
        "organization": "某局",
        "date": "2024-06-28",
        "audience": "internal",
    }
    blocks = tuple(Paragraph((Text(text),)) for text in texts)
    return Document(**({"blocks": blocks} | given | properties))


class TestMissingGlyph:
    def test_is_an_error_with_its_place(self):
        found = missing_glyphs(document("一切正常", "某局用😀表示满意"), BOOK)
        assert [(each.code, each.severity) for each in found] == [("W102", "error")]
        assert found[0].params == {
            "char": "😀",
            "codepoint": "U+1F600",
            "place": "某局用😀表示满意",
        }

    def test_is_reported_once_and_in_order(self):
        found = missing_glyphs(document("\u0e01甲😀", "😀乙\ue000", "\u0e01"), BOOK)
        assert [each.params["char"] for each in found] == ["\u0e01", "😀", "\ue000"]

    @pytest.mark.parametrize("char", ["\x01", "\x7f", "\x80", "\ue000", "\ufffe", "\U000f0000"])
    def test_is_found_of_what_has_no_look(self, char):
        assert missing_glyphs(document(f"甲{char}乙"), BOOK)

    @pytest.mark.parametrize(
        "char", ["\u200f", "\u202e", "\u200d", "\ufe0f", "\ufeff", "\u3000", "\t", "\n"]
    )
    def test_is_none_of_what_needs_no_glyph(self, char):
        assert missing_glyphs(document(f"甲{char}乙"), BOOK) == ()

    def test_is_found_in_every_part_of_a_document(self):
        cell = Cell(((Text("😁"),),))
        table = Table("form", "😂", (1,), (Row((cell,)),), show_caption=True)
        heading = Heading(1, "😃", (Text("甲"),), "a")
        annex = Annex("😄", (Text("😅"),), (table,), "b")
        wanted = document(title=("😆",), blocks=(heading,), annexes=(annex,), organization="😇")
        found = {each.params["char"] for each in missing_glyphs(wanted, BOOK)}
        assert found == set("😁😂😃😄😅😆😇")

    def test_is_not_sought_in_keys_and_notes(self):
        heading = Heading(1, "一、", (Text("甲"),), "😀")
        assert missing_glyphs(document(blocks=(heading,), notes={"😀": "😀"}), BOOK) == ()

    def test_is_none_of_gbk(self):
        rows = [
            bytes([high, low])
            for high in range(0x81, 0xFF)
            for low in (*range(0x40, 0x7F), *range(0x80, 0xFF))
        ]
        text = b"".join(rows).decode("gbk", "ignore")
        assert len(text) > 21_800
        assert unusual_characters(document(text)) == {}
        assert without_glyph(dict.fromkeys(text), BOOK) == ()

    def test_goes_away_with_a_font_that_has_it(self, install):
        wanted = document("甲😀")
        assert missing_glyphs(wanted, BOOK)
        assert missing_glyphs(wanted, find_fonts((install("SimHei", "😀"),), system=False)) == ()


class TestRareCharacter:
    RARE = "𠮷㛃𠅤𡋾𣲘鿍"

    def test_is_shown_by_a_font_that_comes_with_a_package(self):
        book = find_fonts(system=False, rare=True)
        assert without_glyph(self.RARE, book) == ()
        assert set(without_glyph(self.RARE, BOOK)) == {"𠮷", "𡋾"}
        edition = Edition(b"", "", "", (SHARED / "report.typ").read_text("utf-8"))
        made = write_pdf(document(f"由{self.RARE}负责"), edition, book)
        page = pypdfium2.PdfDocument(made)[0].get_textpage().get_text_range()
        assert f"由{self.RARE}负责" in page

    def test_is_what_opens_the_fonts_of_rare_characters(self):
        roles = {face.role for face in fonts_of(document("一切正常，面积30㎡，X²，😀")).faces}
        assert "extended" not in roles
        assert "extended" in {face.role for face in fonts_of(document("由𠮷负责")).faces}

    def test_is_shown_by_an_installed_font_before_that_of_the_package(self, install):
        book = find_fonts((install("HanaMinB", "𠮷"),), system=False, rare=True)
        extended = [face.family for face in book.faces if face.role == "extended"]
        assert extended == ["HanaMinB", "Noto Sans CJK SC"]
        assert book.stack("body").index("HanaMinB") < book.stack("body").index("Noto Sans CJK SC")

    @pytest.mark.parametrize("char", ["𠮷", "㛃", "\uf900", "\U000e0100"])
    def test_is_noted(self, char):
        ((found_char, found),) = unusual_findings(document(f"甲{char}乙"), shown=True)
        assert (found_char, found.code, found.severity) == (char, "W108", "note")

    @pytest.mark.parametrize("char", ["😀", "𪚥", "\U0002ceb0", "\U000323af", "\u0e01"])
    def test_is_an_error_where_no_font_has_it(self, char):
        ((found_char, found),) = unusual_findings(document(f"甲{char}乙"), shown=True)
        assert (found_char, found.code, found.severity) == (char, "W102", "error")

    def test_is_told_of_the_first_ones_where_there_are_thousands(self):
        text = "".join(map(chr, range(0x2B820, 0x2CEA0)))
        found = [char for char, _ in unusual_findings(document(text), shown=True)]
        assert found == list(text[:200])

    def test_is_no_error_where_there_is_no_pdf(self):
        found = unusual_findings(document("甲😀𪚥乙"), shown=False)
        assert [(char, each.code) for char, each in found] == [("𪚥", "W108")]

    @pytest.mark.parametrize("char", ["甲", "龘", "㎡", "²", "☑", "é", "’", "≒", "鎔"])
    def test_is_none_that_usual_fonts_have(self, char):
        assert list(unusual_findings(document(f"甲{char}乙"), shown=True)) == []
