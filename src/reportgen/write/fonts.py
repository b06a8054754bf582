"""The fonts of the PDF and the charts: those wanted, those installed, and their files."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from struct import iter_unpack, unpack
from typing import TYPE_CHECKING, BinaryIO, Literal

from reportgen.findings import Finding, finding
from reportgen.model.frozen import frozen
from reportgen.project.extras import installed_version
from reportgen.write.typesetting import load_fonts

if TYPE_CHECKING:
    import typst

Role = Literal[
    "title",
    "heading",
    "kai",
    "body",
    "number",
    "latin",
    "rare",
    "sign",
    "box",
    "extended",
]

SERIF, SANS = "Noto Serif SC", "Noto Sans SC"
EMBEDDED, BOXES = "Libertinus Serif", "DejaVu Sans Mono"
"""Families inside Typst: one of letters, and one that has ☐ ☑ ☒, as no Chinese one has."""

EXTENDED = (
    *("SimSun-ExtB", "SimSun-ExtG", "宋体-方正超大字符集", "HanaMinA", "HanaMinB"),
    *("BabelStone Han", "Jigmo", "Jigmo2", "Jigmo3", "Plangothic P1", "Plangothic P2"),
    "Noto Sans CJK SC",
)
"""Families of rare Han characters, of Windows and others; the last one comes with a package."""

REGULAR = 400
"""The weight that text is set in."""


@frozen
class RoleFonts:
    """The families fit for a role: official ones, the one to name first, then substitutes."""

    role: Role
    label: str
    official: tuple[str, ...]
    substitutes: tuple[str, ...]

    @property
    def families(self) -> tuple[str, ...]:
        """Return all families, in the order in which they are preferred."""
        return self.official + self.substitutes


ROLE_FONTS = (
    RoleFonts(
        "title",
        "标题",
        ("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05"),
        ("FandolSong", SERIF),
    ),
    RoleFonts("heading", "一级标题和表头", ("黑体", "SimHei"), ("FandolHei", SANS)),
    RoleFonts(
        "kai",
        "二级标题",
        ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi"),
        ("FandolKai", SERIF),
    ),
    RoleFonts(
        "body",
        "正文",
        ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong"),
        ("FandolFang R", "FandolFang", SERIF),
    ),
    RoleFonts("number", "页码", ("宋体", "SimSun"), ("FandolSong", SERIF)),
    RoleFonts("latin", "数字和西文", ("Times New Roman",), (EMBEDDED,)),
    RoleFonts("rare", "生僻字", (SERIF,), ()),
    RoleFonts("sign", "符号", (SANS,), ()),
    RoleFonts("box", "方框", (BOXES,), ()),
)
"""Every role, in the order of findings; the last three help out with what the others lack.

Where a document has rare characters, each family of `EXTENDED` that there is helps out, too.
"""


@frozen
class FontFace:
    """The family used for a role, in place of `wanted` when it is `substituted`.

    `path` is its file, empty for a font inside Typst; `index` its place in a collection.
    """

    role: Role
    label: str
    wanted: str
    family: str
    substituted: bool
    path: str = ""
    index: int = 0


@frozen
class FontFile:
    """A font as the manifest names it; `sha256` is empty for a font inside Typst."""

    family: str
    file: str
    version: str
    sha256: str = ""


@frozen
class FontBook:
    """A face for each role."""

    faces: tuple[FontFace, ...]

    def family(self, role: Role) -> str:
        """Return the family used for `role`."""
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


@cache
def find_fonts(extra: tuple[str, ...] = (), *, system: bool = True, rare: bool = False) -> FontBook:
    """Return the fonts to use of those installed, those at `extra`, and those always there.

    `extra` holds font files or folders. Without `system` the fonts of the machine are left
    out, so that the result is the same everywhere. Only with `rare` those of rare characters are
    among them, which take as long to open as all others.
    """
    import pylopdf_fonts_zh_cn  # noqa: PLC0415 - engines are loaded when they run

    paths = [*extra, str(pylopdf_fonts_zh_cn.serif_path())]
    families: set[str] = set()
    for fonts in ROLE_FONTS:
        families.update(fonts.families)
    if rare:
        import noto_cjk_sans_otc  # noqa: PLC0415

        paths.append(str(noto_cjk_sans_otc.FONT_PATH))
        families.update(EXTENDED[:-1])
    folders = tuple(_folder(Path(path)) for path in paths)
    installed = _installed(folders, frozenset(families), system=system)
    faces = [_best_face(fonts, installed) for fonts in ROLE_FONTS]
    if rare:
        faces += _extended_faces(installed)
    return FontBook(tuple(faces))


def _extended_faces(installed: Mapping[str, typst.FontInfo]) -> Iterator[FontFace]:
    """Yield a face of each family of rare characters that there is."""
    for family in EXTENDED:
        if family.casefold() in installed:
            yield _best_face(RoleFonts("extended", "生僻字", (family,), ()), installed)


def _folder(path: Path) -> str:
    """Return the folder of a font file, or a folder itself."""
    return str(path if path.is_dir() else path.parent)


@cache
def _installed(
    folders: tuple[str, ...], wanted: frozenset[str], *, system: bool
) -> Mapping[str, typst.FontInfo]:
    """Return the upright face nearest to regular of every family, by its name in small letters.

    Families in `folders` and inside Typst are all there; with `system`, of the machine's own
    those `wanted` at least.
    """
    system_folders = _system_folders(wanted) if system else ()
    if system_folders is None:
        book = load_fonts(folders, system=True)
    else:
        book = load_fonts((*folders, *system_folders))
    upright = [info for info in book.fonts() if info.style == "normal"]
    upright.sort(key=lambda info: abs(info.weight - REGULAR), reverse=True)
    return {info.family.casefold(): info for info in upright}


@cache
def _system_folders(families: frozenset[str]) -> tuple[str, ...] | None:
    """Return the folders of those `families` that are installed, None if nothing lists them.

    fontconfig knows in 10 ms what takes Typst 140 ms to find out by opening every font.
    """
    program = shutil.which("fc-list")
    if program is None:
        return None
    command = [program, "--format", "%{file}\t%{family}\n"]
    listing = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    if listing.returncode:
        return None
    wanted = {family.casefold() for family in families - {EMBEDDED, BOXES}}
    folders: set[str] = set()
    for line in listing.stdout.decode(errors="replace").splitlines():
        path, _, names = line.partition("\t")
        if not wanted.isdisjoint(name.strip().casefold() for name in names.split(",")):
            folders.add(str(Path(path).parent))
    return tuple(sorted(folders))


def _best_face(fonts: RoleFonts, installed: Mapping[str, typst.FontInfo]) -> FontFace:
    """Return the face of the first family of `fonts` that is installed."""
    for family in fonts.families:
        info = installed.get(family.casefold())
        if info is not None:
            return FontFace(
                fonts.role,
                fonts.label,
                wanted=fonts.official[0],
                family=info.family,
                substituted=family not in fonts.official,
                path=info.path or "",
                index=info.index,
            )
    raise LookupError(fonts.role, fonts.substitutes)


def substitutions(book: FontBook) -> tuple[Finding, ...]:
    """Return a note for every official font that another stands in for."""
    return tuple(
        finding("W101", wanted=face.wanted, used=face.family, role=face.label)
        for face in book.faces
        if face.substituted
    )


def font_files(book: FontBook, *, versions: bool = True) -> tuple[FontFile, ...]:
    """Return the fonts of `book` with their hashes, and their `versions` if asked, by family."""
    faces = {face.family: face for face in book.faces}
    return tuple(_font_file(faces[family], versions=versions) for family in sorted(faces))


def _font_file(face: FontFace, *, versions: bool) -> FontFile:
    if not face.path:
        return FontFile(face.family, "", f"typst {installed_version('typst')}" if versions else "")
    stated = font_version(face.path, face.index) if versions else ""
    return FontFile(face.family, Path(face.path).name, stated, _digest(face.path))


@cache
def _digest(path: str) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_VERSION = 5
"""The number of the version among the names of a font (OpenType 1.9.1, `name`)."""
_ENGLISH = frozenset([(1, 0), (3, 0x409)])
"""The platforms and languages of English names: of Macintosh and of Windows."""
_MACINTOSH = 1


@cache
def font_version(path: str, index: int) -> str:
    """Return the version that the font at `index` of a font file states, in English if it can.

    It is read here, since fontTools takes longer to load (45 ms) than a check of all outputs.
    """
    with Path(path).open("rb") as file:
        names = _names(file, _font_offset(file, index))
    versions = [(where, text) for where, number, text in names if number == _VERSION]
    english = [each for each in versions if each[0] in _ENGLISH]
    return (english or versions or [((0, 0), "")])[-1][1]


def _font_offset(file: BinaryIO, index: int) -> int:
    """Return where the font at `index` begins in a font file, which may be a collection."""
    if file.read(4) != b"ttcf":
        return 0
    file.seek(12 + 4 * index)
    offset: int = unpack(">L", file.read(4))[0]
    return offset


def _names(file: BinaryIO, font: int) -> list[tuple[tuple[int, int], int, str]]:
    """Return the names in the font that begins at `font`: platform and language, number, text."""
    file.seek(font + 4)
    (tables,) = unpack(">H", file.read(2))
    file.seek(font + 12)
    directory = iter_unpack(">4s4xLL", file.read(16 * tables))
    places = {tag: (offset, length) for tag, offset, length in directory}
    offset, length = places[b"name"]
    file.seek(offset)
    table = file.read(length)
    count, texts = unpack(">2xHH", table[:6])
    names: list[tuple[tuple[int, int], int, str]] = []
    for record in iter_unpack(">6H", table[6 : 6 + 12 * count]):
        platform, _, language, number, size, start = record
        encoding = "mac_roman" if platform == _MACINTOSH else "utf-16-be"
        text = table[texts + start : texts + start + size].decode(encoding, "replace")
        names.append(((platform, language), number, text))
    return names
