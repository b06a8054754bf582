"""A Word form that has been filled: what stays of the file, and where the document's texts stand.

The document holds every text of the form, so that page and PDF follow and nothing is published that
was withheld; this holds the rest of the file, and which paragraph each of those texts belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from operator import attrgetter
from typing import Literal

from reportgen.model.document import (
    Block,
    Cell,
    Document,
    Inlines,
    PageBreak,
    Paragraph,
    Row,
    Table,
    Text,
    Title,
)
from reportgen.model.frozen import frozen

PartKind = Literal["main", "header", "footer", "footnote", "endnote"]
"""What a part that holds text is: the body, or what stands around and below it."""
PRINTED = re.compile("\ue000(\\d+)\ue001")
"""What stands in a filled text for something printed, by its number."""


@frozen
class FormText:
    """A text of a filled form, and the paragraphs that print it: each a part and a number there.

    A text box has its paragraphs once more for older programs, a header one for each kind of page.
    It begins with the `label` that Word sets by itself; `table` is the number of the table it
    stands in, 0 for none.
    """

    inlines: Inlines
    paragraphs: tuple[tuple[str, int], ...]
    label: str = ""
    table: int = 0

    def paragraphs_of(self, part: str) -> Iterator[int]:
        """Yield the numbers of those that stand in a part."""
        for name, number in self.paragraphs:
            if name == part:
                yield number


@frozen
class FilledSheet:
    """A form filled once: its parts by name as XML, with `PRINTED` where a value is printed.

    `texts` are its paragraphs; the document names them by their numbers from `first` on.
    """

    parts: Mapping[str, str]
    texts: tuple[FormText, ...]
    first: int = 0


@frozen
class FilledForm:
    """A Word form filled, once or for each row of a table: the file is `members` but for its text.

    `main` is the part with the body, `kinds` says what the parts with text are, `types` are the
    content types of all; `printed` is what
    was printed, by number. `title` are the numbers of the texts that are the document's title,
    none where the file has none.
    """

    path: str
    members: Mapping[str, bytes]
    types: Mapping[str, str]
    kinds: Mapping[str, PartKind]
    main: str
    printed: Mapping[int, Inlines]
    sheets: tuple[FilledSheet, ...]
    title: tuple[int, ...] = ()


def sheets(document: Document) -> Iterator[tuple[str, Document]]:
    """Yield each sheet of a document that was filled for several rows: its row, and it alone."""
    for number, (row, blocks) in enumerate(zip(document.rows, _groups(document), strict=False)):
        yield row, _sheet(document, number, blocks)


def _groups(document: Document) -> list[list[Block]]:
    """Return the blocks between page breaks."""
    groups: list[list[Block]] = [[]]
    for block in document.blocks:
        if isinstance(block, PageBreak):
            groups.append([])
        else:
            groups[-1].append(block)
    return groups


def _sheet(document: Document, number: int, blocks: list[Block]) -> Document:
    """Return a sheet as a document; a title that its file has is its own."""
    title, form = document.title, document.form
    origins = form.title if form and not number else ()
    kept: list[Block] = []
    for block in blocks:
        if isinstance(block, Title):
            title, origins = block.lines, block.origins
        else:
            kept.append(block)
    if form is not None:
        form = replace(form, sheets=form.sheets[number : number + 1], title=origins)
    return replace(document, title=title, blocks=tuple(kept), form=form, rows=())


# What Word numbers by itself


def without_labels(document: Document) -> Document:
    """Return a document as its Word file spells it: without the labels that Word sets by itself.

    A table that was set anew, since it lost rows or columns, has them in its texts.
    """
    forms: dict[int, _FormLabels] = {}
    for number, form in ((-1, document.form), *enumerate(document.placed)):
        if form is not None and _has_labels(form):
            forms[number] = _FormLabels(form, number, document)
    if not forms:
        return document
    annexes = [replace(annex, blocks=_spelled(annex.blocks, forms)) for annex in document.annexes]
    return replace(document, blocks=_spelled(document.blocks, forms), annexes=tuple(annexes))


def _has_labels(form: FilledForm) -> bool:
    texts = chain.from_iterable(map(attrgetter("texts"), form.sheets))
    return any(map(attrgetter("label"), texts))


class _FormLabels:
    """The labels in a form by the numbers of its texts, without those of tables set anew."""

    def __init__(self, form: FilledForm, number: int, document: Document) -> None:
        texts: dict[int, FormText] = {}
        for sheet in form.sheets:
            texts.update(enumerate(sheet.texts, sheet.first))
        unsaid = texts.keys() - set(_origins_of(document, number))
        gone = {texts[at].table for at in unsaid} - {0}
        self.labels: dict[int, str] = {}
        for at, text in texts.items():
            self.labels[at] = "" if text.table in gone else text.label

    def without(self, inlines: Inlines, origin: int) -> Inlines:
        """Return a text without its label."""
        label = self.labels.get(origin, "")
        first = inlines[0] if inlines else None
        if not label or not isinstance(first, Text) or not first.text.startswith(label):
            return inlines
        rest = first.text.removeprefix(label)
        return (Text(rest), *inlines[1:]) if rest else inlines[1:]


def _spelled(blocks: Iterable[Block], forms: Mapping[int, _FormLabels]) -> tuple[Block, ...]:
    spelled: list[Block] = []
    for block in blocks:
        labels = forms.get(_form_of(block))
        spelled.append(block if labels is None else _without(block, labels))
    return tuple(spelled)


def _form_of(block: Block) -> int:
    """Return the number of the placed form that a block is of, -1 for that which the report is."""
    place = block.in_form if isinstance(block, Paragraph | Table) else None
    return -1 if place is None else place.form


def _without(block: Block, labels: _FormLabels) -> Block:
    if isinstance(block, Paragraph):
        return replace(block, inlines=labels.without(block.inlines, block.origin))
    if not isinstance(block, Table):
        return block
    return replace(block, rows=tuple([_row(row, labels) for row in block.rows]))


def _row(row: Row, labels: _FormLabels) -> Row:
    return replace(row, cells=tuple([_cell(each, labels) for each in row.cells]))


def _cell(cell: Cell, labels: _FormLabels) -> Cell:
    if not cell.origins:
        return cell
    return replace(cell, lines=tuple(map(labels.without, cell.lines, cell.origins)))


def _origins_of(document: Document, number: int) -> Iterator[int]:
    """Yield the numbers of the texts of a form that a document has."""
    blocks = [*document.blocks]
    for annex in document.annexes:
        blocks += annex.blocks
    for block in blocks:
        if _form_of(block) == number:
            yield from _origins(block)


def _origins(block: Block) -> Iterator[int]:
    match block:
        case Paragraph(origin=origin):
            yield origin
        case Table(rows=rows):
            for row in rows:
                for cell in row.cells:
                    yield from cell.origins
