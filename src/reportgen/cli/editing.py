"""The commands that write authors' files: fmt."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated

import typer

from reportgen.cli import options
from reportgen.cli.options import HERE, Face, Lang
from reportgen.cli.show import say, show
from reportgen.edit.project import Change, authored, reformat
from reportgen.edit.save import save
from reportgen.findings import blocks
from reportgen.load.files import Files

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
    changes, findings = reformat(Files(root), chosen)
    if findings:
        show(findings, lang, Face.full, root, verbose=False, title="fmt")
    for change in changes:
        print(_difference(change) if diff else change.path)
        if not check and not diff:
            save(root / change.path, change.new)
    if not findings and not changes:
        say("都已是统一写法" if lang == Lang.zh else "nothing to change")
    if blocks(findings) or (changes and (check or diff)):
        raise typer.Exit(1)


def _inside(path: Path, root: Path) -> str:
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        raise typer.BadParameter(f"{path}：不在 {root} 里 · not inside the project") from None


def _difference(change: Change) -> str:
    lines = difflib.unified_diff(
        change.old.splitlines(),
        change.new.splitlines(),
        change.path,
        change.path,
        lineterm="",
    )
    return "\n".join(lines)
