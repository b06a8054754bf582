"""How much a figure changed, as people write it: 增减 in its unit, 幅度 in percent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from reportgen.features.diff.state import ReportState, StateEntry
from reportgen.language.text_differences import ChangedSentence, changed
from reportgen.model.quantity import Shape, number_text, shown
from reportgen.model.units import UNITS, Unit

POINTS = UNITS["个百分点"]
SCORE = "分"
"""The unit of scores."""
_PERCENT = ("%", "‰")
_DECIMALS = re.compile(r"\.([0-9]+)")
_SIGN = {True: "+", False: ""}


def unit_of(change: Change) -> Unit:
    """Return the unit of a difference: that of the figure, points for percentages."""
    unit = change.item.unit
    return POINTS if unit.symbol in _PERCENT else unit


def difference(change: Change) -> str:
    """Return the difference with sign and unit, `0` decimals beyond those printed; else empty."""
    value = change.difference
    if value is None:
        return ""
    unit = unit_of(change)
    text = shown(value, unit, Shape(decimals=_decimals(change)))
    if value and not any(char in "123456789" for char in text):
        text = shown(value, unit, Shape(decimals=_decimals(change) + 2))
    return _SIGN[value > 0] + text


def share(change: Change) -> str:
    """Return the difference in percent of the old value; empty from zero.

    Percentages and scores have none: parts of them mean nothing.
    """
    value = change.share
    if value is None or unit_of(change) is POINTS or change.item.unit.symbol == SCORE:
        return ""
    return _SIGN[value > 0] + number_text(value * 100, Shape(decimals=2)) + "%"


def size(change: Change) -> Fraction | None:
    """Return how large a change is, to sort by and to hold against a threshold.

    It is the share, or the points of a percentage; None for one from zero, which is beyond all.
    """
    if unit_of(change) is POINTS:
        value = change.difference
        return abs(value) if value is not None else Fraction(0)
    if change.difference in {None, 0}:
        return Fraction(0)
    value = change.share
    return abs(value) if value is not None else None


def beyond(change: Change, threshold: Fraction) -> bool:
    """Return whether a change has to be explained (须说明原因)."""
    found = size(change)
    return found is None or (found >= threshold and found > 0)


def _decimals(change: Change) -> int:
    """Return the most decimals that either side is printed with."""
    texts = [side.text for side in (change.old, change.new) if side is not None]
    return max((len(found) for text in texts for found in _DECIMALS.findall(text)), default=0)


_WORD = re.compile(r"[^\W\d_]{3}")
"""What a cell holds that is more than a figure with its unit."""

Cause = Literal["fact", "rule", "inputs", "format", "template", "added", "gone"]
"""Typed anew; another rule; other facts below; written otherwise; printed elsewhere; new; lost."""


@dataclass(frozen=True, slots=True)
class Change:
    """A figure or text that is not as it was; `old` or `new` is None where there is none.

    `facts` are those below it that changed, by key; those that were lost by their old key.
    """

    key: str
    old: StateEntry | None
    new: StateEntry | None
    causes: tuple[Cause, ...]
    facts: tuple[str, ...] = ()

    @property
    def item(self) -> StateEntry:
        """Return the new side, or the old one where it is all there is."""
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def difference(self) -> Fraction | None:
        """Return new minus old in base units, None where one is undefined or of another kind."""
        old, new = self.old, self.new
        if old is None or new is None or old.value is None or new.value is None:
            return None
        return new.value - old.value if old.unit.dimension == new.unit.dimension else None

    @property
    def share(self) -> Fraction | None:
        """Return the difference as a part of the old value; None where that is zero."""
        difference = self.difference
        if difference is None or self.old is None or not self.old.value:
            return None
        return difference / abs(self.old.value)

    @property
    def shown(self) -> bool:
        """Return whether either side is printed."""
        return any(side is not None and side.printed for side in (self.old, self.new))

    @property
    def reprinted(self) -> bool:
        """Return whether what is printed of it changed, wherever it stands."""
        was, now = (side.prints if side else {} for side in (self.old, self.new))
        return was != now


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two states of a report held together.

    `changes` are in the order of the new state, what is gone last. In a comparison of `years`
    values differ as a matter of course; `loose` tells that the two are of different packs. Of
    `published` versions only what is printed counts, as it is printed.
    """

    name: str
    old: ReportState
    new: ReportState
    changes: tuple[Change, ...] = ()
    lines: tuple[ChangedSentence, ...] = ()
    years: bool = False
    loose: bool = False
    published: bool = False


def compare(
    name: str, old: ReportState, new: ReportState, *, years: bool = False, published: bool = False
) -> Comparison:
    """Return what changed from `old` to `new`; with `years` those that stayed are listed too."""
    loose = bool(old.pack and new.pack and old.pack != new.pack)
    pairs = _pairs(old.items, new.items, loose=loose)
    differs = _differing(old, new, pairs)
    found = []
    for key, item in new.items.items():
        was = old.items[pairs[key]] if key in pairs else None
        causes = _causes(was, item, differs)
        if causes or (years and was is not None and item.printed):
            found.append(Change(key, was, item, causes, _facts(key, old, new, pairs, differs)))
    kept = set(pairs.values())
    left = (item for key, item in old.items.items() if key not in kept)
    gone = (item for item in left if item.text or item.printed)
    found += [Change(item.key, item, None, ("gone",)) for item in gone]
    if published:
        found = _as_read([each for each in found if each.reprinted], old, new)
    lines = () if years else _lines(old, new, found)
    return Comparison(name, old, new, tuple(found), lines, years, loose, published)


def _as_read(changes: list[Change], old: ReportState, new: ReportState) -> list[Change]:
    """Return changes in the order in which a reader meets them, as far as the states tell it."""
    wheres = dict.fromkeys(each.where for state in (new, old) for each in state.sentences)
    order = {where: n for n, where in enumerate(wheres)}

    def first(change: Change) -> int:
        sides = (side for side in (change.new, change.old) if side is not None)
        places = [order.get(where, len(order)) for side in sides for _, where in side.printed]
        return min(places, default=len(order))

    return sorted(changes, key=first)


def _lines(
    old: ReportState, new: ReportState, changes: Iterable[Change]
) -> tuple[ChangedSentence, ...]:
    """Return the sentences that differ, without cells that hold but a figure already told."""
    told = {where for each in changes if each.new for _, where in each.new.printed}
    every = changed(old.sentences, new.sentences)
    return tuple(each for each in every if each.where not in told or _WORD.search(each.new))


def _pairs(
    old: Mapping[str, StateEntry], new: Mapping[str, StateEntry], *, loose: bool
) -> dict[str, str]:
    """Return the old key of each new one that has one."""
    pairs = {key: key for key in new if key in old and _alike(old[key], new[key], loose=loose)}
    taken = set(pairs.values())
    left_old = _by_title(item for key, item in old.items() if key not in taken)
    left_new = _by_title(item for key, item in new.items() if key not in pairs)
    for title, item in left_new.items():
        was = left_old.get(title)
        if item is not None and was is not None and _alike(was, item, loose=True):
            pairs[item.key] = was.key
    return pairs


def _by_title(items: Iterator[StateEntry]) -> dict[str, StateEntry | None]:
    """Return items by title, None where several have it."""
    found: dict[str, StateEntry | None] = {}
    for item in items:
        found[item.title] = None if item.title in found else item
    found.pop("", None)
    return found


def _alike(old: StateEntry, new: StateEntry, *, loose: bool) -> bool:
    """Return whether two items can be one: texts or numbers, of one dimension where `loose`."""
    if (old.kind == "text") != (new.kind == "text"):
        return False
    return not loose or old.unit.dimension == new.unit.dimension


def _differing(old: ReportState, new: ReportState, pairs: Mapping[str, str]) -> frozenset[str]:
    """Return the keys whose values differ, and those of items that are new or gone."""
    kept = set(pairs.values())
    found = {key for key in old.items if key not in kept} | (new.items.keys() - pairs.keys())
    found |= {k for k, was in pairs.items() if _differ(old.items[was], new.items[k])}
    return frozenset(found)


def _differ(old: StateEntry, new: StateEntry) -> bool:
    if old.kind == "text" or old.unit.dimension != new.unit.dimension:
        return old.text != new.text
    # A word such as 优 says less than the value below it; a fact may be 约 12 or 12.
    return old.value != new.value


def _causes(old: StateEntry | None, new: StateEntry, differs: frozenset[str]) -> tuple[Cause, ...]:
    """Return why `new` is not as it was, nothing if it is."""
    if old is None:
        return ("added",) if new.text or new.printed else ()
    causes: list[Cause] = []
    if new.key in differs and new.typed and old.typed:
        causes.append("fact")
    elif new.key in differs:
        if old.formula != new.formula:
            causes.append("rule")
        others = () if causes else set(old.inputs) ^ set(new.inputs)
        if others or any(key in differs for key in new.inputs):
            causes.append("inputs")
        if not causes:
            causes.append("rule")  # bands of a score, say: its formula does not tell
    elif old.text != new.text:
        causes.append("format")
    elif old.printed and new.printed:
        was, now = old.prints, new.prints
        if was != now:
            causes.append("format" if was.keys() != now.keys() else "template")
    elif old.printed or new.printed:
        causes.append("template")
    return tuple(causes)


def _facts(
    key: str, old: ReportState, new: ReportState, pairs: Mapping[str, str], differs: frozenset[str]
) -> tuple[str, ...]:
    """Return the typed items below `key` that differ, in the order of the formulas.

    What did not change is not looked into: nothing below it can have had an effect.
    """
    if key not in differs or new.items[key].typed:
        return ()
    found: dict[str, None] = {}
    seen = {key}
    left = [key]
    while left:
        at = left.pop()
        inner = [*(new.items[at].inputs if at in new.items else ())]
        was = old.items.get(pairs.get(at, at))
        inner += [k for k in (was.inputs if was else ()) if k not in inner]
        for each in reversed(inner):
            if each in seen or not (each in differs or _row_differs(each, old, new)):
                continue
            seen.add(each)
            item = new.items.get(each) or old.items.get(each)
            if item is None or item.typed:
                found[each] = None
            else:
                left.append(each)
    return tuple(found)


def _row_differs(key: str, old: ReportState, new: ReportState) -> bool:
    """Return whether a counted row, which is told by its name, stands on one side only."""
    name = f"{key}.name"
    return (
        key not in new.items and key not in old.items and (name in new.items) != (name in old.items)
    )
