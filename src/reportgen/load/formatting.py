"""The usual form of an author's file: what `reportgen fmt` writes.

Keys of a prescribed group stand in the order of the schema, each with the comments above it; a
row stands on one line while it is short enough to be read, else one fact a line; amounts have
half-width digits and no space before their unit. Nothing else moves, no value changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TypeGuard

from reportgen.findings import Diagnostics
from reportgen.findings.excerpt import width
from reportgen.load.groups import bare, fields_of, inside, is_model, labels
from reportgen.load.inputs import load
from reportgen.load.jsonschema import MODELINE, SCHEMAS, kind_of, modeline
from reportgen.model.figures import Fact
from reportgen.model.frozen import frozen
from reportgen.model.quantity import Quantity, QuantityError, parse_quantity
from reportgen.model.source import SourceSpan
from reportgen.project.layout import every_report
from reportgen.project.source_files import SourceFiles
from reportgen.project.yaml_editor import YamlEditor
from reportgen.project.yaml_nodes import Mapping, MappingEntry, Scalar, Sequence, YamlNode, walk
from reportgen.project.yaml_reader import read_yaml


@frozen
class FileChange:
    """A file of the project, by its path under the root, as it is and as it should be."""

    path: str
    old: str
    new: str


def authored(root: Path) -> tuple[str, ...]:
    """Return the paths of all files that authors keep: data, narrative, packs."""
    paths: list[str] = []
    for folder in ("data", "templates"):
        for suffix in ("yaml", "md"):
            for file in (root / folder).rglob(f"*.{suffix}"):
                path = file.relative_to(root).as_posix()
                if "/." not in path:
                    paths.append(path)
    return tuple(sorted(paths))


def reformat(files: SourceFiles, paths: Iterable[str], log: Diagnostics) -> tuple[FileChange, ...]:
    """Return what has to change in `paths`; a file with errors stays, the log gets them."""
    amounts = tuple(_amounts(files))
    changes: list[FileChange] = []
    for path in paths:
        problems = Diagnostics()
        new = _formatted_file(files, path, amounts, problems)
        old = files.data(path, Diagnostics())
        if problems.blocked:
            log.extend(problems)
        elif old is not None and old != new.encode():
            changes.append(FileChange(path, old.decode("utf-8", "replace"), new))
    return tuple(changes)


def _formatted_file(
    files: SourceFiles, path: str, amounts: Collection[SourceSpan], log: Diagnostics
) -> str:
    """Return the text of a file in its usual form."""
    text = files.text(path, log)
    if text is None:
        return ""
    if path.endswith(".md"):
        return tidy_prose(text)
    return formatted(path, text, amounts, log)


def _amounts(files: SourceFiles) -> Iterator[SourceSpan]:
    """Yield the place of every amount of every report that loads."""
    for fact in _facts(files):
        if isinstance(fact.value, Quantity):
            yield fact.span


def _facts(files: SourceFiles) -> Iterator[Fact]:
    """Yield the facts of every report that loads, and of its years before."""
    for report in every_report(files):
        loaded = load(files, report.unit, report.year, report.report, Diagnostics())
        if loaded is not None:
            for facts in (loaded.facts, *loaded.prior):
                yield from facts.facts.values()


def tidy_prose(text: str) -> str:
    """Return `text`, Markdown, without white space at the ends of lines and of the file."""
    lines = [line.rstrip() for line in text.split("\n")]
    return "\n".join(lines).strip("\n") + "\n"


def formatted(path: str, text: str, quantities: Collection[SourceSpan], log: Diagnostics) -> str:
    """Return `text`, the YAML file at `path`, in its usual form; as it is where it has errors.

    `quantities` are the places of amounts in any file.
    """
    root, findings = read_yaml(path, text)
    problems = Diagnostics(findings)
    log.extend(problems)
    if root is None or problems.blocked:
        return text
    model = SCHEMAS.get(kind_of(path))
    text = _with_usual_amounts(text, root, quantities)
    text = with_ordered_rows(text, _root(path, text), model)
    text = with_ordered_groups(text, _root(path, text), model)
    return _with_usual_lines(path, text)


def _root(path: str, text: str) -> YamlNode:
    """Return what `text` reads as, which is a file that could be read before it was changed."""
    root, _ = read_yaml(path, text)
    assert root is not None, "a step keeps the file readable"
    return root


def _with_usual_amounts(text: str, root: YamlNode, quantities: Collection[SourceSpan]) -> str:
    """Return `text` with the amounts at `quantities` as they print."""
    path = root.span.path
    starts = {(span.line, span.column) for span in quantities if span.path == path}
    editor = YamlEditor({path: text})
    for value in walk(root):
        if _is_typed(value) and (value.span.line, value.span.column) in starts:
            editor.replace(value.span, _usual_amount(value.text))
    return editor.edited(path)


def _is_typed(value: YamlNode) -> TypeGuard[Scalar]:
    """Return whether a value is written without quotes and not left blank."""
    return isinstance(value, Scalar) and value.plain and not value.blank


def _usual_amount(text: str) -> str:
    """Return an amount as it prints, where that reads as the very same amount."""
    try:
        quantity = parse_quantity(text)
        reads_the_same = parse_quantity(quantity.text) == quantity
    except QuantityError:
        return text
    return quantity.text if reads_the_same else text


def _with_usual_lines(path: str, text: str) -> str:
    """Return `text` below the comment that names its schema, no blank lines in a row in it."""
    head = modeline(path)
    lines: list[str] = []
    for line in text.split("\n"):
        follows_text = bool(lines and lines[-1])
        if not line.startswith(MODELINE) and (line.strip() or follows_text):
            lines.append(line.rstrip())
    if head:
        lines.insert(0, head)
    return "\n".join(lines).rstrip("\n") + "\n"


# The order of keys

LONGEST = 200
"""Columns of a terminal that a row on one line may take; a Chinese character takes two."""


def with_ordered_rows(text: str, root: YamlNode, annotation: object) -> str:
    """Return `text` with the keys of rows in braces in order, a long row on several lines.

    `root` is what `text` reads as, `annotation` what the schema says of it.
    """
    path = root.span.path
    lines = text.split("\n")
    editor = YamlEditor({path: text})
    for row, model in _rows_in_braces(root, annotation, editor):
        span = row.span
        line = lines[span.line - 1]
        before, after = line[: span.column - 1], line[span.end_column - 1 :]
        pairs = _ordered_pairs(row, model, line)
        if width(", ".join(pairs)) > LONGEST and before.endswith("- ") and "{" not in before:
            whole_line = SourceSpan(path, span.line, 1, span.line, len(line) + 1)
            editor.replace(whole_line, _on_several_lines(before, pairs, after))
        else:
            editor.replace(span, _in_braces(pairs))
    return editor.edited(path)


def with_ordered_groups(text: str, root: YamlNode, annotation: object) -> str:
    """Return `text` with the keys of groups of lines in order.

    The sections of a file stay where the author put them.
    """
    lines = text.split("\n")
    _order_groups(lines, root, annotation)
    return "\n".join(lines)


def _children(node: YamlNode, annotation: object) -> Iterator[tuple[YamlNode, object]]:
    """Yield the values directly in `node`, each with what the schema says of it."""
    if isinstance(node, Mapping):
        names = labels(annotation)
        for entry in node.entries:
            yield entry.value, inside(annotation, names.get(entry.key, entry.key))
    elif isinstance(node, Sequence):
        for item in node.items:
            yield item, inside(annotation, 0)


def _in_order(group: Mapping, annotation: object) -> list[MappingEntry]:
    """Return the entries of a group as the schema orders them, then the author's own."""
    model = bare(annotation)
    if not is_model(model):
        return list(group.entries)
    names = list(fields_of(model))
    name_of_label = labels(model)

    def rank(entry: MappingEntry) -> int:
        name = name_of_label.get(entry.key, entry.key)
        return names.index(name) if name in names else len(names)

    return sorted(group.entries, key=rank)


def _rows_in_braces(
    node: YamlNode, annotation: object, editor: YamlEditor
) -> Iterator[tuple[Mapping, object]]:
    """Yield the groups in braces on one line, but for those within another such group."""
    if _is_row(node) and editor.is_flow(node):
        yield node, annotation
        return
    for child, inner in _children(node, annotation):
        yield from _rows_in_braces(child, inner, editor)


def _is_row(node: YamlNode) -> TypeGuard[Mapping]:
    """Return whether `node` is a group with entries that stands on one line."""
    return isinstance(node, Mapping) and bool(node.entries) and node.span.line == node.span.end_line


def _ordered_pairs(row: Mapping, annotation: object, line: str) -> list[str]:
    """Return the keys of a row with their values, in order, as they are written in `line`."""
    names = labels(annotation)
    pairs: list[str] = []
    for entry in _in_order(row, annotation):
        value = entry.value
        model = inside(annotation, names.get(entry.key, entry.key))
        key = line[entry.span.column - 1 : value.span.column - 1]
        pairs.append((key + _value_text(value, model, line)).rstrip())
    return pairs


def _value_text(value: YamlNode, annotation: object, line: str) -> str:
    """Return a value as it is written in `line`, with the rows in it in order."""
    if isinstance(value, Mapping) and value.entries:
        return _in_braces(_ordered_pairs(value, annotation, line))
    text = ""
    end_of_last = value.span.column - 1
    for child, model in _children(value, annotation):
        text += line[end_of_last : child.span.column - 1] + _value_text(child, model, line)
        end_of_last = child.span.end_column - 1
    return text + line[end_of_last : value.span.end_column - 1]


def _in_braces(pairs: list[str]) -> str:
    """Return a row on one line; a blank value at the end of a pair keeps its space."""
    spaced = [f"{pair} " if pair.endswith(":") else pair for pair in pairs]
    return "{" + ", ".join(spaced) + "}"


def _on_several_lines(before: str, pairs: list[str], after: str) -> str:
    """Return a row as lines of one fact each; the comment after the row stands above it."""
    margin = " " * len(before)
    lines = [f"{margin}{pair}" for pair in pairs]
    lines[0] = before + pairs[0]
    if after.strip():
        lines.insert(0, margin[:-2] + after.strip())
    return "\n".join(lines)


def _order_groups(lines: list[str], node: YamlNode, annotation: object) -> None:
    """Put the groups in `node` in order, the inner ones first; no group changes its length."""
    for child, inner in _children(node, annotation):
        _order_groups(lines, child, inner)
        if isinstance(child, Mapping) and _has_own_lines(lines, child):
            ordered = _in_order(child, inner)
            if ordered != list(child.entries):
                _reorder(lines, child, ordered)


def _has_own_lines(lines: list[str], group: Mapping) -> bool:
    """Return whether each key of a group stands on a line of its own, and not in braces."""
    if lines[group.span.line - 1][group.span.column - 1 :].startswith("{"):
        return False
    starts = {entry.span.line for entry in group.entries}
    return len(starts) == len(group.entries)


def _reorder(lines: list[str], group: Mapping, ordered: list[MappingEntry]) -> None:
    """Put the entries of a group in the order given, each with the comments above it."""
    first = group.entries[0].span
    before_first = lines[first.line - 1][: first.column - 1]
    dash = before_first if before_first.strip() else ""
    if dash:
        lines[first.line - 1] = " " * len(dash) + lines[first.line - 1][len(dash) :]
    starts = _first_lines(lines, group.entries, in_list=bool(dash))
    ends = [*starts[1:], _end_of_group(lines, group.entries[-1].span)]
    blocks: dict[str, list[str]] = {}
    for entry, start, end in zip(group.entries, starts, ends, strict=True):
        blocks[entry.key] = lines[start:end]
    moved: list[str] = []
    for entry in ordered:
        moved += blocks[entry.key]
    if dash:
        _write_dash(moved, dash)
    lines[starts[0] : ends[-1]] = moved


def _first_lines(
    lines: list[str], entries: tuple[MappingEntry, ...], *, in_list: bool
) -> list[int]:
    """Return the index of the first line of each entry: of its key, or of the comments above.

    What stands above the dash of a row is about the row, and stays.
    """
    starts = [entries[0].span.line - 1]
    if not in_list:
        starts = [_first_line(lines, entries[0], 0, after_blank=False)]
    for entry in entries[1:]:
        starts.append(_first_line(lines, entry, starts[-1] + 1, after_blank=True))
    return starts


def _first_line(lines: list[str], entry: MappingEntry, lowest: int, *, after_blank: bool) -> int:
    """Return the index, from `lowest`, of the line where the comments above a key begin.

    Blank lines go with the key only if `after_blank`: above the first key of a group they do not.
    """
    start = entry.span.line - 1
    while start > lowest and _goes_with(entry, lines[start - 1], after_blank=after_blank):
        start -= 1
    return start


def _goes_with(entry: MappingEntry, line: str, *, after_blank: bool) -> bool:
    """Return whether `line` is a comment with the margin of a key, or a blank line that may be."""
    if not line.strip():
        return after_blank
    return line.lstrip().startswith("#") and _margin(line) == entry.span.column - 1


def _end_of_group(lines: list[str], last_key: SourceSpan) -> int:
    """Return the index of the line after the last one of a group, blank lines not counted."""
    end = last_key.line
    for index in range(last_key.line, len(lines)):
        line = lines[index]
        if not line.strip():
            continue
        if _margin(line) < last_key.column:
            break
        end = index + 1
    return end


def _write_dash(lines: list[str], dash: str) -> None:
    """Write the dash of a row before its first key; comments above that stand as far left."""
    index = 0
    while lines[index].lstrip()[:1] in {"", "#"}:
        lines[index] = lines[index].replace("  ", "", 1)
        index += 1
    lines[index] = dash + lines[index][len(dash) :]


def _margin(line: str) -> int:
    """Return how many spaces stand before the first word of `line`."""
    return len(line) - len(line.lstrip())
