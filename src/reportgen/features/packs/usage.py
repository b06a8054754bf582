"""Finds names that a pack uses and that are nearly, but not quite, those of derived figures."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from jinja2 import nodes

from reportgen.findings import Diagnostics, Finding, finding
from reportgen.formula.syntax import Call, Name, Node, Select, every_name, parts
from reportgen.load.schema import Year
from reportgen.model.pack import Pack
from reportgen.model.source import SourceSpan
from reportgen.project.source_files import SourceFiles

_TYPED = {*Year.model_fields, "ratings", "prior", "row", "unit", "report"}
"""The sections whose keys a schema knows; of theirs an unknown one is found with the facts."""


def misspelt(
    files: SourceFiles,
    pack: Pack,
    templates: Mapping[str, Iterable[str]],
    formulas: Mapping[str, Iterable[str]],
) -> Iterator[Finding]:
    """Yield P307 for a name beside derived figures that none of them has, but one nearly has.

    Its place is its first line in the template, or the formula.
    """
    metrics = pack.rules.metrics
    keys = {f"{m.key}.{each}" if each else m.key for m in metrics for each in m.each or ("",)}
    groups = {key[:end] for key in keys for end in range(len(key) + 1) if key[end : end + 1] == "."}
    known = {*keys, *groups, *(wanted.text for wanted in pack.requires)}
    spans = {f"metric {metric.key}": metric.formula.span for metric in metrics}
    spans |= {f"relation {each.key}": each.claim.span for each in pack.rules.relations}
    for where, names in (*templates.items(), *formulas.items()):
        for name in sorted({*names} - known):
            beside = [k for k in keys if k.rpartition(".")[0] == name.rpartition(".")[0] != ""]
            if name.partition(".")[0] in _TYPED or not beside:
                continue
            if near := difflib.get_close_matches(name, beside, 1, 0.8):
                span = spans.get(where) or _line(files, where, name)
                yield finding("P307", span, subject=name, key=name, near=near[0])


def _line(files: SourceFiles, path: str, name: str) -> SourceSpan:
    text = files.text(path, Diagnostics()) if "/" in path else None
    lines = (text or "").split("\n")
    return next(
        (SourceSpan(path, n) for n, line in enumerate(lines, 1) if name in line), SourceSpan(path)
    )


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """The columns that one text reads, each table.column, and the names it takes for lists."""

    columns: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()


def merged(shapes: Iterable[ColumnUse]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the columns and the lists of all `shapes`."""
    every = tuple(shapes)
    columns = frozenset(name for shape in every for name in shape.columns)
    return columns, frozenset(name for shape in every for name in shape.lists)


def shape_of_template(tree: nodes.Template) -> ColumnUse:
    """Return what the loops of a template and its `join` read."""
    columns: set[str] = set()
    lists: set[str] = set()
    for loop in tree.find_all(nodes.For):
        table = _base(loop.iter)
        if table and isinstance(loop.target, nodes.Name):
            lists.add(table)
            used = (node for inner in loop.body for node in _attributes(inner))
            columns |= {f"{table}.{a.attr}" for a in used if _base(a.node) == loop.target.name}
    for each in tree.find_all(nodes.Filter):
        if each.name == "join" and each.node is not None and (table := _base(each.node)):
            lists.add(table)
    return ColumnUse(frozenset(columns), frozenset(lists))


def _attributes(node: nodes.Node) -> Iterator[nodes.Getattr]:
    if isinstance(node, nodes.Getattr):
        yield node
    yield from node.find_all(nodes.Getattr)


def _base(node: nodes.Node | None) -> str:
    """Return the one name that `node` filters, `` for anything else."""
    while isinstance(node, nodes.Filter):
        node = node.node
    return node.name if isinstance(node, nodes.Name) else ""


def shape_of_formula(tree: Node) -> ColumnUse:
    """Return what a formula filters, counts and sums."""
    columns: set[str] = set()
    lists: set[str] = set()
    for node in _every(tree):
        match node:
            case Select(table=table, condition=condition, field=field):
                lists.add(table.key)
                read = [field, *(name.key for name in every_name(condition))]
                columns |= {f"{table.key}.{each}" for each in read if each and "." not in each}
            case Call(function="sum" | "count", arguments=(Name(key=key),)):
                table_key, _, column = key.partition(".")
                lists.add(table_key)
                columns |= {key} if column else set()
            case _:
                pass
    return ColumnUse(frozenset(columns), frozenset(lists))


def _every(node: Node) -> Iterator[Node]:
    yield node
    for part in parts(node):
        yield from _every(part)
