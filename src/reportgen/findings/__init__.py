"""Findings: something to tell a person, as a value.

A finding holds a code, its places and the parameters of its message; `Diagnostics` is the log that
steps add findings to. Read on in this order: `codes` holds the table of codes with their sentences
in both languages (people edit codes.yaml; `code_table` is generated from it, `example_table` from
examples.yaml), `excerpt` cuts lines out of a source file for a terminal, `renderers` turns findings
into text and JSON, `manual` tells what each code means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape

from reportgen.findings.codes import CODES, Code
from reportgen.model.rules import Severity
from reportgen.model.source import NOWHERE, SourceSpan

__all__ = [
    "CODES",
    "Code",
    "Diagnostics",
    "Finding",
    "RelatedLocation",
    "blocks",
    "finding",
    "in_order",
    "one_per_cause",
]


@dataclass(frozen=True, slots=True, order=True)
class RelatedLocation:
    """A span with a short word about it: a title, or a key of `labels` in codes.yaml."""

    span: SourceSpan
    note: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Finding:
    """What was found: `places[0]` is where, the others are what it does not agree with.

    `subject` is the key of the rule, figure or form concerned, what a waiver names.
    `waived` is the reason of the waiver that covers it. Findings of one `cause` are told as one:
    the gravest, with the `others` that follow from the same. `tentative` says that all it speaks of
    was taken over and nobody has confirmed it yet.
    """

    code: str
    severity: Severity
    places: tuple[RelatedLocation, ...]
    params: Mapping[str, str] = field(default_factory=dict)
    subject: str = ""
    waived: str = ""
    cause: str = ""
    others: tuple[Finding, ...] = ()
    tentative: bool = False

    @property
    def span(self) -> SourceSpan:
        """Return the primary place."""
        return self.places[0].span

    def __repr__(self) -> str:
        """Return where it stands, how grave it is, its code and its parameters."""
        params = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"<Finding {self.span} {self.severity}[{self.code}] {params}>"

    def _repr_html_(self) -> str:
        return f"<pre>{escape(repr(self))}</pre>"

    @property
    def brief(self) -> str:
        """Return its code and its place: in a file of the project, else in what was made."""
        told = self.params.get("file") or self.params.get("where", "").partition(" “")[0]
        return f"{self.code} {told if self.span == NOWHERE else self.span}".rstrip()

    @property
    def in_draft(self) -> bool:
        """Return whether a draft for those inside is made although it has this finding."""
        return CODES[self.code].draft or self.tentative

    def with_waiver(self, reason: str) -> Finding:
        """Return this finding as a note that its authors know of, with their `reason`."""
        return replace(self, severity="note", waived=reason)

    def strict(self) -> Finding:
        """Return this finding with a warning raised to an error."""
        return replace(self, severity="error") if self.severity == "warning" else self

    def final(self) -> Finding:
        """Return this finding raised to an error if a finished report must not have it."""
        return self.strict() if CODES[self.code].final else self

    def outside(self) -> Finding:
        """Return this finding raised to an error if no version for others may have it."""
        return self.strict() if CODES[self.code].outside else self


def finding(
    code: str,
    span: SourceSpan = NOWHERE,
    *others: RelatedLocation,
    severity: Severity | None = None,
    subject: str = "",
    **params: object,
) -> Finding:
    """Return a finding of `code` at `span`; severity as the table of codes says unless given."""
    return Finding(
        code=code,
        severity=severity or CODES[code].severity,
        places=(RelatedLocation(span), *others),
        params={name: str(value) for name, value in params.items()},
        subject=subject,
    )


FIRST = ("P101", "T103", "F103", "F109", "T102", "F121", "R101", "R501", "R403", "D160", "D121")
"""What of one cause is told before what follows from it, if it is as grave."""
_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


def one_per_cause(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return `findings` in their order, of each cause the gravest alone, which holds the others.

    What is waived, and notes, have no part in it.
    """
    by_cause: dict[str, list[Finding]] = {}
    for number, finding in enumerate(findings):
        by_cause.setdefault(_cause(finding) or f"#{number}", []).append(finding)
    told = {id(first): first for first in map(_first, by_cause.values())}
    return tuple(_with_others(each, by_cause) for each in findings if id(each) in told)


def _cause(finding: Finding) -> str:
    return "" if finding.waived or finding.severity == "note" else finding.cause


def _first(of_cause: Iterable[Finding]) -> Finding:
    return min(of_cause, key=_importance)


def _with_others(first: Finding, by_cause: Mapping[str, Iterable[Finding]]) -> Finding:
    """Return the `first` finding of a cause with the others of it."""
    others = tuple(each for each in by_cause.get(_cause(first), ()) if each is not first)
    return replace(first, others=others) if others else first


def _importance(finding: Finding) -> tuple[int, int]:
    code = FIRST.index(finding.code) if finding.code in FIRST else len(FIRST)
    return _SEVERITIES.index(finding.severity), code


class Diagnostics:
    """The log that the steps of the flow write to: findings in the order in which they were made.

    A step takes it as its last argument, adds what it finds, and returns its value alone.
    """

    __slots__ = ("_findings",)

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self._findings = list(findings)

    def __iter__(self) -> Iterator[Finding]:
        """Yield what was found so far."""
        return iter(self._findings)

    def __len__(self) -> int:
        """Return how many findings there are so far."""
        return len(self._findings)

    def add(self, finding: Finding) -> None:
        """Add one finding."""
        self._findings.append(finding)

    def extend(self, findings: Iterable[Finding]) -> None:
        """Add findings."""
        self._findings.extend(findings)

    @property
    def blocked(self) -> bool:
        """Return whether an error is among them, so that nothing may be published."""
        return blocks(self._findings)


def blocks(findings: Iterable[Finding]) -> bool:
    """Return whether any of `findings` is an error, so that nothing may be published."""
    return any(finding.severity == "error" for finding in findings)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return `findings` by place, then code, without repetitions."""
    unique = {}
    for finding in findings:
        params = tuple(sorted(finding.params.items()))
        unique[finding.code, finding.places, params] = finding
    return tuple(sorted(unique.values(), key=lambda finding: (finding.span, finding.code)))
