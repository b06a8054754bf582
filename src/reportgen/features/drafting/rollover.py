"""Begins a year with the files of an earlier one: `reportgen new-year`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from reportgen.features.drafting.rollover_text import FactsByPlace, rolled_over, rolled_over_prose
from reportgen.findings import Diagnostics, finding
from reportgen.load.inputs import facts_of_year, load
from reportgen.model.figures import Fact
from reportgen.model.source import SourceSpan
from reportgen.project.layout import reports, units, years
from reportgen.project.saving import save_texts
from reportgen.project.source_files import SourceFiles

_OF_ONE_YEAR = frozenset({"published.yaml", "confirmations.yaml"})
"""Files that are about what was published or confirmed of their own year."""


def new_year(
    files: SourceFiles,
    unit: str,
    year: int,
    log: Diagnostics,
    *,
    source: int | None = None,
    report: str | None = None,
) -> tuple[str, ...]:
    """Write data/<unit>/<year>/ from `source` (the latest year before); return its files.

    With `report` only that one is rolled over, also into a year that is there: with the files of
    the year that it lacks, none that stands is touched. The log says why nothing was written:
    J102, Y102 where the year or the report is there, Y103 where there is none before it, and the
    errors of the old year, which cannot be rolled over as it stands.
    """
    if not _is_free(files, unit, year, report, log):
        return ()
    earlier = _earlier_years(files, unit, year, report)
    if source is None:
        source = max(earlier, default=None)
    if source not in earlier:
        log.add(finding("Y103", SourceSpan(f"data/{unit}"), year=year, known=_listed(earlier)))
        return ()
    facts = _facts_of_year(files, unit, source, log)
    if log.blocked:
        return ()
    texts = _texts_of_next(files, f"data/{unit}/{source}", facts, year)
    folder = files.root / "data" / unit / str(year)
    lacking = _lacking(folder, texts, report)
    save_texts(folder, lacking)
    return tuple(sorted(f"data/{unit}/{year}/{path}" for path in lacking))


def _is_free(
    files: SourceFiles, unit: str, year: int, report: str | None, log: Diagnostics
) -> bool:
    """Return whether `unit` is known and has not yet the year, or the report in it."""
    known = units(files)
    if unit not in known:
        log.add(finding("J102", unit=unit, known=_listed(known)))
        return False
    name = f"{year}/{report}" if report else str(year)
    path = f"data/{unit}/{name}"
    if (files.root / path).exists():
        log.add(finding("Y102", SourceSpan(path), year=name))
        return False
    return True


def _earlier_years(files: SourceFiles, unit: str, year: int, report: str | None) -> list[int]:
    """Return the years before `year` that have the report, or where none is named any report."""
    earlier: list[int] = []
    for candidate in years(files, unit):
        has_report = _has_report(files, unit, candidate, report)
        if candidate < year and has_report:
            earlier.append(candidate)
    return earlier


def _has_report(files: SourceFiles, unit: str, year: int, report: str | None) -> bool:
    """Return whether there is `report`, or where none is named any, of a year."""
    of_year = reports(files, unit, year)
    return report in of_year if report else bool(of_year)


def _listed(names: Iterable[object]) -> str:
    return "、".join(map(str, names)) or "—"


def _facts_of_year(
    files: SourceFiles, unit: str, year: int, log: Diagnostics
) -> dict[str, FactsByPlace]:
    """Return the facts of a year and of its reports, by file and place; the log gets its errors.

    Lists of the year are none of a report that has its own.
    """
    facts: dict[str, FactsByPlace] = {}
    of_year = facts_of_year(files, unit, year)
    _add_by_place(of_year.facts.values() if of_year else (), facts)
    for report in reports(files, unit, year):
        _add_by_place(_facts_of_report(files, unit, year, report, log), facts)
    return facts


def _add_by_place(found: Iterable[Fact], facts: dict[str, FactsByPlace]) -> None:
    for fact in found:
        if fact.value is not None:  # what is left out stands at the place of its group
            span = fact.span
            facts.setdefault(span.path, {})[span.line, span.column] = fact


def _facts_of_report(
    files: SourceFiles, unit: str, year: int, report: str, log: Diagnostics
) -> Iterable[Fact]:
    """Return the facts of a report, none where it does not load; the log gets its errors."""
    problems = Diagnostics()
    loaded = load(files, unit, year, report, problems)
    log.extend(problem for problem in problems if problem.severity == "error")
    return loaded.facts.facts.values() if loaded else ()


def _texts_of_next(
    files: SourceFiles, old: str, facts: Mapping[str, FactsByPlace], year: int
) -> dict[str, str]:
    """Return the files of the year at `old`, by path below it, as `year` begins with them.

    What a file names of its own year, such as a text to include, is the new year's.
    """
    unit_folder, _, old_year = old.rpartition("/")
    texts: dict[str, str] = {}
    for path, text in _texts_of_year(files, old):
        if path.endswith(".md"):
            new = rolled_over_prose(text)
        else:
            new = rolled_over(path, text, facts.get(path, {}), year - int(old_year))
        if new.strip():
            texts[path.removeprefix(f"{old}/")] = new.replace(f"{old}/", f"{unit_folder}/{year}/")
    return texts


def _texts_of_year(files: SourceFiles, folder: str) -> Iterator[tuple[str, str]]:
    """Yield the files of a year that are not about that year only, with their texts."""
    for file in sorted((files.root / folder).rglob("*")):
        path = file.relative_to(files.root).as_posix()
        hidden = "/." in path
        if file.suffix in {".yaml", ".md"} and file.name not in _OF_ONE_YEAR and not hidden:
            text = files.text(path, Diagnostics())
            if text is not None:
                yield path, text


def _lacking(folder: Path, texts: Mapping[str, str], report: str | None) -> dict[str, str]:
    """Return the texts that `folder` lacks; of those in folders only what is of `report`."""
    lacking: dict[str, str] = {}
    for path, text in texts.items():
        stands = (folder / path).exists()
        if not stands and _concerns(path, report):
            lacking[path] = text
    return lacking


def _concerns(path: str, report: str | None) -> bool:
    """Return whether a file of a year is one of all reports, or of `report`."""
    return not report or "/" not in path or path.startswith(f"{report}/")
