"""What a run is asked to make of a site, what it changed, and how that is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from reportgen.features.site.collecting import BuiltVersion
from reportgen.features.site.existing import SiteOrder
from reportgen.features.site.settings import default_settings, read_settings
from reportgen.findings import Diagnostics, finding
from reportgen.findings.codes import Language
from reportgen.model.frozen import frozen

SETTINGS = "site.toml"
_UNCHANGED: Mapping[Language, str] = {
    "zh": "没有变化，什么也没有写：{reports} 份报告，{pages} 个网页和索引",
    "en": "nothing changed, nothing was written: {reports} reports, {pages} pages and indexes",
}
_CHANGED: Mapping[Language, str] = {
    "zh": "新公开 {added} 份，共 {reports} 份；"
    "{pages} 个网页和索引，写了 {written} 个，去掉 {removed}",
    "en": "{added} published of {reports}; "
    "{pages} pages and indexes, {written} written, {removed} removed",
}
_MORE: Mapping[Language, str] = {
    "zh": "  另有 {count} 份，加 -v 逐份列出",
    "en": "  and {count} more; -v lists them",
}
_LISTED = 20
"""So many versions that came to a site are listed; the first run brings thousands."""
_WITHDRAWN: Mapping[Language, str] = {"zh": "撤下 {address}", "en": "withdrawn: {address}"}
_VERSION: Mapping[Language, str] = {"zh": "第 {number} 版", "en": "version {number}"}


@frozen
class SiteChange:
    """What a run changed: the versions that came to the site, and the addresses of those that went.

    `written` and `removed` count its pages that were made anew, and taken away.

    `pages`, with indexes and feeds, and `reports` are how many there are now; `is_none` says that
    nothing was written.
    """

    added: tuple[BuiltVersion, ...]
    withdrawn: tuple[str, ...]
    written: int
    removed: int
    pages: int
    reports: int
    is_none: bool = False


def site_order(
    root: Path, builds: Path, out: Path | None, config: Path | None, log: Diagnostics
) -> SiteOrder | None:
    """Return what to make of a project, None with U101 where its settings are wrong.

    Without a file of settings a site has the usual ones; U131 says what it has not without an
    address. `builds` is the folder of builds where the settings name none.
    """
    path, place = config or root / SETTINGS, out or root / "site"
    if config is None and not path.exists():
        order = SiteOrder(default_settings(builds), (), root, place)
    else:
        read = read_settings(path, builds, log)
        if read is None:
            return None
        order = SiteOrder(*read, root, place)
    if not order.settings.url:
        log.add(finding("U131"))
    return order


def told_change(
    change: SiteChange, out: Path, language: Language, *, verbose: bool = False
) -> Iterator[str]:
    """Yield what a person is told of a run: what was published, and how much was written."""
    listed = change.added if verbose else change.added[:_LISTED]
    for each in listed:
        number = _VERSION[language].format(number=each.version.number)
        yield f"  {out / each.address}  {number}"
    if len(listed) < len(change.added):
        yield _MORE[language].format(count=len(change.added) - len(listed))
    for address in change.withdrawn:
        yield "  " + _WITHDRAWN[language].format(address=out / address)
    told = _UNCHANGED if change.is_none else _CHANGED
    yield told[language].format(
        added=len(change.added),
        reports=change.reports,
        pages=change.pages,
        written=change.written,
        removed=change.removed,
    )
