"""Gives what a document states the keys of facts and figures, and the form in which it is typed.

A value that is stated twice with two numbers is no value.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reportgen.compose.blank import BARE, DAY, FILE, JOINED, SIZE, UNKNOWN
from reportgen.features.adopt.adoption import NotTaken
from reportgen.features.adopt.cells import StatedValue
from reportgen.features.adopt.expected import INDEX, INSTEAD, Slot, label_of
from reportgen.features.adopt.narrative import SectionText, included_text
from reportgen.features.adopt.row_ids import NamelessRow, RowIds
from reportgen.features.adopt.schema_keys import PRIOR, leaf_of
from reportgen.flow.likely_units import unit_by_name
from reportgen.load.fields import Leaf, free_leaf
from reportgen.load.groups import FieldError, LeafType
from reportgen.model.frozen import frozen
from reportgen.model.pack import Pack
from reportgen.model.quantity import Quantity, QuantityError, exact, narrow, parse_quantity
from reportgen.model.source import SourceSpan
from reportgen.model.units import Unit, find_unit
from reportgen.project.yaml_editor import yaml_text
from reportgen.project.yaml_nodes import Scalar

_ROW = re.compile(r"#(\d+)([ab])")
_OF_LAST_YEAR = re.compile(r"prior\.row\.(\w+)")
_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_MONEY = frozenset(("亿元", "万元", "千元", "元"))
_LEVELS = ("row", "table", "pack")
"""What names the unit of a number that counts money; of one that may be anything, not its row."""
_JUDGED = frozenset(("manual", "qualitative", "by_nature", "checklist"))
"""The kinds of scoring rules of which a person types scores."""


@frozen
class KeyedValue:
    """A value with its key: as the document prints it and, for a fact, as it is typed in YAML.

    `value` is what two statements of it are compared by. A score that a rule works out has both, as
    a person types it where the rule lacks what it needs. One may stand `instead` of what the row
    has otherwise.
    """

    key: str
    printed: str
    yaml: str
    value: Quantity | str
    span: SourceSpan
    units: tuple[str, ...] = ()
    derived: bool = False
    instead: bool = False


@dataclass(slots=True)
class Keys:
    """What gives values their keys: the pack, what its loops have in common, ids, likely units.

    `files` are the texts that stand in files of their own, in the folder of the report.
    """

    pack: Pack
    chosen: Mapping[str, Mapping[str, str]]
    ids: RowIds
    units: Mapping[str, str]
    not_taken: list[NotTaken] = field(default_factory=list)
    folder: str = ""
    files: list[SectionText] = field(default_factory=list)

    def keyed(self, stated: Iterable[StatedValue]) -> Iterator[KeyedValue]:
        """Yield the values with their keys; those of rows with what their loop says of them."""
        values = list(self._keyed(stated))
        yield from self._of_last_rows(values)
        yield from values
        yield from self._declared(values)

    def _keyed(self, stated: Iterable[StatedValue]) -> Iterator[KeyedValue]:
        values = [value for value in stated if value.slot.key not in {UNKNOWN, INDEX}]
        rows = _by_row(values, self.chosen)
        ids = dict(self._ids(rows))
        for row, of_row in rows.items():
            yield from self._of_loop(row, of_row[0], ids)
        for value in values:
            row = _row_of(value, self.chosen)
            key = _ROW.sub(ids.get(row, ""), value.slot.key)
            key = f"{key.rstrip('.')}.{value.item}" if value.item and not row else key
            yield from self._typed(key, value)

    def _ids(self, rows: Mapping[str, Sequence[StatedValue]]) -> Iterator[tuple[str, str]]:
        """Yield the id of each row."""
        totals = Counter(map(self._place, rows.values()))
        times: Counter[tuple[str, str]] = Counter()
        for row, values in rows.items():
            place = self._place(values)
            times[place] += 1
            tables = dict.fromkeys(map(_table_of, values))
            nameless = NamelessRow(times[place], totals[place], _stated_texts(values))
            yield row, self.ids.id_of(list(tables), self._name(values), times[place], nameless)

    def _place(self, values: Sequence[StatedValue]) -> tuple[str, str]:
        """Return the list of the document that a row stands in, and what it is called there."""
        list_of = values[0].row.partition(".")[0] + _number(values[0])
        return list_of, label_of(self._name(values))

    def _name(self, values: Sequence[StatedValue]) -> str:
        names = (value.text for value in values if value.slot.key.endswith(".name"))
        return next(names, "") or self.chosen.get(_number(values[0]), {}).get("name", "")

    def _of_loop(
        self, row: str, value: StatedValue, ids: Mapping[str, str]
    ) -> Iterator[KeyedValue]:
        """Yield what the loop of a row says of it: its category, its name."""
        table = value.slot.key.partition(".#")[0]
        for column, text in self.chosen.get(_number(value), {}).items():
            other = _ROW.search(text)
            said = text if other is None else ids.get(f"sheet {other[1]}", "")
            if said:
                key = f"{table}.{ids[row]}.{column}"
                yield KeyedValue(key, said, yaml_text(said), said, value.span)

    def _declared(self, values: Iterable[KeyedValue]) -> Iterator[KeyedValue]:
        """Yield what rows must hold as the pack declares it: the one value of a column."""
        rows: dict[str, SourceSpan] = {}
        for value in values:
            rows.setdefault(value.key.rpartition(".")[0], value.span)
        for declared in self.pack.rules.values:
            span = rows.get(declared.key.rpartition(".")[0])
            if span is not None and len(declared.texts) == 1:
                stated = StatedValue(Slot(declared.key), declared.texts[0], span, "")
                yield from self._typed(declared.key, stated)

    def _of_last_rows(self, values: Iterable[KeyedValue]) -> Iterator[KeyedValue]:
        """Yield what rows of last year are called and sorted by: as the same rows of this year."""
        known: dict[str, KeyedValue] = {}
        for value in values:
            known[value.key] = value
        for key in list(known):
            if not key.startswith(PRIOR):
                continue
            row = key.removeprefix(PRIOR).rpartition(".")[0]
            for column in ("name", "category"):
                of_row = known.get(f"{row}.{column}")
                if of_row is not None:
                    yield replace(of_row, key=f"{PRIOR}{of_row.key}")

    def _typed(self, key: str, value: StatedValue) -> Iterator[KeyedValue]:
        """Yield a value as it is typed, or printed where a rule works it out."""
        last = self._of_last_year(key)
        if self.is_derived(key) and not last:
            yield self._worked_out(key, value)
            return
        if value.slot.how == SIZE or value.slot.how.startswith(JOINED):
            self._refuse(value, "@unclear")
            return
        is_file = value.slot.how == FILE
        typed = self._file(key, value) if is_file else self._fact(last or key, value)
        if isinstance(typed, str):
            self._refuse(value, typed)
        else:
            yield replace(typed, instead=value.slot.how == INSTEAD)

    def _worked_out(self, key: str, value: StatedValue) -> KeyedValue:
        """Return what a rule works out, a score as a person would type it."""
        units = tuple(unit for _, unit in value.units)
        typed = self._fact(key, value) if self._is_scored(key) else ""
        yaml = "" if isinstance(typed, str) else typed.yaml
        return KeyedValue(key, value.text, yaml, value.text, value.span, units, derived=True)

    def _is_scored(self, key: str) -> bool:
        return any(_is_key_of(f"{scoring.row}.score", key) for scoring in self.pack.rules.scorings)

    def _refuse(self, value: StatedValue, why: str) -> None:
        self.not_taken.append(NotTaken(value.text, value.span, why))

    def is_derived(self, key: str) -> bool:
        """Return whether a metric or a scoring rule gives the value of a key."""
        return any(_is_key_of(name, key) for name in self._derived())

    def _derived(self) -> Iterator[str]:
        for metric in self.pack.rules.metrics:
            yield metric.key
            yield from (f"{metric.key}.{measure}" for measure in metric.each)
        kinds = {rule.name: rule.kind for rule in self.pack.rules.standards}
        for scoring in self.pack.rules.scorings:
            if kinds.get(scoring.rule) not in _JUDGED:
                yield f"{scoring.row}.score"

    def _of_last_year(self, key: str) -> str:
        """Return the key of last year that a metric takes as it is, empty for none."""
        if key in self._derived():
            return ""
        for metric in self.pack.rules.metrics:
            match = _OF_LAST_YEAR.fullmatch(metric.formula.text.strip())
            if match is not None and _is_key_of(metric.key, key):
                return f"{PRIOR}{key.rpartition('.')[0]}.{match[1]}"
        return ""

    def _fact(self, key: str, value: StatedValue) -> KeyedValue | str:
        """Return a fact as it is typed, or why it cannot be."""
        text = " ".join(value.text.split())
        if "{" in text or "}" in text:
            return "@braces"
        if value.slot.how == DAY:
            text = _iso(text)
        leaf = leaf_of(key)
        try:
            if leaf is None:
                return self._free(key, text, value)
            return _of_schema(key, text, value, leaf)
        except (FieldError, QuantityError):
            return "@no_such_value"

    def _file(self, key: str, value: StatedValue) -> KeyedValue:
        """Return the path of a file of its own for a text, which becomes the file."""
        table, row, _ = key.split(".")
        path = f"{self.folder}/narrative/{table}/{row}.md"
        self.files.append(included_text(path, value.text, value.span))
        return KeyedValue(key, value.text, path, path, value.span)

    def _free(self, key: str, text: str, value: StatedValue) -> KeyedValue | str:
        """Return a fact of the pack's own, with its unit."""
        if value.slot.how == BARE:
            unit = self._unit_of(key, value)
            if unit is None:
                return "@no_unit"
            text = parse_quantity(text, unit).text
        typed = free_leaf(Scalar(text, value.span)).value or ""
        if isinstance(typed, Quantity):
            return KeyedValue(key, value.text, text, typed, value.span)
        return KeyedValue(key, value.text, _quoted(text), typed, value.span)

    def _unit_of(self, key: str, value: StatedValue) -> Unit | None:
        """Return the unit in which a number without one counts, None where nobody says it."""
        stated = dict(reversed(value.units))
        return find_unit(stated["column"]) if "column" in stated else self._likely(key, value)

    def _likely(self, key: str, value: StatedValue) -> Unit | None:
        """Return the unit that a key seems to have, money in the unit of the table."""
        column = _ROW.sub("*", re.sub(r"\.\w+_\d+\.", ".", key))
        likely = self.units.get(column) or self.units.get(key) or unit_by_name(key)
        if likely and likely not in _MONEY:
            return find_unit(likely)
        money = (
            unit for level, unit in value.units if unit in _MONEY and (likely or level != "row")
        )
        return find_unit(next(money, likely))


def _iso(text: str) -> str:
    match = _DATE.fullmatch(text)
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else text


def _quoted(text: str) -> str:
    """Return a text as YAML, in quotes where it would be read as an amount."""
    return yaml_text(text, quoted=re.match(r"[-+约近超逾≥≤<>=]*\d", narrow(text)) is not None)


def _by_row(
    values: Iterable[StatedValue], chosen: Mapping[str, Mapping[str, str]]
) -> dict[str, list[StatedValue]]:
    """Return the values of each row of a loop."""
    rows: dict[str, list[StatedValue]] = {}
    for value in values:
        row = _row_of(value, chosen)
        if row:
            rows.setdefault(row, []).append(value)
    return rows


def _stated_texts(values: Iterable[StatedValue]) -> dict[str, dict[str, str]]:
    """Return the texts of a row of the document by table and column, as they stand."""
    texts: dict[str, dict[str, str]] = {}
    for value in values:
        if value.slot.how in {"", INSTEAD}:
            column = _ROW.split(value.slot.key)[-1].removeprefix(".")
            texts.setdefault(_table_of(value), {})[column] = label_of(value.text)
    return texts


def _table_of(value: StatedValue) -> str:
    return value.slot.key.partition(".#")[0]


def _number(value: StatedValue) -> str:
    match = _ROW.search(value.slot.key)
    return match[1] if match else ""


def _row_of(value: StatedValue, chosen: Mapping[str, Mapping[str, str]]) -> str:
    """Return the name of the row of a loop that a value stands in, empty for an item or no row."""
    match = _ROW.search(value.slot.key)
    if match is None or _is_item(value, match):
        return ""
    said = chosen.get(match[1], {})
    if "id" in said:
        return f"sheet {match[1]}"
    return f"loop {match[1]}" if "name" in said else f"{value.row}{_item_of(value)}{match[2]}"


def _item_of(value: StatedValue) -> str:
    return f".{value.item}" if value.item else ""


def _is_item(value: StatedValue, row: re.Match[str]) -> bool:
    """Return whether a value is an item of a list, and no cell of a row."""
    return value.item > 0 and row.end() == len(value.slot.key)


def _is_key_of(name: str, key: str) -> bool:
    """Return whether a key is the one of a metric, in which `*` stands for a row."""
    if "*" not in name:
        return name == key
    parts, own = name.split("."), key.split(".")
    return len(parts) == len(own) and all(a in {"*", b} for a, b in zip(parts, own, strict=True))


# Values of the schema


def _of_schema(key: str, text: str, value: StatedValue, leaf: LeafType) -> KeyedValue | str:
    """Return a fact of the schema as it is typed there: an amount in the unit of its field."""
    default = find_unit(str(leaf.schema.get("description", "")).rpartition("：")[2])
    if default is None or not default.symbol:
        typed = leaf.read(Scalar(text, value.span, plain=False))
        said = typed.value if isinstance(typed, Leaf) else str(typed)
        is_date = re.fullmatch(r"\d{4}-\d\d-\d\d", text) is not None
        return KeyedValue(
            key, value.text, text if is_date else _quoted(text), said or "", value.span
        )
    unit = _unit_of_field(default, value)
    if unit is None:
        return "@other_unit"
    quantity = parse_quantity(text, unit)
    if quantity.unit.dimension != default.dimension:
        return "@other_unit"
    yaml = _in_unit(quantity, default)
    leaf.read(Scalar(yaml, value.span))
    return KeyedValue(key, value.text, yaml, quantity, value.span)


def _unit_of_field(default: Unit, value: StatedValue) -> Unit | None:
    """Return the unit of a bare number in a field; None where its column names another kind."""
    for level, symbol in value.units:
        unit = find_unit(symbol)
        if unit is not None and unit.dimension == default.dimension:
            return unit
        if level == "column":
            return None
    return default


def _in_unit(quantity: Quantity, default: Unit) -> str:
    """Return an amount as it is typed in a field of a unit: exact, without that unit."""
    if not quantity.shape.is_exact:
        return quantity.text
    if quantity.unit == default:
        return replace(quantity, unit=replace(default, symbol="")).text
    return exact(quantity.value / default.factor)
