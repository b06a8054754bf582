"""The commands of those who draft: what each is called, says, takes, and which function runs it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from reportgen.cli.options import (
    EDITOR_NAMES,
    LANG,
    OUTPUT_FORMAT,
    PROJECT,
    REPORT,
    ROOT,
    SELECTION,
    SHEET_CHOICE,
    UNIT,
    VERBOSE,
    YEAR,
    YEARS,
    Command,
    argument,
    flag,
    option,
)

DRAFT = "起草 Draft"

DRAFTING: tuple[Command, ...] = (
    Command(
        "init",
        DRAFT,
        "按模板包给新单位建好待填的数据文件。Start a new unit from a pack, files to fill in.",
        "drafting:start_project",
        (
            LANG,
            option("--unit", str, "单位标识，如 changsha · id of the unit", required=True),
            option(
                "--pack",
                str,
                "模板包，如 huaihua/department-2023 · pack",
                required=True,
                completer="complete:pack",
            ),
            option("--year", int, "年度 · year", required=True, **YEARS),
            replace(REPORT, default="department"),
            ROOT,
        ),
        "reportgen init --unit changsha --pack huaihua/department-2023 --year 2024",
    ),
    Command(
        "new-year",
        DRAFT,
        "从上年开新年度：结构、名称、规则沿用并待确认，数据清空。Start a year from the last.",
        "drafting:start_year",
        (
            argument("year", int, "新年度，如 2024 · the new year", **YEARS),
            LANG,
            replace(UNIT, required=True),
            option(
                "--from", int, "沿用哪一年，缺省为最近一年 · carry from", name="source", **YEARS
            ),
            REPORT,
            ROOT,
        ),
        "reportgen new-year 2024 --unit huaihua",
    ),
    Command(
        "todo",
        DRAFT,
        "还剩什么：待填、待确认、没有依据的，按科室、文件列出。What is left to do, by office.",
        "reports:list_open",
        (
            *PROJECT,
            *SELECTION,
            option("--office", str, "只列这个科室的 · of one office", default=""),
            OUTPUT_FORMAT,
        ),
        "reportgen todo --unit huaihua --year 2024",
    ),
    Command(
        "preview",
        DRAFT,
        "边写边看：保存即更新的网页，带检查结果。See the pages while you type, with findings.",
        "preview:preview_reports",
        (
            *PROJECT,
            *SELECTION,
            option(
                "--port",
                int,
                "端口，被占用就用下一个 · port, or the next",
                default=8700,
                minimum=0,
                maximum=65_000,
            ),
            option(
                "--editor",
                str,
                f"{'、'.join(EDITOR_NAMES)}，或含 {{path}} 的网址"
                " · an editor, or an address with {path}",
                default="vscode",
            ),
            flag("--open/--no-open", "打开浏览器 · open the browser", name="open_browser"),
        ),
        "reportgen preview --year 2023",
        extra="preview",
    ),
    Command(
        "numbers",
        DRAFT,
        "列出正文里手填的数：是什么，该引用哪个数。List numbers typed in texts; bind them.",
        "drafting:list_numbers",
        (
            *PROJECT,
            *SELECTION,
            flag("--fix", "改写为引用，印出的文字不变 · write references"),
            flag("--all", "连可以手填的也列出 · plain ones too", name="with_plain"),
        ),
        "reportgen numbers --year 2023 --fix",
    ),
    Command(
        "waive",
        DRAFT,
        "写明认可一个问题：理由，和认可的是哪些数。Accept a finding with its values and a reason.",
        "drafting:waive_finding",
        (
            argument("code", str, "问题的代码，如 R101 · code of the finding"),
            argument("subject", str, "规则或数据的键，check 所列 · subject, as check lists it"),
            *PROJECT,
            *SELECTION,
            option("--reason", str, "理由和依据；不写就问 · the reason", default=""),
        ),
        "reportgen waive R101 operating_is_goods --year 2023 --unit huaihua",
    ),
    Command(
        "confirm",
        DRAFT,
        "写明哪个科室凭什么确认了哪些数。Write which office confirms which facts.",
        "drafting:confirm_facts",
        (
            argument("keys", list[str], "数据的键，funds 就是其下各项 · keys"),
            *PROJECT,
            *SELECTION,
            option("--by", str, "科室，不写人名 · the office", name="office", required=True),
            option("--evidence", str, "文号、页码、报表名称 · document, page", required=True),
            option("--file", str, "依据文件，放在年度文件夹里 · its file", default=""),
        ),
        "reportgen confirm staffing --by 人事科 --evidence 第3页 --year 2023 --unit huaihua",
    ),
    Command(
        "fmt",
        DRAFT,
        "把数据文件整理成统一写法：键的次序、数的写法、一行一项。Put files in their usual form.",
        "drafting:format_files",
        (
            LANG,
            argument(
                "paths",
                list[Path],
                "文件，缺省为 data/ 和 templates/ 下全部 · files",
                show_default=False,
                required=False,
            ),
            ROOT,
            flag("--check", "只检查，不改写 · write nothing"),
            flag("--diff", "只显示会改什么 · show what would change"),
        ),
        "reportgen fmt --check",
    ),
    Command(
        "import",
        DRAFT,
        "把 Excel、Word、PDF 里的表写进 YAML，注释和次序不变。Take tables of files into YAML.",
        "spreadsheet:import_sheets",
        (
            argument(
                "books",
                list[Path],
                "电子表格 .xlsx、.csv，或有表的 .docx、.pdf、网页；填报表可以几份一起 · the files",
            ),
            UNIT,
            YEAR,
            REPORT,
            LANG,
            ROOT,
            *SHEET_CHOICE,
            flag("--hidden", "隐藏的行、列、工作表也取 · take what is hidden"),
            option(
                "--by",
                str,
                "确认各数的科室，表留作依据 · the office that confirms them; the sheet is kept",
                name="office",
                default="",
            ),
            flag("--dry-run", "只显示改动，不写 · show the diff only"),
            OUTPUT_FORMAT,
            VERBOSE,
        ),
        "reportgen import funds.xlsx --unit huaihua --year 2023",
    ),
    Command(
        "adopt",
        DRAFT,
        "把上年的报告（Word、PDF）变成数据和正文，待确认。Make a report's file facts and texts.",
        "adopt:adopt_report",
        (
            argument("file", Path, "上年的报告，.docx、.pdf、网页或文本 · the report"),
            option(
                "--pack",
                str,
                "模板包，如 huaihua/department-2023 · pack",
                default="",
                completer="complete:pack",
            ),
            option(
                "--new-pack",
                str,
                "没有模板包：照这份报告写一个，叫这个名称 · make a pack of it",
                default="",
            ),
            replace(UNIT, required=True),
            replace(YEAR, required=True),
            replace(REPORT, default="department"),
            LANG,
            ROOT,
            flag("--dry-run", "只显示会写什么，不写 · show what would be written"),
            OUTPUT_FORMAT,
            VERBOSE,
        ),
        "reportgen adopt 2023报告.docx --pack huaihua/department-2023 --unit huaihua --year 2023",
    ),
)
"""The commands for drafting, in the order of `reportgen --help`."""
