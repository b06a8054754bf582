"""The command that makes the site of public versions: site."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from reportgen.cli.options import Lang, OutputFormat
from reportgen.cli.output import finish, print_findings, stop_for
from reportgen.cli.serving import open_port
from reportgen.cli.waiting import waiting
from reportgen.features.site.changes import site_order, told_change
from reportgen.features.site.making import make_site
from reportgen.features.site.serving import serve as serve_site
from reportgen.findings import Diagnostics

_NOT_MADE = {
    "zh": "没有生成，原来的网站没有改动",
    "en": "not made; the site is as it was",
}
_SERVING = {"zh": "网站 {url}  按 Ctrl-C 停止", "en": "site {url}  Ctrl-C stops it"}


def publish_site(
    lang: Lang,
    root: Path,
    out: Path | None,
    config: Path | None,
    serve: bool,
    port: int,
    jobs: int,
    output_format: OutputFormat,
    verbose: bool,
) -> None:
    """Make the site, or bring it up to date, and print what changed; serve it where asked to."""
    log = Diagnostics()
    order = site_order(root, root / "build", out, config, log)
    if order is None:
        stop_for(tuple(log), lang, output_format, Path())
        return
    with waiting(str(order.out)):
        change = make_site(replace(order, jobs=jobs), log)
    title = "" if change is not None else _NOT_MADE[lang.value]
    print_findings(log, lang, output_format, Path(), verbose=verbose, title=title)
    if change is not None and output_format is not OutputFormat.json:
        print("\n".join(told_change(change, order.out, lang.value, verbose=verbose)))
    finish(tuple(log), lang, output_format)
    if serve:
        with suppress(KeyboardInterrupt):  # the way to stop it
            serve_site(open_port(port, lang, _SERVING), order.out)
