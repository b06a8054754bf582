"""Which versions of reports stand in a unit's folder of builds: for whom each was built last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reportgen.features.overview.values import Stage
from reportgen.findings import Diagnostics, finding
from reportgen.flow import manifests
from reportgen.flow.publish import MANIFEST
from reportgen.model.document import Audience
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan
from reportgen.project.foreign_files import read_json

_FIGURES = ".figures.json"
_Entries = Mapping[str, Mapping[str, Any]]


@frozen
class StandingVersion:
    """A version of a report that stands: its entry in a manifest, the folder of its files.

    `teller` is the part of the entry for overviews that those may read whom an overview is for.
    """

    stage: Stage
    entry: Mapping[str, Any]
    folder: Path
    teller: str = "internal"

    @property
    def files(self) -> tuple[str, ...]:
        """Return the paths of its files for people, seen from the folder of all builds."""
        names = [name for name in self.entry["outputs"] if not name.endswith(_FIGURES)]
        return tuple("/".join((*self.folder.parts[-3:], name)) for name in names)


class UnitManifests:
    """The manifests in the folder of a unit's builds of a year, and what stands there.

    Those are not read that an audience may know nothing of, not even that they are damaged.
    """

    def __init__(self, folder: Path, audience: Audience, log: Diagnostics) -> None:
        self.folder = folder
        self.audience = audience
        self.log = log
        self.internal = self._entries("internal") if audience == "internal" else {}
        self.submit = self._entries("submit") if audience != "public" else {}
        self.public = self._entries("public")
        self.record = self._entries(manifests.INSIDE)

    def _entries(self, audience: str) -> _Entries:
        """Return the entries of a manifest by report; the log tells O102 what cannot be read."""
        path = self.folder / audience / MANIFEST
        try:
            found = read_json(path)
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            self._tell_damaged(path, "", str(error))
            return {}
        entries = manifests.entries_of(found) or {}
        for name in found if isinstance(found, dict) else ("",):
            if name not in entries:
                self._tell_damaged(path, name, "")
        return entries

    def _tell_damaged(self, path: Path, name: str, detail: str) -> None:
        named = {"name": name or "—", "detail": detail or "—"}
        self.log.add(finding("O102", SourceSpan(str(path), 0, 0), **named))  # type: ignore[arg-type]

    @classmethod
    def read(cls, folder: Path, audience: Audience, log: Diagnostics) -> UnitManifests:
        """Return the manifests of one state of a folder: again where a build took its place."""
        while True:
            before = manifests.identity(folder)
            problems = Diagnostics()
            found = cls(folder, audience, problems)
            if manifests.identity(folder) == before:
                break
        log.extend(problems)
        found.log = log
        return found

    @property
    def reports(self) -> list[str]:
        """Return the reports that were built for anybody."""
        return sorted({*self.internal, *self.submit, *self.public})

    def version(self, report: str) -> StandingVersion | None:
        """Return the version that went furthest of those that the audience may know of."""
        versions = filter(None, self._versions(report))
        return next(versions, None)

    def _versions(self, report: str) -> Iterator[StandingVersion | None]:
        """Yield the versions of a report, that which went furthest first, None for what is none."""
        teller = "internal" if self.audience == "internal" else "shown"
        if self.audience != "submit":
            yield self._published(report, teller)
        yield self._for_submission(report, teller)
        yield self._inside(report)

    def _published(self, report: str, teller: str) -> StandingVersion | None:
        shown, kept = self.public.get(report), self.record.get(report, {})
        if shown is None or not self._stands("public", report, shown):
            return None
        if kept.get("published") != shown.get("outputs"):
            self._tell_torn("public", report)
            kept = {}
        entry = {**kept, **shown}
        return StandingVersion("published", entry, self.folder / "public", teller)

    def _for_submission(self, report: str, teller: str) -> StandingVersion | None:
        entry = self.submit.get(report)
        if entry is None or not self._stands("submit", report, entry):
            return None
        kept = self.record.get(f"{report}.submit", {})
        stage: Stage = "published" if report in self.public else "final"
        whole = {**kept, **entry}
        return StandingVersion(stage, whole, self.folder / "submit", teller)

    def _inside(self, report: str) -> StandingVersion | None:
        entry = self.internal.get(report)
        if entry is None or not self._stands("internal", report, entry):
            return None
        options = entry.get("options", {})
        is_final = options.get("final") is True or options.get("strict") is True
        return StandingVersion("final" if is_final else "draft", entry, self.folder / "internal")

    def _stands(self, audience: str, report: str, entry: Mapping[str, Any]) -> bool:
        """Return whether the files of a version are there; the log tells O103 where one is not."""
        for name in entry.get("outputs") or ("",):
            if not (self.folder / audience / name).is_file():
                self._tell_torn(audience, report, name)
                return False
        return True

    def _tell_torn(self, audience: str, report: str, missing: str = "") -> None:
        span = SourceSpan(str(self.folder / audience / MANIFEST), 0, 0)
        self.log.add(finding("O103", span, name=report, missing=missing or "—"))
