"""Plain tables: the first column to the left, numbers to the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MET = {True: "met", False: "NOT MET", None: "not measured"}


@dataclass(frozen=True, slots=True)
class Section:
    """A table with its title and with notes below it."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()

    def __str__(self) -> str:
        """Return the section as lines of text."""
        return "\n".join([self.title, *_lines([self.head, *self.rows]), *self.notes, ""])


@dataclass(frozen=True, slots=True)
class Target:
    """What is wanted, what was measured, and whether that is enough; None: not measured."""

    wanted: str
    measured: str
    met: bool | None


def targets(every: Sequence[Target]) -> Section:
    """Return `every` target as a section."""
    rows = [(each.wanted, each.measured, MET[each.met]) for each in every]
    return Section("Targets", ("wanted", "measured", ""), rows)


def _lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return `rows`, the first of them the head, as aligned lines."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            text.rjust(width) if n and _is_number(rows, n) else text.ljust(width)
            for n, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return [lines[0], "─" * max(map(len, lines)), *lines[1:]]


def _is_number(rows: Sequence[Sequence[str]], column: int) -> bool:
    """Return whether a column holds numbers, or nothing, below its head."""
    return all(not row[column] or row[column][:1] in "0123456789—" for row in rows[1:])


def duration(seconds: float) -> str:
    """Return `seconds` for a reader."""
    return f"{seconds:.2f} s " if seconds >= 1 else f"{seconds * 1000:.1f} ms"


def times(ratio: float) -> str:
    """Return a ratio for a reader."""
    return f"{ratio:.2f}×"


def megabytes(size: int) -> str:
    """Return a number of bytes for a reader."""
    return f"{size / 1e6:.0f} MB"
