"""HTML from markup and values kept apart, and the running text inside paragraphs and cells.

As a query and its parameters: markup says `%s` where a value stands, and one place escapes
all values, so no value can become markup.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from typing import assert_never

from reportgen.model.document import Break, Inlines, Picture, Strong, Text, Value
from reportgen.model.edition import Edition
from reportgen.model.figures import UNFILLED
from reportgen.model.source import SourceSpan
from reportgen.model.units import PREFIXES, SPELLINGS, any_spelling
from reportgen.write.errors import UnwritableCharacterError

_UNWRITABLE = re.compile(
    r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
"""Control characters, lone surrogates and noncharacters, which HTML cannot hold."""

LONGEST_WHOLE = 24
"""Characters of a figure up to which it is never broken: a longer one has no room on a phone."""
_UNITS = any_spelling(spelling for spelling in SPELLINGS if not spelling.isascii())
_UNIT = rf"[余多来]?(?:{'|'.join(PREFIXES)})?(?:{_UNITS})(?:/(?:{_UNITS}))?"
_WHOLE = re.compile(
    r"([0-9（(一两二三四五六七八九十半](?:"
    rf"(?<=[0-9])(?<![0-9.][0-9])[0-9.,]{{0,{LONGEST_WHOLE}}}(?:{_UNIT}|[余多]?[万亿]|号)"
    rf"|(?<=[（(]){_UNIT}[）)]|(?<=[^0-9（(])个百分点))"
)
"""A figure with its unit, or a unit alone as column headers name it: a line ends at neither.

Texts are long and few characters begin one of these, so they stand first.
"""
_WHOLE_MARKUP = r'<span class="whole">\1</span>'
_SPAN = '<span class="whole">'
_MONTH, _DAY = rf"{_SPAN}[0-9]{{1,2}}月</span>", rf"{_SPAN}[0-9]{{1,2}}日</span>"
_DATE = rf"{_SPAN}[0-9]{{1,4}}(?:年</span>{_MONTH}(?:{_DAY})?|月</span>{_DAY})"
_RANGE = rf"(?<![0-9.])[0-9][0-9.,]*%?[—\uff5e]{_SPAN}[^<]*</span>"
_OF_DOCUMENT = (
    rf"(?:(?<=[（《“，、。；：])[\u4e00-\u9fff]{{1,3}})?〔[0-9]{{4}}〕{_SPAN}[0-9]+号</span>"
)
_JOINED = tuple(
    (sign, re.compile(f"({pattern})"))
    for sign, pattern in (
        ("月</span>", _DATE),
        (f"—{_SPAN}", _RANGE),
        (f"\uff5e{_SPAN}", _RANGE),
        ("〔", _OF_DOCUMENT),
    )
)
"""A date, a range, the number of a document, each with what stands in it and in few texts: no line
parts it but in a cell. An issuing code longer than 湘政发 may be parted from its year: whole, it
would leave half a printed line to be stretched."""
_JOINED_MARKUP = r'<span class="joined">\1</span>'
_UNIT_AT_START = re.compile(rf"{_UNIT}|[余多]?[万亿]")


class HtmlBuilder:
    """Collects markup and the values that stand in it, and builds HTML of them.

    `notes` explains figures by key; `sources` asks for places and keys (`data-at`, `data-key`);
    `pictures` are the addresses of charts by name, wide and narrow. Ids made here begin with an
    underscore, which keeps them apart from anchors, and count, so that the same document gives
    the same page.
    """

    def __init__(
        self,
        notes: Mapping[str, str],
        *,
        sources: bool = False,
        pictures: Mapping[str, tuple[str, str]],
    ) -> None:
        self.pictures = pictures
        self.markup: list[str] = []
        self.values: list[str] = []
        self._notes = notes
        self._sources = sources
        self._texts: list[int] = []
        self._ids = 0

    def add(self, markup: str, *values: str) -> None:
        """Add markup with as many values as it has `%s`."""
        self.markup.append(markup)
        self.values += values

    def add_start_tag(self, start: str, span: SourceSpan, *values: str) -> None:
        """Add a start tag but for its `>`, with the lines of `span` where sources are wanted."""
        if self._sources and span.line:
            lines = f"{span.path}:{span.line}-{span.end_line or span.line}"
            self.add(f'{start} data-at="%s">', *values, lines)
        else:
            self.add(f"{start}>", *values)

    def add_inlines(self, inlines: Inlines, *, explain: bool = True) -> None:
        """Add running text; its figures carry their notes if `explain`."""
        if len(inlines) == 1 and isinstance(inlines[0], Value):  # as in most cells of large tables
            self._add_figure(inlines[0], explain=explain)
            return
        unit = ""
        for number, inline in enumerate(inlines):
            match inline:
                case Text():
                    self._add_text(inline.text.removeprefix(unit))
                    unit = ""
                case Value():
                    unit = _unit_after(inlines, number)
                    self._add_whole(inline, unit, explain=explain)
                case Strong():
                    self.add("<strong>")
                    self.add_inlines(inline.inlines, explain=explain)
                    self.add("</strong>")
                case Break():
                    self.add("<br>")
                case _:
                    assert_never(inline)

    def _add_text(self, text: str) -> None:
        """Add literal text: no line ends between number and unit, a tab leads to the right."""
        if "\t" in text:
            self._add_parted(text)
            return
        self._texts.append(len(self.values))
        self.markup.append("%s")
        self.values.append(text)

    def _add_parted(self, text: str) -> None:
        """Add literal text that a tab parts."""
        before, _, after = text.partition("\t")
        self._add_text(before)
        self.add('<span style="float: right">')
        self._add_text(after.replace("\t", " "))
        self.add("</span>")

    def _add_whole(self, figure: Value, unit: str, *, explain: bool) -> None:
        """Add a figure with the unit that is printed after it."""
        if not unit:
            self._add_figure(figure, explain=explain)
            return
        self.add('<span class="whole">')
        self._add_figure(figure, explain=explain)
        self.add("%s</span>", unit)

    def _add_figure(self, figure: Value, *, explain: bool) -> None:
        """Add a figure, with its note beside it: the text of <data> stays the figure alone.

        A blank figure has nothing to point at, so it goes without.
        """
        note = self._notes.get(figure.key) if explain and self._notes else None
        if note is None or not figure.text.strip():
            self._add_data(figure)
            return
        tooltip = self.new_id()
        self.add('<span class="figure" tabindex="0" aria-describedby="%s"', tooltip)
        if self._sources:
            self.add(' data-key="%s"', figure.key)
        self.add(">")
        self._add_data(figure)
        self.add('<span role="tooltip" id="%s">%s</span></span>', tooltip, note)

    def _add_data(self, figure: Value) -> None:
        """Add a figure with the number that a machine reads, empty if it is none; not a blank."""
        if figure.text.strip():
            self.add(f'<data{_class(figure)} value="%s">%s</data>', figure.number, figure.text)
        else:
            self.add("%s", figure.text)

    def new_id(self) -> str:
        """Return an id not yet used in this page."""
        self._ids += 1
        return f"_{self._ids}"

    def build(self) -> str:
        """Return the HTML of what was put since the last time.

        Escaping all values at once takes less than half the time of escaping each.
        """
        refuse_unwritable(self.values)
        # No value holds a NUL, so it can stand between them.
        escaped = escape("\0".join(self.values)).split("\0") if self.values else []
        texts = "\0".join([escaped[at] for at in self._texts])
        for at, text in zip(self._texts, _with_whole(texts).split("\0"), strict=False):
            escaped[at] = text
        html = "".join(self.markup) % tuple(escaped)
        self.markup.clear()
        self.values.clear()
        self._texts.clear()
        return html


def _with_whole(texts: str) -> str:
    """Return texts with figures, dates and the like marked as what no line parts."""
    marked = _WHOLE.sub(_WHOLE_MARKUP, texts)
    for sign, pattern in _JOINED:
        if sign in marked:
            marked = pattern.sub(_JOINED_MARKUP, marked)
    return marked


def _class(figure: Value) -> str:
    """Return the class of a figure that is too long for a line, or still to be filled in."""
    if figure.text == UNFILLED:
        return ' class="unfilled"'
    return ' class="long"' if len(figure.text) > LONGEST_WHOLE else ""


def _unit_after(inlines: Inlines, number: int) -> str:
    """Return the unit with which the text after a figure begins, if there is one."""
    if number + 1 == len(inlines):
        return ""
    figure, after = inlines[number : number + 2]
    if not isinstance(figure, Value) or not isinstance(after, Text) or not _is_short(figure):
        return ""
    unit = _UNIT_AT_START.match(after.text)
    return unit[0] if unit else ""


def _is_short(figure: Value) -> bool:
    """Return whether a figure ends with a digit and has room on a phone."""
    return figure.text[-1:].isdecimal() and len(figure.text) <= LONGEST_WHOLE


def picture_addresses(edition: Edition, *, phone: bool = True) -> dict[str, tuple[str, str]]:
    """Return the charts of `edition` by name, wide and narrow, as addresses that hold them.

    What is not read on a `phone` has no narrow ones.
    """
    addresses: dict[str, tuple[str, str]] = {}
    for name, drawing in edition.drawings.items():
        addresses[name] = _address(drawing.svg), _address(drawing.narrow if phone else b"")
    return addresses


def _address(svg: bytes) -> str:
    return f"data:image/svg+xml;base64,{b64encode(svg).decode()}" if svg else ""


def picture_address(picture: Picture) -> str:
    """Return a picture as an address that holds it."""
    kind = "png" if picture.name.endswith("png") else "jpeg"
    return f"data:image/{kind};base64,{b64encode(picture.data).decode()}"


def picture_markup(picture: Picture) -> str:
    """Return the line of a picture, written out, with a place for its description."""
    start = f'<p><img src="{picture_address(picture)}" style="width: {picture.width:g}mm"'
    return f'{start} alt="%s"></p>'


def refuse_unwritable(texts: Sequence[str]) -> None:
    """Raise `UnwritableCharacterError` if a text holds a character that HTML cannot.

    Its detail names both.
    """
    if _UNWRITABLE.search("".join(texts)) is None:
        return
    for text in texts:
        refused = _UNWRITABLE.search(text)
        if refused is not None:
            raise UnwritableCharacterError(
                f"U+{ord(refused[0]):04X} cannot stand in HTML: {text!r}"
            )
