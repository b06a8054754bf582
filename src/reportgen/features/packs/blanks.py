"""The blanks of a blank form: empty cells, lines to write on, dates, boxes to tick, repeated rows.

Each gets a name from what stands before it (`labels`) or, where nobody knows that, from its place;
and the tag that fills it. `blank_cells` looks through the tables, this module through the texts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import methodcaller

from lxml import etree

from reportgen.load.form_labels import fact_of, key_of
from reportgen.model.frozen import frozen
from reportgen.wordfile.filling import RowCopy
from reportgen.wordfile.package import WordFile
from reportgen.wordfile.paragraphs import TextPiece, WordParagraph, paragraphs
from reportgen.wordfile.tables import attribute, local

_BLANK = " \u3000\u00a0"
_GAP = "[ _＿\u3000\u00a0]*"
_DATE = re.compile(
    rf"(?<![\d〇零一二三四五六七八九])(?:20|二〇)?(?!年月日){_GAP}年{_GAP}月{_GAP}日"
)
_LINE = re.compile(r"[_＿\ufe4d]{2,}")
_BEHIND_COLON = re.compile(
    r"(?<=(?:.人|电话|日期|时间|单位|部门|编码|代码|名称|地址|金额|职务|科室|领导)[：:])"
    r"(?=[ \u3000\u00a0\t]{2,}(?!\s)|$)"
)
BOX = re.compile(r"[□☐]\s*([^□☐\s、，,；;。：:（(]{1,16})")
_LABEL_BEFORE = re.compile(r"([^\s，。；、：:_＿]{1,20})[：:]?[ \u3000\u00a0]*$")
_UNIT = re.compile(r"单位[：:]\s*(?:人民币)?\s*(?:万元|亿元|元)")
"""How a form says once in which unit all its amounts are."""
_SIGNED = re.compile(r"签字|签名|签章|盖章|公章|[（(]章[）)]")
"""What people sign or seal by hand."""
_SPAN = methodcaller("span")
_LEAST_UNDERLINED = 2
_STEP = re.compile(r"([a-z])(\d+)")


@frozen
class Blank:
    """A blank: from which character to which of its paragraph, and the `tag` that takes its place.

    `key` is the fact that it asks for, empty for none of its own; `title` what the form calls it.
    """

    paragraph: WordParagraph
    start: int
    end: int
    tag: str
    key: str = ""
    title: str = ""


@dataclass(slots=True)
class Blanks:
    """What was found in a form: its blanks, the tables that rows repeat, what is signed by hand.

    `tables` hold the titles of their columns by key, `columns` of a table by its name; `copies`
    are rows that tables need once more.
    """

    found: list[Blank] = field(default_factory=list)
    tables: dict[str, dict[str, str]] = field(default_factory=dict)
    signed: dict[WordParagraph, str] = field(default_factory=dict)
    copies: list[RowCopy] = field(default_factory=list)


class FormReader:
    """A form that is read for its blanks: its paragraphs, and the names that were given.

    `labels` say what heads a paragraph that has no words of its own.
    """

    def __init__(self, file: WordFile) -> None:
        self.file = file
        self.blanks = Blanks()
        self.paragraphs = [each for each in paragraphs(file) if not each.copy]
        self.by_element = {each.element: each for each in self.paragraphs}
        self.labels: dict[etree._Element, str] = {}
        self.names_unit = any(_UNIT.search(each.text) for each in self.paragraphs)
        self._filled: set[etree._Element] = set()
        self._names: Counter[str] = Counter()

    def name(self, wanted: str) -> str:
        """Return a name that no other blank has: the second of them ends with _2."""
        self._names[wanted] += 1
        count = self._names[wanted]
        return wanted if count == 1 else f"{wanted}_{count}"

    def fill(self, paragraph: WordParagraph, tag: str, key: str = "", title: str = "") -> None:
        """Let a tag take the place of the text of a paragraph."""
        self._filled.add(paragraph.element)
        self.blanks.found.append(Blank(paragraph, 0, len(paragraph.text), tag, key, title))

    def skip(self, paragraph: WordParagraph) -> None:
        """Leave the text of a paragraph alone: it only says what stands beside it."""
        self._filled.add(paragraph.element)

    def leave(self, paragraph: WordParagraph, label: str) -> None:
        """Leave a paragraph to those who sign or seal what stands beside `label`."""
        self._filled.add(paragraph.element)
        self.blanks.signed[paragraph] = " ".join(label.split())

    def read_texts(self) -> None:
        """Find the blanks within the texts of all paragraphs that are not filled yet."""
        for paragraph in self.paragraphs:
            if paragraph.element not in self._filled:
                self._read(paragraph, self.labels.get(paragraph.element, ""))
        self.blanks.found.sort(key=lambda blank: (blank.paragraph.line, blank.start))

    def _read(self, paragraph: WordParagraph, label: str) -> None:
        if _SIGNED.search(paragraph.text):
            self.blanks.signed[paragraph] = " ".join(paragraph.text.split())
        self.blanks.found += self._boxes(paragraph, label)
        for start, end in _gaps(paragraph):
            title = _title(paragraph.text[:start], label)
            if fact_of(title) or not is_signed(title):
                self.blanks.found.append(self._gap(paragraph, start, end, title))

    def _boxes(self, paragraph: WordParagraph, label: str) -> Iterator[Blank]:
        """Yield the boxes to tick: all that stand in a paragraph are about one fact."""
        boxes = list(BOX.finditer(paragraph.text))
        if not boxes:
            return
        title = paragraph.text[: boxes[0].start()].strip(" ：:\u3000") or label
        key = self.name(key_of(title) or f"choice_{code_of(paragraph.place)}")
        title = f"{title}（{'、'.join(box[1] for box in boxes)}）"
        for box in boxes:
            tag = f'{{% if {key} == "{box[1]}" %}}☑{{% else %}}□{{% endif %}}'
            yield Blank(paragraph, box.start(), box.start() + 1, tag, key, title)

    def _gap(self, paragraph: WordParagraph, start: int, end: int, title: str) -> Blank:
        expression = fact_of(title) or _date(paragraph.text[start:end])
        if expression:
            return Blank(paragraph, start, end, f"{{{{ {expression} }}}}", "", title)
        key = self.name(key_of(title) or f"blank_{code_of(paragraph.place)}")
        return Blank(paragraph, start, end, f"{{{{ {key} }}}}", key, title)


def is_signed(label: str) -> bool:
    """Return whether people sign or seal by hand what a label heads."""
    return _SIGNED.search(label) is not None


def code_of(place: str) -> str:
    """Return the code of a place as part of a name: r5_c3 in the first table."""
    steps = [f"{letter}{number}" for letter, number in _STEP.findall(place)]
    return "_".join(steps[1:] if steps[0] == "t1" else steps)


def _date(gap: str) -> str:
    return "report.date | day" if _DATE.fullmatch(gap) else ""


def _title(before: str, label: str) -> str:
    """Return what a blank is called: the words before it, or else what heads its paragraph."""
    words = _LABEL_BEFORE.search(before)
    return words[1] if words else label


def _gaps(paragraph: WordParagraph) -> Iterator[tuple[int, int]]:
    """Yield where a text leaves room to write, each place once."""
    text = paragraph.text
    gaps = [*map(_SPAN, _DATE.finditer(text)), *map(_SPAN, _LINE.finditer(text))]
    gaps += _underlined(paragraph.pieces)
    begun = {len(text[:start].rstrip(_BLANK)) for start, _ in gaps}
    behind = map(_SPAN, _BEHIND_COLON.finditer(text))
    gaps += filter(lambda place: place[0] not in begun, behind)
    at = 0
    for start, end in sorted(gaps):
        if start >= at:
            yield start, end
            at = max(end, start + 1)


def _underlined(pieces: Iterable[TextPiece]) -> Iterator[tuple[int, int]]:
    """Yield where blanks are underlined: a line to write on, as Word makes it."""
    for is_line, group in groupby(pieces, key=_is_underlined):
        run = list(group)
        end = run[-1].start + len(run[-1].text)
        if is_line and end - run[0].start >= _LEAST_UNDERLINED:
            yield run[0].start, end


def _is_underlined(piece: TextPiece) -> bool:
    """Return whether a piece is blank and underlined."""
    run = piece.element.getparent()
    if run is None or piece.text.strip() or local(piece.element) != "t":
        return False
    line = run.find("{*}rPr/{*}u")
    return line is not None and attribute(line, "val") != "none"
