"""What sentences list: names that they count, and names with amounts of which they state the sum.

A pack says by a metric which list it counts (`count(unit.offices)`), or sums up
(`sum(economic[category == "工资福利支出"].outturn)`), and what that number is called. Where a
sentence calls a number so, and as many names or just as much money follow it, they are its rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import count
from operator import itemgetter

from reportgen.compose.blank import FIRST
from reportgen.features.adopt.cells import StatedValue
from reportgen.features.adopt.expected import Slot
from reportgen.features.adopt.schema_keys import is_table
from reportgen.language.numbers import WrittenNumber, find_numbers
from reportgen.load.groups import fields_of
from reportgen.load.schema import Year
from reportgen.model.frozen import frozen
from reportgen.model.pack import Pack
from reportgen.model.quantity import QuantityError, parse_quantity
from reportgen.model.reading import ReadBlock, ReadParagraph
from reportgen.model.rules import Metric
from reportgen.model.source import SourceSpan
from reportgen.model.units import find_unit

_COUNT = re.compile(r"count\(([\w.]+)\)")
_SUM = re.compile(
    r'sum\((?P<table>\w+)(?:\[(?P<column>\w+) == "(?P<words>[^"]+)"\])?\.(?P<of>\w+)\)'
)
_SENTENCE = re.compile("[。；！？\n]")
_LINK = "(?:数)?(?:共有|共计|合计|总计|共|为|是|有)?"
_FOLLOWING = re.compile("[，,]?(?:分别)?(?:是|为|有|包括)[：:]?")
_OPENING = re.compile("(?:其中|包括|具体为|分别为|分别是|含)[：:]?")
_DOCUMENT = re.compile(r"(《[^《》]{4,80}》)(?:（([^（）]{1,16}〔[0-9]{4}〕[^（）]{1,6}号)）)?")
"""The title of a document, with its number."""
_REST = re.compile("[，,：:]")
"""What ends a list of names in a sentence."""
_MARK = re.compile("[、，,]")
_AND = re.compile("以及|和|及|与")
_ITEM = re.compile(
    r"\s*(?:[（(]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[)）]|[0-9]{1,2}[.、．](?![0-9]))\s*"
)
"""The number of an item of a list."""
_LEAST_ROWS, _LEAST_ITEMS = 2, 3
_ROWS = 900
"""The number of the first loop that rows of sentences have in keys: templates have less."""


@frozen
class _SummedList:
    """A list of which a pack sums up a column: `label` is what the sum is called.

    The rows have `words` in their `column`, if any. `key` is that of the sum.
    """

    label: str
    table: str
    of: str
    column: str = ""
    words: str = ""
    key: str = ""


@frozen
class _Row:
    """A name with the amount behind it, as it stands."""

    name: str
    amount: str
    value: Fraction


def sentence_values(
    blocks: Sequence[ReadBlock], pack: Pack, year: int, known: Iterable[StatedValue]
) -> Iterator[StatedValue]:
    """Yield what sentences of a report on a year say of the lists that its pack counts and sums up.

    `known` is what stands in its forms: sums, too.
    """
    counted = dict(_counted(pack))
    sums = list(_summed(pack))
    last = re.compile(f"上年|去年|上一年|{year - 1}年")
    number = count(_ROWS)
    for paragraph in _paragraphs(blocks):
        for sentence in _SENTENCE.split(paragraph.text):
            if not last.search(sentence):
                yield from _counted_items(sentence, counted, paragraph.span)
                for summed in filter(_is_labelled, sums):
                    yield from _summed_rows(sentence, summed, paragraph.span, next(number))
    yield from document_values(blocks, pack)
    yield from _enumerated_rows(blocks, sums, known)


# Names


def _counted(pack: Pack) -> Iterator[tuple[str, str]]:
    """Yield what each list of names is called that a pack counts, and its key."""
    for metric in pack.rules.metrics:
        match = _COUNT.fullmatch(metric.formula.text.strip())
        if match is not None and match[1].startswith("unit."):
            yield _label(metric), match[1]


def _counted_items(
    sentence: str, counted: dict[str, str], span: SourceSpan
) -> Iterator[StatedValue]:
    """Yield the items of lists of names that a sentence counts."""
    for label, key in counted.items():
        for number in _called(sentence, label):
            names = _names_behind(sentence[number.end :], number)
            for at, name in enumerate(names, 1):
                yield StatedValue(Slot(key), name, span, "", item=at)


def _called(sentence: str, label: str) -> Iterator[WrittenNumber]:
    """Yield the numbers of a sentence that are called by a label, which stands just before."""
    called = re.compile(f"{re.escape(label)}{_LINK}$")
    for number in find_numbers(sentence):
        if called.search(sentence[: number.start]):
            yield number


def _names_behind(text: str, number: WrittenNumber) -> list[str]:
    """Return as many names as a number counts from what follows it, none where others follow."""
    opening = _FOLLOWING.match(text)
    if opening is None:
        return []
    *names, last = map(str.strip, _REST.split(text[opening.end() :], maxsplit=1)[0].split("、"))
    parts = _AND.split(last)
    names += parts if len(names) + len(parts) == number.value else [last]
    return names if len(names) == number.value and all(names) else []


# Documents


def document_values(blocks: Iterable[ReadBlock], pack: Pack) -> Iterator[StatedValue]:
    """Yield the titles and numbers of documents of which a pack knows words of the title.

    A title is taken where it is the only one that has the words.
    """
    titles = list(_titles(blocks))
    for key, words in pack.documents.items():
        own = {title: (number, span) for title, number, span in titles[::-1] if words in title}
        if len(own) == 1:
            ((title, (number, span)),) = own.items()
            yield StatedValue(Slot(f"report.documents.{key}"), title, span, "")
            if number:
                yield StatedValue(Slot(f"report.documents.{key}_number"), number, span, "")


def _titles(blocks: Iterable[ReadBlock]) -> Iterator[tuple[str, str, SourceSpan]]:
    """Yield the titles of documents that paragraphs name, with their numbers."""
    for paragraph in _paragraphs(blocks):
        for match in _DOCUMENT.finditer(paragraph.text):
            yield match[1], match[2] or "", paragraph.span


def _paragraphs(blocks: Iterable[ReadBlock]) -> Iterator[ReadParagraph]:
    """Yield the paragraphs of the running text."""
    for block in blocks:
        if isinstance(block, ReadParagraph) and not block.part:
            yield block


# Names with amounts


def _summed(pack: Pack) -> Iterator[_SummedList]:
    """Yield the lists of which a pack sums up a column."""
    for metric in pack.rules.metrics:
        match = _SUM.fullmatch(metric.formula.text.strip())
        if match is not None and not metric.each and _has_rows(match["table"]):
            table, column, words, of = match.groups("")
            yield _SummedList(_label(metric), table, of, column, words, metric.key)


def _is_labelled(summed: _SummedList) -> bool:
    """Return whether the sum of a list is called as its rows say."""
    return summed.words in {"", summed.label}


def _label(metric: Metric) -> str:
    """Return what sentences call a figure: 编制 for 编制数, 基本支出 for 基本支出·决算数."""
    return metric.title.partition("·")[0].removesuffix("数")


def _has_rows(table: str) -> bool:
    """Return whether a table has rows with names, and no lines that the schema names."""
    return table not in fields_of(Year) or is_table(Year, (table,))


def _summed_rows(
    sentence: str, summed: _SummedList, span: SourceSpan, number: int
) -> Iterator[StatedValue]:
    """Yield the rows of a list of which a sentence states the sum."""
    for total in _called(sentence, summed.label):
        for at, row in enumerate(_rows_behind(sentence[total.end :], total)):
            yield from _cells(summed, row, span, f"s{number}.{at}")


def _cells(summed: _SummedList, row: _Row, span: SourceSpan, place: str) -> Iterator[StatedValue]:
    """Yield what is said of a row of a list, whose place names it."""
    number = place.removeprefix("s").partition(".")[0]
    said = {"name": row.name, summed.column: summed.words, summed.of: row.amount}
    for column, text in filter(itemgetter(0), said.items()):
        yield StatedValue(Slot(f"{summed.table}.#{number}{FIRST}.{column}"), text, span, place)


def _enumerated_rows(
    blocks: Iterable[ReadBlock], sums: Iterable[_SummedList], known: Iterable[StatedValue]
) -> Iterator[StatedValue]:
    """Yield the rows of items that begin with a name and an amount, and add up to a known sum.

    The sum stands in a form, and is that of one list alone.
    """
    printed = list(_printed_sums(sums, known))
    for number, items in enumerate(_enumerations(blocks), 2 * _ROWS):
        total = sum((row.value for row, _ in items), Fraction(0))
        own = {summed for amount, summed in printed if amount == total}
        if len(own) == 1:
            for at, (row, span) in enumerate(items):
                yield from _cells(next(iter(own)), row, span, f"s{number}.{at}")


def _printed_sums(
    sums: Iterable[_SummedList], known: Iterable[StatedValue]
) -> Iterator[tuple[Fraction, _SummedList]]:
    """Yield the sums of lists that stand in forms, with their lists."""
    keys = {summed.key: summed for summed in sums}
    for value in known:
        amount = _known_amount(value) if value.slot.key in keys else None
        if amount is not None:
            yield amount, keys[value.slot.key]


def _known_amount(value: StatedValue) -> Fraction | None:
    """Return the amount that a cell of a form states, None where it states none."""
    unit = find_unit(value.units[0][1]) if value.units else None
    try:
        return parse_quantity(value.text, unit).value if unit is not None else None
    except QuantityError:
        return None


def _enumerations(blocks: Iterable[ReadBlock]) -> Iterator[list[tuple[_Row, SourceSpan]]]:
    """Yield runs of paragraphs that begin, behind a number, with a name and an amount."""
    items: list[tuple[_Row, SourceSpan]] = []
    for block in (*blocks, None):
        row = _row_of(block)
        if row is not None:
            items.append(row)
            continue
        if len(items) >= _LEAST_ITEMS:
            yield items
        items = []


def _row_of(block: ReadBlock | None) -> tuple[_Row, SourceSpan] | None:
    """Return the row that an item of a list begins with, and where it stands."""
    row = _first_row(block.text) if isinstance(block, ReadParagraph) else None
    return (row, block.span) if row is not None and block is not None else None


def _first_row(text: str) -> _Row | None:
    """Return the name and the amount that an item of a list begins with."""
    item = _ITEM.match(text)
    if item is None:
        return None
    words = _REST.split(text[item.end() :].partition("。")[0], maxsplit=1)[0]
    amount = _amount_of(words)
    return _named_row(words, amount) if amount is not None else None


def _named_row(words: str, amount: WrittenNumber) -> _Row | None:
    """Return the row that words with an amount behind them are, None where nothing names it."""
    name = words[: amount.start].strip()
    return _Row(name, amount.text, amount.value) if name else None


def _rows_behind(text: str, total: WrittenNumber) -> Sequence[_Row]:
    """Return the names with amounts that follow a total and add up to it, none if they do not."""
    for opening in _OPENING.finditer(text):
        rows = _rows(text[opening.end() :], total)
        if len(rows) >= _LEAST_ROWS and sum(row.value for row in rows) == total.value:
            return rows
    return ()


def _rows(text: str, total: WrittenNumber) -> list[_Row]:
    """Return a text as names with amounts of the kind of a total, empty where it is none."""
    rows: list[_Row] = []
    name = ""
    for part in _MARK.split(text):
        last = _amount_of(part)
        if last is None:
            name += f"{part}、"
            continue
        if not _is_like(last, total):
            return []
        name += part[: last.start]
        rows.append(_Row(name.strip(), last.text, last.value))
        name = ""
    return [] if name else _if_named(rows)


def _if_named(rows: list[_Row]) -> list[_Row]:
    """Return rows of which each has a name, none where one has not."""
    return rows if all(row.name for row in rows) else []


def _amount_of(part: str) -> WrittenNumber | None:
    """Return the number that a text ends with, None where it ends with none."""
    numbers = list(find_numbers(part))
    return numbers[-1] if numbers and numbers[-1].end == len(part) else None


def _is_like(number: WrittenNumber, total: WrittenNumber) -> bool:
    """Return whether a number counts exactly, and the same as a total."""
    if number.unit is None or total.unit is None:
        return False
    return _is_exact(number) and number.unit.dimension == total.unit.dimension


def _is_exact(number: WrittenNumber) -> bool:
    """Return whether no word says that a number is not exact."""
    return not (number.before or number.about or number.after)
