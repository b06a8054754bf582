"""Writes that an office stands for facts as they are now: `reportgen confirm`."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Mappings
from dataclasses import dataclass

from reportgen.check.facts import said
from reportgen.features.drafting.formatting import FileChange
from reportgen.findings import Diagnostics, finding
from reportgen.formula.lookup import is_typed, nearest
from reportgen.formula.names import PRIOR
from reportgen.model.figures import Fact, Figure, Ledger
from reportgen.project.layout import ReportId
from reportgen.project.source_files import SourceFiles
from reportgen.project.yaml_editor import YamlEditor, yaml_text
from reportgen.project.yaml_nodes import Mapping, Sequence
from reportgen.project.yaml_reader import read_yaml

CONFIRMATIONS = "confirmations.yaml"


@dataclass(frozen=True, slots=True)
class Statement:
    """What an office states: who it is, on what evidence, and the file that holds it, if any.

    The `file` stands below the folder of the year.
    """

    office: str
    evidence: str
    file: str = ""


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
    of_file = _file_lines(files, year_folder, stated.file, log)
    if log.blocked or of_file is None:
        return ()
    changes: list[FileChange] = []
    for folder, values in _by_folder(items, year_folder, f"data/{report}").items():
        path = f"{folder}/{CONFIRMATIONS}"
        old = files.text(path, log) if files.exists(path) else ""
        if old is not None:
            changes.append(
                FileChange(path, old, _with_entry(path, old, _entry(stated, of_file, values)))
            )
    return tuple(changes)


def _with_entry(path: str, old: str, entry: str) -> str:
    """Return the text of a file with one more confirmation, below those that it has."""
    root, _ = read_yaml(path, old)
    for item in root.entries if isinstance(root, Mapping) else ():
        if item.key == "confirmations" and isinstance(item.value, Sequence):
            editor = YamlEditor({path: old})
            editor.add_below(item.value, entry.rstrip("\n"))
            return editor.edited(path)
    return f"{old}confirmations:\n{entry}"


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


def _file_lines(files: SourceFiles, folder: str, file: str, log: Diagnostics) -> list[str] | None:
    """Return the lines that name a file of evidence, none without one; None where it is missing."""
    if not file:
        return []
    path = f"{folder}/{file}"
    digest = files.sha256(path)
    if not digest:
        log.add(finding("L139", severity="error", file=path, why="@evidence_missing"))
        return None
    return [f"    file: {yaml_text(file)}", f"    sha256: {digest}"]


def _entry(stated: Statement, file_lines: list[str], values: dict[str, str]) -> str:
    lines = [
        f"  - by: {yaml_text(stated.office)}",
        f"    evidence: {yaml_text(stated.evidence)}",
        *file_lines,
        "    values:",
    ]
    lines += (f"      {key}: {yaml_text(value)}" for key, value in values.items())
    return "\n".join(lines) + "\n"
