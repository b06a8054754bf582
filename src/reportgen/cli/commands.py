"""The table of commands: what each is called, says, takes, and which function runs it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from reportgen.cli.drafting_commands import DRAFTING
from reportgen.cli.options import (
    AUDIENCE,
    BLANK_FORM,
    COMMENTS,
    COMPARED,
    FINAL,
    FORCE,
    FORMAT_LIST,
    LANG,
    OUT,
    OUTPUT_FORMAT,
    PACK_NAME,
    PROJECT,
    ROOT,
    SCHEMA_NAMES,
    SELECTION,
    STRICT,
    UNIT,
    VERBOSE,
    YEAR,
    Command,
    ComparisonFormat,
    WorkbookFormat,
    argument,
    flag,
    option,
)

CHECK = "核对 Check"
BUILD = "生成 Build"
PUBLISHED = "公开以后 After publishing"
REVIEWED = "审核 Audit"
PACKS = "模板包 Packs"
MACHINE = "本机与参考 This machine and reference"


COMMANDS: tuple[Command, ...] = (
    *DRAFTING,
    Command(
        "check",
        CHECK,
        "核对数据、公式、勾稽关系和正文，不生成文件。Check everything, write nothing.",
        "reports:check_reports",
        (*PROJECT, *SELECTION, AUDIENCE, STRICT, FINAL, OUTPUT_FORMAT, VERBOSE),
        "reportgen check --year 2023 --strict",
    ),
    Command(
        "explain",
        CHECK,
        "说明一个数的来历，或一个代码的意思。Explain a figure, or a code of a finding.",
        "explain:explain_target",
        (
            argument(
                "target",
                str,
                "键、名称、印出的文字，或代码 · a key, a title, a printed text, a code",
                completer="complete:target",
            ),
            *PROJECT,
            *SELECTION,
            flag("--used-by", "反过来：印在哪里 · where it is printed"),
            flag("--deep", "逐级列到底，各项列全 · every level, every input"),
        ),
        "reportgen explain 135.47% · reportgen explain R101",
    ),
    Command(
        "diff",
        CHECK,
        "逐数比较两个年度、两次提交或两次成品。Compare years, commits or builds, figure by figure.",
        "diff:show_differences",
        (
            LANG,
            *COMPARED,
            ROOT,
            *SELECTION,
            option(
                "--threshold",
                str,
                "变动达到多少须说明原因 · explain changes from here on",
                default="20%",
            ),
            flag("--published", "只比公开版印出的数 · public versions, as printed"),
            option("--correction", Path, "更正说明草稿，.docx 和 .md · draft a correction"),
            option(
                "--output-format",
                ComparisonFormat,
                "样式 · face of the comparison",
                default=ComparisonFormat.text,
            ),
        ),
        "reportgen diff 2022 2023 · reportgen diff HEAD~3",
    ),
    Command(
        "list",
        CHECK,
        "列出单位、年度、报告、模板包及其状态。"
        "List units, years, reports, packs and their state.\n\n"
        "终端上按列对齐，管道里每份报告一行、用制表符分隔。"
        "Columns on a terminal, tabs in a pipe.",
        "reports:list_reports",
        (*PROJECT, YEAR, UNIT),
        "reportgen list --unit huaihua",
    ),
    Command(
        "build",
        BUILD,
        "生成报告，全部核验无误才换上。Build reports; nothing is replaced unless all is right.",
        "build:build_reports",
        (
            *PROJECT,
            OUT,
            *SELECTION,
            AUDIENCE,
            FORMAT_LIST,
            *COMMENTS,
            STRICT,
            FINAL,
            FORCE,
            OUTPUT_FORMAT,
            VERBOSE,
        ),
        "reportgen build --year 2023 --audience public",
    ),
    Command(
        "export",
        BUILD,
        "把报告写成 Excel：各表照印，派生的数都是活的公式。Write a report as a live workbook.",
        "spreadsheet:export_reports",
        (
            *PROJECT,
            option("--out", Path, "文件 · the file", show_default="build/<year>/<unit>/…xlsx"),
            *SELECTION,
            AUDIENCE,
            option(
                "--format",
                WorkbookFormat,
                "格式 · format",
                name="workbook_format",
                default=WorkbookFormat.xlsx,
            ),
            OUTPUT_FORMAT,
            VERBOSE,
        ),
        "reportgen export --year 2023 --unit huaihua --format xlsx",
        extra="excel",
    ),
    Command(
        "audit",
        REVIEWED,
        "别人写的报告里哪些数对不上：Word、PDF、网页、文本。Tell what disagrees in any report.",
        "audit:audit_documents",
        (
            argument("paths", list[Path], "要审核的文件或文件夹 · files or folders"),
            LANG,
            replace(OUT, default=Path("build/audit"), help="写到哪里 · where files go"),
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
            option(
                "--jobs",
                int,
                "用几个进程，0 为核数 · processes, 0: the cores",
                default=0,
                minimum=0,
            ),
            OUTPUT_FORMAT,
            VERBOSE,
        ),
        "reportgen audit 报告.docx --html --docx",
    ),
    Command(
        "verify",
        PUBLISHED,
        "证明文件就是某次提交生成的，否则说出差别和原因。Prove a file to be what a commit builds.",
        "past:verify_files",
        (
            argument("files", list[Path], "已公开的文件 · published files"),
            LANG,
            option(
                "--commit",
                str,
                "与哪次提交比，默认是清单记的 · instead of the recorded one",
                name="revision",
                default="",
            ),
            ROOT,
            OUT,
            *SELECTION,
            replace(AUDIENCE, default=None),
            option("--manifest", Path, "清单 · the manifest of that build"),
            flag("--search", "往回逐次提交找 · search back, commit by commit"),
            option("--limit", int, "最多找几次提交 · how many at most", default=50, minimum=1),
            OUTPUT_FORMAT,
        ),
        "reportgen verify department.pdf --unit huaihua --year 2023",
    ),
    Command(
        "rebuild",
        PUBLISHED,
        "照一次提交重新生成报告，与当时逐字节相同。Build a past state from git, to the same bytes.",
        "past:rebuild_reports",
        (
            LANG,
            option(
                "--commit",
                str,
                "提交号、分支、标签，如 HEAD~3 · a revision",
                name="revision",
                metavar="REV",
                required=True,
            ),
            ROOT,
            OUT,
            *SELECTION,
            AUDIENCE,
            FORMAT_LIST,
            *COMMENTS,
            STRICT,
            OUTPUT_FORMAT,
            VERBOSE,
        ),
        "reportgen rebuild --commit HEAD~3 --year 2023 --audience public --out again",
    ),
    Command(
        "new-pack",
        PACKS,
        "写一个能用的最小模板包，或由一张空的 Word 表写起。"
        "Write a minimal pack that works, or one of a blank Word form.",
        "packs:start_pack",
        (PACK_NAME, BLANK_FORM, *PROJECT),
        "reportgen new-pack changsha/project-2024 --from 自评表.docx",
    ),
    Command(
        "check-pack",
        PACKS,
        "说出模板包缺什么、什么没有用到、需要哪些事实。"
        "Tell what a pack lacks, does not use, needs.",
        "packs:inspect_pack",
        (PACK_NAME, *PROJECT, OUTPUT_FORMAT),
        "reportgen check-pack huaihua/department-2023",
    ),
    Command(
        "doctor",
        MACHINE,
        "查看本机装了什么、缺什么、各有什么影响。Tell what is installed, and what a lack costs.",
        "doctor:show_installation",
        PROJECT,
        "reportgen doctor",
    ),
    Command(
        "codes",
        MACHINE,
        "列出所有消息代码。List every code of a finding.",
        "explain:list_codes",
        (LANG,),
        "reportgen codes --lang en",
    ),
    Command(
        "schema",
        MACHINE,
        "输出数据文件的 JSON Schema，供编辑器使用。Print the JSON Schema of a kind of file.",
        "packs:print_schema",
        (argument("name", str, "、".join(SCHEMA_NAMES), completer="complete:schema"),),
        "reportgen schema year > year.schema.json",
    ),
)
"""Every command, in the order of `reportgen --help`."""
