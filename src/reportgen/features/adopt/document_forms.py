"""Makes the tables of a document forms of a pack: HTML in which numbers are facts by name.

What a cell says stays as it is unless it is a number or a sentence: these change from year to
year. A fact is named by the heads of its row and its column.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
from itertools import product
from operator import attrgetter
from typing import NamedTuple

from reportgen.features.adopt.narrative import clean_text
from reportgen.language.personal import kind_of
from reportgen.load.form_labels import fact_of, plain
from reportgen.load.groups import fields_of
from reportgen.load.schema import RESERVED, Year
from reportgen.model.frozen import frozen
from reportgen.model.quantity import QuantityError, parse_quantity
from reportgen.model.reading import ReadCell, ReadTable

_LONGEST_LABEL = 24
"""Characters of a cell that may still be a label."""
_UNIT = re.compile(r"[（(：:]\s*(亿元|万元|千元|元|%|％|㎡|平方米|人|个|分)\s*(?:[)）]|$)")
"""How a head says in which unit its numbers are."""
_NOT_IN_NAMES = re.compile(r"[（(【\[].*?[)）】\]]|[\W_]+")
_NUMBERED = re.compile(
    r"^(?:[（(]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[)）]?[、.．)）]|其中[:：]?)+"
)
_CHANGING = re.compile(r"20[0-9]{2}|[{}\n]")
"""What a label holds that another year, or another way of breaking lines, has not."""
_STATED = re.compile(r"[≥≤><＞＜=＝]|[约近超]?\s*(?!(?:19|20)[0-9]{2}\s*年)[0-9]")
"""How a cell begins that states a number: ≥90%, 12个月内."""
_ANSWERED = re.compile("(?:指标|完成|目标|计划)值$|情况$|得分$|分值$|原因|措施|备注|姓名|职务|职称")
"""Heads of columns in which units write, in words too."""
_SIGNED = re.compile("签字|签章|盖章|意见")
"""What is written by hand."""
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_DAY = re.compile("[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日")
_MOST_HEAD_ROWS = 3
_NARROWEST, _WIDEST = 6, 30
"""Parts of the width of a form that a column has."""


class FactNames:
    """The names that facts of a pack have so far; the report is of a `year` and a `unit`."""

    def __init__(self, year: int, unit: str = "") -> None:
        self.year = year
        self.unit = unit
        self._taken: dict[str, int] = {}

    def name(self, row: str, column: str, table: str) -> str:
        """Return a name by the heads of a row and of a column that no other fact has."""
        heads = (_words(self._without_years(row)), _words(self._without_years(column)))
        wanted = "_".join(dict.fromkeys(filter(None, heads)))
        if not is_free_name(wanted):
            wanted = f"{table}_{wanted}".rstrip("_")
        while wanted in self._taken:
            self._taken[wanted] += 1
            wanted = f"{wanted}_{self._taken[wanted]}"
        self._taken[wanted] = 1
        return wanted

    def _without_years(self, label: str) -> str:
        """Return a label without the year it is of; of the year before it says that it is."""
        return label.replace(f"{self.year - 1}年", "上年").replace(f"{self.year}年", "")

    def known(self, label: str, text: str) -> str:
        """Return what prints a text behind a label that every report has, empty for others."""
        fact = fact_of(label)
        fits = {"unit.name": self.unit in {"", text}, "year": text == str(self.year)}
        if fact.endswith("day"):
            return fact if _DAY.fullmatch(text) else ""
        return fact if fits.get(fact, True) else ""

    def filled(self, text: str) -> str:
        """Return a text with names for the year, the one before and the unit."""
        text = re.sub(rf"{self.year}(?=\s*年)", "{{ year }}", text)
        text = re.sub(rf"{self.year - 1}(?=\s*年)", "{{ prior.year }}", text)
        return text.replace(self.unit, "{{ unit.name }}") if self.unit else text


def is_free_name(text: str) -> bool:
    """Return whether a free fact may have a name, and a template can write it."""
    return text.isidentifier() and text not in RESERVED and text not in fields_of(Year)


def _words(label: str) -> str:
    """Return a label as it may stand in a name: without numbers, signs, what is in brackets."""
    squeezed = _NOT_IN_NAMES.sub("", _NUMBERED.sub("", "".join(label.split())))
    return "".join(filter(_may_stand_in_name, squeezed))[:_LONGEST_LABEL]


def _may_stand_in_name(char: str) -> bool:
    return f"a{char}".isidentifier()


@frozen
class FormValue:
    """A cell that prints a fact: its key, `how` it is printed (`number`, `day`), its unit."""

    key: str
    how: str
    cell: ReadCell
    unit: str = ""

    @property
    def expression(self) -> str:
        """Return what prints it."""
        return f"{self.key} | {self.how}" if self.how else self.key


@frozen
class DocumentForm:
    """A table as a form: its name, HTML, columns, prescribed texts, and the facts in its cells."""

    name: str
    html: str
    columns: int
    labels: tuple[str, ...]
    values: tuple[FormValue, ...]


def without_facts(html: str, missing: Iterable[FormValue], names: FactNames) -> str:
    """Return a form in which some facts are texts as they stood; what is a person's is left out."""
    for value in missing:
        is_personal = kind_of(value.key) is not None
        text = "" if is_personal else _text(value.cell, names)
        html = html.replace(f">{{{{ {value.expression} }}}}<", f">{text}<")
    return html


def document_form(table: ReadTable, number: int, title: str, names: FactNames) -> DocumentForm:
    """Return a table as a form whose facts have `names` of their own."""
    table = replace(table, cells=tuple(_whole(table)))
    filled = tuple(_filled_in(table))
    head = _head_rows(table, filled)
    values = tuple(_values(table, filled, f"表{number}", names))
    keys = dict(zip(map(attrgetter("cell"), values), values, strict=True))
    scopes = _scopes(table, filled)
    lines = [
        "<table>",
        f"<caption>{_escaped(title or f'表{number}')}</caption>",
        _columns(table),
        *_section("thead", range(head), table, {}, names, {}),
        *_section("tbody", range(head, table.height), table, keys, names, scopes),
        "</table>\n",
    ]
    labels = [cell.text.strip() for cell in table.cells if cell.row < head]
    html = "\n".join(lines)
    return DocumentForm(f"table{number}", html, table.width, tuple(_prescribed(labels)), values)


def _scopes(table: ReadTable, filled: Iterable[_Labelled]) -> dict[ReadCell, str]:
    """Return what the cells that label others are the heads of, and those of the first column."""
    scopes = {cell: "row" for cell in table.cells if cell.column == 0 and cell.text.strip()}
    for each in filled:
        scopes.pop(each.cell, None)
        if each.above is not None:
            scopes.setdefault(each.above, "col")
        if each.on_left is not None:
            scopes[each.on_left] = "row"
    return scopes


class _Labelled(NamedTuple):
    """A cell that a unit has filled in, with the cells that label it on its left and above it."""

    cell: ReadCell
    on_left: ReadCell | None
    above: ReadCell | None

    @property
    def row(self) -> str:
        """Return the label on its left."""
        return self.on_left.text if self.on_left is not None else ""

    @property
    def column(self) -> str:
        """Return the label above it."""
        return self.above.text if self.above is not None else ""


def _values(
    table: ReadTable, filled: Iterable[_Labelled], name: str, names: FactNames
) -> Iterator[FormValue]:
    """Yield the cells whose text is a fact's, but for those that name the unit and say more."""
    for each in filled:
        cell, row, column = each.cell, each.row, each.column
        key, _, how = names.known(row, cell.text.strip()).partition(" | ")
        if key:
            yield FormValue(key, how, cell)
        elif not (names.unit and names.unit in cell.text):
            unit = _UNIT.search(f"{row}{column}{table.caption}{table.unit_note}")
            is_bare = unit is not None and is_number(cell.text)
            key = names.name(row, column, name)
            yield FormValue(key, "number" if is_bare else "", cell, unit[1] if unit else "")


def _filled_in(table: ReadTable) -> Iterator[_Labelled]:
    """Yield the cells that a unit has filled in; labels are those that it has not."""
    labels: dict[tuple[int, int], ReadCell] = {}
    for cell in table.cells:
        each = _Labelled(cell, _on_left(cell, labels), _above(cell, labels))
        if _is_filled_in(cell, each.row, each.column):
            yield each
        elif cell.text.strip():
            rows = range(cell.row, cell.row + cell.rowspan)
            columns = range(cell.column, cell.column + cell.colspan)
            labels.update(dict.fromkeys(product(rows, columns), cell))


_Labels = Mapping[tuple[int, int], ReadCell]


def _on_left(cell: ReadCell, labels: _Labels) -> ReadCell | None:
    columns = range(cell.column - 1, -1, -1)
    return next(filter(None, (labels.get((cell.row, column)) for column in columns)), None)


def _above(cell: ReadCell, labels: _Labels) -> ReadCell | None:
    rows = range(cell.row - 1, -1, -1)
    return next(filter(None, (labels.get((row, cell.column)) for row in rows)), None)


def _is_filled_in(cell: ReadCell, row: str, column: str) -> bool:
    """Return whether a unit has written what a cell says: a value, in words too, a person."""
    text = cell.text.strip()
    if not text or _SIGNED.search(text):
        return False
    if _is_value(text):
        return True
    if _asks(text):
        return False
    is_answer = cell.column > 0 and _ANSWERED.search(_line(column)) is not None
    return is_answer or _is_of_person(row) or _is_of_person(column) or fact_of(row) != ""


def _asks(text: str) -> bool:
    """Return whether a text is the label of what somebody has to fill in."""
    return _is_of_person(text) or fact_of(text) != "" or _ANSWERED.search(_line(text)) is not None


def _is_of_person(label: str) -> bool:
    return label != "" and kind_of(plain(label)) is not None


def _prescribed(labels: Iterable[str]) -> Iterator[str]:
    """Yield the labels that stand there every year."""
    for label in labels:
        if label and not _CHANGING.search(label):
            yield label


def _whole(table: ReadTable) -> Iterator[ReadCell]:
    """Yield the cells of a table, as wide as there is room, with blank ones where none stood."""
    taken: set[tuple[int, int]] = set()
    given = {(cell.row, cell.column): cell for cell in table.cells}
    for row, column in product(range(table.height), range(table.width)):
        if (row, column) in taken:
            continue
        blank = ReadCell("", row, column, table.span)
        cell = _clipped(given.get((row, column), blank), table, taken)
        rows = range(row, row + cell.rowspan)
        taken.update(product(rows, range(column, column + cell.colspan)))
        yield cell


def _clipped(cell: ReadCell, table: ReadTable, taken: Container[tuple[int, int]]) -> ReadCell:
    """Return a cell that goes no farther than the table and the cells before it leave room."""
    width = 1
    while width < cell.colspan and (cell.row, cell.column + width) not in taken:
        width += 1
    width = min(width, table.width - cell.column)
    return replace(cell, colspan=width, rowspan=min(cell.rowspan, table.height - cell.row))


def is_number(text: str) -> bool:
    """Return whether a cell holds a number and nothing else, with its unit or without."""
    try:
        parse_quantity("".join(text.split()))
    except QuantityError:
        return False
    return True


def _is_value(text: str) -> bool:
    """Return whether a text changes from year to year: a number or a sentence."""
    is_stated = _STATED.match(text) is not None and _NUMBERED.match(text) is None
    return is_stated or is_number(text) or len(text) > _LONGEST_LABEL


def _head_rows(table: ReadTable, filled: Iterable[_Labelled]) -> int:
    """Return how many rows say what the columns are: those above the first value, if few.

    None do where a cell of theirs goes on below them.
    """
    first = min((each.cell.row for each in filled), default=1)
    if not first or table.height == 1:
        return 0
    head = min(first if first <= _MOST_HEAD_ROWS else 1, table.height - 1)
    goes_on = any(cell.row < head < cell.row + cell.rowspan for cell in table.cells)
    return 0 if goes_on else head


def _columns(table: ReadTable) -> str:
    """Return the columns with widths by their longest words."""
    longest = [_NARROWEST] * table.width
    for cell in table.cells:
        if cell.colspan == 1:
            lines = cell.text.split("\n")
            longest[cell.column] = max(longest[cell.column], *map(len, lines))
    widths = "".join(f'<col width="{min(width, _WIDEST)}">' for width in longest)
    return f"<colgroup>{widths}</colgroup>"


def _section(
    tag: str,
    rows: Sequence[int],
    table: ReadTable,
    keys: Mapping[ReadCell, FormValue],
    names: FactNames,
    scopes: Mapping[ReadCell, str],
) -> Iterator[str]:
    """Yield the lines of a head or a body."""
    if not rows:
        return
    yield f"<{tag}>"
    for row in rows:
        line = ""
        for cell in table.cells:
            if cell.row == row:
                scope = "col" if tag == "thead" else scopes.get(cell, "")
                line += _cell(cell, scope, _content(cell, keys, names))
        yield f"<tr>{line}</tr>"
    yield f"</{tag}>"


def _content(cell: ReadCell, keys: Mapping[ReadCell, FormValue], names: FactNames) -> str:
    """Return what a cell prints: a fact, or its text as it is."""
    if cell in keys:
        return f"{{{{ {keys[cell].expression} }}}}"
    return _text(cell, names)


def _text(cell: ReadCell, names: FactNames) -> str:
    """Return the text of a cell as it is."""
    return "<br>".join(names.filled(_escaped(line)) for line in cell.text.strip().split("\n"))


def _cell(cell: ReadCell, scope: str, content: str) -> str:
    """Return a cell, which is the head of its row or column by a `scope`."""
    spans = _span("colspan", cell.colspan) + _span("rowspan", cell.rowspan)
    if scope == "col":
        return f'<th scope="col" class="center"{spans}>{content}</th>'
    if scope == "row":
        return f'<th scope="row"{spans}>{content}</th>'
    return f"<td{spans}>{content}</td>"


def _span(name: str, count: int) -> str:
    return f' {name}="{count}"' if count > 1 else ""


def _escaped(line: str) -> str:
    """Return a line as it may stand in HTML that is a template, without tags of other templates."""
    text = _TAG.sub("", clean_text(line))
    return re.sub("[{}]", r'{{ "\g<0>" }}', escape(text, quote=False))


def _line(text: str) -> str:
    return "".join(text.split())
