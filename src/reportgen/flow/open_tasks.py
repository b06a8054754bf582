"""What is still to be done for a report: to fill in, to confirm, to give evidence for; by office.

It gets shorter as one works: a blank that is filled in and a line whose word is deleted are gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import Literal, get_args

from reportgen.check.facts import confirmed_facts
from reportgen.check.required import wanted
from reportgen.flow.staged import Derived
from reportgen.load.offices import office_of
from reportgen.load.unconfirmed import CONFIRM, marked_lines
from reportgen.model.figures import Unfilled
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan, lines_of
from reportgen.project.source_files import SourceFiles

TaskKind = Literal["fill", "confirm", "evidence"]
"""To fill in a blank, to confirm lines taken over, to say on what evidence facts stand."""
KINDS: tuple[TaskKind, ...] = get_args(TaskKind)


@frozen
class OpenTask:
    """Something to be done at a place by an `office`, `` where nobody is named for it.

    A blank has its key and title, and in `what` the parameters of what to type; of lines to confirm
    and facts without evidence all `spans` of a file are one task.
    """

    kind: TaskKind
    office: str
    spans: tuple[SourceSpan, ...]
    key: str = ""
    title: str = ""
    what: Mapping[str, str] = field(default_factory=dict)

    @property
    def span(self) -> SourceSpan:
        """Return the first place of it."""
        return self.spans[0]

    @property
    def path(self) -> str:
        """Return the file that it is about."""
        return self.span.path

    @property
    def count(self) -> int:
        """Return how many places it has."""
        return len(self.spans)

    @property
    def lines(self) -> str:
        """Return the lines of its places."""
        return lines_of(self.spans)


def open_tasks(report: Derived, files: SourceFiles) -> tuple[OpenTask, ...]:
    """Return what is still to be done for a report, in the order of places."""
    finder = _Finder(report, files)
    tasks = [*finder.blanks(), *finder.lines(), *finder.without_evidence()]
    return tuple(sorted(tasks, key=_order))


def _order(task: OpenTask) -> tuple[str, int, SourceSpan, str]:
    return task.path, KINDS.index(task.kind), task.span, task.key


class _Finder:
    """Finds what is to be done for a report."""

    def __init__(self, report: Derived, files: SourceFiles) -> None:
        self.ledger = report.ledger
        self.inputs = report.inputs
        self.files = files

    @property
    def year(self) -> str:
        """Return the folder of the year."""
        return self.inputs.folder.rpartition("/")[0]

    @property
    def unit(self) -> str:
        """Return the folder of the unit."""
        return self.year.rpartition("/")[0]

    def blanks(self) -> Iterator[OpenTask]:
        """Yield each blank that is to be filled in."""
        for key, blank in self.ledger.unfilled.items():
            yield self._blank(key, blank)

    def _blank(self, key: str, blank: Unfilled) -> OpenTask:
        office = self._office(blank.span.path, key)
        what = wanted(key, blank, self.ledger)
        return OpenTask("fill", office, (blank.span,), key, self._title(key), what)

    def _title(self, key: str) -> str:
        figure = self.ledger.figures.get(key)
        return figure.title if figure is not None else key

    def _office(self, path: str, key: str = "") -> str:
        """Return who does what is to be done at a key, or in a file."""
        place = path.removeprefix(f"{self.year}/")
        return office_of(self.inputs.assignments, place, key)

    def lines(self) -> Iterator[OpenTask]:
        """Yield for each file the lines to confirm, and those to fill in that hold no blank."""
        told = {(each.span.path, each.span.line) for each in self.ledger.unfilled.values()}
        for path, found in marked_lines(self.files, (self.unit, self.year, self.inputs.folder)):
            confirm = [span for span, word in found if word == CONFIRM]
            fill = [span for span, word in found if word != CONFIRM]
            yield from self._of_file("confirm", path, confirm)
            yield from self._of_file("fill", path, _others(fill, told))

    def without_evidence(self) -> Iterator[OpenTask]:
        """Yield for each file the typed facts that nobody confirmed on any evidence.

        Where no fact ever was there is nobody who does that.
        """
        confirmed = confirmed_facts(self.ledger, self.inputs.confirmations)
        missing = confirmed.missing if confirmed is not None else ()
        by_file: dict[str, list[SourceSpan]] = {}
        for fact in missing:
            by_file.setdefault(fact.span.path, []).append(fact.span)
        for path, spans in by_file.items():
            yield from self._of_file("evidence", path, spans)

    def _of_file(
        self, kind: TaskKind, path: str, spans: Iterable[SourceSpan]
    ) -> Iterator[OpenTask]:
        """Yield the task of some places in a file, none for none."""
        places = tuple(sorted(spans))
        if places:
            yield OpenTask(kind, self._office(path), places)


def _others(spans: Iterable[SourceSpan], told: set[tuple[str, int]]) -> list[SourceSpan]:
    """Return the places that stand in none of the lines told."""
    return [span for span in spans if (span.path, span.line) not in told]


def of_offices(tasks: Iterable[OpenTask]) -> dict[str, list[OpenTask]]:
    """Return tasks by office in the order of names, those of nobody last."""
    by_office: dict[str, list[OpenTask]] = {}
    for task in tasks:
        by_office.setdefault(task.office, []).append(task)
    return dict(sorted(by_office.items(), key=_unnamed_last))


def _unnamed_last(item: tuple[str, object]) -> tuple[bool, str]:
    return not item[0], item[0]


def counted(tasks: Iterable[OpenTask]) -> dict[TaskKind, int]:
    """Return how many places there are of each kind."""
    counts = dict.fromkeys(KINDS, 0)
    for task in tasks:
        counts[task.kind] += task.count
    return counts
