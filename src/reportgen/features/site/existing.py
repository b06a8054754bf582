"""What stands in the folder of a site, and whether it may be changed: never what is not its own."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from reportgen.features.site.record import RECORD, MadePage, SiteRecord, read_record
from reportgen.features.site.settings import SiteCorrection
from reportgen.features.site.versions import PublishedReport, SiteSettings
from reportgen.features.site.withdrawal import without_withdrawn
from reportgen.findings import Diagnostics, Finding, finding
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan
from reportgen.project.saving import is_there


@frozen
class SiteOrder:
    """What site to make: its settings, the corrections that it tells of, the project, the place.

    `jobs` are the processes that prove it, 0 for one a core.
    """

    settings: SiteSettings
    corrections: tuple[SiteCorrection, ...]
    root: Path
    out: Path
    jobs: int = 1


def check_place(order: SiteOrder, log: Diagnostics) -> None:
    """Log U113 for a folder that holds the project, or stands where others read or write.

    U119 tells a mount point, U110 what is no folder.
    """
    out, root = _real(order.out), _real(order.root)
    builds = map(Path, order.settings.builds)
    inside = [*map(_real, (root / "data", root / "templates", *builds))]
    held = [root, *inside]
    taken = [path for path in inside if out.is_relative_to(path)]
    taken += [path for path in held if path.is_relative_to(out)]
    if taken:
        log.add(finding("U113", SourceSpan(str(order.out), 0, 0), path=out, other=taken[0]))
    elif os.path.ismount(out):
        log.add(finding("U119", SourceSpan(str(order.out), 0, 0), path=out))
    elif is_there(out) and not out.is_dir():
        log.add(finding("U110", SourceSpan(str(order.out), 0, 0), path=out))


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def existing_record(order: SiteOrder, log: Diagnostics) -> SiteRecord | None:
    """Return what stands in the folder of a site, None where it is new or empty.

    The log gets U110 to U112 and U114 for what forbids to change it.
    """
    found = Diagnostics()
    record = read_record(order.out, found)
    if found.blocked:
        log.extend(found)
    elif record is None:
        if order.out.is_dir() and any(order.out.iterdir()):
            log.add(finding("U110", SourceSpan(str(order.out), 0, 0), path=order.out))
    elif not _is_same_site(record, order.settings):
        log.add(_other_site(order.out, record, order.settings))
    else:
        kept = without_withdrawn(record.reports, order.settings.withdrawn)
        _check_published(order.out, kept, log)
    return record


def _is_same_site(record: SiteRecord, settings: SiteSettings) -> bool:
    """Return whether a folder holds the site of the settings, of the same name or address.

    Of the same address it may have got another name; of the same name an address, or none.
    """
    if record.url and settings.url:
        return record.url == settings.url
    return record.name == settings.name


def _other_site(out: Path, record: SiteRecord, settings: SiteSettings) -> Finding:
    names = [" ".join(filter(None, (each.name, each.url))) for each in (record, settings)]
    return finding("U111", SourceSpan(str(out / RECORD), 0, 0), there=names[0], here=names[1])


def _check_published(out: Path, reports: Iterable[PublishedReport], log: Diagnostics) -> None:
    """Log U114 for published files that are lost, or are not of the size that they had."""
    for report in reports:
        for version in report.versions:
            folder = out / report.address / version.folder
            for file in version.files:
                if _size(folder / file.name) != file.size:
                    log.add(finding("U114", SourceSpan(str(folder / file.name), 0, 0)))


def _size(path: Path) -> int:
    """Return the size of a file, -1 where there is none."""
    try:
        return path.stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return -1


def is_as_made(folder: Path, page: MadePage) -> bool:
    """Return whether a page in the folder of a site is the one that was made, to the last byte."""
    path = folder / page.path
    if _size(path) != page.size:
        return False
    return hashlib.sha256(path.read_bytes()).hexdigest() == page.sha256
