"""The empty cells of the tables of a form: named by the heads of their row and their column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, product
from typing import TypeGuard

from lxml import etree

from reportgen.features.packs.blanks import BOX, FormReader, code_of, is_signed
from reportgen.load.form_labels import fact_of, key_of, line_of, plain
from reportgen.wordfile.filling import RowCopy
from reportgen.wordfile.paragraphs import WordParagraph
from reportgen.wordfile.tables import WordCell, WordTable, local, read_table

_LEAST_REPEATED = 2
"""How many rows without words in a table are rows to repeat."""
_LONGEST_LABEL = 40
_WORD = re.compile(r"[^\W\d_]")
_NOTHING = re.compile(r"[\s…\-—－/／.。]*|\s*\d{1,2}\s*")
"""What a cell of a row to repeat may hold and say nothing: its number, dots, dashes."""
_NUMBER = re.compile(r"\s*\d{1,2}\s*")
_AMOUNTS = frozenset(["initial", "budget", "received", "outturn", "amount"])
_UNIT = re.compile(r"[（(][^（）()]*(?:万元|亿元|元)[^（）()]*[）)]")
_THINGS = frozenset("drawing pict object tbl sdt fldSimple".split())
"""What may stand in a cell without being text."""


def read_tables(reader: FormReader) -> None:
    """Find the empty cells of all tables of a form."""
    for name in reader.file.text_parts:
        part = reader.file.part(name)
        for element in part.root.iter(f"{part.namespace}tbl"):
            if element.find(".//{*}p") in reader.by_element:
                _Table(read_table(element), reader).read()


@dataclass(frozen=True, slots=True, eq=False)
class _Cell:
    """A cell with its first paragraph, its words, and whether it holds nothing at all."""

    cell: WordCell
    paragraph: WordParagraph
    text: str
    bare: bool

    @property
    def is_label(self) -> bool:
        """Return whether its words say what stands beside or below it."""
        is_short = len(self.text) <= _LONGEST_LABEL
        return is_short and _WORD.search(self.text) is not None and not BOX.search(self.text)

    @property
    def is_empty(self) -> bool:
        """Return whether something is to be written into it."""
        return self.bare and not self.text.strip()


class _Table:
    """A table that is read for its empty cells."""

    def __init__(self, table: WordTable, reader: FormReader) -> None:
        self.reader = reader
        self.rows = len(table.rows)
        self.cells = list(filter(None, (_cell(each, reader) for each in table.cells)))
        self.at: dict[tuple[int, int], _Cell] = {}
        for each in self.cells:
            self.at.update(dict.fromkeys(_places(each.cell), each))
        self.width = 1 + max((column for _, column in self.at), default=0)

    def read(self) -> None:
        """Fill the rows to repeat and the other empty cells, and note what heads the others."""
        repeated: set[int] = set()
        for rows in self._repeated():
            self._repeat(rows)
            repeated.update(rows)
        for each in self.cells:
            if each.cell.row not in repeated:
                self._read_cell(each)

    def _read_cell(self, each: _Cell) -> None:
        """Fill a cell if it is empty, else note what heads it."""
        if each.is_empty and not self._is_corner(each):
            self._ask(each)
        elif self._is_beside_room(each):
            self.reader.skip(each.paragraph)
        else:
            self.reader.labels[each.paragraph.element] = self._left(each)

    # Heads

    def _left(self, of: _Cell) -> str:
        """Return the nearest words to the left of a cell."""
        for column in range(of.cell.column - 1, -1, -1):
            beside = self.at.get((of.cell.row, column))
            if beside is not None and beside.is_label:
                return beside.text
        return ""

    def _above(self, of: _Cell) -> str:
        """Return the nearest words above a cell; those that head the whole table head no column."""
        for row in range(of.cell.row - 1, -1, -1):
            above = self.at.get((row, of.cell.column))
            if above is not None and above.is_label:
                return above.text if above.cell.colspan < self.width else ""
        return ""

    def _heads(self, of: _Cell) -> list[str]:
        """Return the words above a cell, from the uppermost of several rows of heads down."""
        heads: list[_Cell] = []
        for row in range(of.cell.row - 1, -1, -1):
            above = self.at.get((row, of.cell.column))
            if _is_label(above) and above.cell.colspan < self.width and above not in heads:
                heads.append(above)
            elif heads:
                break
        return [each.text for each in reversed(_widening(heads))]

    def _is_beside_room(self, of: _Cell) -> bool:
        """Return whether the cell to the right of one is there to be written into."""
        beside = self.at.get((of.cell.row, of.cell.column + of.cell.colspan))
        return beside is not None and beside.is_empty

    def _is_corner(self, of: _Cell) -> bool:
        """Return whether an empty cell stands between the heads of rows and those of columns."""
        cell = of.cell
        before = self.at.get((cell.row, cell.column - 1))
        beside = self.at.get((cell.row, cell.column + cell.colspan))
        below = self.at.get((cell.row + cell.rowspan, cell.column))
        heads_row = _is_label(before) and before.cell.rowspan == cell.rowspan
        return _is_label(beside) and _is_label(below) and not heads_row

    def _ask(self, of: _Cell) -> None:
        """Let the value that the heads of a cell name stand in it."""
        row, column = self._left(of), self._above(of)
        if is_signed(row) or is_signed(column):
            self.reader.leave(of.paragraph, row or column)
            return
        title = "·".join(filter(None, map(plain, (row, *self._heads(of)))))
        printed, key = self._printed(of, row, column)
        self.reader.fill(of.paragraph, f"{{{{ {printed} }}}}", key, title)

    def _printed(self, of: _Cell, row: str, column: str) -> tuple[str, str]:
        """Return what the tag of a cell prints, and its key where that is a new one."""
        bare = " | number" if self._is_bare_amount(of) else ""
        line = line_of(row, key_of(column))
        known = fact_of(row) or (f"{line}{bare}" if line else "")
        if known:
            return known, ""
        key = self._new_key(of, row)
        return key + bare, key

    def _new_key(self, of: _Cell, row: str) -> str:
        """Return a key for a cell by what its heads are called, else by its place."""
        known = self._key_of_heads(of, row)
        return self.reader.name(known or f"cell_{code_of(of.paragraph.place)}")

    def _key_of_heads(self, of: _Cell, row: str) -> str:
        """Return the keys of the heads of a cell as one, "" where one of them has none."""
        *outer, column = self._heads(of) or [""]
        keys = [key_of(label) for label in (row, column) if label]
        if not all(keys):
            return ""
        if outer:
            keys[-1:] = filter(None, (key_of(outer[0]), keys[-1]))
        return "_".join(keys)

    def _is_bare_amount(self, of: _Cell) -> bool:
        """Return whether an amount stands in a cell whose heads, or the form, name its unit."""
        row, column = self._left(of), self._above(of)
        if _AMOUNTS.isdisjoint((key_of(row), key_of(column))):
            return False
        heads = [self.at[of.cell.row, each].text for each in self._columns_before(of)]
        return any(map(_UNIT.search, (column, *heads))) or self.reader.names_unit

    def _columns_before(self, of: _Cell) -> Iterator[int]:
        """Yield the columns to the left of a cell in which something stands in its row."""
        for column in range(of.cell.column):
            if (of.cell.row, column) in self.at:
                yield column

    # Rows to repeat

    def _repeated(self) -> Iterator[list[int]]:
        """Yield the rows that say nothing and are alike, where words head each of their columns."""
        for shape, group in groupby(range(self.rows), key=self._blank_shape):
            rows = list(group)
            if shape and len(rows) >= _LEAST_REPEATED and self._is_headed(rows[0]):
                yield rows

    def _blank_shape(self, row: int) -> tuple[tuple[int, int], ...]:
        """Return where the cells of a row begin and how wide they are, nothing if it says any."""
        cells = self._in_row(row)
        if not all(map(_says_nothing, cells)):
            return ()
        return tuple((each.cell.column, each.cell.colspan) for each in cells)

    def _in_row(self, row: int) -> list[_Cell]:
        """Return the cells of a row, none where one of them goes on in another row."""
        places = sorted(place for place in self.at if place[0] == row)
        cells = list(dict.fromkeys(self.at[place] for place in places))
        return cells if all(each.cell.rowspan == 1 for each in cells) else []

    def _is_headed(self, row: int) -> bool:
        heads = list(map(self._above, self._in_row(row)))
        return len(heads) > 1 and all(heads)

    def _repeat(self, rows: list[int]) -> None:
        """Let the second of `rows` be repeated between the tags in the first and the third.

        Of two rows the second gets a copy below it for the last tag.
        """
        first, repeated, *others = rows
        head = self._in_row(first)[0]
        name = self.reader.name(f"rows_{code_of(head.paragraph.place).rpartition('_')[0]}")
        columns: dict[str, str] = {}
        for each in self._in_row(repeated):
            self._fill_column(each, columns)
        self.reader.blanks.tables[name] = columns
        self._mark(first, f"{{%tr for item in {name} %}}")
        if others:
            self._mark(others[0], "{%tr endfor %}")
        else:
            below = self._in_row(repeated)[0].paragraph
            self.reader.blanks.copies.append(RowCopy(below, "{%tr endfor %}"))
        for row in others[1:]:
            self._mark(row, "{#tr 不用的空行 #}")

    def _fill_column(self, of: _Cell, columns: dict[str, str]) -> None:
        title = self._above(of)
        if _NUMBER.fullmatch(of.text):
            self.reader.fill(of.paragraph, "{{ loop.index }}")
            return
        key = key_of(title) or f"column_{of.cell.column + 1}"
        key = key if key not in columns else f"column_{of.cell.column + 1}"
        columns[key] = plain(title)
        bare = " | number" if self._is_bare_amount(of) else ""
        self.reader.fill(of.paragraph, f"{{{{ item.{key}{bare} }}}}")

    def _mark(self, row: int, tag: str) -> None:
        """Let a tag take the place of a row: it stands in its first cell, the others are empty."""
        first, *others = self._in_row(row)
        self.reader.fill(first.paragraph, tag)
        for each in others:
            if each.text.strip():
                self.reader.fill(each.paragraph, "")


def _cell(cell: WordCell, reader: FormReader) -> _Cell | None:
    """Return a cell as read, None for one without any paragraph, which Word never writes."""
    own = list(filter(None, map(reader.by_element.get, cell.element.iter("{*}p"))))
    if not own:
        return None
    bare = _THINGS.isdisjoint(map(local, cell.element.iter(etree.Element)))
    return _Cell(cell, own[0], "".join(each.text for each in own), bare)


def _places(cell: WordCell) -> Iterator[tuple[int, int]]:
    rows = range(cell.row, cell.row + cell.rowspan)
    return product(rows, range(cell.column, cell.column + cell.colspan))


def _is_label(cell: _Cell | None) -> TypeGuard[_Cell]:
    return cell is not None and cell.is_label


def _says_nothing(cell: _Cell) -> bool:
    return cell.bare and _NOTHING.fullmatch(cell.text) is not None


def _widening(heads: Sequence[_Cell]) -> list[_Cell]:
    """Return the first of `heads`, and of the others each that is wider than those before it."""
    wider = list(heads[:1])
    for each in heads[1:]:
        if each.cell.colspan > wider[-1].cell.colspan:
            wider.append(each)
    return wider
