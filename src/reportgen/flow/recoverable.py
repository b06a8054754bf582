"""Reports withheld figures that can be worked out from what all reports of the unit print.

Nothing is looked at where nothing with a value is withheld: the other reports of the unit are
drafted only for this.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain

from reportgen.disclose.rulings import derived_from, lines_for, rulings
from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.flow.readers import number_groups, printed_values, report_facts
from reportgen.flow.staged import Version
from reportgen.formula.lookup import is_typed
from reportgen.formula.names import PRIOR, covering
from reportgen.inference.coincidences import Coincidence, coincidence
from reportgen.inference.disclosed_facts import DisclosedFacts, ReportFacts
from reportgen.inference.equations import Variable
from reportgen.inference.printed import (
    NumberGroup,
    StatedNumber,
    subject_group,
    unprinted_interval,
)
from reportgen.inference.proposals import Proposal, fewest_further
from reportgen.inference.recovery import Recovery, connected, recoverable
from reportgen.inference.wording import between, working
from reportgen.model.disclosed import Disclosed
from reportgen.model.document import Document
from reportgen.model.figures import Figure
from reportgen.model.rules import Severity
from reportgen.model.source import SourceSpan

MOST_EQUATIONS = 1_500
"""With more equations than this around the withheld figures the search would take too long."""


def check_recoverable(
    own: Version, internal: Document, others: Iterable[Version | str], log: Diagnostics
) -> None:
    """Log withheld figures of `own` that readers can work out (D160, D162, D163) or may (D161).

    `others` gives the other reports of the unit as readers get them; of one that could not be
    composed, its name. They are asked for only where something with a value is withheld.
    """
    missing = _missing(own, internal)
    if not missing and not _withheld_figures(own.disclosed):
        return
    versions = (own, *_composed(others, log))
    groups = [tuple(number_groups(version)) for version in versions]
    audit = _Audit(own.disclosed, tuple(map(report_facts, versions, groups)), missing)
    log.extend(_scores(audit.own))
    known = tuple(audit.findings())
    log.extend(known)
    log.extend(audit.coincidences(tuple(chain(*groups)), {each.subject for each in known}))


def _composed(others: Iterable[Version | str], log: Diagnostics) -> Iterator[Version]:
    """Yield those of `others` that could be composed; the log gets D161 for each other one."""
    for other in others:
        if isinstance(other, Version):
            yield other
        else:
            log.add(finding("D161", subject=other, what=other))


def _missing(own: Version, internal: Document) -> tuple[str, ...]:
    """Return the figures that are printed only in parts which the policy leaves out."""
    if not _withholds_parts(own.disclosed):
        return ()
    missing = dict(printed_values(internal))
    for key in printed_values(own.document):
        missing.pop(key, None)
    return tuple(missing)


def _withheld_figures(disclosed: Disclosed) -> list[str]:
    """Return the keys of the figures that the audience may not see."""
    return [secret.key for secret in disclosed.secrets if secret.value is not None]


def _withholds_parts(disclosed: Disclosed) -> bool:
    """Return whether the policy leaves out a part of the structure."""
    lines = lines_for(disclosed.audience, disclosed.policy.withhold)
    return any(not line.key for line in lines)


def _scores(report: ReportFacts) -> Iterator[Finding]:
    """Yield D161 for each printed score that a rule works out from something withheld."""
    for key in report.printed:
        figure = report.ledger.figures.get(key)
        if figure is None or figure.kind != "score" or not figure.formula:
            continue
        if not report.hidden.isdisjoint(figure.inputs):
            yield finding("D161", figure.span, subject=key, what=figure.title)


class _Audit:
    """The search for what can be worked out.

    `secrets` are the keys of what is kept back by the names of their variables. `causes` is the
    withheld key with which a derived figure goes, by its own.
    """

    def __init__(
        self, disclosed: Disclosed, reports: tuple[ReportFacts, ...], missing: Iterable[str]
    ) -> None:
        self.own = reports[0]
        self.facts = DisclosedFacts(reports)
        self.disclosed = disclosed
        self.causes = {entry.subject: entry.cause for entry in disclosed.entries}
        self.withheld = _withheld_figures(disclosed)
        self.secrets = self._by_variable(dict.fromkeys((*self.withheld, *missing)))

    def _by_variable(self, keys: Iterable[str]) -> dict[str, str]:
        """Return those of `keys` that have a value, by the names of their variables."""
        by_variable: dict[str, str] = {}
        for key in keys:
            figure = self.own.ledger.figures.get(key)
            if figure is not None and figure.value is not None:
                by_variable[self.own.variable(figure)] = key
        return by_variable

    def findings(self) -> Iterator[Finding]:
        """Yield what can be worked out, or that there is too much to try.

        A figure that can be worked out only because one that it is made of can is not reported.
        """
        variables = self.facts.variables
        equations = connected(variables, self.facts.equations, self.secrets)
        if len(equations) > MOST_EQUATIONS:
            yield finding("D161", subject="*", what=f"{len(equations)}个等式")
            return
        recoveries = recoverable(variables, equations, self.secrets)
        keys = {self.secrets[recovery.name] for recovery in recoveries}
        reported = [each for each in recoveries if self.causes.get(self._key(each)) not in keys]
        advice = self._advice([each for each in reported if each.steps])
        for recovery in reported:
            yield from self._told(recovery, advice.get(recovery.name, ()))

    def _told(self, recovery: Recovery, further: tuple[str, ...]) -> Iterator[Finding]:
        """Yield what is to be said of one recovery."""
        figure = self.facts.variables[recovery.name].figure
        if figure is not None and recovery.steps:
            yield self._worked_out(recovery, figure, self._key(recovery), further)
        elif figure is not None:
            yield self._printed(recovery.name, figure, self._key(recovery))

    def _key(self, recovery: Recovery) -> str:
        return self.secrets[recovery.name]

    def _advice(self, recoveries: list[Recovery]) -> Mapping[str, tuple[str, ...]]:
        """Return by name what else to withhold so that none of `recoveries` is possible.

        Where that cannot be, it is what helps against those that would be errors, and then
        against each of the others.
        """
        search = _FurtherSearch(self.own, self.facts, self.disclosed)
        advice: dict[str, tuple[str, ...]] = {}
        for group in self._sought_together(recoveries):
            if any(each.name not in advice for each in group):
                further = search.further(group)
                for each in group if further else ():
                    advice.setdefault(each.name, further)
        return advice

    def _sought_together(self, recoveries: list[Recovery]) -> Iterator[list[Recovery]]:
        """Yield which recoveries advice is sought for together, the best first."""
        yield recoveries
        yield [each for each in recoveries if self._severity(self._key(each), known=False) is None]
        for each in recoveries:
            yield [each]

    def _worked_out(
        self, recovery: Recovery, figure: Figure, key: str, further: tuple[str, ...]
    ) -> Finding:
        """Return D160: a withheld figure follows from equations; `further` keys would hide it.

        Without any, it is only a warning for a figure of an earlier year.
        """
        places: dict[RelatedLocation, None] = {}
        for step in recovery.steps:
            for equation in step.equations:
                places[RelatedLocation(equation.span, equation.words)] = None
        return finding(
            "D160",
            figure.span,
            *places,
            severity=self._severity(key, known=key.startswith(PRIOR) and not further),
            subject=key,
            title=figure.title,
            text=figure.text,
            working=working(recovery, self.facts.variables),
            range=between(figure, recovery.interval),
            keys="、".join(further) or "@no_few",
            lines="@not_tried",
        )

    def _printed(self, name: str, figure: Figure, key: str) -> Finding:
        """Return D162: other reports print a withheld figure as it is.

        It is only a warning where none of them is of the same year.
        """
        known = self.own.year not in self.facts.years_printed(name)
        return finding(
            "D162",
            figure.span,
            severity=self._severity(key, known=known),
            subject=key,
            title=figure.title,
            text=figure.text,
            reports="、".join(self.facts.variables[name].reports),
        )

    def coincidences(
        self, groups: Sequence[NumberGroup], told: Container[str]
    ) -> Iterator[Finding]:
        """Yield D163 for each figure that the policy names and printed numbers give by arithmetic.

        What is `told` of anyway is left out. Far from each other they are only a warning.
        """
        numbers: dict[StatedNumber, None] = {}
        for group in groups:
            numbers |= dict.fromkeys(group.numbers)
        for name, key in self.secrets.items():
            variable = self.facts.variables[name]
            is_named = self._severity(key, known=False) is None
            if is_named and key not in told and variable.figure is not None:
                found = coincidence(variable, subject_group(key, numbers), groups)
                if found is not None:
                    yield self._coincidence(found, variable.figure, key)

    def _coincidence(self, found: Coincidence, figure: Figure, key: str) -> Finding:
        known = key.startswith(PRIOR) or not found.group.close
        return finding(
            "D163",
            figure.span,
            severity=self._severity(key, known=known),
            subject=key,
            title=figure.title,
            text=figure.text,
            working=found.working,
            where=found.group.where,
            chance=f"{float(found.chance):.2%}",
            keys="、".join(found.keys) or "@typed_numbers",
            lines="@not_tried",
        )

    def _severity(self, key: str, *, known: bool) -> Severity | None:
        """Return a warning for what is `known` anyway, or goes only with keys that are named."""
        return "warning" if known or not self._is_named(key) else None

    def _is_named(self, key: str) -> bool:
        """Return whether the policy itself hides `key`, which does not go with another only."""
        return key in self.withheld and not self.causes.get(key)


class _FurtherSearch:
    """The search for what to withhold as well, so that figures cannot be worked out any more."""

    def __init__(self, own: ReportFacts, facts: DisclosedFacts, disclosed: Disclosed) -> None:
        self.own = own
        self.facts = facts
        self.variables = facts.variables
        self.equations = facts.equations
        # What the policy speaks of goes with no other figure.
        self.decided = rulings(own.ledger, disclosed.policy, disclosed.audience)
        self.known_lost: dict[str, frozenset[str]] = {}
        self.found: dict[tuple[str, ...], tuple[str, ...]] = {}

    def further(self, recoveries: Sequence[Recovery]) -> tuple[str, ...]:
        """Return the fewest further keys to withhold; none where nothing is found that does.

        The same recoveries are sought for once.
        """
        names = tuple(recovery.name for recovery in recoveries)
        if names not in self.found:
            self.found[names] = self._sought(recoveries, names)
        return self.found[names]

    def _sought(self, recoveries: Sequence[Recovery], names: tuple[str, ...]) -> tuple[str, ...]:
        """Return the fewest further keys against what is worked out of `names`.

        Where it can be, no end of an interval that is left is near the true value.
        """
        for close in (names, ()):
            proposal = fewest_further(
                partial(self._recoveries_without, tuple(recoveries), close),
                self._lost_with,
                self._candidates,
                self._cost,
            )
            if proposal is not None:
                return tuple(map(self._key, proposal))
        return ()

    def _recoveries_without(
        self, recoveries: tuple[Recovery, ...], close: tuple[str, ...], proposal: Proposal
    ) -> tuple[Recovery, ...]:
        """Return what could be worked out if `proposal` and what is made of it were withheld."""
        if not proposal:
            return recoveries
        lost = frozenset[str]().union(*map(self._lost_with, proposal))
        variables = {**self.variables}
        for name in lost:
            variables[name] = _unprinted(variables[name])
        names = dict.fromkeys(recovery.name for recovery in recoveries)
        names |= dict.fromkeys(proposal)
        names |= dict.fromkeys(filter(self._is_typed, sorted(lost)))
        return recoverable(variables, self.equations, names, close, hasty=True)

    def _is_typed(self, name: str) -> bool:
        """Return whether a figure is a secret of its own, not one that goes with another only."""
        figure = self.variables[name].figure
        return figure is not None and is_typed(figure)

    def _candidates(self, recovery: Recovery) -> Iterator[str]:
        """Yield those of the figures that a recovery uses that can be withheld."""
        for name in recovery.used:
            if self._can_go(name):
                yield name

    def _can_go(self, name: str) -> bool:
        """Return whether a figure is printed, and no report of another year has it already."""
        if self.variables[name].figure is None:
            return False
        return self.facts.years_printed(name) == {self.own.year}

    def _cost(self, proposal: Proposal) -> tuple[int, list[SourceSpan]]:
        """Return how many printed figures a proposal takes along, and where its own stand."""
        spans: list[SourceSpan] = []
        for name in proposal:
            figure = self.variables[name].figure
            if figure is not None:
                spans.append(figure.span)
        return len(frozenset[str]().union(*map(self._lost_with, proposal))), spans

    def _lost_with(self, name: str) -> frozenset[str]:
        """Return the printed figures that go if the key of `name` is withheld, found once."""
        if name not in self.known_lost:
            self.known_lost[name] = frozenset(self._printed_below(name))
        return self.known_lost[name]

    def _printed_below(self, name: str) -> Iterator[str]:
        """Yield the printed figures that go if the key of `name` is withheld.

        These are itself, what stands below it, those of earlier years, and what is made of them,
        unless a report of another year prints them.
        """
        figures = self.own.ledger.figures
        covered = covering(self._key(name))
        keys = list(filter(covered.fullmatch, figures))
        keys += derived_from(self.own.ledger, keys, self.decided)
        for key in keys:
            figure = figures[key]
            if figure.value is not None:
                variable = self.own.variable(figure)
                if self._can_go(variable):
                    yield variable

    def _key(self, name: str) -> str:
        figure = self.variables[name].figure
        return figure.key if figure else ""


def _unprinted(variable: Variable) -> Variable:
    """Return `variable` as readers know it when its figure is not printed."""
    if variable.figure is None:
        return variable
    return replace(variable, given=False, interval=unprinted_interval(variable.figure))
