"""Which of the fonts wanted are installed, and where."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import pylopdf_fonts_zh_cn
import typst
from fontTools.ttLib import TTFont

from reportgen.findings import Finding, finding
from reportgen.model.document import Document
from reportgen.write.pdf.data import as_data, strings
from reportgen.write.typesetting import TypesettingError, typeset

REGULAR = 400
"""The weight that text is set in."""


@cache
def installed(wanted: tuple[str, ...], folders: tuple[str, ...]) -> Mapping[str, typst.FontInfo]:
    """Return the upright face nearest to regular of every family, by its name in small letters.

    Families in `folders` and inside Typst are all there; of the machine's own, those of
    `wanted` at least.
    """
    listed = _listed(wanted) if wanted else ()
    fonts = typst.Fonts(
        include_system_fonts=listed is None,
        include_embedded_fonts=True,
        font_paths=[*folders, *(listed or ())],
    ).fonts()
    upright = [info for info in fonts if info.style == "normal"]
    upright.sort(key=lambda info: abs(info.weight - REGULAR), reverse=True)
    return {info.family.casefold(): info for info in upright}


def _listed(wanted: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the folders of the installed families of `wanted`, None if nothing lists them.

    fontconfig knows in 10 ms what takes Typst 140 ms to find out by opening every font.
    """
    program = shutil.which("fc-list")
    if program is None:
        return None
    command = [program, "--format", "%{file}\t%{family}\n"]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        return None
    names = {family.casefold() for family in wanted}
    folders: set[str] = set()
    for line in done.stdout.decode(errors="replace").splitlines():
        path, _, families = line.partition("\t")
        if names & {family.strip().casefold() for family in families.split(",")}:
            folders.add(str(Path(path).parent))
    return tuple(sorted(folders))


Role = Literal["title", "heading", "kai", "body", "number", "latin", "rare", "sign"]

SERIF, SANS, EMBEDDED = "Noto Serif SC", "Noto Sans SC", "Libertinus Serif"

_VERSION = 5  # the number of the version among the names of a font


@dataclass(frozen=True, slots=True)
class Casting:
    """The families that may play a role: official ones, the one to name first, and substitutes."""

    role: Role
    label: str
    official: tuple[str, ...]
    substitutes: tuple[str, ...]


CASTINGS = (
    Casting(
        "title",
        "标题",
        ("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05"),
        ("FandolSong", SERIF),
    ),
    Casting("heading", "一级标题和表头", ("黑体", "SimHei"), ("FandolHei", SANS)),
    Casting(
        "kai",
        "二级标题",
        ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi"),
        ("FandolKai", SERIF),
    ),
    Casting(
        "body",
        "正文",
        ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong"),
        ("FandolFang R", "FandolFang", SERIF),
    ),
    Casting("number", "页码", ("宋体", "SimSun"), ("FandolSong", SERIF)),
    Casting("latin", "数字和西文", ("Times New Roman",), (EMBEDDED,)),
    Casting("rare", "生僻字", (SERIF,), ()),
    Casting("sign", "符号", (SANS,), ()),
)
"""Every role, in the order of findings; the last two help out with what the others lack."""


@dataclass(frozen=True, slots=True)
class FontFace:
    """The family that plays a role, in place of `wanted` when it is `substituted`.

    `path` is its file, empty for a font inside Typst; `index` its place in a collection.
    """

    role: Role
    label: str
    wanted: str
    family: str
    substituted: bool
    path: str = ""
    index: int = 0


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font as the manifest names it; `sha256` is empty for a font inside Typst."""

    family: str
    file: str
    version: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class FontBook:
    """The cast: a face for each role."""

    faces: tuple[FontFace, ...]

    def family(self, role: Role) -> str:
        """Return the family that plays `role`."""
        return next(face.family for face in self.faces if face.role == role)

    def stack(self, role: Role) -> list[str]:
        """Return the families to try for a character of `role`, in order.

        All stacks hold the same families: what one role can show, every role can.
        """
        families = [face.family for face in self.faces if face.role != "latin"]
        return list(dict.fromkeys([self.family(role), *families, self.family("latin"), EMBEDDED]))

    @property
    def stacks(self) -> dict[str, list[str]]:
        """Return the stack of every role."""
        return {face.role: self.stack(face.role) for face in self.faces}

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the font files needed."""
        return tuple(sorted({face.path for face in self.faces if face.path}))

    @property
    def directories(self) -> tuple[str, ...]:
        """Return the folders of the font files; Typst looks for fonts in folders only."""
        return tuple(sorted({str(Path(path).parent) for path in self.paths}))


def find_fonts(extra: tuple[str, ...] = (), *, system: bool = True) -> FontBook:
    """Return the fonts to use of those installed, those at `extra`, and those always there.

    `extra` holds font files or folders. Without `system` the fonts of the machine are left
    out, so that the result is the same everywhere.
    """
    folders = [path if Path(path).is_dir() else str(Path(path).parent) for path in extra]
    wanted = tuple(f for c in CASTINGS for f in (*c.official, *c.substitutes))
    always = str(pylopdf_fonts_zh_cn.serif_path().parent)
    found = installed(wanted if system else (), (*folders, always))
    return FontBook(tuple(_cast(casting, found) for casting in CASTINGS))


def _cast(casting: Casting, found: Mapping[str, typst.FontInfo]) -> FontFace:
    """Return the first face of `casting` that was found."""
    for family in (*casting.official, *casting.substitutes):
        if info := found.get(family.casefold()):
            wanted = casting.official[0]
            substituted = family not in casting.official
            path = info.path or ""
            return FontFace(
                casting.role, casting.label, wanted, info.family, substituted, path, info.index
            )
    raise LookupError(casting.role, casting.substitutes)


def substitutions(book: FontBook) -> tuple[Finding, ...]:
    """Return a note for every official font that another stands in for."""
    return tuple(
        finding("W101", wanted=face.wanted, used=face.family, role=face.label)
        for face in book.faces
        if face.substituted
    )


def font_files(book: FontBook) -> tuple[FontFile, ...]:
    """Return the fonts of `book` with their versions and hashes, by family."""
    faces = {face.family: face for face in book.faces}
    return tuple(_font_file(faces[family]) for family in sorted(faces))


@cache
def _font_file(face: FontFace) -> FontFile:
    if not face.path:
        return FontFile(face.family, "", f"typst {version('typst')}")
    path = Path(face.path)
    with TTFont(path, fontNumber=face.index, lazy=True) as font:
        named = font["name"].getDebugName(_VERSION) or ""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return FontFile(face.family, path.name, named, digest)


_PROBE = b"""#set document(title: "probe", date: datetime(year: 2000, month: 1, day: 1))
#set text(font: json("fonts.json"), fallback: false)
#json("characters.json")
"""


def missing_glyphs(document: Document, book: FontBook) -> tuple[Finding, ...]:
    """Return an error for every character of `document` that no font of `book` can show.

    Typst itself is asked: its exporter refuses a PDF/A file with an empty box in it.
    """
    first: dict[str, str] = {}
    for text in strings(as_data(document)):
        for char in dict.fromkeys(text):
            first.setdefault(char, text)
    fonts = json.dumps(book.stack("body")).encode()
    unusual = [
        char for char in first if not (char.isascii() and (char.isprintable() or char in "\t\n"))
    ]
    return tuple(
        finding(
            "W102", char=char, codepoint=f"U+{ord(char):04X}", place=_excerpt(first[char], char)
        )
        for char in _refused(unusual, fonts, book.directories)
    )


def _refused(chars: list[str], fonts: bytes, directories: tuple[str, ...]) -> Iterator[str]:
    """Yield those of `chars` that cannot be set, by halving what the engine refuses."""
    probe = {
        "main": _PROBE,
        "fonts.json": fonts,
        "characters.json": json.dumps("".join(chars)).encode(),
    }
    try:
        typeset(probe, directories)
    except TypesettingError:
        if len(chars) == 1:
            yield chars[0]
            return
        half = len(chars) // 2
        yield from _refused(chars[:half], fonts, directories)
        yield from _refused(chars[half:], fonts, directories)


def _excerpt(text: str, char: str) -> str:
    """Return the words of `text` around `char`."""
    at = text.index(char)
    return text[max(0, at - 10) : at + 11]
