"""The command that serves the live preview: preview."""

from __future__ import annotations

import time
import webbrowser
from contextlib import suppress
from pathlib import Path

import typer

from reportgen.cli.options import Lang, OutputFormat
from reportgen.cli.output import print_aside, selected_reports
from reportgen.features.preview.app import address, listen, serve
from reportgen.features.preview.links import EDITORS, Editor, editor_pattern
from reportgen.features.preview.page import PageSettings

_TAKEN = {
    "zh": "端口 {port} 及其后几个都被占用，用 --port 换一个",
    "en": "port {port} and those after it are taken: name another with --port",
}
_SERVING = {"zh": "预览 {url}  按 Ctrl-C 停止", "en": "preview {url}  Ctrl-C stops it"}


def preview_reports(
    lang: Lang,
    root: Path,
    year: int | None,
    unit: str | None,
    report: str | None,
    port: int,
    editor: str,
    open_browser: bool,
) -> None:
    """Serve the pages of drafts until the person stops it."""
    pattern = editor_pattern(editor)
    if pattern is None:
        known = "、".join(EDITORS)
        raise typer.BadParameter(f"{editor}：{known}、…{{path}}…", param_hint="--editor")
    if not root.is_dir():
        raise typer.BadParameter(str(root), param_hint="--root")
    if (unit, year, report) != (None, None, None):  # else it waits for reports to come
        selected_reports(root, unit, year, report, lang, OutputFormat.full)
    try:
        listening = listen(port)
    except OSError:
        print_aside(_TAKEN[lang.value].format(port=port))
        raise typer.Exit(2) from None
    url = address(listening)
    print(_SERVING[lang.value].format(url=url), flush=True)
    if open_browser:
        webbrowser.open(url)
    settings = PageSettings(Editor(root.resolve(), pattern), lang.value)
    with suppress(KeyboardInterrupt):  # the way to stop it, whoever of those below sees it
        serve(listening, root, (unit, year, report), settings, lambda: time.strftime("%H:%M:%S"))
