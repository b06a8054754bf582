"""Which office fills in what of a year (填报分工), held to what there is to fill in.

    offices:
      财务科: [budget.yaml, funds, department/narrative]
      人事科: [staffing, funds.training]

A place is the key of a fact, of a table, of a row of it or (`funds.*.outturn`) of a column, or a
file or folder of the year; before what is of one report alone stands its folder:
`department/ratings`. The closest place decides: a key before a file, a row before its table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

from reportgen.findings import Diagnostics, RelatedLocation, finding
from reportgen.formula.lookup import nearest
from reportgen.formula.names import covering
from reportgen.load.fields import Leaf, RequiredTextField
from reportgen.load.groups import FieldError, KeyRule
from reportgen.model.figures import Facts
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan
from reportgen.project.source_files import SourceFiles


def _check_named(key: str) -> None:
    if not key.strip():
        raise FieldError("S218")


OfficeName = Annotated[str, KeyRule(_check_named)]
"""What an office is called, as people write it."""
Offices = dict[OfficeName, list[RequiredTextField]]
"""By office, the places of what it fills in."""


@frozen
class Assignment:
    """That an `office` fills in what stands at a `place` below the folder of a year."""

    office: str
    place: str
    span: SourceSpan

    def closeness(self, path: str, key: str) -> tuple[bool, int, int]:
        """Return how closely the place names a fact or line, the more the closer, least if not.

        `path` is that of its file below the folder of the year, `key` that of the fact or empty.
        """
        if key and self._names(path, key):
            return True, self.place.count(".") + 1, -self.place.count("*")
        is_file = f"{path}/".startswith(f"{self.place.rstrip('/')}/")
        return False, len(self.place) if is_file else 0, 0

    def _names(self, path: str, key: str) -> bool:
        """Return whether the place is a key that covers `key`, of all reports or of the one."""
        folder, _, wanted = self.place.rpartition("/")
        is_here = not folder or path.startswith(f"{folder}/")
        return is_here and covering(wanted).fullmatch(key) is not None


def office_of(assignments: Iterable[Assignment], path: str, key: str = "") -> str:
    """Return the office that fills in a fact or line, `` where none is named.

    `path` is that of its file below the folder of the year, `key` that of the fact or empty.
    """
    best, closest = "", (False, 0, 0)
    for each in assignments:
        closeness = each.closeness(path, key)
        if closeness > closest:
            best, closest = each.office, closeness
    return best


def read_offices(offices: Mapping[str, Iterable[Leaf]]) -> tuple[Assignment, ...]:
    """Return which office fills in what, place by place."""
    assignments: list[Assignment] = []
    for office, places in offices.items():
        assignments += (Assignment(office, str(leaf.value), leaf.span) for leaf in places)
    return tuple(assignments)


def check_offices(
    assignments: Iterable[Assignment],
    facts: Facts,
    files: SourceFiles,
    report: str,
    log: Diagnostics,
) -> None:
    """Log S241 for a place of two offices, S242 for one where the year has nothing to fill in.

    `report` is the folder of the report that the `facts` are of: keys of others are not known.
    """
    first: dict[str, Assignment] = {}
    folder, _, own = report.rpartition("/")
    for each in assignments:
        other = first.setdefault(each.place, each)
        if other is not each:
            there = RelatedLocation(other.span, other.office)
            log.add(finding("S241", each.span, there, place=each.place, office=other.office))
        elif not _exists(each.place, facts, files, folder, own):
            near = nearest(each.place, _places(facts, files, folder))
            log.add(finding("S242", each.span, place=each.place, near=near))


def _is_file_or_folder(files: SourceFiles, path: str) -> bool:
    return files.exists(path) or any(files.names(path, "")) or any(files.folders(path))


def _exists(place: str, facts: Facts, files: SourceFiles, folder: str, report: str) -> bool:
    """Return whether there is such a file or folder of the year, or such a key."""
    path = f"{folder}/{place.rstrip('/')}"
    if ".." in place.split("/"):
        return False
    if _is_file_or_folder(files, path):
        return True
    of_report, slash, key = place.rpartition("/")
    if slash and of_report != report:
        return files.exists(f"{folder}/{of_report}/report.yaml")
    wanted = covering(key)
    return any(map(wanted.fullmatch, (*facts.facts, *facts.tables)))


def _places(facts: Facts, files: SourceFiles, folder: str) -> Iterator[str]:
    """Yield what a place may be meant as: tables and facts by key, files of the year by name."""
    yield from facts.tables
    yield from facts.facts
    for path in files.names(folder, ".yaml"):
        yield path.rpartition("/")[2]
