"""The options that several commands take, declared once."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from reportgen.cli import complete
from reportgen.model.edition import FORMATS


class OutputFormat(StrEnum):
    """How findings are shown."""

    concise = "concise"
    full = "full"
    json = "json"
    github = "github"


class Reader(StrEnum):
    """For whom a report is built."""

    internal = "internal"
    submit = "submit"
    public = "public"


class Lang(StrEnum):
    """The language of messages."""

    zh = "zh"
    en = "en"


def coloured() -> bool:
    """Return whether colours are wanted: a terminal, and no NO_COLOR (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def default_language() -> Lang:
    """Return English where the locale says so, else Chinese."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return Lang.en if (locale or "").lower().startswith("en") else Lang.zh


def chosen_formats(text: str) -> tuple[str, ...]:
    """Return the formats in a list with commas, each once, in the usual order."""
    asked = {name.strip() for name in text.split(",")} - {""}
    unknown = sorted(asked - set(FORMATS))
    if unknown or not asked:
        known = "、".join(FORMATS)
        raise typer.BadParameter(f"{'、'.join(unknown) or '∅'}：{known}", param_hint="--format")
    return tuple(name for name in FORMATS if name in asked)


Root = Annotated[
    Path, typer.Option("--root", help="项目文件夹，含 data/ 和 templates/ · the project folder")
]
Out = Annotated[
    Path | None,
    typer.Option("--out", help="成品文件夹 · where files go", show_default="<root>/build"),
]
Year = Annotated[
    int | None,
    typer.Option("--year", help="年度，如 2023 · year", autocompletion=complete.year),
]
Unit = Annotated[
    str | None,
    typer.Option("--unit", help="单位，如 huaihua · unit", autocompletion=complete.unit),
]
Report = Annotated[
    str | None,
    typer.Option("--report", help="报告，如 department · report", autocompletion=complete.report),
]
For = Annotated[Reader, typer.Option("--audience", help="读者：内部、报送、公开 · for whom")]
Formats = Annotated[
    str,
    typer.Option(
        "--format",
        help="格式，逗号分隔 · formats, commas between",
        metavar="LIST",
        autocompletion=complete.formats,
    ),
]
Comments = Annotated[
    bool, typer.Option("--comments", help="Word 批注说明每个数的来历 · explain figures in Word")
]
Strict = Annotated[bool, typer.Option("--strict", help="警告也算错误 · warnings are errors")]
Final = Annotated[
    bool, typer.Option("--final", help="定稿：没有待确认、待填的才算完成 · nothing left to confirm")
]
Tongue = Annotated[
    Lang,
    typer.Option(
        "--lang",
        default_factory=default_language,
        help="消息语言 · language of messages",
        show_default="LANG",
    ),
]
Force = Annotated[
    bool, typer.Option("--force", help="没有变化也重新生成 · build even what is up to date")
]
Shape = Annotated[OutputFormat, typer.Option("--output-format", help="消息样式 · face of messages")]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="提示和已豁免的也逐条显示 · notes in full")
]
Deep = Annotated[
    bool, typer.Option("--deep", help="逐级列到底，各项列全 · every level, every input")
]
UsedBy = Annotated[bool, typer.Option("--used-by", help="反过来：印在哪里 · where it is printed")]
Target = Annotated[
    str,
    typer.Argument(
        help="键、名称、印出的文字，或代码 · a key, a title, a printed text, a code",
        autocompletion=complete.target,
    ),
]
HERE = Path()
ALL_FORMATS = ",".join(FORMATS)
