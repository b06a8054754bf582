"""The command that makes the site of public versions: site."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from reportgen.cli.options import Lang, OutputFormat
from reportgen.cli.output import finish, print_findings, stop_for
from reportgen.cli.serving import open_port
from reportgen.cli.waiting import waiting
from reportgen.features.site.existing import SiteOrder
from reportgen.features.site.making import SiteChange, make_site
from reportgen.features.site.serving import serve as serve_site
from reportgen.features.site.settings import default_settings, read_settings
from reportgen.findings import Diagnostics, finding

SETTINGS = "site.toml"
_UNCHANGED = {
    "zh": "没有变化，什么也没有写：{reports} 份报告，{pages} 个网页",
    "en": "nothing changed, nothing was written: {reports} reports, {pages} pages",
}
_CHANGED = {
    "zh": "新公开 {added} 份，共 {reports} 份；{pages} 个网页，写了 {written} 个，去掉 {removed}",
    "en": "{added} published of {reports}; {pages} pages, {written} written, {removed} removed",
}
_NOT_MADE = {
    "zh": "没有生成，原来的网站没有改动",
    "en": "not made; the site is as it was",
}
_SERVING = {"zh": "网站 {url}  按 Ctrl-C 停止", "en": "site {url}  Ctrl-C stops it"}
_WITHDRAWN = {"zh": "撤下 {address}", "en": "withdrawn: {address}"}
_VERSION = {"zh": "第 {number} 版", "en": "version {number}"}


def publish_site(
    lang: Lang,
    root: Path,
    out: Path | None,
    config: Path | None,
    serve: bool,
    port: int,
    output_format: OutputFormat,
    verbose: bool,
) -> None:
    """Make the site, or bring it up to date, and print what changed; serve it where asked to."""
    log = Diagnostics()
    order = _order(root, out, config, log)
    if order is None:
        stop_for(tuple(log), lang, output_format, Path())
        return
    if not order.settings.url:
        log.add(finding("U131"))
    with waiting(str(order.out)):
        change = make_site(order, log)
    title = "" if change is not None else _NOT_MADE[lang.value]
    print_findings(log, lang, output_format, Path(), verbose=verbose, title=title)
    if change is not None and output_format is not OutputFormat.json:
        print("\n".join(_lines(change, order, lang.value)))
    finish(tuple(log), lang, output_format)
    if serve:
        with suppress(KeyboardInterrupt):  # the way to stop it
            serve_site(open_port(port, lang, _SERVING), order.out)


def _order(root: Path, out: Path | None, config: Path | None, log: Diagnostics) -> SiteOrder | None:
    """Return what to make; without a file of settings a site has the usual ones."""
    path, builds, place = config or root / SETTINGS, root / "build", out or root / "site"
    if config is None and not path.exists():
        return SiteOrder(default_settings(builds), (), root, place)
    read = read_settings(path, builds, log)
    return SiteOrder(*read, root, place) if read is not None else None


def _lines(change: SiteChange, order: SiteOrder, lang: str) -> list[str]:
    """Return what a person is told of a run: what was published, and how much was written."""
    lines = []
    for each in change.added:
        number = _VERSION[lang].format(number=each.version.number)
        lines.append(f"  {order.out / each.address}  {number}")
    gone = _WITHDRAWN[lang]
    lines += [f"  {gone.format(address=order.out / address)}" for address in change.withdrawn]
    told = _UNCHANGED if change.is_none else _CHANGED
    counts = {
        "added": len(change.added),
        "reports": change.reports,
        "pages": change.pages,
        "written": change.written,
        "removed": change.removed,
    }
    return [*lines, told[lang].format(**counts)]
