"""Made-up facts for a pack: all that the schema has, and all that the pack itself names.

They stand in files that are never written. What a template or formula takes for a number is one,
what it compares with texts has each of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from itertools import count, cycle, islice, product, starmap
from operator import attrgetter
from typing import Any

from reportgen.features.packs.names import NamesUsed, key_and_groups
from reportgen.features.packs.prescribed_points import points_by_text
from reportgen.flow.likely_units import unit_by_name
from reportgen.load.groups import KeyGroup, bare, fields_of, is_model, leaf_type
from reportgen.load.needs import TableNeed, first_parts, keys_in, own_tables
from reportgen.load.schema import EconomicItem, Fund, Rating, ReportingUnit, Year
from reportgen.model.figures import Fact, Facts
from reportgen.model.frozen import frozen
from reportgen.model.pack import Pack, PackNeeds, Section
from reportgen.model.quantity import QuantityError, parse_quantity
from reportgen.model.source import SourceSpan

FOLDER = "data/_made-up"
"""No unit: folders whose names begin with an underscore are none of the project's."""
YEAR, REPORT = 2024, "report"
HOME = f"{FOLDER}/{YEAR}/{REPORT}"
TEXT = f"{HOME}/narrative/_made-up.md"
"""What a template includes whose path stands in a fact."""
ROW_OF = "row of "
"""What the kind of a value begins with that is the id of a row, before the table."""
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
    documents: dict[str, str] = {}
    for name in first_parts(keys_in("report.documents", used.names)):
        documents[name] = f"《{WORD}》"
    report = {
        "pack": pack.folder,
        "date": f"{YEAR + 1}-06-30",
        "documents": _flow(documents),
        "preparer": _flow({"name": WORD, "phone": WORD, "date": f"{YEAR + 1}-06-30"}),
        "ratings": values.rows("ratings", Rating),
    }
    files = {
        f"{FOLDER}/unit.yaml": _lines(values.sections(ReportingUnit)),
        f"{FOLDER}/{YEAR}/facts.yaml": _lines(values.sections(Year)),
        f"{HOME}/report.yaml": _lines(report),
        TEXT: f"{WORD}。\n",
    }
    placed = map('\n{{{{ form("{}") }}}}\n'.format, unplaced)
    for section in _written(pack):
        files[f"{HOME}/narrative/{section}.md"] = f"{WORD}。\n{''.join(placed)}"
    return files


def _lines(values: Mapping[str, str]) -> str:
    """Return keys with their values as YAML, each in a line."""
    return "".join(starmap("{}: {}\n".format, values.items()))


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

    def sections(self, model: type[KeyGroup]) -> dict[str, str]:
        """Return values of the fields of `model` that hold facts."""
        values: dict[str, str] = {}
        for name, stated in fields_of(model).items():
            if name in _LISTED:
                values[name] = self.rows(name, _LISTED[name])
            elif name not in model.unlisted | {"units"}:
                values[name] = self._value(stated.annotation)
        return values

    def _value(self, annotation: object) -> str:
        inner: Any = bare(annotation)
        if is_model(inner):
            return _flow(self.sections(inner))
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
    for prescribed in points_by_text(pack):
        meant = [row for row in rows if row.get(prescribed.column) == prescribed.text]
        total = int(prescribed.value)
        for number, row in enumerate(meant):
            if "points" not in _prescribed(f"ratings.{row['id']}", pack):
                share = total // len(meant) + (number < total % len(meant))
                row["points"] = row["score"] = str(share)


def _rows_named(table: str, pack: Pack, used: NamesUsed, columns: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of rows that the pack names: `ratings.quality`, `funds.a.outturn`."""
    rows: dict[str, None] = {}
    for scoring in pack.rules.scorings:
        if scoring.table == table:
            rows[scoring.row.rpartition(".")[2]] = None
    derived = set(keys_in(f"{table}.*", _derived(pack)))
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
    compared = _compared_texts(table, columns, pack, used)
    prescribed = {row: _prescribed(f"{table}.{row}", pack) for row in named}
    if any(prescribed.values()):
        yield from _completed(prescribed, compared)
        return
    mixed = list(islice(product(*compared.values()), MOST_ROWS))
    more = range(len(named) + 1, (max(3, len(mixed)) if not named else len(mixed)) + 1)
    ids = (*named, *map("r{}".format, more))
    for number, row in enumerate(ids):
        yield row, dict(zip(compared, mixed[number * len(mixed) // len(ids)], strict=True))


def _compared_texts(
    table: str, columns: Iterable[str], pack: Pack, used: NamesUsed
) -> dict[str, tuple[str, ...]]:
    """Return the texts that a pack compares columns of a table with, by column."""
    compared: dict[str, tuple[str, ...]] = {}
    for column in columns:
        words = _texts(f"{table}.{column}", pack, used)
        if words:
            compared[column] = words
    return compared


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
        left[column] = sorted(set(words) - taken, key=words.index)
    more = max(map(len, left.values()), default=0)
    for column, words in compared.items():
        left[column] = left[column] or [words[-1]]
    for number in range(more):
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


@frozen
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

    def with_table(self, table: str, rows: tuple[str, ...]) -> MadeUp:
        """Return the facts with a table of these rows, in which nothing stands yet."""
        tables = {**self.facts.tables, table: rows}
        return replace(self, facts=replace(self.facts, tables=tables))

    def with_list(self, name: str) -> MadeUp:
        """Return the facts with a list of two texts."""
        listed = {f"{name}.1": _fact(f"{name}.1", WORD), f"{name}.2": _fact(f"{name}.2", WORD)}
        facts = replace(self.facts, facts={**self.facts.facts, **listed})
        return replace(self, facts=facts).with_table(name, ("1", "2"))

    def with_row(self, table: str, row: str) -> MadeUp:
        """Return the facts with a row more, which is as the first row of its table."""
        first = f"{table}.{self.facts.tables[table][0]}."
        facts = dict(self.facts.facts)
        for key, fact in self.facts.facts.items():
            if key.startswith(first):
                copy = f"{table}.{row}.{key.removeprefix(first)}"
                facts[copy] = replace(fact, key=copy)
        rows = (*self.facts.tables[table], row)
        return replace(self, facts=replace(self.facts, facts=facts)).with_table(table, rows)

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
    keys = list(filter(_is_own, needs.facts))
    names = first_parts(keys)
    derived = _derived(pack)
    named = filter(lambda name: derived.isdisjoint(key_and_groups(name)), used.names)
    tables = own_tables(names, [*keys, *named], used.columns)
    made = MadeUp(facts)
    for name in names:
        if name in tables:
            made = _with_table(made, tables[name], pack, used)
        elif name in needs.lists:
            made = made.with_list(name)
        else:
            texts = _texts(name, pack, used)
            made = made.put(name, texts[0] if texts else first_value(name, used))
    return _with_row_ids(made, used)


def _with_row_ids(made: MadeUp, used: NamesUsed) -> MadeUp:
    """Return facts in which columns that name rows of another table name each of them in turn."""
    facts = dict(made.facts.facts)
    tables = made.facts.tables
    for column, kind in used.kinds.items():
        table, _, name = column.rpartition(".")
        ids = tables.get(kind.removeprefix(ROW_OF), ()) if kind.startswith(ROW_OF) else ()
        for row, row_id in zip(tables.get(table, ()), cycle(ids)):
            key = f"{table}.{row}.{name}"
            facts[key] = _fact(key, f"{_AS_TEXT}{row_id}")
    return replace(made, facts=replace(made.facts, facts=facts))


def _with_table(made: MadeUp, table: TableNeed, pack: Pack, used: NamesUsed) -> MadeUp:
    derived = set(keys_in(f"{table.name}.*", _derived(pack)))
    columns = tuple(dict.fromkeys(("id", "name", *table.columns)))
    rows = dict(rows_of(table.name, table.rows, columns, pack, used))
    made = made.with_table(table.name, tuple(rows))
    for column in columns:
        if column not in derived:
            name = f"{table.name}.{column}"
            made = made.put(name, first_value(name, used))
    facts = dict(made.facts.facts)
    for row, texts in rows.items():
        for column, text in (texts | {"id": row}).items():
            key = f"{table.name}.{row}.{column}"
            facts[key] = _fact(key, f"{_AS_TEXT}{text}")
    return replace(made, facts=replace(made.facts, facts=facts))


def _derived(pack: Pack) -> set[str]:
    """Return the keys of metrics."""
    return set(map(attrgetter("key"), pack.rules.metrics))


def _is_own(key: str) -> bool:
    return key.partition(".")[0] not in _NOT_OWN


def first_value(name: str, used: NamesUsed) -> str:
    """Return a value for a fact, or a column, of which only its use and its name are known."""
    kind = used.kinds.get(name, "")
    if kind == "path":
        return TEXT
    if kind == "date":
        return f"{YEAR}-06-30"
    unit = used.units.get(name, "") or unit_by_name(name)
    is_number = kind == "number" or (unit and not kind)
    return f"12.5{unit}" if is_number else f"{WORD}{name}"
