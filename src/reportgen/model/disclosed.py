"""What may be composed: a ledger with everything the audience may not see taken out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from fractions import Fraction
from typing import Literal

from reportgen.model.document import Audience
from reportgen.model.figures import Ledger
from reportgen.model.frozen import frozen
from reportgen.model.policy import Policy
from reportgen.model.quantity import Shape
from reportgen.model.source import NOWHERE, SourceSpan
from reportgen.model.units import Unit

P_PERCENT = Fraction(5, 100)
"""A value that can be told to within 5% either way counts as known: the p% rule with p = 5
(Hundepool et al., Handbook on Statistical Disclosure Control, section 4.2.2)."""

Action = Literal["withheld", "masked", "replaced", "released"]


@frozen
class DisclosureEntry:
    """A line of the disclosure log: what was done to what, and why.

    `subject` is a key, a term or a part of the structure; `before` what stands in the internal
    version, `after` what the audience reads instead. `cause` is the withheld key that a derived
    figure lies above. `span` is the place in the policy, `places` are those in the document.
    """

    action: Action
    subject: str
    title: str
    reason: str
    basis: str = ""
    before: str = ""
    after: str = ""
    cause: str = ""
    span: SourceSpan = NOWHERE
    places: tuple[str, ...] = ()


@frozen
class Secret:
    """What must not be found in any output: a text, and the number that it states if any.

    `value` is exact, in base units of `unit`'s dimension. `initials` are further spellings.
    """

    key: str
    title: str
    text: str
    span: SourceSpan = NOWHERE
    value: Fraction | None = None
    unit: Unit | None = None
    shape: Shape | None = None
    initials: tuple[str, ...] = ()


@frozen
class Disclosed:
    """A ledger for one audience, the log of what was taken out of it, and what to search for."""

    ledger: Ledger
    audience: Audience
    policy: Policy = field(default_factory=Policy)
    entries: tuple[DisclosureEntry, ...] = ()
    secrets: tuple[Secret, ...] = ()

    @property
    def withheld(self) -> Mapping[str, str]:
        """Return the reason by key for all that is left out."""
        entries = self.entries
        return {entry.subject: entry.reason for entry in entries if entry.action == "withheld"}

    @property
    def hidden(self) -> frozenset[str]:
        """Return the keys whose values the audience may not see, withheld or masked."""
        actions = {"withheld", "masked"}
        return frozenset(entry.subject for entry in self.entries if entry.action in actions)


def nearness(value: Fraction, step: Fraction) -> Fraction:
    """Return how far from `value` may be what counts as known of it.

    That is 5% of it, or one in its last printed digit, which is worth `step`.
    """
    return max(P_PERCENT * abs(value), step)
