"""What is installed here, and what each missing piece costs."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

import pypandoc

from reportgen.findings.codes import Language
from reportgen.write.fonts import find_fonts
from reportgen.write.writers import ENGINES

Condition = Literal["ok", "lesser", "missing"]


@dataclass(frozen=True, slots=True)
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


def examine(root: Path, encoding: str, language: Language) -> tuple[InstalledPiece, ...]:
    """Return a check for everything that a build in `root` stands on, the needed first.

    `encoding` is that of the terminal, as Python names it.
    """
    return (
        _python(),
        *_packages(language),
        _pandoc(language),
        *_fonts(language),
        _project(root, language),
        _build(root / "build", language),
        _encoding(encoding, language),
        *_programs(language),
    )


def _python() -> InstalledPiece:
    return InstalledPiece("Python", "ok", f"{sys.version.split()[0]}  {sys.executable}")


def _packages(language: Language) -> Iterator[InstalledPiece]:
    lost = {"zh": "重新安装：make setup", "en": "install again: make setup"}[language]
    for name in ENGINES:
        try:
            yield InstalledPiece(name, "ok", version(name))
        except PackageNotFoundError:
            yield InstalledPiece(name, "missing", "—", lost)


def _pandoc(language: Language) -> InstalledPiece:
    try:
        return InstalledPiece("pandoc", "ok", str(pypandoc.get_pandoc_version()))
    except OSError:
        cost = {"zh": "Word 文件无法核验，不能发布", "en": "Word files cannot be verified"}[
            language
        ]
        return InstalledPiece("pandoc", "missing", "—", cost)


def _fonts(language: Language) -> Iterator[InstalledPiece]:
    words = {
        "zh": ("字体·{}", "PDF 用 {} 代替 {}；Word 不受影响"),
        "en": ("font {}", "the PDF has {} for {}; Word is not affected"),
    }
    name, cost = words[language]
    for face in find_fonts().faces:
        state: Condition = "lesser" if face.substituted else "ok"
        told = cost.format(face.family, face.wanted) if face.substituted else ""
        label = face.label if language == "zh" else face.role
        yield InstalledPiece(name.format(label), state, face.family, told)


def _project(root: Path, language: Language) -> InstalledPiece:
    name, cost = {
        "zh": ("项目", "这里没有 data/ 和 templates/；到项目里运行，或用 --root 指明"),
        "en": ("project", "no data/ and templates/ here; run in the project, or give --root"),
    }[language]
    there = all((root / part).is_dir() for part in ("data", "templates"))
    return InstalledPiece(
        name, "ok" if there else "missing", str(root.resolve()), "" if there else cost
    )


def _build(folder: Path, language: Language) -> InstalledPiece:
    name, cost = {
        "zh": ("成品文件夹", "不能写入，无法生成；用 --out 指明别处"),
        "en": ("output folder", "cannot be written to; name another by --out"),
    }[language]
    above = next(path for path in (folder, *folder.resolve().parents) if path.exists())
    open_ = os.access(above, os.W_OK)
    return InstalledPiece(name, "ok" if open_ else "missing", str(folder), "" if open_ else cost)


def _encoding(found: str, language: Language) -> InstalledPiece:
    name, cost = {
        "zh": ("终端编码", "不是 UTF-8，消息可能显示成乱码：设 PYTHONUTF8=1"),
        "en": ("encoding", "not UTF-8, messages may be garbled: set PYTHONUTF8=1"),
    }[language]
    good = found.lower().replace("-", "") == "utf8"
    return InstalledPiece(name, "ok" if good else "lesser", found, "" if good else cost)


def _programs(language: Language) -> Iterator[InstalledPiece]:
    for name, commands, cost in PROGRAMS:
        found = next(filter(None, map(shutil.which, commands)), None)
        yield InstalledPiece(
            name, "ok" if found else "lesser", found or "—", "" if found else cost[language]
        )
