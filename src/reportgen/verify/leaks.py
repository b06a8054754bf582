"""Searches the parts of finished files for what should not be in them (D8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from reportgen.model.disclosed import Secret
from reportgen.model.units import Unit
from reportgen.verify.amounts import Amount, tokens, unit_at
from reportgen.verify.part import BORDER, GAP, Blob, Part, solid
from reportgen.verify.spellings import SearchTargets, SearchWord

_CHUNK = re.compile(rf"\d(?:[{BORDER}\s\-\u2010-\u2015()./·+]*\d)+", re.ASCII)
_SOLID = re.compile(r"\d(?:[-\u2010-\u2015]?\d)+", re.ASCII)
_LONG = 7
"""Digits from which a code may be parted by anything, even by borders of paragraphs."""
_COUNTRY = ("86", "0086")
_WIDE = ("utf-16-le", "utf-16-be")
_ENCODINGS = ("utf-8", "gb18030", *_WIDE)
_SCRIPTS = {"digits": "", "lower": "@chinese", "upper": "@upper"}
_CHINESE = re.compile("[\u4e00-\u9fff]")


class Leak(NamedTuple):
    """A secret in a part, how it is spelled there, by a label of `codes.yaml`, and in what unit."""

    secret: Secret
    where: str
    manner: str
    symbol: str = ""


def hits(part: Part | Blob, wanted: SearchTargets) -> Iterator[Leak]:
    """Yield what of `wanted` stands in `part`."""
    if isinstance(part, Blob):
        yield from _in_bytes(part, wanted)
        return
    for word in wanted.words:
        if word.text in part.solid and _stands(word, part):
            yield Leak(word.secret, part.where, word.manner)
    if wanted.codes:
        yield from _codes(part, wanted)
    if wanted.amounts:
        yield from _amounts(part, wanted)


# Words


def _stands(word: SearchWord, part: Part) -> bool:
    """Return whether `word` stands in `part` as a word, number or name of its own."""
    covered = [span for text in word.keep if word.text in text for span in _spans(text, part.solid)]
    gaps: set[int] | None = None
    for start, end in _spans(word.text, part.solid):
        if any(first <= start and end <= last for first, last in covered):
            continue
        if _joined(part.solid, start) or _joined(part.solid, end):
            gaps = _gaps(part) if gaps is None else gaps
            if _torn(part.solid, start, gaps) or _torn(part.solid, end, gaps):
                continue
        return True
    return False


def _spans(text: str, within: str) -> Iterator[tuple[int, int]]:
    at = within.find(text)
    while at >= 0:
        yield at, at + len(text)
        at = within.find(text, at + 1)


def _joined(text: str, at: int) -> bool:
    """Return whether the characters around `at` are of one word or one number."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if before.isdigit() and after == ".":
        return text[at + 1 : at + 2].isdigit()
    if before == "." and after.isdigit():
        return text[at - 2 : at - 1].isdigit()
    letters = before.isascii() and after.isascii()
    return letters and (
        (before.isalpha() and after.isalpha()) or (before.isdigit() and after.isdigit())
    )


def _torn(text: str, at: int, gaps: set[int]) -> bool:
    return at not in gaps and _joined(text, at)


def _gaps(part: Part) -> set[int]:
    """Return where in the solid text something was taken out that parts words."""
    at, found = 0, set()
    for piece in GAP.split(part.text):
        at += len(solid(piece))
        found.add(at)
    return found


# Codes


def _codes(part: Part, wanted: SearchTargets) -> Iterator[Leak]:
    shortest = min(len(word.text) for word in wanted.codes)
    for chunk in _CHUNK.finditer(part.text):
        digits = re.sub(r"\D", "", chunk[0])
        if len(digits) < shortest:
            continue
        for word in wanted.codes:
            if word.text in digits and _is_code(word, chunk[0], digits, part):
                yield Leak(word.secret, part.where, word.manner)


def _is_code(word: SearchWord, chunk: str, digits: str, part: Part) -> bool:
    if any(word.text in re.sub(r"\D", "", text) and text in part.solid for text in word.keep):
        return False
    places = [at for at, char in enumerate(chunk) if char.isdigit()]
    for start, end in _spans(word.text, digits):
        first, last = places[start], places[end - 1]
        if len(word.text) < _LONG and not _SOLID.fullmatch(chunk[first : last + 1]):
            continue
        if BORDER in chunk[first:last] and (part.technical or len(set(word.text)) == 1):
            continue  # a row of zeros is no code
        before, after = chunk[:first], chunk[last + 1 :]
        run = re.search(r"\d*$", before)
        if run and run[0] and run[0] not in _COUNTRY:
            continue
        if re.search(r"(?<!\d)0\.$", before) or after[:1].isdigit():
            continue
        if len(word.text) < _LONG and re.match(r"\.\d", after):
            continue
        return True
    return False


# Amounts


def _amounts(part: Part, wanted: SearchTargets) -> Iterator[Leak]:
    for digits, script, at, unit in tokens(part.text):
        for amount in wanted.amounts.get(digits, ()):
            stated = unit or unit_at(part.text, at)
            if stated is not None and "." in digits and _counts(stated):
                stated = None
            if _tells(amount, stated, part, at):
                yield Leak(
                    amount.secret, part.where, _SCRIPTS[script] or amount.manner, amount.symbol
                )


def _counts(unit: Unit) -> bool:
    """Return whether `unit` counts things: after a decimal it begins the next word (项目)."""
    return len(unit.symbol) == 1 and unit.symbol != "分" and unit.dimension == ((unit.symbol, 1),)


def _tells(amount: Amount, stated: Unit | None, part: Part, at: int) -> bool:
    """Return whether a number that ends at `at`, with the unit that is `stated`, says `amount`."""
    own = amount.secret.unit
    if stated is None or own is None:
        return amount.bare and not part.technical
    fits = not stated.dimension or stated.dimension == own.dimension
    if stated.factor == amount.factor and fits:
        return not part.technical or bool(_CHINESE.search(stated.symbol))
    # A unit of something else after a space begins the next column.
    return amount.bare and not part.technical and part.text[at : at + 1] == " "


# Bytes


def _in_bytes(blob: Blob, wanted: SearchTargets) -> Iterator[Leak]:
    """Yield the texts of secrets, as they were typed, in any encoding that is in use."""
    long = (code for code in wanted.codes if len(code.text) >= _LONG)
    for word in (*wanted.words, *long):
        texts = {word.text, *((word.secret.text,) if word.manner == "@typed" else ())}
        if any(_in_encoding(text, blob.data) for text in texts):
            yield Leak(word.secret, blob.where, word.manner)
    for amount in {id(a.secret): a for each in wanted.amounts.values() for a in each}.values():
        if _CHINESE.search(amount.secret.text) and _in_encoding(amount.secret.text, blob.data):
            yield Leak(amount.secret, blob.where, "@typed")


def _in_encoding(text: str, data: bytes) -> bool:
    if not text.isascii():
        return any(text.encode(encoding) in data for encoding in _ENCODINGS)
    # Digits and letters of a structure are many: what is searched must stand alone.
    plain = text.encode()
    alone = rb"(?<![0-9A-Za-z])" + re.escape(plain) + rb"(?![0-9A-Za-z])"
    return any(text.encode(wide) in data for wide in _WIDE) or (
        plain in data and re.search(alone, data) is not None
    )
