"""Running text of Word: styles, escaped runs, and the builder of paragraphs.

Styles of a frame are found by name: Word changes ids, never names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field, replace
from enum import StrEnum
from typing import assert_never

from reportgen.model.document import Break, Inline, Inlines, Strong, Text, Value
from reportgen.model.edition import Drawing
from reportgen.model.figures import UNFILLED
from reportgen.model.frozen import frozen
from reportgen.write.errors import UnwritableCharacterError


class Style(StrEnum):
    """A style by its name in Word; `tools/make_frame.py` says how the common frame sets it."""

    TITLE = "Title"
    HEADING_1 = "heading 1"
    HEADING_2 = "heading 2"
    HEADING_3 = "heading 3"
    HEADING_4 = "heading 4"
    BODY = "公文正文"
    PLAIN = "公文顶格"
    CENTER = "公文居中"
    RIGHT = "公文居右"
    NOTE = "表下说明"
    ATTACHMENTS = "附件说明"
    SIGN_OFF = "署名和成文日期"
    ANNEX_LABEL = "附件序号"
    ANNEX_TITLE = "附件标题"
    CAPTION = "caption"
    TABLE = "公文表格"
    CELL = "表格文字"
    CELL_SMALL = "表格小字"
    CELL_HEAD = "表头文字"
    CELL_HEAD_SMALL = "表头小字"
    GAP = "表间隔"
    COMMENT = "annotation text"
    COMMENT_MARK = "annotation reference"


HEADINGS = (Style.HEADING_1, Style.HEADING_2, Style.HEADING_3, Style.HEADING_4)


_UNWRITABLE = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Control characters, lone surrogates and noncharacters, which XML 1.0 cannot hold."""

# Quotation marks, dashes, ×, ≥, ① and the like are Chinese and Western characters at once:
# without the hint Word sets them in the narrow Western font.
_AMBIGUOUS_WIDTH = re.compile("[§°±·×÷\u2010-\u2bff]")
_CHINESE_FONT = '<w:rFonts w:hint="eastAsia"/>'
_BOXES = re.compile("([☐☑☒]+)")
_BOX_FONT = "Segoe UI Symbol"
"""The font of Windows that has the boxes to tick; no Chinese one has them."""
_BOX_FONTS = (
    f'<w:rFonts w:hint="eastAsia" w:ascii="{_BOX_FONT}" w:hAnsi="{_BOX_FONT}"'
    f' w:eastAsia="{_BOX_FONT}"/>'
)


@frozen
class Look:
    """How runs look beside the style of their paragraph; `size` is in half points, 0 is its own.

    What is `marked` is seen at once.
    """

    strong: bool = False
    underline: bool = False
    size: int = 0
    marked: bool = False

    @property
    def properties(self) -> str:
        """Return the properties of a run, ordered as in the schema."""
        size = f'<w:sz w:val="{self.size}"/><w:szCs w:val="{self.size}"/>' if self.size else ""
        mark = '<w:highlight w:val="yellow"/>' if self.marked else ""
        line = '<w:u w:val="single"/>' if self.underline else ""
        return ("<w:b/>" if self.strong else "") + size + mark + line


PLAIN = Look()


def escape(text: str) -> str:
    """Return `text` as XML character data.

    Raises `UnwritableCharacterError` for what XML 1.0 cannot hold.
    """
    refused = _UNWRITABLE.search(text)
    if refused is not None:
        raise UnwritableCharacterError(f"U+{ord(refused[0]):04X} cannot stand in a Word file")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(text: str) -> str:
    """Return `text` as the value of an XML attribute, quoted."""
    return '"' + escape(" ".join(text.split())).replace('"', "&quot;") + '"'


def run(text: str, look: Look = PLAIN) -> str:
    """Return `text` as a run, boxes to tick as runs of their own; tabs and line breaks stay."""
    if not text:
        return ""
    if not _AMBIGUOUS_WIDTH.search(text):
        return _run(text, "", look)
    runs: list[str] = []
    for number, piece in enumerate(_BOXES.split(text)):
        if piece:
            runs.append(_run(piece, _BOX_FONTS if number % 2 else _CHINESE_FONT, look))
    return "".join(runs)


def _run(text: str, fonts: str, look: Look) -> str:
    """Return `text` as one run in `fonts`."""
    properties = fonts + look.properties
    if properties:
        properties = f"<w:rPr>{properties}</w:rPr>"
    content = f'<w:t xml:space="preserve">{escape(text)}</w:t>'
    if not text.isprintable():
        content = _with_tabs_and_breaks(content)
    return f"<w:r>{properties}{content}</w:r>"


def _with_tabs_and_breaks(content: str) -> str:
    """Return the text element `content` with its tabs and line ends as elements."""
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    for character, element in (("\t", "<w:tab/>"), ("\n", "<w:br/>")):
        content = content.replace(character, f'</w:t>{element}<w:t xml:space="preserve">')
    return content


@frozen
class DocxBuilder:
    """Builds runs and paragraphs, and collects what they need beside them in the file.

    It is given the ids of styles by name, the notes of figures by key, and the drawings.
    `comments` collects the note of each comment so far, whose number is its id; `pictures` what is
    said of each picture shown, `media` their files by name.
    """

    styles: Mapping[Style, str]
    notes: Mapping[str, str] = field(default_factory=dict)
    drawings: Mapping[str, Drawing] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)

    def runs(self, inlines: Inlines, look: Look = PLAIN) -> str:
        """Return `inlines` as runs."""
        return "".join([self._run(inline, look) for inline in inlines])

    def _run(self, inline: Inline, look: Look) -> str:
        match inline:
            case Text(text):
                return run(text, look)
            case Value(text, _, key):
                marked = replace(look, marked=True) if text == UNFILLED else look
                return self._figure(run(text, marked), key)
            case Strong(inlines):
                return self.runs(inlines, replace(look, strong=True))
            case Break():
                return "<w:r><w:br/></w:r>"
            case _:
                assert_never(inline)

    def _figure(self, runs: str, key: str) -> str:
        """Return `runs` within the range of a new comment if there is a note on their figure."""
        note = self.notes.get(key)
        if note is None:
            return runs
        number = len(self.comments)
        self.comments.append(note)
        return (
            f'<w:commentRangeStart w:id="{number}"/>{runs}<w:commentRangeEnd w:id="{number}"/>'
            f'<w:r><w:rPr><w:rStyle w:val="{self.styles[Style.COMMENT_MARK]}"/></w:rPr>'
            f'<w:commentReference w:id="{number}"/></w:r>'
        )

    def paragraph(self, style: Style, runs: str = "", properties: str = "") -> str:
        """Return a paragraph of `runs`; `properties` follow its style, ordered as in the schema."""
        return (
            f'<w:p><w:pPr><w:pStyle w:val="{self.styles[style]}"/>{properties}</w:pPr>{runs}</w:p>'
        )
