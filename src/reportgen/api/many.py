"""What is asked of many reports or files at once: overview, audits, site; answers print well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, overload

from reportgen.api.told import Findings, check_language
from reportgen.features.overview.audited import audited_row, without_twins
from reportgen.features.overview.collecting import ExpectedReports, Wanted, collected
from reportgen.features.overview.peers import compared
from reportgen.features.overview.tables import (
    FEW,
    OverviewTable,
    as_csv,
    as_json,
    as_text,
    shown_rows,
    tables,
)
from reportgen.features.overview.values import Overview, OverviewRow
from reportgen.findings import Diagnostics, finding
from reportgen.findings.codes import Language
from reportgen.flow.parallel import processes
from reportgen.model.document import Audience
from reportgen.project.extras import missing_extra

if TYPE_CHECKING:
    from reportgen.features.audit.files import AuditedFile
    from reportgen.features.site.changes import SiteChange


@dataclass(frozen=True, slots=True, repr=False)
class ComparedReports(Sequence[OverviewRow]):
    """Reports beside each other, a row each; they print as `reportgen overview` prints them.

    `overview` has the groups of like reports with their quartiles, what stands out, and trends;
    `findings` tell what of the builds could not be read.
    """

    overview: Overview
    findings: Findings

    @overload
    def __getitem__(self, index: int) -> OverviewRow: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[OverviewRow, ...]: ...
    def __getitem__(self, index: int | slice) -> OverviewRow | tuple[OverviewRow, ...]:
        """Return a row, or some of them."""
        return self.overview.rows[index]

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.overview.rows)

    def tables(self) -> Mapping[str, OverviewTable]:
        """Return the tables by name, heads first: reports, groups, outliers, trends, findings.

        Others than those inside get no findings.
        """
        return tables(self.overview, self.findings.language)

    def csv(self) -> Mapping[str, bytes]:
        """Return the tables as CSV by name."""
        return {name: as_csv(table) for name, table in self.tables().items()}

    def to_json(self) -> str:
        """Return all of it as JSON, as `overview --output-format json` prints it."""
        return as_json(self.overview, self.findings, self.findings.language)

    def page(self) -> bytes:
        """Return the web page that sorts and filters them, as `overview --html` writes it."""
        from reportgen.features.overview.page import as_page  # noqa: PLC0415 - slow to import

        return as_page(self.overview, self.findings.language)

    def workbook(self) -> bytes:
        """Return the workbook, as `overview --xlsx` writes it.

        Raises ModuleNotFoundError where openpyxl is not installed, with what installs it.
        """
        missing = missing_extra("excel")
        if missing is not None:
            raise ModuleNotFoundError(repr(Findings((missing,), self.findings.language)))
        from reportgen.features.overview.workbook import as_workbook  # noqa: PLC0415 - an extra

        return as_workbook(self.overview, self.findings.language)

    def __repr__(self) -> str:
        """Return the table of reports and what stands out, or why there are none."""
        if not self.overview.rows:
            return repr(self.findings)
        return as_text(self.overview, self.findings.language, FEW)

    def _repr_html_(self) -> str:
        if not self.overview.rows:
            return f"<pre>{escape(repr(self))}</pre>"
        heads, *rows = shown_rows(self.overview, self.findings.language, FEW)
        head = "".join(f"<th>{escape(text)}</th>" for text in heads)
        body = "".join(f"<tr>{_cells(row)}</tr>" for row in rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(row: Iterable[str]) -> str:
    return "".join(f"<td>{escape(text)}</td>" for text in row)


def overview(
    *builds: Path | str,
    audience: Audience = "internal",
    unit: str | None = None,
    year: int | None = None,
    report: str | None = None,
    audits: Iterable[Path | str] = (),
    language: Language = "zh",
) -> ComparedReports:
    """Compare what stands in folders of finished builds, such as bureaus sent in.

    `Project.overview` compares those of a project, and knows what it has not built.
    """
    check_language(language)
    return compare(builds, Wanted(audience, unit, year, report), audits, language)


def compare(
    builds: Iterable[Path | str],
    wanted: Wanted,
    audits: Iterable[Path | str],
    language: Language,
    root: Path | None = None,
) -> ComparedReports:
    """Compare builds, and what of the project at `root` is not built; audit files beside them."""
    folders, paths = list(map(Path, builds)), list(map(Path, audits))
    if not (folders or paths):
        raise ValueError("no folder of builds, and no files")
    if paths and wanted.audience != "internal":
        raise ValueError(f"audits are for those inside alone, not for {wanted.audience!r}")
    log = Diagnostics()
    audited = _audited_rows(audit(*paths, language=language), wanted, log) if paths else []
    expected: list[ExpectedReports] = []
    if root is not None:
        expected.append(ExpectedReports.of_project(root))
    rows: list[OverviewRow] = []
    if folders:
        rows += collected(folders, expected, wanted, log, beside=bool(audited))
    audited = without_twins(audited, rows, log)
    found = compared(wanted.audience, [*rows, *audited])
    return ComparedReports(found, Findings(tuple(log), language))


def _audited_rows(audits: Audits, wanted: Wanted, log: Diagnostics) -> list[OverviewRow]:
    """Return the rows of audited files; the log tells of those that could not be read."""
    if not audits.files:
        log.extend(audits.findings)
    rows: list[OverviewRow] = []
    for file in audits:
        if not file.text:  # it could not be read, and here is who says why
            log.extend(file.findings)
        row = audited_row(file.name, file.told, file.findings)
        if wanted.year in {None, row.year}:
            rows.append(row)
    return rows


@dataclass(frozen=True, slots=True, repr=False)
class Audits(Sequence["AuditedFile"]):
    """What audits of files gave, a value each; `findings` are those of all of them."""

    files: tuple[AuditedFile, ...]
    findings: Findings

    @overload
    def __getitem__(self, index: int) -> AuditedFile: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[AuditedFile, ...]: ...
    def __getitem__(self, index: int | slice) -> AuditedFile | tuple[AuditedFile, ...]:
        """Return what an audit of a file gave, or some of them."""
        return self.files[index]

    def __len__(self) -> int:
        """Return how many files there are."""
        return len(self.files)

    def __repr__(self) -> str:
        """Return a line for each finding, and the line that counts them."""
        return repr(self.findings)

    def _repr_html_(self) -> str:
        return self.findings._repr_html_()


def audit(*paths: Path | str, language: Language = "zh", jobs: int = 1) -> Audits:
    """Audit documents of others, or all in folders, as `reportgen audit` does; writes nothing.

    One after the other, or in `jobs` processes: then the calling module must be one that can be
    imported (`if __name__ == "__main__":`). A fault of the program itself is raised.
    """
    from reportgen.features.audit.files import (  # noqa: PLC0415 - slow, and seldom asked for
        AuditRequest,
        audit_files,
        files_of,
    )

    check_language(language)
    found = list(files_of(map(Path, paths)))
    requests = [AuditRequest(path, name, language) for path, name in found]
    files = tuple(audit_files(requests, processes(jobs, len(requests))))
    for file in files:
        if file.fault is not None:
            raise RuntimeError(f"{file.name}: {file.fault.what} ({file.fault.where})")
    told = chain.from_iterable(file.findings for file in files)
    nothing = [] if files else [finding("A509", paths="、".join(map(str, paths)))]
    return Audits(files, Findings((*told, *nothing), language))


@dataclass(frozen=True, slots=True, repr=False)
class MadeSite:
    """A site in the folder `out`: what a run changed there, None where it was not made.

    It is then as it was, and `findings` say why.
    """

    out: Path
    change: SiteChange | None
    findings: Findings

    @property
    def ok(self) -> bool:
        """Return whether the site was made, or is up to date."""
        return self.change is not None

    def __repr__(self) -> str:
        """Return what changed, as `reportgen site` tells it, below what was found."""
        from reportgen.features.site.changes import told_change  # noqa: PLC0415 - as below

        told = repr(self.findings)
        if self.change is None:
            return told
        return "\n".join([told, *told_change(self.change, self.out, self.findings.language)])

    def _repr_html_(self) -> str:
        return f"<pre>{escape(repr(self))}</pre>"


def publish(
    root: Path,
    builds: Path,
    out: Path | str | None,
    config: Path | str | None,
    language: Language,
) -> MadeSite:
    """Make the site of a project, or bring it up to date."""
    from reportgen.features.site.changes import site_order  # noqa: PLC0415 - slow to import
    from reportgen.features.site.making import make_site  # noqa: PLC0415 - as above

    log = Diagnostics()
    place = Path(out) if out is not None else root / "site"
    settings = Path(config) if config is not None else None
    order = site_order(root, builds, place, settings, log)
    change = make_site(order, log) if order is not None else None
    return MadeSite(place, change, Findings(tuple(log), language))
