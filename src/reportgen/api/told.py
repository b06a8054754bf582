"""Findings as a value of Python: a sequence that prints as the command prints it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import get_args, overload

from reportgen.findings import Finding, blocks
from reportgen.findings.codes import Language
from reportgen.findings.renderers import as_json, concise, summary


def check_language(language: str) -> None:
    """Raise ValueError for a language that findings are not told in."""
    if language not in get_args(Language):
        raise ValueError(f"language {language!r} is none of: {', '.join(get_args(Language))}")


@dataclass(frozen=True, slots=True, repr=False)
class Findings(Sequence[Finding]):
    """Findings in order of place; they print as `reportgen check` prints them."""

    items: tuple[Finding, ...] = ()
    language: Language = "zh"

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Findings: ...
    def __getitem__(self, index: int | slice) -> Finding | Findings:
        """Return a finding, or some of them."""
        if isinstance(index, slice):
            return Findings(self.items[index], self.language)
        return self.items[index]

    def __len__(self) -> int:
        """Return how many findings there are."""
        return len(self.items)

    @property
    def ok(self) -> bool:
        """Return whether none of them is an error, so that the report may be published."""
        return not blocks(self.items)

    @property
    def errors(self) -> Findings:
        """Return the errors among them."""
        errors = tuple(each for each in self.items if each.severity == "error")
        return Findings(errors, self.language)

    def to_json(self) -> str:
        """Return them as a JSON list, as `check --output-format json` prints it."""
        return as_json(self.items, self.language)

    def __repr__(self) -> str:
        """Return a line for each finding, and the line that counts them."""
        lines = [concise(self.items, self.language), summary(self.items, self.language)]
        return "\n".join(filter(None, lines))

    def _repr_html_(self) -> str:
        return f"<pre>{escape(repr(self))}</pre>"
