"""What the lines above a table say of year and unit: those of another one are told.

A title is short and no sentence; the year of a date or of a document number is none of a table.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import chain

from reportgen.features.spreadsheet.grid import SheetCell
from reportgen.features.spreadsheet.orientation import TableMatch
from reportgen.findings import Finding, finding
from reportgen.language.folding import is_short_for

_YEAR = re.compile(r"(?<![0-9〔\[(])((?:19|20)[0-9]{2})年(?!(?:1[0-2]|0?[1-9])月)")
_UNIT = re.compile(
    "(?:填报|填表|编制|预算|项目|实施)?(?:单位|部门)(?:名称)?:(?P<name>[\u4e00-\u9fff]{2,24}?"
    "(?:局|委员会|委|厅|办公室|中心|学院|医院|学校|研究院|所|站|支队))"
)
_LONGEST_TITLE = 40
_SENTENCE = re.compile("[，。；]")


def told_of_titles(
    matches: Iterable[TableMatch], year: int, names: Collection[str]
) -> Iterator[Finding]:
    """Yield X145 for a title of another year, X146 for one of a unit that has none of `names`."""
    for match in matches:
        titles = list(_titles(match))
        yield from _other_year(titles, str(year))
        yield from _other_unit(titles, names)


def _titles(match: TableMatch) -> Iterator[SheetCell]:
    """Yield the cells above the header of a table that may be titles."""
    rows = match.sheet.rows[: match.header.top]
    for cell in chain(match.sheet.above, chain.from_iterable(rows)):
        if 0 < len(cell.label) <= _LONGEST_TITLE and not _SENTENCE.search(cell.text):
            yield cell


def _other_year(titles: Iterable[SheetCell], year: str) -> Iterator[Finding]:
    """Yield X145 for the first title with a year where none has the one that is asked for."""
    dated = [cell for cell in titles if _YEAR.search(cell.label)]
    if dated and not any(year in cell.label for cell in dated):
        other = "、".join(_YEAR.findall(dated[-1].label))
        yield finding("X145", dated[-1].span, found=other, year=year)


def _other_unit(titles: Iterable[SheetCell], names: Collection[str]) -> Iterator[Finding]:
    """Yield X146 for the first title that names a unit of another name."""
    for cell in titles:
        match = _UNIT.search(cell.label)
        if (
            match is not None
            and names
            and not any(_is_alike(match["name"], each) for each in names)
        ):
            yield finding("X146", cell.span, found=match["name"], unit=next(iter(names)))
            return


def _is_alike(name: str, other: str) -> bool:
    """Return whether one name is the other one, or short for it: 市工信局."""
    return is_short_for(name, other) or is_short_for(other, name)
