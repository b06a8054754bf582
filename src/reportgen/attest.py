"""Tells whether a published file is exactly what a commit builds, and if not, what differs and why.

The manifest names report and commit; the report is built again from that commit in a temporary
folder, and the bytes are compared. What cannot be checked is never taken for proven.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from reportgen import manifests
from reportgen.compare.manifest import causes
from reportgen.compare.texts import Line, Stated, changed, sentences
from reportgen.findings import Finding, blocks, finding
from reportgen.history import Commit, commit, state, touching
from reportgen.history import changed as uncommitted
from reportgen.load.files import Files
from reportgen.manifests import Claim
from reportgen.model.document import Audience
from reportgen.model.readback import Readback
from reportgen.pipeline import Job, build
from reportgen.selection import select
from reportgen.verify.outputs import READERS
from reportgen.write.writers import FORMATS

HEAD = "HEAD"
MOST = 3
"""How many errors or files a finding names."""


@dataclass(frozen=True, slots=True)
class Question:
    """What to prove files against: the project, a revision or none, how far back to search."""

    root: Path
    build: Path
    asked: Claim = field(default_factory=Claim)
    revision: str = ""
    manifest: Path | None = None
    search: int = 0


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of a file: `same` as what `commit` builds, or what differs, and why."""

    file: Path
    same: bool = False
    claim: Claim = field(default_factory=Claim)
    commit: Commit | None = None
    lines: tuple[Line, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A report built again: its files by name and its manifest entry, or why there are none."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    entry: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


Cache = dict[tuple[str, ...], Rebuilt]
"""What was built again, by commit, report and options: the formats of a report are built once."""


def attest(file: Path, question: Question, cache: Cache) -> Proof:
    """Return whether `file` is what a commit builds; its findings are G101–G116."""
    try:
        data = file.read_bytes()
    except OSError as error:
        detail = error.strerror or str(error)
        return Proof(file, findings=(finding("G108", path=file, detail=detail),))
    digest = hashlib.sha256(data).hexdigest()
    claim, found = manifests.find(file, digest, question.asked, question.build, question.manifest)
    if found:
        return Proof(file, claim=claim, findings=found)
    at, found = _commit(question, claim)
    if claim.entry.get(manifests.TORN):
        found = (finding("G120", subject=str(claim), report=str(claim)), *found)
    proof = Proof(file, claim=claim, commit=at, findings=found)
    if at is None:
        return proof
    rebuilt = _rebuilt(question.root, at, claim, cache)
    if rebuilt.files.get(_name(claim)) == data:
        return replace(proof, same=True)
    if question.search and (other := _searched(question, at, claim, data, cache)):
        return replace(proof, same=True, commit=other)
    if question.search:
        found += (finding("G115", file=file.name, count=question.search),)
    if rebuilt.findings:
        return replace(proof, findings=(*found, *rebuilt.findings))
    lines, found_in = _differences(data, rebuilt, claim)
    why = tuple(_why(proof, digest, rebuilt))
    return replace(proof, lines=lines, findings=(*found, *found_in, *why))


def _name(claim: Claim) -> str:
    return f"{claim.report}.{claim.format}"


def _commit(question: Question, claim: Claim) -> tuple[Commit | None, tuple[Finding, ...]]:
    """Return the commit to build: the one asked for, the one recorded, or HEAD with G106."""
    recorded = str(claim.entry.get("commit", ""))
    revision = question.revision or recorded or HEAD
    at, found = commit(question.root, revision)
    if at is None or question.revision:
        return at, found
    if not recorded:
        found += (finding("G106", commit=at.short),)
        found += _not_committed(question.root)
    return at, found


def _not_committed(root: Path) -> tuple[Finding, ...]:
    paths = uncommitted(root)
    if not paths:
        return ()
    shown = "、".join(paths[:MOST]) + ("……" if len(paths) > MOST else "")
    return (finding("G104", count=len(paths), paths=shown),)


def _rebuilt(root: Path, at: Commit, claim: Claim, cache: Cache) -> Rebuilt:
    """Return the report of `claim` as a commit builds it, each once."""
    options = claim.entry.get("options", {})
    key = (at.id, str(claim), claim.audience, repr(options))
    if key not in cache:
        with tempfile.TemporaryDirectory(prefix="reportgen-") as out:
            cache[key] = _build(root, at, claim, Path(out))
    return cache[key]


def _build(root: Path, at: Commit, claim: Claim, out: Path) -> Rebuilt:
    with state(root, at.id) as (past, lacking):
        if past is None:
            return Rebuilt(findings=lacking)
        _, found = select(Files(past.folder), claim.unit, claim.year, claim.report)
        if found:
            return Rebuilt(findings=(_not_built(at, found), *found))
        job = Job(
            root=past.folder,
            out=out,
            unit=claim.unit,
            year=cast(int, claim.year),
            report=claim.report,
            audience=cast(Audience, claim.audience),
            formats=manifests.formats_of(claim.entry, FORMATS),
            comments=bool(claim.entry.get("options", {}).get("comments")),
            origin=past.origin,
        )
        outcome = build(job)
        if outcome.failed:
            return Rebuilt(findings=(_not_built(at, outcome.findings),))
        return Rebuilt(outcome.files, manifests.of_report(job.folder, claim.report))


def _not_built(at: Commit, found: tuple[Finding, ...]) -> Finding:
    errors = [f"{each.code} {each.mark}" for each in found if each.severity == "error"]
    shown = "、".join(errors[:MOST]) + ("……" if len(errors) > MOST else "")
    return finding("G114", commit=at.short, detail=shown)


def _searched(
    question: Question, at: Commit, claim: Claim, data: bytes, cache: Cache
) -> Commit | None:
    """Return the newest commit up to HEAD that builds `data`, as far back as was asked for."""
    paths = (f"data/{claim.unit}", "templates")
    for each in touching(question.root, paths, question.revision or HEAD, question.search):
        if each.id != at.id:
            rebuilt = _rebuilt(question.root, each, claim, cache)
            if rebuilt.files.get(_name(claim)) == data:
                return each
    return None


def _differences(
    data: bytes, rebuilt: Rebuilt, claim: Claim
) -> tuple[tuple[Line, ...], tuple[Finding, ...]]:
    """Return the sentences that differ, file against build, and G109 or what forbids to tell."""
    name = _name(claim)
    if name not in rebuilt.files:
        known = "、".join(rebuilt.files) or "—"
        return (), (finding("G107", file=name, known=known),)
    try:
        reader = READERS[claim.format]
        lines = changed(_stated(reader(data)), _stated(reader(rebuilt.files[name])))
    except Exception as error:  # noqa: BLE001 - whatever a reader trips over in a damaged file
        detail = str(error) or type(error).__name__
        return (), (finding("G108", path=name, detail=detail),)
    return lines, (finding("G109", file=name, count=len(lines)),)


def _stated(found: Readback) -> tuple[Stated, ...]:
    """Return every sentence of a file as read back: its texts, then its tables cell by cell."""
    cells = (
        Stated(cell.text, f"表{number} r{cell.row + 1}c{cell.column + 1}")
        for number, table in enumerate(found.tables, 1)
        for cell in table
    )
    texts = found.texts or (found.stream,)
    return sentences([*map(Stated, texts), *cells])


def _why(proof: Proof, digest: str, rebuilt: Rebuilt) -> Iterator[Finding]:
    """Yield why a file is not what the commit builds, as far as its manifest tells."""
    claim = proof.claim
    if claim.recorded and claim.recorded != digest:
        yield finding("G110", file=proof.file.name)
    if claim.entry.get("clean") is False:
        yield finding("G113", commit=str(claim.entry.get("commit", ""))[:10])
    yield from causes(claim.entry, rebuilt.entry)


def failed(proof: Proof) -> bool:
    """Return whether a file is not proven."""
    return not proof.same or blocks(proof.findings)
