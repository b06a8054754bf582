"""The ways in which a sheet may be about a table of the year.

Its fields head columns, stand down its side, or stand one by one before their values; single values
stand with their labels. Where no row is known of a sheet as it stands, the other ways are tried.
"""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.features.spreadsheet.grid import Sheet
from reportgen.features.spreadsheet.labelled import (
    MOST_SIDE,
    labelled_values,
    single_items,
    turned,
)
from reportgen.features.spreadsheet.structure import (
    Header,
    HeaderSearch,
    find_header,
    known_lines,
    read_rows,
)
from reportgen.features.spreadsheet.tables import YearTable, plain_name
from reportgen.findings import Diagnostics, Finding
from reportgen.model.frozen import frozen

LEAST_IMPLIED = 2
"""Rows known from which a first column without a head of its own holds the names."""


@frozen
class TableMatch:
    """A sheet with a table that it is about; `known` are the lines of rows that are there already.

    `apart` are its totals and heads of groups, `others` lines for other tables. `is_mixed` says
    that there are such tables, so that a line that none of them knows is no new row.
    """

    sheet: Sheet
    table: YearTable
    header: Header
    known: frozenset[int]
    findings: tuple[Finding, ...]
    apart: frozenset[int] = frozenset()
    others: frozenset[int] = frozenset()
    is_mixed: bool = False

    @property
    def score(self) -> tuple[int, int]:
        """Return what says how well they match: rows known, then fields."""
        return len(self.known), len(self.header.columns)

    @property
    def names(self) -> frozenset[str]:
        """Return the names in the lines whose rows are there already."""
        column = self.header.name_column
        return frozenset(plain_name(self.sheet.rows[line][column].label) for line in self.known)

    @property
    def has_merged_names(self) -> bool:
        """Return whether the name of a row that is known takes several lines."""
        column = self.header.name_column
        return any(self.sheet.rows[line][column].is_below(line) for line in self.known)

    @property
    def is_certain(self) -> bool:
        """Return whether they match where nobody said so."""
        if self.header.is_implied:
            return len(self.known) >= LEAST_IMPLIED
        return bool(self.known) or len(self.header.columns) > 2


def match_sheet(sheet: Sheet, search: HeaderSearch, *, is_asked: bool) -> TableMatch | None:
    """Return a sheet with a table in the way that knows most of it, None where none does.

    What stands otherwise than below a header must be certain, but for a name that is new in a
    table that is asked for.
    """
    upright = _by_header(sheet, search, Diagnostics())
    if search.table.key == "facts":
        return upright or match_labelled(sheet, search)
    matches = [] if upright is None else [upright]
    if not any(match.known for match in matches):
        matches += [match for match in _otherwise(sheet, search) if match.is_certain or is_asked]
    return max(matches, key=_score, default=None)


def match_labelled(sheet: Sheet, search: HeaderSearch) -> TableMatch | None:
    """Return the single values of a sheet that stand with their labels, None without any."""
    values = labelled_values(sheet, search.table)
    return _by_header(values, search, Diagnostics()) if len(values.rows) > 1 else None


def _score(match: TableMatch) -> tuple[int, int]:
    return match.score


def _otherwise(sheet: Sheet, search: HeaderSearch) -> Iterator[TableMatch]:
    """Yield a sheet turned, and the items that it states field by field, where it has such."""
    on_its_side = turned(sheet, search)
    if on_its_side is not None:
        yield from _on_its_side(_by_header(on_its_side, search, Diagnostics()))
    log = Diagnostics()
    items = single_items(sheet, search, log)
    if len(items.rows) > 1:
        yield from _of_items(_by_header(items, search, log))


def _on_its_side(match: TableMatch | None) -> Iterator[TableMatch]:
    """Yield a sheet that was turned if its fields stand on its edge, and no item over many."""
    if match is not None and match.header.top < MOST_SIDE and not match.has_merged_names:
        yield match


def _of_items(match: TableMatch | None) -> Iterator[TableMatch]:
    """Yield the items of a form if it names them."""
    if match is not None and not match.header.is_implied:
        yield match


def _by_header(sheet: Sheet, search: HeaderSearch, log: Diagnostics) -> TableMatch | None:
    """Return a sheet with a table by a header above its rows, None without one."""
    header, table = find_header(sheet, search, log), search.table
    if header is None:
        return None
    lines = read_rows(sheet, header, table, hidden=search.hidden)
    known = frozenset(known_lines(sheet, header, table, lines))
    apart = frozenset(line.index for line in lines if line.kind in {"group", "total", "subtotal"})
    return TableMatch(sheet, table, header, known, tuple(log), apart)
