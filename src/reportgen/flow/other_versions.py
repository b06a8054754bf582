"""The other reports of a unit as its readers get them, composed once for all that are held to them.

Each report of a unit is held to all others. What was composed for one of them is kept for the next
one, of the same unit only, as long as every file that it was made of is as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.findings import Diagnostics
from reportgen.model.frozen import frozen
from reportgen.project.layout import every_report
from reportgen.project.source_files import SourceFiles

if TYPE_CHECKING:
    from reportgen.flow.job import Job
    from reportgen.flow.staged import Version


@frozen
class _KeptVersion:
    """A version, or the name of a report that cannot be composed, and the files it was made of."""

    version: Version | str
    seen: SourceFiles


_Unit = tuple[Path, str, str, tuple[str, ...], bool]
_KEPT: dict[tuple[_Unit, str], _KeptVersion] = {}
"""What was composed of the unit that was asked for last, by who reads it and the report's name."""


class OtherVersions:
    """The other reports of the unit, of all years, as the audience of a job gets them.

    They are composed by the same steps, without asking whether they are right, once and when
    they are asked for; of one that cannot be composed it is the name.
    """

    def __init__(
        self, job: Job, files: SourceFiles, compose: Callable[[Job, SourceFiles], Version | None]
    ) -> None:
        self.job = job
        self.files = files
        self.compose = compose
        self.versions: list[Version | str] | None = None

    def __iter__(self) -> Iterator[Version | str]:
        """Yield each version, composing them all the first time."""
        if self.versions is None:
            self.versions = list(self._composed())
        yield from self.versions

    def _composed(self) -> Iterator[Version | str]:
        for other in every_report(self.files, (self.job.unit,)):
            if (other.year, other.report) != (self.job.year, self.job.report):
                yield self._version(replace(self.job, year=other.year, report=other.report))

    def _version(self, job: Job) -> Version | str:
        """Return a version that was kept, else compose it; its files count as looked at here."""
        if type(self.files) is not SourceFiles:  # some are being edited
            return self.compose(job, self.files) or job.name
        unit = (job.root, job.unit, job.audience, job.formats, job.preview)
        kept = _KEPT.get((unit, job.name))
        if kept is None or not is_unchanged(kept.seen, self.files):
            seen = SourceFiles(job.root)
            kept = _KeptVersion(self.compose(job, seen) or job.name, seen)
            is_unchanged(seen, self.files)
            if any(other != unit for other, _ in _KEPT):
                _KEPT.clear()
            _KEPT[unit, job.name] = kept
        return kept.version


def is_unchanged(seen: SourceFiles, files: SourceFiles) -> bool:
    """Look with `files` at all that was `seen`; return whether it is as it was."""
    for path in seen.digests:
        files.data(path, Diagnostics())
    for path in seen.listings:
        files.folders(path)
    there = list(filter(files.exists, sorted(seen.absent)))
    is_same = _holds(seen.digests, files.digests) and _holds(seen.listings, files.listings)
    return is_same and not there


def _holds(before: dict[str, str], now: dict[str, str]) -> bool:
    return all(now.get(path) == digest for path, digest in before.items())
