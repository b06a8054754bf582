"""Finds the entry of a manifest that tells of a file: which report it is, and from which commit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from itertools import chain, product
from pathlib import Path
from typing import Any, get_args

from reportgen.findings import Diagnostics, finding
from reportgen.flow.publish import MANIFEST
from reportgen.model.document import Audience
from reportgen.model.frozen import frozen
from reportgen.project.foreign_files import read_json

INSIDE = "disclosure"
"""The folder beside public/ whose manifest holds what the public one may not tell."""
TORN = "torn"
"""Says of an entry that the record beside it is of another build: one of the two was not moved."""
_LONG = ("fragment.html",)
"""Endings of output names with a dot in them."""
_YEAR = re.compile("[0-9]{4}")


@frozen
class Claim:
    """What is known of a file: which report in which format, and the entry that tells of it.

    What is not known is empty, or None.
    """

    report: str = ""
    unit: str = ""
    year: int | None = None
    audience: str = ""
    format: str = ""
    entry: Mapping[str, Any] = field(default_factory=dict)
    output: str = ""
    manifest: Path | None = None

    @property
    def whole(self) -> bool:
        """Return whether the report is known."""
        return bool(self.report and self.unit and self.year and self.audience and self.format)

    def may_be(self, asked: Claim) -> bool:
        """Return whether what is known here is not another than what was `asked` for."""
        pairs = (
            (self.report, asked.report),
            (self.unit, asked.unit),
            (self.year, asked.year),
            (self.audience, asked.audience),
        )
        return all(own == other for own, other in pairs if own and other)

    def completed(self, asked: Claim) -> Claim:
        """Return this with what was `asked` for where that says something."""
        return replace(
            self,
            unit=asked.unit or self.unit,
            year=asked.year or self.year,
            audience=asked.audience or self.audience,
        )

    @property
    def recorded(self) -> str:
        """Return the hash that the manifest has of the file, empty without one."""
        entry = self.entry.get("beside" if self.is_beside else "outputs", {})
        return str(entry.get(self.output, ""))

    @property
    def is_beside(self) -> bool:
        """Return whether a site published the file with a version, and no build made it."""
        return self.output in self.entry.get("beside", {})

    def __str__(self) -> str:
        """Return the report with slashes between, as `build` names it."""
        return f"{self.unit}/{self.year}/{self.report}"


def read(path: Path) -> Mapping[str, Any] | None:
    """Return the entries of a manifest by report, None if it cannot be read."""
    return entries_of(_content(path))


def _content(path: Path) -> object:
    """Return what stands in a manifest, whatever that is, None if it cannot be read."""
    try:
        return read_json(path)
    except (OSError, ValueError):
        return None


def entries_of(found: object) -> dict[str, Mapping[str, Any]] | None:
    """Return the entries by report of what a manifest holds, without those of another form.

    None where it is no manifest at all.
    """
    if not isinstance(found, dict):
        return None
    return {name: entry for name, entry in found.items() if fits(entry, _ENTRY)}


_TEXTS = {str: str}
_ENTRY = {
    "outputs": _TEXTS,
    "published": _TEXTS,
    "beside": _TEXTS,
    "inputs": _TEXTS,
    "folders": _TEXTS,
    "absent": [str],
    "options": {"formats": [str]},
    "engines": {"packages": _TEXTS, "fonts": [{str: str}]},
}
"""What the parts of an entry are, where they are there; of others it does not matter."""


def fits(found: object, form: object) -> bool:
    """Return whether what JSON holds is of a form: `str`, a list of one, or a group of them.

    A group says which of its keys are of which form, or by `str` all of them.
    """
    if isinstance(form, list):
        return isinstance(found, list) and all(fits(each, form[0]) for each in found)
    if isinstance(form, dict):
        return isinstance(found, dict) and _fits_group(found, form)
    return form is object or isinstance(found, str)


def _fits_group(found: Mapping[str, object], form: Mapping[object, object]) -> bool:
    """Return whether each part of a group is of the form for its key, or of that for all."""
    others = form.get(str, object)
    return all(fits(value, form.get(key, others)) for key, value in found.items())


def find(
    file: Path,
    digest: str,
    asked: Claim,
    folders: Iterable[Path],
    given: Path | None,
    log: Diagnostics,
) -> Claim:
    """Return what manifests tell of a file with that hash, completed by what was asked for.

    The one given counts alone; else the one beside the file, then all below `folders`. The log gets
    G116 for one that cannot be read, G107 where no report, or more than one, is meant.
    """
    if given is not None and read(given) is None:
        log.add(finding("G116", path=given))
        return asked
    paths = [given] if given is not None else [file.parent / MANIFEST, *_below(folders)]
    candidates = _Candidates(file, digest, asked, paths)
    if candidates.ambiguous:
        names = "、".join(sorted({f"{c} ({c.audience})" for c in candidates.distinct}))
        log.add(finding("G107", file=file.name, known=names))
        return asked
    claim = next(iter(candidates.distinct), _by_name(file, asked))
    if not claim.whole:
        log.add(finding("G107", file=file.name, known="—"))
    return claim


class _Candidates:
    """The outputs of manifests that a file may be, by the strongest ground that there is.

    An entry with the same hash comes first, then one of the manifest beside the file with the
    same name, then one of that name anywhere, and last, for a file that was renamed and changed,
    what it was said to be, in its format.
    """

    def __init__(self, file: Path, digest: str, asked: Claim, paths: Sequence[Path]) -> None:
        claims = list(chain.from_iterable(_claims(path, asked) for path in paths))
        same_hash = [claim for claim in claims if claim.recorded == digest]
        same_name = [claim for claim in claims if claim.output == file.name]
        beside = [claim for claim in same_name if claim.manifest == paths[0]]
        self.found = same_hash or beside or same_name or _as_asked(claims, asked, file)
        self.by_place = bool(beside) and not same_hash

    @property
    def distinct(self) -> list[Claim]:
        """Return the candidates, each report, audience and format once, the first entry of each."""
        first = {(str(c), c.audience, c.format): c for c in reversed(self.found)}
        return list(first.values())

    @property
    def ambiguous(self) -> bool:
        """Return whether several fit equally; the manifest beside the file decides for itself."""
        return len(self.distinct) > 1 and not self.by_place


def _as_asked(claims: Iterable[Claim], asked: Claim, file: Path) -> list[Claim]:
    """Return the outputs in the format of `file`, if somebody said which report it is."""
    if not asked.report:
        return []
    return [claim for claim in claims if claim.format == _ending(file)]


_LAYOUTS = ("[0-9]*/[!.]*/[!.]*", "[!.]*/[0-9]*/[!.]*/v[0-9]*")
"""Where manifests stand: below year, unit and audience, and on a site those of a version."""


def _below(folders: Iterable[Path]) -> Iterator[Path]:
    """Yield the manifests of builds and of a site, in order; what is being made there is hidden."""
    for folder, layout in product(folders, _LAYOUTS):
        yield from sorted(folder.glob(f"{layout}/{MANIFEST}"))


def _claims(path: Path, asked: Claim) -> Iterator[Claim]:
    """Yield a claim for every output that a manifest lists and that is not another than asked."""
    year, unit, audience = _place(path.parent)
    for report, whole in _entries(path, audience).items():
        # Of a record it is not its own files that anybody publishes.
        outputs = whole.get("published", whole.get("outputs", {}))
        entry = {**whole, "outputs": outputs}
        stated = _said(Claim(report, unit, year, audience, entry=entry, manifest=path))
        if stated.may_be(asked):
            for output in (*outputs, *entry.get("beside", {})):
                form = output.removeprefix(f"{report}.")
                yield replace(stated.completed(asked), format=form, output=output)


def _said(claim: Claim) -> Claim:
    """Return a claim with what its entry says itself, as that of a site does."""
    unit, year, audience = (claim.entry.get(name) for name in ("unit", "year", "audience"))
    if claim.unit or not (isinstance(unit, str) and type(year) is int and audience == "public"):
        return claim
    return replace(claim, unit=unit, year=year, audience=audience)


def _entries(path: Path, audience: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the entries of a manifest by report, each completed by the record beside it."""
    if audience == "public":
        return public_entries(path.parent.parent) or {}
    return read(path) or {}


def public_entries(builds: Path) -> Mapping[str, Mapping[str, Any]] | None:
    """Return what is known of the public versions in a unit's folder of builds, by report.

    That is the entry of their manifest, completed by that of the record beside it; one that is
    damaged says nothing. None where the manifest cannot be read. Both are read again where a build
    took their place between the one and the other.
    """
    path = builds / "public" / MANIFEST
    while True:
        before = identity(path)
        shown, kept = _content(path), read(builds / INSIDE / MANIFEST) or {}
        if identity(path) == before:
            break
    if not isinstance(shown, dict):
        return None
    entries: dict[str, Mapping[str, Any]] = {}
    for name, short in shown.items():
        whole = fits(short, _ENTRY)
        entries[name] = _whole_entry(short, kept.get(name, {})) if whole else {}
    return entries


def _whole_entry(short: Mapping[str, Any], inner: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the entry of a public version, completed by that of its record, which says more.

    `kept` are the hashes of the files of the record.
    """
    if "inputs" in short:
        return short
    if inner.get("published", short.get("outputs")) == short.get("outputs"):
        return {**inner, **short, "kept": inner.get("outputs", {})}
    return {**short, TORN: True}


def identity(path: Path) -> tuple[int, int, int]:
    """Return what tells the file at `path` from one that took its place, zeros where it is not."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0, 0
    return found.st_dev, found.st_ino, found.st_mtime_ns


def _place(folder: Path) -> tuple[int | None, str, str]:
    """Return year, unit and audience that a folder of outputs is named after, if it is one."""
    audience = "public" if folder.name == INSIDE else folder.name
    year = folder.parent.parent.name
    if audience in get_args(Audience) and _YEAR.fullmatch(year):
        return int(year), folder.parent.name, audience
    return None, "", ""


def _by_name(file: Path, asked: Claim) -> Claim:
    """Return what folder and name of a file tell where no manifest does."""
    year, unit, audience = _place(file.resolve().parent)
    ending = _ending(file)
    report = asked.report or file.name.removesuffix(f".{ending}")
    return Claim(report, unit, year, audience or "public", ending).completed(asked)


def _ending(file: Path) -> str:
    """Return the format that a file name ends in."""
    return next((e for e in _LONG if file.name.endswith(f".{e}")), file.suffix[1:])


def of_report(folder: Path, report: str) -> Mapping[str, Any]:
    """Return the whole entry of a report whose outputs stand in `folder`, nothing if there is none.

    That of a public version stands beside its folder.
    """
    inner = read(folder.parent / INSIDE / MANIFEST) if folder.name == "public" else None
    return {**(inner or {}).get(report, {}), **(read(folder / MANIFEST) or {}).get(report, {})}


def formats_of(entry: Mapping[str, Any], default: Iterable[str]) -> tuple[str, ...]:
    """Return the formats that an entry was built in, since files name each other."""
    options = entry.get("options", {})
    return tuple(options.get("formats", ()) or default)
