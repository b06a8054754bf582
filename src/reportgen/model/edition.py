"""How a document is to be set: the frame files of its pack, fonts and options."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from reportgen.model.frozen import frozen

FORMATS = ("docx", "html", "pdf")
"""The formats that one may ask for, in the order in which they are listed."""


TYPST_LOADS = re.compile("(?<![A-Za-z])(?:import|include|eval|std)(?![A-Za-z])")
"""The words by which a Typst source can load another, a package from the net among them.

`std` holds `eval`, which makes source of a text. Wherever these words stand they are refused, in
comments and texts too: what is code in Typst depends on all that stands before it.
"""


_LOW = 60
"""Points: with a caption less than 15 % of the 225 mm that a page has for its text."""


@frozen
class Drawing:
    """A picture of a chart: as vectors and as pixels, `width` by `height` points; for a phone."""

    svg: bytes
    png: bytes
    width: float
    height: float
    narrow: bytes = b""

    @property
    def is_low(self) -> bool:
        """Return whether a page with nothing but it and its caption is as good as empty."""
        return self.height < _LOW


Comments = bool | Literal["all"]
"""Which figures carry a comment in Word: none, those that were worked out (True), all."""


@frozen
class Edition:
    """What a writer needs beside the document; all of it values, no paths to read later.

    `frame` is the Word frame, `common` the one that all packs share where that is another, `page`
    and `css` the web page, `typst` the PDF template, `chart` that of charts; `drawings` are the
    charts drawn by it, by name.
    `font_paths` are the font files the PDF may use. `siblings` maps a format to the
    file name of the report in it. `comments` are the keys of the figures whose notes Word has as
    comments; `sources` asks for the place of each block and the key of each explained figure in
    the web page.
    """

    frame: bytes
    page: str
    css: str
    typst: str
    chart: str = ""
    font_paths: tuple[str, ...] = ()
    siblings: Mapping[str, str] = field(default_factory=dict)
    comments: frozenset[str] = frozenset()
    sources: bool = False
    drawings: Mapping[str, Drawing] = field(default_factory=dict)
    common: bytes = b""
