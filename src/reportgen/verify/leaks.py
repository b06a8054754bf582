"""Searches a part of a finished file for words, codes and amounts that should not be in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from reportgen.language.even_numbers import even_numbers
from reportgen.language.folding import BORDER, Solid
from reportgen.language.number_forms import possible_numbers
from reportgen.language.numbers import WrittenNumber, find_numbers
from reportgen.model.disclosed import Secret
from reportgen.verify.amounts import AmountTargets
from reportgen.verify.part import Blob, Part
from reportgen.verify.spellings import LikelyName, SearchTargets, SearchWord

Span = tuple[int, int]
"""Where a text begins and ends in another."""

_SOLID = re.compile(r"\d(?:[-\u2010-\u2015]?\d)+", re.ASCII)
_SHORT = 2
"""Characters up to which a name that is parted by a comma or the like may be chance."""
_NEAR = 8
"""Characters around a code that tell whether it is a part of a number."""
_LONG = 7
"""Digits from which a code may be parted by anything, even by borders of paragraphs."""
_COUNTRY = ("86", "0086")
_DIGITS_AT_END = re.compile(r"\d+$")
_WIDE = ("utf-16-le", "utf-16-be")
_ENCODINGS = ("utf-8", "gb18030", *_WIDE)
_CHINESE = re.compile("[\u4e00-\u9fff]")


class Leak(NamedTuple):
    """A secret in a part, how it is spelled there, by a label of `codes.yaml`, and in what unit.

    Where it is not `sure`, it may be another number with those digits. `text` is the number.
    """

    secret: Secret
    where: str
    manner: str
    symbol: str = ""
    sure: bool = True
    text: str = ""


def find_leaks(part: Part | Blob, targets: SearchTargets) -> Iterator[Leak]:
    """Yield what of `targets` stands in `part`."""
    if isinstance(part, Blob):
        yield from _words_in_bytes(part, targets)
        yield from _amounts_in_bytes(part, targets)
    else:
        yield from _words(part, targets)
        yield from _codes(part, targets)
        yield from _amounts(part, targets)


# Words


def _words(part: Part, targets: SearchTargets) -> Iterator[Leak]:
    for word in targets.words:
        solid = part.letters if word.mixed else part.solid
        if word.text in solid.text and _stands_alone(word, solid):
            yield Leak(word.secret, part.where, word.manner)


def _stands_alone(word: SearchWord, solid: Solid) -> bool:
    """Return whether `word` stands in a part as a word, number or name of its own."""
    for start, end in _spans(word.text, solid.text):
        is_torn = _is_torn(solid, start) or _is_torn(solid, end)
        if not is_torn and _is_one_word(start, end, solid) and not _is_kept_at(start, word, solid):
            return True
    return False


def _is_one_word(start: int, end: int, solid: Solid) -> bool:
    """Return whether no sentence ends within what stands from `start` to `end`.

    It may within a longer name, which is no chance, or where nothing goes on on one side.
    """
    if end - start > _SHORT or solid.stops.isdisjoint(range(start + 1, end)):
        return True
    return start == 0 or end == len(solid.text) or start in solid.gaps or end in solid.gaps


def _is_kept_at(start: int, word: SearchWord, solid: Solid) -> bool:
    """Return whether the `word` that begins at `start` stands in a text in which it may stand."""
    for text in word.keep:
        for before, _ in _spans(word.text, text):
            if before <= start and solid.text.startswith(text, start - before):
                return True
    return False


def _spans(text: str, within: str) -> Iterator[Span]:
    at = within.find(text)
    while at >= 0:
        yield at, at + len(text)
        at = within.find(text, at + 1)


def _is_torn(solid: Solid, at: int) -> bool:
    """Return whether a border at `at` would part a word or a number."""
    return _is_joined(solid.text, at) and at not in solid.gaps


def _is_joined(text: str, at: int) -> bool:
    """Return whether the characters around `at` are of one word or one number."""
    around = text[max(0, at - 1) : at + 1]
    if len(around) < 2:
        return False
    if "." in around:
        return _is_in_decimal(text, at)
    return around.isascii() and (around.isalpha() or around.isdigit())


def _is_in_decimal(text: str, at: int) -> bool:
    """Return whether the point before or after `at` stands between two digits."""
    point = at if text[at] == "." else at - 1
    before, after = text[max(0, point - 1) : point], text[point + 1 : point + 2]
    return before.isdigit() and after.isdigit()


def find_likely_names(part: Part, targets: SearchTargets) -> Iterator[tuple[Secret, str]]:
    """Yield the secrets of which a part may tell a short form, each with the first one."""
    for name in targets.likely:
        if name.masked is not None:
            for words in islice(_masked_names(name, name.masked, part), 1):
                yield name.secret, words
        for form in islice((form for form in name.forms if _stands_short(form, name, part)), 1):
            yield name.secret, form


def _masked_names(name: LikelyName, masked: re.Pattern[str], part: Part) -> Iterator[str]:
    for match in masked.finditer("".join(part.text.split())):
        if not any(match[0] in text for text in name.keep):
            yield match[0]


def _stands_short(form: str, name: LikelyName, part: Part) -> bool:
    """Return whether a short form stands in a part, within no name that may stand there."""
    if form not in part.solid.text:
        return False
    return _stands_alone(SearchWord(name.secret, form, "@typed", name.keep), part.solid)


# Codes


def _codes(part: Part, targets: SearchTargets) -> Iterator[Leak]:
    if not any(word.text in part.digits_only for word in targets.codes):
        return
    for chunk, digits in part.chunks:
        for word in targets.codes:
            if word.text in digits and _is_code(word, chunk, digits, part):
                yield Leak(word.secret, part.where, word.manner)


def _is_code(word: SearchWord, chunk: str, digits: str, part: Part) -> bool:
    """Return whether a code stands in a chunk of digits and signs, and is no part of a number."""
    if _is_kept(word, part):
        return False
    places = [at for at, char in enumerate(chunk) if char.isdigit()]
    for start, end in _spans(word.text, digits):
        first, last = places[start], places[end - 1] + 1
        before, after = chunk[max(0, first - _NEAR) : first], chunk[last : last + _NEAR]
        code = chunk[first:last]
        if _may_be_parted(word, code, part) and _is_whole(word, before, after):
            return True
    return False


def _is_kept(word: SearchWord, part: Part) -> bool:
    """Return whether a text with the code in it may stand in `part`, and does."""
    words = part.solid.text
    return any(word.text in re.sub(r"\D", "", text) and text in words for text in word.keep)


def _may_be_parted(word: SearchWord, code: str, part: Part) -> bool:
    """Return whether digits with what stands between them are still one code."""
    if len(word.text) < _LONG and not _SOLID.fullmatch(code):
        return False
    if BORDER not in code:
        return True
    is_row_of_one_digit = len(set(word.text)) == 1
    return not part.technical and not is_row_of_one_digit


def _is_whole(word: SearchWord, before: str, after: str) -> bool:
    """Return whether no number goes on into what stands `before` and `after` a code."""
    digits_before = _DIGITS_AT_END.search(before)
    if digits_before is not None and digits_before[0] not in _COUNTRY:
        return False
    if re.search(r"(?<!\d)0\.$", before) or after[:1].isdigit():
        return False
    return len(word.text) >= _LONG or re.match(r"\.\d", after) is None


# Amounts


def _amounts(part: Part, targets: SearchTargets) -> Iterator[Leak]:
    amounts = targets.amounts
    if not amounts.numbers:
        return
    for number in _numbers(part, amounts):
        for told in amounts.told_by(number):
            secret, manner, symbol, sure = told
            yield Leak(secret, part.where, manner, symbol, sure, number.text)


def _numbers(part: Part, amounts: AmountTargets) -> Iterator[WrittenNumber]:
    """Return the numbers of a part; in a technical one those with a unit in Chinese."""
    if not part.technical:
        return possible_numbers(part.raw, amounts.heads)
    return filter(_has_chinese_unit, find_numbers(even_numbers(part.raw)))


def _has_chinese_unit(number: WrittenNumber) -> bool:
    return number.unit is not None and _CHINESE.search(number.unit.symbol) is not None


# Bytes


def _words_in_bytes(blob: Blob, targets: SearchTargets) -> Iterator[Leak]:
    """Yield the texts of secrets, as they were typed, in any encoding that is in use."""
    long_codes = (code for code in targets.codes if len(code.text) >= _LONG)
    for word in (*targets.words, *long_codes):
        if any(_is_encoded(text, blob.data) for text in _typed_texts(word)):
            yield Leak(word.secret, blob.where, word.manner)


def _typed_texts(word: SearchWord) -> set[str]:
    return {word.text, word.secret.text} if word.manner == "@typed" else {word.text}


def _amounts_in_bytes(blob: Blob, targets: SearchTargets) -> Iterator[Leak]:
    for number in targets.amounts.numbers:
        text = number.secret.text
        if _CHINESE.search(text) and _is_encoded(text, blob.data):
            yield Leak(number.secret, blob.where, "@typed")


def _is_encoded(text: str, data: bytes) -> bool:
    """Return whether `data` hold `text` in any encoding; letters of ASCII only by themselves."""
    if text.isascii():
        return _is_in_any(text, _WIDE, data) or _is_alone(text.encode(), data)
    return _is_in_any(text, _ENCODINGS, data)


def _is_in_any(text: str, encodings: tuple[str, ...], data: bytes) -> bool:
    return any(text.encode(encoding) in data for encoding in encodings)


def _is_alone(word: bytes, data: bytes) -> bool:
    """Return whether `word` stands alone: the digits and letters of a structure are many."""
    if word not in data:
        return False
    alone = rb"(?<![0-9A-Za-z])" + re.escape(word) + rb"(?![0-9A-Za-z])"
    return re.search(alone, data) is not None
