"""Looks names of formulas up in a ledger, and makes a finding of what is wrong with a formula."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.formula.names import PRIOR, Lookup
from reportgen.formula.operand import POINTS, Operand
from reportgen.formula.parse import parse
from reportgen.formula.syntax import Chain, FormulaError, Node, Select, part_span, parts
from reportgen.model.figures import Figure, Ledger
from reportgen.model.source import NOWHERE, Formula


def operand(figure: Figure) -> Operand:
    """Return `figure` as a part of a formula, exact."""
    read = Operand(
        figure.value,
        figure.unit,
        figure.shape.decimals,
        inputs=(figure.key,),
        base=figure.base,
        rates=_rates(figure),
    )
    if figure.formula and _subtracts(figure.formula):
        return replace(read, terms=(figure.key, *figure.inputs))
    return read


def _rates(figure: Figure) -> int | None:
    """Return 1 for a rate, 0 for what two rates differ by, None for anything else."""
    if figure.unit.symbol in POINTS:
        return 0
    is_whole = figure.value == 1 and not (is_typed(figure) or figure.inputs)
    return 1 if figure.is_rate and not is_whole else None


def is_typed(figure: Figure) -> bool:
    """Return whether an author typed `figure`: a fact, or a score that no rule works out."""
    return figure.kind == "fact" or not (figure.formula or figure.inputs)


OF_VALUES = frozenset("F104 F106 F107 F109 F110 F113 F115 F116".split())
"""What is wrong with values, not with the formula: nothing is while some are to be filled in."""


class LedgerLookup:
    """A `Lookup` over the figures, texts and tables of `ledger`.

    What there is this year but was not last year is undefined under `prior.`, not unknown.
    `waiting` are the keys that were looked up and are to be filled in, as long as nobody clears it.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.waiting: dict[str, None] = {}
        self._tolerances = _Tolerances(ledger.figures)

    def number(self, key: str) -> Operand | None:
        """Return the figure at `key`, with the tolerance of the digits below it."""
        figure = self.ledger.figures.get(key)
        if figure is not None:
            self._note(key, waits=figure.unfilled)
            return replace(operand(figure), tolerance=self._tolerances.of(figure))
        if key.startswith(PRIOR) and self.number(key.removeprefix(PRIOR)) is not None:
            return Operand(None, inputs=(key,))
        return self._number_to_come(self.ledger.empty_table_of(key))

    def _number_to_come(self, table: str) -> Operand | None:
        """Return a blank for a cell of a table that is to be filled in, None without one."""
        self._note(table, waits=bool(table))
        return Operand(None, inputs=(table,)) if table else None

    def text(self, key: str) -> str | None:
        """Return the text fact at `key`, or the word of a graded figure."""
        fact = self.ledger.texts.get(key)
        if fact is not None:
            return str(fact.value)
        figure = self.ledger.figures.get(key)
        if figure is None or not figure.words:
            self._note(key, waits=figure is not None and figure.unfilled)
            return None
        return figure.words

    def _note(self, key: str, *, waits: bool) -> None:
        if waits:
            self.waiting[key] = None

    def rows(self, key: str) -> tuple[str, ...] | None:
        """Return the row ids of the table at `key`."""
        tables = self.ledger.tables
        if key in tables:
            self._note(key, waits=not tables[key] and key in self.ledger.unfilled)
            return tables[key]
        if key.startswith(PRIOR) and key.removeprefix(PRIOR) in tables:
            return ()
        return None

    def values(self, key: str) -> tuple[str, ...]:
        """Return the texts that are declared for the column `key`."""
        return self.ledger.values.get(key, ())

    def near(self, key: str) -> str:
        """Return known keys like `key`."""
        return nearest(key, {**self.ledger.figures, **self.ledger.texts, **self.ledger.tables})


def nearest(key: str, known: Iterable[str]) -> str:
    """Return up to three of `known` that look like `key`, as a text for a help line."""
    return "、".join(difflib.get_close_matches(key, list(known), n=3, cutoff=0.5)) or "—"


class _Tolerances:
    """How much rounding may hide of each figure, worked out once.

    A typed figure hides half a unit of its last digit; a sum inherits the widest of its parts; a
    product or quotient hides nothing, since the rounding of its factors is not its own.
    """

    def __init__(self, figures: Mapping[str, Figure]) -> None:
        self.figures = figures
        self.known: dict[str, Fraction] = {}

    def of(self, figure: Figure) -> Fraction:
        """Return the tolerance of `figure` in base units."""
        if figure.key not in self.known:
            self._work_out(figure)
        return self.known[figure.key]

    def _work_out(self, figure: Figure) -> None:
        """Put the tolerances of `figure` and of all it is worked out from into `known`."""
        # A stack instead of recursion: a chain of metrics may be long.
        stack, begun = [figure], {figure.key}
        while stack:
            current = stack[-1]
            parts = self._parts(current)
            new = [part for part in parts if part.key not in self.known and part.key not in begun]
            if new:
                stack.extend(new)
                begun.update(part.key for part in new)
                continue
            stack.pop()
            self.known[current.key] = self._tolerance(current, parts)

    def _tolerance(self, figure: Figure, parts: Iterable[Figure]) -> Fraction:
        """Return the widest of the own tolerance of `figure` and those of its parts."""
        tolerances = [self.known.get(part.key, Fraction(0)) for part in parts]
        return max([_half_digit(figure), *tolerances])

    def _parts(self, figure: Figure) -> list[Figure]:
        """Return the figures whose rounding `figure` inherits; a score inherits none."""
        if is_typed(figure) or figure.kind == "score" or _multiplies(figure.formula):
            return []
        parts: list[Figure] = []
        for key in figure.inputs:
            part = self.figures.get(key)
            if part is not None and part.unit.dimension == figure.unit.dimension:
                parts.append(part)
        return parts


def _half_digit(figure: Figure) -> Fraction:
    """Return half a unit of the last digit of a typed figure, 0 for a derived one."""
    if not is_typed(figure):
        return Fraction(0)
    return figure.unit.factor * Fraction(1, 2 * 10**figure.shape.decimals)


@lru_cache(maxsize=1 << 12)
def _multiplies(formula: str) -> bool:
    """Return whether anything in `formula` outside a filter is multiplied or divided."""
    try:
        return _has_product(parse(Formula(formula, NOWHERE)).tree)
    except FormulaError:
        return False


@lru_cache(maxsize=1 << 12)
def _subtracts(formula: str) -> bool:
    """Return whether `formula` is a difference as a whole."""
    try:
        tree = parse(Formula(formula, NOWHERE)).tree
    except FormulaError:
        return False
    return isinstance(tree, Chain) and ("-" in dict(tree.rest))


def _has_product(node: Node) -> bool:
    if isinstance(node, Select):
        return False
    if isinstance(node, Chain) and node.is_product:
        return True
    return any(map(_has_product, parts(node)))


MOST_LOCATIONS = 3
"""How many of the figures and texts concerned a finding points at."""


def fault(
    formula: Formula,
    error: FormulaError,
    subject: str,
    lookup: Lookup | None = None,
    ledger: Ledger | None = None,
) -> Finding:
    """Return the finding for `error` in `formula` of the rule `subject`.

    Names like an unknown one come from `lookup`, the places of what is concerned (whose zero
    it is, whose unit, whose words) from `ledger`.
    """
    params = dict(error.params)
    if error.code == "F103":
        params["near"] = lookup.near(params["key"]) if lookup else "—"
    locations: list[RelatedLocation] = []
    for key in error.keys:
        location = _location(key, ledger)
        if location is not None:
            locations.append(location)
    span = part_span(formula, error.part)
    return finding(error.code, span, *locations[:MOST_LOCATIONS], subject=subject, **params)


def _location(key: str, ledger: Ledger | None) -> RelatedLocation | None:
    """Return where the figure or text at `key` stands, with what stands there."""
    if ledger is None:
        return None
    figure, text = ledger.figures.get(key), ledger.texts.get(key)
    if figure is not None:
        return RelatedLocation(figure.span, f"{figure.title} {figure.text}".strip())
    if text is not None:
        return RelatedLocation(text.span, f"{text.title} {text.value}")
    return None
