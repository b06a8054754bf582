"""Flattens schema values into facts by dotted key, with the rows of their tables."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.findings import Diagnostics, RelatedLocation, finding
from reportgen.load.columns import with_column_units
from reportgen.load.fields import Leaf
from reportgen.load.groups import GroupField, KeyGroup, bare, fields_of
from reportgen.load.schema import BudgetLine
from reportgen.load.unconfirmed import PLACEHOLDER
from reportgen.model.figures import Fact, Facts
from reportgen.model.source import SourceSpan


def flatten(value: KeyGroup, year: int, prefix: str, span: SourceSpan, log: Diagnostics) -> Facts:
    """Return the facts and tables of `value` under `prefix`; the log gets names used twice (S216).

    A field left out becomes a blank fact at the place of its group, or at `span`. Numbers without
    unit count in the `units` that `value` states for the columns of its own tables.
    """
    flattening = _Flattening(span, log)
    flattening.add_group(value, prefix, "")
    facts = Facts(year, flattening.facts, flattening.tables)
    own_tables = getattr(value, "tables", {})
    return with_column_units(facts, getattr(value, "units", {}), own_tables, log)


class _Flattening:
    """The facts and tables so far; `span` is the place of what stands nowhere itself."""

    def __init__(self, span: SourceSpan, log: Diagnostics) -> None:
        self.facts: dict[str, Fact] = {}
        self.tables: dict[str, tuple[str, ...]] = {}
        self.log = log
        self.taken: dict[str, SourceSpan] = {}
        self.span = span

    def add_group(self, group: KeyGroup, key: str, title: str) -> None:
        """Add the fields of a group that stands at `key`."""
        if group.table:
            self.tables[key] = _filled_in(group)
        span = _first_span(group) or self.span
        for name, field in fields_of(type(group)).items():
            if name not in group.unlisted:
                own_title = field.title or name
                path, label = _key(key, name), _joined(title, own_title)
                if name in group.hoisted:
                    path, label = group.hoisted[name], own_title
                self._add_field(field, getattr(group, name), path, label, span)

    def _add_field(
        self, field: GroupField, value: object, path: str, label: str, span: SourceSpan
    ) -> None:
        """Add the value of a field, or that it was left out of a group that stands at `span`."""
        if value is None:
            self._add_left_out(field, path, label, span)
        else:
            self.add(value, path, label)

    def _add_left_out(self, field: GroupField, key: str, title: str, span: SourceSpan) -> None:
        """Add what a field without value is: a blank fact, nothing where it holds a group."""
        if bare(field.annotation) is Leaf:
            self.add_fact(Fact(key, title, None, span, left_out=True))

    def add_fact(self, fact: Fact) -> None:
        self.take(fact.key, fact.span)
        self.facts[fact.key] = fact

    def _told_as_text(self, value: Leaf, key: str) -> None:
        """Tell that a text is not taken for the number that it looks like (S240)."""
        text, meant = str(value.value), value.meant
        self.log.add(finding("S240", value.span, subject=key, text=text, meant=meant))

    def take(self, key: str, span: SourceSpan) -> None:
        """Note what `key` stands for; a fact and a table cannot have the same name."""
        if key in self.taken:
            first = RelatedLocation(self.taken[key], "first")
            self.log.add(finding("S216", span, first, key=key))
        else:
            self.taken[key] = span

    def add(self, value: object, key: str, title: str) -> None:
        """Add a value, with all that is in it."""
        match value:
            case Leaf():
                self.add_fact(_fact(value, key, title))
                if value.meant:
                    self._told_as_text(value, key)
            case KeyGroup():
                self.add_group(value, key, title)
            case list() | tuple():
                self.add_rows(list(value), key, title)
            case Mapping():
                for name, inner in value.items():
                    self.add(inner, _key(key, str(name)), str(name))

    def add_rows(self, rows: list[object], key: str, title: str) -> None:
        """Add the rows of a table, which are named by their ids, else by their numbers."""
        self.take(key, _first_row_span(rows) or self.span)
        ids: dict[str, None] = {}
        for number, row in enumerate(rows, 1):
            row_id = _row_id(row) or str(number)
            ids[row_id] = None
            default = title if isinstance(row, Leaf) else f"{title}{number}"
            label = _row_name(row) or default
            if isinstance(row, dict):
                self.add_cells(row, _key(key, row_id), label)
            else:
                self.add(row, _key(key, row_id), label)
        self.tables[key] = tuple(ids)

    def add_cells(self, row: dict[str, object], key: str, label: str) -> None:
        """Add the cells of a row in a table of the author's own."""
        for column, cell in row.items():
            self.add(cell, _key(key, column), _joined(label, _column_title(column)))


def _fact(leaf: Leaf, key: str, title: str) -> Fact:
    value = None if leaf.value == PLACEHOLDER else leaf.value
    return Fact(key, title, value, leaf.span, leaf.prose, leaf.personal)


def _filled_in(group: KeyGroup) -> tuple[str, ...]:
    """Return the names of the fields of a group that are not left out."""
    names = fields_of(type(group))
    return tuple(name for name in names if getattr(group, name) is not None)


def _key(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name


def _column_title(name: str) -> str:
    """Return the label of a free table's column: of a measure of budget lines, of the name."""
    field = fields_of(BudgetLine).get(name)
    title = field.title if field else None
    return title or _TITLES.get(name, name)


_TITLES = {"name": "名称"}
"""The labels of columns that have a meaning in every table."""


def _joined(title: str, part: str) -> str:
    return f"{title}·{part}" if title else part


def _cell(row: object, name: str) -> object:
    """Return the cell `name` of a row, of a prescribed table or of the author's own."""
    if isinstance(row, dict):
        return row.get(name)
    return getattr(row, name, None)


def _row_id(row: object) -> str:
    cell = _cell(row, "id")
    value = cell.value if isinstance(cell, Leaf) else cell
    return str(value or "")


def _row_name(row: object) -> str:
    leaf = _cell(row, "name")
    if not isinstance(leaf, Leaf) or leaf.value is None:
        return ""
    return str(leaf.value)


def _first_row_span(rows: list[object]) -> SourceSpan | None:
    """Return where the first row that stands somewhere does."""
    for row in rows:
        span = _first_span(row)
        if span is not None:
            return span
    return None


def _first_span(value: object) -> SourceSpan | None:
    """Return where a value stands: the first of its own fields or cells that does."""
    for part in _parts(value):
        if isinstance(part, Leaf):
            return part.span
    return None


def _parts(value: object) -> list[object]:
    """Return the fields of a group or the cells of a row; a value alone is its only part."""
    match value:
        case KeyGroup():
            return [getattr(value, name) for name in fields_of(type(value))]
        case dict():
            return list(value.values())
        case _:
            return [value]
