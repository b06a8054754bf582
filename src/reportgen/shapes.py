"""What a pack takes for a table or a list: the columns its loops, filters and sums read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jinja2 import nodes

from reportgen.formula.syntax import Call, Name, Node, Select, every_name, parts


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns that one text reads, each table.column, and the names it takes for lists."""

    columns: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()


def merged(shapes: Iterable[Shape]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the columns and the lists of all `shapes`."""
    every = tuple(shapes)
    columns = frozenset(name for shape in every for name in shape.columns)
    return columns, frozenset(name for shape in every for name in shape.lists)


def shape_of_template(tree: nodes.Template) -> Shape:
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
    return Shape(frozenset(columns), frozenset(lists))


def _attributes(node: nodes.Node) -> Iterator[nodes.Getattr]:
    if isinstance(node, nodes.Getattr):
        yield node
    yield from node.find_all(nodes.Getattr)


def _base(node: nodes.Node | None) -> str:
    """Return the one name that `node` filters, `` for anything else."""
    while isinstance(node, nodes.Filter):
        node = node.node
    return node.name if isinstance(node, nodes.Name) else ""


def shape_of_formula(tree: Node) -> Shape:
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
    return Shape(frozenset(columns), frozenset(lists))


def _every(node: Node) -> Iterator[Node]:
    yield node
    for part in parts(node):
        yield from _every(part)
