"""Puzzles for a reader: a ledger of which some figures are not printed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction

from builders import FORMATS
from logged import derivations
from reportgen.formula.names import PRIOR
from reportgen.inference.disclosed_facts import DisclosedFacts, ReportFacts
from reportgen.inference.linear_forms import Interval
from reportgen.inference.recovery import Recovery, recoverable
from reportgen.model.document import Value
from reportgen.model.figures import Ledger
from reportgen.model.quantity import number_text
from reportgen.model.rules import Metric, Relation


def account(
    ledger: Ledger,
    hidden: Collection[str],
    rules: Iterable[Metric] = (),
    relations: Iterable[Relation] = (),
    name: str = "2023/a",
) -> ReportFacts:
    """Return a report that prints every figure of `ledger` but the `hidden` ones."""
    printed = {
        key: (Value(figure.text, number_text(figure.value / figure.unit.factor, figure.shape)),)
        for key, figure in ledger.figures.items()
        if key not in hidden and figure.value is not None
    }
    formulas = {}
    for prefix in ("", PRIOR):
        tables = {k.removeprefix(prefix): v for k, v in ledger.tables.items() if prefix in k}
        formulas[prefix] = derivations(rules, tables)[0]
    return ReportFacts(
        name, ledger.year, ledger, printed, FORMATS, formulas, tuple(relations), frozenset(hidden)
    )


def recoveries(*accounts: ReportFacts, of: Collection[str] = ()) -> Mapping[str, Recovery]:
    """Return what can be worked out of the first account's hidden figures, by key."""
    return known_and_recovered(*accounts, of=of)[1]


def known_and_recovered(
    *accounts: ReportFacts, of: Collection[str] = ()
) -> tuple[DisclosedFacts, Mapping[str, Recovery]]:
    """Return what is known of all figures too."""
    own = accounts[0]
    known = DisclosedFacts(accounts)
    figures = own.ledger.figures
    wanted = [figures[k] for k in of or sorted(own.hidden) if k in figures]
    secrets = {own.variable(each): each.key for each in wanted if each.value is not None}
    found = recoverable(known.variables, known.equations, secrets)
    for each in found:
        assert known.variables[each.name].value in each.interval
    return known, {secrets[each.name]: each for each in found}


def within(low: str, high: str, factor: int = 10_000) -> Interval:
    return Interval(Fraction(low) * factor, Fraction(high) * factor)
