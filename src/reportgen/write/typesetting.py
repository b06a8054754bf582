"""The Typst engine: sources in memory to PDF bytes, and nothing else of the machine."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from reportgen.write.errors import TypesettingError

if TYPE_CHECKING:
    import typst

STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
"""PDF/A-2a and PDF/UA-1: the exporter refuses a file that does not conform."""

PictureKind = Literal["svg", "png"]


@lru_cache(maxsize=8)
def load_fonts(directories: tuple[str, ...], *, system: bool = False) -> typst.Fonts:
    """Return the fonts in `directories` and those inside Typst; they stay loaded.

    With `system` those that Typst finds on the machine are there too.
    """
    import typst  # noqa: PLC0415 - engines are loaded when they run

    return typst.Fonts(
        include_system_fonts=system,
        include_embedded_fonts=True,
        font_paths=list(directories),
    )


def typeset(sources: Mapping[str, bytes], directories: tuple[str, ...]) -> bytes:
    """Return the PDF of `sources["main"]`, which may read the other sources by name.

    Fonts come from `directories` and from Typst itself. Raises `TypesettingError`.
    """
    return _compile(sources, directories, pdf_standards=STANDARDS)


def picture(
    sources: Mapping[str, bytes], directories: tuple[str, ...], kind: PictureKind, pixels: int
) -> bytes:
    """Return the one page of `sources["main"]` as a picture, with `pixels` per inch if it has any.

    Raises `TypesettingError`.
    """
    return _compile(sources, directories, format=kind, ppi=pixels)


def _compile(sources: Mapping[str, bytes], directories: tuple[str, ...], **options: Any) -> bytes:  # noqa: ANN401
    import typst  # noqa: PLC0415 - engines are loaded when they run

    files: Any = dict(sources)  # the stubs of typst know paths and bytes only
    fonts = load_fonts(directories)
    try:
        output: bytes = typst.compile(files, font_paths=fonts, ignore_system_fonts=True, **options)
    except typst.TypstError as error:
        raise TypesettingError("; ".join([error.message, *error.hints])) from error
    return output
