"""Makes the sheets of a workbook to fill in from the tables of a year and of its reports.

A sheet is a table, or the single values of a section. Labels, units and choices come from the
schema, remarks from the comments of the files, what is last year's from last year's files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Mappings
from dataclasses import replace

from reportgen.features.spreadsheet.fill_layout import (
    VALUE,
    FillColumn,
    FillFolder,
    FillKind,
    FillRow,
    FillSheet,
    unit_of,
)
from reportgen.features.spreadsheet.layout import SheetNames
from reportgen.features.spreadsheet.tables import FREE, YearRow, YearTable
from reportgen.features.spreadsheet.year_tables import YearFiles, fact_lists, read_year, tables_of
from reportgen.findings import Diagnostics
from reportgen.load.fields import NATURES
from reportgen.load.groups import fields_of
from reportgen.load.schema import ReportFile, Year
from reportgen.load.unconfirmed import FileComments
from reportgen.model.source import SourceSpan
from reportgen.model.units import Unit
from reportgen.project.source_files import SourceFiles

ROWS_TO_ADD = 8
"""Rows left open below a table, one of them below a list of texts."""
_REPORT_FACTS = "报告信息"
_POINTS = "要点得分"
_FIXED_CHOICES: Mappings[str, tuple[str, ...]] = {
    "nature": tuple(dict.fromkeys(NATURES.values())),
    "level": ("达成", "部分达成", "未达成"),
    "unit": ("万元", "%", "个", "家", "项", "人", "次", "台"),
}
"""What the schema or the forms take for a field of indicators."""
_EXPLAINED: Mappings[str, tuple[str, ...]] = {"ratings": ("deviation",)}
"""Fields that no row may hold yet: points lost are explained (财预〔2020〕10号)."""
_MOST_CHOICES, _LONGEST_CHOICE = 40, 60
_STEPS = (
    "1. 从下面的表点进各张工作表。黄色的格子还空着；绿底的行可以新增。没有的留空：空着不等于 0。",
    "2. 灰底的格子不用填：上年数供对照，合计、比例等随填随算，算法和依据写在每张表的下面。",
    "3. 金额的单位写在表头或旁边；单位不同的，连单位一起写，如 125000元、1.2亿元。",
    "4. 要删一行，在“删去”一栏选“删”，不要删整行。可以筛选、调列宽；排序要连隐藏的 A 列一起排。",
    "5. 带 {{ }} 的文字引用了数据，由系统代入，不能在这里改。",
)
_CLAUSE_END = re.compile(r"[（(，。；：:,;]")
_LONGEST_TITLE = 16


def fill_folders(
    files: SourceFiles, unit: str, year: int, log: Diagnostics, names: tuple[str, ...]
) -> tuple[FillFolder, ...]:
    """Return the folders of a year: its own, and those of the reports named."""
    folders: list[FillFolder] = []
    for report in ("", *names):
        model = ReportFile if report else Year
        path = f"data/{unit}/{year}/{report}".rstrip("/")
        read = read_year(files, path, model, log)
        earlier = _earlier(files, f"data/{unit}/{year - 1}/{report}".rstrip("/"), model)
        folders.append(FillFolder(report, path, model, read, _all_tables(model, read), earlier))
    return tuple(folders)


def _all_tables(model: type[Year | ReportFile], read: YearFiles) -> tuple[YearTable, ...]:
    return (*tables_of(model, read), *fact_lists(read))


def _earlier(files: SourceFiles, path: str, model: type[Year | ReportFile]) -> dict[str, str]:
    """Return the texts of the same folder a year before, by row and field."""
    texts: dict[str, str] = {}
    for table in _all_tables(model, read_year(files, path, model, Diagnostics())):
        for row in table.rows:
            texts |= {f"{row.key}.{name}": row.text(name) for name in row.cells}
    return texts


def fill_sheets(folders: Iterable[FillFolder]) -> tuple[FillSheet, ...]:
    """Return the sheets for what the files of some folders hold."""
    sheets: list[FillSheet] = []
    names = SheetNames()
    for folder in folders:
        own = _SheetsOfFolder(folder).sheets()
        sheets += (replace(sheet, name=names.add(sheet.name)) for sheet in own)
    return tuple(sheets)


class _SheetsOfFolder:
    """Makes the sheets of a folder: tables as they are, other values by section and file."""

    def __init__(self, folder: FillFolder) -> None:
        self.folder = folder
        self.lists = {table.key: table for table in fact_lists(folder.files)}
        self.comments = FileComments(folder.files.texts)

    def sheets(self) -> list[FillSheet]:
        """Return the sheets, single values behind the tables."""
        tables = [table for table in self.folder.tables if self._is_shown(table)]
        sheets = [sheet for sheet in map(self._table_sheet, tables) if sheet.columns]
        for (title, path), rows in self._values_by_section(_covered(tables)).items():
            sheets.append(self._values_sheet(title, path, rows))
        return sheets

    def _is_shown(self, table: YearTable) -> bool:
        """Return whether a table has a sheet of its own: one that the files hold."""
        if table.key == "budget":
            return bool(_lines_there(table))
        return table.node is not None and table.key != "facts" and table.key not in self.lists

    def _named(self, title: str) -> str:
        return f"{title}（{self.folder.report}）" if self.folder.report else title

    # Tables

    def _table_sheet(self, table: YearTable) -> FillSheet:
        present = _lines_there(table) if table.key == "budget" else list(table.rows)
        rows = [*self._rows(table, present), *_rows_to_add(table)]
        paths = {table.path, *(span.path for span in filter(None, map(_place, present)))}
        title = self._title(table)
        return FillSheet(
            self.folder,
            self._named(title),
            title,
            self.comments.about(paths),
            tuple(_columns(table, present, self.folder.earlier)),
            tuple(rows),
        )

    def _title(self, table: YearTable) -> str:
        """Return what a table is called: one of the author's own as its remark begins."""
        if not table.key.startswith("tables."):
            return table.title
        said = _CLAUSE_END.split(self.comments.of_key(table.path, table.title), maxsplit=1)[0]
        return said if 0 < len(said) <= _LONGEST_TITLE else table.title

    def _rows(self, table: YearTable, present: Iterable[YearRow]) -> Iterator[FillRow]:
        """Yield the rows of a table, with the remarks above some of them as headings."""
        before = ""
        for row in present:
            heading = self._heading(table, row, before)
            before = row.key.partition(".")[0]
            if heading:
                yield FillRow(heading)
            yield FillRow(row.name or row.id, table, row, self.comments.beside(_spans(row)))

    def _heading(self, table: YearTable, row: YearRow, before: str) -> str:
        """Return what stands above a row: the section of a budget line, or a comment."""
        section = row.key.partition(".")[0]
        if table.key == "budget" and section != before:
            return fields_of(self.folder.model)[section].title
        return self.comments.above(_place(row))

    # Single values

    def _values_by_section(self, covered: set[str]) -> dict[tuple[str, str], list[FillRow]]:
        """Return the rows of single values by the title of their section and by file."""
        by_section: dict[tuple[str, str], list[FillRow]] = {}
        table = next(table for table in self.folder.tables if table.key == "facts")
        for row in table.rows:
            if row.key not in covered and self._is_listed(row):
                path = row.cells[VALUE].span.path
                rows = by_section.setdefault((self._section_title(row.key), path), [])
                rows += self._value_rows(table, row)
        return by_section

    def _is_listed(self, row: YearRow) -> bool:
        """Return whether a value is a fact, and not what says something of facts."""
        return row.key.partition(".")[0] not in self.folder.model.unlisted

    def _section_title(self, key: str) -> str:
        section = key.partition(".")[0]
        known = fields_of(self.folder.model).get(section)
        if known is None:
            return fields_of(self.folder.model)["facts"].title
        if section == "ratings":
            return _POINTS
        return _REPORT_FACTS if section in {"date", "documents", "preparer"} else known.title

    def _value_rows(self, table: YearTable, row: YearRow) -> Iterator[FillRow]:
        """Yield the row of a value; an item of a list has one to be added behind the last."""
        heading = self.comments.above(row.cells[VALUE].span)
        if heading and not row.key.startswith("ratings."):
            yield FillRow(heading)
        owner, _, number = row.key.rpartition(".")
        own_list = self.lists.get(owner)
        if own_list is None:
            yield FillRow(self._label(row), table, row, self.comments.beside(_spans(row)))
        else:
            yield from self._item_rows(own_list, owner, number)

    def _item_rows(self, own_list: YearTable, owner: str, number: str) -> Iterator[FillRow]:
        """Yield the row of an item, behind the last one that of an item to be added."""
        item = own_list.rows[int(number) - 1]
        yield FillRow(f"{owner}（{number}）", own_list, item, self.comments.beside(_spans(item)))
        if item is own_list.rows[-1]:
            yield FillRow(f"{owner}（增加）", own_list)

    def _label(self, row: YearRow) -> str:
        """Return what a single value is called: a point of an indicator after that."""
        owner, _, number = row.key.rpartition(".")
        if owner == "documents":
            return f"{row.name} {number}"
        return f"{self._name(owner)} {number}" if owner and number.isdigit() else row.name

    def _name(self, owner: str) -> str:
        """Return the name of the row that a list stands in."""
        for table in self.folder.tables:
            for row in table.rows_with_key(owner.rpartition(".")[0]):
                return row.name
        return owner

    def _values_sheet(self, title: str, path: str, rows: list[FillRow]) -> FillSheet:
        column = FillColumn(VALUE, "填写", "free")
        stem = path.rpartition("/")[2].removesuffix(".yaml")
        name = f"{title} {stem}" if title == fields_of(Year)["facts"].title else title
        return FillSheet(
            self.folder,
            self._named(name),
            name,
            self.comments.about({path}),
            (column,),
            tuple(rows),
        )


def _rows_to_add(table: YearTable) -> list[FillRow]:
    """Return the rows left open below a table."""
    if _is_texts(table):
        return [FillRow("", table)]
    return [FillRow("", table)] * (ROWS_TO_ADD if table.id_prefix else 0)


def _is_texts(table: YearTable) -> bool:
    return table.order == (VALUE,)


def _lines_there(table: YearTable) -> list[YearRow]:
    """Return the budget lines whose section the files hold."""
    return [row for row in table.rows if row.node is not None or row.section is not None]


def _place(row: YearRow) -> SourceSpan | None:
    """Return where a row begins in its file, None where nothing of it is there."""
    return next(iter(row.spans), None)


def _spans(row: YearRow) -> list[SourceSpan]:
    """Return where a row and what it holds stand, as far as they end in the line they begin in."""
    return [span for span in row.spans if span.end_line == span.line]


def _covered(tables: Iterable[YearTable]) -> set[str]:
    """Return the keys of the values that stand in tables."""
    keys: set[str] = set()
    for table in tables:
        for row in table.rows:
            key = row.key.removeprefix("tables.")
            keys |= {key, *(f"{key}.{name}" for name in row.cells)}
    return keys


# Columns


def _columns(
    table: YearTable, rows: list[YearRow], earlier: Mappings[str, str]
) -> Iterator[FillColumn]:
    """Yield the columns of a table: those it needs, and those that any row holds or held."""
    held = _held(rows)
    held |= {key.rpartition(".")[2] for key in earlier if key.startswith(f"{table.key}.")}
    used = {*(held or table.order), *table.required, *_EXPLAINED.get(table.key, ())}
    if "name" in table.order:
        used.discard("id")
    yield from (_column(table, name, rows) for name in table.order if name in used)


def _held(rows: Iterable[YearRow]) -> set[str]:
    """Return the fields that any row holds."""
    return set().union(*(row.cells for row in rows))


def _column(table: YearTable, name: str, rows: list[YearRow]) -> FillColumn:
    kind, title = _kind(table, name), table.title_of(name)
    if kind == "free":
        choices = _usual_choices(rows, name)
        return FillColumn(name, title, kind, _common_unit(rows, name), choices)
    if kind == "amount":
        return FillColumn(name, title, kind, table.units[name])
    fixed = _FIXED_CHOICES.get(name, ())
    choices = fixed or _usual_choices(rows, name)
    return FillColumn(name, title, kind, None, choices, is_closed=bool(fixed) and name != "unit")


def _common_unit(rows: list[YearRow], name: str) -> Unit | None:
    """Return the unit of all numbers in a column, None where they differ."""
    units = {unit_of(row.text(name)) for row in rows if row.text(name)}
    return units.pop() if len(units) == 1 else None


def _kind(table: YearTable, name: str) -> FillKind:
    if name in table.units:
        return "amount"
    leaf = table.types.get(name)
    if leaf is FREE and name not in {"id", "name"}:
        return "free"
    return "date" if leaf is not None and leaf.is_of_days else "text"


def _usual_choices(rows: list[YearRow], name: str) -> tuple[str, ...]:
    """Return the words that stand in a column again and again; ids are told for what they are."""
    texts = list(filter(None, (row.text(name) for row in rows)))
    words = tuple(dict.fromkeys(texts))
    are_again = name == "id" or (name != "name" and len(words) < len(texts))
    return words if are_again and _can_be_offered(words) else ()


def _can_be_offered(words: tuple[str, ...]) -> bool:
    """Return whether words are few and short, and no numbers."""
    return len(words) <= _MOST_CHOICES and all(map(_is_word, words))


def _is_word(text: str) -> bool:
    return len(text) <= _LONGEST_CHOICE and unit_of(text) is None


# What to do


def instructions(folders: Iterable[FillFolder]) -> tuple[str, ...]:
    """Return what to do with a workbook, and whom to send it to."""
    values: dict[str, str] = {}
    for folder in folders:
        values |= _preparer(folder)
    who = values.get("preparer.name", "发给您这个文件的人")
    if "preparer.phone" in values:
        who += f"（{values['preparer.phone']}）"
    return (*_STEPS, f"6. 填完存盘（仍是 .xlsx），发回 {who}；由其用 reportgen import 收回。")


def _preparer(folder: FillFolder) -> dict[str, str]:
    """Return who prepares a report, with the telephone, by key as far as they are typed."""
    typed: dict[str, str] = {}
    for table in folder.tables:
        for key in ("preparer.name", "preparer.phone"):
            typed |= {row.key: row.text(VALUE) for row in table.rows_with_key(key)}
    return {key: text for key, text in typed.items() if text}
