"""Reads a form, an HTML partial of one or more tables, into tables of the Document.

The notation is HTML's own: caption, col, thead, tbody, tr, th, td, br, img. Any other tag,
attribute or class, text outside a cell, or a tag left open is a finding; nothing is repaired
silently.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from types import MappingProxyType
from typing import Literal, NoReturn

from reportgen.compose.errors import TemplateError
from reportgen.compose.pictures import read_picture
from reportgen.compose.tokens import Rendered, Tokens
from reportgen.model import limits
from reportgen.model.document import (
    Align,
    Break,
    Cell,
    Inline,
    Inlines,
    Picture,
    Row,
    Strong,
    Table,
    Text,
    Value,
    plain,
    values,
)
from reportgen.model.figures import UNFILLED
from reportgen.model.source import SourceSpan

_PARENTS: dict[str, tuple[str, ...]] = {
    "table": ("",),
    "caption": ("table",),
    "colgroup": ("table",),
    "col": ("colgroup",),
    "thead": ("table",),
    "tbody": ("table",),
    "tr": ("table", "thead", "tbody"),
    "th": ("tr",),
    "td": ("tr",),
    "br": ("caption", "th", "td"),
    "img": ("th", "td"),
}
"""Every tag with the tags it may stand in."""
_CELL_CLASSES = "left|center|right|top|middle|bottom|bold|underline|small|vertical|indent-[0-9]"
_CELL = {"class": _CELL_CLASSES, "colspan": "", "rowspan": ""}
_ATTRIBUTES: dict[str, dict[str, str]] = {
    "table": {"class": "joined|signatures|joined signatures"},
    "caption": {"class": "shown"},
    "col": {"width": ""},
    "tr": {"height": "[1-9][0-9]?|1[0-4][0-9]|150"},
    "th": {**_CELL, "scope": "col|row|colgroup|rowgroup"},
    "td": _CELL,
    "img": {"src": ".+", "alt": ".+", "width": ""},
}
"""The attributes of each tag, each with the words it may hold, or "" for a number."""
_VOID = {"col", "br", "img"}
_TAG = re.compile(r"<!--.*?(?:-->|(?P<comment>\Z))|<[^<>]*(?:>|(?P<tag>(?=<)|\Z))", re.DOTALL)
"""A comment or a tag, and which of them is left open: the parser reads on from each of those."""


@dataclass(slots=True)
class _Draft:
    """A table as far as it has been read; of one `uncounted` not all spans are known yet."""

    span: SourceSpan
    joined: bool = False
    signatures: bool = False
    caption: str = ""
    caption_figures: tuple[Value, ...] = ()
    show_caption: bool = False
    widths: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    height: int = 0
    cells: list[Cell] = field(default_factory=list)
    picture: Picture | None = None
    uncounted: bool = False


def read_form(
    name: str,
    rendered: Rendered,
    tokens: Tokens,
    pictures: Mapping[str, bytes] = MappingProxyType({}),
) -> tuple[Table, ...]:
    """Return the tables of a form, which may show `pictures` by their names.

    Raises `TemplateError` T111 at the line of what is no table, T160 at that of a picture.
    """
    reader = _Reader(name, rendered, tokens, pictures)
    try:
        _refuse_open(rendered)
        # A tab of the source is white space; one that a form asks for is written `&Tab;`.
        reader.feed(rendered.text.replace("\t", " "))
        reader.close()
        if reader.open:
            reader.refuse(f"<{reader.open[-1]}>")
        if not reader.tables:
            reader.refuse("∅")
    except TemplateError as error:
        if error.span is None:
            error.span = reader.span()
        raise
    return tuple(reader.tables)


def _refuse_open(rendered: Rendered) -> None:
    """Raise `TemplateError` T111 at the first tag or comment that does not end."""
    for match in _TAG.finditer(rendered.text):
        if match.lastgroup:
            span = rendered.span(rendered.text.count("\n", 0, match.start()))
            part = match[0][:40]
            raise TemplateError("T111", span, word=part, part=part)


class _Reader(HTMLParser):
    def __init__(
        self, name: str, rendered: Rendered, tokens: Tokens, pictures: Mapping[str, bytes]
    ) -> None:
        super().__init__(convert_charrefs=True)
        self.pictures = pictures
        self.name = name
        self.rendered = rendered
        self.tokens = tokens
        self.tables: list[Table] = []
        self.open: list[str] = []
        self.draft = _Draft(rendered.span(0))
        self.text = ""
        self.attributes: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parent = self.open[-1] if self.open else ""
        if parent not in _PARENTS.get(tag, ()):
            self.refuse(f"<{tag}>")
        attributes = self._attributes(tag, attrs)
        if tag not in _VOID:
            self.open.append(tag)
            self.attributes, self.text = attributes, ""
        self._begin(tag, attributes)

    def _begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take what an element says of itself."""
        match tag:
            case "table":
                words = attributes.get("class", "").split()
                self.draft = _Draft(self.span(), "joined" in words, "signatures" in words)
            case "caption":
                self.draft.show_caption = "class" in attributes
            case "col":
                self.draft.widths.append(int(attributes.get("width", "1")))
            case "tr":
                self.draft.cells = []
                self.draft.height = int(attributes.get("height", "0"))
            case "br":
                self.text += "\n"
            case "img":
                self._show(attributes)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or not self.open or self.open.pop() != tag:
            self.refuse(f"</{tag}>")
        self._end(tag)

    def _end(self, tag: str) -> None:
        """Take what an element held."""
        match tag:
            case "caption":
                caption = self.tokens.inlines(_tidy(self.text))
                self.draft.caption = plain(caption)
                self.draft.caption_figures = tuple(values(caption))
            case "th" | "td":
                self.draft.cells.append(self._cell(tag))
            case "tr":
                draft, is_head = self.draft, "thead" in self.open
                draft.rows.append(Row(tuple(draft.cells), is_head, draft.height))
            case "table":
                self.tables.append(self._table())

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.refuse(f"<{tag}/>")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in {"caption", "th", "td"}:
            self.text += re.sub(r"\s*\n\s*", "", data)
        elif data.strip():
            self.refuse(self.tokens.text(data.strip())[:40])

    def handle_decl(self, decl: str) -> None:
        self.refuse(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.refuse(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        self.refuse(f"<![{data}]>")

    def refuse(self, part: str) -> NoReturn:
        """Raise T111 for `part` at the line that has been reached."""
        raise TemplateError("T111", self.span(), word=part, part=part)

    def span(self) -> SourceSpan:
        """Return the template line of what is being read."""
        return self.rendered.span(self.getpos()[0] - 1)

    def _attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> dict[str, str]:
        """Return the attributes of `tag`, all of them known and given once."""
        attributes: dict[str, str] = {}
        for name, value in attrs:
            text = self.tokens.text(value or "")
            words = _ATTRIBUTES.get(tag, {}).get(name)
            if words is None or name in attributes:
                self.refuse(f'<{tag} {self.tokens.text(name)}="{text}">')
            if text == UNFILLED and not words:
                text, self.draft.uncounted = "1", True
            if not _fits(text, words):
                self.refuse(f'{name}="{text}"')
            attributes[name] = text
        return attributes

    def _show(self, attributes: Mapping[str, str]) -> None:
        """Show a picture in the cell, which has no other."""
        for name in ("src", "alt", "width"):
            if not attributes.get(name, "").strip():
                self.refuse(f"<img>, {name} ∅")
        if self.draft.picture is not None:
            self.refuse(f'<img src="{attributes["src"]}">')
        width = int(attributes["width"])
        picture = read_picture(attributes["src"], attributes["alt"], width, self.pictures)
        self.draft.picture = picture

    def _cell(self, tag: str) -> Cell:
        words = self.attributes.get("class", "").split()
        lines = tuple(_split(self.tokens, self.text))
        picture, self.draft.picture = self.draft.picture, None
        return Cell(
            lines=_bold(lines) if "bold" in words else lines,
            colspan=int(self.attributes.get("colspan", "1")),
            rowspan=int(self.attributes.get("rowspan", "1")),
            header=self._header(tag),
            align=_align(words),
            vertical="vertical" in words,
            indent=_indent(words),
            place=_place(words),
            underline="underline" in words,
            small="small" in words,
            picture=picture,
        )

    def _header(self, tag: str) -> Literal["", "col", "row"]:
        """Return what a cell heads; a head without a scope heads its column."""
        if tag != "th":
            return ""
        return "row" if self.attributes.get("scope", "col").startswith("row") else "col"

    def _table(self) -> Table:
        draft = self.draft
        columns = max(map(_width, draft.rows), default=0)
        if not columns:
            self.refuse("<table> ∅")
        if not draft.caption:
            self.refuse("<table>, <caption> ∅")
        return Table(
            name=self.name if not self.tables else f"{self.name}-{len(self.tables) + 1}",
            caption=draft.caption,
            widths=tuple(draft.widths) or (1,) * columns,
            rows=_filled_up(draft.rows, columns) if draft.uncounted else tuple(draft.rows),
            show_caption=draft.show_caption,
            joined=draft.joined,
            signatures=draft.signatures,
            caption_figures=draft.caption_figures,
            span=draft.span._replace(end_line=self.span().line),
        )


def _filled_up(rows: Iterable[Row], columns: int) -> tuple[Row, ...]:
    """Return rows with a blank cell in front of each that spans of unknown length leave short."""
    filled: list[Row] = []
    spanning: list[tuple[int, int]] = []
    for row in rows:
        covered = sum(colspan for _, colspan in spanning)
        missing = columns - covered - _width(row)
        if missing > 0:
            row = replace(row, cells=(Cell(((),), colspan=missing), *row.cells))  # noqa: PLW2901
        spanning += [(cell.rowspan, cell.colspan) for cell in row.cells]
        spanning = [(left - 1, colspan) for left, colspan in spanning if left > 1]
        filled.append(row)
    return tuple(filled)


def _fits(text: str, words: str) -> bool:
    """Return whether an attribute holds only `words` (a pattern), or a number without any."""
    if words:
        return all(re.fullmatch(words, word) for word in text.split())
    return re.fullmatch("[0-9]{1,4}", text) is not None and 0 < int(text) <= limits.SPAN


def _align(words: list[str]) -> Align:
    if "center" in words:
        return "center"
    return "right" if "right" in words else "left"


def _place(words: list[str]) -> Literal["top", "middle", "bottom"]:
    if "top" in words:
        return "top"
    return "bottom" if "bottom" in words else "middle"


def _bold(lines: tuple[Inlines, ...]) -> tuple[Inlines, ...]:
    """Return the lines of a cell emphasised, blank ones as they are."""
    return tuple((Strong(line),) if line else line for line in lines)


def _indent(words: list[str]) -> int:
    for word in words:
        if word.startswith("indent-"):
            return int(word.removeprefix("indent-"))
    return 0


def _width(row: Row) -> int:
    return sum(cell.colspan for cell in row.cells)


def _split(tokens: Tokens, text: str) -> list[Inlines]:
    """Return the lines of a cell: at each <br> and at each line break inside a value."""
    lines: list[Inlines] = []
    for part in text.split("\n"):
        line: list[Inline] = []
        for inline in tokens.inlines(_tidy(part)):
            if isinstance(inline, Break):
                lines.append(tuple(line))
                line = []
            elif inline != Text(""):
                line.append(inline)
        lines.append(tuple(line))
    return lines if any(lines) else [()]


def _tidy(text: str) -> str:
    """Return `text` with its spaces as one; what follows a tab (`&Tab;`) stands at the right."""
    return re.sub(r" *\t *", "\t", re.sub(" +", " ", text)).strip(" ")
