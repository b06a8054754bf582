"""Puts together what the public can read of a unit: its reports' figures and rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from fractions import Fraction
from typing import Protocol

from reportgen.formula.evaluate import compare, evaluate, tolerance
from reportgen.formula.lookup import LedgerLookup, is_typed
from reportgen.formula.names import PRIOR, Context, Lookup
from reportgen.formula.operand import Operand
from reportgen.formula.parse import parse
from reportgen.formula.syntax import Call, Expression, FormulaError, Node, parts
from reportgen.inference.equations import Equation, Variable
from reportgen.inference.linear_forms import ANY, UNIT, Form, Interval, Traced
from reportgen.inference.printed import taken_interval, unprinted_interval
from reportgen.model.document import Value
from reportgen.model.figures import Figure, Ledger
from reportgen.model.frozen import frozen
from reportgen.model.pack import Formats
from reportgen.model.rules import Relation


class Formulas(Protocol):
    """A derived figure's formula and what its names mean."""

    @property
    def expression(self) -> Expression | None:
        """Return the parsed formula."""

    def context(self, lookup: Lookup) -> Context:
        """Return the context in which it is evaluated."""


@frozen
class ReportFacts:
    """What one public report says: its figures as they are, and those `printed`, by key.

    `formulas` are those of each year by the prefix of its keys (`""`, `prior.`, …).
    `hidden` are the keys of all that is withheld, rows too. `name` identifies the report.
    `known` is what readers know of figures from elsewhere than their prints.
    """

    name: str
    year: int
    ledger: Ledger
    printed: Mapping[str, tuple[Value, ...]]
    formats: Formats
    formulas: Mapping[str, Mapping[str, Formulas]] = field(default_factory=dict)
    relations: tuple[Relation, ...] = ()
    hidden: frozenset[str] = frozenset()
    known: Mapping[str, Interval] = field(default_factory=dict)

    def variable(self, figure: Figure) -> str:
        """Return the name of `figure` in all reports: a typed one is the same wherever read."""
        if is_typed(figure):
            return f"{figure.span} {figure.key.rpartition(PRIOR)[2]}"
        return f"{self.name} {figure.key}"


class DisclosedFacts:
    """All figures of some public reports by the name of their variable, and what ties them.

    Equations between printed figures are among `equations`: they tell what rounding hides.
    """

    def __init__(self, reports: tuple[ReportFacts, ...]) -> None:
        self.variables: dict[str, Variable] = {}
        self.years = {report.name: report.year for report in reports}
        for report in reports:
            self._add_figures(report)
        equations: list[Equation] = []
        for report in reports:
            equations += _ReportEquations(report, self).equations()
        self.equations = tuple(equations)

    def years_printed(self, name: str) -> frozenset[int]:
        """Return the years whose reports print the figure that is called `name`."""
        return frozenset(self.years[report] for report in self.variables[name].reports)

    def _add_figures(self, report: ReportFacts) -> None:
        for figure in report.ledger.figures.values():
            if figure.value is not None:
                self._add_figure(report, figure, figure.value)

    def _add_figure(self, report: ReportFacts, figure: Figure, value: Fraction) -> None:
        name = report.variable(figure)
        variable = self.variables.get(name)
        if variable is None:
            variable = Variable(name, value, unprinted_interval(figure), figure=figure)
        prints = report.printed.get(figure.key, ())
        printed = taken_interval(figure, prints, report.formats)
        if figure.key in report.known:
            printed = report.known[figure.key].meet(printed or ANY)
        if printed is not None:
            reports = (*variable.reports, report.name)
            interval = variable.interval.meet(printed)
            variable = replace(variable, interval=interval, given=True, reports=reports)
        self.variables[name] = variable

    def add_slack(self, name: str, value: Fraction, allowed: Fraction) -> None:
        """Add what rounding leaves open of an equation as a figure of its own."""
        self.variables[name] = Variable(name, value, Interval(-allowed, allowed), given=True)


class _TracedLookup:
    """Looks up the figures of one year of a report as numbers that know their form."""

    def __init__(self, report: ReportFacts, prefix: str, base: LedgerLookup) -> None:
        self.report = report
        self.prefix = prefix
        self.base = base
        self.operands: dict[str, Operand | None] = {}

    def number(self, key: str) -> Operand | None:
        if key not in self.operands:
            self.operands[key] = self._traced(self.prefix + key)
        return self.operands[key]

    def _traced(self, key: str) -> Operand | None:
        operand = self.base.number(key)
        figure = self.report.ledger.figures.get(key)
        if operand is None or operand.value is None or figure is None:
            return operand
        form = Form.of(self.report.variable(figure))
        return replace(operand, value=Traced(operand.value, form))

    def text(self, key: str) -> str | None:
        return self.base.text(self.prefix + key)

    def values(self, key: str) -> tuple[str, ...]:
        return self.base.values(self.prefix + key)

    def rows(self, key: str) -> tuple[str, ...] | None:
        return self.base.rows(self.prefix + key)

    def near(self, _key: str) -> str:
        return ""


class _ReportEquations:
    """The equations of one report."""

    def __init__(self, report: ReportFacts, facts: DisclosedFacts) -> None:
        self.report = report
        self.facts = facts
        self.base = LedgerLookup(report.ledger)

    def equations(self) -> Iterator[Equation]:
        """Yield that each figure that is worked out is what its formula says, then relations."""
        for prefix, formulas in self.report.formulas.items():
            lookup = _TracedLookup(self.report, prefix, self.base)
            for key, formula in formulas.items():
                figure = self.report.ledger.figures.get(prefix + key)
                equation = self._formula(figure, formula, lookup) if figure else None
                if equation is not None:
                    yield equation
        yield from self._relations()

    def _formula(self, figure: Figure, formula: Formulas, lookup: _TracedLookup) -> Equation | None:
        """Return the equation of a formula; None where it says nothing that a reader can use."""
        if formula.expression is None:
            return None
        try:
            result = evaluate(formula.expression, formula.context(lookup))
        except FormulaError:
            return None
        if not isinstance(result.value, Traced) or result.value != figure.value:
            return None
        if self._counts_hidden(formula.expression.tree, result.inputs):
            return None
        form = result.value.form.plus(Form.of(self.report.variable(figure)), -UNIT)
        return Equation(form, f"{figure.title} ＝ {figure.reading}", figure.span)

    def _counts_hidden(self, node: Node, keys: tuple[str, ...]) -> bool:
        """Return whether rows are counted whose number nobody can see."""
        return not self.report.hidden.isdisjoint(keys) and _counts(node)

    def _relations(self) -> Iterator[Equation]:
        """Yield each equality of the form that holds, which a reader may take for granted."""
        lookup = _TracedLookup(self.report, "", self.base)
        for relation in self.report.relations:
            for measure in relation.each or ("",):
                try:
                    equation = self._relation(relation, measure, lookup)
                except FormulaError:
                    continue
                if equation is not None:
                    yield equation

    def _relation(self, relation: Relation, measure: str, lookup: _TracedLookup) -> Equation | None:
        """Return the equation of a relation; None where it says nothing that a reader can use."""
        expression = parse(relation.claim)
        claim = compare(expression, Context(lookup, measure))
        allowed = tolerance(relation, claim)
        gap = claim.gap
        if claim.sign != "==" or not isinstance(gap, Traced) or abs(gap) > allowed:
            return None
        if self._counts_hidden(expression.tree, (*claim.left.inputs, *claim.right.inputs)):
            return None
        form = gap.form
        if allowed:
            slack = f"{self.report.name} ± {relation.key} {measure}"
            self.facts.add_slack(slack, Fraction(gap), allowed)
            form = form.plus(Form.of(slack), -UNIT)
        return Equation(form, relation.title, relation.claim.span)


def _counts(node: Node) -> bool:
    if isinstance(node, Call) and node.function == "count":
        return True
    return any(map(_counts, parts(node)))
