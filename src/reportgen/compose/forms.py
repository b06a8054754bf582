"""Reads a form, an HTML partial of one or more tables, into tables of the Document.

The notation is HTML's own: caption, col, thead, tbody, tr, th, td, br. Anything else, text
outside a cell, or a tag left open is a finding; nothing is repaired silently.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from reportgen.compose.filters import TemplateError
from reportgen.compose.tokens import Tokens
from reportgen.model.document import Align, Break, Cell, Inline, Inlines, Row, Table, Text

_TAGS = {"table", "caption", "colgroup", "col", "thead", "tbody", "tr", "th", "td", "br"}
_VOID = {"col", "br"}
_PARENTS = {
    "caption": "table",
    "colgroup": "table",
    "thead": "table",
    "tbody": "table",
    "col": "colgroup",
    "th": "tr",
    "td": "tr",
}


@dataclass(slots=True)
class _Draft:
    """A table as far as it has been read."""

    joined: bool
    caption: str = ""
    show_caption: bool = False
    widths: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)


def read_form(name: str, html: str, tokens: Tokens) -> tuple[Table, ...]:
    """Return the tables of `html`; raises `TemplateError` T111 for anything that is no table."""
    reader = _Reader(name, tokens)
    reader.feed(html)
    reader.close()
    if reader.open:
        raise TemplateError("T111", part=f"<{reader.open[-1]}>")
    return tuple(reader.tables)


class _Reader(HTMLParser):
    def __init__(self, name: str, tokens: Tokens) -> None:
        super().__init__(convert_charrefs=True)
        self.name = name
        self.tokens = tokens
        self.tables: list[Table] = []
        self.open: list[str] = []
        self.draft = _Draft(joined=False)
        self.text = ""
        self.cell: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: self.tokens.text(value or "") for key, value in attrs}
        parent = self.open[-1] if self.open else ""
        wanted = _PARENTS.get(tag)
        if tag not in _TAGS or (wanted and parent != wanted) or (tag == "table" and parent):
            raise TemplateError("T111", part=f"<{tag}>")
        if tag not in _VOID:
            self.open.append(tag)
        match tag:
            case "table":
                self.draft = _Draft(joined="joined" in values.get("class", "").split())
            case "caption":
                self.draft.show_caption = "shown" in values.get("class", "").split()
                self.text = ""
            case "col":
                self.draft.widths.append(_number(values, "width"))
            case "tr":
                self.draft.cells = []
            case "th" | "td":
                self.cell, self.text = values, ""
            case "br":
                self.text += "\n"

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if not self.open or self.open.pop() != tag:
            raise TemplateError("T111", part=f"</{tag}>")
        match tag:
            case "caption":
                self.draft.caption = self.tokens.text(_tidy(self.text))
            case "th" | "td":
                self.draft.cells.append(self._cell(tag))
            case "tr":
                head = "thead" in self.open
                self.draft.rows.append(Row(tuple(self.draft.cells), head=head))
            case "table":
                self.tables.append(self._table())

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in {"caption", "th", "td"}:
            self.text += re.sub(r"\s*\n\s*", "", data)
        elif data.strip():
            raise TemplateError("T111", part=self.tokens.text(data.strip())[:40])

    def _cell(self, tag: str) -> Cell:
        words = self.cell.get("class", "").split()
        scope = self.cell.get("scope", "col")
        align: Align = "center" if "center" in words else "right" if "right" in words else "left"
        indents = [int(w.removeprefix("indent-")) for w in words if re.fullmatch(r"indent-\d", w)]
        return Cell(
            lines=tuple(self._line(line) for line in _split(self.tokens, self.text)),
            colspan=_number(self.cell, "colspan"),
            rowspan=_number(self.cell, "rowspan"),
            header=("row" if scope.startswith("row") else "col") if tag == "th" else "",
            align=align,
            vertical="vertical" in words,
            indent=indents[0] if indents else 0,
        )

    def _line(self, inlines: Inlines) -> Inlines:
        return tuple(i for i in inlines if not isinstance(i, Text) or i.text)

    def _table(self) -> Table:
        draft = self.draft
        columns = max((sum(c.colspan for c in row.cells) for row in draft.rows), default=0)
        widths = tuple(draft.widths) or (1,) * columns
        return Table(
            name=self.name if not self.tables else f"{self.name}-{len(self.tables) + 1}",
            caption=draft.caption,
            widths=widths,
            rows=tuple(draft.rows),
            show_caption=draft.show_caption,
            joined=draft.joined,
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
            else:
                lines[-1].append(inline)
    return [tuple(line) for line in lines] if any(lines) else [()]


def _tidy(text: str) -> str:
    return re.sub(r"[ \t]+", " ", text).strip()


def _number(values: dict[str, str], name: str) -> int:
    text = values.get(name, "1")
    if not text.isdigit() or not 0 < int(text) <= 1000:
        raise TemplateError("T111", part=f'{name}="{text}"')
    return int(text)
