"""Writes exceptions with the values that they hold for: `reportgen waive`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reportgen.check.waivers import can_be_waived, judged_text
from reportgen.findings import Diagnostics, Finding, finding
from reportgen.formula.lookup import nearest
from reportgen.load.formatting import FileChange
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan
from reportgen.project.source_files import SourceFiles
from reportgen.project.yaml_editor import YamlEditor, yaml_text
from reportgen.project.yaml_nodes import Mapping, MappingEntry, Scalar, Sequence
from reportgen.project.yaml_reader import read_yaml

_ORDER = ("code", "subject", "judged", "reason")
_REMARK_ORDER = ("key", "printed", "where", "remark", "computed")


@frozen
class Acceptance:
    """That a finding of `code` about `subject` is accepted, and why; an old reason may hold."""

    code: str
    subject: str
    reason: str = ""


def waive(
    files: SourceFiles,
    folder: str,
    findings: Iterable[Finding],
    accepted: Acceptance,
    log: Diagnostics,
) -> FileChange | None:
    """Return the change that accepts what the `findings` say now of what is `accepted`.

    It is a waiver in the report.yaml of the report in `folder`, of R301 a remark in the table of
    published figures; one that is there gets the values of now, and the reason if one is given.
    The log gets R104 for a code that cannot be waived, Y108 where nothing is told that could be,
    Y109 without any reason.
    """
    code, subject = accepted.code, accepted.subject
    if code != "R301" and not can_be_waived(code):
        log.add(finding("R104", severity="error", waived=code, of=subject))
        return None
    told = [each for each in findings if _waived_code(each) == code]
    judged = _judged(told, subject)
    if judged is None:
        near = nearest(subject, sorted({each.subject for each in told}))
        log.add(finding("Y108", SourceSpan(folder), waived=code, of=subject, near=near))
        return None
    write = _with_remark if code == "R301" else _with_waiver
    return write(files, folder, accepted, judged, log)


def _waived_code(told: Finding) -> str:
    """Return the code that a waiver of a finding names."""
    if told.code == "R106":
        return told.params["waived"]
    return "R301" if told.code == "R305" else told.code


def _judged(told: Iterable[Finding], subject: str) -> list[str] | None:
    """Return what findings about `subject` say now, each text once; None without any finding."""
    about = [each for each in told if each.subject == subject]
    if not about:
        return None
    texts = dict.fromkeys(map(_said_now, about))
    return list(filter(None, texts))


def _said_now(told: Finding) -> str:
    """Return the values that an exception of a finding would hold for."""
    if told.code == "R301":
        return told.params["computed"]
    return told.params["now"] if told.code in {"R106", "R305"} else judged_text(told)


def _with_waiver(
    files: SourceFiles,
    folder: str,
    accepted: Acceptance,
    judged: list[str],
    log: Diagnostics,
) -> FileChange | None:
    path = f"{folder}/report.yaml"
    parsed = _parsed(files, path, log)
    if parsed is None:
        return None
    text, root = parsed
    editor = YamlEditor({path: text})
    reason = _reason_key(accepted.reason, "reason")
    rows = _rows(root, "waivers")
    for row in rows:
        if (_text(row, "code"), _text(row, "subject")) == (accepted.code, accepted.subject):
            _renew(editor, row, [*_judged_key(judged), *reason], _ORDER)
            return FileChange(path, text, editor.edited(path))
    if not reason:
        log.add(finding("Y109", SourceSpan(path), waived=accepted.code, of=accepted.subject))
        return None
    keys = [("code", accepted.code), ("subject", yaml_text(accepted.subject))]
    keys += [*_judged_key(judged), *reason]
    if rows:
        editor.add_row(rows[-1], keys)
    else:
        _append_first(editor, path, root, keys)
    return FileChange(path, text, editor.edited(path))


def _append_first(
    editor: YamlEditor, path: str, root: Mapping, keys: list[tuple[str, str]]
) -> None:
    """Add the first row of the list of waivers, whose key may be there without a value."""
    first, *others = (f"{key}: {value}" for key, value in keys)
    row = "\n    ".join([f"  - {first}", *others])
    for entry in root.entries:
        if entry.key == "waivers":
            editor.append_to_line(path, entry.span.line, f"\n{row}")
            return
    editor.append(path, f"waivers:\n{row}\n")


def _with_remark(
    files: SourceFiles,
    folder: str,
    accepted: Acceptance,
    computed: list[str],
    log: Diagnostics,
) -> FileChange | None:
    remark = _reason_key(accepted.reason, "remark")
    keys = [*remark, ("computed", yaml_text(computed[0]))]
    rows = _published(files, folder, log)
    named = [row for row in rows if _is_remarked(row[2], accepted)]
    if not named:
        log.add(finding("Y109", SourceSpan(folder), waived="R301", of=accepted.subject))
        return None
    path, text, _ = named[0]
    editor = YamlEditor({path: text})
    for other, _, row in named:
        if other == path:
            _renew(editor, row, keys, _REMARK_ORDER)
    return FileChange(path, text, editor.edited(path))


def _is_remarked(row: Mapping, accepted: Acceptance) -> bool:
    """Return whether a row is about the figure that is accepted, and has or gets a remark."""
    if _text(row, "key") != accepted.subject:
        return False
    return bool(accepted.reason or _text(row, "remark"))


def _published(
    files: SourceFiles, folder: str, log: Diagnostics
) -> Iterator[tuple[str, str, Mapping]]:
    """Yield the rows of the tables of published figures of a report, with their files."""
    for path in files.names(folder, ".yaml"):
        parsed = _parsed(files, path, log)
        if parsed is not None:
            text, root = parsed
            for row in _rows(root, "published"):
                yield path, text, row


def _parsed(files: SourceFiles, path: str, log: Diagnostics) -> tuple[str, Mapping] | None:
    """Return a file's text and what stands in it, None where it cannot be read."""
    text = files.text(path, log)
    root = read_yaml(path, text)[0] if text is not None else None
    return (text, root) if text is not None and isinstance(root, Mapping) else None


def _renew(
    editor: YamlEditor, row: Mapping, keys: list[tuple[str, str]], order: tuple[str, ...]
) -> None:
    """Write `keys` into a row that is there."""
    added: list[tuple[str, str]] = []
    for key, text in keys:
        entry = _entry(row, key)
        if entry is None:
            added.append((key, text))
        elif isinstance(entry.value, Scalar):
            editor.set_value(entry.value, text)
        else:
            editor.replace(entry.value.span, text)
    editor.add_keys(row, added, order)


def _judged_key(judged: list[str]) -> list[tuple[str, str]]:
    texts = ", ".join(map(yaml_text, judged))
    return [("judged", f"[{texts}]")] if judged else []


def _reason_key(reason: str, key: str) -> list[tuple[str, str]]:
    return [(key, yaml_text(reason))] if reason else []


def _rows(group: Mapping, key: str) -> list[Mapping]:
    entry = _entry(group, key)
    items = entry.value.items if entry and isinstance(entry.value, Sequence) else ()
    return [row for row in items if isinstance(row, Mapping)]


def _entry(group: Mapping, key: str) -> MappingEntry | None:
    return next((entry for entry in group.entries if entry.key == key), None)


def _text(group: Mapping, key: str) -> str:
    entry = _entry(group, key)
    return entry.value.text if entry and isinstance(entry.value, Scalar) else ""
