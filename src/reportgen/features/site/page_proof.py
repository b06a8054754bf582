"""Proves the files of a site: what is withheld of a report stands in none that shows it.

A page of a unit is searched for what is withheld of each of its reports, a page of all units for
what is withheld of any, by the same search as the files of a build (`verify.search`). What may
stand is what the public versions print themselves: the page of a report has its text, a list the
titles of others, and all of them numbers that the site counts. What was proven before, and is as it
was, needs no new proof.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from itertools import chain, filterfalse
from pathlib import Path
from typing import NamedTuple

from reportgen.features.site.dataset_proof import is_dataset, unprinted
from reportgen.features.site.index_proof import strange_words, year_of_index
from reportgen.features.site.own_texts import counts, file_numbers, said_of, without
from reportgen.features.site.planning import FRAGMENT
from reportgen.features.site.proven_before import ProvenBefore, SiteFile, by_unit, unit_of
from reportgen.features.site.report_secrets import ReportSecrets
from reportgen.features.site.searched_page import SearchedPage, SharedTexts, searched_page
from reportgen.features.site.versions import PublicVersion, PublishedReport, Site
from reportgen.findings import Diagnostics, Finding, finding
from reportgen.flow.parallel import ParallelRun, processes, worker_lost
from reportgen.language.folding import even
from reportgen.language.personal_marks import personal_data
from reportgen.model.frozen import frozen
from reportgen.project.foreign_files import reason
from reportgen.verify.leaks import Leak, find_leaks
from reportgen.verify.part import Part, UnreadableError
from reportgen.verify.proof import Proof, letters
from reportgen.verify.search import PartSearch
from reportgen.verify.spellings import SearchTargets

_OF_OFFICE = ("@landline", "@email")
"""What of an office a site may name as its own: how to reach who answers for it."""
_UNITS = 8
"""So many units a process takes at a time: some seconds of work."""
_MOST_NAMES = 3
"""So many reports a finding names."""


@frozen
class SiteToProve:
    """A site in a `folder`, and the records of what is withheld of its reports, by address."""

    site: Site
    secrets: Mapping[str, ReportSecrets]
    folder: Path


def prove_site(
    to_prove: SiteToProve,
    files: Sequence[SiteFile],
    memory: Path,
    log: Diagnostics,
    jobs: int = 1,
) -> None:
    """Prove the `files` of a site; the log gets U170 to U179, D104 and D106.

    The file `memory` says what was proven before. What anything was told of is not in it, so that
    each run tells it. The pages of many units are searched in so many processes, 0 for one a core.
    """
    before = ProvenBefore(to_prove.site, to_prove.secrets, memory)
    proof = _SiteProof(to_prove, log)
    proof.prove(filterfalse(before.holds, files), jobs)
    if not log.blocked:
        before.keep(file for file in files if file.path not in proof.told)


@frozen
class _Known:
    """A report of a site with what is withheld of it."""

    report: PublishedReport
    secrets: ReportSecrets
    proof: Proof


_UnitFiles = tuple[str, tuple[SiteFile, ...]]
"""A unit, and those of its files that are to be searched."""


class _Proven(NamedTuple):
    """What became of the pages of a unit: what was found, in which, and what its secrets are."""

    findings: tuple[Finding, ...]
    told: frozenset[str]
    known: tuple[_Known, ...] = ()


def _prove_units(to_prove: SiteToProve, units: Sequence[_UnitFiles]) -> list[_Proven]:
    """Search the files of some units for what is withheld of the reports of each."""
    proof, proven = _SiteProof(to_prove, Diagnostics()), []
    for unit, files in units:
        proof.log, proof.told = Diagnostics(), set()
        known = tuple(proof.known(proof.by_unit[unit]))
        proof.prove_unit(files, known)
        proven.append(_Proven(tuple(proof.log), frozenset(proof.told), known))
    return proven


def _lost(units: Sequence[_UnitFiles], error: Exception) -> list[_Proven]:
    """Return what is said of units whose worker died."""
    return [_Proven((worker_lost(units[0][0], error),), frozenset())]


class _SiteProof:
    """The proof of one site: what its pages may not hold and what they may."""

    def __init__(self, to_prove: SiteToProve, log: Diagnostics) -> None:
        self.site, self.secrets, self.folder = to_prove.site, to_prove.secrets, to_prove.folder
        self.log = log
        self.told: set[str] = set()
        self._bodies: dict[str, frozenset[str]] = {}
        self.by_unit = by_unit(self.site)

    def prove(self, files: Iterable[SiteFile], jobs: int) -> None:
        """Search files, those of one unit together, and the pages of all units with each."""
        of_unit: dict[str, list[SiteFile]] = defaultdict(list)
        for file in files:
            of_unit[unit_of(file.path, self.by_unit)].append(file)
        self._tell_unknown()
        of_all = of_unit.pop("", [])
        self.log.extend(strange_words(self.site.reports, self.folder, of_all))
        pages = (file for file in of_all if not year_of_index(file.path))
        shared = SharedTexts(self._pages(pages))
        self._tell_personal(shared.pages)
        wanted = (unit for unit in self.by_unit if shared.pages or unit in of_unit)
        units = [(unit, tuple(of_unit.get(unit, ()))) for unit in wanted]
        for proven in self._by_unit(units, jobs):
            self.told |= proven.told
            self.log.extend(proven.findings)
            for each in proven.known:
                possible = shared.possible(each.proof.targets)
                if possible is not None:
                    for page in shared.pages:
                        self._prove_foreign(page, each, possible)

    def _by_unit(self, units: Sequence[_UnitFiles], jobs: int) -> Iterator[_Proven]:
        """Yield what became of each unit, in order: some at a time, by processes."""
        to_prove = SiteToProve(self.site, self.secrets, self.folder)
        tasks = [units[at : at + _UNITS] for at in range(0, len(units), _UNITS)]
        run = ParallelRun(partial(_prove_units, to_prove), _lost, processes(jobs, len(tasks)))
        for proven in run.results((task,) for task in tasks):
            yield from proven

    @cached_property
    def _counts(self) -> tuple[str, ...]:
        return counts(self.site.reports)

    def known(self, reports: Iterable[PublishedReport]) -> Iterator[_Known]:
        """Yield those of `reports` of which records tell what is withheld; U170 if they do not."""
        beside = [*self._counts]
        for report in reports:
            for version in report.versions:
                beside += file_numbers(version)
        for report in reports:
            secrets = self.secrets.get(report.address)
            if secrets is None:
                continue
            try:
                proof = secrets.proof(beside)
            except (OSError, ValueError) as error:
                self.log.add(finding("U170", secrets.span, name=report.address, **reason(error)))
                continue
            free = proof.free | self._free
            yield _Known(report, secrets, replace(proof, free=free))

    @cached_property
    def _free(self) -> frozenset[str]:
        """Return how an office that answers for the site can be reached, as a proof allows it."""
        settings = self.site.settings
        found = personal_data(even(f"{settings.publisher} {settings.contact}"))
        return frozenset(each.plain for each in found if each.kind in _OF_OFFICE)

    def _pages(self, files: Iterable[SiteFile]) -> Iterator[SearchedPage]:
        for file in files:
            page = self._page(file)
            if page is not None:
                yield page

    def _page(self, file: SiteFile) -> SearchedPage | None:
        """Return a file as it is searched, or None with U177 where nobody can read it."""
        try:
            return searched_page(file.path, (self.folder / file.path).read_bytes())
        except UnreadableError as error:
            why = {"detail": error.detail, **error.params}
            self.log.add(finding("U177", file=file.path, part=error.where, **why))
        return None

    # Pages of a unit

    def prove_unit(self, files: Iterable[SiteFile], known: Sequence[_Known]) -> None:
        """Search the files of a unit for what is withheld of each of its reports."""
        self._bodies.clear()
        for file in files:
            report = self._report_of(file.path)
            own, others = None, []
            for each in known:
                if each.report is report:
                    own = each
                else:
                    others.append(each)
            if own is not None and file.sha256 in own.secrets.proven:
                continue  # by the build
            for page in self._pages([file]):
                if own is not None:
                    self._prove_own(page, own)
                if file.made:
                    self._prove_made(page, report, others)

    def _report_of(self, path: str) -> PublishedReport | None:
        """Return the report in whose folder a file stands, if it does in one."""
        reports = self.by_unit[unit_of(path, self.by_unit)]
        return next((each for each in reports if path.startswith(each.address)), None)

    def _prove_own(self, page: SearchedPage, own: _Known) -> None:
        """Tell what a file of a report holds that is withheld of it.

        What a version before the current one holds was published already.
        """
        search = PartSearch(page.path, own.proof)
        for part in page.parts:
            search.add(part)
        for version in own.report.versions[:-1]:
            if page.path.startswith(f"{own.report.address}{version.folder}/"):
                self._tell_published(page, version, search.leaks)
                return
        self._tell(page, search.leaks)
        self._add(page, search.personal)
        if is_dataset(page.path) and own.report.current.text == own.secrets.text:
            data = (self.folder / page.path).read_bytes()
            for number in unprinted(page.path, data, own.proof.printed):
                self._add(page, [finding("U178", file=page.path, number=number)])

    def _prove_made(
        self, page: SearchedPage, report: PublishedReport | None, others: Iterable[_Known]
    ) -> None:
        """Tell what a page holds that is withheld of `others` than the report it is of, if any."""
        body = frozenset[str]()
        if report is not None:
            body = self._body(page, report, others)
        for each in others:
            self._prove_foreign(page, each, each.proof.targets, body)
        if report is None or report.address not in self.secrets:
            self._tell_personal([page])

    def _body(
        self, page: SearchedPage, report: PublishedReport, others: Iterable[_Known]
    ) -> frozenset[str]:
        """Return the pieces of the text of a report, which its build has proven.

        U179 tells what it says that is withheld of another one of its unit.
        """
        if report.address not in self._bodies:
            self._bodies[report.address] = frozenset(self._pieces(report))
            text = Part.of("", sorted(self._bodies[report.address] | said_of(report)))
            for each in others:
                self._tell_contradiction(page, report, text, each)
        return self._bodies[report.address]

    def _pieces(self, report: PublishedReport) -> Iterator[str]:
        for version in report.versions:
            for file in version.files:
                if file.name.endswith(f".{FRAGMENT}"):
                    path = f"{report.address}{version.folder}/{file.name}"
                    for page in self._pages([SiteFile(path, file.sha256)]):
                        for part in page.told:
                            yield from part.pieces if isinstance(part, Part) else ()

    def _prove_foreign(
        self,
        page: SearchedPage,
        of: _Known,
        possible: SearchTargets,
        body: frozenset[str] = frozenset(),
    ) -> None:
        """Tell what a page holds that is withheld of a report which it is not the page of.

        What other reports say of themselves may stand there, and the text of the page's own.
        `possible` are those of the targets that it may hold.
        """
        frame = tuple(page.without(body)) if body else page.told
        leaks = map(partial(find_leaks, targets=possible), frame)
        if next(chain.from_iterable(leaks), None) is None:
            return
        others = self._said.difference(said_of(of.report))
        search = PartSearch(page.path, replace(of.proof, public=False))
        for part in frame:
            search.add(without(part, others) if isinstance(part, Part) else part)
        self._tell(page, search.leaks)

    @cached_property
    def _said(self) -> frozenset[str]:
        """Return what the site says of all reports beside their texts."""
        return frozenset().union(*map(said_of, self.site.reports))

    # What is told

    def _add(self, page: SearchedPage, problems: Iterable[Finding]) -> None:
        """Log what is told of a page."""
        for problem in problems:
            self.told.add(page.path)
            self.log.add(problem)

    def _tell_unknown(self) -> None:
        """Tell U171 of reports of which no record says what is withheld."""
        addresses = (report.address for report in self.site.reports)
        names = list(filterfalse(self.secrets.__contains__, addresses))
        if names:
            listed = "、".join(names[:_MOST_NAMES])
            self.log.add(finding("U171", count=len(names), names=listed))

    def _tell(self, page: SearchedPage, leaks: Iterable[Leak]) -> None:
        """Tell U172 of each leak, U173 of what may be one."""
        for leak in leaks:
            secret = leak.secret
            converted = leak.manner in ("@converted", "@rounded")
            problem = finding(
                "U172" if leak.sure else "U173",
                secret.span,
                subject=f"{page.path} {secret.key}",
                file=page.path,
                part=leak.where.strip() or "<body>",
                key=secret.key,
                title=secret.title,
                manner=leak.manner,
                unit=leak.symbol if converted else "",
            )
            self._add(page, [problem])

    def _tell_published(
        self, page: SearchedPage, version: PublicVersion, leaks: Iterable[Leak]
    ) -> None:
        """Tell U176 of what stands in a file that was published before it was withheld."""
        for leak in leaks:
            secret = leak.secret
            problem = finding(
                "U176",
                secret.span,
                subject=f"{page.path} {secret.key}",
                file=page.path,
                number=version.number,
                date=version.date or "—",
                key=secret.key,
                title=secret.title,
            )
            if leak.sure:
                self._add(page, [problem])

    def _tell_contradiction(
        self, page: SearchedPage, report: PublishedReport, text: Part, of: _Known
    ) -> None:
        """Tell U179 of each word in the text of a report that is withheld of another one."""
        words = SearchTargets(words=of.proof.targets.words, codes=of.proof.targets.codes)
        for leak in {leak.secret: leak for leak in find_leaks(text, words)}.values():
            secret = leak.secret
            problem = finding(
                "U179",
                secret.span,
                subject=f"{report.address} {secret.key}",
                name=report.address,
                other=of.report.address,
                key=secret.key,
                title=secret.title,
            )
            self._add(page, [problem])

    def _tell_personal(self, pages: Iterable[SearchedPage]) -> None:
        """Tell D104 and D106 of numbers of persons on pages of no single report."""
        for page in pages:
            search = PartSearch(page.path, self._neutral)
            for part in page.told:
                search.add(part)
            self._add(page, search.personal)

    @cached_property
    def _neutral(self) -> Proof:
        """Return the proof of a page that nobody's secrets are looked for in."""
        said = frozenset(map(letters, self._said))
        return Proof(SearchTargets(), public=True, free=said | self._free)
