"""A project and its reports: check, figures, explanations, builds; their answers print well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import overload

from reportgen.api.many import ComparedReports, MadeSite, compare, publish
from reportgen.api.told import Findings, check_language
from reportgen.features.explain import answers
from reportgen.features.overview.collecting import Wanted
from reportgen.findings import CODES, Diagnostics
from reportgen.findings.codes import Language
from reportgen.findings.manual import document_code
from reportgen.flow.job import Job
from reportgen.flow.pipeline import build
from reportgen.flow.staged import Build, Derived, Draft
from reportgen.flow.steps import draft
from reportgen.model.document import Audience
from reportgen.model.edition import FORMATS, Comments
from reportgen.model.figures import Figure
from reportgen.model.locations import printed_figures
from reportgen.project.layout import select
from reportgen.project.source_files import SourceFiles


@dataclass(frozen=True, slots=True, repr=False)
class Explanations(Sequence[str]):
    """Texts that explain what was asked for, one a figure, text, rule or code; they print whole.

    `findings` were met on the way: where there is no text, they say whether one could not be had.
    """

    texts: tuple[str, ...] = ()
    findings: Findings = field(default_factory=Findings)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        """Return a text, or some of them."""
        return self.texts[index]

    def __len__(self) -> int:
        """Return how many texts there are."""
        return len(self.texts)

    def __repr__(self) -> str:
        """Return the texts, or the errors that left nothing to say."""
        return "\n\n".join(self.texts) or repr(self.findings.errors)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(repr(self))}</pre>"


@dataclass(frozen=True, slots=True, repr=False)
class Figures(Mapping[str, Figure]):
    """Figures by key, those of earlier years under `prior.`; `findings` were met on the way.

    `places` holds, by key, each text as printed and where it is printed.
    """

    figures: Mapping[str, Figure] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)
    places: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Figure:
        """Return the figure at `key`; raises KeyError if there is none.

        Where there are none at all the error says what could not be read.
        """
        if not self.figures and self.findings.errors:
            raise KeyError(f"{key}; {self.findings.errors!r}")
        return self.figures[key]

    def __iter__(self) -> Iterator[str]:
        """Yield the keys, facts first, in the order of their files."""
        return iter(self.figures)

    def __len__(self) -> int:
        """Return how many figures there are."""
        return len(self.figures)

    def __repr__(self) -> str:
        """Return a line for each figure: key, title, text."""
        return "\n".join(f"{key}  {each.title}  {each.text or '—'}" for key, each in self.items())

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td><code>{escape(key)}</code></td><td>{escape(each.title)}</td>"
            f"<td>{escape(each.text or '—')}</td></tr>"
            for key, each in self.items()
        )
        return f"<table>{rows}</table>"


class Project:
    """A folder with data/ and templates/; builds go to `out`, build/ unless another is given.

    `language` is that of what findings and explanations say: `zh` or `en`. Raises
    NotADirectoryError where `root` is no folder, ValueError for another language.
    """

    def __init__(
        self, root: Path | str = ".", out: Path | str | None = None, *, language: Language = "zh"
    ) -> None:
        self.root = Path(root)
        if not self.root.is_dir():
            raise NotADirectoryError(str(root))
        check_language(language)
        self.out = Path(out) if out is not None else self.root / "build"
        self.language = language

    def reports(
        self, unit: str | None = None, year: int | None = None, name: str | None = None
    ) -> tuple[Report, ...]:
        """Return the reports that fit, None fitting all; none where there is no such report."""
        chosen = select(SourceFiles(self.root), unit, year, name, Diagnostics())
        return tuple(Report(self, each.unit, each.year, each.report) for each in chosen)

    def report(self, unit: str, year: int, name: str) -> Report:
        """Return a report; raises LookupError, with what there is, where it does not exist."""
        log = Diagnostics()
        if not select(SourceFiles(self.root), unit, year, name, log):
            raise LookupError(repr(Findings(tuple(log), self.language)))
        return Report(self, unit, year, name)

    def overview(
        self,
        audience: Audience = "internal",
        *,
        unit: str | None = None,
        year: int | None = None,
        report: str | None = None,
        audits: Iterable[Path | str] = (),
    ) -> ComparedReports:
        """Compare what was built of its reports, as `reportgen overview` does, and builds nothing.

        Those inside see what is not built, too, and files of others among `audits`, folders or
        files, which are audited. Raises ValueError for an audience that there is none of, and for
        audits that others than those inside would see.
        """
        wanted = Wanted(audience, unit, year, report)
        return compare([self.out], wanted, audits, self.language, self.root)

    def site(self, out: Path | str | None = None, config: Path | str | None = None) -> MadeSite:
        """Make the site of all public versions, or bring it up to date, as `reportgen site` does.

        It stands in site/ of the project unless said otherwise; its settings are in site.toml.
        """
        return publish(self.root, self.out, out, config, self.language)

    def __repr__(self) -> str:
        """Return the folder that it is."""
        return f"<Project {self.root}>"


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """One report of a unit and year. Each question reads the files anew."""

    project: Project
    unit: str
    year: int
    name: str

    def check(
        self, audience: Audience = "internal", *, strict: bool = False, final: bool = False
    ) -> Findings:
        """Return what `reportgen check` finds: facts, formulas, relations, texts, disclosure.

        Raises ValueError for an audience other than internal, submit and public, as all do.
        """
        job = self._job(audience, strict=strict, final=final)
        _, findings = self._draft(job)
        return findings

    def figures(self, audience: Audience = "internal") -> Figures:
        """Return every figure that `audience` may see, exact, each with its formula and inputs.

        There are none where the facts cannot be read; `findings` of the answer say why.
        """
        report, findings = self._draft(self._job(audience))
        if isinstance(report, Draft):
            places = printed_figures(report.version.document)
            return Figures(report.disclosed.ledger.figures, findings, places)
        if report is None or audience != "internal":
            return Figures(findings=findings)
        return Figures(report.ledger.figures, findings)

    def explain(self, target: str, *, used_by: bool = False, deep: bool = False) -> Explanations:
        """Return what is known of a key, a title, a printed text or a code, maybe nothing.

        It answers as `reportgen explain` does, for those inside. Where nothing is found, `findings`
        of the answer say whether something could not be read.
        """
        if target.upper() in CODES:
            return Explanations((document_code(target.upper(), self.project.language),))
        report, findings = self._draft(self._job("internal"))
        texts: tuple[str, ...] = ()
        if report is not None and target:
            texts = answers(
                report, findings, target, used_by=used_by, deep=deep, lang=self.project.language
            )
        return Explanations(texts, findings)

    def build(
        self,
        audience: Audience = "internal",
        formats: Sequence[str] = FORMATS,
        *,
        comments: Comments = False,
        strict: bool = False,
        final: bool = False,
        force: bool = False,
    ) -> Build:
        """Build the report; its files stand in the project's `out`, all of them or none.

        What is up to date is not built again, unless by `force`. Raises ValueError for a format
        that is none of docx, html, pdf, and where there is none.
        """
        if not formats:
            raise ValueError(f"no format; there are: {', '.join(FORMATS)}")
        asked = set(formats)
        wanted = (*(name for name in FORMATS if name in asked), *sorted(asked - set(FORMATS)))
        job = self._job(audience, formats=wanted, comments=comments, strict=strict, final=final)
        return build(job, force=force)

    def _job(
        self,
        audience: Audience,
        *,
        formats: tuple[str, ...] = FORMATS,
        comments: Comments = False,
        strict: bool = False,
        final: bool = False,
    ) -> Job:
        project = self.project
        return Job(
            project.root,
            project.out,
            self.unit,
            self.year,
            self.name,
            audience,
            formats,
            comments=comments,
            strict=strict,
            final=final,
        )

    def _draft(self, job: Job) -> tuple[Draft | Derived | None, Findings]:
        log = Diagnostics()
        report = draft(job, SourceFiles(job.root), log)
        return report, Findings(job.graded(log), self.project.language)

    def __str__(self) -> str:
        """Return unit, year and name with slashes between."""
        return f"{self.unit}/{self.year}/{self.name}"

    def __repr__(self) -> str:
        """Return unit, year and name between angle brackets."""
        return f"<Report {self}>"
