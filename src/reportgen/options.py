"""The options that several commands take, declared once."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Face(StrEnum):
    """How findings are shown."""

    concise = "concise"
    full = "full"
    json = "json"


class Reader(StrEnum):
    """For whom a report is built."""

    internal = "internal"
    submit = "submit"
    public = "public"


class Lang(StrEnum):
    """The language of messages."""

    zh = "zh"
    en = "en"


def default_language() -> Lang:
    """Return English where the locale says so, else Chinese."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return Lang.en if (locale or "").lower().startswith("en") else Lang.zh


Root = Annotated[Path, typer.Option("--root", help="含 data/ 和 templates/ 的文件夹")]
Out = Annotated[Path | None, typer.Option("--out", help="成品文件夹（默认 <root>/build）")]
Year = Annotated[int | None, typer.Option("--year", help="年度")]
Unit = Annotated[str | None, typer.Option("--unit", help="单位，如 huaihua")]
Report = Annotated[str | None, typer.Option("--report", help="报告，如 department")]
For = Annotated[Reader, typer.Option("--audience", help="读者：内部、报送、公开")]
Strict = Annotated[bool, typer.Option("--strict", help="警告也算错误")]
Tongue = Annotated[Lang, typer.Option("--lang", default_factory=default_language, help="消息语言")]
Shape = Annotated[Face, typer.Option("--output-format", help="消息样式")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="连同提示一起显示")]
HERE = Path()
