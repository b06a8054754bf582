"""The Typst engine: sources in memory to PDF bytes, and nothing else of the machine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

from reportgen.model.edition import TYPST_LOADS
from reportgen.write.errors import TypesettingError

if TYPE_CHECKING:
    import typst

STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
"""PDF/A-2a and PDF/UA-1: the exporter refuses a file that does not conform."""

_PLACE = re.compile(r"\bmain:(\d+:\d+)\n")
"""Where an error arose, in what Typst prints of it."""

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
    return _compile("report.typ", sources, directories, pdf_standards=STANDARDS)


def picture(
    sources: Mapping[str, bytes], directories: tuple[str, ...], kind: PictureKind, pixels: int
) -> bytes:
    """Return the one page of `sources["main"]` as a picture, with `pixels` per inch if it has any.

    Raises `TypesettingError`.
    """
    return _compile("chart.typ", sources, directories, format=kind, ppi=pixels)


def _compile(
    name: str,
    sources: Mapping[str, bytes],
    directories: tuple[str, ...],
    **options: Any,  # noqa: ANN401
) -> bytes:
    """Return what Typst makes of the sources; errors speak of the main one by `name`.

    Typst reads files below its root and keeps packages, which it fetches, in other folders: here
    they are empty. Nothing stops it from asking the net for a package, so none is asked for.
    """
    import typst  # noqa: PLC0415 - engines are loaded when they run

    word = TYPST_LOADS.search(sources["main"].decode("utf-8", "replace"))
    if word:
        raise TypesettingError(f"{name}: {word[0]}: it may load no other source and no package")
    files: Any = dict(sources)  # the stubs of typst know paths and bytes only
    fonts = load_fonts(directories)
    with TemporaryDirectory(prefix="reportgen-") as empty:
        try:
            output: bytes = typst.compile(
                files,
                root=empty,
                package_path=empty,
                package_cache_path=empty,
                font_paths=fonts,
                ignore_system_fonts=True,
                **options,
            )
        except typst.TypstError as error:
            place = _PLACE.search(error.diagnostic)
            where = f"{name}:{place[1]}: " if place else ""
            detail = "; ".join([error.message, *error.hints]).replace(empty, "")
            raise TypesettingError(where + detail) from error
    return output
