"""Row filters, `table[condition]`: which rows of a table a formula means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

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
from reportgen.model.frozen import frozen

FilterComparison = Callable[[Compare, Context], bool | None]
"""Whether the numbers of a comparison compare so; None where either is blank."""


def kept(select: Select, context: Context, compared: FilterComparison) -> tuple[str, ...]:
    """Return the rows of the table of `select` for which its condition holds.

    Names in the condition are fields of the row, else figures as anywhere in a formula.
    Raises `FormulaError` F103 for an unknown table or field, F108 for what is no condition,
    and F110 for a text that no row has, unless the rules declare it: a misspelt category would
    lose money silently.
    """
    table = context.full(select.table.key)
    rows = context.lookup.rows(table)
    if rows is None:
        raise FormulaError("F103", select.table, {"key": table})
    if not rows:
        return ()
    entries = [context.entering(f"{table}.{row}") for row in rows]
    row_filter = _RowFilter(table, entries, compared)
    for name in names(select.condition):
        row_filter.read_name(name)
    row_filter.check(select.condition)
    in_order = zip(rows, entries, strict=True)
    return tuple(row for row, entry in in_order if row_filter.holds(select.condition, entry))


@frozen
class _RowFilter:
    """The condition of a filter over the rows of a table, which the `entries` enter."""

    table: str
    entries: list[Context]
    compared: FilterComparison
    text_fields: set[str] = field(default_factory=set)

    def read_name(self, name: Name) -> None:
        """Note whether `name` is a field of words; raise F103 where it means nothing in any row."""
        if any(entry.text(name.key) is not None for entry in self.entries):
            self.text_fields.add(name.key)
        elif not self._is_number(name):
            raise FormulaError("F103", name, {"key": f"{self.table}.*.{name.key}"})

    def _is_number(self, name: Name) -> bool:
        """Return whether `name` is a column or a number in any row."""
        if self.entries[0].column(name.key) is not None:
            return True
        return any(entry.number(name.key) is not None for entry in self.entries)

    def check(self, condition: Node) -> None:
        """Raise `FormulaError` where `condition` is none, or compares with an unknown text."""
        match condition:
            case Logic(parts=parts):
                for part in parts:
                    self.check(part)
            case Not(inner=inner):
                self.check(inner)
            case Compare():
                if self._compares_texts(condition):
                    self._check_texts(condition)
            case _:
                raise FormulaError("F108", condition, {})

    def holds(self, condition: Node, entry: Context) -> bool:
        """Return whether a checked `condition` holds in the row that `entry` enters."""
        match condition:
            case Logic(word="and", parts=parts):
                return all(self.holds(part, entry) for part in parts)
            case Logic(word="or", parts=parts):
                return any(self.holds(part, entry) for part in parts)
            case Not(inner=inner):
                return not self.holds(inner, entry)
            case Compare():
                return self._comparison_holds(condition, entry)
            case _:
                raise FormulaError("F108", condition, {})

    def _comparison_holds(self, condition: Compare, entry: Context) -> bool:
        if not self._compares_texts(condition):
            return bool(self.compared(condition, entry))
        alike = _text(condition.left, entry) == _text(condition.right, entry)
        return alike == (condition.sign == "==")

    def _compares_texts(self, condition: Compare) -> bool:
        return self._is_text_field(condition.left) or self._is_text_field(condition.right)

    def _is_text_field(self, node: Node) -> bool:
        return isinstance(node, Name) and node.key in self.text_fields

    def _check_texts(self, condition: Compare) -> None:
        """Raise F108 unless texts are compared as equal or not, F110 for a text of no row."""
        left, right = condition.left, condition.right
        for side in (left, right):
            if not isinstance(side, TextLiteral | Name):
                raise FormulaError("F108", side, {})
        if condition.sign not in {"==", "!="}:
            raise FormulaError("F108", condition, {})
        self._check_known(left, right)
        self._check_known(right, left)

    def _check_known(self, literal: Node, field: Node) -> None:
        """Raise F110 where `literal` is a text that `field` has in no row of this year.

        The rows of last year need not have this year's words.
        """
        if not isinstance(literal, TextLiteral) or self.table.startswith(PRIOR):
            return
        known = {_text(field, entry) for entry in self.entries}
        if literal.text not in known | self._declared(field):
            texts = "、".join(sorted(filter(None, known)))
            raise FormulaError("F110", literal, {"text": literal.text, "known": texts or "—"})

    def _declared(self, field: Node) -> set[str]:
        """Return the texts that the rules declare for `field`, whether a row has them or not."""
        if not isinstance(field, Name):
            return set()
        return set(self.entries[0].lookup.values(f"{self.table}.*.{field.key}"))


def _text(node: Node, entry: Context) -> str | None:
    """Return the text of a literal, or of a field in the row that `entry` enters."""
    if isinstance(node, TextLiteral):
        return node.text
    return entry.text(node.key) if isinstance(node, Name) else None
