"""A document ready to be written in any format: running text, blocks, tables, annexes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from fractions import Fraction
from hashlib import sha256
from typing import TYPE_CHECKING, Literal, NamedTuple

from reportgen.model.frozen import frozen
from reportgen.model.publication import Properties, Publication
from reportgen.model.source import NOWHERE, SourceSpan

if TYPE_CHECKING:
    from reportgen.model.word_form import FilledForm


@frozen
class Text:
    """Literal text."""

    text: str


@frozen
class Value:
    """A printed figure: its text, the number a machine can read, and the figure's key.

    `key` is empty in a public document, which carries no ids.
    """

    text: str
    number: str
    key: str = ""


@frozen
class Strong:
    """Emphasised inlines."""

    inlines: Inlines


@frozen
class Break:
    """A line break inside a paragraph."""


Inline = Text | Value | Strong | Break
Inlines = tuple[Inline, ...]


def plain(inlines: Inlines) -> str:
    """Return the text of `inlines`; a line break is a newline."""
    parts: list[str] = []
    for inline in inlines:
        if isinstance(inline, Text | Value):
            parts.append(inline.text)
        elif isinstance(inline, Strong):
            parts.append(plain(inline.inlines))
        else:
            parts.append("\n")
    return "".join(parts)


def values(inlines: Inlines) -> Iterator[Value]:
    """Yield the figures printed in `inlines`, in order."""
    for inline in inlines:
        if isinstance(inline, Value):
            yield inline
        elif isinstance(inline, Strong):
            yield from values(inline.inlines)


# What running text is made of belongs to a document's vocabulary.
__all__ = ["Break", "Inline", "Inlines", "Strong", "Text", "Value", "plain", "values"]

Align = Literal["left", "center", "right"]
Audience = Literal["internal", "submit", "public"]


@frozen
class Heading:
    """A numbered heading; `level` 1–4 (一、 （一） 1. （1）), `anchor` unique in the document.

    `section` is the id of the prescribed section that it heads; no file ever shows it.
    """

    level: int
    number: str
    inlines: Inlines
    anchor: str
    span: SourceSpan = field(default=NOWHERE, compare=False, repr=False)
    section: str = ""


class FormPlace(NamedTuple):
    """Where a block stands in the body of a Word form: in which paragraph or table, from 0.

    `form` is the number of the form among those that are placed in the document, -1 where it is
    one. `landscape` says that its page lies on its side.
    """

    form: int
    element: int
    landscape: bool


@frozen
class Paragraph:
    """A paragraph. `body` is indented by two characters; the others are as they say.

    `note` is small print below a table (说明, 填表人). In a Word form `origin` is the number of its
    text there, as in cells and titles, -1 for a text of none; `in_form` is where that stands.
    """

    inlines: Inlines
    role: Literal["body", "plain", "center", "right", "note"] = "body"
    span: SourceSpan = field(default=NOWHERE, compare=False, repr=False)
    origin: int = field(default=-1, compare=False, repr=False)
    in_form: FormPlace | None = field(default=None, compare=False, repr=False)


@frozen
class ListItem:
    """An entry of a list with its printed label, `1.` or `（1）`."""

    label: str
    inlines: Inlines
    span: SourceSpan = field(default=NOWHERE, compare=False, repr=False)


@frozen
class Items:
    """A list set as body paragraphs that begin with their labels, as official documents do."""

    items: tuple[ListItem, ...]


@frozen
class Picture:
    """A picture below the text of a cell, a PNG or JPEG; `width` and `height` in millimetres.

    `alt` says what it shows to those who cannot see it.
    """

    data: bytes = field(repr=False)
    alt: str
    width: float
    height: float

    @property
    def name(self) -> str:
        """Return the name of its file within any format, the same for the same picture."""
        kind = "png" if self.data.startswith(b"\x89PNG") else "jpg"
        return f"picture-{sha256(self.data).hexdigest()[:16]}.{kind}"

    def fitted(self, most: float) -> Picture:
        """Return it no wider than `most` millimetres, in its proportions."""
        if self.width <= most:
            return self
        return replace(self, width=most, height=self.height * most / self.width)


@frozen
class Cell:
    """A cell: its lines (each a paragraph), what it spans, what it heads, how it stands.

    `vertical` asks for one character a line in a narrow column, as forms label their blocks.
    `indent` counts characters of indentation of a row label. `place` is where its text stands in
    a row that is higher than it; `small` sets it in 小五 (9 pt).
    """

    lines: tuple[Inlines, ...]
    colspan: int = 1
    rowspan: int = 1
    header: Literal["", "col", "row"] = ""
    align: Align = "left"
    vertical: bool = False
    indent: int = 0
    place: Literal["top", "middle", "bottom"] = "middle"
    underline: bool = False
    small: bool = False
    picture: Picture | None = None
    origins: tuple[int, ...] = field(default=(), compare=False, repr=False)

    @property
    def heads(self) -> Literal["", "col", "row"]:
        """Return what the cell heads: one that says nothing, a blank row label, heads nothing."""
        if self.header and any(plain(line).strip() for line in self.lines):
            return self.header
        return ""


@frozen
class Row:
    """The cells that begin in a row; `head` rows repeat after a page break.

    `height` is the least that the row is high, in millimetres; 0 as high as its text.
    """

    cells: tuple[Cell, ...]
    head: bool = False
    height: int = 0


@frozen
class Table:
    """A prescribed form or table with real spans.

    `widths` are parts of the text width, one a grid column. `caption` names the table for
    those who cannot see it and is printed above it only with `show_caption`.
    `name` is the form's name in the pack. `joined` sets it directly below the one before.
    `signatures` says that people sign in it. `caption_figures` are those that the caption prints.
    One that stands `aside` holds the data behind a chart: a page folds it, paper leaves it out.
    `in_form` is where a table of a Word form stands there.
    """

    name: str
    caption: str
    widths: tuple[int, ...]
    rows: tuple[Row, ...]
    show_caption: bool = False
    joined: bool = False
    signatures: bool = False
    caption_figures: tuple[Value, ...] = ()
    aside: bool = False
    span: SourceSpan = field(default=NOWHERE, compare=False, repr=False)
    in_form: FormPlace | None = field(default=None, compare=False, repr=False)

    @property
    def pictures(self) -> Iterator[Picture]:
        """Yield the pictures in its cells, row by row."""
        for row in self.rows:
            for cell in row.cells:
                if cell.picture is not None:
                    yield cell.picture


@frozen
class Chart:
    """A chart of figures; the data behind it follow as a table of its own.

    `bars` sets series beside each other in each category, `share` cuts one bar by category.
    `values` (in `unit`, None where there is none) and `texts`, as they stand at the bars, hold a
    row a category and a cell a series. `alt` says what it shows to those who cannot see it.
    `name` is unique. Its caption stands below it (图1).
    """

    name: str
    kind: Literal["bars", "share"]
    categories: tuple[str, ...]
    series: tuple[str, ...]
    values: tuple[tuple[Fraction | None, ...], ...]
    texts: tuple[tuple[str, ...], ...]
    unit: str
    alt: str
    number: int = 0
    title: str = ""

    @property
    def caption(self) -> str:
        """Return what is printed below it: 图1　支出构成."""
        return f"图{self.number}　{self.title}" if self.title else ""


@frozen
class PageBreak:
    """A new page."""


@frozen
class AttachmentList:
    """附件说明: the titles of the annexes in order, below the body (GB/T 9704-2012, 7.3.4)."""

    titles: tuple[Inlines, ...]


@frozen
class SignOff:
    """署名 and 成文日期: lines set to the right below the body (GB/T 9704-2012, 7.3.5)."""

    lines: tuple[Inlines, ...]


@frozen
class Cover:
    """封面: below the report's title, fields (label, value) and a foot line; then a new page."""

    fields: tuple[tuple[str, Inlines], ...]
    foot: Inlines = ()


@frozen
class Title:
    """A title inside the body, set like the report's own; it follows a cover.

    `figures` are those that its lines print.
    """

    lines: tuple[str, ...]
    figures: tuple[Value, ...] = ()
    origins: tuple[int, ...] = field(default=(), compare=False, repr=False)


Block = (
    Heading
    | Paragraph
    | Items
    | Table
    | Chart
    | PageBreak
    | AttachmentList
    | SignOff
    | Cover
    | Title
)


def is_turned(block: Block) -> bool:
    """Return whether a block stands on a page of a Word form that lies on its side."""
    place = block.in_form if isinstance(block, Paragraph | Table) else None
    return place is not None and place.landscape


@frozen
class Annex:
    """An annex: it starts a page with its label (附件1), then its title, then its blocks."""

    label: str
    title: Inlines
    blocks: tuple[Block, ...]
    anchor: str
    landscape: bool = False


@frozen
class Document:
    """A whole report, ready to be written in any format.

    `title` holds the printed lines of the title, `title_figures` the figures in them. `date` is
    ISO (YYYY-MM-DD), the report's own date: it stands in file properties, where a clock must not.
    `notes` explains the figures by key, in words; it is empty for a public document.
    `publication` is what a site says of the page; `stated` holds the file properties that a
    policy sets, by name. `form` is the Word file that the report is, filled, if it is one; `placed`
    are the Word forms that stand in its texts.
    """

    title: tuple[str, ...]
    language: str
    subject: str
    organization: str
    date: str
    audience: Audience
    blocks: tuple[Block, ...]
    annexes: tuple[Annex, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    publication: Publication | None = None
    stated: Mapping[str, str] = field(default_factory=dict)
    title_figures: tuple[Value, ...] = ()
    form: FilledForm | None = field(default=None, repr=False)
    placed: tuple[FilledForm, ...] = field(default=(), compare=False, repr=False)
    rows: tuple[str, ...] = ()

    @property
    def properties(self) -> Properties:
        """Return the properties of its files: what a policy states, else what it is."""
        keywords = self.publication.keywords if self.publication else ""
        given = Properties(self.organization, self.name, self.subject, keywords)
        return replace(given, **self.stated)

    @property
    def on_paper(self) -> Document:
        """Return it without the tables that paper leaves out."""
        annexes = [replace(annex, blocks=_on_paper(annex.blocks)) for annex in self.annexes]
        return replace(self, blocks=_on_paper(self.blocks), annexes=tuple(annexes))

    @property
    def tables(self) -> list[Table]:
        """Return its tables in order."""
        blocks = [*self.blocks]
        for annex in self.annexes:
            blocks += annex.blocks
        return [block for block in blocks if isinstance(block, Table)]

    @property
    def name(self) -> str:
        """Return the title on one line."""
        return "".join(self.title)

    @property
    def covered(self) -> bool:
        """Return whether the title stands on a cover, a page without number."""
        return bool(self.blocks) and isinstance(self.blocks[0], Cover)


def _on_paper(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return tuple(block for block in blocks if not (isinstance(block, Table) and block.aside))
