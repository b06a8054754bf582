"""A Word form that has been filled: what stays of the file, and where the document's texts stand.

The document holds every text of the form, so that page and PDF follow and nothing is published that
was withheld; this holds the rest of the file, and which paragraph each of those texts belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Literal

from reportgen.model.document import Block, Document, Inlines, PageBreak, Title
from reportgen.model.frozen import frozen

PartKind = Literal["main", "header", "footer", "footnote", "endnote"]
"""What a part that holds text is: the body, or what stands around and below it."""
PRINTED = re.compile("\ue000(\\d+)\ue001")
"""What stands in a filled text for something printed, by its number."""


@frozen
class FormText:
    """A text of a filled form, and the paragraphs that print it: each a part and a number there.

    A text box has its paragraphs once more for older programs, a header one for each kind of page.
    """

    inlines: Inlines
    paragraphs: tuple[tuple[str, int], ...]

    def paragraphs_of(self, part: str) -> Iterator[int]:
        """Yield the numbers of those that stand in a part."""
        for name, number in self.paragraphs:
            if name == part:
                yield number


@frozen
class FilledSheet:
    """A form filled once: its parts by name as XML, with `PRINTED` where a value is printed.

    `texts` are its paragraphs; the document names them by their numbers from `first` on.
    """

    parts: Mapping[str, str]
    texts: tuple[FormText, ...]
    first: int = 0


@frozen
class FilledForm:
    """A Word form filled, once or for each row of a table: the file is `members` but for its text.

    `main` is the part with the body, `kinds` says what the parts with text are, `types` are the
    content types of all; `printed` is what
    was printed, by number. `title` are the numbers of the texts that are the document's title,
    none where the file has none.
    """

    path: str
    members: Mapping[str, bytes]
    types: Mapping[str, str]
    kinds: Mapping[str, PartKind]
    main: str
    printed: Mapping[int, Inlines]
    sheets: tuple[FilledSheet, ...]
    title: tuple[int, ...] = ()


def sheets(document: Document) -> Iterator[tuple[str, Document]]:
    """Yield each sheet of a document that was filled for several rows: its row, and it alone."""
    for number, (row, blocks) in enumerate(zip(document.rows, _groups(document), strict=False)):
        yield row, _sheet(document, number, blocks)


def _groups(document: Document) -> list[list[Block]]:
    """Return the blocks between page breaks."""
    groups: list[list[Block]] = [[]]
    for block in document.blocks:
        if isinstance(block, PageBreak):
            groups.append([])
        else:
            groups[-1].append(block)
    return groups


def _sheet(document: Document, number: int, blocks: list[Block]) -> Document:
    """Return a sheet as a document; a title that its file has is its own."""
    title, form = document.title, document.form
    origins = form.title if form and not number else ()
    kept: list[Block] = []
    for block in blocks:
        if isinstance(block, Title):
            title, origins = block.lines, block.origins
        else:
            kept.append(block)
    if form is not None:
        form = replace(form, sheets=form.sheets[number : number + 1], title=origins)
    return replace(document, title=title, blocks=tuple(kept), form=form, rows=())
