"""The text of an expression or a line of template, with its place."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.model.source import Mark


@dataclass(frozen=True, slots=True)
class Formula:
    """The text of an expression and the place of its first character."""

    text: str
    mark: Mark
