"""What is published: the site, its reports, and each version of a report that was made public."""

from __future__ import annotations

from dataclasses import field

from reportgen.model.frozen import frozen
from reportgen.model.publication import Publication
from reportgen.model.source import NOWHERE, SourceSpan


@frozen
class Withdrawal:
    """What `site.toml` says of what must stand on a site no longer: a report, or one version.

    `address` is that of the report, with `/v1` behind it for a version; `date` (ISO) and `reason`
    are for everybody, and may be left out. `span` is where it says so, which no page depends on.
    """

    address: str
    date: str = ""
    reason: str = ""
    span: SourceSpan = field(default=NOWHERE, compare=False, repr=False)


@frozen
class SiteSettings:
    """What `site.toml` says of a site: its name, where it will stand, who answers for it.

    `url` ends in a slash; without it feeds and the list of pages for search engines, which need
    whole addresses, are not made. `contact` says whom to tell of an error, by post, mail or desk;
    `site_code` is the 网站标识码 of a government site, `license` under which data may be used.
    `withdrawn` is what must stand there no longer.
    """

    name: str
    url: str = ""
    publisher: str = ""
    contact: str = ""
    site_code: str = ""
    license: str = ""
    builds: tuple[str, ...] = ()
    withdrawn: tuple[Withdrawal, ...] = ()


@frozen
class PublicFile:
    """A file of a public version: its name in the version's folder, SHA-256, size in bytes."""

    name: str
    sha256: str
    size: int


@frozen
class NoticeTable:
    """A table of a notice, behind so many of its paragraphs; its first row heads it."""

    behind: int
    rows: tuple[tuple[str, ...], ...]


@frozen
class Notice:
    """A 更正说明: why a version took the place of the one before. `file` is as it was signed.

    `paragraphs` and `tables` are what it says, for the page; `date` is ISO.
    """

    file: PublicFile
    date: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[NoticeTable, ...] = ()


@frozen
class PastNotice:
    """A notice that went with its version: of which report, of which day (ISO), its SHA-256."""

    report: str
    date: str
    sha256: str


@frozen
class PublicVersion:
    """A version of a report as it was made public; its files never change and never move.

    `number` counts from 1 within the report; `text` is the hash of all that is printed; `commit` is
    the one that it was built from, empty where there was none; `date` is the day of publication,
    else of the report, ISO. The notice says what was wrong in the version before.
    """

    number: int
    title: str
    subject: str
    organization: str
    date: str
    text: str
    commit: str = ""
    publication: Publication = field(default_factory=Publication)
    files: tuple[PublicFile, ...] = ()
    notice: Notice | None = None

    @property
    def folder(self) -> str:
        """Return the name of its folder in that of the report."""
        return f"v{self.number}"


@frozen
class PublishedReport:
    """A report of a unit and year with its versions, the oldest first.

    There is one at least, but in a report that was withdrawn as a whole, which no page shows.
    """

    unit: str
    unit_name: str
    year: int
    report: str
    versions: tuple[PublicVersion, ...]

    @property
    def address(self) -> str:
        """Return where it stands on the site: `huaihua/2023/department/`."""
        return f"{self.unit}/{self.year}/{self.report}/"

    @property
    def current(self) -> PublicVersion:
        """Return the version that holds now."""
        return self.versions[-1]


@frozen
class WithdrawnVersion:
    """A version that was taken off a site, of which it says no more than that: when, and why."""

    unit: str
    year: int
    report: str
    number: int
    date: str = ""
    reason: str = ""

    @property
    def address(self) -> str:
        """Return where its report stood, or stands."""
        return f"{self.unit}/{self.year}/{self.report}/"


@frozen
class Site:
    """All that a site shows: its settings, and its reports by unit, year and name.

    `withdrawn` are the versions at whose addresses pages say that they were taken off, `past` the
    notices that went with any.
    """

    settings: SiteSettings
    reports: tuple[PublishedReport, ...] = ()
    withdrawn: tuple[WithdrawnVersion, ...] = ()
    past: tuple[PastNotice, ...] = ()
