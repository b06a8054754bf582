"""Composes a pack without any facts: where a value would be printed stands the key it has.

What the pack prescribes, its headings, tables and sentences, comes out as it does in every report
by it, so that a document of others can be held to it. A table has two rows, of which the second
says how the rows that follow are printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import Any

import jinja2
from jinja2 import pass_context
from jinja2.utils import missing

from reportgen.compose.document import Composer
from reportgen.compose.environment import Environment
from reportgen.compose.errors import ERRORS, TemplateReader
from reportgen.compose.filters import WHERE_ANY
from reportgen.compose.form_sheets import ROW
from reportgen.compose.sums import SUM
from reportgen.compose.tokens import Tokens
from reportgen.compose.view import View
from reportgen.findings import Diagnostics
from reportgen.model.disclosed import Disclosed
from reportgen.model.document import Block, Document, Table, Value
from reportgen.model.figures import Ledger
from reportgen.model.frozen import frozen
from reportgen.model.pack import Pack
from reportgen.model.source import Formula, SourceSpan

FIRST, NEXT = "a", "b"
"""What the numbers of the two rows of a loop end with: `funds.#3a.name`, `funds.#3b.name`."""
UNKNOWN = "?"
"""The key of what a template prints and no single key stands for."""
WHOLE_SPAN = "997"
"""What a number is in an attribute: more rows than there are, as nobody knows how many."""
BARE, DAY, SIZE, FILE, JOINED = "number", "day", "size", "file", "joined:"
"""How values are printed: without unit, as a date, without sign, as the text of the file whose path
they are, as a list (before what parts its items). Anything else is the symbol of a unit."""
MARK = "\u2060"
"""What stands around a key where a title keeps no values apart from its text."""
LAST_YEAR = "prior.year"
INCLUDED = "_included"


@dataclass(frozen=True, slots=True, eq=False)
class BlankValue:
    """What stands at a key, be it a value, a group or a table; `how` says how it is printed."""

    key: str
    how: str = ""

    def child(self, name: object) -> BlankValue:
        """Return what stands under a name, or in the row of an id."""
        if isinstance(name, BlankValue):
            row, _, last = name.key.rpartition(".")
            number = row.rpartition(".")[2]
            is_row = last == "id" and number.startswith("#")
            return BlankValue(f"{self.key}.{number}") if is_row else BlankValue(UNKNOWN)
        return BlankValue(UNKNOWN if self.key == UNKNOWN else f"{self.key}.{name}")


class BlankRows(list[Any]):
    """The rows that a loop goes over, of the table at a key."""


@frozen
class BlankReport:
    """A document of keys, the tables of its forms, what the rows of each loop have in common.

    `tables` are those of all forms of the pack, those too that the texts of a unit place. `chosen`
    holds the texts in columns by the number of the loop.
    """

    document: Document
    tables: tuple[Table, ...]
    chosen: Mapping[str, Mapping[str, str]]


def compose_blank(
    pack: Pack, year: int, source: TemplateReader, forms: Iterable[str], *, blank: bool = False
) -> BlankReport:
    """Return what a pack with the `forms` prescribes, whose texts `source` reads.

    With `blank` it is as for a report of which every value is left out. What cannot be composed
    without facts is left out of it.
    """
    ledger = Ledger(year)
    log = Diagnostics()
    environment = _BlankEnvironment(source, Tokens(), View.of(ledger), log)
    environment.without_values = blank
    if pack.each is not None:
        (environment.context[ROW],) = environment.rows(BlankValue(pack.each.text), id="")
    composer = Composer(Disclosed(ledger, "submit"), pack, "-", environment, log)
    document = composer.document("")
    tables = [block for block in _blocks(document) if isinstance(block, Table)]
    environment.context["form"] = environment.globals["form"]
    placed = {table.span.path for table in tables}
    for name in forms:
        if not any(path.endswith((f"/{name}.html", f"/{name}.docx")) for path in placed):
            tables += _tables(environment, name)
    return BlankReport(document, tuple(tables), environment.chosen)


def _blocks(document: Document) -> Iterator[Block]:
    """Yield the blocks of a document and of its annexes."""
    yield from document.blocks
    for annex in document.annexes:
        yield from annex.blocks


def _tables(environment: Environment, name: str) -> Iterator[Table]:
    """Yield the tables of a form that no text of the pack places, none of one that needs facts."""
    try:
        placed = environment.line(Formula(f'{{{{ form("{name}") }}}}', SourceSpan(name)))
    except ERRORS:
        return
    for block in environment.tokens.form(placed):
        if isinstance(block, Table):
            yield block


class _BlankContext(jinja2.runtime.Context):
    """Knows every name: what no template sets stands for the key of that name."""

    def resolve_or_missing(self, key: str) -> Any:  # noqa: ANN401 - Jinja's own signature
        found = super().resolve_or_missing(key)
        if found is not missing:
            return found
        if key == INCLUDED and isinstance(self.environment, _BlankEnvironment):
            return self.environment.included
        return BlankValue(key)


class _BlankEnvironment(Environment):
    """Templates over keys; `chosen` are the texts in columns of the rows of each loop.

    `included` is the path of the file that is included last.
    """

    context_class = _BlankContext

    def __init__(
        self, source: TemplateReader, tokens: Tokens, view: View, log: Diagnostics
    ) -> None:
        super().__init__(source, tokens, view, log)
        self.without_values = False
        self.included = BlankValue(UNKNOWN)
        self.chosen: dict[str, dict[str, str]] = {}
        self._numbers = count(1)
        self.context = {"year": str(view.ledger.year)}
        self.filters |= {
            "where": self._where,
            WHERE_ANY: self._where,
            "groups": self._groups,
            "ordered": self._ordered,
            "halves": self._halves,
            "length": _length,
            "join": self._list_of,
            SUM: _unknown_sum,
            "trend": _unknown,
            "number": partial(_printed_as, BARE),
            "day": partial(_printed_as, DAY),
            "in_unit": _in_unit,
            "places": _as_it_is,
            "size": partial(_printed_as, SIZE),
            "thousands": _as_it_is,
        }
        self.tests |= {"positive": _always, "zero": _never, "negative": _never}
        self.tests |= {"blank": self._is_blank, "defined": self._is_given}

    def _child(self, obj: object, name: Any) -> Any:  # noqa: ANN401 - as in the environment itself
        if isinstance(obj, BlankValue):
            child = obj.child(name)
            return str(self.view.ledger.year - 1) if child.key == LAST_YEAR else child
        return BlankValue(UNKNOWN) if isinstance(name, BlankValue) else super()._child(obj, name)

    def each(self, values: object) -> Iterator[object]:
        """Yield the two rows of a table, or what else a loop goes over."""
        return super().each(self.rows(values) if isinstance(values, BlankValue) else values)

    def printed(self, value: object) -> object:
        """Return the token of a key, which stands for the value that has it."""
        if not isinstance(value, BlankValue):
            return super().printed(value)
        text = WHOLE_SPAN if value.how == BARE else f"{MARK}{value.key}{MARK}"
        return self.token((Value(text, value.how, value.key),))

    def get_or_select_template(
        self,
        template_name_or_list: Any,  # noqa: ANN401 - a key, beside what Jinja takes
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's own name
    ) -> jinja2.Template:
        """Return the template to include; one whose path stands in a fact prints that fact."""
        if isinstance(template_name_or_list, BlankValue):
            self.included = replace(template_name_or_list, how=FILE)
            return self.template(f"{{{{ {INCLUDED} }}}}", SourceSpan(INCLUDED))
        return super().get_or_select_template(template_name_or_list, parent, globals)

    def _is_blank(self, _value: object) -> bool:
        return self.without_values

    def _is_given(self, _value: object) -> bool:
        return not self.without_values

    def rows(self, table: object, **wanted: object) -> BlankRows:
        """Return two rows of a table, or the one that has a certain name or id."""
        number = str(next(self._numbers))
        self.chosen[number] = {name: _text(value) for name, value in wanted.items()}
        key = table.key if isinstance(table, BlankValue) else UNKNOWN
        ends = FIRST if wanted.keys() & {"id", "name"} else FIRST + NEXT
        return BlankRows(BlankValue(f"{key}.#{number}{end}") for end in ends)

    def _where(self, rows: object, **wanted: object) -> BlankRows:
        if not isinstance(rows, BlankRows):
            return self.rows(rows, **wanted)
        first = rows[0].key
        number = first.rpartition("#")[2].rstrip(FIRST + NEXT)
        table = BlankValue(first.rpartition(".")[0])
        return self.rows(table, **{**self.chosen.get(number, {}), **wanted})

    def _listed_rows(self, rows: object) -> BlankRows:
        return rows if isinstance(rows, BlankRows) else self.rows(rows)

    def _groups(self, rows: object, name: str) -> list[tuple[BlankValue, BlankRows]]:
        """Return each row as a group of its own."""
        return [(row.child(name), BlankRows([row])) for row in self._listed_rows(rows)]

    def _ordered(self, rows: object, _name: str) -> BlankRows:
        return self._listed_rows(rows)

    def _halves(self, rows: object) -> list[tuple[BlankValue, BlankValue]]:
        first, *others = self._listed_rows(rows)
        return [(first, others[0] if others else first)]

    def _list_of(self, values: object, separator: object = "") -> BlankValue:
        """Return all items of a list as one, which the separator parts."""
        key = values.key if isinstance(values, BlankValue) else UNKNOWN
        return BlankValue(key, f"{JOINED}{separator}")


def _text(value: object) -> str:
    return value.key if isinstance(value, BlankValue) else str(value)


def _printed_as(how: str, value: object) -> BlankValue:
    return replace(value, how=how) if isinstance(value, BlankValue) else BlankValue(UNKNOWN)


def _in_unit(value: object, symbol: object) -> BlankValue:
    return _printed_as(str(symbol), value)


def _as_it_is(value: object, *_: object) -> object:
    return value


def _unknown(*_: object, **__: object) -> BlankValue:
    return BlankValue(UNKNOWN)


@pass_context
def _unknown_sum(_context: jinja2.runtime.Context, *_: object, **__: object) -> BlankValue:
    """Return an unknown value; it takes the context, as compiled templates are kept for all."""
    return BlankValue(UNKNOWN)


def _always(_value: object) -> bool:
    return True


def _never(_value: object) -> bool:
    return False


def _length(_rows: object) -> int:
    return int(WHOLE_SPAN)
