"""figures.json as its audience may read it: what is open may be called after what is not."""

from __future__ import annotations

from typing import Any

from reportgen.flow.staged import Draft, GuardedDraft
from reportgen.model.document import Document, values
from reportgen.model.locations import SpokenPlaces, located_texts
from reportgen.provenance.explanation import figure_rows, rows_json


def figures(draft: Draft) -> bytes:
    """Return figures.json of the audience: what is printed, and what it is worked out from.

    For the public each place is also said as on paper (`spoken`), with its number in the order of
    reading (`order`): the dataset of a public version is made of it.
    """
    document = draft.version.document
    rows = figure_rows(draft.disclosed.ledger, document)
    if isinstance(draft, GuardedDraft):
        from reportgen.flow.told_titles import Telling  # noqa: PLC0415 - few versions keep any back

        Telling(draft).tell(rows)
    if document.audience == "public":
        _add_spoken_places(rows, document)
    return rows_json(rows).encode()


def _add_spoken_places(rows: list[dict[str, Any]], document: Document) -> None:
    spoken, order = SpokenPlaces(document), _reading_order(document)
    for row in rows:
        for place, number in zip(row["places"], order.get(row["key"], ()), strict=True):
            place |= {"spoken": spoken.said(place["where"]), "order": number}


def _reading_order(document: Document) -> dict[str, list[int]]:
    """Return, by figure key, the numbers of its prints among all prints of figures."""
    order: dict[str, list[int]] = {}
    number = 0
    for piece in located_texts(document):
        for value in values(piece.inlines):
            number += 1
            order.setdefault(value.key, []).append(number)
    return order
