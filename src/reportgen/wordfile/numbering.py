"""The numbers that Word sets before paragraphs by itself: they stand in no run, but on the page.

A paragraph, or its style, names a list and a level; the list says how the level is numbered, and
each level counts on until one above it does (ISO/IEC 29500-1, 17.9).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from lxml import etree

from reportgen.language.numerals import by_digits, chinese
from reportgen.wordfile.package import WordFile
from reportgen.wordfile.tables import attribute, is_on, number

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_BULLETS = {
    "\uf06c": "●",
    "\uf06e": "■",
    "\uf0a8": "□",
    "\uf06f": "□",
    "\uf0fc": "√",
    "\uf075": "◆",
}
"""Signs of Wingdings that lists begin with; any other one is a dot."""
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"


def _letters(value: int) -> str:
    """Return a letter, doubled behind the last of them as Word does: z, aa, bb."""
    return chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)


def _roman(value: int) -> str:
    written = ""
    for size, letters in _ROMAN:
        times, value = divmod(value, size)
        written += letters * times
    return written


def _one_of(signs: str) -> Callable[[int], str]:
    """Return what writes a number by the signs that there are, beyond them in digits."""
    return lambda value: signs[value - 1] if 0 < value <= len(signs) else str(value)


def _from(first: str, most: int) -> Callable[[int], str]:
    return _one_of("".join(chr(ord(first) + step) for step in range(most)))


_WRITTEN: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda value: f"{value:02}",
    "lowerLetter": _letters,
    "upperLetter": lambda value: _letters(value).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda value: _roman(value).upper(),
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "ideographDigital": by_digits,
    "chineseLegalSimplified": lambda value: chinese(value, upper=True),
    "decimalFullWidth": lambda value: "".join(chr(ord(each) + 0xFEE0) for each in str(value)),
    "decimalEnclosedCircle": _from("①", 20),
    "decimalEnclosedCircleChinese": _from("①", 20),
    "decimalEnclosedParen": _from("⑴", 20),
    "decimalEnclosedFullstop": _from("⒈", 20),
    "ideographEnclosedCircle": _from("㊀", 10),
    "ideographTraditional": _one_of(_STEMS),
    "ideographZodiac": _one_of(_BRANCHES),
    "none": lambda _value: "",
}
"""How numbers are written in lists (17.18.59); what is not named here is written in digits."""


class _ListLevel(NamedTuple):
    """A level of a list: its first number, how it is written, the text around it.

    A `legal` one shows all levels in digits; behind a label that is `apart` stands a space.
    """

    start: int
    written: str
    text: str
    legal: bool
    apart: bool

    def number(self, value: int, *, legal: bool) -> str:
        """Return a number of this level as a level below or itself shows it."""
        return str(value) if legal else _WRITTEN.get(self.written, str)(value)


class _ListPlace(NamedTuple):
    """A list by its number, and a level of it from 0."""

    list: str
    level: int


class ListLabels:
    """Counts the paragraphs of a file that are numbered, in the order they stand."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, _ListLevel]] = {}
        self._shared: dict[str, str] = {}
        self._counts: dict[str, list[int | None]] = {}
        if numbering is not None:
            self._read(numbering)
        self._of_style = dict(_places_of_styles(styles)) if self._levels else {}

    @classmethod
    def of(cls, file: WordFile) -> ListLabels:
        """Return those of a file, none counted yet."""
        found: dict[str, etree._Element] = {}
        for relation in file.relations(file.main):
            if relation.kind in {"numbering", "styles"} and relation.target in file.members:
                found[relation.kind] = file.part(relation.target).root
        return cls(found.get("numbering"), found.get("styles"))

    def _read(self, numbering: etree._Element) -> None:
        abstract = {
            attribute(each, "abstractNumId"): each for each in numbering.iter("{*}abstractNum")
        }
        for each in numbering.iter("{*}num"):
            identity = attribute(each, "numId")
            shared = attribute(each.find("{*}abstractNumId"), "val")
            look = _followed(abstract.get(shared), abstract.values())
            levels = {} if look is None else dict(_levels(look))
            for override in each.iter("{*}lvlOverride"):
                if _override(levels, override):
                    shared = f"{shared} {identity}"
            self._levels[identity] = levels
            self._shared[identity] = shared

    def label(self, paragraph: etree._Element) -> str:
        """Return what stands before a paragraph, empty for one that is not numbered; counts it."""
        if not self._levels:
            return ""
        place = self._place(paragraph)
        level = self._levels.get(place.list, {}).get(place.level)
        if level is None:
            return ""
        if level.written == "bullet":
            return "".join(map(_shown_bullet, level.text))
        written = self._numbered(place, level)
        return f"{written} " if level.apart and written[-1:].isalnum() else written

    def _numbered(self, place: _ListPlace, level: _ListLevel) -> str:
        """Return the text of a level with the numbers of the levels that it shows."""
        values = self._counted(place)
        levels = self._levels[place.list]

        def shown(match: re.Match[str]) -> str:
            of = int(match[1]) - 1
            return levels[of].number(values[of], legal=level.legal) if of in levels else ""

        return _PLACE.sub(shown, level.text)

    def restart(self) -> None:
        """Begin to count anew, as each sheet of a form does."""
        self._counts.clear()

    def _place(self, paragraph: etree._Element) -> _ListPlace:
        """Return the list and the level of a paragraph: its own, else those of its style."""
        properties = paragraph.find("{*}pPr")
        style = "" if properties is None else attribute(properties.find("{*}pStyle"), "val")
        of_style = self._of_style.get(style, _ListPlace("", 0))
        return _stated(properties, of_style)

    def _counted(self, place: _ListPlace) -> list[int]:
        """Count a paragraph; return the numbers of all levels as they stand at it."""
        levels = self._levels[place.list]
        counts = self._counts.setdefault(self._shared[place.list], [None] * _LEVELS)
        last = counts[place.level]
        counts[place.level] = levels[place.level].start if last is None else last + 1
        counts[place.level + 1 :] = [None] * (_LEVELS - place.level - 1)
        values: list[int] = []
        for at, count in enumerate(counts):
            start = levels[at].start if at in levels else 1
            values.append(start if count is None else count)
        return values


def _shown_bullet(sign: str) -> str:
    """Return a sign that a list begins with, as fonts other than Wingdings have it."""
    return _BULLETS.get(sign, sign if sign < "\ue000" else "•")


def _followed(
    look: etree._Element | None, known: Iterable[etree._Element]
) -> etree._Element | None:
    """Return the look of a list, that of the style which it leads to if it does."""
    leads = "" if look is None else attribute(look.find("{*}numStyleLink"), "val")
    for each in known if leads else ():
        if attribute(each.find("{*}styleLink"), "val") == leads:
            return each
    return look


def _override(levels: dict[int, _ListLevel], change: etree._Element) -> bool:
    """Put what a list changes of its levels into `levels`; return whether one begins anew."""
    at = number(attribute(change, "ilvl"))
    start = attribute(change.find("{*}startOverride"), "val")
    levels.update(_levels(change))
    if not start or at not in levels:
        return False
    levels[at] = levels[at]._replace(start=number(start))
    return True


def _levels(look: etree._Element) -> Iterator[tuple[int, _ListLevel]]:
    """Yield the levels that a list, or a change of one, describes."""
    for each in look.iterchildren("{*}lvl"):
        start = attribute(each.find("{*}start"), "val") or "1"
        written = attribute(each.find("{*}numFmt"), "val") or "decimal"
        text = attribute(each.find("{*}lvlText"), "val")
        yield (
            min(number(attribute(each, "ilvl")), _LEVELS - 1),
            _ListLevel(
                number(start),
                written,
                text,
                is_on(each, "isLgl"),
                attribute(each.find("{*}suff"), "val") != "nothing",
            ),
        )


def _stated(properties: etree._Element | None, inherited: _ListPlace) -> _ListPlace:
    """Return the list and the level that properties state, else those inherited."""
    stated = None if properties is None else properties.find("{*}numPr")
    if stated is None:
        return inherited
    of, level = attribute(stated.find("{*}numId"), "val"), stated.find("{*}ilvl")
    at = inherited.level if level is None else number(attribute(level, "val"))
    return _ListPlace(of or inherited.list, min(max(at, 0), _LEVELS - 1))


def _places_of_styles(styles: etree._Element | None) -> Iterator[tuple[str, _ListPlace]]:
    """Yield the list and the level of each style by its id; at "" those of the default."""
    known: dict[str, etree._Element] = {}
    for style in () if styles is None else styles.iter("{*}style"):
        if attribute(style, "type") == "paragraph":
            known[attribute(style, "styleId")] = style
    for identity, style in known.items():
        place = _inherited(identity, known)
        yield identity, place
        if attribute(style, "default") in {"1", "true", "on"}:
            yield "", place


def _inherited(identity: str, known: Mapping[str, etree._Element]) -> _ListPlace:
    """Return the list and the level of a style, by those that it is based on."""
    chain: list[etree._Element] = []
    while identity in known and known[identity] not in chain:
        chain.append(known[identity])
        identity = attribute(chain[-1].find("{*}basedOn"), "val")
    place = _ListPlace("", 0)
    for style in reversed(chain):
        place = _stated(style.find("{*}pPr"), place)
    return place
