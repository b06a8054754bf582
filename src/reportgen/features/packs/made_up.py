"""Made-up facts for a pack: all that the schema has, and all that the pack itself names.

They stand in files that are never written. What a template or formula takes for a number is one,
what it compares with texts has each of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count, islice, product
from typing import Any

from reportgen.features.packs.likely_units import unit_by_name
from reportgen.features.packs.names import NamesUsed, key_and_groups
from reportgen.features.packs.prescribed_points import points_by_text
from reportgen.load.groups import KeyGroup, bare, fields_of, is_model, leaf_type
from reportgen.load.needs import TableNeed, first_parts, keys_in, own_tables
from reportgen.load.schema import EconomicItem, Fund, Rating, ReportingUnit, Year
from reportgen.model.figures import Fact, Facts
from reportgen.model.pack import Pack, PackNeeds, Section
from reportgen.model.quantity import QuantityError, parse_quantity
from reportgen.model.source import SourceSpan

FOLDER = "data/_made-up"
"""No unit: folders whose names begin with an underscore are none of the project's."""
YEAR, REPORT = 2024, "report"
HOME = f"{FOLDER}/{YEAR}/{REPORT}"
TEXT = f"{HOME}/narrative/_made-up.md"
"""What a template includes whose path stands in a fact."""
WORD = "样例"
"""What each made-up text begins with."""
MOST_ROWS = 30
_LISTED: Mapping[str, type[KeyGroup]] = {"funds": Fund, "economic": EconomicItem, "ratings": Rating}
_RATING = {
    "nature": "≥",
    "value": "90",
    "unit": '"%"',
    "target": "≥90%",
    "actual": "95%",
    "points": "10",
    "score": "9",
    "level": "达成",
}
_NOT_OWN = frozenset((*fields_of(Year), "unit", "report", "prior", "ratings", "year"))


def made_up_files(pack: Pack, used: NamesUsed, unplaced: Iterable[str]) -> dict[str, str]:
    """Return the files of a report with what the schema has, by path.

    Its first text places the forms `unplaced`, which nothing in the pack refers to.
    """
    values = _Values(pack, used)
    sections = [name for name in fields_of(Year) if name not in Year.unlisted | {"units"}]
    year = [f"{name}: {values.section(Year, name)}" for name in sections]
    unit = [name for name in fields_of(ReportingUnit) if name not in ReportingUnit.unlisted]
    documents = ", ".join(
        f"{name}: 《{WORD}》" for name in first_parts(keys_in("report.documents", used.names))
    )
    report = [
        f"pack: {pack.folder}",
        f"date: {YEAR + 1}-06-30",
        f"documents: {{{documents}}}",
        f"preparer: {{name: {WORD}, phone: {WORD}, date: {YEAR + 1}-06-30}}",
        f"ratings: {values.rows('ratings', Rating)}",
    ]
    texts = {
        f"{FOLDER}/unit.yaml": [f"{name}: {values.section(ReportingUnit, name)}" for name in unit],
        f"{FOLDER}/{YEAR}/facts.yaml": year,
        f"{HOME}/report.yaml": report,
        TEXT: [f"{WORD}。"],
    }
    for number, section in enumerate(_written(pack)):
        forms = () if number else unplaced
        placed = [f'{{{{ form("{name}") }}}}\n' for name in forms]
        texts[f"{HOME}/narrative/{section}.md"] = [f"{WORD}。\n", *placed]
    return {path: "\n".join(lines) + "\n" for path, lines in texts.items()}


def _written(pack: Pack) -> Iterator[str]:
    """Yield the ids of the texts that a unit writes."""
    if pack.opening == "narrative":
        yield "opening"
    yield from _written_in(pack.outline)


def _written_in(sections: Iterable[Section]) -> Iterator[str]:
    for section in sections:
        if section.text == "narrative":
            yield section.id
        yield from _written_in(section.sections)


class _Values:
    """Makes up the values of the schema's fields, as YAML in one line."""

    def __init__(self, pack: Pack, used: NamesUsed) -> None:
        self.pack = pack
        self.used = used
        self.numbers = count(101)

    def section(self, model: type[KeyGroup], name: str) -> str:
        """Return a value of a field of `model`."""
        if name in _LISTED:
            return self.rows(name, _LISTED[name])
        return self._value(fields_of(model)[name].annotation)

    def _value(self, annotation: object) -> str:
        inner: Any = bare(annotation)
        if is_model(inner):
            cells = (
                f"{name}: {self._value(cell.annotation)}" for name, cell in fields_of(inner).items()
            )
            return f"{{{', '.join(cells)}}}"
        if leaf_type(annotation) is None:
            origin: object = getattr(inner, "__origin__", None)
            return f"[{WORD}一, {WORD}二]" if origin is list else "{}"
        return self._leaf(annotation)

    def _leaf(self, annotation: object) -> str:
        """Return a value of a field without fields: a number where it has a unit, else a text."""
        leaf = leaf_type(annotation)
        schema = leaf.schema if leaf else {}
        if str(schema.get("description", "")).startswith("默认单位"):
            return f"{next(self.numbers)}.5"
        return f"{YEAR}-06-30" if schema.get("format") == "date" else f"{WORD}{next(self.numbers)}"

    def rows(self, table: str, model: type[KeyGroup]) -> str:
        """Return the rows of a list of the schema."""
        named = _rows_named(table, self.pack, self.used, fields_of(model))
        rows: list[dict[str, str]] = []
        for row, texts in rows_of(table, named, tuple(fields_of(model)), self.pack, self.used):
            rows.append(self._cells(row, model) | texts)
        if model is Rating:
            _share_points(rows, self.pack)
        return f"[{', '.join(map(_flow, rows))}]"

    def _cells(self, row: str, model: type[KeyGroup]) -> dict[str, str]:
        cells: dict[str, str] = {}
        for name, cell in fields_of(model).items():
            if name != "checks":
                cells[name] = self._leaf(cell.annotation)
        return cells | {"id": row} | (_RATING if model is Rating else {})


def _flow(cells: Mapping[str, str]) -> str:
    """Return a row as YAML in braces."""
    return f"{{{', '.join(map(': '.join, cells.items()))}}}"


def _share_points(rows: Iterable[dict[str, str]], pack: Pack) -> None:
    """Give rows the points that the pack says all with their text come to, and full scores."""
    for (column, text), points, _ in points_by_text(pack):
        meant = [row for row in rows if row.get(column) == text]
        total = int(parse_quantity(points).value)
        if any(_prescribed(f"ratings.{row['id']}", pack).get("points") for row in meant):
            continue
        for number, row in enumerate(meant):
            share = total // len(meant) + (number < total % len(meant))
            row["points"] = row["score"] = str(share)


def _rows_named(table: str, pack: Pack, used: NamesUsed, columns: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of rows that the pack names: `ratings.quality`, `funds.a.outturn`."""
    rows: dict[str, None] = {}
    for scoring in pack.rules.scorings:
        if scoring.table == table:
            rows[scoring.row.rpartition(".")[2]] = None
    of_rows = (metric.key.partition(f"{table}.*.")[2] for metric in pack.rules.metrics)
    derived = set(of_rows)
    for name in sorted(first_parts(keys_in(table, used.names))):
        if name not in {*columns, *derived, "standard"}:
            rows[name] = None
    rows.pop("*", None)
    return tuple(rows)


def rows_of(
    table: str, named: tuple[str, ...], columns: tuple[str, ...], pack: Pack, used: NamesUsed
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the ids of rows, each with the texts of it that the pack compares a column with.

    Every combination of these texts has a row, as far as there are not too many. Where the pack
    declares what a row of its own holds, such as `ratings.quality.level1`, the others are few.
    """
    texts = {column: _texts(f"{table}.{column}", pack, used) for column in columns}
    compared = {column: words for column, words in texts.items() if words}
    prescribed = {row: _prescribed(f"{table}.{row}", pack) for row in named}
    if any(prescribed.values()):
        yield from _completed(prescribed, compared)
        return
    mixed = list(islice(product(*compared.values()), MOST_ROWS))
    more = range(len(named) + 1, (max(3, len(mixed)) if not named else len(mixed)) + 1)
    ids = (*named, *map("r{}".format, more))
    for number, row in enumerate(ids):
        yield row, dict(zip(compared, mixed[number * len(mixed) // len(ids)], strict=True))


def _prescribed(row: str, pack: Pack) -> dict[str, str]:
    """Return the texts that a pack declares for the columns of one row."""
    texts: dict[str, str] = {}
    for declared in pack.rules.values:
        if declared.key.rpartition(".")[0] == row:
            texts[declared.key.rpartition(".")[2]] = declared.texts[0]
    return texts


def _completed(
    rows: Mapping[str, dict[str, str]], compared: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield rows with prescribed texts, and further ones with the texts that none of them has."""
    yield from rows.items()
    left: dict[str, list[str]] = {}
    for column, words in compared.items():
        taken = {texts.get(column) for texts in rows.values()}
        left[column] = [word for word in words if word not in taken] or [words[-1]]
    for number in range(max(map(len, left.values()), default=0)):
        yield (
            f"r{number + 1}",
            {column: words[number % len(words)] for column, words in left.items()},
        )


def _texts(key: str, pack: Pack, used: NamesUsed) -> tuple[str, ...]:
    """Return the texts that a column is compared with, or is declared to hold."""
    texts = dict.fromkeys(used.texts.get(key, ()))
    table, _, column = key.rpartition(".")
    for declared in pack.rules.values:
        if declared.key in {key, f"{table}.*.{column}"}:
            texts.update(dict.fromkeys(declared.texts))
    return tuple(texts)


@dataclass(frozen=True, slots=True)
class MadeUp:
    """Made-up facts, and the texts of the values that nobody has stated the kind of.

    These are by name: a fact, or `table.column` for all rows.
    """

    facts: Facts
    values: Mapping[str, str] = field(default_factory=dict)

    def put(self, name: str, value: str) -> MadeUp:
        """Return the facts with another value for one of `values`, or with a new one."""
        facts = dict(self.facts.facts)
        for key in self._keys(name):
            facts[key] = _fact(key, value)
        return MadeUp(replace(self.facts, facts=facts), {**self.values, name: value})

    def with_row(self, table: str, row: str) -> MadeUp:
        """Return the facts with a row more, which is as the first row of its table."""
        first = f"{table}.{self.facts.tables[table][0]}."
        facts = dict(self.facts.facts)
        for key, fact in self.facts.facts.items():
            if key.startswith(first):
                copy = f"{table}.{row}.{key.removeprefix(first)}"
                facts[copy] = replace(fact, key=copy)
        rows = (*self.facts.tables[table], row)
        tables = {**self.facts.tables, table: rows}
        return replace(self, facts=replace(self.facts, facts=facts, tables=tables))

    def _keys(self, name: str) -> list[str]:
        table, _, column = name.rpartition(".")
        rows = self.facts.tables.get(table)
        return [name] if rows is None else [f"{table}.{row}.{column}" for row in rows]


_AS_TEXT = "'"
"""What stands before a number that is a text, the number of a row."""


def _fact(key: str, value: str) -> Fact:
    if value.startswith(_AS_TEXT):
        return Fact(key, key, value.removeprefix(_AS_TEXT), SourceSpan(f"{FOLDER}/facts.yaml"))
    try:
        return Fact(key, key, parse_quantity(value), SourceSpan(f"{FOLDER}/facts.yaml"))
    except QuantityError:
        return Fact(key, key, value, SourceSpan(f"{FOLDER}/facts.yaml"))


def with_own_facts(facts: Facts, pack: Pack, used: NamesUsed, needs: PackNeeds) -> MadeUp:
    """Return `facts` with what the pack names beside the schema."""
    keys = [key for key in needs.facts if first_parts([key])[0] not in _NOT_OWN]
    names = first_parts(keys)
    derived = {metric.key for metric in pack.rules.metrics}
    named = [name for name in used.names if derived.isdisjoint(key_and_groups(name))]
    tables = own_tables(names, [*keys, *named], used.columns)
    made = MadeUp(facts)
    for name in names:
        if name in tables:
            made = _with_table(made, tables[name], pack, used)
        elif name in needs.lists:
            listed = {f"{name}.{number}": _fact(f"{name}.{number}", WORD) for number in (1, 2)}
            more = replace(
                made.facts,
                facts={**made.facts.facts, **listed},
                tables={**made.facts.tables, name: ("1", "2")},
            )
            made = replace(made, facts=more)
        else:
            texts = _texts(name, pack, used)
            made = made.put(name, texts[0] if texts else first_value(name, used))
    return made


def _with_table(made: MadeUp, table: TableNeed, pack: Pack, used: NamesUsed) -> MadeUp:
    derived = {metric.key for metric in pack.rules.metrics}
    typed = [name for name in table.columns if f"{table.name}.*.{name}" not in derived]
    columns = tuple(dict.fromkeys(("id", "name", *typed)))
    rows = list(rows_of(table.name, table.rows, columns, pack, used))
    ids = tuple(row for row, _ in rows)
    tables = {**made.facts.tables, table.name: ids}
    made = replace(made, facts=replace(made.facts, tables=tables))
    for column in columns:
        name = f"{table.name}.{column}"
        made = made.put(name, first_value(name, used))
    facts = dict(made.facts.facts)
    for row, texts in rows:
        for column, text in (texts | {"id": row}).items():
            key = f"{table.name}.{row}.{column}"
            facts[key] = Fact(key, key, text, SourceSpan(f"{FOLDER}/facts.yaml"))
    return replace(made, facts=replace(made.facts, facts=facts))


def first_value(name: str, used: NamesUsed) -> str:
    """Return a value for a fact, or a column, of which only its use and its name are known."""
    kind = used.kinds.get(name, "")
    if kind == "path":
        return TEXT
    if kind == "date":
        return f"{YEAR}-06-30"
    if kind.startswith("row of "):
        return f"{_AS_TEXT}1" if kind.endswith(("goals", "achievements", "duties")) else "r1"
    unit = used.units.get(name, "") or unit_by_name(name)
    is_number = kind == "number" or (unit and not kind)
    return f"12.5{unit}" if is_number else f"{WORD}{name}"
