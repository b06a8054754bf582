"""Writes adopted facts into the YAML files of a unit: what stands there already is never changed.

Each line that is written or filled in says 待确认 and where in the document its value stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reportgen.features.adopt.adoption import AdoptedResult
from reportgen.features.adopt.fact_lines import (
    UNSTATED,
    NewLeaf,
    Tree,
    comment_of,
    completed,
    in_braces,
    is_amount,
    new_lines,
    whole_row,
)
from reportgen.features.adopt.facts import KeyedValue
from reportgen.features.adopt.schema_keys import PRIOR, annotation_at, is_list, is_table, schema_of
from reportgen.findings import Diagnostics
from reportgen.findings.renderers import place_text
from reportgen.load.groups import GroupField, bare, fields_of, is_model
from reportgen.load.jsonschema import modeline
from reportgen.load.needs import SECTIONS_OF_FILES
from reportgen.load.reading import with_names
from reportgen.load.schema import ReportFile, ReportingUnit, Year
from reportgen.load.unconfirmed import CONFIRM, FILL, PLACEHOLDER
from reportgen.model.frozen import frozen
from reportgen.project.layout import ReportId, reports
from reportgen.project.source_files import SourceFiles
from reportgen.project.yaml_editor import YamlEditor, yaml_text
from reportgen.project.yaml_nodes import Mapping as YamlMapping
from reportgen.project.yaml_nodes import Scalar, Sequence, YamlNode
from reportgen.project.yaml_reader import read_yaml

OWN_FILE, REPORT_FILE, UNIT_FILE = "outcomes.yaml", "report.yaml", "unit.yaml"


@frozen
class Address:
    """Where a fact stands: the folder and file that are meant for it, its keys there from the top.

    `model` is what the files of the folder are together.
    """

    folder: str
    file: str
    parts: tuple[str, ...]
    model: type

    @property
    def section(self) -> tuple[str, ...]:
        """Return the keys of what stands in one file as a whole: a section, a fact, a table."""
        own = self.parts[0] in {"facts", "tables"}
        return self.parts[: 2 if own else 1]


@dataclass(slots=True)
class FactFiles:
    """The YAML files of a unit that facts of a report may stand in, and what they are to get.

    `required` are the keys that the pack asks for, `*` standing for any row.
    """

    files: SourceFiles
    report: ReportId
    required: frozenset[str] = frozenset()
    texts: dict[str, str] = field(default_factory=dict)
    trees: dict[str, Tree] = field(default_factory=dict)
    models: dict[str, type] = field(default_factory=dict)
    roots: dict[str, YamlMapping] = field(default_factory=dict)

    @property
    def year_folder(self) -> str:
        """Return the folder of the year."""
        return f"data/{self.report.unit}/{self.report.year}"

    def address(self, key: str) -> Address | None:
        """Return where a fact stands, None for a key that no file can hold."""
        model, parts = schema_of(key)
        unit, folder = f"data/{self.report.unit}", f"data/{self.report}"
        if model is ReportingUnit:
            return Address(unit, UNIT_FILE, tuple(parts), ReportingUnit)
        if model is ReportFile:
            name = "ratings.yaml" if parts[0] == "ratings" else REPORT_FILE
            return Address(folder, name, tuple(parts), ReportFile)
        return self._of_year(key, parts)

    def _of_year(self, key: str, parts: list[str]) -> Address | None:
        """Return where a fact of a year stands."""
        year = int(self.report.year) - key.startswith(PRIOR)
        home, of_home = f"data/{self.report.unit}/{year}", Year
        if self._is_shared and not key.startswith(PRIOR) and _may_be_own(parts):
            home, of_home = f"data/{self.report}", ReportFile  # type: ignore[assignment]
        if parts[0] in fields_of(Year):
            return Address(home, _file_of(parts[0]), tuple(parts), of_home)
        own = _own_parts(parts)
        return Address(home, OWN_FILE, own, of_home) if own else None

    @property
    def _is_shared(self) -> bool:
        """Return whether the year has another report, with whose facts these must not mix."""
        others = {*reports(self.files, self.report.unit, self.report.year)}
        return bool(others - {self.report.report})

    def put(self, value: KeyedValue, home: Address) -> AdoptedResult:
        """Take a value into the files, unless a value stands there already."""
        path = self.path_of(home)
        node = _at(self._root(path, home.model), home.parts)
        if isinstance(node, Scalar) and not node.blank:
            return "same"
        tree = self._tree(path, home)
        place = place_text(value.span, "zh") or f"第{value.span.line}段"
        tree[home.parts[-1]] = NewLeaf(value.yaml, f"   # {CONFIRM} {value.span.path} {place}")
        return "added"

    def leave_blank(self, key: str, *, is_list: bool = False) -> None:
        """Leave a blank for a fact that stands nowhere."""
        home = self.address(key)
        if home is not None and _may_be_blank(home):
            blank = "[]" if is_list or is_table(home.model, home.parts) else _blank_text(home)
            self._leave(key, home, blank)

    def leave_blank_row(self, table: str, row: str, cells: Mapping[str, str]) -> None:
        """Leave a row of a table that stands nowhere, its cells blank or as a pack has them."""
        for column, text in cells.items():
            home = self.address(f"{table}.{row}.{column}")
            if home is not None:
                key = f"{table}.{row}.{column}"
                self._leave(key, home, yaml_text(text) if text else "")

    def _leave(self, key: str, home: Address, blank: str) -> None:
        """Leave a blank: to fill in where it is required, else to be confirmed as nothing."""
        path = self.path_of(home)
        if _at(self._root(path, home.model), home.parts) is None:
            is_to_fill = blank == PLACEHOLDER or self._is_required(key)
            leaf = NewLeaf(blank, f"   # {FILL if is_to_fill else UNSTATED}")
            self._tree(path, home).setdefault(home.parts[-1], leaf)

    def _is_required(self, key: str) -> bool:
        table, _, cell = key.partition(".")
        return not self.required.isdisjoint({key, f"{table}.*.{cell.partition('.')[2]}"})

    def _tree(self, path: str, home: Address) -> Tree:
        """Return the group of new values of a file that a fact stands in."""
        tree = self.trees.setdefault(path, {})
        self.models[path] = home.model
        for part in home.parts[:-1]:
            tree = tree.setdefault(part, {})
        return tree

    def complete_rows(self, columns: Mapping[str, Iterable[str]]) -> None:
        """Give new rows of tables of the pack's own all `columns`, blank where nothing is said."""
        for path, tree in self.trees.items():
            for table, rows in tree.get("tables", {}).items():
                there = _at(self.roots.get(path), ("tables", table))
                for row, cells in rows.items():
                    if _at(there, (row,)) is None:
                        _complete_row(cells, columns.get(table, ()))

    def path_of(self, home: Address) -> str:
        """Return the file that has the section of a fact already, else the one meant for it."""
        for path in self.files.names(home.folder, ".yaml"):
            if _at(self._root(path, home.model), home.section) is not None:
                return path
        return f"{home.folder}/{home.file}"

    def _root(self, path: str, model: type) -> YamlMapping | None:
        if path not in self.texts:
            self.texts[path] = self.files.text(path, Diagnostics()) or ""
            node, _ = read_yaml(path, self.texts[path])
            named = with_names(node, model, Diagnostics()) if node is not None else None
            if isinstance(named, YamlMapping):
                self.roots[path] = named
        return self.roots.get(path)

    def edited(self) -> dict[str, str]:
        """Return the files that change, with their new text."""
        after: dict[str, str] = {}
        for path, tree in self.trees.items():
            root = self.roots.get(path)
            if root is None:
                after[path] = self._new_file(path, tree)
                continue
            merging = _Merging(YamlEditor(self.texts), path, self.models[path])
            merging.merge(root, tree, ())
            after[path] = merging.result()
        return after

    def _new_file(self, path: str, tree: Tree) -> str:
        lines = [*new_lines(_in_order(tree, self.models[path]), (), self.models[path], "")]
        old = self.texts.get(path, "")
        return "\n".join([*(old.rstrip("\n").split("\n") if old else [modeline(path)]), *lines, ""])


def _in_order(tree: Tree, model: type) -> Tree:
    """Return the sections of a new file in the order of its model."""
    order = list(fields_of(model))
    return dict(sorted(tree.items(), key=lambda item: order.index(item[0])))


def _complete_row(cells: Tree, columns: Iterable[str]) -> None:
    for column in columns:
        cells.setdefault(column, NewLeaf("", ""))


def _may_be_blank(home: Address) -> bool:
    """Return whether a blank can stand at an address: of a fact, a list or a table, of no group."""
    annotation = annotation_at(home.model, home.parts)
    own = home.parts[0] in {"facts", "tables"}
    return own or (annotation is not None and not is_model(bare(annotation)))


def _blank_text(home: Address) -> str:
    """Return what stands for a fact to fill in: nothing, or a word where there must be one."""
    if is_list(home.model, home.parts) and home.parts[0] != "facts":
        return "[]"
    stated = _field_at(home)
    return PLACEHOLDER if stated is not None and stated.required and not is_amount(stated) else ""


def _field_at(home: Address) -> GroupField | None:
    """Return the field of the schema at an address, None for a fact of the pack's own."""
    model = annotation_at(home.model, home.parts[:-1]) if len(home.parts) > 1 else home.model
    inner = bare(model)
    return fields_of(inner).get(home.parts[-1]) if is_model(inner) else None


def _may_be_own(parts: list[str]) -> bool:
    """Return whether a report may have a section of its own beside that of its year."""
    return parts[0] not in fields_of(Year) or parts[0] in {"funds", "goals", "achievements"}


def _file_of(section: str) -> str:
    for file, sections in SECTIONS_OF_FILES.items():
        if section in sections:
            return file
    return f"{section}.yaml"


def _own_parts(parts: list[str]) -> tuple[str, ...]:
    """Return the keys of a fact of the pack's own: a fact, an item of a list, a cell of a table."""
    match parts:
        case [name]:
            return ("facts", name)
        case [name, number] if number.isdigit():
            return ("facts", name, number)
        case [table, row, column]:
            return ("tables", table, row, column)
    return ()


def _at(node: YamlNode | None, parts: Iterable[str]) -> YamlNode | None:
    """Return what stands at keys below a node; a row has its id, an item its number."""
    for part in parts:
        if isinstance(node, YamlMapping):
            node = next((entry.value for entry in node.entries if entry.key == part), None)
        elif isinstance(node, Sequence):
            node = _item(node, part)
        else:
            return None
    return node


def _item(rows: Sequence, part: str) -> YamlNode | None:
    for number, row in enumerate(rows.items, 1):
        own = _at(row, ("id",)) if isinstance(row, YamlMapping) else None
        if (own.text if isinstance(own, Scalar) else str(number)) == part:
            return row
    return None


# Files that are there


@dataclass(slots=True)
class _Merging:
    """Puts new values into a file that is there."""

    editor: YamlEditor
    path: str
    model: type
    said: set[int] = field(default_factory=set)

    def result(self) -> str:
        """Return the text of the file with what was put into it."""
        return self.editor.edited(self.path)

    def merge(self, node: YamlMapping, tree: Mapping[str, Any], prefix: tuple[str, ...]) -> None:
        """Put values into a group: fill blanks, add keys."""
        for key, value in tree.items():
            there = _at(node, (key,))
            at = (*prefix, key)
            if there is None:
                self._add(node, key, value, prefix)
            elif isinstance(value, NewLeaf):
                if isinstance(there, Scalar):
                    self._fill(there, value)
            elif isinstance(there, YamlMapping):
                self.merge(there, value, at)
            elif isinstance(there, Sequence):
                self._merge_rows(there, value, at)
            elif isinstance(there, Scalar):
                self._fill_group(there, value, at)

    def _fill(self, scalar: Scalar, leaf: NewLeaf) -> None:
        self.editor.set_value(scalar, leaf.yaml)
        self._say(scalar.span.line, leaf.comment)

    def _say(self, line: int, comment: str) -> None:
        """Say behind a line, once, that it is to be confirmed."""
        if line not in self.said:
            self.said.add(line)
            self.editor.append_to_line(self.path, line, comment)

    def _add(
        self, node: YamlMapping, key: str, value: NewLeaf | Tree, prefix: tuple[str, ...]
    ) -> None:
        if not prefix:
            lines = new_lines({key: value}, prefix, self.model, "")
            self.editor.append(self.path, "\n".join(["", *lines, ""]))
            return
        flow = self.editor.is_flow(node)
        text = value.yaml if isinstance(value, NewLeaf) else self._flow_of(value, (*prefix, key))
        comment = value.comment if isinstance(value, NewLeaf) else comment_of(value)
        self.editor.add_keys(node, [(key, text if flow else text + comment)], ())
        if flow:
            self._say(node.span.line, comment)

    def _flow_of(self, tree: Tree, at: tuple[str, ...]) -> str:
        """Return a list, a table or a group in brackets."""
        if is_list(self.model, at):
            return f"[{', '.join(item.yaml for item in tree.values())}]"
        if is_table(self.model, at):
            table = annotation_at(self.model, at)
            rows = [in_braces(whole_row(row, cells, table)) for row, cells in tree.items()]
            return f"[{', '.join(rows)}]"
        return in_braces(completed(tree, annotation_at(self.model, at)))

    def _fill_group(self, scalar: Scalar, tree: Tree, at: tuple[str, ...]) -> None:
        """Put a group, or a list, where a key has no value."""
        if scalar.blank:
            self.editor.set_value(scalar, self._flow_of(tree, at))
            self._say(scalar.span.line, comment_of(tree))

    def _merge_rows(self, rows: Sequence, tree: Tree, at: tuple[str, ...]) -> None:
        """Put cells into the rows that are there, and add rows; a list of items stays as it is."""
        if not rows.items:
            self.editor.replace(rows.span, self._flow_of(tree, at))
            self._say(rows.span.line, comment_of(tree))
            return
        last = rows.items[-1]
        for row, cells in tree.items():
            there = _item(rows, row)
            if isinstance(there, YamlMapping):
                self.merge(there, cells, (*at, row))
            elif there is None and isinstance(last, YamlMapping):
                whole = whole_row(row, cells, annotation_at(self.model, at))
                pairs = [(key, cell.yaml) for key, cell in whole.items()]
                self.editor.add_row(last, pairs, comment_of(whole))
