"""Flattens schema values into facts by dotted key, with the rows of their tables."""

from __future__ import annotations

from collections.abc import Mapping as MappingABC

from pydantic import BaseModel

from reportgen.findings import Diagnostics, RelatedLocation, finding
from reportgen.load.fields import KeyGroup, Leaf
from reportgen.load.schema import BudgetLine
from reportgen.load.shape import bare
from reportgen.model.figures import Fact, Facts
from reportgen.model.source import SourceSpan


def flatten(value: BaseModel, year: int, prefix: str, span: SourceSpan, log: Diagnostics) -> Facts:
    """Return the facts and tables of `value` under `prefix`; the log gets names told twice (S216).

    A field left out becomes a blank fact at the place of its group, or at `span`.
    """
    walk = _Flattening(span, log)
    walk.section(value, prefix, "")
    return Facts(year, walk.facts, walk.tables)


class _Flattening:
    def __init__(self, span: SourceSpan, log: Diagnostics) -> None:
        self.facts: dict[str, Fact] = {}
        self.tables: dict[str, tuple[str, ...]] = {}
        self.log = log
        self.taken: dict[str, SourceSpan] = {}
        self.span = span

    def section(self, value: BaseModel, key: str, title: str) -> None:
        schema = type(value)
        hoisted = value.hoisted if isinstance(value, KeyGroup) else {}
        if isinstance(value, KeyGroup) and value.table:
            rows = [n for n in schema.model_fields if getattr(value, n) is not None]
            self.tables[key] = tuple(rows)
        inside = _first_mark(value) or self.span
        for name, field in schema.model_fields.items():
            if isinstance(value, KeyGroup) and name in value.unlisted:
                continue
            inner = getattr(value, name)
            label = "" if name in hoisted else _joined(title, field.title or name)
            path = hoisted.get(name, _key(key, name))
            if inner is None and bare(field.annotation) is Leaf:
                self.add(Fact(path, label, None, inside))
            else:
                self.value(inner, path, label or field.title or name)

    def add(self, fact: Fact) -> None:
        self.take(fact.key, fact.span)
        self.facts[fact.key] = fact

    def take(self, key: str, span: SourceSpan) -> None:
        """Note what `key` stands for; a fact and a table cannot have the same name."""
        if key in self.taken:
            first = RelatedLocation(self.taken[key], "first")
            self.log.add(finding("S216", span, first, key=key))
        self.taken.setdefault(key, span)

    def value(self, value: object, key: str, title: str) -> None:
        match value:
            case Leaf():
                fact = Fact(key, title, value.value, value.span, value.prose, value.personal)
                self.add(fact)
            case BaseModel():
                self.section(value, key, title)
            case list() | tuple():
                self.rows(list(value), key, title)
            case MappingABC():
                for name, inner in value.items():
                    self.value(inner, _key(key, str(name)), str(name))

    def rows(self, rows: list[object], key: str, title: str) -> None:
        self.take(key, next((m for m in map(_some_mark, rows) if m), self.span))
        ids: dict[str, None] = {}
        for number, row in enumerate(rows, 1):
            name = _row_id(row) or str(number)
            ids[name] = None
            label = _row_name(row) or (title if isinstance(row, Leaf) else f"{title}{number}")
            if isinstance(row, dict):
                for cell, inner in row.items():
                    self.value(inner, _key(_key(key, name), cell), _joined(label, _column(cell)))
            else:
                self.value(row, _key(key, name), label)
        self.tables[key] = tuple(ids)


def _key(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name


def _column(name: str) -> str:
    """Return the label of a free table's column where it is a measure of budget lines."""
    field = BudgetLine.model_fields.get(name)
    return (field.title if field else None) or name


def _joined(title: str, part: str) -> str:
    return f"{title}·{part}" if title else part


def _row_id(row: object) -> str:
    name = row.get("id") if isinstance(row, dict) else getattr(row, "id", None)
    return str((name.value if isinstance(name, Leaf) else name) or "")


def _row_name(row: object) -> str:
    leaf = row.get("name") if isinstance(row, dict) else getattr(row, "name", None)
    return str(leaf.value) if isinstance(leaf, Leaf) and leaf.value is not None else ""


def _some_mark(value: object) -> SourceSpan | None:
    if isinstance(value, Leaf):
        return value.span
    if isinstance(value, BaseModel):
        return _first_mark(value)
    leaves = value.values() if isinstance(value, dict) else ()
    return next((leaf.span for leaf in leaves if isinstance(leaf, Leaf)), None)


def _first_mark(value: BaseModel) -> SourceSpan | None:
    inner = (getattr(value, name) for name in type(value).model_fields)
    return next((leaf.span for leaf in inner if isinstance(leaf, Leaf)), None)
