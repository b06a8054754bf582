"""A comparison in words: groups of rows and changed sentences, the same for every renderer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
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
from reportgen.features.diff.state import KeptLine, ReportState, StateEntry
from reportgen.features.diff.words import CAUSES, WORDS
from reportgen.findings.codes import Language
from reportgen.findings.renderers import concise
from reportgen.language.text_differences import ChangedSentence
from reportgen.model.frozen import frozen
from reportgen.model.quantity import Shape, number_text

THRESHOLD = Fraction(1, 5)
_FORMULAS = 160
"""Characters of two formulas up to which a row shows them."""
HIDDEN = ""
"""The group of changes that no row shows."""
_MOST = 2
"""How many places or facts a row names; JSON has them all."""


@frozen
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


@frozen
class SummaryGroup:
    """Rows under a heading: in a `plain` group a title and a text each, in a `told` a sentence."""

    heading: str
    rows: tuple[SummaryRow, ...]
    years: bool = False
    plain: bool = False
    told: bool = False


@frozen
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
    if not comparison.old.entries:
        return summarizer.of_one_side("new_report")
    if not comparison.new.entries:
        return summarizer.of_one_side("gone_report")
    if comparison.years:
        return summarizer.summary(summarizer.year_groups(), summarizer.year_notes())
    return summarizer.summary(summarizer.revision_groups(), summarizer.revision_notes())


@frozen
class _Summarizer:
    comparison: Comparison
    language: Language
    threshold: Fraction

    def word(self, name: str, /, **params: object) -> str:
        """Return a word or sentence in the language asked for."""
        return WORDS[self.language][name].format(**params)

    def summary(self, groups: Iterable[SummaryGroup], notes: Iterable[str]) -> ComparisonSummary:
        """Return the comparison with its groups, those without rows left out."""
        comparison = self.comparison
        return ComparisonSummary(
            comparison.name,
            comparison.title,
            self._name(comparison.old),
            self._name(comparison.new),
            tuple(group for group in groups if group.rows),
            comparison.lines,
            tuple(notes),
        )

    def of_one_side(self, word: str) -> ComparisonSummary:
        """Return that only one side has the report, and how many figures it prints."""
        printed = [change for change in self.comparison.changes if change.printed]
        note = self.word(word, count=len(printed))
        return replace(self.summary(self.told_groups(), [note]), lines=())

    def _name(self, state: ReportState) -> str:
        """Return what a state is called; the files as they stand have no name."""
        return state.name or self.word("here")

    def revision_groups(self) -> Iterator[SummaryGroup]:
        """Yield what changed between two revisions: scores, facts, what followed, texts."""
        groups = self._grouped(_revision_group)
        for name in ("scores", "facts", "figures", "texts"):
            yield SummaryGroup(self.word(name), self._rows(groups[name]))
        yield from self.told_groups()

    def told_groups(self) -> Iterator[SummaryGroup]:
        """Yield the findings and the lines of disclosure policies that are new, and those gone."""
        findings, kept = self.comparison.findings, self.comparison.kept
        for name, of_side in zip(("new_findings", "gone_findings"), findings, strict=True):
            yield self._told_group(name, [concise([each], self.language) for each in of_side])
        for name, of_policy in zip(("new_kept", "gone_kept"), kept, strict=True):
            yield self._told_group(name, map(self._said, of_policy))

    def _told_group(self, name: str, sentences: Iterable[str]) -> SummaryGroup:
        rows = tuple(SummaryRow(sentence, "", "") for sentence in sentences)
        return SummaryGroup(self.word(name), rows, plain=True, told=True)

    def _said(self, line: KeptLine) -> str:
        """Return a line of a disclosure policy in words."""
        shown = {"subject": line.subject, "shown": line.shown, "reason": line.reason}
        return self.word(line.action, **shown)

    def revision_notes(self) -> Iterator[str]:
        """Yield how many figures changed that nobody typed or can see."""
        hidden = self._grouped(_revision_group)[HIDDEN]
        if hidden:
            yield self.word("hidden", count=len(hidden))

    def year_groups(self) -> Iterator[SummaryGroup]:
        """Yield what is printed this year against last year, the largest change first."""
        groups = self._grouped(_year_group)
        groups["years"].sort(key=_largest_first)
        for name in ("scores", "years"):
            yield SummaryGroup(self.word(name), self._rows(groups[name]), years=True)
        sides = (("only_old", self.comparison.old), ("only_new", self.comparison.new))
        for name, state in sides:
            heading = self.word(name, name=state.name)
            yield SummaryGroup(heading, self._plain_rows(groups[name]), plain=True)

    def year_notes(self) -> Iterator[str]:
        """Yield how the years were compared, and from which change on a reason is due."""
        old, new = self.comparison.old, self.comparison.new
        if not old.title:
            yield self.word("rules")
        if self.comparison.loose:
            yield self.word("loose", old=old.pack, new=new.pack)
        if old.stated:
            yield self.word("stated", count=old.stated)
        percent = number_text(self.threshold * 100, Shape(decimals=2)) + "%"
        yield self.word("explained", threshold=percent)

    def _grouped(self, group_of: Callable[[Change], str]) -> dict[str, list[Change]]:
        """Return the changes by the group that each belongs to."""
        groups: dict[str, list[Change]] = defaultdict(list)
        for change in self.comparison.changes:
            groups[group_of(change)].append(change)
        return groups

    def _rows(self, changes: Iterable[Change]) -> tuple[SummaryRow, ...]:
        return tuple(map(self._row, changes))

    def _row(self, change: Change) -> SummaryRow:
        years, entry = self.comparison.years, change.entry
        edited = entry.typed or "rule" in change.causes
        return SummaryRow(
            title=entry.label,
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
            rows.append(SummaryRow(entry.label, entry.text, "", where=where))
        return tuple(rows)

    def _text(self, entry: StateEntry | None) -> str:
        """Return a side of a change; a grade with its number."""
        if entry is None:
            return "—"
        if self.comparison.published:
            return self.word("comma").join(entry.as_printed) or "—"
        if entry.graded:
            return f"{entry.text}（{entry.rounded}）"
        first_printed = entry.printed[0][0] if entry.printed else ""
        return entry.text or first_printed or self.word("blank")

    def _causes(self, change: Change) -> str:
        """Return why a figure changed, and the facts behind it, those that changed most first."""
        causes = change.causes
        if self.comparison.years and "rule" not in causes:
            causes = ()
        reasons = self.word("comma").join(self._cause(cause, change) for cause in causes)
        titles = list(map(self._title, sorted(change.facts, key=self._smallness)))
        return self.word("by").join(filter(None, [reasons, self._first(titles, "many")]))

    def _cause(self, cause: Cause, change: Change) -> str:
        """Return a cause; that of a rule with the formulas where these are short."""
        text = CAUSES[self.language][cause]
        if cause != "rule" or change.old is None or change.new is None:
            return text
        old, new = change.old.formula, change.new.formula
        if old == new or len(old + new) > _FORMULAS:
            return text
        return f"{text}{self.word('by')}{old or '—'} → {new or '—'}"

    def _smallness(self, key: str) -> Fraction:
        """Return what sorts facts by how much they changed, the largest change first."""
        return -abs(_value(self.comparison.new, key) - _value(self.comparison.old, key))

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


def _revision_group(change: Change) -> str:
    """Return the group in which a change stands in a comparison of revisions."""
    entry = change.entry
    if not change.printed and not entry.typed:
        return HIDDEN
    if entry.scored:
        return "scores"
    if entry.kind == "text":
        return "texts"
    return "facts" if entry.typed else "figures"


def _year_group(change: Change) -> str:
    """Return the group in which a change stands in a comparison of years: only what is printed."""
    if not change.printed or change.entry.kind == "text":
        return HIDDEN
    if change.new is None:
        return "only_old"
    if change.old is None:
        return "only_new"
    if change.entry.scored:
        return "scores"
    return "years" if change.difference else HIDDEN


def _value(state: ReportState, key: str) -> Fraction:
    """Return the value of a figure in a state, zero where it has none."""
    entry = state.entries.get(key)
    return Fraction(0) if entry is None or entry.value is None else entry.value


def _largest_first(change: Change) -> tuple[int, Fraction, Fraction]:
    """Return what sorts the largest change first: from zero, then by share, then by amount."""
    size = magnitude(change)
    amount = abs(change.difference or Fraction(0))
    if size is None:
        return 0, Fraction(0), -amount
    return 1, -size, -amount
