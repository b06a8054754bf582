"""The commands that look at many reports: those of others, and those that were built."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from reportgen.cli.options import (
    AUDIENCE,
    JOBS,
    JOBS_OR_SCHEDULER,
    LANG,
    MANY,
    OUT,
    OUTPUT_FORMAT,
    PROJECT,
    ROOT,
    SCHEDULER,
    SELECTION,
    VERBOSE,
    Command,
    Needs,
    Parameter,
    argument,
    flag,
    option,
)

REVIEWED = "审核 Audit"


def _where_files_go(folder: str) -> Parameter:
    return replace(OUT, default=Path(folder), help="写到哪里 · where files go", show_default=True)


REVIEWING: tuple[Command, ...] = (
    Command(
        "audit",
        REVIEWED,
        "别人写的报告里哪些数对不上：Word、PDF、网页、文本。Tell what disagrees in any report.",
        "audit:audit_documents",
        (
            argument("paths", list[Path], "要审核的文件或文件夹 · files or folders"),
            LANG,
            _where_files_go("build/audit"),
            flag("--html", "每份写一个网页：原文、发现、每个数的状态 · a page a file", name="page"),
            flag("--docx", "每份写一个带批注的 Word · a Word file with comments", name="word"),
            flag(
                "--xlsx",
                "写一个工作簿：文件和发现 · a workbook of files and findings",
                name="workbook",
            ),
            option("--against", Path, "上年的文件：核对上年数和照抄的句子 · last year's file"),
            option(
                "--pack",
                str,
                "按这个模板包的提纲、表、勾稽和评分核对 · hold it to a pack",
                default="",
                completer="complete:pack",
            ),
            ROOT,
            JOBS,
            SCHEDULER,
            OUTPUT_FORMAT,
            VERBOSE,
        ),
        "reportgen audit 报告.docx --html --docx",
        rules=(
            JOBS_OR_SCHEDULER,
            Needs("--root", ("--pack",)),
            Needs("--out", ("--html", "--docx", "--xlsx")),
        ),
    ),
    Command(
        "overview",
        REVIEWED,
        "把许多单位、年度的成品放在一起比：得分、等级、执行率、“三公”、发现、阶段、突出的。"
        "Compare many reports that were built: scores, grades, rates, findings, stages.",
        "overview:show_overview",
        (
            argument(
                "builds",
                list[Path],
                "成品文件夹，可以写几个；不写是 <root>/build · folders of builds",
                required=False,
            ),
            *PROJECT,
            *SELECTION,
            AUDIENCE,
            MANY[-1],
            option(
                "--audits",
                list[Path],
                "别人写的文件或文件夹，审核后一起比，可以写几次 · audited files of others",
                metavar="FILE",
            ),
            JOBS,
            _where_files_go("build/overview"),
            flag(
                "--html", "写成一页网页：排序、筛选、图 · a page to sort, with charts", name="page"
            ),
            flag("--xlsx", "写成一个工作簿 · a workbook", name="workbook"),
            flag("--csv", "写成 CSV：报告、同类、突出的、历年、发现各一个 · tables as CSV"),
            OUTPUT_FORMAT,
            VERBOSE,
        ),
        "reportgen overview --html --xlsx",
        rules=(Needs("--jobs", ("--audits",)), Needs("--out", ("--html", "--xlsx", "--csv"))),
    ),
)
"""The commands under that heading, in the order of `reportgen --help`."""
