"""The door to the disk: reads the files of a project as text, remembers what it read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from reportgen.findings import Finding, finding
from reportgen.model.source import Mark

MAX_BYTES = 4_000_000
"""Largest data file accepted. A year of a bureau is some 50 kB; beyond this it is not facts."""

_BOM = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Files:
    """Files under `root`, by path relative to it. `digests` holds the SHA-256 of each file read."""

    root: Path
    digests: dict[str, str] = field(default_factory=dict)

    def exists(self, path: str) -> bool:
        """Return whether `path` is a file inside the project."""
        return self._inside(path) and (self.root / path).is_file()

    def folders(self, path: str) -> tuple[str, ...]:
        """Return the names of the folders directly under `path`, sorted; none if it is absent."""
        folder = self.root / path
        if not folder.is_dir():
            return ()
        return tuple(
            sorted(p.name for p in folder.iterdir() if p.is_dir() and p.name[0] not in "._")
        )

    def names(self, path: str, suffix: str) -> tuple[str, ...]:
        """Return the paths of the files directly under `path` that end in `suffix`, sorted."""
        folder = self.root / path
        if not folder.is_dir():
            return ()
        found = (p.name for p in folder.iterdir() if p.name.endswith(suffix) and p.name[0] != ".")
        return tuple(f"{path}/{name}" for name in sorted(found))

    def data(self, path: str) -> tuple[bytes | None, tuple[Finding, ...]]:
        """Return the bytes of `path`, or None with the finding that says why (L100–L102, L111)."""
        mark = Mark(path)
        if not self._inside(path):
            return None, (finding("L102", mark),)
        file = self.root / path
        try:
            if not file.is_file():
                return None, (finding("L100", mark),)
            if (size := file.stat().st_size) > MAX_BYTES:
                return None, (finding("L111", mark, size=size, limit=MAX_BYTES),)
            data = file.read_bytes()
        except OSError as error:
            return None, (finding("L101", mark, detail=error.strerror or str(error)),)
        self.digests[path] = hashlib.sha256(data).hexdigest()
        return data, ()

    def text(self, path: str) -> tuple[str | None, tuple[Finding, ...]]:
        """Return the text of `path`, or None with findings; a BOM is dropped with a warning."""
        data, findings = self.data(path)
        if data is None:
            return None, findings
        if data.startswith(_BOM):
            data, findings = data[len(_BOM) :], (*findings, finding("L112", Mark(path)))
        try:
            return data.decode("utf-8").replace("\r\n", "\n"), findings
        except UnicodeDecodeError as error:
            before = data[: error.start].decode("utf-8", "replace")
            line = before.count("\n") + 1
            column = len(before) - (before.rfind("\n") + 1) + 1
            byte = f"0x{data[error.start]:02X}"
            return None, (*findings, finding("L113", Mark(path, line, column), byte=byte))

    def _inside(self, path: str) -> bool:
        if PurePosixPath(path).is_absolute() or "\x00" in path:
            return False
        root = self.root.resolve()
        return (self.root / path).resolve().is_relative_to(root)
