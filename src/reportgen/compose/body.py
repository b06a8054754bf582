"""Reads rendered Markdown into the blocks of a document, with headings numbered as the pack says.

Of Markdown a report has headings, paragraphs, numbered lists, emphasis and notes (block quotes);
whatever else somebody writes is a finding, since it would be printed in another way than meant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, emphasis
from markdown_it.token import Token

from reportgen.compose.errors import TemplateError
from reportgen.compose.tokens import Rendered, Tokens, marked
from reportgen.findings import Diagnostics, finding
from reportgen.language.numerals import chinese
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
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan

LEVELS = 4
"""How deep headings go."""


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
        anchor = self.prefix + "-".join(map(str, self.counts[:level]))
        return self.label(level, self.counts[level - 1]), anchor

    def label(self, level: int, number: int) -> str:
        """Return `number` as printed at `level`; without styles there are no numbers."""
        if not self.styles:
            return ""
        style = self.styles[min(level, len(self.styles)) - 1]
        characters = chinese(number) if number < 100 else str(number)
        return style.replace("{n}", str(number)).replace("{cn}", characters)


_READ = ("heading", "list", "blockquote", "emphasis", "newline", "escape", "balance_pairs")
_REFUSED = (
    *("lheading", "code", "fence", "hr", "table", "html_block"),
    *("link", "image", "autolink", "backticks", "strikethrough", "entity", "html_inline"),
)
# Of joined texts nobody could know `\*`, which is meant, from `**` that found no partner.
_MARKDOWN = MarkdownIt("zero", {"html": True}).enable([*_READ, *_REFUSED]).disable("text_join")


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Read a run of stars; one of two or more beside a Chinese character may open and close.

    CommonMark wants a blank between `**` and a letter where a mark stands within, which Chinese
    has not: CommonMark CJK-friendly Amendments, 6.2 (commonmark-spec issue 650). A single star
    stays a sign of its own, as notes on tables use it.
    """
    start = state.pos
    if not emphasis.tokenize(state, silent):
        return False
    stars = state.src[start : state.pos]
    before, after = state.src[start - 1 : start], state.src[state.pos : state.pos + 1]
    if stars.startswith("**") and (_is_chinese(before) or _is_chinese(after)):
        for delimiter in state.delimiters[-len(stars) :]:
            delimiter.open = bool(after.strip())
            delimiter.close = bool(before.strip())
    return True


def _is_chinese(char: str) -> bool:
    """Return whether `char` is as wide as a Han character in Chinese text (UAX #11, 5).

    So are “, — and …, which Western text has too, and the tokens of values.
    """
    return char != "" and unicodedata.east_asian_width(char) in "WFHA"


_MARKDOWN.inline.ruler.at("emphasis", _emphasis)
_COLUMNS = re.compile(r"\S *\t")
"""A tab behind a word: it parted columns where the text was pasted from."""
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


@frozen
class Body:
    """What Markdown is read with: tokens, numbers of headings, the level of its section.

    With `marking` a sentence shows where a figure is blank.
    """

    tokens: Tokens
    numbering: Numbering
    level: int = 0
    marking: bool = False

    def read(self, rendered: Rendered, log: Diagnostics) -> tuple[Block, ...]:
        """Return the blocks of `rendered`; the log gets T113 to T127 and D114 at its lines.

        Headings must lie below `level`, that of the section which holds them.
        """
        reader = _BlockReader(self, rendered, _MARKDOWN.parse(rendered.text), log)
        return tuple(reader.blocks(""))


class _BlockReader:
    """Reads a stream of Markdown tokens; `at` is the number of the one to read next."""

    def __init__(
        self, body: Body, rendered: Rendered, stream: Sequence[Token], log: Diagnostics
    ) -> None:
        self.body = body
        self.rendered = rendered
        self.stream = stream
        self.at = 0
        self.log = log
        self.readers: dict[str, Callable[[Token], list[Block]]] = {
            "heading_open": self._heading,
            "paragraph_open": self._paragraph,
            "ordered_list_open": self._items,
            "blockquote_open": self._note,
        }

    def blocks(self, until: str) -> list[Block]:
        """Return the blocks up to the token `until`, or to the end."""
        result: list[Block] = []
        while self.at < len(self.stream):
            token = self.stream[self.at]
            if token.type == until:
                break
            if token.type in self.readers:
                result.extend(self.readers[token.type](token))
            elif token.nesting >= 0 and token.type in _SIGNS:
                self.refuse(token, self._first_line(token))
                self._skip(token)
            self.at += 1
        return result

    def _skip(self, token: Token) -> None:
        """Go to the end of a refused block; one finding says enough."""
        if token.nesting > 0:
            end = (token.type.replace("_open", "_close"), token.level)
            while (self.stream[self.at].type, self.stream[self.at].level) != end:
                self.at += 1

    def _paragraph(self, _token: Token) -> list[Block]:
        inline = self.stream[self.at + 1]
        self.at += 2
        form = self.body.tokens.form(inline.content)
        if form:
            return list(form)
        if self.body.tokens.vanishes(inline.content):
            return []
        inlines = self._inlines(inline)
        return [Paragraph(inlines, span=self._lines(inline))] if inlines else []

    def _heading(self, token: Token) -> list[Block]:
        level = int(token.tag[1:])
        inlines = self._inlines(self.stream[self.at + 1])
        self.at += 2
        span = self._first_line(token)
        if not token.markup.startswith("#"):
            underline = self.rendered.span(token.map[1] - 1) if token.map else span
            self.log.add(finding("T113", underline, part=token.markup * 3))
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
            items.extend(self._item(number))
            number += 1
            self.at += 1
        return [Items(tuple(items))]

    def _item(self, number: int) -> list[ListItem]:
        """Return the item that begins here; one that is not a single paragraph is T122."""
        opening = self.stream[self.at]
        self.at += 1
        findings_before = len(self.log)
        match self.blocks("list_item_close"):
            case [Paragraph(inlines, "body", span)]:
                level = 3 if opening.markup == "." else 4
                return [ListItem(self.body.numbering.label(level, number), inlines, span)]
        if len(self.log) == findings_before:
            self.log.add(finding("T122", self._first_line(opening)))
        return []

    def _note(self, _token: Token) -> list[Block]:
        self.at += 1
        log, self.log = self.log, Diagnostics()
        blocks = self.blocks("blockquote_close")
        # A note is filled in like a form (填表人：　　联系电话：): what is withheld stays empty.
        log.extend(problem for problem in self.log if problem.code != "D114")
        self.log = log
        return list(map(_as_note, blocks))

    def _inlines(self, token: Token) -> Inlines:
        """Return the running text of a block; D114 or T120 says which figures it lacks."""
        reader = _InlineReader(self, token)
        inlines = _joined(reader.read())
        span = self._first_line(token)
        if _COLUMNS.search(token.content):
            self.log.add(finding("T127", self._lines(token)))
        holes = self.body.tokens.missing(token.content)
        for key in holes:
            self.log.add(finding("D114", span, subject=key, key=key))
        if not holes:
            for key in _blank_keys(inlines):
                self.log.add(finding("T120", span, subject=key, key=key or "—"))
        return marked(inlines) if self.body.marking else inlines

    def filled(self, text: str, span: SourceSpan) -> Inlines:
        """Return a text that stands at `span` with what its tokens stand for."""
        try:
            return self.body.tokens.inlines(text)
        except TemplateError as error:
            self.log.add(finding(error.code, span, **error.params))  # type: ignore[arg-type]
            return ()

    def refuse(self, token: Token, span: SourceSpan) -> None:
        """Log T113 for Markdown that a report does not have, once for what opens and closes."""
        if token.nesting >= 0:
            part = _SIGNS.get(token.markup) or _SIGNS.get(token.type) or token.markup
            self.log.add(finding("T113", span, part=part))

    def _lines(self, token: Token) -> SourceSpan:
        return self.rendered.span(*(token.map or (0, 1)))

    def _first_line(self, token: Token) -> SourceSpan:
        return self.rendered.span(token.map[0] if token.map else 0)


class _InlineReader:
    """Reads the children of a token into inlines.

    `line` is the rendered line reached, `marks` counts the `**` in it up to there.
    """

    def __init__(self, block: _BlockReader, token: Token) -> None:
        self.block = block
        self.children = list(token.children or ())
        self.at = 0
        self.line = token.map[0] if token.map else 0
        self.marks = 0

    def read(self) -> list[Inline]:
        """Return the inlines up to the end of the emphasis they are in, or to the end."""
        result: list[Inline] = []
        while self.at < len(self.children):
            child = self.children[self.at]
            self.at += 1
            if child.type == "strong_close":
                self.marks += 1
                break
            result.extend(self._inline(child))
        return result

    def _check_marks(self, text: str) -> None:
        """Tell of marks of bold type in a text, which have no partner."""
        if "**" in text:
            self.marks += 1
            self.block.log.add(finding("T113", self._mark_span(), part="**"))

    def _inline(self, child: Token) -> Inlines:
        span = self.block.rendered.span(self.line)
        match child.type:
            case "text" | "text_special" if child.info != "entity":
                if child.type == "text":
                    self._check_marks(child.content)
                return self.block.filled(child.content, span)
            case "softbreak":
                self._end_line()
                return (_LINE_END,)
            case "hardbreak":
                self._end_line()
                return (Break(),)
            case "strong_open":
                self.marks += 1
                return (Strong(_joined(self.read())),)
        self.block.refuse(child, span)
        return ()

    def _end_line(self) -> None:
        self.line += 1
        self.marks = 0

    def _mark_span(self) -> SourceSpan:
        """Return the place of the `**` that has been reached; its line where a value precedes."""
        span = self.block.rendered.span(self.line)
        line = self.block.rendered.text.split("\n")[self.line]
        at = -2
        for _ in range(self.marks):
            at = line.find("**", at + 2)
        is_there = at >= 0 and line[:at].isprintable()
        return span.shifted(at, 2) if is_there else span


_BLANKS = re.compile("\u3000{2,}")


def _as_note(block: Block) -> Block:
    """Return a block as small print; blanks between what is filled in there stand for tabs."""
    if not isinstance(block, Paragraph):
        return block
    inlines: list[Inline] = []
    for inline in block.inlines:
        if isinstance(inline, Text):
            kept = len(inline.text) - len(inline.text.lstrip("\u3000")) if not inlines else 0
            text = inline.text[:kept] + _BLANKS.sub("\t", inline.text[kept:])
            inlines.append(Text(text))
        else:
            inlines.append(inline)
    return replace(block, role="note", inlines=tuple(inlines))


def _blank_keys(inlines: Inlines) -> list[str]:
    """Return the keys of the figures in `inlines` that print as nothing, each once."""
    blank = [value.key for value in values(inlines) if not value.text]
    return list(dict.fromkeys(blank))


_LINE_END = Text("\n")
"""The end of a line within a paragraph; Chinese goes on without a space."""


def _joined(inlines: Sequence[Inline]) -> Inlines:
    """Return `inlines` with neighbouring texts as one, lines joined as their letters want."""
    result: list[Inline] = []
    for number, inline in enumerate(inlines):
        piece = inline
        if piece is _LINE_END:
            before = inlines[max(0, number - 1) : number]
            piece = Text(_between(before, inlines[number + 1 : number + 2]))
        last = result[-1] if result else None
        if isinstance(piece, Text) and isinstance(last, Text):
            result[-1] = Text(last.text + piece.text)
        elif piece != Text(""):
            result.append(piece)
    return tuple(result)


def _between(before: Sequence[Inline], after: Sequence[Inline]) -> str:
    """Return what stands for the end of a line: a space between Western words, else nothing."""
    left = plain(tuple(before))[-1:]
    right = plain(tuple(after))[:1]
    return " " if _is_western(left) and _is_western(right) else ""


def _is_western(char: str) -> bool:
    return char.isascii() and char.isalnum()
