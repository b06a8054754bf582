"""The command that serves the live preview: preview."""

from __future__ import annotations

import time
import webbrowser
from contextlib import suppress
from typing import Annotated

import typer

from reportgen.cli import options
from reportgen.cli.options import HERE, Lang
from reportgen.cli.show import say
from reportgen.features.preview.links import EDITORS, Editor, editor_pattern
from reportgen.features.preview.page import PageSettings
from reportgen.features.preview.server import address, listen, serve

Port = Annotated[
    int,
    typer.Option("--port", min=0, max=65_000, help="端口，被占用就用下一个 · port, or the next"),
]
Open = Annotated[bool, typer.Option("--open/--no-open", help="打开浏览器 · open the browser")]
Program = Annotated[
    str,
    typer.Option(
        "--editor",
        help=f"{'、'.join(EDITORS)}，或含 {{path}} 的网址 · an editor, or an address with {{path}}",
    ),
]


def preview_reports(
    lang: options.Tongue,
    root: options.Root = HERE,
    year: options.Year = None,
    unit: options.Unit = None,
    report: options.Report = None,
    port: Port = 8700,
    editor: Program = "vscode",
    open_: Open = False,
) -> None:
    """边写边看：保存即更新的网页，带检查结果。See the pages while you type, with findings."""
    pattern = editor_pattern(editor)
    if pattern is None:
        raise typer.BadParameter(
            f"{editor}：{'、'.join(EDITORS)}、…{{path}}…", param_hint="--editor"
        )
    if not root.is_dir():
        raise typer.BadParameter(str(root), param_hint="--root")
    try:
        listening = listen(port)
    except OSError:
        say(
            f"端口 {port} 及其后几个都被占用，用 --port 换一个"
            if lang == Lang.zh
            else f"port {port} and those after it are taken: name another with --port"
        )
        raise typer.Exit(2) from None
    url = address(listening)
    stop = "按 Ctrl-C 停止" if lang == Lang.zh else "Ctrl-C stops it"
    print(f"{'预览' if lang == Lang.zh else 'preview'} {url}  {stop}", flush=True)
    if open_:
        webbrowser.open(url)
    settings = PageSettings(Editor(root.resolve(), pattern), lang.value)
    with suppress(KeyboardInterrupt):  # the way to stop it, whoever of those below sees it
        serve(listening, root, (unit, year, report), settings, lambda: time.strftime("%H:%M:%S"))
