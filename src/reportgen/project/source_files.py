"""The door to the disk: reads the files of a project as text, remembers what it read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from reportgen.findings import Finding, finding
from reportgen.language.characters import codepoint, refused
from reportgen.model.source import SourceSpan

MAX_BYTES = 4_000_000
"""Largest data file accepted. A year of a bureau is some 50 kB; beyond this it is not facts."""

_BOM = b"\xef\xbb\xbf"


@dataclass(slots=True)
class SourceFiles:
    """Files under `root`, by path relative to it. `digests` holds the SHA-256 of each file read."""

    root: Path
    digests: dict[str, str] = field(default_factory=dict)

    def exists(self, path: str) -> bool:
        """Return whether `path` is a file inside the project."""
        try:
            return self.inside(path) and (self.root / path).is_file()
        except OSError:
            return False

    def folders(self, path: str) -> tuple[str, ...]:
        """Return the names of the folders directly under `path`, sorted; none if it is absent."""
        return tuple(p.name for p in self._listed(path) if p.is_dir() and p.name[0] not in "._")

    def names(self, path: str, suffix: str) -> tuple[str, ...]:
        """Return the paths of the files directly under `path` that end in `suffix`, sorted."""
        found = (p.name for p in self._listed(path))
        return tuple(f"{path}/{n}" for n in found if n.endswith(suffix) and n[0] != ".")

    def _listed(self, path: str) -> list[Path]:
        """Return what stands in the folder `path`, nothing if it cannot be read as a folder."""
        try:
            return sorted((self.root / path).iterdir())
        except OSError:
            return []

    def data(self, path: str) -> tuple[bytes | None, tuple[Finding, ...]]:
        """Return the bytes of `path`, or None with the finding that says why (L100–L102, L111)."""
        span = SourceSpan(path)
        file = self.root / path
        try:
            if not self.inside(path):
                return None, (finding("L102", span),)
            if not file.is_file():
                return None, (finding("L100", span),)
            if (size := file.stat().st_size) > MAX_BYTES:
                return None, (finding("L111", span, size=size, limit=MAX_BYTES),)
            path.encode()
            data = file.read_bytes()
        except UnicodeEncodeError:
            return None, (finding("L101", span, detail="文件名不是 UTF-8; its name is not UTF-8"),)
        except OSError as error:
            return None, (finding("L101", span, detail=error.strerror or str(error)),)
        self.digests[path] = hashlib.sha256(data).hexdigest()
        return data, ()

    def text(self, path: str) -> tuple[str | None, tuple[Finding, ...]]:
        """Return the text of `path`, its lines ended in one way, or None with findings.

        A BOM is dropped with a warning (L112); what is not UTF-8 (L113) and characters that
        nobody can see (L105) are refused.
        """
        data, findings = self.data(path)
        if data is None:
            return None, findings
        if data.startswith(_BOM):
            data, findings = data[len(_BOM) :], (*findings, finding("L112", SourceSpan(path)))
        try:
            text = _usual(data.decode("utf-8"))
        except UnicodeDecodeError as error:
            before = _usual(data[: error.start].decode("utf-8", "replace"))
            byte = f"0x{data[error.start]:02X}"
            return None, (*findings, finding("L113", _after(path, before), byte=byte))
        char, at = refused(text, "\t\n")
        if char:
            bad = finding("L105", _after(path, text[:at]), character=codepoint(char))
            return None, (*findings, bad)
        return text, findings

    def shown(self, path: str) -> str | None:
        """Return the text of `path` as far as it can be read, for the excerpts of findings."""
        data, _ = self.data(path)
        return data.decode("utf-8", "replace").removeprefix("\ufeff") if data is not None else None

    def inside(self, path: str) -> bool:
        """Return whether `path`, with every link followed, stays inside the project."""
        if PurePosixPath(path).is_absolute() or "\x00" in path:
            return False
        try:
            return (self.root / path).resolve().is_relative_to(self.root.resolve())
        except (OSError, RuntimeError):  # a circle of links
            return False


def _usual(text: str) -> str:
    """Return `text` with each of its lines ended by a line feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _after(path: str, before: str) -> SourceSpan:
    """Return the mark of the character that follows the text `before`."""
    return SourceSpan(path, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


@dataclass(slots=True)
class Edited(SourceFiles):
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
