"""Holds two states of a report together: which entries are one and the same, what changed, why."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from reportgen.features.diff.changes import Cause, Change
from reportgen.features.diff.state import KeptLine, ReportState, StateEntry
from reportgen.findings import Finding
from reportgen.language.text_differences import ChangedSentence, changed
from reportgen.model.frozen import frozen

_WORD = re.compile(r"[^\W\d_]{3}")
"""What a cell holds that is more than a figure with its unit."""


@frozen
class Comparison:
    """Two states of a report held together.

    `changes` are in the order of the new state, what is gone last. In a comparison of `years`
    values differ as a matter of course; `loose` says that the two are of different packs. Of
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

    @property
    def title(self) -> str:
        """Return the title of the report, the new one if there is one."""
        return self.new.title or self.old.title

    @property
    def same(self) -> bool:
        """Return whether nothing is to be told of it."""
        of_text = self.changes or self.lines
        return not (of_text or any(self.findings) or any(self.kept))

    @property
    def findings(self) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """Return the findings that are new and those that are gone; lines that moved do not count.

        Years and public versions are not compared in this.
        """
        if self.years or self.published:
            return (), ()
        old, new = self.old.findings, self.new.findings
        return _without(new, old, _of_finding), _without(old, new, _of_finding)

    @property
    def kept(self) -> tuple[tuple[KeptLine, ...], tuple[KeptLine, ...]]:
        """Return the lines of disclosure policies that are new and those that are gone."""
        if self.years or not (self.old.entries and self.new.entries):
            return (), ()
        old, new = self.old.kept, self.new.kept
        return _without(new, old, _itself), _without(old, new, _itself)


Told = TypeVar("Told")


def _without(
    some: Iterable[Told], others: Iterable[Told], known_by: Callable[[Told], object]
) -> tuple[Told, ...]:
    """Return those of some things that are not among others."""
    there = set(map(known_by, others))
    return tuple(each for each in some if known_by(each) not in there)


def _of_finding(finding: Finding) -> object:
    """Return what tells a finding from others, wherever its lines stand."""
    params = {name: text for name, text in finding.params.items() if name != "lines"}
    return finding.code, finding.span.path, finding.subject, tuple(sorted(params.items()))


def _itself(line: KeptLine) -> object:
    return line


def compare(
    name: str, old: ReportState, new: ReportState, *, years: bool = False, published: bool = False
) -> Comparison:
    """Return what changed from `old` to `new`; with `years` those that stayed are listed too."""
    loose = _of_other_packs(old, new)
    matching = _match(old, new, loose=loose)
    changes = [*_changes(matching, keep_printed=years), *_gone(matching)]
    if published:
        changes = [change for change in changes if change.reprinted]
        changes = _in_reading_order(changes, old, new)
    lines = () if years else _changed_sentences(old, new, changes)
    return Comparison(name, old, new, tuple(changes), lines, years, loose, published)


def _of_other_packs(old: ReportState, new: ReportState) -> bool:
    """Return whether both packs are known, and are not the same."""
    return bool(old.pack and new.pack) and old.pack != new.pack


# Which entries are one and the same


@frozen
class _Matching:
    """Two states and their common entries: `old_keys` by new key.

    `differing` are the keys whose values differ, and those of entries that are new or gone.
    """

    old: ReportState
    new: ReportState
    old_keys: Mapping[str, str]
    differing: Collection[str]

    def old_entry(self, key: str) -> StateEntry | None:
        """Return what an entry of the new state was."""
        return self.old.entries[self.old_keys[key]] if key in self.old_keys else None

    def inputs(self, key: str) -> Sequence[str]:
        """Return the inputs of a figure as it is now, then those that it had before."""
        now = self.new.entries.get(key)
        before = self.old.entries.get(self.old_keys.get(key, key))
        return tuple(dict.fromkeys((*_inputs(now), *_inputs(before))))

    def differing_inputs(self, key: str) -> Iterator[str]:
        """Yield the inputs of a figure that differ, the last one first."""
        for name in reversed(self.inputs(key)):
            if name in self.differing or self._row_differs(name):
                yield name

    def _row_differs(self, key: str) -> bool:
        """Return whether a counted row, which has only a name, stands on one side alone."""
        if key in self.new.entries or key in self.old.entries:
            return False
        name = f"{key}.name"
        return (name in self.new.entries) != (name in self.old.entries)

    def is_worked_out(self, key: str) -> bool:
        """Return whether nobody typed the entry at `key`; what is no entry is a typed row."""
        entry = self.new.entries.get(key) or self.old.entries.get(key)
        return entry is not None and not entry.typed


def _inputs(entry: StateEntry | None) -> tuple[str, ...]:
    return entry.inputs if entry else ()


def _match(old: ReportState, new: ReportState, *, loose: bool) -> _Matching:
    old_keys = _old_keys(old.entries, new.entries, loose=loose)
    differing = (new.entries.keys() - old_keys.keys()) | (
        old.entries.keys() - set(old_keys.values())
    )
    for key, old_key in old_keys.items():
        if _values_differ(old.entries[old_key], new.entries[key]):
            differing.add(key)
    return _Matching(old, new, old_keys, differing)


def _old_keys(
    old: Mapping[str, StateEntry], new: Mapping[str, StateEntry], *, loose: bool
) -> dict[str, str]:
    """Return the old key of each new one that has one: the same, or that of its title."""
    old_keys = {
        key: key
        for key, entry in new.items()
        if key in old and _comparable(old[key], entry, same_dimension=loose)
    }
    old_titles = _unique_by_title(old, old_keys)
    for title, entry in _unique_by_title(new, old_keys).items():
        before = old_titles.get(title)
        if before is not None and _comparable(before, entry, same_dimension=True):
            old_keys[entry.key] = before.key
    return old_keys


def _unique_by_title(
    entries: Mapping[str, StateEntry], taken: Collection[str]
) -> Mapping[str, StateEntry]:
    """Return the entries that are not `taken` by title, without titles that several have."""
    by_title: dict[str, list[StateEntry]] = defaultdict(list)
    for key, entry in entries.items():
        if key not in taken:
            by_title[entry.title].append(entry)
    return {title: group[0] for title, group in by_title.items() if title and len(group) == 1}


def _comparable(old: StateEntry, new: StateEntry, *, same_dimension: bool) -> bool:
    """Return whether two entries can be one: both texts or both numbers."""
    if (old.kind == "text") != (new.kind == "text"):
        return False
    return not same_dimension or old.unit.dimension == new.unit.dimension


def _values_differ(old: StateEntry, new: StateEntry) -> bool:
    if old.kind == "text" or old.unit.dimension != new.unit.dimension:
        return old.text != new.text
    # A word such as 优 says less than the value below it; a fact may be 约 12 or 12.
    return old.value != new.value


# What changed, and why


def _changes(matching: _Matching, *, keep_printed: bool) -> Iterator[Change]:
    """Yield the changes of what there is now; what stayed too, if it is printed, on demand."""
    for key, new in matching.new.entries.items():
        old = matching.old_entry(key)
        causes = _causes(old, new, matching.differing)
        kept = keep_printed and old is not None and new.printed
        if causes or kept:
            yield Change(key, old, new, causes, _facts_behind(key, matching))


def _gone(matching: _Matching) -> Iterator[Change]:
    kept = set(matching.old_keys.values())
    for key, entry in matching.old.entries.items():
        if key not in kept and (entry.text or entry.printed):
            yield Change(entry.key, entry, None, ("gone",))


def _causes(
    old: StateEntry | None, new: StateEntry, differing: Collection[str]
) -> tuple[Cause, ...]:
    """Return why `new` is not as it was, nothing if it is."""
    if old is None:
        return ("added",) if new.text or new.printed else ()
    if new.key not in differing:
        return _causes_in_print(old, new)
    if old.typed and new.typed:
        return ("fact",)
    return _causes_of_value(old, new, differing)


def _causes_of_value(
    old: StateEntry, new: StateEntry, differing: Collection[str]
) -> tuple[Cause, ...]:
    """Return why a figure has another value: its rule, what it is worked out from, or both."""
    same_rule = old.formula == new.formula
    inputs_differ = any(key in differing for key in new.inputs)
    if same_rule and (inputs_differ or set(old.inputs) != set(new.inputs)):
        return ("inputs",)
    # With the same formula and inputs it may be the bands of a score: that is a rule too.
    return ("rule", "inputs") if inputs_differ else ("rule",)


def _causes_in_print(old: StateEntry, new: StateEntry) -> tuple[Cause, ...]:
    """Return why a figure of the same value is printed otherwise."""
    if old.text != new.text:
        return ("format",)
    if old.prints == new.prints:
        return ()
    both_printed = old.printed and new.printed
    if both_printed and old.prints.keys() != new.prints.keys():
        return ("format",)
    return ("template",)


def _facts_behind(key: str, matching: _Matching) -> tuple[str, ...]:
    """Return the typed entries below `key` that differ, in the order of the formulas.

    What did not change is not looked into: nothing below it can have had an effect.
    """
    if key not in matching.differing or matching.new.entries[key].typed:
        return ()
    facts: dict[str, None] = {}
    seen = {key}
    pending = [key]
    while pending:
        for name in matching.differing_inputs(pending.pop()):
            if name in seen:
                continue
            seen.add(name)
            if matching.is_worked_out(name):
                pending.append(name)
            else:
                facts[name] = None
    return tuple(facts)


# Where and in which sentences


def _in_reading_order(
    changes: Iterable[Change], old: ReportState, new: ReportState
) -> list[Change]:
    """Return changes in the order in which a reader meets them, as far as the states know it."""
    order: dict[str, int] = {}
    for sentence in (*new.sentences, *old.sentences):
        order.setdefault(sentence.where, len(order))

    def first_place(change: Change) -> int:
        positions = [order.get(place, len(order)) for place in change.places]
        return min(positions, default=len(order))

    return sorted(changes, key=first_place)


def _changed_sentences(
    old: ReportState, new: ReportState, changes: Iterable[Change]
) -> tuple[ChangedSentence, ...]:
    """Return the sentences that differ, without cells that hold but a figure that is listed."""
    listed: set[str] = set()
    for change in changes:
        if change.new:
            listed.update(change.new.places)
    every = changed(old.sentences, new.sentences)
    return tuple(line for line in every if line.where not in listed or _WORD.search(line.new))
