"""All files of a project in their usual form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from reportgen.edit.formatting import formatted, tidy_prose
from reportgen.findings import Finding, blocks
from reportgen.load.files import Files
from reportgen.load.project import load, reports, units, years
from reportgen.model.quantity import Quantity
from reportgen.model.source import Mark


@dataclass(frozen=True, slots=True)
class Change:
    """A file of the project, by its path under the root, as it is and as it should be."""

    path: str
    old: str
    new: str


def authored(root: Path) -> tuple[str, ...]:
    """Return the paths of all files that authors keep: data, narrative, packs."""
    found = (
        path.relative_to(root)
        for top in ("data", "templates")
        for suffix in ("yaml", "md")
        for path in (root / top).rglob(f"*.{suffix}")
    )
    return tuple(sorted(p.as_posix() for p in found if not any(x[0] == "." for x in p.parts)))


def reformat(files: Files, paths: Iterable[str]) -> tuple[tuple[Change, ...], tuple[Finding, ...]]:
    """Return what has to change in `paths`; a file with errors stays, its findings are told."""
    amounts = tuple(_amounts(files))
    changes: list[Change] = []
    findings: list[Finding] = []
    for path in paths:
        text, found = files.text(path)
        if text is None:
            findings.extend(found)
            continue
        if path.endswith(".md"):
            new = tidy_prose(text)
        else:
            new, found = formatted(path, text, amounts)
            if blocks(found):
                findings.extend(found)
                continue
        raw, _ = files.data(path)
        if raw is not None and raw != new.encode():
            changes.append(Change(path, raw.decode("utf-8", "replace"), new))
    return tuple(changes), tuple(findings)


def _amounts(files: Files) -> Iterator[Mark]:
    """Yield the place of every amount of every report; of those that load."""
    for unit in units(files):
        for year in years(files, unit):
            for report in reports(files, unit, year):
                loaded, _ = load(files, unit, year, report)
                for facts in (loaded.facts, *loaded.prior) if loaded else ():
                    for fact in facts.facts.values():
                        if isinstance(fact.value, Quantity):
                            yield fact.mark
