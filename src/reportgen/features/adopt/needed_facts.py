"""What a pack needs and a document does not state: blanks at the place where each is to be typed.

Rows of a pack's own tables get the columns that formulas read, blank where nothing stood in print.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from reportgen.features.adopt.adoption import AdoptRequest
from reportgen.features.adopt.fact_files import FactFiles
from reportgen.features.adopt.schema_keys import is_table
from reportgen.load.groups import fields_of
from reportgen.load.needs import TableNeed, first_parts, keys_in, own_tables
from reportgen.load.schema import Year
from reportgen.model.figures import Ledger

_GROUPS = frozenset((*fields_of(Year), "unit", "report", "prior", "ratings", "year"))
"""The first parts of keys that the schema knows; others are facts and tables of a pack."""


def names_taken(request: AdoptRequest, ledger: Ledger) -> set[str]:
    """Return what no new fact may be called: what facts, tables and figures are called already."""
    keys = (*ledger.figures, *ledger.texts, *ledger.tables, *request.needs.facts)
    metrics = [metric.key for metric in request.pack.rules.metrics]
    return {*first_parts(keys), *first_parts(metrics), *_GROUPS}


def needed_names(request: AdoptRequest, ledger: Ledger) -> frozenset[str]:
    """Return the names of the facts of a pack's own that are not filled in."""
    return frozenset(key for key in _missing(request, ledger) if _is_own_fact(request, key))


def waiting_titles(ledger: Ledger) -> tuple[str, ...]:
    """Return what figures and amounts are called that have no value yet, part by part."""
    titles: dict[str, None] = {}
    for figure in ledger.figures.values():
        if figure.value is None and not figure.words:
            titles.update(dict.fromkeys(_parts(figure.title)))
    return tuple(titles)


def _parts(title: str) -> Iterator[str]:
    """Yield the parts of a title, as sentences call what they name."""
    for part in title.split("·"):
        yield part.removesuffix("数")


def _missing(request: AdoptRequest, ledger: Ledger) -> list[str]:
    """Return the keys that a pack needs, no rule gives, and no file has."""
    given = {metric.key for metric in request.pack.rules.metrics}
    return [key for key in request.needs.facts if key not in given and not _has(ledger, key)]


def _has(ledger: Ledger, key: str) -> bool:
    return bool(ledger.tables.get(key)) or _value_of(ledger, key) is not None


def _value_of(ledger: Ledger, key: str) -> object:
    item = ledger.figures.get(key) or ledger.texts.get(key)
    return item.value if item is not None else None


def _is_own_fact(request: AdoptRequest, key: str) -> bool:
    """Return whether a key is a single fact of the pack's own, and no list or table."""
    is_single = "." not in key and key not in _GROUPS
    return is_single and key not in request.needs.lists and key not in _tables(request)


def _tables(request: AdoptRequest) -> dict[str, TableNeed]:
    """Return the tables of the pack's own, with all columns that it reads, names among them."""
    needs = request.needs
    names = [name for name in first_parts(needs.facts) if name not in _GROUPS]
    tables = own_tables(names, list(needs.facts), needs.columns)
    for name, table in tables.items():
        if f"{name}.name" in needs.columns:
            tables[name] = replace(table, columns=("name", *table.columns))
    return tables


def leave_blanks(writing: FactFiles, request: AdoptRequest, ledger: Ledger) -> None:
    """Leave a blank for each fact that a pack needs and nobody states, at its place."""
    tables = _tables(request)
    writing.complete_rows({name: table.columns for name, table in tables.items()})
    declared = _declared_rows(request)
    for table in tables.values():
        _leave_rows(writing, table, ledger.tables.get(table.name, ()), declared)
    for key in _missing(request, ledger):
        if _is_to_fill(request, key, tables):
            writing.leave_blank(key, is_list=key in {*tables, *request.needs.lists})
    for required in request.pack.requires:
        if is_table(Year, (required.text,)) and not ledger.tables.get(required.text):
            writing.leave_blank(required.text)


def _leave_rows(
    writing: FactFiles,
    table: TableNeed,
    there: Sequence[str],
    declared: Mapping[str, Mapping[str, Mapping[str, str]]],
) -> None:
    """Leave the rows that a table must have; a table without rows gets those that are declared."""
    known = declared.get(table.name, {})
    rows = {*table.rows, *(() if there else known)}
    for row in sorted(rows - {*there}):
        writing.leave_blank_row(
            table.name, row, {**dict.fromkeys(table.columns, ""), **known.get(row, {})}
        )


def _declared_rows(request: AdoptRequest) -> dict[str, dict[str, dict[str, str]]]:
    """Return what a pack declares of rows, by table, row and column."""
    tables: dict[str, dict[str, dict[str, str]]] = {}
    for values in request.pack.rules.values:
        table, _, cell = values.key.partition(".")
        row, _, column = cell.partition(".")
        if row != "*" and len(values.texts) == 1:
            tables.setdefault(table, {}).setdefault(row, {})[column] = values.texts[0]
    return tables


def _is_to_fill(request: AdoptRequest, key: str, tables: Mapping[str, TableNeed]) -> bool:
    """Return whether a blank is to stand at a key: for a fact, a list or a table without rows."""
    table = key.partition(".")[0]
    if key in tables:
        return not (tables[key].rows or key in _declared_rows(request))
    return key in request.needs.lists or (table not in tables and not _is_group(request, key))


def _is_group(request: AdoptRequest, key: str) -> bool:
    """Return whether a key is a group of which the facts are named one by one."""
    return bool(keys_in(key, request.needs.facts))
