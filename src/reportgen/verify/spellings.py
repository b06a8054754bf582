"""Every way in which what is kept back could be written, and what cannot be searched (D8).

Texts, dates and codes are spelled out. Numbers are not: a finished file's numbers are read, and
looked up among those that a secret could be written with, in each unit of its dimension.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from reportgen.language.numerals import by_digits, chinese
from reportgen.model.disclosed import Disclosed, Secret
from reportgen.verify.amounts import Amount, Manner, Why, add_amounts, told_by
from reportgen.verify.part import even, solid

_SHORTEST, _SHORTEST_ASCII, _SHORTEST_CODE = 2, 3, 5
_SENTENCE = 12
"""Characters from which a piece of a withheld text is no chance."""
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_CODE = re.compile(r"\+?[\d\s()./\-\u2010-\u2015]+")
_BREAK = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|[。；;！!？?\n]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SearchWord:
    """A text to search for; it is none of those that stand inside one of `keep`."""

    secret: Secret
    text: str
    manner: Manner
    keep: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchTargets:
    """What to search for: words, codes of digits, amounts by their digits; and what cannot be."""

    words: tuple[SearchWord, ...] = ()
    codes: tuple[SearchWord, ...] = ()
    amounts: Mapping[str, tuple[Amount, ...]] = field(default_factory=dict)
    unsearched: tuple[tuple[Secret, Why], ...] = ()


def wanted(disclosed: Disclosed, printed: Iterable[str] = ()) -> SearchTargets:
    """Return how to search for the secrets of `disclosed`.

    A secret that equals an open value cannot be told from it, and digits that are `printed` as
    a figure only by their unit.
    """
    ledger = disclosed.ledger
    values = (str(text.value) for text in ledger.texts.values() if text.value)
    grades = (figure.words for figure in ledger.figures.values() if figure.words)
    texts = set(solid(even("\0".join((*values, *grades)))).split("\0"))
    told = told_by(ledger, printed)
    kept = {each.term: each.keep for each in disclosed.policy.replacements}
    texts -= {solid(even(term)) for term in kept}  # printed in other words, so not told
    free = tuple(each.text for each in disclosed.policy.releases if each.text)
    words: list[SearchWord] = []
    codes: list[SearchWord] = []
    amounts: dict[str, list[Amount]] = {}
    unsearched: list[tuple[Secret, Why]] = []
    for secret in disclosed.secrets:
        keep = tuple(solid(even(text)) for text in (*free, *kept.get(secret.text, ())))
        if secret.value is not None and secret.unit is not None:
            if why := add_amounts(secret, told, amounts):
                unsearched.append((secret, why))
        elif why := _untellable(secret.text, texts):
            unsearched.append((secret, why))
        else:
            words += _words(secret, texts, keep)
            codes += _codes(secret, keep)
        words += _initials(secret, keep)
    return SearchTargets(
        tuple(words),
        tuple(codes),
        {key: tuple(every) for key, every in amounts.items()},
        tuple(unsearched),
    )


# Texts


def _untellable(text: str, told: set[str]) -> Why | None:
    plain = solid(even(text))
    letters = re.sub(r"[\W_]", "", plain)
    shortest = _SHORTEST_ASCII if letters.isascii() else _SHORTEST
    if letters.isdigit() and letters.isascii():
        shortest = _SHORTEST_CODE
    if len(letters) < shortest:
        return "@short"
    return "@told" if plain in told else None


def _words(secret: Secret, told: set[str], keep: tuple[str, ...]) -> Iterator[SearchWord]:
    text = solid(even(secret.text))
    if match := _DATE.fullmatch(secret.text.strip()):
        year, month, day = map(int, match.groups())
        for written in _days(year, month, day):
            yield SearchWord(secret, solid(written), "@date", keep)
        return
    if not _CODE.fullmatch(even(secret.text)):
        yield SearchWord(secret, text, "@typed", keep)
    pieces = (solid(even(piece)) for piece in _BREAK.split(secret.text))
    for piece in dict.fromkeys(pieces):
        if len(piece) >= _SENTENCE and piece != text and not any(piece in each for each in told):
            yield SearchWord(secret, piece, "@piece", keep)


def _days(year: int, month: int, day: int) -> Iterator[str]:
    """Yield a day in the forms that are not its eight digits."""
    yield from (f"{year}{sign}{month}{sign}{day}" for sign in "-./")
    for end in "日号":
        yield f"{year}年{month}月{day}{end}"
        yield f"{year}年{month:02}月{day:02}{end}"
        for years in (by_digits(year), by_digits(year, ring=False)):
            yield f"{years}年{chinese(month)}月{chinese(day)}{end}"


def _codes(secret: Secret, keep: tuple[str, ...]) -> Iterator[SearchWord]:
    """Yield what is written with digits alone, as telephones and days are."""
    text = even(secret.text).strip()
    if match := _DATE.fullmatch(text):
        yield SearchWord(secret, "".join(match.groups()), "@date", keep)
    elif _CODE.fullmatch(text):
        yield SearchWord(secret, re.sub(r"\D", "", text), "@digits", keep)


def _initials(secret: Secret, keep: tuple[str, ...]) -> Iterator[SearchWord]:
    for each in secret.initials:
        if len(spelled := solid(even(each))) >= _SHORTEST:
            yield SearchWord(secret, spelled, "@initials", keep)
