"""A comparison as it is told: groups of rows and changed sentences, the same for every face."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reportgen.features.diff import changes as numbers
from reportgen.features.diff.changes import Change, Comparison
from reportgen.features.diff.state import StateEntry
from reportgen.features.diff.words import CAUSES, WORDS
from reportgen.findings.codes import Language
from reportgen.language.text_differences import ChangedSentence
from reportgen.model.quantity import Shape, number_text, shown

THRESHOLD = Fraction(1, 5)
_FORMULAS = 160
"""Characters of two formulas up to which they are told."""
_MOST = 2
"""How many places or facts a row names; JSON has them all."""


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A change in words. `explain` marks one beyond the threshold; `source` is a place to open."""

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
    """Rows under a heading. In a `plain` one rows are but a title and one text."""

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
        """Return whether there is nothing to tell."""
        return not self.groups and not self.lines and not self.notes


def tell(
    comparison: Comparison, language: Language, threshold: Fraction = THRESHOLD
) -> ComparisonSummary:
    """Return a comparison in words; of years only what is printed, sorted by size of change."""
    teller = _Teller(comparison, language, threshold)
    one = _only_side(comparison)
    if one:
        count = sum(1 for change in comparison.changes if change.shown)
        note = teller.word(one, count=count)
        return ComparisonSummary(
            comparison.name, _title(comparison), *teller.names(), (), (), (note,)
        )
    groups = teller.years() if comparison.years else teller.revision()
    notes = teller.year_notes() if comparison.years else teller.notes()
    return ComparisonSummary(
        comparison.name,
        _title(comparison),
        *teller.names(),
        groups=tuple(group for group in groups if group.rows),
        lines=comparison.lines,
        notes=tuple(notes),
    )


def _title(comparison: Comparison) -> str:
    return comparison.new.title or comparison.old.title


def _only_side(comparison: Comparison) -> str:
    """Return `new_report` or `gone_report` where only one side has the report at all."""
    if not comparison.old.items:
        return "new_report"
    return "" if comparison.new.items else "gone_report"


@dataclass(frozen=True, slots=True)
class _Teller:
    comparison: Comparison
    language: Language
    threshold: Fraction

    def word(self, word: str, /, **given: object) -> str:
        return WORDS[self.language][word].format(**given)

    def names(self) -> tuple[str, str]:
        """Return what the two states are called; the files as they stand have no name."""
        old, new = self.comparison.old.name, self.comparison.new.name
        return old or self.word("here"), new or self.word("here")

    def revision(self) -> list[SummaryGroup]:
        """Return what changed between two revisions: scores, facts, what followed, texts."""
        shown = [c for c in self.comparison.changes if c.shown or c.item.typed]
        scores = [c for c in shown if _scored(c)]
        rest = [c for c in shown if not _scored(c)]
        texts = [c for c in rest if c.item.kind == "text"]
        facts = [c for c in rest if c.item.typed and c not in texts]
        figures = [c for c in rest if not c.item.typed]
        named = (("scores", scores), ("facts", facts), ("figures", figures), ("texts", texts))
        return [SummaryGroup(self.word(name), self._rows(changes)) for name, changes in named]

    def years(self) -> list[SummaryGroup]:
        """Return what is printed this year against last year, the largest change first."""
        numeric = [c for c in self.comparison.changes if c.shown and c.item.kind != "text"]
        both = [c for c in numeric if c.old is not None and c.new is not None]
        scores = [c for c in both if _scored(c)]
        rest = sorted((c for c in both if not _scored(c) and c.difference), key=_largest)
        only = (
            ("only_old", self.comparison.old.name, [c for c in numeric if c.new is None]),
            ("only_new", self.comparison.new.name, [c for c in numeric if c.old is None]),
        )
        return [
            SummaryGroup(self.word("scores"), self._rows(scores), years=True),
            SummaryGroup(self.word("years"), self._rows(rest), years=True),
            *(
                SummaryGroup(self.word(n, name=name), self._alone(c), plain=True)
                for n, name, c in only
            ),
        ]

    def notes(self) -> list[str]:
        changes = self.comparison.changes
        count = sum(1 for c in changes if not (c.shown or c.item.typed))
        return [self.word("hidden", count=count)] if count else []

    def year_notes(self) -> list[str]:
        percent = number_text(self.threshold * 100, Shape(decimals=2)) + "%"
        found = [self.word("rules")] if self.comparison.old.title == "" else []
        if self.comparison.loose:
            packs = {"old": self.comparison.old.pack, "new": self.comparison.new.pack}
            found.append(self.word("loose", **packs))
        return [*found, self.word("explained", threshold=percent)]

    def _rows(self, changes: Iterable[Change]) -> tuple[SummaryRow, ...]:
        return tuple(map(self._row, changes))

    def _row(self, change: Change) -> SummaryRow:
        item = change.item
        explained = self.comparison.years and numbers.beyond(change, self.threshold)
        return SummaryRow(
            title=item.title or item.key,
            old=self._text(change.old),
            new=self._text(change.new),
            change=numbers.difference(change),
            share=numbers.share(change),
            cause=self._cause(change),
            source=item.source if not self.comparison.years and _edited(change) else "",
            where=self._where(item),
            explain=explained,
        )

    def _alone(self, changes: Iterable[Change]) -> tuple[SummaryRow, ...]:
        items = (change.item for change in changes)
        return tuple(SummaryRow(i.title or i.key, i.text, "", where=self._where(i)) for i in items)

    def _text(self, item: StateEntry | None) -> str:
        if item is None:
            return "—"
        if self.comparison.published:
            return self.word("comma").join(item.as_printed) or "—"
        if item.graded and item.value is not None:
            return f"{item.text}（{shown(item.value, item.unit, Shape(decimals=2))}）"
        texts = dict.fromkeys(text for text, _ in item.printed)
        # A cell prints the number alone; the running text has its unit too.
        return item.text or next(iter(texts), "") or self.word("blank")

    def _cause(self, change: Change) -> str:
        if self.comparison.years and "rule" not in change.causes:
            causes = []
        else:
            causes = [self._said(cause, change) for cause in change.causes]
        facts = self._some([self._title(key) for key in self._by_effect(change)], "many")
        return self.word("by").join(filter(None, [self.word("comma").join(causes), facts]))

    def _said(self, cause: str, change: Change) -> str:
        """Return a cause; that of a rule with the formulas where these are short."""
        said = CAUSES[self.language][cause]
        old, new = (side.formula if side else "" for side in (change.old, change.new))
        if cause != "rule" or old == new or len(old + new) > _FORMULAS:
            return said
        return f"{said}{self.word('by')}{old or '—'} → {new or '—'}"

    def _by_effect(self, change: Change) -> list[str]:
        """Return the facts below a change, those that changed most first."""
        old, new = self.comparison.old.items, self.comparison.new.items

        def moved(key: str) -> Fraction:
            was, now = (side[key].value if key in side else None for side in (old, new))
            return -abs((now or Fraction(0)) - (was or Fraction(0)))

        return sorted(change.facts, key=moved)

    def _title(self, key: str) -> str:
        for state in (self.comparison.new, self.comparison.old):
            for name in (key, f"{key}.name"):
                if name in state.items:
                    item = state.items[name]
                    return item.title if name == key else item.text
        return key

    def _where(self, item: StateEntry) -> str:
        places = list(dict.fromkeys(where for _, where in item.printed))
        return self._some(places, "more")

    def _some(self, texts: Sequence[str], word: str) -> str:
        """Return all of a few texts, or the first of many and how many there are."""
        shown = self.word("comma").join(texts[:_MOST])
        if len(texts) <= _MOST:
            return shown
        return self.word(word, first=shown, count=len(texts), rest=len(texts) - _MOST)


def _edited(change: Change) -> bool:
    """Return whether the place of a change is where somebody edited it."""
    return change.item.typed or "rule" in change.causes


def _scored(change: Change) -> bool:
    """Return whether a change is one of a score or a grade."""
    return (
        change.item.kind == "score"
        or change.item.graded
        or change.item.unit.symbol == numbers.SCORE
    )


def _largest(change: Change) -> tuple[int, Fraction, Fraction]:
    """Return what sorts the largest change first: from zero, then by share, then by amount."""
    found = numbers.size(change)
    amount = abs(change.difference or Fraction(0))
    return (0, Fraction(0), -amount) if found is None else (1, -found, -amount)
