"""The usual form of an author's file: what `reportgen fmt` writes.

Keys of a prescribed group stand in the order of the schema, each with the comments above it; a
row stands on one line while it is short enough to be read, else one fact a line; amounts have
half-width digits and no space before their unit. Nothing else moves, no value changes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from reportgen.findings import Diagnostics, Finding, blocks
from reportgen.findings.excerpt import width
from reportgen.load.inputs import load
from reportgen.load.jsonschema import MODELINE, SCHEMAS, kind_of, modeline
from reportgen.load.shape import bare, inside, is_model, labels
from reportgen.model.quantity import Quantity, QuantityError, parse_quantity
from reportgen.model.source import SourceSpan
from reportgen.project.layout import reports, units, years
from reportgen.project.source_files import SourceFiles
from reportgen.project.splice import put
from reportgen.project.yaml_nodes import Mapping, Scalar, Sequence, YamlNode
from reportgen.project.yaml_reader import read_yaml

LONGEST = 200
"""Columns of a terminal that a row on one line may take; a Chinese character takes two."""


def formatted(
    path: str, text: str, quantities: Collection[SourceSpan] = ()
) -> tuple[str, tuple[Finding, ...]]:
    """Return `text`, the YAML file at `path`, in its usual form; as it is where it has errors.

    `quantities` are the places of amounts in any file.
    """
    node, findings = read_yaml(path, text)
    if node is None or blocks(findings):
        return text, findings
    model = SCHEMAS.get(kind_of(path))
    amounts = {(span.line, span.column) for span in quantities if span.path == path}
    for step in (partial(_with_quantities, amounts), partial(_with_rows, model), _sorted_by(model)):
        node, _ = read_yaml(path, text)
        assert node is not None, "a step keeps the file readable"
        text = step(text, node)
    lines = _clean(text.split("\n"))
    head = modeline(path)
    return "\n".join((*([head] if head else ()), *lines)) + "\n", findings


def tidy_prose(text: str) -> str:
    """Return `text`, Markdown, without white space at the ends of lines and of the file."""
    lines = [line.rstrip() for line in text.split("\n")]
    return "\n".join(lines).strip("\n") + "\n"


def _clean(lines: list[str]) -> Iterator[str]:
    """Yield `lines` without an old modeline, white space at their ends, blank ones in a row."""
    body = [line.rstrip() for line in lines if not line.startswith(MODELINE)]
    text = "\n".join(body).strip("\n").split("\n")
    for number, line in enumerate(text):
        if line or text[number - 1]:
            yield line


def _scalars(node: YamlNode) -> Iterator[Scalar]:
    match node:
        case Mapping(entries):
            for entry in entries:
                yield from _scalars(entry.value)
        case Sequence(items):
            for item in items:
                yield from _scalars(item)
        case Scalar():
            yield node


def _with_quantities(places: set[tuple[int, int]], text: str, node: YamlNode) -> str:
    """Return `text` with the amounts at `places` (line, column) in their usual form."""
    lines = text.split("\n")
    for scalar in reversed(tuple(_scalars(node))):
        span = scalar.span
        usual = _usual(scalar.text) if scalar.plain and not scalar.blank else scalar.text
        if usual != scalar.text and (span.line, span.column) in places:
            put(lines, span, usual)
    return "\n".join(lines)


def _usual(text: str) -> str:
    """Return an amount as it prints, where that reads as the very same amount."""
    try:
        quantity = parse_quantity(text)
        same = parse_quantity(quantity.text) == quantity
    except QuantityError:
        return text
    return quantity.text if same else text


def _with_rows(annotation: object, text: str, node: YamlNode) -> str:
    """Return `text` with the keys of rows in braces in order, a long row on several lines."""
    lines = text.split("\n")
    for row, inner in reversed(tuple(_rows(node, annotation))):
        span = row.span
        line = lines[span.line - 1]
        if line[span.column - 1] != "{" or span.end_line != span.line:
            continue
        keys = tuple(entry.key for entry in row.entries)
        ends = [entry.span.column - 1 for entry in row.entries[1:]] + [span.end_column - 2]
        pieces = {
            entry.key: line[entry.span.column - 1 : end].rstrip().removesuffix(",").rstrip()
            for entry, end in zip(row.entries, ends, strict=True)
        }
        ordered = [pieces[key] for key in _sorted(keys, inner)]
        head, tail = line[: span.column - 1], line[span.end_column - 1 :]
        short = width(", ".join(ordered)) <= LONGEST or not head.endswith("- ") or "{" in head
        lines[span.line - 1 : span.line] = (
            [head + "{" + _joined(ordered) + "}" + tail] if short else _spread(head, ordered, tail)
        )
    return "\n".join(lines)


def _joined(pieces: list[str]) -> str:
    """Return `pieces` with commas between; a blank at the end keeps its space."""
    return ", ".join(piece + " " * piece.endswith(":") for piece in pieces)


def _spread(head: str, pieces: list[str], tail: str) -> list[str]:
    """Return a row as lines of one fact each; what followed the row stands above it."""
    indent = " " * len(head)
    above = [" " * (len(head) - 2) + tail.strip()] if tail.strip() else []
    return [*above, head + pieces[0], *(indent + piece for piece in pieces[1:])]


def _rows(node: YamlNode, annotation: object) -> Iterator[tuple[Mapping, object]]:
    """Yield every group of `node` with what the schema says of it, the outer before the inner."""
    if isinstance(node, Mapping):
        if node.entries:
            yield node, annotation
        known = labels(bare(annotation))
        for entry in node.entries:
            yield from _rows(entry.value, inside(annotation, known.get(entry.key, entry.key)))
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _rows(item, inside(annotation, 0))


def _sorted(keys: tuple[str, ...], annotation: object) -> list[str]:
    """Return `keys` in the order of the schema; those of the author's own as they stand."""
    model = bare(annotation)
    if not is_model(model):
        return list(keys)
    names, known = list(model.model_fields), labels(model)
    place = {key: names.index(known.get(key, key)) for key in keys if known.get(key, key) in names}
    return sorted(keys, key=lambda key: place.get(key, len(names)))


def _sorted_by(annotation: object) -> Callable[[str, YamlNode], str]:
    """Return the step that puts the groups of a file in order, the inner ones first.

    The sections of a file stay where the author put them.
    """

    def step(text: str, node: YamlNode) -> str:
        lines = text.split("\n")
        for group, inner in reversed(tuple(_rows(node, annotation))[1:]):
            keys = [entry.key for entry in group.entries]
            order = _sorted(tuple(keys), inner)
            starts = {entry.span.line for entry in group.entries}
            if order != keys and len(starts) == len(keys) and not _braces(lines, group):
                lines = _moved(lines, group, [keys.index(key) for key in order])
        return "\n".join(lines)

    return step


def _braces(lines: list[str], node: Mapping) -> bool:
    span = node.span
    return lines[span.line - 1][span.column - 1 : span.column] == "{"


def _moved(lines: list[str], node: Mapping, order: list[int]) -> list[str]:
    """Return `lines` with the entries of `node` in `order`, each with the comments above it."""
    first = node.entries[0].span
    dash = lines[first.line - 1][: first.column - 1]
    indent = " " * len(dash)
    starts: list[int] = []
    for entry in node.entries:
        start = entry.span.line - 1
        least = starts[-1] + 1 if starts else 0 if not dash.strip() else start
        while start > least and _is_remark(lines[start - 1], entry.span.column, first=not starts):
            start -= 1
        starts.append(start)
    end = _end(lines, node)
    pieces = [lines[a:b] for a, b in zip(starts, [*starts[1:], end], strict=True)]
    pieces[0] = [indent + pieces[0][0][len(dash) :], *pieces[0][1:]]
    moved = [line for index in order for line in pieces[index]]
    above = 0
    while dash.strip() and moved[above].lstrip()[:1] in {"", "#"}:
        moved[above] = moved[above].replace("  ", "", 1)
        above += 1
    moved[above] = dash + moved[above][len(dash) :]
    return [*lines[: starts[0]], *moved, *lines[end:]]


def _is_remark(line: str, column: int, *, first: bool) -> bool:
    """Return whether `line` is a comment that belongs to a key at `column`, or blank before it.

    What stands above the first key and a blank line is about the group.
    """
    remark = line.strip()
    if not remark:
        return not first
    return remark[0] == "#" and len(line) - len(line.lstrip()) == column - 1


def _end(lines: list[str], node: Mapping) -> int:
    """Return the number of the line after the last one of `node`, blank lines not counted."""
    last = node.entries[-1].span
    end = last.line
    while end < len(lines) and (
        not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip()) >= last.column
    ):
        end += 1
    while end > last.line and not lines[end - 1].strip():
        end -= 1
    return end


@dataclass(frozen=True, slots=True)
class FormattedFile:
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


def reformat(
    files: SourceFiles, paths: Iterable[str]
) -> tuple[tuple[FormattedFile, ...], tuple[Finding, ...]]:
    """Return what has to change in `paths`; a file with errors stays, its findings are told."""
    amounts = tuple(_amounts(files))
    changes: list[FormattedFile] = []
    findings: list[Finding] = []
    for path in paths:
        problems = Diagnostics()
        text = files.text(path, problems)
        if text is None:
            findings.extend(problems)
            continue
        if path.endswith(".md"):
            new = tidy_prose(text)
        else:
            new, found = formatted(path, text, amounts)
            if blocks(found):
                findings.extend(found)
                continue
        raw = files.data(path, Diagnostics())
        if raw is not None and raw != new.encode():
            changes.append(FormattedFile(path, raw.decode("utf-8", "replace"), new))
    return tuple(changes), tuple(findings)


def _amounts(files: SourceFiles) -> Iterator[SourceSpan]:
    """Yield the place of every amount of every report; of those that load."""
    for unit in units(files):
        for year in years(files, unit):
            for report in reports(files, unit, year):
                loaded = load(files, unit, year, report, Diagnostics())
                for facts in (loaded.facts, *loaded.prior) if loaded else ():
                    for fact in facts.facts.values():
                        if isinstance(fact.value, Quantity):
                            yield fact.span
