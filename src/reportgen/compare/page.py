"""The web page of a comparison: one file, changed sentences side by side, no script."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources

import jinja2

from reportgen.compare.telling import Told
from reportgen.compare.texts import Line, Piece
from reportgen.compare.words import WORDS
from reportgen.findings.codes import Language


def as_page(every: Iterable[Told], language: Language) -> str:
    """Return the page of comparisons."""
    return _template().render(
        comparisons=tuple(every),
        lang={"zh": "zh-CN", "en": "en"}[language],
        words=WORDS[language],
        css=_read("page.css"),
        sides=sides,
    )


def sides(line: Line) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return the pieces of the old and of the new sentence."""
    every = line.pieces
    old = tuple(piece for piece in every if piece.kind != "new")
    return old, tuple(piece for piece in every if piece.kind != "gone")


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_read("page.html.j2"))


def _read(name: str) -> str:
    return resources.files("reportgen.compare").joinpath(name).read_text("utf-8")
