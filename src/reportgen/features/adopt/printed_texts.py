"""Knows what a pack prints by itself: its templates' own sentences, the cover, the sign-off.

Such a sentence is no narrative. What a template fills in stands between its own words: there the
document states the value of a fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from reportgen.language.folding import even_character
from reportgen.model.pack import AnnexRule, Pack
from reportgen.model.reading import ReadParagraph
from reportgen.model.source import SourceSpan

_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_CHOICE = re.compile(r"\{%-?\s*if\b(?:(?!%\}).)*%\}(?:(?!\{%).)*\{%-?\s*else\b.*?\{%-?\s*endif\s*-?%\}")
"""A choice between two texts within a line."""
_LOOP = re.compile(r"\{%-?\s*for\b.*?\{%-?\s*endfor\s*-?%\}")
"""A loop within a line."""
_FOR = re.compile(r"\{%-?\s*for\s+(\w+)\s+in\s+([\w.]+)")
_END_FOR = re.compile(r"\{%-?\s*endfor")
_TAG = re.compile(r"\{%.*?%\}")
_PRINTED = re.compile(r"\{\{(.*?)\}\}")
_MARK = re.compile(r"^\s*(?:>\s*|#+\s+|[0-9]+[.)]\s+)")
_NAME = re.compile(r"[\w.]+")
_NUMBER = re.compile(r"^(?:[（(]?(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})[)）.、．])\s*")
_NO_FACTS = frozenset(["_", "loop.index"])
_MOST_TOGETHER = 12
"""So many lines of a pack a PDF may run together into one paragraph."""


class StatedText(NamedTuple):
    """What stands in a document where a template of the pack prints an expression.

    `key` is the name that it prints, of a list where it goes over one; `filters` follow it.
    """

    key: str
    filters: str
    text: str
    span: SourceSpan


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of a template: its own words, between which `expressions` are filled in.

    `words` are one more than the expressions, folded and without blanks; a `repeated` line stands
    in a loop.
    """

    words: tuple[str, ...]
    expressions: tuple[str, ...] = ()
    repeated: bool = False

    @property
    def is_telling(self) -> bool:
        """Return whether it has words of its own."""
        return any(filter(str.isalnum, "".join(self.words)))

    def __add__(self, other: PrintedLine) -> PrintedLine:
        """Return both lines as one."""
        words = (*self.words[:-1], self.words[-1] + other.words[0], *other.words[1:])
        return PrintedLine(words, self.expressions + other.expressions)

    @property
    def is_row(self) -> bool:
        """Return whether it prints nothing but one text of a list."""
        return self.repeated and not self.is_telling and len(self.expressions) == 1

    def stated(self, paragraph: ReadParagraph) -> tuple[StatedText, ...] | None:
        """Return what a paragraph states in the places of the expressions, None if it is another."""
        text = _NUMBER.sub("", paragraph.text)
        letters = _Letters(text)
        places = self._places(letters.text)
        if places is None:
            return None
        found: list[StatedText] = []
        for number, (start, end) in enumerate(places):
            key, _, filters = self.expressions[number].partition("|")
            said = letters.original(start, end)
            if said and self._is_alone(number):
                found.append(StatedText(key.strip(), filters.strip(), said, paragraph.span))
        return tuple(found)

    def _is_alone(self, number: int) -> bool:
        """Return whether words part an expression from its neighbours, so that its text is sure."""
        inner = self.words[1:-1]
        if not _NAME.match(self.expressions[number]) or self.expressions[number] in _NO_FACTS:
            return False
        return all(inner[at] for at in (number - 1, number) if 0 <= at < len(inner))

    def _places(self, text: str) -> list[tuple[int, int]] | None:
        """Return where each expression stands in a folded text, None where words are missing."""
        first, last = self.words[0], self.words[-1]
        if not self.expressions:
            return [] if text == first else None
        if not text.startswith(first):
            return None
        places: list[tuple[int, int]] = []
        at = len(first)
        for words in self.words[1:-1]:
            found = text.find(words, at + 1 if words else at)
            if found < 0:
                return None
            places.append((at, found))
            at = found + len(words)
        end = len(text) - len(last)
        if end < at or not text.endswith(last):
            return None
        return [*places, (at, end)]


class _Letters:
    """The characters of a text but its blanks, folded, with where each stands in it."""

    def __init__(self, text: str) -> None:
        folded = [even_character(char) for char in text]
        self.source = text
        self.text = "".join(folded)
        self.ends = list(accumulate(map(len, folded)))

    def original(self, start: int, end: int) -> str:
        """Return the part of the text whose characters stand from `start` up to `end`."""
        if end <= start:
            return ""
        first = next(at for at, done in enumerate(self.ends) if done > start)
        last = next(at for at, done in enumerate(self.ends) if done >= end)
        return self.source[first : last + 1]


def folded_words(text: str) -> str:
    """Return the characters of a text but its blanks, in one form."""
    return _Letters(text).text


def printed_lines(template: str) -> Iterator[PrintedLine]:
    """Yield the lines that a template may print, without those that place forms only."""
    loops: dict[str, str] = {}
    for line in _COMMENT.sub("", template).split("\n"):
        for variable, table in _FOR.findall(line):
            loops[variable] = table
        read = printed_line(_MARK.sub("", line), loops)
        if _END_FOR.search(line):
            loops = {}
        if read.words != ("",) and not any(each.startswith("form(") for each in read.expressions):
            yield read


def printed_line(text: str, loops: dict[str, str] | None = None) -> PrintedLine:
    """Return a line of a template; names of rows become those of their table in `loops`."""
    text = _TAG.sub("", _LOOP.sub("{{ _ }}", _CHOICE.sub("{{ _ }}", text)))
    parts = _PRINTED.split(text)
    words = tuple(folded_words(part) for part in parts[::2])
    expressions = tuple(_of_table(part.strip(), loops or {}) for part in parts[1::2])
    return PrintedLine(words, expressions, repeated=bool(loops))


def _of_table(expression: str, loops: dict[str, str]) -> str:
    name = _NAME.match(expression)
    if name is None:
        return expression
    first, dot, rest = name[0].partition(".")
    table = loops.get(first, first)
    return f"{table}{dot}{rest}{expression[name.end() :]}"


@dataclass(frozen=True)
class PrintedTexts:
    """The lines that a pack prints in one place of a document, in their order."""

    lines: tuple[PrintedLine, ...] = ()

    @cached_property
    def runs(self) -> tuple[PrintedLine, ...]:
        """Return neighbouring lines put together too, as a PDF may run them into one paragraph."""
        runs = sorted(_runs(self.lines), key=_own_words, reverse=True)
        return tuple(line for line in runs if line.is_telling or line.is_row)

    def stated(self, paragraph: ReadParagraph) -> tuple[StatedText, ...] | None:
        """Return what a paragraph that the pack prints states, None for one that it does not."""
        for line in self.runs:
            found = line.stated(paragraph)
            if found is not None:
                return found
        return None


def _own_words(line: PrintedLine) -> tuple[int, int]:
    """Return what is greatest for the line that is surest: its own characters, then few blanks."""
    return sum(map(len, line.words)), -len(line.expressions)


def _runs(lines: Sequence[PrintedLine]) -> Iterator[PrintedLine]:
    """Yield each run of neighbouring lines."""
    for start in range(len(lines)):
        together = lines[start]
        yield together
        for line in lines[start + 1 : start + _MOST_TOGETHER]:
            together += line
            yield together


def front_template(pack: Pack) -> str:
    """Return what stands before the first heading: the title, the cover, a second title."""
    lines = [formula.text for formula in pack.title]
    if pack.cover is not None:
        lines += [f"{label}{value.text}" for label, value in pack.cover.fields]
        lines += [pack.cover.foot.text] if pack.cover.foot is not None else []
        lines += [formula.text for formula in pack.cover.title]
    return "\n".join(lines)


def end_template(pack: Pack, bodies: Iterable[str]) -> str:
    """Return what follows the last section: the list of annexes, the sign-off, their texts.

    `bodies` are the templates of the annexes.
    """
    lines = list(_listed_annexes(pack.annexes))
    lines += [formula.text for formula in pack.signature]
    for number, (annex, body) in enumerate(zip(pack.annexes, bodies, strict=True), 1):
        label = "附件" if len(pack.annexes) == 1 else f"附件{number}"
        lines += [annex.label or label, annex.title, body]
    return "\n".join(lines)


def _listed_annexes(annexes: Sequence[AnnexRule]) -> Iterator[str]:
    for number, annex in enumerate(annexes):
        first = "附件：1." if len(annexes) > 1 else "附件："
        yield annex.title if number else f"{first}{annex.title}"
