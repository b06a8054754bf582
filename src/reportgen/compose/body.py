"""Numbers headings and list items as the pack says: 一、 （一） 1. （1）."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from reportgen.compose.errors import TemplateError
from reportgen.compose.lines import Rendered
from reportgen.compose.tokens import Tokens
from reportgen.findings import Diagnostics, finding
from reportgen.model.document import (
    Block,
    Break,
    Heading,
    Inline,
    Inlines,
    Items,
    ListItem,
    Paragraph,
    Strong,
    Text,
    plain,
    values,
)
from reportgen.model.source import SourceSpan

LEVELS = 4
"""How deep headings go."""
_DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """Return `number` in Chinese numerals up to 99, 十二, and in digits beyond."""
    if not 0 < number < 100:
        return _DIGITS[0] if number == 0 else str(number)
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return head + (_DIGITS[ones] if ones else "")


@dataclass(slots=True)
class Numbering:
    """The count at each heading level; `styles` are texts with {cn} or {n}, level by level.

    `prefix` begins the anchors, which must be unique in the document.
    """

    styles: tuple[str, ...]
    prefix: str = "s"
    counts: list[int] = field(default_factory=lambda: [0] * LEVELS)

    def next(self, level: int) -> tuple[str, str]:
        """Return the number and the anchor of the next heading at `level` (1 is the highest)."""
        self.counts[level - 1] += 1
        self.counts[level:] = [0] * (LEVELS - level)
        anchor = self.prefix + "-".join(str(count) for count in self.counts[:level])
        return self.label(level, self.counts[level - 1]), anchor

    def label(self, level: int, number: int) -> str:
        """Return `number` as printed at `level`; without styles there are no numbers."""
        if not self.styles:
            return ""
        style = self.styles[min(level, len(self.styles)) - 1]
        return style.replace("{n}", str(number)).replace("{cn}", chinese(number))


_READ = ("heading", "list", "blockquote", "emphasis", "newline", "escape", "balance_pairs")
_REFUSED = (
    *("lheading", "code", "fence", "hr", "table", "html_block"),
    *("link", "image", "autolink", "backticks", "strikethrough", "entity", "html_inline"),
)
# Joined texts would not tell `\*`, which is meant, from `**` that found no partner.
_MARKDOWN = MarkdownIt("zero", {"html": True}).enable([*_READ, *_REFUSED]).disable("text_join")
_SIGNS = {
    "bullet_list_open": "-",
    "code_block": "␣␣␣␣",
    "fence": "```",
    "hr": "---",
    "table_open": "| … |",
    "html_block": "<…>",
    "html_inline": "<…>",
    "em_open": "*…*",
    "autolink": "<…>",
    "link_open": "[…](…)",
    "image": "![…](…)",
    "code_inline": "`…`",
    "s_open": "~~…~~",
}
_SOFT = Text("\n")
"""The end of a line within a paragraph; Chinese goes on without a space."""


@dataclass(frozen=True, slots=True)
class Body:
    """What Markdown is read with: tokens, numbers of headings, the level of its section."""

    tokens: Tokens
    numbering: Numbering
    level: int = 0

    def read(self, rendered: Rendered, log: Diagnostics) -> tuple[Block, ...]:
        """Return the blocks of `rendered`; the log gets T113 to T122 and D114 at its lines.

        Headings must lie below `level`, that of the section which holds them.
        """
        reader = _BlockReader(self, rendered, _MARKDOWN.parse(rendered.text), log)
        return tuple(reader.blocks(""))


class _BlockReader:
    def __init__(
        self, body: Body, rendered: Rendered, stream: Sequence[Token], log: Diagnostics
    ) -> None:
        self.body = body
        self.rendered = rendered
        self.stream = stream
        self.at = 0
        self.log = log

    def blocks(self, until: str) -> list[Block]:
        result: list[Block] = []
        readers: dict[str, Callable[[Token], list[Block]]] = {
            "heading_open": self._heading,
            "paragraph_open": self._paragraph,
            "ordered_list_open": self._items,
            "blockquote_open": self._note,
        }
        while self.at < len(self.stream):
            token = self.stream[self.at]
            if token.type == until:
                break
            if token.type in readers:
                result.extend(readers[token.type](token))
            elif token.nesting >= 0 and token.type in _SIGNS:
                self._refuse(token, self._mark(token))
                self._skip(token)
            self.at += 1
        return result

    def _skip(self, token: Token) -> None:
        """Go to the end of a refused block; one finding says enough."""
        if token.nesting > 0:
            end = token.type.replace("_open", "_close")
            while (self.stream[self.at].type, self.stream[self.at].level) != (end, token.level):
                self.at += 1

    def _paragraph(self, _token: Token) -> list[Block]:
        inline = self.stream[self.at + 1]
        self.at += 2
        tables = self.body.tokens.tables(inline.content)
        if tables:
            return list(tables)
        if self.body.tokens.vanishes(inline.content):
            return []
        inlines = self._inlines(inline)
        return [Paragraph(inlines, span=self._lines(inline))] if inlines else []

    def _heading(self, token: Token) -> list[Block]:
        level = int(token.tag[1:])
        inlines = self._inlines(self.stream[self.at + 1])
        self.at += 2
        span = self._mark(token)
        if not token.markup.startswith("#"):
            line = self.rendered.span(token.map[1] - 1) if token.map else span
            self.log.add(finding("T113", line, part=token.markup * 3))
            return []
        if level <= self.body.level or level > LEVELS:
            least = self.body.level + 1
            self.log.add(finding("T114", span, level=level, least=least))
            return []
        number, anchor = self.body.numbering.next(level)
        return [Heading(level, number, inlines, anchor, span)]

    def _items(self, token: Token) -> list[Block]:
        items: list[ListItem] = []
        start = token.attrGet("start")
        number = 1 if start is None else int(start)
        self.at += 1
        while self.stream[self.at].type == "list_item_open":
            opening = self.stream[self.at]
            self.at += 1
            before = len(self.log)
            match self.blocks("list_item_close"):
                case [Paragraph(inlines, "body", span)]:
                    level = 3 if opening.markup == "." else 4
                    label = self.body.numbering.label(level, number)
                    items.append(ListItem(label, inlines, span))
                case _ if len(self.log) == before:
                    self.log.add(finding("T122", self._mark(opening)))
            number += 1
            self.at += 1
        return [Items(tuple(items))]

    def _note(self, _token: Token) -> list[Block]:
        self.at += 1
        log, self.log = self.log, Diagnostics()
        inner = self.blocks("blockquote_close")
        # A note is filled in like a form (填表人：　　联系电话：): what is withheld stays empty.
        log.extend(problem for problem in self.log if problem.code != "D114")
        self.log = log
        return [replace(b, role="note") if isinstance(b, Paragraph) else b for b in inner]

    def _inlines(self, token: Token) -> Inlines:
        line = token.map[0] if token.map else 0
        inlines, _ = self._span(list(token.children or ()), line)
        span = self._mark(token)
        blank = dict.fromkeys(value.key for value in values(inlines) if not value.text)
        holes = self.body.tokens.missing(token.content)
        if holes:
            self.log.extend(finding("D114", span, subject=key, key=key) for key in holes)
        else:
            self.log.extend(finding("T120", span, subject=key, key=key or "—") for key in blank)
        return inlines

    def _span(self, children: list[Token], line: int) -> tuple[Inlines, int]:
        """Return the inlines of `children` up to the end of their span, and the line it is on."""
        result: list[Inline] = []
        while children:
            child = children.pop(0)
            span = self.rendered.span(line)
            match child.type:
                case "text" | "text_special" if child.info != "entity":
                    if child.type == "text" and "**" in child.content:
                        self.log.add(finding("T113", span, part="**"))
                    result.extend(self._filled(child.content, span))
                case "softbreak":
                    result.append(_SOFT)
                    line += 1
                case "hardbreak":
                    result.append(Break())
                    line += 1
                case "strong_open":
                    inner, line = self._span(children, line)
                    result.append(Strong(inner))
                case "strong_close":
                    break
                case _:
                    self._refuse(child, span)
        return _joined(result), line

    def _filled(self, text: str, span: SourceSpan) -> Inlines:
        try:
            return self.body.tokens.inlines(text)
        except TemplateError as error:
            self.log.add(finding(error.code, span, **error.params))  # type: ignore[arg-type]
            return ()

    def _refuse(self, token: Token, span: SourceSpan) -> None:
        if token.nesting >= 0:
            part = _SIGNS.get(token.markup) or _SIGNS.get(token.type) or token.markup
            self.log.add(finding("T113", span, part=part))

    def _lines(self, token: Token) -> SourceSpan:
        return self.rendered.span(*(token.map or (0, 1)))

    def _mark(self, token: Token) -> SourceSpan:
        return self.rendered.span(token.map[0] if token.map else 0)


def _joined(inlines: list[Inline]) -> Inlines:
    """Return `inlines` with neighbouring texts as one, lines joined as their letters want."""
    result: list[Inline] = []
    around = [None, *inlines, None]
    for number, inline in enumerate(inlines):
        piece = inline
        if piece is _SOFT:
            piece = Text(_between(around[number], around[number + 2]))
        last = result[-1] if result else None
        if isinstance(piece, Text) and isinstance(last, Text):
            result[-1] = Text(last.text + piece.text)
        elif piece != Text(""):
            result.append(piece)
    return tuple(result)


def _between(before: Inline | None, after: Inline | None) -> str:
    """Return what stands for the end of a line: a space between Western words, else nothing."""
    left, right = (plain((each,)) if each else "" for each in (before, after))
    western = left[-1:].isascii() and left[-1:].isalnum() and right[:1].isascii()
    return " " if western and right[:1].isalnum() else ""
