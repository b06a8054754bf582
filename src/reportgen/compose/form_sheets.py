"""A report that is a form: filled once, or for each row of a table, one sheet behind the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from itertools import filterfalse, takewhile
from operator import attrgetter
from typing import NamedTuple

from lxml import etree

from reportgen.compose.environment import Environment
from reportgen.compose.tokens import FormBlocks
from reportgen.compose.view import View
from reportgen.compose.word_blocks import FormReading, alignments
from reportgen.compose.word_forms import WordForm, fill
from reportgen.compose.word_tags import diagnose_form
from reportgen.findings import Diagnostics, Finding, finding
from reportgen.findings import blocks as blocks_publishing
from reportgen.model.document import (
    Align,
    Block,
    Inlines,
    PageBreak,
    Paragraph,
    Table,
    Title,
    Value,
    plain,
    values,
)
from reportgen.model.pack import Pack
from reportgen.model.source import SourceSpan
from reportgen.model.word_form import PRINTED, FilledForm, FilledSheet
from reportgen.project.foreign_files import ForeignFileError, reason
from reportgen.wordfile.carried import lost
from reportgen.wordfile.numbering import ListLabels
from reportgen.wordfile.package import WordFile

ROW = "row"
"""What a form that is filled for each row calls that row."""

_read = lru_cache(maxsize=16)(WordForm.read)


@lru_cache(maxsize=16)
def _diagnosed(path: str, data: bytes) -> tuple[Finding, ...]:
    """Return what is wrong with a Word form whatever it is filled with: its tags, what it shows."""
    log = Diagnostics()
    file = diagnose_form(path, data, log)
    for each in lost(file) if file is not None else ():
        log.add(each.told("P322", path))
    return tuple(log)


_STYLES = "word/styles.xml"


class FormContent(NamedTuple):
    """The blocks of a filled form, the file, and the title that stands in it."""

    blocks: tuple[Block, ...] = ()
    form: FilledForm | None = None
    title: Inlines = ()


class FormSheets:
    """Fills the form `name` of a pack; what is wrong goes to the log."""

    def __init__(self, pack: Pack, name: str, environment: Environment, log: Diagnostics) -> None:
        self.pack = pack
        self.name = name
        self.environment = environment
        self.log = log
        self.path = f"templates/{pack.folder}/forms/{name}.docx"

    @property
    def row_ids(self) -> tuple[str, ...]:
        """Return the ids of the rows that the form is filled for; none where it is filled once."""
        if self.pack.each is None:
            return ()
        table = self.environment.context.get(self.pack.each.text)
        return table.rows if isinstance(table, View) and self.rows else ()

    @cached_property
    def rows(self) -> tuple[Mapping[str, object], ...]:
        """Return what the form knows beside all names, for each time it is filled."""
        each = self.pack.each
        if each is None:
            return ({},)
        table = self.environment.context.get(each.text)
        if not isinstance(table, View) or not table.is_table:
            near = self.environment.view.near(each.text)
            self.log.add(finding("T102", each.span, key=each.text, near=near))
            return ()
        if not len(table):
            self.log.add(finding("T171", each.span, key=each.text))
        return tuple({ROW: row} for row in table)

    def fill(self, title: Sequence[str]) -> FormContent:
        """Return what the Word form holds once it is filled.

        The paragraphs of the first sheet that say the `title` of the document are no blocks of it.
        """
        form = self._form()
        if form is None:
            return FormContent()
        reading = self._reading(form)
        sheets: list[FilledSheet] = []
        blocks: list[Block] = []
        first: list[Paragraph] = []
        for row in self.rows:
            sheet = self._sheet(form, reading, row)
            if sheet is None:
                return FormContent()
            found = _title_paragraphs(reading.blocks, title)
            if sheets:
                blocks += [PageBreak(), *_with_title(reading.blocks, found)]
            else:
                first = found
                blocks += filterfalse(partial(_is_of, found), reading.blocks)
            sheets.append(sheet)
        filled = self._filled(form, sheets, tuple(map(attrgetter("origin"), first)))
        return FormContent(tuple(blocks), filled, first[0].inlines if first else ())

    def placed(self, known: Mapping[str, object], others: list[FilledForm]) -> FormBlocks:
        """Return the body of the Word form as a part of another report, which knows `known` names.

        Its notes follow it; its headers and footers are no part of that. The form filled joins the
        `others` that are placed.
        """
        form = self._form()
        parts = fill(form, self.environment, known, self.log) if form is not None else None
        if form is None or parts is None:
            return ()
        reading = self._reading(form)
        reading.number = len(others)
        reading.read(_placed_roots(form.file, parts), form.file.text_parts)
        main = form.file.main
        sheet = FilledSheet({main: parts[main]}, tuple(reading.texts))
        others.append(self._filled(form, [sheet], ()))
        return tuple(reading.blocks)

    def _form(self) -> WordForm | None:
        """Return the Word form, None where anything is wrong with it; the log says what."""
        data = self.pack.word_forms[self.name]
        problems = _diagnosed(self.path, data)
        self.log.extend(problems)
        if blocks_publishing(problems):
            return None
        try:
            return _read(self.path, data)
        except ForeignFileError as error:
            self.log.add(finding("T140", SourceSpan(self.path, 0, 0), **reason(error)))
            return None

    def _reading(self, form: WordForm) -> FormReading:
        labels = ListLabels.of(form.file)
        return FormReading(self.name, self.path, self.environment.tokens, _alignments(form), labels)

    def _sheet(
        self, form: WordForm, reading: FormReading, row: Mapping[str, object]
    ) -> FilledSheet | None:
        """Return the form filled for a row, its blocks and texts in `reading`."""
        parts = fill(form, self.environment, row, self.log)
        if parts is None:
            return None
        reading.next_sheet()
        roots: dict[str, etree._Element] = {}
        for name, xml in parts.items():
            roots[name] = etree.fromstring(xml.encode(form.file.part(name).encoding))
        reading.read(roots, form.file.text_parts)
        return FilledSheet(parts, tuple(reading.texts), reading.first)

    def _filled(
        self, form: WordForm, sheets: Iterable[FilledSheet], title: tuple[int, ...]
    ) -> FilledForm:
        file = form.file
        return FilledForm(
            path=self.path,
            members=file.members,
            types=file.types,
            kinds=file.text_parts,
            main=file.main,
            printed=self._printed(sheets),
            sheets=tuple(sheets),
            title=title,
        )

    def _printed(self, sheets: Iterable[FilledSheet]) -> dict[int, Inlines]:
        """Return what is printed in the sheets, by its numbers."""
        printed: dict[int, Inlines] = {}
        for sheet in sheets:
            for number in PRINTED.findall("".join(sheet.parts.values())):
                printed[int(number)] = self.environment.tokens.inlines_of(int(number))
        return printed


def _alignments(form: WordForm) -> Mapping[str, Align]:
    data = form.file.members.get(_STYLES)
    return alignments(etree.fromstring(data) if data else None)


def _title_paragraphs(blocks: Iterable[Block], title: Sequence[str]) -> list[Paragraph]:
    """Return the paragraphs that say the title, a line each or all in one.

    Without a `title` it is the first that stands in the middle above all tables.
    """
    above = takewhile(lambda block: not isinstance(block, Table), blocks)
    candidates = [block for block in above if isinstance(block, Paragraph)]
    if not title:
        return [block for block in candidates if block.role == "center"][:1]
    lines = list(map(_squeezed, title))
    return _run_of(lines, candidates) or _run_of(["".join(lines)], candidates)


def _run_of(lines: Sequence[str], paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs that say these lines one after the other, none where no run does."""
    said = list(map(_said, paragraphs))
    for at in range(len(said)):
        if said[at : at + len(lines)] == lines:
            return list(paragraphs[at : at + len(lines)])
    return []


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _said(paragraph: Paragraph) -> str:
    return _squeezed(plain(paragraph.inlines))


def _placed_roots(file: WordFile, parts: Mapping[str, str]) -> dict[str, etree._Element]:
    """Return the parts of a form filled that go into another report: its body and its notes."""
    roots: dict[str, etree._Element] = {}
    for name, kind in file.text_parts.items():
        if kind in {"main", "footnote", "endnote"}:
            roots[name] = etree.fromstring(parts[name].encode(file.part(name).encoding))
    return roots


def _as_title(title: Sequence[Paragraph]) -> Title:
    """Return paragraphs of a form as the title of the document."""
    lines: list[str] = []
    figures: list[Value] = []
    for each in title:
        lines.append(plain(each.inlines))
        figures.extend(values(each.inlines))
    return Title(tuple(lines), tuple(figures), tuple(map(attrgetter("origin"), title)))


def _with_title(blocks: Iterable[Block], title: Sequence[Paragraph]) -> Iterator[Block]:
    """Yield the blocks of a further sheet, the paragraphs of its title as the title that it is."""
    if not title:
        yield from blocks
        return
    whole = _as_title(title)
    for block in blocks:
        if block is title[0]:
            yield whole
        elif not _is_of(title, block):
            yield block


def _is_of(title: Iterable[Paragraph], block: Block) -> bool:
    """Return whether a block is one of the paragraphs of a title, not one that says the same."""
    return id(block) in map(id, title)
