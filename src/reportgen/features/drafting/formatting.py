"""The usual form of an author's file: what `reportgen fmt` writes.

Keys of a prescribed group stand in the order of the schema, each with the comments above it; a
row stands on one line while it is short enough to be read, else one fact a line; amounts have
half-width digits and no space before their unit. Nothing else moves, no value changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from reportgen.features.drafting.key_order import with_ordered_groups, with_ordered_rows
from reportgen.findings import Diagnostics
from reportgen.load.inputs import load
from reportgen.load.jsonschema import MODELINE, SCHEMAS, kind_of, modeline
from reportgen.model.figures import Fact
from reportgen.model.quantity import Quantity, QuantityError, parse_quantity
from reportgen.model.source import SourceSpan
from reportgen.project.selection import every_report
from reportgen.project.source_files import SourceFiles
from reportgen.project.yaml_editor import YamlEditor
from reportgen.project.yaml_nodes import Scalar, YamlNode, walk
from reportgen.project.yaml_reader import read_yaml


@dataclass(frozen=True, slots=True)
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
