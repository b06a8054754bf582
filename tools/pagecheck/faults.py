"""All that is looked for on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pagecheck import breaks, ink
from pagecheck.examined import Examined, Fault

DETECTORS: tuple[Callable[[Examined], Iterator[Fault]], ...] = (
    breaks.cut_figures,
    breaks.parted_units,
    breaks.broken_rows,
    breaks.torn_labels,
    breaks.bound_rows,
    breaks.moved_rows,
    breaks.lonely_heads,
    breaks.empty_pages,
    breaks.narrow_cells,
    ink.double_rules,
    ink.text_on_rules,
    ink.overlapping_texts,
    ink.beyond_margins,
)


def examine(seen: Examined) -> list[Fault]:
    """Return everything that is wrong with a paper."""
    found: list[Fault] = []
    for detector in DETECTORS:
        found += detector(seen)
    return found
