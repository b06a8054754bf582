"""Every way in which what is kept back could be written, and what cannot be searched.

Texts, dates and codes are spelled out. Numbers are not: a finished file's numbers are read, and
looked up among those that a secret could be written with, in each unit of its dimension.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from reportgen.language.numerals import by_digits, chinese
from reportgen.model.disclosed import Disclosed, Secret
from reportgen.model.figures import Ledger
from reportgen.model.policy import Policy
from reportgen.verify.amounts import Amount, Manner, Why, add_amounts, open_amounts
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


def search_targets(disclosed: Disclosed, printed: Iterable[str] = ()) -> SearchTargets:
    """Return how to search for the secrets of `disclosed`.

    A secret that equals an open value cannot be told from it, and digits that are `printed` as
    a figure only by their unit.
    """
    policy = disclosed.policy
    kept = {replacement.term: replacement.keep for replacement in policy.replacements}
    texts = _open_texts(disclosed.ledger)
    texts -= {_solid(term) for term in kept}  # printed in other words, so not open
    amounts_open = open_amounts(disclosed.ledger, printed)
    words: list[SearchWord] = []
    codes: list[SearchWord] = []
    amounts: dict[str, list[Amount]] = {}
    unsearched: list[tuple[Secret, Why]] = []
    for secret in disclosed.secrets:
        keep = tuple(map(_solid, (*released_texts(policy), *kept.get(secret.text, ()))))
        if secret.value is not None and secret.unit is not None:
            why = add_amounts(secret, amounts_open, amounts)
        else:
            why = _unsearchable(secret.text, texts)
            if why is None:
                words += _words(secret, texts, keep)
                codes += _codes(secret, keep)
        if why is not None:
            unsearched.append((secret, why))
        words += _initials(secret, keep)
    by_digits_ = {digits: tuple(alternatives) for digits, alternatives in amounts.items()}
    return SearchTargets(tuple(words), tuple(codes), by_digits_, tuple(unsearched))


def released_texts(policy: Policy) -> tuple[str, ...]:
    """Return the texts that a policy releases whatever they hold."""
    return tuple(release.text for release in policy.releases if release.text)


def _open_texts(ledger: Ledger) -> set[str]:
    """Return the texts and the words of figures that everybody may read, solid."""
    texts = [str(text.value) for text in ledger.texts.values() if text.value]
    texts += [figure.words for figure in ledger.figures.values() if figure.words]
    return set(_solid("\0".join(texts)).split("\0"))


def _solid(text: str) -> str:
    return solid(even(text))


# Texts


def _unsearchable(text: str, open_texts: set[str]) -> Why | None:
    """Return why a text cannot be searched for, None if it can."""
    plain = _solid(text)
    letters = re.sub(r"[\W_]", "", plain)
    if len(letters) < _shortest(letters):
        return "@short"
    return "@told" if plain in open_texts else None


def _shortest(letters: str) -> int:
    """Return the length from which such letters are no chance."""
    if not letters.isascii():
        return _SHORTEST
    return _SHORTEST_CODE if letters.isdigit() else _SHORTEST_ASCII


def _words(secret: Secret, open_texts: set[str], keep: tuple[str, ...]) -> Iterator[SearchWord]:
    """Yield a text as it was typed, a date in its forms, and the sentences of a text."""
    match = _DATE.fullmatch(secret.text.strip())
    if match is not None:
        year, month, day = match.groups()
        for date in _dates(int(year), int(month), int(day)):
            yield SearchWord(secret, solid(date), "@date", keep)
        return
    text = _solid(secret.text)
    if not _CODE.fullmatch(even(secret.text)):
        yield SearchWord(secret, text, "@typed", keep)
    for piece in dict.fromkeys(map(_solid, _BREAK.split(secret.text))):
        is_open = any(piece in open_text for open_text in open_texts)
        if len(piece) >= _SENTENCE and piece != text and not is_open:
            yield SearchWord(secret, piece, "@piece", keep)


def _dates(year: int, month: int, day: int) -> Iterator[str]:
    """Yield a day in the forms that are not its eight digits."""
    for sign in "-./":
        yield f"{year}{sign}{month}{sign}{day}"
    for end in "日号":
        yield f"{year}年{month}月{day}{end}"
        yield f"{year}年{month:02}月{day:02}{end}"
        for written_year in (by_digits(year), by_digits(year, ring=False)):
            yield f"{written_year}年{chinese(month)}月{chinese(day)}{end}"


def _codes(secret: Secret, keep: tuple[str, ...]) -> Iterator[SearchWord]:
    """Yield what is written with digits alone, as telephones and days are."""
    text = even(secret.text).strip()
    if match := _DATE.fullmatch(text):
        yield SearchWord(secret, "".join(match.groups()), "@date", keep)
    elif _CODE.fullmatch(text):
        yield SearchWord(secret, re.sub(r"\D", "", text), "@digits", keep)


def _initials(secret: Secret, keep: tuple[str, ...]) -> Iterator[SearchWord]:
    for initials in secret.initials:
        letters = _solid(initials)
        if len(letters) >= _SHORTEST:
            yield SearchWord(secret, letters, "@initials", keep)
