"""The commands for pack authors: new-pack, check-pack."""

from __future__ import annotations

from typing import Annotated

import typer

from reportgen.cli import complete, options
from reportgen.cli.options import HERE, Lang, OutputFormat
from reportgen.cli.show import say, show
from reportgen.features.packs.inspection import check_pack, new_pack
from reportgen.findings import blocks
from reportgen.findings.renderers import as_json
from reportgen.project.source_files import SourceFiles

Name = Annotated[
    str,
    typer.Argument(
        help="模板包，如 changsha/department-2024 · the pack", autocompletion=complete.pack
    ),
]


def start_pack(name: Name, lang: options.Tongue, root: options.Root = HERE) -> None:
    """写一个能用的最小模板包。Write a minimal pack that works."""
    written, findings = new_pack(root, name)
    if findings:
        show(findings, lang, OutputFormat.full, root, verbose=True, title=name)
        raise typer.Exit(1)
    print("\n".join(written))
    say(
        f"接着：照 docs/packs.md 修改，用 reportgen check-pack {name} 检查"
        if lang == Lang.zh
        else f"next: change it as docs/packs.md says, then reportgen check-pack {name}"
    )


def inspect_pack(
    name: Name,
    lang: options.Tongue,
    root: options.Root = HERE,
    shape: options.Shape = OutputFormat.full,
) -> None:
    """说出模板包缺什么、什么没有用到、需要哪些事实。Tell what a pack lacks, does not use, needs."""
    checked = check_pack(SourceFiles(root), name)
    if shape is OutputFormat.json:
        print(as_json(checked.findings, lang.value))
    show(checked.findings, lang, shape, root, verbose=True, title=name)
    if checked.facts and shape is not OutputFormat.json:
        print("需要的事实：" if lang == Lang.zh else "facts it needs:")
        print("\n".join(f"  {fact}" for fact in checked.facts))
    if blocks(checked.findings):
        raise typer.Exit(1)
