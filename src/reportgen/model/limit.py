"""A limit of what is read, worked out or written: a number that says what it counts and why."""

from __future__ import annotations

from typing import Self


class Limit(int):
    """The most that is accepted, a whole number of `unit`.

    `codes` are those of the findings for what passes it; `subject` and `reason` say in Chinese and
    English what is counted and why there is an end to it.
    """

    unit: str
    codes: str
    subject: tuple[str, str]
    reason: tuple[str, str]

    def __new__(  # noqa: D102 - the table below says what it takes
        cls, most: int, unit: str, codes: str, subject: tuple[str, str], reason: tuple[str, str]
    ) -> Self:
        limit = super().__new__(cls, most)
        limit.unit, limit.codes, limit.subject, limit.reason = unit, codes, subject, reason
        return limit

    def __getnewargs__(self) -> tuple[int, str, str, tuple[str, str], tuple[str, str]]:  # type: ignore[override]
        """Return what makes the same limit in another process, to which findings take it."""
        return int(self), self.unit, self.codes, self.subject, self.reason
