"""The Typst engine: sources in memory to PDF bytes, and nothing else of the machine."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal

import typst

STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
"""PDF/A-2a and PDF/UA-1: the exporter refuses a file that does not conform."""


PictureKind = Literal["svg", "png"]


class TypesettingError(RuntimeError):
    """Typst refused its sources; `detail` is what it says."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@lru_cache(maxsize=8)
def _fonts(directories: tuple[str, ...]) -> typst.Fonts:
    """Return the fonts in `directories` and those inside Typst; they stay loaded."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=list(directories),
    )


def typeset(sources: Mapping[str, bytes], directories: tuple[str, ...]) -> bytes:
    """Return the PDF of `sources["main"]`, which may read the other sources by name.

    Fonts come from `directories` and from Typst itself. Raises `TypesettingError`.
    """
    return _compiled(sources, directories, pdf_standards=STANDARDS)


def picture(
    sources: Mapping[str, bytes], directories: tuple[str, ...], kind: PictureKind, pixels: int
) -> bytes:
    """Return the one page of `sources["main"]` as a picture, with `pixels` per inch if it has any.

    Raises `TypesettingError`.
    """
    return _compiled(sources, directories, format=kind, ppi=pixels)


def _compiled(sources: Mapping[str, bytes], directories: tuple[str, ...], **how: Any) -> bytes:  # noqa: ANN401
    files: Any = dict(sources)  # the stubs of typst know paths and bytes only
    try:
        made: bytes = typst.compile(
            files, font_paths=_fonts(directories), ignore_system_fonts=True, **how
        )
    except typst.TypstError as error:
        raise TypesettingError("; ".join([error.message, *error.hints])) from error
    return made
