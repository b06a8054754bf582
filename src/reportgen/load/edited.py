"""The files of a project as they would be after an edit that nobody has saved yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reportgen.findings import Finding
from reportgen.load.files import Files


@dataclass(slots=True)
class Edited(Files):
    """Files of which some, by path, have other texts than on disk, or are new."""

    edits: Mapping[str, str] = field(default_factory=dict)

    def names(self, path: str, suffix: str) -> tuple[str, ...]:
        """Return the paths of the files directly under `path`, new ones among them."""
        new = (each for each in self.edits if each.rpartition("/")[0] == path)
        found = super(Edited, self).names(path, suffix)
        return tuple(sorted({*found, *(each for each in new if each.endswith(suffix))}))

    def data(self, path: str) -> tuple[bytes | None, tuple[Finding, ...]]:
        """Return the bytes that `path` is going to have."""
        if path in self.edits:
            return self.edits[path].encode(), ()
        return super(Edited, self).data(path)
