"""What differs between two texts or two sequences of them: sentences, words, figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

SentenceChange = Literal["same", "gone", "new"]

ALIKE = 0.5
"""From this share of common text on, one sentence is the other one changed."""
_SHORT = 2
"""So few characters in common between two changes do not part them: they would only flicker."""
_UNIT = r"(?:个?百分点|[万亿千百]*[%‰元㎡个家项人次台条件名分倍户]?)"
_TOKEN = re.compile(rf"[-−]?[0-9][0-9,]*(?:\.[0-9]+)?{_UNIT}|[A-Za-z]+|.", re.DOTALL)
_FIGURE = re.compile(r"[0-9]")
_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]?")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that both sides have, or only the old (`gone`) or the new one (`new`)."""

    kind: SentenceChange
    text: str


@dataclass(frozen=True, slots=True)
class ChangedSentence:
    """A sentence that differs: `old` or `new` is empty where only the other side has it.

    `where` says where it stands, on the new side if it is there.
    """

    old: str
    new: str
    where: str = ""

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Return both sides as one run of pieces."""
        return pieces(self.old, self.new)

    @property
    def figures(self) -> tuple[tuple[str, str], ...]:
        """Return the numbers that changed, (old, new)."""
        return figures(self.old, self.new)


@dataclass(frozen=True, slots=True)
class Stated:
    """A text and where it stands."""

    text: str
    where: str = ""


def sentences(stated: Iterable[Stated]) -> tuple[Stated, ...]:
    """Return every sentence of texts, each with the place of its text; blank ones left out."""
    return tuple(
        Stated(part.strip(), each.where)
        for each in stated
        for part in _SENTENCE.findall(each.text)
        if part.strip()
    )


def changed(old: Sequence[Stated], new: Sequence[Stated]) -> tuple[ChangedSentence, ...]:
    """Return the sentences that differ, in order; those that moved only are none."""
    matcher = SequenceMatcher(None, [s.text for s in old], [s.text for s in new], autojunk=False)
    found: list[ChangedSentence] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            found += _paired(old[a:b], new[c:d])
    return tuple(found)


def _paired(old: Sequence[Stated], new: Sequence[Stated]) -> Iterator[ChangedSentence]:
    """Yield each new sentence with the next old one that is like it, and what is left alone."""
    at = 0
    for each in new:
        like = next((n for n in range(at, len(old)) if _alike(old[n].text, each.text)), None)
        if like is None and len(old) == len(new) == 1:
            like = 0
        if like is None:
            yield ChangedSentence("", each.text, each.where)
            continue
        yield from (ChangedSentence(lost.text, "", lost.where) for lost in old[at:like])
        yield ChangedSentence(old[like].text, each.text, each.where)
        at = like + 1
    yield from (ChangedSentence(lost.text, "", lost.where) for lost in old[at:])


def _alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """Return `old` and `new` as one run; a number with its unit is never parted."""
    found: list[Piece] = []
    for gone, added, same in _runs(old, new):
        parts = (Piece("gone", gone), Piece("new", added), Piece("same", same))
        found += [each for each in parts if each.text]
    return tuple(found)


def figures(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Return the numbers that changed, as (old, new) pairs; one is empty where it has no other."""
    pairs = ((gone, added) for gone, added, _ in _runs(old, new))
    return tuple(pair for pair in pairs if _FIGURE.search("".join(pair)))


def _runs(old: str, new: str) -> list[tuple[str, str, str]]:
    """Return (gone, added, same after it) runs; what hardly parts two changes joins them."""
    left, right = _TOKEN.findall(old), _TOKEN.findall(new)
    runs: list[tuple[str, str, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        gone, added = "".join(left[a:b]), "".join(right[c:d])
        if tag == "equal":
            runs.append((*runs.pop()[:2], gone) if runs else ("", "", gone))
        elif runs and any(runs[-1][:2]) and len(runs[-1][2]) < _SHORT:
            before, after, same = runs.pop()
            runs.append((before + same + gone, after + same + added, ""))
        else:
            runs.append((gone, added, ""))
    return runs
