"""What differs between two texts or two sequences of them: sentences, words, figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from reportgen.model.frozen import frozen

SentenceChange = Literal["same", "gone", "new"]

ALIKE = 0.5
"""From this share of common text on, one sentence is the other one changed."""
_SHORT = 2
"""So few characters in common between two changes do not part them: they would only flicker."""
_UNIT = r"(?:个?百分点|[万亿千百]*[%‰元㎡个家项人次台条件名分倍户]?)"
_TOKEN = re.compile(rf"[-−]?[0-9][0-9,]*(?:\.[0-9]+)?{_UNIT}|[A-Za-z]+|.", re.DOTALL)
_FIGURE = re.compile(r"[0-9]")
_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]?")


@frozen
class Piece:
    """A run of text that both sides have, or only the old (`gone`) or the new one (`new`)."""

    kind: SentenceChange
    text: str


@frozen
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


@frozen
class Stated:
    """A text and where it stands."""

    text: str
    where: str = ""


@dataclass(slots=True)
class _Run:
    """What the old side lost and the new one gained at one point, and what both have after it."""

    gone: str = ""
    new: str = ""
    same: str = ""

    @property
    def is_change(self) -> bool:
        return bool(self.gone or self.new)


def sentences(stated: Iterable[Stated]) -> tuple[Stated, ...]:
    """Return every sentence of texts, each with the place of its text; blank ones left out."""
    result: list[Stated] = []
    for text in stated:
        found = [sentence.strip() for sentence in _SENTENCE.findall(text.text)]
        result += [Stated(sentence, text.where) for sentence in found if sentence]
    return tuple(result)


def changed(old: Sequence[Stated], new: Sequence[Stated]) -> tuple[ChangedSentence, ...]:
    """Return the sentences that differ, in order; those that moved only are none."""
    result: list[ChangedSentence] = []
    matcher = SequenceMatcher(None, _texts(old), _texts(new), autojunk=False)
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            result += _paired(old[old_start:old_end], new[new_start:new_end])
    return tuple(result)


def _texts(stated: Iterable[Stated]) -> list[str]:
    return [text.text for text in stated]


def _paired(old: Sequence[Stated], new: Sequence[Stated]) -> Iterator[ChangedSentence]:
    """Yield each new sentence with the next old one that is like it, and what is left alone."""
    if len(old) == len(new) == 1:
        yield ChangedSentence(old[0].text, new[0].text, new[0].where)
        return
    at = 0
    for sentence in new:
        like = _next_alike(old, at, sentence)
        if like is None:
            yield ChangedSentence("", sentence.text, sentence.where)
            continue
        yield from _only_old(old[at:like])
        yield ChangedSentence(old[like].text, sentence.text, sentence.where)
        at = like + 1
    yield from _only_old(old[at:])


def _next_alike(old: Sequence[Stated], start: int, sentence: Stated) -> int | None:
    """Return the index of the first old sentence from `start` on that is like `sentence`."""
    for index in range(start, len(old)):
        if _alike(old[index].text, sentence.text):
            return index
    return None


def _only_old(old: Iterable[Stated]) -> Iterator[ChangedSentence]:
    for sentence in old:
        yield ChangedSentence(sentence.text, "", sentence.where)


def _alike(old: str, new: str) -> bool:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """Return `old` and `new` as one run; a number with its unit is never parted."""
    result: list[Piece] = []
    for run in _runs(old, new):
        parts = (Piece("gone", run.gone), Piece("new", run.new), Piece("same", run.same))
        result += [part for part in parts if part.text]
    return tuple(result)


def figures(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Return the numbers that changed, as (old, new) pairs; one is empty where it has no other."""
    return tuple(
        (run.gone, run.new) for run in _runs(old, new) if _FIGURE.search(run.gone + run.new)
    )


def _runs(old: str, new: str) -> list[_Run]:
    """Return what changed, run by run; what hardly parts two changes joins them."""
    left, right = _TOKEN.findall(old), _TOKEN.findall(new)
    runs = [_Run()]
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for tag, left_start, left_end, right_start, right_end in matcher.get_opcodes():
        gone, added = "".join(left[left_start:left_end]), "".join(right[right_start:right_end])
        last = runs[-1]
        if tag == "equal":
            last.same += gone
        elif last.is_change and len(last.same) < _SHORT:
            runs[-1] = _Run(last.gone + last.same + gone, last.new + last.same + added)
        else:
            runs.append(_Run(gone, added))
    return runs
