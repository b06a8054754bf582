"""Compares texts with a stream of text, as far as a format can give texts back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from reportgen.verify.expected import squeeze
from reportgen.verify.part import IGNORABLE

_UNSEEN = re.compile(f"[{IGNORABLE}]")

# PDFium spells out the Latin ligatures that Unicode has for old character sets.
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)


@dataclass(frozen=True, slots=True)
class Differences:
    """The texts that a stream lacks, and the pieces of it that no text accounts for."""

    missing: tuple[str, ...]
    unexpected: tuple[str, ...]


def readable(text: str) -> str:
    """Return `text` as a reader of PDF can give it back: no white space, nothing invisible."""
    return _UNSEEN.sub("", squeeze(text)).translate(_LIGATURES)


def differences(stream: str, texts: Iterable[str]) -> Differences:
    """Return what sets `stream` apart from `texts` one after the other.

    Where a text does not follow at once, it is missing if the next one does; else what stands
    before it is unexpected.
    """
    stream = readable(stream)
    wanted = [(text, readable(text)) for text in texts]
    missing: list[str] = []
    unexpected: list[str] = []
    at = 0
    for number, (text, words) in enumerate(wanted):
        found = at if stream.startswith(words, at) else stream.find(words, at)
        after = wanted[number + 1][1] if number + 1 < len(wanted) else ""
        if found < 0 or (found > at and after and stream.startswith(after, at)):
            missing.append(text)
            continue
        if found > at:
            unexpected.append(stream[at:found])
        at = found + len(words)
    if at < len(stream):
        unexpected.append(stream[at:])
    return Differences(tuple(missing), tuple(unexpected))
