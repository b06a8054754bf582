"""What is installed here, and what each missing piece costs."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

import pypandoc

from reportgen.findings.codes import Language
from reportgen.model.frozen import frozen
from reportgen.project.extras import EXTRAS, missing_packages
from reportgen.write.fonts import find_fonts
from reportgen.write.writers import ENGINES

Condition = Literal["ok", "lesser", "missing"]


@frozen
class InstalledPiece:
    """One piece: its name, what was found, and what it costs that it is not better.

    `missing` stops the main job, `lesser` only something beside it.
    """

    name: str
    state: Condition
    found: str
    cost: str = ""


PROGRAMS: tuple[tuple[str, tuple[str, ...], dict[Language, str]], ...] = (
    (
        "git",
        ("git",),
        {
            "zh": "没有 git：不能 verify、rebuild、diff 过去的提交",
            "en": "no verify, rebuild or diff of past commits",
        },
    ),
    (
        "fontconfig",
        ("fc-list",),
        {
            "zh": "没有 fc-list：第一次找字体慢约 0.15 秒",
            "en": "the first search for fonts takes 0.15 s more",
        },
    ),
    (
        "Chromium",
        ("chromium", "chromium-browser", "google-chrome"),
        {
            "zh": "没有 Chromium：浏览器测试跳过，生成报告不受影响",
            "en": "browser tests are skipped; reports need none",
        },
    ),
    (
        "LibreOffice",
        ("soffice", "libreoffice"),
        {
            "zh": "没有 LibreOffice：不能在本机看 Word、Excel 的版面，生成报告不受影响",
            "en": "no look at Word and Excel files here; reports need none",
        },
    ),
)
"""Programs outside Python: the names they go by, and what it costs to have none."""


TEXTS: dict[str, dict[Language, tuple[str, str]]] = {
    "packages": {"zh": ("", "重新安装：make setup"), "en": ("", "install again: make setup")},
    "extra": {
        "zh": ("{}（{}）", "{} 不能用：pip install 'reportgen[{}]'"),
        "en": ("{} ({})", "no {}: pip install 'reportgen[{}]'"),
    },
    "pandoc": {
        "zh": ("pandoc", "Word 文件无法核验，不能发布"),
        "en": ("pandoc", "Word files cannot be verified"),
    },
    "fonts": {
        "zh": ("字体·{}", "PDF 用 {} 代替 {}；Word 不受影响"),
        "en": ("font {}", "the PDF has {} for {}; Word is not affected"),
    },
    "project": {
        "zh": ("项目", "这里没有 data/ 和 templates/；到项目里运行，或用 --root 指明"),
        "en": ("project", "no data/ and templates/ here; run in the project, or give --root"),
    },
    "output": {
        "zh": ("成品文件夹", "不能写入，无法生成；用 --out 指明别处"),
        "en": ("output folder", "cannot be written to; name another by --out"),
    },
    "encoding": {
        "zh": ("终端编码", "不是 UTF-8，消息可能显示成乱码：设 PYTHONUTF8=1"),
        "en": ("encoding", "not UTF-8, messages may be garbled: set PYTHONUTF8=1"),
    },
}
"""What each other piece is called, and what it costs that it is not as it should be."""


def examine(root: Path, encoding: str, language: Language) -> tuple[InstalledPiece, ...]:
    """Return a check for everything that a build in `root` stands on, the needed first.

    `encoding` is that of the terminal, as Python names it.
    """
    return (
        InstalledPiece("Python", "ok", f"{sys.version.split()[0]}  {sys.executable}"),
        *_packages(language),
        *_extras(language),
        _pandoc(language),
        *_fonts(language),
        _project(root, language),
        _output_folder(root / "build", language),
        _encoding(encoding, language),
        *_programs(language),
    )


def _piece(
    name: str, found: str, cost: str, *, ok: bool, otherwise: Condition = "missing"
) -> InstalledPiece:
    """Return a piece that costs nothing where it is `ok`."""
    if ok:
        return InstalledPiece(name, "ok", found)
    return InstalledPiece(name, otherwise, found, cost)


def _packages(language: Language) -> Iterator[InstalledPiece]:
    _, cost = TEXTS["packages"][language]
    for name in ENGINES:
        try:
            yield InstalledPiece(name, "ok", version(name))
        except PackageNotFoundError:
            yield InstalledPiece(name, "missing", "—", cost)


def _extras(language: Language) -> Iterator[InstalledPiece]:
    name, cost = TEXTS["extra"][language]
    for extra, packages in EXTRAS.items():
        missing = missing_packages(extra)
        commands = "import、export" if extra == "excel" else "preview"
        yield _piece(
            name.format(extra, "、".join(packages)),
            "、".join(missing) or "✓",
            cost.format(commands, extra),
            ok=not missing,
            otherwise="lesser",
        )


def _pandoc(language: Language) -> InstalledPiece:
    name, cost = TEXTS["pandoc"][language]
    try:
        return InstalledPiece(name, "ok", str(pypandoc.get_pandoc_version()))
    except OSError:
        return InstalledPiece(name, "missing", "—", cost)


def _fonts(language: Language) -> Iterator[InstalledPiece]:
    name, cost = TEXTS["fonts"][language]
    for face in find_fonts().faces:
        yield _piece(
            name.format(face.label if language == "zh" else face.role),
            face.family,
            cost.format(face.family, face.wanted),
            ok=not face.substituted,
            otherwise="lesser",
        )


def _project(root: Path, language: Language) -> InstalledPiece:
    complete = (root / "data").is_dir() and (root / "templates").is_dir()
    name, cost = TEXTS["project"][language]
    return _piece(name, str(root.resolve()), cost, ok=complete)


def _output_folder(folder: Path, language: Language) -> InstalledPiece:
    """Return whether the folder can be written to, or made in the first above it that there is."""
    existing = folder if folder.exists() else folder.resolve()
    while not existing.exists():
        existing = existing.parent
    name, cost = TEXTS["output"][language]
    return _piece(name, str(folder), cost, ok=os.access(existing, os.W_OK))


def _encoding(encoding: str, language: Language) -> InstalledPiece:
    is_utf8 = encoding.lower().replace("-", "") == "utf8"
    name, cost = TEXTS["encoding"][language]
    return _piece(name, encoding, cost, ok=is_utf8, otherwise="lesser")


def _programs(language: Language) -> Iterator[InstalledPiece]:
    for name, commands, cost in PROGRAMS:
        path = _first_installed(commands)
        ok = path is not None
        yield _piece(name, path or "—", cost[language], ok=ok, otherwise="lesser")


def _first_installed(commands: Iterable[str]) -> str | None:
    for command in commands:
        path = shutil.which(command)
        if path is not None:
            return path
    return None
