"""Which way pages lie, for Word and PDF.

They are turned to the side for a form that is too wide, with what introduces it and the notes
below it, and lie as those of a Word form that stands in the report.
"""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.model.document import (
    Annex,
    Block,
    Heading,
    PageBreak,
    Paragraph,
    Table,
    Title,
    is_turned,
)
from reportgen.model.frozen import frozen
from reportgen.model.grid import by_form
from reportgen.write.form_layout import FormLayout, PageRoom, lay_out

LaidOutBlock = Block | FormLayout
"""A block other than a table, or a form laid out."""


@frozen
class Stretch:
    """What stands on pages that lie the same way."""

    pieces: tuple[LaidOutBlock, ...]
    landscape: bool


def lay_out_blocks(blocks: Sequence[Block], room: PageRoom) -> list[LaidOutBlock]:
    """Return `blocks` with each form laid out on pages of `room`."""
    pieces: list[LaidOutBlock] = []
    for group in by_form(blocks):
        tables = [block for block in group if isinstance(block, Table)]
        pieces += [lay_out(tables, room)] if tables else group
    return pieces


def lay_out_annex(annex: Annex, upright: PageRoom, turned: PageRoom) -> Stretch:
    """Return what stands in an annex; its pages are turned where a form needs it, too."""
    if not annex.landscape:
        pieces = lay_out_blocks(annex.blocks, upright)
        if not any(is_cut(piece) or _lies_in_form(piece) for piece in pieces):
            return Stretch(tuple(pieces), landscape=False)
    return Stretch(tuple(lay_out_blocks(annex.blocks, turned)), landscape=True)


def lay_out_body(blocks: Sequence[Block], upright: PageRoom, turned: PageRoom) -> list[Stretch]:
    """Return `blocks` by how their pages lie.

    Those of a form whose figures would be cut are turned to the side, with what introduces it
    and the notes below it.
    """
    made: list[Stretch] = []
    pending: list[LaidOutBlock] = []
    below_wide = False
    pieces = lay_out_blocks(blocks, upright)
    for piece, lies in zip(pieces, _lying(pieces), strict=True):
        if lies:
            lead = len(pending) - _lead_of_text(pending)
            _add(made, pending[:lead], landscape=False)
            turned_piece = lay_out(piece.tables, turned) if isinstance(piece, FormLayout) else piece
            _add(made, [*pending[lead:], turned_piece], landscape=True)
            pending, below_wide = [], False
        elif isinstance(piece, FormLayout) and piece.is_cut:
            lead = len(pending) - _lead(pending)
            _add(made, pending[:lead], landscape=False)
            _add(made, [*pending[lead:], lay_out(piece.tables, turned)], landscape=True)
            pending, below_wide = [], True
        elif below_wide and is_note(piece):
            _add(made, [piece], landscape=True)
        else:
            pending.append(piece)
            below_wide = False
    _add(made, pending, landscape=False)
    return made


def _lying(pieces: Sequence[LaidOutBlock]) -> list[bool]:
    """Return which pieces stand on pages of Word forms that lie on their sides.

    A new page and a title lie as what follows them.
    """
    lying: list[bool] = []
    lies = False
    for piece in reversed(pieces):
        if not isinstance(piece, PageBreak | Title):
            lies = _lies_in_form(piece)
        lying.append(lies)
    return lying[::-1]


def _lies_in_form(piece: LaidOutBlock) -> bool:
    """Return whether a block stands on a page of a Word form that lies on its side."""
    return is_turned(piece.tables[0] if isinstance(piece, FormLayout) else piece)


def is_cut(piece: LaidOutBlock) -> bool:
    """Return whether `piece` is a form whose figures would be cut on its page."""
    return isinstance(piece, FormLayout) and piece.is_cut


def _add(made: list[Stretch], pieces: list[LaidOutBlock], *, landscape: bool) -> None:
    """Add `pieces` to the last stretch if it lies the same way, else as a new one."""
    if not pieces:
        return
    if made and made[-1].landscape == landscape:
        pieces = [*made.pop().pieces, *pieces]
    made.append(Stretch(tuple(pieces), landscape))


def _lead(pieces: list[LaidOutBlock]) -> int:
    """Return how many of the last of `pieces` introduce what follows."""
    lead = 0
    for piece in reversed(pieces):
        if not (isinstance(piece, Heading) or introduces(piece)):
            break
        lead += 1
    return lead


def _lead_of_text(pieces: list[LaidOutBlock]) -> int:
    """Return how many of the last of `pieces` introduce a Word form, none of them in one."""
    last = pieces[-1] if pieces else None
    within = isinstance(last, Paragraph) and last.in_form is not None
    return 0 if within else _lead(pieces)


def introduces(piece: LaidOutBlock) -> bool:
    """Return whether a block says what stands in a form below it: a caption, a unit, who filled."""
    return isinstance(piece, Paragraph) and piece.role in {"center", "right", "plain"}


def is_note(piece: LaidOutBlock) -> bool:
    """Return whether a block is small print below a form."""
    return isinstance(piece, Paragraph) and piece.role == "note"
