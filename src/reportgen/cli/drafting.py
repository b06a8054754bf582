"""The commands that write authors' files: fmt, new-year, init."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from reportgen.check.numbers.classify import NumberKind, TypedNumber
from reportgen.cli import complete, options
from reportgen.cli.options import HERE, Lang, OutputFormat
from reportgen.cli.show import chosen, drafted, say, show
from reportgen.features.drafting.binding import bind
from reportgen.features.drafting.formatting import FormattedFile, authored, reformat
from reportgen.features.drafting.rollover import new_year
from reportgen.features.drafting.start import start_unit
from reportgen.findings import Finding, blocks
from reportgen.findings.excerpt import aligned, clean
from reportgen.flow.staged import Draft
from reportgen.project.saving import save, save_texts
from reportgen.project.source_files import SourceFiles

Paths = Annotated[
    list[Path] | None,
    typer.Argument(help="文件，缺省为 data/ 和 templates/ 下全部 · files", show_default=False),
]
Check = Annotated[bool, typer.Option("--check", help="只检查，不改写 · write nothing")]
Diff = Annotated[bool, typer.Option("--diff", help="只显示会改什么 · show what would change")]


def format_files(
    lang: options.Tongue,
    paths: Paths = None,
    root: options.Root = HERE,
    check: Check = False,
    diff: Diff = False,
) -> None:
    """把数据文件整理成统一写法：键的次序、数的写法、一行一项。Put files in their usual form."""
    chosen = tuple(_inside(path, root) for path in paths) if paths else authored(root)
    changes, findings = reformat(SourceFiles(root), chosen)
    if findings:
        show(findings, lang, OutputFormat.full, root, verbose=False, title="fmt")
    for change in changes:
        print(_difference(change) if diff else change.path)
        if not check and not diff:
            save({root / change.path: change.new.encode()})
    if not findings and not changes:
        say("都已是统一写法" if lang == Lang.zh else "nothing to change")
    if blocks(findings) or (changes and (check or diff)):
        raise typer.Exit(1)


def start_year(
    year: Annotated[int, typer.Argument(help="新年度，如 2024 · the new year")],
    lang: options.Tongue,
    unit: Annotated[
        str,
        typer.Option("--unit", help="单位，如 huaihua · unit", autocompletion=complete.unit),
    ],
    source: Annotated[
        int | None, typer.Option("--from", help="沿用哪一年，缺省为最近一年 · carry from")
    ] = None,
    report: options.Report = None,
    root: options.Root = HERE,
) -> None:
    """从上年开新年度：结构、名称、规则沿用并待确认，数据清空。Start a year from the last."""
    written, findings = new_year(SourceFiles(root), unit, year, source, report)
    _told(written, findings, root, lang)
    say(
        f"接着：核对“待确认”，填“待填”；reportgen check --unit {unit} --year {year} 说还剩什么"
        if lang == Lang.zh
        else f"next: confirm, fill in; reportgen check --unit {unit} --year {year} shows what"
    )


def start_project(
    lang: options.Tongue,
    unit: Annotated[str, typer.Option("--unit", help="单位标识，如 changsha · id of the unit")],
    pack: Annotated[
        str,
        typer.Option(
            "--pack",
            help="模板包，如 huaihua/department-2023 · pack",
            autocompletion=complete.pack,
        ),
    ],
    year: Annotated[int, typer.Option("--year", help="年度 · year")],
    report: Annotated[str, typer.Option("--report", help="报告标识 · report")] = "department",
    root: options.Root = HERE,
) -> None:
    """按模板包给新单位建好待填的数据文件。Start a new unit from a pack, files to fill in."""
    written, findings = start_unit(SourceFiles(root), unit, pack, year, report)
    _told(written, findings, root, lang)
    say(
        f"接着：照注释填写，用 reportgen check --unit {unit} --year {year} 看还缺什么"
        if lang == Lang.zh
        else f"next: fill in; reportgen check --unit {unit} --year {year} tells what is missing"
    )


def _told(written: tuple[str, ...], findings: tuple[Finding, ...], root: Path, lang: Lang) -> None:
    """Print what was written; exits with 1 and the findings where nothing was."""
    if findings:
        show(findings, lang, OutputFormat.full, root, verbose=True, title="")
        raise typer.Exit(1)
    print("\n".join(written))


def _inside(path: Path, root: Path) -> str:
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        raise typer.BadParameter(f"{path}：不在 {root} 里 · not inside the project") from None


def _difference(change: FormattedFile) -> str:
    lines = difflib.unified_diff(
        change.old.splitlines(),
        change.new.splitlines(),
        change.path,
        change.path,
        lineterm="",
    )
    return "\n".join(lines)


WORDS: Mapping[NumberKind, Mapping[str, str]] = {
    "plain": {"zh": "可手填", "en": "plain"},
    "allowed": {"zh": "已认可", "en": "allowed"},
    "year": {"zh": "年份", "en": "year"},
    "bind": {"zh": "应引用", "en": "bind"},
    "near": {"zh": "差一点", "en": "near"},
    "stale": {"zh": "上年的数", "en": "stale"},
    "unsourced": {"zh": "没有来源", "en": "unsourced"},
}
"""What each kind of number is called."""

Fix = Annotated[bool, typer.Option("--fix", help="改写为引用，印出的文字不变 · write references")]
All = Annotated[bool, typer.Option("--all", help="连可以手填的也列出 · plain ones too")]


def list_numbers(
    lang: options.Tongue,
    root: options.Root = HERE,
    year: options.Year = None,
    unit: options.Unit = None,
    report: options.Report = None,
    fix: Fix = False,
    every: All = False,
) -> None:
    """列出正文里手填的数：是什么，该引用哪个数。List numbers typed in texts; bind them."""
    left = 0
    for each in chosen(root, unit, year, report, lang, OutputFormat.full):
        draft, findings = drafted(root, each, "internal", strict=False)
        if not isinstance(draft, Draft) or blocks(findings):
            # Where nothing is composed, nobody knows which texts a report has.
            show(findings, lang, OutputFormat.full, root, verbose=False, title=str(each))
            raise typer.Exit(1)
        if fix:
            changes, _ = bind(draft)
            save_texts(root, {change.path: change.new for change in changes})
            for change in changes:
                say(("改写 " if lang == Lang.zh else "written: ") + change.path)
            again, _ = drafted(root, each, "internal", strict=False)
            draft = again if isinstance(again, Draft) else draft
        told = [n for n in draft.numbers if every or n.kind not in {"plain", "allowed"}]
        left += sum(n.kind not in {"plain", "allowed", "year"} for n in draft.numbers)
        print(f"{each}  {_counted(draft.numbers, lang)}")
        print(*_rows(told, lang), sep="\n", end="\n" if told else "")
    if left:
        raise typer.Exit(1)


def _counted(numbers: Iterable[TypedNumber], lang: Lang) -> str:
    kinds = [number.kind for number in numbers]
    between = "，" if lang == Lang.zh else ", "
    told = (f"{words[lang.value]} {kinds.count(k)}" for k, words in WORDS.items() if k in kinds)
    return between.join(told)


def _rows(numbers: Iterable[TypedNumber], lang: Lang) -> list[str]:
    """Return a line a number: where it stands, what it is, what it should be."""
    rows = [(str(n.span), n.text, WORDS[n.kind][lang.value], _advice(n)) for n in numbers]
    return aligned([[clean(cell) for cell in row] for row in rows])


def _advice(number: TypedNumber) -> str:
    figure = number.current or number.figure
    parts = (
        number.why,
        number.wording.expression if number.wording else "",
        f"{figure.title} {figure.text}" if figure else "",
    )
    return "  ".join(filter(None, parts))
