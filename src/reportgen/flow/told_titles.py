"""Titles, readings and formulas of figures in the words that the audience of a version may read.

A row may have a withheld name and an open amount, and a title a term that is printed in other
words; a formula may choose rows by a column that is withheld.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from reportgen.disclose.replace import replaced
from reportgen.disclose.rulings import lines_for
from reportgen.disclose.terms import Terms
from reportgen.flow.staged import GuardedDraft
from reportgen.formula.names import without_prior
from reportgen.formula.parse import parse
from reportgen.formula.syntax import FormulaError, Node, Select, every_name, parts
from reportgen.model.source import NOWHERE, Formula
from reportgen.verify.leaks import find_leaks
from reportgen.verify.part import Part

UNNAMED = "（名称不公开）"
"""What stands in a title for a part of it that is withheld."""
_TEXTS = ("title", "reading", "basis")
_NO_FORMULA = {"formula": "", "reading": "", "inputs": ()}


@dataclass(frozen=True)
class Telling:
    """What the audience of a draft may be told of figures."""

    draft: GuardedDraft

    @cached_property
    def terms(self) -> Terms:
        """Return the terms that are printed in other words."""
        disclosed = self.draft.disclosed
        return Terms(lines_for(disclosed.audience, disclosed.policy.replacements))

    @cached_property
    def hidden_columns(self) -> frozenset[tuple[str, str]]:
        """Return the tables and fields of which a cell at least is withheld."""
        columns: set[tuple[str, str]] = set()
        for key in self.draft.disclosed.hidden:
            row, _, field = without_prior(key).rpartition(".")
            columns.add((row.rpartition(".")[0], field))
        return frozenset(columns)

    @cached_property
    def masks(self) -> dict[str, str]:
        """Return what the version prints for texts that are kept back, by these texts."""
        disclosed = self.draft.disclosed
        masks: dict[str, str] = {}
        for key in sorted(disclosed.hidden & self.draft.ledger.texts.keys()):
            before, after = self.draft.ledger.texts[key].value, disclosed.ledger.texts[key].value
            if before and after:
                masks[str(before)] = str(after)
        return masks

    def tell(self, rows: list[dict[str, Any]]) -> None:
        """Put other words for what the audience may not read in the texts of `rows`."""
        texts: list[str] = []
        for row in rows:
            for name in _TEXTS:
                row[name] = replaced(row[name], self.terms)
                texts.append(row[name])
            texts.append(row["formula"])
        may_tell = self._tells(*texts)
        for row in rows:
            if may_tell:
                self._withhold(row)
            if self._chooses_by_hidden(row["formula"]):
                row.update(_NO_FORMULA)

    def _tells(self, *texts: str) -> bool:
        """Return whether what must not be found in any file stands in one of `texts`."""
        part = Part.of("figures.json", texts)
        return next(find_leaks(part, self.draft.proof.targets), None) is not None

    def _withhold(self, row: dict[str, Any]) -> None:
        """Take out of the texts of a row what must not be found in any file."""
        row["title"] = "·".join(map(self._named, row["title"].split("·")))
        if self._tells(row["title"]):  # parts that tell it together
            row["title"] = UNNAMED
        if self._tells(row["basis"]):
            row["basis"] = ""
        if self._tells(row["reading"], row["formula"]):
            row.update(_NO_FORMULA)

    def _named(self, title: str) -> str:
        """Return a part of a title, or what the version prints for it."""
        return (self.masks.get(title) or UNNAMED) if self._tells(title) else title

    def _chooses_by_hidden(self, formula: str) -> bool:
        """Return whether a formula chooses rows by a column of which something is withheld.

        Which rows it adds up would tell what stands there. One that is a list of notes is none.
        """
        if "[" not in formula:
            return False
        try:
            tree = parse(Formula(formula, NOWHERE)).tree
        except FormulaError:
            return True
        return any(map(self._is_hidden, _selects(tree)))

    def _is_hidden(self, select: Select) -> bool:
        table = without_prior(select.table.key)
        names = every_name(select.condition)
        return any((table, name.key) in self.hidden_columns for name in names)


def _selects(node: Node) -> Iterator[Select]:
    if isinstance(node, Select):
        yield node
    for part in parts(node):
        yield from _selects(part)
