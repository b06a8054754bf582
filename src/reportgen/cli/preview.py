"""The command that serves the live preview: preview."""

from __future__ import annotations

import time
import webbrowser
from contextlib import suppress
from pathlib import Path

import typer

from reportgen.cli.options import Lang, OutputFormat
from reportgen.cli.output import selected_reports
from reportgen.cli.serving import open_port
from reportgen.features.preview.app import serve
from reportgen.features.preview.links import EDITORS, Editor, editor_pattern
from reportgen.features.preview.page import PageSettings
from reportgen.project.loopback import address

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
    listening = open_port(port, lang, _SERVING)
    if open_browser:
        webbrowser.open(address(listening))
    settings = PageSettings(Editor(root.resolve(), pattern), lang.value)
    with suppress(KeyboardInterrupt):  # the way to stop it, whoever of those below sees it
        serve(listening, root, (unit, year, report), settings, lambda: time.strftime("%H:%M:%S"))
