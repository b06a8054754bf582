"""Puts together what the public can read of a unit: its reports' figures and rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Protocol

from reportgen.formula.evaluate import compare, evaluate, tolerance
from reportgen.formula.lookup import LedgerLookup, is_typed
from reportgen.formula.names import PRIOR, Context, Lookup
from reportgen.formula.operand import Operand
from reportgen.formula.parse import parse
from reportgen.formula.syntax import Call, Expression, FormulaError, Node, parts
from reportgen.inference.equations import Equation, Variable
from reportgen.inference.intervals import Interval
from reportgen.inference.linear_forms import UNIT, Form, Traced, form_of
from reportgen.inference.printed import seen, unseen
from reportgen.model.document import Value
from reportgen.model.figures import Figure, Ledger
from reportgen.model.pack import Formats
from reportgen.model.rules import Relation


class Formulas(Protocol):
    """A derived figure's formula and what its names mean."""

    @property
    def expression(self) -> Expression | None:
        """Return the parsed formula."""

    def context(self, lookup: Lookup) -> Context:
        """Return the context in which it is evaluated."""


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What one public report tells: its figures as they are, and those `printed`, by key.

    `formulas` are those of each year by the prefix of its keys (`""`, `prior.`, …).
    `hidden` are the keys of all that is withheld, rows too. `name` identifies the report.
    """

    name: str
    year: int
    ledger: Ledger
    printed: Mapping[str, tuple[Value, ...]]
    formats: Formats
    formulas: Mapping[str, Mapping[str, Formulas]] = field(default_factory=dict)
    relations: tuple[Relation, ...] = ()
    hidden: frozenset[str] = frozenset()

    def variable(self, figure: Figure) -> str:
        """Return the name of `figure` in all reports: a typed one is the same wherever read."""
        if is_typed(figure):
            return f"{figure.span} {figure.key.rpartition(PRIOR)[2]}"
        return f"{self.name} {figure.key}"


class DisclosedFacts:
    """All figures of some public reports by the name of their variable, and what ties them."""

    def __init__(self, accounts: tuple[ReportFacts, ...]) -> None:
        self.variables: dict[str, Variable] = {}
        for account in accounts:
            for figure in account.ledger.figures.values():
                if figure.value is not None:
                    self._add(account, figure, figure.value)
        self._rules = tuple(_Rules(account, self) for account in accounts)

    def equations(self, *, every: bool = False) -> tuple[Equation, ...]:
        """Return the equations in which something is unknown, or `every` one."""
        return tuple(each for rules in self._rules for each in rules.equations(every=every))

    def given(self, account: ReportFacts, key: str) -> bool:
        """Return whether the figure at `key` is printed, or is blank."""
        figure = account.ledger.figures.get(key)
        if figure is None or figure.value is None:
            return True
        return self.variables[account.variable(figure)].given

    def _add(self, account: ReportFacts, figure: Figure, value: Fraction) -> None:
        name = account.variable(figure)
        told = seen(figure, account.printed.get(figure.key, ()), account.formats)
        old = self.variables.get(name)
        if old is None:
            old = Variable(name, value, unseen(figure), figure=figure)
        if told is not None:
            where = (*old.where, account.name)
            old = replace(old, seen=old.seen.meet(told), given=True, where=where)
        self.variables[name] = old

    def slack(self, name: str, value: Fraction, allowed: Fraction) -> str:
        """Add what rounding leaves open of an equation as a figure of its own."""
        self.variables[name] = Variable(name, value, Interval(-allowed, allowed), given=True)
        return name


class _Tracing:
    """Looks up the traced figures of one year of an account."""

    def __init__(self, account: ReportFacts, prefix: str, base: LedgerLookup) -> None:
        self.account = account
        self.prefix = prefix
        self.base = base
        self.seen: dict[str, Operand | None] = {}

    def number(self, key: str) -> Operand | None:
        if key not in self.seen:
            self.seen[key] = self._number(self.prefix + key)
        return self.seen[key]

    def _number(self, key: str) -> Operand | None:
        found = self.base.number(key)
        figure = self.account.ledger.figures.get(key)
        if found is None or found.value is None or figure is None:
            return found
        return replace(found, value=Traced(found.value, Form.of(self.account.variable(figure))))

    def text(self, key: str) -> str | None:
        return self.base.text(self.prefix + key)

    def rows(self, key: str) -> tuple[str, ...] | None:
        return self.base.rows(self.prefix + key)

    def near(self, _key: str) -> str:
        return ""


class _Rules:
    """The equations of one account, each made once."""

    def __init__(self, account: ReportFacts, known: DisclosedFacts) -> None:
        self.account = account
        self.known = known
        base = LedgerLookup(account.ledger)
        self.years = {prefix: _Tracing(account, prefix, base) for prefix in account.formulas}
        self.made: dict[str, Equation | None] = {}
        self.relations = tuple(self._relations(_Tracing(account, "", base)))

    def equations(self, *, every: bool) -> Iterator[Equation]:
        """Yield, for each figure that is worked out, that it is what its formula says."""
        for prefix, formulas in self.account.formulas.items():
            for key, formula in formulas.items():
                figure = self.account.ledger.figures.get(prefix + key)
                if figure is None or not (every or self._is_open(figure)):
                    continue
                if figure.key not in self.made:
                    self.made[figure.key] = self._metric(figure, formula, self.years[prefix])
                equation = self.made[figure.key]
                if equation is not None:
                    yield equation
        yield from self.relations

    def _is_open(self, figure: Figure) -> bool:
        """Return whether `figure` or something that it is made of is not printed."""
        keys = (figure.key, *figure.inputs)
        return not all(self.known.given(self.account, key) for key in keys)

    def _metric(self, figure: Figure, formula: Formulas, lookup: _Tracing) -> Equation | None:
        """Return the equation of a formula; None where it says nothing that a reader can use."""
        if formula.expression is None:
            return None
        try:
            result = evaluate(formula.expression, formula.context(lookup))
        except FormulaError:
            return None
        traced = isinstance(result.value, Traced) and result.value == figure.value
        if not traced or self._counts_unseen(formula.expression.tree, result.inputs):
            return None
        form = form_of(result.value or 0).plus(Form.of(self.account.variable(figure)), -UNIT)
        return Equation(form, f"{figure.title} ＝ {figure.reading}", figure.span)

    def _counts_unseen(self, node: Node, keys: tuple[str, ...]) -> bool:
        """Return whether rows are counted whose number nobody can see."""
        return not self.account.hidden.isdisjoint(keys) and _counts(node)

    def _relations(self, lookup: _Tracing) -> Iterator[Equation]:
        """Yield each equality of the form that holds, which a reader may take for granted."""
        for relation in self.account.relations:
            for measure in relation.each or ("",):
                try:
                    expression = parse(relation.claim)
                    claim = compare(expression, Context(lookup, measure))
                    allowed = tolerance(relation, claim)
                except FormulaError:
                    continue
                gap = claim.gap
                if claim.sign != "==" or not isinstance(gap, Traced) or abs(gap) > allowed:
                    continue
                read = (*claim.left.inputs, *claim.right.inputs)
                if self._counts_unseen(expression.tree, read):
                    continue
                form = gap.form
                if allowed:
                    name = f"{self.account.name} ± {relation.key} {measure}"
                    slack = self.known.slack(name, Fraction(gap), allowed)
                    form = form.plus(Form.of(slack), -UNIT)
                yield Equation(form, relation.title, relation.claim.span)


def _counts(node: Node) -> bool:
    counting = isinstance(node, Call) and node.function == "count"
    return counting or any(_counts(part) for part in parts(node))
