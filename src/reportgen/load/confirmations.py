"""Who confirmed which facts on what evidence, and which facts were worked out backwards.

Read from data files, and written to them.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Mappings

from reportgen.findings import Diagnostics, finding
from reportgen.load.fields import RequiredTextField, TextField, WordField
from reportgen.load.groups import KeyGroup, field
from reportgen.model.figures import Confirmation, InferredFact
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan
from reportgen.project.source_files import SourceFiles
from reportgen.project.yaml_editor import YamlEditor, yaml_text
from reportgen.project.yaml_nodes import Mapping, Sequence
from reportgen.project.yaml_reader import read_yaml


class ConfirmationEntry(KeyGroup):
    """确认: the values that an office stands for, and on what evidence."""

    by: RequiredTextField = field(title="确认科室", description="写科室，不写人名")
    evidence: RequiredTextField = field(title="依据", description="文号、页码或报表名称")
    file: WordField = field(default="", title="依据文件", description="evidence/ 下的文件")
    sha256: WordField = field(default="", title="校验码", description="由 reportgen confirm 写")
    values: dict[str, TextField] = field(title="确认的数", description="键: 确认时的值")


class InferredEntry(KeyGroup):
    """反推: a fact that nobody published, worked out backwards from a figure that was."""

    key: RequiredTextField = field(title="键")
    reason: RequiredTextField = field(title="怎样推出")


def read_confirmations(
    entries: Iterable[ConfirmationEntry], files: SourceFiles, folder: str, log: Diagnostics
) -> tuple[Confirmation, ...]:
    """Return the confirmations of `entries`; evidence is a file below `folder`, else L139."""
    confirmations: list[Confirmation] = []
    for entry in entries:
        if entry.file:
            _check_file(entry, files, folder, log)
        values: list[tuple[str, str, SourceSpan]] = []
        for key, leaf in entry.values.items():
            values.append((key, str(leaf.value or ""), leaf.span))
        office, evidence = str(entry.by.value), str(entry.evidence.value)
        confirmations.append(Confirmation(office, evidence, entry.file, tuple(values)))
    return tuple(confirmations)


def _check_file(
    entry: ConfirmationEntry, files: SourceFiles, folder: str, log: Diagnostics
) -> None:
    """Log L139 where a file of evidence is not there, or not the one that was confirmed."""
    path = f"{folder}/{entry.file}"
    found = files.sha256(path)
    if found != entry.sha256:
        why = "@evidence_changed" if found else "@evidence_missing"
        log.add(finding("L139", entry.evidence.span, file=path, why=why))


def read_inferred(entries: Iterable[InferredEntry]) -> tuple[InferredFact, ...]:
    """Return the facts that were worked out backwards."""
    inferred: list[InferredFact] = []
    for entry in entries:
        key, reason = str(entry.key.value), str(entry.reason.value)
        inferred.append(InferredFact(key, reason, entry.key.span))
    return tuple(inferred)


# Writing

CONFIRMATIONS = "confirmations.yaml"
"""The file of a year or report to which confirmations are written."""


@frozen
class Statement:
    """What an office states: who it is, on what evidence, and the file that holds it, if any.

    The `file` stands below the folder of the year and has the hash `sha256`.
    """

    office: str
    evidence: str
    file: str = ""
    sha256: str = ""


def with_confirmation(path: str, old: str, stated: Statement, values: Mappings[str, str]) -> str:
    """Return the text of a file with one more confirmation, below those that it has."""
    entry = _entry(stated, values)
    root, _ = read_yaml(path, old)
    for item in root.entries if isinstance(root, Mapping) else ():
        if item.key == "confirmations" and isinstance(item.value, Sequence):
            editor = YamlEditor({path: old})
            editor.add_below(item.value, entry.rstrip("\n"))
            return editor.edited(path)
    return f"{old}confirmations:\n{entry}"


def _entry(stated: Statement, values: Mappings[str, str]) -> str:
    lines = [f"  - by: {yaml_text(stated.office)}", f"    evidence: {yaml_text(stated.evidence)}"]
    if stated.file:
        lines += [f"    file: {yaml_text(stated.file)}", f"    sha256: {stated.sha256}"]
    lines.append("    values:")
    lines += (f"      {key}: {yaml_text(value)}" for key, value in values.items())
    return "\n".join(lines) + "\n"
