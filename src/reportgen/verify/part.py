"""A part of a finished file as it is searched, and the refusal of what cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from reportgen.language.folding import BORDER, Solid, as_digits, even
from reportgen.model.frozen import frozen

_DIGITS = re.compile(r"\d+")
_CHUNK = re.compile(r"[0-9](?:(?:[^\w,]|_)*[0-9])+")


class UnreadableError(ValueError):
    """A part cannot be searched: `where` names it, `detail` says why, or a label with `params`."""

    def __init__(self, where: str, detail: str, **params: Any) -> None:  # noqa: ANN401 - of a finding
        super().__init__(where, detail)
        self.where = where
        self.detail = detail
        self.params = params


@dataclass(frozen=True)
class Part:
    """Texts of a part in their order. `where` names it in messages, as its format does.

    The numbers of a `technical` part are measures (a width, a colour), unless they say that
    they are amounts. A `whole` file as it stands says again what its other parts say.
    """

    where: str
    pieces: tuple[str, ...]
    technical: bool = False
    whole: bool = False

    @classmethod
    def of(cls, where: str, pieces: Iterable[str], *, technical: bool = False) -> Part:
        """Return a part of those `pieces` that hold anything."""
        return cls(where, tuple(piece for piece in pieces if piece.strip()), technical)

    @cached_property
    def raw(self) -> str:
        """Return the text as it stands, pieces parted by borders."""
        return BORDER.join(self.pieces)

    @cached_property
    def text(self) -> str:
        """Return the even text, pieces parted by borders."""
        return even(self.raw)

    @cached_property
    def solid(self) -> Solid:
        """Return all words without anything between them, and where something was."""
        return Solid(self.text)

    @cached_property
    def letters(self) -> Solid:
        """Return all letters and digits without anything between them, signs neither."""
        return Solid(self.digits, signs=False)

    @cached_property
    def digits(self) -> str:
        """Return the even text with digits of any kind as such."""
        return as_digits(self.text)

    @cached_property
    def digits_only(self) -> str:
        """Return all its digits in a row, whatever parts them."""
        return "".join(_DIGITS.findall(self.digits))

    @cached_property
    def chunks(self) -> list[tuple[str, str]]:
        """Return its digits that only signs part, each chunk with its signs and without."""
        return [(chunk, re.sub(r"\D", "", chunk)) for chunk in _CHUNK.findall(self.digits)]


@frozen
class Blob:
    """Bytes that are no text as a whole: a picture, a font, the structure of a file."""

    where: str
    data: bytes
    whole: bool = False


def without_escapes(address: str) -> str:
    """Return what an address says, in whichever of two encodings it is escaped."""
    try:
        return unquote(address, errors="strict")
    except UnicodeDecodeError:
        return unquote(address, "gb18030")
