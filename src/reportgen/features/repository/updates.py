"""Brings the packs of a repository up to an engine, and keeps what was changed in them here.

Beside the files of a pack stands what they were when they came: the hash of each. So a file that
nobody touched is replaced, one that changed here alone stays, and one that changed here and there
is told, file by file, until somebody says which holds.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal

from reportgen.features.repository.engine import ShippedEngine, files_of, packs_of
from reportgen.findings import Diagnostics, Finding, finding
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan
from reportgen.project.foreign_files import read_json
from reportgen.project.layout import packs
from reportgen.project.saving import save
from reportgen.project.source_files import SourceFiles

RECORD = ".shipped.json"
SHARED = "shared"
"""The folder of templates/ that all packs use."""

UpdateKind = Literal["", "replaced", "kept", "clash"]


@frozen
class PackUpdate:
    """What becomes of a file: its path in the project, what is there, what the engine has.

    `mine` and `new` are None where there is no such file.
    """

    path: str
    kind: UpdateKind
    mine: bytes | None
    new: bytes | None

    @property
    def diff(self) -> tuple[str, ...]:
        """Return the lines that differ: those changed here, of a clash what the engine has.

        There are none of a file that nobody changed here.
        """
        if self.kind not in {"kept", "clash"}:
            return ()
        old, new = _lines(self.mine), _lines(self.new)
        if self.kind == "kept":
            old, new = new, old
        return tuple(difflib.unified_diff(old, new, self.path, self.path, lineterm=""))


def _lines(data: bytes | None) -> list[str]:
    """Return the lines of a text; of another file its size and hash."""
    try:
        return (data or b"").decode("utf-8").splitlines()
    except UnicodeDecodeError:
        assert data is not None
        return [f"{len(data)} bytes, sha256 {digest(data)}"]


def digest(data: bytes | None) -> str:
    """Return the hash of a file whatever ends its lines, empty for none."""
    if data is None:
        return ""
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


def record_of(files: Mapping[str, bytes], version: str) -> bytes:
    """Return what stands in `RECORD` beside files that came with an engine."""
    return _record(version, {path: digest(data) for path, data in sorted(files.items())})


def _record(version: str, digests: Mapping[str, str]) -> bytes:
    about = {"engine": version, "files": {path: known for path, known in digests.items() if known}}
    return (json.dumps(about, ensure_ascii=False, indent=1) + "\n").encode()


@frozen
class PackSettlement:
    """Which of the files that clash take the engine's content, and which stay as they are here."""

    take: Collection[str] = ()
    keep: Collection[str] = ()

    def settle(self, path: str, kind: UpdateKind) -> UpdateKind:
        """Return what becomes of a file of which somebody may have said which one holds."""
        if kind != "clash":
            return kind
        if path in self.take:
            return "replaced"
        return "kept" if path in self.keep else "clash"


def update_packs(
    root: Path, engine: ShippedEngine, settled: PackSettlement, log: Diagnostics, *, dry: bool
) -> list[PackUpdate]:
    """Bring the packs at `root` up to an engine; return what became of each file that matters.

    The engine takes the place of the one that is pinned here. With `dry` nothing is written. The
    log says what clashes (Y112), and that nothing here came from an engine (Y113).
    """
    found: list[PackUpdate] = []
    pages = _engine_files(root, engine)
    here = _here(root, engine)
    if not here:
        log.add(finding("Y113", root=root))
        return []
    for pack in here:
        updates, record = _updated(root, pack, engine, settled)
        found += updates
        pages[root / "templates" / pack / RECORD] = record
    log.extend(_clashes(found))
    if not dry:
        _write(root, found, pages)
    return found


def _clashes(updates: Iterable[PackUpdate]) -> Iterator[Finding]:
    for update in updates:
        if update.kind == "clash":
            yield finding("Y112", SourceSpan(update.path), path=update.path)


def _here(root: Path, engine: ShippedEngine) -> list[str]:
    """Return the packs at `root` that an engine has, none in the repository of the engine."""
    if (root / "src/reportgen").is_dir():
        return []
    known = {SHARED, *packs_of(engine.shipped)}
    return [pack for pack in (SHARED, *packs(SourceFiles(root))) if pack in known]


def _updated(
    root: Path, pack: str, engine: ShippedEngine, settled: PackSettlement
) -> tuple[list[PackUpdate], bytes]:
    """Return what becomes of the files of a pack, and what is recorded of them then."""
    folder = root / "templates" / pack
    shipped, base = files_of(pack, engine.shipped), _recorded(folder)
    known: dict[str, str] = {}
    updates = []
    for name in sorted({*shipped, *base}):
        path, mine, new = f"templates/{pack}/{name}", _read(folder / name), shipped.get(name)
        kind = settled.settle(path, _kind(base.get(name, ""), digest(mine), digest(new)))
        known[name] = base.get(name, "") if kind == "clash" else digest(new)
        if kind:
            updates.append(PackUpdate(path, kind, mine, new))
    return updates, _record(engine.version, known)


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _kind(base: str, mine: str, new: str) -> UpdateKind:
    """Return what becomes of a file by its hashes, nothing where nothing is to be told."""
    if mine == new:
        return ""
    if new == base:
        return "kept"
    return "clash" if mine != base else "replaced"


def _recorded(folder: Path) -> dict[str, str]:
    """Return the hashes of the files that came with an engine, none where nobody wrote them."""
    try:
        files = read_json(folder / RECORD)["files"]
        return {str(name): str(known) for name, known in files.items() if _is_inside(str(name))}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}


def _is_inside(name: str) -> bool:
    return not name.startswith("/") and ".." not in name.split("/")


def _engine_files(root: Path, engine: ShippedEngine) -> dict[Path, bytes]:
    """Return the files that pin the engine, of a repository that has them."""
    if not (root / "engine.txt").is_file():
        return {}
    files = {**engine.wheel, "engine.txt": f"{engine.requirement}\n".encode()}
    files["requirements.txt"] = engine.shipped["requirements.txt"]
    return {root / path: data for path, data in files.items()}


def _write(root: Path, updates: list[PackUpdate], pages: Mapping[Path, bytes]) -> None:
    """Write what changes, all or none; then remove what no engine has any more."""
    replaced = {root / each.path: each.new for each in updates if each.kind == "replaced"}
    fresh = {path: data for path, data in replaced.items() if data is not None}
    save({path: data for path, data in {**fresh, **pages}.items() if _read(path) != data})
    gone = set(replaced) - set(fresh)
    if root / "engine.txt" in pages:
        gone |= set(root.glob("engine/reportgen-*.whl")) - set(pages)
    for path in gone:
        path.unlink(missing_ok=True)
