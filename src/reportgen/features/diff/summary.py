"""A comparison in words: groups of rows and changed sentences, the same for every renderer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reportgen.features.diff.changes import (
    Cause,
    Change,
    difference_text,
    magnitude,
    needs_explanation,
    share_text,
)
from reportgen.features.diff.comparison import Comparison
from reportgen.features.diff.state import StateEntry
from reportgen.features.diff.words import CAUSES, WORDS
from reportgen.findings.codes import Language
from reportgen.language.text_differences import ChangedSentence
from reportgen.model.quantity import Shape, number_text, shown

THRESHOLD = Fraction(1, 5)
_FORMULAS = 160
"""Characters of two formulas up to which a row shows them."""
_MOST = 2
"""How many places or facts a row names; JSON has them all."""


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A change in words. `explain` flags one beyond the threshold; `source` is where to edit it."""

    title: str
    old: str
    new: str
    change: str = ""
    share: str = ""
    cause: str = ""
    source: str = ""
    where: str = ""
    explain: bool = False


@dataclass(frozen=True, slots=True)
class SummaryGroup:
    """Rows under a heading. In a `plain` group rows are but a title and one text."""

    heading: str
    rows: tuple[SummaryRow, ...]
    years: bool = False
    plain: bool = False


@dataclass(frozen=True, slots=True)
class ComparisonSummary:
    """A comparison in words."""

    name: str
    title: str
    old: str
    new: str
    groups: tuple[SummaryGroup, ...]
    lines: tuple[ChangedSentence, ...]
    notes: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Return whether there is nothing to show."""
        return not self.groups and not self.lines and not self.notes


def summarize(
    comparison: Comparison, language: Language, threshold: Fraction = THRESHOLD
) -> ComparisonSummary:
    """Return a comparison in words; of years only what is printed, sorted by size of change."""
    summarizer = _Summarizer(comparison, language, threshold)
    groups: Sequence[SummaryGroup] = ()
    lines: tuple[ChangedSentence, ...] = ()
    if not comparison.old.entries:
        notes = [summarizer.only_side("new_report")]
    elif not comparison.new.entries:
        notes = [summarizer.only_side("gone_report")]
    elif comparison.years:
        groups, lines = summarizer.year_groups(), comparison.lines
        notes = list(summarizer.year_notes())
    else:
        groups, lines = summarizer.revision_groups(), comparison.lines
        notes = list(summarizer.revision_notes())
    return ComparisonSummary(
        comparison.name,
        comparison.title,
        comparison.old.name or summarizer.word("here"),
        comparison.new.name or summarizer.word("here"),
        tuple(group for group in groups if group.rows),
        lines,
        tuple(notes),
    )


@dataclass(frozen=True, slots=True)
class _Summarizer:
    comparison: Comparison
    language: Language
    threshold: Fraction

    def word(self, name: str, /, **params: object) -> str:
        """Return a word or sentence in the language asked for."""
        return WORDS[self.language][name].format(**params)

    def only_side(self, name: str) -> str:
        """Return the note on a report that only one side has."""
        printed = [change for change in self.comparison.changes if change.printed]
        return self.word(name, count=len(printed))

    def revision_groups(self) -> list[SummaryGroup]:
        """Return what changed between two revisions: scores, facts, what followed, texts."""
        groups: dict[str, list[Change]] = {"scores": [], "facts": [], "figures": [], "texts": []}
        for change in self.comparison.changes:
            if change.printed or change.entry.typed:
                groups[_group_of(change.entry)].append(change)
        return [
            SummaryGroup(self.word(name), self._rows(changes)) for name, changes in groups.items()
        ]

    def revision_notes(self) -> Iterator[str]:
        """Yield how many figures changed that nobody typed or can see."""
        hidden = [c for c in self.comparison.changes if not c.printed and not c.entry.typed]
        if hidden:
            yield self.word("hidden", count=len(hidden))

    def year_groups(self) -> list[SummaryGroup]:
        """Return what is printed this year against last year, the largest change first."""
        scores: list[Change] = []
        moved: list[Change] = []
        only_old: list[Change] = []
        only_new: list[Change] = []
        for change in self.comparison.changes:
            if not change.printed or change.entry.kind == "text":
                continue
            if change.new is None:
                only_old.append(change)
            elif change.old is None:
                only_new.append(change)
            elif change.entry.scored:
                scores.append(change)
            elif change.difference:
                moved.append(change)
        moved.sort(key=_largest_first)
        old, new = self.comparison.old.name, self.comparison.new.name
        return [
            SummaryGroup(self.word("scores"), self._rows(scores), years=True),
            SummaryGroup(self.word("years"), self._rows(moved), years=True),
            SummaryGroup(self.word("only_old", name=old), self._plain_rows(only_old), plain=True),
            SummaryGroup(self.word("only_new", name=new), self._plain_rows(only_new), plain=True),
        ]

    def year_notes(self) -> Iterator[str]:
        """Yield how the years were compared, and from which change on a reason is due."""
        old, new = self.comparison.old, self.comparison.new
        if not old.title:
            yield self.word("rules")
        if self.comparison.loose:
            yield self.word("loose", old=old.pack, new=new.pack)
        percent = number_text(self.threshold * 100, Shape(decimals=2)) + "%"
        yield self.word("explained", threshold=percent)

    def _rows(self, changes: Iterable[Change]) -> tuple[SummaryRow, ...]:
        return tuple(self._row(change) for change in changes)

    def _row(self, change: Change) -> SummaryRow:
        years, entry = self.comparison.years, change.entry
        edited = entry.typed or "rule" in change.causes
        return SummaryRow(
            title=entry.title or entry.key,
            old=self._text(change.old),
            new=self._text(change.new),
            change=difference_text(change),
            share=share_text(change),
            cause=self._causes(change),
            source=entry.source if edited and not years else "",
            where=self._first(entry.places, "more"),
            explain=years and needs_explanation(change, self.threshold),
        )

    def _plain_rows(self, changes: Iterable[Change]) -> tuple[SummaryRow, ...]:
        """Return the rows of figures that only one side has."""
        rows = []
        for change in changes:
            entry = change.entry
            where = self._first(entry.places, "more")
            rows.append(SummaryRow(entry.title or entry.key, entry.text, "", where=where))
        return tuple(rows)

    def _text(self, entry: StateEntry | None) -> str:
        """Return a side of a change; a grade with its number."""
        if entry is None:
            return "—"
        if self.comparison.published:
            return self.word("comma").join(entry.as_printed) or "—"
        if entry.graded and entry.value is not None:
            return f"{entry.text}（{shown(entry.value, entry.unit, Shape(decimals=2))}）"
        first_printed = entry.printed[0][0] if entry.printed else ""
        return entry.text or first_printed or self.word("blank")

    def _causes(self, change: Change) -> str:
        """Return why a figure changed, and the facts behind it, those that changed most first."""
        causes = change.causes
        if self.comparison.years and "rule" not in causes:
            causes = ()
        reasons = self.word("comma").join(self._cause(cause, change) for cause in causes)
        titles = [self._title(key) for key in sorted(change.facts, key=self._smallness)]
        return self.word("by").join(filter(None, [reasons, self._first(titles, "many")]))

    def _cause(self, cause: Cause, change: Change) -> str:
        """Return a cause; that of a rule with the formulas where these are short."""
        text = CAUSES[self.language][cause]
        old = change.old.formula if change.old else ""
        new = change.new.formula if change.new else ""
        if cause != "rule" or old == new or len(old + new) > _FORMULAS:
            return text
        return f"{text}{self.word('by')}{old or '—'} → {new or '—'}"

    def _smallness(self, key: str) -> Fraction:
        """Return what sorts facts by how much they changed, the largest change first."""
        old, new = self.comparison.old.entries, self.comparison.new.entries
        before = _value(old[key]) if key in old else Fraction(0)
        after = _value(new[key]) if key in new else Fraction(0)
        return -abs(after - before)

    def _title(self, key: str) -> str:
        """Return the title of an entry; a row of a table is called by its name."""
        for state in (self.comparison.new, self.comparison.old):
            if key in state.entries:
                return state.entries[key].title
            if f"{key}.name" in state.entries:
                return state.entries[f"{key}.name"].text
        return key

    def _first(self, texts: Sequence[str], word: str) -> str:
        """Return all of a few texts, or the first of many and how many there are."""
        first = self.word("comma").join(texts[:_MOST])
        if len(texts) <= _MOST:
            return first
        return self.word(word, first=first, count=len(texts), rest=len(texts) - _MOST)


def _group_of(entry: StateEntry) -> str:
    """Return the group in which an entry stands in a comparison of revisions."""
    if entry.scored:
        return "scores"
    if entry.kind == "text":
        return "texts"
    return "facts" if entry.typed else "figures"


def _value(entry: StateEntry) -> Fraction:
    return entry.value or Fraction(0)


def _largest_first(change: Change) -> tuple[int, Fraction, Fraction]:
    """Return what sorts the largest change first: from zero, then by share, then by amount."""
    size = magnitude(change)
    amount = abs(change.difference or Fraction(0))
    if size is None:
        return 0, Fraction(0), -amount
    return 1, -size, -amount
