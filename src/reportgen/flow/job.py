"""A job: which report to take through the flow, for whom, in which formats, how strictly."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from reportgen.findings import Finding, blocks, in_order
from reportgen.model.document import Audience
from reportgen.model.edition import FORMATS, Comments
from reportgen.model.frozen import frozen

if TYPE_CHECKING:
    from reportgen.project.history import Origin


@frozen
class Job:
    """One report to build: where the project is, which report, for whom, in which formats.

    `strict` takes warnings for errors, `final` those that no finished report may have, as a
    public one does anyway. `comments` explains figures in Word: those worked out, or all. A
    `preview` shows what there is, errors or not, and its page names the template lines it came
    from; it is never published.
    `origin` is the commit that `root` was unpacked from; without it git is asked. `cache` is the
    user's folder for what need not be worked out again; without it nothing is kept.

    Raises ValueError for an audience or a format that there is none of: a misspelt audience must
    not be taken for those inside.
    """

    root: Path
    out: Path
    unit: str
    year: int
    report: str
    audience: Audience = "internal"
    formats: tuple[str, ...] = FORMATS
    comments: Comments = False
    strict: bool = False
    final: bool = False
    preview: bool = False
    origin: Origin | None = None
    cache: Path | None = None

    def __post_init__(self) -> None:
        """Refuse what is neither an audience nor a format."""
        check_one_of("audience", self.audience, get_args(Audience))
        for format_ in self.formats:
            check_one_of("format", format_, FORMATS)

    @property
    def name(self) -> str:
        """Return what the report is called among those of its unit: `2023/department`."""
        return f"{self.year}/{self.report}"

    @property
    def builds(self) -> Path:
        """Return the folder of the unit's builds of the year, which changes in one step."""
        return self.out / str(self.year) / self.unit

    @property
    def folder(self) -> Path:
        """Return where the finished files go."""
        return self.builds / self.audience

    @property
    def record(self) -> Path:
        """Return where the record of disclosures goes, which is never published."""
        return self.builds / "disclosure"

    def graded(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Return `findings` in order of place, warnings raised to errors where the job says so."""
        if self.strict:
            return in_order(map(Finding.strict, findings))
        if self.final or self.audience == "public":
            return in_order(map(Finding.final, findings))
        if self.audience != "internal":
            return in_order(map(Finding.outside, findings))
        return in_order(findings)

    @property
    def draft(self) -> bool:
        """Return whether it is for those inside and not finished: blanks may stand in it."""
        return self.audience == "internal" and not (self.final or self.strict)

    def stopped(self, findings: Iterable[Finding]) -> bool:
        """Return whether an error among `findings`, once graded, keeps the report from being made.

        A draft with blanks is made nevertheless.
        """
        graded = self.graded(findings)
        return blocks(finding for finding in graded if not (self.draft and finding.in_draft))


def check_one_of(what: str, given: str, known: Iterable[str]) -> None:
    """Raise ValueError where `given` is no `known` name of what it is."""
    if given not in known:
        raise ValueError(f"{what} {given!r} is none of: {', '.join(known)}")
