"""Flattens schema values into facts by dotted key, with the rows of their tables."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingABC

from pydantic import BaseModel

from reportgen.findings import Finding, Place, finding
from reportgen.load.fields import Leaf
from reportgen.load.schema import Section
from reportgen.load.validate import inner_type
from reportgen.model.facts import Fact
from reportgen.model.source import Mark

_NAME = re.compile(r"[^\W\d]\w*")


def flatten(
    value: BaseModel, prefix: str, mark: Mark
) -> tuple[dict[str, Fact], dict[str, tuple[str, ...]], tuple[Finding, ...]]:
    """Return the facts and tables of `value` under `prefix`, and findings (S214–S216).

    A field left out becomes a blank fact at the place of its group, or at `mark`.
    """
    walk = _Walk(mark)
    walk.section(value, prefix, "")
    return walk.facts, walk.tables, tuple(walk.findings)


class _Walk:
    def __init__(self, mark: Mark) -> None:
        self.facts: dict[str, Fact] = {}
        self.tables: dict[str, tuple[str, ...]] = {}
        self.findings: list[Finding] = []
        self.mark = mark

    def section(self, value: BaseModel, key: str, title: str) -> None:
        schema = type(value)
        hoisted = value.hoisted if isinstance(value, Section) else {}
        if isinstance(value, Section) and value.table:
            rows = [n for n in schema.model_fields if getattr(value, n) is not None]
            self.tables[key] = tuple(rows)
        inside = _first_mark(value) or self.mark
        for name, field in schema.model_fields.items():
            if isinstance(value, Section) and name in value.unlisted:
                continue
            inner = getattr(value, name)
            label = "" if name in hoisted else _joined(title, field.title or name)
            path = hoisted.get(name, _key(key, name))
            if inner is None and inner_type(field.annotation)[0] is Leaf:
                self.add(Fact(path, label, None, inside))
            else:
                self.value(inner, path, label or field.title or name)

    def add(self, fact: Fact) -> None:
        if fact.key in self.facts:
            first = Place(self.facts[fact.key].mark, "first")
            self.findings.append(finding("S216", fact.mark, first, key=fact.key))
        self.facts[fact.key] = fact

    def value(self, value: object, key: str, title: str) -> None:
        match value:
            case Leaf():
                fact = Fact(key, title, value.value, value.mark, value.prose, value.personal)
                self.add(fact)
            case BaseModel():
                self.section(value, key, title)
            case list() | tuple():
                self.rows(list(value), key, title)
            case MappingABC():
                for name, inner in value.items():
                    if not _NAME.fullmatch(str(name)):
                        self.findings.append(
                            finding("S215", _some_mark(inner, self.mark), key=name)
                        )
                    self.value(inner, _key(key, str(name)), str(name))

    def rows(self, rows: list[object], key: str, title: str) -> None:
        ids: list[str] = []
        for number, row in enumerate(rows, 1):
            name = _row_id(row) or str(number)
            if _row_id(row) and not _NAME.fullmatch(name):
                self.findings.append(finding("S215", _some_mark(row, self.mark), key=name))
            if name in ids:
                self.findings.append(finding("S214", _some_mark(row, self.mark), key=name))
                continue
            ids.append(name)
            label = _row_name(row) or (title if isinstance(row, Leaf) else f"{title}{number}")
            self.value(row, _key(key, name), label)
        self.tables[key] = tuple(ids)


def _key(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name


def _joined(title: str, part: str) -> str:
    return f"{title}·{part}" if title else part


def _row_id(row: object) -> str:
    if isinstance(row, BaseModel):
        return str(getattr(row, "id", ""))
    if isinstance(row, dict) and isinstance(row.get("id"), Leaf):
        return str(row["id"].value)
    return ""


def _row_name(row: object) -> str:
    leaf = row.get("name") if isinstance(row, dict) else getattr(row, "name", None)
    return str(leaf.value) if isinstance(leaf, Leaf) and leaf.value is not None else ""


def _some_mark(value: object, default: Mark) -> Mark:
    if isinstance(value, Leaf):
        return value.mark
    if isinstance(value, BaseModel):
        return _first_mark(value) or default
    if isinstance(value, dict):
        return next((v.mark for v in value.values() if isinstance(v, Leaf)), default)
    return default


def _first_mark(value: BaseModel) -> Mark | None:
    for name in type(value).model_fields:
        inner = getattr(value, name)
        if isinstance(inner, Leaf):
            return inner.mark
    return None
