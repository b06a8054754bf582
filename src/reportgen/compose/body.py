"""Turns rendered Markdown into blocks of the Document; what it does not know is a finding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from reportgen.compose.numbering import Numbering
from reportgen.compose.tokens import Tokens
from reportgen.findings import Finding, finding
from reportgen.model.document import (
    Block,
    Break,
    Heading,
    Inline,
    Inlines,
    Item,
    Items,
    Paragraph,
    Strong,
    Text,
)
from reportgen.model.source import Mark

_RULES = ("heading", "list", "blockquote", "emphasis", "newline", "escape", "balance_pairs")
_MARKDOWN = MarkdownIt("zero").enable(
    [*_RULES, "code", "fence", "hr", "link", "image", "backticks"]
)
_SOURCES: dict[str, str] = {
    "bullet_list_open": "-",
    "code_block": "四个空格的缩进",
    "fence": "```",
    "hr": "---",
    "em_open": "*…*",
    "link_open": "[…](…)",
    "image": "![…](…)",
    "code_inline": "`…`",
}


@dataclass(frozen=True, slots=True)
class Body:
    """What a piece of Markdown is read with: tokens, numbers of headings, its file and level."""

    tokens: Tokens
    numbering: Numbering
    path: str
    level: int = 0

    def read(self, markdown: str) -> tuple[tuple[Block, ...], tuple[Finding, ...]]:
        """Return the blocks of `markdown`, and findings T113 and T114 for what is not allowed.

        Headings must lie below `level`, that of the section which holds them.
        """
        reader = _Reader(self, _MARKDOWN.parse(markdown))
        blocks = reader.blocks("")
        return tuple(blocks), tuple(reader.findings)


class _Reader:
    def __init__(self, body: Body, stream: Sequence[Token]) -> None:
        self.body = body
        self.stream = stream
        self.at = 0
        self.findings: list[Finding] = []

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
            else:
                self._refuse(token)
            self.at += 1
        return result

    def _paragraph(self, _token: Token) -> list[Block]:
        inline = self.stream[self.at + 1]
        self.at += 2
        blocks = self.body.tokens.blocks(inline.content)
        if blocks is not None:
            return list(blocks)
        inlines = self._inlines(inline)
        return [Paragraph(inlines)] if inlines else []

    def _heading(self, token: Token) -> list[Block]:
        level = int(token.tag[1:])
        inlines = self._inlines(self.stream[self.at + 1])
        self.at += 2
        if level <= self.body.level or level > 4:
            self.findings.append(
                finding("T114", self._mark(token), level=level, least=self.body.level + 1)
            )
            return []
        number, anchor = self.body.numbering.next(level)
        return [Heading(level, number, inlines, anchor)]

    def _items(self, token: Token) -> list[Block]:
        items: list[Item] = []
        number = int(token.attrGet("start") or 1)
        self.at += 1
        while self.stream[self.at].type == "list_item_open":
            opening = self.stream[self.at]
            self.at += 1
            inner = self.blocks("list_item_close")
            if len(inner) == 1 and isinstance(inner[0], Paragraph):
                level = 3 if opening.markup == "." else 4
                label = self.body.numbering.label(level, number)
                items.append(Item(label, inner[0].inlines))
            else:
                self.findings.append(finding("T113", self._mark(opening), part="1."))
            number += 1
            self.at += 1
        return [Items(tuple(items))]

    def _note(self, _token: Token) -> list[Block]:
        self.at += 1
        inner = self.blocks("blockquote_close")
        return [Paragraph(b.inlines, "note") if isinstance(b, Paragraph) else b for b in inner]

    def _inlines(self, token: Token) -> Inlines:
        return self._span(list(token.children or ()), token)

    def _span(self, children: list[Token], parent: Token) -> Inlines:
        result: list[Inline] = []
        while children:
            child = children.pop(0)
            match child.type:
                case "text" | "text_special":
                    result.extend(self.body.tokens.inlines(child.content))
                case "softbreak":
                    pass
                case "hardbreak":
                    result.append(Break())
                case "strong_open":
                    result.append(Strong(self._span(children, parent)))
                case "strong_close":
                    break
                case _:
                    self._refuse(child, parent)
        return _joined(result)

    def _refuse(self, token: Token, parent: Token | None = None) -> None:
        if token.type in _SOURCES:
            mark = self._mark(parent or token)
            self.findings.append(finding("T113", mark, part=_SOURCES[token.type]))

    def _mark(self, token: Token) -> Mark:
        return Mark(self.body.path, token.map[0] + 1 if token.map else 1)


def _joined(inlines: list[Inline]) -> Inlines:
    """Return `inlines` with neighbouring texts as one, and no space at a line's ends."""
    result: list[Inline] = []
    for inline in inlines:
        last = result[-1] if result else None
        if isinstance(inline, Text) and isinstance(last, Text):
            result[-1] = Text(last.text + inline.text)
        else:
            result.append(inline)
    return tuple(result)
