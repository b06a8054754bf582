"""Compares computed figures with what a published text printed, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.formula.lookup import LedgerLookup
from reportgen.model.document import Document
from reportgen.model.figures import Figure, Ledger
from reportgen.model.places import printed_figures
from reportgen.model.quantity import QuantityError, parse_quantity, round_half_up
from reportgen.model.rules import Published


def check_published(
    ledger: Ledger, document: Document | None, entries: Iterable[Published]
) -> tuple[Finding, ...]:
    """Return R301 for each difference, as a note where a remark explains it; R302–R304.

    `printed` of an entry counts in the figure's own unit where it names none, and agrees
    when it is the figure rounded to the digits it shows. Where there is a comparison at all,
    a derived figure that the document prints and no entry names is R304.
    """
    every = tuple(entries)
    places = printed_figures(document) if document is not None else {}
    findings = [f for entry in every if (f := _one(entry, ledger, places)) is not None]
    if every:
        named = {entry.key for entry in every}
        for key in places:
            figure = ledger.figures.get(key)
            if figure is not None and figure.kind != "fact" and key not in named:
                findings.append(
                    finding(
                        "R304",
                        figure.span,
                        subject=key,
                        title=figure.title,
                        text=figure.text,
                        key=key,
                    )
                )
    return tuple(findings)


def _one(
    entry: Published, ledger: Ledger, places: Mapping[str, list[tuple[str, str]]]
) -> Finding | None:
    figure = ledger.figures.get(entry.key)
    if figure is None:
        near = LedgerLookup(ledger).near(entry.key)
        return finding("R303", entry.span, subject=entry.key, key=entry.key, near=near)
    same = not entry.printed or _same(entry.printed, figure, places.get(entry.key, []))
    if same and entry.remark and entry.printed:
        return finding("R302", entry.span, subject=entry.key, title=figure.title)
    if same:
        return None
    found = finding(
        "R301",
        entry.span,
        RelatedLocation(figure.span, figure.title),
        subject=entry.key,
        title=figure.title,
        printed=entry.printed,
        where=entry.where or "—",
        computed=figure.text or "—",
        reading=f"{figure.title} = {figure.reading}" if figure.reading else figure.title,
    )
    return found.with_waiver(entry.remark) if entry.remark else found


def _same(text: str, figure: Figure, places: list[tuple[str, str]]) -> bool:
    if text in {figure.text, figure.number} or text in {shown for shown, _ in places}:
        return True
    try:
        quantity = parse_quantity(text, figure.unit)
    except QuantityError:
        return False
    if figure.value is None or quantity.unit.dimension != figure.unit.dimension:
        return False
    decimals, factor = quantity.shape.decimals, quantity.unit.factor
    ours = round_half_up(figure.value / factor, decimals)
    return ours == round_half_up(quantity.value / factor, decimals)
