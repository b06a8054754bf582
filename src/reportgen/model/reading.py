"""A document that somebody else wrote, as it was read: paragraphs and tables, each placed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from fractions import Fraction
from typing import Any, Literal

from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan
from reportgen.model.units import Unit

ReadingFormat = Literal["docx", "pdf", "html", "text"]


@frozen
class ReadParagraph:
    """A paragraph; `level` 1–4 says that it is a heading, 0 that it is none.

    `part` names what it stands in beside the running text: a header, a footnote, a comment.
    """

    text: str
    span: SourceSpan
    level: int = 0
    part: str = ""


@frozen
class ReadCell:
    """A cell of a table: its text, its upper left corner from 0, and what it spans.

    `full` says of one at the foot of a page that its last line is full: it may go on.
    """

    text: str
    row: int
    column: int
    span: SourceSpan
    rowspan: int = 1
    colspan: int = 1
    full: bool = False


@frozen
class ReadTable:
    """A table as a grid of `height` by `width`; `caption` is the text printed above it.

    `unit_note` is what stands above it about units: 单位：万元.
    """

    cells: tuple[ReadCell, ...]
    height: int
    width: int
    span: SourceSpan
    caption: str = ""
    unit_note: str = ""


LEAST_PASSAGE = 12
"""Characters from which a cell may hold a sentence."""

ReadBlock = ReadParagraph | ReadTable


@frozen
class Unread:
    """A part of a document that was not read, or not as what it is: `what`, a label, and where."""

    what: str
    span: SourceSpan
    params: Mapping[str, Any] = field(default_factory=dict)


@frozen
class FileProperty:
    """What a file carries beside its text: its kind, a label, what it says, and its place."""

    kind: str
    text: str
    span: SourceSpan


@frozen
class Reading:
    """A document as it was read: its blocks in order; `name` is that of its file.

    `properties` are what it carries beside its text.
    `unread` says what was left out: a page that is a picture, a table within a cell.
    """

    name: str
    format: ReadingFormat
    blocks: tuple[ReadBlock, ...]
    unread: tuple[Unread, ...] = ()
    properties: tuple[FileProperty, ...] = ()

    @property
    def paragraphs(self) -> Iterator[ReadParagraph]:
        """Yield the paragraphs in order, headings too."""
        for block in self.blocks:
            if isinstance(block, ReadParagraph):
                yield block

    @property
    def passages(self) -> Iterator[ReadParagraph]:
        """Yield what is written in sentences: the paragraphs, and the cells that hold text."""
        for block in self.blocks:
            if isinstance(block, ReadParagraph):
                yield block
                continue
            for cell in block.cells:
                if len(cell.text) >= LEAST_PASSAGE:
                    yield ReadParagraph(cell.text, cell.span)

    @property
    def tables(self) -> Iterator[ReadTable]:
        """Yield the tables in order."""
        for block in self.blocks:
            if isinstance(block, ReadTable):
                yield block


@frozen
class DocumentNumber:
    """A number as a document states it: its text, its value in base units, and its place.

    `step` is the worth of its last digit, 0 for a count, which is exact. `rough` says that it is
    not (约, 余, 以上).
    """

    text: str
    value: Fraction
    step: Fraction
    unit: Unit | None
    span: SourceSpan
    rough: bool = False


@frozen
class KeyFigures:
    """What a document is, and its score, grade, execution rate and three public expenses.

    `kind` is the subject of the packs for such reports. What it does not say is empty, or None.
    """

    title: str = ""
    unit: str = ""
    year: int | None = None
    kind: str = ""
    score: DocumentNumber | None = None
    grade: str = ""
    execution_rate: DocumentNumber | None = None
    three_public: DocumentNumber | None = None
    three_public_last: DocumentNumber | None = None
