from __future__ import annotations

import hashlib
from pathlib import Path

import pylopdf_fonts_zh_cn
import pytest
from fontTools.ttLib import TTCollection, TTFont

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

BOOK = find_fonts(system=False)


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
