"""Row filters, `table[condition]`: which rows of a table a formula means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from reportgen.formula.names import PRIOR, Context
from reportgen.formula.syntax import (
    Compare,
    FormulaError,
    Logic,
    Name,
    Node,
    Not,
    Select,
    TextLiteral,
    names,
)

Test = Callable[[Context], bool]
"""Whether the row that the context enters is kept."""

FilterComparison = Callable[[Compare, Context], bool | None]
"""Whether the numbers of a comparison compare so; None where either is blank."""


def kept(select: Select, context: Context, compared: FilterComparison) -> tuple[str, ...]:
    """Return the rows of the table of `select` for which its condition holds.

    Names in the condition are fields of the row, else figures as anywhere in a formula.
    Raises `FormulaError` F103 for an unknown table or field, F108 for what is no condition,
    and F110 for a text that no row has: a misspelt category would lose money silently.
    """
    table = context.full(select.table.key)
    rows = context.lookup.rows(table)
    if rows is None:
        raise context.unknown(select.table, table)
    if not rows:
        return ()
    entries = [replace(context, entry=f"{table}.{row}") for row in rows]
    filter_ = _Filter(table, entries, compared)
    for name in names(select.condition):
        filter_.must_know(name)
    test = filter_.test(select.condition)
    return tuple(row for row, entry in zip(rows, entries, strict=True) if test(entry))


@dataclass(frozen=True, slots=True)
class _Filter:
    table: str
    entries: list[Context]
    compared: FilterComparison

    def test(self, condition: Node) -> Test:
        match condition:
            case Logic(word=word, parts=parts):
                tests = [self.test(part) for part in parts]
                every = all if word == "and" else any
                return lambda entry: every(test(entry) for test in tests)
            case Not(inner=inner):
                inverse = self.test(inner)
                return lambda entry: not inverse(entry)
            case Compare(left=left, right=right):
                if self._is_text(left) or self._is_text(right):
                    return self._words(condition)
                return lambda entry: bool(self.compared(condition, entry))
            case _:
                raise FormulaError("F108", condition, {})

    def must_know(self, name: Name) -> None:
        """Raise F103 where `name` means something in no row."""
        first = self.entries[0]
        if first.column(name.key) is None and not any(_is_known(e, name) for e in self.entries):
            raise first.unknown(name, f"{self.table}.*.{name.key}")

    def _is_text(self, node: Node) -> bool:
        """Return whether `node` is a field of words, not of numbers."""
        return isinstance(node, Name) and any(e.text(node.key) is not None for e in self.entries)

    def _words(self, condition: Compare) -> Test:
        """Return a test of equal or unlike words."""
        left, right = self._reader(condition.left), self._reader(condition.right)
        if condition.sign not in {"==", "!="}:
            raise FormulaError("F108", condition, {})
        for side, other in ((condition.left, right), (condition.right, left)):
            known = (
                {other(entry) for entry in self.entries} if isinstance(side, TextLiteral) else set()
            )
            if isinstance(side, TextLiteral) and side.text not in known and not self._is_past:
                texts = "、".join(sorted(text for text in known if text))
                raise FormulaError("F110", side, {"text": side.text, "known": texts or "—"})
        alike = condition.sign == "=="
        return lambda entry: (left(entry) == right(entry)) is alike

    @property
    def _is_past(self) -> bool:
        """Return whether the rows are last year's, which need not have this year's words."""
        return self.table.startswith(PRIOR)

    def _reader(self, node: Node) -> Callable[[Context], str | None]:
        match node:
            case TextLiteral(text=text):
                return lambda _: text
            case Name(key=key):
                return lambda entry: entry.text(key)
            case _:
                raise FormulaError("F108", node, {})


def _is_known(entry: Context, name: Name) -> bool:
    return entry.number(name.key) is not None or entry.text(name.key) is not None
