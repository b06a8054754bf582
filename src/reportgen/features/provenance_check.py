"""Why two builds differ: what their manifest entries say of program, engines, fonts and inputs."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from reportgen.findings import Diagnostics, Finding, blocks, finding
from reportgen.flow import manifests
from reportgen.flow.job import Job
from reportgen.flow.manifests import Claim
from reportgen.flow.pipeline import build
from reportgen.language.text_differences import ChangedSentence, Stated, changed, sentences
from reportgen.model.document import Audience
from reportgen.model.edition import FORMATS
from reportgen.model.grid import address
from reportgen.project.history import Commit, commit, state, touching
from reportgen.project.history import changed as uncommitted
from reportgen.project.selection import select
from reportgen.project.source_files import SourceFiles
from reportgen.verify.outputs import READERS
from reportgen.verify.readback import Readback

_MOST = 6
"""How many changed files a finding names."""


def causes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Return a finding for each thing that differs between two entries (G111, G112).

    What the old entry does not tell is no difference.
    """
    if not old.get("inputs"):
        return ()
    found = [finding("G111", part=part, old=a, new=b) for part, a, b in _environment(old, new)]
    before, after = old["inputs"], new.get("inputs", {})
    paths = sorted(changed_paths(before, after))
    # What one build read and the other not (another year, to see what can be worked out) is a
    # cause only where nothing that both read has changed.
    paths = [path for path in paths if path in before and path in after] or paths
    if paths:
        shown = "、".join(paths[:_MOST]) + ("……" if len(paths) > _MOST else "")
        found.append(finding("G112", count=len(paths), paths=shown))
    return tuple(found)


def changed_paths(old: Mapping[str, str], new: Mapping[str, str]) -> set[str]:
    """Return the paths whose hashes differ, or that only one side has."""
    return {path for path in {*old, *new} if old.get(path) != new.get(path)}


def _environment(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield (what, old, new) for the program, its options, each engine and each font."""
    if old.get("reportgen") != new.get("reportgen"):
        yield "reportgen", str(old.get("reportgen")), str(new.get("reportgen"))
    elif "program" in old and old["program"] != new.get("program"):
        version = str(old.get("reportgen"))
        programs = (str(entry.get("program"))[:10] for entry in (old, new))
        yield "reportgen", *(f"{version} ({short})" for short in programs)  # type: ignore[misc]
    if old.get("options") != new.get("options"):
        yield "options", str(old.get("options")), str(new.get("options"))
    engines = old.get("engines", {}), new.get("engines", {})
    yield from _pairs(*(each.get("packages", {}) for each in engines))
    yield from _pairs(*({_font(f): _said(f) for f in each.get("fonts", ())} for each in engines))


def _pairs(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            yield name, old.get(name, "—"), new.get(name, "—")


def _font(font: Mapping[str, str]) -> str:
    return str(font.get("family"))


def _said(font: Mapping[str, str]) -> str:
    """Return a font file as one can tell it from another: name, version, the hash's beginning."""
    parts = (font.get("file"), font.get("version"), str(font.get("sha256", ""))[:10])
    return " ".join(part for part in parts if part)


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
class CheckedFile:
    """What became of a file: `same` as what `commit` builds, or what differs, and why."""

    file: Path
    same: bool = False
    claim: Claim = field(default_factory=Claim)
    commit: Commit | None = None
    lines: tuple[ChangedSentence, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A report built again: its files by name and its manifest entry, or why there are none."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    entry: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


Cache = dict[tuple[str, ...], Rebuilt]
"""What was built again, by commit, report and options: the formats of a report are built once."""


def attest(file: Path, question: Question, cache: Cache) -> CheckedFile:
    """Return whether `file` is what a commit builds; its findings are G101–G116."""
    try:
        data = file.read_bytes()
    except OSError as error:
        detail = error.strerror or str(error)
        return CheckedFile(file, findings=(finding("G108", path=file, detail=detail),))
    digest = hashlib.sha256(data).hexdigest()
    claim, found = manifests.find(file, digest, question.asked, question.build, question.manifest)
    if found:
        return CheckedFile(file, claim=claim, findings=found)
    at, found = _commit(question, claim)
    if claim.entry.get(manifests.TORN):
        found = (finding("G120", subject=str(claim), report=str(claim)), *found)
    proof = CheckedFile(file, claim=claim, commit=at, findings=found)
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
        log = Diagnostics()
        select(SourceFiles(past.folder), claim.unit, claim.year, claim.report, log)
        if log:
            return Rebuilt(findings=(_not_built(at, tuple(log)), *log))
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
    errors = [f"{each.code} {each.span}" for each in found if each.severity == "error"]
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
) -> tuple[tuple[ChangedSentence, ...], tuple[Finding, ...]]:
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
        Stated(cell.text, f"表{number} {address(cell.row, cell.column)}")
        for number, table in enumerate(found.tables, 1)
        for cell in table
    )
    texts = found.texts or (found.stream,)
    return sentences([*map(Stated, texts), *cells])


def _why(proof: CheckedFile, digest: str, rebuilt: Rebuilt) -> Iterator[Finding]:
    """Yield why a file is not what the commit builds, as far as its manifest tells."""
    claim = proof.claim
    if claim.recorded and claim.recorded != digest:
        yield finding("G110", file=proof.file.name)
    if claim.entry.get("clean") is False:
        yield finding("G113", commit=str(claim.entry.get("commit", ""))[:10])
    yield from causes(claim.entry, rebuilt.entry)


def failed(proof: CheckedFile) -> bool:
    """Return whether a file is not proven."""
    return not proof.same or blocks(proof.findings)
