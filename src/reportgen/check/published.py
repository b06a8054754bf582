"""Compares computed figures with what a published text printed, one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from reportgen.check.waivers import is_same_judgement
from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.formula.lookup import LedgerLookup
from reportgen.model.document import Document
from reportgen.model.figures import Figure, Ledger
from reportgen.model.locations import printed_figures
from reportgen.model.quantity import (
    Quantity,
    QuantityError,
    Shape,
    number_text,
    parse_quantity,
    round_half_up,
)
from reportgen.model.rules import Published

Printed = Mapping[str, Sequence[tuple[str, str]]]
"""By figure key, the text and the place of each time that a document prints the figure."""
MOST_KEYS = 8
"""How many of the facts that no entry names a finding lists."""


def check_published(
    ledger: Ledger, document: Document | None, entries: Iterable[Published]
) -> tuple[Finding, ...]:
    """Return R301 for each difference, as a note where a remark explains it; R302–R306.

    `printed` of an entry counts in the figure's own unit where it names none, and agrees
    when it is the figure rounded to the digits it shows. Where there is a comparison at all,
    a derived figure that the document prints and no entry names is R304; R306 counts facts.
    """
    entries = tuple(entries)
    if not entries:
        return ()
    printed = printed_figures(document) if document is not None else {}
    findings: list[Finding] = []
    for entry in entries:
        problem = _compare(entry, ledger, printed)
        if problem is not None:
            findings.append(problem)
    findings += _not_compared(ledger, printed, entries)
    return tuple(findings)


def _not_compared(
    ledger: Ledger, printed: Printed, entries: tuple[Published, ...]
) -> Iterator[Finding]:
    """Yield R304 for each derived figure that is printed and that no entry names, R306 for facts.

    The facts are many: one finding counts them, at the first entry.
    """
    named = {entry.key for entry in entries}
    figures = [figure for figure in map(ledger.figures.get, printed) if figure is not None]
    for figure in figures:
        if figure.kind != "fact" and figure.key not in named:
            title, text, key = figure.title, figure.text, figure.key
            yield finding("R304", figure.span, subject=key, title=title, text=text, key=key)
    facts = [figure.key for figure in figures if figure.kind == "fact"]
    yield from _facts_not_compared(facts, named, entries[0])


def _facts_not_compared(
    facts: list[str], named: Collection[str], first: Published
) -> Iterator[Finding]:
    """Yield R306 where some of the printed `facts` are not among those that entries name."""
    missing = [key for key in facts if key not in named]
    if missing:
        share = number_text(Fraction(100 * (len(facts) - len(missing)), len(facts)), Shape(0))
        yield finding(
            "R306",
            first.span,
            subject=missing[0],
            count=len(missing),
            total=len(facts),
            share=f"{share}%",
            keys="、".join(missing[:MOST_KEYS]),
        )


def _compare(entry: Published, ledger: Ledger, printed: Printed) -> Finding | None:
    """Return what is wrong with an entry: an unknown key, a needless remark, or a difference."""
    figure = ledger.figures.get(entry.key)
    if figure is None:
        near = LedgerLookup(ledger).near(entry.key)
        return finding("R303", entry.span, subject=entry.key, key=entry.key, near=near)
    if not entry.printed:
        return None
    if not _agrees(entry.printed, figure, printed):
        return _difference(entry, figure)
    if entry.remark:
        return finding("R302", entry.span, subject=entry.key, title=figure.title)
    return None


def _difference(entry: Published, figure: Figure) -> Finding:
    difference = finding(
        "R301",
        entry.span,
        RelatedLocation(figure.span, figure.title),
        subject=entry.key,
        title=figure.title,
        printed=entry.printed,
        where=entry.where or "—",
        computed=figure.text or "—",
        reading=_reading(figure),
    )
    if not entry.remark:
        return difference
    now = figure.text or "—"
    if is_same_judgement(entry.computed, now):
        return difference.with_waiver(entry.remark)
    judged = entry.computed or "—"
    params = {"printed": entry.printed, "judged": judged, "now": now}
    lapsed = finding("R305", subject=entry.key, title=figure.title)
    return replace(lapsed, places=difference.places, params={**lapsed.params, **params})


def _reading(figure: Figure) -> str:
    """Return the title of a figure, with how it is worked out where it is."""
    return f"{figure.title} = {figure.reading}" if figure.reading else figure.title


def _agrees(text: str, figure: Figure, printed: Printed) -> bool:
    """Return whether `text` is what `figure` prints somewhere, or its value rounded."""
    texts = {text for text, _ in printed.get(figure.key, ())}
    return text in texts or is_print_of(text, figure)


def is_print_of(text: str, figure: Figure) -> bool:
    """Return whether `text` is what `figure` prints, or its value rounded; blank says nothing."""
    if text in {"", figure.text, figure.number}:
        return True
    try:
        quantity = parse_quantity(text, figure.unit)
    except QuantityError:
        return False
    return _is_rounded(quantity, figure)


def _is_rounded(quantity: Quantity, figure: Figure) -> bool:
    """Return whether `quantity` is the value of `figure`, rounded to the digits it shows."""
    if figure.value is None or quantity.unit.dimension != figure.unit.dimension:
        return False
    decimals, factor = quantity.shape.decimals, quantity.unit.factor
    ours = round_half_up(figure.value / factor, decimals)
    return ours == round_half_up(quantity.value / factor, decimals)
