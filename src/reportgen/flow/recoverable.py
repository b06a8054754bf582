"""Tells of withheld figures that can be worked out from what all reports of the unit print.

Nothing is looked at where nothing with a value is withheld: the other reports of the unit are
drafted only for this.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property, partial

from reportgen.derive.tasks import derivations
from reportgen.disclose.rulings import above, rulings
from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.flow.staged import Version
from reportgen.formula.names import PRIOR, covering
from reportgen.inference.disclosed_facts import DisclosedFacts, Formulas, ReportFacts
from reportgen.inference.equations import Equation
from reportgen.inference.printed import unseen
from reportgen.inference.recovery import Proposal, Recovery, connected, least, recoverable
from reportgen.inference.wording import between, working
from reportgen.model.disclosed import Disclosed
from reportgen.model.document import Document, Value, values
from reportgen.model.figures import Figure, Ledger
from reportgen.model.places import located_texts
from reportgen.model.rules import Rules

MOST_EQUATIONS = 1_500
"""With more equations than this around the withheld figures the search would take too long."""


def check_recoverable(
    own: Version, internal: Document, others: Iterable[Version | str], log: Diagnostics
) -> None:
    """Tell of withheld figures of `own` that readers can work out (D160, D162) or may (D161).

    `others` gives the other reports of the unit as readers get them; of one that could not be
    composed, its name. They are asked for only where something with a value is withheld.
    """
    missing = _missing(own, internal)
    if not missing and not any(secret.value is not None for secret in own.disclosed.secrets):
        return
    facts = [_report_facts(own)]
    for other in others:
        if isinstance(other, str):
            log.add(finding("D161", subject=other, what=other))
        else:
            facts.append(_report_facts(other))
    log.extend(_scores(facts[0]))
    log.extend(_Audit(own.disclosed, tuple(facts), missing).findings())


def _missing(own: Version, internal: Document) -> tuple[str, ...]:
    """Return the figures that are printed only in parts which the policy leaves out."""
    policy, audience = own.disclosed.policy, own.disclosed.audience
    parts = (w for w in policy.withhold if not w.key and audience in w.ground.audiences)
    if not any(parts):
        return ()
    left = _printed(own.document)
    return tuple(key for key in _printed(internal) if key not in left)


def _report_facts(version: Version) -> ReportFacts:
    report = version.derived
    return ReportFacts(
        name=report.job.name,
        year=report.ledger.year,
        ledger=report.ledger,
        printed=_printed(version.document),
        formulas=dict(_formulas(report.ledger, report.inputs.rules)),
        relations=report.inputs.rules.relations,
        hidden=version.disclosed.hidden,
        formats=report.inputs.pack.formats,
    )


def _printed(document: Document) -> Mapping[str, tuple[Value, ...]]:
    found: dict[str, dict[Value, None]] = {}
    for spot in located_texts(document):
        for value in values(spot.inlines):
            found.setdefault(value.key, {})[value] = None
    return {key: tuple(each) for key, each in found.items()}


def _formulas(ledger: Ledger, rules: Rules) -> Iterator[tuple[str, Mapping[str, Formulas]]]:
    """Yield the formulas of each year in `ledger`, with what stands before its keys."""
    prefix = ""
    while any(key.startswith(prefix) for key in ledger.figures):
        tables = {k.removeprefix(prefix): r for k, r in ledger.tables.items() if prefix in k}
        made = derivations(rules.metrics, tables, Diagnostics())
        yield prefix, made
        prefix += PRIOR


def _scores(account: ReportFacts) -> Iterator[Finding]:
    """Yield D161 for each printed score that a rule works out from something withheld."""
    for key in account.printed:
        figure = account.ledger.figures.get(key)
        by_rule = figure is not None and figure.kind == "score" and figure.formula
        if figure is not None and by_rule and not account.hidden.isdisjoint(figure.inputs):
            yield finding("D161", figure.span, subject=key, what=figure.title)


class _Audit:
    """The search for what can be worked out, and for what would stop it."""

    def __init__(
        self, disclosed: Disclosed, accounts: tuple[ReportFacts, ...], missing: Iterable[str]
    ) -> None:
        self.own = accounts[0]
        self.known = DisclosedFacts(accounts)
        self.years = {each.name: each.year for each in accounts}
        self.causes = {e.subject: e.cause for e in disclosed.entries}
        self.disclosed = disclosed
        figures = self.own.ledger.figures
        keys = [s.key for s in disclosed.secrets if s.value is not None]
        self.named = {key for key in keys if not self.causes.get(key)}
        known = (figures[k] for k in dict.fromkeys((*keys, *missing)) if k in figures)
        self.secrets = {self.own.variable(f): f.key for f in known if f.value is not None}
        self.every: tuple[Equation, ...] = ()

    def findings(self) -> Iterator[Finding]:
        variables = self.known.variables
        equations = connected(variables, self.known.equations(), self.secrets)
        if len(equations) > MOST_EQUATIONS:
            yield finding("D161", subject="*", what=f"{len(equations)}个等式")
            return
        told = recoverable(variables, equations, self.secrets)
        if told:
            self.every = self.known.equations(every=True)
        for recovery in told:
            if not self._follows(recovery, told):
                yield from self._told(recovery)

    def _follows(self, recovery: Recovery, told: tuple[Recovery, ...]) -> bool:
        """Return whether a figure can be told only because one that it is made of can."""
        cause = self.causes.get(self.secrets[recovery.name], "")
        return any(self.secrets[each.name] == cause for each in told)

    def _told(self, recovery: Recovery) -> Iterator[Finding]:
        variable = self.known.variables[recovery.name]
        figure = variable.figure
        if figure is None:
            return
        key = self.secrets[recovery.name]
        if not recovery.steps:
            yield self._printed(figure, key, variable.where)
            return
        chosen = self._proposal(recovery)
        past = key.startswith(PRIOR) and chosen is None
        places = dict.fromkeys(
            RelatedLocation(each.span, each.words)
            for step in recovery.steps
            for each in step.equations
        )
        yield finding(
            "D160",
            figure.span,
            *places,
            severity="warning" if past or key not in self.named else None,
            subject=key,
            title=figure.title,
            text=figure.text,
            working=working(recovery, self.known.variables),
            range=between(figure, recovery.interval),
            keys="、".join(self._key(name) for name in chosen) if chosen else "@no_few",
        )

    def _printed(self, figure: Figure, key: str, where: Iterable[str]) -> Finding:
        """Return D162: another report prints a withheld figure as it is."""
        past = all(self.years[each] != self.own.year for each in where)
        return finding(
            "D162",
            figure.span,
            severity="warning" if past or key not in self.named else None,
            subject=key,
            title=figure.title,
            text=figure.text,
            reports="、".join(where),
        )

    def _is_past(self, name: str) -> bool:
        """Return whether a report of another year prints the figure, so that it is known."""
        return any(self.years[each] != self.own.year for each in self.known.variables[name].where)

    def _key(self, name: str) -> str:
        figure = self.known.variables[name].figure
        return figure.key if figure else ""

    def _proposal(self, recovery: Recovery) -> Proposal | None:
        """Return what to withhold too; what leaves both ends of the interval wide, if it can."""
        for close in ((recovery.name,), ()):
            chosen = least(
                partial(self._without, recovery, close),
                lambda still: [name for name in still.used if self._can_go(name)],
                self._cost,
            )
            if chosen is not None:
                return chosen
        return None

    def _without(
        self, recovery: Recovery, close: tuple[str, ...], chosen: Proposal
    ) -> tuple[Recovery, ...]:
        """Return what could be worked out if `chosen` and what is made of them were withheld."""
        if not chosen:
            return (recovery,)
        gone = [name for each in chosen for name in self._gone(each)]
        variables = {**self.known.variables}
        for name in gone:
            old = variables[name]
            if old.figure is not None:
                variables[name] = replace(old, given=False, seen=unseen(old.figure))
        return recoverable(variables, self.every, (recovery.name, *gone), close, hasty=True)

    @cached_property
    def decided(self) -> Container[str]:
        """Return the keys that the policy speaks of, which go with no other figure."""
        return rulings(self.own.ledger, self.disclosed.policy, self.disclosed.audience)

    def _can_go(self, name: str) -> bool:
        variable = self.known.variables[name]
        return variable.figure is not None and variable.given and not self._is_past(name)

    def _gone(self, name: str) -> tuple[str, ...]:
        """Return the printed figures that go if the key of `name` is withheld.

        These are itself, what stands below it, those of earlier years, and what is made of them.
        """
        figures = self.own.ledger.figures
        covered = covering(self._key(name))
        keys = [key for key in figures if covered.fullmatch(key)]
        keys += above(self.own.ledger, keys, self.decided)
        found = (self.own.variable(figures[k]) for k in keys if figures[k].value is not None)
        return tuple(each for each in found if self.known.variables[each].given)

    def _cost(self, chosen: Proposal) -> tuple[int, list[object]]:
        """Return how many printed figures `chosen` take along, and where they stand."""
        lost = {name for each in chosen for name in self._gone(each)}
        spans: list[object] = [f.span for n in chosen if (f := self.known.variables[n].figure)]
        return len(lost), spans
