"""Writes that an office stands for facts as they are now: `reportgen confirm`."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Mappings
from dataclasses import replace

from reportgen.check.facts import said
from reportgen.findings import Diagnostics, finding
from reportgen.formula.lookup import is_typed, nearest
from reportgen.formula.names import PRIOR
from reportgen.load.confirmations import CONFIRMATIONS, Statement, with_confirmation
from reportgen.load.formatting import FileChange
from reportgen.model.figures import Fact, Figure, Ledger
from reportgen.project.layout import ReportId
from reportgen.project.source_files import SourceFiles


def confirm(
    files: SourceFiles,
    report: ReportId,
    ledger: Ledger,
    names: Iterable[str],
    stated: Statement,
    log: Diagnostics,
) -> tuple[FileChange, ...]:
    """Return the changes that confirm the facts that `names` name, each or all below a key.

    They are added to the `confirmations.yaml` of the year, or of the report whose own facts they
    are: the last confirmation of a fact holds. The log gets R502 for a name that is no fact, L139
    where the evidence is no file.
    """
    items = _named_facts(ledger, names, log)
    year_folder = f"data/{report.unit}/{report.year}"
    stated = replace(stated, sha256=_hash_of(files, year_folder, stated.file, log))
    if log.blocked:
        return ()
    changes: list[FileChange] = []
    for folder, values in _by_folder(items, year_folder, f"data/{report}").items():
        path = f"{folder}/{CONFIRMATIONS}"
        old = files.text(path, log) if files.exists(path) else ""
        if old is not None:
            changes.append(FileChange(path, old, with_confirmation(path, old, stated, values)))
    return tuple(changes)


def _named_facts(
    ledger: Ledger, names: Iterable[str], log: Diagnostics
) -> dict[str, Fact | Figure]:
    """Return the facts that any of `names` names; the log gets R502 for one that names none."""
    items: dict[str, Fact | Figure] = {}
    for name in names:
        found = _facts(ledger, name)
        if not found:
            near = nearest(name, [*ledger.figures, *ledger.texts])
            log.add(finding("R502", subject=name, key=name, near=near))
        items.update(found)
    return items


def _by_folder(
    items: Mappings[str, Fact | Figure], year_folder: str, report_folder: str
) -> dict[str, dict[str, str]]:
    """Return the values of facts by the folder whose own they are, the year's or the report's."""
    found: dict[str, dict[str, str]] = {}
    for key, item in items.items():
        is_own = item.span.path.startswith(f"{report_folder}/")
        found.setdefault(report_folder if is_own else year_folder, {})[key] = said(item)
    return found


def _facts(ledger: Ledger, name: str) -> dict[str, Fact | Figure]:
    """Return the typed facts called `name`, or below it."""
    items: dict[str, Fact | Figure] = {**ledger.texts, **ledger.figures}
    keys = [key for key in items if f"{key}.".startswith(f"{name}.")]
    return {key: items[key] for key in keys if _is_stated(items[key])}


def _is_stated(item: Fact | Figure) -> bool:
    """Return whether somebody typed a value this year."""
    if item.value is None or item.key.startswith(PRIOR):
        return False
    return not isinstance(item, Figure) or is_typed(item)


def _hash_of(files: SourceFiles, folder: str, file: str, log: Diagnostics) -> str:
    """Return the hash of a file of evidence, `` without one; the log gets L139 if it is missing."""
    if not file:
        return ""
    path = f"{folder}/{file}"
    digest = files.sha256(path)
    if not digest:
        log.add(finding("L139", severity="error", file=path, why="@evidence_missing"))
    return digest
