"""Reads a form, an HTML partial of one or more tables, into tables of the Document.

The notation is HTML's own: caption, col, thead, tbody, tr, th, td, br. Any other tag, attribute
or class, text outside a cell, or a tag left open is a finding; nothing is repaired silently.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import NoReturn

from reportgen.compose.errors import TemplateError
from reportgen.compose.lines import Rendered
from reportgen.compose.tokens import Tokens
from reportgen.model.document import (
    Align,
    Break,
    Cell,
    Inline,
    Inlines,
    Row,
    Table,
    Text,
    Value,
    plain,
    values,
)
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
}
"""Every tag with the tags it may stand in."""
_CELL = {"class": "left|center|right|vertical|indent-[0-9]", "colspan": "", "rowspan": ""}
_ATTRIBUTES: dict[str, dict[str, str]] = {
    "table": {"class": "joined|signatures|joined signatures"},
    "caption": {"class": "shown"},
    "col": {"width": ""},
    "th": {**_CELL, "scope": "col|row|colgroup|rowgroup"},
    "td": _CELL,
}
"""The attributes of each tag, each with the words it may hold, or "" for a number."""
_VOID = {"col", "br"}
_MOST = 1000
"""Largest span or width; beyond it a number is a slip of the keyboard."""


@dataclass(slots=True)
class _Draft:
    """A table as far as it has been read."""

    span: SourceSpan
    joined: bool = False
    signatures: bool = False
    caption: str = ""
    caption_figures: tuple[Value, ...] = ()
    show_caption: bool = False
    widths: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)


def read_form(name: str, rendered: Rendered, tokens: Tokens) -> tuple[Table, ...]:
    """Return the tables of a form; raises `TemplateError` T111 at the line of what is no table."""
    reader = _Reader(name, rendered, tokens)
    try:
        reader.feed(rendered.text)
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


class _Reader(HTMLParser):
    def __init__(self, name: str, rendered: Rendered, tokens: Tokens) -> None:
        super().__init__(convert_charrefs=True)
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
        values = self._attributes(tag, attrs)
        if tag not in _VOID:
            self.open.append(tag)
            self.attributes, self.text = values, ""
        match tag:
            case "table":
                spans = values.get("class", "").split()
                self.draft = _Draft(self.span(), "joined" in spans, "signatures" in spans)
            case "caption":
                self.draft.show_caption = "class" in values
            case "col":
                self.draft.widths.append(int(values.get("width", "1")))
            case "tr":
                self.draft.cells = []
            case "br":
                self.text += "\n"

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or not self.open or self.open.pop() != tag:
            self.refuse(f"</{tag}>")
        match tag:
            case "caption":
                caption = self.tokens.inlines(_tidy(self.text))
                self.draft.caption = plain(caption)
                self.draft.caption_figures = tuple(values(caption))
            case "th" | "td":
                self.draft.cells.append(self._cell(tag))
            case "tr":
                head = "thead" in self.open
                self.draft.rows.append(Row(tuple(self.draft.cells), head=head))
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
        values: dict[str, str] = {}
        for name, value in attrs:
            text = self.tokens.text(value or "")
            words = _ATTRIBUTES.get(tag, {}).get(name)
            if words is None or name in values:
                self.refuse(f'<{tag} {self.tokens.text(name)}="{text}">')
            number = re.fullmatch("[0-9]{1,4}", text) and 0 < int(text) <= _MOST
            if not (all(re.fullmatch(words, w) for w in text.split()) if words else number):
                self.refuse(f'{name}="{text}"')
            values[name] = text
        return values

    def _cell(self, tag: str) -> Cell:
        words = self.attributes.get("class", "").split()
        scope = self.attributes.get("scope", "col")
        align: Align = "center" if "center" in words else "right" if "right" in words else "left"
        indents = [int(word.removeprefix("indent-")) for word in words if word[-1].isdigit()]
        return Cell(
            lines=tuple(_split(self.tokens, self.text)),
            colspan=int(self.attributes.get("colspan", "1")),
            rowspan=int(self.attributes.get("rowspan", "1")),
            header=("row" if scope.startswith("row") else "col") if tag == "th" else "",
            align=align,
            vertical="vertical" in words,
            indent=indents[0] if indents else 0,
        )

    def _table(self) -> Table:
        draft = self.draft
        columns = max((sum(c.colspan for c in row.cells) for row in draft.rows), default=0)
        if not columns or not draft.caption:
            self.refuse("<table> ∅" if not columns else "<table>, <caption> ∅")
        return Table(
            name=self.name if not self.tables else f"{self.name}-{len(self.tables) + 1}",
            caption=draft.caption,
            widths=tuple(draft.widths) or (1,) * columns,
            rows=tuple(draft.rows),
            show_caption=draft.show_caption,
            joined=draft.joined,
            signatures=draft.signatures,
            caption_figures=draft.caption_figures,
            span=replace(draft.span, end_line=self.span().line),
        )


def _split(tokens: Tokens, text: str) -> list[Inlines]:
    """Return the lines of a cell: at each <br> and at each line break inside a value."""
    lines: list[list[Inline]] = [[]]
    for number, part in enumerate(text.split("\n")):
        if number:
            lines.append([])
        for inline in tokens.inlines(_tidy(part)):
            if isinstance(inline, Break):
                lines.append([])
            elif inline != Text(""):
                lines[-1].append(inline)
    return [tuple(line) for line in lines] if any(lines) else [()]


def _tidy(text: str) -> str:
    return re.sub(r"[ \t]+", " ", text).strip()
