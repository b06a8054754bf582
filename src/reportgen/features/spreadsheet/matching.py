"""Which sheet of a file is for which tables of the year, where the request leaves it open.

A sheet goes into the table that is named, or whose rows and columns it has. A form that has the
lines of several tables below one header goes into all of them, each line into one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Mappings
from dataclasses import field, replace

from reportgen.features.spreadsheet.grid import Sheet, normalized
from reportgen.features.spreadsheet.labelled import side_labels
from reportgen.features.spreadsheet.orientation import TableMatch, match_labelled, match_sheet
from reportgen.features.spreadsheet.structure import HeaderSearch, plain_label
from reportgen.features.spreadsheet.tables import YearTable
from reportgen.findings import Diagnostics, Finding, finding
from reportgen.load.groups import fields_of
from reportgen.load.schema import ReportFile, Year
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan
from reportgen.model.units import Unit

_WHO_FILLED = re.compile(r"[（(]?(?:填报|填表|编制|金额)?(?:单位|人|日期)\s*[:：].*")
_LONGEST_CAPTION = 24


@frozen
class Request:
    """What is asked for: the file, the year or report it is for, and what the author says of it.

    `into` and `sheet` are empty where the file decides; of a document `sheet` is a number or words
    of a caption. `named` are fields by the label of their column: 预算数=年初预算数. `amount_unit`
    is that of amounts that state none. An `office` stands for the values, the file is its evidence.
    """

    name: str
    data: bytes
    unit: str
    year: int
    into: str = ""
    sheet: str = ""
    hidden: bool = False
    named: Mappings[str, str] = field(default_factory=dict)
    office: str = ""
    report: str = ""
    amount_unit: Unit | None = None

    @property
    def year_folder(self) -> str:
        """Return the folder of the year."""
        return f"data/{self.unit}/{self.year}"

    @property
    def folder(self) -> str:
        """Return the folder whose files get the values: that of the year, or of the report."""
        return f"{self.year_folder}/{self.report}" if self.report else self.year_folder

    @property
    def model(self) -> type[Year | ReportFile]:
        """Return what the files in that folder are together."""
        return ReportFile if self.report else Year

    @property
    def span(self) -> SourceSpan:
        """Return the place of the file as a whole."""
        return SourceSpan(self.name, 0, 0)


class SheetMatcher:
    """Matches the sheets of a file to the tables of a year."""

    def __init__(
        self,
        sheets: tuple[Sheet, ...],
        tables: tuple[YearTable, ...],
        request: Request,
        log: Diagnostics,
    ) -> None:
        self.sheets = sheets
        self.request = request
        self.log = log
        self._known_tables = "、".join(table.key for table in tables)
        self._known_sheets = "、".join(map(_shown_name, sheets))
        self._tables = tuple(_asked_for(tables, request))

    def matches(self) -> list[TableMatch]:
        """Return the sheets that are imported, each with its table."""
        if not self._has_what_is_asked_for():
            return []
        log = Diagnostics()
        matches: list[TableMatch] = []
        for sheet in self._considered(log):
            for match in (*self._matches(sheet, log), *self._labelled(sheet)):
                log.extend(match.findings)
                matches.append(match)
        repeated = _of_one_table(matches)
        if repeated:
            names = "、".join(repeated)
            self.log.add(finding("X107", self.request.span, sheet=names, known=self._known_sheets))
            return []
        if matches:
            self.log.extend(log)
            self._tell_other_tables(matches)
            self._tell_unknown_labels(matches)
        else:
            self._add_nothing_known(log)
        return matches

    def _tell_other_tables(self, matches: list[TableMatch]) -> None:
        """Tell which tables of a document are taken, and how the others are named (X136)."""
        names = {match.sheet.name for match in matches}
        taken = [_shown_name(sheet) for sheet in self.sheets if sheet.name in names]
        rest = [_shown_name(sheet) for sheet in self.sheets if sheet.name not in names]
        if rest and self.sheets[0].is_of_document:
            all_taken, others = "、".join(taken), "、".join(rest)
            self.log.add(finding("X136", self.request.span, taken=all_taken, others=others))

    def _tell_unknown_labels(self, matches: list[TableMatch]) -> None:
        """Tell which columns the author names that no sheet has (X140)."""
        labels: dict[str, None] = {}
        for match in matches:
            labels |= dict.fromkeys(match.header.labels)
        plain = set(map(plain_label, labels))
        for label in self.request.named:
            if plain_label(label) not in plain:
                known = "、".join(labels)
                self.log.add(finding("X140", self.request.span, label=label, known=known))

    def _add_nothing_known(self, log: Diagnostics) -> None:
        """Add why no sheet is imported; that one is about nothing known then says nothing new."""
        self.log.extend(problem for problem in log if problem.code != "X128")
        if log.blocked:
            return
        nameless = list(self._fields_of_nobody())
        self.log.extend(nameless[:1])
        if not nameless:
            code = "X106" if any(sheet.rows for sheet in self.sheets) else "X105"
            self.log.add(finding(code, self.request.span, known=self._known_tables))

    def _fields_of_nobody(self) -> Iterator[Finding]:
        """Yield X144 for fields down the side of a sheet, where nothing says whose they are."""
        for sheet in filter(self._is_asked_for, self.sheets):
            for table in self._tables:
                labels = side_labels(sheet, _search(table, self.request))
                if len(labels) > 1:
                    said = "、".join(cell.label for cell in labels)
                    yield finding("X144", labels[0].span, labels=said)

    def _has_what_is_asked_for(self) -> bool:
        """Return whether there are the table (X108) and the sheet (X107) that the request names."""
        request = self.request
        if not self._tables:
            self.log.add(
                finding("X108", request.span, target=request.into, known=self._known_tables)
            )
        elif not any(map(self._is_asked_for, self.sheets)):
            self.log.add(
                finding("X107", request.span, sheet=request.sheet, known=self._known_sheets)
            )
        else:
            return self._has_named_columns()
        return False

    def _has_named_columns(self) -> bool:
        """Return whether the fields that the author names are some (X137)."""
        fields: set[str] = set()
        titles: dict[str, None] = {}
        for table in self._tables:
            fields |= {*table.fields, *table.fields.values()}
            titles |= dict.fromkeys(table.titles)
        known, span = "、".join(titles), self.request.span
        for label, name in self.request.named.items():
            if normalized(name) not in fields:
                self.log.add(finding("X137", span, label=label, field=name, known=known))
        return not self.log.blocked

    def _is_asked_for(self, sheet: Sheet) -> bool:
        """Return whether a sheet is one that the request names, if it names any."""
        wanted = normalized(self.request.sheet)
        if not wanted or wanted == normalized(sheet.name):
            return True
        if not sheet.is_of_document:
            return False
        is_numbered = f"表{wanted}" == sheet.name
        return is_numbered or any(wanted in cell.label for cell in sheet.above)

    def _considered(self, log: Diagnostics) -> Iterator[Sheet]:
        """Yield the sheets that may be imported, with findings about the others."""
        request = self.request
        is_any_named = any(map(self._tables_named, self.sheets))
        for sheet in self.sheets:
            problem = None if request.sheet else self._why_not(sheet, is_any_named=is_any_named)
            if problem is not None:
                log.add(problem)
            elif self._is_asked_for(sheet):
                yield sheet

    def _why_not(self, sheet: Sheet, *, is_any_named: bool) -> Finding | None:
        """Return why a sheet that nobody asked for is not imported."""
        if is_any_named and not self._tables_named(sheet):
            # A workbook of ours: what is not called after a table repeats or explains one.
            return finding("X128", sheet.span)
        if sheet.hidden and not self.request.hidden:
            return finding("X120", sheet.span, label=sheet.name)
        return None

    def _tables_named(self, sheet: Sheet) -> tuple[YearTable, ...]:
        name = normalized(sheet.name)
        return tuple(t for t in self._tables if name in {normalized(t.title), t.key})

    def _is_open(self, table: YearTable) -> bool:
        """Return whether a sheet may go into a table that nobody named.

        Any sheet of names and numbers would do as facts, and as a list of its own of a report.
        """
        is_absent = bool(self.request.report and table.id_prefix and table.node is None)
        return table.key != "facts" and not is_absent

    def _matches(self, sheet: Sheet, log: Diagnostics) -> list[TableMatch]:
        """Return what a sheet is about: by its name, else by the most rows and fields known."""
        if sheet.is_empty:
            empty = [finding("X105", sheet.span, known="—")]
            log.extend(empty if self.request.sheet else [])
            return []
        named = self._tables_named(sheet)
        candidates = list(self._candidates(sheet, named))
        if named or self.request.into:
            return _only(sheet, _best(candidates), log)
        return _most_certain(sheet, candidates, log)

    def _labelled(self, sheet: Sheet) -> Iterator[TableMatch]:
        """Yield the single values that a document's table holds beside or below their labels."""
        is_open = sheet.is_of_document and not self.request.into
        for table in self._tables if is_open else ():
            if table.key == "facts":
                yield from filter(None, [match_labelled(sheet, _search(table, self.request))])

    def _candidates(self, sheet: Sheet, named: tuple[YearTable, ...]) -> Iterator[TableMatch]:
        tables = named or self._tables
        if not (named or self.request.into):
            tables = tuple(filter(self._is_open, tables))
        is_asked = bool(self.request.into)
        searches = (_search(table, self.request) for table in tables)
        matches = (match_sheet(sheet, search, is_asked=is_asked) for search in searches)
        yield from filter(None, matches)


def _shown_name(sheet: Sheet) -> str:
    """Return how a sheet is named to people: a table of a document with its caption, too."""
    captions = [_WHO_FILLED.sub("", cell.text).strip() for cell in reversed(sheet.above)]
    caption = next(filter(None, captions), "")[-_LONGEST_CAPTION:]
    return f"{sheet.name}（{caption}）" if caption else sheet.name


def _search(table: YearTable, request: Request) -> HeaderSearch:
    """Return what the header of a table is looked for with."""
    named = {plain_label(label): name for label, name in request.named.items()}
    return HeaderSearch(table, request.year, named, hidden=request.hidden)


def _asked_for(tables: tuple[YearTable, ...], request: Request) -> Iterator[YearTable]:
    """Yield the tables that a sheet may go into: by key, by title, or the lines of one section."""
    if not request.into:
        yield from tables
        return
    wanted = normalized(request.into)
    titles = {normalized(info.title): name for name, info in fields_of(request.model).items()}
    names = {wanted, titles.get(wanted, wanted)}
    whole = [table for table in tables if names & _names_of(table)]
    sections = (table.section(titles.get(wanted, wanted)) for table in tables)
    yield from (whole or list(filter(None, sections)))[:1]


def _names_of(table: YearTable) -> set[str]:
    """Return what a table is called: by its key, by that in its file, by its title."""
    return {table.key, table.key.removeprefix("tables."), normalized(table.title)}


def _only(sheet: Sheet, matches: list[TableMatch], log: Diagnostics) -> list[TableMatch]:
    """Return the one match of a sheet; X128 for none, X108 for several."""
    if not matches:
        log.add(finding("X128", sheet.span))
    elif len(matches) > 1:
        keys = "、".join(match.table.key for match in matches)
        log.add(finding("X108", sheet.span, target=sheet.name, known=keys))
    return matches if len(matches) == 1 else []


def _most_certain(
    sheet: Sheet, candidates: Iterable[TableMatch], log: Diagnostics
) -> list[TableMatch]:
    """Return what a sheet that names no table is about, where that is certain."""
    certain = [match for match in candidates if match.is_certain]
    best = _best(certain)
    first = best[:1] if _are_apart(best) else best
    return _with_others(_only(sheet, first, log), certain)


def _with_others(best: list[TableMatch], matches: list[TableMatch]) -> list[TableMatch]:
    """Return the best match of a sheet with those that know lines which it does not know."""
    chosen = list(best)
    rest = [match for match in matches if match not in best] if best else []
    taken: frozenset[int] = frozenset().union(*(match.known for match in best))
    for match in sorted(rest, key=_score, reverse=True):
        if match.known - taken:
            chosen.append(replace(match, known=match.known - taken))
            taken |= match.known
    return chosen if len(chosen) == 1 else _mixed(chosen, taken)


def _are_apart(matches: list[TableMatch]) -> bool:
    """Return whether matches of one sheet know lines, and each others than the rest."""
    counted = sum(len(match.known) for match in matches)
    known = frozenset().union(*(match.known for match in matches))
    return 0 < counted == len(known)


def _score(match: TableMatch) -> tuple[int, int]:
    return match.score


def _mixed(matches: list[TableMatch], taken: frozenset[int]) -> list[TableMatch]:
    """Return the matches of one sheet, each without the lines that are for the others."""
    apart: frozenset[int] = frozenset().union(*(match.apart for match in matches))
    others = taken | apart
    return [replace(match, others=others - match.known, is_mixed=True) for match in matches]


def _best(matches: Iterable[TableMatch]) -> list[TableMatch]:
    """Return the matches with the highest score."""
    found = list(matches)
    scores = set(map(_score, found))
    return [match for match in found if match.score == max(scores)]


def _of_one_table(matches: list[TableMatch]) -> list[str]:
    """Return the names of sheets that are about the same table as another one.

    The parts of a table of a document, which pages divide, are about different rows of it.
    """
    repeated: dict[str, None] = {}
    for number, match in enumerate(matches):
        for other in matches[:number]:
            if match.table.key == other.table.key != "facts" and _overlap(match, other):
                repeated |= dict.fromkeys([_shown_name(other.sheet), _shown_name(match.sheet)])
    return list(repeated)


def _overlap(match: TableMatch, other: TableMatch) -> bool:
    """Return whether two sheets may be about the same rows."""
    return not match.sheet.is_of_document or bool(match.names & other.names)
