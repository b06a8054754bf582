"""A state of a report: its figures and texts by key with where they are printed, its sentences."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field, replace
from fractions import Fraction
from typing import Any, Literal

from reportgen.findings import Finding
from reportgen.language.text_differences import Stated, sentences
from reportgen.model import limits
from reportgen.model.disclosed import Action
from reportgen.model.document import Document
from reportgen.model.figures import Fact, Figure, Ledger
from reportgen.model.frozen import frozen
from reportgen.model.locations import located_texts, printed_figures
from reportgen.model.policy import Policy
from reportgen.model.quantity import Shape, shown
from reportgen.model.units import ONE, Unit, find_unit

EntryKind = Literal["fact", "derived", "score", "text"]

PRIOR = "prior."
"""Before the keys of last year's figures in a ledger."""
_EXACT = re.compile(r"-?[0-9]+(?:\.[0-9]+|/0*[1-9][0-9]*)?")
SCORE = "分"
"""The unit of scores."""
_STOCKS = ("结转", "结余")
"""What is carried over from last year is a figure of its own, not last year's carry-over."""


@frozen
class StateEntry:
    """A figure or a text as one state has it.

    `value` is exact, in base units of `unit`'s dimension, None for texts and undefined figures.
    `printed` holds the (text, place) of each time it is printed.
    """

    key: str
    title: str
    kind: EntryKind
    text: str
    value: Fraction | None = None
    unit: Unit = ONE
    formula: str = ""
    inputs: tuple[str, ...] = ()
    source: str = ""
    printed: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        """Return what to call it: its title, or its key where it has none."""
        return self.title or self.key

    @property
    def typed(self) -> bool:
        """Return whether an author typed it."""
        return self.kind == "text" or (self.kind == "fact" and not self.formula)

    @property
    def prints(self) -> Counter[str]:
        """Return how often each text of it is printed."""
        return Counter(text for text, _ in self.printed)

    @property
    def places(self) -> tuple[str, ...]:
        """Return each place where it is printed, in order."""
        return tuple(dict.fromkeys(where for _, where in self.printed))

    @property
    def as_printed(self) -> tuple[str, ...]:
        """Return each text of it that is printed; a cell's number with the unit of its column.

        A size printed behind a word (减少118.96万元) has the sign that the word gives it.
        """
        number = self.text.removesuffix(self.unit.symbol)
        short_forms = {number, self.text.removeprefix("-"), number.removeprefix("-")} - {""}
        texts = (self.text if text in short_forms else text for text in self.prints)
        return tuple(dict.fromkeys(texts))

    @property
    def graded(self) -> bool:
        """Return whether it is a number printed as a word, such as 优."""
        if self.kind == "text" or self.value is None or not self.text:
            return False
        return not any(char.isdigit() for char in self.text)

    @property
    def rounded(self) -> str:
        """Return the value with its unit and two decimals, empty where it has none."""
        return "" if self.value is None else shown(self.value, self.unit, Shape(decimals=2))

    @property
    def scored(self) -> bool:
        """Return whether it is a score or a grade."""
        return self.kind == "score" or self.graded or self.unit.symbol == SCORE


@frozen
class ReportState:
    """A report at one time: what the state is called, the report's title, its entries by key.

    `stated` counts the entries that are as the report of the next year prints them. `findings` are
    its errors and warnings, `kept` what its disclosure policies say, where they are known.
    """

    name: str
    title: str = ""
    pack: str = ""
    entries: Mapping[str, StateEntry] = field(default_factory=dict)
    sentences: tuple[Stated, ...] = ()
    stated: int = 0
    findings: tuple[Finding, ...] = ()
    kept: tuple[KeptLine, ...] = ()


@frozen
class KeptLine:
    """A line of a disclosure policy: what it does, to what, what is shown instead, and why."""

    action: Action
    subject: str
    shown: str
    reason: str


def kept_lines(policy: Policy) -> Iterator[KeptLine]:
    """Yield what a policy keeps back or changes, from the widest line to the narrowest."""
    for line in policy.withhold:
        parts = (line.key, line.section, line.form, line.column, line.row, line.block)
        yield KeptLine("withheld", "·".join(filter(None, parts)), "", line.ground.reason)
    for mask in policy.masks:
        yield KeptLine("masked", mask.key, mask.shown, mask.ground.reason)
    for term in policy.replacements:
        yield KeptLine("replaced", term.term, term.shown, term.ground.reason)
    for release in policy.releases:
        yield KeptLine("released", release.key or release.text, "", release.ground.reason)


def of_ledger(name: str, pack: str, ledger: Ledger, document: Document | None) -> ReportState:
    """Return the state of a report that was worked out, and composed if `document` is there."""
    entries = {key: _of_text(key, text) for key, text in ledger.texts.items()}
    printed = printed_figures(document) if document else {}
    for key, figure in ledger.figures.items():
        entries[key] = _of_figure(key, figure, tuple(printed.get(key, ())))
    if document is None:
        return ReportState(name, "", pack, entries)
    return ReportState(name, document.name, pack, entries, sentences(_stated(document)))


def _of_text(key: str, text: Fact) -> StateEntry:
    return StateEntry(key, text.title, "text", str(text.value or ""), source=str(text.span))


def _of_figure(key: str, figure: Figure, printed: tuple[tuple[str, str], ...]) -> StateEntry:
    return StateEntry(
        key=key,
        title=figure.title,
        kind=figure.kind,
        text=figure.text,
        value=figure.value,
        unit=figure.unit,
        formula=figure.formula,
        inputs=figure.inputs,
        source=str(figure.span),
        printed=printed,
    )


def _stated(document: Document) -> Iterator[Stated]:
    for located in located_texts(document):
        yield Stated(located.text, located.where)


def of_rows(name: str, rows: Iterable[Mapping[str, Any]], title: str = "") -> ReportState:
    """Return the state that a figures.json holds; raises `KeyError`, `ValueError` or `TypeError`.

    It knows figures only, no texts.
    """
    entries = {}
    for row in rows:
        unit = find_unit(row["unit"]) or ONE
        entries[row["key"]] = StateEntry(
            key=row["key"],
            title=row["title"],
            kind=row["kind"],
            text=row.get("with_unit", row["text"]),  # builds of before have that as their text
            value=_exact_value(row["value"]) * unit.factor if row["value"] else None,
            unit=unit,
            formula=row["formula"],
            inputs=tuple(row["inputs"]),
            source=row["source"],
            printed=tuple((place["text"], place["where"]) for place in row["places"]),
        )
    return ReportState(name, title, "", entries)


def _exact_value(text: str) -> Fraction:
    """Return the value that `quantity.exact` wrote; raises `ValueError` for any other text."""
    if len(text) > 2 * limits.EXACT_DIGITS + 2 or not _EXACT.fullmatch(text):
        raise ValueError(text[: limits.NUMBER_DIGITS])
    return Fraction(text)


def this_year(state: ReportState) -> ReportState:
    """Return a state without last year's figures."""
    own = {key: entry for key, entry in state.entries.items() if not key.startswith(PRIOR)}
    return replace(state, entries=own)


def last_year(state: ReportState, name: str) -> ReportState:
    """Return last year as this year's rules have it: the figures under `prior.`, by their keys.

    The titles are this year's, since the rules are.
    """
    entries: dict[str, StateEntry] = {}
    for prior_key, entry in state.entries.items():
        key = prior_key.removeprefix(PRIOR)
        if key == prior_key or key.startswith(PRIOR):
            continue
        if key in state.entries:
            title = state.entries[key].title
        else:
            title = entry.title.removeprefix(f"{name}年")
        inputs = tuple(input_key.removeprefix(PRIOR) for input_key in entry.inputs)
        entries[key] = replace(entry, key=key, title=title, inputs=inputs)
    return ReportState(name, "", state.pack, entries)


def joined(first: ReportState, then: ReportState) -> ReportState:
    """Return `first`, and of `then` what only that has."""
    return replace(
        first,
        title=then.title,
        pack=then.pack or first.pack,
        entries={**then.entries, **first.entries},
        sentences=then.sentences,
    )


def as_stated(before: ReportState, now: ReportState, year: int) -> ReportState:
    """Return last year's state with the figures that this year's report prints of last year.

    A report that has a column of its own for last year (上年决算数) is read with it: the figure
    of last year's facts may be another one, of other projects or by another rule.
    """
    keys = dict(_stated_keys(now, year))
    entries = dict(before.entries)
    for stated_key, key in keys.items():
        entry, own = now.entries[stated_key], now.entries[key]
        inputs = tuple(keys.get(name, name.removeprefix(PRIOR)) for name in entry.inputs)
        entries[key] = replace(
            own, text=entry.text, value=entry.value, unit=entry.unit, inputs=inputs
        )
    return replace(before, entries=entries, stated=len(keys))


def _stated_keys(now: ReportState, year: int) -> Iterator[tuple[str, str]]:
    """Yield the key of each figure of last year that is printed, and that of this year's."""
    by_title: dict[str, list[StateEntry]] = defaultdict(list)
    for entry in now.entries.values():
        by_title[entry.title].append(entry)
    for entry in now.entries.values():
        title = _this_years(entry.title, year)
        own = _beside(entry, by_title.get(title, ()))
        if own is not None and entry.printed and entry.value is not None:
            yield entry.key, own.key


def _beside(entry: StateEntry, others: Collection[StateEntry]) -> StateEntry | None:
    """Return the one of `others` that can be this year's figure to `entry`: of its row, if any."""
    fitting = [other for other in others if _is_alike(entry, other)]
    in_row = [other for other in fitting if _row(entry) and _row(other) == _row(entry)]
    chosen = in_row or fitting
    return chosen[0] if len(chosen) == 1 else None


def _is_alike(entry: StateEntry, other: StateEntry) -> bool:
    """Return whether two entries are numbers of like units."""
    return other.kind != "text" and other.unit.dimension == entry.unit.dimension


def _row(entry: StateEntry) -> str:
    """Return the key of the row in which a figure stands, empty for one in none."""
    return entry.key.rpartition(".")[0]


def _this_years(title: str, year: int) -> str:
    """Return the title of this year's figure beside that of one of last year, else nothing."""
    before, dot, column = title.rpartition("·")
    for word in ("上年", "去年", f"{year - 1}年"):
        rest = column.removeprefix(word)
        if rest != column and not rest.startswith(_STOCKS):
            return before + dot + rest
    return ""
