"""Reads which tables a template goes over, which columns it reads of them, and what stands there.

A loop, a macro or a filter gives rows other names (`{% for name, members in funds | groups(…) %}`);
they are followed back to the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from jinja2 import nodes

_NUMBERS = frozenset({"number", "places", "size", "thousands", "trend", "in_unit"})
_NUMBER_TESTS = frozenset({"zero", "positive", "negative"})
_BY_COLUMN = frozenset({"groups", "ordered", "sum"})
"""The filters that are told a column by its name."""


@dataclass(slots=True)
class TemplateRows:
    """What was read of templates: tables and lists, `table.column`s, and kinds of values.

    `texts` are those that a column, or a fact, is compared with.
    """

    lists: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    kinds: dict[str, str] = field(default_factory=dict)
    texts: dict[str, dict[str, None]] = field(default_factory=dict)


def rows_in_template(tree: nodes.Template, each: str = "") -> TemplateRows:
    """Return what `tree` reads of tables and their rows; its `row` is one of the table `each`."""
    reader = _RowReader(tree)
    if each:
        reader.row_of["row"] = each
    for _ in range(3):  # a macro may be called, with rows, below where it is defined
        reader.read(tree)
    return reader.found


class _RowReader:
    """Reads a template: `row_of` are the names of single rows by table, `rows_of` of several."""

    def __init__(self, tree: nodes.Template) -> None:
        self.found = TemplateRows()
        self.row_of: dict[str, str] = {}
        self.rows_of: dict[str, str] = {}
        self.local = _names_set(tree)
        self.macros = {macro.name: macro for macro in tree.find_all(nodes.Macro)}

    def read(self, node: nodes.Node) -> None:
        """Read `node` and all that stands in it, in order."""
        match node:
            case nodes.For():
                self._read_loop(node)
            case nodes.Assign(target=nodes.Name(name=name)):
                self._name_rows(name, node.node)
            case nodes.Call(node=nodes.Name(name=name)) if name in self.macros:
                self._read_call(self.macros[name], node.args)
            case nodes.Filter():
                self._read_filter(node)
            case _:
                self._read_value(node)
        for child in node.iter_child_nodes():
            self.read(child)

    def _read_value(self, node: nodes.Node) -> None:
        """Note what a value is taken for, and the column of a row."""
        match node:
            case nodes.Test(name=name) if name in _NUMBER_TESTS:
                self._note(node.node, "number")
            case nodes.Compare(ops=[nodes.Operand(op="eq" | "ne", expr=nodes.Const(value=text))]):
                self._note_text(self.key(node.expr), text)
            case nodes.Include():
                self._note(node.template, "path")
            case nodes.Getitem(arg=nodes.Getattr() as row):
                self._note(row, f"row of {self.table(node.node)}")
            case nodes.Getattr():
                self._read_column(node)
            case _:
                pass

    def table(self, node: nodes.Node | None) -> str:
        """Return the table whose rows `node` stands for, empty for anything else."""
        while isinstance(node, nodes.Filter):
            node = node.node
        if isinstance(node, nodes.Name) and node.name in self.rows_of:
            return self.rows_of[node.name]
        return self.key(node)

    def key(self, node: nodes.Node | None) -> str:
        """Return the key of the fact, or of the column of a table, that `node` stands for."""
        parts: list[str] = []
        while isinstance(node, nodes.Filter | nodes.Getattr):
            if isinstance(node, nodes.Getattr):
                parts.append(node.attr)
            node = node.node
        if not isinstance(node, nodes.Name):
            return ""
        root = self.row_of.get(node.name, "" if node.name in self.local else node.name)
        return ".".join([root, *reversed(parts)]) if root else ""

    def _read_loop(self, loop: nodes.For) -> None:
        table = self.table(loop.iter)
        if not table:
            return
        self.found.lists.add(table)
        match loop.target:
            case nodes.Name(name=name):
                self.row_of[name] = table
            case nodes.Tuple(items=[nodes.Name(name=first), nodes.Name(name=second)]):
                self.rows_of[second] = table
                if "halves" in _filter_names(loop.iter):
                    self.row_of[first] = self.row_of[second] = table

    def _name_rows(self, name: str, node: nodes.Node) -> None:
        """Note a name for what a filter chose of a table."""
        if _filter_names(node) & {"where", "ordered"} and self.table(node):
            self.rows_of[name] = self.table(node)

    def _read_call(self, macro: nodes.Macro, arguments: Iterable[nodes.Node]) -> None:
        """Note the names that a macro has for the rows, or the row, that it is called with."""
        for parameter, argument in zip(macro.args, arguments, strict=False):
            if isinstance(argument, nodes.Name) and argument.name in self.row_of:
                self.row_of[parameter.name] = self.row_of[argument.name]
            elif self.table(argument):
                self.rows_of[parameter.name] = self.table(argument)

    def _read_filter(self, node: nodes.Filter) -> None:
        table = self.table(node.node)
        if node.name in _NUMBERS:
            self._note(node.node, "number")
        elif node.name == "day":
            self._note(node.node, "date")
        elif node.name == "join" and table:
            self.found.lists.add(table)
        elif table:
            self._read_choice(node, table)

    def _read_choice(self, node: nodes.Filter, table: str) -> None:
        """Note the columns by which rows are chosen, grouped, ordered or added up."""
        match node:
            case nodes.Filter(args=[nodes.Const(value=str(column)), *_]) if node.name in _BY_COLUMN:
                self.found.columns.add(f"{table}.{column}")
                if node.name != "groups":
                    self.found.kinds[f"{table}.{column}"] = "number"
            case nodes.Filter(name="where"):
                for pair in node.kwargs:
                    self._read_condition(f"{table}.{pair.key}", pair.value)
            case _:
                pass

    def _read_condition(self, column: str, value: nodes.Node) -> None:
        """Note a column by which rows are chosen: for a text, or for the id of another row."""
        self.found.columns.add(column)
        match value:
            case nodes.Const(value=text):
                self._note_text(column, text)
            case nodes.Getattr(node=nodes.Name(name=name), attr="id") if name in self.row_of:
                self.found.kinds[column] = f"row of {self.row_of[name]}"
            case _:
                pass

    def _read_column(self, node: nodes.Getattr) -> None:
        if isinstance(node.node, nodes.Name) and node.node.name in self.row_of:
            self.found.columns.add(f"{self.row_of[node.node.name]}.{node.attr}")

    def _note(self, node: nodes.Node | None, kind: str) -> None:
        if self.key(node):
            self.found.kinds[self.key(node)] = kind

    def _note_text(self, key: str, text: object) -> None:
        if key and isinstance(text, str):
            self.found.texts.setdefault(key, {})[text] = None


def _names_set(tree: nodes.Template) -> set[str]:
    """Return the names that a template sets itself."""
    names = (node.name for node in tree.find_all(nodes.Name) if node.ctx != "load")
    return {"form", "loop", *names}


def _filter_names(node: nodes.Node | None) -> set[str]:
    return set(_filters(node))


def _filters(node: nodes.Node | None) -> Iterator[str]:
    while isinstance(node, nodes.Filter):
        yield node.name
        node = node.node
