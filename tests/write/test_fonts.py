from __future__ import annotations

import hashlib
from pathlib import Path

import pylopdf_fonts_zh_cn
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont

from reportgen.model.document import Annex, Cell, Document, Heading, Paragraph, Row, Table, Text
from reportgen.write.fonts import (
    BOXES,
    EMBEDDED,
    ROLE_FONTS,
    SANS,
    SERIF,
    find_fonts,
    font_files,
    font_version,
    substitutions,
)
from reportgen.write.pdf.writer import missing_glyphs

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


def square():
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 700), (700, 700), (700, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()


@pytest.fixture
def install(tmp_path):
    """Return a function that makes a small font of a family, with glyphs of some characters."""

    def make(family, characters="", style="Regular", weight=400):
        names = [".notdef", *(f"u{ord(each):04x}" for each in characters)]
        builder = FontBuilder(1000, isTTF=True)
        builder.setupGlyphOrder(names)
        builder.setupCharacterMap(dict(zip(map(ord, characters), names[1:], strict=True)))
        builder.setupGlyf({name: square() for name in names})
        builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 0)))
        builder.setupHorizontalHeader(ascent=880, descent=-120)
        named = {"familyName": family, "styleName": style, "psName": "x", "version": "Version 7"}
        builder.setupNameTable(named)
        builder.setupOS2(usWeightClass=weight)
        builder.setupPost()
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.ttf"
        builder.save(path)
        return str(path)

    return make


class TestCast:
    def test_is_the_embedded_default_where_nothing_is_installed(self):
        families = {face.role: face.family for face in BOOK.faces}
        assert families == {
            "title": SERIF,
            "heading": SANS,
            "kai": SERIF,
            "body": SERIF,
            "number": SERIF,
            "latin": EMBEDDED,
            "rare": SERIF,
            "sign": SANS,
            "box": BOXES,
        }

    def test_takes_an_official_font_before_others(self, install):
        paths = tuple(install(family) for family in ("FandolHei", "SimHei"))
        assert find_fonts(paths, system=False).family("heading") == "SimHei"

    @pytest.mark.parametrize(
        ("role", "family"), [(each.role, name) for each in ROLE_FONTS for name in each.official]
    )
    def test_knows_every_official_name(self, role, family, install):
        book = find_fonts((install(family),), system=False)
        assert not next(face for face in book.faces if face.role == role).substituted

    def test_takes_fandol_before_noto(self, install):
        book = find_fonts((install("FandolFang R"), install("FandolKai")), system=False)
        assert (book.family("body"), book.family("kai")) == ("FandolFang R", "FandolKai")

    def test_takes_the_regular_weight(self, install):
        bold = install("FandolSong", style="Bold", weight=700)
        regular = install("FandolSong")
        face = find_fonts((bold, regular), system=False).faces[0]
        assert face.path == regular

    def test_looks_in_folders_too(self, install):
        folder = str(Path(install("SimHei")).parent)
        assert find_fonts((folder,), system=False).family("heading") == "SimHei"

    def test_names_the_files_and_folders_needed(self, install):
        path = install("SimHei")
        book = find_fonts((path,), system=False)
        assert path in book.paths
        assert str(Path(path).parent) in book.directories
        assert str(pylopdf_fonts_zh_cn.serif_path()) in book.paths

    def test_every_role_can_fall_back_on_every_font(self, install):
        book = find_fonts((install("SimHei"), install("FandolKai")), system=False)
        stacks = list(book.stacks.values())
        assert all(set(stack) == set(stacks[0]) for stack in stacks)
        assert book.stack("heading")[0] == "SimHei"
        assert book.stack("kai")[0] == "FandolKai"

    def test_finds_something_among_the_fonts_of_this_machine(self):
        assert all(face.family for face in find_fonts().faces)


class TestSubstitution:
    def test_is_a_note_that_names_both_fonts(self):
        found = {each.params["wanted"]: each.params["used"] for each in substitutions(BOOK)}
        assert found == {
            "方正小标宋简体": SERIF,
            "黑体": SANS,
            "楷体_GB2312": SERIF,
            "仿宋_GB2312": SERIF,
            "宋体": SERIF,
            "Times New Roman": EMBEDDED,
        }
        assert {(each.code, each.severity) for each in substitutions(BOOK)} == {("W101", "note")}

    def test_is_not_noted_of_an_official_font(self, install):
        book = find_fonts((install("黑体"),), system=False)
        assert "黑体" not in {each.params["wanted"] for each in substitutions(book)}


class TestFiles:
    def test_have_versions_and_hashes(self):
        files = {each.family: each for each in font_files(BOOK)}
        assert set(files) == {SERIF, SANS, EMBEDDED, BOXES}
        data = pylopdf_fonts_zh_cn.serif_path().read_bytes()
        assert files[SERIF].sha256 == hashlib.sha256(data).hexdigest()
        assert files[SERIF].version.startswith("Version 2")
        assert files[EMBEDDED].version.startswith("typst ")

    def test_are_told_apart_without_versions(self):
        files = font_files(BOOK, versions=False)
        assert [each.sha256 for each in files] == [each.sha256 for each in font_files(BOOK)]
        assert {each.version for each in files} == {""}

    def test_are_named_without_their_folder(self, install):
        path = install("SimHei")
        named = {each.family: each for each in font_files(find_fonts((path,), system=False))}
        assert named["SimHei"].file == Path(path).name
        assert named["SimHei"].version == "Version 7"

    @pytest.mark.parametrize("index", [0, 1])
    def test_version_is_read_in_a_collection_too(self, install, index):
        collection = TTCollection()
        collection.fonts = [TTFont(install("甲")), TTFont(install("乙"))]
        collection.fonts[1]["name"].setName("Version 8", 5, 3, 1, 0x409)
        collection.fonts[1]["name"].setName("Version 中", 5, 3, 1, 0x804)
        path = install("甲") + ".ttc"
        collection.save(path)
        assert font_version(path, index) == ["Version 7", "Version 8"][index]

    @pytest.mark.parametrize(
        ("names", "version"),
        [
            ([(1, 0, 0, "mac"), (3, 1, 0x804, "中文"), (3, 1, 0x409, "win")], "win"),
            ([(1, 0, 0, "mac"), (3, 1, 0x804, "中文")], "mac"),
            ([(3, 1, 0x804, "中文"), (3, 1, 0x411, "日本")], "中文"),
            ([], ""),
        ],
    )
    def test_version_is_english_if_it_can_be(self, install, names, version):
        font = TTFont(install("SimHei"))
        font["name"].removeNames(nameID=5)
        for platform, encoding, language, text in names:
            font["name"].setName(text, 5, platform, encoding, language)
        path = install("SimHei") + ".ttf"
        font.save(path)
        assert font_version(path, 0) == version


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

    def test_is_none_of_gb2312(self):
        rows = [bytes([high, low]) for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF)]
        text = b"".join(rows).decode("gb2312", "ignore")
        assert len(text) > 7000
        found = [each.params["char"] for each in missing_glyphs(document(text), BOOK)]
        assert found == []

    def test_goes_away_with_a_font_that_has_it(self, install):
        wanted = document("甲😀")
        assert missing_glyphs(wanted, BOOK)
        assert missing_glyphs(wanted, find_fonts((install("SimHei", "😀"),), system=False)) == ()
