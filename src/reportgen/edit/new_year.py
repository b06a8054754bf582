"""Starts a year from the one before: its files, carried over, in a new folder."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from reportgen.edit.carry import carried, carried_prose
from reportgen.findings import Finding, blocks, finding
from reportgen.load.files import Files
from reportgen.load.project import load, reports, units, years
from reportgen.model.facts import Fact
from reportgen.model.source import Mark
from reportgen.saving import save_texts

_UNCARRIED = {"published.yaml"}
"""Files that are about what was published of their own year."""


def new_year(
    files: Files, unit: str, year: int, source: int | None = None, report: str | None = None
) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Write data/<unit>/<year>/ from `source` (the latest year before); return its files.

    With `report` only that one is carried, also into a year that is there: with the files of the
    year that it lacks, none that stands is touched. Findings say why nothing was written: J102,
    Y102 where the year or the report is there, Y103 where there is none before it, and the
    errors of the old year, which cannot be carried as it stands.
    """
    known = units(files)
    if unit not in known:
        return (), (finding("J102", unit=unit, known="、".join(known) or "—"),)
    target = f"data/{unit}/{year}"
    taken = f"{target}/{report}" if report else target
    if (files.root / taken).exists():
        return (), (finding("Y102", Mark(taken), year=taken.removeprefix(f"data/{unit}/")),)
    earlier = [y for y in years(files, unit) if y < year and _has(files, unit, y, report)]
    if source is None:
        source = max(earlier, default=None)
    if source not in earlier:
        there = "、".join(map(str, earlier)) or "—"
        return (), (finding("Y103", Mark(f"data/{unit}"), year=year, known=there),)
    facts, findings = _facts(files, unit, source)
    if blocks(findings):
        return (), findings
    texts = dict(_texts(files, f"data/{unit}/{source}", facts, year))
    if report:
        texts = {n: t for n, t in texts.items() if n.count("/") == 0 or n.startswith(f"{report}/")}
    if (files.root / target).exists():
        texts = {n: t for n, t in texts.items() if not (files.root / target / n).exists()}
        save_texts(files.root / target, texts)
    else:
        _write(files.root / target, texts)
    return tuple(sorted(f"{target}/{name}" for name in texts)), ()


def _has(files: Files, unit: str, year: int, report: str | None) -> bool:
    """Return whether there is `report`, or any report, of `unit` in `year`."""
    found = reports(files, unit, year)
    return report in found if report else bool(found)


def _facts(
    files: Files, unit: str, year: int
) -> tuple[Mapping[str, dict[tuple[int, int], Fact]], tuple[Finding, ...]]:
    """Return the facts of all reports of a year, by file, line and column."""
    placed: dict[str, dict[tuple[int, int], Fact]] = {}
    findings: list[Finding] = []
    for report in reports(files, unit, year):
        loaded, found = load(files, unit, year, report)
        findings.extend(each for each in found if each.severity == "error")
        for fact in loaded.facts.facts.values() if loaded else ():
            if fact.value is not None:  # what is left out stands at the place of its group
                placed.setdefault(fact.mark.path, {})[fact.mark.line, fact.mark.column] = fact
    return placed, tuple(findings)


def _texts(
    files: Files, base: str, facts: Mapping[str, dict[tuple[int, int], Fact]], year: int
) -> Iterator[tuple[str, str]]:
    """Yield each file of the year at `base`, by its path below it, as `year` begins.

    What a file names of its own year, such as a text to include, is the new year's.
    """
    root = files.root / base
    home, _, old = base.rpartition("/")
    for file in sorted(root.rglob("*")):
        path = file.relative_to(files.root).as_posix()
        if file.name in _UNCARRIED or file.suffix not in {".yaml", ".md"}:
            continue
        text, _ = files.text(path)
        if text is None:
            continue
        ahead = year - int(old)
        prose = file.suffix == ".md"
        new = carried_prose(text) if prose else carried(path, text, facts.get(path, {}), ahead)
        new = new.replace(f"{base}/", f"{home}/{year}/")
        if new.strip():
            yield file.relative_to(root).as_posix(), new


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    """Make `folder` with `texts` by path in it, whole or not at all."""
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as name:
        stage = Path(name) / folder.name
        for path, text in texts.items():
            file = stage / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        stage.rename(folder)
