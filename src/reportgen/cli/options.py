"""What a command is and takes, as data; the options and arguments that several commands share.

Nothing is read or checked here, and nothing heavy is imported, so that help pages, completion and
usage errors cost no more than the parser.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Container
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import typer

from reportgen.model import limits
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


class ComparisonFormat(StrEnum):
    """How a comparison is shown."""

    text = "text"
    markdown = "markdown"
    html = "html"
    json = "json"


class WorkbookFormat(StrEnum):
    """The formats of an export."""

    xlsx = "xlsx"


@dataclass(frozen=True)
class Parameter:
    """An option or an argument: `name` is that of the handler's parameter which takes it.

    `flags` as typer takes them, such as "--open/--no-open"; an argument has none. `completer` is
    `module:function` in this package, imported when Tab is pressed. `default` is None where nothing
    stands for what is not typed.
    """

    name: str
    type: object
    help: str
    flags: tuple[str, ...] = ()
    default: object = None
    required: bool = False
    show_default: bool | str = True
    metavar: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    completer: str = ""


@dataclass(frozen=True)
class Needs:
    """An option that does nothing unless one of others is typed, too.

    One of the others with a value behind it (`--format docx`) is meant as well if it holds untyped.
    """

    option: str
    others: tuple[str, ...]

    def is_broken(self, typed: Container[str]) -> bool:
        """Return whether it is among the options that were `typed`, and none of the others."""
        return self.option in typed and not any(other in typed for other in self.others)


@dataclass(frozen=True)
class Excludes:
    """An option that does nothing where one of others is typed."""

    option: str
    others: tuple[str, ...]

    def is_broken(self, typed: Container[str]) -> bool:
        """Return whether it is among the options that were `typed`, and one of the others."""
        return self.option in typed and any(other in typed for other in self.others)


@dataclass(frozen=True)
class Command:
    """A command: `handler` is `module:function` in this package, imported when the command runs.

    `panel` is the heading under which `reportgen --help` lists it, `help` its text in both
    languages, `example` a line that a person can type. `extra` names the packages that it alone
    needs, as pyproject.toml does. `rules` are refused where they are broken.
    """

    name: str
    panel: str
    help: str
    handler: str
    parameters: tuple[Parameter, ...]
    example: str
    extra: str = ""
    rules: tuple[Needs | Excludes, ...] = ()


def option(typed: str, kind: object, help_text: str, /, **more: object) -> Parameter:
    """Return an option, named as its flag unless `more` gives a name; `more` fills a Parameter."""
    name = typed.removeprefix("--").replace("-", "_")
    parameter = Parameter(name, kind, help_text, (typed,))
    return replace(parameter, **more)  # type: ignore[arg-type]


def flag(typed: str, help_text: str, /, **more: object) -> Parameter:
    """Return an option without a value, off unless it is typed."""
    return option(typed, bool, help_text, default=False, **more)


def argument(name: str, kind: object, help_text: str, /, **more: object) -> Parameter:
    """Return an argument that must be typed, unless `more` says otherwise."""
    return replace(Parameter(name, kind, help_text, required=True), **more)  # type: ignore[arg-type]


SCHEMA_NAMES = ("unit", "year", "report", "report-part", "pack", "rules")
"""The kinds of file that have a schema."""

EDITOR_NAMES = ("vscode", "vscodium", "none")
"""The editors that the preview knows by name."""


def chosen_formats(text: str) -> tuple[str, ...]:
    """Return the formats in a list with commas, each once, in the usual order."""
    asked = {name.strip() for name in text.split(",")} - {""}
    unknown = sorted(asked - set(FORMATS))
    if unknown or not asked:
        known = "、".join(FORMATS)
        raise typer.BadParameter(f"{'、'.join(unknown) or '∅'}：{known}", param_hint="--format")
    return tuple(name for name in FORMATS if name in asked)


def coloured() -> bool:
    """Return whether colours are wanted: a terminal, and no NO_COLOR (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def default_language() -> Lang:
    """Return English where the locale says so, else Chinese."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return Lang.en if (locale or "").lower().startswith("en") else Lang.zh


LANG = option(
    "--lang", Lang, "消息语言 · language of messages", default=default_language, show_default="LANG"
)
ROOT = option(
    "--root", Path, "项目文件夹，含 data/ 和 templates/ · the project folder", default=Path()
)
OUT = option("--out", Path, "成品文件夹 · where files go", show_default="<root>/build")
YEARS: dict[str, int] = {"minimum": 1000, "maximum": limits.LAST_YEAR}
"""The years that a folder of data can have."""
YEAR = option("--year", int, "年度，如 2023 · year", completer="complete:year", **YEARS)
UNIT = option("--unit", str, "单位，如 huaihua · unit", completer="complete:unit")
REPORT = option("--report", str, "报告，如 department · report", completer="complete:report")
AUDIENCE = option(
    "--audience", Reader, "读者：内部、报送、公开 · for whom", default=Reader.internal
)
FORMAT_LIST = option(
    "--format",
    str,
    "格式，逗号分隔 · formats, commas between",
    name="formats",
    default=",".join(FORMATS),
    metavar="LIST",
    completer="complete:formats",
)
COMMENTS = (
    flag("--comments", "Word 批注说明算出的数的来历 · explain figures worked out in Word"),
    flag("--comments-all", "录入的数也加批注 · explain typed figures, too"),
)
RULES_OF_COMMENTS = (
    Needs("--comments", ("--format docx",)),
    Needs("--comments-all", ("--format docx",)),
    Excludes("--comments", ("--audience submit", "--audience public")),
    Excludes("--comments-all", ("--audience submit", "--audience public")),
)
"""Comments stand in Word, and explain figures to those inside alone."""
STRICT = flag("--strict", "警告也算错误 · warnings are errors")
FINAL = flag("--final", "定稿：没有待确认、待填的才算完成 · nothing left to confirm")
FORCE = flag("--force", "没有变化也重新生成 · build even what is up to date")
JOBS = option(
    "--jobs",
    int,
    "用几个进程，0 为核数 · processes, 0: one a core",
    default=0,
    minimum=0,
)
SCHEDULER = option(
    "--scheduler",
    str,
    "Dask 集群的调度器，如 tcp://主机:8786 · the scheduler of a cluster",
    default="",
    show_default=False,
)
MANY = (
    SCHEDULER,
    flag("--shared", "集群各机器看得到同一个项目和成品文件夹 · its workers see these folders"),
    option(
        "--repository",
        str,
        "集群从哪里取提交，缺省为项目所在的仓库 · where its workers fetch the commit",
        default="",
        show_default=False,
    ),
    option(
        "--repositories",
        Path,
        "reportgen.toml：各单位的仓库和提交，代替 --root · a list of repositories",
        metavar="FILE",
    ),
)
"""Who does the work of a command on many reports, and where their projects stand."""
JOBS_OR_SCHEDULER = Excludes("--jobs", ("--scheduler",))
RULES_OF_MANY = (
    JOBS_OR_SCHEDULER,
    Needs("--shared", ("--scheduler",)),
    Needs("--repository", ("--scheduler",)),
    Excludes("--repository", ("--shared", "--repositories")),
    Excludes("--root", ("--repositories",)),
)
"""Which of them do nothing with or without others."""
OUTPUT_FORMAT = option(
    "--output-format", OutputFormat, "消息样式 · face of messages", default=OutputFormat.full
)
VERBOSE = flag("--verbose", "提示和已豁免的也逐条显示 · notes in full", flags=("--verbose", "-v"))
PACK_NAME = argument(
    "name", str, "模板包，如 changsha/department-2024 · the pack", completer="complete:pack"
)
BLANK_FORM = option(
    "--from",
    Path,
    "空的 Word 表：空格里写上建议的名称 · a blank Word form, whose blanks get names",
    name="form",
    metavar="FILE",
)
ENGINE = option(
    "--engine",
    str,
    "程序：轮子文件、源码文件夹、git 地址@提交号；不写就用正在运行的 · the program to install",
    default="",
    metavar="WHEEL|DIR|GIT",
    show_default=False,
)
PROJECT = (LANG, ROOT)
SELECTION = (YEAR, UNIT, REPORT)
"""The options that say which reports of a project a command is about."""
SHEET_CHOICE = (
    option(
        "--into",
        str,
        "导入哪个表：funds、budget、ratings、facts、其他表的名称；不写就按表头认 · table",
        default="",
        show_default=False,
    ),
    option(
        "--sheet",
        str,
        "工作表；不写就取认识的各张 · the sheet",
        default="",
        show_default=False,
    ),
    option(
        "--table",
        str,
        "Word、PDF、网页里的第几张表，或标题里的字 · the table of a document",
        default="",
        show_default=False,
    ),
    option(
        "--amount-unit",
        str,
        "没写单位的金额以什么计：元、万元 · the unit of amounts that state none",
        default="",
        show_default=False,
    ),
    option(
        "--column",
        list[str],
        "列名=栏目，如 预算数=年初预算数 · what a column holds",
        name="columns",
    ),
)
"""Which sheet of a workbook goes where."""
COMPARED = (
    argument(
        "old",
        str,
        "年度、提交（HEAD~3、分支、标签）或成品文件夹 · a year, a revision, a folder of builds",
        default="HEAD",
        required=False,
    ),
    argument(
        "new",
        str,
        "同上；不写则与现在的文件比 · the same; without it the files as they stand",
        required=False,
    ),
)
"""The two states that are compared."""
