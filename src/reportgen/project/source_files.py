"""Reads the files of a project, from the disk or as they are edited; remembers what it read."""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from reportgen.findings import Diagnostics, Finding, finding
from reportgen.language.characters import codepoint, refused
from reportgen.model import limits
from reportgen.model.source import SourceSpan

_BOM = b"\xef\xbb\xbf"
_CONFLICT = re.compile(r"^[ \t\u3000]*(<{7,}|\|{7,}|={7}|>{7,})(?:[ ,].*)?\r?$", re.MULTILINE)
"""What git writes into a file where two drafts changed the same lines, or what is left of it."""
_PROSE = (".md", ".yaml", ".yml", ".csv")
"""Files of whose own notation seven equal signs are no part."""
_DIGIT = r"[\d零〇一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟萬億]"
_DIGITS = re.compile(rf"{_DIGIT}(?:{_DIGIT}|[.．点](?={_DIGIT})|[,，'’ ](?=\d{{3}}(?!\d)))*")
"""Digits of any kind that a reader may take for one number, with what parts them."""

_COPY = re.compile(
    r"(?:(?: ?[-–] ?| |的)?(?:副本|Copy|copy)(?: ?[(（]?\d+[)）]?)?| ?[(（]\d+[)）]"
    r"|_(?:BACKUP|BASE|LOCAL|REMOTE)_\d+|\.sync-conflict-[\w-]+)(?=\.\w+$)"
)
"""What copying, downloading, `git mergetool` and syncing put behind the name of a file."""
_HIDDEN = (".", "~$")
"""Names of what systems and, beside an open file, Office keep for themselves."""
_KINDS = {
    b"PK\x03\x04": "ZIP (.xlsx, .docx)",
    b"\xd0\xcf\x11\xe0": "OLE (.xls, .doc)",
    b"%PDF-": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
}
"""Files that are no texts, by how they begin."""
_WIDE = {
    b"\xff\xfe\0\0": "UTF-32",
    b"\0\0\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
"""Encodings by their byte order marks, the longer mark first."""

_RADICAL = re.compile("[\u2e81-\u2fd5]")
"""Radicals, which look like the ideographs that they are parts of; some PDF give them instead."""


class _Unchanged:
    """What was worked out of files or folders, kept for as long as nobody changes them.

    Whoever changes one leaves another time of change, which nobody can set.
    """

    MOST = 4_096
    """So many are kept: what thousands of units have to themselves is not looked at again."""

    def __init__(self, worked_out: Callable[[str], str]) -> None:
        self.worked_out = worked_out
        self.kept: dict[str, tuple[tuple[int, ...], str]] = {}

    def of(self, path: str) -> str:
        """Return what is worked out of a file or folder; raises OSError where it is not there."""
        found = os.stat(path)  # noqa: PTH116
        times = (found.st_mtime_ns, found.st_ctime_ns)
        state = (found.st_dev, found.st_ino, found.st_size, *times)
        before, result = self.kept.get(path, ((), ""))
        if before == state:
            return result
        result = self.worked_out(path)
        if len(self.kept) >= self.MOST:
            self.kept.clear()
        self.kept[path] = (state, result)
        return result


def _file_digest(path: str) -> str:
    with open(path, "rb") as file:  # noqa: PTH123
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hash_of_names(names: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(names).encode("utf-8", "surrogateescape")).hexdigest()


_DIGESTS = _Unchanged(_file_digest)
_LISTINGS = _Unchanged(lambda path: _hash_of_names(sorted(os.listdir(path))))  # noqa: PTH208


@dataclass(slots=True)
class SourceFiles:
    """Files under `root`, by path relative to it, and what was seen of them.

    `digests` holds the SHA-256 of each file read, `listings` that of the names in each folder
    that was listed, `absent` the files that were looked for in vain. A file is read once: whatever
    is made of it is made of one state of it.
    """

    root: Path
    digests: dict[str, str] = field(default_factory=dict)
    listings: dict[str, str] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    contents: dict[str, bytes] = field(default_factory=dict, init=False, repr=False)

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
        entries = self._listed(path)
        return tuple(entry.name for entry in entries if entry.name[0] != "_" and entry.is_dir())

    def names(self, path: str, suffix: str) -> tuple[str, ...]:
        """Return the paths of the files directly under `path` that end in `suffix`, sorted.

        Of data and texts those are left out that are copies of others.
        """
        found = [f"{path}/{entry.name}" for entry in self._listed(path)]
        copied = copies(found) if suffix in _PROSE else {}
        return tuple(each for each in found if each.endswith(suffix) and each not in copied)

    def _listed(self, path: str) -> list[Path]:
        """Return what stands in the folder `path` and is not hidden, nothing if it is none."""
        try:
            entries = sorted((self.root / path).iterdir())
        except OSError:
            entries = []
        self.listings[path] = _hash_of_names(entry.name for entry in entries)
        return [entry for entry in entries if not entry.name.startswith(_HIDDEN)]

    def data(self, path: str, log: Diagnostics) -> bytes | None:
        """Return the bytes of `path`, or None; the log says why (L100–L102, L111)."""
        if path in self.contents:
            return self.contents[path]
        try:
            data = self._read(path, log)
        except UnicodeEncodeError:
            log.add(finding("L101", SourceSpan(path), detail="@name_encoding"))
            return None
        except OSError as error:
            log.add(finding("L101", SourceSpan(path), detail=error.strerror or str(error)))
            return None
        if data is not None:
            self.digests[path] = hashlib.sha256(data).hexdigest()
            self.contents[path] = data
        return data

    def _read(self, path: str, log: Diagnostics) -> bytes | None:
        span = SourceSpan(path)
        file = self.root / path
        if not self.inside(path):
            log.add(finding("L102", span))
            return None
        if file.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not file.is_file():
            log.add(_not_there(file, span))
            return None
        size = file.stat().st_size
        if size > limits.SOURCE_BYTES:
            log.add(finding("L111", span, size=size, limit=limits.SOURCE_BYTES))
            return None
        path.encode()  # raises for a name that no finding could print
        return file.read_bytes()

    def edited(self, edits: Mapping[str, str]) -> EditedFiles:
        """Return the files as they are with some texts in place of others."""
        return EditedFiles(self.root, edits=edits)

    def sha256(self, path: str) -> str:
        """Return the SHA-256 of a file of any size inside the project, empty without one.

        It is worked out once a process, as long as nobody changes the file.
        """
        if not self.exists(path):
            return ""
        try:
            self.digests[path] = _DIGESTS.of(os.path.join(self.root, path))  # noqa: PTH118 - as below
        except OSError:
            return ""
        return self.digests[path]

    def listing(self, path: str) -> str:
        """Return the SHA-256 of the names in a folder, which is worked out as rarely."""
        try:
            self.listings[path] = _LISTINGS.of(os.path.join(self.root, path))  # noqa: PTH118
        except OSError:
            self.listings[path] = _hash_of_names(())
        return self.listings[path]

    def text(self, path: str, log: Diagnostics) -> str | None:
        """Return the text of `path`, its lines ended in one way, or None; the log says why.

        A BOM is dropped with a warning (L112), a radical is told (L134); what is no text (L135) or
        not UTF-8 (L113), characters that nobody can see (L105), git's marks of conflicts (L132),
        and more digits in a row than any number has (L133) are refused.
        """
        data = self.data(path, log)
        if data is None:
            return None
        if data.startswith(_BOM):
            data = data[len(_BOM) :]
            log.add(finding("L112", SourceSpan(path)))
        unread = _other_kind(path, data) or _other_encoding(path, data)
        if unread is not None:
            log.add(unread)
            return None
        text = _with_line_feeds(data.decode("utf-8"))
        char, at = refused(text, "\t\n")
        if char:
            log.add(finding("L105", _after(path, text[:at]), character=codepoint(char)))
            return None
        problem = merge_conflict(path, text) or _long_run(path, text)
        if problem is not None:
            log.add(problem)
            return None
        log.extend(_radicals(path, text))
        return text

    def shown(self, path: str) -> str | None:
        """Return the text of `path` as far as it can be read, for the excerpts of findings."""
        data = self.data(path, Diagnostics())
        if data is None:
            return None
        return data.decode("utf-8", "replace").removeprefix("\ufeff")

    def inside(self, path: str) -> bool:
        """Return whether `path`, with every link followed, stays inside the project."""
        if path.startswith("/") or "\x00" in path:
            return False
        # Thousands of files are looked at to see that nothing has changed: a Path for each of
        # them, and one for the root again and again, take four times as long.
        root = os.path.realpath(self.root)
        real = os.path.realpath(os.path.join(root, path))  # noqa: PTH118
        is_below = real == root or real.startswith(os.path.join(root, ""))  # noqa: PTH118
        return is_below and not os.path.islink(real)  # noqa: PTH114 - a cycle of links is one still


def copies(paths: Collection[str]) -> dict[str, str]:
    """Return those of some files that are named as copies of others of them, with these."""
    found: dict[str, str] = {}
    for path in paths:
        original = _COPY.sub("", path)
        if original != path and original in paths:
            found[path] = original
    return found


def merge_conflict(path: str, text: str) -> Finding | None:
    """Return L132 at the first of the lines by which git marks conflicts, None without any."""
    marks = list(_CONFLICT.finditer(text))
    signs = {mark[1] for mark in marks}
    if not signs or (signs == {"======="} and not path.endswith(_PROSE)):
        return None
    lines = [text.count("\n", 0, mark.start()) + 1 for mark in marks]
    listed = "、".join(map(str, lines))
    return finding("L132", SourceSpan(path, lines[0]), found=marks[0][0].strip(), lines=listed)


def _with_line_feeds(text: str) -> str:
    """Return `text` with each of its lines ended by a line feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _long_run(path: str, text: str) -> Finding | None:
    """Return L133 for the first number, or what may be one, that is too long to be any."""
    for match in _DIGITS.finditer(text):
        run = match[0]
        if len(run) > limits.DIGIT_RUN:
            span = _after(path, text[: match.start()])
            part = run[: limits.NUMBER_DIGITS]
            return finding("L133", span, count=len(run), limit=limits.DIGIT_RUN, part=part)
    return None


def plain_text(data: bytes) -> str | None:
    """Return the text of a file without a byte order mark, its lines ended in one way, or None."""
    try:
        return _with_line_feeds(data.removeprefix(_BOM).decode("utf-8"))
    except UnicodeDecodeError:
        return None


def _radicals(path: str, text: str) -> Iterator[Finding]:
    """Yield L134 at the first radical that stands for an ideograph, as copied from a PDF."""
    for match in islice(_RADICAL.finditer(text), 1):
        from reportgen.language.folding import even_character

        meant, span = even_character(match[0]), _after(path, text[: match.start()])
        count = len(_RADICAL.findall(text))
        code = codepoint(match[0])
        yield finding("L134", span, character=code, found=match[0], meant=meant, count=count)


def _other_kind(path: str, data: bytes) -> Finding | None:
    """Return L135 for a file that is no text."""
    for start, kind in _KINDS.items():
        if data.startswith(start):
            return finding("L135", SourceSpan(path), kind=kind)
    return None


def _other_encoding(path: str, data: bytes) -> Finding | None:
    """Return L113 at the first byte that is not UTF-8, or is half a character of UTF-16."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8(path, data, error.start)
    if data.count(0) * 3 > len(data):  # ASCII in UTF-16 is UTF-8 with a zero beside each character
        return _not_utf8(path, data, data.index(0))
    return None


def _not_utf8(path: str, data: bytes, at: int) -> Finding:
    """Return L113 at byte number `at`."""
    before = _with_line_feeds(data[:at].decode("utf-8", "replace"))
    span, byte = _after(path, before), f"0x{data[at]:02X}"
    return finding("L113", span, byte=byte, encoding=_encoding(data))


def _encoding(data: bytes) -> str:
    """Return what `data`, which is not UTF-8, is most likely written in."""
    for mark, name in _WIDE.items():
        if data.startswith(mark):
            return name
    return "UTF-16" if b"\0" in data else "GBK (ANSI)"


def _not_there(file: Path, span: SourceSpan) -> Finding:
    """Return L100 for a file that there is not, L101 for a pipe or device, which may never end."""
    return finding("L101", span, detail="@no_file") if file.exists() else finding("L100", span)


def _after(path: str, before: str) -> SourceSpan:
    """Return the span of the character that follows the text `before`."""
    return SourceSpan(path, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


@dataclass(slots=True)
class EditedFiles(SourceFiles):
    """Files of which some, by path, have other texts than on disk, or are new."""

    edits: Mapping[str, str] = field(default_factory=dict)

    def edited(self, edits: Mapping[str, str]) -> EditedFiles:
        """Return the files with further texts in place of others."""
        return EditedFiles(self.root, edits={**self.edits, **edits})

    def exists(self, path: str) -> bool:
        """Return whether `path` is a file inside the project, or a new one."""
        return path in self.edits or super(EditedFiles, self).exists(path)

    def folders(self, path: str) -> tuple[str, ...]:
        """Return the names of the folders directly in `path`, those of new files among them."""
        names = set(super(EditedFiles, self).folders(path))
        for edited in self.edits:
            if edited.startswith(f"{path}/"):
                name, below, _ = edited.removeprefix(f"{path}/").partition("/")
                names.update([name] if below else [])
        return tuple(sorted(names))

    def names(self, path: str, suffix: str) -> tuple[str, ...]:
        """Return the paths of the files directly under `path`, new ones among them."""
        names = set(super(EditedFiles, self).names(path, suffix))
        for edited in self.edits:
            if edited.rpartition("/")[0] == path and edited.endswith(suffix):
                names.add(edited)
        return tuple(sorted(names))

    def data(self, path: str, log: Diagnostics) -> bytes | None:
        """Return the bytes that `path` is going to have."""
        if path in self.edits:
            return self.edits[path].encode()
        return super(EditedFiles, self).data(path, log)
