"""The door to the disk: reads the files of a project as text, remembers what it read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from reportgen.findings import Diagnostics, finding
from reportgen.language.characters import codepoint, refused
from reportgen.model.source import SourceSpan

MAX_BYTES = 4_000_000
"""Largest data file accepted. A year of a bureau is some 50 kB; beyond this it is not facts."""

_BOM = b"\xef\xbb\xbf"


@dataclass(slots=True)
class SourceFiles:
    """Files under `root`, by path relative to it, and what was seen of them.

    `digests` holds the SHA-256 of each file read, `listings` that of the names in each folder
    that was listed, `absent` the files that were looked for in vain.
    """

    root: Path
    digests: dict[str, str] = field(default_factory=dict)
    listings: dict[str, str] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)

    def exists(self, path: str) -> bool:
        """Return whether `path` is a file inside the project."""
        try:
            found = self.inside(path) and (self.root / path).is_file()
        except OSError:
            found = False
        if not found:
            self.absent.add(path)
        return found

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
            entries = sorted((self.root / path).iterdir())
        except OSError:
            entries = []
        names = "\0".join(entry.name for entry in entries)
        self.listings[path] = hashlib.sha256(names.encode("utf-8", "surrogateescape")).hexdigest()
        return entries

    def data(self, path: str, log: Diagnostics) -> bytes | None:
        """Return the bytes of `path`, or None; the log says why (L100–L102, L111)."""
        span = SourceSpan(path)
        file = self.root / path
        try:
            if not self.inside(path):
                log.add(finding("L102", span))
                return None
            if not file.is_file():
                log.add(finding("L100", span))
                return None
            size = file.stat().st_size
            if size > MAX_BYTES:
                log.add(finding("L111", span, size=size, limit=MAX_BYTES))
                return None
            path.encode()
            data = file.read_bytes()
        except UnicodeEncodeError:
            log.add(finding("L101", span, detail="文件名不是 UTF-8; its name is not UTF-8"))
            return None
        except OSError as error:
            log.add(finding("L101", span, detail=error.strerror or str(error)))
            return None
        self.digests[path] = hashlib.sha256(data).hexdigest()
        return data

    def text(self, path: str, log: Diagnostics) -> str | None:
        """Return the text of `path`, its lines ended in one way, or None; the log says why.

        A BOM is dropped with a warning (L112); what is not UTF-8 (L113) and characters that
        nobody can see (L105) are refused.
        """
        data = self.data(path, log)
        if data is None:
            return None
        if data.startswith(_BOM):
            data = data[len(_BOM) :]
            log.add(finding("L112", SourceSpan(path)))
        try:
            text = _with_line_feeds(data.decode("utf-8"))
        except UnicodeDecodeError as error:
            before = _with_line_feeds(data[: error.start].decode("utf-8", "replace"))
            byte = f"0x{data[error.start]:02X}"
            log.add(finding("L113", _after(path, before), byte=byte))
            return None
        char, at = refused(text, "\t\n")
        if char:
            log.add(finding("L105", _after(path, text[:at]), character=codepoint(char)))
            return None
        return text

    def shown(self, path: str) -> str | None:
        """Return the text of `path` as far as it can be read, for the excerpts of findings."""
        data = self.data(path, Diagnostics())
        return data.decode("utf-8", "replace").removeprefix("\ufeff") if data is not None else None

    def inside(self, path: str) -> bool:
        """Return whether `path`, with every link followed, stays inside the project."""
        if PurePosixPath(path).is_absolute() or "\x00" in path:
            return False
        try:
            return (self.root / path).resolve().is_relative_to(self.root.resolve())
        except (OSError, RuntimeError):  # a cycle of links
            return False


def _with_line_feeds(text: str) -> str:
    """Return `text` with each of its lines ended by a line feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _after(path: str, before: str) -> SourceSpan:
    """Return the span of the character that follows the text `before`."""
    return SourceSpan(path, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


@dataclass(slots=True)
class EditedFiles(SourceFiles):
    """Files of which some, by path, have other texts than on disk, or are new."""

    edits: Mapping[str, str] = field(default_factory=dict)

    def names(self, path: str, suffix: str) -> tuple[str, ...]:
        """Return the paths of the files directly under `path`, new ones among them."""
        new = (each for each in self.edits if each.rpartition("/")[0] == path)
        found = super(EditedFiles, self).names(path, suffix)
        return tuple(sorted({*found, *(each for each in new if each.endswith(suffix))}))

    def data(self, path: str, log: Diagnostics) -> bytes | None:
        """Return the bytes that `path` is going to have."""
        if path in self.edits:
            return self.edits[path].encode()
        return super(EditedFiles, self).data(path, log)
